/* Addresses of the library and of the system, and the words that name a socket. */
#ifndef SIP_POSIX_ADDRESS_H
#define SIP_POSIX_ADDRESS_H

#include "sip/transport.h"

/* "udp:192.0.2.1:5060", "tcp:[::1]" into protocol and local address; 0, SIP_EINVAL, SIP_ENAME. */
int sip_posix_where(struct sip_path *path, const char *where);

/* 0.0.0.0 or ::, whatever the port. */
bool sip_posix_is_any(const struct sip_addr *);

/* The same family, bytes and scope, whatever the port. */
bool sip_posix_same_host(const struct sip_addr *, const struct sip_addr *);

#endif
