/* Two processes with one database, shown by two stores whose threads write the same at once: one wins, and
 * the other tells the right thing. */
#include "store/sample.h"
#include "support/database.h"
#include "support/test.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};

#define NOW    INT64_C(1700000000)
#define TICKS  INT64_C(638000000000000000)
#define ROUNDS 40

typedef struct both {
    sample_any *sample;
    clti_store *stores[2]; /* the first is the sample's */
    clti_arena arenas[2];  /* one for each thread */
    clti_arena *arena;     /* the first */
} both;

static void put_partner(both *in, clt_guid id, const char *domain, bool is_strict) {
    const clti_partner partner = {.id = id, .domain = clti_str(domain), .is_strict = is_strict};
    assert_true(
        sample_apply(in->stores[0], (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner}).done);
}

static int set_up(void **state) {
    both *made = calloc(1, sizeof *made);
    void *sample;
    clti_fault fault;
    assert_non_null(made);
    sample_set_up_postgres(&sample);
    made->sample = sample;
    made->stores[0] = made->sample->store;
    clti_store_options options = {.url = made->sample->database};
    if (!clti_store_open(&options, &made->stores[1], &fault))
        fail_msg("%s", fault.text);
    made->arena = &made->arenas[0];
    put_partner(made, fabrikam, "fabrikam.example", false);
    put_partner(made, northwind, "northwind.example", false);
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    both *in = *state;
    void *sample = in->sample;
    clti_store_close(in->stores[1]);
    sample_tear_down(&sample);
    for (size_t i = 0; i < 2; i++)
        clti_arena_done(&in->arenas[i]);
    free(in);
    return 0;
}

/* ---- two at once ---- */

#define GROUP_MAX 100

/* What one of the two does; cmocka is for the main thread alone. */
typedef struct side {
    clti_store *store;
    pthread_barrier_t *start;
    clti_change changes[GROUP_MAX];
    clti_outcome outcomes[GROUP_MAX];
    size_t count;
    bool worked;
    clti_fault fault;
} side;

static void *apply_side(void *user) {
    side *of = user;
    pthread_barrier_wait(of->start);
    of->worked = clti_store_apply(of->store, of->changes, of->count, of->outcomes, &of->fault);
    return NULL;
}

static void apply_at_once(both *in, side sides[2]) {
    pthread_barrier_t start;
    pthread_t threads[2];
    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (size_t i = 0; i < 2; i++) {
        sides[i].store = in->stores[i];
        sides[i].start = &start;
        for (size_t k = 0; k < sides[i].count; k++)
            sides[i].changes[k].arena = &in->arenas[i];
        assert_int_equal(pthread_create(&threads[i], NULL, apply_side, &sides[i]), 0);
    }
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_barrier_destroy(&start);
    for (size_t i = 0; i < 2; i++)
        if (!sides[i].worked)
            fail_msg("store %zu: %s", i, sides[i].fault.text);
}

static side *new_sides(size_t count) {
    side *sides = calloc(2, sizeof *sides);
    assert_non_null(sides);
    sides[0].count = sides[1].count = count;
    return sides;
}

static clti_change creation(clt_guid owner, const clti_customer *customer) {
    return (clti_change){CLTI_CHANGE_CUSTOMER_CREATE, .of.written = {.partner = owner, .customer = customer}};
}

static clti_customer numbered(both *in, uint64_t number, uint64_t domain) {
    const char *text = clti_arena_format(in->arena, "d%d.example", (int)domain).data;
    return sample_customer(in->arena, number, text, "Company");
}

static uint64_t count_of(both *in, clt_guid partner) {
    clti_partner_state states[2];
    clti_fault fault;
    for (size_t i = 0; i < 2; i++)
        assert_true(clti_store_partner_state(in->stores[i], partner, &states[i], &fault));
    assert_int_equal(states[0].count, states[1].count);
    assert_int_equal(states[0].revision, states[1].revision);
    return states[0].count;
}

static void fail_on_finding(void *user, clt_str text) {
    fail_msg("%.*s", CLTI_STR_ARGS(text));
}

static void assert_sound(both *in) {
    clti_check_summary seen;
    clti_fault fault;
    if (!clti_store_check(in->stores[0], fail_on_finding, NULL, &seen, &fault))
        fail_msg("%s", fault.text);
}

/* ---- tests ---- */

static void test_one_of_two_gets_a_domain(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        const clt_guid owners[] = {fabrikam, i % 2 == 0 ? northwind : fabrikam};
        clti_customer customers[2];
        for (size_t k = 0; k < 2; k++) {
            customers[k] = numbered(in, 2 * i + k, i);
            sides[k].changes[0] = creation(owners[k], &customers[k]);
        }
        apply_at_once(in, sides);
        assert_int_equal(sides[0].outcomes[0].done + sides[1].outcomes[0].done, 1);
        size_t loser = sides[0].outcomes[0].done ? 1 : 0;
        assert_int_equal(sides[loser].outcomes[0].refusal, CLTI_FAULT_DOMAIN_TAKEN);
    }
    assert_int_equal(count_of(in, fabrikam) + count_of(in, northwind), ROUNDS);
    assert_sound(in);
    free(sides);
}

static clti_idempotency request(uint8_t key, uint8_t body, const char *answer) {
    clti_idempotency made = {.partner = fabrikam, .key = {{key, 1}}, .created = NOW};
    made.body_sha256[0] = body;
    made.answer = (clti_answer){.status = 201, .body = clti_str(answer), .location = {{key, 2}}};
    return made;
}

/* Sent twice, to two replicas: done once, and answered alike. With another body: refused. */
static void test_one_request_at_two_replicas_is_done_once(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    const char *const answers[] = {"{\"first\":1}", "{\"second\":2}"};
    for (uint8_t i = 0; i < ROUNDS; i++) {
        bool same_body = i % 4 != 3;
        clti_customer customers[2];
        clti_idempotency requests[2];
        for (uint8_t k = 0; k < 2; k++) {
            customers[k] = numbered(in, (uint64_t)(2 * i + k), i);
            requests[k] = request(i, same_body ? 1 : k, answers[k]);
            sides[k].changes[0] = creation(fabrikam, &customers[k]);
            sides[k].changes[0].idempotency = &requests[k];
        }
        apply_at_once(in, sides);
        size_t first = sides[0].outcomes[0].done && !sides[0].outcomes[0].is_repeated ? 0 : 1;
        const clti_outcome *won = &sides[first].outcomes[0];
        const clti_outcome *other = &sides[1 - first].outcomes[0];
        assert_true(won->done && !won->is_repeated);
        assert_true(same_body ? other->done && other->is_repeated
                              : !other->done && other->refusal == CLTI_FAULT_REQUEST_ID_REUSED);
        if (same_body)
            sample_assert_str(other->answer.body, answers[first]);
    }
    assert_int_equal(count_of(in, fabrikam), ROUNDS);
    assert_sound(in);
    free(sides);
}

/* One customer changed twice from the same state: the second change is told that it saw an old one. */
static void test_one_of_two_changes_from_one_state(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    clti_customer held = numbered(in, 1, 1);
    assert_true(sample_apply(in->stores[0], creation(fabrikam, &held)).done);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        clti_customer changed[2] = {held, held};
        clti_customer expected = held;
        for (size_t k = 0; k < 2; k++) {
            changed[k].company_name = clti_arena_format(in->arena, "Company %d of %d", (int)i, (int)k);
            sides[k].changes[0] =
                (clti_change){CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {fabrikam, &changed[k], &expected}};
        }
        apply_at_once(in, sides);
        assert_int_equal(sides[0].outcomes[0].done + sides[1].outcomes[0].done, 1);
        size_t winner = sides[0].outcomes[0].done ? 0 : 1;
        assert_int_equal(sides[1 - winner].outcomes[0].refusal, CLTI_FAULT_STALE);
        held = changed[winner];
    }
    assert_int_equal(count_of(in, fabrikam), 1);
    assert_sound(in);
    free(sides);
}

static void test_groups_of_one_partner_are_all_written_and_counted(void **state) {
    both *in = *state;
    side *sides = new_sides(GROUP_MAX);
    clti_customer customers[2 * GROUP_MAX];
    clti_audit_record audits[2 * GROUP_MAX];
    for (uint64_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < 2 * GROUP_MAX; i++) {
            uint64_t number = round * 2 * GROUP_MAX + i;
            customers[i] = numbered(in, number, number);
            /* All in the same tick: each moves on to one of its own. */
            audits[i] = (clti_audit_record){.partner = fabrikam,
                                            .date = TICKS,
                                            .operation = CLTI_AUDIT_ADD_CUSTOMER,
                                            .customer = customers[i].id};
            clti_change *change = &sides[i % 2].changes[i / 2];
            *change = creation(fabrikam, &customers[i]);
            change->audit = &audits[i];
        }
        apply_at_once(in, sides);
        for (size_t i = 0; i < 2 * GROUP_MAX; i++)
            assert_true(sides[i % 2].outcomes[i / 2].done);
    }
    assert_int_equal(count_of(in, fabrikam), 4 * GROUP_MAX);
    clti_audit_page page;
    clti_fault fault;
    const clti_audit_query query = {.partner = fabrikam, .to = INT64_MAX, .size = 5 * GROUP_MAX};
    assert_true(clti_store_audit_list(in->stores[1], &query, in->arena, &page, &fault));
    assert_int_equal(page.count, 4 * GROUP_MAX);
    assert_int_equal(page.records[0].date, TICKS + 4 * GROUP_MAX - 1);
    assert_sound(in);
    free(sides);
}

/* The server looks for circles after so long; connections that are opened from now on know it. */
static void find_deadlocks_soon(both *in) {
    clti_test_database_run(in->sample->database,
                           "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 20',"
                           " current_database()); END$$;"
                           "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

/* Groups whose changes meet in opposite order wait for each other in a circle. They end, and each customer is
 * deleted once. */
static void test_groups_in_opposite_order_end(void **state) {
    both *in = *state;
    side *sides = new_sides(20);
    find_deadlocks_soon(in);
    for (uint64_t round = 0; round < 10; round++) {
        for (uint64_t i = 0; i < 20; i++) {
            clti_customer customer = numbered(in, round * 20 + i, i);
            assert_true(sample_apply(in->stores[0], creation(fabrikam, &customer)).done);
            const clti_change deletion = {CLTI_CHANGE_CUSTOMER_DELETE,
                                          .of.customer = {.partner = fabrikam, .id = customer.id}};
            sides[0].changes[i] = sides[1].changes[19 - i] = deletion;
        }
        apply_at_once(in, sides);
        for (size_t i = 0; i < 20; i++) {
            const clti_outcome *outcomes[] = {&sides[0].outcomes[i], &sides[1].outcomes[19 - i]};
            assert_int_equal(outcomes[0]->done + outcomes[1]->done, 1);
            assert_int_equal(outcomes[outcomes[0]->done ? 1 : 0]->refusal, CLTI_FAULT_CUSTOMER_NOT_FOUND);
        }
    }
    assert_int_equal(count_of(in, fabrikam), 0);
    assert_sound(in);
    free(sides);
}

/* There is room for one, and two come. */
static void test_strict_partner_gets_no_customer_too_many(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    put_partner(in, fabrikam, "fabrikam.example", true);
    for (uint64_t i = 1; i < CLTI_STRICT_CUSTOMERS_MAX; i++) {
        clti_customer customer = numbered(in, i, i);
        assert_true(sample_apply(in->stores[0], creation(fabrikam, &customer)).done);
    }
    for (uint64_t i = 0; i < ROUNDS; i++) {
        clti_customer customers[2];
        for (size_t k = 0; k < 2; k++) {
            customers[k] = numbered(in, 1000 + 2 * i + k, 1000 + 2 * i + k);
            sides[k].changes[0] = creation(fabrikam, &customers[k]);
        }
        apply_at_once(in, sides);
        assert_int_equal(sides[0].outcomes[0].done + sides[1].outcomes[0].done, 1);
        size_t winner = sides[0].outcomes[0].done ? 0 : 1;
        assert_int_equal(sides[1 - winner].outcomes[0].refusal, CLTI_FAULT_CUSTOMERS_MAX);
        assert_int_equal(count_of(in, fabrikam), CLTI_STRICT_CUSTOMERS_MAX);
        const clti_change deletion = {CLTI_CHANGE_CUSTOMER_DELETE,
                                      .of.customer = {fabrikam, customers[winner].id, &customers[winner]}};
        assert_true(sample_apply(in->stores[1], deletion).done);
    }
    free(sides);
}

static void test_partner_is_deleted_or_gets_a_customer(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        const clt_guid owner = sample_guid(1000 + i);
        put_partner(in, owner, clti_arena_format(in->arena, "p%d.example", (int)i).data, false);
        clti_customer customer = numbered(in, i, i);
        sides[i % 2].changes[0] = creation(owner, &customer);
        sides[1 - i % 2].changes[0] = (clti_change){CLTI_CHANGE_PARTNER_DELETE, .of.deleted_partner = owner};
        apply_at_once(in, sides);
        const clti_outcome *created = &sides[i % 2].outcomes[0];
        const clti_outcome *deleted = &sides[1 - i % 2].outcomes[0];
        assert_int_equal(created->done + deleted->done, 1);
        assert_int_equal(created->done ? deleted->refusal : created->refusal,
                         created->done ? CLTI_FAULT_CONFLICT : CLTI_FAULT_NOT_FOUND);
    }
    assert_sound(in);
    free(sides);
}

/* A reseller's list has an id once: of a customer of its own, or of its provider's. */
static void test_an_id_stands_once_in_a_list(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    const clti_change link = {CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}};
    assert_true(sample_apply(in->stores[0], link).done);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        clti_customer shared = numbered(in, i, 2 * i);
        clti_customer own = numbered(in, i, 2 * i + 1);
        shared.associated_partner_id = northwind;
        sides[0].changes[0] = creation(fabrikam, &shared);
        sides[1].changes[0] = creation(northwind, &own);
        apply_at_once(in, sides);
        assert_int_equal(sides[0].outcomes[0].done + sides[1].outcomes[0].done, 1);
    }
    assert_int_equal(count_of(in, northwind), ROUNDS);
    assert_sound(in);
    free(sides);
}

static void test_two_administrators_at_two_replicas_do_not_disable_each_other(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        const clt_guid owner = sample_guid(1000 + i);
        put_partner(in, owner, clti_arena_format(in->arena, "p%d.example", (int)i).data, false);
        clti_user users[2];
        clti_user disabled[2];
        for (size_t k = 0; k < 2; k++) {
            users[k] = (clti_user){.partner = owner,
                                   .id = sample_guid(k),
                                   .name = k == 0 ? CLTI_STR("a@x") : CLTI_STR("b@x"),
                                   .roles = CLTI_ROLE_ADMIN_AGENTS,
                                   .password_hash = CLTI_STR("$argon2id$")};
            disabled[k] = users[k];
            disabled[k].is_disabled = true;
            assert_true(
                sample_apply(in->stores[0], (clti_change){CLTI_CHANGE_USER_CREATE, .of.user = &users[k]})
                    .done);
        }
        for (size_t k = 0; k < 2; k++)
            sides[k].changes[0] =
                (clti_change){CLTI_CHANGE_USER_UPDATE, .of.updated_user = {&disabled[k], &users[k]}};
        apply_at_once(in, sides);
        assert_int_equal(sides[0].outcomes[0].done + sides[1].outcomes[0].done, 1);
        size_t loser = sides[0].outcomes[0].done ? 1 : 0;
        assert_int_equal(sides[loser].outcomes[0].refusal, CLTI_FAULT_LAST_ADMIN);
    }
    free(sides);
}

/* The same refresh token at two replicas: one gets the next, the other shows one that was used. */
static void test_a_grant_is_renewed_once(void **state) {
    both *in = *state;
    side *sides = new_sides(1);
    clti_user_grant grant = {
        .id = {{7}}, .revision = 1, .state = CLTI_GRANT_REFRESHING, .expires = INT64_MAX};
    assert_true(sample_apply(in->stores[0], (clti_change){CLTI_CHANGE_GRANT_PUT, .of.grant = &grant}).done);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        grant.revision++;
        for (size_t k = 0; k < 2; k++)
            sides[k].changes[0] = (clti_change){CLTI_CHANGE_GRANT_PUT, .of.grant = &grant};
        apply_at_once(in, sides);
        assert_int_equal(sides[0].outcomes[0].done + sides[1].outcomes[0].done, 1);
        size_t loser = sides[0].outcomes[0].done ? 1 : 0;
        assert_int_equal(sides[loser].outcomes[0].refusal, CLTI_FAULT_CONFLICT);
    }
    free(sides);
}

/* ---- what one partner waits for does not hurt another ---- */

static void test_partners_fail_one_by_one(void **state) {
    both *in = *state;
    clti_store *hasty;
    clti_outcome outcomes[3];
    clti_fault fault;
    clti_store_options options = {.url = in->sample->database, .call_ms = 700};
    clti_customer customers[3];
    clti_change changes[3];
    if (!clti_store_open(&options, &hasty, &fault))
        fail_msg("%s", fault.text);
    for (size_t i = 0; i < CLTI_COUNT(changes); i++) {
        customers[i] = numbered(in, i, i);
        changes[i] = creation(i == 1 ? northwind : fabrikam, &customers[i]);
    }
    PGconn *other = PQconnectdb(in->sample->database);
    PQclear(PQexec(
        other, "BEGIN; SELECT FROM clientele.partner WHERE partner = '40020000-0000-0000-0000-000000000000'"
               " FOR UPDATE"));
    assert_int_equal(PQtransactionStatus(other), PQTRANS_INTRANS);
    assert_true(clti_store_apply(hasty, changes, CLTI_COUNT(changes), outcomes, &fault));
    assert_true(outcomes[0].done && outcomes[2].done && !outcomes[1].done);
    assert_int_equal(clti_fault_kind_of(outcomes[1].refusal)->http_status, 503);
    assert_false(clti_store_apply(hasty, &changes[1], 1, outcomes, &fault));
    PQfinish(other);
    assert_true(sample_apply(in->stores[0], changes[1]).done);
    assert_int_equal(count_of(in, fabrikam), 2);
    assert_int_equal(count_of(in, northwind), 1);
    clti_store_close(hasty);
    assert_sound(in);
}

/* ---- loads ---- */

#define LOADED 200

typedef struct loading {
    clti_store *store;
    clt_guid owner;
    pthread_barrier_t *start;
    clti_customer customers[LOADED];
    clti_load_outcome outcomes[LOADED];
    bool worked;
    clti_fault fault;
} loading;

static void *load_side(void *user) {
    loading *of = user;
    pthread_barrier_wait(of->start);
    of->worked = clti_store_load(of->store, of->owner, of->customers, LOADED, of->outcomes, &of->fault);
    return NULL;
}

/* Two imports with domains that both have: each is let in once. */
static void test_two_loads_share_what_both_want(void **state) {
    both *in = *state;
    loading *sides = calloc(2, sizeof *sides);
    assert_non_null(sides);
    for (uint64_t round = 0; round < 6; round++) {
        pthread_barrier_t start;
        pthread_t threads[2];
        size_t let_in = 0;
        assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
        for (size_t k = 0; k < 2; k++) {
            sides[k].store = in->stores[k];
            sides[k].owner = k == 0 ? fabrikam : northwind;
            sides[k].start = &start;
            for (uint64_t i = 0; i < LOADED;
                 i++) /* in opposite order; every second domain is the other's, too */
                sides[k].customers[k == 0 ? i : LOADED - 1 - i] =
                    numbered(in, (2 * round + k) * LOADED + i,
                             round * 3 * LOADED + (i % 2 == 0 ? i : (k + 1) * LOADED + i));
            assert_int_equal(pthread_create(&threads[k], NULL, load_side, &sides[k]), 0);
        }
        for (size_t k = 0; k < 2; k++)
            assert_int_equal(pthread_join(threads[k], NULL), 0);
        pthread_barrier_destroy(&start);
        for (size_t k = 0; k < 2; k++) {
            if (!sides[k].worked)
                fail_msg("%s", sides[k].fault.text);
            for (size_t i = 0; i < LOADED; i++)
                let_in += sides[k].outcomes[i] == CLTI_LOAD_NEW;
        }
        assert_int_equal(let_in, LOADED + LOADED / 2);
    }
    assert_int_equal(count_of(in, fabrikam) + count_of(in, northwind), 6 * (LOADED + LOADED / 2));
    assert_sound(in);
    free(sides);
}

#define ON_TWO(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_TWO(test_one_of_two_gets_a_domain),
        ON_TWO(test_one_request_at_two_replicas_is_done_once),
        ON_TWO(test_one_of_two_changes_from_one_state),
        ON_TWO(test_groups_of_one_partner_are_all_written_and_counted),
        ON_TWO(test_groups_in_opposite_order_end),
        ON_TWO(test_strict_partner_gets_no_customer_too_many),
        ON_TWO(test_partner_is_deleted_or_gets_a_customer),
        ON_TWO(test_an_id_stands_once_in_a_list),
        ON_TWO(test_two_administrators_at_two_replicas_do_not_disable_each_other),
        ON_TWO(test_a_grant_is_renewed_once),
        ON_TWO(test_partners_fail_one_by_one),
        ON_TWO(test_two_loads_share_what_both_want),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
