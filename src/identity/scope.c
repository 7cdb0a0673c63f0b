/* What a token is for: `scope` of v2, `resource` of v1. */
#include "identity/identity_private.h"

#define SERVICE "https://api.partnercenter.microsoft.com"

static bool has_suffix(clt_str text, clt_str suffix, clt_str *out_before) {
    if (text.size <= suffix.size || !clti_str_equal(clti_str_from(text, text.size - suffix.size), suffix))
        return false;
    *out_before = (clt_str){text.data, text.size - suffix.size};
    return true;
}

/* MSAL for Java adds these even for applications, which have no use for them. */
static bool take_sign_in_scope(clt_str scope, clti_granted_scope *out) {
    if (clti_str_equal(scope, CLTI_STR("openid")))
        out->has_openid = true;
    else if (clti_str_equal(scope, CLTI_STR("offline_access")))
        out->has_offline = true;
    else
        return clti_str_equal(scope, CLTI_STR("profile")) || clti_str_equal(scope, CLTI_STR("email"));
    return true;
}

/* The audience of `X/.default` is X, so a slash at the end of X is doubled in the scope. */
bool clti_scope_read(const clti_identity *identity, clt_str text, bool for_user, clti_granted_scope *out) {
    *out = (clti_granted_scope){.audience = CLTI_STR(SERVICE),
                                .resource = CLTI_STR(SERVICE "/user_impersonation")};
    size_t count = 0;
    while (text.data != NULL) {
        const clt_str scope = clti_str_cut(text, ' ', &text);
        if (scope.size == 0 || take_sign_in_scope(scope, out))
            continue;
        out->resource = scope;
        if (++count > 1 ||
            !(has_suffix(scope, CLTI_STR("/.default"), &out->audience) ||
              (for_user && has_suffix(scope, CLTI_STR("/user_impersonation"), &out->audience))))
            return false;
    }
    return (for_user || count == 1) && clti_identity_serves_audience(identity, out->audience);
}
