/* The local address of a datagram, as the system tells it beside the bytes. */
#ifndef SIP_POSIX_CONTROL_H
#define SIP_POSIX_CONTROL_H

#include "sip/addr.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* Aligned room for all that is told of one datagram. */
struct sip_control {
    _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(64)];
};

/* Puts the address it arrived at into `local`, whose port stays; leaves it alone when not told. */
void sip_control_local(struct msghdr *, struct sip_addr *local);

/* Makes `head` go out from `local`, which is not 0.0.0.0 or ::. */
void sip_control_source(struct msghdr *head, struct sip_control *, const struct sip_addr *local);

#endif
