/*
 * List pages from a service that may be anybody: what is taken is read whole, and the way on never leads
 * elsewhere.
 */
#include "sdk/resources_private.h"

#include <stdlib.h>
#include <string.h>

#define BASE_URL "http://127.0.0.1:1"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static clt_partner *partner;

static void open_partner(void) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials;
    options.base_url = BASE_URL;
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
    (void)sum;
    clti_assert(!text.data || text.data[text.size] == '\0');
}

static void touch_all(const clt_str *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        touch(texts[i]);
}

/* Structs of nothing but texts are read as such. */
static void touch_address(const clt_address *address) {
    if (address)
        touch_all(&address->country, sizeof(*address) / sizeof(clt_str));
}

static void touch_customer(const clt_customer *customer) {
    touch(customer->id);
    touch(customer->commerce_id);
    touch(customer->relationship_to_partner);
    touch(customer->associated_partner_id);
    touch_all(customer->custom_domains, customer->custom_domain_count);
    clti_assert(customer->allow_delegated_access >= CLT_ABSENT &&
                customer->allow_delegated_access <= CLT_TRUE);
    if (customer->company_profile) {
        touch_all(&customer->company_profile->tenant_id, 3);
        touch_all(&customer->company_profile->email, 2);
        touch_address(customer->company_profile->address);
    }
    if (customer->billing_profile) {
        touch_all(&customer->billing_profile->id, 7);
        touch_address(customer->billing_profile->default_address);
        touch(customer->billing_profile->etag);
    }
    if (customer->user_credentials)
        touch_all(&customer->user_credentials->user_name, 2);
}

static void check_way(const clti_collection *page, clti_direction direction, clti_arena *arena) {
    clti_request request = {0};
    clt_error *err = NULL;
    if (!clti_collection_has(page, direction))
        return;
    clt_status status =
        clti_collection_request(partner->core, page, direction, CLTI_STR(BASE_URL "/v1/customers"),
                                (clt_str){0}, arena, &request, &err);
    if (status == CLT_OK) {
        touch(request.url);
        clti_assert(memcmp(request.url.data, BASE_URL "/", sizeof(BASE_URL)) == 0);
        for (size_t i = 0; i < request.url.size; i++)
            clti_assert((unsigned char)request.url.data[i] > ' ' && request.url.data[i] != 0x7f);
    } else {
        clti_assert(err && err->status == status);
        touch(err->message);
        clt_error_free(err);
    }
}

static void check_page(clti_decoder *decoder, clt_str json) {
    clti_arena arena = {0};
    clti_collection page;
    clti_fault fault;
    if (clti_decoder_read(decoder, json, &CLTI_CUSTOMERS_SHAPE, &arena, &page, &fault)) {
        touch(page.continuation_token);
        for (size_t i = 0; i < page.item_count; i++)
            touch_customer(&page.items[i]);
        check_way(&page, CLTI_FORWARD, &arena);
        check_way(&page, CLTI_BACKWARD, &arena);
    }
    clti_arena_done(&arena);
}

static void check_customer(clti_decoder *decoder, clt_str json) {
    clti_arena arena = {0};
    clt_customer customer;
    clti_fault fault;
    if (clti_decoder_read(decoder, json, &CLTI_CUSTOMER_SHAPE, &arena, &customer, &fault))
        touch_customer(&customer);
    clti_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!partner) {
        open_partner();
        clti_assert(atexit(close_partner) == 0);
    }
    clti_decoder *decoder = clti_decoder_new();
    char *padded = calloc(1, size + CLTI_DECODER_PADDING);
    clti_assert(decoder && padded);
    if (size > 0)
        memcpy(padded, data, size);
    check_page(decoder, (clt_str){padded, size});
    check_customer(decoder, (clt_str){padded, size});
    free(padded);
    clti_decoder_free(decoder);
    return 0;
}
