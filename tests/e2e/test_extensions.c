/* What Clientele adds to the contract (api.md 13) and offers to its operator. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define LIST       "/v1/customers"
#define DEMO_COUNT "28073"

static scene demo;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), CLTI_TEST_WORDS("--auth-require-user=false"));
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    return scene_group_teardown(state);
}

static void expect_header(const clti_test_response *response, const char *name, const char *want,
                          const char *what) {
    char *value = clti_test_header(response, name, 0);
    if (want ? !value || strcmp(value, want) != 0 : value != NULL)
        fail_msg("%s: %s is %s, not %s", what, name, value ? value : "absent", want ? want : "absent");
    free(value);
}

/* ---- counting ------------------------------------------------------------------------------------------ */

static void test_the_count_is_given_when_it_is_preferred(void **state) {
    (void)state;
    static const struct {
        const char *query, *prefer, *range;
        bool applied;
    } rows[] = {
        {"?size=40", "count=exact", "items 0-39/" DEMO_COUNT, true},
        {"?size=40", "respond-async, COUNT = \"exact\"; foo=bar", "items 0-39/" DEMO_COUNT, true},
        {"?size=40", "count=estimated", NULL, false},
        {"?size=40", "exact=count", NULL, false},
        {"?size=40", "", NULL, false},
        {"?size=40&seekOperation=Last", "count=exact", "items */" DEMO_COUNT, true},
        {"?filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22zytronic%22,%22Operator%22:9%7D",
         "count=exact", "items 0-0/1", true},
        {"?filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22no-such%22,%22Operator%22:9%7D",
         "count=exact", "items */0", true},
        {"?size=3&filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22%22,%22Operator%22:9%7D", "count=exact",
         "items 0-2/*", false}, /* more than 10,000 */
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char *target, *prefer;
        assert_true(asprintf(&target, LIST "%s", rows[i].query) > 0);
        assert_true(asprintf(&prefer, "Prefer: %s", rows[i].prefer) > 0);
        const clti_test_response *page = clti_test_get(demo.client, target, CLTI_TEST_WORDS(prefer));
        assert_int_equal(page->status, 200);
        expect_header(page, "Content-Range", rows[i].range, target);
        expect_header(page, "Preference-Applied", rows[i].applied ? "count=exact" : NULL, target);
        free(prefer);
        free(target);
    }
}

static void test_pages_after_the_first_do_not_say_where_they_stand(void **state) {
    (void)state;
    const clti_test_response *page = clti_test_get(demo.client, LIST "?size=40", NULL);
    char *token = clti_test_header(page, "MS-ContinuationToken", 0);
    char *header;
    assert_true(asprintf(&header, "MS-ContinuationToken: %s", token) > 0);
    page = clti_test_get(demo.client, LIST "?seekOperation=Next",
                         CLTI_TEST_WORDS(header, "Prefer: count=exact"));
    expect_header(page, "Content-Range", "items */" DEMO_COUNT, "second page");
    free(header);
    free(token);
}

/* ---- unchanged pages ----------------------------------------------------------------------------------- */

/* The entity tag of an answer; the caller's, free(). */
static char *tag_of(const clti_test_response *response) {
    char *tag = clti_test_header(response, "ETag", 0);
    assert_int_equal(response->status, 200);
    assert_non_null(tag);
    assert_memory_equal(tag, "W/\"", 3);
    return tag;
}

static const clti_test_response *ask_if_changed(const char *target, const char *before, const char *tag,
                                                const char *behind) {
    char *header;
    assert_true(asprintf(&header, "If-None-Match: %s%s%s", before, tag, behind) > 0);
    const clti_test_response *answer = clti_test_get(demo.client, target, CLTI_TEST_WORDS(header));
    free(header);
    return answer;
}

static void test_an_unchanged_page_is_not_sent_again(void **state) {
    (void)state;
    static const char *const targets[] = {LIST "?size=40", LIST "/a1f31dbd-6b00-5cad-9543-e11a2a7f92ff"};
    static const struct {
        const char *before, *behind;
    } frames[] = {{"", ""}, {"\"x\", ", ""}, {"", ",W/\"y\""}, {"*, ", ""}};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        char *tag = tag_of(clti_test_get(demo.client, targets[i], NULL));
        for (size_t j = 0; j < CLTI_COUNT(frames); j++) {
            const clti_test_response *answer =
                ask_if_changed(targets[i], frames[j].before, tag, frames[j].behind);
            assert_int_equal(answer->status, 304);
            assert_int_equal(answer->body_size, 0);
            expect_header(answer, "ETag", tag, targets[i]);
            expect_header(answer, "Content-Type", NULL, targets[i]);
        }
        assert_int_equal(ask_if_changed(targets[i], "*", "", "")->status, 304);
        /* The opaque part alone, as a strong tag, is the same one. */
        assert_int_equal(ask_if_changed(targets[i], "", tag + 2, "")->status, 304);
        assert_int_equal(ask_if_changed(targets[i], "W/\"0", tag + 3, "")->status, 200);
        free(tag);
    }
}

static void test_another_query_and_another_partner_have_other_tags(void **state) {
    (void)state;
    static const char *const targets[] = {LIST "?size=40", LIST "?size=41",
                                          LIST "?size=40&seekOperation=Last", LIST};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        char *tag = tag_of(clti_test_get(demo.client, targets[i], NULL));
        for (size_t j = 0; j < CLTI_COUNT(targets); j++)
            assert_int_equal(ask_if_changed(targets[j], "", tag, "")->status, i == j ? 304 : 200);
        free(tag);
    }
}

static void test_a_changed_list_has_another_tag(void **state) {
    (void)state;
    char *tag = tag_of(clti_test_get(demo.client, LIST "?size=40", NULL));
    scene_import(demo.folder, "fabrikam.example", "companyName,domain\nZzz Last,zzz-last.example\n");
    assert_int_equal(ask_if_changed(LIST "?size=40", "", tag, "")->status, 200);
    free(tag);
    tag = tag_of(clti_test_get(demo.client, LIST "?size=40", NULL));
    scene_import(demo.folder, "northwind.example", "companyName,domain\nZzz Other,zzz-other.example\n");
    assert_int_equal(ask_if_changed(LIST "?size=40", "", tag, "")->status, 304);
    free(tag);
}

static void test_lists_may_come_in_several_lines_and_values_with_blanks(void **state) {
    (void)state;
    char *tag = tag_of(clti_test_get(demo.client, LIST "?size=40", NULL)), *header;
    assert_true(asprintf(&header, "If-None-Match: %s", tag) > 0);
    const clti_test_response *answer =
        clti_test_get(demo.client, LIST "?size=40", CLTI_TEST_WORDS("If-None-Match: \"x\"", header));
    assert_int_equal(answer->status, 304);
    free(header);
    free(tag);
    answer = clti_test_get(demo.client, LIST "?size=40",
                           CLTI_TEST_WORDS("Prefer: respond-async", "Prefer: count=exact"));
    expect_header(answer, "Preference-Applied", "count=exact", "two lines of Prefer");
    char *token = clti_test_header(answer, "MS-ContinuationToken", 0);
    assert_true(asprintf(&header, "MS-ContinuationToken:  %s \t ", token) > 0);
    assert_int_equal(clti_test_get(demo.client, LIST "?seekOperation=Next", CLTI_TEST_WORDS(header))->status,
                     200);
    free(header);
    free(token);
}

static void test_wrong_input_stays_wrong_whatever_the_tag(void **state) {
    (void)state;
    const clti_test_response *answer =
        clti_test_get(demo.client, LIST "?size=x", CLTI_TEST_WORDS("If-None-Match: *"));
    scene_expect_fault(answer, 400, 2000, "size", "size=x with If-None-Match");
}

/* ---- compression --------------------------------------------------------------------------------------- */

/* What a gzip body holds; the caller's, free(). */
static char *unpack(const clti_test_response *response, size_t room, size_t *out_size) {
    char *text = malloc(room);
    z_stream stream = {.next_in = (Bytef *)response->body,
                       .avail_in = (uInt)response->body_size,
                       .next_out = (Bytef *)text,
                       .avail_out = (uInt)room};
    assert_non_null(text);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    *out_size = room - stream.avail_out;
    inflateEnd(&stream);
    return text;
}

static void test_gzip_is_given_to_those_who_take_it(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        bool packed;
    } rows[] = {
        {"gzip", true},           {"br, GZIP;q=0.5", true}, {"deflate, *", true}, {"gzip;q=0", false},
        {"gzip; q=0.000", false}, {"identity", false},      {"", false},          {"*;q=0", false},
    };
    scene packing;
    scene_open(&packing, scene_demo_store(), CLTI_TEST_WORDS("--compress=on"));
    const clti_test_response *plain = clti_test_get(packing.client, LIST "?size=40", NULL);
    size_t plain_size = plain->body_size, unpacked_size;
    char *want = strdup(plain->body);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char *header;
        assert_true(asprintf(&header, "Accept-Encoding: %s", rows[i].accept) > 0);
        const clti_test_response *page =
            clti_test_get(packing.client, LIST "?size=40", CLTI_TEST_WORDS(header));
        free(header);
        expect_header(page, "Vary", "Accept-Encoding", rows[i].accept);
        expect_header(page, "Content-Encoding", rows[i].packed ? "gzip" : NULL, rows[i].accept);
        if (!rows[i].packed)
            continue;
        char *text = unpack(page, plain_size + 1, &unpacked_size);
        assert_int_equal(unpacked_size, plain_size);
        assert_memory_equal(text, want, plain_size);
        free(text);
    }
    free(want);
    scene_close(&packing);
}

static void test_a_peer_on_this_machine_gets_plain_bodies_by_default(void **state) {
    (void)state;
    const clti_test_response *page =
        clti_test_get(demo.client, LIST "?size=40", CLTI_TEST_WORDS("Accept-Encoding: gzip"));
    expect_header(page, "Content-Encoding", NULL, "auto");
}

/* ---- for the operator
 * -------------------------------------------------------------------------------------- */

static void test_health_and_readiness_need_no_token(void **state) {
    (void)state;
    static const char *const targets[] = {"/healthz", "/readyz", "/HEALTHZ/"};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        const clti_test_response *answer =
            clti_test_send(demo.client, &(clti_test_request){.target = targets[i], .authorization = ""});
        assert_int_equal(answer->status, 200);
        expect_header(answer, "Cache-Control", "no-store", targets[i]);
    }
}

/* Value of a metric, given its name with labels. */
static double metric(const char *name) {
    const clti_test_response *answer = clti_test_get(demo.client, "/metrics", NULL);
    assert_int_equal(answer->status, 200);
    const char *found = strstr(answer->body, name);
    return found ? strtod(found + strlen(name), NULL) : 0;
}

static void test_metrics_count_requests_tokens_and_store_operations(void **state) {
    (void)state;
    static const char *const counters[] = {
        "clientele_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/"
        "customers\",status=\"200\"} ",
        "clientele_http_request_duration_seconds_bucket{method=\"GET\",route=\"/v1/"
        "customers\",status=\"200\",le=\"+Inf\"} ",
        "clientele_store_operations_total{operation=\"list\"} ",
        "clientele_token_checks_total{by=\"connection\"} ",
    };
    double before[CLTI_COUNT(counters)];
    for (size_t i = 0; i < CLTI_COUNT(counters); i++)
        before[i] = metric(counters[i]);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(clti_test_get(demo.client, LIST "?size=1", NULL)->status, 200);
    for (size_t i = 0; i < CLTI_COUNT(counters); i++)
        if (metric(counters[i]) != before[i] + 10)
            fail_msg("%s grew by %g, not 10", counters[i], metric(counters[i]) - before[i]);
    const char *const refused =
        "clientele_http_request_duration_seconds_count{method=\"\",route=\"unmatched\",status=\"404\"} ";
    double unmatched = metric(refused);
    assert_int_equal(clti_test_get(demo.client, "/nothing", NULL)->status, 404);
    assert_true(metric(refused) == unmatched + 1);
}

static void test_metrics_can_be_closed(void **state) {
    (void)state;
    scene closed;
    scene_open(&closed, scene_demo_store(), CLTI_TEST_WORDS("--metrics=off"));
    scene_expect_fault(clti_test_get(closed.client, "/metrics", NULL), 404, 1000, NULL, "--metrics=off");
    scene_close(&closed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_count_is_given_when_it_is_preferred),
        cmocka_unit_test(test_pages_after_the_first_do_not_say_where_they_stand),
        cmocka_unit_test(test_an_unchanged_page_is_not_sent_again),
        cmocka_unit_test(test_another_query_and_another_partner_have_other_tags),
        cmocka_unit_test(test_lists_may_come_in_several_lines_and_values_with_blanks),
        cmocka_unit_test(test_wrong_input_stays_wrong_whatever_the_tag),
        cmocka_unit_test(test_gzip_is_given_to_those_who_take_it),
        cmocka_unit_test(test_a_peer_on_this_machine_gets_plain_bodies_by_default),
        cmocka_unit_test(test_health_and_readiness_need_no_token),
        cmocka_unit_test(test_metrics_count_requests_tokens_and_store_operations),
        cmocka_unit_test(test_metrics_can_be_closed),
        cmocka_unit_test(test_a_changed_list_has_another_tag), /* last: it changes the list */
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
