/**
 * @file profile_private.h
 * @brief Profiles: where a service is, who signs in there, and the secrets for it.
 *
 * All of them stand in one INI file, a section each; `current` above the first section names the one that is
 * used when none is asked for. Texts are kept as they are, so none may have a control character or begin or
 * end with a blank.
 * Owner:  every text is the profile's own; secrets are overwritten before they are freed.
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_PROFILE_PRIVATE_H
#define CLTI_CLI_PROFILE_PRIVATE_H

#include "cli/text_private.h"

/** What the library reads lines with: the longest token that libclientele takes, 64 KiB, and its name. */
#define CLTI_PROFILE_LINE_MAX (80 * 1024)

/** Largest name of a profile. */
#define CLTI_PROFILE_NAME_MAX 40

/** Most profiles, and largest file. */
#define CLTI_PROFILE_COUNT_MAX 1000
#define CLTI_PROFILE_FILE_MAX  ((size_t)16 * 1024 * 1024)

typedef enum clti_profile_field {
    CLTI_PROFILE_CLOUD,
    CLTI_PROFILE_BASE_URL,
    CLTI_PROFILE_AUTHORITY_URL,
    CLTI_PROFILE_CA_FILE,
    CLTI_PROFILE_TENANT,
    CLTI_PROFILE_CLIENT_ID,
    CLTI_PROFILE_CLIENT_SECRET, /**< from here on: secrets and what goes with them */
    CLTI_PROFILE_REFRESH_TOKEN,
    CLTI_PROFILE_ACCESS_TOKEN,
    CLTI_PROFILE_EXPIRES_AT, /**< of the access token, seconds since 1970 */
    CLTI_PROFILE_FIELD_COUNT
} clti_profile_field;

typedef struct clti_profile {
    char *name;
    char *values[CLTI_PROFILE_FIELD_COUNT]; /**< NULL: not set */
} clti_profile;

/** Zeroed is empty. */
typedef struct clti_profiles {
    clti_profile *items;
    size_t count;
    char *current; /**< NULL: none */
} clti_profiles;

void clti_profiles_done(clti_profiles *profiles);

/** @brief Letters, digits, `.`, `_`, `-`; at most CLTI_PROFILE_NAME_MAX. */
bool clti_profile_name_check(clt_str name);

/** @brief A text that the file can keep. */
bool clti_profile_value_check(clt_str value);

/** @brief The profile of a name, or NULL. Valid until one is added or removed. */
clti_profile *clti_profiles_find(const clti_profiles *profiles, const char *name);

/** @brief The same, made if it is not there. */
clti_profile *clti_profiles_put(clti_profiles *profiles, const char *name);

/** @brief Remove one; if it was the current one, there is none any more. @return false if it is not there */
bool clti_profiles_remove(clti_profiles *profiles, const char *name);

/** @brief Set a field to a copy; NULL or empty unsets it. */
void clti_profile_set(clti_profile *profile, clti_profile_field field, const char *value);

/** @brief Unset secrets and tokens; addresses, tenant and application stay. */
void clti_profile_forget(clti_profile *profile);

/** @brief Name of a field in the file. */
const char *clti_profile_field_name(clti_profile_field field);

/**
 * @brief Read the file's text.
 * @param out      Empty before; on failure to be released, too.
 * @param out_why  On failure what is wrong, with its line; free().
 */
bool clti_profiles_parse(clt_str text, clti_profiles *out, char **out_why);

/** @brief Write the file's text. */
void clti_profiles_format(const clti_profiles *profiles, clti_bytes *out);

/* ---- the file (profile_file.c) ------------------------------------------------------------------------- */

/**
 * @brief Where the file is: `$XDG_CONFIG_HOME/clientele/credentials`, else below `~/.config`; free().
 * @return NULL, and told, if there is neither
 */
char *clti_profile_path(void);

/**
 * @brief Read the file; one that is not there is empty.
 * @return false, and told: others may read it, it is somebody else's, it is malformed, ...
 */
bool clti_profile_file_read(clti_profiles *out);

/** Changes the profiles; false to leave the file as it is. */
typedef bool (*clti_profile_change)(void *user, clti_profiles *profiles);

/**
 * @brief Read the file, change it, and write it, while no other process does.
 *
 * It is written beside, synced, and put in place by rename, so that a reader sees the old one or the new one.
 * @return false, and told, if that failed; or the change said so
 */
bool clti_profile_file_update(clti_profile_change change, void *user);

#endif
