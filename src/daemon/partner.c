/* clienteled partner: add, list, link. partner_set.c and partner_remove.c have the rest. */
#include "daemon/daemon_private.h"
#include "wire/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_POINTS 200
#define MPN_DIGITS_MAX  20
#define CULTURE_MAX     35

/* ---- add ----------------------------------------------------------------------------------------------- */

/** What the command line says. */
typedef struct partner_add_request {
    const char *domain, *name, *id, *sandbox, *strict, *mpn_id, *country, *culture, *throttle;
    clti_partner partner;
} partner_add_request;

static bool fail_flag(clti_fault *fault, const char *flag, const char *value, const char *wanted) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "--%s: '%s' is not %s.", flag, value,
                          wanted);
}

static bool is_digits(const char *text, size_t size_max) {
    size_t size = strspn(text, "0123456789");
    return size > 0 && size <= size_max && text[size] == '\0';
}

/* A language tag such as `de-DE` or `az-Latn-AZ`; whether such a culture exists is not looked at. */
static bool is_culture(clt_str text) {
    if (text.size > CULTURE_MAX)
        return false;
    for (clt_str rest = text; rest.data;) {
        clt_str part = clti_str_cut(rest, '-', &rest);
        if (part.size < 2 || part.size > 8)
            return false;
        for (size_t i = 0; i < part.size; i++)
            if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", part.data[i]))
                return false;
    }
    return true;
}

static bool check_place(const partner_add_request *request, clti_partner *out, clti_fault *fault) {
    const clti_country *country = NULL;
    if (request->country) {
        country = clti_country_find(clti_str(request->country));
        if (!country)
            return fail_flag(fault, "country", request->country, "a country's code of two letters");
        out->country = clti_str(country->iso2);
        out->culture = clti_country_culture(country);
    }
    if (request->culture) {
        if (!is_culture(clti_str(request->culture)))
            return fail_flag(fault, "culture", request->culture, "a culture such as de-DE");
        out->culture = clti_str(request->culture);
    }
    return true;
}

static bool check_name(clt_str name, clti_fault *fault) {
    size_t points;
    if (!clti_text_check(name, &points) || clti_text_has_control(name))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "--name must be valid UTF-8 without control characters.");
    if (clti_str_is_empty(clti_str_trim(name)) || points > NAME_MAX_POINTS)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "--name must have 1 to %d characters.", NAME_MAX_POINTS);
    return true;
}

static bool check_add(void *user, clti_fault *fault) {
    partner_add_request *request = user;
    clti_partner *partner = &request->partner;
    *partner = (clti_partner){.domain = clti_str(request->domain),
                              .name = clti_str(request->name ? request->name : request->domain),
                              .mpn_id = clti_str(request->mpn_id),
                              .is_sandbox = request->sandbox != NULL,
                              .is_strict = request->strict != NULL};
    if (!clti_domain_is_valid(partner->domain))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "'%s' is not a DNS name such as contoso.onmicrosoft.com.", request->domain);
    if (!check_name(partner->name, fault) || !check_place(request, partner, fault))
        return false;
    if (request->mpn_id && !is_digits(request->mpn_id, MPN_DIGITS_MAX))
        return fail_flag(fault, "mpn-id", request->mpn_id, "a number of 1 to 20 digits");
    if (partner->is_strict && !partner->is_sandbox)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "--strict is for sandboxes; give --sandbox as well.");
    if (request->throttle && !clti_flag_throttle(request->throttle, &partner->calls_per_minute, fault))
        return false;
    partner->id = clti_guid_random();
    return !request->id || clti_flag_guid("id", request->id, &partner->id, fault);
}

static bool refuse_existing(clti_store *store, const clti_partner *partner, clti_arena *arena,
                            clti_fault *fault) {
    clti_partner held;
    bool found;
    if (!clti_store_partner_find_domain(store, partner->domain, arena, &held, &found, fault))
        return false;
    if (found)
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                              "There is a partner %.*s already; its tenant is %s.",
                              CLTI_STR_ARGS(held.domain), clti_guid_to_text(held.id).text);
    if (!clti_store_partner_find(store, partner->id, arena, &held, &found, fault))
        return false;
    return !found || clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                                    "The tenant %s is that of the partner %.*s already.",
                                    clti_guid_to_text(held.id).text, CLTI_STR_ARGS(held.domain));
}

static int run_add(clti_store *store, clti_arena *arena, void *user) {
    const clti_partner *partner = &((partner_add_request *)user)->partner;
    const clti_change change = {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = partner};
    clti_fault fault;
    if (!refuse_existing(store, partner, arena, &fault) ||
        !clti_change_apply(store, &change, "Another partner has this domain.", &fault))
        return clti_fail(&fault);
    printf("partner      %.*s\ntenant       %s\n", CLTI_STR_ARGS(partner->domain),
           clti_guid_to_text(partner->id).text);
    return CLTI_EXIT_DONE;
}

static int add(int argc, char **argv) {
    partner_add_request request = {0};
    const clti_flag flags[] = {
        {"name", "TEXT", "how it is called; default: its domain", &request.name},
        {"id", "GUID", "its tenant id; default: a random one", &request.id},
        {"sandbox", NULL, "an integration sandbox: customers can be deleted", &request.sandbox},
        {"strict", NULL, "with --sandbox: the original's limit of 75 customers", &request.strict},
        {"mpn-id", "N", "its Microsoft Partner Network id, digits", &request.mpn_id},
        {"country", "CC", "its country, two letters of ISO 3166-1", &request.country},
        {"culture", "C", "its culture, such as de-DE; default: its country's", &request.culture},
        {"throttle", "N|default", CLTI_THROTTLE_HELP, &request.throttle}};
    const clti_store_command command = {.line = {.name = "partner add",
                                                 .arguments = "DOMAIN",
                                                 .about = "Add a partner. Prints its domain and tenant id.",
                                                 .flags = flags,
                                                 .flag_count = CLTI_COUNT(flags),
                                                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                                                 .operands = &request.domain,
                                                 .operand_count = 1},
                                        .check = check_add,
                                        .run = run_add};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- list ---------------------------------------------------------------------------------------------- */

typedef struct partner_list_request {
    const char *json;
} partner_list_request;

typedef struct partner_row {
    const clti_partner *partner;
    uint64_t customers;
    const clti_link *links;
    size_t link_count;
} partner_row;

static const char *kind_of(const clti_partner *partner) {
    if (!partner->is_sandbox)
        return "production";
    return partner->is_strict ? "strict" : "sandbox";
}

static void add_row(clti_buf *out, const partner_row *row, int width) {
    const clti_partner *partner = row->partner;
    clti_buf_add_format(out, "%-*.*s  %s  %9" PRIu64 "  %-10s  %-7.*s  ", width,
                        CLTI_STR_ARGS(partner->domain), clti_guid_to_text(partner->id).text, row->customers,
                        kind_of(partner), CLTI_STR_ARGS(partner->country));
    clti_buf_add(out, partner->name);
    clti_buf_add_char(out, '\n');
}

static void add_member(clti_buf *out, const char *name, clt_str value) {
    if (clti_str_is_empty(value))
        return;
    clti_buf_add_format(out, ",\"%s\":", name);
    clti_json_add_string(out, value);
}

/* Who stands at the other end of the links in which the partner is provider, or reseller. */
static void add_links(clti_buf *out, const char *name, const partner_row *row, bool as_provider) {
    const char *separator = "";
    clti_buf_add_format(out, ",\"%s\":[", name);
    for (size_t i = 0; i < row->link_count; i++) {
        const clti_link *link = &row->links[i];
        if (clti_guid_equal(link->provider, row->partner->id) != as_provider)
            continue;
        clti_buf_add_format(out, "%s\"%s\"", separator,
                            clti_guid_to_text(as_provider ? link->reseller : link->provider).text);
        separator = ",";
    }
    clti_buf_add_char(out, ']');
}

static void add_object(clti_buf *out, const partner_row *row) {
    const clti_partner *partner = row->partner;
    clti_buf_add_format(out, "{\"id\":\"%s\"", clti_guid_to_text(partner->id).text);
    add_member(out, "domain", partner->domain);
    add_member(out, "name", partner->name);
    add_member(out, "country", partner->country);
    add_member(out, "culture", partner->culture);
    add_member(out, "mpnId", partner->mpn_id);
    clti_buf_add_format(out, ",\"sandbox\":%s,\"strict\":%s,\"customers\":%" PRIu64,
                        partner->is_sandbox ? "true" : "false", partner->is_strict ? "true" : "false",
                        row->customers);
    if (partner->calls_per_minute)
        clti_buf_add_format(out, ",\"throttle\":%" PRId64,
                            partner->calls_per_minute > 0 ? partner->calls_per_minute : 0);
    add_links(out, "resellers", row, true);
    add_links(out, "providers", row, false);
    clti_buf_add(out, CLTI_STR("}\n"));
}

static bool read_row(clti_store *store, const clti_partner *partner, clti_arena *arena, partner_row *out,
                     clti_fault *fault) {
    clti_partner_state state;
    clti_link *links;
    *out = (partner_row){.partner = partner};
    if (!clti_store_partner_state(store, partner->id, &state, fault) ||
        !clti_store_links(store, partner->id, arena, &links, &out->link_count, fault))
        return false;
    out->customers = state.count;
    out->links = links;
    return true;
}

static bool print_partners(clti_store *store, clti_arena *arena, bool as_json, clti_fault *fault) {
    clti_partner *partners;
    size_t count;
    int width = (int)strlen("DOMAIN");
    if (!clti_store_partners(store, arena, &partners, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        width = (int)partners[i].domain.size > width ? (int)partners[i].domain.size : width;
    if (!as_json && count > 0)
        printf("%-*s  %-36s  %9s  %-10s  %-7s  %s\n", width, "DOMAIN", "TENANT", "CUSTOMERS", "KIND",
               "COUNTRY", "NAME");
    clti_buf line;
    clti_buf_init(&line, SIZE_MAX);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        partner_row row;
        ok = read_row(store, &partners[i], arena, &row, fault);
        if (ok && as_json)
            add_object(&line, &row);
        else if (ok)
            add_row(&line, &row, width);
        ok = ok && clti_output_add(&line, fault);
    }
    clti_buf_done(&line);
    return ok;
}

static int run_list(clti_store *store, clti_arena *arena, void *user) {
    const partner_list_request *request = user;
    clti_fault fault;
    return print_partners(store, arena, request->json != NULL, &fault) ? CLTI_EXIT_DONE : clti_fail(&fault);
}

static int list(int argc, char **argv) {
    partner_list_request request = {0};
    const clti_flag flags[] = {
        {"json", NULL,
         "for programs: one JSON object a line, with id, domain, name, country, culture, mpnId, sandbox, "
         "strict, customers, throttle, resellers, providers",
         &request.json}};
    const clti_store_command command = {
        .line = {.name = "partner list",
                 .about =
                     "List the partners, ordered by tenant id, with the number of customers that each lists.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .run = run_list};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- link ---------------------------------------------------------------------------------------------- */

typedef struct partner_link_request {
    const char *provider, *reseller;
} partner_link_request;

static bool check_link(void *user, clti_fault *fault) {
    const partner_link_request *request = user;
    return clti_flag_require("provider", request->provider, fault) &&
           clti_flag_require("reseller", request->reseller, fault);
}

static bool is_linked(clti_store *store, const clti_link *link, clti_arena *arena, bool *out,
                      clti_fault *fault) {
    clti_link *links;
    size_t count;
    *out = false;
    if (!clti_store_links(store, link->provider, arena, &links, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        *out |= clti_guid_equal(links[i].provider, link->provider) &&
                clti_guid_equal(links[i].reseller, link->reseller);
    return true;
}

/* What is there already leaves no second audit record. */
static bool put_link(clti_store *store, const clti_partner *provider, const clti_partner *reseller,
                     clti_arena *arena, clti_fault *fault) {
    clti_audit_record audit;
    bool is_there;
    const clti_change change = {
        .kind = CLTI_CHANGE_LINK_PUT, .of.link = {provider->id, reseller->id}, .audit = &audit};
    if (!is_linked(store, &change.of.link, arena, &is_there, fault))
        return false;
    return is_there ||
           (clti_audit_relationship("partner link", provider->id, reseller, arena, &audit, fault) &&
            clti_change_apply(store, &change, "One of the two partners does not exist any more.", fault));
}

static int run_link(clti_store *store, clti_arena *arena, void *user) {
    const partner_link_request *request = user;
    clti_partner provider, reseller;
    clti_fault fault;
    if (!clti_partner_named(store, clti_str(request->provider), arena, &provider, &fault) ||
        !clti_partner_named(store, clti_str(request->reseller), arena, &reseller, &fault))
        return clti_fail(&fault);
    if (clti_guid_equal(provider.id, reseller.id)) {
        clti_fault_set(&fault, CLTI_FAULT_CONFLICT, NULL, "%.*s cannot be its own indirect reseller.",
                       CLTI_STR_ARGS(provider.domain));
        return clti_fail(&fault);
    }
    if (!put_link(store, &provider, &reseller, arena, &fault))
        return clti_fail(&fault);
    printf("provider     %.*s\nreseller     %.*s\n", CLTI_STR_ARGS(provider.domain),
           CLTI_STR_ARGS(reseller.domain));
    return CLTI_EXIT_DONE;
}

static int link_partners(int argc, char **argv) {
    partner_link_request request = {0};
    const clti_flag flags[] = {
        {"provider", "DOMAIN|GUID", "the indirect provider", &request.provider},
        {"reseller", "DOMAIN|GUID", "the partner that sells through it", &request.reseller}};
    const clti_store_command command = {
        .line = {.name = "partner link",
                 .about = "Make one partner an indirect reseller of another. Twice is the same as once.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .check = check_link,
        .run = run_link};
    return clti_store_command_run(&command, &request, argc, argv);
}

/* ---- the group ----------------------------------------------------------------------------------------- */

int clti_command_partner(int argc, char **argv) {
    static const clti_command commands[] = {
        {"add", add, "add a partner"},
        {"list", list, "list the partners"},
        {"set", clti_command_partner_set, "change a partner's throttle"},
        {"remove", clti_command_partner_remove, "remove a partner with its applications and customers"},
        {"link", link_partners, "make one partner an indirect reseller of another"},
    };
    const clti_command_group group = {.program = "clienteled partner",
                                      .commands = commands,
                                      .count = CLTI_COUNT(commands),
                                      .closing = " A partner is named by its domain or tenant id."};
    return clti_command_dispatch(&group, argc, argv);
}
