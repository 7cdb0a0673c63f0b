/* One command's flags and operands: checked here, so that mistakes are told in our words; argp writes the
 * help and takes them apart. */
#include "cli/command_private.h"
#include "cli/shown_private.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY_FIRST 1000
#define KEY_HELP  'h' /* besides argp's own -? */

const clti_option CLTI_CALL_OPTIONS[] = {
    {.name = "profile",
     .argument = "NAME",
     .help = "the profile to use; default: the current one",
     .offset = offsetof(clti_call_options, profile)},
    {.name = "timeout",
     .argument = "SECONDS",
     .help = "give up a call after so long, retries included; default 180",
     .offset = offsetof(clti_call_options, timeout)},
    {.name = "verbose",
     .letter = 'v',
     .help = "tell requests and retries on standard error; no secrets",
     .offset = offsetof(clti_call_options, verbose)},
};
const size_t CLTI_CALL_OPTION_COUNT = CLTI_COUNT(CLTI_CALL_OPTIONS);

/* ---- telling ------------------------------------------------------------------------------------------- */

static void complain_about(const char *command, const char *format, va_list arguments) {
    char *text;
    clti_bytes line = {0};
    if (vasprintf(&text, format, arguments) < 0)
        return;
    clti_bytes_add_text(&line, command ? command : "");
    clti_bytes_add_text(&line, command ? ": " : "");
    clti_shown_add(&line, clti_view(text), 0);
    fprintf(stderr, "clientele: %s\n", line.data);
    clti_bytes_done(&line);
    free(text);
}

void clti_complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain_about(NULL, format, arguments);
    va_end(arguments);
}

void clti_note(const char *format, ...) {
    va_list arguments;
    if (!isatty(STDERR_FILENO))
        return;
    va_start(arguments, format);
    complain_about(NULL, format, arguments);
    va_end(arguments);
}

int clti_complain_usage(const clti_invocation *invocation, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain_about(invocation->command->name, format, arguments);
    va_end(arguments);
    return CLTI_EXIT_USAGE;
}

bool clti_read_number(const clti_invocation *invocation, const char *flag, const char *text, uint64_t min,
                      uint64_t max, uint64_t *out) {
    uint64_t number;
    if (!text)
        return true;
    if (!clti_view_number(clti_view(text), max, &number) || number < min) {
        clti_complain_usage(invocation, "--%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64 ".",
                            flag, text, min, max);
        return false;
    }
    *out = number;
    return true;
}

int clti_choice_find(const char *choices, clt_str word) {
    clt_str rest = clti_view(choices);
    for (int i = 0; rest.data; i++)
        if (clti_view_equal_nocase(clti_view_cut(rest, '|', &rest), word))
            return i;
    return -1;
}

/* ---- the options of one command, as argp wants them ---------------------------------------------------- */

typedef struct flag_reading {
    const clti_command *command;
    clti_invocation invocation;
    void *request;
    size_t option_count;
    struct argp_option *options;
    char **helps; /* of the options, those that were put together */
    bool failed;  /* and told */
} flag_reading;

static const clti_option *option_at(const flag_reading *reading, size_t index, void **out_member) {
    const clti_command *command = reading->command;
    bool own = index < command->option_count;
    const clti_option *option =
        own ? &command->options[index] : &CLTI_CALL_OPTIONS[index - command->option_count];
    void *base = own ? reading->request : (void *)(uintptr_t)&reading->invocation.call;
    *out_member = (char *)base + option->offset;
    return option;
}

static void build_options(flag_reading *reading) {
    const clti_command *command = reading->command;
    void *member;
    reading->option_count = command->option_count + (command->is_call ? CLTI_CALL_OPTION_COUNT : 0);
    reading->options = clti_allocate((reading->option_count + 2) * sizeof(struct argp_option));
    reading->helps = clti_allocate(reading->option_count * sizeof(char *));
    for (size_t i = 0; i < reading->option_count; i++) {
        const clti_option *option = option_at(reading, i, &member);
        reading->helps[i] = clti_format(option->choices ? "%s (%s)" : "%s", option->help, option->choices);
        reading->options[i] =
            (struct argp_option){.name = option->name,
                                 .key = option->letter ? option->letter : KEY_FIRST + (int)i,
                                 .arg = option->argument,
                                 .doc = reading->helps[i],
                                 .group = i < command->option_count ? 1 : 2};
    }
    reading->options[reading->option_count] = (struct argp_option){.key = KEY_HELP, .flags = OPTION_HIDDEN};
}

static void add_word(clti_words *words, const char *word) {
    words->items = clti_reallocate(words->items, (words->count + 1) * sizeof(*words->items));
    words->items[words->count++] = word;
}

static bool take_option(flag_reading *reading, size_t index, const char *argument) {
    void *member;
    const clti_option *option = option_at(reading, index, &member);
    if (option->choices && clti_choice_find(option->choices, clti_view(argument)) < 0) {
        clti_complain_usage(&reading->invocation, "--%s: '%s' is none of %s.", option->name, argument,
                            option->choices);
        return false;
    }
    if (option->is_repeatable)
        add_word(member, argument);
    else
        *(const char **)member = argument ? argument : "";
    return true;
}

static bool take_operand(flag_reading *reading, const char *operand) {
    clti_invocation *invocation = &reading->invocation;
    if (invocation->operand_count == reading->command->operand_max) {
        clti_complain_usage(invocation, "'%s' is one argument too many; see --help.", operand);
        return false;
    }
    invocation->operands[invocation->operand_count++] = operand;
    return true;
}

static bool check_operands(flag_reading *reading) {
    if (reading->invocation.operand_count >= reading->command->operand_min)
        return true;
    clti_complain_usage(&reading->invocation, "%s is missing; see --help.", reading->command->operands);
    return false;
}

static size_t index_of_key(const flag_reading *reading, int key) {
    size_t i = 0;
    while (i < reading->option_count && reading->options[i].key != key)
        i++;
    return i;
}

static error_t on_argument(int key, char *argument, struct argp_state *state) {
    flag_reading *reading = state->input;
    size_t index = index_of_key(reading, key);
    bool ok = true;
    if (key == KEY_HELP)
        argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
    else if (key == ARGP_KEY_ARG)
        ok = take_operand(reading, argument);
    else if (key == ARGP_KEY_END)
        ok = check_operands(reading);
    else if (index < reading->option_count)
        ok = take_option(reading, index, argument);
    else
        return ARGP_ERR_UNKNOWN;
    reading->failed |= !ok;
    return ok ? 0 : EINVAL;
}

/* ---- looking before argp does: it tells mistakes with an exit code of its own, and takes abbreviations --
 */

static const struct argp_option *find_option(const flag_reading *reading, clt_str name, clti_guess *guess) {
    for (const struct argp_option *option = reading->options; option->name; option++) {
        if (clti_view_equal(clti_view(option->name), name))
            return option;
        clti_guess_consider(guess, option->name);
    }
    return NULL;
}

static bool is_general(clt_str flag) {
    static const char *const general[] = {"--help", "--usage", "--version", "-?", "-h", "-V"};
    for (size_t i = 0; i < CLTI_COUNT(general); i++)
        if (clti_view_equal(flag, clti_view(general[i])))
            return true;
    return false;
}

/* A long flag, and the word behind it; says if that word is its value. */
static bool check_long(const flag_reading *reading, const char *word, const char *next,
                       bool *out_takes_next) {
    clt_str value, flag = clti_view_cut(clti_view(word), '=', &value);
    clti_guess guess = clti_guess_for((clt_str){flag.data + 2, flag.size - 2});
    const struct argp_option *option = find_option(reading, guess.asked, &guess);
    if (is_general(flag))
        return true;
    if (!option)
        clti_complain_usage(&reading->invocation, "there is no flag %.*s%s%s%s", CLTI_VIEW_ARGS(flag),
                            guess.name ? "; did you mean --" : "; see --help", guess.name ? guess.name : "",
                            guess.name ? "?" : ".");
    /* A flag behind it was hardly meant as its value; written with '=' anything is one. */
    else if (option->arg && !value.data && (!next || strncmp(next, "--", 2) == 0))
        clti_complain_usage(&reading->invocation, "--%s needs a value: %s.", option->name, option->arg);
    else if (!option->arg && value.data)
        clti_complain_usage(&reading->invocation, "--%s takes no value.", option->name);
    else {
        *out_takes_next = option->arg && !value.data;
        return true;
    }
    return false;
}

/* One or more letters behind a dash; the first that takes a value takes what is left, or the next word. */
static bool check_letters(const flag_reading *reading, const char *word, const char *next,
                          bool *out_takes_next) {
    for (const char *letter = word + 1; *letter; letter++) {
        size_t index = index_of_key(reading, *letter);
        if (*letter == '?' || *letter == 'h' || *letter == 'V')
            continue;
        if (index == reading->option_count) {
            clti_complain_usage(&reading->invocation, "there is no flag -%c; see --help.", *letter);
            return false;
        }
        if (!reading->options[index].arg)
            continue;
        *out_takes_next = letter[1] == '\0';
        if (letter[1] != '\0' || next)
            return true;
        clti_complain_usage(&reading->invocation, "-%c needs a value: %s.", *letter,
                            reading->options[index].arg);
        return false;
    }
    return true;
}

static bool check_flags(const flag_reading *reading, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool takes_next = false;
        if (strcmp(word, "--") == 0)
            break;
        if (word[0] != '-' || word[1] == '\0')
            continue;
        if (word[1] == '-' ? !check_long(reading, word, next, &takes_next)
                           : !check_letters(reading, word, next, &takes_next))
            return false;
        i += takes_next;
    }
    return true;
}

/* ---- all together -------------------------------------------------------------------------------------- */

/* What stands before \v comes above the flags, the rest below. */
static char *help_of(const clti_command *command) {
    return clti_format("%s.\v%s%sExamples:\n%s", command->about, command->details ? command->details : "",
                       command->details ? "\n\n" : "", command->examples);
}

static bool read_command_line(flag_reading *reading, int argc, char **argv) {
    const clti_command *command = reading->command;
    build_options(reading);
    if (!check_flags(reading, argc, argv))
        return false;
    char *program = clti_format("clientele %s", command->name), *help = help_of(command);
    struct argp argp = {
        .options = reading->options, .parser = on_argument, .args_doc = command->operands, .doc = help};
    argv[0] = program;
    error_t error = argp_parse(&argp, argc, argv, 0, NULL, reading);
    free(program);
    free(help);
    if (error != 0 && !reading->failed)
        clti_complain("%s: the command line cannot be read: %s.", command->name, strerror(error));
    return error == 0;
}

static void reading_done(flag_reading *reading) {
    void *member;
    for (size_t i = 0; i < reading->option_count; i++) {
        if (option_at(reading, i, &member)->is_repeatable)
            free(((clti_words *)member)->items);
        free(reading->helps[i]);
    }
    free(reading->helps);
    free(reading->options);
    free(reading->invocation.operands);
    free(reading->request);
}

int clti_command_run(const clti_command *command, int argc, char **argv) {
    flag_reading reading = {.command = command, .request = clti_allocate(command->request_size)};
    reading.invocation =
        (clti_invocation){.command = command,
                          .request = reading.request,
                          .operands = clti_allocate(command->operand_max * sizeof(const char *))};
    int code = CLTI_EXIT_USAGE;
    if (read_command_line(&reading, argc, argv))
        code = command->run(&reading.invocation);
    reading_done(&reading);
    return code;
}
