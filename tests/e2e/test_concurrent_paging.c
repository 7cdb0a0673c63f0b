/* The list read while others write: who was there throughout appears exactly once, forwards and backwards. */
#include "directory.h"
#include "support/seed.h"
#include "walk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS         3
#define IMPORTED       4000
#define DELETED        2000
#define DELETE_AT_ONCE 16
#define WALKS_MAX      40

typedef enum role { ROLE_STAYS, ROLE_DELETED, ROLE_IMPORTED } role;

typedef struct person {
    clt_guid id;
    role role;
    unsigned seen;
} person;

/* Everybody, by id. */
typedef struct crowd {
    person *people;
    size_t count;
} crowd;

static int compare(const void *a, const void *b) {
    return memcmp(&((const person *)a)->id, &((const person *)b)->id, sizeof(clt_guid));
}

/* ---- who is who ---------------------------------------------------------------------------------------- */

/* The new ones stand everywhere between the old ones: each has the beginning of an old one's name. */
static char *make_new(const directory *companies, unsigned round, uint64_t *random, directory *out) {
    clti_buf csv;
    clti_buf_init(&csv, SIZE_MAX);
    clti_buf_add(&csv, CLTI_STR("companyName,domain\n"));
    for (size_t i = 0; i < IMPORTED; i++) {
        char name[64], domain[64];
        const directory_entry *like = &companies->entries[clti_test_random_below(random, companies->count)];
        size_t length = 1 + clti_test_random_below(random, strnlen(like->name_fold, 5));
        for (size_t k = 0; k < length; k++)
            name[k] = like->name_fold[k] >= 'a' && like->name_fold[k] <= 'z' ? like->name_fold[k] : 'q';
        snprintf(name + length, sizeof(name) - length, " %zu", i);
        snprintf(domain, sizeof(domain), "new-%u-%zu.test", round, i);
        directory_add(out, name, domain, NULL);
        clti_buf_add_format(&csv, "%s,%s\n", name, domain);
    }
    clti_buf_add_char(&csv, '\0');
    assert_true(clti_buf_ok(&csv));
    size_t size;
    return clti_buf_take(&csv, &size);
}

static crowd gather(const directory *companies, const directory *added, uint64_t *random) {
    crowd all = {calloc(companies->count + added->count, sizeof(person)), 0};
    assert_non_null(all.people);
    for (size_t i = 0; i < companies->count; i++)
        all.people[all.count++].id = companies->entries[i].id;
    /* The first and the last stay: else a link could lead past the end, which is refused with good reason. */
    for (size_t i = 0; i < DELETED; i++)
        all.people[1 + clti_test_random_below(random, companies->count - 2)].role = ROLE_DELETED;
    for (size_t i = 0; i < added->count; i++)
        all.people[all.count++] = (person){.id = added->entries[i].id, .role = ROLE_IMPORTED};
    qsort(all.people, all.count, sizeof(*all.people), compare);
    return all;
}

/* ---- deleting, in a process of its own ----------------------------------------------------------------- */

static bool delete_group(clti_store *store, const clti_change *changes, size_t count) {
    clti_outcome outcomes[DELETE_AT_ONCE];
    clti_fault fault;
    bool ok = clti_store_apply(store, changes, count, outcomes, &fault);
    for (size_t i = 0; ok && i < count; i++)
        ok = outcomes[i].done;
    return ok;
}

/* In order of the ids, which is no order of the list. */
static bool delete_all(const char *folder, const crowd *all) {
    const struct timespec pause = {.tv_nsec = 2000000};
    const clti_store_options options = scene_store_options(folder);
    clti_change changes[DELETE_AT_ONCE];
    size_t count = 0;
    clti_store *store;
    clti_fault fault;
    if (!clti_store_open(&options, &store, &fault))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < all->count; i++) {
        if (all->people[i].role != ROLE_DELETED)
            continue;
        changes[count++] = (clti_change){.kind = CLTI_CHANGE_CUSTOMER_DELETE,
                                         .of.customer = {scene_guid(FABRIKAM), all->people[i].id}};
        if (count == DELETE_AT_ONCE) {
            ok = delete_group(store, changes, count);
            count = 0;
            nanosleep(&pause, NULL);
        }
    }
    ok = ok && (count == 0 || delete_group(store, changes, count));
    clti_store_close(store);
    return ok;
}

static pid_t start_deleting(const char *folder, const crowd *all) {
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(delete_all(folder, all) ? 0 : 1);
    }
    return pid;
}

/* ---- reading meanwhile --------------------------------------------------------------------------------- */

static void count_ids(crowd *all, const walk_ids *read) {
    for (size_t i = 0; i < read->count; i++) {
        const person wanted = {.id = read->ids[i]};
        person *found = bsearch(&wanted, all->people, all->count, sizeof(*all->people), compare);
        if (!found)
            fail_msg("a customer that nobody imported: %s", clti_guid_to_text(wanted.id).text);
        found->seen++;
    }
}

static void expect_each_once(crowd *all, size_t size, const char *way) {
    for (size_t i = 0; i < all->count; i++) {
        const person *one = &all->people[i];
        if (one->role == ROLE_STAYS ? one->seen != 1 : one->seen > 1)
            fail_msg("%s, pages of %zu: %s, who %s, was seen %u times", way, size,
                     clti_guid_to_text(one->id).text,
                     one->role == ROLE_STAYS     ? "was there throughout"
                     : one->role == ROLE_DELETED ? "is being deleted"
                                                 : "is being imported",
                     one->seen);
    }
    for (size_t i = 0; i < all->count; i++)
        all->people[i].seen = 0;
}

static void walk_once(clti_test_client *client, crowd *all, size_t size, bool backwards) {
    char target[96];
    walk_ids read = {0};
    snprintf(target, sizeof(target), "/v1/customers?size=%zu%s", size,
             backwards ? "&seekOperation=Last" : "");
    if (backwards) {
        const clti_test_response *last = clti_test_get(client, target, NULL);
        walk_take_page(last, &read);
        walk_backwards(client, last, size, WALK_JOIN_NET, &read);
    } else {
        walk_forwards(client, target, size, WALK_JOIN_JAVA, &read);
    }
    count_ids(all, &read);
    expect_each_once(all, size, backwards ? "backwards" : "forwards");
    walk_ids_done(&read);
}

static bool is_running(pid_t pid, int *status) {
    return waitpid(pid, status, WNOHANG) == 0;
}

static void run_round(scene *own, const directory *companies, unsigned round, uint64_t *random) {
    directory added = {0};
    char *csv = make_new(companies, round, random, &added);
    crowd all = gather(companies, &added, random);
    clti_test_process import;
    int status = -1;
    const char *file = scene_file(csv);
    pid_t deleter = start_deleting(own->folder, &all);
    clti_test_start(&(clti_test_command){.arguments = CLTI_TEST_WORDS("import", "--data", own->folder,
                                                                      "--partner", "fabrikam.example", file)},
                    &import);
    /* As long as somebody writes, and once in peace. */
    bool writing = true;
    unsigned walks = 0;
    for (bool again = true; again && walks < WALKS_MAX; walks++) {
        again = writing;
        walk_once(own->client, &all, 40 + clti_test_random_below(random, 461), walks % 2);
        writing = writing && is_running(deleter, &status);
    }
    if (writing)
        assert_int_equal(waitpid(deleter, &status, 0), deleter);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    clti_test_outcome outcome;
    clti_test_wait(&import, &outcome);
    if (outcome.exit_code != 0 || !strstr(outcome.out, " 4000 new"))
        fail_msg("import: %d\n%s%s", outcome.exit_code, outcome.out, outcome.err);
    clti_test_outcome_done(&outcome);
    printf("# round %u: %u walks while others wrote\n", round, walks);
    assert_true(walks >= 2);
    /* In the end: all new ones, none that was deleted. */
    walk_ids read = {0};
    walk_forwards(own->client, "/v1/customers", 500, WALK_JOIN_NET, &read);
    count_ids(&all, &read);
    for (size_t i = 0; i < all.count; i++)
        assert_int_equal(all.people[i].seen, all.people[i].role == ROLE_DELETED ? 0 : 1);
    walk_ids_done(&read);
    free(all.people);
    free(csv);
    directory_done(&added);
}

static void test_customers_that_stay_appear_once_while_others_come_and_go(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    directory companies = {0};
    directory_read_demo(&companies, "companies.csv");
    directory_sort(&companies);
    for (unsigned round = 0; round < ROUNDS; round++) {
        scene own = {0};
        scene_open(&own, scene_demo_store(), NULL);
        run_round(&own, &companies, round, &random);
        scene_close(&own);
    }
    directory_done(&companies);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_customers_that_stay_appear_once_while_others_come_and_go),
    };
    return cmocka_run_group_tests(tests, scene_group_setup, scene_group_teardown);
}
