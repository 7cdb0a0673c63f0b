/* Arrays of one dimension, as PostgreSQL has them on the wire: dimensions, whether there are NULLs, type of
 * the elements, their count and the first one's number; then each with its size before it. */
#include "store/postgres/change_private.h"

#include <limits.h>
#include <string.h>

/* Types, as pg_type has numbered them since ever. */
#define TYPE_BYTEA 17
#define TYPE_INT8  20
#define TYPE_UUID  2950

#define HEADER_SIZE ((size_t)20)

static void write_u32(uint32_t number, char *out) {
    for (size_t i = 4; i-- > 0; number >>= 8)
        out[i] = (char)(uint8_t)number;
}

static void add_u32(clti_buf *to, uint32_t number) {
    char bytes[4];
    write_u32(number, bytes);
    clti_buf_add(to, (clt_str){bytes, sizeof bytes});
}

void clti_pg_array_init(clti_pg_array *array) {
    clti_buf_init(&array->bytes, INT_MAX);
    array->count = 0;
    array->type = 0;
}

void clti_pg_array_done(clti_pg_array *array) {
    clti_buf_done(&array->bytes);
}

static void begin(clti_pg_array *array, uint32_t type) {
    static const char header[HEADER_SIZE];
    clti_buf_clear(&array->bytes);
    clti_buf_add(&array->bytes, (clt_str){header, sizeof header});
    array->type = type;
    array->count = 0;
}

void clti_pg_array_of_guids(clti_pg_array *array) {
    begin(array, TYPE_UUID);
}

void clti_pg_array_of_bytes(clti_pg_array *array) {
    begin(array, TYPE_BYTEA);
}

void clti_pg_array_of_numbers(clti_pg_array *array) {
    begin(array, TYPE_INT8);
}

void clti_pg_array_add_bytes(clti_pg_array *array, clt_str bytes) {
    add_u32(&array->bytes, (uint32_t)bytes.size);
    clti_buf_add(&array->bytes, bytes);
    array->count++;
}

void clti_pg_array_add_guid(clti_pg_array *array, clt_guid id) {
    clti_pg_array_add_bytes(array, (clt_str){(const char *)id.bytes, sizeof id.bytes});
}

void clti_pg_array_add_number(clti_pg_array *array, int64_t number) {
    char bytes[8];
    write_u32((uint32_t)((uint64_t)number >> 32), bytes);
    write_u32((uint32_t)(uint64_t)number, bytes + 4);
    clti_pg_array_add_bytes(array, (clt_str){bytes, sizeof bytes});
}

bool clti_pg_add_array(clti_pg_parameters *to, clti_pg_array *array) {
    if (!clti_buf_ok(&array->bytes))
        return false;
    const bool is_empty = array->count == 0;
    const uint32_t header[] = {is_empty ? 0 : 1, 0, array->type, array->count, 1};
    for (size_t i = 0; i < CLTI_COUNT(header); i++)
        write_u32(header[i], array->bytes.data + 4 * i);
    clt_str bytes = clti_buf_str(&array->bytes);
    if (is_empty)
        bytes.size = 4 * 3; /* no dimension is described */
    clti_pg_add_bytes(to, bytes);
    return true;
}
