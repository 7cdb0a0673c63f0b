/* What a failed call makes people do next. */
#include "cli/session_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct next_row {
    const char *name;
    clt_status status;
    int32_t http_status;
    const char *code, *detail;
    const char *want; /* words of it; NULL: nothing is said */
} next_row;

static const next_row rows[] = {
    {"a parameter", CLT_ERR_BAD_INPUT, 400, "2000", "size", "Correct the parameter"},
    {"a member", CLT_ERR_BAD_INPUT, 400, "3000", "BillingProfile.Email", "Correct what is named"},
    {"a domain that is taken", CLT_ERR_ALREADY_EXISTS, 409, "3000", "CompanyProfile.Domain", "domain check"},
    {"a request id used again", CLT_ERR_ALREADY_EXISTS, 409, "3000", "MS-RequestId", "--request-id"},
    {"a stale etag", CLT_ERR_PRECONDITION_FAILED, 400, "2055", NULL, "read it again"},
    {"a stale etag, 412", CLT_ERR_PRECONDITION_FAILED, 412, NULL, NULL, "read it again"},
    {"a code that nobody knows", CLT_ERR_BAD_INPUT, 400, "999999", NULL, "Correct what is named"},
    {"no code", CLT_ERR_ALREADY_EXISTS, 409, NULL, NULL, "another one"},
    {"a call that needs a user", CLT_ERR_FORBIDDEN, 403, "900329", NULL, "without --secret-file"},
    {"another 403", CLT_ERR_FORBIDDEN, 403, "2032", NULL, "clientele whoami"},
    {"a path", CLT_ERR_NOT_FOUND, 404, "1000", NULL, "no such call"},
    {"a customer", CLT_ERR_NOT_FOUND, 404, "60003", NULL, "customers list"},
    {"a wrong method", CLT_ERR_INVALID_OPERATION, 405, "900141", NULL, "--include"},
    {"a wrong argument", CLT_ERR_ARGUMENT, 0, NULL, NULL, NULL},
};

static void test_next(void **state) {
    const next_row *row = *state;
    const clt_str detail = clti_view(row->detail);
    const clt_error err = {.status = row->status,
                           .http_status = row->http_status,
                           .service_code = clti_view(row->code),
                           .details = &detail,
                           .detail_count = row->detail ? 1 : 0,
                           .retry_after_ms = -1};
    char *next = clti_error_next(&err, "default", clti_view("https://service.example"));
    assert_int_equal(next != NULL, row->want != NULL);
    if (next && !strstr(next, row->want))
        fail_msg("'%s' has no '%s'", next, row->want);
    free(next);
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(rows)];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, test_next, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
