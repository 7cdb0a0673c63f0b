/*
 * JSON into structs, for the client: simdjson finds the values, the tables of the caller say where they go.
 * The only C++ of the project. It throws nothing (no exceptions are compiled in) and shows C functions alone.
 *
 * What each call does for each value is in proportion to the text, never recursive on it: the depth is that
 * of the caller's tables.
 */
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <new>
#include <simdjson.h>

extern "C" {
#include "wire/shape.h"
}

static_assert(CLTI_DECODER_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads that far");

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

struct clti_decoder {
    simdjson::dom::parser parser;
};

namespace {

/* Deeper than any table of ours. */
constexpr size_t STEPS_MAX = 16;

struct reading {
    clti_arena *arena;
    clti_fault *fault;
    char *texts; /* room for what is left of the texts: all of them together are shorter than their JSON */
    /* Of a failure, from the inside out: which member or item it is of what holds it. */
    size_t steps[STEPS_MAX];
    size_t step_count;
};

bool fail_within(reading &reading, size_t position) {
    if (reading.step_count < STEPS_MAX)
        reading.steps[reading.step_count++] = position;
    return false;
}

/* Only for failures: fields are not counted on the way. Their names lie in the decoder's own memory. */
size_t position_of(object from, std::string_view name) {
    size_t position = 0;
    for (auto field : from) {
        if (field.key.data() == name.data())
            break;
        position++;
    }
    return position;
}

bool fail_type(const reading &reading, const clti_shape_member &member, const char *wanted) {
    return clti_fault_set(reading.fault, CLTI_FAULT_INVALID_REQUEST, nullptr, "member %.*s is not %s",
                          (int)member.name.size, member.name.data, wanted);
}

char letter(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool is_name_in_any_case(std::string_view name, std::string_view wanted) {
    if (name.size() != wanted.size())
        return false;
    for (size_t i = 0; i < wanted.size(); i++)
        if (letter(name[i]) != letter(wanted[i]))
            return false;
    return true;
}

/* Members mostly come in the table's order: `expected` is where to look first. */
const clti_shape_member *find_member(const clti_shape &shape, std::string_view name, size_t &expected) {
    for (size_t i = 0; i < shape.count; i++) {
        size_t at = expected + i < shape.count ? expected + i : expected + i - shape.count;
        const clti_shape_member &member = shape.members[at];
        if (name.size() == member.name.size && std::memcmp(name.data(), member.name.data, name.size()) == 0) {
            expected = at + 1 < shape.count ? at + 1 : 0;
            return &member;
        }
    }
    for (size_t i = 0; i < shape.count; i++)
        if (is_name_in_any_case(name, {shape.members[i].name.data, shape.members[i].name.size}))
            return &shape.members[i];
    return nullptr;
}

clt_str keep_text(reading &reading, std::string_view text) {
    char *kept = reading.texts;
    std::memcpy(kept, text.data(), text.size());
    kept[text.size()] = '\0';
    reading.texts += text.size() + 1;
    return {kept, text.size()};
}

bool keep_string(reading &reading, const clti_shape_member &member, element value, clt_str &out) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return fail_type(reading, member, "a text");
    out = keep_text(reading, text);
    return true;
}

/* Codes and words of enumerations come as numbers too. */
bool keep_word(reading &reading, const clti_shape_member &member, element value, clt_str &out) {
    int64_t number = 0;
    if (value.get_int64().get(number) != simdjson::SUCCESS)
        return keep_string(reading, member, value, out);
    out = clti_arena_format(reading.arena, "%" PRId64, number);
    return out.data || clti_fault_no_memory(reading.fault);
}

bool keep_flag(reading &reading, const clti_shape_member &member, element value, int32_t &out) {
    bool flag = false;
    std::string_view text;
    if (value.get_bool().get(flag) == simdjson::SUCCESS) {
        out = flag ? 1 : 0;
        return true;
    }
    if (value.get_string().get(text) == simdjson::SUCCESS) {
        flag = is_name_in_any_case(text, "true");
        if (flag || is_name_in_any_case(text, "false")) {
            out = flag ? 1 : 0;
            return true;
        }
    }
    return fail_type(reading, member, "true or false");
}

bool keep_number(reading &reading, const clti_shape_member &member, element value, int64_t &out) {
    std::string_view text;
    uint64_t digits;
    if (value.get_int64().get(out) == simdjson::SUCCESS)
        return true;
    if (value.get_string().get(text) == simdjson::SUCCESS &&
        clti_str_to_u64({text.data(), text.size()}, INT64_MAX, &digits)) {
        out = (int64_t)digits;
        return true;
    }
    return fail_type(reading, member, "a number");
}

bool read_object(reading &reading, object from, const clti_shape &shape, char *out);

/* The library's own count ends at 2^24. */
size_t count(array from) {
    size_t size = 0;
    for (auto at = from.begin(); at != from.end(); ++at)
        size++;
    return size;
}

bool keep_texts(reading &reading, const clti_shape_member &member, array from, char *place) {
    size_t size = count(from), filled = 0;
    auto *texts = (clt_str *)clti_arena_calloc(reading.arena, size ? size : 1, sizeof(clt_str));
    if (!texts)
        return clti_fault_no_memory(reading.fault);
    for (element value : from)
        if (!keep_string(reading, member, value, texts[filled++]))
            return fail_within(reading, filled - 1);
    *(const clt_str **)(place + member.offset) = texts;
    *(size_t *)(place + member.count_offset) = size;
    return true;
}

bool keep_objects(reading &reading, const clti_shape_member &member, array from, char *place) {
    const clti_shape &shape = *member.shape;
    size_t size = count(from), bytes;
    if (__builtin_mul_overflow(size, shape.size, &bytes))
        return clti_fault_no_memory(reading.fault);
    char *objects = (char *)clti_arena_alloc(reading.arena, bytes);
    if (!objects)
        return clti_fault_no_memory(reading.fault);
    char *to = objects;
    for (element value : from) {
        object inner;
        bool is_object = value.get_object().get(inner) == simdjson::SUCCESS;
        if (!is_object)
            fail_type(reading, member, "an array of objects");
        else
            std::memcpy(to, shape.blank, shape.size);
        if (!is_object || !read_object(reading, inner, shape, to))
            return fail_within(reading, (size_t)(to - objects) / shape.size);
        to += shape.size;
    }
    *(void **)(place + member.offset) = objects;
    *(size_t *)(place + member.count_offset) = size;
    return true;
}

bool keep_array(reading &reading, const clti_shape_member &member, element value, char *place) {
    array from;
    if (value.get_array().get(from) != simdjson::SUCCESS)
        return fail_type(reading, member, "an array");
    return member.kind == CLTI_SHAPE_TEXTS ? keep_texts(reading, member, from, place)
                                           : keep_objects(reading, member, from, place);
}

bool keep_object(reading &reading, const clti_shape_member &member, element value, char *place) {
    object inner;
    if (value.get_object().get(inner) != simdjson::SUCCESS)
        return fail_type(reading, member, "an object");
    if (member.kind == CLTI_SHAPE_PART)
        return read_object(reading, inner, *member.shape, place);
    char *to = (char *)clti_arena_alloc(reading.arena, member.shape->size);
    if (!to)
        return clti_fault_no_memory(reading.fault);
    std::memcpy(to, member.shape->blank, member.shape->size);
    *(void **)(place + member.offset) = to;
    return read_object(reading, inner, *member.shape, to);
}

bool keep_value(reading &reading, const clti_shape_member &member, element value, char *place) {
    switch (member.kind) {
    case CLTI_SHAPE_TEXT:
        return keep_string(reading, member, value, *(clt_str *)(place + member.offset));
    case CLTI_SHAPE_WORD:
        return keep_word(reading, member, value, *(clt_str *)(place + member.offset));
    case CLTI_SHAPE_FLAG:
        return keep_flag(reading, member, value, *(int32_t *)(place + member.offset));
    case CLTI_SHAPE_NUMBER:
        return keep_number(reading, member, value, *(int64_t *)(place + member.offset));
    case CLTI_SHAPE_PART:
    case CLTI_SHAPE_OBJECT:
        return keep_object(reading, member, value, place);
    case CLTI_SHAPE_TEXTS:
    case CLTI_SHAPE_OBJECTS:
        return keep_array(reading, member, value, place);
    case CLTI_SHAPE_SKIP:
        break;
    }
    return true;
}

bool read_object(reading &reading, object from, const clti_shape &shape, char *out) {
    size_t expected = 0;
    uint64_t seen = 0;
    for (auto field : from) {
        const clti_shape_member *member = find_member(shape, field.key, expected);
        if (!member || field.value.is_null())
            continue;
        if (!keep_value(reading, *member, field.value, out))
            return fail_within(reading, position_of(from, field.key));
        seen |= UINT64_C(1) << (member - shape.members);
    }
    for (size_t i = 0; i < shape.count; i++)
        if (shape.members[i].required && !(seen >> i & 1))
            return clti_fault_set(reading.fault, CLTI_FAULT_INVALID_REQUEST, nullptr,
                                  "member %.*s is missing", (int)shape.members[i].name.size,
                                  shape.members[i].name.data);
    return true;
}

/* Room beyond what is asked for, so that texts of slowly growing size do not allocate anew each time. */
bool make_room(simdjson::dom::parser &parser, size_t size) {
    if (parser.capacity() >= size && parser.doc.capacity() >= size)
        return true;
    size_t wanted = size + size / 4 + 4096;
    return parser.allocate(wanted, CLTI_JSON_DEPTH_MAX) == simdjson::SUCCESS &&
           parser.doc.allocate(wanted) == simdjson::SUCCESS;
}

} // namespace

extern "C" clti_decoder *clti_decoder_new(void) {
    return new (std::nothrow) clti_decoder;
}

extern "C" void clti_decoder_free(clti_decoder *decoder) {
    delete decoder;
}

extern "C" bool clti_decoder_read(clti_decoder *decoder, clt_str json, const clti_shape *shape,
                                  clti_arena *arena, void *out, clti_fault *fault) {
    element root;
    object members;
    if (json.size > UINT32_MAX / 2)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, nullptr, "it is larger than 2 GiB");
    reading reading = {arena, fault, (char *)clti_arena_alloc(arena, json.size + 1), {}, 0};
    if (!reading.texts || !make_room(decoder->parser, json.size))
        return clti_fault_no_memory(fault);
    simdjson::error_code error = decoder->parser.parse(json.data, json.size, false).get(root);
    if (error == simdjson::MEMALLOC)
        return clti_fault_no_memory(fault);
    if (error != simdjson::SUCCESS)
        return clti_json_locate_error(json, simdjson::error_message(error), fault);
    bool is_object = root.get_object().get(members) == simdjson::SUCCESS;
    if (!is_object)
        clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, nullptr, "it is not an object");
    else
        std::memcpy(out, shape->blank, shape->size);
    if (is_object && read_object(reading, members, *shape, (char *)out))
        return true;
    return clti_json_locate_value(json, reading.steps, reading.step_count, fault);
}
