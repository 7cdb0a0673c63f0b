/* Connections that break while something is written: nothing is written twice, and nothing is said to be
 * written that is not. What is written most often here is an audit record, for a second one would be seen: it
 * moves on to the next tick. */
#include "store/sample.h"
#include "support/cutter.h"
#include "support/database.h"
#include "support/test.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const clt_guid fabrikam = {{0xfa, 1}};

#define TICKS INT64_C(638000000000000000)

typedef struct broken {
    sample_any *sample; /* reaches the database directly */
    clti_test_cutter *cutter;
    clti_store *store; /* reaches it through the cutter */
    clti_arena *arena;
} broken;

static clti_store *open_store(const char *url, unsigned call_ms) {
    clti_store *store;
    clti_fault fault;
    clti_store_options options = {.url = url, .call_ms = call_ms};
    if (!clti_store_open(&options, &store, &fault))
        fail_msg("%s", fault.text);
    return store;
}

static int set_up(void **state) {
    broken *made = calloc(1, sizeof *made);
    void *sample;
    assert_non_null(made);
    sample_set_up_postgres(&sample);
    made->sample = sample;
    made->arena = &made->sample->arena;
    made->cutter = clti_test_cutter_new(made->sample->database);
    made->store = open_store(clti_test_cutter_url(made->cutter), 0);
    const clti_partner partner = {.id = fabrikam, .domain = CLTI_STR("fabrikam.example")};
    const clti_change change = {CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner};
    assert_true(sample_apply(made->sample->store, change).done);
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    broken *in = *state;
    void *sample = in->sample;
    clti_store_close(in->store);
    clti_test_cutter_free(in->cutter);
    sample_tear_down(&sample);
    free(in);
    return 0;
}

/* ---- what is there ---- */

static size_t count_audits(broken *in) {
    clti_audit_page page;
    clti_fault fault;
    const clti_audit_query query = {.partner = fabrikam, .to = INT64_MAX, .size = 100000};
    if (!clti_store_audit_list(in->sample->store, &query, in->arena, &page, &fault))
        fail_msg("%s", fault.text);
    return page.count;
}

static uint64_t count_customers(broken *in) {
    clti_partner_state state;
    clti_fault fault;
    assert_true(clti_store_partner_state(in->sample->store, fabrikam, &state, &fault));
    return state.count;
}

static void fail_on_finding(void *user, clt_str text) {
    fail_msg("%.*s", CLTI_STR_ARGS(text));
}

static void assert_sound(broken *in) {
    clti_check_summary seen;
    clti_fault fault;
    if (!clti_store_check(in->sample->store, fail_on_finding, NULL, &seen, &fault))
        fail_msg("%s", fault.text);
}

static clti_audit_record audit_of(clt_guid id) {
    return (clti_audit_record){
        .partner = fabrikam, .date = TICKS, .operation = CLTI_AUDIT_ADD_CUSTOMER, .customer = id};
}

static clti_customer numbered(clti_arena *arena, uint64_t number) {
    const char *text = clti_arena_format(arena, "d%d.example", (int)number).data;
    return sample_customer(arena, number, text, "Company");
}

/* ---- tests ---- */

static const struct {
    clti_test_cut when;
    size_t times;
} cuts[] = {
    {CLTI_TEST_CUT_BEGIN, 1}, {CLTI_TEST_CUT_COMMIT_UNSENT, 1}, {CLTI_TEST_CUT_COMMIT_UNANSWERED, 1},
    {CLTI_TEST_CUT_BEGIN, 3}, {CLTI_TEST_CUT_COMMIT_UNSENT, 3}, {CLTI_TEST_CUT_COMMIT_UNANSWERED, 3},
};

static void test_change_is_made_once_wherever_it_is_cut(void **state) {
    broken *in = *state;
    for (size_t i = 0; i < CLTI_COUNT(cuts); i++) {
        clti_customer customer = numbered(in->arena, i);
        const clti_audit_record audit = audit_of(customer.id);
        const clti_change changes[] = {
            {CLTI_CHANGE_CUSTOMER_CREATE, .of.written = {fabrikam, &customer, NULL}, .audit = &audit},
            {CLTI_CHANGE_NOTHING, .audit = &audit},
        };
        for (size_t k = 0; k < CLTI_COUNT(changes); k++) {
            clti_test_cutter_arm(in->cutter, cuts[i].when, cuts[i].times);
            if (!sample_apply(in->store, changes[k]).done)
                fail_msg("row %zu, change %zu", i, k);
            assert_int_equal(clti_test_cutter_left(in->cutter), 0);
            assert_int_equal(count_audits(in), 2 * i + k + 1);
        }
        assert_int_equal(count_customers(in), i + 1);
    }
    assert_sound(in);
}

static void test_change_of_identities_is_made_once_wherever_it_is_cut(void **state) {
    broken *in = *state;
    for (size_t i = 0; i < CLTI_COUNT(cuts); i++) {
        const clti_application application = {
            .partner = fabrikam, .id = sample_guid(i), .name = CLTI_STR("app")};
        const clti_change creation = {CLTI_CHANGE_APPLICATION_CREATE, .of.application = &application};
        const clti_change deletion = {CLTI_CHANGE_APPLICATION_DELETE,
                                      .of.deleted_application = {fabrikam, application.id}};
        clti_test_cutter_arm(in->cutter, cuts[i].when, cuts[i].times);
        assert_true(sample_apply(in->store, creation).done);
        clti_test_cutter_arm(in->cutter, cuts[i].when, cuts[i].times);
        assert_true(sample_apply(in->store, deletion).done);
        assert_int_equal(clti_test_cutter_left(in->cutter), 0);
    }
    assert_sound(in);
}

#define LOADED 300

static void test_load_and_purge_are_made_once_wherever_they_are_cut(void **state) {
    broken *in = *state;
    clti_customer customers[LOADED];
    clti_load_outcome outcomes[LOADED];
    for (size_t i = 0; i < CLTI_COUNT(cuts); i++) {
        clti_fault fault;
        size_t deleted;
        for (size_t k = 0; k < LOADED; k++)
            customers[k] = numbered(in->arena, k);
        clti_test_cutter_arm(in->cutter, cuts[i].when, cuts[i].times);
        sample_load(in->store, fabrikam, customers, LOADED, outcomes);
        assert_int_equal(clti_test_cutter_left(in->cutter), 0);
        for (size_t k = 0; k < LOADED; k++) {
            assert_int_equal(outcomes[k], CLTI_LOAD_NEW);
            customers[k].company_name = CLTI_STR("Another");
        }
        clti_test_cutter_arm(in->cutter, cuts[i].when, cuts[i].times);
        sample_load(in->store, fabrikam, customers, LOADED, outcomes);
        for (size_t k = 0; k < LOADED; k++)
            assert_int_equal(outcomes[k], CLTI_LOAD_UPDATED);
        assert_int_equal(count_customers(in), LOADED);
        assert_sound(in);
        clti_test_cutter_arm(in->cutter, cuts[i].when, cuts[i].times);
        if (!clti_store_purge(in->store, fabrikam, LOADED, &deleted, &fault))
            fail_msg("%s", fault.text);
        assert_int_equal(deleted, LOADED);
        assert_int_equal(count_customers(in), 0);
    }
}

/* Nobody answers any more: it is said whether anybody can know. */
static void test_what_is_not_known_is_said(void **state) {
    broken *in = *state;
    const struct {
        clti_test_cut when;
        bool is_known;
        bool is_done;
    } rows[] = {
        {CLTI_TEST_CUT_BEGIN, true, false},
        {CLTI_TEST_CUT_COMMIT_UNSENT, false, false},
        {CLTI_TEST_CUT_COMMIT_UNANSWERED, false, true},
    };
    size_t done = 0;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_outcome outcome;
        clti_fault fault;
        const clti_audit_record audit = audit_of(sample_guid(i));
        const clti_change change = {CLTI_CHANGE_NOTHING, .audit = &audit};
        clti_test_cutter_arm(in->cutter, rows[i].when, 0);
        clti_store *store = open_store(clti_test_cutter_url(in->cutter), 700);
        clti_test_cutter_arm(in->cutter, rows[i].when, 1);
        clti_test_cutter_close_after_cut(in->cutter);
        assert_false(clti_store_apply(store, &change, 1, &outcome, &fault));
        assert_int_equal(clti_fault_kind_of(fault.code)->http_status, 503);
        assert_int_equal(strstr(fault.text, "not known") == NULL, rows[i].is_known);
        done += rows[i].is_done;
        assert_int_equal(count_audits(in), done);
        clti_store_close(store);
    }
}

/* ---- what is kept for such cases ---- */

static long long count_rows(broken *in, const char *statement) {
    PGconn *connection = PQconnectdb(in->sample->database);
    PGresult *result = PQexec(connection, statement);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(connection));
    long long count = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    PQfinish(connection);
    return count;
}

static void test_marks_and_grants_go_a_day_after_their_end(void **state) {
    broken *in = *state;
    static const char marks[] = "SELECT count(*) FROM clientele.commit_mark";
    static const char grants[] = "SELECT count(*) FROM clientele.user_grant";
    const int64_t now = clti_now_seconds();
    for (uint8_t i = 0; i < 10; i++) {
        const clti_user_grant grant = {.id = {{i}}, .revision = 1, .expires = now + i};
        assert_true(sample_apply(in->store, (clti_change){CLTI_CHANGE_GRANT_PUT, .of.grant = &grant}).done);
    }
    assert_true(count_rows(in, marks) >= 10);
    clti_change expiry = {CLTI_CHANGE_EXPIRE, .of.expired = {.idempotency_before = now - 1, .most = 3}};
    assert_true(sample_apply(in->store, expiry).done);
    assert_true(count_rows(in, marks) >= 10);
    assert_int_equal(count_rows(in, grants), 10);
    expiry.of.expired.idempotency_before = now + 6;
    for (size_t i = 0; i < 2; i++)
        assert_true(sample_apply(in->store, expiry).done);
    assert_int_equal(count_rows(in, grants), 4);
    expiry.of.expired.idempotency_before = now + 100000;
    expiry.of.expired.most = 1000;
    assert_true(sample_apply(in->store, expiry).done);
    assert_int_equal(count_rows(in, grants), 0);
    assert_int_equal(count_rows(in, marks), 0);
}

/* ---- a server that ends connections all the time ---- */

#define WRITERS 3
#define WRITES  100

typedef struct writer {
    clti_store *store;
    clti_arena arena;
    size_t number;
    bool done[WRITES];
    bool is_unknown[WRITES];
    atomic_size_t *ended;
} writer;

static void *write_many(void *user) {
    writer *of = user;
    for (size_t i = 0; i < WRITES; i++) {
        clti_fault fault;
        clti_outcome outcome;
        const uint64_t number = of->number * WRITES + i;
        clti_customer customer = {.id = sample_guid(number), .company_name = CLTI_STR("Company")};
        customer.domain = clti_arena_format(&of->arena, "d%d.example", (int)number);
        const clti_audit_record audit = audit_of(customer.id);
        const clti_change change = {CLTI_CHANGE_CUSTOMER_CREATE, .of.written = {fabrikam, &customer, NULL},
                                    .audit = &audit};
        if (clti_store_apply(of->store, &change, 1, &outcome, &fault))
            of->done[i] = outcome.done;
        else
            of->is_unknown[i] = strstr(fault.text, "not known") != NULL;
    }
    atomic_fetch_add(of->ended, 1);
    return NULL;
}

static bool is_there(broken *in, uint64_t number) {
    clti_customer found;
    clti_access access;
    clti_fault fault;
    if (!clti_store_customer_find(in->sample->store, fabrikam, sample_guid(number), in->arena, &found,
                                  &access, &fault))
        fail_msg("%s", fault.text);
    return access == CLTI_ACCESS_OWNER;
}

static void test_every_write_that_was_acknowledged_is_there_once(void **state) {
    broken *in = *state;
    pthread_t threads[WRITERS];
    writer *writers = calloc(WRITERS, sizeof *writers);
    atomic_size_t ended = 0;
    size_t customers = 0;
    assert_non_null(writers);
    clti_store *store = open_store(in->sample->database, 0);
    for (size_t i = 0; i < WRITERS; i++) {
        writers[i].store = store;
        writers[i].number = i;
        writers[i].ended = &ended;
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
    }
    while (atomic_load(&ended) < WRITERS) {
        const struct timespec pause = {.tv_nsec = 50000000};
        clti_test_database_run(in->sample->database,
                               "SET client_min_messages = error; SELECT pg_terminate_backend(pid) FROM "
                               "pg_stat_activity WHERE application_name ="
                               " 'clienteled' AND datname = current_database() AND random() < 0.5");
        nanosleep(&pause, NULL);
    }
    for (size_t i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    clti_store_close(store);
    for (size_t i = 0; i < WRITERS * WRITES; i++) {
        const writer *of = &writers[i / WRITES];
        bool there = is_there(in, i);
        if (there != of->done[i % WRITES] && !of->is_unknown[i % WRITES])
            fail_msg("write %zu: acknowledged %d, there %d", i, of->done[i % WRITES], there);
        customers += there;
    }
    assert_int_equal(count_customers(in), customers);
    assert_int_equal(count_audits(in), customers);
    assert_sound(in);
    for (size_t i = 0; i < WRITERS; i++)
        clti_arena_done(&writers[i].arena);
    free(writers);
}

#define BROKEN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        BROKEN(test_change_is_made_once_wherever_it_is_cut),
        BROKEN(test_change_of_identities_is_made_once_wherever_it_is_cut),
        BROKEN(test_load_and_purge_are_made_once_wherever_they_are_cut),
        BROKEN(test_what_is_not_known_is_said),
        BROKEN(test_marks_and_grants_go_a_day_after_their_end),
        BROKEN(test_every_write_that_was_acknowledged_is_there_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
