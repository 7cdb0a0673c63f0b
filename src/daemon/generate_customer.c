/* Customers composed of words, each from a stream of random numbers of its own. */
#include "daemon/generate_private.h"

#include <string.h>

/* ---- random numbers ------------------------------------------------------------------------------------ */

/* splitmix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014; public
 * domain constants by Vigna): small, good enough for words, and the same on every machine for ever. */
#define SPLITMIX_STEP 0x9E3779B97F4A7C15u

typedef struct stream {
    uint64_t state;
} stream;

static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* 0 to bound - 1, by multiplying 32 bits instead of dividing; the bias is below any that shows. */
static size_t below(stream *random, size_t bound) {
    random->state += SPLITMIX_STEP;
    return (size_t)((mix(random->state) >> 32) * bound >> 32);
}

static bool in_percent(stream *random, size_t percent) {
    return below(random, 100) < percent;
}

/* ---- patterns ------------------------------------------------------------------------------------------ */

/** One customer in the making. */
typedef struct composing {
    stream random;
    const clti_language *language;
    const clti_place *place;
    const char *word; /* ASCII of the first root or surname of the name: what the domain begins with */
    clti_arena *arena;
    size_t text_size;
    bool failed;
} composing;

static const clti_word *pick_word(stream *random, const clti_words *words) {
    return &words->items[below(random, words->count)];
}

static const char *pick_text(stream *random, const clti_texts *texts) {
    return texts->items[below(random, texts->count)];
}

static const char *expand_letter(composing *made, char letter) {
    const clti_language *language = made->language;
    const clti_word *word;
    switch (letter) {
    case 'c':
        return made->place->city;
    case 's':
        return pick_text(&made->random, &language->sectors);
    case 'f':
        return pick_text(&made->random, &language->forms);
    default:
        word = pick_word(&made->random, letter == 'r' ? &language->roots : &language->surnames);
        if (!made->word)
            made->word = word->ascii;
        return word->text;
    }
}

/** Room for the longest text that a pattern makes; the words are ours, so it has a bound. */
#define EXPANSION_MAX 512

static clt_str keep(composing *made, const char *text, size_t size) {
    clt_str copy = {0};
    if (!clti_arena_copy(made->arena, (clt_str){text, size}, &copy))
        made->failed = true;
    made->text_size += size;
    return copy;
}

static clt_str expand(composing *made, const char *pattern) {
    char text[EXPANSION_MAX];
    size_t size = 0;
    for (const char *at = pattern; *at; at++) {
        char digit[2] = {*at, '\0'};
        const char *piece = digit;
        if (*at == '#')
            digit[0] = (char)('0' + below(&made->random, 10));
        else if (*at == '@')
            digit[0] = (char)('1' + below(&made->random, 9));
        else if (*at == '%')
            piece = expand_letter(made, *++at);
        size_t length = strlen(piece);
        clti_assert(length < sizeof(text) - size);
        memcpy(text + size, piece, length);
        size += length;
    }
    return keep(made, text, size);
}

/* ---- customers ----------------------------------------------------------------------------------------- */

void clti_generator_init(clti_generator *generator, clt_guid partner, uint64_t seed) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint8_t hash[CLTI_SHA256_SIZE];
    char name[CLTI_GUID_TEXT_SIZE + 8];
    clti_guid_format(partner, name);
    for (size_t i = 0; i < 8; i++)
        name[CLTI_GUID_TEXT_SIZE + i] = (char)(uint8_t)(seed >> (8 * i));
    clti_sha256((clt_str){name, sizeof(name)}, hash);
    generator->key = 0;
    for (size_t i = 0; i < 8; i++)
        generator->key = generator->key << 8 | hash[i];
    for (size_t i = 0; i < 8; i++)
        generator->tag[i] = letters[hash[8 + i] % 32];
    generator->tag[8] = '\0';
}

static void make_address(composing *made, clti_address *out) {
    out->country = clti_str(made->place->country);
    if (!in_percent(&made->random, 75))
        return;
    out->city = clti_str(made->place->city);
    out->state = clti_str(made->place->state);
    out->line1 = expand(made, pick_text(&made->random, &made->language->streets));
    if (made->place->postal)
        out->postal_code = expand(made, made->place->postal);
}

static void make_contact(composing *made, clti_customer *out) {
    const clti_word *first = pick_word(&made->random, &made->language->first_names);
    const clti_word *last = pick_word(&made->random, &made->language->surnames);
    bool is_named = in_percent(&made->random, 60), has_email = in_percent(&made->random, 70);
    if (is_named) {
        out->first_name = out->address.first_name = clti_str(first->text);
        out->last_name = out->address.last_name = clti_str(last->text);
    }
    if (!has_email)
        return;
    out->email = is_named
                     ? clti_arena_format(made->arena, "%s.%s@%s", first->ascii, last->ascii, out->domain.data)
                     : clti_arena_format(made->arena, "info@%s", out->domain.data);
    made->failed |= !out->email.data;
    made->text_size += out->email.size;
}

bool clti_generator_customer(const clti_generator *generator, uint64_t index, clti_arena *arena,
                             clti_customer *out, size_t *out_text_size, clti_fault *fault) {
    composing made = {.random = {mix(generator->key + index * SPLITMIX_STEP)}, .arena = arena};
    made.language = &CLTI_LANGUAGES[below(&made.random, CLTI_LANGUAGE_COUNT)];
    made.place = &made.language->places.items[below(&made.random, made.language->places.count)];
    *out = (clti_customer){0};
    out->company_name = expand(&made, pick_text(&made.random, &made.language->names));
    clti_assert(made.failed || made.word); /* every pattern of a name has a root or a surname */
    out->domain =
        clti_arena_format(arena, "%s%llu.%s.example", made.word, (unsigned long long)index, generator->tag);
    made.failed |= !out->domain.data;
    if (!made.failed) {
        made.text_size += out->domain.size;
        make_address(&made, &out->address);
        make_contact(&made, out);
    }
    *out_text_size = made.text_size;
    if (made.failed)
        return clti_fault_no_memory(fault);
    return clti_customer_complete(out, fault);
}
