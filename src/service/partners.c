#include "service/service_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- the organization itself --------------------------------------------------------------------------- */

bool clti_organization_get(const clti_service *service, const clti_caller *caller, clti_arena *arena,
                           clti_partner *out, clti_fault *fault) {
    bool found;
    if (!clti_store_partner_find(service->store, caller->partner, arena, out, &found, fault))
        return false;
    /* It was removed after its token had been verified. */
    return found || clti_fault_set(fault, CLTI_FAULT_ACCESS_DENIED, NULL, NULL);
}

/* ---- relationships ------------------------------------------------------------------------------------- */

typedef enum relationship_types {
    TYPE_RESELLER_OF = 1, /* the caller is a reseller: its providers */
    TYPE_PROVIDER_OF = 2, /* the caller is a provider: its resellers */
    TYPE_ANY = TYPE_RESELLER_OF | TYPE_PROVIDER_OF
} relationship_types;

/* As documented, as Java sends it, or the swagger's number (api.md 4.14). */
static bool read_type(clt_str text, relationship_types *out, clti_fault *fault) {
    static const struct {
        const char *words[3];
        relationship_types type;
    } types[] = {
        {{"none", "", "0"}, TYPE_ANY},
        {{"IsIndirectResellerOf", "is_indirect_reseller_of", "1"}, TYPE_RESELLER_OF},
        {{"IsIndirectCloudSolutionProviderOf", "is_indirect_cloud_solution_provider_of", "2"},
         TYPE_PROVIDER_OF},
    };
    for (size_t i = 0; i < CLTI_COUNT(types); i++) {
        for (size_t j = 0; j < CLTI_COUNT(types[i].words); j++) {
            if (clti_str_equal_nocase(text, clti_str(types[i].words[j]))) {
                *out = types[i].type;
                return true;
            }
        }
    }
    return clti_fault_set(fault, CLTI_FAULT_INVALID_ENUM, "relationship_type",
                          "The parameter relationship_type must be IsIndirectCloudSolutionProviderOf or "
                          "IsIndirectResellerOf.");
}

/* A relationship with what it is sorted and searched by. */
typedef struct relationship {
    clti_relationship_item item;
    clt_str fold;
} relationship;

static int compare(const void *a, const void *b) {
    const relationship *left = a, *right = b;
    int order = clti_str_compare(left->fold, right->fold);
    return order ? order : memcmp(&left->item.partner.id, &right->item.partner.id, sizeof(clt_guid));
}

static bool matches(clt_str fold, const clti_filter *filter, clt_str wanted) {
    return filter->op == CLTI_FILTER_EQUALS ? wanted.size && clti_str_equal(fold, wanted)
                                            : clti_str_starts_with(fold, wanted);
}

/* Adds the partner if it is there and its name fits. */
static bool add_partner(const clti_service *service, clt_guid id, const clti_filter *filter, clt_str wanted,
                        clti_arena *arena, relationship *rows, size_t *count, clti_fault *fault) {
    relationship *row = &rows[*count];
    bool found;
    if (!clti_store_partner_find(service->store, id, arena, &row->item.partner, &found, fault))
        return false;
    if (!found)
        return true;
    if (!clti_fold_text(arena, row->item.partner.name, &row->fold))
        return clti_fault_no_memory(fault);
    *count += matches(row->fold, filter, wanted);
    return true;
}

static bool take_items(const relationship *rows, size_t count, clti_arena *arena, clti_relationship_list *out,
                       clti_fault *fault) {
    out->count = count;
    out->items = clti_arena_calloc(arena, count + 1, sizeof(*out->items));
    if (!out->items)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++)
        out->items[i] = rows[i].item;
    return true;
}

static bool list_partners(const clti_service *service, clt_guid caller, relationship_types types,
                          const clti_filter *filter, clti_arena *arena, clti_relationship_list *out,
                          clti_fault *fault) {
    clti_link *links;
    size_t link_count, count = 0;
    clt_str wanted;
    if (!clti_store_links(service->store, caller, arena, &links, &link_count, fault))
        return false;
    relationship *rows = clti_arena_calloc(arena, link_count + 1, sizeof(*rows));
    if (!rows || !clti_fold_text(arena, filter->value, &wanted))
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < link_count; i++) {
        bool is_provider = clti_guid_equal(links[i].provider, caller);
        if (!(types & (is_provider ? TYPE_PROVIDER_OF : TYPE_RESELLER_OF)))
            continue;
        rows[count].item.is_provider_of = is_provider;
        if (!add_partner(service, is_provider ? links[i].reseller : links[i].provider, filter, wanted, arena,
                         rows, &count, fault))
            return false;
    }
    qsort(rows, count, sizeof(*rows), compare);
    return take_items(rows, count, arena, out, fault);
}

bool clti_relationships_list(const clti_service *service, const clti_caller *caller, clt_str query,
                             clti_arena *arena, clti_relationship_list *out, clti_fault *fault) {
    clt_str type, json;
    relationship_types types = TYPE_ANY;
    clti_filter filter = {.op = CLTI_FILTER_STARTS_WITH, .value = CLTI_STR("")};
    *out = (clti_relationship_list){.is_whole = true};
    if (!clti_query_find(query, "relationship_type", arena, &type, fault) ||
        !clti_query_find(query, "filter", arena, &json, fault) || !read_type(type, &types, fault))
        return false;
    if (!clti_str_is_empty(json) && !clti_wire_read_relationship_filter(json, arena, &filter, fault))
        return false;
    return list_partners(service, caller->partner, types, &filter, arena, out, fault);
}

bool clti_customers_relationships(const clti_service *service, const clti_caller *caller, clt_str id_text,
                                  clti_arena *arena, clti_relationship_list *out, clti_fault *fault) {
    clti_customer customer;
    bool found = false;
    if (!clti_customers_get(service, caller, id_text, arena, &customer, fault))
        return false;
    *out = (clti_relationship_list){.items = clti_arena_calloc(arena, 1, sizeof(*out->items))};
    if (!out->items)
        return clti_fault_no_memory(fault);
    out->items->is_provider_of = true;
    if (!clti_guid_is_absent(customer.associated_partner_id) &&
        !clti_store_partner_find(service->store, customer.associated_partner_id, arena, &out->items->partner,
                                 &found, fault))
        return false;
    out->count = found;
    return true;
}

/* ---- relationship requests ----------------------------------------------------------------------------- */

#define URL_MAX 4096

/* Adds `&name=guid` if the query has it. */
static bool add_partner_id(clt_str query, const char *name, clti_arena *arena, clti_buf *url,
                           clti_fault *fault) {
    clt_str text;
    clt_guid id;
    if (!clti_query_find(query, name, arena, &text, fault))
        return false;
    if (clti_str_is_empty(text))
        return true;
    if (!clti_guid_parse(text, &id))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, name,
                              "The parameter %s must be the GUID of a partner.", name);
    clti_buf_add_format(url, "&%s=%s", name, clti_guid_to_text(id).text);
    return true;
}

static bool add_flag(clt_str query, const char *name, clti_arena *arena, clti_buf *url, clti_fault *fault) {
    clt_str text;
    if (!clti_query_find(query, name, arena, &text, fault))
        return false;
    bool is_true = clti_str_equal_nocase(text, CLTI_STR("true"));
    if (!clti_str_is_empty(text) && !is_true && !clti_str_equal_nocase(text, CLTI_STR("false")))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, name,
                              "The parameter %s must be true or false.", name);
    if (is_true)
        clti_buf_add_format(url, "&%s=true", name);
    return true;
}

bool clti_relationship_request_get(const clti_caller *caller, clt_str base_url, clt_str query,
                                   clti_arena *arena, clt_str *out_url, clti_fault *fault) {
    clti_buf url;
    clti_buf_init(&url, URL_MAX);
    clti_buf_add(&url, base_url);
    clti_buf_add_format(&url,
                        "/partner-invitation?invType=ResellerRelationship&partnerId=%s&msppId=0&DAP=false",
                        clti_guid_to_text(caller->partner).text);
    bool done = add_partner_id(query, "indirectCloudSolutionProviderId", arena, &url, fault) &&
                add_partner_id(query, "indirectResellerId", arena, &url, fault) &&
                add_flag(query, "dualRoleIndirectRelationship", arena, &url, fault);
    if (done && (!clti_buf_ok(&url) || !clti_arena_copy(arena, clti_buf_str(&url), out_url)))
        done = clti_fault_no_memory(fault);
    clti_buf_done(&url);
    return done;
}

bool clti_relationship_request_partner(const clti_service *service, clt_str query, clti_arena *arena,
                                       clti_partner *out, bool *out_found, clti_fault *fault) {
    clt_str text;
    clt_guid id;
    if (!clti_query_find(query, "partnerId", arena, &text, fault))
        return false;
    *out_found = false;
    return !clti_guid_parse(text, &id) ||
           clti_store_partner_find(service->store, id, arena, out, out_found, fault);
}
