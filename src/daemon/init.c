#include "daemon/daemon_private.h"
#include "daemon/demo_data_private.h"
#include "daemon/import_private.h"
#include "identity/identity.h"

#include <stdio.h>

/* Published on purpose: whoever reads the manual may use it, so the server stays on loopback while it is
 * valid. */
#define DEMO_SECRET   "demo-secret-not-for-production"
#define DEMO_PASSWORD "demo-password-not-for-production"

/* One for all partners: the dashboard, and the command line, whose default it is (cmd_login.c). At any port.
 */
#define DEMO_PUBLIC_APPLICATION "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
#define DEMO_REDIRECT_URIS                                                                                   \
    "http://localhost\n"                                                                                     \
    "http://localhost/\n"                                                                                    \
    "http://127.0.0.1\n"                                                                                     \
    "http://127.0.0.1/\n"                                                                                    \
    "http://[::1]/\n"                                                                                        \
    "https://localhost/\n"                                                                                   \
    "https://127.0.0.1/\n"                                                                                   \
    "https://[::1]/"

typedef struct demo_partner {
    const char *domain, *name, *tenant, *application, *country, *culture;
} demo_partner;

/* Two, so that isolation shows. */
static const demo_partner demo_partners[] = {
    {"fabrikam.example", "Fabrikam", "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40",
     "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60", "US", "en-US"},
    {"northwind.example", "Northwind", "c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4",
     "6a7b8c9d-0e1f-4a2b-9c3d-4e5f60718293", "US", "en-US"},
};

typedef struct demo_user {
    const char *name, *display_name;
    uint8_t role;
} demo_user;

static const demo_user demo_users[] = {
    {"admin@fabrikam.example", "Demo admin", CLTI_ROLE_ADMIN_AGENTS},
    {"helpdesk@fabrikam.example", "Demo helpdesk", CLTI_ROLE_HELPDESK_AGENTS},
};

/* All or, on failure, none of what the caller keeps: the store appears only when it is whole. */
static bool apply_all(clti_store *store, const clti_change *changes, clti_outcome *outcomes, size_t count,
                      const char *what, clti_fault *fault) {
    if (!clti_store_apply(store, changes, count, outcomes, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!outcomes[i].done)
            return clti_fault_set(fault, outcomes[i].refusal, NULL, "The demo's %s was refused.", what);
    return true;
}

/* Their ids follow from their names, so that every demo has the same. */
static bool add_demo_users(clti_store *store, clti_fault *fault) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_user users[CLTI_COUNT(demo_users)];
    clti_change changes[CLTI_COUNT(demo_users)];
    clti_outcome outcomes[CLTI_COUNT(demo_users)];
    for (size_t i = 0; i < CLTI_COUNT(demo_users); i++) {
        users[i] = (clti_user){.name = clti_str(demo_users[i].name),
                               .display_name = clti_str(demo_users[i].display_name),
                               .roles = demo_users[i].role,
                               .is_demo = true};
        clti_assert(clti_guid_parse(clti_str(demo_partners[0].tenant), &users[i].partner));
        users[i].id = clti_guid_from_name(users[i].partner, users[i].name);
        if (!clti_password_hash(CLTI_STR(DEMO_PASSWORD), &arena, &users[i].password_hash, fault))
            return false;
        changes[i] = (clti_change){.kind = CLTI_CHANGE_USER_PUT, .of.user = &users[i]};
    }
    return apply_all(store, changes, outcomes, CLTI_COUNT(demo_users), "users", fault);
}

static bool add_demo_partner(clti_store *store, const demo_partner *demo, clti_fault *fault) {
    clti_partner partner = {.domain = clti_str(demo->domain),
                            .name = clti_str(demo->name),
                            .country = clti_str(demo->country),
                            .culture = clti_str(demo->culture),
                            .is_sandbox = true};
    clti_application application = {.name = CLTI_STR("Demo"), .is_demo = true};
    clti_assert(clti_guid_parse(clti_str(demo->tenant), &partner.id));
    clti_assert(clti_guid_parse(clti_str(demo->application), &application.id));
    application.partner = partner.id;
    clti_sha256(CLTI_STR(DEMO_SECRET), application.secret_sha256);
    clti_application public_application = {.partner = partner.id,
                                           .name = CLTI_STR("Dashboard and command line"),
                                           .redirect_uris = CLTI_STR(DEMO_REDIRECT_URIS),
                                           .is_public = true,
                                           .is_demo = true};
    clti_assert(clti_guid_parse(CLTI_STR(DEMO_PUBLIC_APPLICATION), &public_application.id));
    const clti_change changes[] = {
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner},
        {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &application},
        {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &public_application}};
    clti_outcome outcomes[CLTI_COUNT(changes)];
    return apply_all(store, changes, outcomes, CLTI_COUNT(changes), "partner", fault);
}

static bool add_demo_customers(clti_store *store, const demo_partner *demo, clt_str csv, clti_fault *fault) {
    clti_import_summary summary;
    clt_guid partner;
    clti_assert(clti_guid_parse(clti_str(demo->tenant), &partner));
    if (!clti_import_bytes(store, partner, csv, &summary, fault))
        return false;
    printf("%s: %llu customers\n", demo->domain, (unsigned long long)summary.added);
    return summary.refused == 0 ||
           clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "Demo customers were refused.");
}

static bool fill(clti_store *store, bool demo, clti_fault *fault) {
    if (!clti_identity_make_key(store, clti_now_seconds(), fault))
        return false;
    const clt_str customers[] = {clti_demo_companies(), clti_demo_northwind()};
    for (size_t i = 0; demo && i < CLTI_COUNT(demo_partners); i++)
        if (!add_demo_partner(store, &demo_partners[i], fault) ||
            !add_demo_customers(store, &demo_partners[i], customers[i], fault))
            return false;
    return !demo || add_demo_users(store, fault);
}

static void print_result(clt_str place, bool demo) {
    printf("A new store is in %.*s.\n", CLTI_STR_ARGS(place));
    if (!demo)
        return;
    for (size_t i = 0; i < CLTI_COUNT(demo_partners); i++)
        printf("\n  partner      %s\n  tenant       %s\n  application  %s\n  secret       %s\n",
               demo_partners[i].domain, demo_partners[i].tenant, demo_partners[i].application, DEMO_SECRET);
    printf("\n  application  %s (public: dashboard and command line)\n", DEMO_PUBLIC_APPLICATION);
    for (size_t i = 0; i < CLTI_COUNT(demo_users); i++)
        printf("\n  user         %s\n  password     %s\n", demo_users[i].name, DEMO_PASSWORD);
}

int clti_command_init(int argc, char **argv) {
    const char *demo = NULL;
    const clti_flag flags[] = {{"demo", NULL,
                                "fill it with two partners, 28,073 real companies and 40 made-up ones as "
                                "their customers, and two users",
                                &demo}};
    const clti_command_line line = {
        .name = "init",
        .about = "Make a new, empty store: in a folder (--data), or in a database (--store) that "
                 "'clienteled migrate' has prepared.",
        .flags = flags,
        .flag_count = CLTI_COUNT(flags),
        .setting_count = CLTI_CONFIG_COMMON_COUNT};
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_settings settings;
    clti_store *store = NULL;
    clt_str place;
    clti_fault fault;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE) {
        clti_store_options options = clti_config_store_options(&settings);
        bool ok = clti_store_place(&options, &arena, &place, &fault) &&
                  clti_store_create(&options, &store, &fault) && fill(store, demo != NULL, &fault) &&
                  clti_store_commit_new(&store, &fault);
        clti_store_close(store);
        if (ok)
            print_result(place, demo != NULL);
        else
            clti_complain(&fault);
        code = ok ? CLTI_EXIT_DONE : CLTI_EXIT_FAILED;
    }
    clti_settings_done(&settings);
    return code;
}
