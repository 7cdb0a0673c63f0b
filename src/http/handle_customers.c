#include "http/http_private.h"

/* The preference `count=exact` among others (RFC 7240). */
static bool prefers_count(clt_str prefer) {
    for (clt_str rest = prefer; rest.data;) {
        clt_str parameters, item = clti_str_cut(rest, ',', &rest);
        clt_str value, name = clti_str_trim(clti_str_cut(clti_str_cut(item, ';', &parameters), '=', &value));
        value = clti_str_trim(value);
        if (clti_str_equal_nocase(name, CLTI_STR("count")) &&
            (clti_str_equal_nocase(value, CLTI_STR("exact")) || clti_str_equal(value, CLTI_STR("\"exact\""))))
            return true;
    }
    return false;
}

/* `items 0-39/28073`; pages after the first do not know where they stand, and an empty one stands nowhere. */
static bool add_count(const clti_customers_answer *answer, clti_arena *arena, clti_reply *reply,
                      clti_fault *fault) {
    clt_str total = answer->is_counted ? clti_arena_format(arena, "%llu", (unsigned long long)answer->total)
                                       : CLTI_STR("*");
    clt_str range =
        answer->is_first && answer->page.count
            ? clti_arena_format(arena, "items 0-%zu/%.*s", answer->page.count - 1, CLTI_STR_ARGS(total))
            : clti_arena_format(arena, "items */%.*s", CLTI_STR_ARGS(total));
    if (!total.data || !range.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "Content-Range", range);
    if (answer->is_counted)
        clti_reply_add_header(reply, "Preference-Applied", CLTI_STR("count=exact"));
    return true;
}

bool clti_handle_customers_list(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_customers_request wanted = {.query = request->query,
                                           .continuation = request->headers[CLTI_HEADER_CONTINUATION],
                                           .if_none_match = request->headers[CLTI_HEADER_IF_NONE_MATCH],
                                           .wants_count =
                                               prefers_count(request->headers[CLTI_HEADER_PREFER])};
    clti_customers_answer answer;
    if (!clti_customers_list(request->http->service, &request->caller, &wanted, &request->arena, &answer,
                             fault))
        return false;
    clti_reply_add_header(reply, "ETag", answer.entity_tag);
    if (answer.unchanged) {
        clti_reply_unchanged(reply);
        return true;
    }
    if (!answer.is_filtered)
        reply->content_type = "application/json"; /* as in the founding example (api.md 1.6) */
    if (wanted.wants_count && !add_count(&answer, &request->arena, reply, fault))
        return false;
    if (answer.page.next_token.data)
        clti_reply_add_header(reply, "MS-ContinuationToken", answer.page.next_token);
    clti_wire_render_page(&answer.page, &reply->body);
    return true;
}

bool clti_handle_customers_get(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_customer customer;
    if (!clti_customers_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                            &customer, fault))
        return false;
    clti_wire_render_customer(&customer, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}
