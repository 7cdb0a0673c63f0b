#include "store/postgres/postgres_private.h"

#include <string.h>

/* libpq ends its words with a line break, and has a line for each host that it tried. */
static void add_one_line(clti_buf *to, const char *text) {
    size_t size = strcspn(text, "\n");
    while (size > 0) {
        clti_buf_add(to, (clt_str){text, size});
        text += size;
        text += strspn(text, "\n\t ");
        size = strcspn(text, "\n");
        if (size > 0)
            clti_buf_add(to, CLTI_STR("; "));
    }
}

bool clti_pg_fail(const clti_postgres *store, const char *tried, const char *why, clti_fault *fault) {
    clti_buf line;
    clti_buf_init(&line, CLTI_FAULT_TEXT_MAX);
    add_one_line(&line, why);
    clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': %s: %.*s", store->name, tried,
                   CLTI_STR_ARGS(clti_buf_str(&line)));
    clti_buf_done(&line);
    return false;
}

bool clti_pg_fail_record(const clti_postgres *store, const char *table, clt_str key, clti_fault *fault) {
    clti_buf hex;
    clti_buf_init(&hex, CLTI_FAULT_TEXT_MAX);
    for (size_t i = 0; i < key.size; i++)
        clti_buf_add_format(&hex, "%02x", (unsigned)(uint8_t)key.data[i]);
    clti_fault_set(
        fault, CLTI_FAULT_STORE_FAILED, NULL,
        "store '%s': damaged record in clientele.%s at key %.*s: run 'clienteled check', and restore it "
        "from a backup",
        store->name, table, CLTI_STR_ARGS(clti_buf_str(&hex)));
    clti_buf_done(&hex);
    return false;
}

clti_pg_verdict clti_pg_lost(clti_pg_connection *on, clti_fault *fault) {
    on->is_broken = true;
    clti_pg_fail(on->store, "connection lost", PQerrorMessage(on->pg), fault);
    return CLTI_PG_BROKEN;
}

/* The server goes, or has become one that may not write, or has forgotten what was prepared: another
 * connection may find a better one. The codes are those of appendix A of PostgreSQL's manual. */
static bool is_for_another_connection(const char *state) {
    static const char *const states[] = {
        "57P01", /* admin_shutdown */
        "57P02", /* crash_shutdown */
        "57P03", /* cannot_connect_now */
        "57P05", /* idle_session_timeout */
        "25P03", /* idle_in_transaction_session_timeout */
        "25006", /* read_only_sql_transaction: another host is primary now */
        "26000", /* invalid_sql_statement_name */
        "0A000", /* feature_not_supported: also that a prepared statement's result would change its type */
    };
    for (size_t i = 0; i < CLTI_COUNT(states); i++)
        if (strcmp(state, states[i]) == 0)
            return true;
    return strncmp(state, "08", 2) == 0; /* connection_exception */
}

static bool is_race(const char *state) {
    return strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
}

static const char *way_out(const char *state) {
    if (strcmp(state, "57014") == 0 || strcmp(state, "55P03") == 0)
        return ": it took too long, the database is busy; try again";
    if (strcmp(state, "42501") == 0)
        return ": grant the database's user what it needs (docs/scaling.md)";
    if (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0 || strcmp(state, "42703") == 0)
        return ": the schema is not the one of this program; run 'clienteled migrate'";
    return "";
}

clti_pg_verdict clti_pg_judge(clti_pg_connection *on, const PGresult *result, clti_fault *fault) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQstatus(on->pg) == CONNECTION_BAD && state == NULL)
        return clti_pg_lost(on, fault);
    if (state == NULL)
        state = "";
    clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': %s (%s)%s", on->store->name,
                   words != NULL ? words : PQresStatus(PQresultStatus(result)), state, way_out(state));
    if (is_race(state))
        return CLTI_PG_RACED;
    if (PQstatus(on->pg) == CONNECTION_BAD || is_for_another_connection(state)) {
        on->is_broken = true;
        return CLTI_PG_BROKEN;
    }
    return CLTI_PG_FAILED;
}
