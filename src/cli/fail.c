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

/* ---- what to do next -------------------------------------------------------------------------------------
 */

/* By the service's code. Some come with several statuses and senses: the first row that fits is taken. */
static const struct {
    const char *code;
    int32_t http_status; /* 0: any */
    const char *detail;  /* that one is among the error's; NULL: any */
    const char *next;
} hints[] = {
    {"2000", 0, NULL,
     "Correct the parameter that is named; --help of the command tells what each flag takes."},
    {"2007", 0, NULL,
     "'clientele address validate' tells what is wrong with an address, and suggests others."},
    {"2055", 0, NULL,
     "Somebody else changed it meanwhile: read it again, and bring the change into what is there now."},
    {"3000", 409, "MS-RequestId",
     "That request id belongs to another call; leave --request-id away, or repeat exactly that call."},
    {"3000", 409, NULL, "'clientele domain check DOMAIN' tells whether another one is free."},
    {"3000", 0, NULL, "Correct what is named, and send it again; --help of the command has the flags."},
    {"600002", 0, NULL, "Leave the registration number away: --registration-number is not for this country."},
    {"600049", 0, NULL, "Add it with --registration-number."},
    {"600050", 0, NULL, "Correct --registration-number; the country decides on its form."},
    {"600051", 0, NULL, "Add it with --phone."},
    {"800002", 0, NULL, "Look at what is sent: JSON, an object, at most 1 MiB."},
    {"800015", 0, NULL, "'clientele resellers list' shows those there are."},
    {"800016", 0, NULL, "'clientele resellers list' shows those there are."},
    {"800018", 0, NULL, "'clientele customers delete' makes room."},
    {"900118", 0, NULL, "'clientele customers list' shows the ids; every command takes a domain instead."},
    {"900126", 0, NULL, "--help of the command lists the words that are known."},
    {"900127", 0, NULL, "'clientele customers remove-relationship' ends the relationship instead."},
    {"900141", 0, NULL,
     "Another METHOD may do; 'clientele api --include' shows the header Allow, which names them."},
    {"10001", 0, NULL, "Sign in again as a user with a second factor: clientele login."},
    {"1002", 0, NULL,
     "An administrator of the partner can give the user a role that may; 'clientele whoami' tells "
     "who is signed in."},
    {"20002", 0, NULL,
     "The relationship has ended; 'clientele api customers/relationshiprequests' has the address to "
     "invite the customer with."},
    {"600006", 0, NULL, "Only the provider of that customer can change it."},
    {"900329", 0, NULL, "That needs a user (App + User): clientele login, without --secret-file."},
    {"1000", 404, NULL, "This service has no such call; 'clientele whoami' tells which service it is."},
};

static bool has_detail(const clt_error *err, const char *wanted) {
    for (size_t i = 0; wanted && i < err->detail_count; i++)
        if (clti_view_equal_nocase(err->details[i], clti_view(wanted)))
            return true;
    return !wanted;
}

static const char *find_hint(const clt_error *err) {
    for (size_t i = 0; i < CLTI_COUNT(hints); i++)
        if (clti_view_equal(err->service_code, clti_view(hints[i].code)) &&
            (hints[i].http_status == 0 || hints[i].http_status == err->http_status) &&
            has_detail(err, hints[i].detail))
            return hints[i].next;
    return NULL;
}

/* ---- what failed, and why ---------------------------------------------------------------------------------
 */

/* The library names its parameters in words of C; these are ours for them. */
static const struct {
    const char *theirs, *ours;
} words[] = {
    {"options->base_url", "The base URL"},
    {"options->authority_url", "The token authority's URL"},
    {"options->ca_file", "The file of authorities to trust"},
    {"call->headers has one", "--header names one"},
    {"call->headers may not have", "--header may not name"},
    {", which the library sets; ids go into the context", ", which every call has already"},
    {"call->path", "PATH"},
    {"call->method", "METHOD"},
    {"query->value", "The text to look for"},
    {"name_prefix", "The name to look for"},
    {"input->domain", "The domain"},
    {"input->etag", "The etag of the profile"},
    {"input->", ""},
    {"context->request_id", "The request id"},
    {"access_token", CLTI_VARIABLE_TOKEN},
    {"client_id", "The application's id"},
    {"client_secret", "The secret"},
    {"customer_id", "The customer's id"},
    {"iso2", "The country"},
};

/* The first of their words in a text; absent if there is none. */
static clt_str find_word(clt_str text, const char **out_ours) {
    clt_str found = {NULL, 0};
    for (size_t i = 0; i < CLTI_COUNT(words) && text.size > 0; i++) {
        size_t size = strlen(words[i].theirs);
        const char *at = memmem(text.data, text.size, words[i].theirs, size);
        if (!at || (found.data && at >= found.data))
            continue;
        found = (clt_str){at, size};
        *out_ours = words[i].ours;
    }
    return found;
}

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

/* What stands in the message about a parameter is said of the flag that it came from. */
static void add_message(clti_bytes *line, const clt_error *err) {
    clt_str rest = err->message, word;
    const char *ours = NULL;
    while (err->status == CLT_ERR_ARGUMENT && (word = find_word(rest, &ours)).data) {
        const size_t before = (size_t)(word.data - rest.data);
        clti_bytes_add(line, (clt_str){rest.data, before});
        clti_bytes_add_text(line, ours);
        rest = (clt_str){word.data + word.size, rest.size - before - word.size};
    }
    add_text(line, rest);
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
        add_message(&line, err);
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
    const char *hint = find_hint(err);
    if (hint)
        return clti_copy(clti_view(hint));
    switch (err->status) {
    case CLT_ERR_UNAUTHORIZED:
        return profile ? clti_format("Sign in again: clientele login --profile %s", profile)
                       : clti_format("Look at %s and the other variables that sign in; see clientele(1).",
                                     CLTI_VARIABLE_TOKEN);
    case CLT_ERR_FORBIDDEN:
        return clti_format("'clientele whoami' tells who is signed in; some calls need App + User.");
    case CLT_ERR_NOT_FOUND:
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
    case CLT_ERR_BAD_INPUT:
        return clti_format(
            "Correct what is named, and try again; --help of the command tells what each flag takes.");
    case CLT_ERR_ALREADY_EXISTS:
        return clti_format("Something else has that name already; another one may be free.");
    case CLT_ERR_PRECONDITION_FAILED:
        return clti_format(
            "Somebody else changed it meanwhile: read it again, and bring the change into what is "
            "there now.");
    case CLT_ERR_INVALID_OPERATION:
        return clti_format(
            "The service does not do that there; 'clientele whoami' tells which service it is.");
    case CLT_ERR_LIMIT:
        return clti_format("A smaller --page-size gives smaller answers.");
    default:
        return NULL;
    }
}
