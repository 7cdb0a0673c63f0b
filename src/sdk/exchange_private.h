/**
 * @file exchange_private.h
 * @brief The parts of an exchange: its transfer by curl, and what is made of the answer.
 */
#ifndef CLTI_SDK_EXCHANGE_PRIVATE_H
#define CLTI_SDK_EXCHANGE_PRIVATE_H

#include "sdk/sdk_private.h"

/** @brief Write the header lines that do not change over the retries. @return false if memory is out */
CLTI_MUST_CHECK bool clti_transfer_prepare(clti_exchange *exchange);

/** @brief Hand the request to the lane's curl. @return false if memory is out */
CLTI_MUST_CHECK bool clti_transfer_start(clti_exchange *exchange);

/** @brief Take it off again, whatever has become of it. */
void clti_transfer_stop(clti_exchange *exchange);

/** @brief The error that a response stands for, NULL if it is a success. Never fails: memory out is an error
 * too. */
clt_error *clti_response_error_of(clt_response *response, clti_decoder *decoder);

#endif
