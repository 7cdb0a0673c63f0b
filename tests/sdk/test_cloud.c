/* The national clouds, against the table of the contract (api.md 1.1), which is repeated here. */
#include "base/base.h"
#include "clientele/clientele.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    int32_t cloud;
    clt_cloud want;
} ROWS[] = {
    {CLT_CLOUD_GLOBAL,
     {"global", "https://api.partnercenter.microsoft.com", "https://login.microsoftonline.com",
      "https://graph.windows.net"}},
    {CLT_CLOUD_CHINA,
     {"china", "https://partner.partnercenterapi.microsoftonline.cn", "https://login.chinacloudapi.cn",
      "https://graph.chinacloudapi.cn"}},
    {CLT_CLOUD_GERMANY,
     {"germany", "https://api.partnercenter.microsoft.com", "https://login.microsoftonline.de",
      "https://graph.cloudapi.de"}},
    {CLT_CLOUD_US_GOVERNMENT,
     {"us-government", "https://api.partnercenter.microsoft.com", "https://login.microsoftonline.us",
      "https://graph.windows.net"}},
};

static void test_cloud_addresses_are_those_of_the_contract(void **state) {
    (void)state;
    assert_int_equal(CLTI_COUNT(ROWS), (size_t)CLT_CLOUD_COUNT);
    for (size_t i = 0; i < CLTI_COUNT(ROWS); i++) {
        const clt_cloud *cloud = clt_cloud_get(ROWS[i].cloud);
        assert_string_equal(cloud->name, ROWS[i].want.name);
        assert_string_equal(cloud->base_url, ROWS[i].want.base_url);
        assert_string_equal(cloud->authority_url, ROWS[i].want.authority_url);
        assert_string_equal(cloud->graph_resource, ROWS[i].want.graph_resource);
        assert_int_equal(clt_cloud_find(cloud->name), ROWS[i].cloud);
    }
}

static void test_cloud_find_takes_any_case_and_nothing_else(void **state) {
    (void)state;
    assert_int_equal(clt_cloud_find("US-Government"), CLT_CLOUD_US_GOVERNMENT);
    assert_int_equal(clt_cloud_find("moon"), -1);
    assert_int_equal(clt_cloud_find(""), -1);
    assert_int_equal(clt_cloud_find(NULL), -1);
}

static void test_cloud_get_knows_its_bounds(void **state) {
    (void)state;
    assert_null(clt_cloud_get(-1));
    assert_null(clt_cloud_get(CLT_CLOUD_COUNT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cloud_addresses_are_those_of_the_contract),
        cmocka_unit_test(test_cloud_find_takes_any_case_and_nothing_else),
        cmocka_unit_test(test_cloud_get_knows_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
