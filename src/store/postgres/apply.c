/*
 * Groups of changes. Changes of customers go by partner, each partner's in a transaction of its own; a group
 * with anything else in it is one transaction. Its statements are sent one behind the other, then their
 * outcomes are read.
 */
#include "store/postgres/apply_private.h"

#include <string.h>

static const clti_pg_statement lock_store = {"SELECT FROM clientele.store WHERE one FOR NO KEY UPDATE"};
static const clti_pg_statement next_generation = {"UPDATE clientele.store SET generation = generation + 1"};
static const clti_pg_statement lock_partner = {
    "SELECT FROM clientele.partner WHERE partner = $1::uuid FOR UPDATE"};
static const clti_pg_statement find_customer = {
    "SELECT record FROM clientele.customer WHERE partner = $1::uuid AND id = $2::uuid FOR UPDATE"};

/* A transaction that is being written. */
typedef struct run {
    const clti_pg_part *part;
    clti_pg_connection *on;
    clti_pg_builder *builder;
    size_t sent;     /* changes */
    size_t received; /* outcomes */
    size_t to_drop;  /* results that come before that of the next change */
    clti_fault *fault;
} run;

/* ---- kinds ---- */

bool clti_pg_is_of_customer(clti_change_kind kind) {
    return kind == CLTI_CHANGE_CUSTOMER_CREATE || kind == CLTI_CHANGE_CUSTOMER_UPDATE ||
           kind == CLTI_CHANGE_CUSTOMER_DELETE || kind == CLTI_CHANGE_NOTHING;
}

/* Whoever has cached partners, applications, links, users or keys must look again; one at a time changes
 * them. */
static bool concerns_identities(clti_change_kind kind) {
    return !clti_pg_is_of_customer(kind) && kind != CLTI_CHANGE_GRANT_PUT && kind != CLTI_CHANGE_GRANT_DELETE;
}

/* ---- locks ---- */

static bool does_part(const clti_pg_part *part, bool (*concerns)(clti_change_kind kind)) {
    for (size_t i = 0; i < part->count; i++)
        if (concerns(part->members[i].change->kind))
            return true;
    return false;
}

static clti_pg_verdict send_list_locks(run *of) {
    clti_pg_array owners;
    clti_pg_array resellers;
    size_t sent = 0;
    clti_pg_array_init(&owners);
    clti_pg_array_init(&resellers);
    clti_pg_array_of_guids(&owners);
    clti_pg_array_of_guids(&resellers);
    for (size_t i = 0; i < of->part->count; i++) {
        const clti_change *change = of->part->members[i].change;
        if (change->kind != CLTI_CHANGE_CUSTOMER_CREATE)
            continue;
        clt_guid reseller = clti_index_reseller(change->of.written.partner, change->of.written.customer);
        clti_pg_array_add_guid(&owners, change->of.written.partner);
        if (!clti_guid_is_absent(reseller))
            clti_pg_array_add_guid(&resellers, reseller);
    }
    clti_pg_verdict verdict = CLTI_PG_DONE;
    if (owners.count > 0)
        verdict = clti_pg_send_locks(of->on, &owners, &resellers, &sent, of->fault);
    of->to_drop += sent;
    clti_pg_array_done(&resellers);
    clti_pg_array_done(&owners);
    return verdict;
}

static clti_pg_verdict send_locks(run *of) {
    if (does_part(of->part, concerns_identities)) {
        clti_pg_verdict verdict = clti_pg_send(of->on, &lock_store, NULL, of->fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        of->to_drop++;
    }
    return send_list_locks(of);
}

/* Those who just give it customers end before the statement looks whether it has some. */
static clti_pg_verdict send_partner_lock(run *of, clt_guid partner) {
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, partner);
    of->to_drop++;
    return clti_pg_send(of->on, &lock_partner, &parameters, of->fault);
}

/* ---- outcomes ---- */

static clti_pg_verdict receive_one(run *of, clti_pg_member *member) {
    PGresult *result;
    clti_pg_verdict verdict = clti_pg_drop(of->on, member->to_drop, of->fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_receive(of->on, &result, of->fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    verdict = clti_pg_read_outcome(of->on->store, member->change, result, member->outcome, of->fault);
    PQclear(result);
    return verdict;
}

/* Everything that was sent. */
static clti_pg_verdict receive_all(run *of) {
    clti_pg_verdict verdict = clti_pg_sync(of->on, of->fault);
    while (verdict == CLTI_PG_DONE && of->received < of->sent)
        verdict = receive_one(of, &of->part->members[of->received++]);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_drop(of->on, of->to_drop, of->fault);
    of->to_drop = 0;
    return verdict == CLTI_PG_DONE ? clti_pg_drain(of->on, of->fault) : verdict;
}

/* ---- changes ---- */

static clti_pg_verdict build_and_send(run *of, clti_pg_member *member, const clti_customer *old) {
    if (!clti_pg_build(of->builder, member->change, old, of->fault))
        return CLTI_PG_FAILED;
    clti_pg_verdict verdict =
        clti_pg_send(of->on, of->builder->statement, &of->builder->parameters, of->fault);
    member->to_drop = of->to_drop;
    of->to_drop = 0;
    of->sent++;
    return verdict;
}

static clti_pg_verdict send_found(run *of, clti_pg_member *member, const PGresult *found, clt_guid owner,
                                  clt_guid id) {
    clti_customer old;
    if (PQntuples(found) == 0)
        return build_and_send(of, member, NULL);
    if (clti_record_read_customer(clti_pg_bytes(found, 0, 0), id, &old))
        return build_and_send(of, member, &old);
    const clt_guid key[] = {owner, id};
    clti_pg_fail_record(of->on->store, "customer", (clt_str){(const char *)key, sizeof key}, of->fault);
    return CLTI_PG_FAILED;
}

/* A change that takes the customer however it is: look how it is after the changes before this one, and hold
 * it so. */
static clti_pg_verdict look_and_send(run *of, clti_pg_member *member, clt_guid owner, clt_guid id) {
    PGresult *found;
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, owner);
    clti_pg_add_guid(&parameters, id);
    clti_pg_verdict verdict = receive_all(of);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_call(of->on, &find_customer, &parameters, &found, of->fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    verdict = send_found(of, member, found, owner, id);
    PQclear(found);
    return verdict;
}

static clti_pg_verdict send_change(run *of, clti_pg_member *member) {
    const clti_change *change = member->change;
    const clti_customer *expected = NULL;
    if (change->kind == CLTI_CHANGE_CUSTOMER_DELETE) {
        expected = change->of.customer.expected;
        if (expected == NULL)
            return look_and_send(of, member, change->of.customer.partner, change->of.customer.id);
    } else if (change->kind == CLTI_CHANGE_CUSTOMER_UPDATE) {
        expected = change->of.written.expected;
        if (expected == NULL)
            return look_and_send(of, member, change->of.written.partner, change->of.written.customer->id);
    } else if (change->kind == CLTI_CHANGE_PARTNER_DELETE) {
        clti_pg_verdict verdict = send_partner_lock(of, change->of.deleted_partner);
        if (verdict != CLTI_PG_DONE)
            return verdict;
    }
    return build_and_send(of, member, expected);
}

/* ---- a transaction ---- */

static bool was_changed(const clti_pg_part *part, bool (*concerns)(clti_change_kind kind)) {
    for (size_t i = 0; i < part->count; i++)
        if (part->members[i].outcome->done && !part->members[i].outcome->is_repeated &&
            (concerns == NULL || concerns(part->members[i].change->kind)))
            return true;
    return false;
}

static clti_pg_verdict write_part(clti_pg_connection *on, void *user, bool *out_commit, clti_fault *fault) {
    const clti_pg_part *part = user;
    run of = {.part = part, .on = on, .builder = part->builder, .to_drop = CLTI_PG_BEGUN, .fault = fault};
    clti_pg_verdict verdict = send_locks(&of);
    for (size_t i = 0; verdict == CLTI_PG_DONE && i < part->count; i++)
        verdict = send_change(&of, &part->members[i]);
    if (verdict == CLTI_PG_DONE)
        verdict = receive_all(&of);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    *out_commit = was_changed(part, NULL);
    if (!was_changed(part, concerns_identities))
        return CLTI_PG_DONE;
    PGresult *result;
    verdict = clti_pg_call(on, &next_generation, NULL, &result, fault);
    PQclear(result);
    return verdict;
}

/* The one thing of the store that is kept in memory. */
static void take_token_key(clti_postgres *store, const clti_pg_part *part) {
    for (size_t i = 0; i < part->count; i++)
        if (part->members[i].change->kind == CLTI_CHANGE_TOKEN_KEY_PUT && part->members[i].outcome->done)
            memcpy(store->token_key, part->members[i].change->of.token_key, sizeof store->token_key);
}

bool clti_pg_apply_part(clti_postgres *store, int64_t deadline_us, clti_pg_part *part, clti_fault *fault) {
    if (!clti_pg_write(store, deadline_us, write_part, part, fault))
        return false;
    take_token_key(store, part);
    return true;
}
