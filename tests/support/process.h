/**
 * @file process.h
 * @brief Run `clienteled` as its users do: as a process, with flags, variables and signals.
 *
 * The program is named by the environment variable CLIENTELED. It sees no CLIENTELE_* variable of ours but
 * CLIENTELE_STORE_MAP_SIZE, which sanitizers need small, and those given with the command. Where `--data` is
 * followed by the address of a database, the program is given `--store`, so that a test need not know. It
 * ends with us, whatever becomes of the test. What goes wrong here fails the running test. Thread: one thread
 * at a time.
 */
#ifndef CLTI_TEST_PROCESS_H
#define CLTI_TEST_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/** A list of words as clti_test_command wants it. */
#define CLTI_TEST_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

typedef struct clti_test_command {
    const char *program;            /**< path; NULL: what CLIENTELED names */
    const char *const *arguments;   /**< behind the program's name; NULL ends them */
    const char *const *environment; /**< more `NAME=value`; NULL ends them; or NULL */
    const char *input;              /**< standard input, or NULL for an empty one */
    const char *folder;             /**< working folder, or NULL for ours */
    uid_t user;                     /**< run as this user, if not 0; only root may */
} clti_test_command;

typedef struct clti_test_process {
    pid_t pid;
    int out_fd, err_fd; /* files in memory: nothing blocks however much is written */
    int ready_fd;       /* -1 unless started by clti_test_server_start() */
} clti_test_process;

/** How a process ended. */
typedef struct clti_test_outcome {
    int exit_code; /**< 128 + signal if a signal ended it */
    char *out;
    char *err;
} clti_test_outcome;

/** @brief Start a command; clti_test_wait() must follow. */
void clti_test_start(const clti_test_command *command, clti_test_process *out);

/** @brief Wait until the process has ended, a minute at most; clti_test_outcome_done() frees the outcome. */
void clti_test_wait(clti_test_process *process, clti_test_outcome *out);
void clti_test_outcome_done(clti_test_outcome *outcome);

/** @brief What the process has written to standard error so far; the caller's, free(). */
char *clti_test_errors(const clti_test_process *process);

/** @brief The same of standard output. */
char *clti_test_output(const clti_test_process *process);

/** @brief Start and wait. */
void clti_test_run(const clti_test_command *command, clti_test_outcome *out);

/** @brief Run a command that must end with this exit code; says what it wrote if it does not. */
void clti_test_run_expecting(int exit_code, const clti_test_command *command);

/** A running `clienteled serve`. */
typedef struct clti_test_server {
    clti_test_process process;
    char address[64]; /**< host:port */
    char host[48];
    unsigned port;
} clti_test_server;

/** @brief Serve a folder on a free port of 127.0.0.1; returns once it answers. `more`: words or NULL. */
void clti_test_server_start(const char *folder, const char *const *more, clti_test_server *out);

/** @brief The same with an environment, too. */
void clti_test_server_start_in(const char *folder, const char *const *more, const char *const *environment,
                               clti_test_server *out);

/** @brief SIGTERM; it must end with 0 and no sanitizer may have complained. Nothing for one never started. */
void clti_test_server_stop(clti_test_server *server);

/** @brief The same in two steps: ask it to stop, then see it end. */
void clti_test_server_ask_to_stop(const clti_test_server *server);
void clti_test_server_expect_stop(clti_test_server *server);

#endif
