/* Secrets of an application: none, one, or two while the first is being replaced. */
#include "model/partner.h"

#include <string.h>

static const uint8_t none[CLTI_SHA256_SIZE];

static bool is_set(const uint8_t secret[CLTI_SHA256_SIZE]) {
    return memcmp(secret, none, sizeof none) != 0;
}

static clti_secret_name name_of(const uint8_t secret[CLTI_SHA256_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    clti_secret_name name = {""};
    for (size_t i = 0; i < CLTI_SECRET_NAME_SIZE; i++)
        name.text[i] = digits[secret[i / 2] >> (i % 2 ? 0 : 4) & 15];
    return name;
}

size_t clti_application_secrets(const clti_application *application, clti_secret_name out[2]) {
    size_t count = 0;
    if (is_set(application->secret_sha256))
        out[count++] = name_of(application->secret_sha256);
    if (is_set(application->second_sha256))
        out[count++] = name_of(application->second_sha256);
    return count;
}

bool clti_application_add_secret(clti_application *application, const uint8_t sha256[CLTI_SHA256_SIZE],
                                 clti_fault *fault) {
    if (application->is_public)
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                              "The application is public: it has no secrets.");
    if (is_set(application->second_sha256))
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                              "The application has two secrets already; remove one first.");
    memcpy(is_set(application->secret_sha256) ? application->second_sha256 : application->secret_sha256,
           sha256, CLTI_SHA256_SIZE);
    return true;
}

bool clti_application_remove_secret(clti_application *application, clt_str name) {
    uint8_t *first = application->secret_sha256, *second = application->second_sha256;
    const bool is_first = is_set(first) && clti_str_equal_nocase(clti_str(name_of(first).text), name);
    if (!is_first && !(is_set(second) && clti_str_equal_nocase(clti_str(name_of(second).text), name)))
        return false;
    if (is_first) {
        memcpy(first, second, CLTI_SHA256_SIZE);
        application->is_demo = false;
    }
    memset(second, 0, CLTI_SHA256_SIZE);
    return true;
}
