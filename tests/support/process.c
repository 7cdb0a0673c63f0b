#include "support/process.h"

#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_SECONDS_MAX 60
#define READY_FD         3
#define WORDS_MAX        64

/* ---- starting ------------------------------------------------------------------------------------------ */

static int memory_file(const char *content) {
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    size_t size = content ? strlen(content) : 0;
    assert_true(size == 0 || write(fd, content, size) == (ssize_t)size);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static char *memory_file_text(int fd) {
    struct stat status;
    assert_int_equal(fstat(fd, &status), 0);
    size_t size = (size_t)status.st_size;
    char *text = malloc(size + 1);
    assert_non_null(text);
    assert_true(pread(fd, text, size, 0) == (ssize_t)size);
    text[size] = '\0';
    return text;
}

/* In the child. Our own settings must not leak into the program under test. */
static void set_environment(const char *const *more) {
    char name[128];
    for (char **entry = environ; *entry;) {
        size_t size = strcspn(*entry, "=");
        if (strncmp(*entry, "CLIENTELE_", 10) == 0 && size < sizeof(name)) {
            memcpy(name, *entry, size);
            name[size] = '\0';
            unsetenv(name);
            entry = environ;
        } else {
            entry++;
        }
    }
    setenv("CLIENTELE_STORE_MAP_SIZE", "16G", 1);
    setenv("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1", 0);
    for (; more && *more; more++)
        putenv((char *)(uintptr_t)*more);
}

static bool is_address(const char *word) {
    return strncmp(word, "postgresql://", strlen("postgresql://")) == 0;
}

static _Noreturn void become(const clti_test_command *command, const char *program, int in_fd,
                             const clti_test_process *process) {
    char *words[WORDS_MAX] = {(char *)(uintptr_t)program};
    for (size_t i = 0; command->arguments[i] && i + 2 < WORDS_MAX; i++) {
        words[i + 1] = (char *)(uintptr_t)command->arguments[i];
        if (is_address(words[i + 1]) && strcmp(words[i], "--data") == 0)
            words[i] = (char *)(uintptr_t) "--store";
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    set_environment(command->environment);
    bool ok = dup2(in_fd, STDIN_FILENO) >= 0 && dup2(process->out_fd, STDOUT_FILENO) >= 0 &&
              dup2(process->err_fd, STDERR_FILENO) >= 0;
    if (ok && process->ready_fd == READY_FD)
        ok = fcntl(READY_FD, F_SETFD, 0) == 0;
    else if (ok && process->ready_fd >= 0)
        ok = dup2(process->ready_fd, READY_FD) >= 0;
    if (ok && command->folder)
        ok = chdir(command->folder) == 0;
    if (ok && command->user)
        ok = setresgid(command->user, command->user, command->user) == 0 &&
             setresuid(command->user, command->user, command->user) == 0;
    if (ok)
        execv(program, words);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", program, strerror(errno));
    _exit(127);
}

static void start(const clti_test_command *command, int ready_fd, clti_test_process *out) {
    const char *program = command->program ? command->program : getenv("CLIENTELED");
    if (!program)
        fail_msg("the environment variable CLIENTELED must name the program");
    int in_fd = memory_file(command->input);
    *out =
        (clti_test_process){.out_fd = memory_file(NULL), .err_fd = memory_file(NULL), .ready_fd = ready_fd};
    fflush(NULL);
    out->pid = fork();
    assert_true(out->pid >= 0);
    if (out->pid == 0)
        become(command, program, in_fd, out);
    close(in_fd);
    out->ready_fd = -1;
}

void clti_test_start(const clti_test_command *command, clti_test_process *out) {
    start(command, -1, out);
}

/* ---- ending -------------------------------------------------------------------------------------------- */

char *clti_test_errors(const clti_test_process *process) {
    return memory_file_text(process->err_fd);
}

char *clti_test_output(const clti_test_process *process) {
    return memory_file_text(process->out_fd);
}

void clti_test_wait(clti_test_process *process, clti_test_outcome *out) {
    const struct timespec pause = {.tv_nsec = 1000000};
    struct timespec now, start_time;
    int status = 0;
    clock_gettime(CLOCK_MONOTONIC, &start_time);
    for (pid_t ended = 0; ended == 0;) {
        ended = waitpid(process->pid, &status, WNOHANG);
        assert_true(ended >= 0);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (ended == 0 && now.tv_sec - start_time.tv_sec > WAIT_SECONDS_MAX) {
            char *errors = clti_test_errors(process);
            kill(process->pid, SIGKILL);
            fail_msg("the process did not end within %d s; it wrote:\n%s", WAIT_SECONDS_MAX, errors);
        }
        if (ended == 0)
            nanosleep(&pause, NULL);
    }
    *out = (clti_test_outcome){
        .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = memory_file_text(process->out_fd),
        .err = clti_test_errors(process),
    };
    close(process->out_fd);
    close(process->err_fd);
    *process = (clti_test_process){.out_fd = -1, .err_fd = -1, .ready_fd = -1};
}

void clti_test_outcome_done(clti_test_outcome *outcome) {
    free(outcome->out);
    free(outcome->err);
    *outcome = (clti_test_outcome){0};
}

void clti_test_run(const clti_test_command *command, clti_test_outcome *out) {
    clti_test_process process;
    clti_test_start(command, &process);
    clti_test_wait(&process, out);
}

static void expect(int exit_code, const clti_test_outcome *outcome, const char *what) {
    if (outcome->exit_code != exit_code || strstr(outcome->err, "Sanitizer") ||
        strstr(outcome->err, "runtime error:"))
        fail_msg("%s ended with %d, not %d; it wrote:\n%s\n%s", what, outcome->exit_code, exit_code,
                 outcome->out, outcome->err);
}

void clti_test_run_expecting(int exit_code, const clti_test_command *command) {
    clti_test_outcome outcome;
    clti_test_run(command, &outcome);
    expect(exit_code, &outcome, command->arguments[0]);
    clti_test_outcome_done(&outcome);
}

/* ---- serving ------------------------------------------------------------------------------------------- */

/* The address in a line, or nothing if the server ended instead. */
static void read_address(int fd, clti_test_server *server) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    size_t size = 0;
    while (size + 1 < sizeof(server->address)) {
        ssize_t got = -1;
        if (poll(&wait, 1, WAIT_SECONDS_MAX * 1000) == 1)
            got = read(fd, server->address + size, sizeof(server->address) - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    server->address[size] = '\0';
    char *end = strchr(server->address, '\n');
    char *colon = strrchr(server->address, ':');
    if (!end || !colon) {
        char *errors = clti_test_errors(&server->process);
        kill(server->process.pid, SIGKILL);
        fail_msg("the server did not start; it wrote:\n%s", errors);
    } else {
        *end = '\0';
        server->port = (unsigned)strtoul(colon + 1, NULL, 10);
        snprintf(server->host, sizeof(server->host), "%.*s", (int)(colon - server->address), server->address);
    }
}

void clti_test_server_start_in(const char *folder, const char *const *more, const char *const *environment,
                               clti_test_server *out) {
    const char *words[WORDS_MAX] = {
        "serve", "--listen=127.0.0.1:0", "--ready-fd=3", "--log-requests=false", "--data", folder};
    size_t count = 6;
    for (; more && *more && count + 1 < WORDS_MAX; more++)
        words[count++] = *more;
    int ready[2];
    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    *out = (clti_test_server){0};
    start(&(clti_test_command){.arguments = words, .environment = environment}, ready[1], &out->process);
    close(ready[1]);
    read_address(ready[0], out);
    close(ready[0]);
}

void clti_test_server_start(const char *folder, const char *const *more, clti_test_server *out) {
    clti_test_server_start_in(folder, more, NULL, out);
}

void clti_test_server_ask_to_stop(const clti_test_server *server) {
    assert_int_equal(kill(server->process.pid, SIGTERM), 0);
}

void clti_test_server_expect_stop(clti_test_server *server) {
    clti_test_outcome outcome;
    clti_test_wait(&server->process, &outcome);
    expect(0, &outcome, "serve");
    clti_test_outcome_done(&outcome);
}

void clti_test_server_stop(clti_test_server *server) {
    if (server->process.pid == 0)
        return;
    clti_test_server_ask_to_stop(server);
    clti_test_server_expect_stop(server);
}
