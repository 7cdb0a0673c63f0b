#include "scene.h"

#include "support/database.h"
#include "support/folder.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_SIZE      (UINT64_C(16) << 30)
#define DATABASES_MAX 100
#define SHARED_DEMO   "with_demo"

/* The group's own. */
static char *root;
static const char *demo;
static clti_arena paths;
static unsigned path_count;
static char *databases[DATABASES_MAX];
static size_t database_count;

/* ---- folders and files --------------------------------------------------------------------------------- */

int scene_group_setup(void **state) {
    (void)state;
    root = clti_test_folder_make();
    if (!root || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return -1;
    /* A server that runs as another user must find its folder below. */
    return chmod(root, 0755);
}

int scene_group_teardown(void **state) {
    (void)state;
    curl_global_cleanup();
    while (database_count > 0)
        clti_test_database_drop(databases[--database_count]);
    clti_test_folder_remove(root);
    free(root);
    clti_arena_done(&paths);
    root = NULL;
    demo = NULL;
    return 0;
}

const char *scene_path(void) {
    clt_str path = clti_arena_format(&paths, "%s/%u", root, path_count++);
    assert_non_null(path.data);
    return path.data;
}

const char *scene_file(const char *content) {
    const char *path = scene_path();
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* ---- stores -------------------------------------------------------------------------------------------- */

static const char *keep_database(char *url) {
    assert_non_null(url);
    assert_true(database_count < CLTI_COUNT(databases));
    return databases[database_count++] = url;
}

static void init(const char *store, const char *flag) {
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("init", "--data", store, flag)});
}

static const char *copy_folder(const char *folder) {
    const char *copy = scene_path();
    clti_arena arena = {0};
    struct stat status;
    assert_int_equal(mkdir(copy, 0700), 0);
    int from = open(clti_arena_format(&arena, "%s/data.mdb", folder).data, O_RDONLY | O_CLOEXEC);
    int to = open(clti_arena_format(&arena, "%s/data.mdb", copy).data, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(from >= 0 && to >= 0 && fstat(from, &status) == 0);
    for (off_t copied = 0; copied < status.st_size;)
        assert_true(sendfile(to, from, &copied, (size_t)(status.st_size - copied)) > 0);
    close(from);
    close(to);
    clti_arena_done(&arena);
    return copy;
}

const char *scene_copy_store(const char *store) {
    return clti_test_on_postgres() ? keep_database(clti_test_database_copy(store)) : copy_folder(store);
}

/* One demo for all programs that run beside each other. */
static const char *demo_database(void) {
    char *copy = clti_test_database_copy_shared(SHARED_DEMO);
    if (!copy) {
        char *first = clti_test_database_new();
        init(first, "--demo");
        clti_test_database_share(first, SHARED_DEMO);
        copy = clti_test_database_copy_shared(SHARED_DEMO);
    }
    return keep_database(copy);
}

const char *scene_demo_store(void) {
    if (clti_test_on_postgres())
        return demo_database();
    if (!demo) {
        demo = scene_path();
        init(demo, "--demo");
    }
    return copy_folder(demo);
}

const char *scene_new_store(void) {
    const char *store = clti_test_on_postgres() ? keep_database(clti_test_database_new()) : scene_path();
    init(store, NULL);
    return store;
}

clti_store_options scene_store_options(const char *store) {
    if (clti_store_is_url(clti_str(store)))
        return (clti_store_options){.url = store};
    return (clti_store_options){.folder = store, .map_size = MAP_SIZE};
}

static void apply(const char *folder, const clti_change *changes, size_t count) {
    const clti_store_options options = scene_store_options(folder);
    clti_store *store;
    clti_fault fault;
    clti_outcome outcomes[4];
    assert_true(count <= CLTI_COUNT(outcomes));
    if (!clti_store_open(&options, &store, &fault))
        fail_msg("%s", fault.text);
    if (!clti_store_apply(store, changes, count, outcomes, &fault))
        fail_msg("%s", fault.text);
    for (size_t i = 0; i < count; i++)
        assert_true(outcomes[i].done);
    clti_store_close(store);
}

void scene_add_partner(const char *folder, const char *tenant, const char *domain, const char *application) {
    const clti_partner partner = {.id = scene_guid(tenant),
                                  .domain = clti_str(domain),
                                  .name = clti_str(domain),
                                  .country = CLTI_STR("US"),
                                  .culture = CLTI_STR("en-US"),
                                  .is_sandbox = true};
    clti_application added = {.partner = partner.id, .id = scene_guid(application), .name = CLTI_STR("Test")};
    clti_sha256(CLTI_STR(CLTI_TEST_SECRET), added.secret_sha256);
    const clti_change changes[] = {{.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner},
                                   {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &added}};
    apply(folder, changes, CLTI_COUNT(changes));
}

void scene_add_admin(const char *folder, const char *name, const char *display_name) {
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("user", "add", name, "--data", folder, "--roles",
                                                             "AdminAgents", "--password-file", "-",
                                                             "--display-name", display_name),
                                .input = CLTI_TEST_SECRET "\n"});
}

void scene_add_application(const char *folder, const char *tenant, const char *application) {
    clti_application added = {
        .partner = scene_guid(tenant), .id = scene_guid(application), .name = CLTI_STR("Test")};
    clti_sha256(CLTI_STR(CLTI_TEST_SECRET), added.secret_sha256);
    const clti_change change = {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &added};
    apply(folder, &change, 1);
}

void scene_import(const char *folder, const char *partner, const char *text) {
    clti_test_run_expecting(0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("import", "--data", folder,
                                                                                 "--partner", partner, "-"),
                                                    .input = text,
                                                    .folder = root});
}

void scene_delete(const char *folder, const char *partner, const char *customer) {
    const clti_change change = {.kind = CLTI_CHANGE_CUSTOMER_DELETE,
                                .of.customer = {scene_guid(partner), scene_guid(customer)}};
    apply(folder, &change, 1);
}

/* ---- servers ------------------------------------------------------------------------------------------- */

void scene_open_as(scene *opened, const char *folder, const char *const *flags, const char *tenant,
                   const char *application) {
    *opened = (scene){.folder = folder, .tenant = tenant, .application = application};
    clti_test_server_start(folder, flags, &opened->server);
    opened->client = clti_test_client_new(&opened->server);
    clti_test_sign_in(opened->client, tenant, application);
}

void scene_open(scene *opened, const char *folder, const char *const *flags) {
    scene_open_as(opened, folder, flags, FABRIKAM, FABRIKAM_APP);
}

void scene_restart(scene *opened, const char *const *flags) {
    clti_test_server_stop(&opened->server);
    clti_test_server_start(opened->folder, flags, &opened->server);
    clti_test_client_turn_to(opened->client, &opened->server);
    clti_test_sign_in(opened->client, opened->tenant, opened->application);
}

void scene_close(scene *opened) {
    clti_test_client_free(opened->client);
    clti_test_server_stop(&opened->server);
}

/* ---- small ones ---------------------------------------------------------------------------------------- */

clt_guid scene_guid(const char *text) {
    clt_guid id;
    assert_true(clti_guid_parse(clti_str(text), &id));
    return id;
}

void scene_expect_fault(const clti_test_response *response, long status, int code, const char *member,
                        const char *what) {
    const json_t *data = clti_test_at(response->json, "data");
    const char *description = clti_test_text_at(response->json, "description");
    const char *source = clti_test_text_at(response->json, "source");
    const json_t *number = clti_test_at(response->json, "code");
    if (response->status != status || !json_is_integer(number) || json_integer_value(number) != code)
        fail_msg("%s: expected %ld/%d, answered %ld %s", what, status, code, response->status,
                 response->body);
    if (!description || !*description || !source || !json_is_array(data) || !json_is_object(response->json) ||
        json_object_size(response->json) != 4)
        fail_msg("%s: not an error body: %s", what, response->body);
    if (member && (json_array_size(data) != 1 || !clti_test_text_at(data, "0") ||
                   strcmp(clti_test_text_at(data, "0"), member) != 0))
        fail_msg("%s: data should be [\"%s\"]: %s", what, member, response->body);
}
