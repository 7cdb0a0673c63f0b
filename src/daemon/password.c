#include "daemon/password_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

/* One line without its end. Read by bytes: a stream would keep a copy that nobody wipes. */
static bool read_line(int descriptor, clti_buf *out) {
    char byte;
    ssize_t count;
    while ((count = read(descriptor, &byte, 1)) == 1 && byte != '\n')
        clti_buf_add_char(out, byte);
    if (out->size > 0 && out->data[out->size - 1] == '\r')
        out->size--;
    return count >= 0 && clti_buf_ok(out);
}

static bool read_file(const char *path, clti_buf *out, clti_fault *fault) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    bool ok = file != NULL && read_line(fileno(file), out);
    if (!ok)
        clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "--password-file: %s cannot be read: %s.",
                       path, file && !clti_buf_ok(out) ? "its first line is too long" : strerror(errno));
    if (file != NULL && file != stdin)
        (void)fclose(file);
    return ok;
}

/* ---- the terminal -------------------------------------------------------------------------------------- */

static bool type_line(const char *prompt, clti_buf *out) {
    fputs(prompt, stderr);
    const bool ok = read_line(STDIN_FILENO, out);
    fputc('\n', stderr);
    return ok;
}

static bool type_twice(clti_buf *out, clti_fault *fault) {
    clti_buf again;
    clti_buf_init(&again, LINE_MAX_BYTES);
    bool ok = type_line("Password: ", out) && type_line("Password, again: ", &again);
    if (!ok)
        clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "The password could not be read.");
    else if (!clti_str_equal(clti_buf_str(out), clti_buf_str(&again)))
        ok = clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                            "The two passwords differ; nothing was changed.");
    clti_password_done(&again);
    return ok;
}

/* Ctrl-C ends the process with the terminal as it is, so signals wait until it echoes again. */
static bool type_hidden(clti_buf *out, clti_fault *fault) {
    struct termios before, hidden;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "There is no terminal to ask at; use --password-file.");
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) != 0)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "The terminal would show the password.");
    const bool ok = type_twice(out, fault);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    return ok;
}

bool clti_password_read(const char *path, clti_buf *out, clti_fault *fault) {
    clti_buf_init(out, LINE_MAX_BYTES);
    return path ? read_file(path, out, fault) : type_hidden(out, fault);
}

void clti_password_done(clti_buf *password) {
    if (password->data)
        clti_wipe(password->data, password->capacity);
    clti_buf_done(password);
}
