/* clientele login, logout: how a profile comes to its secrets, and loses them. */
#include "cli/cmd_private.h"
#include "cli/session_private.h"
#include "cli/shown_private.h"
#include "cli/terminal_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX ((size_t)16 * 1024 - 64)

/* The public application that users sign in to if none is named. Source: api.md 7.3. */
#define PUBLIC_CLIENT_ID "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

typedef struct login_request {
    const char *cloud, *base_url, *authority, *ca_file, *tenant, *client_id, *secret_file, *profile;
} login_request;

/* ---- the secret ---------------------------------------------------------------------------------------- */

/* A signal is taken only while this waits: one that came just before the read would leave it waiting. */
static ssize_t read_typed(int descriptor, char *out, size_t size, const sigset_t *while_waiting) {
    struct pollfd typed = {.fd = descriptor, .events = POLLIN};
    return ppoll(&typed, 1, NULL, while_waiting) < 0 ? -1 : read(descriptor, out, size);
}

/* It is not shown; Ctrl-C gives up, and the terminal shows again what is typed. */
static bool read_terminal(int descriptor, const struct termios *before, clti_bytes *out) {
    struct termios silent = *before;
    sigset_t interrupting, others;
    ssize_t count;
    sigemptyset(&interrupting);
    sigaddset(&interrupting, SIGINT);
    sigaddset(&interrupting, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &interrupting, &others);
    clti_interrupt_watch(NULL);
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(descriptor, TCSAFLUSH, &silent);
    fputs("Secret: ", stderr);
    do {
        char *end = clti_bytes_reserve(out, 4096);
        count = read_typed(descriptor, end, 4096, &others);
        out->size += count > 0 ? (size_t)count : 0;
    } while (count > 0 && out->size <= SECRET_MAX && out->data[out->size - 1] != '\n');
    int why = errno;
    tcsetattr(descriptor, TCSAFLUSH, before);
    fputs("\n", stderr);
    pthread_sigmask(SIG_SETMASK, &others, NULL);
    errno = why;
    return count >= 0;
}

static bool read_all(int descriptor, clti_bytes *out) {
    struct termios before;
    ssize_t count;
    if (tcgetattr(descriptor, &before) == 0)
        return read_terminal(descriptor, &before, out);
    do {
        char *end = clti_bytes_reserve(out, 4096);
        count = read(descriptor, end, 4096);
        out->size += count > 0 ? (size_t)count : 0;
    } while (count > 0 && out->size <= SECRET_MAX);
    return count >= 0;
}

/* One secret, whatever line end stands behind it. NULL, and told, if there is none. */
static char *read_secret(const char *path) {
    bool is_input = strcmp(path, "-") == 0;
    const char *shown = is_input ? "standard input" : path;
    clti_bytes bytes = {0};
    int descriptor = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    bool done = descriptor >= 0 && read_all(descriptor, &bytes);
    if (!done && clti_interrupt_came())
        clti_complain("interrupted; nothing was changed.");
    else if (!done)
        clti_complain("The secret cannot be read from %s: %s.", shown, strerror(errno));
    if (descriptor >= 0 && !is_input)
        close(descriptor);
    while (bytes.size > 0 && (bytes.data[bytes.size - 1] == '\n' || bytes.data[bytes.size - 1] == '\r'))
        bytes.size--;
    if (done && (bytes.size > SECRET_MAX || !clti_profile_value_check(clti_bytes_view(&bytes)))) {
        clti_complain("What stands in %s is no secret: it is %s.", shown,
                      bytes.size == 0 ? "empty"
                                      : "too long, has several lines, or begins or ends with a blank");
        done = false;
    }
    char *secret = done ? clti_copy(clti_bytes_view(&bytes)) : NULL;
    if (bytes.data)
        explicit_bzero(bytes.data, bytes.size);
    clti_bytes_done(&bytes);
    return secret;
}

/* ---- the profile: flags over variables over what it holds already ---------------------------------------
 */

static void set_first(clti_profile *profile, clti_profile_field field, const char *flag,
                      const char *variable) {
    if (flag || variable)
        clti_profile_set(profile, field, flag ? flag : variable);
}

/* The address is one thing: whoever names a part of it names all of it. */
static void set_address(const login_request *request, clti_profile *profile) {
    bool by_flags = request->cloud || request->base_url || request->authority;
    const char *cloud = by_flags ? request->cloud : clti_variable(CLTI_VARIABLE_CLOUD);
    const char *base_url = by_flags ? request->base_url : clti_variable(CLTI_VARIABLE_BASE_URL);
    const char *authority = by_flags ? request->authority : clti_variable(CLTI_VARIABLE_AUTHORITY_URL);
    if (!cloud && !base_url && !authority)
        return;
    clti_profile_set(profile, CLTI_PROFILE_CLOUD, cloud);
    clti_profile_set(profile, CLTI_PROFILE_BASE_URL, base_url);
    clti_profile_set(profile, CLTI_PROFILE_AUTHORITY_URL, authority);
}

static int check_profile(const clti_invocation *invocation, const clti_profile *profile) {
    for (clti_profile_field field = 0; field < CLTI_PROFILE_CLIENT_SECRET; field++)
        if (profile->values[field] && !clti_profile_value_check(clti_view(profile->values[field])))
            return clti_complain_usage(invocation,
                                       "%s: '%s' cannot be kept: it has a control character, or "
                                       "begins or ends with a blank.",
                                       clti_profile_field_name(field), profile->values[field]);
    if (profile->values[CLTI_PROFILE_CLOUD] && profile->values[CLTI_PROFILE_BASE_URL])
        return clti_complain_usage(invocation, "--cloud and --base-url are two ways to say where the service "
                                               "is; give one.");
    if (!profile->values[CLTI_PROFILE_BASE_URL] && profile->values[CLTI_PROFILE_AUTHORITY_URL])
        return clti_complain_usage(invocation, "--authority goes with --base-url, which is missing.");
    if (!profile->values[CLTI_PROFILE_TENANT])
        return clti_complain_usage(invocation, "--tenant is missing: the partner's domain or tenant id.");
    return CLTI_EXIT_DONE;
}

static int fill_profile(const clti_invocation *invocation, clti_profile *profile) {
    const login_request *request = invocation->request;
    clti_profile_forget(profile);
    set_address(request, profile);
    set_first(profile, CLTI_PROFILE_CA_FILE, request->ca_file, clti_variable(CLTI_VARIABLE_CA_FILE));
    set_first(profile, CLTI_PROFILE_TENANT, request->tenant, clti_variable(CLTI_VARIABLE_TENANT));
    set_first(profile, CLTI_PROFILE_CLIENT_ID, request->client_id, clti_variable(CLTI_VARIABLE_CLIENT_ID));
    int code = check_profile(invocation, profile);
    if (code != CLTI_EXIT_DONE)
        return code;
    if (!request->secret_file) {
        if (!profile->values[CLTI_PROFILE_CLIENT_ID])
            clti_profile_set(profile, CLTI_PROFILE_CLIENT_ID, PUBLIC_CLIENT_ID);
        return CLTI_EXIT_DONE;
    }
    if (!profile->values[CLTI_PROFILE_CLIENT_ID])
        return clti_complain_usage(invocation, "--client-id is missing: whose secret is it?");
    char *secret = read_secret(request->secret_file);
    clti_profile_set(profile, CLTI_PROFILE_CLIENT_SECRET, secret);
    code = secret ? CLTI_EXIT_DONE : clti_interrupt_came() ? CLTI_EXIT_INTERRUPTED : CLTI_EXIT_USAGE;
    clti_free_secret(secret);
    return code;
}

/* ---- signing in ---------------------------------------------------------------------------------------- */

static void show_code(void *user, const clt_device_code *code) {
    clti_bytes line = {0};
    (void)user;
    if (code->message.size > 0)
        clti_shown_add(&line, code->message, 0);
    else {
        clti_bytes_add_text(&line, "To sign in, open ");
        clti_shown_add(&line, code->verification_uri, 0);
        clti_bytes_add_text(&line, " and enter the code ");
        clti_shown_add(&line, code->user_code, 0);
    }
    fprintf(stderr, "%s\nWaiting for the sign-in; Ctrl-C gives up.\n", line.data);
    clti_bytes_done(&line);
}

static void on_issued(void *user, const clt_token *token) {
    clti_session_keep_token(user, token);
}

static clt_status make_credentials(const clti_profile *profile, clt_credentials **out, clt_error **out_err) {
    char *const *values = profile->values;
    if (values[CLTI_PROFILE_CLIENT_SECRET])
        return clt_credentials_app(values[CLTI_PROFILE_TENANT], values[CLTI_PROFILE_CLIENT_ID],
                                   values[CLTI_PROFILE_CLIENT_SECRET], out, out_err);
    return clt_credentials_device_code(values[CLTI_PROFILE_TENANT], values[CLTI_PROFILE_CLIENT_ID], show_code,
                                       NULL, out, out_err);
}

/* Ask for the first token, which proves that all of it is right. */
static int sign_in(clti_profile *profile) {
    clt_partner_options options;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_credentials *credentials = NULL;
    clt_cancellation *cancellation = NULL;
    clt_partner *partner = NULL;
    clt_token *token = NULL;
    clt_error *err = NULL;
    if (!clti_session_options(profile, &options))
        return CLTI_EXIT_USAGE;
    clt_status status = clt_cancellation_new(&cancellation, &err);
    if (status == CLT_OK)
        status = make_credentials(profile, &credentials, &err);
    if (status == CLT_OK) {
        clt_credentials_on_issued(credentials, on_issued, profile);
        status = clt_partner_create(&options, credentials, &partner, &err);
    }
    if (status == CLT_OK) {
        context.cancellation = cancellation;
        /* A person takes as long as the code is good. */
        if (!profile->values[CLTI_PROFILE_CLIENT_SECRET])
            context.timeout_ms = -1;
        clti_interrupt_watch(cancellation);
        status = clt_partner_token(partner, &context, &token, &err);
        clti_interrupt_forget();
    }
    if (status == CLT_ERR_CANCELLED)
        clti_complain("interrupted; nothing was changed.");
    else if (status != CLT_OK)
        clti_error_tell(err, "You are not signed in; tenant, application and secret must be those of the "
                             "service that was named.");
    clt_error_free(err);
    clt_token_free(token);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    clt_cancellation_free(cancellation);
    return clti_exit_code(status);
}

static bool keep(void *user, clti_profiles *profiles) {
    const clti_profile *signed_in = user;
    if (profiles->count == CLTI_PROFILE_COUNT_MAX && !clti_profiles_find(profiles, signed_in->name)) {
        clti_complain("There are %d profiles already; 'clientele profile remove' makes room.",
                      CLTI_PROFILE_COUNT_MAX);
        return false;
    }
    clti_profile *kept = clti_profiles_put(profiles, signed_in->name);
    for (clti_profile_field field = 0; field < CLTI_PROFILE_FIELD_COUNT; field++)
        clti_profile_set(kept, field, signed_in->values[field]);
    free(profiles->current);
    profiles->current = clti_copy(clti_view(signed_in->name));
    return true;
}

static const char *login_profile(const char *flag) {
    const char *name = flag ? flag : clti_variable(CLTI_VARIABLE_PROFILE);
    return name ? name : CLTI_PROFILE_DEFAULT;
}

static int login(const clti_invocation *invocation) {
    const login_request *request = invocation->request;
    const char *name = login_profile(request->profile);
    clti_profiles profiles = {0};
    if (!clti_profile_name_check(clti_view(name)))
        return clti_complain_usage(invocation,
                                   "'%s' cannot name a profile: letters, digits, '.', '_' and "
                                   "'-', at most %d.",
                                   name, CLTI_PROFILE_NAME_MAX);
    int code = clti_profile_file_read(&profiles) ? CLTI_EXIT_DONE : CLTI_EXIT_FAILED;
    clti_profile *profile = clti_profiles_put(&profiles, name);
    if (code == CLTI_EXIT_DONE)
        code = fill_profile(invocation, profile);
    if (code == CLTI_EXIT_DONE)
        code = sign_in(profile);
    if (code == CLTI_EXIT_DONE && !clti_profile_file_update(keep, profile))
        code = CLTI_EXIT_FAILED;
    if (code == CLTI_EXIT_DONE)
        clti_note("signed in; the profile '%s' is the current one, and 'clientele whoami' tells who you "
                  "are.",
                  name);
    clti_profiles_done(&profiles);
    return code;
}

#define AT(member) offsetof(login_request, member)
static const clti_option login_options[] = {
    {.name = "cloud",
     .argument = "NAME",
     .choices = "global|china|germany|us-government",
     .help = "the real service's national cloud; default: global",
     .offset = AT(cloud)},
    {.name = "base-url",
     .argument = "URL",
     .help = "a service of your own instead, such as clienteled's http://127.0.0.1:8484",
     .offset = AT(base_url)},
    {.name = "authority",
     .argument = "URL",
     .help = "its token authority; default: the same address",
     .offset = AT(authority)},
    {.name = "ca-file",
     .argument = "FILE",
     .help = "PEM file of the authorities to trust; default: the system's",
     .offset = AT(ca_file)},
    {.name = "tenant",
     .argument = "TENANT",
     .help = "the partner's domain or tenant id",
     .offset = AT(tenant)},
    {.name = "client-id",
     .argument = "ID",
     .help = "the application; with the device code default: a public one",
     .offset = AT(client_id)},
    {.name = "secret-file",
     .argument = "FILE",
     .help =
         "sign in as the application itself (App only), with the secret in this file; - is standard input",
     .offset = AT(secret_file)},
    {.name = "profile",
     .argument = "NAME",
     .help = "the profile to make or renew; default: default",
     .offset = AT(profile)},
};

const clti_command clti_cmd_login = {
    .name = "login",
    .about = "Sign in, and keep it as a profile",
    .details =
        "Without --secret-file a user signs in (App + User): a code is shown, to be entered in a browser "
        "on any device. What is not given is taken from the environment, then from the profile if it is "
        "there already. The profile becomes the current one.",
    .examples = "  clientele login --tenant fabrikam.example\n"
                "  clientele login --tenant T --client-id ID --secret-file secret.txt\n"
                "  clientele login --base-url http://127.0.0.1:8484 --tenant T \\\n"
                "          --client-id ID --secret-file - <secret.txt",
    .options = login_options,
    .option_count = CLTI_COUNT(login_options),
    .request_size = sizeof(login_request),
    .run = login};

/* ---- logout -------------------------------------------------------------------------------------------- */

typedef struct logout_request {
    const char *profile;
} logout_request;

typedef struct logout_run {
    const char *name; /* NULL: the current one */
    int code;
} logout_run;

static bool forget(void *user, clti_profiles *profiles) {
    logout_run *leaving = user;
    const char *name = leaving->name ? leaving->name : profiles->current;
    clti_profile *profile = name ? clti_profiles_find(profiles, name) : NULL;
    if (!profile) {
        clti_complain(name ? "There is no profile '%s'; 'clientele profile list' shows which there are."
                           : "You are not signed in.%s",
                      name ? name : "");
        leaving->code = name ? CLTI_EXIT_USAGE : CLTI_EXIT_NOT_SIGNED_IN;
        return false;
    }
    clti_profile_forget(profile);
    clti_note("signed out of profile '%s'; 'clientele login --profile %s' signs in again.", profile->name,
              profile->name);
    return true;
}

static int logout(const clti_invocation *invocation) {
    const logout_request *request = invocation->request;
    logout_run leaving = {.name = request->profile ? request->profile : clti_variable(CLTI_VARIABLE_PROFILE),
                          .code = CLTI_EXIT_FAILED};
    return clti_profile_file_update(forget, &leaving) ? CLTI_EXIT_DONE : leaving.code;
}

static const clti_option logout_options[] = {{.name = "profile",
                                              .argument = "NAME",
                                              .help = "the profile to sign out of; default: the current one",
                                              .offset = offsetof(logout_request, profile)}};

const clti_command clti_cmd_logout = {
    .name = "logout",
    .about = "Forget a profile's secrets and tokens",
    .details = "Address, tenant and application stay, so that the next login needs only the rest. "
               "'clientele profile remove' removes these, too. The service is not told: a token that "
               "somebody copied is good until it expires.",
    .examples = "  clientele logout\n"
                "  clientele logout --profile contoso",
    .options = logout_options,
    .option_count = CLTI_COUNT(logout_options),
    .request_size = sizeof(logout_request),
    .run = logout};
