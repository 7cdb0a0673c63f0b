/* How a failed call is told: what failed, why, what to do next, and the ids to ask the service's people with.
 */
#include "cli/session_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int clti_exit_code(clt_status status) {
    switch (status) {
    case CLT_OK:
        return CLTI_EXIT_DONE;
    case CLT_ERR_UNAUTHORIZED:
        return CLTI_EXIT_NOT_SIGNED_IN;
    case CLT_ERR_NOT_FOUND:
        return CLTI_EXIT_NOT_FOUND;
    case CLT_ERR_TOO_MANY_REQUESTS:
        return CLTI_EXIT_THROTTLED;
    case CLT_ERR_CANCELLED:
        return CLTI_EXIT_INTERRUPTED;
    case CLT_ERR_ARGUMENT:
        return CLTI_EXIT_USAGE;
    default:
        return CLTI_EXIT_FAILED;
    }
}

/* It is the path that is not there, not what it names. */
#define CODE_NO_SUCH_PATH "1000"

/* Of what a service says, so much is worth reading. */
#define TEXT_MAX   2000
#define DETAIL_MAX 20

static void add_text(clti_bytes *line, clt_str text) {
    size_t size = text.size < TEXT_MAX ? text.size : TEXT_MAX;
    while (size < text.size && size > 0 && ((unsigned char)text.data[size] & 0xC0u) == 0x80u)
        size--;
    clti_bytes_add(line, (clt_str){text.data, size});
    clti_bytes_add_text(line, size < text.size ? " ..." : "");
}

/* `404 not found, code 60003`; without an answer only the category. */
static void add_category(clti_bytes *line, const clt_error *err) {
    if (err->http_status > 0)
        clti_bytes_add_format(line, "%d ", err->http_status);
    clti_bytes_add_text(line, clt_status_name(err->status));
    if (err->service_code.size > 0) {
        clti_bytes_add_text(line, ", code ");
        add_text(line, err->service_code);
    }
    if (err->attempt_count > 1)
        clti_bytes_add_format(line, ", %d attempts", err->attempt_count);
}

/* Cut at the first sentence's end: a stop with a blank and a capital letter behind it. */
static clt_str cut_sentence(clt_str text, clt_str *rest) {
    for (size_t i = 0; i + 2 < text.size; i++)
        if (text.data[i] == '.' && text.data[i + 1] == ' ' && text.data[i + 2] >= 'A' &&
            text.data[i + 2] <= 'Z') {
            *rest = (clt_str){text.data + i + 2, text.size - i - 2};
            return (clt_str){text.data, i + 1};
        }
    *rest = (clt_str){NULL, 0};
    return text;
}

static bool is_named(clt_str text, clt_str member) {
    return member.size == 0 || (text.data && memmem(text.data, text.size, member.data, member.size));
}

static void tell_problem(clt_str problem) {
    clti_bytes line = {0};
    add_text(&line, problem);
    clti_complain("  %s", line.data ? line.data : "");
    clti_bytes_done(&line);
}

/* Several things are wrong with what was sent: a line for each, whether the message names it or not. */
static void tell_problems(const clt_error *err) {
    size_t told = 0;
    for (clt_str rest = err->message; rest.data && told < DETAIL_MAX; told++)
        tell_problem(cut_sentence(rest, &rest));
    for (size_t i = 0; i < err->detail_count && told < DETAIL_MAX; i++) {
        if (is_named(err->message, err->details[i]))
            continue;
        tell_problem(err->details[i]);
        told++;
    }
}

void clti_error_tell(const clt_error *err, const char *next) {
    clti_bytes line = {0};
    const bool has_several = err->detail_count > 1;
    if (err->operation.size > 0) {
        add_text(&line, err->operation);
        clti_bytes_add_text(&line, ": ");
    }
    if (has_several)
        clti_bytes_add_text(&line, "what was sent is refused");
    else
        add_text(&line, err->message);
    clti_bytes_add_text(&line, " (");
    add_category(&line, err);
    clti_bytes_add_text(&line, has_several ? "):" : ")");
    if (err->detail_count == 1 && !is_named(err->message, err->details[0])) {
        clti_bytes_add_text(&line, "; about: ");
        add_text(&line, err->details[0]);
    }
    clti_complain("%s", line.data);
    if (has_several)
        tell_problems(err);
    clti_bytes_done(&line);
    if (next)
        clti_complain("%s", next);
    if (err->request_id.size > 0)
        clti_complain("request id %.*s, correlation id %.*s", CLTI_VIEW_ARGS(err->request_id),
                      CLTI_VIEW_ARGS(err->correlation_id));
}

char *clti_error_next(const clt_error *err, const char *profile, clt_str base_url) {
    switch (err->status) {
    case CLT_ERR_UNAUTHORIZED:
        return profile ? clti_format("Sign in again: clientele login --profile %s", profile)
                       : clti_format("Look at %s and the other variables that sign in; see clientele(1).",
                                     CLTI_VARIABLE_TOKEN);
    case CLT_ERR_FORBIDDEN:
        return clti_format("'clientele whoami' tells who is signed in; some calls need App + User.");
    case CLT_ERR_NOT_FOUND:
        if (clti_view_equal(err->service_code, clti_view(CODE_NO_SUCH_PATH)))
            return clti_format(
                "This service has no such call; 'clientele whoami' tells which service it is.");
        return clti_format(
            "'clientele customers list' shows the customers that there are, 'clientele whoami' whose.");
    case CLT_ERR_ORIGIN:
        return clti_format("Is %.*s the service's own address? A token is sent nowhere else.",
                           CLTI_VIEW_ARGS(base_url));
    case CLT_ERR_TOO_MANY_REQUESTS:
        return err->retry_after_ms > 0
                   ? clti_format("Try again in %" PRId64 " seconds, or wait longer with --timeout.",
                                 (err->retry_after_ms + 999) / 1000)
                   : clti_format("Try again later, or wait longer with --timeout.");
    case CLT_ERR_NETWORK:
        return clti_format("Does %.*s answer from here? 'clientele profile list' shows where profiles lead.",
                           CLTI_VIEW_ARGS(base_url));
    case CLT_ERR_REQUEST_TIMEOUT:
        return clti_format("A larger --timeout allows more time.");
    case CLT_ERR_RESPONSE_PARSE:
        return clti_format("Is %.*s really the service?", CLTI_VIEW_ARGS(base_url));
    case CLT_ERR_SERVER_ERROR:
    case CLT_ERR_SERVER_BUSY:
    case CLT_ERR_GATEWAY_TIMEOUT:
        return clti_format("Try again later; those who run the service find the cause by the request id.");
    case CLT_ERR_LIMIT:
        return clti_format("A smaller --page-size gives smaller answers.");
    default:
        return NULL;
    }
}
