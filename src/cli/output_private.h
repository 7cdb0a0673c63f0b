/**
 * @file output_private.h
 * @brief Customers, and whatever else comes in lists, as people and programs read them: table, JSON, NDJSON,
 *        CSV, TSV.
 *
 * Bytes go out at the end of each page (clti_output_page), so that what an interruption leaves is whole
 * pages. Thread: one thread at a time.
 */
#ifndef CLTI_CLI_OUTPUT_PRIVATE_H
#define CLTI_CLI_OUTPUT_PRIVATE_H

#include "cli/command_private.h"
#include "cli/printer_private.h"
#include "clientele/customers.h"

/* ---- columns ------------------------------------------------------------------------------------------- */

typedef struct clti_column {
    const char *name;  /**< as `clienteled import` understands it */
    const char *title; /**< in a table's header */
    bool is_listed;    /**< a list's items have it, not only a single one */
    bool is_whole;     /**< of no use in part: cut only if nothing else can be */
    /** The cell's text; `room` is for one that has to be put together. Absent if the item has none. */
    clt_str (*get)(const void *item, clti_bytes *room);
} clti_column;

/** What the items of an output are. */
typedef struct clti_kind {
    const clti_column *columns;
    size_t column_count;
    size_t shown_count; /**< of the list's columns, those that are shown without being asked for */
    /** Members of its JSON object; NULL: a text for each column. */
    void (*add_members)(clti_printer *object, const void *item);
} clti_kind;

extern const clti_kind CLTI_KIND_CUSTOMER; /**< items are `clt_customer` */

/** Which columns, in which order. */
typedef struct clti_column_choice {
    const clti_kind *kind;
    const clti_column **items;
    size_t count;
    bool is_explicit; /**< asked for by name */
} clti_column_choice;

/**
 * @brief Read `--columns id,domain`.
 * @param names   NULL: those that are shown without being asked for.
 * @param listed  Only columns that the list has.
 * @return false, and told, for a name that is none
 */
bool clti_column_choose(const clti_invocation *invocation, const clti_kind *kind, const char *names,
                        bool listed, clti_column_choice *out);
void clti_column_choice_done(clti_column_choice *choice);

/* ---- output -------------------------------------------------------------------------------------------- */

#define CLTI_FORMAT_CHOICES "table|json|ndjson|csv|tsv"
typedef enum clti_format_kind {
    CLTI_FORMAT_TABLE,
    CLTI_FORMAT_JSON,
    CLTI_FORMAT_NDJSON,
    CLTI_FORMAT_CSV,
    CLTI_FORMAT_TSV,
} clti_format_kind;

/** @brief The format of a name, which must be one of CLTI_FORMAT_CHOICES; NULL gives `fallback`. */
clti_format_kind clti_format_find(const char *name, clti_format_kind fallback);

typedef struct clti_output {
    clti_format_kind format;
    const clti_column_choice *columns;
    int descriptor;
    bool is_terminal;
    bool has_colours;
    size_t width;       /**< of the terminal, 0: no limit */
    clti_bytes pending; /**< not yet written */
    uint64_t count;     /**< items so far */
    uint64_t size;      /**< bytes written so far */
    int error;          /**< errno of a write that failed; nothing is written after it */
    /* a table's */
    clti_bytes room; /**< cells that were put together */
    clt_str *cells;  /**< of the rows of this page */
    size_t cell_count;
    size_t *widths; /**< of the columns, settled with the first page; NULL before */
} clti_output;

/** @brief Begin on a descriptor. Nothing is written yet. */
void clti_output_init(clti_output *output, clti_format_kind format, const clti_column_choice *columns,
                      int descriptor);

/** @brief What stands before the first item: header, bracket. */
void clti_output_begin(clti_output *output);

/** @brief One more item; it must live until clti_output_page(). */
void clti_output_add(clti_output *output, const void *item);

/** @brief All customers of a page, and write it out. */
bool clti_output_add_page(clti_output *output, const clt_customer_page *page);

/** @brief Write out. @return false if that fails now or failed earlier */
bool clti_output_page(clti_output *output);

/**
 * @brief What stands behind the last item; write out.
 * @param is_whole  All items came. If not, an array stays open, so that no program takes it for all of them.
 */
bool clti_output_end(clti_output *output, bool is_whole);

/** @brief A single item: in a table, a line for each column that it has. */
bool clti_output_single(clti_output *output, const void *item);

/** @brief Wait, but no longer than there is somebody who reads. @return false if nobody does: a failed write
 */
bool clti_output_wait(clti_output *output, int milliseconds);

void clti_output_done(clti_output *output);

/** @brief Tell that standard output failed, unless its reader has left. @return the exit code */
int clti_output_fail(const clti_output *output);

/** @brief Write a text to standard output. @return CLTI_EXIT_DONE, also if its reader left; or told */
int clti_print(clt_str text);

/** @brief Write all of it. @return 0 or errno */
int clti_write_all(int descriptor, clt_str bytes);

/* ---- formats ------------------------------------------------------------------------------------------- */

void clti_table_add(clti_output *output, const void *item);
void clti_table_flush(clti_output *output);
void clti_table_single(clti_output *output, const void *item);

void clti_csv_begin(clti_output *output);
void clti_csv_add(clti_output *output, const void *item);

void clti_array_begin(clti_output *output);
void clti_array_add(clti_output *output, const void *item);
void clti_array_end(clti_output *output);
void clti_ndjson_add(clti_output *output, const void *item);
void clti_object_single(clti_output *output, const void *item);

/** How the members of one item are written, a line each. */
typedef struct clti_record {
    size_t name_width; /**< of the longest name */
    size_t width;      /**< of the terminal, 0: no limit */
    bool has_colours;
} clti_record;

/** @brief A member's line. What is longer than the terminal is wide goes on below, where it began. */
void clti_record_add(clti_bytes *out, const clti_record *record, clt_str name, clt_str value);

/** @brief A cell of CSV: RFC 4180, quoted where need be, otherwise as it is. */
void clti_csv_add_cell(clti_bytes *out, clt_str cell);

/** @brief A cell of TSV: tab, line ends and backslash as \t, \n, \r and \\. */
void clti_tsv_add_cell(clti_bytes *out, clt_str cell);

#endif
