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

/* What a character stands for in both alphabets: a value, with a mark if it belongs to one of them alone.
 * Tokens are decoded with each request, so one look has to do. */
enum { URL_ONLY = 0x40, PLAIN_ONLY = 0x80, NO_DIGIT = 0xFF };
static const uint8_t base64_values[128] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbe, 0xff, 0x7e, 0xff, 0xbf,
    0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
    0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0xff, 0xff, 0xff, 0xff, 0x7f,
    0xff, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0xff, 0xff, 0xff, 0xff, 0xff,
};

/* `mark` is of the alphabet that counts. */
static bool decode(clt_str text, uint8_t mark, uint8_t *out, size_t *out_size) {
    uint32_t bits = 0;
    unsigned bit_count = 0;
    size_t size = 0;
    if (text.size % 4 == 1)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        uint8_t value = c < sizeof base64_values ? base64_values[c] : NO_DIGIT;
        if (value & 0xC0 & ~mark)
            return false;
        bits = bits << 6 | (value & 0x3F);
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
    return decode(text, URL_ONLY, out, out_size);
}

bool clti_base64_decode(clt_str text, uint8_t *out, size_t *out_size) {
    for (int padding = 0; padding < 2 && text.size && text.data[text.size - 1] == '='; padding++)
        text.size--;
    return decode(text, PLAIN_ONLY, out, out_size);
}

uint64_t clti_hash64(uint64_t hash, clt_str bytes) {
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ (uint8_t)bytes.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Value of each ASCII character as a hexadecimal digit. */
static const int8_t hex_values[128] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0,  1,  2,  3,
    4,  5,  6,  7,  8,  9,  -1, -1, -1, -1, -1, -1, -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 10, 11, 12, 13, 14, 15, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};

int clti_hex_value(char digit) {
    unsigned char c = (unsigned char)digit;
    return c < sizeof hex_values ? hex_values[c] : -1;
}
