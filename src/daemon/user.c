/* clienteled user: the people who sign in for a partner. */
#include "daemon/daemon_private.h"
#include "daemon/password_private.h"
#include "identity/identity.h"
#include "wire/wire.h"

#include <qrencode.h>
#include <stdio.h>
#include <string.h>

typedef struct user_request {
    const char *name, *roles, *display_name, *id, *password_file, *totp, *no_totp, *partner, *json;
    clt_guid user;
    uint8_t role_set;
} user_request;

#define ROLES_HELP "AdminAgents, SalesAgents, HelpdeskAgents; several with commas between them"

/* ---- what several do ----------------------------------------------------------------------------------- */

static bool check_roles(user_request *request, clti_fault *fault) {
    clt_str rest = clti_str(request->roles);
    while (rest.data) {
        clt_str role = clti_str_trim(clti_str_cut(rest, ',', &rest));
        if (!clti_role_add(role, &request->role_set))
            return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                                  "--roles: '%.*s' is no role; there are " ROLES_HELP ".",
                                  CLTI_STR_ARGS(role));
    }
    return true;
}

/* The name in lower case, and the partner that its domain names. */
static bool find_partner(clti_store *store, const char *text, clti_arena *arena, clt_str *out_name,
                         clti_partner *out, clti_fault *fault) {
    bool found;
    if (!clti_user_name_read(clti_str(text), arena, out_name))
        return clti_fault_set(
            fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
            "'%s' is no user name: it is NAME@DOMAIN in ASCII, at most %d characters, with a "
            "partner's domain.",
            text, CLTI_USER_NAME_MAX);
    const clt_str domain = clti_user_name_domain(*out_name);
    if (!clti_store_partner_find_domain(store, domain, arena, out, &found, fault))
        return false;
    return found ||
           clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL,
                          "There is no partner '%.*s' in this store; a user's domain is the partner's.",
                          CLTI_STR_ARGS(domain));
}

static bool find_user(clti_store *store, const char *text, clti_arena *arena, clti_user *out,
                      clti_fault *fault) {
    clti_partner partner;
    clt_str name;
    bool found;
    if (!find_partner(store, text, arena, &name, &partner, fault) ||
        !clti_store_user_find(store, partner.id, name, arena, out, &found, fault))
        return false;
    return found ||
           clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "There is no user '%.*s'.", CLTI_STR_ARGS(name));
}

static bool put(clti_store *store, const clti_user *user, clti_fault *fault) {
    const clti_change change = {.kind = CLTI_CHANGE_USER_PUT, .of.user = user};
    return clti_change_apply(store, &change, "The partner does not exist any more.", fault);
}

static bool set_password(const user_request *request, clti_arena *arena, clti_user *user, clti_fault *fault) {
    clti_buf password;
    const bool ok = clti_password_read(request->password_file, &password, fault) &&
                    clti_user_set_password(user, clti_buf_str(&password), clti_now_seconds(), arena, fault);
    clti_password_done(&password);
    return ok;
}

/* Two rows of the code in one line of text, by half blocks, light on dark, with a margin. */
static void print_qr_code(const char *text) {
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    if (!code)
        return; /* the URI says the same */
    const int width = code->width;
    for (int y = -2; y < width + 2; y += 2) {
        for (int x = -2; x < width + 2; x++) {
            bool dark[2];
            for (int i = 0; i < 2; i++) {
                bool inside = x >= 0 && x < width && y + i >= 0 && y + i < width;
                dark[i] = inside && (code->data[(y + i) * width + x] & 1);
            }
            fputs(dark[0] ? (dark[1] ? " " : "\u2584") : (dark[1] ? "\u2580" : "\u2588"), stdout);
        }
        putchar('\n');
    }
    QRcode_free(code);
}

static void print_totp(const clti_totp *totp) {
    printf("\nSecond factor, for an authenticator app; shown now, and on the page at the first "
           "sign-in:\n\n%s\n\n",
           totp->uri.data);
    print_qr_code(totp->uri.data);
}

static bool create(clti_store *store, const clti_user *user, const char *id, clti_fault *fault) {
    const clti_change change = {.kind = CLTI_CHANGE_USER_CREATE, .of.user = user};
    if (clti_change_apply(store, &change, NULL, fault))
        return true;
    if (fault->code == CLTI_FAULT_NOT_FOUND)
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "The partner does not exist any more.");
    if (fault->code == CLTI_FAULT_CONFLICT)
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL, "There is a user '%.*s'%s%s already.",
                              CLTI_STR_ARGS(user->name), id ? ", or one with the id " : "", id ? id : "");
    return false;
}

/* ---- add ----------------------------------------------------------------------------------------------- */

static bool check_add(void *data, clti_fault *fault) {
    user_request *request = data;
    if (!clti_flag_require("roles", request->roles, fault) || !check_roles(request, fault) ||
        !clti_label_check(clti_str(request->display_name), "--display-name", NULL, fault))
        return false;
    request->user = clti_guid_random();
    return !request->id || clti_flag_guid("id", request->id, &request->user, fault);
}

static bool add_user(clti_store *store, const user_request *request, clti_arena *arena, clti_fault *fault) {
    clti_partner partner;
    clti_user user = {
        .id = request->user, .roles = request->role_set, .display_name = clti_str(request->display_name)};
    clti_totp totp;
    if (!find_partner(store, request->name, arena, &user.name, &partner, fault))
        return false;
    user.partner = partner.id;
    if (!set_password(request, arena, &user, fault) ||
        (request->totp && !clti_totp_make(user.name, arena, &totp, fault)))
        return false;
    if (request->totp)
        user.totp_secret = totp.secret;
    user.is_enrolling = request->totp != NULL;
    if (!create(store, &user, request->id, fault))
        return false;
    printf("user     %.*s\nid       %s\ntenant   %s\n", CLTI_STR_ARGS(user.name),
           clti_guid_to_text(user.id).text, clti_guid_to_text(partner.id).text);
    if (request->totp)
        print_totp(&totp);
    return true;
}

static int run_add(clti_store *store, clti_arena *arena, void *data) {
    clti_fault fault;
    return add_user(store, data, arena, &fault) ? CLTI_EXIT_DONE : clti_fail(&fault);
}

static int add(int argc, char **argv) {
    user_request request = {0};
    const clti_flag flags[] = {
        {"roles", "LIST", ROLES_HELP, &request.roles},
        {"display-name", "TEXT", "how people call the user", &request.display_name},
        {"id", "GUID", "object id; default: a random one", &request.id},
        {"password-file", "FILE", "take the password from its first line; -: standard input; default: ask",
         &request.password_file},
        {"totp", NULL, "with a second factor: shows its URI and QR code for an authenticator app",
         &request.totp}};
    const clti_store_command command = {
        .line = {.name = "user add",
                 .arguments = "NAME",
                 .about =
                     "Add a user. NAME is NAME@DOMAIN with the domain of the partner. The password is asked "
                     "for; the store keeps only a hash of it.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &request.name,
                 .operand_count = 1},
        .check = check_add,
        .run = run_add};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- list ---------------------------------------------------------------------------------------------- */

static void add_roles(clti_buf *out, uint8_t roles, const char *quote) {
    const char *between = "";
    for (size_t i = 0; i < CLTI_ROLE_COUNT; i++) {
        if (roles & 1U << i) {
            clti_buf_add_format(out, "%s%s%s%s", between, quote, clti_role_name(i), quote);
            between = ",";
        }
    }
}

static void add_object(clti_buf *out, const clti_user *user) {
    clti_buf_add_format(out,
                        "{\"id\":\"%s\",\"partnerId\":\"%s\",\"name\":", clti_guid_to_text(user->id).text,
                        clti_guid_to_text(user->partner).text);
    clti_json_add_string(out, user->name);
    if (!clti_str_is_empty(user->display_name)) {
        clti_buf_add(out, CLTI_STR(",\"displayName\":"));
        clti_json_add_string(out, user->display_name);
    }
    clti_buf_add(out, CLTI_STR(",\"roles\":["));
    add_roles(out, user->roles, "\"");
    clti_buf_add_format(out, "],\"secondFactor\":%s,\"disabled\":%s,\"demo\":%s}\n",
                        user->totp_secret.data ? "true" : "false", user->is_disabled ? "true" : "false",
                        user->is_demo ? "true" : "false");
}

static void add_row(clti_buf *out, const clti_user *user, int width) {
    clti_buf_add_format(out, "%-*.*s  %-8s  %-6s  ", width, CLTI_STR_ARGS(user->name),
                        user->is_disabled ? "disabled" : "active", user->totp_secret.data ? "totp" : "-");
    add_roles(out, user->roles, "");
    clti_buf_add_char(out, '\n');
}

static bool print_users(clti_store *store, const clt_guid *partner, bool as_json, clti_arena *arena,
                        clti_fault *fault) {
    clti_user *users;
    size_t count;
    int width = (int)strlen("USER");
    if (!clti_store_users(store, partner, arena, &users, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        width = (int)users[i].name.size > width ? (int)users[i].name.size : width;
    if (!as_json && count > 0)
        printf("%-*s  %-8s  %-6s  %s\n", width, "USER", "STATE", "SECOND", "ROLES");
    clti_buf line;
    clti_buf_init(&line, SIZE_MAX);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        if (as_json)
            add_object(&line, &users[i]);
        else
            add_row(&line, &users[i], width);
        ok = clti_output_add(&line, fault);
    }
    clti_buf_done(&line);
    return ok;
}

static int run_list(clti_store *store, clti_arena *arena, void *data) {
    const user_request *request = data;
    clti_partner partner = {0};
    clti_fault fault;
    if (request->partner && !clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault))
        return clti_fail(&fault);
    return print_users(store, request->partner ? &partner.id : NULL, request->json != NULL, arena, &fault)
               ? CLTI_EXIT_DONE
               : clti_fail(&fault);
}

static int list(int argc, char **argv) {
    user_request request = {0};
    const clti_flag flags[] = {
        {"partner", "DOMAIN|GUID", "only this partner's", &request.partner},
        {"json", NULL,
         "for programs: one JSON object a line, with id, partnerId, name, displayName, roles, secondFactor, "
         "disabled, demo",
         &request.json}};
    const clti_store_command command = {
        .line = {.name = "user list",
                 .about = "List the users, ordered by partner and name; never a password or second factor.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .run = run_list};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- disable, enable, remove --------------------------------------------------------------------------- */

static int set_disabled(clti_store *store, clti_arena *arena, const user_request *request, bool disabled) {
    clti_user user;
    clti_fault fault;
    if (!find_user(store, request->name, arena, &user, &fault))
        return clti_fail(&fault);
    user.is_disabled = disabled;
    user.valid_from = clti_now_seconds();
    if (!put(store, &user, &fault))
        return clti_fail(&fault);
    printf("%.*s %s\n", CLTI_STR_ARGS(user.name), disabled ? "disabled" : "enabled");
    return CLTI_EXIT_DONE;
}

static int run_disable(clti_store *store, clti_arena *arena, void *data) {
    return set_disabled(store, arena, data, true);
}

static int run_enable(clti_store *store, clti_arena *arena, void *data) {
    return set_disabled(store, arena, data, false);
}

static int run_remove(clti_store *store, clti_arena *arena, void *data) {
    const user_request *request = data;
    clti_user user;
    clti_fault fault;
    if (!find_user(store, request->name, arena, &user, &fault))
        return clti_fail(&fault);
    const clti_change change = {.kind = CLTI_CHANGE_USER_DELETE,
                                .of.deleted_user = {user.partner, user.name}};
    if (!clti_change_apply(store, &change, "There is no such user any more.", &fault))
        return clti_fail(&fault);
    printf("%.*s removed\n", CLTI_STR_ARGS(user.name));
    return CLTI_EXIT_DONE;
}

static int on_one_user(const char *name, const char *about,
                       int (*run)(clti_store *store, clti_arena *arena, void *data), int argc, char **argv) {
    user_request request = {0};
    const clti_store_command command = {.line = {.name = name,
                                                 .arguments = "NAME",
                                                 .about = about,
                                                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                                                 .operands = &request.name,
                                                 .operand_count = 1},
                                        .run = run};
    return clti_store_command_run(&command, &request, argc, argv);
}

static int disable(int argc, char **argv) {
    return on_one_user("user disable", "Let a user in no more. Tokens given out are refused at once.",
                       run_disable, argc, argv);
}

static int enable(int argc, char **argv) {
    return on_one_user("user enable", "Let a disabled user in again, who has to sign in anew.", run_enable,
                       argc, argv);
}

static int remove_user(int argc, char **argv) {
    return on_one_user("user remove", "Remove a user. Tokens given out are refused at once.", run_remove,
                       argc, argv);
}

/* ---- reset --------------------------------------------------------------------------------------------- */

static bool check_reset(void *data, clti_fault *fault) {
    user_request *request = data;
    if (request->totp && request->no_totp)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "--totp and --no-totp exclude each other.");
    return check_roles(request, fault);
}

static bool reset_user(clti_store *store, const user_request *request, clti_arena *arena, clti_fault *fault) {
    clti_user user;
    clti_totp totp;
    const bool something_else = request->totp || request->no_totp || request->roles;
    if (!find_user(store, request->name, arena, &user, fault))
        return false;
    if ((request->password_file || !something_else) && !set_password(request, arena, &user, fault))
        return false;
    if (request->totp && !clti_totp_make(user.name, arena, &totp, fault))
        return false;
    if (request->roles)
        user.roles = request->role_set;
    if (request->totp || request->no_totp) {
        user.totp_secret = request->totp ? totp.secret : (clt_str){NULL, 0};
        user.is_enrolling = request->totp != NULL;
    }
    user.valid_from = clti_now_seconds();
    if (!put(store, &user, fault))
        return false;
    printf("%.*s reset\n", CLTI_STR_ARGS(user.name));
    if (request->totp)
        print_totp(&totp);
    return true;
}

static int run_reset(clti_store *store, clti_arena *arena, void *data) {
    clti_fault fault;
    return reset_user(store, data, arena, &fault) ? CLTI_EXIT_DONE : clti_fail(&fault);
}

static int reset(int argc, char **argv) {
    user_request request = {0};
    const clti_flag flags[] = {
        {"password-file", "FILE", "take the new password from its first line; -: standard input",
         &request.password_file},
        {"totp", NULL, "a new second factor: shows its URI and QR code", &request.totp},
        {"no-totp", NULL, "without second factor from now on", &request.no_totp},
        {"roles", "LIST", "other roles: " ROLES_HELP, &request.roles}};
    const clti_store_command command = {
        .line = {.name = "user reset",
                 .arguments = "NAME",
                 .about =
                     "Give a user a new password, which is asked for, or, as the flags say, a new second "
                     "factor or other roles. Tokens given out are refused at once.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &request.name,
                 .operand_count = 1},
        .check = check_reset,
        .run = run_reset};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- the group ----------------------------------------------------------------------------------------- */

int clti_command_user(int argc, char **argv) {
    static const clti_command commands[] = {
        {"add", add, "add a user with a password and roles"},
        {"list", list, "list the users"},
        {"disable", disable, "let a user in no more"},
        {"enable", enable, "let a disabled user in again"},
        {"reset", reset, "new password, second factor or roles"},
        {"remove", remove_user, "remove a user"},
    };
    const clti_command_group group = {.program = "clienteled user",
                                      .commands = commands,
                                      .count = CLTI_COUNT(commands),
                                      .closing = " A user is named NAME@DOMAIN, with the partner's domain."};
    return clti_command_dispatch(&group, argc, argv);
}
