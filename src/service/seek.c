/* The parameter seekOperation, which says where a page lies (api.md 6.1). */
#include "service/service_private.h"

bool clti_seek_parse(clt_str text, clti_seek *out, clti_fault *fault) {
    static const struct {
        const char *word, *number;
        clti_seek seek;
    } operations[] = {{"next", "0", CLTI_SEEK_NEXT},
                      {"previous", "1", CLTI_SEEK_PREVIOUS},
                      {"first", "2", CLTI_SEEK_FIRST},
                      {"last", "3", CLTI_SEEK_LAST}};
    *out = CLTI_SEEK_ABSENT;
    if (text.size == 0)
        return true;
    for (size_t i = 0; i < CLTI_COUNT(operations); i++) {
        if (clti_str_equal_nocase(text, clti_str(operations[i].word)) ||
            clti_str_equal(text, clti_str(operations[i].number))) {
            *out = operations[i].seek;
            return true;
        }
    }
    return clti_fault_set(
        fault, CLTI_FAULT_INVALID_QUERY, "seekOperation",
        "The parameter seekOperation must be Next, Previous, First or Last; this list is read with "
        "continuation tokens, so there is no PageIndex.");
}

bool clti_seek_may_begin(clti_seek seek, bool has_size, clti_fault *fault) {
    if (seek == CLTI_SEEK_ABSENT || seek == CLTI_SEEK_FIRST || (seek == CLTI_SEEK_LAST && has_size))
        return true;
    return clti_fault_set(
        fault, CLTI_FAULT_INVALID_QUERY, "seekOperation",
        "The parameter seekOperation needs the header MS-ContinuationToken with the token of a "
        "page that was read before%s.",
        seek == CLTI_SEEK_LAST ? ", or the parameter size" : "");
}

bool clti_seek_may_go_on(clti_seek seek, bool is_backwards, clti_fault *fault) {
    if (seek == CLTI_SEEK_FIRST || seek == CLTI_SEEK_LAST || is_backwards == (seek == CLTI_SEEK_PREVIOUS))
        return true;
    /* Turning round would give the same page again and again: better to say so. */
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "seekOperation",
                          "This MS-ContinuationToken goes with seekOperation=%s; each of links.next and "
                          "links.previous has a token of its own.",
                          is_backwards ? "Previous" : "Next");
}
