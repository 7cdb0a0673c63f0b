#include "daemon/daemon_private.h"
#include "daemon/fetch_private.h"
#include "http/http.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STOP_GRACE_MS 10000

/* Everything a running server holds, taken down in reverse. */
typedef struct serving {
    const clti_settings *settings;
    clti_arena arena;
    int ready; /* descriptor to tell the address to, or -1 */
    clti_store *store;
    clt_str place;         /* where that is */
    bool is_shared;        /* with other servers: it is in a database */
    clti_fetcher *fetcher; /* NULL: there are no other issuers */
    clti_identity *identity;
    clti_service service;
    clti_sharing *sharing; /* NULL: there are no other servers */
    clti_listen_address address;
    int listen_socket;
    clti_tls *tls; /* NULL: plain HTTP */
    clti_http *http;
} serving;

static uint64_t number_of(const serving *server, const char *setting) {
    return clti_settings_get(server->settings, setting)->number;
}

static clt_str text_of(const serving *server, const char *setting) {
    return clti_settings_get(server->settings, setting)->text;
}

/* ---- preparing ----------------------------------------------------------------------------------------- */

/* The demo secret is in the manual, so it must not open a server that others can reach. */
static bool check_demo(serving *server, clti_fault *fault) {
    clti_application *applications;
    clti_user *users;
    size_t count, user_count;
    bool is_demo = false;
    if (server->address.is_loopback || number_of(server, "allow_demo"))
        return true;
    if (!clti_store_applications(server->store, NULL, &server->arena, &applications, &count, fault) ||
        !clti_store_users(server->store, NULL, &server->arena, &users, &user_count, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        is_demo |= applications[i].is_demo && !applications[i].is_public;
    for (size_t i = 0; i < user_count; i++)
        is_demo |= users[i].is_demo;
    return !is_demo ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "listen",
                          "This store holds the demo's application or users, whose secret and password are "
                          "published, so the server listens on loopback only; --allow-demo overrides this.");
}

static bool is_any_address(const clti_listen_address *address) {
    static const uint8_t zeros[16];
    if (address->address.ss_family == AF_INET)
        return memcmp((const char *)&address->address + 4, zeros, 4) == 0;
    return memcmp((const char *)&address->address + 8, zeros, 16) == 0;
}

/* Issuer and endpoints: as set, else where we listen. */
static bool settle_public_url(serving *server, const char **out, clti_fault *fault) {
    clt_str url = text_of(server, "auth.public_url");
    while (url.size && url.data[url.size - 1] == '/')
        url.size--;
    if (url.size == 0) {
        clt_str address = clti_listen_address_text(&server->address, &server->arena);
        const char *colon = memrchr(address.data, ':', address.size);
        const char *scheme = server->tls ? "https" : "http";
        url = is_any_address(&server->address) && colon
                  ? clti_arena_format(&server->arena, "%s://localhost%s", scheme, colon)
                  : clti_arena_format(&server->arena, "%s://%s", scheme, address.data);
    } else if (!clti_str_starts_with(url, CLTI_STR("http://")) &&
               !clti_str_starts_with(url, CLTI_STR("https://"))) {
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "auth.public_url",
                              "auth.public_url must begin with http:// or https://.");
    } else if (!clti_arena_copy(&server->arena, url, &url)) {
        url.data = NULL;
    }
    *out = url.data;
    return url.data || clti_fault_no_memory(fault);
}

static bool wants_tls(const clti_settings *settings) {
    return clti_settings_get(settings, "tls.cert")->text.size ||
           clti_settings_get(settings, "tls.key")->text.size;
}

static bool open_tls(serving *server, clti_fault *fault) {
    if (wants_tls(server->settings))
        return clti_tls_new(text_of(server, "tls.cert"), text_of(server, "tls.key"), &server->tls, fault);
    if (!server->address.is_loopback)
        clti_log(
            CLTI_LOG_WARNING, "%s",
            "listening beyond loopback without TLS: tokens and customers go over the network in the clear; "
            "set tls.cert and tls.key, or let only a proxy with TLS reach this address");
    return true;
}

/* Short, stable, and says nothing about the machine. */
static clt_str default_server_id(clti_arena *arena) {
    char name[256] = "";
    uint8_t hash[CLTI_SHA256_SIZE];
    if (gethostname(name, sizeof(name) - 1) != 0)
        name[0] = '\0';
    clti_sha256(clti_str(name), hash);
    clt_str text = clti_arena_format(arena, "%02X%02X%02X%02X", hash[0], hash[1], hash[2], hash[3]);
    return text.data ? text : CLTI_STR("0");
}

static bool settle_server_id(serving *server, clt_str *out, clti_fault *fault) {
    *out = text_of(server, "server_id");
    if (out->size == 0)
        *out = default_server_id(&server->arena);
    return !clti_text_has_control(*out) || clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "server_id",
                                                          "server_id must not contain control characters.");
}

static unsigned thread_count(const serving *server) {
    uint64_t asked = number_of(server, "threads");
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (asked)
        return (unsigned)asked;
    return cores > 0 ? (unsigned)cores : 1;
}

/* ---- identity ------------------------------------------------------------------------------------------ */

static void tell_fetched(void *user, clt_str issuer, const clti_fault *fault) {
    (void)user;
    const clti_log_field fields[] = {CLTI_LOG_TEXT("issuer", issuer),
                                     CLTI_LOG_TEXT("error", clti_str(fault ? fault->text : ""))};
    clti_log_write(fault ? CLTI_LOG_WARNING : CLTI_LOG_INFO,
                   fault ? "issuer's keys not fetched, going on with those at hand" : "issuer's keys fetched",
                   fields, CLTI_COUNT(fields));
}

static bool fetch(void *user, const char *url, clti_buf *out, clti_fault *fault) {
    const serving *server = user;
    return clti_fetch_document(server->fetcher, url, out, fault);
}

static bool open_identity(serving *server, const char *public_url, clti_fault *fault) {
    clti_issuer_options issuers[CLTI_ISSUERS_MAX];
    clti_identity_options options = {
        .store = server->store,
        .public_url = public_url,
        .hosts = text_of(server, "auth.hosts"),
        .own_scheme = server->tls ? "https" : "http",
        .own_port = clti_listen_address_port(&server->address),
        .allow_graph_audience = number_of(server, "auth.allow_graph_audience"),
        .allow_password_grant = number_of(server, "auth.allow_password_grant"),
        .tokens_per_client = (uint32_t)number_of(server, "throttle.tokens_per_client"),
        .tokens_per_address = (uint32_t)number_of(server, "throttle.tokens_per_address"),
        .issuers = issuers,
        .fetch_door = {.fetch = fetch, .tell = tell_fetched, .user = server}};
    if (!clti_issuers_read(server->settings, issuers, &options.issuer_count, fault))
        return false;
    return (options.issuer_count == 0 || clti_fetcher_new(&server->fetcher, fault)) &&
           clti_identity_new(&options, &server->identity, fault);
}

/* With a store that waits for a database, so do requests, on as many threads as it has connections. */
static void settle_waiting(serving *server, const clti_store_options *options, clti_http_options *http) {
    clti_store_pool pool;
    server->is_shared = clti_store_has_pool(server->store, &pool);
    if (!server->is_shared)
        return;
    if (clti_settings_get(server->settings, "auth.public_url")->text.size == 0)
        clti_log(
            CLTI_LOG_WARNING, "%s",
            "auth.public_url is not set, so tokens name this server's own address, and other servers of the "
            "database refuse them; set it, the same everywhere");
    http->store_threads = (unsigned)pool.connections_max;
    http->store_queue_max = options->queue_max;
    http->store_wait_ms = options->call_ms;
}

static bool share_counts(serving *server, clti_fault *fault) {
    clti_shared_count counts[CLTI_THROTTLE_SHARED + CLTI_IDENTITY_SHARED];
    return !server->is_shared ||
           (clti_throttle_share(server->service.throttle, counts, fault) &&
            clti_identity_share(server->identity, counts + CLTI_THROTTLE_SHARED, fault) &&
            clti_sharing_start(server->store, counts, CLTI_COUNT(counts), &server->sharing, fault));
}

/* ---- starting and stopping ----------------------------------------------------------------------------- */

static bool open_all(serving *server, clti_fault *fault) {
    clti_store_options options = clti_config_store_options(server->settings);
    const char *public_url = NULL;
    clti_http_options http = {.service = &server->service,
                              .threads = thread_count(server),
                              .bom = (clti_bom)number_of(server, "bom"),
                              .compress = (clti_compress)number_of(server, "compress"),
                              .metrics_rule = (clti_metrics_rule)number_of(server, "metrics"),
                              .header_seconds = (unsigned)number_of(server, "http.header_seconds"),
                              .body_seconds = (unsigned)number_of(server, "http.body_seconds"),
                              .require_mfa = number_of(server, "auth.require_mfa"),
                              .access_log =
                                  number_of(server, "log.requests") && clti_log_enabled(CLTI_LOG_INFO)};
    http.cors_origins = text_of(server, "http.cors_origins");
    if (!clti_cors_check(http.cors_origins, fault) ||
        !clti_listen_address_parse(text_of(server, "listen"), &server->address, fault) ||
        !open_tls(server, fault) || !settle_server_id(server, &http.server_id, fault) ||
        !clti_store_place(&options, &server->arena, &server->place, fault) ||
        !clti_store_open(&options, &server->store, fault) || !clti_store_claim(server->store, fault) ||
        !check_demo(server, fault))
        return false;
    server->listen_socket = clti_listen_open(&server->address, fault);
    if (server->listen_socket < 0 || !settle_public_url(server, &public_url, fault))
        return false;
    const clti_setting_value *per_minute = clti_settings_get(server->settings, "throttle.per_minute");
    const clti_throttle_options throttle = {.per_minute = (uint32_t)per_minute->number,
                                            .sandboxes_too = per_minute->origin != CLTI_ORIGIN_DEFAULT};
    /* Half of a request's time is for its turn, so that the whole stays within it. */
    const clti_writer_options writer = {.store = server->store,
                                        .keep_days = (unsigned)number_of(server, "audit.keep_days"),
                                        .call_us = options.url ? (int64_t)options.call_ms * 1000 / 2 : 0};
    if (!open_identity(server, public_url, fault) ||
        !clti_service_init(&server->service, server->store, number_of(server, "auth.require_user"),
                           number_of(server, "list.item_links"), fault) ||
        !clti_writer_start(&writer, &server->service.writer, fault) ||
        !clti_throttle_new(&throttle, &server->service.throttle, fault))
        return false;
    server->service.reviews_qualifications = number_of(server, "customers.review_qualifications");
    /* What is kept longer can be asked for. */
    if (writer.keep_days == 0 || writer.keep_days > CLTI_AUDIT_DAYS)
        server->service.audit_days = writer.keep_days;
    http.identity = server->identity;
    http.tls = server->tls;
    http.is_secure = clti_str_starts_with(clti_str(public_url), CLTI_STR("https://"));
    http.listen_socket = server->listen_socket;
    settle_waiting(server, &options, &http);
    if (!share_counts(server, fault))
        return false;
    if (!clti_http_start(&http, &server->http, fault))
        return false;
    server->listen_socket = -1;
    return true;
}

/* Take over the caller's descriptor before anything else is opened: later, the number could be a file of
 * ours. */
static bool take_ready_descriptor(serving *server, clti_fault *fault) {
    int given = (int)number_of(server, "ready_fd");
    if (given == 0)
        return true;
    server->ready = fcntl(given, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (server->ready < 0)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "ready_fd",
                              "ready_fd: descriptor %d cannot be used: %s.", given, strerror(errno));
    if (given > STDERR_FILENO)
        close(given);
    return true;
}

static bool tell_ready(serving *server, clti_fault *fault) {
    clt_str address = clti_listen_address_text(&server->address, &server->arena);
    const clti_log_field fields[] = {CLTI_LOG_TEXT("address", address),
                                     CLTI_LOG_TEXT(server->is_shared ? "store" : "data", server->place)};
    clti_log_write(CLTI_LOG_INFO, "listening", fields, CLTI_COUNT(fields));
    if (server->ready < 0)
        return true;
    if (dprintf(server->ready, "%s\n", address.data) != (int)address.size + 1)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "ready_fd",
                              "ready_fd: the address cannot be written to it: %s.", strerror(errno));
    close(server->ready);
    server->ready = -1;
    return true;
}

static void close_all(serving *server) {
    clti_http_stop(server->http, STOP_GRACE_MS);
    if (server->ready >= 0)
        close(server->ready);
    if (server->listen_socket >= 0)
        close(server->listen_socket);
    clti_sharing_stop(server->sharing);
    clti_writer_free(server->service.writer);
    clti_tls_free(server->tls);
    clti_throttle_free(server->service.throttle);
    clti_fetcher_stop(server->fetcher);
    clti_identity_free(server->identity);
    clti_fetcher_free(server->fetcher);
    clti_store_close(server->store);
    clti_arena_done(&server->arena);
}

/* Signals are blocked in every thread and taken here, one at a time, so nothing runs in a signal handler. */
static void block_signals(sigset_t *set, bool with_hangup) {
    sigemptyset(set);
    if (with_hangup)
        sigaddset(set, SIGHUP);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    clti_assert(pthread_sigmask(SIG_BLOCK, set, NULL) == 0);
}

/* New certificates are for new connections, so nobody is cut off. If they are no good, the old ones stay. */
static void reload_certificates(serving *server) {
    clti_fault fault;
    if (clti_tls_reload(server->tls, &fault))
        clti_log(CLTI_LOG_INFO, "%s", "certificates read anew");
    else
        clti_log(CLTI_LOG_ERROR, "certificates not read anew, the old ones stay: %s", fault.text);
}

static void wait_for_end(serving *server, const sigset_t *signals) {
    int signal_number;
    do {
        clti_assert(sigwait(signals, &signal_number) == 0);
        if (signal_number == SIGHUP)
            reload_certificates(server);
    } while (signal_number == SIGHUP);
    clti_log(CLTI_LOG_INFO, "stopping on %s", strsignal(signal_number));
}

static bool serve(const clti_settings *settings, clti_fault *fault) {
    serving server = {.settings = settings, .ready = -1, .listen_socket = -1};
    sigset_t signals;
    block_signals(&signals, wants_tls(settings));
    bool ok = take_ready_descriptor(&server, fault) && open_all(&server, fault) && tell_ready(&server, fault);
    if (ok)
        wait_for_end(&server, &signals);
    close_all(&server);
    return ok;
}

int clti_command_serve(int argc, char **argv) {
    const clti_command_line line = {
        .name = "serve", .about = "Answer requests until SIGTERM.", .setting_count = CLTI_CONFIG_COUNT};
    clti_settings settings;
    clti_fault fault;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE && !serve(&settings, &fault)) {
        clti_complain(&fault);
        code = CLTI_EXIT_FAILED;
    }
    clti_settings_done(&settings);
    return code;
}
