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

/** Variables of `clientele`, which are often set in the same shell; ended by NULL. */
extern const char *const CLTI_CONFIG_OTHERS[];

/** @brief That the settings name one store. @retval false  `store` is no URL, or `data` is set as well. */
CLTI_MUST_CHECK bool clti_config_check_store(const clti_settings *settings, clti_fault *fault);

/** @brief Overwrite the password in the URL of a store, if there is one, with so many x. */
void clti_url_hide_password(char *url);

/** @brief Where the store is, according to the settings. The path lives as long as they do. */
clti_store_options clti_config_store_options(const clti_settings *settings);

/* ---- command line -------------------------------------------------------------------------------------- */

/** A flag of one sub-command's own. */
typedef struct clti_flag {
    const char *name;
    const char *argument; /**< NULL for a switch */
    const char *help;
    const char **value; /**< set to the argument, or to "" for a switch; stays as it was if not given. Lives
                           as long as the settings */
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
    size_t operand_count;  /**< so many are wanted */
    size_t optional_count; /**< so many of the last may be left away */
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

/** @brief A flag without which the command means nothing. @retval false  it was not given. */
CLTI_MUST_CHECK bool clti_flag_require(const char *flag, const char *value, clti_fault *fault);

/** @brief Read a flag's GUID. @retval false  it is none, or all zero. */
CLTI_MUST_CHECK bool clti_flag_guid(const char *flag, const char *value, clt_guid *out, clti_fault *fault);

#define CLTI_THROTTLE_HELP                                                                                   \
    "customer requests a minute, 0 for any number; default: as the server's settings say"

/** @brief Read --throttle. @param[out] out  As clti_partner.calls_per_minute. */
CLTI_MUST_CHECK bool clti_flag_throttle(const char *value, int64_t *out, clti_fault *fault);

/** @brief Tell a fault on standard error, as `clienteled: text`. */
void clti_complain(const clti_fault *fault);

/** @brief clti_complain(). @return CLTI_EXIT_FAILED */
int clti_fail(const clti_fault *fault);

/** @brief Write out what stands on standard output's buffer. Tells a failure once, unless the reader left. */
CLTI_MUST_CHECK bool clti_output_finish(void);

/** @brief Print a buffer's content, and empty it. @retval false  the buffer had failed: out of memory. */
CLTI_MUST_CHECK bool clti_output_add(clti_buf *buf, clti_fault *fault);

/** @brief Find a partner by GUID or domain. @retval false  there is none, or the store failed. */
CLTI_MUST_CHECK bool clti_partner_named(clti_store *store, clt_str name, clti_arena *arena, clti_partner *out,
                                        clti_fault *fault);

/** A sub-command that works on a store. */
typedef struct clti_store_command {
    clti_command_line line;
    /** Of the command line alone, before the store is touched. NULL: nothing to look at. */
    bool (*check)(void *request, clti_fault *fault);
    /** @return the exit code */
    int (*run)(clti_store *store, clti_arena *arena, void *request);
} clti_store_command;

/** @brief Read the command line, check it, open the store, run, close. @return the exit code */
int clti_store_command_run(const clti_store_command *command, void *request, int argc, char **argv);

/** @brief A finding of a check as a line, for clti_store_check(). @param stream  A FILE. */
void clti_finding_print(void *stream, clt_str text);

/** @brief Apply one change. @param refusal  The text if the store refuses it; NULL for the fault's own. */
CLTI_MUST_CHECK bool clti_change_apply(clti_store *store, const clti_change *change, const char *refusal,
                                       clti_fault *fault);

/* ---- audit (audit.c) ----------------------------------------------------------------------------------- */

/**
 * @brief The audit record of an application that is added or removed.
 * @param command    As in `clienteled COMMAND`.
 * @param operation  REGISTER_APPLICATION or UNREGISTER_APPLICATION.
 * @param[out] out   Its texts live in the arena.
 */
CLTI_MUST_CHECK bool clti_audit_application(const char *command, clti_audit_operation operation,
                                            const clti_application *application, clti_arena *arena,
                                            clti_audit_record *out, clti_fault *fault);

/** @brief The audit record of a new relationship, which its provider keeps. Likewise. */
CLTI_MUST_CHECK bool clti_audit_relationship(const char *command, clt_guid provider,
                                             const clti_partner *reseller, clti_arena *arena,
                                             clti_audit_record *out, clti_fault *fault);

/* ---- commands and their sub-commands (command_group.c) ------------------------------------------------- */

/** The known name that is nearest to one that is not known. */
typedef struct clti_nearest {
    clt_str asked;
    const char *name; /**< NULL: none is near */
    size_t distance;  /**< further away, a suggestion only confuses */
} clti_nearest;

clti_nearest clti_nearest_to(clt_str asked);
void clti_nearest_consider(clti_nearest *nearest, const char *candidate);

typedef struct clti_command {
    const char *name;
    int (*run)(int argc, char **argv); /**< argv[0] is the command's name */
    const char *about;
} clti_command;

typedef struct clti_command_group {
    const char *program; /**< as it is called: `clienteled partner` */
    const clti_command *commands;
    size_t count;
    const char *closing; /**< of the help */
} clti_command_group;

/** @brief Run the command that argv[1] names. @return its exit code, or CLTI_EXIT_USAGE */
int clti_command_dispatch(const clti_command_group *group, int argc, char **argv);

/* ---- commands ------------------------------------------------------------------------------------------ */

int clti_command_serve(int argc, char **argv);
int clti_command_init(int argc, char **argv);
int clti_command_migrate(int argc, char **argv);
int clti_command_import(int argc, char **argv);
int clti_command_generate(int argc, char **argv);
int clti_command_partner(int argc, char **argv);
int clti_command_partner_remove(int argc, char **argv);
int clti_command_partner_set(int argc, char **argv);
int clti_command_app(int argc, char **argv);
int clti_command_app_secret(int argc, char **argv);
int clti_command_user(int argc, char **argv);
int clti_command_keys(int argc, char **argv);
int clti_command_check(int argc, char **argv);
int clti_command_export(int argc, char **argv);
int clti_command_copy(int argc, char **argv);
int clti_command_backup(int argc, char **argv);
int clti_command_restore(int argc, char **argv);
int clti_command_dev_certs(int argc, char **argv);
int clti_command_config(int argc, char **argv);

#endif
