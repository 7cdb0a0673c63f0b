/*
 * Downloads the pages of the whole list with libcurl, one after the other on one connection, and parses
 * nothing.
 *
 *     TOKEN=... curl_read BASE_URL PAGE_SIZE
 *
 * Prints: bytes, seconds.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define NAME "MS-ContinuationToken: "

typedef struct download {
    char *body;
    size_t size, capacity, total;
    char next[4096]; /* the whole header line; empty on the last page */
} download;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static size_t keep_token(char *data, size_t size, size_t count, void *user) {
    download *own = user;
    size_t length = size * count;
    if (length > sizeof(NAME) && length < sizeof(own->next) &&
        strncasecmp(data, NAME, sizeof(NAME) - 1) == 0) {
        memcpy(own->next, data, length);
        own->next[strcspn(own->next, "\r\n")] = '\0';
    }
    return length;
}

/* Into memory, as whoever wants the page would. */
static size_t keep_body(char *data, size_t size, size_t count, void *user) {
    download *own = user;
    size_t length = size * count;
    if (own->size + length > own->capacity) {
        size_t capacity = 2 * (own->size + length);
        char *body = realloc(own->body, capacity);
        if (!body)
            return 0;
        own->body = body;
        own->capacity = capacity;
    }
    memcpy(own->body + own->size, data, length);
    own->size += length;
    own->total += length;
    return length;
}

static int fetch(CURL *easy, const char *url, const char *authorization, const char *token, download *own) {
    long status = 0;
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, "Accept: application/json");
    if (token[0])
        headers = curl_slist_append(headers, token);
    own->size = 0;
    own->next[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(easy);
    curl_slist_free_all(headers);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200)
        fprintf(stderr, "%s: %s, %ld\n", url, curl_easy_strerror(code), status);
    return code == CURLE_OK && status == 200;
}

int main(int argument_count, char **arguments) {
    download own = {0};
    char url[512], authorization[8192], token[4096] = "";
    const char *secret = getenv("TOKEN");
    if (argument_count != 3 || !secret)
        return 2;
    snprintf(authorization, sizeof(authorization), "Authorization: Bearer %s", secret);
    snprintf(url, sizeof(url), "%s/v1/customers?size=%s", arguments[1], arguments[2]);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, keep_token);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &own);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &own);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 512L * 1024);
    const double began = now();
    int ok = fetch(easy, url, authorization, token, &own);
    strncat(url, "&seekOperation=Next", sizeof(url) - strlen(url) - 1);
    while (ok && own.next[0]) {
        memcpy(token, own.next, sizeof(token));
        ok = fetch(easy, url, authorization, token, &own);
    }
    if (ok)
        printf("%zu %.6f\n", own.total, now() - began);
    curl_easy_cleanup(easy);
    free(own.body);
    return ok ? 0 : 1;
}
