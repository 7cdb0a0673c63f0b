/* libclientele as a user against clienteled's own authority: device code, refresh tokens that rotate, and
 * what becomes of one that is used twice. */
#include "sdk_partner.h"

#include <stdio.h>
#include <stdlib.h>

/* The demo's public application. */
#define PUBLIC_APP "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

static scene demo;
static char base_url[80];

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), NULL);
    snprintf(base_url, sizeof base_url, "http://%s", demo.server.address);
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    return scene_group_teardown(state);
}

/* ---- the user, at the page ----------------------------------------------------------------------------- */

/* What stands between `before` and the next `end`. The caller's. */
static char *cut(const char *text, const char *before, char end) {
    const char *from = strstr(text, before);
    assert_non_null(from);
    from += strlen(before);
    const char *to = strchr(from, end);
    assert_non_null(to);
    return strndup(from, (size_t)(to - from));
}

typedef struct person {
    int asked;
    bool declines;
    char uri[128];
} person;

static void open_page_and_answer(void *user, const clt_device_code *code) {
    person *who = user;
    char *target, *form, *header;
    clti_test_client *browser = clti_test_client_new(&demo.server);
    who->asked++;
    snprintf(who->uri, sizeof who->uri, "%s", code->verification_uri.data);
    assert_true(asprintf(&target, "/devicelogin?user_code=%s", code->user_code.data) > 0);
    const clti_test_response *page = clti_test_get(browser, target, NULL);
    assert_int_equal(page->status, 200);
    char *proof = cut(page->body, "name=\"form\" value=\"", '"'),
         *cookie = cut(page->headers, "Set-Cookie: ", ';');
    assert_true(asprintf(&header, "Cookie: %s", cookie) > 0);
    assert_true(
        asprintf(&form, "form=%s&%s", proof,
                 who->declines
                     ? "decline=1"
                     : "username=admin%40fabrikam.example&password=demo-password-not-for-production") > 0);
    page = clti_test_send(
        browser, &(clti_test_request){
                     .target = target,
                     .body = form,
                     .headers = CLTI_TEST_WORDS(header, "Content-Type: application/x-www-form-urlencoded")});
    assert_int_equal(page->status, 200);
    free(header);
    free(form);
    free(cookie);
    free(proof);
    free(target);
    clti_test_client_free(browser);
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

typedef struct kept {
    int count;
    char refresh[256];
} kept;

static void keep(void *user, const clt_token *token) {
    kept *own = user;
    own->count++;
    snprintf(own->refresh, sizeof own->refresh, "%s", token->refresh_token.data);
}

/* Takes the credentials. */
static clt_partner *partner_of(clt_credentials *credentials, kept *tokens) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_partner *partner = NULL;
    clt_error *err = NULL;
    options.base_url = base_url;
    clt_credentials_on_issued(credentials, keep, tokens);
    sdk_expect_ok(clt_partner_create(&options, credentials, &partner, &err), &err);
    clt_credentials_free(credentials);
    return partner;
}

static clt_partner *by_refresh_token(const char *token, kept *tokens) {
    clt_credentials *credentials = NULL;
    clt_error *err = NULL;
    sdk_expect_ok(
        clt_credentials_refresh_token("fabrikam.example", PUBLIC_APP, NULL, token, &credentials, &err), &err);
    return partner_of(credentials, tokens);
}

static clt_partner *by_device_code(person *who, kept *tokens) {
    clt_credentials *credentials = NULL;
    clt_error *err = NULL;
    sdk_expect_ok(clt_credentials_device_code("fabrikam.example", PUBLIC_APP, open_page_and_answer, who,
                                              &credentials, &err),
                  &err);
    return partner_of(credentials, tokens);
}

/* Relationships need a user. */
static clt_status ask_as_user(clt_partner *partner, clt_error **err) {
    const clt_relationships *found = NULL;
    const clt_status status =
        clt_relationships_get(partner, CLT_RELATIONSHIP_PROVIDERS, NULL, NULL, &found, err);
    clt_relationships_free(found);
    return status;
}

static void test_user_signs_in_with_a_device_code_and_refresh_tokens_rotate(void **state) {
    (void)state;
    person who = {0};
    kept first = {0}, second = {0}, third = {0};
    clt_error *err = NULL;
    char page[128];
    clt_partner *partner = by_device_code(&who, &first);
    sdk_expect_ok(ask_as_user(partner, &err), &err);
    sdk_expect_ok(ask_as_user(partner, &err), &err);
    snprintf(page, sizeof page, "%s/devicelogin", base_url);
    assert_string_equal(who.uri, page);
    assert_int_equal(who.asked, 1);
    assert_int_equal(first.count, 1);
    clt_partner_free(partner);

    partner = by_refresh_token(first.refresh, &second);
    sdk_expect_ok(ask_as_user(partner, &err), &err);
    assert_string_not_equal(second.refresh, first.refresh);
    clt_partner_free(partner);

    /* Used again: somebody has stolen one of them, so both are void. */
    partner = by_refresh_token(first.refresh, &third);
    sdk_expect_error(ask_as_user(partner, &err), &err, CLT_ERR_UNAUTHORIZED);
    clt_partner_free(partner);
    partner = by_refresh_token(second.refresh, &third);
    sdk_expect_error(ask_as_user(partner, &err), &err, CLT_ERR_UNAUTHORIZED);
    assert_int_equal(third.count, 0);
    clt_partner_free(partner);
}

static void test_user_who_declines_lets_no_device_in(void **state) {
    (void)state;
    person who = {.declines = true};
    kept tokens = {0};
    clt_error *err = NULL;
    clt_partner *partner = by_device_code(&who, &tokens);
    sdk_expect_error(ask_as_user(partner, &err), &err, CLT_ERR_UNAUTHORIZED);
    assert_int_equal(tokens.count, 0);
    clt_partner_free(partner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_user_signs_in_with_a_device_code_and_refresh_tokens_rotate),
        cmocka_unit_test(test_user_who_declines_lets_no_device_in),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
