#include "cli/command_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

bool clti_file_read(const clti_invocation *invocation, const char *flag, const char *path, size_t size_max,
                    clti_bytes *out) {
    bool is_input = strcmp(path, "-") == 0;
    int descriptor = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = descriptor < 0 ? -1 : 1;
    while (count > 0 && out->size <= size_max) {
        char *end = clti_bytes_reserve(out, 65536);
        count = read(descriptor, end, 65536);
        out->size += count > 0 ? (size_t)count : 0;
    }
    if (count < 0)
        clti_complain_usage(invocation, "--%s: %s cannot be read: %s.", flag,
                            is_input ? "standard input" : path, strerror(errno));
    else if (out->size > size_max)
        clti_complain_usage(invocation, "--%s: more than %zu MiB.", flag, size_max >> 20);
    if (descriptor >= 0 && !is_input)
        close(descriptor);
    return count >= 0 && out->size <= size_max;
}
