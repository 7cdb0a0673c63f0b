#include "model/address_rules.h"

#include <string.h>

/* api.md 3.4. Imported customers keep what they came with, so this is no limit of the member itself. */
#define STATE_MAX_POINTS 2

#define AT(field) offsetof(clti_address, field)

/* One check under way. */
typedef struct check {
    clti_address *address;
    const clti_country *country; /* NULL if it is not known */
    size_t skipped;              /* of a member's path */
    clti_problems *problems;
} check;

/* `why` goes behind the member's name; `detail`, if any, behind that. */
static void report(check *self, size_t offset, clti_fault_code code, const char *why, const char *detail) {
    const clti_customer_member *member = clti_customer_member_at(offsetof(clti_customer, address) + offset);
    clti_problems_add(self->problems, code, member->name + self->skipped, "%s %s%s.",
                      member->path + self->skipped, why, detail);
}

static bool require(check *self, size_t offset, clt_str value) {
    if (!clti_text_is_blank(value))
        return true;
    report(self, offset, CLTI_FAULT_INVALID_PROPERTY, "is missing", "");
    return false;
}

static void check_pattern(check *self, size_t offset, clt_str value, const char *expression) {
    switch (clti_pattern_match(expression, value)) {
    case CLTI_PATTERN_MATCHES:
        break;
    case CLTI_PATTERN_DIFFERS:
        report(self, offset, CLTI_FAULT_INVALID_ADDRESS, "does not match ", expression);
        break;
    case CLTI_PATTERN_NO_MEMORY:
        clti_problems_add(self->problems, CLTI_FAULT_BUSY, NULL, NULL);
        break;
    }
}

static void check_country(check *self) {
    clt_str *country = &self->address->country;
    if (!require(self, AT(country), *country))
        return;
    self->country = clti_country_find(*country);
    if (self->country)
        *country = clti_str(self->country->iso2);
    else
        report(self, AT(country), CLTI_FAULT_INVALID_ADDRESS, "is not a country of ISO 3166-1, such as DE",
               "");
}

static void check_state(check *self) {
    clt_str *state = &self->address->state;
    size_t points;
    if (clti_str_is_empty(*state)) {
        if (self->country && self->country->demands & CLTI_COUNTRY_STATE)
            require(self, AT(state), *state);
        return;
    }
    if (self->country && self->country->states) {
        clt_str listed = clti_country_word(self->country->states, *state);
        if (listed.data)
            *state = listed;
        else
            report(self, AT(state), CLTI_FAULT_INVALID_ADDRESS, "is not a state of ", self->country->iso2);
    } else if (!clti_text_check(*state, &points) || points > STATE_MAX_POINTS) {
        report(self, AT(state), CLTI_FAULT_INVALID_PROPERTY, "is longer than 2 characters", "");
    }
}

static void check_postal_code(check *self) {
    clt_str postal_code = self->address->postal_code;
    if (!self->country)
        return;
    if (clti_str_is_empty(postal_code)) {
        if (self->country->demands & CLTI_COUNTRY_POSTAL_CODE)
            require(self, AT(postal_code), postal_code);
    } else if (self->country->postal) {
        check_pattern(self, AT(postal_code), postal_code, self->country->postal);
    }
}

static void check_phone(check *self, clti_address_use use) {
    clt_str phone = self->address->phone_number;
    if (!self->country)
        return;
    if (!clti_str_is_empty(phone))
        check_pattern(self, AT(phone_number), phone, clti_country_phone(self->country));
    else if (use == CLTI_ADDRESS_BILLING && self->country->demands & CLTI_COUNTRY_REGISTRATION)
        report(self, AT(phone_number), CLTI_FAULT_PHONE_MISSING, "is missing, which is required in ",
               self->country->iso2);
}

void clti_address_check(clti_address *address, clti_address_use use, clti_problems *problems) {
    check self = {.address = address,
                  .skipped = use == CLTI_ADDRESS_ALONE ? strlen(CLTI_ADDRESS_PATH) : 0,
                  .problems = problems};
    check_country(&self);
    if (self.country && self.country->demands & CLTI_COUNTRY_CITY)
        require(&self, AT(city), address->city);
    check_state(&self);
    require(&self, AT(line1), address->line1);
    check_postal_code(&self);
    if (use == CLTI_ADDRESS_BILLING) {
        require(&self, AT(first_name), address->first_name);
        require(&self, AT(last_name), address->last_name);
    }
    check_phone(&self, use);
}
