/* Stream connections: their bytes in and out (RFC 3261 §18, RFC 5626 §3.5.1). */
#ifndef SIP_TRANSPORT_FLOW_H
#define SIP_TRANSPORT_FLOW_H

#include "transport/stack.h"

/* The connection to `path->remote` there is, or a new one, begun now. */
int sip_flow_to(struct sip_stack *, const struct sip_path *, struct sip_flow *);

/* Writes a whole message, or keeps what the host does not take. Negative: the flow is dead, which
 * the layer above has been told. */
int sip_flow_write(struct sip_stack *, struct sip_flow, struct sip_str message);

/* The path of a flow; NULL when it is over. */
const struct sip_path *sip_flow_path(const struct sip_stack *, struct sip_flow);

#endif
