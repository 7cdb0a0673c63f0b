/* Asking a person: on a terminal, on standard error, a line at a time. */
#include "cli/shown_private.h"
#include "cli/terminal_private.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_MAX_SIZE ((size_t)64 * 1024)

bool clti_prompt_is_possible(void) {
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

static void show(const char *question) {
    clti_bytes line = {0};
    clti_shown_add(&line, clti_view(question), 0);
    fputs(line.data ? line.data : "", stderr);
    clti_bytes_done(&line);
}

static char *without_blanks(const clti_bytes *line) {
    clt_str text = clti_bytes_view(line);
    while (text.size > 0 && (unsigned char)text.data[text.size - 1] <= ' ')
        text.size--;
    while (text.size > 0 && (unsigned char)*text.data <= ' ')
        text = (clt_str){text.data + 1, text.size - 1};
    return clti_copy(text);
}

/* A signal is taken only while this waits: one that came just before the read would leave it waiting. */
static ssize_t read_typed(char *out, size_t size, const sigset_t *while_waiting) {
    struct pollfd typed = {.fd = STDIN_FILENO, .events = POLLIN};
    if (clti_interrupt_came() || ppoll(&typed, 1, NULL, while_waiting) < 0)
        return -1;
    return read(STDIN_FILENO, out, size);
}

char *clti_prompt(const char *question) {
    sigset_t interrupting, others;
    clti_bytes line = {0};
    ssize_t count;
    sigemptyset(&interrupting);
    sigaddset(&interrupting, SIGINT);
    sigaddset(&interrupting, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &interrupting, &others);
    show(question);
    do {
        char *end = clti_bytes_reserve(&line, 4096);
        count = read_typed(end, 4096, &others);
        line.size += count > 0 ? (size_t)count : 0;
    } while (count > 0 && line.size < LINE_MAX_SIZE && line.data[line.size - 1] != '\n');
    pthread_sigmask(SIG_SETMASK, &others, NULL);
    char *answer = count > 0 ? without_blanks(&line) : NULL;
    if (!answer)
        fputs("\n", stderr);
    clti_bytes_done(&line);
    return answer;
}
