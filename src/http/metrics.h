/**
 * @file metrics.h
 * @brief Counters of the server, in Prometheus' text form.
 *
 * Thread: any thread; counting takes no lock.
 */
#ifndef CLTI_METRICS_H
#define CLTI_METRICS_H

#include "http/http_private.h"

typedef struct clti_metrics clti_metrics;

CLTI_MUST_CHECK bool clti_metrics_new(clti_metrics **out, clti_fault *fault);
void clti_metrics_free(clti_metrics *metrics);

/** @brief One request: `route` is NULL if none was found. */
void clti_metrics_count(clti_metrics *metrics, const clti_route *route, unsigned status, int64_t duration_us);

/** @brief A connection came (1) or went (-1). */
void clti_metrics_connection(clti_metrics *metrics, int change);

/** @brief Append everything, with what store, writer and identity have counted. */
void clti_metrics_render(const clti_http_options *http, clti_buf *out);

#endif
