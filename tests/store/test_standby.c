/* A server that must have its standby's word for each commit. What it has committed alone may be lost with
 * it, so it is not acknowledged, whoever ends the waiting. The test has a cluster of its own, with settings
 * that make it wait. */
#include "store/sample.h"
#include "support/database.h"
#include "support/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const clt_guid fabrikam = {{0xfa, 1}};

#define TICKS INT64_C(638000000000000000)

static void await_nobody(const char *url) {
    clti_test_database_run(url, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    clti_test_database_run(url, "SELECT pg_reload_conf()");
}

static void await_none(const char *url) {
    clti_test_database_run(url, "ALTER SYSTEM RESET synchronous_standby_names");
    clti_test_database_run(url, "SELECT pg_reload_conf()");
}

static int set_up(void **state) {
    sample_set_up_postgres(state);
    sample_any *in = *state;
    const clti_partner partner = {.id = fabrikam, .domain = CLTI_STR("fabrikam.example")};
    const clti_change change = {CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner};
    assert_true(sample_apply(in->store, change).done);
    return 0;
}

static int tear_down(void **state) {
    sample_any *in = *state;
    await_none(in->database);
    return sample_tear_down(state);
}

static size_t count_audits(sample_any *in) {
    clti_audit_page page;
    clti_fault fault;
    const clti_audit_query query = {.partner = fabrikam, .to = INT64_MAX, .size = 1000};
    assert_true(clti_store_audit_list(in->store, &query, &in->arena, &page, &fault));
    return page.count;
}

/* ---- one write, beside which things happen ---- */

typedef struct write_run {
    clti_store *store;
    bool worked;
    clti_outcome outcome;
    clti_fault fault;
    atomic_bool ended;
    pthread_t thread;
} write_run;

static void *write_audit(void *user) {
    write_run *of = user;
    const clti_audit_record audit = {
        .partner = fabrikam, .date = TICKS, .operation = CLTI_AUDIT_ADD_CUSTOMER};
    const clti_change change = {CLTI_CHANGE_NOTHING, .audit = &audit};
    of->worked = clti_store_apply(of->store, &change, 1, &of->outcome, &of->fault);
    atomic_store(&of->ended, true);
    return NULL;
}

static void start(write_run *of, sample_any *in, unsigned call_ms) {
    clti_fault fault;
    clti_store_options options = {.url = in->database, .call_ms = call_ms};
    memset(of, 0, sizeof *of);
    if (!clti_store_open(&options, &of->store, &fault))
        fail_msg("%s", fault.text);
    await_nobody(in->database);
    assert_int_equal(pthread_create(&of->thread, NULL, write_audit, of), 0);
}

static void finish(write_run *of) {
    assert_int_equal(pthread_join(of->thread, NULL), 0);
    clti_store_close(of->store);
}

static void rest(void) {
    const struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
}

/* As an administrator may do. */
#define CANCEL                                                                                               \
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"                       \
    " AND datname = current_database()"

/* ---- tests ---- */

static void assert_unknown(const write_run *of) {
    assert_false(of->worked);
    assert_int_equal(clti_fault_kind_of(of->fault.code)->http_status, 503);
    if (strstr(of->fault.text, "not known") == NULL)
        fail_msg("%s", of->fault.text);
}

static void test_commit_without_its_standby_is_not_acknowledged(void **state) {
    sample_any *in = *state;
    write_run of;
    start(&of, in, 700);
    finish(&of);
    assert_unknown(&of);
    await_none(in->database);
    while (count_audits(in) == 0) /* the server goes on in its own time */
        rest();
    assert_int_equal(count_audits(in), 1);
}

static void test_commit_whose_waiting_is_cancelled_is_not_acknowledged(void **state) {
    sample_any *in = *state;
    write_run of;
    start(&of, in, 1000);
    while (!atomic_load(&of.ended)) {
        clti_test_database_run(in->database, CANCEL);
        rest();
    }
    finish(&of);
    assert_unknown(&of);
    assert_int_equal(count_audits(in), 1); /* the server has it, alone */
}

static void test_commit_is_acknowledged_once_the_standby_has_it(void **state) {
    sample_any *in = *state;
    write_run of;
    start(&of, in, 60000);
    while (count_audits(in) == 0) { /* visible only when the waiting was cancelled */
        assert_false(atomic_load(&of.ended));
        clti_test_database_run(in->database, CANCEL);
        rest();
    }
    await_none(in->database); /* as if it had come */
    finish(&of);
    if (!of.worked)
        fail_msg("%s", of.fault.text);
    assert_true(of.outcome.done);
    assert_int_equal(count_audits(in), 1);
}

#define WAITING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WAITING(test_commit_without_its_standby_is_not_acknowledged),
        WAITING(test_commit_whose_waiting_is_cancelled_is_not_acknowledged),
        WAITING(test_commit_is_acknowledged_once_the_standby_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
