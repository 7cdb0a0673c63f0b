/* clientele api: any call, for what has no command of its own. */
#include "cli/cmd_private.h"
#include "cli/document_private.h"
#include "cli/output_private.h"
#include "cli/session_private.h"
#include "cli/shown_private.h"
#include "cli/terminal_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)64 * 1024 * 1024)
#define METHODS   "GET|HEAD|POST|PUT|PATCH|DELETE"

typedef struct api_request {
    clti_words headers, fields, typed_fields;
    const char *input, *include, *paginate;
} api_request;

typedef struct api_call {
    const clti_invocation *invocation;
    const api_request *request;
    char *method, *path;
    char *body; /* NULL: none */
    size_t body_size;
    clt_call_header *headers;
    size_t header_count;
} api_call;

/* ---- headers ------------------------------------------------------------------------------------------- */

static bool read_headers(api_call *calling) {
    const clti_words *words = &calling->request->headers;
    calling->headers = clti_allocate(words->count * sizeof(*calling->headers));
    for (size_t i = 0; i < words->count; i++) {
        clt_str value, name = clti_view_cut(clti_view(words->items[i]), ':', &value);
        if (!value.data || name.size == 0) {
            clti_complain_usage(calling->invocation, "--header: '%s' is not of the form Name: value.",
                                words->items[i]);
            return false;
        }
        while (value.size > 0 && *value.data == ' ')
            value = (clt_str){value.data + 1, value.size - 1};
        calling->headers[calling->header_count++] = (clt_call_header){clti_copy(name), clti_copy(value)};
    }
    return true;
}

/* ---- fields -------------------------------------------------------------------------------------------- */

/* `true`, `12`, `null`, `["a"]` as JSON; what is none, as text. */
static json_t *typed_value(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    return value ? value : json_string(text);
}

static bool add_members(const api_call *calling, json_t *object, const clti_words *words, bool is_typed) {
    for (size_t i = 0; i < words->count; i++) {
        clt_str value, name = clti_view_cut(clti_view(words->items[i]), '=', &value);
        json_t *read = NULL;
        if (value.data && name.size > 0)
            read = is_typed ? typed_value(value.data) : json_string(value.data);
        /* `a.b=c` is {"a":{"b":"c"}}. */
        if (!read || !clti_document_put(object, name, read)) {
            clti_complain_usage(calling->invocation,
                                "'%s' is not a field of the form name=value in UTF-8, or it "
                                "goes into one that is no object.",
                                words->items[i]);
            return false;
        }
    }
    return true;
}

static bool make_body(api_call *calling) {
    json_t *object = json_object();
    bool done = add_members(calling, object, &calling->request->fields, false) &&
                add_members(calling, object, &calling->request->typed_fields, true);
    if (done) {
        calling->body = json_dumps(object, JSON_COMPACT);
        calling->body_size = calling->body ? strlen(calling->body) : 0;
    }
    json_decref(object);
    return done;
}

static void add_escaped(clti_bytes *out, clt_str text) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] && strchr(plain, text.data[i]))
            clti_bytes_add_char(out, text.data[i]);
        else
            clti_bytes_add_format(out, "%%%02X", (unsigned)(unsigned char)text.data[i]);
    }
}

/* Where a body has no place, fields are parameters of the query. */
static bool add_parameters(api_call *calling, const clti_words *words) {
    for (size_t i = 0; i < words->count; i++) {
        clti_bytes path = {0};
        clt_str value, name = clti_view_cut(clti_view(words->items[i]), '=', &value);
        if (!value.data || name.size == 0) {
            clti_complain_usage(calling->invocation, "'%s' is not of the form name=value.", words->items[i]);
            return false;
        }
        clti_bytes_add_text(&path, calling->path);
        clti_bytes_add_char(&path, strchr(calling->path, '?') ? '&' : '?');
        add_escaped(&path, name);
        clti_bytes_add_char(&path, '=');
        add_escaped(&path, value);
        free(calling->path);
        calling->path = clti_bytes_take(&path);
    }
    return true;
}

/* ---- the body ------------------------------------------------------------------------------------------ */

static bool read_input(api_call *calling) {
    clti_bytes bytes = {0};
    bool done = clti_file_read(calling->invocation, "input", calling->request->input, INPUT_MAX, &bytes);
    calling->body_size = bytes.size;
    calling->body = clti_bytes_take(&bytes);
    return done;
}

static bool prepare(api_call *calling) {
    const clti_invocation *invocation = calling->invocation;
    const api_request *request = calling->request;
    const char *path = invocation->operands[invocation->operand_count - 1];
    const char *method = invocation->operand_count == 2 ? invocation->operands[0] : "GET";
    calling->path = clti_copy(clti_view(path));
    calling->method = clti_copy(clti_view(method));
    for (char *c = calling->method; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - ('a' - 'A')) : *c;
    if (*path == '\0' ||
        (invocation->operand_count == 1 && clti_choice_find(METHODS, clti_view(path)) >= 0)) {
        clti_complain_usage(invocation, *path ? "%s is a method; the PATH is missing." : "PATH is empty.%s",
                            path);
        return false;
    }
    bool is_read = clti_choice_find("GET|HEAD|DELETE", clti_view(calling->method)) >= 0;
    if (request->paginate && strcmp(calling->method, "GET") != 0) {
        clti_complain_usage(invocation, "--paginate goes with GET alone.");
        return false;
    }
    if (!read_headers(calling) || (request->input && !read_input(calling)))
        return false;
    if (is_read || request->input)
        return add_parameters(calling, &request->fields) && add_parameters(calling, &request->typed_fields);
    return (request->fields.count == 0 && request->typed_fields.count == 0) || make_body(calling);
}

static void calling_done(api_call *calling) {
    for (size_t i = 0; i < calling->header_count; i++) {
        free((void *)(uintptr_t)calling->headers[i].name);
        free((void *)(uintptr_t)calling->headers[i].value);
    }
    free(calling->headers);
    free(calling->method);
    free(calling->path);
    free(calling->body);
}

/* ---- the answer ---------------------------------------------------------------------------------------- */

/* Line by line, since a line's end acts, too. */
static void add_harmless(clti_bytes *out, clt_str text) {
    while (text.data) {
        clti_shown_add(out, clti_view_cut(text, '\n', &text), 0);
        clti_bytes_add_text(out, text.data ? "\n" : "");
    }
}

/* To a person indented and harmless; to a program byte for byte. */
static void add_body(clti_bytes *out, clt_str body, bool is_terminal) {
    json_t *json =
        is_terminal && body.size > 0 ? json_loadb(body.data, body.size, JSON_DECODE_ANY, NULL) : NULL;
    char *text = json ? json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY) : NULL;
    if (text)
        clti_json_add_harmless(out, clti_view(text));
    else if (is_terminal)
        add_harmless(out, body);
    else
        clti_bytes_add(out, body);
    free(text);
    json_decref(json);
    if (body.size > 0 && out->data[out->size - 1] != '\n')
        clti_bytes_add_char(out, '\n');
}

static void add_head(clti_bytes *out, const clt_response *response) {
    clt_str name, value;
    clti_bytes_add_format(out, "HTTP %d\n", clt_response_http_status(response));
    for (size_t i = 0; clt_response_header_at(response, i, &name, &value); i++) {
        clti_shown_add(out, name, 0);
        clti_bytes_add_text(out, ": ");
        clti_shown_add(out, value, 0);
        clti_bytes_add_char(out, '\n');
    }
    clti_bytes_add_char(out, '\n');
}

/* The exit code of a failure, or CLTI_EXIT_DONE. */
static int show(const api_call *calling, clti_session *session, const clt_response *response,
                clti_output *output) {
    if (calling->request->include)
        add_head(&output->pending, response);
    add_body(&output->pending, clt_response_body(response), output->is_terminal);
    if (!clti_output_page(output))
        return clti_output_fail(output);
    clt_error *err = clt_response_error(response);
    return err ? clti_session_fail(session, err) : CLTI_EXIT_DONE;
}

static int call(const api_call *calling, clti_session *session, clti_output *output) {
    clt_call request = CLT_CALL_INIT;
    clt_response *response = NULL, *next = NULL;
    clt_error *err = NULL;
    request.method = calling->method;
    request.path = calling->path;
    request.body = calling->body;
    request.body_size = calling->body_size;
    request.headers = calling->headers;
    request.header_count = calling->header_count;
    clt_status status = clt_partner_call(session->partner, &request, &session->context, &response, &err);
    int code = CLTI_EXIT_DONE;
    while (status == CLT_OK && response) {
        code = show(calling, session, response, output);
        if (code != CLTI_EXIT_DONE || output->error || !calling->request->paginate)
            break;
        status = clti_interrupt_came()
                     ? CLT_ERR_CANCELLED
                     : clt_response_next(session->partner, response, &session->context, &next, &err);
        clt_response_free(response);
        response = status == CLT_OK ? next : NULL;
    }
    clt_response_free(response);
    return status == CLT_OK ? code : clti_session_fail(session, err);
}

static int api(const clti_invocation *invocation) {
    api_call calling = {.invocation = invocation, .request = invocation->request};
    clti_session session;
    clti_output output;
    if (!prepare(&calling)) {
        calling_done(&calling);
        return CLTI_EXIT_USAGE;
    }
    clti_output_init(&output, CLTI_FORMAT_JSON, NULL, STDOUT_FILENO);
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = call(&calling, &session, &output);
    clti_session_close(&session);
    clti_output_done(&output);
    calling_done(&calling);
    return code;
}

#define AT(member) offsetof(api_request, member)
static const clti_option api_options[] = {
    {.name = "header",
     .letter = 'H',
     .is_repeatable = true,
     .argument = "NAME:VALUE",
     .help = "a header beside those that every call has; may be repeated",
     .offset = AT(headers)},
    {.name = "field",
     .letter = 'f',
     .is_repeatable = true,
     .argument = "NAME=TEXT",
     .help =
         "a member of the JSON body; a.b=c makes an object in an object; with GET, HEAD, DELETE or --input "
         "a parameter of the query; may be repeated",
     .offset = AT(fields)},
    {.name = "typed-field",
     .letter = 'F',
     .is_repeatable = true,
     .argument = "NAME=VALUE",
     .help = "the same, but true, false, null, numbers, lists and objects are taken as such",
     .offset = AT(typed_fields)},
    {.name = "input", .argument = "FILE", .help = "the body; - is standard input", .offset = AT(input)},
    {.name = "include", .letter = 'i', .help = "print status and headers, too", .offset = AT(include)},
    {.name = "paginate", .help = "go on through all pages of a list, each a line", .offset = AT(paginate)},
};

const clti_command clti_cmd_api = {
    .name = "api",
    .operands = "[METHOD] PATH",
    .operand_min = 1,
    .operand_max = 2,
    .about = "Make any call of the service, signed in and with its retries",
    .details = "METHOD is GET if it is not given. A PATH without /v1 gets it. The answer goes to standard "
               "output as it came; on a terminal JSON is indented. An error's body is printed, too, and the "
               "exit code tells its kind.",
    .examples = "  clientele api /v1/customers?size=1\n"
                "  clientele api GET customers -f size=500 --paginate | jq -r '.items[].id'\n"
                "  clientele api POST customers --input customer.json\n"
                "  clientele api PATCH customers/ID -f relationshipToPartner=none",
    .options = api_options,
    .option_count = CLTI_COUNT(api_options),
    .request_size = sizeof(api_request),
    .is_call = true,
    .run = api};
