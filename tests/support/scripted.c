#include "support/scripted.h"

#include "support/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define WAIT_MS_MAX 30000

static void pause_1_ms(void) {
    nanosleep(&(const struct timespec){.tv_nsec = 1000000}, NULL);
}

/* Every whole line of its output so far. The caller's, json_decref(). */
static json_t *read_records(const scripted *service) {
    json_t *records = json_array();
    char *text = clti_test_output(&service->process), *end;
    for (char *line = text; (end = strchr(line, '\n')); line = end + 1) {
        json_t *record = json_loadb(line, (size_t)(end - line), 0, NULL);
        if (!record)
            fail_msg("the scripted service wrote: %s", line);
        json_array_append_new(records, record);
    }
    free(text);
    return records;
}

static bool is_to(const json_t *record, const char *to) {
    const char *whom = json_string_value(json_object_get(record, "to"));
    return whom && strcmp(whom, to) == 0;
}

void scripted_start(scripted *service, const char *script) {
    const char *file = getenv("SCRIPTED"), *python = getenv("PYTHON3");
    if (!file || !python)
        fail_msg(
            "the variables SCRIPTED and PYTHON3 must name tests/support/scripted.py and its interpreter");
    *service = (scripted){.requests = json_array()};
    clti_test_start(&(clti_test_command){.program = python,
                                         .arguments = CLTI_TEST_WORDS("-I", "-S", "-B", file),
                                         .input = script},
                    &service->process);
    for (int waited = 0; service->base_url[0] == '\0'; waited++) {
        json_t *records = read_records(service);
        const json_t *port = json_object_get(json_array_get(records, 0), "port");
        if (port)
            snprintf(service->base_url, sizeof(service->base_url), "http://127.0.0.1:%d",
                     (int)json_integer_value(port));
        else if (waited > WAIT_MS_MAX)
            fail_msg("the scripted service did not start: %s", clti_test_errors(&service->process));
        json_decref(records);
        pause_1_ms();
    }
}

static json_t *read_requests(const scripted *service, const char *to) {
    json_t *records = read_records(service), *requests = json_array(), *record;
    size_t i;
    json_array_foreach(records, i, record) {
        if (is_to(record, to))
            json_array_append(requests, record);
    }
    json_decref(records);
    return requests;
}

void scripted_wait(const scripted *service, const char *to, size_t count) {
    for (int waited = 0;; waited++) {
        json_t *requests = read_requests(service, to);
        const size_t come = json_array_size(requests);
        json_decref(requests);
        if (come >= count)
            return;
        if (waited > WAIT_MS_MAX)
            fail_msg("%zu requests to %s came, not %zu", come, to, count);
        pause_1_ms();
    }
}

const json_t *scripted_requests(scripted *service, const char *to) {
    json_t *requests = read_requests(service, to);
    json_array_append_new(service->requests, requests);
    return requests;
}

size_t scripted_count(scripted *service, const char *to) {
    return json_array_size(scripted_requests(service, to));
}

const char *scripted_text(const json_t *requests, size_t index, const char *member) {
    const char *text = json_string_value(json_object_get(json_array_get(requests, index), member));
    if (!text)
        fail_msg("there is no %s of request %zu", member, index);
    return text;
}

const char *scripted_header(const json_t *requests, size_t index, const char *name) {
    json_t *header;
    size_t i;
    json_array_foreach(json_object_get(json_array_get(requests, index), "headers"), i, header) {
        if (strcasecmp(json_string_value(json_array_get(header, 0)), name) == 0)
            return json_string_value(json_array_get(header, 1));
    }
    return NULL;
}

void scripted_stop(scripted *service) {
    clti_test_outcome outcome;
    json_t *records = read_records(service), *record;
    size_t i;
    json_array_foreach(records, i, record) {
        if (json_object_get(record, "unscripted"))
            fail_msg("the script has no answer for %s", json_string_value(json_object_get(record, "target")));
    }
    json_decref(records);
    assert_int_equal(kill(service->process.pid, SIGTERM), 0);
    clti_test_wait(&service->process, &outcome);
    if (outcome.exit_code != 0 || outcome.err[0] != '\0' || !strstr(outcome.out, "{\"left\": 0}"))
        fail_msg("the scripted service ended with %d and has answers left: %s\n%s", outcome.exit_code,
                 outcome.out, outcome.err);
    clti_test_outcome_done(&outcome);
    json_decref(service->requests);
    *service = (scripted){0};
}
