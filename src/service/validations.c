#include "service/service_private.h"

/* ---- domains ------------------------------------------------------------------------------------------- */

bool clti_domains_check(const clti_service *service, clt_str name, clti_arena *arena, bool *out_taken,
                        clti_fault *fault) {
    clt_str rest, domain = name;
    clti_str_cut(name, '.', &rest);
    if (!rest.data) {
        /* A prefix alone, as some samples pass it (api.md 4.10). */
        domain = clti_arena_format(arena, "%.*s.onmicrosoft.com", CLTI_STR_ARGS(name));
        if (!domain.data)
            return clti_fault_no_memory(fault);
    }
    return clti_domain_is_valid(domain)
               ? clti_store_domain_is_taken(service->store, domain, out_taken, fault)
               : clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "Domain",
                                "The domain is not a DNS name such as contoso.onmicrosoft.com, or its first "
                                "label.");
}

/* ---- countries ----------------------------------------------------------------------------------------- */

bool clti_countries_get(clt_str iso2, const clti_country **out, clti_fault *fault) {
    for (size_t i = 0; i < iso2.size; i++)
        if ((iso2.data[i] | 0x20) < 'a' || (iso2.data[i] | 0x20) > 'z' || iso2.size != 2)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "Iso2Code",
                                  "A country's code has two letters, such as DE.");
    *out = clti_country_find(iso2);
    return *out ||
           clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, "Iso2Code", "There is no such country in ISO 3166-1.");
}

/* ---- addresses ----------------------------------------------------------------------------------------- */

bool clti_addresses_validate(clt_str body, clti_arena *arena, clti_address_validation *out,
                             clti_fault *fault) {
    clti_customer read;
    clti_problems problems = {0};
    if (!clti_wire_read_part(body, CLTI_PART_ADDRESS, arena, &read, &problems, fault))
        return false;
    *out = (clti_address_validation){.original = read.address, .suggested = read.address};
    if (problems.count == 0 && clti_str_is_empty(read.address.country))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "Country", "country is missing.");
    clti_address_check(&out->suggested, CLTI_ADDRESS_ALONE, &problems);
    if (clti_problems_none(&problems, &out->problem)) {
        const clti_country *country = clti_country_find(out->suggested.country);
        bool has_rules = country->postal || country->states;
        out->status = has_rules ? CLTI_ADDRESS_VERIFIED : CLTI_ADDRESS_NOT_VALIDATED;
        return true;
    }
    if (clti_fault_kind_of(out->problem.code)->http_status >= 500) {
        *fault = out->problem;
        return false;
    }
    out->status = CLTI_ADDRESS_NOT_FOUND;
    out->problem.code = CLTI_FAULT_INVALID_ADDRESS;
    return true;
}
