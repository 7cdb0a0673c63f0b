#include "http/metrics.h"

#include "http/helpers.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Upper bounds of the latency histogram. */
static const int64_t bounds_us[] = {50,    100,   250,   500,    1000,   2500,   5000,
                                    10000, 25000, 50000, 100000, 250000, 500000, 1000000};
#define BUCKET_COUNT (CLTI_COUNT(bounds_us) + 1) /* the last one has no bound */

/* The statuses we answer with; the last slot is for any other. */
static const unsigned statuses[] = {200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 429, 500, 503};
#define STATUS_COUNT (CLTI_COUNT(statuses) + 1)

typedef struct series {
    atomic_ullong buckets[BUCKET_COUNT];
    atomic_ullong sum_us;
} series;

struct clti_metrics {
    atomic_llong connections;
    series *series; /* route by route, the unmatched ones last; status by status within */
};

bool clti_metrics_new(clti_metrics **out, clti_fault *fault) {
    clti_metrics *metrics = calloc(1, sizeof(*metrics));
    if (metrics)
        metrics->series = calloc((CLTI_ROUTE_COUNT + 1) * STATUS_COUNT, sizeof(*metrics->series));
    if (!metrics || !metrics->series) {
        free(metrics);
        return clti_fault_no_memory(fault);
    }
    *out = metrics;
    return true;
}

void clti_metrics_free(clti_metrics *metrics) {
    if (!metrics)
        return;
    free(metrics->series);
    free(metrics);
}

/* ---- counting ------------------------------------------------------------------------------------------ */

static size_t status_slot(unsigned status) {
    size_t slot = 0;
    while (slot < CLTI_COUNT(statuses) && statuses[slot] != status)
        slot++;
    return slot;
}

void clti_metrics_count(clti_metrics *metrics, const clti_route *route, unsigned status,
                        int64_t duration_us) {
    size_t route_slot = route ? (size_t)(route - CLTI_ROUTES) : CLTI_ROUTE_COUNT;
    series *counted = &metrics->series[route_slot * STATUS_COUNT + status_slot(status)];
    size_t bucket = 0;
    while (bucket < CLTI_COUNT(bounds_us) && duration_us > bounds_us[bucket])
        bucket++;
    atomic_fetch_add_explicit(&counted->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&counted->sum_us, (unsigned long long)duration_us, memory_order_relaxed);
}

void clti_metrics_connection(clti_metrics *metrics, int change) {
    atomic_fetch_add_explicit(&metrics->connections, change, memory_order_relaxed);
}

/* ---- showing ------------------------------------------------------------------------------------------- */

static void add_head(clti_buf *out, const char *name, const char *type, const char *help) {
    clti_buf_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_labels(clti_buf *out, size_t route_slot, size_t slot) {
    const clti_route *route = route_slot < CLTI_ROUTE_COUNT ? &CLTI_ROUTES[route_slot] : NULL;
    clti_buf_add_format(out, "method=\"%s\",route=\"%s%s\",",
                        !route                             ? ""
                        : route->method == CLTI_METHOD_GET ? "GET"
                                                           : "POST",
                        route ? "/" : "", route ? route->path : "unmatched");
    if (slot < CLTI_COUNT(statuses))
        clti_buf_add_format(out, "status=\"%u\"", statuses[slot]);
    else
        clti_buf_add(out, CLTI_STR("status=\"other\""));
}

static void add_series(clti_buf *out, const series *shown, size_t route_slot, size_t slot) {
    static const char name[] = "clientele_http_request_duration_seconds";
    uint64_t count = 0;
    for (size_t i = 0; i < BUCKET_COUNT; i++) {
        count += atomic_load_explicit(&shown->buckets[i], memory_order_relaxed);
        clti_buf_add_format(out, "%s_bucket{", name);
        add_labels(out, route_slot, slot);
        if (i < CLTI_COUNT(bounds_us))
            clti_buf_add_format(out, ",le=\"%g\"} %llu\n", (double)bounds_us[i] / 1e6,
                                (unsigned long long)count);
        else
            clti_buf_add_format(out, ",le=\"+Inf\"} %llu\n", (unsigned long long)count);
    }
    clti_buf_add_format(out, "%s_sum{", name);
    add_labels(out, route_slot, slot);
    clti_buf_add_format(out, "} %.6f\n",
                        (double)atomic_load_explicit(&shown->sum_us, memory_order_relaxed) / 1e6);
    clti_buf_add_format(out, "%s_count{", name);
    add_labels(out, route_slot, slot);
    clti_buf_add_format(out, "} %llu\n", (unsigned long long)count);
}

static bool was_counted(const series *shown) {
    for (size_t i = 0; i < BUCKET_COUNT; i++)
        if (atomic_load_explicit(&shown->buckets[i], memory_order_relaxed))
            return true;
    return false;
}

static void add_requests(const clti_metrics *metrics, clti_buf *out) {
    add_head(out, "clientele_http_request_duration_seconds", "histogram",
             "Time from the first line of a request to the end of its reply.");
    for (size_t route_slot = 0; route_slot <= CLTI_ROUTE_COUNT; route_slot++) {
        for (size_t slot = 0; slot < STATUS_COUNT; slot++) {
            const series *shown = &metrics->series[route_slot * STATUS_COUNT + slot];
            if (was_counted(shown))
                add_series(out, shown, route_slot, slot);
        }
    }
    add_head(out, "clientele_http_connections", "gauge", "Connections that are open.");
    clti_buf_add_format(out, "clientele_http_connections %lld\n",
                        atomic_load_explicit(&metrics->connections, memory_order_relaxed));
}

static void add_throttled(const clti_http_options *http, clti_buf *out) {
    uint64_t by_client, by_address;
    clti_identity_throttled(http->identity, &by_client, &by_address);
    add_head(out, "clientele_throttled_total", "counter",
             "Requests refused for being too many: of a partner, of a client or from an address for tokens.");
    clti_buf_add_format(out,
                        "clientele_throttled_total{limit=\"partner\"} %llu\n"
                        "clientele_throttled_total{limit=\"client\"} %llu\n"
                        "clientele_throttled_total{limit=\"address\"} %llu\n",
                        (unsigned long long)clti_throttle_refused(http->service->throttle),
                        (unsigned long long)by_client, (unsigned long long)by_address);
}

static void add_store(clti_store *store, clti_buf *out) {
    add_head(out, "clientele_store_operations_total", "counter", "Operations on the store, by name.");
    for (size_t i = 0; i < CLTI_STORE_COUNTED_COUNT; i++)
        clti_buf_add_format(out, "clientele_store_operations_total{operation=\"%s\"} %llu\n",
                            clti_store_counted_name((clti_store_counted)i),
                            (unsigned long long)clti_store_counter(store, (clti_store_counted)i));
}

static void add_number(clti_buf *out, const char *name, const char *type, const char *help, uint64_t value) {
    add_head(out, name, type, help);
    clti_buf_add_format(out, "%s %llu\n", name, (unsigned long long)value);
}

static void add_pool(clti_store *store, clti_buf *out) {
    clti_store_pool pool;
    if (!clti_store_has_pool(store, &pool))
        return;
    add_head(out, "clientele_store_connections", "gauge", "Connections to the database.");
    clti_buf_add_format(out,
                        "clientele_store_connections{state=\"in_use\"} %zu\n"
                        "clientele_store_connections{state=\"idle\"} %zu\n",
                        pool.in_use, pool.open - pool.in_use);
    add_number(out, "clientele_store_connections_max", "gauge", "Connections that may be open.",
               pool.connections_max);
    add_number(out, "clientele_store_waiting_calls", "gauge", "Calls that wait for a connection.",
               pool.waiting);
    add_number(out, "clientele_store_refused_total", "counter",
               "Calls refused because too many waited for a connection.", pool.refused);
    add_head(out, "clientele_store_retries_total", "counter",
             "Calls done again: after a lost connection, or because others came between.");
    clti_buf_add_format(out,
                        "clientele_store_retries_total{reason=\"broken\"} %llu\n"
                        "clientele_store_retries_total{reason=\"raced\"} %llu\n",
                        (unsigned long long)pool.retries_broken, (unsigned long long)pool.retries_raced);
    add_number(out, "clientele_store_failovers_total", "counter",
               "Connections to another host than the one before.", pool.failovers);
}

static void add_waiting(clti_helpers *helpers, clti_buf *out) {
    add_head(out, "clientele_http_waiting_requests", "gauge",
             "Requests that wait for a thread that may wait for the store.");
    clti_buf_add_format(out, "clientele_http_waiting_requests %zu\n", clti_helpers_queued(helpers));
    add_number(out, "clientele_http_waiting_refused_total", "counter",
               "Requests refused because too many waited for such a thread.", clti_helpers_refused(helpers));
}

static void add_writer(clti_writer *writer, clti_buf *out) {
    clti_writer_counters seen;
    unsigned long long groups = 0;
    clti_writer_counted(writer, &seen);
    add_head(out, "clientele_writer_queue_length", "gauge", "Writes that wait for the writer.");
    clti_buf_add_format(out, "clientele_writer_queue_length %llu\n", (unsigned long long)seen.queued);
    add_head(out, "clientele_writer_refused_total", "counter", "Writes refused because the queue was full.");
    clti_buf_add_format(out, "clientele_writer_refused_total %llu\n", (unsigned long long)seen.refused);
    add_head(out, "clientele_writer_group_size", "histogram",
             "Writes that went into one transaction, with one fsync.");
    for (size_t i = 0; i < CLTI_GROUP_BUCKETS; i++) {
        groups += seen.groups[i];
        clti_buf_add_format(out, "clientele_writer_group_size_bucket{le=\"%u\"} %llu\n", 1u << i, groups);
    }
    clti_buf_add_format(out,
                        "clientele_writer_group_size_bucket{le=\"+Inf\"} %llu\n"
                        "clientele_writer_group_size_sum %llu\n"
                        "clientele_writer_group_size_count %llu\n",
                        groups, (unsigned long long)seen.writes, groups);
}

static void add_tokens(clti_identity *identity, clti_buf *out) {
    clti_identity_counters tokens;
    clti_identity_counted(identity, &tokens);
    add_head(
        out, "clientele_token_checks_total", "counter",
        "Bearer tokens looked at, by what answered: the connection, the cache, the signature, or nothing.");
    clti_buf_add_format(out,
                        "clientele_token_checks_total{by=\"connection\"} %llu\n"
                        "clientele_token_checks_total{by=\"cache\"} %llu\n"
                        "clientele_token_checks_total{by=\"signature\"} %llu\n"
                        "clientele_token_checks_total{by=\"refused\"} %llu\n",
                        (unsigned long long)tokens.by_connection, (unsigned long long)tokens.by_cache,
                        (unsigned long long)tokens.by_signature, (unsigned long long)tokens.refused);
}

void clti_metrics_render(const clti_http_options *http, clti_buf *out) {
    add_requests(http->metrics, out);
    add_throttled(http, out);
    add_store(http->service->store, out);
    add_pool(http->service->store, out);
    if (http->store_helpers)
        add_waiting(http->store_helpers, out);
    add_writer(http->service->writer, out);
    add_tokens(http->identity, out);
}
