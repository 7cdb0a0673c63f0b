/**
 * @file daemon_private.h
 * @brief What the sub-commands of `clienteled` share: settings, command line, exit codes.
 */
#ifndef CLTI_DAEMON_PRIVATE_H
#define CLTI_DAEMON_PRIVATE_H

#include "base/base.h"
#include "store/store.h"

/** Exit codes of every sub-command. */
enum {
    CLTI_EXIT_DONE = 0,
    CLTI_EXIT_FAILED = 1, /**< standard error says why */
    CLTI_EXIT_USAGE = 2,  /**< the command line or a setting is wrong; nothing was done */
    CLTI_EXIT_PARTLY = 3  /**< `import`: some rows were refused */
};

/* ---- settings ------------------------------------------------------------------------------------------ */

/** The one table of settings (config.c). The first rows concern every sub-command, the others `serve`. */
extern const clti_setting CLTI_CONFIG[];
extern const size_t CLTI_CONFIG_COUNT;
extern const size_t CLTI_CONFIG_COMMON_COUNT;

/** @brief Where the store is, according to the settings. The path lives as long as they do. */
clti_store_options clti_config_store_options(const clti_settings *settings);

/* ---- command line -------------------------------------------------------------------------------------- */

/** A flag of one sub-command's own. */
typedef struct clti_flag {
    const char *name;
    const char *argument; /**< NULL for a switch */
    const char *help;
    const char **value; /**< set to the argument, or to "" for a switch; stays as it was if not given */
} clti_flag;

/** What a sub-command understands. */
typedef struct clti_command_line {
    const char *name;      /**< as in `clienteled NAME` */
    const char *arguments; /**< for the usage line, such as "FILE"; NULL for none */
    const char *about;     /**< what it does, for --help */
    const clti_flag *flags;
    size_t flag_count;
    size_t setting_count;  /**< how many rows of CLTI_CONFIG it takes as flags */
    const char **operands; /**< filled with what is no flag */
    size_t operand_count;  /**< exactly so many are wanted */
} clti_command_line;

/**
 * @brief Read flags, environment and settings file; sets up the log.
 *
 * Problems are told on standard error. `--help` and `--version` print and end the process.
 * Owner: release the settings with clti_settings_done(), on failure too.
 * @return CLTI_EXIT_DONE to go on, or the exit code to end with.
 */
CLTI_MUST_CHECK int clti_command_line_read(const clti_command_line *line, int argc, char **argv,
                                           clti_settings *settings);

/** @brief Tell a fault on standard error, as `clienteled: text`. */
void clti_complain(const clti_fault *fault);

/** @brief Find a partner by GUID or domain. @retval false  there is none, or the store failed. */
CLTI_MUST_CHECK bool clti_partner_named(clti_store *store, clt_str name, clti_arena *arena, clti_partner *out,
                                        clti_fault *fault);

/* ---- sub-commands: argv[0] is the sub-command's name --------------------------------------------------- */

int clti_command_serve(int argc, char **argv);
int clti_command_init(int argc, char **argv);
int clti_command_import(int argc, char **argv);

#endif
