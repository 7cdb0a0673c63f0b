/**
 * @file clientele.h
 * @brief libclientele: Partner Center's customer management for C.
 *
 * This header brings all of them. Where to begin: partner.h (who calls, and whom), then customers.h
 * (read them) and lifecycle.h (create and change them).
 * Every name begins with `clt_` or `CLT_`. The rules that hold everywhere:
 * - Calls return clt_status and fill `out_` results only on CLT_OK, `*out_err` only on failure.
 * - What arrives through a pointer to pointer is the caller's; what a getter returns lives as long as its
 * object.
 * - Every `free` takes NULL.
 * - Option structs begin with their size; zero is the default of every member.
 * - Each name says where in the contract (api.md) it comes from, or its header does for all of its names.
 *
 * Thread: clt_partner is for any number of threads; what it hands out is immutable, or for one at a time.
 * @source docs/sdk.md
 */
#ifndef CLIENTELE_CLIENTELE_H
#define CLIENTELE_CLIENTELE_H

#include "clientele/audit.h"
#include "clientele/call.h"
#include "clientele/customers.h"
#include "clientele/error.h"
#include "clientele/lifecycle.h"
#include "clientele/partner.h"
#include "clientele/relationships.h"
#include "clientele/types.h"
#include "clientele/validation.h"

#ifdef __cplusplus
extern "C" {
#endif

/** @brief Version of the library in use, such as "0.1.0". Static. */
CLT_API const char *clt_version(void);

#ifdef __cplusplus
}
#endif

#endif
