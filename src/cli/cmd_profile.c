/* clientele profile: what login made. */
#include "cli/cmd_private.h"
#include "cli/profile_private.h"
#include "cli/session_private.h"
#include "cli/shown_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ---------------------------------------------------------------------------------------------- */

static const char *address_of(const clti_profile *profile) {
    const char *const *values = (const char *const *)profile->values;
    if (values[CLTI_PROFILE_BASE_URL])
        return values[CLTI_PROFILE_BASE_URL];
    return values[CLTI_PROFILE_CLOUD] ? values[CLTI_PROFILE_CLOUD] : clt_cloud_get(CLT_CLOUD_GLOBAL)->name;
}

static const char *state_of(const clti_profile *profile) {
    if (profile->values[CLTI_PROFILE_CLIENT_SECRET])
        return "App only";
    return profile->values[CLTI_PROFILE_REFRESH_TOKEN] || profile->values[CLTI_PROFILE_ACCESS_TOKEN]
               ? "App + User"
               : "signed out";
}

/* Columns: current, name, service, tenant, signed in as. */
#define COLUMNS 5
typedef const char *row[COLUMNS];

static void add_row(clti_bytes *out, const char *const *cells, const size_t *widths) {
    for (size_t i = 0; i < COLUMNS; i++) {
        bool is_last = i + 1 == COLUMNS;
        clti_shown_add(out, clti_view(cells[i]), is_last ? 0 : widths[i]);
        clti_bytes_add_text(out, is_last ? "\n" : "  ");
    }
}

static void print_profiles(const clti_profiles *profiles) {
    row *rows = clti_allocate((profiles->count + 1) * sizeof(*rows));
    size_t widths[COLUMNS] = {0};
    clti_bytes out = {0};
    memcpy(rows[0], (row){" ", "PROFILE", "SERVICE", "TENANT", "SIGNED IN"}, sizeof(row));
    for (size_t i = 0; i < profiles->count; i++) {
        const clti_profile *profile = &profiles->items[i];
        bool is_current = profiles->current && strcmp(profiles->current, profile->name) == 0;
        const char *tenant = profile->values[CLTI_PROFILE_TENANT];
        memcpy(rows[i + 1],
               (row){is_current ? "*" : " ", profile->name, address_of(profile), tenant ? tenant : "",
                     state_of(profile)},
               sizeof(row));
    }
    for (size_t i = 0; i <= profiles->count; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            size_t width = clti_shown_width(clti_view(rows[i][j]));
            widths[j] = width > widths[j] ? width : widths[j];
        }
    for (size_t i = 0; i <= profiles->count; i++)
        add_row(&out, rows[i], widths);
    fwrite(out.data, 1, out.size, stdout);
    clti_bytes_done(&out);
    free(rows);
}

static int list(const clti_invocation *invocation) {
    clti_profiles profiles = {0};
    (void)invocation;
    bool done = clti_profile_file_read(&profiles);
    if (done && profiles.count > 0)
        print_profiles(&profiles);
    else if (done)
        clti_complain("there is no profile yet; 'clientele login' makes one.");
    clti_profiles_done(&profiles);
    return done ? CLTI_EXIT_DONE : CLTI_EXIT_FAILED;
}

const clti_command clti_cmd_profile_list = {.name = "profile list",
                                            .about = "List the profiles; a star marks the current one",
                                            .examples = "  clientele profile list",
                                            .run = list};

/* ---- use, remove --------------------------------------------------------------------------------------- */

/* The profile that a command names. */
typedef struct named_profile {
    const char *name;
    bool is_unknown;
} named_profile;

static bool complain_unknown(const clti_profiles *profiles, named_profile *named) {
    const char *name = named->name;
    named->is_unknown = true;
    clti_guess guess = clti_guess_for(clti_view(name));
    for (size_t i = 0; i < profiles->count; i++)
        clti_guess_consider(&guess, profiles->items[i].name);
    if (guess.name)
        clti_complain("There is no profile '%s'; did you mean '%s'?", name, guess.name);
    else
        clti_complain("There is no profile '%s'; 'clientele profile list' shows which there are.", name);
    return false;
}

static bool make_current(void *user, clti_profiles *profiles) {
    named_profile *named = user;
    if (!clti_profiles_find(profiles, named->name))
        return complain_unknown(profiles, named);
    free(profiles->current);
    profiles->current = clti_copy(clti_view(named->name));
    return true;
}

static bool remove_one(void *user, clti_profiles *profiles) {
    named_profile *named = user;
    return clti_profiles_remove(profiles, named->name) || complain_unknown(profiles, named);
}

static int change(const clti_invocation *invocation, clti_profile_change how) {
    named_profile named = {.name = invocation->operands[0]};
    if (clti_profile_file_update(how, &named))
        return CLTI_EXIT_DONE;
    return named.is_unknown ? CLTI_EXIT_USAGE : CLTI_EXIT_FAILED;
}

static int use_profile(const clti_invocation *invocation) {
    return change(invocation, make_current);
}

static int remove_profile(const clti_invocation *invocation) {
    return change(invocation, remove_one);
}

const clti_command clti_cmd_profile_use = {.name = "profile use",
                                           .operands = "PROFILE",
                                           .operand_min = 1,
                                           .operand_max = 1,
                                           .about = "Make a profile the current one",
                                           .examples = "  clientele profile use contoso",
                                           .run = use_profile};

const clti_command clti_cmd_profile_remove = {.name = "profile remove",
                                              .operands = "PROFILE",
                                              .operand_min = 1,
                                              .operand_max = 1,
                                              .about = "Remove a profile with its secrets and tokens",
                                              .examples = "  clientele profile remove contoso",
                                              .run = remove_profile};
