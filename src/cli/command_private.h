/**
 * @file command_private.h
 * @brief The table of commands: what each takes, what its help says, what runs it.
 *
 * Command line, help, completions and the manual's test read the same rows. A noun's commands stand in
 * cmd_<noun>.c; a new one needs its row there and its name in CLTI_COMMANDS (main.c).
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_COMMAND_PRIVATE_H
#define CLTI_CLI_COMMAND_PRIVATE_H

#include "cli/text_private.h"

/** Exit codes of every command; docs/clientele.1.md tells them to users. */
enum {
    CLTI_EXIT_DONE = 0, /**< also when the reader of standard output left early */
    CLTI_EXIT_FAILED = 1,
    CLTI_EXIT_NO = 1,         /**< the answer of a command that is a question */
    CLTI_EXIT_USAGE = 2,      /**< the command line, a variable or the profile is wrong; nothing was done */
    CLTI_EXIT_UNANSWERED = 2, /**< what fails with CLTI_EXIT_FAILED elsewhere, of such a command */
    CLTI_EXIT_NOT_SIGNED_IN = 3,
    CLTI_EXIT_NOT_FOUND = 4,
    CLTI_EXIT_THROTTLED = 5,
    CLTI_EXIT_INTERRUPTED = 130
};

/** The arguments of a flag that may be given more than once. */
typedef struct clti_words {
    const char **items;
    size_t count;
} clti_words;

/** One flag. */
typedef struct clti_option {
    const char *name;
    char letter;          /**< of the short form; 0: none */
    bool is_repeatable;   /**< the member is a clti_words, else a `const char *` */
    const char *argument; /**< how help names it; `FILE` is completed with files; NULL: a switch */
    const char *choices;  /**< the words it takes, `table|json`; NULL: any text */
    const char *help;
    size_t offset; /**< of the request's member; a switch sets it to "" */
} clti_option;

/** What every command that calls the service takes. */
typedef struct clti_call_options {
    const char *profile, *timeout, *verbose;
} clti_call_options;

extern const clti_option CLTI_CALL_OPTIONS[];
extern const size_t CLTI_CALL_OPTION_COUNT;

typedef struct clti_command clti_command;

/** A command as it was called. */
typedef struct clti_invocation {
    const clti_command *command;
    const void *request; /**< the command's own struct, filled by its options */
    const char **operands;
    size_t operand_count;
    clti_call_options call;
} clti_invocation;

struct clti_command {
    const char *name;     /**< `customers list` */
    const char *operands; /**< for the usage line, `ID|DOMAIN`; NULL: none */
    size_t operand_min, operand_max;
    const char *about;    /**< one line */
    const char *details;  /**< what else to know; NULL: nothing */
    const char *examples; /**< lines that begin with two blanks */
    const clti_option *options;
    size_t option_count;
    size_t request_size;
    bool is_call; /**< takes CLTI_CALL_OPTIONS */
    int (*run)(const clti_invocation *invocation);
};

/** Every command, in the order of the help (main.c). */
extern const clti_command *const CLTI_COMMANDS[];
extern const size_t CLTI_COMMAND_COUNT;

/** Commands with words in common, such as `customers`, or `customers billing`. */
typedef struct clti_group {
    const char *name;
    const char *about;
} clti_group;

/** Every group, those that hold others ahead of them (main.c). */
extern const clti_group CLTI_GROUPS[];
extern const size_t CLTI_GROUP_COUNT;

/**
 * @brief The words behind a group's in the name of a command, or of a group.
 * @param group  `customers`; empty for the top.
 * @return absent if it is not below that group; terminated
 */
clt_str clti_name_below(const char *name, clt_str group);

/** @brief Read the command line and run what it names. @return the exit code */
int clti_command_main(int argc, char **argv);

/** @brief Read flags and operands of one command and run it; argv[0] is ignored. @return the exit code */
int clti_command_run(const clti_command *command, int argc, char **argv);

/* ---- for commands -------------------------------------------------------------------------------------- */

/** @brief A line on standard error: `clientele: text`; what acts on a terminal is made harmless. */
void clti_complain(const char *format, ...) CLTI_PRINTF(1, 2);

/** @brief The same, for what a person likes to know and a script does not: only if that is a terminal. */
void clti_note(const char *format, ...) CLTI_PRINTF(1, 2);

/** @brief clti_complain() with the command's name ahead. @return CLTI_EXIT_USAGE */
int clti_complain_usage(const clti_invocation *invocation, const char *format, ...) CLTI_PRINTF(2, 3);

/**
 * @brief Read the number that a flag was given.
 * @param text  NULL: `*out` stays as it is.
 * @return false, and told, if it is no whole number from `min` to `max`
 */
bool clti_read_number(const clti_invocation *invocation, const char *flag, const char *text, uint64_t min,
                      uint64_t max, uint64_t *out);

/**
 * @brief Read a file that a flag names, or standard input for `-`, behind what is in `out`.
 * @return false, and told, if it cannot be read or has more than `size_max` bytes
 */
bool clti_file_read(const clti_invocation *invocation, const char *flag, const char *path, size_t size_max,
                    clti_bytes *out);

/** @brief Look up a word in `one|two|three`, any case. @return its position, or -1 */
int clti_choice_find(const char *choices, clt_str word);

#endif
