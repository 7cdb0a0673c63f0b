/* Writes that waited, sorted: neighbours go into the same page. The last write to a key is the one that
 * counts. */
#include "store/lmdb/load_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- ranks ---- */

clti_lmdb_load_rank clti_lmdb_load_rank_make(uint16_t group, clt_str key, size_t start, size_t at) {
    clti_lmdb_load_rank rank = {
        .key = key.data, .at = (uint32_t)at, .key_size = (uint16_t)key.size, .group = group};
    uint8_t bytes[sizeof rank.head] = {0};
    clt_str rest = clti_str_from(key, start);
    memcpy(bytes, rest.data, rest.size < sizeof bytes ? rest.size : sizeof bytes);
    for (size_t i = 0; i < CLTI_COUNT(rank.head); i++)
        rank.head[i] = clti_lmdb_read_u64(bytes + 8 * i);
    return rank;
}

static clt_str key_of(const clti_lmdb_load_rank *rank) {
    return (clt_str){rank->key, rank->key_size};
}

int clti_lmdb_load_compare(const void *a, const void *b) {
    const clti_lmdb_load_rank *left = a;
    const clti_lmdb_load_rank *right = b;
    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    for (size_t i = 0; i < CLTI_COUNT(left->head); i++)
        if (left->head[i] != right->head[i])
            return left->head[i] < right->head[i] ? -1 : 1;
    return clti_str_compare(key_of(left), key_of(right));
}

/* A group is a database and, in its last bit, whether the id that the key begins with is not our own: heads
 * stand behind it. */
static int compare_keys(const clti_lmdb_load_rank *left, const clti_lmdb_load_rank *right) {
    int order = 0;
    if (left->group >> 1 == right->group >> 1 && ((left->group | right->group) & 1) != 0)
        order = memcmp(left->key, right->key, sizeof(clt_guid));
    return order != 0 ? order : clti_lmdb_load_compare(left, right);
}

static int compare_writes(const void *a, const void *b) {
    const clti_lmdb_load_rank *left = a;
    const clti_lmdb_load_rank *right = b;
    int order = compare_keys(left, right);
    return order != 0 ? order : (left->at < right->at ? -1 : 1);
}

/* ---- the writes of one database ---- */

static bool write_part(const clti_lmdb_load_run *in, const clti_lmdb_load_rank *begin,
                       const clti_lmdb_load_rank *end, clti_fault *fault) {
    const clti_lmdb_load_write *first = &in->writes[begin->at];
    clti_lmdb_load_sink sink;
    if (!clti_lmdb_load_sink_open(&sink, in->in, (clti_lmdb_database)first->database, key_of(begin),
                                  (size_t)(end - begin), fault))
        return false;
    bool done = true;
    for (const clti_lmdb_load_rank *at = begin; done && at < end; at++) {
        const clti_lmdb_load_write *write = &in->writes[at->at];
        if (at + 1 < end && compare_keys(at, at + 1) == 0)
            continue; /* overwritten within this load */
        done =
            clti_lmdb_load_sink_write(&sink, key_of(at), (clt_str){write->value, write->value_size}, fault);
    }
    return clti_lmdb_load_sink_close(&sink, done, fault);
}

static bool write_ranks(const clti_lmdb_load_run *in, clti_lmdb_load_rank *ranks, clti_fault *fault) {
    const clti_lmdb_load_rank *last = ranks + in->write_count;
    for (size_t i = 0; i < in->write_count; i++) {
        const clti_lmdb_load_write *write = &in->writes[i];
        ranks[i] = clti_lmdb_load_rank_make((uint16_t)(write->database << 1 | !write->is_own),
                                            (clt_str){write->key, write->key_size}, sizeof(clt_guid), i);
    }
    qsort(ranks, in->write_count, sizeof *ranks, compare_writes);
    for (const clti_lmdb_load_rank *begin = ranks; begin < last;) {
        const clti_lmdb_load_rank *end = begin + 1;
        while (end < last && end->group >> 1 == begin->group >> 1)
            end++;
        if (!write_part(in, begin, end, fault))
            return false;
        begin = end;
    }
    return true;
}

bool clti_lmdb_load_write_all(const clti_lmdb_load_run *in, clti_fault *fault) {
    if (in->write_count == 0)
        return true;
    clti_lmdb_load_rank *ranks = calloc(in->write_count, sizeof *ranks);
    if (ranks == NULL)
        return clti_fault_no_memory(fault);
    bool done = write_ranks(in, ranks, fault);
    free(ranks);
    return done;
}
