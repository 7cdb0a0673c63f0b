/* The program as its operator meets it: starting, refusing to start, settings, logs, stopping. */
#include "scene.h"

#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The command must end with this code and say each of these words; the rest of the line names them. */
static void expect_complaint(const clti_test_command *command, int exit_code, const char *const *said) {
    clti_test_outcome outcome;
    clti_test_run(command, &outcome);
    if (outcome.exit_code != exit_code || strstr(outcome.err, "Sanitizer") ||
        strstr(outcome.err, "runtime error:"))
        fail_msg("ended with %d, not %d; it wrote:\n%s", outcome.exit_code, exit_code, outcome.err);
    for (; *said; said++)
        if (!strstr(outcome.err, *said))
            fail_msg("does not say '%s', but:\n%s", *said, outcome.err);
    clti_test_outcome_done(&outcome);
}

static const char *path_in(const char *folder, const char *name) {
    static char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static uint64_t hash_of(const char *path) {
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    uint64_t hash = 1469598103934665603u;
    for (int c; (c = getc(file)) != EOF;)
        hash = (hash ^ (uint64_t)c) * 1099511628211u;
    fclose(file);
    return hash;
}

/* ---- refusing to start --------------------------------------------------------------------------------- */

static void test_a_second_serve_on_a_folder_is_refused_and_the_first_goes_on(void **state) {
    (void)state;
    scene first = {0};
    scene_open(&first, scene_demo_store(), NULL);
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--listen=127.0.0.1:0",
                                                                       "--data", first.folder)},
                     1, CLTI_TEST_WORDS("served already", first.folder));
    assert_int_equal(clti_test_get(first.client, "/v1/customers?size=1", NULL)->status, 200);
    scene_restart(&first, NULL);
    assert_int_equal(clti_test_get(first.client, "/v1/customers?size=1", NULL)->status, 200);
    scene_close(&first);
}

static void test_a_killed_server_leaves_the_folder_free_and_whole(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), NULL);
    assert_int_equal(kill(own.server.process.pid, SIGKILL), 0);
    clti_test_outcome outcome;
    clti_test_wait(&own.server.process, &outcome);
    assert_int_equal(outcome.exit_code, 128 + SIGKILL);
    clti_test_outcome_done(&outcome);
    clti_test_client_free(own.client);
    scene_open(&own, own.folder, NULL);
    assert_int_equal(clti_test_get(own.client, "/v1/customers?size=1", NULL)->status, 200);
    scene_close(&own);
}

static void test_the_demo_stays_on_loopback_unless_told(void **state) {
    (void)state;
    const char *folder = scene_demo_store();
    static const char *const listens[] = {"--listen=0.0.0.0:0", "--listen=[::]:0"};
    for (size_t i = 0; i < CLTI_COUNT(listens); i++)
        expect_complaint(
            &(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", listens[i], "--data", folder)}, 1,
            CLTI_TEST_WORDS("demo", "--allow-demo", "loopback"));
    clti_test_server server;
    clti_test_server_start(folder, CLTI_TEST_WORDS("--listen=0.0.0.0:0", "--allow-demo"), &server);
    clti_test_server_stop(&server);
    /* A store without the demo may listen anywhere. */
    clti_test_server_start(scene_new_store(), CLTI_TEST_WORDS("--listen=0.0.0.0:0"), &server);
    clti_test_server_stop(&server);
}

static void test_a_folder_without_store_is_refused_by_each_command(void **state) {
    (void)state;
    const char *missing = scene_path(), *empty = scene_path(), *junk = scene_path();
    assert_int_equal(mkdir(empty, 0700), 0);
    assert_int_equal(mkdir(junk, 0700), 0);
    FILE *file = fopen(path_in(junk, "data.mdb"), "we");
    assert_non_null(file);
    for (int i = 0; i < 20000; i++)
        fputs("junk", file);
    assert_int_equal(fclose(file), 0);
    const char *const folders[] = {missing, empty, junk};
    for (size_t i = 0; i < CLTI_COUNT(folders); i++) {
        expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--listen=127.0.0.1:0",
                                                                           "--data", folders[i])},
                         1, CLTI_TEST_WORDS(folders[i]));
        expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("import", "--data", folders[i],
                                                                           "--partner", "a.test", "-")},
                         1, CLTI_TEST_WORDS(folders[i]));
    }
    assert_int_not_equal(access(missing, F_OK), 0);
    assert_int_not_equal(access(path_in(empty, "data.mdb"), F_OK), 0);
}

/* Write another format version into the record of a store that is closed. */
static void set_format_version(const char *folder) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi meta;
    MDB_cursor *cursor;
    MDB_val record_key, record;
    bool found = false;
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_mapsize(env, (size_t)1 << 30), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, folder, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "meta", 0, &meta), 0);
    assert_int_equal(mdb_cursor_open(txn, meta, &cursor), 0);
    while (mdb_cursor_get(cursor, &record_key, &record, MDB_NEXT) == 0) {
        if (!memmem(record_key.mv_data, record_key.mv_size, "format", 6))
            continue;
        uint8_t version[64];
        assert_true(record.mv_size > 0 && record.mv_size <= sizeof(version));
        memset(version, 0, sizeof(version));
        version[record.mv_size - 1] = 99;
        MDB_val changed = {record.mv_size, version};
        assert_int_equal(mdb_cursor_put(cursor, &record_key, &changed, MDB_CURRENT), 0);
        found = true;
    }
    mdb_cursor_close(cursor);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    assert_true(found);
}

static void test_a_store_of_an_unknown_format_is_refused_and_left_alone(void **state) {
    (void)state;
    const char *folder = scene_demo_store();
    set_format_version(folder);
    uint64_t before = hash_of(path_in(folder, "data.mdb"));
    expect_complaint(
        &(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--listen=127.0.0.1:0", "--data", folder)},
        1, CLTI_TEST_WORDS(folder, "format", "99"));
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("import", "--data", folder,
                                                                       "--partner", "fabrikam.example", "-"),
                                          .input = "companyName,domain\nA,a.test\n"},
                     1, CLTI_TEST_WORDS(folder, "format", "99"));
    assert_true(hash_of(path_in(folder, "data.mdb")) == before);
}

static void test_a_folder_without_permission_is_refused_with_that_word(void **state) {
    (void)state;
    if (getuid() != 0) {
        skip();
    }
    const char *folder = scene_demo_store();
    uint64_t before = hash_of(path_in(folder, "data.mdb"));
    expect_complaint(
        &(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--listen=127.0.0.1:0", "--data", folder),
                             .user = 65534},
        1, CLTI_TEST_WORDS(folder, "ermission"));
    expect_complaint(
        &(clti_test_command){.arguments = CLTI_TEST_WORDS("init", "--data", path_in(folder, "new")),
                             .user = 65534},
        1, CLTI_TEST_WORDS("ermission"));
    assert_true(hash_of(path_in(folder, "data.mdb")) == before);
}

static void test_a_second_init_is_refused_and_nothing_is_lost(void **state) {
    (void)state;
    const char *folder = scene_demo_store();
    uint64_t before = hash_of(path_in(folder, "data.mdb"));
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("init", "--data", folder)}, 1,
                     CLTI_TEST_WORDS(folder));
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("init", "--demo", "--data", folder)},
                     1, CLTI_TEST_WORDS(folder));
    assert_true(hash_of(path_in(folder, "data.mdb")) == before);
    scene own = {0};
    scene_open(&own, folder, NULL);
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("init", "--data", folder)}, 1,
                     CLTI_TEST_WORDS(folder));
    assert_int_equal(clti_test_get(own.client, "/v1/customers?size=1", NULL)->status, 200);
    scene_close(&own);
}

/* ---- settings ------------------------------------------------------------------------------------------ */

static void test_an_unknown_setting_suggests_the_nearest_wherever_it_stands(void **state) {
    (void)state;
    const char *folder = scene_new_store(), *file = scene_file("[auth]\nrequire_usr = true\n");
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--auth-require-usr=true",
                                                                       "--data", folder)},
                     2, CLTI_TEST_WORDS("auth-require-usr", "--auth-require-user"));
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--data", folder),
                                          .environment = CLTI_TEST_WORDS("CLIENTELE_AUTH_REQUIRE_USR=true")},
                     2, CLTI_TEST_WORDS("CLIENTELE_AUTH_REQUIRE_USR", "'CLIENTELE_AUTH_REQUIRE_USER'"));
    expect_complaint(
        &(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--data", folder, "--config", file)}, 2,
        CLTI_TEST_WORDS(file, "auth.require_usr", "auth.require_user"));
    expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("serv")}, 2,
                     CLTI_TEST_WORDS("serv", "'serve'"));
}

static void test_a_setting_with_a_bad_value_is_refused_by_name(void **state) {
    (void)state;
    static const struct {
        const char *flag, *said;
    } rows[] = {{"--bom=maybe", "bom"},
                {"--threads=-1", "threads"},
                {"--threads=x", "threads"},
                {"--auth-require-user=perhaps", "auth.require_user"},
                {"--log-level=loud", "log.level"},
                {"--store-map-size=1X", "store.map_size"},
                {"--ready-fd=99999999", "ready_fd"}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        expect_complaint(&(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", rows[i].flag)}, 2,
                         CLTI_TEST_WORDS(rows[i].said));
}

/* MS-ServerId tells which of three names has won. */
static void expect_server_id(const char *folder, const char *const *flags, const char *const *environment,
                             const char *expected) {
    clti_test_server server;
    clti_test_server_start_in(folder, flags, environment, &server);
    clti_test_client *client = clti_test_client_new(&server);
    char *id = clti_test_header(clti_test_get(client, "/", NULL), "MS-ServerId", 0);
    assert_string_equal(id, expected);
    free(id);
    clti_test_client_free(client);
    clti_test_server_stop(&server);
}

static void test_flags_go_before_variables_and_these_before_the_file(void **state) {
    (void)state;
    const char *folder = scene_new_store(),
               *file = scene_file("; settings\nserver_id = file\n[auth]\nrequire_user = no\n");
    static const char variable[] = "CLIENTELE_SERVER_ID=variable";
    char config[4096];
    snprintf(config, sizeof(config), "CLIENTELE_CONFIG=%s", file);
    expect_server_id(folder, CLTI_TEST_WORDS("--config", file, "--server-id=flag"), CLTI_TEST_WORDS(variable),
                     "flag");
    expect_server_id(folder, CLTI_TEST_WORDS("--server-id=flag", "--config", file), NULL, "flag");
    expect_server_id(folder, CLTI_TEST_WORDS("--config", file), CLTI_TEST_WORDS(variable), "variable");
    expect_server_id(folder, CLTI_TEST_WORDS("--config", file), NULL, "file");
    expect_server_id(folder, NULL, CLTI_TEST_WORDS(config), "file");
    expect_server_id(folder, CLTI_TEST_WORDS("--config", file), CLTI_TEST_WORDS("CLIENTELE_SERVER_ID="),
                     "file");
}

/* ---- logs ---------------------------------------------------------------------------------------------- */

/* Wait for the line of a request; the caller's. */
static char *log_line(const clti_test_server *server, const char *part) {
    const struct timespec pause = {.tv_nsec = 10000000};
    for (int i = 0; i < 500; i++) {
        char *log = clti_test_errors(&server->process), *found = strstr(log, part);
        char *end = found ? strchr(found, '\n') : NULL;
        if (end) {
            while (found > log && found[-1] != '\n')
                found--;
            char *line = strndup(found, (size_t)(end - found));
            char *again = strstr(end, part);
            free(log);
            assert_null(again);
            return line;
        }
        free(log);
        nanosleep(&pause, NULL);
    }
    fail_msg("no line with %s", part);
    return NULL;
}

#define LOG_ID          "3705fc6d-4127-4a87-bdba-9658f73fe019"
#define LOG_CORRELATION "b12260fb-82de-4701-a25f-dcd367690645"

static void ask_for_log(scene *own) {
    const clti_test_response *response =
        clti_test_get(own->client, "/v1/customers?size=3",
                      CLTI_TEST_WORDS("MS-RequestId: " LOG_ID, "MS-CorrelationId: " LOG_CORRELATION));
    assert_int_equal(response->status, 200);
}

static void test_a_request_is_one_line_of_logfmt(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), CLTI_TEST_WORDS("--log-requests=true"));
    ask_for_log(&own);
    char *line = log_line(&own.server, "request_id=" LOG_ID);
    static const char *const fields[] = {
        " level=info ",      " method=GET ",  " path=/v1/customers ", " status=200 ",
        " bytes=",           " duration_us=", " request_id=" LOG_ID,  " correlation_id=" LOG_CORRELATION,
        " partner=" FABRIKAM};
    for (size_t i = 0; i < CLTI_COUNT(fields); i++)
        if (!strstr(line, fields[i]))
            fail_msg("no%s in %s", fields[i], line);
    assert_null(strstr(line, clti_test_client_token(own.client)));
    free(line);
    scene_close(&own);
}

static void test_a_request_is_one_line_of_JSON_when_told(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), CLTI_TEST_WORDS("--log-requests=true", "--log-format=json"));
    ask_for_log(&own);
    char *line = log_line(&own.server, LOG_ID);
    json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    if (!json)
        fail_msg("not JSON: %s", line);
    static const char *const texts[][2] = {{"level", "info"},
                                           {"method", "GET"},
                                           {"path", "/v1/customers"},
                                           {"request_id", LOG_ID},
                                           {"correlation_id", LOG_CORRELATION},
                                           {"partner", FABRIKAM}};
    for (size_t i = 0; i < CLTI_COUNT(texts); i++)
        assert_string_equal(clti_test_text_at(json, texts[i][0]), texts[i][1]);
    assert_int_equal(json_integer_value(clti_test_at(json, "status")), 200);
    assert_true(json_integer_value(clti_test_at(json, "bytes")) > 500);
    assert_true(json_integer_value(clti_test_at(json, "duration_us")) > 0);
    json_decref(json);
    free(line);
    scene_close(&own);
}

static void test_nothing_of_a_request_can_forge_a_log_line(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), CLTI_TEST_WORDS("--log-requests=true"));
    clti_test_get(own.client, "/forged%0Alevel=error\"%20status=1", CLTI_TEST_WORDS("MS-RequestId: " LOG_ID));
    char *line = log_line(&own.server, LOG_ID);
    assert_non_null(strstr(line, " status="));
    free(line);
    char *log = clti_test_errors(&own.server.process);
    assert_null(strstr(log, "\nlevel=error"));
    free(log);
    scene_close(&own);
}

static void test_no_request_is_logged_when_told(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), NULL);
    ask_for_log(&own);
    char *log = clti_test_errors(&own.server.process);
    assert_null(strstr(log, LOG_ID));
    free(log);
    scene_close(&own);
}

/* ---- stopping ------------------------------------------------------------------------------------------ */

static void test_SIGTERM_lets_a_request_in_flight_finish(void **state) {
    (void)state;
    static const char form[] =
        "grant_type=client_credentials&client_id=" FABRIKAM_APP "&client_secret=" CLTI_TEST_SECRET
        "&resource=https://api.partnercenter.microsoft.com";
    const struct timespec pause = {.tv_nsec = 300000000};
    char head[512], half[sizeof(form)];
    scene own = {0};
    scene_open(&own, scene_demo_store(), NULL);
    snprintf(head, sizeof(head),
             "POST /" FABRIKAM
             "/oauth2/token HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: %zu\r\nConnection: close\r\n\r\n",
             own.server.address, strlen(form));
    memcpy(half, form, sizeof(form));
    half[40] = '\0';
    int fd = clti_test_connect(&own.server);
    clti_test_write(fd, head);
    clti_test_write(fd, half);
    nanosleep(&pause, NULL);
    clti_test_server_ask_to_stop(&own.server);
    nanosleep(&pause, NULL);
    clti_test_write(fd, form + 40);
    char *answer = clti_test_read_all(fd);
    close(fd);
    if (strncmp(answer, "HTTP/1.1 200 ", 13) != 0 || !strstr(answer, "\"access_token\""))
        fail_msg("answered after SIGTERM: %s", answer);
    free(answer);
    clti_test_server_expect_stop(&own.server);
    clti_test_client_free(own.client);
}

static void test_SIGTERM_stops_at_once_when_connections_are_idle(void **state) {
    (void)state;
    scene own = {0};
    struct timespec before, after;
    scene_open(&own, scene_demo_store(), NULL);
    int idle = clti_test_connect(&own.server);
    assert_int_equal(clti_test_get(own.client, "/v1/customers?size=1", NULL)->status, 200);
    clock_gettime(CLOCK_MONOTONIC, &before);
    clti_test_server_stop(&own.server);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 5);
    close(idle);
    clti_test_client_free(own.client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_second_serve_on_a_folder_is_refused_and_the_first_goes_on),
        cmocka_unit_test(test_a_killed_server_leaves_the_folder_free_and_whole),
        cmocka_unit_test(test_the_demo_stays_on_loopback_unless_told),
        cmocka_unit_test(test_a_folder_without_store_is_refused_by_each_command),
        cmocka_unit_test(test_a_store_of_an_unknown_format_is_refused_and_left_alone),
        cmocka_unit_test(test_a_folder_without_permission_is_refused_with_that_word),
        cmocka_unit_test(test_a_second_init_is_refused_and_nothing_is_lost),
        cmocka_unit_test(test_an_unknown_setting_suggests_the_nearest_wherever_it_stands),
        cmocka_unit_test(test_a_setting_with_a_bad_value_is_refused_by_name),
        cmocka_unit_test(test_flags_go_before_variables_and_these_before_the_file),
        cmocka_unit_test(test_a_request_is_one_line_of_logfmt),
        cmocka_unit_test(test_a_request_is_one_line_of_JSON_when_told),
        cmocka_unit_test(test_nothing_of_a_request_can_forge_a_log_line),
        cmocka_unit_test(test_no_request_is_logged_when_told),
        cmocka_unit_test(test_SIGTERM_lets_a_request_in_flight_finish),
        cmocka_unit_test(test_SIGTERM_stops_at_once_when_connections_are_idle),
    };
    return cmocka_run_group_tests(tests, scene_group_setup, scene_group_teardown);
}
