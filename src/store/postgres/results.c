#include "store/postgres/postgres_private.h"

#include <string.h>

bool clti_pg_is_null(const PGresult *result, int row, int column) {
    return PQgetisnull(result, row, column) != 0;
}

clt_str clti_pg_bytes(const PGresult *result, int row, int column) {
    if (clti_pg_is_null(result, row, column))
        return (clt_str){NULL, 0};
    return (clt_str){PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column)};
}

clt_guid clti_pg_guid(const PGresult *result, int row, int column) {
    clt_guid id;
    clt_str value = clti_pg_bytes(result, row, column);
    clti_assert(value.size == sizeof id.bytes);
    memcpy(id.bytes, value.data, value.size);
    return id;
}

static uint64_t number(const PGresult *result, int row, int column, size_t size) {
    uint64_t out = 0;
    clt_str value = clti_pg_bytes(result, row, column);
    clti_assert(value.size == size);
    for (size_t i = 0; i < size; i++)
        out = out << 8 | (uint8_t)value.data[i];
    return out;
}

int64_t clti_pg_int64(const PGresult *result, int row, int column) {
    return (int64_t)number(result, row, column, sizeof(int64_t));
}

int32_t clti_pg_int32(const PGresult *result, int row, int column) {
    return (int32_t)number(result, row, column, sizeof(int32_t));
}

int16_t clti_pg_int16(const PGresult *result, int row, int column) {
    return (int16_t)number(result, row, column, sizeof(int16_t));
}

bool clti_pg_bool(const PGresult *result, int row, int column) {
    return number(result, row, column, 1) != 0;
}
