/* JSON, a member at a time. */
#include "cli/printer_private.h"
#include "cli/shown_private.h"

#include <string.h>

/* ---- strings ------------------------------------------------------------------------------------------- */

/* Bytes with which something begins that may not stay as it is: control characters, quote, backslash, DEL,
 * and the leads of C1 controls, of direction marks, and of whatever is not UTF-8. */
static bool needs_look(unsigned char byte) {
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F || byte >= 0x80;
}

static void add_point(clti_bytes *out, clt_str *text) {
    static const char acting[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    clt_str before = *text;
    uint32_t point = clti_shown_next(text);
    size_t size = before.size - text->size;
    const char *at = point > 0 && point < 0x80 ? strchr(acting, (int)point) : NULL;
    if (at) {
        clti_bytes_add_char(out, '\\');
        clti_bytes_add_char(out, letters[at - acting]);
    } else if (clti_shown_acts(point))
        clti_bytes_add_format(out, "\\u%04x", point);
    else if (point == 0xFFFD && size == 1)
        clti_bytes_add_text(out, "\xEF\xBF\xBD");
    else
        clti_bytes_add(out, (clt_str){before.data, size});
}

void clti_json_add(clti_bytes *out, clt_str text) {
    clti_bytes_add_char(out, '"');
    while (text.size > 0) {
        size_t plain = 0;
        while (plain < text.size && !needs_look((unsigned char)text.data[plain]))
            plain++;
        clti_bytes_add(out, (clt_str){text.data, plain});
        text = (clt_str){text.data + plain, text.size - plain};
        if (text.size > 0)
            add_point(out, &text);
    }
    clti_bytes_add_char(out, '"');
}

void clti_json_add_harmless(clti_bytes *out, clt_str json) {
    while (json.size > 0) {
        clt_str before = json;
        uint32_t point = clti_shown_next(&json);
        /* Outside of texts only line ends act, and they are white space. */
        if (clti_shown_acts(point) && point != '\n')
            clti_bytes_add_format(out, "\\u%04x", point);
        else
            clti_bytes_add(out, (clt_str){before.data, before.size - json.size});
    }
}

/* ---- objects ------------------------------------------------------------------------------------------- */

static void begin_line(clti_printer *object) {
    if (!object->is_indented)
        return;
    clti_bytes_add_char(object->out, '\n');
    for (int i = 0; i < object->depth; i++)
        clti_bytes_add_text(object->out, "  ");
}

void clti_printer_begin(clti_printer *object) {
    clti_bytes_add_char(object->out, '{');
    object->depth++;
    object->has_members = false;
}

void clti_printer_end(clti_printer *object) {
    object->depth--;
    if (object->has_members)
        begin_line(object);
    clti_bytes_add_char(object->out, '}');
    object->has_members = true;
}

void clti_printer_name(clti_printer *object, const char *name) {
    if (object->has_members)
        clti_bytes_add_char(object->out, ',');
    begin_line(object);
    clti_bytes_add_char(object->out, '"');
    clti_bytes_add_text(object->out, name);
    clti_bytes_add_text(object->out, object->is_indented ? "\": " : "\":");
    object->has_members = true;
}

void clti_printer_text(clti_printer *object, const char *name, clt_str value) {
    if (!value.data)
        return;
    clti_printer_name(object, name);
    clti_json_add(object->out, value);
}

void clti_printer_texts(clti_printer *object, const clti_printer_member *members, size_t count) {
    for (size_t i = 0; i < count; i++)
        clti_printer_text(object, members[i].name, members[i].value);
}

void clti_printer_begin_array(clti_printer *object) {
    clti_bytes_add_char(object->out, '[');
    object->depth++;
    object->has_members = false;
}

void clti_printer_item(clti_printer *object) {
    if (object->has_members)
        clti_bytes_add_char(object->out, ',');
    begin_line(object);
    object->has_members = true;
}

void clti_printer_end_array(clti_printer *object) {
    object->depth--;
    if (object->has_members)
        begin_line(object);
    clti_bytes_add_char(object->out, ']');
    object->has_members = true;
}
