#include "service/service_private.h"

static bool is_named(clt_str encoded, const char *name, clti_arena *arena) {
    clt_str decoded;
    return clti_url_decode(arena, encoded, CLTI_URL_QUERY, &decoded) &&
           clti_str_equal_nocase(decoded, clti_str(name));
}

bool clti_query_find(clt_str query, const char *name, clti_arena *arena, clt_str *out, clti_fault *fault) {
    clti_url_pair pair;
    clt_str found = {NULL, 0};
    for (clt_str rest = query; clti_url_next_pair(&rest, &pair);) {
        if (!is_named(pair.name, name, arena))
            continue;
        if (found.data)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, name, "The parameter %s is given twice.",
                                  name);
        if (!clti_url_decode(arena, pair.value.data ? pair.value : CLTI_STR(""), CLTI_URL_QUERY, &found))
            return clti_fault_set(
                fault, CLTI_FAULT_INVALID_QUERY, name,
                "The parameter %s has a percent sign that is not followed by two hexadecimal digits.", name);
    }
    *out = found;
    return true;
}
