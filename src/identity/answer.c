#include "identity/identity_private.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The numbers are those that the original gives for the same mistake; clients show them. An unknown client
 * and a wrong secret are one row, so that nobody can find out which applications exist. */
static const struct {
    int status;
    const char *error;
    int code;
} REFUSALS[] = {
    [CLTI_REFUSAL_MALFORMED] = {400, "invalid_request", 90013},
    [CLTI_REFUSAL_DUPLICATE] = {400, "invalid_request", 9000411},
    [CLTI_REFUSAL_MISSING] = {400, "invalid_request", 900144},
    [CLTI_REFUSAL_TENANT_UNKNOWN] = {400, "invalid_request", 90002},
    [CLTI_REFUSAL_TENANT_NEEDED] = {400, "invalid_request", 50059},
    [CLTI_REFUSAL_GRANT] = {400, "unsupported_grant_type", 70003},
    [CLTI_REFUSAL_CLIENT] = {401, "invalid_client", 7000215},
    [CLTI_REFUSAL_NO_SECRET] = {401, "invalid_client", 7000218},
    [CLTI_REFUSAL_RESOURCE] = {400, "invalid_resource", 500011},
    [CLTI_REFUSAL_SCOPE] = {400, "invalid_scope", 70011},
    [CLTI_REFUSAL_TOO_MANY] = {429, "temporarily_unavailable", 90055},
    [CLTI_REFUSAL_INVALID_GRANT] = {400, "invalid_grant", 70008},
    [CLTI_REFUSAL_INTERACTION] = {400, "interaction_required", 50076},
    [CLTI_REFUSAL_UNAUTHORIZED] = {400, "unauthorized_client", 700016},
    [CLTI_REFUSAL_PENDING] = {400, "authorization_pending", 70016},
    [CLTI_REFUSAL_SLOW_DOWN] = {400, "slow_down", 70016},
    [CLTI_REFUSAL_EXPIRED] = {400, "expired_token", 70020},
    [CLTI_REFUSAL_DECLINED] = {400, "authorization_declined", 70018},
};
_Static_assert(CLTI_COUNT(REFUSALS) == CLTI_REFUSAL_COUNT, "a row for each kind");

bool clti_answer_take_document(json_t *document, clti_arena *arena, clti_authority_answer *out,
                               clti_fault *fault) {
    char *text = json_dumps(document, JSON_COMPACT);
    json_decref(document);
    if (!text)
        return clti_fault_no_memory(fault);
    const size_t size = strlen(text);
    const bool ok = clti_arena_copy(arena, (clt_str){text, size}, &out->body);
    clti_wipe(text, size); /* may hold an access token */
    free(text);
    out->status = 200;
    out->retry_after = 0;
    return ok || clti_fault_no_memory(fault);
}

bool clti_answer_refusal(const clti_refusal *refusal, clt_guid correlation_id, int64_t now, clti_arena *arena,
                         clti_authority_answer *out, clti_fault *fault) {
    char timestamp[32] = "";
    struct tm parts;
    const time_t moment = (time_t)now;
    if (gmtime_r(&moment, &parts) == NULL ||
        strftime(timestamp, sizeof timestamp, "%Y-%m-%d %H:%M:%SZ", &parts) == 0)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "The clock shows no date.");
    const clti_guid_text trace = clti_guid_to_text(clti_guid_random());
    const clti_guid_text correlation = clti_guid_to_text(correlation_id);
    json_t *document = json_pack("{s:s, s:s%, s:[i], s:s, s:s, s:s}", "error", REFUSALS[refusal->kind].error,
                                 "error_description", refusal->text.data, refusal->text.size, "error_codes",
                                 REFUSALS[refusal->kind].code, "timestamp", timestamp, "trace_id", trace.text,
                                 "correlation_id", correlation.text);
    if (!clti_answer_take_document(document, arena, out, fault))
        return false;
    out->status = REFUSALS[refusal->kind].status;
    return true;
}
