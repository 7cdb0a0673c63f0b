/**
 * @file model.h
 * @brief The door of `model`: what the system talks about, as plain values without I/O.
 */
#ifndef CLTI_MODEL_H
#define CLTI_MODEL_H

#include "model/caller.h"
#include "model/country.h"
#include "model/customer.h"
#include "model/list_query.h"
#include "model/partner.h"

#endif
