/* Changing and deleting customers over HTTP: relationship, billing profile with its etag, the end. */
#include "scene.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CUSTOMERS    "/v1/customers"
#define RESELLER     "33333333-0000-4000-8000-00000000000a"
#define RESELLER_APP "33333333-0000-4000-8000-00000000000b"
#define REAL         "44444444-0000-4000-8000-00000000000a"
#define REAL_APP     "44444444-0000-4000-8000-00000000000b"
#define WRITERS      64

static scene shared;
static clti_test_client *reseller, *real;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_add_partner(folder, RESELLER, "reseller.example", RESELLER_APP);
    clti_test_run_expecting(0, &(clti_test_command){.arguments = CLTI_TEST_WORDS(
                                                        "partner", "link", "--data", folder, "--provider",
                                                        FABRIKAM, "--reseller", RESELLER)});
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("partner", "add", "real.example", "--data",
                                                             folder, "--id", REAL)});
    scene_add_application(folder, REAL, REAL_APP);
    scene_open(&shared, folder, CLTI_TEST_WORDS("--auth-require-user=false"));
    reseller = clti_test_client_new(&shared.server);
    clti_test_sign_in(reseller, RESELLER, RESELLER_APP);
    real = clti_test_client_new(&shared.server);
    clti_test_sign_in(real, REAL, REAL_APP);
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(reseller);
    clti_test_client_free(real);
    scene_close(&shared);
    return scene_group_teardown(state);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

static const clti_test_response *ask(clti_test_client *client, const char *method, const char *target,
                                     const char *body, const char *header) {
    return clti_test_send(
        client, &(clti_test_request){.method = method,
                                     .target = target,
                                     .body = body,
                                     .headers = CLTI_TEST_WORDS("Content-Type: application/json", header)});
}

/* Create a customer; its path below. The caller's, free(). */
static char *make(clti_test_client *client, const char *domain, const char *more) {
    char *body, *path;
    assert_true(
        asprintf(&body,
                 "{\"companyProfile\":{\"domain\":\"%s\"},\"billingProfile\":{\"email\":\"a@b.example\","
                 "\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":\"Name\",\"firstName\":\"F\","
                 "\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\","
                 "\"addressLine1\":\"1\",\"postalCode\":\"98052\",\"firstName\":\"A\",\"lastName\":"
                 "\"B\"}}%s}",
                 domain, more) > 0);
    const clti_test_response *answer = ask(client, NULL, CUSTOMERS, body, NULL);
    free(body);
    if (answer->status != 201)
        fail_msg("%ld %s", answer->status, answer->body);
    path = clti_test_header(answer, "Location", 0);
    assert_non_null(path);
    return path;
}

static char *below(const char *path, const char *tail) {
    char *joined;
    assert_true(asprintf(&joined, "%s%s", path, tail) > 0);
    return joined;
}

static void expect_text(const clti_test_response *answer, const char *path, const char *want) {
    const char *got = clti_test_text_at(answer->json, path);
    if (!got || strcmp(got, want) != 0)
        fail_msg("%s is %s, want %s: %ld %s", path, got ? got : "absent", want, answer->status, answer->body);
}

/* How many customers the list shows whose `field` begins with a text. */
static size_t listed(const char *field, const char *prefix) {
    char *target;
    assert_true(asprintf(&target,
                         CUSTOMERS "?filter=%%7B%%22Field%%22:%%22%s%%22,%%22Value%%22:%%22%s%%22,"
                                   "%%22Operator%%22:%%22starts_with%%22%%7D",
                         field, prefix) > 0);
    const clti_test_response *answer = clti_test_get(shared.client, target, NULL);
    assert_int_equal(answer->status, 200);
    free(target);
    return json_array_size(clti_test_at(answer->json, "items"));
}

/* The billing profile as read, with another name. The caller's, free(). */
static char *renamed(const clti_test_response *read, const char *name) {
    json_t *profile = json_deep_copy(read->json);
    assert_int_equal(json_object_set_new(profile, "companyName", json_string(name)), 0);
    char *text = json_dumps(profile, JSON_COMPACT);
    json_decref(profile);
    return text;
}

/* ---- the relationship ---------------------------------------------------------------------------------- */

static void test_a_patch_removes_the_relationship(void **state) {
    (void)state;
    char *path = make(shared.client, "gone.example", ""), *slash = below(path, "/");
    assert_int_equal(listed("Domain", "gone.example"), 1);
    const clti_test_response *answer =
        ask(shared.client, "PATCH", slash,
            "{\"RelationshipToPartner\":\"none\",\"Attributes\":{\"ObjectType\":\"Customer\"},\"Id\":null}",
            NULL);
    assert_int_equal(answer->status, 200);
    expect_text(answer, "relationshipToPartner", "none");
    expect_text(answer, "id", path + sizeof(CUSTOMERS));
    assert_null(clti_test_at(answer->json, "allowDelegatedAccess"));
    assert_int_equal(listed("Domain", "gone.example"), 0);
    scene_expect_fault(clti_test_get(shared.client, path, NULL), 403, 20002, NULL, "afterwards");
    scene_expect_fault(ask(shared.client, "PATCH", path, "{\"relationshipToPartner\":\"none\"}", NULL), 403,
                       20002, NULL, "again");
    scene_expect_fault(ask(shared.client, "DELETE", path, NULL, NULL), 403, 20002, NULL, "delete");
    free(slash);
    free(path);
}

static void test_a_patch_removes_delegated_access_alone(void **state) {
    (void)state;
    char *path = make(shared.client, "access.example", "");
    const clti_test_response *answer =
        ask(shared.client, "PATCH", path,
            "{\"relationshipToPartner\":\"unknown\",\"allowDelegatedAccess\":false}", NULL);
    assert_int_equal(answer->status, 200);
    expect_text(answer, "relationshipToPartner", "reseller");
    assert_true(json_is_false(clti_test_at(answer->json, "allowDelegatedAccess")));
    answer = clti_test_get(shared.client, path, NULL);
    assert_int_equal(answer->status, 200);
    assert_null(clti_test_at(answer->json, "customDomains"));
    /* What is so already changes nothing. */
    static const char *const same[] = {"{\"allowDelegatedAccess\":\"False\"}",
                                       "{\"relationshipToPartner\":\"reseller\"}",
                                       "{\"relationshipToPartner\":1,\"allowDelegatedAccess\":null}"};
    for (size_t i = 0; i < CLTI_COUNT(same); i++)
        assert_int_equal(ask(shared.client, "PATCH", path, same[i], NULL)->status, 200);
    free(path);
}

/* Nothing is written the second time, so the store is not asked about the request's id. */
static void test_a_patch_that_changes_nothing_minds_its_request_id(void **state) {
    (void)state;
    static const char body[] = "{\"allowDelegatedAccess\":false}";
    static const char id[] = "MS-RequestId: cccccccc-1111-4000-8000-000000000001";
    char *path = make(shared.client, "access-twice.example", "");
    const clti_test_response *answer = ask(shared.client, "PATCH", path, body, id);
    assert_int_equal(answer->status, 200);
    char *first = strdup(answer->body);
    answer = ask(shared.client, "PATCH", path, body, id);
    if (answer->status != 200 || strcmp(answer->body, first) != 0)
        fail_msg("not the same answer: %ld %s, before: %s", answer->status, answer->body, first);
    scene_expect_fault(ask(shared.client, "PATCH", path, "{\"allowDelegatedAccess\":false }", id), 409, 3000,
                       "MS-RequestId", "another body");
    free(first);
    free(path);
}

static void test_a_patch_of_anything_else_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *body;
        int code;
        const char *member;
    } rows[] = {
        {"{\"relationshipToPartner\":\"advisor\"}", 3000, "RelationshipToPartner"},
        {"{\"relationshipToPartner\":7}", 3000, "RelationshipToPartner"},
        {"{\"relationshipToPartner\":[]}", 3000, "RelationshipToPartner"},
        {"{\"relationshipToPartner\":\"none\",\"allowDelegatedAccess\":true}", 3000, "AllowDelegatedAccess"},
        {"{\"allowDelegatedAccess\":1}", 3000, "AllowDelegatedAccess"},
        {"{}", 3000, "RelationshipToPartner"},
        {"[]", 800002, NULL},
        {"{", 800002, NULL},
    };
    char *path = make(shared.client, "patch.example", "");
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        scene_expect_fault(ask(shared.client, "PATCH", path, rows[i].body, NULL), 400, rows[i].code,
                           rows[i].member, rows[i].body);
    /* Both at once. */
    const clti_test_response *answer =
        ask(shared.client, "PATCH", path, "{\"relationshipToPartner\":7,\"allowDelegatedAccess\":1}", NULL);
    assert_int_equal(answer->status, 400);
    assert_int_equal(json_array_size(clti_test_at(answer->json, "data")), 2);
    assert_int_equal(clti_test_get(shared.client, path, NULL)->status, 200);
    free(path);
}

/* ---- deleting ------------------------------------------------------------------------------------------ */

static void test_a_delete_frees_the_domain_and_its_repetition_is_the_same(void **state) {
    (void)state;
    static const char id[] = "MS-RequestId: cccccccc-1111-4000-8000-000000000001";
    char *path = make(shared.client, "deleted.example", "");
    const clti_test_response *answer = ask(shared.client, "DELETE", path, NULL, id);
    assert_int_equal(answer->status, 204);
    assert_int_equal(answer->body_size, 0);
    assert_int_equal(ask(shared.client, "DELETE", path, NULL, id)->status, 204);
    scene_expect_fault(ask(shared.client, "DELETE", path, NULL, NULL), 404, 60003, NULL, "a second one");
    scene_expect_fault(clti_test_get(shared.client, path, NULL), 404, 60003, NULL, "afterwards");
    free(path);
    free(make(real, "deleted.example", ""));
}

static void test_only_a_sandbox_deletes(void **state) {
    (void)state;
    char *path = make(real, "kept.example", "");
    scene_expect_fault(ask(real, "DELETE", path, NULL, NULL), 400, 900127, NULL, "no sandbox");
    assert_int_equal(clti_test_get(real, path, NULL)->status, 200);
    free(path);
}

/* ---- the billing profile ------------------------------------------------------------------------------- */

static void test_a_billing_profile_is_replaced_and_renames_the_customer(void **state) {
    (void)state;
    char *path = make(shared.client, "billing.example", ""), *target = below(path, "/profiles/billing");
    char *body = renamed(clti_test_get(shared.client, target, NULL), "Renamed é");
    const clti_test_response *answer = ask(shared.client, "PUT", target, body, NULL);
    assert_int_equal(answer->status, 200);
    expect_text(answer, "companyName", "Renamed é");
    char etag[64], quoted[80];
    snprintf(etag, sizeof(etag), "%s", clti_test_text_at(answer->json, "attributes.etag"));
    snprintf(quoted, sizeof(quoted), "\"%s\"", etag);
    char *header = clti_test_header(answer, "ETag", 0);
    assert_string_equal(header, quoted);
    free(header);
    expect_text(clti_test_get(shared.client, target, NULL), "attributes.etag", etag);
    answer = clti_test_get(shared.client, path, NULL);
    expect_text(answer, "companyProfile.companyName", "Renamed é");
    expect_text(answer, "billingProfile.attributes.etag", etag);
    assert_int_equal(listed("CompanyName", "renamed%20%C3%A9"), 1);
    /* The tag that was read first is stale now, in body and header. */
    scene_expect_fault(ask(shared.client, "PUT", target, body, NULL), 400, 2055, "ETag", "stale");
    /* A member that is left out is gone; one that is required is missed. */
    json_t *small = json_loads(body, 0, NULL);
    json_object_del(small, "firstName");
    char *less = json_dumps(small, JSON_COMPACT);
    json_object_del(small, "email");
    char *lesser = json_dumps(small, JSON_COMPACT);
    json_decref(small);
    scene_expect_fault(ask(shared.client, "PUT", target, lesser, "If-Match: *"), 400, 3000,
                       "BillingProfile.Email", "no email");
    answer = ask(shared.client, "PUT", target, less, "If-Match: *");
    assert_int_equal(answer->status, 200);
    assert_null(clti_test_at(answer->json, "firstName"));
    free(lesser);
    free(less);
    free(body);
    free(target);
    free(path);
}

static void test_the_etag_is_taken_in_each_of_its_forms(void **state) {
    (void)state;
    static const struct {
        const char *format;
        long status;
    } rows[] = {
        {"If-Match: \"%s\"", 200},        {"If-Match: %s", 200}, {"If-Match: W/\"%s\"", 200},
        {"If-Match: \"1\", \"%s\"", 200}, {"If-Match: *", 200},  {"If-Match: \"1\"", 400},
        {"If-Match: %s0", 400},           {"X: %s", 200},
    };
    char *path = make(shared.client, "etags.example", ""), *target = below(path, "/profiles/billing");
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *read = clti_test_get(shared.client, target, NULL);
        char *header, *body = renamed(read, "Same");
        char etag[64];
        snprintf(etag, sizeof(etag), "%s", clti_test_text_at(read->json, "attributes.etag"));
        assert_true(asprintf(&header, "%.*s%s%s", (int)strcspn(rows[i].format, "%"), rows[i].format,
                             strchr(rows[i].format, '%') ? etag : "",
                             strchr(rows[i].format, '%') ? strchr(rows[i].format, '%') + 2 : "") > 0);
        const clti_test_response *answer = ask(shared.client, "PUT", target, body, header);
        if (answer->status != rows[i].status)
            fail_msg("%s: %ld %s", header, answer->status, answer->body);
        free(header);
        free(body);
    }
    scene_expect_fault(ask(shared.client, "PUT", target, "{\"companyName\":\"x\"}", NULL), 400, 2055, "ETag",
                       "no tag at all");
    free(target);
    free(path);
}

/* Each writer reads, appends its number to the name, and writes back; a refusal makes it begin anew. */
typedef struct writer {
    clti_test_client *client;
    const char *target;
    int number;
    bool done;
} writer;

static bool append(writer *by) {
    char name[512];
    const clti_test_response *read = clti_test_get(by->client, by->target, NULL);
    assert_int_equal(read->status, 200);
    snprintf(name, sizeof(name), "%s.%d", clti_test_text_at(read->json, "companyName"), by->number);
    char *body = renamed(read, name);
    const clti_test_response *answer = ask(by->client, "PUT", by->target, body, NULL);
    free(body);
    if (answer->status != 200)
        scene_expect_fault(answer, 400, 2055, "ETag", "another was first");
    return answer->status == 200;
}

static void *append_once(void *user) {
    writer *by = user;
    for (int i = 0; i < 1000 && !by->done; i++)
        by->done = append(by);
    return NULL;
}

static void test_of_many_writers_with_etags_none_is_lost(void **state) {
    (void)state;
    static writer writers[WRITERS];
    static pthread_t threads[WRITERS];
    char *path = make(shared.client, "chain.example", ""), *target = below(path, "/profiles/billing");
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (writer){clti_test_client_new(&shared.server), target, i, false};
        clti_test_client_set_token(writers[i].client, clti_test_client_token(shared.client));
        assert_int_equal(pthread_create(&threads[i], NULL, append_once, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(writers[i].done);
        clti_test_client_free(writers[i].client);
    }
    /* The name's history is a chain: each number once. */
    bool seen[WRITERS] = {false};
    const char *name = clti_test_text_at(clti_test_get(shared.client, target, NULL)->json, "companyName");
    size_t count = 0;
    for (const char *at = strchr(name, '.'); at; at = strchr(at + 1, '.')) {
        long number = strtol(at + 1, NULL, 10);
        assert_true(number >= 0 && number < WRITERS && !seen[number]);
        seen[number] = true;
        count++;
    }
    assert_int_equal(count, WRITERS);
    free(target);
    free(path);
}

/* ---- the list ------------------------------------------------------------------------------------------ */

/* What the whole list says of itself. */
typedef struct list_state {
    char *etag;
    long count;
} list_state;

static list_state look_at_list(void) {
    const clti_test_response *answer =
        clti_test_get(shared.client, CUSTOMERS "?size=1", CLTI_TEST_WORDS("Prefer: count=exact"));
    char *range = clti_test_header(answer, "Content-Range", 0);
    assert_non_null(range);
    list_state seen = {clti_test_header(answer, "ETag", 0), strtol(strrchr(range, '/') + 1, NULL, 10)};
    assert_non_null(seen.etag);
    free(range);
    return seen;
}

/* It has so many more customers and another tag; whoever holds the old one gets the new page. */
static void expect_changed(list_state *before, long more) {
    list_state now = look_at_list();
    char *held;
    assert_int_equal(now.count, before->count + more);
    assert_string_not_equal(now.etag, before->etag);
    assert_true(asprintf(&held, "If-None-Match: %s", before->etag) > 0);
    assert_int_equal(clti_test_get(shared.client, CUSTOMERS "?size=1", CLTI_TEST_WORDS(held))->status, 200);
    free(held);
    assert_true(asprintf(&held, "If-None-Match: %s", now.etag) > 0);
    assert_int_equal(clti_test_get(shared.client, CUSTOMERS "?size=1", CLTI_TEST_WORDS(held))->status, 304);
    free(held);
    free(before->etag);
    *before = now;
}

static void test_the_list_tells_each_change_at_once(void **state) {
    (void)state;
    list_state list = look_at_list();
    char *path = make(shared.client, "Told.example", ""), *target = below(path, "/profiles/billing");
    char *other = make(shared.client, "told.other.example", "");
    expect_changed(&list, 2);
    assert_int_equal(listed("Domain", "told."), 2);
    char *body = renamed(clti_test_get(shared.client, target, NULL), "Zebra told");
    assert_int_equal(ask(shared.client, "PUT", target, body, NULL)->status, 200);
    expect_changed(&list, 0);
    assert_int_equal(listed("CompanyName", "zebra%20told"), 1);
    const clti_test_response *last =
        clti_test_get(shared.client, CUSTOMERS "?size=1&seekOperation=Last", NULL);
    expect_text(last, "items.0.companyProfile.companyName", "Zebra told");
    assert_int_equal(ask(shared.client, "PATCH", path, "{\"relationshipToPartner\":\"none\"}", NULL)->status,
                     200);
    expect_changed(&list, -1);
    assert_int_equal(listed("CompanyName", "zebra%20told"), 0);
    assert_int_equal(ask(shared.client, "DELETE", other, NULL, NULL)->status, 204);
    expect_changed(&list, -1);
    assert_int_equal(listed("Domain", "told."), 0);
    free(list.etag);
    free(body);
    free(other);
    free(target);
    free(path);
}

/* ---- once and no more ---------------------------------------------------------------------------------- */

/* The same request on a connection of its own. */
typedef struct twin {
    clti_test_client *client;
    const char *method, *target, *body, *id;
    pthread_barrier_t *barrier;
    long status;
    char *answer;
} twin;

static void *ask_as_twin(void *user) {
    twin *one = user;
    pthread_barrier_wait(one->barrier);
    const clti_test_response *answer = ask(one->client, one->method, one->target, one->body, one->id);
    one->status = answer->status;
    one->answer = strdup(answer->body ? answer->body : "");
    return NULL;
}

static void ask_twice_at_once(twin twins[2], const twin *request, long status) {
    pthread_barrier_t barrier;
    pthread_t threads[2];
    assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (size_t i = 0; i < 2; i++) {
        clti_test_client *client = twins[i].client;
        twins[i] = *request;
        twins[i].client = client;
        twins[i].barrier = &barrier;
        assert_int_equal(pthread_create(&threads[i], NULL, ask_as_twin, &twins[i]), 0);
    }
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_barrier_destroy(&barrier);
    if (twins[0].status != status || twins[1].status != status ||
        strcmp(twins[0].answer, twins[1].answer) != 0)
        fail_msg("%s: %ld %s\n%ld %s", request->method, twins[0].status, twins[0].answer, twins[1].status,
                 twins[1].answer);
    free(twins[0].answer);
    free(twins[1].answer);
}

static size_t audited(const char *id) {
    char *target;
    assert_true(
        asprintf(&target,
                 "/v1/auditrecords?filter=%%7B%%22Field%%22:%%22CustomerId%%22,%%22Value%%22:%%22%s%%22,"
                 "%%22Operator%%22:%%22equals%%22%%7D",
                 id) > 0);
    const clti_test_response *answer = clti_test_get(shared.client, target, NULL);
    free(target);
    return json_array_size(clti_test_at(answer->json, "items"));
}

static void test_a_change_asked_for_twice_at_once_is_done_once(void **state) {
    (void)state;
    static const char id[] = "MS-RequestId: cccccccc-2222-4000-8000-000000000001";
    twin twins[2] = {{.client = clti_test_client_new(&shared.server)},
                     {.client = clti_test_client_new(&shared.server)}};
    for (size_t i = 0; i < 2; i++)
        clti_test_client_set_token(twins[i].client, clti_test_client_token(shared.client));
    for (int round = 0; round < 10; round++) {
        char *path = make(shared.client, "twins.example", ""), *target = below(path, "/profiles/billing");
        char *body = renamed(clti_test_get(shared.client, target, NULL), "Twins");
        ask_twice_at_once(twins, &(twin){.method = "PUT", .target = target, .body = body, .id = id}, 200);
        ask_twice_at_once(
            twins,
            &(twin){.method = "PATCH", .target = path, .body = "{\"allowDelegatedAccess\":false}", .id = id},
            200);
        ask_twice_at_once(twins, &(twin){.method = "DELETE", .target = path, .id = id}, 204);
        assert_int_equal(audited(path + sizeof(CUSTOMERS)), 4);
        free(body);
        free(target);
        free(path);
    }
    for (size_t i = 0; i < 2; i++)
        clti_test_client_free(twins[i].client);
}

/* ---- whose it is --------------------------------------------------------------------------------------- */

static void test_a_reseller_reads_and_never_writes(void **state) {
    (void)state;
    char *path = make(shared.client, "shared.example", ",\"associatedPartnerId\":\"" RESELLER "\"");
    char *target = below(path, "/profiles/billing");
    const clti_test_response *read = clti_test_get(reseller, target, NULL);
    assert_int_equal(read->status, 200);
    char *body = renamed(read, "Mine");
    scene_expect_fault(ask(reseller, "PUT", target, body, NULL), 403, 600006, NULL, "PUT");
    scene_expect_fault(ask(reseller, "PATCH", path, "{\"relationshipToPartner\":\"none\"}", NULL), 403,
                       600006, NULL, "PATCH");
    scene_expect_fault(ask(reseller, "DELETE", path, NULL, NULL), 403, 600006, NULL, "DELETE");
    scene_expect_fault(ask(real, "PUT", target, body, NULL), 404, 60003, NULL, "another partner");
    assert_int_equal(clti_test_get(shared.client, path, NULL)->status, 200);
    free(body);
    free(target);
    free(path);
}

static void test_the_relationship_needs_a_user(void **state) {
    (void)state;
    scene strict;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_open(&strict, folder, NULL);
    char *path = make(strict.client, "user.example", "");
    scene_expect_fault(ask(strict.client, "PATCH", path, "{\"relationshipToPartner\":\"none\"}", NULL), 403,
                       900329, NULL, "app only");
    free(path);
    scene_close(&strict);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_patch_removes_the_relationship),
        cmocka_unit_test(test_a_patch_removes_delegated_access_alone),
        cmocka_unit_test(test_a_patch_that_changes_nothing_minds_its_request_id),
        cmocka_unit_test(test_a_patch_of_anything_else_is_refused),
        cmocka_unit_test(test_a_delete_frees_the_domain_and_its_repetition_is_the_same),
        cmocka_unit_test(test_only_a_sandbox_deletes),
        cmocka_unit_test(test_a_billing_profile_is_replaced_and_renames_the_customer),
        cmocka_unit_test(test_the_etag_is_taken_in_each_of_its_forms),
        cmocka_unit_test(test_of_many_writers_with_etags_none_is_lost),
        cmocka_unit_test(test_the_list_tells_each_change_at_once),
        cmocka_unit_test(test_a_change_asked_for_twice_at_once_is_done_once),
        cmocka_unit_test(test_a_reseller_reads_and_never_writes),
        cmocka_unit_test(test_the_relationship_needs_a_user),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
