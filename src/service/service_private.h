/**
 * @file service_private.h
 * @brief What the files of `service` share.
 */
#ifndef CLTI_SERVICE_PRIVATE_H
#define CLTI_SERVICE_PRIVATE_H

#include "service/service.h"

/** Characters of the longest continuation token that we accept (api.md 6.4). */
#define CLTI_CONTINUATION_MAX 2048

/** One list as asked for, wherever it was said: in the query or in a continuation token. */
typedef struct clti_list_request {
    size_t size;
    bool has_filter;
    clti_filter filter;
    clti_list_start start;
    clt_str position;   /**< for AFTER and BEFORE */
    clt_str self_query; /**< for the self link, encoded */
} clti_list_request;

/**
 * @brief A parameter of a query by its name, any case, decoded into the arena; absent if it is not there.
 * @param name  Static.
 * @retval false  INVALID_QUERY: it is there twice, or has a bad escape.
 */
CLTI_MUST_CHECK bool clti_query_find(clt_str query, const char *name, clti_arena *arena, clt_str *out,
                                     clti_fault *fault);

/* ---- seek.c: the parameter seekOperation ---- */

typedef enum clti_seek {
    CLTI_SEEK_ABSENT,
    CLTI_SEEK_NEXT,
    CLTI_SEEK_PREVIOUS,
    CLTI_SEEK_FIRST,
    CLTI_SEEK_LAST
} clti_seek;

/** @brief Read its value, a word or its number; empty is as absent. @retval false INVALID_QUERY. */
CLTI_MUST_CHECK bool clti_seek_parse(clt_str text, clti_seek *out, clti_fault *fault);

/** @brief May a list be begun so, without a token? @param has_size The parameter size is there. */
CLTI_MUST_CHECK bool clti_seek_may_begin(clti_seek seek, bool has_size, clti_fault *fault);

/** @brief May a list be gone on with so? @param is_backwards The token leads to the page before. */
CLTI_MUST_CHECK bool clti_seek_may_go_on(clti_seek seek, bool is_backwards, clti_fault *fault);

/** @brief Fold a text into the arena (text.h). @retval false no valid UTF-8, or no memory. */
CLTI_MUST_CHECK bool clti_fold_text(clti_arena *arena, clt_str text, clt_str *out);

/** @brief Understand query and token. All texts live in the arena. */
CLTI_MUST_CHECK bool clti_list_request_read(const clti_service *service, clt_guid partner,
                                            const clti_customers_request *request, clti_arena *arena,
                                            clti_list_request *out, clti_fault *fault);

/** @brief Append `size=..[&seekOperation=..][&filter=..]` in canonical form. */
void clti_list_request_write_query(const clti_list_request *request, const char *seek, clti_buf *out);

/**
 * @brief Make the token that continues a list at a position.
 *
 * The same list and position give the same token, for as long as the store lives.
 * @param start  AFTER or BEFORE.
 * @return absent if memory is out.
 */
clt_str clti_continuation_write(const clti_service *service, clt_guid partner, const clti_list_request *list,
                                clti_list_start start, clt_str position, clti_arena *arena);

/**
 * @brief Check a token and read the list that it continues: everything but self_query.
 * @retval false  cut, altered, not canonical, of another partner or another store.
 */
CLTI_MUST_CHECK bool clti_continuation_read(const clti_service *service, clt_guid partner, clt_str token,
                                            clti_arena *arena, clti_list_request *out);

/**
 * @brief Make a token of bytes: authenticated, and as text. Its first byte tells the kind, so that no token
 * is taken for one of another kind.
 * @return absent if memory is out, or it would be too long.
 */
clt_str clti_continuation_seal(const clti_service *service, clt_str content, clti_arena *arena);

/** @brief The bytes of a token that this service made. */
CLTI_MUST_CHECK bool clti_continuation_open(const clti_service *service, clt_str token, clti_arena *arena,
                                            clt_str *out);

/* ---- writing.c: what all writes have in common ---- */

/** Checks what was asked and fills the write: change, audit record but for who and when, answer. */
typedef bool (*clti_prepare)(const clti_service *service, const clti_write_request *request,
                             clti_arena *arena, clti_write *out, clti_fault *fault);

/**
 * @brief Prepare a write.
 *
 * A request that was done already may look wrong by now (the customer is gone, the etag is another one), so
 * before a refusal is told, the request id is looked up.
 */
CLTI_MUST_CHECK bool clti_write_prepare(const clti_service *service, const clti_write_request *request,
                                        clti_arena *arena, clti_prepare prepare, clti_write **out,
                                        clti_fault *fault);

/** What is told once, where a hole stands in the answer. */
typedef struct clti_once {
    uint8_t bytes[CLTI_SHA256_SIZE]; /**< derived from the answer's salt; of a password: its characters */
} clti_once;

/** @brief The secret that belongs to a salt: for one kind of hole the same each time. To be wiped. */
clti_once clti_once_derive(const clti_service *service, const clt_guid salt[2], char hole);

/** Characters of a password that is made here. */
#define CLTI_MADE_PASSWORD_SIZE 12

/** @brief A new salt for what an answer tells once. */
void clti_once_begin(clti_answer *answer);

/**
 * @brief The customer that the request is about, for changing it.
 * @retval false  as clti_customers_get(); NOT_ALLOWED for a customer of one's provider.
 */
CLTI_MUST_CHECK bool clti_customers_find_own(const clti_service *service, const clti_write_request *request,
                                             clti_arena *arena, clti_customer *out, clti_fault *fault);

/** @brief Keep what was written into a buffer in the arena, and free the buffer. */
CLTI_MUST_CHECK bool clti_keep_text(clti_buf *text, clti_arena *arena, clt_str *out, clti_fault *fault);

#endif
