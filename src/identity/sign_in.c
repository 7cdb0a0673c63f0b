/* Who signs in: password, second factor, and patience with those who fail. */
#include "identity/identity_private.h"

#include <stdlib.h>
#include <string.h>

/* After so many failures in a row a name waits; each further one makes it wait again. */
#define FAILURES_MAX   10
#define LOCKED_SECONDS 60

/* Names share buckets by a keyed hash, whether they exist or not: constant memory, and a lock tells nothing.
 */
#define BUCKET_COUNT 65536

struct clti_attempts {
    pthread_mutex_t lock; /* guards the buckets */
    clti_tally *tally;    /* for other servers: failures, or 0 after a success; NULL: there are none */
    struct {
        uint32_t failures;
        int64_t locked_until;
    } buckets[BUCKET_COUNT];
};

/* What is told of a name with its failures. */
enum { HAS_FAILED, HAS_SUCCEEDED };

clti_attempts *clti_attempts_new(void) {
    clti_attempts *attempts = calloc(1, sizeof *attempts); /* zero pages until written */
    if (attempts != NULL) {
        clti_assert(pthread_mutex_init(&attempts->lock, NULL) == 0);
    }
    return attempts;
}

void clti_attempts_free(clti_attempts *attempts) {
    if (attempts != NULL) {
        (void)pthread_mutex_destroy(&attempts->lock);
        clti_tally_free(attempts->tally);
    }
    free(attempts);
}

/* The same at every server of a store. */
static clt_guid name_key(const clti_identity *identity, clt_str name) {
    uint8_t digest[CLTI_SHA256_SIZE];
    clt_guid key;
    clti_hmac_sha256(&identity->page_key, name, digest);
    memcpy(&key, digest, sizeof key);
    return key;
}

static size_t bucket_of(clt_guid key) {
    return ((size_t)key.bytes[0] << 8 | key.bytes[1]) % BUCKET_COUNT;
}

static bool is_locked(clti_attempts *attempts, clt_guid key, int64_t now) {
    (void)pthread_mutex_lock(&attempts->lock);
    const bool locked = now < attempts->buckets[bucket_of(key)].locked_until;
    (void)pthread_mutex_unlock(&attempts->lock);
    return locked;
}

/* Of whatever names: who tries one password on many is patient as well. */
static bool is_address_out(const clti_identity *identity, clt_guid address) {
    return !clti_guid_is_absent(address) &&
           clti_rate_limit_wait(identity->failures, address, CLTI_FAILURES_PER_ADDRESS, clti_steady_us()) > 0;
}

static void count_failures(clti_attempts *attempts, clt_guid key, bool succeeded, uint32_t failures,
                           int64_t now) {
    const size_t bucket = bucket_of(key);
    (void)pthread_mutex_lock(&attempts->lock);
    if (succeeded)
        attempts->buckets[bucket].failures = 0;
    attempts->buckets[bucket].failures += failures;
    if (failures > 0 && attempts->buckets[bucket].failures >= FAILURES_MAX)
        attempts->buckets[bucket].locked_until = now + LOCKED_SECONDS;
    (void)pthread_mutex_unlock(&attempts->lock);
}

static void count(clti_identity *identity, clt_guid key, clt_guid address, bool succeeded, int64_t now) {
    clti_attempts *attempts = identity->attempts;
    count_failures(attempts, key, succeeded, !succeeded, now);
    if (attempts->tally)
        clti_tally_add(attempts->tally, key, succeeded ? HAS_SUCCEEDED : HAS_FAILED, !succeeded);
    if (!succeeded && !clti_guid_is_absent(address))
        (void)clti_rate_limit_take(identity->failures, address, CLTI_FAILURES_PER_ADDRESS, clti_steady_us());
}

/* At another server. If both came in one second, success was last or not. */
static void learn(void *user, const clti_tally_entry *counted) {
    const bool succeeded = counted->detail == HAS_SUCCEEDED;
    count_failures(user, counted->key, succeeded, succeeded ? 0 : counted->count, clti_now_seconds());
}

bool clti_attempts_share(clti_attempts *attempts, clti_shared_count *out, clti_fault *fault) {
    if (!clti_tally_new(&attempts->tally, fault))
        return false;
    *out = (clti_shared_count){.tally = attempts->tally, .learn = learn, .user = attempts};
    return true;
}

/* ---- a code of a second factor counts once ----------------------------------------------------------- */

/*
 * Which was used last is kept in the store, as a grant of no application that lasts until no older one can
 * fit: so a code counts once, whichever server it is shown to, before and after a restart.
 */
#define USED_SECONDS 120

/* Nobody can guess it: a grant is revoked by whoever names it with a wrong secret. */
static clt_guid used_id(const clti_identity *identity, const clti_user *user) {
    return name_key(identity, (clt_str){(const char *)&user->id, sizeof user->id});
}

/* *out_is_new: true for the first who uses it, and only if no later one was used. */
static bool use_period(clti_identity *identity, const clti_user *user, int64_t period, int64_t now,
                       clti_arena *arena, bool *out_is_new, clti_fault *fault) {
    bool found;
    clti_user_grant used;
    clti_outcome outcome;
    if (!clti_store_grant_find(identity->store, used_id(identity, user), arena, &used, &found, fault))
        return false;
    *out_is_new = !found || period > used.polled;
    if (!*out_is_new)
        return true;
    const clti_user_grant next = {.id = used_id(identity, user),
                                  .revision = found ? used.revision + 1 : 1,
                                  .state = CLTI_GRANT_CODE_USED,
                                  .partner = user->partner,
                                  .user = user->name,
                                  .signed_in = now,
                                  .polled = period,
                                  .expires = now + USED_SECONDS};
    const clti_change change = {.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = &next};
    if (!clti_store_apply(identity->store, &change, 1, &outcome, fault))
        return false;
    *out_is_new = outcome.done; /* else somebody was faster */
    return true;
}

/* ---- the user ---------------------------------------------------------------------------------------- */

/* *out_found false also for what is no name. */
static bool find_user(clti_identity *identity, clt_str text, clti_arena *arena, clti_user *out,
                      bool *out_found, clti_fault *fault) {
    clt_str name;
    clti_partner partner;
    *out_found = false;
    if (!clti_user_name_read(text, arena, &name))
        return true;
    if (!clti_store_partner_find_domain(identity->store, clti_user_name_domain(name), arena, &partner,
                                        out_found, fault))
        return false;
    return !*out_found ||
           clti_store_user_find(identity->store, partner.id, name, arena, out, out_found, fault);
}

/* Whatever is wrong, there is one argon2 and one answer. */
bool clti_password_try(clti_identity *identity, const clti_password_claim *claim, clti_arena *arena,
                       clti_user *out, clti_sign_in_result *out_result, clti_fault *fault) {
    bool found, fits;
    const clt_str name = claim->name;
    clt_str lower = name, password = claim->password;
    if (!clti_user_name_read(name, arena, &lower)) /* in lower case, so that case makes no second bucket */
        lower = name;
    const clt_guid key = name_key(identity, lower);
    *out_result = CLTI_SIGN_IN_LOCKED;
    if (is_locked(identity->attempts, key, claim->now) || is_address_out(identity, claim->address))
        return true;
    if (password.size > CLTI_PASSWORD_SIZE_MAX)
        password = (clt_str){NULL, 0};
    if (!find_user(identity, name, arena, out, &found, fault) ||
        !clti_password_fits(found ? out->password_hash : (clt_str){NULL, 0}, password, &fits, fault))
        return false;
    const bool succeeded = found && fits && !out->is_disabled;
    /* With a second factor it is not over yet: right passwords must not buy free tries at codes. */
    if (!succeeded || !out->totp_secret.data)
        count(identity, key, claim->address, succeeded, claim->now);
    *out_result = succeeded ? CLTI_SIGN_IN_DONE : CLTI_SIGN_IN_WRONG;
    return true;
}

/* ---- proofs that our own page came before ------------------------------------------------------------ */

/* base64url(HMAC(key, purpose 0 binding 0 name 0 time)); none of the parts can hold a zero. */
static clt_str make_proof(const clti_identity *identity, const char *purpose, clt_str binding, clt_str name,
                          int64_t time, clti_arena *arena) {
    uint8_t digest[CLTI_SHA256_SIZE];
    clt_str proof = {NULL, 0};
    clti_buf text;
    clti_buf_init(&text, 65536);
    clti_buf_add(&text, clti_str(purpose));
    clti_buf_add_char(&text, '\0');
    clti_buf_add(&text, binding);
    clti_buf_add_char(&text, '\0');
    clti_buf_add(&text, name);
    clti_buf_add_char(&text, '\0');
    clti_buf_add_u64(&text, (uint64_t)time);
    if (clti_buf_ok(&text)) {
        clti_hmac_sha256(&identity->page_key, clti_buf_str(&text), digest);
        clti_buf_clear(&text);
        clti_base64url_encode(digest, sizeof digest, &text);
    }
    if (clti_buf_ok(&text) && !clti_arena_copy(arena, clti_buf_str(&text), &proof))
        proof.data = NULL;
    clti_buf_done(&text);
    return proof;
}

static bool is_proof(clt_str shown, clt_str wanted) {
    return shown.size == wanted.size && wanted.size > 0 &&
           clti_equal_constant_time(shown.data, wanted.data, wanted.size);
}

/* ---- the page's two steps ---------------------------------------------------------------------------- */

/* The first step's result, carried by the page: whose password was right, and until when that counts. */
static bool make_ticket(const clti_identity *identity, const clti_sign_in_request *request, clt_str name,
                        clti_arena *arena, clti_sign_in *out, clti_fault *fault) {
    const int64_t until = request->now + CLTI_TICKET_LIFETIME;
    const clt_str proof = make_proof(identity, "ticket", request->binding, name, until, arena);
    if (proof.data)
        out->ticket = clti_arena_format(arena, "%lld.%s", (long long)until, proof.data);
    return out->ticket.data || clti_fault_no_memory(fault);
}

static bool is_ticket(const clti_identity *identity, const clti_sign_in_request *request, clt_str name,
                      clti_arena *arena, int64_t *out_begun) {
    clt_str proof;
    uint64_t until;
    const clt_str time = clti_str_cut(request->ticket, '.', &proof);
    if (!clti_str_to_u64(time, INT64_MAX, &until) || request->now >= (int64_t)until ||
        !is_proof(proof, make_proof(identity, "ticket", request->binding, name, (int64_t)until, arena)))
        return false;
    *out_begun = (int64_t)until - CLTI_TICKET_LIFETIME;
    return true;
}

/* Until a new second factor was used once, its owner may not have it yet. */
static bool show_enrolment(const clti_user *user, clti_arena *arena, clti_sign_in *out, clti_fault *fault) {
    if (!user->is_enrolling)
        return true;
    out->enrolment.secret = user->totp_secret;
    out->enrolment.uri = clti_totp_uri(user->name, user->totp_secret, arena);
    return out->enrolment.uri.data || clti_fault_no_memory(fault);
}

/* *out_done false: the user was changed meanwhile. */
static bool end_enrolment(clti_identity *identity, const clti_user *user, bool *out_done, clti_fault *fault) {
    clti_outcome outcome;
    clti_user enrolled = *user;
    enrolled.is_enrolling = false;
    const clti_change change = {.kind = CLTI_CHANGE_USER_UPDATE, .of.updated_user = {&enrolled, user}};
    if (!clti_store_apply(identity->store, &change, 1, &outcome, fault))
        return false;
    *out_done = outcome.done;
    return true;
}

static bool try_code(clti_identity *identity, const clti_sign_in_request *request, clti_arena *arena,
                     clti_sign_in *out, clti_fault *fault) {
    bool found;
    int64_t period = 0, begun;
    clt_str name = request->name;
    out->result = CLTI_SIGN_IN_WRONG;
    if (!clti_user_name_read(request->name, arena, &name) ||
        !is_ticket(identity, request, name, arena, &begun))
        return true;
    const clt_guid key = name_key(identity, name);
    out->result = CLTI_SIGN_IN_LOCKED;
    if (is_locked(identity->attempts, key, request->now) || is_address_out(identity, request->address))
        return true;
    if (!find_user(identity, name, arena, &out->user, &found, fault))
        return false;
    /* A password that was reset meanwhile is worth nothing any more. */
    const bool counts =
        found && !out->user.is_disabled && begun >= out->user.valid_from && out->user.totp_secret.data;
    bool succeeded = counts && clti_totp_fits(out->user.totp_secret, request->otp, request->now, &period);
    if (succeeded && !use_period(identity, &out->user, period, request->now, arena, &succeeded, fault))
        return false;
    if (succeeded && out->user.is_enrolling && !end_enrolment(identity, &out->user, &succeeded, fault))
        return false;
    count(identity, key, request->address, succeeded, request->now);
    out->ticket = request->ticket;
    out->has_mfa = succeeded;
    out->result = succeeded ? CLTI_SIGN_IN_DONE : CLTI_SIGN_IN_WRONG_CODE;
    return succeeded || !counts || show_enrolment(&out->user, arena, out, fault);
}

bool clti_sign_in_try(clti_identity *identity, const clti_sign_in_request *request, clti_arena *arena,
                      clti_sign_in *out, clti_fault *fault) {
    *out = (clti_sign_in){.result = CLTI_SIGN_IN_STALE};
    const clt_str wanted = make_proof(identity, "form", request->binding, CLTI_STR(""), 0, arena);
    if (!wanted.data)
        return clti_fault_no_memory(fault);
    if (!is_proof(request->form_proof, wanted))
        return true;
    if (clti_token_limit_take(&identity->addresses, request->address) > 0) {
        out->result = CLTI_SIGN_IN_LOCKED;
        return true;
    }
    if (!clti_str_is_empty(request->ticket))
        return try_code(identity, request, arena, out, fault);
    const clti_password_claim claim = {request->name, request->password, request->address, request->now};
    if (!clti_password_try(identity, &claim, arena, &out->user, &out->result, fault))
        return false;
    if (out->result != CLTI_SIGN_IN_DONE || !out->user.totp_secret.data)
        return true;
    out->result = CLTI_SIGN_IN_NEEDS_CODE;
    return make_ticket(identity, request, out->user.name, arena, out, fault) &&
           show_enrolment(&out->user, arena, out, fault);
}

bool clti_sign_in_form_proof(clti_identity *identity, clt_str binding, clti_arena *arena, clt_str *out,
                             clti_fault *fault) {
    *out = make_proof(identity, "form", binding, CLTI_STR(""), 0, arena);
    return out->data || clti_fault_no_memory(fault);
}
