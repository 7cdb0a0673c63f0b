/**
 * @file page_private.h
 * @brief What the sign-in pages are made of. Texts of others are escaped; every page forbids scripts and
 * frames.
 */
#ifndef CLTI_PAGE_PRIVATE_H
#define CLTI_PAGE_PRIVATE_H

#include "http/http_private.h"

/** @brief Append text with what HTML would read as its own escaped; right in elements and quoted attributes.
 */
void clti_html_add(clti_buf *out, clt_str text);

/** @brief Append a hidden field. */
void clti_html_add_hidden(clti_buf *out, const char *name, clt_str value);

/**
 * @brief Begin a page, with the headers that protect it.
 * @param title     Ours.
 * @param redirect  Where its form may lead in the end, or absent.
 */
CLTI_MUST_CHECK bool clti_page_begin(clti_request *request, clti_reply *reply, const char *title,
                                     clt_str redirect, clti_fault *fault);
void clti_page_end(clti_reply *reply);

/** @brief Append a QR code as a picture that needs nothing but the page itself. Without memory: nothing. */
void clti_html_add_qr_code(clti_buf *out, clt_str text);

/** @brief A page that only says something. */
CLTI_MUST_CHECK bool clti_page_message(clti_request *request, clti_reply *reply, unsigned status,
                                       const char *title, clt_str text, clti_fault *fault);

/** @brief Send the browser elsewhere, with GET. @return true */
bool clti_page_redirect(clti_reply *reply, clt_str address);

/* ---- handle_sign_in.c: the form that authorization and device share ---- */

/** What the form shows. */
typedef struct clti_sign_in_page {
    clt_str application_name;
    clt_str name;        /**< typed before, or a hint */
    clt_str ticket;      /**< the second step */
    clti_totp enrolment; /**< in it, a second factor to be taken over, or absent */
    clt_str redirect;    /**< where it leads in the end, or absent */
    const char *wrong;   /**< what went wrong, or NULL */
    bool is_for_device;  /**< with a warning, and a button to decline */
} clti_sign_in_page;

/** What came back. */
typedef struct clti_sign_in_post {
    clti_sign_in result;
    clt_str name; /**< as typed */
    bool is_declined;
} clti_sign_in_post;

/** @brief Show the form. */
CLTI_MUST_CHECK bool clti_sign_in_show(clti_request *request, clti_reply *reply,
                                       const clti_sign_in_page *page, clti_fault *fault);

/** @brief Take the form and try to sign in. */
CLTI_MUST_CHECK bool clti_sign_in_take(clti_request *request, clti_sign_in_post *out, clti_fault *fault);

/** @brief What to show after a try that did not end it. */
void clti_sign_in_next(const clti_sign_in_post *post, clti_reply *reply, clti_sign_in_page *page);

#endif
