/* One whole message on its way up (RFC 3261 §18.1.2, §18.2.1, §18.3). */
#ifndef SIP_TRANSPORT_RECEIVE_H
#define SIP_TRANSPORT_RECEIVE_H

#include "transport/stack.h"

/* How the bytes came. */
struct sip_arrival {
    struct sip_path path;
    struct sip_flow flow;
    bool too_long; /* only the head is there: to be answered with 513 */
};

/* Answers a request that breaks a rule with `status` and a Warning that names the header (§20.43),
 * where an answer can be made; else drops it. */
void sip_receive_refuse(struct sip_stack *, const struct sip_received *, uint16_t status,
                        const struct sip_fault *);

/* Parses, checks and hands up one message, or refuses it. Inside a report; may call the host. */
void sip_receive(struct sip_stack *, const struct sip_arrival *, struct sip_str bytes);

#endif
