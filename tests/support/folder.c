#include "support/folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

char *clti_test_folder_make(void) {
    const char *above = getenv("TMPDIR");
    char *path;
    if (asprintf(&path, "%s/clientele-test-XXXXXX", above != NULL ? above : "/tmp") < 0) {
        return NULL;
    }
    if (mkdtemp(path) == NULL) {
        free(path);
        return NULL;
    }
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where) {
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void clti_test_folder_remove(const char *folder) {
    if (folder != NULL && nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0) {
        perror(folder);
    }
}
