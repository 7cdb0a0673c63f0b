/**
 * @file error_private.h
 * @brief Making errors. Inside the library `clt_error **err` is never NULL; the public calls see to that.
 *
 * Errors may be changed until they are handed out.
 */
#ifndef CLTI_SDK_ERROR_PRIVATE_H
#define CLTI_SDK_ERROR_PRIVATE_H

#include "base/base.h"
#include "clientele/error.h"

/**
 * @brief Set *err to a new error, freeing the one that it holds.
 * @return the status that it then has: `status`, or CLT_ERR_NO_MEMORY.
 */
clt_status clti_fail(clt_error **err, clt_status status, const char *format, ...) CLTI_PRINTF(3, 4);

/** @brief Needs no memory itself. */
clt_status clti_fail_no_memory(clt_error **err);

/** @brief Memory that lives as long as the error; NULL for the one that has none to give. */
clti_arena *clti_error_arena(clt_error *err);

/** @brief A copy; the static one if memory is out. */
clt_error *clti_error_copy(const clt_error *from);

/**
 * @brief The end of a public call: hand the error out, or free it if the caller wants none.
 * @return `status`
 */
clt_status clti_hand_out(clt_status status, clt_error *err, clt_error **out_err);

#endif
