/**
 * @file folder.h
 * @brief Folders that tests may fill and that are gone afterwards.
 */
#ifndef CLTI_TEST_FOLDER_H
#define CLTI_TEST_FOLDER_H

/** @brief A new, empty folder under $TMPDIR or /tmp. The path is the caller's, free(). NULL on failure. */
char *clti_test_folder_make(void);

/** @brief Remove a folder with everything in it. NULL is allowed. */
void clti_test_folder_remove(const char *folder);

#endif
