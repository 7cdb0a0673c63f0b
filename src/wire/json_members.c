#include "wire/wire_private.h"

/* Members are written with a comma behind each; the end of an object takes the last one back. */
void clti_json_end(clti_buf *out, char bracket) {
    if (out->size && out->data[out->size - 1] == ',')
        out->size--;
    clti_buf_add_char(out, bracket);
    clti_buf_add_char(out, ',');
}

static void add_text(clti_buf *out, const char *name, clt_str text) {
    clti_buf_add_format(out, "\"%s\":", name);
    clti_json_add_string(out, text);
    clti_buf_add_char(out, ',');
}

void clti_json_add_text(clti_buf *out, const char *name, clt_str text) {
    if (!clti_str_is_empty(text))
        add_text(out, name, text);
}

void clti_json_add_guid(clti_buf *out, const char *name, clt_guid guid) {
    if (!clti_guid_is_absent(guid))
        clti_buf_add_format(out, "\"%s\":\"%s\",", name, clti_guid_to_text(guid).text);
}

void clti_json_add_texts(clti_buf *out, const char *name, const clti_json_member_text *members,
                         size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any |= members[i].text.data != NULL;
    if (!any)
        return;
    if (name)
        clti_buf_add_format(out, "\"%s\":", name);
    clti_buf_add_char(out, '{');
    for (size_t i = 0; i < count; i++)
        if (members[i].text.data)
            add_text(out, members[i].name, members[i].text);
    clti_json_end(out, '}');
}

void clti_json_add_words(clti_buf *out, const char *name, clt_str words) {
    clti_buf_add_format(out, "\"%s\":[", name);
    for (clt_str rest = words; rest.data;) {
        clti_json_add_string(out, clti_str_cut(rest, ' ', &rest));
        clti_buf_add_char(out, ',');
    }
    clti_json_end(out, ']');
}

void clti_json_add_bool(clti_buf *out, const char *name, bool value) {
    clti_buf_add_format(out, "\"%s\":%s,", name, value ? "true" : "false");
}

void clti_json_add_type(clti_buf *out, const char *type) {
    clti_buf_add_format(out, "\"attributes\":{\"objectType\":\"%s\"},", type);
}

/* The order of api.md 3.4, then what only newer captures have. */
void clti_json_add_address(clti_buf *out, const char *name, const clti_address *address) {
    const clti_json_member_text members[] = {
        {"country", address->country},
        {"region", address->region},
        {"city", address->city},
        {"state", address->state},
        {"addressLine1", address->line1},
        {"addressLine2", address->line2},
        {"postalCode", address->postal_code},
        {"firstName", address->first_name},
        {"middleName", address->middle_name},
        {"lastName", address->last_name},
        {"phoneNumber", address->phone_number},
        {"id", address->id},
        {"district", address->district},
        {"addressLine3", address->line3},
        {"emailAddress", address->email},
    };
    clti_json_add_texts(out, name, members, CLTI_COUNT(members));
}
