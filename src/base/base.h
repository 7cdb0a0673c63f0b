/**
 * @file base.h
 * @brief The door of `base`: tools that know nothing of customers.
 */
#ifndef CLTI_BASE_H
#define CLTI_BASE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/certificate.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/date.h"
#include "base/encode.h"
#include "base/fault.h"
#include "base/guid.h"
#include "base/log.h"
#include "base/pattern.h"
#include "base/problems.h"
#include "base/rate_limit.h"
#include "base/rsa_key.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/tally.h"
#include "base/text.h"
#include "base/url.h"

#endif
