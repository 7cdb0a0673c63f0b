/* Derived keys against RFC 5869, appendix A: its first 32 bytes of output. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static size_t from_hex(const char *hex, uint8_t *out) {
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(clti_hex_value(hex[2 * i]) * 16 + clti_hex_value(hex[2 * i + 1]));
    return size;
}

static void test_hkdf_gives_what_the_standard_shows(void **state) {
    (void)state;
    static const struct {
        const char *key, *salt, *purpose, *want;
    } rows[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"},
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        uint8_t key[64], salt[64], purpose[64], want[32], got[32];
        size_t key_size = from_hex(rows[i].key, key);
        const clt_str salt_bytes = {(const char *)salt, from_hex(rows[i].salt, salt)};
        const clt_str purpose_bytes = {(const char *)purpose, from_hex(rows[i].purpose, purpose)};
        assert_int_equal(from_hex(rows[i].want, want), 32);
        clti_hkdf_sha256(key, key_size, salt_bytes, purpose_bytes, got);
        assert_memory_equal(got, want, 32);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hkdf_gives_what_the_standard_shows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
