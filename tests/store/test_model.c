/* The stores that last held against the plain model in memory, in random runs. */
#include "store/sample.h"
#include "support/memory_store.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};
static const clt_guid highest = {
    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

typedef struct run {
    clti_arena arena;
    sample_any *sample;
    clti_store *store; /* the sample's */
    clti_store *oracle;
    uint64_t random;
} run;

static int set_up(void **state, int (*set_up_store)(void **state)) {
    run *made = calloc(1, sizeof *made);
    void *sample;
    assert_non_null(made);
    set_up_store(&sample);
    made->sample = sample;
    made->store = made->sample->store;
    made->oracle = clti_memory_store_new();
    made->random = clti_test_seed();
    *state = made;
    return 0;
}

static int set_up_lmdb(void **state) {
    return set_up(state, sample_set_up_lmdb);
}

static int set_up_postgres(void **state) {
    return set_up(state, sample_set_up_postgres);
}

static int tear_down(void **state) {
    run *of = *state;
    void *sample = of->sample;
    sample_tear_down(&sample);
    clti_store_close(of->oracle);
    clti_arena_done(&of->arena);
    free(of);
    return 0;
}

static clti_list_page list(run *of, clti_store *store, const clti_list_query *query) {
    clti_list_page page;
    clti_fault fault;
    if (!clti_store_list(store, query, &of->arena, &page, &fault))
        fail_msg("%s", fault.text);
    return page;
}

static clti_partner_state state_of(clti_store *store, clt_guid partner) {
    clti_partner_state state;
    clti_fault fault;
    assert_true(clti_store_partner_state(store, partner, &state, &fault));
    return state;
}

#define MODEL_IDS     60
#define MODEL_DOMAINS 70

static clt_guid random_partner(run *of, bool or_other) {
    const clt_guid partners[] = {fabrikam, northwind, highest, {{1}}, {{0}}};
    return partners[clti_test_random_below(&of->random, or_other ? 5 : 3)];
}

static clt_str random_name(run *of) {
    static const char *const words[] = {"Contoso", "CONTOSO ltd", "Café",     "Cafe\xcc\x81", "ｆｕｌｌ",
                                        "Straße",  "Яндекс",      "яндекс 2", "三井物産",     "ﬁsh & Co",
                                        "a",       "A\302\255B",  "العربية"};
    const char *word = words[clti_test_random_below(&of->random, CLTI_COUNT(words))];
    uint64_t kind = clti_test_random_below(&of->random, 10);
    if (kind == 0) {
        /* U+FDFA folds to 33 bytes: 399 to 402 bytes are shared, then the ends differ. */
        char text[256] = "";
        size_t tail = (size_t)clti_test_random_below(&of->random, 6);
        for (size_t i = 0; i < 12; i++)
            memcpy(text + 3 * i, "\xef\xb7\xba", 3);
        memset(text + 36, 'x', 4 + tail);
        return clti_arena_format(&of->arena, "%s%s", text,
                                 clti_test_random_below(&of->random, 2) ? word : "");
    }
    if (kind == 1)
        return clti_arena_format(&of->arena, "%0195d%s", 7, word);
    return kind < 5
               ? clti_str(word)
               : clti_arena_format(&of->arena, "%s %d", word, (int)clti_test_random_below(&of->random, 12));
}

static clti_customer random_customer(run *of) {
    uint64_t domain = clti_test_random_below(&of->random, MODEL_DOMAINS);
    clt_str text = clti_test_random_below(&of->random, 2)
                       ? clti_arena_format(&of->arena, "Domain%d.example", (int)domain)
                       : clti_arena_format(&of->arena, "domain%d.EXAMPLE", (int)domain);
    clti_customer customer = sample_customer(&of->arena, clti_test_random_below(&of->random, MODEL_IDS),
                                             text.data, random_name(of).data);
    if (clti_test_random_below(&of->random, 2) == 0)
        customer.associated_partner_id = random_partner(of, true);
    if (clti_test_random_below(&of->random, 10) == 0)
        customer.relationship = CLTI_RELATIONSHIP_NONE;
    if (clti_test_random_below(&of->random, 4) == 0) {
        customer.email = clti_str("someone@contoso.example");
        customer.no_delegated_access = true;
    }
    return customer;
}

static void random_load(run *of) {
    clti_customer customers[6];
    clti_load_outcome got[6];
    clti_load_outcome want[6];
    size_t count = 1 + (size_t)clti_test_random_below(&of->random, 6);
    clt_guid owner = random_partner(of, false);
    for (size_t i = 0; i < count; i++)
        customers[i] = random_customer(of);
    sample_load(of->store, owner, customers, count, got);
    sample_load(of->oracle, owner, customers, count, want);
    assert_memory_equal(got, want, count * sizeof *got);
}

static void random_deletes(run *of) {
    clti_change changes[4];
    clti_outcome got[4];
    clti_outcome want[4];
    clti_fault fault;
    size_t count = 1 + (size_t)clti_test_random_below(&of->random, 4);
    for (size_t i = 0; i < count; i++) {
        changes[i] = (clti_change){
            .kind = CLTI_CHANGE_CUSTOMER_DELETE,
            .of.customer = {random_partner(of, false),
                            sample_guid(clti_test_random_below(&of->random, MODEL_IDS))},
        };
    }
    assert_true(clti_store_apply(of->store, changes, count, got, &fault));
    assert_true(clti_store_apply(of->oracle, changes, count, want, &fault));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(got[i].done, want[i].done);
}

/* Partners, applications and links come and go; a partner stays while it has customers. */
static void random_identities(run *of) {
    clti_change changes[4];
    clti_outcome got[4];
    clti_outcome want[4];
    clti_partner partners[4];
    clti_application applications[4];
    clti_fault fault;
    for (size_t i = 0; i < 4; i++) {
        clt_guid id = random_partner(of, true);
        clt_guid application = sample_guid(clti_test_random_below(&of->random, 4));
        partners[i] = (clti_partner){.id = id, .domain = random_name(of)};
        applications[i] = (clti_application){.partner = id, .id = application, .name = CLTI_STR("app")};
        const clti_change kinds[] = {
            {CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[i]},
            {CLTI_CHANGE_APPLICATION_PUT, .of.application = &applications[i]},
            {CLTI_CHANGE_LINK_PUT, .of.link = {id, random_partner(of, true)}},
            {CLTI_CHANGE_APPLICATION_DELETE, .of.deleted_application = {id, application}},
            {CLTI_CHANGE_PARTNER_DELETE, .of.deleted_partner = id},
        };
        changes[i] = kinds[clti_test_random_below(&of->random, CLTI_COUNT(kinds))];
    }
    assert_true(clti_store_apply(of->store, changes, 4, got, &fault));
    assert_true(clti_store_apply(of->oracle, changes, 4, want, &fault));
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(got[i].done, want[i].done);
        assert_int_equal(got[i].refusal, want[i].refusal);
    }
}

static void random_purge(run *of) {
    size_t got;
    size_t want;
    clti_fault fault;
    clt_guid owner = random_partner(of, false);
    size_t most = (size_t)clti_test_random_below(&of->random, 12);
    assert_true(clti_store_purge(of->store, owner, most, &got, &fault));
    assert_true(clti_store_purge(of->oracle, owner, most, &want, &fault));
    assert_int_equal(got, want);
}

static void assert_same_text(clt_str got, clt_str want) {
    assert_int_equal(got.data == NULL, want.data == NULL);
    assert_true(clti_str_equal(got, want));
}

static clti_list_page assert_same_page(run *of, const clti_list_query *query) {
    clti_list_page got = list(of, of->store, query);
    clti_list_page want = list(of, of->oracle, query);
    assert_int_equal(got.count, want.count);
    assert_int_equal(got.has_next, want.has_next);
    assert_int_equal(got.has_previous, want.has_previous);
    assert_int_equal(got.total, want.total);
    assert_same_text(got.first_position, want.first_position);
    assert_same_text(got.last_position, want.last_position);
    for (size_t i = 0; i < got.count; i++) {
        assert_true(clti_guid_equal(got.items[i].id, want.items[i].id));
        assert_same_text(got.items[i].domain, want.items[i].domain);
        assert_same_text(got.items[i].company_name, want.items[i].company_name);
    }
    return got;
}

static clti_list_query random_query(run *of) {
    clti_list_query query = {.partner = random_partner(of, false),
                             .field =
                                 (clti_list_field)clti_test_random_below(&of->random, CLTI_LIST_FIELD_COUNT),
                             .related = random_partner(of, true),
                             .is_exact = clti_test_random_below(&of->random, 4) == 0};
    uint64_t size = clti_test_random_below(&of->random, 8);
    query.size = size == 0 ? CLTI_PAGE_SIZE_MAX : (size_t)size;
    if (clti_test_random_below(&of->random, 2) == 0) {
        clt_str value = query.field == CLTI_LIST_DOMAIN ? CLTI_STR("DOMAIN1") : random_name(of);
        clt_str folded = sample_fold(&of->arena, value);
        uint64_t cut = clti_test_random_below(&of->random, 4);
        if (cut == 1)
            folded.size = (size_t)clti_test_random_below(&of->random, folded.size + 1);
        else if (cut == 2 && folded.size > 396)
            folded.size = 396 + (size_t)clti_test_random_below(&of->random, folded.size - 396);
        query.folded = folded;
    } else {
        query.is_exact = false;
    }
    return query;
}

static void random_page(run *of) {
    uint8_t bytes[CLTI_POSITION_MAX];
    clti_list_query query = random_query(of);
    query.start = (clti_list_start)clti_test_random_below(&of->random, 4);
    clt_str folded = sample_fold(&of->arena, random_name(of));
    size_t cut = folded.size < CLTI_FOLD_KEY_MAX ? folded.size : CLTI_FOLD_KEY_MAX;
    clt_guid id = sample_guid(clti_test_random_below(&of->random, MODEL_IDS));
    memcpy(bytes, folded.data, cut);
    bytes[cut] = 0;
    memcpy(bytes + cut + 1, id.bytes, sizeof id.bytes);
    query.position = (clt_str){(const char *)bytes, cut + 17};
    assert_same_page(of, &query);
}

static void random_count(run *of) {
    uint64_t got;
    uint64_t want;
    clti_fault fault;
    clti_list_query query = random_query(of);
    uint64_t most = clti_test_random_below(&of->random, 40);
    assert_true(clti_store_count(of->store, &query, most, &got, &fault));
    assert_true(clti_store_count(of->oracle, &query, most, &want, &fault));
    assert_int_equal(got, want);
}

static void random_identity(run *of) {
    void *got[4];
    void *want[4];
    size_t got_count[4];
    size_t want_count[4];
    clti_fault fault;
    clti_store *stores[] = {of->store, of->oracle};
    void **all[] = {got, want};
    size_t *counts[] = {got_count, want_count};
    clt_guid id = random_partner(of, true);
    clt_guid application = sample_guid(clti_test_random_below(&of->random, 5));
    for (size_t i = 0; i < 2; i++) {
        clti_partner *partners;
        clti_application *applications, *holders;
        clti_link *links;
        assert_true(clti_store_partners(stores[i], &of->arena, &partners, &counts[i][0], &fault));
        assert_true(
            clti_store_applications(stores[i], NULL, &of->arena, &applications, &counts[i][1], &fault));
        assert_true(clti_store_links(stores[i], id, &of->arena, &links, &counts[i][2], &fault));
        assert_true(clti_store_applications_of_id(stores[i], application, &of->arena, &holders, &counts[i][3],
                                                  &fault));
        all[i][3] = holders;
        all[i][0] = partners;
        all[i][1] = applications;
        all[i][2] = links;
    }
    assert_memory_equal(got_count, want_count, sizeof got_count);
    for (size_t i = 0; i < got_count[0]; i++) {
        assert_true(clti_guid_equal(((clti_partner *)got[0])[i].id, ((clti_partner *)want[0])[i].id));
        assert_same_text(((clti_partner *)got[0])[i].domain, ((clti_partner *)want[0])[i].domain);
    }
    for (size_t i = 0; i < got_count[1]; i++)
        assert_true(clti_guid_equal(((clti_application *)got[1])[i].id, ((clti_application *)want[1])[i].id));
    for (size_t i = 0; i < got_count[3]; i++)
        assert_true(clti_guid_equal(((clti_application *)got[3])[i].partner,
                                    ((clti_application *)want[3])[i].partner) &&
                    clti_guid_equal(((clti_application *)got[3])[i].id, application));
    assert_memory_equal(got[2], want[2], got_count[2] * sizeof(clti_link));
}

static void fail_on_finding(void *user, clt_str text) {
    fail_msg("%.*s", CLTI_STR_ARGS(text));
}

static void assert_sound(run *of) {
    clti_check_summary summary;
    clti_fault fault;
    assert_true(clti_store_check(of->store, fail_on_finding, NULL, &summary, &fault));
    assert_int_equal(summary.findings, 0);
}

static void random_walk(run *of) {
    clti_list_query query = random_query(of);
    bool forwards = clti_test_random_below(&of->random, 2) == 0;
    query.start = forwards ? CLTI_LIST_FIRST : CLTI_LIST_LAST;
    for (;;) {
        clti_list_page page = assert_same_page(of, &query);
        if (!(forwards ? page.has_next : page.has_previous))
            break;
        query.start = forwards ? CLTI_LIST_AFTER : CLTI_LIST_BEFORE;
        query.position = forwards ? page.last_position : page.first_position;
    }
}

static void random_find(run *of) {
    clti_customer got;
    clti_customer want;
    clti_access got_access;
    clti_access want_access;
    clti_fault fault;
    clt_guid viewer = random_partner(of, false);
    clt_guid id = sample_guid(clti_test_random_below(&of->random, MODEL_IDS));
    assert_true(clti_store_customer_find(of->store, viewer, id, &of->arena, &got, &got_access, &fault));
    assert_true(clti_store_customer_find(of->oracle, viewer, id, &of->arena, &want, &want_access, &fault));
    assert_int_equal(got_access, want_access);
    assert_true(got_access == CLTI_ACCESS_NONE || clti_customer_equal(&got, &want));
    assert_int_equal(state_of(of->store, viewer).count, state_of(of->oracle, viewer).count);
}

static void test_store_equals_the_plain_model_after_many_small_steps(void **state) {
    run *of = *state;
    for (size_t i = 0; i < 3000; i++) {
        static void (*const steps[])(run * of) = {
            random_load, random_load, random_load, random_load,  random_deletes,    random_page,
            random_page, random_page, random_page, random_page,  random_walk,       random_walk,
            random_find, random_find, random_find, random_count, random_identities, random_identity,
        };
        steps[clti_test_random_below(&of->random, CLTI_COUNT(steps))](of);
        if (i % 50 == 0) {
            random_purge(of);
            assert_sound(of);
        }
        clti_arena_clear(&of->arena);
    }
}

#define MANY 400

/* A load of new customers without repeated ids and domains takes another way than all others. */
static void test_store_equals_the_plain_model_after_large_loads_of_new_customers(void **state) {
    run *of = *state;
    const clt_guid owners[] = {fabrikam, highest, northwind, northwind, fabrikam, highest};
    for (size_t k = 0; k < CLTI_COUNT(owners); k++) {
        clti_customer customers[MANY];
        clti_load_outcome got[MANY];
        clti_load_outcome want[MANY];
        for (size_t i = 0; i < MANY; i++) {
            /* Every second domain is another partner's already. */
            size_t domain = i % 2 == 0 ? i : k * MANY + i;
            const char *text = clti_arena_format(&of->arena, "D%zu.example", domain).data;
            customers[i] =
                sample_customer(&of->arena, i * CLTI_COUNT(owners) + k, text, random_name(of).data);
            if (i % 5 == 0)
                customers[i].associated_partner_id = random_partner(of, true);
        }
        if (k == 1)
            customers[MANY - 1].domain = customers[1].domain; /* and this one takes the plain way */
        sample_load(of->store, owners[k], customers, MANY, got);
        sample_load(of->oracle, owners[k], customers, MANY, want);
        assert_memory_equal(got, want, sizeof got);
    }
    assert_sound(of);
    for (size_t i = 0; i < 200; i++) {
        random_walk(of);
        random_page(of);
    }
}

#define ON_BOTH(test)                                                                                        \
    {"lmdb_" #test, test, set_up_lmdb, tear_down, NULL}, {                                                   \
        "postgres_" #test, test, set_up_postgres, tear_down, NULL                                            \
    }

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_store_equals_the_plain_model_after_many_small_steps),
        ON_BOTH(test_store_equals_the_plain_model_after_large_loads_of_new_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
