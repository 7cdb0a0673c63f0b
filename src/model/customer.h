/**
 * @file customer.h
 * @brief A customer of a partner, and the table of its members.
 *
 * The struct is flat; the resource's shape (`billingProfile.defaultAddress.city`) stands in the table, which
 * the JSON reader, the CSV reader and the stored record all walk, so that they agree by construction.
 * Owner: all texts are views into someone else's memory (an arena, mostly).
 * @source api.md 3.1 to 3.4
 */
#ifndef CLTI_CUSTOMER_H
#define CLTI_CUSTOMER_H

#include "model/qualification.h"

typedef enum clti_relationship {
    CLTI_RELATIONSHIP_RESELLER = 0, /**< listed */
    CLTI_RELATIONSHIP_NONE = 1      /**< removed: kept, but neither listed nor served */
} clti_relationship;

typedef struct clti_address {
    clt_str id, country, region, city, state, line1, line2, line3, district, postal_code;
    clt_str first_name, middle_name, last_name, phone_number, email;
} clti_address;

typedef struct clti_customer {
    clt_guid id;                    /**< directory tenant id */
    clt_guid commerce_id;           /**< absent: derived from id when shown */
    clt_guid associated_partner_id; /**< the indirect reseller, or absent */
    clt_guid billing_id;            /**< absent: derived from id when shown */
    int64_t billing_revision;       /**< grows with each write of the billing profile */
    clti_qualification qualification;
    clti_relationship relationship;
    bool no_delegated_access;    /**< allowDelegatedAccess is false */
    clt_str domain;              /**< as given; unique without regard to case */
    clt_str company_name;        /**< of company and billing profile alike */
    clt_str registration_number; /**< organizationRegistrationNumber */
    clt_str custom_domains;      /**< separated by single spaces; absent: the domain alone */
    clt_str first_name, last_name, email, culture, language; /**< billing profile */
    clti_address address;                                    /**< billing profile's defaultAddress */
} clti_customer;

typedef enum clti_member_kind {
    CLTI_MEMBER_TEXT,
    CLTI_MEMBER_GUID,
    CLTI_MEMBER_RELATIONSHIP,
    CLTI_MEMBER_DELEGATED_ACCESS,
    CLTI_MEMBER_WORDS /**< array of texts without spaces, kept joined by spaces */
} clti_member_kind;

/** One member of the resource. */
typedef struct clti_customer_member {
    const char *path; /**< JSON path, words joined by dots */
    const char *name; /**< the same as faults name it in `data`: `BillingProfile.Culture` */
    clti_member_kind kind;
    bool is_alias;          /**< fills the same place as an earlier row, if that was not given */
    size_t offset;          /**< in clti_customer */
    size_t code_points_max; /**< for texts */
    uint8_t tag;            /**< of the stored record; 0 for aliases and members with a place of their own */
} clti_customer_member;

extern const clti_customer_member CLTI_CUSTOMER_MEMBERS[];
extern const size_t CLTI_CUSTOMER_MEMBER_COUNT;

/** What the paths of an address's members begin with. */
#define CLTI_ADDRESS_PATH "billingProfile.defaultAddress."

/** @brief The row for a JSON path, any case, or NULL. */
const clti_customer_member *clti_customer_member_find(clt_str path);

/** @brief The row, no alias, for a place in clti_customer. There must be one. */
const clti_customer_member *clti_customer_member_at(size_t offset);

/** @brief Place of a text member inside a customer. */
clt_str *clti_customer_text(clti_customer *customer, const clti_customer_member *member);

/** @brief Place of a GUID member inside a customer. */
clt_guid *clti_customer_guid(clti_customer *customer, const clti_customer_member *member);

/**
 * @brief Set a member from text, as CSV gives it and JSON strings do. An empty text leaves it absent.
 *
 * Owner: `value` is not copied.
 * @retval false  fault names the member: not a GUID, bad UTF-8, control characters, too long.
 */
CLTI_MUST_CHECK bool clti_customer_set(clti_customer *customer, const clti_customer_member *member,
                                       clt_str value, clti_fault *fault);

/**
 * @brief Finish an imported customer: check name and domain, derive the id from the domain if none was
 *        given, take culture and language from the country if they are missing.
 * @retval false  no name, no domain, or a domain that is no DNS name.
 */
CLTI_MUST_CHECK bool clti_customer_complete(clti_customer *customer, clti_fault *fault);

/** @brief A DNS name: at most 253 characters, labels of 1 to 63 letters, digits and inner hyphens, a dot. */
bool clti_domain_is_valid(clt_str domain);

/** @brief Same content in every member. */
bool clti_customer_equal(const clti_customer *a, const clti_customer *b);

/**
 * @brief Give a customer that was read from elsewhere what it has here already: its qualification, and its
 *        billing profile's count of writes, of which this is one if it changes anything.
 */
void clti_customer_keep(clti_customer *loaded, const clti_customer *old);

/** @brief Commerce id to show: the customer's own, or one derived from its id. */
clt_guid clti_customer_commerce_id(const clti_customer *customer);

/** @brief Billing profile id to show: the customer's own, or one derived from its id. */
clt_guid clti_customer_billing_id(const clti_customer *customer);

/**
 * @brief The etag of the billing profile (api.md 4.9), wherever it is shown or compared.
 *
 * A hash of the profile and the number of its writes: each write gives another one, even one that brings back
 * what was there before, and so does an import that changes the profile.
 */
int64_t clti_customer_billing_etag(const clti_customer *customer);

#endif
