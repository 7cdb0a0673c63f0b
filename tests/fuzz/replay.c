/* Runs a fuzz target over the files of the folders given, as an ordinary test: one case a file. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A block of exactly the file's size, so that a read past its end is caught. */
static uint8_t *read_whole(const char *path, size_t *out_size) {
    FILE *file = fopen(path, "re");
    uint8_t *data = NULL;
    long size = -1;
    if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0)
        data = malloc(size ? (size_t)size : 1);
    if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
        free(data);
        data = NULL;
    }
    if (file)
        fclose(file);
    *out_size = (size_t)size;
    return data;
}

static bool replay_file(const char *folder, const char *name) {
    char *path;
    size_t size;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return false;
    uint8_t *data = read_whole(path, &size);
    if (data)
        LLVMFuzzerTestOneInput(data, size);
    else
        perror(path);
    free(path);
    bool done = data != NULL;
    free(data);
    return done;
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

int main(int argument_count, char **arguments) {
    int number = 0, failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argument_count; i++) {
        struct dirent **entries;
        int count = scandir(arguments[i], &entries, is_visible, alphasort);
        if (count <= 0) {
            printf("Bail out! %s holds no corpus\n", arguments[i]);
            return EXIT_FAILURE;
        }
        for (int j = 0; j < count; j++) {
            bool done = replay_file(arguments[i], entries[j]->d_name);
            failed += !done;
            printf("%sok %d - %s\n", done ? "" : "not ", ++number, entries[j]->d_name);
            free(entries[j]);
        }
        free(entries);
    }
    printf("1..%d\n", number);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
