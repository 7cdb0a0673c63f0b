/* Tokens, filters and query strings that were valid once: many small changes, and never a 5xx. */
#include "raw.h"

#include "support/seed.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT_QUICK 5000
#define COUNT_FULL  200000
#define BATCH       64
#define TEXT_MAX    2048
#define BEARER_MAX  4096
#define CHANGES_MAX 4
#define CUSTOMERS   12
#define SEEDS_MAX   64
#define NEXT_TARGET "/v1/customers?size=2&seekOperation=Next"
#define NAME_FILTER "%7B%22Field%22:%22CompanyName%22,%22Value%22:%22c%22,%22Operator%22:%22starts_with%22%7D"
#define OWNER_FILTER                                                                                         \
    "%7B%22Field%22:%22IndirectReseller%22,%22Value%22:%22" FABRIKAM "%22,%22Operator%22:9%7D"

static scene own;
static uint64_t state_of_random;

static int setup(void **state) {
    static const char *const names[] = {
        "Caf\xC3\xA9", "\xE6\x9D\xB1\xE4\xBA\xAC", "Contoso",
        "CONTOSO 2",   "\xCE\x91\xCE\xB8\xCE\xAE", "\xD0\x9C\xD0\xB8\xD1\x80"};
    char rows[4096] = "companyName,domain\n";
    if (scene_group_setup(state) != 0)
        return -1;
    state_of_random = clti_test_seed();
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    for (unsigned i = 0; i < CUSTOMERS; i++) {
        size_t used = strlen(rows);
        snprintf(rows + used, sizeof(rows) - used, "%s,c%u.example\n", names[i % CLTI_COUNT(names)], i);
    }
    scene_import(folder, FABRIKAM, rows);
    scene_open(&own, folder, CLTI_TEST_WORDS("--auth-require-user=false"));
    return 0;
}

static int teardown(void **state) {
    scene_close(&own);
    return scene_group_teardown(state);
}

static size_t count_wanted(void) {
    return getenv("TEST_FULL") ? COUNT_FULL : COUNT_QUICK;
}

static size_t below(size_t bound) {
    return (size_t)clti_test_random_below(&state_of_random, bound);
}

/* ---- changing ------------------------------------------------------------------------------------------ */

typedef struct text {
    char bytes[BEARER_MAX];
    size_t size, limit;
} text;

static void replace(text *changed, size_t at, size_t removed, const char *with, size_t size) {
    if (changed->size - removed + size > changed->limit)
        return;
    memmove(changed->bytes + at + size, changed->bytes + at + removed, changed->size - at - removed);
    memcpy(changed->bytes + at, with, size);
    changed->size += size - removed;
}

/* What may stand in a header and in a request line; the bytes that end those come percent-encoded. */
static char any_byte(void) {
    for (;;) {
        char byte = (char)(below(255) + 1);
        if (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
            return byte;
    }
}

static void change(text *changed) {
    static const char *const pieces[] = {
        "%",
        "%00",
        "%FF",
        "%ED%A0%80",
        "%C3%28",
        "%22",
        "%5C",
        "%5Cu0000",
        "%5CuD800",
        "%7B",
        "%7D",
        "%5B",
        "&",
        "=",
        "?",
        "/",
        "+",
        ".",
        "..",
        "-",
        "_",
        "null",
        "size=",
        "0",
        "-1",
        "1e9",
        "%0D%0A",
        "%2F",
        "A",
        "==",
        "size=500",
        "9999999999999999999",
        "filter=",
        "&filter=",
        "seekOperation=",
        "First",
        "Last",
        "Previous",
        "Next",
        "PageIndex",
        "Operator",
        "%20",
        ",",
    };
    size_t at = below(changed->size + 1), rest = changed->size - at;
    size_t length = rest ? 1 + below(rest < 16 ? rest : 16) : 0;
    char byte = any_byte(), copy[16];
    const char *piece = pieces[below(CLTI_COUNT(pieces))];
    switch (below(7)) {
    case 0: /* one bit */
        if (rest) {
            byte = (char)(changed->bytes[at] ^ (1 << below(8)));
            if (byte > ' ' || byte < 0)
                changed->bytes[at] = byte;
        }
        break;
    case 1:
        replace(changed, at, rest != 0, &byte, 1);
        break;
    case 2:
        replace(changed, at, 0, &byte, 1);
        break;
    case 3:
        replace(changed, at, length, "", 0);
        break;
    case 4: /* a part once more, somewhere */
        memcpy(copy, changed->bytes + at, length);
        replace(changed, below(changed->size + 1), 0, copy, length);
        break;
    case 5:
        replace(changed, at, below(2) ? length : 0, piece, strlen(piece));
        break;
    default: /* the end is missing */
        changed->size = at;
        break;
    }
}

static void mutate(const char *original, size_t limit, text *out) {
    *out = (text){.size = strlen(original), .limit = limit};
    assert_true(out->size <= limit);
    memcpy(out->bytes, original, out->size);
    for (size_t i = 0, count = 1 + below(CHANGES_MAX); i < count; i++)
        change(out);
    out->bytes[out->size] = '\0';
}

/* ---- asking -------------------------------------------------------------------------------------------- */

typedef struct question {
    text changed;
    const char *original;
} question;

/* Write the request for a changed text. The caller's, free(). */
typedef char *(*asking)(const text *changed);

/* Is this status, below 500 and no surprise to HTTP, right for this text? */
typedef bool (*judging)(const question *asked, int status);

/* How many were answered with 200. */
static size_t ask_batch(raw_peer *peer, const question *questions, asking ask, judging is_right) {
    raw_answer answer;
    char *all = NULL;
    size_t size = 0, accepted = 0;
    for (size_t i = 0; i < BATCH; i++) {
        char *request = ask(&questions[i].changed);
        size_t more = strlen(request);
        all = realloc(all, size + more);
        assert_non_null(all);
        memcpy(all + size, request, more);
        size += more;
        free(request);
    }
    bool sent = raw_send(peer, all, size);
    free(all);
    for (size_t i = 0; i < BATCH; i++) {
        const question *asked = &questions[i];
        if (!raw_next(peer, &answer))
            fail_msg("'%s' was not answered%s", asked->changed.bytes, sent ? "" : "; nothing could be sent");
        if (answer.status >= 500 || !is_right(asked, answer.status))
            fail_msg("'%s' was answered %d: %s", asked->changed.bytes, answer.status, answer.body);
        accepted += answer.status == 200;
    }
    return accepted;
}

static void ask_all(const char *const *originals, size_t original_count, size_t limit, asking ask,
                    judging is_right) {
    raw_peer peer;
    question *questions = calloc(BATCH, sizeof(*questions));
    assert_non_null(questions);
    size_t done = 0, accepted = 0;
    raw_open(&peer, &own.server, NULL);
    for (size_t count = count_wanted(); done < count; done += BATCH) {
        for (size_t i = 0; i < BATCH; i++) {
            questions[i].original = originals[below(original_count)];
            mutate(questions[i].original, limit, &questions[i].changed);
        }
        accepted += ask_batch(&peer, questions, ask, is_right);
    }
    raw_close(&peer);
    free(questions);
    printf("# %zu of %zu were answered with 200\n", accepted, done);
    raw_expect_alive(&own.server, NULL, "mutated requests");
}

static char *request_with(const char *target, const char *bearer, const char *header, const char *value) {
    char *request;
    assert_true(asprintf(&request, "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n%s%s\r\n\r\n",
                         target, bearer, header, value) > 0);
    return request;
}

/* ---- continuation tokens ------------------------------------------------------------------------------- */

static char *ask_for_next(const text *changed) {
    return request_with(NEXT_TARGET, clti_test_client_token(own.client),
                        "MS-ContinuationToken: ", changed->bytes);
}

static bool is_refused_unless_whole(const question *asked, int status) {
    return status == (strcmp(asked->changed.bytes, asked->original) == 0 ? 200 : 400);
}

static void test_mutated_continuation_tokens_are_refused(void **state) {
    (void)state;
    static const char *const starts[] = {"/v1/customers?size=2", "/v1/customers?size=5",
                                         "/v1/customers?size=1&filter=" NAME_FILTER};
    char *tokens[SEEDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(starts); i++) {
        const clti_test_response *page = clti_test_get(own.client, starts[i], NULL);
        assert_int_equal(page->status, 200);
        const char *token = clti_test_text_at(page->json, "continuationToken");
        assert_non_null(token);
        tokens[count++] = strdup(token);
    }
    ask_all((const char *const *)tokens, count, TEXT_MAX, ask_for_next, is_refused_unless_whole);
    while (count)
        free(tokens[--count]);
}

/* ---- bearer tokens ------------------------------------------------------------------------------------- */

static char *ask_as(const text *changed) {
    return request_with("/v1/customers?size=1", changed->bytes, "Accept: ", "*/*");
}

static bool is_unauthorized_unless_whole(const question *asked, int status) {
    return status == (strcmp(asked->changed.bytes, asked->original) == 0 ? 200 : 401);
}

static void test_mutated_bearer_tokens_are_refused(void **state) {
    (void)state;
    const char *token = clti_test_client_token(own.client);
    assert_true(strlen(token) < BEARER_MAX - 1024);
    ask_all(&token, 1, BEARER_MAX - 1, ask_as, is_unauthorized_unless_whole);
}

/* ---- query strings and filters ------------------------------------------------------------------------- */

static char *ask_query(const text *changed) {
    char *target;
    assert_true(asprintf(&target, "/v1/customers?%s", changed->bytes) > 0);
    char *request = request_with(target, clti_test_client_token(own.client), "Prefer: ", "count=exact");
    free(target);
    return request;
}

static bool is_answered_or_refused(const question *asked, int status) {
    (void)asked;
    return status == 200 || status == 400;
}

static void test_mutated_query_strings_are_answered_or_refused(void **state) {
    (void)state;
    static const char *const queries[] = {
        "size=2",
        "size=2&seekOperation=First",
        "size=3&seekOperation=Last&filter=" NAME_FILTER,
        "SIZE=2&unknown=%C3%A9&unknown=+",
        "size=2&filter=" OWNER_FILTER,
    };
    ask_all(queries, CLTI_COUNT(queries), TEXT_MAX - 1, ask_query, is_answered_or_refused);
}

static char *ask_filter(const text *changed) {
    char *target;
    assert_true(asprintf(&target, "/v1/customers?size=1&filter=%s", changed->bytes) > 0);
    char *request = request_with(target, clti_test_client_token(own.client), "Accept: ", "*/*");
    free(target);
    return request;
}

static void test_mutated_filters_are_answered_or_refused(void **state) {
    (void)state;
    static const char *const filters[] = {
        NAME_FILTER,
        OWNER_FILTER,
        "%7B%22field%22%3A%22Domain%22%2C%22value%22%3A%22c%C3%A9%22%2C%22operator%22%3A0%2C%7D",
        "{\"Field\":\"CompanyName\",\"Value\":\"\\u00e9\\ud83d\\ude00\",\"Operator\":\"equals\"}",
        "%7B%22Field%22:%22IndirectCloudSolutionProvider%22,%22Value%22:%22" FABRIKAM
        "%22,%22Operator%22:1%7D",
    };
    ask_all(filters, CLTI_COUNT(filters), TEXT_MAX - 1, ask_filter, is_answered_or_refused);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutated_continuation_tokens_are_refused),
        cmocka_unit_test(test_mutated_bearer_tokens_are_refused),
        cmocka_unit_test(test_mutated_query_strings_are_answered_or_refused),
        cmocka_unit_test(test_mutated_filters_are_answered_or_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
