/* clienteled dev-certs: an authority of one's own and a certificate by it, so that clients with fixed
 * addresses can be pointed at a server here. */
#include "daemon/daemon_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX     64
#define FILE_SIZE_MAX (64 * 1024)

/* The hosts that clients have compiled in (api.md 1.1), and this machine. */
static const char *const known_names[] = {"localhost",
                                          "127.0.0.1",
                                          "::1",
                                          "api.partnercenter.microsoft.com",
                                          "login.microsoftonline.com",
                                          "login.windows.net",
                                          "graph.windows.net"};
#define FIRST_HOST 3 /* those before need no line in /etc/hosts */

typedef struct dev_certs {
    const char *folder;
    const char *more[NAMES_MAX];
    const char *names[NAMES_MAX + CLTI_COUNT(known_names)];
    size_t name_count;
    clti_arena arena;
    bool authority_is_new;
    clti_buf authority, authority_key, server, server_key;
} dev_certs;

/* ---- files --------------------------------------------------------------------------------------------- */

static bool fail_file(const char *path, const char *what, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s cannot be %s: %s.", path, what,
                          strerror(errno));
}

static const char *path_of(dev_certs *made, const char *name) {
    return clti_arena_format(&made->arena, "%s/%s", made->folder, name).data;
}

/* A file that is not there is left absent. */
static bool read_file(const char *path, clti_buf *out, bool *out_found, clti_fault *fault) {
    FILE *file = fopen(path, "re");
    *out_found = file != NULL;
    if (!file)
        return errno == ENOENT || fail_file(path, "read", fault);
    char *room = clti_buf_reserve(out, FILE_SIZE_MAX);
    if (room)
        clti_buf_advance(out, fread(room, 1, FILE_SIZE_MAX, file));
    const bool ok = room && !ferror(file);
    if (!ok)
        fail_file(path, "read", fault);
    fclose(file);
    return ok;
}

static bool write_all(int descriptor, clt_str text) {
    while (text.size) {
        const ssize_t written = write(descriptor, text.data, text.size);
        if (written < 0 && errno != EINTR)
            return false;
        text = clti_str_from(text, written > 0 ? (size_t)written : 0);
    }
    return fsync(descriptor) == 0;
}

/* Whole or not at all: a server may read it meanwhile. */
static bool write_file(dev_certs *made, const char *name, const clti_buf *content, mode_t mode,
                       clti_fault *fault) {
    const char *path = path_of(made, name), *temporary = path_of(made, ".new");
    if (!path || !temporary)
        return clti_fault_no_memory(fault);
    (void)unlink(temporary);
    const int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0)
        return fail_file(temporary, "made", fault);
    bool ok = write_all(descriptor, clti_buf_str(content));
    ok = close(descriptor) == 0 && ok;
    if (ok && rename(temporary, path) == 0)
        return true;
    fail_file(path, "written", fault);
    (void)unlink(temporary);
    return false;
}

/* ---- making -------------------------------------------------------------------------------------------- */

static bool read_authority(dev_certs *made, clti_fault *fault) {
    const char *certificate = path_of(made, "ca.pem"), *key = path_of(made, "ca.key");
    bool has_certificate, has_key;
    if (!certificate || !key)
        return clti_fault_no_memory(fault);
    if (!read_file(certificate, &made->authority, &has_certificate, fault) ||
        !read_file(key, &made->authority_key, &has_key, fault))
        return false;
    made->authority_is_new = !has_certificate && !has_key;
    if (has_certificate != has_key)
        return clti_fault_set(
            fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
            "%s is there, but %s is not. Bring it back, or remove the other for a new authority.",
            has_key ? key : certificate, has_key ? certificate : key);
    if (!made->authority_is_new)
        return true;
    const clt_str date = clti_str(clti_now_text().text);
    const clt_str name = clti_arena_format(&made->arena, "Clientele development CA %.*s", 10, date.data);
    return (name.data || clti_fault_no_memory(fault)) &&
           clti_certificate_make_authority(name.data, &made->authority, &made->authority_key, fault);
}

static bool write_files(dev_certs *made, clti_fault *fault) {
    if (mkdir(made->folder, 0755) != 0 && errno != EEXIST)
        return fail_file(made->folder, "made", fault);
    return (!made->authority_is_new || (write_file(made, "ca.key", &made->authority_key, 0600, fault) &&
                                        write_file(made, "ca.pem", &made->authority, 0644, fault))) &&
           write_file(made, "server.key", &made->server_key, 0600, fault) &&
           write_file(made, "server.pem", &made->server, 0644, fault);
}

static bool make(dev_certs *made, clti_fault *fault) {
    if (!read_authority(made, fault))
        return false;
    const clti_certificate_pair authority = {clti_buf_str(&made->authority),
                                             clti_buf_str(&made->authority_key)};
    return clti_certificate_issue(&authority, made->names, made->name_count, &made->server, &made->server_key,
                                  fault) &&
           write_files(made, fault);
}

/* ---- telling ------------------------------------------------------------------------------------------- */

/* No address, and no name that stands for many. */
static bool is_host_name(const char *name) {
    return !strpbrk(name, ":*") && name[strspn(name, "0123456789.")] != '\0';
}

static void tell(const dev_certs *made) {
    const char *folder = made->folder;
    printf("%s the authority %s/ca.pem; made %s/server.pem and server.key, valid for 397 days, for:\n",
           made->authority_is_new ? "Made" : "Kept", folder, folder);
    for (size_t i = 0; i < made->name_count; i++)
        printf("  %s\n", made->names[i]);
    printf("\nServe with it; SIGHUP reads the files anew:\n"
           "  clienteled serve --listen=127.0.0.1:443 --tls-cert=%s/server.pem --tls-key=%s/server.key \\\n"
           "    --auth-public-url=https://login.microsoftonline.com\n",
           folder, folder);
    printf("\nWhoever has %s/ca.key can pretend to be any site to those who trust it: keep it to yourself.\n"
           "Trust the authority, for the machine, for one Node program, for one call:\n"
           "  sudo cp %s/ca.pem /usr/local/share/ca-certificates/clientele-dev.crt && sudo "
           "update-ca-certificates\n"
           "  NODE_EXTRA_CA_CERTS=%s/ca.pem node program.js\n"
           "  curl --cacert %s/ca.pem https://localhost/healthz\n",
           folder, folder, folder, folder);
    printf("\nFor clients whose addresses are fixed, a line in /etc/hosts (remove it to reach the real "
           "service again):\n"
           "  127.0.0.1");
    for (size_t i = FIRST_HOST; i < made->name_count; i++)
        if (is_host_name(made->names[i]))
            printf(" %s", made->names[i]);
    printf("\n");
}

static int run(dev_certs *made) {
    clti_fault fault;
    clti_buf *const buffers[] = {&made->authority, &made->authority_key, &made->server, &made->server_key};
    for (size_t i = 0; i < CLTI_COUNT(buffers); i++)
        clti_buf_init(buffers[i], 2 * FILE_SIZE_MAX);
    for (size_t i = 0; i < CLTI_COUNT(known_names); i++)
        made->names[made->name_count++] = known_names[i];
    for (size_t i = 0; i < NAMES_MAX && made->more[i]; i++)
        made->names[made->name_count++] = made->more[i];
    const bool ok = make(made, &fault);
    if (ok)
        tell(made);
    for (size_t i = 0; i < CLTI_COUNT(buffers); i++) {
        clti_wipe(buffers[i]->data, buffers[i]->size);
        clti_buf_done(buffers[i]);
    }
    clti_arena_done(&made->arena);
    return ok ? CLTI_EXIT_DONE : clti_fail(&fault);
}

int clti_command_dev_certs(int argc, char **argv) {
    dev_certs made = {.folder = "certs"};
    clti_settings settings;
    const clti_flag flags[] = {{"folder", "DIR", "where the files are; default: certs", &made.folder}};
    const clti_command_line line = {.name = "dev-certs",
                                    .arguments = "[NAME...]",
                                    .about =
                                        "Make an authority of your own and a certificate for the names that "
                                        "clients have compiled in, and for more. Again keeps the authority.",
                                    .flags = flags,
                                    .flag_count = CLTI_COUNT(flags),
                                    .setting_count = CLTI_CONFIG_COMMON_COUNT,
                                    .operands = made.more,
                                    .operand_count = NAMES_MAX,
                                    .optional_count = NAMES_MAX};
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE)
        code = run(&made);
    clti_settings_done(&settings);
    return code;
}
