#include "directory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#define FOLD_KEY_MAX 400
#define CELL_MAX     1024

char *directory_fold(const char *text) {
    utf8proc_uint8_t *fold = NULL;
    utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)text, 0, &fold,
                     (utf8proc_option_t)(UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                         UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE));
    assert_true(size >= 0);
    return (char *)fold;
}

static clt_guid id_of_domain(const char *domain) {
    char *lower = strdup(domain);
    assert_non_null(lower);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    clt_guid id = clti_guid_from_name(CLTI_GUID_NAMESPACE_DNS, clti_str(lower));
    free(lower);
    return id;
}

void directory_add(directory *to, const char *name, const char *domain, const clt_guid *id) {
    if (to->count == to->capacity) {
        to->capacity = to->capacity ? to->capacity * 2 : 1024;
        to->entries = realloc(to->entries, to->capacity * sizeof(*to->entries));
        assert_non_null(to->entries);
    }
    to->entries[to->count++] = (directory_entry){
        .id = id ? *id : id_of_domain(domain),
        .name = strdup(name),
        .domain = strdup(domain),
        .name_fold = directory_fold(name),
        .domain_fold = directory_fold(domain),
    };
}

/* One cell of a CSV line; returns what follows it and its comma. Quoted cells hold no line ends here. */
static const char *read_cell(const char *line, char cell[CELL_MAX]) {
    size_t size = 0;
    bool quoted = *line == '"';
    line += quoted;
    while (*line && *line != '\r' && *line != '\n' && (quoted || *line != ',')) {
        if (quoted && *line == '"' && *++line != '"')
            break;
        assert_true(size + 1 < CELL_MAX);
        cell[size++] = *line++;
    }
    cell[size] = '\0';
    return line + (*line == ',');
}

void directory_read_demo(directory *out, const char *file_name) {
    char *path, *line = NULL, name[CELL_MAX], domain[CELL_MAX];
    size_t capacity = 0;
    const char *folder = getenv("CLIENTELED_DEMO_FOLDER");
    if (!folder)
        fail_msg("the environment variable CLIENTELED_DEMO_FOLDER must name share/demo");
    assert_true(asprintf(&path, "%s/%s", folder, file_name) > 0);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    bool is_header = true;
    while (getline(&line, &capacity, file) > 0) {
        (void)read_cell(read_cell(line, name), domain);
        if (!is_header)
            directory_add(out, name, domain, NULL);
        is_header = false;
    }
    fclose(file);
    free(line);
    free(path);
}

static int compare(const void *left, const void *right) {
    const directory_entry *a = left, *b = right;
    /* No fold holds a byte below 0x20, so the end of the text sorts as the key's separator does. */
    int order = strncmp(a->name_fold, b->name_fold, FOLD_KEY_MAX);
    return order ? order : memcmp(&a->id, &b->id, sizeof(a->id));
}

void directory_sort(directory *sorted) {
    qsort(sorted->entries, sorted->count, sizeof(*sorted->entries), compare);
}

void directory_done(directory *done) {
    for (size_t i = 0; i < done->count; i++) {
        free(done->entries[i].name);
        free(done->entries[i].domain);
        free(done->entries[i].name_fold);
        free(done->entries[i].domain_fold);
    }
    free(done->entries);
    *done = (directory){0};
}
