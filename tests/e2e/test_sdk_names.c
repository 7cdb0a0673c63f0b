/*
 * libclientele where names matter: a DNS server that never answers, and a host whose name is not this
 * machine's own. Both need a network of the test's own, with files of its own for the resolver: where the
 * kernel gives none, the tests are skipped.
 */
#include "sdk_partner.h"
#include "tls_proxy.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#define HTTPS_PORT 443

static bool is_isolated;
static int silent_dns = -1;
static scene demo;
static tls_proxy proxy;

/* ---- a network of our own ------------------------------------------------------------------------------ */

static bool write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    bool ok = file && fputs(text, file) >= 0;
    return (!file || fclose(file) == 0) && ok;
}

/* Only a program of one thread may leave for another user namespace, so this comes first of all. */
static bool isolate(void) {
    char map[64];
    const unsigned user = getuid(), group = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) != 0)
        return false;
    snprintf(map, sizeof(map), "0 %u 1", user);
    if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", map))
        return false;
    snprintf(map, sizeof(map), "0 %u 1", group);
    return write_file("/proc/self/gid_map", map) && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool raise_loopback(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool replace_file(const char *path, const char *text) {
    return mount(scene_file(text), path, NULL, MS_BIND, NULL) == 0;
}

/* Takes what is asked, and says nothing. The resolver would go on asking for five minutes. */
static bool serve_silence(void) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    silent_dns = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return silent_dns >= 0 && bind(silent_dns, (struct sockaddr *)&address, sizeof(address)) == 0 &&
           replace_file("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n") &&
           replace_file("/etc/hosts", "127.0.0.1 localhost service.example\n") &&
           replace_file("/etc/nsswitch.conf", "hosts: files dns\n");
}

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    is_isolated = is_isolated && raise_loopback() && serve_silence();
    if (!is_isolated) {
        printf("# the kernel gives no network of its own\n");
        return 0;
    }
    scene_open(&demo, scene_demo_store(), NULL);
    tls_proxy_start(&proxy, HTTPS_PORT, &demo.server);
    return 0;
}

static int teardown(void **state) {
    if (is_isolated) {
        tls_proxy_stop(&proxy);
        scene_close(&demo);
        close(silent_dns);
    }
    return scene_group_teardown(state);
}

/* ---- the tests ----------------------------------------------------------------------------------------- */

static void test_a_silent_dns_server_does_not_outlast_the_deadline(void **state) {
    (void)state;
    if (!is_isolated)
        skip();
    char question[512];
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_customer_page *page;
    clt_error *err = NULL;
    context.timeout_ms = 300;
    clt_partner *partner = sdk_partner("https://silent.example", NULL, FABRIKAM, FABRIKAM_APP);
    sdk_expect_error(clt_customers_query(partner, NULL, &context, &page, &err), &err,
                     CLT_ERR_REQUEST_TIMEOUT);
    assert_true(recv(silent_dns, question, sizeof(question), MSG_DONTWAIT) > 0); /* it was asked indeed */
    clt_partner_free(partner);
}

static void take_nothing(void *user, clt_customer_page *page, clt_error *err) {
    *(clt_status *)user = err ? err->status : CLT_OK;
    clt_customer_page_free(page);
    clt_error_free(err);
}

static void test_nor_the_end_of_a_handle(void **state) {
    (void)state;
    if (!is_isolated)
        skip();
    clt_status status = CLT_OK;
    clt_error *err = NULL;
    char question[512];
    clt_partner *partner = sdk_partner("https://silent2.example", NULL, FABRIKAM, FABRIKAM_APP);
    sdk_expect_ok(clt_customers_query_async(partner, NULL, NULL, take_nothing, &status, NULL, &err), &err);
    assert_true(recv(silent_dns, question, sizeof(question), 0) > 0);
    clt_partner_free(partner);
    assert_int_equal(status, CLT_ERR_CANCELLED);
}

static void test_a_service_elsewhere_is_asked_for_gzip_and_its_list_is_whole(void **state) {
    (void)state;
    if (!is_isolated)
        skip();
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_error *err = NULL;
    size_t count = 0;
    options.ca_file = proxy.ca_file;
    clt_partner *partner = sdk_partner("https://service.example", &options, FABRIKAM, FABRIKAM_APP);
    const clt_query query = clt_query_indexed(500);
    clt_customer_enumerator *enumerator = sdk_enumerate(partner, &query);
    while (clt_customer_enumerator_has_value(enumerator)) {
        count += clt_customer_page_count(clt_customer_enumerator_current(enumerator));
        sdk_expect_ok(clt_customer_enumerator_next(enumerator, NULL, &err), &err);
    }
    assert_int_equal(count, 28073);
    clt_customer_enumerator_free(enumerator);
    clt_partner_free(partner);
    char *requests = tls_proxy_requests(&proxy);
    assert_non_null(strstr(requests, "HTTP/2.0 200 [gzip] /v1/customers?size=500"));
    free(requests);
}

int main(void) {
    is_isolated = isolate();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_silent_dns_server_does_not_outlast_the_deadline),
        cmocka_unit_test(test_nor_the_end_of_a_handle),
        cmocka_unit_test(test_a_service_elsewhere_is_asked_for_gzip_and_its_list_is_whole),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
