/* clienteled app: the applications that may ask for tokens in the name of a partner. */
#include "daemon/daemon_private.h"
#include "identity/identity.h"
#include "wire/wire.h"

#include <stdio.h>
#include <string.h>

typedef struct app_request {
    const char *partner, *name, *id, *json, *is_public, *redirect_uris;
    clti_buf uris; /* one a line */
    clt_guid application;
} app_request;

/* ---- add ----------------------------------------------------------------------------------------------- */

/* No URI has a blank in it, so blanks can stand between them. */
static bool check_redirect_uris(app_request *request, clti_fault *fault) {
    clt_str rest = clti_str(request->redirect_uris);
    clti_buf_init(&request->uris, CLTI_REDIRECT_URIS_MAX);
    while (rest.data) {
        clt_str uri = clti_str_cut(rest, ' ', &rest);
        if (uri.size && !clti_redirect_uris_add(&request->uris, uri, fault))
            return false;
    }
    return true;
}

static bool check_add(void *user, clti_fault *fault) {
    app_request *request = user;
    if (!clti_flag_require("partner", request->partner, fault) ||
        !clti_label_check(clti_str(request->name), "--name", NULL, fault))
        return false;
    request->application = clti_guid_random();
    if (!check_redirect_uris(request, fault))
        return false;
    return !request->id || clti_flag_guid("id", request->id, &request->application, fault);
}

static bool create(clti_store *store, const clti_partner *partner, const clti_application *application,
                   clti_arena *arena, clti_fault *fault) {
    clti_audit_record audit;
    const clti_change change = {
        .kind = CLTI_CHANGE_APPLICATION_CREATE, .of.application = application, .audit = &audit};
    if (!clti_audit_application("app add", CLTI_AUDIT_REGISTER_APPLICATION, application, arena, &audit,
                                fault))
        return false;
    if (clti_change_apply(store, &change, NULL, fault))
        return true;
    if (fault->code == CLTI_FAULT_NOT_FOUND)
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "The partner does not exist any more.");
    if (fault->code == CLTI_FAULT_CONFLICT)
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL, "%.*s has an application %s already.",
                              CLTI_STR_ARGS(partner->domain), clti_guid_to_text(application->id).text);
    return false;
}

static bool take_out(clti_store *store, const char *command, const clti_application *application,
                     clti_arena *arena, clti_fault *fault) {
    clti_audit_record audit;
    const clti_change change = {.kind = CLTI_CHANGE_APPLICATION_DELETE,
                                .of.deleted_application = {application->partner, application->id},
                                .audit = &audit};
    return clti_audit_application(command, CLTI_AUDIT_UNREGISTER_APPLICATION, application, arena, &audit,
                                  fault) &&
           clti_change_apply(store, &change, "The partner has no such application.", fault);
}

/* A secret that nobody has seen is of no use, so what cannot be printed is taken back. */
static int print_secret(clti_store *store, const clti_partner *partner, const clti_application *application,
                        clt_str secret, clti_arena *arena) {
    clti_fault fault;
    printf("partner      %.*s\ntenant       %s\napplication  %s\n", CLTI_STR_ARGS(partner->domain),
           clti_guid_to_text(partner->id).text, clti_guid_to_text(application->id).text);
    if (!application->is_public)
        printf("secret       %.*s\n", CLTI_STR_ARGS(secret));
    if (clti_output_finish())
        return CLTI_EXIT_DONE;
    if (!take_out(store, "app add", application, arena, &fault))
        return clti_fail(&fault);
    fprintf(stderr, "clienteled: The secret could not be shown, so the application was not added.\n");
    return CLTI_EXIT_FAILED;
}

static int run_add(clti_store *store, clti_arena *arena, void *user) {
    const app_request *request = user;
    clti_partner partner;
    clti_fault fault;
    clti_buf secret = {0};
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault))
        return clti_fail(&fault);
    clti_application application = {.partner = partner.id,
                                    .id = request->application,
                                    .name = clti_str(request->name),
                                    .redirect_uris = clti_buf_str(&request->uris),
                                    .is_public = request->is_public != NULL};
    clti_secret_make(&secret, application.secret_sha256);
    if (application.is_public)
        memset(application.secret_sha256, 0, sizeof(application.secret_sha256));
    bool ok = clti_buf_ok(&secret) || clti_fault_no_memory(&fault);
    ok = ok && create(store, &partner, &application, arena, &fault);
    int code =
        ok ? print_secret(store, &partner, &application, clti_buf_str(&secret), arena) : clti_fail(&fault);
    if (secret.data)
        clti_wipe(secret.data, secret.size);
    clti_buf_done(&secret);
    return code;
}

static int add(int argc, char **argv) {
    app_request request = {0};
    const clti_flag flags[] = {
        {"partner", "DOMAIN|GUID", "the partner in whose name it asks for tokens", &request.partner},
        {"name", "TEXT", "how people call it", &request.name},
        {"id", "GUID", "its client id; default: a random one", &request.id},
        {"public", NULL, "it runs on its users' machines, so it has no secret", &request.is_public},
        {"redirect-uri", "URIS",
         "where codes may be sent: https, or http on loopback; several with blanks between them",
         &request.redirect_uris}};
    const clti_store_command command = {
        .line = {.name = "app add",
                 .about = "Add an application. Prints its partner, tenant, client id and secret. The secret "
                          "is shown this once: the store keeps only a hash of it.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .check = check_add,
        .run = run_add};
    int code = clti_store_command_run(&command, &request, argc, argv);
    clti_buf_done(&request.uris);
    return code;
}

/* ---- list ---------------------------------------------------------------------------------------------- */

/* The partner's domain, or its id if it went just now. */
static clt_str domain_of(const clti_partner *partners, size_t count, clt_guid id, clti_guid_text *room) {
    for (size_t i = 0; i < count; i++)
        if (clti_guid_equal(partners[i].id, id))
            return partners[i].domain;
    *room = clti_guid_to_text(id);
    return clti_str(room->text);
}

static void add_object(clti_buf *out, const clti_application *application, clt_str domain) {
    clti_buf_add_format(
        out, "{\"id\":\"%s\",\"partnerId\":\"%s\",\"partner\":", clti_guid_to_text(application->id).text,
        clti_guid_to_text(application->partner).text);
    clti_json_add_string(out, domain);
    if (!clti_str_is_empty(application->name)) {
        clti_buf_add(out, CLTI_STR(",\"name\":"));
        clti_json_add_string(out, application->name);
    }
    const char *between = "";
    clti_buf_add(out, CLTI_STR(",\"redirectUris\":["));
    for (clt_str rest = application->redirect_uris; rest.size; between = ",") {
        clti_buf_add(out, clti_str(between));
        clti_json_add_string(out, clti_str_cut(rest, '\n', &rest));
    }
    clti_buf_add_format(out, "],\"public\":%s,\"demo\":%s}\n", application->is_public ? "true" : "false",
                        application->is_demo ? "true" : "false");
}

static void add_row(clti_buf *out, const clti_application *application, clt_str domain, int width) {
    clti_buf_add_format(out, "%s  %-*.*s  ", clti_guid_to_text(application->id).text, width,
                        CLTI_STR_ARGS(domain));
    clti_buf_add(out, application->name);
    clti_buf_add_char(out, '\n');
}

static bool print_applications(clti_store *store, const clt_guid *partner, bool as_json, clti_arena *arena,
                               clti_fault *fault) {
    clti_partner *partners;
    clti_application *applications;
    size_t partner_count, count;
    clti_guid_text room;
    int width = (int)strlen("PARTNER");
    if (!clti_store_partners(store, arena, &partners, &partner_count, fault) ||
        !clti_store_applications(store, partner, arena, &applications, &count, fault))
        return false;
    for (size_t i = 0; i < partner_count; i++)
        width = (int)partners[i].domain.size > width ? (int)partners[i].domain.size : width;
    if (!as_json && count > 0)
        printf("%-36s  %-*s  %s\n", "APPLICATION", width, "PARTNER", "NAME");
    clti_buf line;
    clti_buf_init(&line, SIZE_MAX);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        clt_str domain = domain_of(partners, partner_count, applications[i].partner, &room);
        if (as_json)
            add_object(&line, &applications[i], domain);
        else
            add_row(&line, &applications[i], domain, width);
        ok = clti_output_add(&line, fault);
    }
    clti_buf_done(&line);
    return ok;
}

static int run_list(clti_store *store, clti_arena *arena, void *user) {
    const app_request *request = user;
    clti_partner partner = {0};
    clti_fault fault;
    if (request->partner && !clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault))
        return clti_fail(&fault);
    if (!print_applications(store, request->partner ? &partner.id : NULL, request->json != NULL, arena,
                            &fault))
        return clti_fail(&fault);
    return CLTI_EXIT_DONE;
}

static int list(int argc, char **argv) {
    app_request request = {0};
    const clti_flag flags[] = {{"partner", "DOMAIN|GUID", "only this partner's", &request.partner},
                               {"json", NULL,
                                "for programs: one JSON object a line, with id, partnerId, partner (its "
                                "domain), name, redirectUris, public, "
                                "demo",
                                &request.json}};
    const clti_store_command command = {
        .line = {.name = "app list",
                 .about = "List the applications, ordered by partner and client id; never a secret.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .run = run_list};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- remove -------------------------------------------------------------------------------------------- */

static bool check_remove(void *user, clti_fault *fault) {
    app_request *request = user;
    if (!clti_flag_require("partner", request->partner, fault))
        return false;
    return clti_guid_parse(clti_str(request->id), &request->application) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "'%s' is not a GUID.", request->id);
}

static int run_remove(clti_store *store, clti_arena *arena, void *user) {
    const app_request *request = user;
    clti_application held;
    clti_partner partner;
    bool found;
    clti_fault fault;
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault))
        return clti_fail(&fault);
    if (!clti_store_application_find(store, partner.id, request->application, arena, &held, &found, &fault))
        return clti_fail(&fault);
    if (!found) /* the store says so */
        held = (clti_application){.partner = partner.id, .id = request->application};
    if (!take_out(store, "app remove", &held, arena, &fault))
        return clti_fail(&fault);
    printf("%s of %.*s removed\n", clti_guid_to_text(request->application).text,
           CLTI_STR_ARGS(partner.domain));
    return CLTI_EXIT_DONE;
}

static int remove_application(int argc, char **argv) {
    app_request request = {0};
    const clti_flag flags[] = {{"partner", "DOMAIN|GUID", "whose application it is", &request.partner}};
    const clti_store_command command = {
        .line = {.name = "app remove",
                 .arguments = "ID",
                 .about = "Remove the application with this client id. Its tokens are refused at once.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &request.id,
                 .operand_count = 1},
        .check = check_remove,
        .run = run_remove};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- the group ----------------------------------------------------------------------------------------- */

int clti_command_app(int argc, char **argv) {
    static const clti_command commands[] = {
        {"add", add, "add an application and show its secret, once"},
        {"list", list, "list the applications"},
        {"remove", remove_application, "remove an application"},
        {"secret", clti_command_app_secret, "add, list and remove its secrets"},
    };
    const clti_command_group group = {.program = "clienteled app",
                                      .commands = commands,
                                      .count = CLTI_COUNT(commands),
                                      .closing = " A partner is named by its domain or tenant id."};
    return clti_command_dispatch(&group, argc, argv);
}
