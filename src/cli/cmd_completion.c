/* clientele completion: what the shells need to complete our command lines, made from the table of commands.
 */
#include "cli/cmd_private.h"

#include <stdio.h>
#include <string.h>

/* The names of the profiles, one a line, in a command that all three shells understand. */
#define PROFILE_NAMES "clientele profile list 2>/dev/null | sed \"1d;s/^...//;s/ .*//\""

#define NAME_COUNT_MAX 64

/* What a flag's value or an operand can be. */
typedef enum value_kind { VALUE_NONE, VALUE_TEXT, VALUE_WORDS, VALUE_FILE, VALUE_PROFILE } value_kind;

static value_kind kind_of(const clti_option *option) {
    if (!option->argument)
        return VALUE_NONE;
    if (option->choices)
        return VALUE_WORDS;
    if (strcmp(option->argument, "FILE") == 0)
        return VALUE_FILE;
    return strcmp(option->name, "profile") == 0 ? VALUE_PROFILE : VALUE_TEXT;
}

static value_kind operand_kind(const clti_command *command) {
    if (!command->operands)
        return VALUE_NONE;
    if (strcmp(command->operands, "FILE") == 0)
        return VALUE_FILE;
    if (strcmp(command->operands, "PROFILE") == 0)
        return VALUE_PROFILE;
    return command == &clti_cmd_completion ? VALUE_WORDS : VALUE_TEXT;
}

#define SHELLS "bash|zsh|fish"

static const clti_option *option_at(const clti_command *command, size_t index) {
    if (index < command->option_count)
        return &command->options[index];
    index -= command->option_count;
    return command->is_call && index < CLTI_CALL_OPTION_COUNT ? &CLTI_CALL_OPTIONS[index] : NULL;
}

static void print_words(const char *choices) {
    for (const char *c = choices; *c; c++)
        putchar(*c == '|' ? ' ' : *c);
}

/* A word that may come next, and what it is about. */
typedef struct next_word {
    clt_str name;
    const char *about;
} next_word;

static const char *about_group(clt_str group, clt_str word) {
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++) {
        clt_str below = clti_name_below(CLTI_GROUPS[i].name, group);
        if (below.data && clti_view_equal(below, word))
            return CLTI_GROUPS[i].about;
    }
    return "";
}

/* The words that may stand at the top, or behind a group's name, each once. */
static size_t words_below(clt_str group, next_word words[]) {
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COMMAND_COUNT && count < NAME_COUNT_MAX; i++) {
        const clti_command *command = CLTI_COMMANDS[i];
        clt_str rest, below = clti_name_below(command->name, group);
        clt_str word = clti_view_cut(below, ' ', &rest);
        if (!below.data || (count > 0 && clti_view_equal(words[count - 1].name, word)))
            continue;
        words[count++] =
            (next_word){.name = word, .about = rest.data ? about_group(group, word) : command->about};
    }
    return count;
}

/* ---- bash ---------------------------------------------------------------------------------------------- */

static void print_bash_names(clt_str group) {
    next_word words[NAME_COUNT_MAX];
    size_t count = words_below(group, words);
    printf("    '%.*s') words='", CLTI_VIEW_ARGS(group));
    for (size_t i = 0; i < count; i++)
        printf("%s%.*s", i > 0 ? " " : "", CLTI_VIEW_ARGS(words[i].name));
    printf("%s --help' ;;\n", group.size > 0 ? "" : " help --version");
}

static void print_bash_value(value_kind kind, const char *words) {
    switch (kind) {
    case VALUE_WORDS:
        fputs("words='", stdout);
        print_words(words);
        fputs("'", stdout);
        break;
    case VALUE_FILE:
        fputs("COMPREPLY=($(compgen -f -- \"$current\"))", stdout);
        break;
    case VALUE_PROFILE:
        fputs("words=$(" PROFILE_NAMES ")", stdout);
        break;
    case VALUE_TEXT:
    case VALUE_NONE:
        fputs("return", stdout);
        break;
    }
}

static void print_bash_command(const clti_command *command) {
    const clti_option *option;
    printf("    '%s')\n        case \"$previous\" in\n", command->name);
    for (size_t i = 0; (option = option_at(command, i)); i++) {
        if (kind_of(option) == VALUE_NONE)
            continue;
        printf("        --%s", option->name);
        if (option->letter)
            printf(" | -%c", option->letter);
        fputs(") ", stdout);
        print_bash_value(kind_of(option), option->choices);
        fputs(" ;;\n", stdout);
    }
    fputs("        *)\n            case \"$current\" in\n            -*) words='", stdout);
    for (size_t i = 0; (option = option_at(command, i)); i++)
        printf("--%s ", option->name);
    fputs("--help' ;;\n            *) ", stdout);
    print_bash_value(operand_kind(command), SHELLS);
    fputs(" ;;\n            esac\n            ;;\n        esac\n        ;;\n", stdout);
}

/* How many words a group has. */
static size_t depth_of(const char *group) {
    size_t depth = 1;
    for (const char *c = group; *c; c++)
        depth += *c == ' ';
    return depth;
}

static void print_bash(void) {
    fputs("# bash completion for clientele, made by 'clientele completion bash'.\n"
          "_clientele() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local command=${COMP_WORDS[1]} words=\n"
          "    COMPREPLY=()\n"
          "    # --flag=value comes as three words.\n"
          "    [ \"$current\" != = ] || current=\n"
          "    [ \"$previous\" != = ] || previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    [ \"$COMP_CWORD\" -gt 1 ] || command=\n",
          stdout);
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++) {
        size_t depth = depth_of(CLTI_GROUPS[i].name) + 1;
        printf("    [ \"$command\" != '%s' ] || [ \"$COMP_CWORD\" -le %zu ] || "
               "command=\"$command ${COMP_WORDS[%zu]}\"\n",
               CLTI_GROUPS[i].name, depth, depth);
    }
    fputs("    case \"$command\" in\n", stdout);
    print_bash_names((clt_str){"", 0});
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++)
        print_bash_names(clti_view(CLTI_GROUPS[i].name));
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++)
        print_bash_command(CLTI_COMMANDS[i]);
    fputs("    esac\n"
          "    [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "}\n"
          "complete -o filenames -o bashdefault -F _clientele clientele\n",
          stdout);
}

/* ---- zsh ----------------------------------------------------------------------------------------------- */

/* Text within single quotes; `escaped` are characters that the place itself gives a meaning. */
static void print_quoted(const char *text, const char *escaped, const char *quote) {
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            fputs(quote, stdout);
        else {
            if (strchr(escaped, *c))
                putchar('\\');
            putchar(*c);
        }
    }
}

#define ZSH_QUOTE "'\\''"

static void print_zsh_value(value_kind kind, const char *argument, const char *words) {
    if (kind == VALUE_NONE)
        return;
    putchar(':');
    print_quoted(argument, ":[]", ZSH_QUOTE);
    putchar(':');
    if (kind == VALUE_WORDS) {
        putchar('(');
        print_words(words);
        putchar(')');
    } else if (kind == VALUE_FILE)
        fputs("_files", stdout);
    else if (kind == VALUE_PROFILE)
        fputs("($(" PROFILE_NAMES "))", stdout);
}

static void print_zsh_command(const clti_command *command) {
    const clti_option *option;
    printf("    '%s')\n        _arguments -s", command->name);
    for (size_t i = 0; (option = option_at(command, i)); i++) {
        fputs(" \\\n                ", stdout);
        if (option->is_repeatable)
            fputs("'*'", stdout);
        if (option->letter)
            printf("{-%c,--%s%s}", option->letter, option->name, option->argument ? "=" : "");
        else
            printf("--%s%s", option->name, option->argument ? "=" : "");
        fputs("'[", stdout);
        print_quoted(option->help, "[]:", ZSH_QUOTE);
        putchar(']');
        print_zsh_value(kind_of(option), option->argument, option->choices);
        putchar('\'');
    }
    fputs(" \\\n                '--help[tell what it does]'", stdout);
    if (command->operands) {
        fputs(" \\\n                '*", stdout);
        print_zsh_value(operand_kind(command), command->operands, SHELLS);
        putchar('\'');
    }
    fputs("\n        ;;\n", stdout);
}

/* The words that may stand behind a group's name; at the top, of none. */
static void print_zsh_names(clt_str group) {
    next_word words[NAME_COUNT_MAX];
    size_t count = words_below(group, words);
    printf("        '%.*s') names=(\n", CLTI_VIEW_ARGS(group));
    for (size_t i = 0; i < count; i++) {
        printf("            '%.*s:", CLTI_VIEW_ARGS(words[i].name));
        print_quoted(words[i].about, ":", ZSH_QUOTE);
        fputs("'\n", stdout);
    }
    fputs("        ) ;;\n", stdout);
}

static void print_zsh(void) {
    fputs("#compdef clientele\n"
          "# zsh completion for clientele, made by 'clientele completion zsh'.\n"
          "_clientele() {\n"
          "    local command=\n"
          "    local -a names\n"
          "    while true; do\n"
          "        case \"$command\" in\n",
          stdout);
    print_zsh_names((clt_str){"", 0});
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++)
        print_zsh_names(clti_view(CLTI_GROUPS[i].name));
    fputs("        *) break ;;\n"
          "        esac\n"
          "        if ((CURRENT == 2)); then\n"
          "            _describe command names\n"
          "            return\n"
          "        fi\n"
          "        shift words\n"
          "        ((CURRENT--))\n"
          "        command=\"${command:+$command }${words[1]}\"\n"
          "    done\n"
          "    case \"$command\" in\n",
          stdout);
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++)
        print_zsh_command(CLTI_COMMANDS[i]);
    fputs("    esac\n"
          "}\n"
          "if [ \"${funcstack[1]}\" = _clientele ]; then _clientele \"$@\"; else compdef _clientele "
          "clientele; fi\n",
          stdout);
}

/* ---- fish ---------------------------------------------------------------------------------------------- */

#define FISH_QUOTE "\\'"

static void print_fish_names(clt_str group) {
    next_word words[NAME_COUNT_MAX];
    size_t count = words_below(group, words);
    for (size_t i = 0; i < count; i++) {
        printf("complete -c clientele -n '__clientele_is%s%.*s' -a %.*s -d '", group.size > 0 ? " " : "",
               CLTI_VIEW_ARGS(group), CLTI_VIEW_ARGS(words[i].name));
        print_quoted(words[i].about, "\\", FISH_QUOTE);
        fputs("'\n", stdout);
    }
}

static void print_fish_value(value_kind kind, const char *words) {
    if (kind == VALUE_WORDS) {
        fputs(" -a '", stdout);
        print_words(words);
        putchar('\'');
    } else if (kind == VALUE_PROFILE)
        fputs(" -a '(" PROFILE_NAMES ")'", stdout);
    else if (kind == VALUE_FILE)
        fputs(" -F", stdout);
}

static void print_fish_command(const clti_command *command) {
    const clti_option *option;
    for (size_t i = 0; (option = option_at(command, i)); i++) {
        printf("complete -c clientele -n '__clientele_in %s' -l %s", command->name, option->name);
        if (option->letter)
            printf(" -s %c", option->letter);
        if (option->argument)
            fputs(" -x", stdout);
        print_fish_value(kind_of(option), option->choices);
        fputs(" -d '", stdout);
        print_quoted(option->help, "\\", FISH_QUOTE);
        fputs("'\n", stdout);
    }
    if (operand_kind(command) == VALUE_NONE || operand_kind(command) == VALUE_TEXT)
        return;
    printf("complete -c clientele -n '__clientele_in %s'", command->name);
    print_fish_value(operand_kind(command), SHELLS);
    fputs("\n", stdout);
}

static void print_fish(void) {
    fputs("# fish completion for clientele, made by 'clientele completion fish'.\n"
          "# The words so far are exactly these, or begin with these.\n"
          "function __clientele_is\n"
          "    set -l words (commandline -opc)\n"
          "    test \"$words[2..-1]\" = \"$argv\"\n"
          "end\n"
          "function __clientele_in\n"
          "    set -l words (commandline -opc)\n"
          "    set -l count (math (count $argv) + 1)\n"
          "    test (count $words) -ge $count; and test \"$words[2..$count]\" = \"$argv\"\n"
          "end\n"
          "complete -c clientele -f\n",
          stdout);
    print_fish_names((clt_str){"", 0});
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++)
        print_fish_names(clti_view(CLTI_GROUPS[i].name));
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++)
        print_fish_command(CLTI_COMMANDS[i]);
}

/* ---- the command --------------------------------------------------------------------------------------- */

static int completion(const clti_invocation *invocation) {
    static void (*const printers[])(void) = {print_bash, print_zsh, print_fish};
    int shell = clti_choice_find(SHELLS, clti_view(invocation->operands[0]));
    if (shell < 0)
        return clti_complain_usage(invocation, "'%s' is none of %s.", invocation->operands[0], SHELLS);
    printers[shell]();
    return CLTI_EXIT_DONE;
}

const clti_command clti_cmd_completion = {
    .name = "completion",
    .operands = "SHELL",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Print what a shell needs to complete these commands: bash, zsh or fish",
    .examples = "  source <(clientele completion bash)\n"
                "  clientele completion zsh >~/.zfunc/_clientele\n"
                "  clientele completion fish >~/.config/fish/completions/clientele.fish",
    .run = completion};
