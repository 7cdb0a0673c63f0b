/* Isolation as a property: whatever a caller asks for, on every route there is and with whatever id, it never
 * gets a byte of another partner's. */
#include "scene.h"

#include "http/http_private.h"
#include "support/seed.h"

#include <stdlib.h>

#define ID_COUNT  1000
#define CUSTOMERS 60
/* Stands in every text of the other partner, and in nothing that is sent. */
#define MARK        "Zyxquop"
#define CONTOSO     "77777777-1111-4222-8333-444444444444"
#define CONTOSO_APP "77777777-5555-4666-8777-888888888888"

static scene own;
static clti_test_client *other;
static clti_arena arena;
static const char *ids[ID_COUNT]; /* half of them the other's customers', and what belongs to it */
static const char *bodies[] = {
    NULL,
    "{}",
    "{\"name\":\"Ours\",\"redirectUris\":[\"https://ours.example/\"],\"displayName\":\"Ours\","
    "\"roles\":[\"AdminAgents\"],\"disabled\":true,\"partnerId\":\"" CONTOSO "\"}",
    "{\"secondFactor\":false}",
    "{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}",
    "{\"allowDelegatedAccess\":false}",
    "{\"companyName\":\"Ours "
    "now\",\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\","
    "\"addressLine1\":\"One "
    "Way\",\"postalCode\":\"98052\",\"firstName\":\"A\",\"lastName\":\"B\"},\"culture\":\"en-US\","
    "\"language\":\"en\",\"email\":\"a@b.example\",\"attributes\":{\"objectType\":\"CustomerBillingProfile\","
    "\"etag\":\"1\"}}",
};

static const char *read_of(clti_test_client *client, const char *target) {
    const clti_test_response *page = clti_test_get(client, target, NULL);
    assert_int_equal(page->status, 200);
    return clti_arena_format(&arena, "%s", page->body).data;
}

static const char *directory_of(clti_test_client *client) {
    return read_of(client, "/v1/customers?size=500");
}

/* Of the other partner, all that can be seen. */
static const char *all_of_other(void) {
    return clti_arena_format(&arena, "%s%s%s", directory_of(other), read_of(other, "/clientele/v1/users"),
                             read_of(other, "/clientele/v1/applications"))
        .data;
}

static void add_ids(const char *target, const char *out[2]) {
    json_t *page = json_loads(read_of(other, target), 0, NULL);
    const json_t *items = json_object_get(page, "items");
    for (size_t i = 0; i < 2; i++)
        out[i] =
            clti_arena_format(
                &arena, "%s",
                json_string_value(json_object_get(json_array_get(items, i % json_array_size(items)), "id")))
                .data;
    json_decref(page);
}

static const char *make_csv(void) {
    clti_buf csv;
    clt_str copy;
    clti_buf_init(&csv, 64 * 1024);
    clti_buf_add(&csv,
                 CLTI_STR("companyName,domain,billingProfile.email,billingProfile.firstName,"
                          "billingProfile.defaultAddress.city,billingProfile.defaultAddress.addressLine1\n"));
    for (int i = 0; i < CUSTOMERS; i++)
        clti_buf_add_format(
            &csv, MARK " %d,c%d.contoso.example," MARK "%d@x.example," MARK "," MARK "," MARK "\n", i, i, i);
    assert_true(clti_buf_ok(&csv) && clti_arena_copy(&arena, clti_buf_str(&csv), &copy));
    clti_buf_done(&csv);
    return copy.data;
}

/* Ids of the other's customers and of the other itself, domains, words, and made-up ones. */
static void choose_ids(uint64_t *random) {
    json_t *page = json_loads(directory_of(other), 0, NULL);
    const json_t *items = json_object_get(page, "items");
    const char *users[2], *applications[2];
    assert_int_equal(json_array_size(items), CUSTOMERS);
    add_ids("/clientele/v1/users", users);
    add_ids("/clientele/v1/applications", applications);
    for (size_t i = 0; i < ID_COUNT; i++) {
        const uint64_t dice = clti_test_random_below(random, 100);
        const uint64_t which = clti_test_random_below(random, CUSTOMERS);
        const char *id = json_string_value(json_object_get(json_array_get(items, which), "id"));
        if (dice < 50)
            ids[i] = clti_arena_format(&arena, "%s", id).data;
        else if (dice < 60)
            ids[i] = clti_arena_format(&arena, "c%d.contoso.example", (int)which).data;
        else if (dice < 62)
            ids[i] = CONTOSO;
        else if (dice < 65)
            ids[i] = dice < 64 ? users[which % 2] : applications[which % 2];
        else if (dice < 70)
            ids[i] = clti_arena_format(&arena, "637000000000000000_%s_%s", CONTOSO, id).data;
        else
            ids[i] =
                clti_arena_format(&arena, "%08x-%04x-4000-8000-%012llx", (unsigned)clti_test_random(random),
                                  (unsigned)which, (unsigned long long)clti_test_random(random) >> 16)
                    .data;
    }
    json_decref(page);
}

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_add_partner(folder, CONTOSO, "contoso.example", CONTOSO_APP);
    scene_add_admin(folder, "ours@fabrikam.example", "Ours");
    scene_add_admin(folder, "a@contoso.example", MARK);
    scene_add_admin(folder, "b@contoso.example", MARK);
    scene_import(folder, "contoso.example", make_csv());
    scene_import(folder, "fabrikam.example", "companyName,domain,country\nOurs,ours.example,US\n");
    scene_open(&own, folder,
               CLTI_TEST_WORDS("--auth-allow-password-grant", "--throttle-tokens-per-client=0"));
    clti_test_sign_in_as(own.client, FABRIKAM, FABRIKAM_APP, "ours@fabrikam.example");
    other = clti_test_client_new(&own.server);
    clti_test_sign_in_as(other, CONTOSO, CONTOSO_APP, "a@contoso.example");
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(other);
    scene_close(&own);
    clti_arena_done(&arena);
    return scene_group_teardown(state);
}

/* The template with the id in the place of each {..}. */
static const char *fill(const char *template, const char *id) {
    clti_buf path;
    clt_str copy;
    clti_buf_init(&path, 4096);
    for (clt_str rest = clti_str(template); rest.data;) {
        const clt_str word = clti_str_cut(rest, '/', &rest);
        clti_buf_add_char(&path, '/');
        clti_buf_add(&path, word.size && word.data[0] == '{' ? clti_str(id) : word);
    }
    assert_true(clti_buf_ok(&path) && clti_arena_copy(&arena, clti_buf_str(&path), &copy));
    clti_buf_done(&path);
    return copy.data;
}

static const char *method_of(clti_method method) {
    static const char *const names[] = {
#define X(name) #name,
        CLTI_METHODS(X)
#undef X
    };
    size_t index = 0;
    while ((unsigned)method != 1U << index)
        index++;
    return names[index];
}

static void call(const clti_route *route, const char *id, uint64_t *random) {
    const bool sends = route->method == CLTI_METHOD_POST || route->method == CLTI_METHOD_PUT ||
                       route->method == CLTI_METHOD_PATCH;
    const char *body = sends ? bodies[clti_test_random_below(random, CLTI_COUNT(bodies))] : NULL;
    const char *target = fill(route->path, id);
    if (route->method == CLTI_METHOD_GET && clti_test_random_below(random, 4) == 0)
        target = clti_arena_format(&arena,
                                   "%s?customerId=%s&filter={\"Field\":\"CompanyName\",\"Value\":\"zyx\","
                                   "\"Operator\":\"starts_with\"}",
                                   target, id)
                     .data;
    const clti_test_response *response = clti_test_send(
        own.client,
        &(clti_test_request){.method = method_of(route->method),
                             .target = target,
                             .headers = CLTI_TEST_WORDS("If-Match: *", "Content-Type: application/json"),
                             .body = body ? body : (sends ? "" : NULL)});
    if (strcasestr(response->headers, MARK) ||
        (response->body && memmem(response->body, response->body_size, MARK, strlen(MARK))))
        fail_msg("%s %s: %s%s", method_of(route->method), target, response->headers, response->body);
}

static void test_no_route_gives_or_changes_a_byte_of_another_partner(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    choose_ids(&random);
    const char *before = all_of_other();
    assert_non_null(strstr(before, MARK)); /* so it would show */
    for (size_t r = 0; r < CLTI_ROUTE_COUNT; r++) {
        const clti_route *route = &CLTI_ROUTES[r];
        if (route->access == CLTI_CALL_PUBLIC || route->access == CLTI_CALL_QUICK)
            continue; /* knows no caller, and no customer */
        for (size_t i = 0; i < ID_COUNT; i++)
            call(route, ids[i], &random);
    }
    assert_string_equal(all_of_other(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_route_gives_or_changes_a_byte_of_another_partner),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
