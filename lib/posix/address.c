#include "posix/address.h"
#include "sip/error.h"
#include "sip/posix.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST_MAX     80 /* an IPv6 address, '%' and the name of an interface */
#define PORT_DEFAULT 5060

socklen_t sip_posix_to_sockaddr(const struct sip_addr *addr, struct sockaddr_storage *to)
{
    struct sockaddr_in v4 = {0};
    struct sockaddr_in6 v6 = {0};

    memset(to, 0, sizeof *to);
    switch (addr->family) {
    case SIP_IPV4:
        v4.sin_family = AF_INET;
        v4.sin_port = htons(addr->port);
        memcpy(&v4.sin_addr, addr->bytes, 4);
        memcpy(to, &v4, sizeof v4);
        return sizeof v4;
    case SIP_IPV6:
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(addr->port);
        v6.sin6_scope_id = addr->scope;
        memcpy(&v6.sin6_addr, addr->bytes, 16);
        memcpy(to, &v6, sizeof v6);
        return sizeof v6;
    default:
        return 0;
    }
}

static void from_v4(struct sip_addr *addr, const struct sockaddr_in *from)
{
    addr->family = SIP_IPV4;
    addr->port = ntohs(from->sin_port);
    memcpy(addr->bytes, &from->sin_addr, 4);
}

static void from_v6(struct sip_addr *addr, const struct sockaddr_in6 *from)
{
    addr->port = ntohs(from->sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(&from->sin6_addr)) {
        addr->family = SIP_IPV4;
        memcpy(addr->bytes, (const char *)&from->sin6_addr + 12, 4);
        return;
    }
    addr->family = SIP_IPV6;
    memcpy(addr->bytes, &from->sin6_addr, 16);
    if (IN6_IS_ADDR_LINKLOCAL(&from->sin6_addr))
        addr->scope = from->sin6_scope_id;
}

int sip_posix_from_sockaddr(struct sip_addr *addr, const struct sockaddr *from)
{
    struct sip_addr got = {0};
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    switch (from->sa_family) {
    case AF_INET:
        memcpy(&v4, from, sizeof v4);
        from_v4(&got, &v4);
        break;
    case AF_INET6:
        memcpy(&v6, from, sizeof v6);
        from_v6(&got, &v6);
        break;
    default:
        return SIP_EINVAL;
    }
    *addr = got;
    return 0;
}

bool sip_posix_is_any(const struct sip_addr *addr)
{
    static const uint8_t any[16];

    return memcmp(addr->bytes, any, addr->family == SIP_IPV4 ? 4 : 16) == 0;
}

bool sip_posix_same_host(const struct sip_addr *a, const struct sip_addr *b)
{
    return a->family == b->family && a->scope == b->scope &&
           memcmp(a->bytes, b->bytes, a->family == SIP_IPV4 ? 4 : 16) == 0;
}

/* --- "udp:[fe80::1%eth0]:5060" --- */

/* port = "" / ":" 1*5DIGIT */
static bool parse_port(const char *text, uint16_t *port)
{
    unsigned long value = 0;
    int digits = 0;

    if (*text == '\0') {
        *port = PORT_DEFAULT;
        return true;
    }
    if (*text++ != ':')
        return false;
    for (; digits < 5 && isdigit((unsigned char)text[digits]); digits++)
        value = 10 * value + (unsigned long)(text[digits] - '0');
    if (digits == 0 || text[digits] != '\0' || value > 65535)
        return false;
    *port = (uint16_t)value;
    return true;
}

/* The name or the number of an interface. */
static bool parse_scope(const char *text, uint32_t *scope)
{
    char *end;
    unsigned long number;

    *scope = if_nametoindex(text);
    if (*scope)
        return true;
    number = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;
    if (number == 0 || number > UINT32_MAX || *end != '\0')
        return false;
    *scope = (uint32_t)number;
    return true;
}

static int parse_v6(struct sip_addr *addr, char *host)
{
    char *percent = strchr(host, '%');

    if (percent) {
        *percent = '\0';
        if (!parse_scope(percent + 1, &addr->scope))
            return SIP_EINVAL;
    }
    addr->family = SIP_IPV6;
    return inet_pton(AF_INET6, host, addr->bytes) == 1 ? 0 : SIP_EINVAL;
}

static int parse_v4(struct sip_addr *addr, const char *host)
{
    bool letters = false;

    addr->family = SIP_IPV4;
    if (inet_pton(AF_INET, host, addr->bytes) == 1)
        return 0;
    for (; *host; host++) {
        letters = letters || isalpha((unsigned char)*host);
        if (!isalnum((unsigned char)*host) && !strchr("-.", *host))
            return SIP_EINVAL;
    }
    return letters ? SIP_ENAME : SIP_EINVAL;
}

/* Copies the first `len` bytes and returns what follows them; NULL for nothing and for too much. */
static const char *cut_host(char *host, const char *text, size_t len)
{
    if (len == 0 || len >= HOST_MAX)
        return NULL;
    memcpy(host, text, len);
    host[len] = '\0';
    return text + len;
}

int sip_posix_where(struct sip_path *path, const char *where)
{
    struct sip_path got = {0};
    char host[HOST_MAX];
    bool bracket;
    int error;

    if (!where || (strncasecmp(where, "udp:", 4) && strncasecmp(where, "tcp:", 4)))
        return SIP_EINVAL;
    got.protocol = tolower((unsigned char)*where) == 'u' ? SIP_UDP : SIP_TCP;
    where += 4;
    bracket = *where == '[';
    where = bracket ? cut_host(host, where + 1, strcspn(where + 1, "]"))
                    : cut_host(host, where, strcspn(where, ":"));
    if (!where || (bracket && *where++ != ']'))
        return SIP_EINVAL;
    error = bracket ? parse_v6(&got.local, host) : parse_v4(&got.local, host);
    if (error)
        return error;
    if (!parse_port(where, &got.local.port))
        return SIP_EINVAL;
    *path = got;
    return 0;
}
