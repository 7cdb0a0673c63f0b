/* base64: round trips, and one text only for each sequence of bytes. */
#include "base/base.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static clt_str encode(const uint8_t *bytes, size_t size, clti_buf *buf) {
    clti_buf_init(buf, 10000);
    clti_base64url_encode(bytes, size, buf);
    assert_true(clti_buf_ok(buf));
    return clti_buf_str(buf);
}

/* RFC 4648, section 10, without padding; the last two hold the letters that differ from base64. */
static void test_base64url_encode_gives_the_known_texts(void **state) {
    static const struct {
        const char *bytes, *text;
    } rows[] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
                {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xff\xef", "_-8"},
                {"\xfb", "-w"}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_buf buf;
        uint8_t bytes[16];
        size_t size = strlen(rows[i].bytes);
        memcpy(bytes, rows[i].bytes, size);
        assert_true(clti_str_equal(encode(bytes, size, &buf), clti_str(rows[i].text)));
        assert_true(clti_base64url_decode(clti_str(rows[i].text), bytes, &size));
        assert_int_equal(size, strlen(rows[i].bytes));
        assert_memory_equal(bytes, rows[i].bytes, size);
        clti_buf_done(&buf);
    }
}

static void test_base64url_round_trips_random_bytes(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (size_t size = 0; size < 300; size++) {
        uint8_t bytes[300], back[300];
        size_t back_size;
        clti_buf buf;
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)clti_test_random(&random);
        clt_str text = encode(bytes, size, &buf);
        assert_true(clti_base64url_decode(text, back, &back_size));
        assert_int_equal(back_size, size);
        assert_memory_equal(back, bytes, size);
        clti_buf_done(&buf);
    }
}

/* Of the 64 letters that may end a text of 2 or 3 letters, only every 16th or 4th is canonical. */
static void test_base64url_decode_refuses_every_stray_bit(void **state) {
    (void)state;
    for (size_t i = 0; i < 64; i++) {
        uint8_t out[3];
        size_t size;
        const char two[2] = {'A', ALPHABET[i]}, three[3] = {'A', 'A', ALPHABET[i]};
        assert_int_equal(clti_base64url_decode((clt_str){two, 2}, out, &size), i % 16 == 0);
        assert_int_equal(clti_base64url_decode((clt_str){three, 3}, out, &size), i % 4 == 0);
    }
}

static void test_base64url_decode_refuses_every_other_character(void **state) {
    (void)state;
    for (int c = 0; c < 256; c++) {
        uint8_t out[8];
        size_t size;
        const char text[4] = {'A', 'A', 'A', (char)c};
        bool allowed = c != 0 && strchr(ALPHABET, c) != NULL;
        assert_int_equal(clti_base64url_decode((clt_str){text, 4}, out, &size), allowed);
    }
}

static void test_base64url_decode_refuses_impossible_lengths_and_padding(void **state) {
    static const char *const rows[] = {"A", "AAAAA", "Zg==", "Zm8=", "Zg=", "Zm9v\n", " Zm9v", "Zm9v="};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        uint8_t out[16];
        size_t size;
        assert_false(clti_base64url_decode(clti_str(rows[i]), out, &size));
    }
}

static void test_base64_decode_takes_padding_or_none(void **state) {
    static const struct {
        const char *text, *bytes; /* NULL: refused */
    } rows[] = {{"", ""},        {"Zg==", "f"},       {"Zg", "f"},       {"Zm8=", "fo"}, {"Zm8", "fo"},
                {"Zm9v", "foo"}, {"/+8", "\xff\xef"}, {"_-8", NULL},     {"Zh==", NULL}, {"Zg===", NULL},
                {"Z===", NULL},  {"A", NULL},         {"Zg==Zg==", NULL}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        uint8_t out[16];
        size_t size;
        bool done = clti_base64_decode(clti_str(rows[i].text), out, &size);
        assert_int_equal(done, rows[i].bytes != NULL);
        if (done) {
            assert_int_equal(size, strlen(rows[i].bytes));
            assert_memory_equal(out, rows[i].bytes, size);
        }
    }
}

static void test_base64_encode_12_is_standard_base64(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (int round = 0; round < 100; round++) {
        uint8_t bytes[12], back[12];
        char text[16];
        size_t size;
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)clti_test_random(&random);
        clti_base64_encode_12(bytes, text);
        assert_true(clti_base64_decode((clt_str){text, sizeof(text)}, back, &size));
        assert_int_equal(size, sizeof(bytes));
        assert_memory_equal(back, bytes, sizeof(bytes));
    }
}

/* The published values of FNV-1a, whole and in pieces. */
static void test_hash64_gives_the_known_values(void **state) {
    (void)state;
    assert_true(clti_hash64(CLTI_HASH64_START, (clt_str){NULL, 0}) == UINT64_C(0xcbf29ce484222325));
    assert_true(clti_hash64(CLTI_HASH64_START, CLTI_STR("a")) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(clti_hash64(CLTI_HASH64_START, CLTI_STR("foobar")) == UINT64_C(0x85944171f73967e8));
    assert_true(clti_hash64(clti_hash64(CLTI_HASH64_START, CLTI_STR("foo")), CLTI_STR("bar")) ==
                UINT64_C(0x85944171f73967e8));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64url_encode_gives_the_known_texts),
        cmocka_unit_test(test_base64url_round_trips_random_bytes),
        cmocka_unit_test(test_base64url_decode_refuses_every_stray_bit),
        cmocka_unit_test(test_base64url_decode_refuses_every_other_character),
        cmocka_unit_test(test_base64url_decode_refuses_impossible_lengths_and_padding),
        cmocka_unit_test(test_base64_decode_takes_padding_or_none),
        cmocka_unit_test(test_base64_encode_12_is_standard_base64),
        cmocka_unit_test(test_hash64_gives_the_known_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
