/* What the host plugs in below the library: how bytes leave, and what the paths are called.
 *
 * The library owns no socket. It calls the functions of `struct sip_transport` to send, and the
 * host reports what happens on the wire through the functions of sip/stack.h. None of these
 * functions may call back into the library; a loop-back transport queues. Bytes, paths and names
 * that they are given are the library's and live only during the call. */
#ifndef SIP_TRANSPORT_H
#define SIP_TRANSPORT_H

#include "sip/addr.h"
#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sip_protocol { SIP_PROTOCOL_NONE, SIP_UDP, SIP_TCP, SIP_TLS, SIP_WS, SIP_WSS };

/* Where bytes come from and go to. An all-zero `local` (family SIP_FAMILY_NONE) lets the host
 * choose. */
struct sip_path {
    uint8_t protocol; /* enum sip_protocol */
    struct sip_addr local;
    struct sip_addr remote;
};

/* One stream connection, named by the library: a value, 0 = none. Datagrams have no flow. */
struct sip_flow {
    uint64_t id;
};

/* One place to send a request to: what resolving a URI yields (RFC 3263 §4). */
struct sip_target {
    uint8_t protocol; /* enum sip_protocol */
    struct sip_addr addr;
};

struct sip_transport {
    void *host; /* handed to each function */

    /* Sends one datagram. Returns 0, or a negative number when the path is known to be dead (no
     * route, refused by the system); a datagram that is merely lost or dropped is no error. */
    int (*send)(void *host, const struct sip_path *path, struct sip_str bytes);

    /* Takes as many bytes as it can for a stream and returns how many, 0 = full for now: the host
     * then calls sip_stack_writable() when there is room again. Negative: the flow is dead. */
    long (*write)(void *host, struct sip_flow flow, struct sip_str bytes);

    /* Begins a connection for `flow`; sip_stack_connected() or sip_stack_closed() follows from the
     * host's loop. `name` is the name that TLS has to prove, empty when there is none. Negative:
     * cannot be begun. */
    int (*connect)(void *host, struct sip_flow flow, const struct sip_path *path,
                   struct sip_str name);

    /* The library has no more use for the flow: send what was taken, then close. No report
     * follows. */
    void (*close)(void *host, struct sip_flow flow);

    /* Stores our own address and port towards `path->remote` with `path->protocol` in `*local`:
     * it stands in Via and Contact. For streams: the address and port on which we listen. Negative:
     * no way there. */
    int (*local)(void *host, const struct sip_path *path, struct sip_addr *local);

    /* Fills `bytes` from a cryptographic source; negative when it cannot. Required. */
    int (*random)(void *host, void *bytes, size_t count);
};

/* "UDP", "TCP" ... as in a Via; "udp" ... as in a URI; NULL for SIP_PROTOCOL_NONE. */
SIP_API const char *sip_protocol_name(enum sip_protocol);
SIP_API const char *sip_protocol_param(enum sip_protocol);

/* The protocol with this name, ignoring case; SIP_PROTOCOL_NONE when unknown. */
SIP_API enum sip_protocol sip_protocol_of(struct sip_str name);

/* True for those that deliver in order and without loss: all but UDP (RFC 3261 §17). */
SIP_API bool sip_protocol_reliable(enum sip_protocol);

#ifdef __cplusplus
}
#endif

#endif
