#include "store/sample.h"

#include "support/database.h"
#include "support/folder.h"
#include "support/memory_store.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

clt_guid sample_guid(uint64_t number) {
    clt_guid guid;
    uint64_t state = number;
    for (size_t i = 0; i < sizeof guid.bytes; i++)
        guid.bytes[i] = (uint8_t)clti_test_random(&state);
    return guid;
}

clti_customer sample_customer(clti_arena *arena, uint64_t number, const char *domain, const char *name) {
    clti_fault fault;
    clti_customer customer = {.id = sample_guid(number)};
    assert_true(clti_arena_copy(arena, clti_str(domain), &customer.domain));
    assert_true(clti_arena_copy(arena, clti_str(name), &customer.company_name));
    if (!clti_customer_complete(&customer, &fault))
        fail_msg("%s", fault.text);
    return customer;
}

clti_list_query sample_query(clt_guid partner, size_t size) {
    return (clti_list_query){.partner = partner, .size = size};
}

clt_str sample_fold(clti_arena *arena, clt_str text) {
    clti_buf folded;
    clt_str kept;
    clti_buf_init(&folded, SIZE_MAX);
    assert_true(clti_text_fold(text, &folded));
    clt_str view = clti_buf_str(&folded);
    assert_true(clti_arena_copy(arena, view.data != NULL ? view : CLTI_STR(""), &kept));
    clti_buf_done(&folded);
    return kept;
}

clti_store *sample_lmdb(clti_arena *arena, const char *folder) {
    clti_store *store;
    clti_fault fault;
    clti_store_options options = {.folder = clti_arena_format(arena, "%s/store", folder).data,
                                  .map_size = TEST_MAP_SIZE};
    if (!clti_store_create(&options, &store, &fault) || !clti_store_commit_new(&store, &fault) ||
        !clti_store_open(&options, &store, &fault))
        fail_msg("%s", fault.text);
    return store;
}

clti_store *sample_postgres(const char *url) {
    clti_store *store;
    clti_fault fault;
    clti_store_options options = {.url = url};
    if (!clti_store_create(&options, &store, &fault) || !clti_store_commit_new(&store, &fault) ||
        !clti_store_open(&options, &store, &fault))
        fail_msg("%s", fault.text);
    return store;
}

void sample_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                 clti_load_outcome *outcomes) {
    clti_fault fault;
    if (!clti_store_load(store, partner, customers, count, outcomes, &fault))
        fail_msg("%s", fault.text);
}

clti_outcome sample_apply(clti_store *store, clti_change change) {
    clti_fault fault;
    clti_outcome outcome;
    if (!clti_store_apply(store, &change, 1, &outcome, &fault))
        fail_msg("%s", fault.text);
    return outcome;
}

int sample_set_up_memory(void **state) {
    sample_any *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->store = clti_memory_store_new();
    *state = made;
    return 0;
}

int sample_set_up_lmdb(void **state) {
    sample_any *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->folder = clti_test_folder_make();
    assert_non_null(made->folder);
    made->store = sample_lmdb(&made->arena, made->folder);
    *state = made;
    return 0;
}

int sample_set_up_postgres(void **state) {
    sample_any *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->database = clti_test_database_new();
    made->store = sample_postgres(made->database);
    *state = made;
    return 0;
}

int sample_tear_down(void **state) {
    sample_any *in = *state;
    clti_store_close(in->store);
    clti_test_folder_remove(in->folder);
    free(in->folder);
    clti_test_database_drop(in->database);
    clti_arena_done(&in->arena);
    free(in);
    return 0;
}

void sample_assert_str(clt_str got, const char *want) {
    if (!clti_str_equal(got, clti_str(want)))
        fail_msg("got '%.*s', want '%s'", CLTI_STR_ARGS(got), want);
}
