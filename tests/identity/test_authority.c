#include "fixture.h"
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static identity_fixture shared; /* accepts the graph audience */
static clti_identity *without_graph;

#define CORRELATION "11111111-2222-4333-8444-555555555555"
#define SECRET_FORM "s3cret+%26%20more"
#define CLIENT      "client_id=" APP "&client_secret=" SECRET_FORM
#define GRANT       "grant_type=client_credentials&"
#define FORM_V1     GRANT CLIENT "&resource=https%3A%2F%2Fapi.partnercenter.microsoft.com"
#define FORM_V2     GRANT CLIENT "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default"

/* ---- helpers ----------------------------------------------------------------------------------------- */

static json_t *parse(const clti_authority_answer *answer) {
    json_t *document = json_loadb(answer->body.data, answer->body.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    return document;
}

static json_t *ask(clti_identity *identity, clti_authority_version version, const char *tenant,
                   const char *form, const char *authorization, int *out_status) {
    const clti_token_request request = {.version = version,
                                        .tenant = clti_str(tenant),
                                        .form = clti_str(form),
                                        .authorization = clti_str(authorization),
                                        .correlation_id = fixture_guid(CORRELATION),
                                        .now = NOW};
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_token(identity, &request, &shared.arena, &answer, &fault));
    *out_status = answer.status;
    return parse(&answer);
}

static const char *text(const json_t *document, const char *name) {
    const char *value = json_string_value(json_object_get(document, name));
    if (!value)
        fail_msg("no text member %s", name);
    return value;
}

/* Asserts that the document has exactly these members. */
static void expect_members(const json_t *document, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!json_object_get(document, names[i]))
            fail_msg("member %s is missing", names[i]);
    }
    assert_int_equal(json_object_size(document), count);
}

static size_t decode(const char *encoded, size_t size, uint8_t *out) {
    size_t out_size;
    assert_true(clti_base64url_decode((clt_str){encoded, size}, out, &out_size));
    return out_size;
}

static json_t *decode_part(const char *part, size_t size) {
    uint8_t *bytes = malloc(size + 1);
    json_t *object = json_loadb((const char *)bytes, decode(part, size, bytes), JSON_REJECT_DUPLICATES, NULL);
    free(bytes);
    assert_non_null(object);
    return object;
}

static json_t *claims_of(const char *token) {
    const char *payload = strchr(token, '.') + 1;
    return decode_part(payload, (size_t)(strchr(payload, '.') - payload));
}

static json_t *keys_document(void) {
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_keys(shared.identity, NOW, &shared.arena, &answer, &fault));
    assert_int_equal(answer.status, 200);
    return parse(&answer);
}

/* ---- refusals ---------------------------------------------------------------------------------------- */

typedef struct token_case {
    const char *name;
    clti_authority_version version;
    const char *tenant;
    const char *form;
    const char *authorization;
    bool refuses_graph; /* asked of the authority that does not serve that audience */
    int status;
    const char *error; /* NULL for success */
    int code;
    const char *description; /* part of it */
} token_case;

#define V1 CLTI_AUTHORITY_V1
#define V2 CLTI_AUTHORITY_V2

/* `id:secret`, each form-encoded, then base64. */
#define BASIC_GOOD  "Basic MGYzYjlhNTQtOGQyNy00YjUyLWE2ZjUtMmM5ZDFlN2I4YTYwOnMzY3JldCslMjYrbW9yZQ=="
#define BASIC_WRONG "Basic MGYzYjlhNTQtOGQyNy00YjUyLWE2ZjUtMmM5ZDFlN2I4YTYwOndyb25n"
#define RESOURCE    "resource=https://api.partnercenter.microsoft.com"

/* A row reads best in one or two lines. */
/* clang-format off */
static const token_case CASES[] = {
    {.name = "v1_guid", .version = V1, .tenant = TENANT, .form = FORM_V1, .status = 200},
    {.name = "v1_guid_in_capitals", .version = V1, .tenant = "5B1C0A52-6F0E-4C1B-9D0F-3F6C7A1E2D40",
     .form = FORM_V1, .status = 200},
    {.name = "v1_domain", .version = V1, .tenant = DOMAIN, .form = FORM_V1, .status = 200},
    {.name = "v1_domain_in_capitals", .version = V1, .tenant = "FABRIKAM.Example", .form = FORM_V1,
     .status = 200},
    {.name = "v2_guid", .version = V2, .tenant = TENANT, .form = FORM_V2, .status = 200},
    {.name = "v1_basic", .version = V1, .tenant = TENANT, .form = GRANT RESOURCE, .authorization = BASIC_GOOD,
     .status = 200},
    {.name = "v1_basic_with_the_same_client_id", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_id=" APP, .authorization = BASIC_GOOD, .status = 200},
    {.name = "v1_slash_after_resource", .version = V1, .tenant = TENANT,
     .form = GRANT CLIENT "&" RESOURCE "/", .status = 200},
    {.name = "v1_resource_by_id", .version = V1, .tenant = TENANT,
     .form = GRANT CLIENT "&resource=fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd", .status = 200},
    {.name = "v1_graph", .version = V1, .tenant = TENANT, .form = GRANT CLIENT "&resource=" GRAPH,
     .status = 200},
    {.name = "v2_graph", .version = V2, .tenant = DOMAIN, .form = GRANT CLIENT "&scope=" GRAPH "/.default",
     .status = 200},
    {.name = "v2_graph_with_doubled_slash", .version = V2, .tenant = DOMAIN,
     .form = GRANT CLIENT "&scope=" GRAPH "//.default", .status = 200},
    {.name = "v2_with_sign_in_scopes", .version = V2, .tenant = DOMAIN,
     .form = GRANT CLIENT "&scope=openid+profile+offline_access+" GRAPH "/.default", .status = 200},
    {.name = "v1_unknown_parameters_even_twice", .version = V1, .tenant = TENANT,
     .form = FORM_V1 "&client_info=1&x-client-sku=a&x-client-sku=b&&lonely", .status = 200},
    {.name = "v1_another_authorization_scheme_is_ignored", .version = V1, .tenant = TENANT, .form = FORM_V1,
     .authorization = "Bearer abc", .status = 200},
    {.name = "no_form", .version = V1, .tenant = TENANT, .form = "", .status = 400,
     .error = "invalid_request", .code = 900144, .description = "'grant_type'"},
    {.name = "empty_grant_type", .version = V1, .tenant = TENANT, .form = "grant_type=&" CLIENT,
     .status = 400, .error = "invalid_request", .code = 900144, .description = "'grant_type'"},
    {.name = "grant_type_in_capitals", .version = V1, .tenant = TENANT,
     .form = "grant_type=CLIENT_CREDENTIALS&" CLIENT, .status = 400, .error = "unsupported_grant_type",
     .code = 70003, .description = "client_credentials"},
    {.name = "grant_password", .version = V1, .tenant = TENANT, .form = "grant_type=password&" CLIENT,
     .status = 400, .error = "unsupported_grant_type", .code = 70003,
     .description = "auth.allow_password_grant"},
    {.name = "grant_code_without_one", .version = V2, .tenant = "common",
     .form = "grant_type=authorization_code&" CLIENT, .status = 400, .error = "invalid_request",
     .code = 900144, .description = "'code'"},
    {.name = "grant_device_code_without_one", .version = V2, .tenant = TENANT,
     .form = "grant_type=urn:ietf:params:oauth:grant-type:device_code&" CLIENT, .status = 400,
     .error = "invalid_request", .code = 900144, .description = "'device_code'"},
    {.name = "grant_refresh_token_unknown", .version = V2, .tenant = TENANT,
     .form = "grant_type=refresh_token&refresh_token=x&" CLIENT, .status = 400, .error = "invalid_grant",
     .code = 70008, .description = "sign in again"},
    {.name = "bad_escape", .version = V1, .tenant = TENANT, .form = FORM_V1 "&x=%zz", .status = 400,
     .error = "invalid_request", .code = 90013, .description = "x-www-form-urlencoded"},
    {.name = "cut_escape", .version = V1, .tenant = TENANT, .form = FORM_V1 "&client_secre%7", .status = 400,
     .error = "invalid_request", .code = 90013, .description = "x-www-form-urlencoded"},
    {.name = "grant_type_twice", .version = V1, .tenant = TENANT, .form = GRANT FORM_V1, .status = 400,
     .error = "invalid_request", .code = 9000411, .description = "'grant_type'"},
    {.name = "client_id_twice_once_encoded", .version = V1, .tenant = TENANT,
     .form = FORM_V1 "&client%5Fid=" APP, .status = 400, .error = "invalid_request", .code = 9000411,
     .description = "'client_id'"},
    {.name = "client_secret_twice", .version = V1, .tenant = TENANT, .form = FORM_V1 "&client_secret",
     .status = 400, .error = "invalid_request", .code = 9000411, .description = "'client_secret'"},
    {.name = "resource_twice", .version = V1, .tenant = TENANT, .form = FORM_V1 "&" RESOURCE, .status = 400,
     .error = "invalid_request", .code = 9000411, .description = "'resource'"},
    {.name = "scope_twice", .version = V2, .tenant = TENANT, .form = FORM_V2 "&scope=x", .status = 400,
     .error = "invalid_request", .code = 9000411, .description = "'scope'"},
    {.name = "tenant_unknown_guid", .version = V1, .tenant = "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d41",
     .form = FORM_V1, .status = 400, .error = "invalid_request", .code = 90002, .description = "tenant"},
    {.name = "tenant_unknown_domain", .version = V2, .tenant = "unknown.example", .form = FORM_V2,
     .status = 400, .error = "invalid_request", .code = 90002, .description = "tenant"},
    {.name = "tenant_empty", .version = V2, .tenant = "", .form = FORM_V2, .status = 400,
     .error = "invalid_request", .code = 90002, .description = "tenant"},
    {.name = "tenant_not_utf8", .version = V2, .tenant = "\xff\xfe", .form = FORM_V2, .status = 400,
     .error = "invalid_request", .code = 90002, .description = "tenant"},
    {.name = "tenant_common", .version = V1, .tenant = "common", .form = FORM_V1, .status = 400,
     .error = "invalid_request", .code = 50059, .description = "name the tenant"},
    {.name = "tenant_organizations", .version = V2, .tenant = "Organizations", .form = FORM_V2, .status = 400,
     .error = "invalid_request", .code = 50059, .description = "name the tenant"},
    {.name = "client_id_missing", .version = V1, .tenant = TENANT, .form = GRANT RESOURCE "&client_secret=x",
     .status = 400, .error = "invalid_request", .code = 900144, .description = "'client_id'"},
    {.name = "client_secret_missing", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_id=" APP, .status = 401, .error = "invalid_client", .code = 7000218,
     .description = "'client_secret'"},
    {.name = "client_secret_wrong", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_secret=wrong&client_id=" APP, .status = 401, .error = "invalid_client",
     .code = 7000215, .description = "client_secret"},
    {.name = "client_secret_in_other_case", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_secret=S3CRET+%26%20more&client_id=" APP, .status = 401,
     .error = "invalid_client", .code = 7000215, .description = "client_secret"},
    {.name = "client_of_another_partner", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_secret=" SECRET_FORM "&client_id=" OTHER_APP, .status = 401,
     .error = "invalid_client", .code = 7000215, .description = "client_secret"},
    {.name = "client_id_no_guid", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_secret=" SECRET_FORM "&client_id=me", .status = 401,
     .error = "invalid_client", .code = 7000215, .description = "client_secret"},
    {.name = "basic_wrong_secret", .version = V1, .tenant = TENANT, .form = GRANT RESOURCE,
     .authorization = BASIC_WRONG, .status = 401, .error = "invalid_client", .code = 7000215,
     .description = "client_secret"},
    {.name = "basic_not_base64", .version = V1, .tenant = TENANT, .form = GRANT RESOURCE,
     .authorization = "Basic ***", .status = 401, .error = "invalid_client", .code = 7000215,
     .description = "client_secret"},
    {.name = "basic_without_colon", .version = V1, .tenant = TENANT, .form = GRANT RESOURCE,
     .authorization = "Basic YWJj", .status = 401, .error = "invalid_client", .code = 7000215,
     .description = "client_secret"},
    {.name = "basic_empty", .version = V1, .tenant = TENANT, .form = GRANT RESOURCE, .authorization = "Basic",
     .status = 401, .error = "invalid_client", .code = 7000215, .description = "client_secret"},
    {.name = "basic_and_form", .version = V1, .tenant = TENANT, .form = FORM_V1, .authorization = BASIC_GOOD,
     .status = 400, .error = "invalid_request", .code = 90013, .description = "not both"},
    {.name = "basic_and_another_client_id", .version = V1, .tenant = TENANT,
     .form = GRANT RESOURCE "&client_id=" OTHER_APP, .authorization = BASIC_GOOD, .status = 400,
     .error = "invalid_request", .code = 90013, .description = "'client_id'"},
    {.name = "v1_resource_missing", .version = V1, .tenant = TENANT, .form = GRANT CLIENT, .status = 400,
     .error = "invalid_resource", .code = 500011, .description = "'resource'"},
    {.name = "v1_scope_instead_of_resource", .version = V1, .tenant = TENANT, .form = FORM_V2, .status = 400,
     .error = "invalid_resource", .code = 500011, .description = "'resource'"},
    {.name = "v1_resource_unknown", .version = V1, .tenant = TENANT,
     .form = GRANT CLIENT "&resource=https://graph.microsoft.com", .status = 400, .error = "invalid_resource",
     .code = 500011, .description = "resource="},
    {.name = "v1_graph_refused", .version = V1, .tenant = TENANT, .form = GRANT CLIENT "&resource=" GRAPH,
     .refuses_graph = true, .status = 400, .error = "invalid_resource", .code = 500011,
     .description = "resource="},
    {.name = "v2_scope_missing", .version = V2, .tenant = TENANT, .form = GRANT CLIENT, .status = 400,
     .error = "invalid_scope", .code = 70011, .description = "'scope'"},
    {.name = "v2_scope_without_default", .version = V2, .tenant = TENANT, .form = GRANT CLIENT "&scope=" API,
     .status = 400, .error = "invalid_scope", .code = 70011, .description = "scope="},
    {.name = "v2_scope_default_alone", .version = V2, .tenant = TENANT,
     .form = GRANT CLIENT "&scope=/.default", .status = 400, .error = "invalid_scope", .code = 70011,
     .description = "scope="},
    {.name = "v2_scope_for_users", .version = V2, .tenant = TENANT,
     .form = GRANT CLIENT "&scope=" API "/user_impersonation", .status = 400, .error = "invalid_scope",
     .code = 70011, .description = "scope="},
    {.name = "v2_two_scopes", .version = V2, .tenant = TENANT,
     .form = GRANT CLIENT "&scope=" API "/.default+" GRAPH "/.default", .status = 400,
     .error = "invalid_scope", .code = 70011, .description = "scope="},
    {.name = "v2_only_sign_in_scopes", .version = V2, .tenant = TENANT, .form = GRANT CLIENT "&scope=openid",
     .status = 400, .error = "invalid_scope", .code = 70011, .description = "scope="},
    {.name = "v2_graph_refused", .version = V2, .tenant = TENANT,
     .form = GRANT CLIENT "&scope=" GRAPH "/.default", .refuses_graph = true, .status = 400,
     .error = "invalid_scope", .code = 70011, .description = "scope="},
};
/* clang-format on */

static void expect_error(const json_t *document, const token_case *row) {
    static const char *const MEMBERS[] = {"error",     "error_description", "error_codes",
                                          "timestamp", "trace_id",          "correlation_id"};
    expect_members(document, MEMBERS, CLTI_COUNT(MEMBERS));
    assert_string_equal(text(document, "error"), row->error);
    assert_non_null(strstr(text(document, "error_description"), row->description));
    assert_string_equal(text(document, "timestamp"), "2027-01-15 08:00:00Z");
    assert_string_equal(text(document, "correlation_id"), CORRELATION);
    assert_string_not_equal(text(document, "trace_id"), CORRELATION);
    fixture_guid(text(document, "trace_id"));
    const json_t *codes = json_object_get(document, "error_codes");
    assert_int_equal(json_array_size(codes), 1);
    assert_int_equal(json_integer_value(json_array_get(codes, 0)), row->code);
}

static void test_token_request(void **state) {
    const token_case *row = *state;
    int status;
    json_t *document = ask(row->refuses_graph ? without_graph : shared.identity, row->version, row->tenant,
                           row->form, row->authorization, &status);
    assert_int_equal(status, row->status);
    if (row->error) {
        expect_error(document, row);
    } else {
        clti_caller caller;
        clti_fault fault;
        assert_true(fixture_verify(&shared, NULL, text(document, "access_token"), NOW, &caller, &fault));
        assert_true(clti_guid_equal(caller.partner, fixture_guid(TENANT)));
        assert_true(clti_guid_equal(caller.application, fixture_guid(APP)));
        assert_false(caller.has_user);
        assert_int_equal(caller.not_after, NOW + 3600);
    }
    json_decref(document);
}

/* ---- what is answered -------------------------------------------------------------------------------- */

static void test_v1_answers_numbers_as_strings(void **state) {
    (void)state;
    static const char *const MEMBERS[] = {"token_type", "access_token", "expires_in", "ext_expires_in",
                                          "expires_on", "not_before",   "resource"};
    int status;
    json_t *answer = ask(shared.identity, V1, DOMAIN, FORM_V1, NULL, &status);
    expect_members(answer, MEMBERS, CLTI_COUNT(MEMBERS));
    assert_string_equal(text(answer, "token_type"), "Bearer");
    assert_string_equal(text(answer, "expires_in"), "3600");
    assert_string_equal(text(answer, "ext_expires_in"), "3600");
    assert_string_equal(text(answer, "expires_on"), "1800003600");
    assert_string_equal(text(answer, "not_before"), "1800000000");
    assert_string_equal(text(answer, "resource"), API);
    json_decref(answer);
}

static void test_v2_answers_numbers_as_numbers(void **state) {
    (void)state;
    static const char *const MEMBERS[] = {"token_type", "access_token", "expires_in", "ext_expires_in",
                                          "scope"};
    int status;
    json_t *answer = ask(shared.identity, V2, DOMAIN, FORM_V2, NULL, &status);
    expect_members(answer, MEMBERS, CLTI_COUNT(MEMBERS));
    assert_string_equal(text(answer, "token_type"), "Bearer");
    assert_int_equal(json_integer_value(json_object_get(answer, "expires_in")), 3600);
    assert_int_equal(json_integer_value(json_object_get(answer, "ext_expires_in")), 3600);
    assert_string_equal(text(answer, "scope"), API "/.default");
    json_decref(answer);
}

static void expect_claims(clti_authority_version version) {
    static const char *const V1_MEMBERS[] = {"aud",      "iss", "iat", "nbf", "exp", "appid",
                                             "appidacr", "idp", "sub", "tid", "uti", "ver"};
    static const char *const V2_MEMBERS[] = {"aud",    "iss", "iat", "nbf", "exp", "azp",
                                             "azpacr", "idp", "sub", "tid", "uti", "ver"};
    const bool is_v2 = version == V2;
    int status;
    json_t *answer = ask(shared.identity, version, DOMAIN, is_v2 ? FORM_V2 : FORM_V1, NULL, &status);
    json_t *claims = claims_of(text(answer, "access_token"));
    expect_members(claims, is_v2 ? V2_MEMBERS : V1_MEMBERS, CLTI_COUNT(V1_MEMBERS));
    assert_string_equal(text(claims, "aud"), API);
    assert_string_equal(text(claims, "iss"), is_v2 ? URL "/" TENANT "/v2.0" : URL "/" TENANT "/");
    assert_string_equal(text(claims, "tid"), TENANT);
    assert_string_equal(text(claims, is_v2 ? "azp" : "appid"), APP);
    assert_string_equal(text(claims, is_v2 ? "azpacr" : "appidacr"), "1");
    assert_string_equal(text(claims, "ver"), is_v2 ? "2.0" : "1.0");
    assert_int_equal(json_integer_value(json_object_get(claims, "iat")), NOW);
    assert_int_equal(json_integer_value(json_object_get(claims, "nbf")), NOW);
    assert_int_equal(json_integer_value(json_object_get(claims, "exp")), NOW + 3600);
    fixture_guid(text(claims, "sub"));
    json_decref(claims);
    json_decref(answer);
}

static void test_claims_of_a_v1_token(void **state) {
    (void)state;
    expect_claims(V1);
}

static void test_claims_of_a_v2_token(void **state) {
    (void)state;
    expect_claims(V2);
}

static void test_no_two_tokens_have_the_same_id(void **state) {
    (void)state;
    int status;
    json_t *one = ask(shared.identity, V1, TENANT, FORM_V1, NULL, &status);
    json_t *two = ask(shared.identity, V1, TENANT, FORM_V1, NULL, &status);
    json_t *claims_one = claims_of(text(one, "access_token"));
    json_t *claims_two = claims_of(text(two, "access_token"));
    assert_string_not_equal(text(claims_one, "uti"), text(claims_two, "uti"));
    assert_string_equal(text(claims_one, "sub"), text(claims_two, "sub"));
    json_decref(claims_one);
    json_decref(claims_two);
    json_decref(one);
    json_decref(two);
}

static void test_unknown_client_and_wrong_secret_are_answered_alike(void **state) {
    (void)state;
    static const char *const FORMS[] = {
        GRANT RESOURCE "&client_secret=wrong&client_id=" APP,
        GRANT RESOURCE "&client_secret=" SECRET_FORM "&client_id=00000000-0000-4000-8000-000000000000",
        GRANT RESOURCE "&client_secret=" SECRET_FORM "&client_id=00000000-0000-0000-0000-000000000000",
        GRANT RESOURCE "&client_secret=" SECRET_FORM "&client_id=" OTHER_APP,
        GRANT RESOURCE "&client_secret=" SECRET_FORM "&client_id=nobody",
    };
    json_t *first = NULL;
    for (size_t i = 0; i < CLTI_COUNT(FORMS); i++) {
        int status;
        const unsigned before = atomic_load(&shared.spy.application_finds);
        json_t *answer = ask(shared.identity, V1, TENANT, FORMS[i], NULL, &status);
        assert_int_equal(status, 401);
        assert_int_equal(atomic_load(&shared.spy.application_finds), before + 1); /* the same work */
        assert_int_equal(json_object_del(answer, "trace_id"), 0);
        if (!first)
            first = json_incref(answer);
        assert_true(json_equal(first, answer));
        json_decref(answer);
    }
    json_decref(first);
}

static void test_a_failing_store_is_no_answer(void **state) {
    (void)state;
    const clti_token_request request = {
        .version = V1, .tenant = CLTI_STR(TENANT), .form = CLTI_STR(FORM_V1), .now = NOW};
    clti_authority_answer answer;
    clti_fault fault;
    shared.spy.fails = true;
    const bool ok = clti_authority_token(shared.identity, &request, &shared.arena, &answer, &fault);
    shared.spy.fails = false;
    assert_false(ok);
    assert_int_equal(fault.code, CLTI_FAULT_STORE_FAILED);
}

/* ---- keys -------------------------------------------------------------------------------------------- */

static BIGNUM *number_of(const json_t *jwk, const char *name) {
    const char *encoded = text(jwk, name);
    uint8_t bytes[1024];
    assert_true(strlen(encoded) < sizeof bytes);
    return BN_bin2bn(bytes, (int)decode(encoded, strlen(encoded), bytes), NULL);
}

/* From n and e alone, as any client would. */
static EVP_PKEY *public_key_of(const json_t *jwk) {
    BIGNUM *modulus = number_of(jwk, "n");
    BIGNUM *exponent = number_of(jwk, "e");
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    assert_int_equal(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent), 1);
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

static const json_t *find_key(const json_t *document, const char *id) {
    size_t i;
    json_t *key;
    json_array_foreach(json_object_get(document, "keys"), i, key) {
        if (strcmp(text(key, "kid"), id) == 0)
            return key;
    }
    return NULL;
}

static bool verifies(const json_t *jwk, const char *token) {
    const char *signature = strrchr(token, '.') + 1;
    uint8_t bytes[1024];
    const size_t size = decode(signature, strlen(signature), bytes);
    EVP_PKEY *key = public_key_of(jwk);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL), 1);
    const int result =
        EVP_DigestVerify(context, bytes, size, (const uint8_t *)token, (size_t)(signature - 1 - token));
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return result == 1;
}

static void test_openssl_verifies_an_issued_token_by_the_published_key(void **state) {
    (void)state;
    int status;
    json_t *answer = ask(shared.identity, V2, TENANT, FORM_V2, NULL, &status);
    const char *token = text(answer, "access_token");
    json_t *header = decode_part(token, (size_t)(strchr(token, '.') - token));
    static const char *const MEMBERS[] = {"typ", "alg", "kid"};
    expect_members(header, MEMBERS, CLTI_COUNT(MEMBERS));
    assert_string_equal(text(header, "typ"), "JWT");
    assert_string_equal(text(header, "alg"), "RS256");
    json_t *document = keys_document();
    assert_true(verifies(find_key(document, text(header, "kid")), token));
    json_decref(document);
    json_decref(header);
    json_decref(answer);
}

static void test_published_keys_have_no_private_member(void **state) {
    (void)state;
    static const char *const MEMBERS[] = {"kty", "use", "alg", "kid", "n", "e"};
    clti_fault fault;
    assert_true(clti_identity_make_key(shared.store, NOW - 1, &fault));
    json_t *document = keys_document();
    assert_int_equal(json_object_size(document), 1);
    size_t i;
    json_t *key;
    assert_true(json_array_size(json_object_get(document, "keys")) >= 2);
    json_array_foreach(json_object_get(document, "keys"), i, key) {
        expect_members(key, MEMBERS, CLTI_COUNT(MEMBERS));
        assert_string_equal(text(key, "kty"), "RSA");
        assert_string_equal(text(key, "use"), "sig");
        assert_string_equal(text(key, "alg"), "RS256");
        assert_int_equal(strlen(text(key, "n")), 342); /* 2048 bits */
        assert_string_equal(text(key, "e"), "AQAB");
    }
    json_decref(document);
}

/* ---- discovery --------------------------------------------------------------------------------------- */

static json_t *discover(clti_authority_version version, const char *tenant, int want_status) {
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_discovery(shared.identity, version, clti_str(tenant), CLTI_STR("evil.example"),
                                         &shared.arena, &answer, &fault));
    assert_int_equal(answer.status, want_status);
    return parse(&answer);
}

static void expect_discovery(clti_authority_version version, const char *tenant, const char *issuer,
                             const char *token_endpoint, const char *jwks_uri) {
    static const char *const MEMBERS[] = {"issuer",
                                          "authorization_endpoint",
                                          "token_endpoint",
                                          "device_authorization_endpoint",
                                          "end_session_endpoint",
                                          "revocation_endpoint",
                                          "jwks_uri",
                                          "response_types_supported",
                                          "response_modes_supported",
                                          "subject_types_supported",
                                          "id_token_signing_alg_values_supported",
                                          "code_challenge_methods_supported",
                                          "scopes_supported",
                                          "token_endpoint_auth_methods_supported",
                                          "grant_types_supported",
                                          "claims_supported"};
    json_t *document = discover(version, tenant, 200);
    expect_members(document, MEMBERS, CLTI_COUNT(MEMBERS));
    assert_string_equal(text(document, "issuer"), issuer);
    assert_string_equal(text(document, "token_endpoint"), token_endpoint);
    assert_string_equal(text(document, "jwks_uri"), jwks_uri);
    json_decref(document);
}

static void test_discovery_by_guid_and_domain_gives_the_same_issuer(void **state) {
    (void)state;
    static const char *const TENANTS[] = {TENANT, "{" TENANT "}", DOMAIN, "Fabrikam.EXAMPLE"};
    for (size_t i = 0; i < CLTI_COUNT(TENANTS); i++) {
        expect_discovery(V1, TENANTS[i], URL "/" TENANT "/", URL "/" TENANT "/oauth2/token",
                         URL "/common/discovery/keys");
        expect_discovery(V2, TENANTS[i], URL "/" TENANT "/v2.0", URL "/" TENANT "/oauth2/v2.0/token",
                         URL "/common/discovery/v2.0/keys");
    }
}

static void test_discovery_without_a_tenant_has_a_placeholder(void **state) {
    (void)state;
    static const char *const TENANTS[] = {"common", "Common", "organizations"};
    for (size_t i = 0; i < CLTI_COUNT(TENANTS); i++) {
        expect_discovery(V1, TENANTS[i], URL "/{tenantid}/", URL "/common/oauth2/token",
                         URL "/common/discovery/keys");
        expect_discovery(V2, TENANTS[i], URL "/{tenantid}/v2.0", URL "/common/oauth2/v2.0/token",
                         URL "/common/discovery/v2.0/keys");
    }
}

static void test_discovery_of_an_unknown_tenant_is_refused(void **state) {
    (void)state;
    json_t *document = discover(V2, "nobody.example", 400);
    assert_string_equal(text(document, "error"), "invalid_request");
    json_decref(document);
}

static void test_instance_discovery_names_our_host(void **state) {
    (void)state;
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(
        clti_authority_instance(shared.identity, CLTI_STR("evil.example"), &shared.arena, &answer, &fault));
    assert_int_equal(answer.status, 200);
    static const char WANT[] =
        "{\"tenant_discovery_endpoint\":\"" URL "/common/v2.0/.well-known/openid-configuration\","
        "\"api-version\":\"1.1\",\"metadata\":[{\"preferred_network\":\"login.example:8484\","
        "\"preferred_cache\":\"login.example:8484\",\"aliases\":[\"login.example:8484\"]}]}";
    assert_int_equal(answer.body.size, strlen(WANT));
    assert_memory_equal(answer.body.data, WANT, strlen(WANT));
}

static void test_only_listed_hosts_get_endpoints_of_their_own(void **state) {
    (void)state;
    static const struct {
        const char *host, *address;
    } ROWS[] = {
        {"localhost:8484", "https://localhost:8484"},
        {"LocalHost:8484", "https://localhost:8484"},
        {"localhost", "https://localhost"},
        {"[::1]:8484", "https://[::1]:8484"},
        {"login.microsoftonline.com", "https://login.microsoftonline.com"},
        {"localhost:8485", URL},
        {"localhost:84840", URL},
        {"localhost:", URL},
        {"localhost:8484/x", URL},
        {"localhost:8484@evil.example", URL},
        {"localhost.evil.example", URL},
        {"evil.example", URL},
        {"localhos", URL},
        {"localhost,[::1]", URL},
        {",", URL},
        {"", URL},
    };
    const clti_identity_options options = {.store = shared.store,
                                           .public_url = URL,
                                           .hosts = CLTI_STR("localhost, [::1],,login.microsoftonline.com"),
                                           .own_scheme = "https",
                                           .own_port = 8484};
    clti_identity *identity;
    clti_fault fault;
    assert_true(clti_identity_new(&options, &identity, &fault));
    for (size_t i = 0; i < CLTI_COUNT(ROWS); i++) {
        clti_authority_answer answer;
        assert_true(clti_authority_discovery(identity, CLTI_AUTHORITY_V2, CLTI_STR(TENANT),
                                             clti_str(ROWS[i].host), &shared.arena, &answer, &fault));
        json_t *document = json_loadb(answer.body.data, answer.body.size, 0, NULL);
        assert_string_equal(text(document, "issuer"), URL "/" TENANT "/v2.0");
        const clt_str want =
            clti_arena_format(&shared.arena, "%s/" TENANT "/oauth2/v2.0/token", ROWS[i].address);
        assert_string_equal(text(document, "token_endpoint"), want.data);
        json_decref(document);
        assert_true(
            clti_authority_instance(identity, clti_str(ROWS[i].host), &shared.arena, &answer, &fault));
        document = json_loadb(answer.body.data, answer.body.size, 0, NULL);
        assert_true(clti_str_starts_with(clti_str(text(document, "tenant_discovery_endpoint")),
                                         clti_str(ROWS[i].address)));
        json_decref(document);
    }
    clti_identity_free(identity);
}

static int set_up(void **state) {
    (void)state;
    fixture_init(&shared, true);
    const clti_identity_options options = {.store = shared.store, .public_url = URL};
    clti_fault fault;
    return clti_identity_new(&options, &without_graph, &fault) ? 0 : 1;
}

static int tear_down(void **state) {
    (void)state;
    clti_identity_free(without_graph);
    fixture_done(&shared);
    return 0;
}

int main(void) {
    static const struct CMUnitTest PLAIN[] = {
        cmocka_unit_test(test_v1_answers_numbers_as_strings),
        cmocka_unit_test(test_v2_answers_numbers_as_numbers),
        cmocka_unit_test(test_claims_of_a_v1_token),
        cmocka_unit_test(test_claims_of_a_v2_token),
        cmocka_unit_test(test_no_two_tokens_have_the_same_id),
        cmocka_unit_test(test_unknown_client_and_wrong_secret_are_answered_alike),
        cmocka_unit_test(test_a_failing_store_is_no_answer),
        cmocka_unit_test(test_openssl_verifies_an_issued_token_by_the_published_key),
        cmocka_unit_test(test_published_keys_have_no_private_member),
        cmocka_unit_test(test_discovery_by_guid_and_domain_gives_the_same_issuer),
        cmocka_unit_test(test_discovery_without_a_tenant_has_a_placeholder),
        cmocka_unit_test(test_discovery_of_an_unknown_tenant_is_refused),
        cmocka_unit_test(test_instance_discovery_names_our_host),
        cmocka_unit_test(test_only_listed_hosts_get_endpoints_of_their_own),
    };
    static struct CMUnitTest tests[CLTI_COUNT(PLAIN) + CLTI_COUNT(CASES)];
    static clti_arena names;                   /* live until the end */
    static token_case rows[CLTI_COUNT(CASES)]; /* cmocka wants the state writable */
    memcpy(tests, PLAIN, sizeof PLAIN);
    memcpy(rows, CASES, sizeof CASES);
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++) {
        const clt_str name = clti_arena_format(&names, "test_token_request_%s_%s",
                                               rows[i].error ? "refuses" : "grants", rows[i].name);
        tests[CLTI_COUNT(PLAIN) + i] = (struct CMUnitTest){
            .name = name.data, .test_func = test_token_request, .initial_state = &rows[i]};
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
