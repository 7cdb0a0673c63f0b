#include "base/fault.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const clti_fault_kind kinds[CLTI_FAULT_COUNT] = {
#define CLTI_FAULT(symbol, service_code, http_status, source, text)                                          \
    {#symbol, service_code, http_status, source, text},
#include "base/faults.def"
#undef CLTI_FAULT
};

const clti_fault_kind *clti_fault_kind_of(clti_fault_code code) {
    clti_assert(code < CLTI_FAULT_COUNT);
    return &kinds[code];
}

/* vsnprintf cuts at bytes: take back what it left of a character. */
static void mend_end(char *text) {
    size_t size = strlen(text);
    size_t start = size;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    size_t points;
    if (start > 0 && !clti_text_check((clt_str){text + start - 1, size - start + 1}, &points))
        text[start - 1] = '\0';
}

bool clti_fault_set_list(clti_fault *fault, clti_fault_code code, const char *member, const char *format,
                         va_list arguments) {
    if (!fault)
        return false;
    fault->code = code;
    fault->member = member;
    fault->more_count = 0;
    if (!format) {
        snprintf(fault->text, sizeof(fault->text), "%s", kinds[code].text);
        return false;
    }
    vsnprintf(fault->text, sizeof(fault->text), format, arguments);
    mend_end(fault->text);
    return false;
}

bool clti_fault_set(clti_fault *fault, clti_fault_code code, const char *member, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    clti_fault_set_list(fault, code, member, format, arguments);
    va_end(arguments);
    return false;
}

void clti_fault_append(clti_fault *fault, const char *sentence) {
    size_t size = strlen(fault->text);
    snprintf(fault->text + size, sizeof(fault->text) - size, " %s", sentence);
    mend_end(fault->text);
}

bool clti_fault_no_memory(clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_BUSY, NULL,
                          "Not enough memory for this request; try again later.");
}
