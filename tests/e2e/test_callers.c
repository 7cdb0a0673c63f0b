/* Who may call, with which token, and what each partner sees. */
#include "scene.h"

#include "identity/identity.h"

#include <jose/jose.h>
#include <jose/openssl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LIST  "/v1/customers"
#define API   "https://api.partnercenter.microsoft.com"
#define APP   "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
#define GRAPH "https://graph.windows.net"

static scene demo;
static clti_test_client *northwind;
static clti_arena arena;
static json_t *genuine_header, *genuine_claims;
static EVP_PKEY *key, *foreign_key;

/* ---- tokens made by hand ------------------------------------------------------------------------------- */

static json_t *decode_part(const char *part, size_t size) {
    uint8_t *bytes = clti_arena_alloc(&arena, size + 1);
    size_t decoded;
    assert_true(bytes && clti_base64url_decode((clt_str){part, size}, bytes, &decoded));
    json_t *json = json_loadb((const char *)bytes, decoded, 0, NULL);
    assert_non_null(json);
    return json;
}

static const char *encode(const void *bytes, size_t size) {
    clti_buf text;
    clt_str copy;
    clti_buf_init(&text, 64 * 1024);
    clti_base64url_encode(bytes, size, &text);
    assert_true(clti_buf_ok(&text) && clti_arena_copy(&arena, clti_buf_str(&text), &copy));
    clti_buf_done(&text);
    return copy.data ? copy.data : "";
}

static const char *encode_json(const json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT);
    const char *encoded = encode(text, strlen(text));
    free(text);
    return encoded;
}

/* A copy of `base` with the members of `overrides` (JSON or NULL); null removes. */
static json_t *changed(const json_t *base, const char *overrides) {
    json_t *copy = json_deep_copy(base), *extra = json_loads(overrides ? overrides : "{}", 0, NULL), *value;
    const char *name;
    assert_non_null(extra);
    json_object_foreach(extra, name, value) {
        assert_int_equal(
            json_is_null(value) ? json_object_del(copy, name) : json_object_set(copy, name, value), 0);
    }
    json_decref(extra);
    return copy;
}

static const char *signing_input(const char *header_overrides, const char *claim_overrides) {
    json_t *header = changed(genuine_header, header_overrides),
           *claims = changed(genuine_claims, claim_overrides);
    const char *input = clti_arena_format(&arena, "%s.%s", encode_json(header), encode_json(claims)).data;
    json_decref(header);
    json_decref(claims);
    return input;
}

static const char *sign(EVP_PKEY *with, const char *digest, const char *header_overrides,
                        const char *claim_overrides) {
    const char *input = signing_input(header_overrides, claim_overrides);
    uint8_t signature[1024];
    size_t size = sizeof(signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, with, NULL), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &size, (const uint8_t *)input, strlen(input)), 1);
    EVP_MD_CTX_free(context);
    return clti_arena_format(&arena, "%s.%s", input, encode(signature, size)).data;
}

/* HS256 with some form of the public key as secret. */
static const char *sign_with_secret(const void *secret, size_t secret_size, const char *header_overrides) {
    const char *input = signing_input(header_overrides, NULL);
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned size;
    assert_non_null(
        HMAC(EVP_sha256(), secret, (int)secret_size, (const uint8_t *)input, strlen(input), mac, &size));
    return clti_arena_format(&arena, "%s.%s", input, encode(mac, size)).data;
}

static EVP_PKEY *stored_key(const char *folder) {
    const clti_store_options options = scene_store_options(folder);
    clti_store *store;
    clti_fault fault;
    clti_signing_key *keys;
    size_t count;
    assert_true(clti_store_open(&options, &store, &fault));
    assert_true(clti_store_signing_keys(store, &arena, &keys, &count, &fault));
    assert_true(count > 0);
    json_t *jwk = json_loadb(keys[0].private_jwk.data, keys[0].private_jwk.size, 0, NULL);
    EVP_PKEY *found = jose_openssl_jwk_to_EVP_PKEY(NULL, jwk);
    json_decref(jwk);
    clti_store_close(store);
    assert_non_null(found);
    return found;
}

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), NULL);
    northwind = clti_test_client_new(&demo.server);
    clti_test_sign_in(northwind, NORTHWIND, NORTHWIND_APP);
    const char *token = clti_test_client_token(demo.client), *dot = strchr(token, '.');
    genuine_header = decode_part(token, (size_t)(dot - token));
    genuine_claims = decode_part(dot + 1, strcspn(dot + 1, "."));
    key = stored_key(demo.folder);
    foreign_key = EVP_RSA_gen(2048);
    return foreign_key ? 0 : -1;
}

static int teardown(void **state) {
    EVP_PKEY_free(key);
    EVP_PKEY_free(foreign_key);
    json_decref(genuine_header);
    json_decref(genuine_claims);
    clti_test_client_free(northwind);
    scene_close(&demo);
    clti_arena_done(&arena);
    return scene_group_teardown(state);
}

static const clti_test_response *call_with(const char *token) {
    const char *value = clti_arena_format(&arena, "Bearer %s", token).data;
    return clti_test_send(demo.client,
                          &(clti_test_request){.target = LIST "?size=1", .authorization = value});
}

static void expect_401(const clti_test_response *response, int code, const char *what) {
    scene_expect_fault(response, 401, code, NULL, what);
    char *first = clti_test_header(response, "WWW-Authenticate", 0);
    char *second = clti_test_header(response, "WWW-Authenticate", 1);
    if (!first || !second || !strstr(first, "Bearer error=\"invalid_token\"") ||
        !strstr(second, "OAuth realm=urn:cpsvc:cpid:"))
        fail_msg("%s: WWW-Authenticate: %s, %s", what, first, second);
    free(first);
    free(second);
}

/* ---- good and bad tokens ------------------------------------------------------------------------------- */

static void test_a_token_made_by_hand_like_a_genuine_one_is_taken(void **state) {
    (void)state;
    assert_int_equal(call_with(sign(key, "SHA256", NULL, NULL))->status, 200);
    assert_int_equal(call_with(sign(key, "SHA256", NULL, "{\"aud\":\"" APP "\"}"))->status, 200);
    assert_int_equal(call_with(sign(key, "SHA256", NULL, "{\"aud\":\"" GRAPH "\"}"))->status, 200);
}

static void test_no_token_is_told_apart_from_a_bad_one(void **state) {
    (void)state;
    static const char *const targets[] = {LIST, LIST "?size=x", LIST "/" FABRIKAM, LIST "/x"};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++)
        expect_401(
            clti_test_send(demo.client, &(clti_test_request){.target = targets[i], .authorization = ""}),
            800001, targets[i]);
    assert_int_equal(
        clti_test_send(demo.client,
                       &(clti_test_request){.method = "HEAD", .target = LIST, .authorization = ""})
            ->status,
        401);
}

static void test_texts_that_are_no_bearer_tokens_are_refused(void **state) {
    (void)state;
    static const char *const values[] = {"Bearer x",         "Bearer a.b.c", "Bearer ..",
                                         "Bearer a.b.c.d.e", "Bearer null",  "Bearer undefined"};
    for (size_t i = 0; i < CLTI_COUNT(values); i++)
        expect_401(
            clti_test_send(demo.client, &(clti_test_request){.target = LIST, .authorization = values[i]}),
            400, values[i]);
    assert_int_equal(
        clti_test_send(demo.client, &(clti_test_request){.target = LIST, .authorization = "Basic YTpi"})
            ->status,
        401);
}

static void test_tokens_that_are_wrong_in_one_way_are_refused(void **state) {
    (void)state;
    int64_t now = (int64_t)time(NULL);
    const char *expired = clti_arena_format(&arena, "{\"exp\":%lld}", (long long)now - 301).data;
    const char *lately = clti_arena_format(&arena, "{\"exp\":%lld}", (long long)now - 200).data;
    const char *future = clti_arena_format(&arena, "{\"nbf\":%lld}", (long long)now + 400).data;
    const char *soon = clti_arena_format(&arena, "{\"nbf\":%lld}", (long long)now + 200).data;
    const struct {
        const char *what, *header, *claims, *digest;
        int code; /* 0: taken */
    } rows[] = {
        {"expired", NULL, expired, "SHA256", 400},
        {"expired within the skew", NULL, lately, "SHA256", 0},
        {"not yet valid", NULL, future, "SHA256", 400},
        {"not yet valid within the skew", NULL, soon, "SHA256", 0},
        {"without exp", NULL, "{\"exp\":null}", "SHA256", 400},
        {"exp as text", NULL, "{\"exp\":\"9999999999\"}", "SHA256", 400},
        {"another audience", NULL, "{\"aud\":\"https://management.azure.com\"}", "SHA256", 900420},
        {"no audience", NULL, "{\"aud\":null}", "SHA256", -1},
        {"another issuer", NULL, "{\"iss\":\"https://sts.windows.net/" FABRIKAM "/\"}", "SHA256", 400},
        {"no issuer", NULL, "{\"iss\":null}", "SHA256", 400},
        {"another tenant than its issuer", NULL, "{\"tid\":\"" NORTHWIND "\"}", "SHA256", 400},
        {"no tenant", NULL, "{\"tid\":null}", "SHA256", 400},
        {"unknown application", NULL, "{\"azp\":\"" FABRIKAM "\",\"appid\":\"" FABRIKAM "\"}", "SHA256", 400},
        {"RS512", "{\"alg\":\"RS512\"}", NULL, "SHA512", 400},
        {"RS512 that says RS256", NULL, NULL, "SHA512", 400},
        {"RS384", "{\"alg\":\"RS384\"}", NULL, "SHA384", 400},
        {"PS256 in name", "{\"alg\":\"PS256\"}", NULL, "SHA256", 400},
        {"rs256", "{\"alg\":\"rs256\"}", NULL, "SHA256", 400},
        {"without alg", "{\"alg\":null}", NULL, "SHA256", 400},
        {"crit", "{\"crit\":[\"exp\"]}", NULL, "SHA256", 400},
        {"empty crit", "{\"crit\":[]}", NULL, "SHA256", 400},
        {"b64", "{\"b64\":true}", NULL, "SHA256", 400},
        {"jku", "{\"jku\":\"http://127.0.0.1/\"}", NULL, "SHA256", 400},
        {"x5u", "{\"x5u\":\"http://127.0.0.1/\"}", NULL, "SHA256", 400},
        {"jwk", "{\"jwk\":{}}", NULL, "SHA256", 400},
        {"unknown kid", "{\"kid\":\"unknown\"}", NULL, "SHA256", 400},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *response =
            call_with(sign(key, rows[i].digest, rows[i].header, rows[i].claims));
        if (rows[i].code == 0 ? response->status != 200 : response->status != 401)
            fail_msg("%s: %ld %s", rows[i].what, response->status, response->body);
        if (rows[i].code > 0)
            expect_401(response, rows[i].code, rows[i].what);
        /* The connection, and what it remembers, is as good as before. */
        assert_int_equal(clti_test_get(demo.client, LIST "?size=1", NULL)->status, 200);
    }
}

static void test_a_token_signed_by_an_unknown_key_is_refused(void **state) {
    (void)state;
    expect_401(call_with(sign(foreign_key, "SHA256", NULL, NULL)), 400, "foreign key, our kid");
    expect_401(call_with(sign(foreign_key, "SHA256", "{\"kid\":\"other\"}", NULL)), 400,
               "foreign key, its kid");
    expect_401(call_with(sign(foreign_key, "SHA256", "{\"kid\":null}", NULL)), 400, "foreign key, no kid");
}

static void test_an_unsigned_token_is_refused(void **state) {
    (void)state;
    static const char *const algorithms[] = {"none", "None", "NONE", ""};
    for (size_t i = 0; i < CLTI_COUNT(algorithms); i++) {
        const char *header = clti_arena_format(&arena, "{\"alg\":\"%s\"}", algorithms[i]).data;
        const char *input = signing_input(header, NULL);
        expect_401(call_with(clti_arena_format(&arena, "%s.", input).data), 400, "alg none");
        expect_401(call_with(clti_arena_format(&arena, "%s.AAAA", input).data), 400, "alg none");
        expect_401(call_with(input), 400, "two parts");
    }
    expect_401(call_with(clti_arena_format(&arena, "%s.", signing_input(NULL, NULL)).data), 400,
               "empty signature");
}

static void test_the_public_key_is_no_secret_for_HS256(void **state) {
    (void)state;
    BIO *memory = BIO_new(BIO_s_mem());
    char *pem;
    uint8_t *der = NULL;
    assert_int_equal(PEM_write_bio_PUBKEY(memory, key), 1);
    long pem_size = BIO_get_mem_data(memory, &pem);
    int der_size = i2d_PUBKEY(key, &der);
    const clti_test_response *response = clti_test_get(demo.client, "/common/discovery/keys", NULL);
    const char *modulus = clti_arena_format(&arena, "%s", clti_test_text_at(response->json, "keys.0.n")).data;
    const struct {
        const void *secret;
        size_t size;
    } secrets[] = {{pem, (size_t)pem_size},
                   {pem, (size_t)pem_size - 1},
                   {der, (size_t)der_size},
                   {modulus, strlen(modulus)},
                   {"", 0}};
    for (size_t i = 0; i < CLTI_COUNT(secrets); i++) {
        expect_401(call_with(sign_with_secret(secrets[i].secret, secrets[i].size, "{\"alg\":\"HS256\"}")),
                   400, "HS256");
        expect_401(call_with(sign_with_secret(secrets[i].secret, secrets[i].size, NULL)), 400,
                   "HMAC as RS256");
    }
    OPENSSL_free(der);
    BIO_free(memory);
}

static void test_a_genuine_token_with_anything_altered_is_refused(void **state) {
    (void)state;
    char *token = strdup(clti_test_client_token(demo.client));
    size_t size = strlen(token);
    for (size_t i = 0; i < size; i += 7) {
        char kept = token[i];
        token[i] = kept == 'A' ? 'E' : 'A';
        expect_401(call_with(token), 400, "altered token");
        token[i] = kept;
    }
    for (size_t cut = 1; cut < size; cut *= 2)
        expect_401(call_with(clti_arena_format(&arena, "%.*s", (int)(size - cut), token).data), 400,
                   "cut token");
    assert_int_equal(call_with(token)->status, 200);
    free(token);
}

static void test_the_graph_audience_can_be_refused(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), CLTI_TEST_WORDS("--auth-allow-graph-audience=false"));
    static const char form[] = "grant_type=client_credentials&client_id=" FABRIKAM_APP
                               "&client_secret=" CLTI_TEST_SECRET "&resource=https://graph.windows.net";
    const clti_test_response *response = clti_test_send(
        own.client,
        &(clti_test_request){.target = "/" FABRIKAM "/oauth2/token", .body = form, .authorization = ""});
    /* Either no such token is given, or it does not open the door. */
    if (response->status == 200) {
        const char *value =
            clti_arena_format(&arena, "Bearer %s", clti_test_text_at(response->json, "access_token")).data;
        expect_401(clti_test_send(own.client, &(clti_test_request){.target = LIST, .authorization = value}),
                   900420, "graph audience");
    }
    scene_close(&own);
}

/* ---- isolation ----------------------------------------------------------------------------------------- */

static void test_each_partner_sees_its_own_customers_only(void **state) {
    (void)state;
    clti_test_client *const clients[] = {demo.client, northwind};
    char ids[2][64], target[128];
    for (size_t i = 0; i < 2; i++)
        snprintf(ids[i], sizeof(ids[i]), "%s",
                 clti_test_text_at(clti_test_get(clients[i], LIST "?size=1", NULL)->json, "items.0.id"));
    for (size_t i = 0; i < 2; i++) {
        snprintf(target, sizeof(target), LIST "/%.36s", ids[i]);
        assert_int_equal(clti_test_get(clients[i], target, NULL)->status, 200);
        scene_expect_fault(clti_test_get(clients[1 - i], target, NULL), 404, 60003, NULL,
                           "another's customer");
    }
    const clti_test_response *page = clti_test_get(northwind, LIST, NULL);
    assert_int_equal(json_integer_value(clti_test_at(page->json, "totalCount")), 40);
    /* Names of the one, asked by the other. */
    page = clti_test_get(
        northwind, LIST "?filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22000502.cn%22,%22Operator%22:0%7D",
        NULL);
    assert_int_equal(json_array_size(clti_test_at(page->json, "items")), 0);
    page = clti_test_get(
        demo.client,
        LIST "?filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22cafe-noir.example%22,%22Operator%22:0%7D",
        NULL);
    assert_int_equal(json_array_size(clti_test_at(page->json, "items")), 0);
}

static void test_one_connection_can_speak_for_two_partners_in_turn(void **state) {
    (void)state;
    const char *theirs = clti_arena_format(&arena, "Bearer %s", clti_test_client_token(northwind)).data;
    for (size_t i = 0; i < 6; i++) {
        const clti_test_response *page = clti_test_send(
            demo.client, &(clti_test_request){.target = LIST, .authorization = i % 2 ? theirs : NULL});
        assert_int_equal(json_integer_value(clti_test_at(page->json, "totalCount")), i % 2 ? 40 : 500);
    }
}

/* ---- the token authority ------------------------------------------------------------------------------- */

static const clti_test_response *ask_token(const char *path, const char *form, const char *authorization) {
    return clti_test_send(
        demo.client, &(clti_test_request){
                         .target = path, .body = form, .authorization = authorization ? authorization : ""});
}

#define GRANT  "grant_type=client_credentials"
#define CLIENT "&client_id=" FABRIKAM_APP
#define SECRET "&client_secret=" CLTI_TEST_SECRET
#define SCOPE  "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default"

static void test_both_endpoints_give_tokens_that_open_the_list(void **state) {
    (void)state;
    static const struct {
        const char *path, *form;
        bool v1;
    } rows[] = {
        {"/" FABRIKAM "/oauth2/token", GRANT CLIENT SECRET "&resource=" API, true},
        {"/fabrikam.example/oauth2/token", GRANT CLIENT SECRET "&resource=" GRAPH, true},
        {"/FABRIKAM.example/OAuth2/Token", GRANT CLIENT SECRET "&resource=https%3A%2F%2Fgraph.windows.net",
         true},
        {"/" FABRIKAM "/oauth2/v2.0/token", GRANT CLIENT SECRET SCOPE, false},
        {"/fabrikam.example/oauth2/v2.0/token", GRANT CLIENT SECRET "&scope=" GRAPH "/.default", false},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *answer = ask_token(rows[i].path, rows[i].form, NULL);
        if (answer->status != 200)
            fail_msg("%s: %ld %s", rows[i].path, answer->status, answer->body);
        assert_string_equal(clti_test_text_at(answer->json, "token_type"), "Bearer");
        const json_t *expires = clti_test_at(answer->json, "expires_in");
        assert_true(rows[i].v1 ? json_is_string(expires) : json_is_integer(expires));
        assert_non_null(clti_test_at(answer->json, "ext_expires_in"));
        static const char *const v1_members[] = {"expires_on", "not_before", "resource"};
        for (size_t k = 0; rows[i].v1 && k < CLTI_COUNT(v1_members); k++)
            assert_non_null(clti_test_text_at(answer->json, v1_members[k]));
        char *cache = clti_test_header(answer, "Cache-Control", 0);
        assert_string_equal(cache, "no-store");
        free(cache);
        const char *token =
            clti_arena_format(&arena, "%s", clti_test_text_at(answer->json, "access_token")).data;
        assert_int_equal(call_with(token)->status, 200);
    }
}

static const char *basic(const char *id, const char *secret) {
    const char *pair = clti_arena_format(&arena, "%s:%s", id, secret).data;
    char text[256];
    EVP_EncodeBlock((uint8_t *)text, (const uint8_t *)pair, (int)strlen(pair));
    return clti_arena_format(&arena, "Basic %s", text).data;
}

static void test_credentials_may_stand_in_the_basic_header(void **state) {
    (void)state;
    const clti_test_response *answer =
        ask_token("/" FABRIKAM "/oauth2/v2.0/token", GRANT SCOPE, basic(FABRIKAM_APP, CLTI_TEST_SECRET));
    assert_int_equal(answer->status, 200);
    answer = ask_token("/" FABRIKAM "/oauth2/v2.0/token", GRANT SCOPE, basic(FABRIKAM_APP, "wrong"));
    assert_int_equal(answer->status, 401);
    assert_string_equal(clti_test_text_at(answer->json, "error"), "invalid_client");
}

static void test_a_form_may_come_in_each_way_that_HTTP_knows(void **state) {
    (void)state;
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded;charset=UTF-8",
                                          "Content-Type: APPLICATION/X-WWW-FORM-URLENCODED",
                                          "Expect: 100-continue", "Transfer-Encoding: chunked"};
    for (size_t i = 0; i < CLTI_COUNT(headers); i++) {
        const clti_test_response *answer =
            clti_test_send(demo.client, &(clti_test_request){.target = "/" FABRIKAM "/oauth2/v2.0/token",
                                                             .headers = CLTI_TEST_WORDS(headers[i]),
                                                             .body = GRANT CLIENT SECRET SCOPE,
                                                             .authorization = ""});
        if (answer->status != 200)
            fail_msg("%s: %ld %s", headers[i], answer->status, answer->body);
    }
}

static void test_token_requests_that_are_refused_say_why(void **state) {
    (void)state;
    static const struct {
        const char *what, *path, *form;
    } rows[] = {
        {"wrong secret", "/" FABRIKAM "/oauth2/token", GRANT CLIENT "&client_secret=wrong&resource=" API},
        {"empty secret", "/" FABRIKAM "/oauth2/token", GRANT CLIENT "&client_secret=&resource=" API},
        {"no secret", "/" FABRIKAM "/oauth2/v2.0/token", GRANT CLIENT SCOPE},
        {"secret in another case", "/" FABRIKAM "/oauth2/v2.0/token",
         GRANT CLIENT SCOPE "&client_secret=Demo-secret-not-for-production"},
        {"unknown application", "/" FABRIKAM "/oauth2/v2.0/token", GRANT "&client_id=" FABRIKAM SECRET SCOPE},
        {"another partner's application", "/" FABRIKAM "/oauth2/v2.0/token",
         GRANT "&client_id=" NORTHWIND_APP SECRET SCOPE},
        {"application of another tenant", "/" NORTHWIND "/oauth2/v2.0/token", GRANT CLIENT SECRET SCOPE},
        {"unknown tenant", "/11111111-1111-4111-8111-111111111111/oauth2/token",
         GRANT CLIENT SECRET "&resource=" API},
        {"unknown domain", "/nobody.example/oauth2/token", GRANT CLIENT SECRET "&resource=" API},
        {"unknown grant", "/" FABRIKAM "/oauth2/token", "grant_type=magic" CLIENT SECRET "&resource=" API},
        {"no grant", "/" FABRIKAM "/oauth2/token", "resource=" API CLIENT SECRET},
        {"another resource", "/" FABRIKAM "/oauth2/token",
         GRANT CLIENT SECRET "&resource=https://vault.azure.net"},
        {"no form", "/" FABRIKAM "/oauth2/token", ""},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *answer = ask_token(rows[i].path, rows[i].form, NULL);
        if (answer->status != 400 && answer->status != 401)
            fail_msg("%s: %ld %s", rows[i].what, answer->status, answer->body);
        static const char *const members[] = {"error", "error_description", "timestamp", "trace_id",
                                              "correlation_id"};
        for (size_t k = 0; k < CLTI_COUNT(members); k++)
            if (!clti_test_text_at(answer->json, members[k]))
                fail_msg("%s: no %s: %s", rows[i].what, members[k], answer->body);
        assert_true(json_is_integer(clti_test_at(answer->json, "error_codes.0")));
        assert_null(clti_test_at(answer->json, "access_token"));
    }
}

/* ---- discovery ----------------------------------------------------------------------------------------- */

/* The path of a URL of this server. */
static const char *path_of(const clti_test_response *response, const char *member) {
    const char *url = clti_test_text_at(response->json, member);
    const char *base = clti_arena_format(&arena, "http://%s", demo.server.address).data;
    if (!url || strncmp(url, base, strlen(base)) != 0)
        fail_msg("%s should begin with %s: %s", member, base, response->body);
    return clti_arena_format(&arena, "%s", url + strlen(base)).data;
}

static void test_discovery_leads_to_the_token_endpoint_and_the_keys(void **state) {
    (void)state;
    static const char *const documents[] = {"/" FABRIKAM "/.well-known/openid-configuration",
                                            "/" FABRIKAM "/v2.0/.well-known/openid-configuration",
                                            "/fabrikam.example/v2.0/.well-known/openid-configuration"};
    for (size_t i = 0; i < CLTI_COUNT(documents); i++) {
        const clti_test_response *answer =
            clti_test_send(demo.client, &(clti_test_request){.target = documents[i], .authorization = ""});
        assert_int_equal(answer->status, 200);
        const char *keys = path_of(answer, "jwks_uri"), *endpoint = path_of(answer, "token_endpoint");
        const char *issuer = clti_arena_format(&arena, "%s", clti_test_text_at(answer->json, "issuer")).data;
        answer = ask_token(endpoint,
                           i == 0 ? GRANT CLIENT SECRET "&resource=" API : GRANT CLIENT SECRET SCOPE, NULL);
        assert_int_equal(answer->status, 200);
        const char *token =
            clti_arena_format(&arena, "%s", clti_test_text_at(answer->json, "access_token")).data;
        const char *dot = strchr(token, '.');
        json_t *claims = decode_part(dot + 1, strcspn(dot + 1, ".")),
               *header = decode_part(token, (size_t)(dot - token));
        assert_string_equal(json_string_value(json_object_get(claims, "iss")), issuer);
        assert_string_equal(json_string_value(json_object_get(claims, "tid")), FABRIKAM);
        answer = clti_test_send(demo.client, &(clti_test_request){.target = keys, .authorization = ""});
        assert_int_equal(answer->status, 200);
        json_t *jwk = json_array_get(json_object_get(answer->json, "keys"), 0);
        assert_string_equal(json_string_value(json_object_get(jwk, "kid")),
                            json_string_value(json_object_get(header, "kid")));
        static const char *const secrets[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
        for (size_t k = 0; k < CLTI_COUNT(secrets); k++)
            assert_null(json_object_get(jwk, secrets[k]));
        json_t *compact = json_object();
        const char *second = strchr(dot + 1, '.');
        assert_int_equal(
            json_object_set_new(compact, "protected", json_stringn(token, (size_t)(dot - token))), 0);
        assert_int_equal(
            json_object_set_new(compact, "payload", json_stringn(dot + 1, (size_t)(second - dot - 1))), 0);
        assert_int_equal(json_object_set_new(compact, "signature", json_string(second + 1)), 0);
        assert_true(jose_jws_ver(NULL, compact, NULL, jwk, false));
        json_decref(compact);
        json_decref(claims);
        json_decref(header);
    }
}

/* What a request says of where it went, or of who passed it on, is anybody's word. */
static void test_a_forged_host_changes_nothing(void **state) {
    (void)state;
    static const char *const targets[] = {"/fabrikam.example/.well-known/openid-configuration",
                                          "/" FABRIKAM "/v2.0/.well-known/openid-configuration",
                                          "/common/v2.0/.well-known/openid-configuration",
                                          "/common/discovery/instance",
                                          LIST "?size=1",
                                          "/v1/profiles/organization"};
    const char *const *const forged[] = {
        CLTI_TEST_WORDS("Host: evil.example"), CLTI_TEST_WORDS("Host: localhost.evil.example:8484"),
        CLTI_TEST_WORDS("Host: localhost:1"),
        CLTI_TEST_WORDS("X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Port: 444",
                        "X-Forwarded-For: 192.0.2.1", "Forwarded: host=evil.example;proto=https",
                        "X-Original-URL: /healthz")};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        const clt_str plain =
            clti_arena_format(&arena, "%s", clti_test_get(demo.client, targets[i], NULL)->body);
        assert_non_null(strstr(plain.data, "{"));
        for (size_t k = 0; k < CLTI_COUNT(forged); k++) {
            const clti_test_response *response = clti_test_get(demo.client, targets[i], forged[k]);
            assert_int_equal(response->status, 200);
            assert_string_equal(response->body, plain.data);
            assert_null(strstr(response->headers, "evil"));
        }
    }
    for (size_t k = 0; k < CLTI_COUNT(forged); k++) {
        const clti_test_response *answer =
            clti_test_send(demo.client, &(clti_test_request){.target = "/" FABRIKAM "/oauth2/v2.0/token",
                                                             .body = GRANT CLIENT SECRET SCOPE,
                                                             .headers = forged[k],
                                                             .authorization = ""});
        assert_int_equal(answer->status, 200);
        const char *dot = strchr(clti_test_text_at(answer->json, "access_token"), '.');
        json_t *claims = decode_part(dot + 1, strcspn(dot + 1, "."));
        assert_true(json_equal(json_object_get(claims, "iss"), json_object_get(genuine_claims, "iss")));
        json_decref(claims);
    }
}

static void test_a_listed_host_gets_endpoints_on_itself(void **state) {
    (void)state;
    const char *host = clti_arena_format(&arena, "Host: localhost:%u", demo.server.port).data;
    const clti_test_response *answer =
        clti_test_get(demo.client, "/common/v2.0/.well-known/openid-configuration", CLTI_TEST_WORDS(host));
    const char *endpoint = clti_test_text_at(answer->json, "token_endpoint");
    const char *want =
        clti_arena_format(&arena, "http://localhost:%u/common/oauth2/v2.0/token", demo.server.port).data;
    assert_string_equal(endpoint, want);
    const char *issuer = clti_arena_format(&arena, "http://%s/{tenantid}/v2.0", demo.server.address).data;
    assert_string_equal(clti_test_text_at(answer->json, "issuer"), issuer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_token_made_by_hand_like_a_genuine_one_is_taken),
        cmocka_unit_test(test_no_token_is_told_apart_from_a_bad_one),
        cmocka_unit_test(test_texts_that_are_no_bearer_tokens_are_refused),
        cmocka_unit_test(test_tokens_that_are_wrong_in_one_way_are_refused),
        cmocka_unit_test(test_a_token_signed_by_an_unknown_key_is_refused),
        cmocka_unit_test(test_an_unsigned_token_is_refused),
        cmocka_unit_test(test_the_public_key_is_no_secret_for_HS256),
        cmocka_unit_test(test_a_genuine_token_with_anything_altered_is_refused),
        cmocka_unit_test(test_the_graph_audience_can_be_refused),
        cmocka_unit_test(test_each_partner_sees_its_own_customers_only),
        cmocka_unit_test(test_one_connection_can_speak_for_two_partners_in_turn),
        cmocka_unit_test(test_both_endpoints_give_tokens_that_open_the_list),
        cmocka_unit_test(test_credentials_may_stand_in_the_basic_header),
        cmocka_unit_test(test_a_form_may_come_in_each_way_that_HTTP_knows),
        cmocka_unit_test(test_token_requests_that_are_refused_say_why),
        cmocka_unit_test(test_discovery_leads_to_the_token_endpoint_and_the_keys),
        cmocka_unit_test(test_a_forged_host_changes_nothing),
        cmocka_unit_test(test_a_listed_host_gets_endpoints_on_itself),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
