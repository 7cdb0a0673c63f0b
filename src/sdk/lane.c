/* The pool: a lane belongs to one call at a time, its connections stay open for the next. */
#include "sdk/sdk_private.h"

#include <stdlib.h>

/* More idle ones than this are not worth their connections. */
#define IDLE_MAX 64

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode ready;

static void make_ready(void) {
    ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static clt_status new_lane(clti_lane **out, clt_error **err) {
    pthread_once(&once, make_ready);
    clti_lane *lane = calloc(1, sizeof(*lane));
    if (!lane || ready != CURLE_OK) {
        free(lane);
        return clti_fail_no_memory(err);
    }
    lane->multi = curl_multi_init();
    lane->decoder = clti_decoder_new();
    if (!lane->multi || !lane->decoder) {
        clti_lane_free(lane);
        return clti_fail_no_memory(err);
    }
    *out = lane;
    return CLT_OK;
}

void clti_lane_free(clti_lane *lane) {
    if (!lane)
        return;
    for (size_t i = 0; i < CLTI_LANE_EASIES; i++)
        curl_easy_cleanup(lane->idle[i]);
    curl_multi_cleanup(lane->multi);
    clti_decoder_free(lane->decoder);
    clti_buf_done(&lane->spare);
    free(lane);
}

clt_status clti_lane_take(clti_core *core, clti_lane **out, clt_error **err) {
    pthread_mutex_lock(&core->lock);
    clti_lane *lane = core->lanes;
    if (lane) {
        core->lanes = lane->next;
        core->idle_count--;
    }
    pthread_mutex_unlock(&core->lock);
    if (!lane)
        return new_lane(out, err);
    *out = lane;
    return CLT_OK;
}

void clti_lane_give_back(clti_core *core, clti_lane *lane) {
    if (!lane)
        return;
    pthread_mutex_lock(&core->lock);
    bool keep = core->idle_count < IDLE_MAX;
    if (keep) {
        lane->next = core->lanes;
        core->lanes = lane;
        core->idle_count++;
    }
    pthread_mutex_unlock(&core->lock);
    if (!keep)
        clti_lane_free(lane);
}
