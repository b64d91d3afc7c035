/* Numeric addresses in the library's own shape, so that any network stack can serve. */
#ifndef SIP_ADDR_H
#define SIP_ADDR_H

#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sip_family { SIP_FAMILY_NONE, SIP_IPV4, SIP_IPV6 };

/* An address in the library's own shape: network byte order, host byte order for the port. */
struct sip_addr {
    uint8_t family; /* enum sip_family */
    uint8_t bytes[16]; /* IPv4: the first four */
    uint16_t port;
    uint32_t scope; /* of an IPv6 link-local address: the interface's index; else 0 */
};

/* Parses a numeric host ("192.0.2.1", "2001:db8::1", with or without brackets) into family and
 * bytes; the port becomes 0, the scope too but for a zone that is a number ("fe80::1%3"). Returns 0,
 * SIP_ENAME for a host name or a named zone ("fe80::1%eth0"), SIP_EINVAL for neither. */
SIP_API int sip_addr_parse(struct sip_addr *, struct sip_str host);

/* Writes the address without the port, IPv6 without brackets (RFC 5952); `out` holds at least
 * SIP_ADDR_TEXT bytes. Returns the length; writes no NUL. */
#define SIP_ADDR_TEXT 48
SIP_API size_t sip_addr_text(const struct sip_addr *, char *out);

/* True when family, bytes, port and scope are the same. */
SIP_API bool sip_addr_equal(const struct sip_addr *, const struct sip_addr *);

#ifdef __cplusplus
}
#endif

#endif
