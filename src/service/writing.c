#include "service/service_private.h"

#include <string.h>

#define KEY_TEXT_MAX  1024
#define PASSWORD_SIZE 12

/* ---- what is kept of a request ---- */

/* The same for the same operation on the same customer with the same request id, and for no other. */
static clt_guid idempotency_key(const clti_write_request *request) {
    uint8_t hash[CLTI_SHA256_SIZE];
    clt_guid id = {{0}}, key;
    clti_buf text;
    if (!clti_guid_parse(request->id_text, &id))
        id = (clt_guid){{0}};
    clti_buf_init(&text, KEY_TEXT_MAX);
    clti_buf_add(&text, (clt_str){(const char *)request->request_id.bytes, sizeof(clt_guid)});
    clti_buf_add(&text, (clt_str){(const char *)id.bytes, sizeof(clt_guid)});
    clti_buf_add(&text, request->operation);
    clti_sha256(clti_buf_str(&text), hash);
    clti_buf_done(&text);
    memcpy(&key, hash, sizeof(key));
    return key;
}

/* Who and when, and what is kept. */
static void complete_write(const clti_write_request *request, clti_arena *arena, clti_write *write) {
    write->idempotency.partner = request->caller->partner;
    write->idempotency.created = clti_now_seconds();
    if (request->is_id_given) {
        write->idempotency.key = idempotency_key(request);
        clti_sha256(request->body, write->idempotency.body_sha256);
        write->change.idempotency = &write->idempotency;
        write->change.arena = arena;
    }
    write->audit.partner = request->caller->partner;
    write->audit.date = clti_now_ticks();
    write->audit.application = request->caller->application;
    if (request->caller->has_user)
        write->audit.user = clti_str(request->caller->user_name);
    write->audit.correlation_id = request->correlation_id;
    write->audit.request_id = request->request_id;
    write->change.audit = &write->audit;
}

/* What an earlier request with this id was answered with. */
static bool find_earlier(const clti_service *service, clti_arena *arena, clti_write *write, bool *out_found,
                         clti_fault *fault) {
    const clti_idempotency *asked = write->change.idempotency;
    clti_idempotency kept;
    *out_found = false;
    if (!asked)
        return true;
    if (!clti_store_idempotency_find(service->store, asked->partner, asked->key, asked->created, arena, &kept,
                                     out_found, fault))
        return false;
    if (!*out_found)
        return true;
    if (memcmp(kept.body_sha256, asked->body_sha256, sizeof(kept.body_sha256)) != 0) {
        write->outcome = (clti_outcome){.refusal = CLTI_FAULT_REQUEST_ID_REUSED};
        return clti_write_answer(service, write, arena, &kept.answer, fault);
    }
    write->outcome = (clti_outcome){.done = true, .is_repeated = true, .answer = kept.answer};
    return true;
}

bool clti_write_prepare(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                        clti_prepare prepare, clti_write **out, clti_fault *fault) {
    clti_write *write = clti_arena_calloc(arena, 1, sizeof(*write));
    if (!write)
        return clti_fault_no_memory(fault);
    complete_write(request, arena, write);
    bool is_prepared = prepare(service, request, arena, write, fault);
    if (!is_prepared && clti_fault_kind_of(fault->code)->http_status >= 500)
        return false;
    /* The earlier one may be why this is refused; and what changes nothing does not reach the store. */
    if (!is_prepared || write->outcome.done) {
        clti_fault trouble;
        bool is_found;
        if (!find_earlier(service, arena, write, &is_found, &trouble)) {
            *fault = trouble;
            return false;
        }
        if (!is_prepared && !is_found)
            return false;
    }
    *out = write;
    return true;
}

/* ---- answers ---- */

/* Letters of both cases and digits, none that is easily taken for another; the first of each kind, so that
 * every rule about passwords is met. */
static void derive_password(const clti_service *service, const clt_guid salt[2], char out[PASSWORD_SIZE]) {
    static const char *const kinds[] = {"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"};
    static const char all[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    const clt_str salt_bytes = {(const char *)salt, 2 * sizeof(clt_guid)};
    uint8_t bytes[CLTI_SHA256_SIZE];
    clti_hkdf_sha256(service->password_key, sizeof(service->password_key), salt_bytes,
                     CLTI_STR("userCredentials"), bytes);
    for (size_t i = 0; i < PASSWORD_SIZE; i++) {
        const char *alphabet = i < CLTI_COUNT(kinds) ? kinds[i] : all;
        /* Two bytes a character: with one, the first characters of the alphabet would come more often. */
        unsigned number = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
        out[i] = alphabet[number % strlen(alphabet)];
    }
    clti_wipe(bytes, sizeof(bytes));
}

/* Put the password where U+0000 stands. */
static bool fill_password(const clti_service *service, clti_arena *arena, clti_answer *answer) {
    const char *hole = answer->body.size ? memchr(answer->body.data, '\0', answer->body.size) : NULL;
    if (!hole)
        return true;
    size_t before = (size_t)(hole - answer->body.data), size = answer->body.size - 1 + PASSWORD_SIZE;
    char *whole = clti_arena_alloc(arena, size + 1);
    if (!whole)
        return false;
    memcpy(whole, answer->body.data, before);
    derive_password(service, answer->salt, whole + before);
    memcpy(whole + before + PASSWORD_SIZE, hole + 1, answer->body.size - before - 1);
    whole[size] = '\0';
    answer->body = (clt_str){whole, size};
    return true;
}

/* The store's refusal in the words of the contract. */
static bool tell_refusal(clti_fault_code refusal, clti_fault *fault) {
    static const struct {
        clti_fault_code code;
        const char *member;
    } members[] = {
        {CLTI_FAULT_DOMAIN_TAKEN, "CompanyProfile.Domain"},
        {CLTI_FAULT_REQUEST_ID_REUSED, "MS-RequestId"},
        {CLTI_FAULT_RESELLER_NOT_FOUND, "AssociatedPartnerId"},
        {CLTI_FAULT_NOT_A_RESELLER, "AssociatedPartnerId"},
    };
    const char *member = NULL;
    for (size_t i = 0; i < CLTI_COUNT(members); i++)
        if (members[i].code == refusal)
            member = members[i].member;
    /* What is not found is the partner itself, removed a moment ago. */
    return clti_fault_set(fault, refusal == CLTI_FAULT_NOT_FOUND ? CLTI_FAULT_ACCESS_DENIED : refusal, member,
                          NULL);
}

bool clti_write_is_stale(const clti_write *write) {
    return !write->failed && !write->outcome.done && write->outcome.refusal == CLTI_FAULT_STALE;
}

bool clti_write_answer(const clti_service *service, const clti_write *write, clti_arena *arena,
                       clti_answer *out, clti_fault *fault) {
    if (write->failed) {
        *fault = write->fault;
        return false;
    }
    if (!write->outcome.done)
        return tell_refusal(write->outcome.refusal, fault);
    clti_answer answer = write->outcome.is_repeated ? write->outcome.answer : write->idempotency.answer;
    if (!fill_password(service, arena, &answer))
        return clti_fault_no_memory(fault);
    *out = answer;
    return true;
}

bool clti_keep_text(clti_buf *text, clti_arena *arena, clt_str *out, clti_fault *fault) {
    bool done = clti_buf_ok(text) && clti_arena_copy(arena, clti_buf_str(text), out);
    clti_buf_done(text);
    return done || clti_fault_no_memory(fault);
}
