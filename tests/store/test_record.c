#include "store/store_private.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid id = {{9, 8, 7}};

/* Every kind of record behind one shape, so that each test runs on all. */
typedef struct kind {
    const char *name;
    void (*write)(clti_buf *out);
    bool (*read)(clt_str record); /* and looks at the whole result */
} kind;

static uint8_t sum; /* keeps the looking */

static void look(clt_str text) {
    for (size_t i = 0; i < text.size; i++)
        sum = (uint8_t)(sum + (uint8_t)text.data[i]);
}

static clti_customer full_customer(void) {
    clti_customer customer = {.id = id,
                              .commerce_id = {{1}},
                              .associated_partner_id = {{2}},
                              .billing_id = {{3}},
                              .relationship = CLTI_RELATIONSHIP_NONE,
                              .no_delegated_access = true};
    static const char *const texts[] = {"contoso.example", "Café", "", "三井物産", "x"};
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS)
            *clti_customer_text(&customer, member) = clti_str(texts[i % CLTI_COUNT(texts)]);
    }
    customer.address.line2 = (clt_str){NULL, 0};
    return customer;
}

static void write_customer(clti_buf *out) {
    clti_customer customer = full_customer();
    clti_record_write_customer(&customer, out);
}

static bool read_customer(clt_str record) {
    clti_customer customer;
    if (!clti_record_read_customer(record, id, &customer))
        return false;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS)
            look(*clti_customer_text(&customer, member));
    }
    return true;
}

static void write_item(clti_buf *out) {
    clti_customer customer = full_customer();
    customer.domain = clti_str("contoso.example");
    customer.company_name = clti_str("Café");
    clti_record_write_item(&customer, out);
}

static bool read_item(clt_str record) {
    clti_list_item item;
    if (!clti_record_read_item(record, id, &item))
        return false;
    look(item.domain);
    look(item.company_name);
    return true;
}

static const clti_partner partner = {.id = {{9, 8, 7}},
                                     .domain = {"fabrikam.example", 16},
                                     .name = {"Fabrikam é", 11},
                                     .country = {"US", 2},
                                     .is_sandbox = true,
                                     .calls_per_minute = CLTI_NOT_THROTTLED};

static void write_partner(clti_buf *out) {
    clti_record_write_partner(&partner, out);
}

static bool read_partner(clt_str record) {
    clti_partner read;
    if (!clti_record_read_partner(record, id, &read))
        return false;
    look(read.domain);
    look(read.name);
    look(read.country);
    look(read.culture);
    return true;
}

static const clti_application application = {
    .partner = {{1}}, .id = {{2}}, .name = {"app", 3}, .secret_sha256 = {1, 2, 3}, .is_demo = true};

static void write_application(clti_buf *out) {
    clti_record_write_application(&application, out);
}

static bool read_application(clt_str record) {
    clti_application read;
    if (!clti_record_read_application(record, id, id, &read))
        return false;
    look(read.name);
    return true;
}

static const clti_signing_key signing_key = {.id = {"kid", 3},
                                             .private_jwk = {"{\"kty\":\"RSA\"}", 13},
                                             .created = 1234567890123,
                                             .signs_from = 1234567891023};

static void write_signing_key(clti_buf *out) {
    clti_record_write_signing_key(&signing_key, out);
}

static bool read_signing_key(clt_str record) {
    clti_signing_key read;
    if (!clti_record_read_signing_key(record, CLTI_STR("kid"), &read))
        return false;
    look(read.private_jwk);
    return true;
}

static const kind kinds[] = {
    {"customer", write_customer, read_customer},
    {"item", write_item, read_item},
    {"partner", write_partner, read_partner},
    {"application", write_application, read_application},
    {"signing key", write_signing_key, read_signing_key},
};

static clti_buf written(const kind *of) {
    clti_buf record;
    clti_buf_init(&record, SIZE_MAX);
    of->write(&record);
    assert_true(clti_buf_ok(&record));
    return record;
}

/* In memory of exactly its size, so that a sanitizer sees a read past the end. */
static bool read_exactly(const kind *of, const char *bytes, size_t size) {
    char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    bool read = of->read((clt_str){copy, size});
    free(copy);
    return read;
}

static void test_record_of_a_customer_reads_as_it_was_written(void **state) {
    clti_customer empty = {.id = id, .domain = CLTI_STR("a.example"), .company_name = CLTI_STR("A")};
    const clti_customer customers[] = {full_customer(), empty};
    for (size_t i = 0; i < CLTI_COUNT(customers); i++) {
        clti_customer read;
        clti_buf record;
        clti_buf_init(&record, SIZE_MAX);
        clti_record_write_customer(&customers[i], &record);
        assert_true(clti_record_read_customer(clti_buf_str(&record), id, &read));
        assert_true(clti_customer_equal(&read, &customers[i]));
        clti_buf_done(&record);
    }
}

static void test_record_of_a_customer_holds_each_member_by_itself(void **state) {
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        clti_customer customer = {.id = id, .domain = CLTI_STR("a.example"), .company_name = CLTI_STR("A")};
        clti_customer read;
        clti_buf record;
        if (member->kind != CLTI_MEMBER_TEXT && member->kind != CLTI_MEMBER_WORDS)
            continue;
        *clti_customer_text(&customer, member) = CLTI_STR("here");
        clti_buf_init(&record, SIZE_MAX);
        clti_record_write_customer(&customer, &record);
        assert_true(clti_record_read_customer(clti_buf_str(&record), id, &read));
        assert_true(clti_customer_equal(&read, &customer));
        assert_true(clti_str_equal(*clti_customer_text(&read, member), CLTI_STR("here")));
        clti_buf_done(&record);
    }
}

static void test_record_of_a_list_item_reads_as_it_was_written(void **state) {
    clti_list_item item;
    clti_buf record = written(&kinds[1]);
    assert_true(clti_record_read_item(clti_buf_str(&record), id, &item));
    assert_true(clti_guid_equal(item.id, id));
    assert_true(clti_str_equal(item.domain, CLTI_STR("contoso.example")));
    assert_true(clti_str_equal(item.company_name, CLTI_STR("Café")));
    clti_buf_done(&record);
}

static void test_records_of_identities_read_as_they_were_written(void **state) {
    clti_partner read_partner_back;
    clti_application app;
    clti_signing_key key;
    clti_buf record = written(&kinds[2]);
    assert_true(clti_record_read_partner(clti_buf_str(&record), id, &read_partner_back));
    assert_true(clti_str_equal(read_partner_back.domain, partner.domain));
    assert_true(clti_str_equal(read_partner_back.name, partner.name));
    assert_true(clti_str_equal(read_partner_back.country, partner.country));
    assert_null(read_partner_back.culture.data);
    assert_true(read_partner_back.is_sandbox);
    assert_int_equal(read_partner_back.calls_per_minute, CLTI_NOT_THROTTLED);
    clti_buf_done(&record);
    record = written(&kinds[3]);
    assert_true(clti_record_read_application(clti_buf_str(&record), id, id, &app));
    assert_true(app.is_demo && clti_str_equal(app.name, application.name));
    assert_memory_equal(app.secret_sha256, application.secret_sha256, CLTI_SHA256_SIZE);
    clti_buf_done(&record);
    record = written(&kinds[4]);
    assert_true(clti_record_read_signing_key(clti_buf_str(&record), CLTI_STR("kid"), &key));
    assert_true(key.created == signing_key.created && key.signs_from == signing_key.signs_from &&
                clti_str_equal(key.private_jwk, signing_key.private_jwk));
    clti_buf_done(&record);
}

static void test_record_read_refuses_a_cut_or_longer_record(void **state) {
    for (size_t i = 0; i < CLTI_COUNT(kinds); i++) {
        clti_buf record = written(&kinds[i]);
        size_t size = record.size;
        clti_buf_add_char(&record, 'x');
        assert_true(clti_buf_ok(&record));
        assert_true(read_exactly(&kinds[i], record.data, size));
        assert_false(read_exactly(&kinds[i], record.data, size + 1));
        for (size_t cut = 0; cut < size; cut++)
            if (read_exactly(&kinds[i], record.data, cut))
                fail_msg("%s cut to %zu of %zu bytes was read", kinds[i].name, cut, size);
        clti_buf_done(&record);
    }
}

static void test_record_read_survives_every_flipped_bit(void **state) {
    for (size_t i = 0; i < CLTI_COUNT(kinds); i++) {
        clti_buf record = written(&kinds[i]);
        for (size_t bit = 0; bit < record.size * 8; bit++) {
            record.data[bit / 8] = (char)(record.data[bit / 8] ^ (1 << bit % 8));
            bool read = read_exactly(&kinds[i], record.data, record.size);
            assert_false(bit < 8 && read); /* another format */
            record.data[bit / 8] = (char)(record.data[bit / 8] ^ (1 << bit % 8));
        }
        clti_buf_done(&record);
    }
}

static void test_record_read_survives_random_bytes(void **state) {
    uint64_t random = clti_test_seed();
    for (size_t round = 0; round < 20000; round++) {
        char bytes[64];
        size_t size = (size_t)clti_test_random_below(&random, sizeof bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)clti_test_random(&random);
        bytes[0] = 1; /* get past the format */
        for (size_t i = 0; i < CLTI_COUNT(kinds); i++)
            (void)read_exactly(&kinds[i], bytes, size);
    }
}

static void test_record_read_refuses_what_it_does_not_know(void **state) {
    static const struct {
        const char *why;
        clt_str record;
    } rows[] = {
        {"empty", {"", 0}},
        {"format 2",
         {"\x02\x01\x01\x01"
          "a",
          5}},
        {"unknown tag",
         {"\x01\x01\x77\x01"
          "a",
          5}},
        {"tag twice",
         {"\x01\x02\x01\x01"
          "a\x01\x01"
          "a",
          8}},
        {"bad UTF-8", {"\x01\x01\x01\x01\xff", 5}},
        {"surrogate", {"\x01\x01\x01\x03\xed\xa0\x80", 7}},
        {"length beyond the end",
         {"\x01\x01\x01\x7f"
          "a",
          5}},
        {"endless length", {"\x01\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 13}},
        {"flag with bytes",
         {"\x01\x01\x05\x01"
          "a",
          5}},
    };
    clti_partner read;
    assert_true(clti_record_read_partner((clt_str){"\x01\x01\x01\x01"
                                                   "a",
                                                   5},
                                         id, &read));
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        if (clti_record_read_partner(rows[i].record, id, &read))
            fail_msg("%s was read", rows[i].why);
    clti_list_item item;
    assert_false(
        clti_record_read_item((clt_str){"\x01\x01\x01\xc3\xa9", 5}, id, &item)); /* split character */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_of_a_customer_reads_as_it_was_written),
        cmocka_unit_test(test_record_of_a_customer_holds_each_member_by_itself),
        cmocka_unit_test(test_record_of_a_list_item_reads_as_it_was_written),
        cmocka_unit_test(test_records_of_identities_read_as_they_were_written),
        cmocka_unit_test(test_record_read_refuses_a_cut_or_longer_record),
        cmocka_unit_test(test_record_read_survives_every_flipped_bit),
        cmocka_unit_test(test_record_read_survives_random_bytes),
        cmocka_unit_test(test_record_read_refuses_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
