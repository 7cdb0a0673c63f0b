/**
 * @file import_private.h
 * @brief Customers from files into the store.
 *
 * Bytes go through a reader (import_rows.c), which tells the three forms apart and makes rows of them; rows
 * wait in a batch (import_batch.c) until they are stored; what is refused goes to a rejects file
 * (import_rejects.c). Rows stay in order all the way.
 * Thread: one thread at a time.
 */
#ifndef CLTI_IMPORT_PRIVATE_H
#define CLTI_IMPORT_PRIVATE_H

#include "daemon/long_run_private.h"
#include "store/store.h"
#include "wire/wire.h"

#include <stdio.h>
#include <sys/stat.h>

/** What became of the rows so far. */
typedef struct clti_import_summary {
    uint64_t rows, added, updated, unchanged, refused;
} clti_import_summary;

/**
 * @brief Import a whole text, in any of the three forms. Refused rows are only counted.
 * @retval false  the text is malformed or the store failed; whole batches may have been stored.
 */
CLTI_MUST_CHECK bool clti_import_bytes(clti_store *store, clt_guid partner, clt_str bytes,
                                       clti_import_summary *out, clti_fault *fault);

/** @brief One line: `N rows: N new, N updated, N unchanged, N refused`. */
void clti_import_summary_print(const clti_import_summary *summary);

/** One row of the input, as it stood there: the cells of a CSV row, or a line of NDJSON as one cell. */
typedef struct clti_import_row {
    uint64_t line; /**< on which it begins, 1-based */
    const clt_str *cells;
    size_t count;
} clti_import_row;

/* ---- import_rejects.c ------------------------------------------------------------------------------- */

/** Where refused rows go, with reasons: a new file beside `path`, which takes its name once it is whole. */
typedef struct clti_import_rejects {
    const char *path; /**< NULL: nowhere */
    clti_arena *arena;
    FILE *file;
    char *temporary;       /**< name of the new file; NULL: `path` itself is written, such as a device */
    struct stat before;    /**< the file of an earlier run; st_nlink is 0 if there is none */
    bool has_rows;         /**< something was refused */
    bool has_failed;       /**< it could not be written, which was told */
    const clt_str *header; /**< column names of CSV input; NULL for NDJSON */
    size_t header_count;
} clti_import_rejects;

/** @brief Make the new file, before anything is stored, so that it is known to be possible. */
CLTI_MUST_CHECK bool clti_import_rejects_begin(clti_import_rejects *rejects, clti_fault *fault);

CLTI_MUST_CHECK bool clti_import_rejects_add(clti_import_rejects *rejects, const clti_import_row *row,
                                             clt_str reason, clti_fault *fault);

/**
 * @brief Close, on failure too, and give the file its name: `path`, unless another import took that
 * meanwhile; then `path` is changed to the name that it has. Without refused rows there is no file.
 * @param is_complete  The whole input is in: if nothing was refused, the file of an earlier run goes, too.
 * @retval false  it could not be written, and nobody was told yet.
 */
CLTI_MUST_CHECK bool clti_import_rejects_close(clti_import_rejects *rejects, bool is_complete,
                                               clti_fault *fault);

/* ---- import_batch.c --------------------------------------------------------------------------------- */

typedef struct clti_import_entry clti_import_entry;

/** Rows on their way into the store. */
typedef struct clti_import_batch {
    clti_store *store;
    clt_guid partner;
    clti_import_rejects *rejects;
    const volatile sig_atomic_t *interrupted; /**< NULL: nobody can */
    bool is_interrupted;                      /**< a flush ended between two loads */
    clti_import_summary summary;
    uint64_t stored_before_line; /**< rows that begin before this line are done */

    clti_arena arena; /**< texts of the waiting rows */
    size_t text_size;
    clti_import_entry *entries; /**< every waiting row */
    size_t entry_count, entry_capacity;
    clti_customer *customers; /**< those of them that were accepted */
    size_t customer_count, customer_capacity;
    size_t entry_max; /**< waiting rows that are worth a load */
    clti_pace pace;
} clti_import_batch;

void clti_import_batch_init(clti_import_batch *batch, clti_store *store, clt_guid partner,
                            clti_import_rejects *rejects, const volatile sig_atomic_t *interrupted);
void clti_import_batch_done(clti_import_batch *batch);

/**
 * @brief Add a row; stores what is waiting if that is enough.
 *
 * Owner: row->cells and the customer's texts live in batch->arena.
 * @param customer  Complete, or NULL if the row is refused.
 * @param reason    Why it is refused; copied.
 */
CLTI_MUST_CHECK bool clti_import_batch_add(clti_import_batch *batch, const clti_import_row *row,
                                           const clti_customer *customer, const char *reason,
                                           clti_fault *fault);

/** @brief Store what is waiting. @retval false also when interrupted between two loads: see is_interrupted.
 */
CLTI_MUST_CHECK bool clti_import_batch_flush(clti_import_batch *batch, clti_fault *fault);

/* ---- import_rows.c ---------------------------------------------------------------------------------- */

typedef struct clti_import_reader clti_import_reader;

/** @brief A reader that fills a batch; the batch must outlive it and be flushed before it is freed. */
CLTI_MUST_CHECK bool clti_import_reader_new(clti_import_batch *batch, clti_import_reader **out,
                                            clti_fault *fault);
void clti_import_reader_free(clti_import_reader *reader);

/** @brief Feed bytes; the first call gets at least 3 unless there are no more. */
CLTI_MUST_CHECK bool clti_import_reader_feed(clti_import_reader *reader, clt_str bytes, clti_fault *fault);

/** @brief End of input; does not flush the batch. */
CLTI_MUST_CHECK bool clti_import_reader_finish(clti_import_reader *reader, clti_fault *fault);

/** @brief The line that is being read, for messages. */
uint64_t clti_import_reader_line(const clti_import_reader *reader);

#endif
