/* Rows of one table, by COPY. They go in ordered: neighbours in an index are in the same page. */
#include "store/postgres/load_private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define ROW_SIZE_MAX ((size_t)1 << 24)

/* Sent at a time. */
#define PIECE_SIZE ((size_t)1 << 16)

#define UNIQUE_VIOLATION "23505"

/* ---- rows ---- */

void clti_pg_table_init(clti_pg_table *table, const char *copy) {
    *table = (clti_pg_table){.copy = copy};
    clti_buf_init(&table->row, ROW_SIZE_MAX);
}

void clti_pg_table_done(clti_pg_table *table) {
    clti_buf_done(&table->row);
    clti_arena_done(&table->arena);
    free(table->rows);
}

void clti_pg_table_clear(clti_pg_table *table) {
    clti_arena_done(&table->arena);
    table->count = 0;
}

void clti_pg_table_begin_row(clti_pg_table *table, uint8_t columns) {
    const char count[] = {0, (char)columns};
    clti_buf_clear(&table->row);
    clti_buf_add(&table->row, (clt_str){count, sizeof count});
}

void clti_pg_table_add(clti_pg_table *table, clt_str value) {
    const uint32_t size = (uint32_t)value.size;
    const char bytes[] = {(char)(size >> 24), (char)(size >> 16), (char)(size >> 8), (char)size};
    clti_buf_add(&table->row, (clt_str){bytes, sizeof bytes});
    clti_buf_add(&table->row, value);
}

static clti_pg_row *new_row(clti_pg_table *table) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity == 0 ? 1024 : table->capacity * 2;
        clti_pg_row *larger = reallocarray(table->rows, capacity, sizeof *larger);
        if (larger == NULL)
            return NULL;
        table->rows = larger;
        table->capacity = capacity;
    }
    return &table->rows[table->count++];
}

static uint64_t head_of(clt_str key) {
    uint64_t head = 0;
    for (size_t i = 0; i < sizeof head; i++)
        head = head << 8 | (i < key.size ? (uint8_t)key.data[i] : 0);
    return head;
}

bool clti_pg_table_end_row(clti_pg_table *table, size_t key_at, size_t key_size, clti_fault *fault) {
    clt_str kept;
    if (!clti_buf_ok(&table->row) || !clti_arena_copy(&table->arena, clti_buf_str(&table->row), &kept))
        return clti_fault_no_memory(fault);
    clti_pg_row *row = new_row(table);
    if (row == NULL)
        return clti_fault_no_memory(fault);
    clt_str key = {kept.data + key_at, key_size};
    *row = (clti_pg_row){head_of(key), key.data, kept.data, (uint32_t)kept.size, (uint32_t)key_size};
    return true;
}

static int compare(const void *a, const void *b) {
    const clti_pg_row *left = a;
    const clti_pg_row *right = b;
    if (left->head != right->head)
        return left->head < right->head ? -1 : 1;
    return clti_str_compare((clt_str){left->key, left->key_size}, (clt_str){right->key, right->key_size});
}

/* ---- copying ---- */

static clti_pg_verdict start(clti_pg_connection *on, const char *text, clti_fault *fault) {
    PGresult *result;
    if (PQexitPipelineMode(on->pg) == 0 || PQsendQuery(on->pg, text) == 0)
        return clti_pg_lost(on, fault);
    clti_pg_verdict verdict = clti_pg_flush(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_wait_result(on, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        on->is_broken = true; /* where we are in its protocol we do not know */
        verdict = result != NULL ? clti_pg_judge(on, result, fault) : clti_pg_lost(on, fault);
    }
    PQclear(result);
    return verdict;
}

static clti_pg_verdict send_piece(clti_pg_connection *on, const clti_buf *piece, clti_fault *fault) {
    clti_pg_load_breathe(on);
    for (;;) {
        int sent = PQputCopyData(on->pg, piece->data, (int)piece->size);
        if (sent < 0)
            return clti_pg_lost(on, fault);
        clti_pg_verdict verdict = clti_pg_flush(on, fault);
        if (verdict != CLTI_PG_DONE || sent > 0)
            return verdict;
    }
}

static clti_pg_verdict send_rows(clti_pg_connection *on, const clti_pg_table *table, clti_buf *piece,
                                 clti_fault *fault) {
    static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* no flags, no extension */
    clti_buf_add(piece, (clt_str){header, sizeof header});
    for (size_t i = 0; i < table->count; i++) {
        clti_buf_add(piece, (clt_str){table->rows[i].bytes, table->rows[i].size});
        if (piece->size < PIECE_SIZE)
            continue;
        clti_pg_verdict verdict = clti_buf_ok(piece) ? send_piece(on, piece, fault) : CLTI_PG_DONE;
        if (verdict != CLTI_PG_DONE)
            return verdict;
        clti_buf_clear(piece);
    }
    clti_buf_add(piece, (clt_str){"\377\377", 2});
    if (clti_buf_ok(piece))
        return send_piece(on, piece, fault);
    on->is_broken = true;
    clti_fault_no_memory(fault);
    return CLTI_PG_FAILED;
}

/* The verdict on all, and the end of results behind it. */
static clti_pg_verdict finish(clti_pg_connection *on, bool *out_conflict, clti_fault *fault) {
    clti_pg_verdict judged = CLTI_PG_DONE;
    clti_pg_load_breathe(on);
    for (;;) {
        PGresult *result;
        clti_pg_verdict verdict = clti_pg_wait_result(on, &result, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        if (result == NULL)
            break;
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        *out_conflict |= state != NULL && strcmp(state, UNIQUE_VIOLATION) == 0;
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            judged = clti_pg_judge(on, result, fault);
        PQclear(result);
    }
    if (!on->is_broken && PQenterPipelineMode(on->pg) == 0)
        return clti_pg_lost(on, fault);
    return judged;
}

static clti_pg_verdict end(clti_pg_connection *on, clti_fault *fault) {
    for (;;) {
        int sent = PQputCopyEnd(on->pg, NULL);
        if (sent < 0)
            return clti_pg_lost(on, fault);
        clti_pg_verdict verdict = clti_pg_flush(on, fault);
        if (verdict != CLTI_PG_DONE || sent > 0)
            return verdict;
    }
}

clti_pg_verdict clti_pg_table_copy(clti_pg_connection *on, clti_pg_table *table, bool *out_conflict,
                                   clti_fault *fault) {
    clti_buf piece;
    *out_conflict = false;
    if (table->count == 0)
        return CLTI_PG_DONE;
    qsort(table->rows, table->count, sizeof *table->rows, compare);
    clti_pg_load_breathe(on);
    clti_pg_verdict verdict = start(on, table->copy, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    clti_buf_init(&piece, PIECE_SIZE + ROW_SIZE_MAX);
    verdict = send_rows(on, table, &piece, fault);
    clti_buf_done(&piece);
    if (verdict == CLTI_PG_DONE)
        verdict = end(on, fault);
    return verdict == CLTI_PG_DONE ? finish(on, out_conflict, fault) : verdict;
}
