#include "base/guid.h"
#include "base/crypto.h"
#include "base/encode.h"

#include <string.h>

const clt_guid CLTI_GUID_NAMESPACE_DNS = {
    {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}};

static bool is_hyphen_place(size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool clti_guid_parse(clt_str text, clt_guid *out) {
    if (text.size == CLTI_GUID_TEXT_SIZE + 2 && text.data[0] == '{' && text.data[text.size - 1] == '}')
        text = (clt_str){text.data + 1, CLTI_GUID_TEXT_SIZE};
    if (text.size != CLTI_GUID_TEXT_SIZE)
        return false;
    clt_guid guid;
    size_t filled = 0;
    for (size_t i = 0; i < CLTI_GUID_TEXT_SIZE;) {
        if (is_hyphen_place(i)) {
            if (text.data[i++] != '-')
                return false;
            continue;
        }
        int high = clti_hex_value(text.data[i]), low = clti_hex_value(text.data[i + 1]);
        if (high < 0 || low < 0)
            return false;
        guid.bytes[filled++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    *out = guid;
    return true;
}

/* The list writes two GUIDs an item, so two digits at a time come from a table. */
static const char hex_pairs[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                                "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
                                "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
                                "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
                                "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
                                "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
                                "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
                                "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

static char *put_pairs(char *out, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        memcpy(out + 2 * i, hex_pairs + 2 * (size_t)bytes[i], 2);
    return out + 2 * count;
}

void clti_guid_format(clt_guid guid, char *out) {
    out = put_pairs(out, guid.bytes, 4);
    *out++ = '-';
    for (size_t i = 4; i < 10; i += 2) {
        out = put_pairs(out, guid.bytes + i, 2);
        *out++ = '-';
    }
    put_pairs(out, guid.bytes + 10, 6);
}

clti_guid_text clti_guid_to_text(clt_guid guid) {
    clti_guid_text text;
    clti_guid_format(guid, text.text);
    text.text[CLTI_GUID_TEXT_SIZE] = '\0';
    return text;
}

bool clti_guid_equal(clt_guid a, clt_guid b) {
    return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

bool clti_guid_is_absent(clt_guid guid) {
    return clti_guid_equal(guid, (clt_guid){{0}});
}

static clt_guid with_version(clt_guid guid, uint8_t version) {
    guid.bytes[6] = (uint8_t)((guid.bytes[6] & 0x0F) | version << 4);
    guid.bytes[8] = (uint8_t)((guid.bytes[8] & 0x3F) | 0x80);
    return guid;
}

clt_guid clti_guid_random(void) {
    clt_guid guid;
    clti_random_bytes(guid.bytes, sizeof(guid.bytes));
    return with_version(guid, 4);
}

clt_guid clti_guid_from_name(clt_guid name_space, clt_str name) {
    uint8_t digest[20];
    clti_sha1((clt_str){(const char *)name_space.bytes, sizeof(name_space.bytes)}, name, digest);
    clt_guid guid;
    memcpy(guid.bytes, digest, sizeof(guid.bytes));
    return with_version(guid, 5);
}
