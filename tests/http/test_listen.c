#include "http/http.h"
#include "support/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static clt_guid key_of(const char *text) {
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return clti_address_key((const struct sockaddr *)&in);
    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return clti_address_key((const struct sockaddr *)&in6);
}

static bool counted_as_one(const char *a, const char *b) {
    return clti_guid_equal(key_of(a), key_of(b));
}

static void test_address_key_tells_addresses_and_networks_apart(void **state) {
    (void)state;
    assert_true(counted_as_one("192.0.2.1", "::ffff:192.0.2.1"));
    assert_false(counted_as_one("192.0.2.1", "192.0.2.2"));
    assert_true(counted_as_one("2001:db8::1", "2001:db8::ffff:1"));
    assert_false(counted_as_one("2001:db8::1", "2001:db8:0:1::1"));
}

static void test_address_key_leaves_this_machine_out(void **state) {
    static const char *const local[] = {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(local); i++)
        assert_true(clti_guid_is_absent(key_of(local[i])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_key_tells_addresses_and_networks_apart),
        cmocka_unit_test(test_address_key_leaves_this_machine_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
