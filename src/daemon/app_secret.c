/* clienteled app secret: exchange an application's secret without a pause, with two valid at a time. */
#include "daemon/daemon_private.h"
#include "identity/identity.h"

#include <stdio.h>

typedef struct secret_request {
    const char *partner, *id, *secret;
    clt_guid application;
} secret_request;

static bool check(void *user, clti_fault *fault) {
    secret_request *request = user;
    if (!clti_flag_require("partner", request->partner, fault))
        return false;
    return clti_guid_parse(clti_str(request->id), &request->application) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "'%s' is not a GUID.", request->id);
}

static bool check_remove(void *user, clti_fault *fault) {
    const secret_request *request = user;
    return clti_flag_require("secret", request->secret, fault) && check(user, fault);
}

static bool find(clti_store *store, const secret_request *request, clti_arena *arena, clti_application *out,
                 clti_fault *fault) {
    clti_partner partner;
    bool found;
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, fault) ||
        !clti_store_application_find(store, partner.id, request->application, arena, out, &found, fault))
        return false;
    if (!found)
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "The partner has no such application.");
    return !out->is_public ||
           clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL, "The application is public: it has no secrets.");
}

static bool put(clti_store *store, const clti_application *application, clti_fault *fault) {
    const clti_change change = {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = application};
    return clti_change_apply(store, &change, "The partner does not exist any more.", fault);
}

/* ---- add ----------------------------------------------------------------------------------------------- */

/* A secret that nobody has seen is of no use, so what cannot be printed is taken back. */
static bool print_secret(clti_store *store, const clti_application *before, const clti_application *after,
                         clt_str secret, clti_fault *fault) {
    clti_secret_name names[2];
    const size_t count = clti_application_secrets(after, names);
    printf("secret       %.*s\nname         %s\n", CLTI_STR_ARGS(secret), names[count - 1].text);
    if (clti_output_finish())
        return true;
    return put(store, before, fault) && clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL,
                                                       "The secret could not be shown, so it was not added.");
}

static bool add_secret(clti_store *store, const secret_request *request, clti_arena *arena,
                       clti_fault *fault) {
    clti_application before, after;
    uint8_t sha256[CLTI_SHA256_SIZE];
    if (!find(store, request, arena, &before, fault))
        return false;
    after = before;
    clti_buf secret;
    clti_secret_make(&secret, sha256);
    bool ok = clti_buf_ok(&secret) || clti_fault_no_memory(fault);
    ok = ok && clti_application_add_secret(&after, sha256, fault) && put(store, &after, fault) &&
         print_secret(store, &before, &after, clti_buf_str(&secret), fault);
    if (secret.data)
        clti_wipe(secret.data, secret.size);
    clti_buf_done(&secret);
    return ok;
}

static int run_add(clti_store *store, clti_arena *arena, void *user) {
    clti_fault fault;
    return add_secret(store, user, arena, &fault) ? CLTI_EXIT_DONE : clti_fail(&fault);
}

/* ---- list, remove -------------------------------------------------------------------------------------- */

static int run_list(clti_store *store, clti_arena *arena, void *user) {
    clti_application application;
    clti_fault fault;
    if (!find(store, user, arena, &application, &fault))
        return clti_fail(&fault);
    clti_secret_name names[2];
    const size_t count = clti_application_secrets(&application, names);
    for (size_t i = 0; i < count; i++)
        puts(names[i].text);
    return CLTI_EXIT_DONE;
}

static int run_remove(clti_store *store, clti_arena *arena, void *user) {
    const secret_request *request = user;
    clti_application application;
    clti_fault fault;
    if (!find(store, request, arena, &application, &fault))
        return clti_fail(&fault);
    if (!clti_application_remove_secret(&application, clti_str(request->secret))) {
        clti_fault_set(&fault, CLTI_FAULT_NOT_FOUND, NULL,
                       "The application has no secret '%s'; `clienteled app secret list` names them.",
                       request->secret);
        return clti_fail(&fault);
    }
    if (!put(store, &application, &fault))
        return clti_fail(&fault);
    printf("%s removed\n", request->secret);
    return CLTI_EXIT_DONE;
}

/* ---- the group ----------------------------------------------------------------------------------------- */

static int run_command(clti_store_command command, size_t flag_count, int argc, char **argv) {
    secret_request request = {0};
    const clti_flag flags[] = {{"partner", "DOMAIN|GUID", "whose application it is", &request.partner},
                               {"secret", "NAME", "which, as `app secret list` names it", &request.secret}};
    command.line.arguments = "ID";
    command.line.flags = flags;
    command.line.flag_count = flag_count;
    command.line.setting_count = CLTI_CONFIG_COMMON_COUNT;
    command.line.operands = &request.id;
    command.line.operand_count = 1;
    return clti_store_command_run(&command, &request, argc, argv);
}

static int add(int argc, char **argv) {
    return run_command(
        (clti_store_command){.line = {.name = "app secret add",
                                      .about = "Give an application a second secret, shown this "
                                               "once. Both are valid until one is removed."},
                             .check = check,
                             .run = run_add},
        1, argc, argv);
}

static int list(int argc, char **argv) {
    return run_command(
        (clti_store_command){
            .line = {.name = "app secret list",
                     .about =
                         "List the names of an application's secrets, the oldest first; never a secret."},
            .check = check,
            .run = run_list},
        1, argc, argv);
}

static int remove_secret(int argc, char **argv) {
    return run_command(
        (clti_store_command){.line = {.name = "app secret remove",
                                      .about = "Remove a secret. It is refused at once; tokens "
                                               "that it was used for live on."},
                             .check = check_remove,
                             .run = run_remove},
        2, argc, argv);
}

int clti_command_app_secret(int argc, char **argv) {
    static const clti_command commands[] = {
        {"add", add, "a second secret"},
        {"list", list, "the names of its secrets"},
        {"remove", remove_secret, "remove a secret"},
    };
    const clti_command_group group = {.program = "clienteled app secret",
                                      .commands = commands,
                                      .count = CLTI_COUNT(commands),
                                      .closing = ""};
    return clti_command_dispatch(&group, argc, argv);
}
