/* Which of our addresses the system would use towards another one. */
#ifndef SIP_POSIX_ROUTE_H
#define SIP_POSIX_ROUTE_H

#include "sip/addr.h"

#define SIP_ROUTES 64

struct sip_route {
    struct sip_addr remote, local;
    uint64_t until;
};

/* Answers are kept for a few seconds: addresses of a machine come and go. */
struct sip_routes {
    struct sip_route kept[SIP_ROUTES];
};

/* Stores our address towards `remote`, port 0; 0, or -1 with errno when there is no way. */
int sip_route_find(struct sip_routes *, uint64_t now, const struct sip_addr *remote,
                   struct sip_addr *local);

/* After a send failed: nothing that was kept is sure any more. */
void sip_routes_forget(struct sip_routes *);

#endif
