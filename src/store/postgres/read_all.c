/* Whole tables, or what stands below a partner: few and small ones only. */
#include "store/postgres/postgres_private.h"

/* Reads one row, whose bytes are copied into the arena, into element `index` of the array. */
typedef bool (*read_row)(const PGresult *result, int row, clti_arena *arena, void *array, size_t index);

typedef struct whole {
    const clti_pg_statement *statement;
    const char *table; /* for a fault */
    size_t element_size;
    read_row read;
} whole;

static clt_str copy(const PGresult *result, int row, int column, clti_arena *arena) {
    clt_str out;
    return clti_arena_copy(arena, clti_pg_bytes(result, row, column), &out) ? out : (clt_str){NULL, 0};
}

static bool read_rows(clti_postgres *store, const whole *what, const PGresult *result, clti_arena *arena,
                      void **out, size_t *out_count, clti_fault *fault) {
    size_t count = (size_t)PQntuples(result);
    void *array = clti_arena_calloc(arena, count + 1, what->element_size);
    if (array == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++)
        if (!what->read(result, (int)i, arena, array, i))
            return clti_pg_fail_record(store, what->table, clti_pg_bytes(result, (int)i, 0), fault);
    *out = array;
    *out_count = count;
    return true;
}

/* `id`: the only parameter, or NULL. */
static bool read_whole(clti_store *store, const whole *what, const clt_guid *id, clti_arena *arena,
                       void **out, size_t *out_count, clti_fault *fault) {
    PGresult *result;
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    if (id != NULL)
        clti_pg_add_guid(&parameters, *id);
    if (!clti_pg_read((clti_postgres *)store, what->statement, &parameters, &result, fault))
        return false;
    bool done = read_rows((clti_postgres *)store, what, result, arena, out, out_count, fault);
    PQclear(result);
    return done;
}

/* ---- partners and their links ---- */

static bool read_partner(const PGresult *result, int row, clti_arena *arena, void *array, size_t index) {
    return clti_record_read_partner(copy(result, row, 1, arena), clti_pg_guid(result, row, 0),
                                    (clti_partner *)array + index);
}

bool clti_pg_partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                      clti_fault *fault) {
    static const clti_pg_statement all = {"SELECT partner, record FROM clientele.partner ORDER BY partner"};
    const whole what = {&all, "partner", sizeof **out, read_partner};
    void *array;
    if (!read_whole(store, &what, NULL, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

static bool read_link(const PGresult *result, int row, clti_arena *arena, void *array, size_t index) {
    clti_link *link = (clti_link *)array + index;
    clt_guid partner = clti_pg_guid(result, row, 0);
    clt_guid other = clti_pg_guid(result, row, 2);
    switch (clti_pg_int16(result, row, 1)) {
    case CLTI_PG_PROVIDER:
        *link = (clti_link){partner, other};
        return true;
    case CLTI_PG_RESELLER:
        *link = (clti_link){other, partner};
        return true;
    default:
        return false;
    }
}

bool clti_pg_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out, size_t *out_count,
                   clti_fault *fault) {
    static const clti_pg_statement of_partner = {
        "SELECT partner, role, other FROM clientele.link WHERE partner = $1 ORDER BY role, other"};
    const whole what = {&of_partner, "link", sizeof **out, read_link};
    void *array;
    if (!read_whole(store, &what, &partner, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

/* ---- applications ---- */

static bool read_application(const PGresult *result, int row, clti_arena *arena, void *array, size_t index) {
    return clti_record_read_application(copy(result, row, 2, arena), clti_pg_guid(result, row, 0),
                                        clti_pg_guid(result, row, 1), (clti_application *)array + index);
}

#define APPLICATIONS "SELECT partner, id, record FROM clientele.application "

bool clti_pg_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                          clti_application **out, size_t *out_count, clti_fault *fault) {
    static const clti_pg_statement all = {APPLICATIONS "ORDER BY partner, id"};
    static const clti_pg_statement of_partner = {APPLICATIONS "WHERE partner = $1 ORDER BY id"};
    const whole what = {partner != NULL ? &of_partner : &all, "application", sizeof **out, read_application};
    void *array;
    if (!read_whole(store, &what, partner, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

bool clti_pg_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                size_t *out_count, clti_fault *fault) {
    static const clti_pg_statement of_id = {APPLICATIONS "WHERE id = $1 ORDER BY partner"};
    const whole what = {&of_id, "application", sizeof **out, read_application};
    void *array;
    if (!read_whole(store, &what, &id, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

/* ---- users ---- */

static bool read_user(const PGresult *result, int row, clti_arena *arena, void *array, size_t index) {
    return clti_record_read_user(copy(result, row, 2, arena), clti_pg_guid(result, row, 0),
                                 copy(result, row, 1, arena), (clti_user *)array + index);
}

#define USERS "SELECT partner, name, record FROM clientele.user_account "

bool clti_pg_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                   size_t *out_count, clti_fault *fault) {
    static const clti_pg_statement all = {USERS "ORDER BY partner, name"};
    static const clti_pg_statement of_partner = {USERS "WHERE partner = $1 ORDER BY name"};
    const whole what = {partner != NULL ? &of_partner : &all, "user_account", sizeof **out, read_user};
    void *array;
    if (!read_whole(store, &what, partner, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

/* ---- signing keys ---- */

static bool read_signing_key(const PGresult *result, int row, clti_arena *arena, void *array, size_t index) {
    return clti_record_read_signing_key(copy(result, row, 1, arena), copy(result, row, 0, arena),
                                        (clti_signing_key *)array + index);
}

bool clti_pg_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                          clti_fault *fault) {
    static const clti_pg_statement all = {"SELECT id, record FROM clientele.signing_key ORDER BY id"};
    const whole what = {&all, "signing_key", sizeof **out, read_signing_key};
    void *array;
    if (!read_whole(store, &what, NULL, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}
