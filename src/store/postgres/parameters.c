#include "store/postgres/postgres_private.h"

#include <limits.h>
#include <string.h>

#define FORMAT_BINARY 1

static void add(clti_pg_parameters *to, const char *bytes, size_t size) {
    clti_assert(to->count < CLTI_PG_PARAMETERS_MAX && size <= INT_MAX);
    to->values[to->count] = bytes;
    to->formats[to->count] = FORMAT_BINARY;
    to->sizes[to->count++] = (int)size;
}

/* Numbers travel with their most significant byte first. */
static void add_number(clti_pg_parameters *to, uint64_t number, size_t size) {
    clti_assert(to->count < CLTI_PG_PARAMETERS_MAX);
    uint8_t *kept = to->kept[to->count];
    for (size_t i = size; i-- > 0; number >>= 8)
        kept[i] = (uint8_t)number;
    add(to, (const char *)kept, size);
}

void clti_pg_add_guid(clti_pg_parameters *to, clt_guid id) {
    clti_assert(to->count < CLTI_PG_PARAMETERS_MAX);
    uint8_t *kept = to->kept[to->count];
    memcpy(kept, id.bytes, sizeof id.bytes);
    add(to, (const char *)kept, sizeof id.bytes);
}

void clti_pg_add_bytes(clti_pg_parameters *to, clt_str bytes) {
    add(to, bytes.data, bytes.size);
}

void clti_pg_add_int64(clti_pg_parameters *to, int64_t number) {
    add_number(to, (uint64_t)number, sizeof number);
}

void clti_pg_add_int16(clti_pg_parameters *to, int16_t number) {
    add_number(to, (uint64_t)number, sizeof number);
}

void clti_pg_add_bool(clti_pg_parameters *to, bool value) {
    add_number(to, value, 1);
}

void clti_pg_add_null(clti_pg_parameters *to) {
    add(to, NULL, 0);
}
