#include "base/problems.h"

#include <stdarg.h>
#include <string.h>

static bool is_named(const clti_fault *fault, const char *member) {
    if (fault->member && strcmp(fault->member, member) == 0)
        return true;
    for (size_t i = 0; i < fault->more_count; i++)
        if (strcmp(fault->more[i], member) == 0)
            return true;
    return false;
}

static void add_member(clti_fault *fault, const char *member) {
    if (!fault->member)
        fault->member = member;
    else if (member && fault->more_count < CLTI_FAULT_MORE_MAX)
        fault->more[fault->more_count++] = member;
}

static bool is_worse(clti_fault_code code, clti_fault_code than) {
    bool own = clti_fault_kind_of(code)->http_status >= 500;
    bool than_own = clti_fault_kind_of(than)->http_status >= 500;
    return own == than_own ? code < than : own;
}

void clti_problems_add_fault(clti_problems *problems, const clti_fault *fault) {
    clti_fault *all = &problems->fault;
    if (problems->count &&
        (fault->member ? is_named(all, fault->member) : strstr(all->text, fault->text) != NULL))
        return;
    if (problems->count++ == 0) {
        *all = *fault;
        return;
    }
    if (is_worse(fault->code, all->code))
        all->code = fault->code;
    add_member(all, fault->member);
    clti_fault_append(all, fault->text);
}

void clti_problems_add(clti_problems *problems, clti_fault_code code, const char *member, const char *format,
                       ...) {
    clti_fault fault;
    va_list arguments;
    va_start(arguments, format);
    clti_fault_set_list(&fault, code, member, format, arguments);
    va_end(arguments);
    clti_problems_add_fault(problems, &fault);
}

bool clti_problems_none(const clti_problems *problems, clti_fault *fault) {
    if (problems->count && fault)
        *fault = problems->fault;
    return problems->count == 0;
}
