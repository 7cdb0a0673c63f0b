#include "model/qualification.h"

static const struct {
    const char *word, *name;
} kinds[CLTI_QUALIFICATION_COUNT] = {
    [CLTI_QUALIFICATION_NONE] = {"none", "None"},
    [CLTI_QUALIFICATION_EDUCATION] = {"education", "Education"},
    [CLTI_QUALIFICATION_NONPROFIT] = {"nonprofit", "Nonprofit"},
    [CLTI_QUALIFICATION_GOVERNMENT] = {"government_community_cloud", "GovernmentCommunityCloud"},
    [CLTI_QUALIFICATION_STATE_OWNED] = {"state_owned_entity", "StateOwnedEntity"},
};

const char *clti_qualification_word(int64_t kind) {
    clti_assert(kind >= 0 && kind < CLTI_QUALIFICATION_COUNT);
    return kinds[kind].word;
}

const char *clti_qualification_name(int64_t kind) {
    clti_assert(kind >= 0 && kind < CLTI_QUALIFICATION_COUNT);
    return kinds[kind].name;
}

bool clti_qualification_find(clt_str word, int64_t *out) {
    for (size_t i = 0; i < CLTI_QUALIFICATION_COUNT; i++) {
        if (clti_str_equal_word(word, clti_str(kinds[i].word))) {
            *out = (int64_t)i;
            return true;
        }
    }
    return false;
}
