/* Bearer tokens from strangers: an input that begins with '{' is taken as claims and signed by the right key,
 * to get behind the signature; any other is the value of an Authorization header, which must never be let in.
 */
#include "identity/identity.h"
#include "support/memory_store.h"
#include <jose/jose.h>
#include <stdlib.h>

#define URL    "https://login.example"
#define KEY_ID "key-1"
#define NOW    INT64_C(1800000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const clt_guid PARTNER = {{1}};
static const clt_guid APPLICATION = {{2}};

static clti_identity *identity;
static json_t *signing_jwk;

static void apply(clti_store *store, const clti_change *change) {
    clti_outcome outcome;
    clti_fault fault;
    clti_assert(clti_store_apply(store, change, 1, &outcome, &fault) && outcome.done);
}

/* Lives as long as the process. */
static void set_up(void) {
    const clti_partner partner = {
        .id = PARTNER, .domain = CLTI_STR("fabrikam.example"), .name = CLTI_STR("Fabrikam")};
    const clti_application application = {.partner = PARTNER, .id = APPLICATION, .name = CLTI_STR("App")};
    clti_store *store = clti_memory_store_new();
    signing_jwk = json_pack("{s:s}", "alg", "RS256");
    clti_assert(jose_jwk_gen(NULL, signing_jwk));
    char *text = json_dumps(signing_jwk, JSON_COMPACT);
    const clti_signing_key key = {.id = CLTI_STR(KEY_ID), .private_jwk = clti_str(text), .created = NOW};
    apply(store, &(clti_change){.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner});
    apply(store, &(clti_change){.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &application});
    apply(store, &(clti_change){.kind = CLTI_CHANGE_KEY_PUT, .of.key = &key});
    free(text);
    const clti_identity_options options = {.store = store, .public_url = URL, .allow_graph_audience = true};
    clti_fault fault;
    clti_assert(clti_identity_new(&options, &identity, &fault));
}

static clt_str sign(clt_str claims, clti_arena *arena) {
    json_auto_t *jws = json_pack("{s:o}", "payload", jose_b64_enc(claims.data, claims.size));
    json_auto_t *header = json_pack("{s:{s:s, s:s}}", "protected", "alg", "RS256", "kid", KEY_ID);
    clti_assert(jose_jws_sig(NULL, jws, header, signing_jwk));
    return clti_arena_format(arena, "Bearer %s.%s.%s", json_string_value(json_object_get(jws, "protected")),
                             json_string_value(json_object_get(jws, "payload")),
                             json_string_value(json_object_get(jws, "signature")));
}

static bool verify(clti_remembered_token *remembered, clt_str authorization, clti_caller *out) {
    clti_fault fault;
    const bool ok = clti_identity_verify(identity, remembered, authorization, NOW, out, &fault);
    clti_assert(ok || clti_fault_kind_of(fault.code)->http_status == 401);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!identity)
        set_up();
    clti_arena arena = {0};
    clti_remembered_token remembered = {0};
    clti_caller caller;
    clt_str input = {(const char *)data, size};
    const bool is_signed = size > 0 && data[0] == '{';
    if (is_signed)
        input = sign(input, &arena);
    const bool ok = verify(&remembered, input, &caller);
    clti_assert(is_signed || !ok);
    if (ok) {
        clti_assert(clti_guid_equal(caller.partner, PARTNER));
        clti_assert(clti_guid_equal(caller.application, APPLICATION));
        clti_assert(caller.not_after > NOW - 300);
    }
    clti_assert(verify(&remembered, input, &caller) == ok); /* remembered or not */
    clti_assert(verify(NULL, input, &caller) == ok);
    clti_remembered_token_done(&remembered);
    clti_arena_done(&arena);
    return 0;
}
