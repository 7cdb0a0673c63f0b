/**
 * @file model.h
 * @brief The door of `model`: what the system talks about, as plain values without I/O.
 */
#ifndef CLTI_MODEL_H
#define CLTI_MODEL_H

#include "model/address_rules.h"
#include "model/audit.h"
#include "model/caller.h"
#include "model/country_rules.h"
#include "model/customer.h"
#include "model/customer_rules.h"
#include "model/entry.h"
#include "model/grant.h"
#include "model/idempotency.h"
#include "model/list_query.h"
#include "model/partner.h"
#include "model/qualification.h"
#include "model/user.h"

#endif
