/* What partners are shown of themselves and of each other (api.md 3.7, 3.8, 4.18). */
#include "wire/wire_private.h"

void clti_wire_render_relationship_request(clt_str url, clti_buf *out) {
    clti_buf_add(out, CLTI_STR("{\"url\":"));
    clti_json_add_string(out, url);
    clti_buf_add(out, CLTI_STR(",\"attributes\":{\"objectType\":\"RelationshipRequest\"}}"));
}

static void add_relationship(clti_buf *out, const clti_relationship_item *item, bool is_whole) {
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", item->partner.id);
    clti_json_add_text(out, "name", item->partner.name);
    clti_json_add_text(out, "relationshipType",
                       item->is_provider_of ? CLTI_STR("is_indirect_cloud_solution_provider_of")
                                            : CLTI_STR("is_indirect_reseller_of"));
    if (is_whole)
        clti_json_add_text(out, "state", CLTI_STR("Active"));
    clti_json_add_text(out, "mpnId", item->partner.mpn_id);
    if (is_whole)
        clti_json_add_text(out, "location", item->partner.country);
    clti_json_add_type(out, "PartnerRelationship");
    clti_json_end(out, '}');
}

void clti_wire_render_relationships(const clti_relationship_list *list, clti_buf *out) {
    clti_buf_add_format(out, "{\"totalCount\":%zu,\"items\":[", list->count);
    for (size_t i = 0; i < list->count; i++)
        add_relationship(out, &list->items[i], list->is_whole);
    clti_json_end(out, ']');
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"Collection\"}}"));
}

void clti_wire_render_organization(const clti_partner *partner, clti_buf *out) {
    const size_t start = out->size;
    clt_str rest;
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", partner->id);
    clti_json_add_text(out, "companyName", partner->name);
    /* Always an object: a client reads its country without looking first. */
    clti_buf_add(out, CLTI_STR("\"defaultAddress\":{"));
    clti_json_add_text(out, "country", partner->country);
    clti_json_end(out, '}');
    clti_json_add_guid(out, "tenantId", partner->id);
    clti_json_add_text(out, "domain", partner->domain);
    clti_json_add_text(out, "language", clti_str_cut(partner->culture, '-', &rest));
    clti_json_add_text(out, "culture", partner->culture);
    clti_buf_add(out, CLTI_STR("\"profileType\":\"OrganizationProfile\","));
    if (!clti_buf_ok(out))
        return;
    uint64_t hash = clti_hash64(CLTI_HASH64_START, (clt_str){out->data + start, out->size - start});
    clti_buf_add(out, CLTI_STR("\"links\":{\"self\":{\"uri\":\"/profiles/organization\",\"method\":\"GET\","
                               "\"headers\":[]}},"));
    clti_buf_add_format(out, "\"attributes\":{\"etag\":\"%lld\",\"objectType\":\"OrganizationProfile\"}}",
                        (long long)(int64_t)hash);
}
