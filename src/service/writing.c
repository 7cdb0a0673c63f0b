#include "service/service_private.h"

#include <string.h>

#define KEY_TEXT_MAX 1024
#define ONCE_MAX     64 /* characters of what stands in a hole */

/* ---- what is kept of a request ---- */

/* The same for the same operation on the same customer with the same request id, and for no other. What is
 * too long for the key is in no path that is served. */
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
    if (request->part_text.size) {
        clti_buf_add_char(&text, ' ');
        clti_buf_add(&text, request->part_text);
    }
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
static void make_password(uint8_t bytes[CLTI_SHA256_SIZE]) {
    static const char *const kinds[] = {"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"};
    static const char all[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < CLTI_MADE_PASSWORD_SIZE; i++) {
        const char *alphabet = i < CLTI_COUNT(kinds) ? kinds[i] : all;
        /* Two bytes a character: with one, the first characters of the alphabet would come more often. */
        unsigned number = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
        bytes[i] = (uint8_t)alphabet[number % strlen(alphabet)];
    }
}

clti_once clti_once_derive(const clti_service *service, const clt_guid salt[2], char hole) {
    static const char *const purposes[] = {[CLTI_HOLE_PASSWORD] = "userCredentials",
                                           [CLTI_HOLE_SECRET] = "applicationSecret",
                                           [CLTI_HOLE_TOTP] = "secondFactor"};
    const clt_str salt_bytes = {(const char *)salt, 2 * sizeof(clt_guid)};
    clti_once once;
    clti_hkdf_sha256(service->password_key, sizeof(service->password_key), salt_bytes,
                     clti_str(purposes[(size_t)hole]), once.bytes);
    if (hole == CLTI_HOLE_PASSWORD)
        make_password(once.bytes);
    return once;
}

void clti_once_begin(clti_answer *answer) {
    clti_random_bytes(answer->salt, sizeof(answer->salt));
}

static bool is_hole(char c) {
    return c == CLTI_HOLE_PASSWORD || c == CLTI_HOLE_SECRET || c == CLTI_HOLE_TOTP;
}

static bool add_once(const clti_service *service, const clti_answer *answer, char hole, clti_arena *arena,
                     clti_buf *out) {
    clti_once once = clti_once_derive(service, answer->salt, hole);
    clt_str text = {(const char *)once.bytes, CLTI_MADE_PASSWORD_SIZE};
    clti_fault ignored; /* memory is out; the caller says so */
    bool ok = true;
    if (hole == CLTI_HOLE_SECRET)
        clti_base64url_encode(once.bytes, CLTI_SECRET_BYTES, out);
    else if (hole == CLTI_HOLE_TOTP)
        ok = clti_totp_encode(once.bytes, arena, &text, &ignored);
    if (ok && hole != CLTI_HOLE_SECRET)
        clti_buf_add(out, text);
    clti_wipe(&once, sizeof(once));
    return ok;
}

/* Put what is told once where its holes stand. */
static bool fill_holes(const clti_service *service, clti_arena *arena, clti_answer *answer) {
    const clt_str body = answer->body;
    size_t holes = 0;
    for (size_t i = 0; i < body.size; i++)
        holes += is_hole(body.data[i]);
    if (holes == 0)
        return true;
    clti_buf whole;
    clti_buf_init(&whole, body.size + holes * ONCE_MAX);
    bool ok = true;
    for (size_t i = 0, start = 0; i < body.size; i++) {
        const bool is_here = is_hole(body.data[i]), is_end = i + 1 == body.size;
        if (is_here || is_end)
            clti_buf_add(&whole, (clt_str){body.data + start, i - start + !is_here});
        if (is_here) {
            ok = add_once(service, answer, body.data[i], arena, &whole) && ok;
            start = i + 1;
        }
    }
    ok = ok && clti_buf_ok(&whole) && clti_arena_copy(arena, clti_buf_str(&whole), &answer->body);
    if (whole.data)
        clti_wipe(whole.data, whole.size);
    clti_buf_done(&whole);
    return ok;
}

/* The store's refusal in the words of the contract. */
static bool tell_refusal(const clti_change *change, clti_fault_code refusal, clti_fault *fault) {
    static const struct {
        clti_fault_code code;
        clti_change_kind kind; /* NOTHING: any */
        const char *member, *text;
    } refusals[] = {
        {CLTI_FAULT_DOMAIN_TAKEN, CLTI_CHANGE_NOTHING, "CompanyProfile.Domain", NULL},
        {CLTI_FAULT_REQUEST_ID_REUSED, CLTI_CHANGE_NOTHING, "MS-RequestId", NULL},
        {CLTI_FAULT_RESELLER_NOT_FOUND, CLTI_CHANGE_NOTHING, "AssociatedPartnerId", NULL},
        {CLTI_FAULT_NOT_A_RESELLER, CLTI_CHANGE_NOTHING, "AssociatedPartnerId", NULL},
        {CLTI_FAULT_CONFLICT, CLTI_CHANGE_APPLICATION_CREATE, "Id",
         "The partner has an application with this id already."},
        {CLTI_FAULT_CONFLICT, CLTI_CHANGE_USER_CREATE, "Name",
         "The partner has a user of this name already."},
        {CLTI_FAULT_NOT_FOUND, CLTI_CHANGE_APPLICATION_DELETE, NULL, "The application does not exist."},
    };
    for (size_t i = 0; i < CLTI_COUNT(refusals); i++)
        if (refusals[i].code == refusal &&
            (refusals[i].kind == CLTI_CHANGE_NOTHING || refusals[i].kind == change->kind))
            return clti_fault_set(fault, refusal, refusals[i].member, refusals[i].text ? "%s" : NULL,
                                  refusals[i].text);
    /* What is not found is the partner itself, removed a moment ago. */
    return clti_fault_set(fault, refusal == CLTI_FAULT_NOT_FOUND ? CLTI_FAULT_ACCESS_DENIED : refusal, NULL,
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
        return tell_refusal(&write->change, write->outcome.refusal, fault);
    clti_answer answer = write->outcome.is_repeated ? write->outcome.answer : write->idempotency.answer;
    if (!fill_holes(service, arena, &answer))
        return clti_fault_no_memory(fault);
    *out = answer;
    return true;
}

bool clti_keep_text(clti_buf *text, clti_arena *arena, clt_str *out, clti_fault *fault) {
    bool done = clti_buf_ok(text) && clti_arena_copy(arena, clti_buf_str(text), out);
    clti_buf_done(text);
    return done || clti_fault_no_memory(fault);
}
