/* Customers. Parameters 8 to 20 are those of CLTI_PG_WRITE_DIFFERENCE, then come the statement's own. */
#include "store/postgres/change_private.h"

/* $21 id, $22 record, $23 domain, $24 associated partner, $25 indirect reseller that sees it (NULL: none),
 * $26 whether partners are checked, which a load leaves out. A list has an id once: neither may another
 * provider's customer with this id be shared with one of its viewers, nor may the reseller have one of its
 * own. */
#define HAS_PARTNER(id) "EXISTS (SELECT FROM clientele.partner WHERE partner = " id ")"
#define ID_IS_SHARED                                                                                         \
    "EXISTS (SELECT FROM clientele.shared WHERE partner = $8::uuid AND id = $21::uuid)"                      \
    " OR EXISTS (SELECT FROM clientele.shared WHERE partner = $25::uuid AND id = $21::uuid AND owner <> "    \
    "$8::uuid)"                                                                                              \
    " OR EXISTS (SELECT FROM clientele.customer WHERE partner = $25::uuid AND id = $21::uuid)"

/* clang-format off */
static const clti_pg_statement create_customer = {
    CLTI_PG_SEE(
        CLTI_PG_IF("$26::boolean AND NOT " HAS_PARTNER("$8::uuid"), NOT_FOUND)
        CLTI_PG_IF("$26::boolean AND EXISTS (SELECT FROM clientele.partner WHERE partner = $8::uuid AND is_strict)"
                   " AND (SELECT sum(count) FROM clientele.list_state WHERE partner = $8::uuid) >= "
                   CLTI_PG_TEXT(CLTI_STRICT_CUSTOMERS_MAX), CUSTOMERS_MAX)
        CLTI_PG_IF("$26::boolean AND $24::uuid IS NOT NULL AND NOT " HAS_PARTNER("$24::uuid"), NO_RESELLER)
        CLTI_PG_IF("$26::boolean AND $24::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM clientele.link"
                   " WHERE partner = $8::uuid AND role = 1 AND other = $24::uuid)", NOT_A_RESELLER)
        CLTI_PG_IF("$23::bytea IS NULL", INVALID)
        CLTI_PG_IF("EXISTS (SELECT FROM clientele.domain WHERE domain = $23::bytea)"
                   " OR EXISTS (SELECT FROM clientele.customer WHERE partner = $8::uuid AND id = $21::uuid)"
                   " OR " ID_IS_SHARED, DOMAIN_TAKEN))
    "taken AS (INSERT INTO clientele.domain (domain, partner, id) SELECT $23::bytea, $8::uuid, $21::uuid FROM seen"
    " WHERE verdict = 0 ON CONFLICT (domain) DO NOTHING RETURNING 1),"
    " done AS (INSERT INTO clientele.customer (partner, id, record) SELECT $8::uuid, $21::uuid, $22::bytea FROM taken"
    " ON CONFLICT (partner, id) DO NOTHING RETURNING 1)"
    CLTI_PG_WRITE_DIFFERENCE CLTI_PG_FINISH};
/* clang-format on */

/* $21 id, $22 record, $23 the record as expected. */
#define HELD "(SELECT record FROM clientele.customer WHERE partner = $8::uuid AND id = $21::uuid)"
#define AS_EXPECTED                                                                                          \
    "verdict = 0 AND held.partner = $8::uuid AND held.id = $21::uuid AND held.record = $23::bytea "          \
    "RETURNING 1)"
#define EXPECTED CLTI_PG_IF(HELD " IS NULL", NO_CUSTOMER) CLTI_PG_IF(HELD " <> $23::bytea", STALE)

/* clang-format off */
static const clti_pg_statement update_customer = {
    CLTI_PG_SEE(EXPECTED)
    "done AS (UPDATE clientele.customer held SET record = $22::bytea FROM seen WHERE " AS_EXPECTED
    CLTI_PG_WRITE_DIFFERENCE CLTI_PG_FINISH};
/* clang-format on */

/* Of a load, whose customer may have another domain: $24 domain, $26 the domain as expected. */
/* clang-format off */
static const clti_pg_statement load_customer = {
    CLTI_PG_SEE(EXPECTED CLTI_PG_IF(ID_IS_SHARED " OR EXISTS (SELECT FROM clientele.domain WHERE domain = $24::bytea"
                            " AND (partner <> $8::uuid OR id <> $21::uuid))", DOMAIN_TAKEN))
    "taken AS (INSERT INTO clientele.domain AS held (domain, partner, id) SELECT $24::bytea, $8::uuid, $21::uuid"
    " FROM seen WHERE verdict = 0 ON CONFLICT (domain) DO UPDATE SET partner = excluded.partner"
    " WHERE held.partner = excluded.partner AND held.id = excluded.id RETURNING 1),"
    " done AS (UPDATE clientele.customer held SET record = $22::bytea FROM seen, taken WHERE " AS_EXPECTED
    ", freed AS (DELETE FROM clientele.domain held USING done"
    " WHERE held.domain = $26::bytea AND $26::bytea <> $24::bytea)"
    CLTI_PG_WRITE_DIFFERENCE CLTI_PG_FINISH};
/* clang-format on */

/* $22 is the domain as expected. */
/* clang-format off */
static const clti_pg_statement delete_customer = {
    CLTI_PG_SEE(EXPECTED)
    "done AS (DELETE FROM clientele.customer held USING seen WHERE " AS_EXPECTED
    ", freed AS (DELETE FROM clientele.domain held USING done WHERE held.domain = $22::bytea"
    " AND held.partner = $8::uuid AND held.id = $21::uuid)"
    CLTI_PG_WRITE_DIFFERENCE CLTI_PG_FINISH};
/* clang-format on */

bool clti_pg_build_index(const clti_customer *customer, clt_guid owner, clti_folds *folds, clti_index *index,
                         clti_fault *fault) {
    if (customer != NULL)
        return clti_folds_make(customer, folds, fault) &&
               clti_index_build(owner, customer, folds, index, fault);
    clti_index_clear(index);
    clti_buf_clear(&folds->domain);
    clti_buf_clear(&folds->name);
    return true;
}

/* From one state to another; NULL is none. */
static bool add_difference(clti_pg_builder *builder, clt_guid owner, const clti_customer *from,
                           const clti_customer *to, clti_fault *fault) {
    clti_pg_difference_clear(&builder->difference);
    return clti_pg_build_index(from, owner, &builder->old_folds, &builder->old_index, fault) &&
           clti_pg_build_index(to, owner, &builder->folds, &builder->index, fault) &&
           clti_pg_difference_add(&builder->difference, &builder->old_index, &builder->index, fault) &&
           clti_pg_add_difference(&builder->parameters, &builder->difference, owner, builder->slot, fault);
}

static bool add_record(clti_pg_builder *builder, const clti_customer *customer, clti_fault *fault) {
    clt_str record;
    clti_record_write_customer(customer, &builder->scratch);
    if (!clti_pg_keep(builder, &record, fault))
        return false;
    clti_pg_add_bytes(&builder->parameters, record);
    return true;
}

static void add_guid_or_null(clti_pg_builder *builder, clt_guid id) {
    if (clti_guid_is_absent(id))
        clti_pg_add_null(&builder->parameters);
    else
        clti_pg_add_guid(&builder->parameters, id);
}

/* A fold as a domain's key; NULL if it can be none. */
static void add_domain(clti_pg_builder *builder, const clti_folds *folds) {
    clt_str domain = clti_buf_str(&folds->domain);
    clti_pg_add_bytes(&builder->parameters, domain.size > 0 ? domain : (clt_str){NULL, 0});
}

bool clti_pg_build_customer_create(clti_pg_builder *builder, clt_guid owner, const clti_customer *customer,
                                   bool is_checked, clti_fault *fault) {
    builder->statement = &create_customer;
    if (!add_difference(builder, owner, NULL, customer, fault))
        return false;
    clti_pg_add_guid(&builder->parameters, customer->id);
    if (!add_record(builder, customer, fault))
        return false;
    add_domain(builder, &builder->folds);
    add_guid_or_null(builder, customer->associated_partner_id);
    add_guid_or_null(builder, clti_index_reseller(owner, customer));
    clti_pg_add_bool(&builder->parameters, is_checked);
    return true;
}

bool clti_pg_build_customer_update(clti_pg_builder *builder, clt_guid owner, const clti_customer *customer,
                                   const clti_customer *expected, bool is_load, clti_fault *fault) {
    builder->statement = is_load ? &load_customer : &update_customer;
    if (!add_difference(builder, owner, expected, customer, fault))
        return false;
    clti_pg_add_guid(&builder->parameters, customer->id);
    if (!add_record(builder, customer, fault) || !add_record(builder, expected, fault))
        return false;
    if (!is_load)
        return true;
    add_domain(builder, &builder->folds);
    add_guid_or_null(builder, clti_index_reseller(owner, customer));
    add_domain(builder, &builder->old_folds);
    return true;
}

bool clti_pg_build_customer_delete(clti_pg_builder *builder, clt_guid owner, const clti_customer *expected,
                                   clt_guid id, clti_fault *fault) {
    builder->statement = &delete_customer;
    if (!add_difference(builder, owner, expected, NULL, fault))
        return false;
    clti_pg_add_guid(&builder->parameters, id);
    add_domain(builder, &builder->old_folds);
    if (expected != NULL)
        return add_record(builder, expected, fault);
    clti_pg_add_bytes(&builder->parameters,
                      CLTI_STR("")); /* no record is like that: there is no such customer */
    return true;
}
