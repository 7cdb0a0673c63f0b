/* The stream of everything: each thing once, by kind and id, in one view whatever others write. */
#include "store/sample.h"
#include "support/test.h"

#include <pthread.h>
#include <string.h>

#define TAKEN_MAX 64
#define CUSTOMERS 20

static const clt_guid fabrikam = {{0xfa, 1}}, northwind = {{0x0e, 2}};

/* What a stream gave, as far as these tests look at it. */
typedef struct taken {
    clti_entry_kind kind;
    clt_guid owner, id;
} taken;

typedef struct taker {
    sample_any *in;
    taken entries[TAKEN_MAX];
    size_t count;
    size_t fails_at; /* 0: never */
    bool lets_others_write;
} taker;

/* ---- a store with something of each kind --------------------------------------------------------------- */

static void fill(sample_any *in) {
    const clti_partner partners[] = {
        {.id = fabrikam, .domain = CLTI_STR("f.example"), .name = CLTI_STR("F")},
        {.id = northwind, .domain = CLTI_STR("n.example"), .name = CLTI_STR("N")}};
    const clti_application application = {.partner = northwind, .id = {{7}}};
    const clti_user user = {.partner = fabrikam, .id = {{8}}, .name = CLTI_STR("ada@f.example")};
    const clti_signing_key key = {.id = CLTI_STR("k"), .private_jwk = CLTI_STR("{}"), .created = 1};
    const clti_audit_record audit = {
        .partner = fabrikam, .date = 5, .operation = CLTI_AUDIT_ADD_CUSTOMER, .customer = {{9}}};
    const clti_idempotency answer = {.partner = northwind, .key = {{6}}, .created = 1};
    const clti_user_grant grants[] = {
        {.id = {{4}}, .revision = 1, .state = CLTI_GRANT_REFRESHING, .signed_in = 1, .expires = 100},
        {.id = {{5}}, .revision = 1, .state = CLTI_GRANT_DEVICE, .signed_in = 1, .expires = 100}};
    const clti_change changes[] = {
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[0]},
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[1]},
        {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &application},
        {.kind = CLTI_CHANGE_USER_PUT, .of.user = &user},
        {.kind = CLTI_CHANGE_KEY_PUT, .of.key = &key},
        {.kind = CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}, .audit = &audit},
        {.kind = CLTI_CHANGE_NOTHING, .idempotency = &answer, .arena = &in->arena},
        {.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = &grants[0]},
        {.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = &grants[1]},
    };
    for (size_t i = 0; i < CLTI_COUNT(changes); i++)
        assert_true(sample_apply(in->store, changes[i]).done);
    for (uint64_t i = 0; i < CUSTOMERS; i++) {
        const char *domain = clti_arena_format(&in->arena, "d%d.example", (int)i).data;
        clti_customer customer = sample_customer(&in->arena, i, domain, "Contoso");
        clti_load_outcome outcome;
        sample_load(in->store, i % 2 ? fabrikam : northwind, &customer, 1, &outcome);
    }
}

/* ---- taking -------------------------------------------------------------------------------------------- */

static taken taken_of(const clti_entry *entry) {
    switch (entry->kind) {
    case CLTI_ENTRY_PARTNER:
        return (taken){entry->kind, {{0}}, entry->of.partner.id};
    case CLTI_ENTRY_APPLICATION:
        return (taken){entry->kind, entry->of.application.partner, entry->of.application.id};
    case CLTI_ENTRY_USER:
        return (taken){entry->kind, entry->of.user.partner, entry->of.user.id};
    case CLTI_ENTRY_LINK:
        return (taken){entry->kind, entry->of.link.provider, entry->of.link.reseller};
    case CLTI_ENTRY_CUSTOMER:
        return (taken){entry->kind, entry->owner, entry->of.customer.id};
    case CLTI_ENTRY_AUDIT:
        return (taken){entry->kind, entry->of.audit.partner, entry->of.audit.customer};
    case CLTI_ENTRY_IDEMPOTENCY:
        return (taken){entry->kind, entry->of.idempotency.partner, entry->of.idempotency.key};
    case CLTI_ENTRY_GRANT:
        return (taken){entry->kind, {{0}}, entry->of.grant.id};
    case CLTI_ENTRY_KEY:
    case CLTI_ENTRY_TOKEN_KEY:
    case CLTI_ENTRY_KIND_COUNT:
        break;
    }
    return (taken){.kind = entry->kind};
}

/* Another partner's customer goes, and one comes. */
static void *write_meanwhile(void *user) {
    sample_any *in = user;
    clti_customer customer = sample_customer(&in->arena, 1000, "meanwhile.example", "New");
    clti_load_outcome outcome;
    assert_true(sample_apply(in->store, (clti_change){.kind = CLTI_CHANGE_CUSTOMER_DELETE,
                                                      .of.customer = {fabrikam, sample_guid(1), NULL}})
                    .done);
    sample_load(in->store, fabrikam, &customer, 1, &outcome);
    return NULL;
}

/* Written and read, it is written the same; cut short, it is none. */
static void check_bytes(const clti_entry *entry) {
    clti_entry read;
    clti_buf first, second;
    clti_buf_init(&first, SIZE_MAX);
    clti_buf_init(&second, SIZE_MAX);
    clti_store_entry_write(entry, &first);
    assert_true(clti_buf_ok(&first) && clti_store_entry_read(clti_buf_str(&first), &read));
    assert_int_equal(read.kind, entry->kind);
    clti_store_entry_write(&read, &second);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    for (size_t size = 0; size < 37 && size < first.size; size++)
        assert_false(clti_store_entry_read((clt_str){first.data, size}, &read));
    clti_buf_done(&first);
    clti_buf_done(&second);
}

static bool take(void *user, const clti_entry *entry, clti_fault *fault) {
    taker *by = user;
    pthread_t thread;
    if (by->count == 0 && by->lets_others_write) {
        assert_int_equal(pthread_create(&thread, NULL, write_meanwhile, by->in), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
    assert_true(by->count < TAKEN_MAX);
    check_bytes(entry);
    by->entries[by->count++] = taken_of(entry);
    return by->count != by->fails_at ||
           clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "the taker has enough");
}

static void stream(taker *by, const clt_guid *partner) {
    clti_fault fault;
    by->count = 0;
    if (!clti_store_stream(by->in->store, partner, take, by, &fault))
        fail_msg("%s", fault.text);
}

static int compare(const taken *left, const taken *right) {
    int order = (int)left->kind - (int)right->kind;
    if (order == 0)
        order = memcmp(&left->owner, &right->owner, sizeof left->owner);
    return order ? order : memcmp(&left->id, &right->id, sizeof left->id);
}

static size_t count_of(const taker *by, clti_entry_kind kind) {
    size_t count = 0;
    for (size_t i = 0; i < by->count; i++)
        count += by->entries[i].kind == kind;
    return count;
}

/* ---- the tests ----------------------------------------------------------------------------------------- */

static void test_a_stream_gives_each_thing_once_by_kind_and_id(void **state) {
    taker by = {.in = *state};
    fill(by.in);
    stream(&by, NULL);
    for (size_t i = 1; i < by.count; i++)
        assert_true(compare(&by.entries[i - 1], &by.entries[i]) < 0);
    static const size_t wanted[CLTI_ENTRY_KIND_COUNT] = {2, 1, 1, 1, 1, 1, CUSTOMERS, 1, 1, 2};
    for (size_t kind = 0; kind < CLTI_ENTRY_KIND_COUNT; kind++)
        assert_int_equal(count_of(&by, (clti_entry_kind)kind), wanted[kind]);
}

static void test_a_stream_of_one_partner_has_what_is_its_own(void **state) {
    taker by = {.in = *state};
    fill(by.in);
    stream(&by, &northwind);
    static const size_t wanted[CLTI_ENTRY_KIND_COUNT] = {1, 1, 0, 0, 0, 0, CUSTOMERS / 2, 0, 1};
    for (size_t kind = 0; kind < CLTI_ENTRY_KIND_COUNT; kind++)
        assert_int_equal(count_of(&by, (clti_entry_kind)kind), wanted[kind]);
    stream(&by, &(clt_guid){{0xff}});
    assert_int_equal(by.count, 0);
}

static void test_a_stream_ends_with_its_takers_fault(void **state) {
    taker by = {.in = *state, .fails_at = 5};
    clti_fault fault;
    fill(by.in);
    assert_false(clti_store_stream(by.in->store, NULL, take, &by, &fault));
    assert_string_equal(fault.text, "the taker has enough");
    assert_int_equal(by.count, 5);
}

static void test_a_stream_is_one_view_whatever_others_write(void **state) {
    taker before = {.in = *state}, during = {.in = *state, .lets_others_write = true};
    fill(before.in);
    stream(&before, NULL);
    stream(&during, NULL);
    assert_int_equal(during.count, before.count);
    for (size_t i = 0; i < before.count; i++)
        assert_int_equal(compare(&before.entries[i], &during.entries[i]), 0);
    during.lets_others_write = false;
    stream(&during, NULL);
    size_t changed = 0;
    for (size_t i = 0; i < before.count; i++)
        changed += compare(&before.entries[i], &during.entries[i]) != 0;
    assert_true(changed > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_ON_LASTING(test_a_stream_gives_each_thing_once_by_kind_and_id),
        SAMPLE_ON_LASTING(test_a_stream_of_one_partner_has_what_is_its_own),
        SAMPLE_ON_LASTING(test_a_stream_ends_with_its_takers_fault),
        SAMPLE_ON_LASTING(test_a_stream_is_one_view_whatever_others_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
