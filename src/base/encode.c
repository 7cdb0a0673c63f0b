#include "base/encode.h"

#include <string.h>

static const char url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char plain_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_group(const uint8_t *bytes, size_t size, const char *alphabet, char out[4]) {
    uint32_t bits = (uint32_t)bytes[0] << 16;
    if (size > 1)
        bits |= (uint32_t)bytes[1] << 8;
    if (size > 2)
        bits |= bytes[2];
    for (size_t i = 0; i < 4; i++)
        out[i] = alphabet[bits >> (18 - 6 * i) & 0x3F];
}

void clti_base64url_encode(const uint8_t *bytes, size_t size, clti_buf *out) {
    char *to = clti_buf_reserve(out, size / 3 * 4 + 4);
    if (!to)
        return;
    for (size_t i = 0; i < size; i += 3)
        encode_group(bytes + i, size - i < 3 ? size - i : 3, url_alphabet, to + i / 3 * 4);
    clti_buf_advance(out, (size * 4 + 2) / 3);
}

void clti_base64_encode_12(const uint8_t bytes[12], char out[16]) {
    for (size_t i = 0; i < 4; i++)
        encode_group(bytes + 3 * i, 3, plain_alphabet, out + 4 * i);
}

static int value_of(char c, const char *alphabet) {
    const char *found = c ? strchr(alphabet, c) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

static bool decode(clt_str text, const char *alphabet, uint8_t *out, size_t *out_size) {
    uint32_t bits = 0;
    unsigned bit_count = 0;
    size_t size = 0;
    if (text.size % 4 == 1)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        int value = value_of(text.data[i], alphabet);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            out[size++] = (uint8_t)(bits >> bit_count);
            bits &= (1u << bit_count) - 1;
        }
    }
    /* Left-over bits must be zero, else two texts would mean the same bytes. */
    if (bits != 0)
        return false;
    *out_size = size;
    return true;
}

bool clti_base64url_decode(clt_str text, uint8_t *out, size_t *out_size) {
    return decode(text, url_alphabet, out, out_size);
}

bool clti_base64_decode(clt_str text, uint8_t *out, size_t *out_size) {
    for (int padding = 0; padding < 2 && text.size && text.data[text.size - 1] == '='; padding++)
        text.size--;
    return decode(text, plain_alphabet, out, out_size);
}

uint64_t clti_hash64(uint64_t hash, clt_str bytes) {
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ (uint8_t)bytes.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

int clti_hex_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}
