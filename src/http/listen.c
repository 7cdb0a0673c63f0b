#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 1024

static bool bad_address(clt_str text, const char *why, clti_fault *fault) {
    return clti_fault_set(
        fault, CLTI_FAULT_INVALID_PROPERTY, "listen",
        "listen: '%.*s' %s; it has the form HOST:PORT, such as 127.0.0.1:8484 or [::1]:8484.",
        CLTI_STR_ARGS(text), why);
}

bool clti_address_is_loopback(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family != AF_INET6)
        return false;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
    return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) && in6->sin6_addr.s6_addr[12] == 127);
}

clt_guid clti_address_key(const struct sockaddr *address) {
    clt_guid key = {.bytes = {[10] = 0xFF, [11] = 0xFF}};
    if (clti_address_is_loopback(address))
        return (clt_guid){0};
    if (address->sa_family == AF_INET) {
        memcpy(&key.bytes[12], &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return key;
    }
    const struct in6_addr *in6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (address->sa_family != AF_INET6)
        return (clt_guid){0};
    if (!IN6_IS_ADDR_V4MAPPED(in6))
        key = (clt_guid){0};
    memcpy(&key, in6, IN6_IS_ADDR_V4MAPPED(in6) ? 16 : 8);
    return key;
}

/* Split at the last colon, so that IPv6 addresses in brackets keep theirs. */
static bool split(clt_str text, clt_str *host, clt_str *port) {
    size_t colon = text.size;
    while (colon > 0 && text.data[colon - 1] != ':')
        colon--;
    if (colon < 2)
        return false;
    *host = (clt_str){text.data, colon - 1};
    *port = clti_str_from(text, colon);
    if (host->data[0] == '[' && host->data[host->size - 1] == ']') {
        *host = (clt_str){host->data + 1, host->size - 2};
        return host->size != 0;
    }
    clt_str rest;
    return clti_str_cut(*host, ':', &rest).size == host->size;
}

bool clti_listen_address_parse(clt_str text, clti_listen_address *out, clti_fault *fault) {
    clt_str host, port;
    uint64_t number;
    if (!split(text, &host, &port))
        return bad_address(text, "is not an address to listen on", fault);
    if (!clti_str_to_u64(port, UINT16_MAX, &number))
        return bad_address(text, "has no port from 0 to 65535", fault);
    clti_arena arena = {0};
    clt_str host_copy, port_text = clti_arena_format(&arena, "%u", (unsigned)number);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *found = NULL;
    bool ok = clti_arena_copy(&arena, host, &host_copy) && port_text.data;
    int error = ok ? getaddrinfo(host_copy.data, port_text.data, &hints, &found) : EAI_MEMORY;
    clti_arena_done(&arena);
    if (error != 0)
        return bad_address(text, "names no address of this machine", fault);
    *out = (clti_listen_address){.size = found->ai_addrlen,
                                 .is_loopback = clti_address_is_loopback(found->ai_addr)};
    memcpy(&out->address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

int clti_listen_open(clti_listen_address *address, clti_fault *fault) {
    const int on = 1;
    clti_arena arena = {0};
    int listener = socket(address->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(listener, (const struct sockaddr *)&address->address, address->size) != 0 ||
        listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&address->address, &address->size) != 0) {
        int reason = errno;
        clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "listen", "listen: %s cannot be listened on: %s.",
                       clti_listen_address_text(address, &arena).data, strerror(reason));
        if (listener >= 0)
            close(listener);
        listener = -1;
    }
    clti_arena_done(&arena);
    return listener;
}

clt_str clti_listen_address_text(const clti_listen_address *address, clti_arena *arena) {
    char host[INET6_ADDRSTRLEN + IF_NAMESIZE], port[6];
    if (getnameinfo((const struct sockaddr *)&address->address, address->size, host, sizeof(host), port,
                    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return CLTI_STR("?");
    clt_str text =
        clti_arena_format(arena, address->address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return text.data ? text : CLTI_STR("?");
}

unsigned clti_listen_address_port(const clti_listen_address *address) {
    const struct sockaddr *any = (const struct sockaddr *)&address->address;
    if (any->sa_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)(const void *)any)->sin_port);
    return ntohs(((const struct sockaddr_in6 *)(const void *)any)->sin6_port);
}
