/* What commands leave in the audit: what the contract names (api.md 3.9), and who ran them on this machine.
 */
#include "daemon/daemon_private.h"
#include "wire/wire.h"

#include <pwd.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)64 * 1024)

static bool keep(clti_buf *text, clti_arena *arena, clt_str *out, clti_fault *fault) {
    bool done = clti_buf_ok(text) && clti_arena_copy(arena, clti_buf_str(text), out);
    clti_buf_done(text);
    return done || clti_fault_no_memory(fault);
}

static void add_system_user(clti_buf *out) {
    const struct passwd *entry = getpwuid(getuid());
    if (entry)
        clti_json_add_string(out, clti_str(entry->pw_name));
    else
        clti_buf_add_format(out, "\"%lu\"", (unsigned long)getuid());
}

static bool begin(const char *command, clti_audit_operation operation, clt_guid partner, clt_guid resource,
                  clti_arena *arena, clti_audit_record *out, clti_fault *fault) {
    clti_buf customized;
    *out = (clti_audit_record){
        .partner = partner, .date = clti_now_ticks(), .operation = (uint8_t)operation, .resource = resource};
    clti_buf_init(&customized, TEXT_MAX);
    clti_buf_add_format(
        &customized,
        "[{\"key\":\"Command\",\"value\":\"clienteled %s\"},{\"key\":\"SystemUser\",\"value\":", command);
    add_system_user(&customized);
    clti_buf_add(&customized, CLTI_STR("}]"));
    return keep(&customized, arena, &out->customized, fault);
}

bool clti_audit_application(const char *command, clti_audit_operation operation,
                            const clti_application *application, clti_arena *arena, clti_audit_record *out,
                            clti_fault *fault) {
    clti_buf value;
    if (!begin(command, operation, application->partner, application->id, arena, out, fault))
        return false;
    clti_buf_init(&value, TEXT_MAX);
    clti_wire_render_audit_application(application, &value);
    return keep(&value, arena,
                operation == CLTI_AUDIT_REGISTER_APPLICATION ? &out->new_value : &out->old_value, fault);
}

bool clti_audit_relationship(const char *command, clt_guid provider, const clti_partner *reseller,
                             clti_arena *arena, clti_audit_record *out, clti_fault *fault) {
    clti_buf value;
    if (!begin(command, CLTI_AUDIT_CREATE_RELATIONSHIP, provider, reseller->id, arena, out, fault))
        return false;
    clti_buf_init(&value, TEXT_MAX);
    clti_wire_render_audit_relationship(reseller, &value);
    return keep(&value, arena, &out->new_value, fault);
}
