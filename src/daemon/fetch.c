/* How documents of other issuers come in: by https, or from this machine; bounded in size and time. */
#include "daemon/fetch_private.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdlib.h>

#define CONNECT_MS 5000L
#define FETCH_MS   10000L
#define POLL_MS    1000

struct clti_fetcher {
    CURLM *multi;
    atomic_bool is_stopping;
};

bool clti_fetcher_new(clti_fetcher **out, clti_fault *fault) {
    clti_fetcher *fetcher = calloc(1, sizeof *fetcher);
    if (!fetcher)
        return clti_fault_no_memory(fault);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        fetcher->multi = curl_multi_init();
    if (!fetcher->multi) {
        free(fetcher);
        return clti_fault_no_memory(fault);
    }
    *out = fetcher;
    return true;
}

void clti_fetcher_stop(clti_fetcher *fetcher) {
    if (!fetcher)
        return;
    atomic_store(&fetcher->is_stopping, true);
    (void)curl_multi_wakeup(fetcher->multi);
}

void clti_fetcher_free(clti_fetcher *fetcher) {
    if (!fetcher)
        return;
    (void)curl_multi_cleanup(fetcher->multi);
    curl_global_cleanup();
    free(fetcher);
}

/* More than the buffer may hold ends the transfer. */
static size_t take(char *data, size_t size, size_t count, void *user) {
    clti_buf *out = user;
    clti_buf_add(out, (clt_str){data, size * count});
    return clti_buf_ok(out) ? size * count : CURL_WRITEFUNC_ERROR;
}

/* Redirects are not followed: they could lead anywhere. No compression, so that size is size. */
static bool set_up(CURL *easy, const char *url, clti_buf *out, char *error) {
    const bool is_plain = clti_str_starts_with(clti_str(url), CLTI_STR("http:"));
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, url);
    code |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, is_plain ? "http" : "https");
    code |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    code |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    code |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    code |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    code |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, FETCH_MS);
    code |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    code |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "clienteled/" CLTI_VERSION);
    code |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    code |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, out);
    code |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
    if (is_plain) /* on this machine: no proxy is in between */
        code |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    return code == CURLE_OK;
}

/* Until it is done, or the server stops. */
static bool run(clti_fetcher *fetcher, CURL *easy, CURLcode *out) {
    int running = 1, left;
    if (curl_multi_add_handle(fetcher->multi, easy) != CURLM_OK)
        return false;
    while (running && !atomic_load(&fetcher->is_stopping))
        if (curl_multi_perform(fetcher->multi, &running) != CURLM_OK ||
            (running && curl_multi_poll(fetcher->multi, NULL, 0, POLL_MS, NULL) != CURLM_OK))
            break;
    const CURLMsg *message = curl_multi_info_read(fetcher->multi, &left);
    const bool is_done = message && message->msg == CURLMSG_DONE;
    if (is_done)
        *out = message->data.result;
    (void)curl_multi_remove_handle(fetcher->multi, easy);
    return is_done;
}

static bool judge(CURL *easy, CURLcode code, const char *url, const clti_buf *out, const char *error,
                  clti_fault *fault) {
    long status = 0;
    if (!clti_buf_ok(out))
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s is larger than %zu bytes", url,
                              out->size_max);
    if (code != CURLE_OK)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s: %s", url,
                              *error ? error : curl_easy_strerror(code));
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status == 200 ||
           clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s answered %ld", url, status);
}

bool clti_fetch_document(void *user, const char *url, clti_buf *out, clti_fault *fault) {
    clti_fetcher *fetcher = user;
    char error[CURL_ERROR_SIZE] = "";
    CURLcode code = CURLE_OK;
    CURL *easy = curl_easy_init();
    if (!easy || !set_up(easy, url, out, error)) {
        curl_easy_cleanup(easy);
        return clti_fault_no_memory(fault);
    }
    const bool ok = run(fetcher, easy, &code)
                        ? judge(easy, code, url, out, error, fault)
                        : clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s: interrupted", url);
    curl_easy_cleanup(easy);
    return ok;
}
