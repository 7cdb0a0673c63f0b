/*
 * Answers about single things, and audit records, from a service that may be anybody: what is taken is read
 * whole, each text with its end. The first byte chooses which kind it is.
 */
#include "sdk/single_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static clt_partner *partner;

static void open_partner(void) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials;
    options.base_url = "http://127.0.0.1:1";
    clti_assert(clt_credentials_bearer("token", 0, &credentials, NULL) == CLT_OK);
    clti_assert(clt_partner_create(&options, credentials, &partner, NULL) == CLT_OK);
    clt_credentials_free(credentials);
}

static void close_partner(void) {
    clt_partner_free(partner);
}

/* Every byte of a text, and the NUL behind it. */
static void touch(clt_str text) {
    static volatile unsigned sum;
    clti_assert(text.data || text.size == 0);
    for (size_t i = 0; text.data && i <= text.size; i++)
        sum += (unsigned char)text.data[i];
    clti_assert(!text.data || text.data[text.size] == '\0');
}

static void touch_array(const clt_str *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        touch(texts[i]);
}

/* Structs of nothing but texts are read as such. */
#define TOUCH_TEXTS(structs, count)                                                                          \
    touch_array((const clt_str *)(const void *)(structs), (count) * sizeof(*(structs)) / sizeof(clt_str))

static void check_flag(int32_t flag) {
    clti_assert(flag >= CLT_ABSENT && flag <= CLT_TRUE);
}

static void check_validation(const void *made) {
    const clt_address_validation *validation = made;
    touch(validation->status);
    touch(validation->message);
    TOUCH_TEXTS(validation->suggested_addresses, validation->suggested_address_count);
}

static void check_country(const void *made) {
    const clt_country_rules *rules = made;
    touch(rules->iso2_code);
    touch(rules->postal_code_regex);
    touch_array(rules->states, rules->state_count);
    touch_array(rules->languages, rules->language_count);
    touch_array(rules->cultures, rules->culture_count);
    touch_array(rules->calling_codes, rules->calling_code_count);
    check_flag(rules->is_state_required);
    check_flag(rules->is_phone_number_required);
}

static void check_relationships(const void *made) {
    const clt_relationships *list = made;
    TOUCH_TEXTS(list->items, list->count);
}

static void check_qualifications(const void *made) {
    const clt_qualifications *list = made;
    TOUCH_TEXTS(list->items, list->count);
}

static void check_audit(const void *made) {
    const clti_audit_collection *page = made;
    for (size_t i = 0; i < page->item_count; i++) {
        const clt_audit_record *record = &page->items[i];
        touch_array(&record->id, offsetof(clt_audit_record, customized_data) / sizeof(clt_str));
        TOUCH_TEXTS(record->customized_data, record->customized_datum_count);
    }
}

static void check_billing_profile(const void *made) {
    const clt_billing_profile *profile = made;
    touch_array(&profile->id, 7);
    touch(profile->etag);
    if (profile->default_address)
        TOUCH_TEXTS(profile->default_address, 1);
}

static const struct {
    const clti_shape *shape;
    const char *wrap;
    void (*check)(const void *made);
} KINDS[] = {
    {&CLTI_VALIDATION_SHAPE, NULL, check_validation},
    {&CLTI_COUNTRY_RULES_SHAPE, NULL, check_country},
    {&CLTI_RELATIONSHIPS_SHAPE, NULL, check_relationships},
    {&CLTI_QUALIFICATIONS_SHAPE, "items", check_qualifications},
    {&CLTI_AUDIT_SHAPE, NULL, check_audit},
    {&CLTI_BILLING_SHAPE, NULL, check_billing_profile},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    if (!partner) {
        open_partner();
        clti_assert(atexit(close_partner) == 0);
    }
    const size_t kind = data[0] % CLTI_COUNT(KINDS);
    clti_single call = {.core = partner->core};
    clt_response *response = calloc(1, sizeof(*response));
    clti_assert(response);
    clti_buf_init(&response->body, 1024 * 1024 + CLTI_DECODER_PADDING);
    clti_buf_add(&response->body, (clt_str){(const char *)data + 1, size - 1});
    if (clti_buf_ok(&response->body)) {
        void *made = clti_single_read(&call, response, KINDS[kind].shape, KINDS[kind].wrap);
        clti_assert((made != NULL) == (call.status == CLT_OK) && (made != NULL) == (call.err == NULL));
        if (made)
            KINDS[kind].check(made);
        clti_resource_free(made);
    }
    clt_response_free(response);
    clt_error_free(call.err);
    return 0;
}
