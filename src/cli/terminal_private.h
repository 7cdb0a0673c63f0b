/**
 * @file terminal_private.h
 * @brief The terminal, if there is one: its width, colours, a line of progress, Ctrl-C.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_TERMINAL_PRIVATE_H
#define CLTI_CLI_TERMINAL_PRIVATE_H

#include "cli/text_private.h"
#include "clientele/partner.h"

/** @brief Columns of the terminal behind a descriptor; 0 if it is none. */
size_t clti_terminal_width(int descriptor);

/** @brief Colours are welcome there: a terminal, not a dumb one, and NO_COLOR is not set. */
bool clti_terminal_has_colours(int descriptor);

/* ---- progress ------------------------------------------------------------------------------------------ */

/** A line on standard error, and nothing if that is no terminal. */
typedef struct clti_progress {
    bool is_wanted;
    uint64_t total; /**< 0: not known, so no bar and no time left */
    uint64_t first; /**< done when it began, by an earlier run */
    int64_t began_us, shown_us;
} clti_progress;

/** @brief Start the clock. */
void clti_progress_begin(clti_progress *progress, uint64_t first, uint64_t total);

/** @brief Show how many are done, a few times a second. */
void clti_progress_show(clti_progress *progress, uint64_t done);

/** @brief Take the line away. */
void clti_progress_end(const clti_progress *progress);

/* ---- conversation (prompt.c) --------------------------------------------------------------------------- */

/** @brief A person can be asked: standard input and standard error are a terminal. */
bool clti_prompt_is_possible(void);

/**
 * @brief Ask for a line.
 * @param question  Shown as it is; text from elsewhere in it is made harmless.
 * @return free(), without blanks around it; NULL: Ctrl-C, or the end of the input
 */
char *clti_prompt(const char *question);

/* ---- interruption -------------------------------------------------------------------------------------- */

/**
 * @brief From here the first SIGINT or SIGTERM cancels the calls that use `cancellation` and is remembered; a
 *        second one ends the process. It must live until clti_interrupt_forget().
 */
void clti_interrupt_watch(clt_cancellation *cancellation);
void clti_interrupt_forget(void);

/** @brief A signal came. */
bool clti_interrupt_came(void);

#endif
