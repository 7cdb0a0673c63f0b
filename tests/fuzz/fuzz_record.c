/* Stored records that may be damaged: what is read, written and read again is the same. */
#include "store/store_private.h"

#define RECORD_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const clt_guid ID = {{1}};

static void check_customer(clt_str record) {
    clti_customer customer, again;
    clti_buf first, second;
    if (!clti_record_read_customer(record, ID, &customer))
        return;
    clti_assert(clti_guid_equal(customer.id, ID));
    clti_buf_init(&first, RECORD_MAX);
    clti_buf_init(&second, RECORD_MAX);
    clti_record_write_customer(&customer, &first);
    clti_assert(clti_buf_ok(&first));
    clti_assert(clti_record_read_customer(clti_buf_str(&first), ID, &again));
    clti_assert(clti_customer_equal(&customer, &again));
    clti_record_write_customer(&again, &second);
    clti_assert(clti_str_equal(clti_buf_str(&first), clti_buf_str(&second)));
    clti_buf_done(&first);
    clti_buf_done(&second);
}

static void check_item(clt_str record) {
    clti_list_item item, again;
    clti_buf written;
    if (!clti_record_read_item(record, ID, &item))
        return;
    const clti_customer customer = {.domain = item.domain, .company_name = item.company_name};
    clti_buf_init(&written, RECORD_MAX);
    clti_record_write_item(&customer, &written);
    clti_assert(clti_buf_ok(&written));
    clti_assert(clti_record_read_item(clti_buf_str(&written), ID, &again));
    clti_assert(clti_str_equal(item.domain, again.domain));
    clti_assert(clti_str_equal(item.company_name, again.company_name));
    clti_buf_done(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const clt_str record = {(const char *)data, size};
    check_customer(record);
    check_item(record);
    return 0;
}
