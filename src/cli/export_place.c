#include "cli/command_private.h"
#include "cli/export_private.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Where a crash of the machine may throw an export back to. */
#define SYNC_EVERY_S 1

static bool fail(const char *path, const char *what) {
    clti_complain("%s cannot be %s: %s.", path, what, strerror(errno));
    return false;
}

/* ---- state --------------------------------------------------------------------------------------------- */

/* The bytes are there, and they end where a row ends: what a crash left as a hole does not. */
static bool is_there(const clti_place *place) {
    struct stat status;
    char last = '\0';
    return fstat(place->descriptor, &status) == 0 && place->size > 0 &&
           (uint64_t)status.st_size >= place->size &&
           pread(place->descriptor, &last, 1, (off_t)place->size - 1) == 1 && last == '\n';
}

static bool take_state(clti_place *place, const json_t *state) {
    const char *key = json_string_value(json_object_get(state, "key"));
    const char *token = json_string_value(json_object_get(state, "token"));
    json_int_t size = json_integer_value(json_object_get(state, "size"));
    json_int_t count = json_integer_value(json_object_get(state, "count"));
    if (!key || !token || size <= 0 || count < 0)
        return true;
    if (strcmp(key, place->key) != 0) {
        clti_complain("%s is of another export: another service, filter or format; --restart gives it up, "
                      "or name another file.",
                      place->part);
        return false;
    }
    place->size = (uint64_t)size;
    place->count = (uint64_t)count;
    if (is_there(place))
        place->token = clti_copy(clti_view(token));
    return true;
}

static bool read_state(clti_place *place) {
    json_t *state = json_load_file(place->state, JSON_REJECT_DUPLICATES, NULL);
    bool done = take_state(place, state);
    json_decref(state);
    return done;
}

static bool write_state(const clti_place *place) {
    char *beside = clti_format("%s.new", place->state);
    json_t *state = json_pack("{s:s, s:s, s:I, s:I}", "key", place->key, "token", place->token, "size",
                              (json_int_t)place->size, "count", (json_int_t)place->count);
    bool done =
        state && json_dump_file(state, beside, JSON_COMPACT) == 0 && rename(beside, place->state) == 0;
    if (!done) {
        fail(place->state, "written");
        unlink(beside);
    }
    json_decref(state);
    free(beside);
    return done;
}

/* ---- the part ------------------------------------------------------------------------------------------ */

static bool cut(clti_place *place) {
    return (ftruncate(place->descriptor, (off_t)place->size) == 0 &&
            lseek(place->descriptor, (off_t)place->size, SEEK_SET) >= 0) ||
           fail(place->part, "written");
}

bool clti_place_restart(clti_place *place) {
    free(place->token);
    place->token = NULL;
    place->size = place->count = 0;
    if (unlink(place->state) != 0 && errno != ENOENT)
        return fail(place->state, "removed");
    return cut(place);
}

/* Another export may have finished between our opening and our lock: then it is that one's file that we hold.
 */
static bool is_still_the_part(const clti_place *place) {
    struct stat held, named;
    return fstat(place->descriptor, &held) == 0 && stat(place->part, &named) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static bool lock(const clti_place *place) {
    if (flock(place->descriptor, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        clti_complain("Another export is writing %s.", place->part);
    else
        fail(place->part, "locked");
    return false;
}

/* No link is followed: in a folder that others write to, it would choose what is overwritten. */
static bool open_part(clti_place *place) {
    do {
        if (place->descriptor >= 0)
            close(place->descriptor);
        place->descriptor = open(place->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0666);
        if (place->descriptor < 0)
            return fail(place->part, "written");
        if (!lock(place))
            return false;
    } while (!is_still_the_part(place));
    return true;
}

bool clti_place_open(clti_place *place, const char *path, char *key, bool restart) {
    *place = (clti_place){.part = clti_format("%s.part", path),
                          .state = clti_format("%s.part.state", path),
                          .key = key,
                          .descriptor = -1,
                          .synced_s = (int64_t)time(NULL)};
    if (!open_part(place) || (!restart && !read_state(place)))
        return false;
    return place->token ? cut(place) : clti_place_restart(place);
}

bool clti_place_save(clti_place *place, clt_str token, uint64_t size, uint64_t count) {
    int64_t now_s = (int64_t)time(NULL);
    free(place->token);
    place->token = token.size > 0 ? clti_copy(token) : NULL;
    place->size = size;
    place->count = count;
    if (!place->token)
        return true;
    if (now_s - place->synced_s >= SYNC_EVERY_S) {
        place->synced_s = now_s;
        if (fdatasync(place->descriptor) != 0)
            return fail(place->part, "written");
    }
    return write_state(place);
}

bool clti_place_finish(clti_place *place, const char *path) {
    if (fsync(place->descriptor) != 0 || rename(place->part, path) != 0)
        return fail(path, "written");
    unlink(place->state);
    return true;
}

void clti_place_done(clti_place *place) {
    if (place->descriptor >= 0)
        close(place->descriptor);
    free(place->part);
    free(place->state);
    free(place->key);
    free(place->token);
}
