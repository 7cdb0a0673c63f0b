#include "support/client.h"

#include "support/test.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define SILENCE_MS_MAX    10000
#define REQUEST_MS_MAX    60000L
#define TEXT_SIZE_MAX     ((size_t)32 * 1024 * 1024)
#define BYTE_ORDER_MARK   "\xEF\xBB\xBF"
#define MARK_SIZE         3
#define RESPONSE_PATH_MAX 128

typedef struct text {
    char *data;
    size_t size;
    size_t capacity;
} text;

struct clti_test_client {
    CURL *curl;
    char *url;
    char *token;
    char *authorization; /* the whole header line, or NULL */
    text headers, body;
    clti_test_response response;
    long connections;
};

/* ---- growing text -------------------------------------------------------------------------------------- */

static bool text_add(text *to, const char *bytes, size_t size) {
    if (to->size + size + 1 > TEXT_SIZE_MAX)
        return false;
    if (to->size + size + 1 > to->capacity) {
        size_t capacity = (to->size + size + 1) * 2;
        char *grown = realloc(to->data, capacity);
        if (!grown)
            return false;
        to->data = grown;
        to->capacity = capacity;
    }
    memcpy(to->data + to->size, bytes, size);
    to->size += size;
    to->data[to->size] = '\0';
    return true;
}

static void text_clear(text *cleared) {
    cleared->size = 0;
    assert_true(text_add(cleared, "", 0));
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *user) {
    return text_add(user, bytes, size * count) ? size * count : 0;
}

/* ---- the client ---------------------------------------------------------------------------------------- */

clti_test_client *clti_test_client_new(const clti_test_server *server) {
    clti_test_client *client = calloc(1, sizeof(*client));
    assert_non_null(client);
    client->curl = curl_easy_init();
    assert_non_null(client->curl);
    clti_test_client_turn_to(client, server);
    return client;
}

void clti_test_client_turn_to(clti_test_client *client, const clti_test_server *server) {
    free(client->url);
    assert_true(asprintf(&client->url, "http://%s/", server->address) > 0);
}

void clti_test_client_free(clti_test_client *client) {
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    json_decref(client->response.json);
    free(client->headers.data);
    free(client->body.data);
    free(client->authorization);
    free(client->token);
    free(client->url);
    free(client);
}

static struct curl_slist *header_list(const clti_test_client *client, const clti_test_request *request) {
    struct curl_slist *list = NULL;
    char *line = NULL;
    if (request->authorization && *request->authorization)
        assert_true(asprintf(&line, "Authorization: %s", request->authorization) > 0);
    if (!request->authorization && client->authorization)
        list = curl_slist_append(list, client->authorization);
    else if (line)
        list = curl_slist_append(list, line);
    free(line);
    list = curl_slist_append(list, "Accept: application/json");
    for (const char *const *header = request->headers; header && *header; header++)
        list = curl_slist_append(list, *header);
    assert_non_null(list);
    return list;
}

static void read_response(clti_test_client *client) {
    clti_test_response *response = &client->response;
    long connections = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &response->status);
    curl_easy_getinfo(client->curl, CURLINFO_NUM_CONNECTS, &connections);
    client->connections += connections;
    response->headers = client->headers.data;
    response->body = client->body.data;
    response->body_size = client->body.size;
    bool marked = strncmp(response->body, BYTE_ORDER_MARK, MARK_SIZE) == 0;
    const char *start = response->body + (marked ? MARK_SIZE : 0);
    response->json = json_loadb(start, response->body_size - (size_t)(start - response->body),
                                JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
}

const clti_test_response *clti_test_send(clti_test_client *client, const clti_test_request *request) {
    CURL *curl = client->curl;
    struct curl_slist *headers = header_list(client, request);
    json_decref(client->response.json);
    client->response = (clti_test_response){0};
    text_clear(&client->headers);
    text_clear(&client->body);
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, client->url);
    curl_easy_setopt(curl, CURLOPT_REQUEST_TARGET, request->target);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, REQUEST_MS_MAX);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &client->body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &client->headers);
    if (request->body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    if (request->method && strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (request->method)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        fail_msg("%s: %s", request->target, curl_easy_strerror(code));
    read_response(client);
    return &client->response;
}

const clti_test_response *clti_test_get(clti_test_client *client, const char *target,
                                        const char *const *headers) {
    return clti_test_send(client, &(clti_test_request){.target = target, .headers = headers});
}

const clti_test_response *clti_test_get_page(clti_test_client *client, const char *target,
                                             const char *token) {
    char *header = NULL;
    if (token)
        assert_true(asprintf(&header, "MS-ContinuationToken: %s", token) > 0);
    const clti_test_response *response = clti_test_get(client, target, CLTI_TEST_WORDS(header));
    free(header);
    return response;
}

long clti_test_client_connections(const clti_test_client *client) {
    return client->connections;
}

/* ---- looking at an answer ------------------------------------------------------------------------------ */

char *clti_test_header(const clti_test_response *response, const char *name, size_t nth) {
    size_t name_size = strlen(name);
    for (const char *line = response->headers; *line;) {
        size_t size = strcspn(line, "\r\n");
        if (size > name_size && line[name_size] == ':' && strncasecmp(line, name, name_size) == 0 &&
            nth-- == 0) {
            const char *value = line + name_size + 1;
            value += strspn(value, " \t");
            return strndup(value, (size_t)(line + size - value));
        }
        line += size;
        line += strspn(line, "\r\n");
    }
    return NULL;
}

const json_t *clti_test_at(const json_t *json, const char *path) {
    char word[RESPONSE_PATH_MAX];
    while (json && *path) {
        size_t size = strcspn(path, ".");
        assert_true(size < sizeof(word));
        memcpy(word, path, size);
        word[size] = '\0';
        json =
            json_is_array(json) ? json_array_get(json, strtoul(word, NULL, 10)) : json_object_get(json, word);
        path += size + (path[size] == '.');
    }
    return json;
}

const char *clti_test_text_at(const json_t *json, const char *path) {
    return json_string_value(clti_test_at(json, path));
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

void clti_test_client_set_token(clti_test_client *client, const char *token) {
    char *line = NULL, *copy = NULL;
    if (token) {
        assert_true(asprintf(&line, "Authorization: Bearer %s", token) > 0);
        copy = strdup(token);
        assert_non_null(copy);
    }
    free(client->authorization);
    free(client->token);
    client->authorization = line;
    client->token = copy;
}

const char *clti_test_client_token(const clti_test_client *client) {
    return client->token;
}

static void take_token(clti_test_client *client, const char *tenant, const char *application,
                       const char *grant) {
    char *target, *form;
    assert_true(asprintf(&target, "/%s/oauth2/v2.0/token", tenant) > 0);
    assert_true(asprintf(&form,
                         "%s&client_id=%s&client_secret=%s&scope="
                         "https%%3A%%2F%%2Fapi.partnercenter.microsoft.com%%2F.default",
                         grant, application, CLTI_TEST_SECRET) > 0);
    const clti_test_response *response =
        clti_test_send(client, &(clti_test_request){.target = target, .body = form, .authorization = ""});
    free(target);
    free(form);
    const char *token = clti_test_text_at(response->json, "access_token");
    if (response->status != 200 || !token)
        fail_msg("no token: %ld %s", response->status, response->body);
    clti_test_client_set_token(client, token);
}

void clti_test_sign_in(clti_test_client *client, const char *tenant, const char *application) {
    take_token(client, tenant, application, "grant_type=client_credentials");
}

void clti_test_sign_in_as(clti_test_client *client, const char *tenant, const char *application,
                          const char *user) {
    char *grant;
    assert_true(asprintf(&grant, "grant_type=password&username=%s&password=%s", user, CLTI_TEST_SECRET) > 0);
    take_token(client, tenant, application, grant);
    free(grant);
}

/* ---- bytes --------------------------------------------------------------------------------------------- */

int clti_test_connect(const clti_test_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port)};
    assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &address.sin_addr), 1);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

void clti_test_write(int fd, const char *bytes) {
    for (size_t size = strlen(bytes); size;) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        assert_true(sent > 0);
        bytes += sent;
        size -= (size_t)sent;
    }
}

char *clti_test_read_all(int fd) {
    text all = {0};
    char chunk[4096];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    text_clear(&all);
    while (poll(&wait, 1, SILENCE_MS_MAX) == 1) {
        ssize_t got = recv(fd, chunk, sizeof(chunk), 0);
        if (got <= 0)
            break;
        assert_true(text_add(&all, chunk, (size_t)got));
    }
    return all.data;
}

char *clti_test_exchange(const clti_test_server *server, const char *request) {
    int fd = clti_test_connect(server);
    clti_test_write(fd, request);
    char *answer = clti_test_read_all(fd);
    close(fd);
    return answer;
}
