/* JSON into structs as a table says: each kind of member, and every way for a text to be none. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct leaf {
    clt_str text;
} leaf;

typedef struct tree {
    clt_str text, word, part;
    int32_t flag;
    int64_t number;
    const leaf *object;
    const clt_str *texts;
    size_t text_count;
    const leaf *objects;
    size_t object_count;
} tree;

#define NAME(literal)                                                                                        \
    { literal, sizeof(literal) - 1 }

static const leaf NO_LEAF;
static const clti_shape_member LEAF_MEMBERS[] = {
    {NAME("text"), CLTI_SHAPE_TEXT, false, offsetof(leaf, text), 0, NULL},
};
static const clti_shape LEAF = {LEAF_MEMBERS, CLTI_COUNT(LEAF_MEMBERS), sizeof(leaf), &NO_LEAF};

static const tree NO_TREE = {.flag = -1};
static const clti_shape_member PART_MEMBERS[] = {
    {NAME("text"), CLTI_SHAPE_TEXT, false, offsetof(tree, part), 0, NULL},
};
static const clti_shape PART = {PART_MEMBERS, CLTI_COUNT(PART_MEMBERS), sizeof(tree), &NO_TREE};
static const clti_shape_member TREE_MEMBERS[] = {
    {NAME("text"), CLTI_SHAPE_TEXT, false, offsetof(tree, text), 0, NULL},
    {NAME("word"), CLTI_SHAPE_WORD, false, offsetof(tree, word), 0, NULL},
    {NAME("part"), CLTI_SHAPE_PART, false, 0, 0, &PART},
    {NAME("flag"), CLTI_SHAPE_FLAG, false, offsetof(tree, flag), 0, NULL},
    {NAME("number"), CLTI_SHAPE_NUMBER, false, offsetof(tree, number), 0, NULL},
    {NAME("object"), CLTI_SHAPE_OBJECT, false, offsetof(tree, object), 0, &LEAF},
    {NAME("texts"), CLTI_SHAPE_TEXTS, false, offsetof(tree, texts), offsetof(tree, text_count), NULL},
    {NAME("skipped"), CLTI_SHAPE_SKIP, false, 0, 0, NULL},
    {NAME("objects"), CLTI_SHAPE_OBJECTS, true, offsetof(tree, objects), offsetof(tree, object_count), &LEAF},
};
static const clti_shape TREE = {TREE_MEMBERS, CLTI_COUNT(TREE_MEMBERS), sizeof(tree), &NO_TREE};

typedef struct reading {
    clti_arena arena;
    clti_fault fault;
    tree out;
    bool done;
} reading;

/* From a piece of memory of exactly the size that the decoder is promised, so that sanitizers see more. */
static void read_tree(clti_decoder *decoder, clt_str json, reading *out) {
    char *padded = malloc(json.size + CLTI_DECODER_PADDING);
    assert_non_null(padded);
    memcpy(padded, json.data, json.size);
    memset(padded + json.size, 'x', CLTI_DECODER_PADDING);
    *out = (reading){.done = false};
    out->done =
        clti_decoder_read(decoder, (clt_str){padded, json.size}, &TREE, &out->arena, &out->out, &out->fault);
    free(padded);
}

static void assert_text(clt_str got, const char *want) {
    if (!want) {
        assert_null(got.data);
        return;
    }
    assert_non_null(got.data);
    assert_int_equal(got.size, strlen(want));
    assert_string_equal(got.data, want);
}

typedef struct taken_case {
    const char *name;
    const char *json;
    const char *text, *word, *part;
    int32_t flag;
    int64_t number;
    const char *object, *second_text, *first_object;
} taken_case;

static const taken_case TAKEN[] = {
    {"decode the least", "{\"objects\":[]}", NULL, NULL, NULL, -1, 0, NULL, NULL, NULL},
    {"decode everything",
     "{\"text\":\"a\",\"word\":\"b\",\"part\":{\"text\":\"c\"},\"flag\":true,\"number\":7,\"object\":{"
     "\"text\":\"d\"},"
     "\"texts\":[\"e\",\"f\"],\"skipped\":[1,{\"text\":\"x\"}],\"objects\":[{\"text\":\"g\"},{}]}",
     "a", "b", "c", 1, 7, "d", "f", "g"},
    {"decode in another order", "{\"objects\":[{\"text\":\"g\"}],\"flag\":false,\"text\":\"a\"}", "a", NULL,
     NULL, 0, 0, NULL, NULL, "g"},
    {"decode names in any case", "{\"TEXT\":\"a\",\"Flag\":\"TRUE\",\"Objects\":[{\"tEXT\":\"g\"}]}", "a",
     NULL, NULL, 1, 0, NULL, NULL, "g"},
    {"decode numbers as words", "{\"word\":2000,\"objects\":[]}", NULL, "2000", NULL, -1, 0, NULL, NULL,
     NULL},
    {"decode negative numbers as words", "{\"word\":-7,\"objects\":[]}", NULL, "-7", NULL, -1, 0, NULL, NULL,
     NULL},
    {"decode digits as numbers", "{\"number\":\"3599\",\"objects\":[]}", NULL, NULL, NULL, -1, 3599, NULL,
     NULL, NULL},
    {"decode null as absent",
     "{\"text\":null,\"word\":null,\"part\":null,\"flag\":null,\"number\":null,\"object\":null,\"texts\":"
     "null,"
     "\"objects\":[]}",
     NULL, NULL, NULL, -1, 0, NULL, NULL, NULL},
    {"decode unknown members away",
     "{\"x\":{\"text\":\"x\",\"y\":[[]]},\"objects\":[{\"z\":1,\"text\":\"g\"}]}", NULL, NULL, NULL, -1, 0,
     NULL, NULL, "g"},
    {"decode the last of duplicates", "{\"text\":\"a\",\"Text\":\"b\",\"text\":\"c\",\"objects\":[]}", "c",
     NULL, NULL, -1, 0, NULL, NULL, NULL},
    {"decode escapes", "{\"text\":\"\\u00e9\\n\\\"\\ud83d\\ude00\",\"objects\":[]}",
     "\xC3\xA9\n\"\xF0\x9F\x98\x80", NULL, NULL, -1, 0, NULL, NULL, NULL},
    {"decode empty texts", "{\"text\":\"\",\"objects\":[]}", "", NULL, NULL, -1, 0, NULL, NULL, NULL},
    {"decode white space", " \t\r\n{ \"objects\" : [ ] } \n", NULL, NULL, NULL, -1, 0, NULL, NULL, NULL},
};

static void check_taken(void **state) {
    const taken_case *row = *state;
    reading got;
    clti_decoder *decoder = clti_decoder_new();
    read_tree(decoder, clti_str(row->json), &got);
    clti_decoder_free(decoder);
    assert_true(got.done);
    assert_text(got.out.text, row->text);
    assert_text(got.out.word, row->word);
    assert_text(got.out.part, row->part);
    assert_int_equal(got.out.flag, row->flag);
    assert_int_equal(got.out.number, row->number);
    assert_text(got.out.object ? got.out.object->text : (clt_str){NULL, 0}, row->object);
    assert_text(got.out.text_count > 1 ? got.out.texts[1] : (clt_str){NULL, 0}, row->second_text);
    assert_text(got.out.object_count > 0 ? got.out.objects[0].text : (clt_str){NULL, 0}, row->first_object);
    clti_arena_done(&got.arena);
}

typedef struct refused_case {
    const char *name;
    const char *json;
    const char *says;
} refused_case;

static const refused_case REFUSED[] = {
    {"decode nothing", "", "offset 0 of 0"},
    {"decode a cut text", "{\"text\":\"a\",\"objects\":[{\"te", "offset 27 of 27"},
    {"decode a text cut in a string", "{\"text\":\"abc", "offset 12 of 12"},
    {"decode two texts", "{\"objects\":[]}{}", "offset 15 of 16"},
    {"decode a trailing comma", "{\"objects\":[],}", "offset 15 of 15"},
    {"decode a bare word", "{\"text\":yes,\"objects\":[]}", "offset"},
    {"decode invalid UTF-8", "{\"text\":\"\xFF\",\"objects\":[]}", "offset"},
    {"decode an overlong form", "{\"text\":\"\xC0\xAF\",\"objects\":[]}", "offset"},
    {"decode half a surrogate", "{\"text\":\"\\ud800\",\"objects\":[]}", "offset"},
    {"decode a control character", "{\"text\":\"\x01\",\"objects\":[]}", "offset"},
    {"decode a web page", "<html></html>", "offset"},
    {"decode an array", "[]", "not an object at offset 0 of 2"},
    {"decode a text behind white space", " \n\"x\"", "not an object at offset 2 of 5"},
    {"decode null", "null", "not an object"},
    {"decode without what is required", "{}", "objects is missing at offset 0 of 2"},
    {"decode null for what is required", "{\"objects\":null}", "objects is missing"},
    {"decode a number for a text", "{\"text\":1,\"objects\":[]}", "text is not a text at offset 8 of 23"},
    {"decode a number for a text within",
     "{\"skipped\":[{\"a\":[1,\"]}\\\"\"]}, -1.5e3],\"object\":{\"x\": {} , \"text\" : 7}}",
     "text is not a text at offset 67 of 70"},
    {"decode a number for a text among others",
     "{\"objects\":[{\"text\":\"a\"},{},{\"b\":null,\"text\":false}]}",
     "text is not a text at offset 45 of 53"},
    {"decode a number among texts", "{\"objects\":[],\"texts\":[\"a\",\"b,\", 3]}",
     "texts is not a text at offset 33 of 36"},
    {"decode an object for a word", "{\"word\":{},\"objects\":[]}", "word is not a text"},
    {"decode a fraction for a word", "{\"word\":1.5,\"objects\":[]}", "word is not a text"},
    {"decode a word for a flag", "{\"flag\":\"maybe\",\"objects\":[]}", "flag is not true or false"},
    {"decode a number for a flag", "{\"flag\":1,\"objects\":[]}", "flag is not true or false"},
    {"decode a word for a number", "{\"number\":\"x\",\"objects\":[]}", "number is not a number"},
    {"decode a text for an object", "{\"object\":\"x\",\"objects\":[]}", "object is not an object"},
    {"decode an array for a part", "{\"part\":[],\"objects\":[]}", "part is not an object"},
    {"decode a text for texts", "{\"texts\":\"x\",\"objects\":[]}", "texts is not an array"},
    {"decode numbers for texts", "{\"texts\":[1],\"objects\":[]}", "texts is not a text"},
    {"decode an object for objects", "{\"objects\":{}}", "objects is not an array"},
    {"decode texts for objects", "{\"objects\":[{},\"x\"]}",
     "objects is not an array of objects at offset 15 of 20"},
    {"decode null among objects", "{\"objects\":[null]}", "objects is not an array of objects"},
};

static void check_refused(void **state) {
    const refused_case *row = *state;
    reading got;
    clti_decoder *decoder = clti_decoder_new();
    read_tree(decoder, clti_str(row->json), &got);
    clti_decoder_free(decoder);
    assert_false(got.done);
    if (!strstr(got.fault.text, row->says))
        fail_msg("'%s' does not say '%s'", got.fault.text, row->says);
    clti_arena_done(&got.arena);
}

/* The depth is bounded, whatever the member. */
static void test_decode_refuses_deep_nesting(void **state) {
    (void)state;
    reading got;
    char json[4096];
    clti_decoder *decoder = clti_decoder_new();
    size_t size = 0;
    size += (size_t)sprintf(json, "{\"objects\":[],\"x\":");
    for (size_t i = 0; i < CLTI_JSON_DEPTH_MAX; i++)
        json[size++] = '[';
    for (size_t i = 0; i < CLTI_JSON_DEPTH_MAX; i++)
        json[size++] = ']';
    json[size++] = '}';
    read_tree(decoder, (clt_str){json, size}, &got);
    assert_false(got.done);
    assert_non_null(strstr(got.fault.text, "deep"));
    clti_arena_done(&got.arena);
    clti_decoder_free(decoder);
}

static void test_decode_keeps_a_nul_inside_a_text(void **state) {
    (void)state;
    reading got;
    clti_decoder *decoder = clti_decoder_new();
    read_tree(decoder, CLTI_STR("{\"text\":\"a\\u0000b\",\"objects\":[]}"), &got);
    assert_true(got.done);
    assert_int_equal(got.out.text.size, 3);
    assert_memory_equal(got.out.text.data, "a\0b", 4);
    clti_arena_done(&got.arena);
    clti_decoder_free(decoder);
}

/* One decoder for texts of any size, good and bad, one after the other; none disturbs another's result. */
static void test_decode_uses_its_memory_again(void **state) {
    (void)state;
    reading kept, got;
    clti_decoder *decoder = clti_decoder_new();
    read_tree(decoder, CLTI_STR("{\"text\":\"kept\",\"objects\":[{\"text\":\"too\"}]}"), &kept);
    assert_true(kept.done);
    for (size_t size = 1; size < 200000; size *= 3) {
        clti_buf json;
        clti_buf_init(&json, SIZE_MAX);
        clti_buf_add(&json, CLTI_STR("{\"objects\":["));
        for (size_t i = 0; i < size / 16; i++)
            clti_buf_add(&json, CLTI_STR("{\"text\":\"another\"},"));
        clti_buf_add(&json, CLTI_STR("{}]}"));
        assert_true(clti_buf_ok(&json));
        read_tree(decoder, clti_buf_str(&json), &got);
        assert_true(got.done);
        assert_int_equal(got.out.object_count, size / 16 + 1);
        clti_arena_done(&got.arena);
        read_tree(decoder, CLTI_STR("{\"objects\":["), &got);
        assert_false(got.done);
        clti_arena_done(&got.arena);
        clti_buf_done(&json);
    }
    assert_text(kept.out.text, "kept");
    assert_text(kept.out.objects[0].text, "too");
    clti_arena_done(&kept.arena);
    clti_decoder_free(decoder);
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(TAKEN) + CLTI_COUNT(REFUSED) + 3];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(TAKEN); i++)
        tests[count++] = (struct CMUnitTest){
            .name = TAKEN[i].name, .test_func = check_taken, .initial_state = (void *)(uintptr_t)&TAKEN[i]};
    for (size_t i = 0; i < CLTI_COUNT(REFUSED); i++)
        tests[count++] = (struct CMUnitTest){.name = REFUSED[i].name,
                                             .test_func = check_refused,
                                             .initial_state = (void *)(uintptr_t)&REFUSED[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_decode_refuses_deep_nesting);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_decode_keeps_a_nul_inside_a_text);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_decode_uses_its_memory_again);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
