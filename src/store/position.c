#include "store/store_private.h"

#include <string.h>

size_t clti_position_write(clt_str folded, clt_guid id, uint8_t out[CLTI_POSITION_MAX]) {
    size_t size = folded.size < CLTI_FOLD_KEY_MAX ? folded.size : CLTI_FOLD_KEY_MAX;
    if (size > 0)
        memcpy(out, folded.data, size);
    out[size++] = 0;
    memcpy(out + size, id.bytes, sizeof id.bytes);
    return size + sizeof id.bytes;
}
