/**
 * @file settings.h
 * @brief Settings from file, environment and flags, in rising priority, over one table.
 *
 * `auth.require_user` is `require_user` under `[auth]` in the file, `CLIENTELE_AUTH_REQUIRE_USER` in the
 * environment and `--auth-require-user` as a flag. An unknown name is an error that suggests the nearest.
 * Thread: immutable after loading.
 */
#ifndef CLTI_SETTINGS_H
#define CLTI_SETTINGS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

typedef enum clti_setting_type {
    CLTI_SETTING_TEXT,
    CLTI_SETTING_BOOL,  /**< true, false, yes, no, on, off, 1, 0 */
    CLTI_SETTING_COUNT, /**< a whole number between min and max */
    CLTI_SETTING_SIZE,  /**< bytes, with K, M, G or T for powers of 1024 */
    CLTI_SETTING_CHOICE /**< one word of `choices`; its value is the word's position */
} clti_setting_type;

/** One row of the table; all strings static. */
typedef struct clti_setting {
    const char *name; /**< `section.word_word`, or one word */
    clti_setting_type type;
    const char *fallback; /**< default, as it would be written in the file */
    uint64_t min, max;    /**< for COUNT and SIZE */
    const char *choices;  /**< for CHOICE: words separated by '|' */
    const char *argument; /**< name of the flag's argument in the help, or NULL for a bare switch */
    const char *help;
} clti_setting;

typedef enum clti_setting_origin {
    CLTI_ORIGIN_DEFAULT,
    CLTI_ORIGIN_FILE,
    CLTI_ORIGIN_ENVIRONMENT,
    CLTI_ORIGIN_FLAG
} clti_setting_origin;

typedef struct clti_setting_value {
    clt_str text;    /**< as given, terminated */
    uint64_t number; /**< COUNT, SIZE, CHOICE, BOOL (0 or 1) */
    clti_setting_origin origin;
} clti_setting_value;

typedef struct clti_settings {
    const clti_setting *table;
    size_t count;
    clti_setting_value *values; /**< one per row */
    clti_arena arena;
} clti_settings;

/** @brief Everything at its default. `table` must outlive the settings. */
CLTI_MUST_CHECK bool clti_settings_init(clti_settings *settings, const clti_setting *table, size_t count,
                                        clti_fault *fault);
void clti_settings_done(clti_settings *settings);

/** @brief Read an INI file. The fault names file, line and setting. */
CLTI_MUST_CHECK bool clti_settings_read_file(clti_settings *settings, const char *path, clti_fault *fault);

/**
 * @brief Read every CLIENTELE_* variable of `environment` (as `environ`). Empty values count as not set.
 * @param others  Names of variables that are another program's, ended by NULL; these are passed over.
 */
CLTI_MUST_CHECK bool clti_settings_read_environment(clti_settings *settings, char *const *environment,
                                                    const char *const *others, clti_fault *fault);

/**
 * @brief Set one by its dotted name, unless it is set by an origin of higher priority: so the order in which
 *        origins are read does not matter. `where` goes into the message ("--flag", a file, a variable).
 */
CLTI_MUST_CHECK bool clti_settings_set(clti_settings *settings, clt_str name, clt_str value,
                                       clti_setting_origin origin, const char *where, clti_fault *fault);

/** @brief Value of a row; asking for a name that is not in the table is a mistake of ours. */
const clti_setting_value *clti_settings_get(const clti_settings *settings, const char *name);

/** @brief Row for a flag name without dashes (`auth-require-user`), or NULL. */
const clti_setting *clti_settings_find_flag(const clti_setting *table, size_t count, clt_str flag);

/** @brief The table's flag name nearest to `flag`, or NULL if none is near. */
const char *clti_settings_suggest(const clti_setting *table, size_t count, clt_str name);

#endif
