#include "daemon/daemon_private.h"

#include <string.h>

#define TIB (1ull << 40)

const clti_setting CLTI_CONFIG[] = {
    /* for every sub-command */
    {"data", CLTI_SETTING_TEXT, "data", 0, 0, NULL, "DIR", "folder of the store"},
    {"config", CLTI_SETTING_TEXT, "", 0, 0, NULL, "FILE", "settings file (INI)"},
    {"store", CLTI_SETTING_TEXT, "", 0, 0, NULL, "URL",
     "PostgreSQL database of the store, instead of a folder: postgresql://user@host/database"},
    {"store.timeout", CLTI_SETTING_COUNT, "10", 1, 3600, NULL, "SECONDS",
     "how long the database may take before a call is given up"},
    {"store.map_size", CLTI_SETTING_SIZE, "1T", 1024 * 1024, 64 * TIB, NULL, "BYTES",
     "address space for the store; its largest size"},
    {"log.level", CLTI_SETTING_CHOICE, "info", 0, 0, "debug|info|warning|error|off", "LEVEL",
     "least level that is logged"},
    {"log.format", CLTI_SETTING_CHOICE, "logfmt", 0, 0, "logfmt|json", "FORMAT", "form of a log line"},
    /* for serve */
    {"store.connections", CLTI_SETTING_COUNT, "8", 2, 1000, NULL, "N",
     "connections to the database, at most"},
    {"store.queue", CLTI_SETTING_COUNT, "256", 1, 65536, NULL, "N",
     "requests that may wait for the database; more are refused with 503"},
    {"listen", CLTI_SETTING_TEXT, "127.0.0.1:8484", 0, 0, NULL, "HOST:PORT",
     "address to listen on; port 0 picks one"},
    {"tls.cert", CLTI_SETTING_TEXT, "", 0, 0, NULL, "FILES",
     "serve HTTPS with this certificate (PEM); several with commas between, chosen by name"},
    {"tls.key", CLTI_SETTING_TEXT, "", 0, 0, NULL, "FILES", "keys of tls.cert, in the same order"},
    {"threads", CLTI_SETTING_COUNT, "0", 0, 256, NULL, "N", "threads that answer; 0 for one a core"},
    {"allow_demo", CLTI_SETTING_BOOL, "false", 0, 0, NULL, "BOOL",
     "listen beyond loopback although the published demo secret is valid"},
    {"auth.public_url", CLTI_SETTING_TEXT, "", 0, 0, NULL, "URL",
     "address under which clients reach the token authority; default: the listen address"},
    {"auth.hosts", CLTI_SETTING_TEXT, "localhost,login.microsoftonline.com,login.windows.net", 0, 0, NULL,
     "NAMES", "hosts of this server: who asks by one of them is shown the authority's endpoints on it"},
    {"auth.require_user", CLTI_SETTING_BOOL, "true", 0, 0, NULL, "BOOL",
     "operations that need App+User refuse app-only tokens"},
    {"auth.issuers", CLTI_SETTING_TEXT, "", 0, 0, NULL, "URLS",
     "OpenID issuers whose tokens are accepted too; several with commas between"},
    {"auth.issuer_audiences", CLTI_SETTING_TEXT, "https://api.partnercenter.microsoft.com", 0, 0, NULL,
     "NAMES", "audience of their tokens: one for all, or one for each, in the same order"},
    {"auth.issuer_partner_claims", CLTI_SETTING_TEXT, "tid", 0, 0, NULL, "NAMES",
     "claim with the partner's tenant id or domain, likewise"},
    {"auth.issuer_roles_claims", CLTI_SETTING_TEXT, "roles", 0, 0, NULL, "NAMES",
     "claim with the user's roles, likewise"},
    {"auth.allow_graph_audience", CLTI_SETTING_BOOL, "true", 0, 0, NULL, "BOOL",
     "accept tokens for https://graph.windows.net, as older SDKs ask for them"},
    {"auth.require_mfa", CLTI_SETTING_BOOL, "false", 0, 0, NULL, "BOOL",
     "refuse tokens of users who signed in without second factor"},
    {"auth.allow_password_grant", CLTI_SETTING_BOOL, "false", 0, 0, NULL, "BOOL",
     "let old clients exchange a user's name and password for tokens"},
    {"throttle.per_minute", CLTI_SETTING_COUNT, "500", 0, CLTI_RATE_LIMIT_MAX, NULL, "N",
     "customer requests a minute of each partner, 0 for any number; sandboxes are limited only if this is "
     "set"},
    {"throttle.tokens_per_client", CLTI_SETTING_COUNT, "600", 0, CLTI_RATE_LIMIT_MAX, NULL, "N",
     "tokens a minute for each application; 0 for any number"},
    {"throttle.tokens_per_address", CLTI_SETTING_COUNT, "1200", 0, CLTI_RATE_LIMIT_MAX, NULL, "N",
     "requests for tokens a minute from each address but this machine's; 0 for any number"},
    {"customers.review_qualifications", CLTI_SETTING_BOOL, "false", 0, 0, NULL, "BOOL",
     "qualifications of education and government wait in review"},
    {"list.item_links", CLTI_SETTING_BOOL, "false", 0, 0, NULL, "BOOL", "items of a list carry links"},
    {"bom", CLTI_SETTING_CHOICE, "auto", 0, 0, "off|on|auto", "WHEN",
     "start success bodies with a byte order mark; auto: for the client that needs it"},
    {"compress", CLTI_SETTING_CHOICE, "auto", 0, 0, "off|on|auto", "WHEN",
     "gzip for clients that take it; auto: not for peers on this machine"},
    {"metrics", CLTI_SETTING_CHOICE, "local", 0, 0, "off|local|on", "WHO",
     "who may read /metrics: nobody, peers on this machine, everybody"},
    {"http.cors_origins", CLTI_SETTING_TEXT, "", 0, 0, NULL, "ORIGINS",
     "origins whose pages may call from a browser, such as https://portal.example; several with commas "
     "between"},
    {"http.header_seconds", CLTI_SETTING_COUNT, "10", 1, 3600, NULL, "N",
     "a client that takes longer to send a request's header is cut off"},
    {"http.body_seconds", CLTI_SETTING_COUNT, "60", 1, 86400, NULL, "N",
     "a client that takes longer to send a request's body is cut off"},
    {"audit.keep_days", CLTI_SETTING_COUNT, "90", 0, 36500, NULL, "N",
     "audit records are deleted when they are older; 0: never"},
    {"server_id", CLTI_SETTING_TEXT, "", 0, 0, NULL, "TEXT",
     "MS-ServerId; default: a hash of the node's name"},
    {"log.requests", CLTI_SETTING_BOOL, "true", 0, 0, NULL, "BOOL",
     "log a line for each request, at info level"},
    {"ready_fd", CLTI_SETTING_COUNT, "0", 0, 65535, NULL, "N",
     "descriptor to write the address to once requests are answered"},
};
const size_t CLTI_CONFIG_COUNT = CLTI_COUNT(CLTI_CONFIG);
const size_t CLTI_CONFIG_COMMON_COUNT = 7;

const char *const CLTI_CONFIG_OTHERS[] = {
    "CLIENTELE_PROFILE",   "CLIENTELE_CLOUD",
    "CLIENTELE_BASE_URL",  "CLIENTELE_AUTHORITY_URL",
    "CLIENTELE_CA_FILE",   "CLIENTELE_TENANT",
    "CLIENTELE_CLIENT_ID", "CLIENTELE_CLIENT_SECRET",
    "CLIENTELE_TOKEN",     NULL,
};

/* Whichever comes from the higher origin: a flag says more than a file. */
static bool is_on_database(const clti_settings *settings) {
    const clti_setting_value *data = clti_settings_get(settings, "data");
    const clti_setting_value *store = clti_settings_get(settings, "store");
    return store->text.size && store->origin > data->origin;
}

bool clti_config_check_store(const clti_settings *settings, clti_fault *fault) {
    const clti_setting_value *data = clti_settings_get(settings, "data");
    const clti_setting_value *store = clti_settings_get(settings, "store");
    if (store->text.size && !clti_store_is_url(store->text))
        return clti_fault_set(
            fault, CLTI_FAULT_INVALID_PROPERTY, "store",
            "store must be a URL such as postgresql://user@host/database; a folder is named by "
            "data.");
    return store->text.size == 0 || store->origin != data->origin ||
           clti_fault_set(
               fault, CLTI_FAULT_INVALID_PROPERTY, "store",
               "data and store are both set, in the same way, and a store is in one place: leave one of "
               "them away.");
}

clti_store_options clti_config_store_options(const clti_settings *settings) {
    return (clti_store_options){
        .folder = clti_settings_get(settings, "data")->text.data,
        .map_size = clti_settings_get(settings, "store.map_size")->number,
        .url = is_on_database(settings) ? clti_settings_get(settings, "store")->text.data : NULL,
        .connections = (size_t)clti_settings_get(settings, "store.connections")->number,
        .queue_max = (size_t)clti_settings_get(settings, "store.queue")->number,
        .call_ms = (uint32_t)clti_settings_get(settings, "store.timeout")->number * 1000};
}

static void cross_out(char *text, size_t size) {
    memset(text, 'x', size);
}

/* True for each name of a secret: password, sslpassword. */
static bool is_secret(const char *option) {
    const char *secret = strstr(option, "password=");
    return secret && secret < option + strcspn(option, "=");
}

/* Whoever forgets to encode a '/' or '@' in the password must not see it shown either, so all up to the last
 * '@' counts. */
void clti_url_hide_password(char *url) {
    char *authority = strstr(url, "://");
    if (!authority || !clti_store_is_url(clti_str(url)))
        return;
    authority += strlen("://");
    char *host = memrchr(authority, '@', strcspn(authority, "?"));
    if (!host)
        host = strrchr(authority, '@');
    char *password = host ? memchr(authority, ':', (size_t)(host - authority)) : NULL;
    if (password)
        cross_out(password + 1, (size_t)(host - password - 1));
    for (char *option = strpbrk(host ? host : authority, "?&"); option; option = strpbrk(option + 1, "&"))
        if (is_secret(option + 1)) {
            char *value = strchr(option, '=') + 1;
            cross_out(value, strcspn(value, "&"));
        }
}
