/* A resource as JSON: its members by path, what differs, and two changes brought together. */
#include "cli/document_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static json_t *read(const char *text) {
    json_t *document = json_loads(text, 0, NULL);
    assert_non_null(document);
    return document;
}

static void test_members_are_set_and_removed_by_path(void **state) {
    (void)state;
    json_t *document = read("{\"a\":1,\"b\":{\"c\":\"x\"}}");
    json_t *wanted = read("{\"a\":2,\"b\":{\"d\":{\"e\":\"y\"}}}");
    assert_true(clti_document_put(document, clti_view("a"), json_integer(2)));
    assert_true(clti_document_put(document, clti_view("b.d.e"), json_string("y")));
    assert_true(clti_document_put(document, clti_view("b.c"), NULL));
    assert_false(clti_document_put(document, clti_view("b.c"), NULL));
    assert_false(clti_document_put(document, clti_view("x.y"), NULL));
    assert_false(clti_document_put(document, clti_view("a.b"), json_string("no object")));
    assert_true(json_equal(document, wanted));
    assert_string_equal(json_string_value(clti_document_get(document, "b.d.e")), "y");
    assert_null(clti_document_get(document, "b.d.f"));
    assert_null(clti_document_get(NULL, "a"));
    json_decref(document);
    json_decref(wanted);
}

static void test_what_differs_is_shown_member_by_member_and_harmless(void **state) {
    (void)state;
    static const struct {
        const char *before, *after, *shown;
        size_t count;
    } rows[] = {
        {"{\"a\":\"1\"}", "{\"a\":\"1\"}", "", 0},
        {"{\"a\":\"1\",\"b\":{\"c\":\"2\",\"d\":3}}", "{\"b\":{\"c\":\"x\",\"d\":3},\"e\":true}",
         "- a: 1\n- b.c: 2\n+ b.c: x\n+ e: true\n", 3},
        {"{\"a\":\"\\u001b[2J\"}", "{}", "- a: \xEF\xBF\xBD[2J\n", 1},
        {"{\"a\":[1]}", "{\"a\":[1,2]}", "- a: [1]\n+ a: [1,2]\n", 1},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        json_t *before = read(rows[i].before), *after = read(rows[i].after);
        clti_bytes shown = {0};
        assert_int_equal(clti_document_diff(&shown, before, after, false), rows[i].count);
        assert_string_equal(shown.data ? shown.data : "", rows[i].shown);
        clti_bytes_done(&shown);
        json_decref(before);
        json_decref(after);
    }
}

static void test_two_changes_are_brought_together(void **state) {
    (void)state;
    static const struct {
        const char *base, *ours, *theirs, *merged, *clashes;
    } rows[] = {
        {"{\"a\":1,\"b\":2}", "{\"a\":9,\"b\":2}", "{\"a\":1,\"b\":8}", "{\"a\":9,\"b\":8}", ""},
        {"{\"a\":1}", "{}", "{\"a\":1,\"c\":3}", "{\"c\":3}", ""},
        {"{}", "{\"a\":{\"b\":1}}", "{\"a\":{\"c\":2}}", "{\"a\":{\"b\":1,\"c\":2}}", ""},
        {"{\"a\":1}", "{\"a\":2}", "{\"a\":2}", "{\"a\":2}", ""},
        {"{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":2}", "a (they: 3)\n"},
        {"{\"a\":1}", "{\"a\":2}", "{}", "{\"a\":2}", "a (they: nothing)\n"},
        {"{\"a\":1}", "{}", "{\"a\":\"x\"}", "{}", "a (they: x)\n"},
        {"{\"a\":1}", "{\"a\":1}", "{\"a\":5}", "{\"a\":5}", ""},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        json_t *base = read(rows[i].base), *ours = read(rows[i].ours), *theirs = read(rows[i].theirs);
        json_t *merged = read(rows[i].merged);
        clti_bytes clashes = {0};
        clti_document_merge(base, ours, theirs, &clashes);
        if (!json_equal(theirs, merged))
            fail_msg("row %zu", i);
        assert_string_equal(clashes.data ? clashes.data : "", rows[i].clashes);
        clti_bytes_done(&clashes);
        json_decref(base);
        json_decref(ours);
        json_decref(theirs);
        json_decref(merged);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_set_and_removed_by_path),
        cmocka_unit_test(test_what_differs_is_shown_member_by_member_and_harmless),
        cmocka_unit_test(test_two_changes_are_brought_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
