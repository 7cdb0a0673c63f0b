/* clientele whoami, version. */
#include "cli/claims_private.h"
#include "cli/cmd_private.h"
#include "cli/output_private.h"
#include "cli/session_private.h"
#include "cli/terminal_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct whoami_request {
    const char *output;
} whoami_request;

/* Name of the member, and as a person reads it. */
typedef struct fact {
    const char *name;
    const char *title;
    const char *value; /* NULL: not known */
} fact;

static void add_json(clti_bytes *out, const fact *facts, size_t count) {
    const char *separator = "";
    clti_bytes_add_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (!facts[i].value)
            continue;
        clti_bytes_add_format(out, "%s\"%s\":", separator, facts[i].name);
        clti_json_add(out, clti_view(facts[i].value));
        separator = ",";
    }
    clti_bytes_add_text(out, "}\n");
}

static void add_lines(clti_bytes *out, const fact *facts, size_t count) {
    clti_record record = {.width = clti_terminal_width(STDOUT_FILENO),
                          .has_colours = clti_terminal_has_colours(STDOUT_FILENO)};
    for (size_t i = 0; i < count; i++)
        if (facts[i].value && strlen(facts[i].title) > record.name_width)
            record.name_width = strlen(facts[i].title);
    for (size_t i = 0; i < count; i++)
        if (facts[i].value)
            clti_record_add(out, &record, clti_view(facts[i].title), clti_view(facts[i].value));
}

static char *format_time(uint64_t seconds) {
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[sizeof("2020-09-02T17:34:12Z") + 8];
    if (seconds == 0 || !gmtime_r(&time, &parts) || strftime(text, sizeof text, "%FT%TZ", &parts) == 0)
        return NULL;
    return clti_copy(clti_view(text));
}

static int print_facts(const clti_invocation *invocation, const clti_session *session,
                       const clt_token *token) {
    const whoami_request *request = invocation->request;
    clti_claims claims = {0};
    clti_bytes out = {0};
    bool is_read = clti_claims_read(token->access_token, &claims);
    char *base_url = clti_copy(clt_partner_base_url(session->partner));
    char *expires = format_time(claims.expires_at ? claims.expires_at : (uint64_t)token->expires_at);
    const char *kind = claims.has_user ? "App + User" : "App only";
    const fact facts[] = {
        {"user", "user", claims.user},
        {"application", "application", claims.application},
        {"tenant", "tenant", claims.tenant},
        {"kind", "kind of token", is_read ? kind : "unknown: the token does not say"},
        {"service", "service", base_url},
        {"issuer", "token from", claims.issuer},
        {"expires", "expires", expires},
        {"profile", "profile", session->is_stored ? session->profile->name : NULL},
    };
    if (clti_format_find(request->output, CLTI_FORMAT_TABLE) == CLTI_FORMAT_JSON)
        add_json(&out, facts, CLTI_COUNT(facts));
    else
        add_lines(&out, facts, CLTI_COUNT(facts));
    int code = clti_print(clti_bytes_view(&out));
    clti_bytes_done(&out);
    free(base_url);
    free(expires);
    clti_claims_done(&claims);
    return code;
}

static int whoami(const clti_invocation *invocation) {
    clti_session session;
    clt_token *token = NULL;
    clt_error *err = NULL;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE &&
        clt_partner_token(session.partner, &session.context, &token, &err) != CLT_OK)
        code = clti_session_fail(&session, err);
    if (code == CLTI_EXIT_DONE)
        code = print_facts(invocation, &session, token);
    clt_token_free(token);
    clti_session_close(&session);
    return code;
}

static const clti_option whoami_options[] = {{.name = "output",
                                              .letter = 'o',
                                              .argument = "FORMAT",
                                              .choices = "table|json",
                                              .help = "for people or for programs; default: table",
                                              .offset = offsetof(whoami_request, output)}};

const clti_command clti_cmd_whoami = {
    .name = "whoami",
    .about = "Tell who is signed in: user or application, tenant, service, expiry",
    .details = "Read from the token itself, which is renewed first if need be. It is not verified: only the "
               "service can do that.",
    .examples = "  clientele whoami\n"
                "  clientele whoami --output json | jq -r .tenant",
    .options = whoami_options,
    .option_count = CLTI_COUNT(whoami_options),
    .request_size = sizeof(whoami_request),
    .is_call = true,
    .run = whoami};

/* ---- version ------------------------------------------------------------------------------------------- */

static int version(const clti_invocation *invocation) {
    (void)invocation;
    printf("clientele %s\n", clt_version());
    return CLTI_EXIT_DONE;
}

const clti_command clti_cmd_version = {
    .name = "version", .about = "Print the version", .examples = "  clientele version", .run = version};
