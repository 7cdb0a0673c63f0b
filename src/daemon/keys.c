/* clienteled keys: the keys that sign tokens, and their succession. */
#include "daemon/daemon_private.h"
#include "identity/identity.h"
#include "wire/wire.h"

#include <stdio.h>
#include <string.h>

typedef struct keys_request {
    const char *id, *now, *json;
} keys_request;

/* Day and second; none for a time that never comes. */
static clti_time_text time_text(int64_t seconds) {
    clti_time_text text = {"-"};
    if (seconds == INT64_MAX)
        return text;
    text = clti_ticks_to_text(CLTI_TICKS_OF_1970 + seconds * CLTI_TICKS_PER_SECOND);
    char *fraction = strchr(text.text, '.');
    if (fraction)
        memcpy(fraction, "Z", 2);
    return text;
}

/* ---- list ---------------------------------------------------------------------------------------------- */

static void add_object(clti_buf *out, const clti_key_state_at *key) {
    clti_buf_add(out, CLTI_STR("{\"id\":"));
    clti_json_add_string(out, key->id);
    clti_buf_add_format(out, ",\"state\":\"%s\",\"created\":\"%s\",\"signsFrom\":\"%s\"",
                        clti_key_state_name(key->state), time_text(key->created).text,
                        time_text(key->signs_from).text);
    if (key->verifies_until != INT64_MAX)
        clti_buf_add_format(out, ",\"verifiesUntil\":\"%s\"", time_text(key->verifies_until).text);
    clti_buf_add(out, CLTI_STR("}\n"));
}

static void add_row(clti_buf *out, const clti_key_state_at *key) {
    clti_buf_add_format(out, "%-43.*s  %-8s  %s  %s\n", CLTI_STR_ARGS(key->id),
                        clti_key_state_name(key->state), time_text(key->signs_from).text,
                        time_text(key->verifies_until).text);
}

static bool print_keys(clti_store *store, bool as_json, clti_arena *arena, clti_fault *fault) {
    clti_key_state_at *keys;
    size_t count;
    if (!clti_identity_key_states(store, clti_now_seconds(), arena, &keys, &count, fault))
        return false;
    clti_buf lines;
    clti_buf_init(&lines, SIZE_MAX);
    if (!as_json)
        clti_buf_add_format(&lines, "%-43s  %-8s  %-20s  %s\n", "KEY", "STATE", "SIGNS FROM",
                            "VERIFIES UNTIL");
    for (size_t i = 0; i < count; i++) {
        if (as_json)
            add_object(&lines, &keys[i]);
        else
            add_row(&lines, &keys[i]);
    }
    const bool ok = clti_output_add(&lines, fault);
    clti_buf_done(&lines);
    return ok;
}

static int run_list(clti_store *store, clti_arena *arena, void *data) {
    const keys_request *request = data;
    clti_fault fault;
    return print_keys(store, request->json != NULL, arena, &fault) ? CLTI_EXIT_DONE : clti_fail(&fault);
}

static int list(int argc, char **argv) {
    keys_request request = {0};
    const clti_flag flags[] = {
        {"json", NULL,
         "for programs: one JSON object a line, with id, state, created, signsFrom, verifiesUntil",
         &request.json}};
    const clti_store_command command = {
        .line = {.name = "keys list",
                 .about = "List the keys that sign tokens, the newest first, and what each does: waits until "
                          "it signs, signs, verifies until the last token that it signed has expired, or is "
                          "retired. Never a private key.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .run = run_list};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- rotate, remove ------------------------------------------------------------------------------------ */

static int run_rotate(clti_store *store, clti_arena *arena, void *data) {
    const keys_request *request = data;
    clti_fault fault;
    return clti_identity_rotate_keys(store, clti_now_seconds(), request->now != NULL, arena, &fault) &&
                   print_keys(store, false, arena, &fault)
               ? CLTI_EXIT_DONE
               : clti_fail(&fault);
}

static int rotate(int argc, char **argv) {
    keys_request request = {0};
    const clti_flag flags[] = {
        {"now", NULL, "it signs at once; one that waits already takes the place of a new one", &request.now}};
    const clti_store_command command = {
        .line = {.name = "keys rotate",
                 .about =
                     "Let a new key follow the one that signs tokens. It is published at once and signs a "
                     "quarter of an hour later; tokens of the old one are good until they expire. A running "
                     "server goes by it at once, and no request fails.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .run = run_rotate};
    return clti_store_command_run(&command, &request, argc, argv);
}

static int run_remove(clti_store *store, clti_arena *arena, void *data) {
    const keys_request *request = data;
    clti_fault fault;
    if (!clti_identity_remove_key(store, clti_str(request->id), clti_now_seconds(), arena, &fault))
        return clti_fail(&fault);
    printf("%s removed\n", request->id);
    return CLTI_EXIT_DONE;
}

static int remove_key(int argc, char **argv) {
    keys_request request = {0};
    const clti_store_command command = {
        .line = {.name = "keys remove",
                 .arguments = "ID",
                 .about = "Remove a key, for when it has come into wrong hands. Tokens that it signed are "
                          "refused at once. An ID that begins with - comes behind --.",
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &request.id,
                 .operand_count = 1},
        .run = run_remove};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- the group ----------------------------------------------------------------------------------------- */

int clti_command_keys(int argc, char **argv) {
    static const clti_command commands[] = {
        {"list", list, "list the keys that sign tokens"},
        {"rotate", rotate, "let a new key follow"},
        {"remove", remove_key, "remove a key, and with it the tokens that it signed"},
    };
    const clti_command_group group = {
        .program = "clienteled keys", .commands = commands, .count = CLTI_COUNT(commands), .closing = ""};
    return clti_command_dispatch(&group, argc, argv);
}
