/**
 * @file directory.h
 * @brief What a list should show: every customer imported, in the contract's order.
 *
 * The oracle. It shares nothing with the program but GUIDs: CSV is split, names are folded and sorted here.
 */
#ifndef CLTI_TEST_DIRECTORY_H
#define CLTI_TEST_DIRECTORY_H

#include "scene.h"

typedef struct directory_entry {
    clt_guid id;
    char *name, *domain;
    char *name_fold, *domain_fold;
} directory_entry;

typedef struct directory {
    directory_entry *entries;
    size_t count, capacity;
} directory;

/** @brief Where the demo's customers are: from CLIENTELED_DEMO_FOLDER, set by the build. */
void directory_read_demo(directory *out, const char *file);

/** @brief Add one; its id is derived from the domain unless given. */
void directory_add(directory *to, const char *name, const char *domain, const clt_guid *id);

/** @brief Bring it into list order: folded name (first 400 bytes), then id. */
void directory_sort(directory *sorted);

void directory_done(directory *done);

/** @brief design.md 4: NFKD with case folding, ignorable code points removed. The caller's, free(). */
char *directory_fold(const char *text);

#endif
