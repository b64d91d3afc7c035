/* The stack: one block of memory, and the functions through which the host reports the wire and
 * the clock. What stands on it (a sip_ua, or transactions and dialogs alone) is joined to it.
 *
 * The loop contract: (1) report every datagram, connection event and byte with the time; (2) ask
 * sip_stack_deadline() after any call; (3) call sip_stack_tick() when it is reached; (4) events
 * come only from inside the report functions; (5) one stack, one thread.
 *
 * Times are milliseconds from any start, 64 bits; a `now` smaller than the largest one seen counts
 * as the largest. A report made from inside an event, a screen, a transport or a trace function is
 * refused with SIP_ESTATE. */
#ifndef SIP_STACK_H
#define SIP_STACK_H

#include "sip/error.h"
#include "sip/fault.h"
#include "sip/message.h"
#include "sip/trace.h"
#include "sip/transport.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_stack;

#define SIP_NEVER UINT64_MAX   /* no deadline */
#define SIP_NONE_AT_ALL UINT32_MAX /* in a limit: not even the default */

/* How many of each there may be at once. 0 takes the default in brackets. Reaching one has a
 * defined answer (lib/README.md, "What is full"), and sip_stack_usage() counts it. */
struct sip_limits {
    uint32_t accounts;         /* [2] */
    uint32_t registrations;    /* [as accounts] */
    uint32_t calls;            /* [2], both directions */
    uint32_t calls_incoming;   /* [calls] how many of them may come in */
    uint32_t calls_reserved_out; /* [0] of `calls`, kept free for calls started here */
    uint32_t ringing_unverified; /* [calls] unanswered incoming calls from unverified sources */
    uint32_t dialogs;          /* [calls + 2]; more than calls, for what is owed after a call */
    uint32_t requests;         /* [2] other requests, both directions */
    uint32_t transactions;     /* [2 * calls + registrations + requests + 2] */
    uint32_t flows;            /* [4] streams; none without `write`, `connect`, `close` */
    uint32_t resolving;        /* [2] requests that hold more than one target */
    uint32_t buffers_small;    /* [calls + requests + 2], 640 bytes each */
    uint32_t buffers_large;    /* [calls + 2], `message_max` bytes each */
    uint32_t message_max;      /* [1,472] bytes of the largest message, 700 to 65,535 */
    uint32_t headers_max;      /* [64] header fields of one message */
    uint32_t refusals_per_s;   /* [20] stateless 503 while transactions are full */
    uint32_t fires_per_tick;   /* [256] timers handled by one tick */
};

/* RFC 3261 §17.1.1.1, in milliseconds; 0 takes the default in brackets. */
struct sip_timers {
    uint32_t t1_ms; /* [500] */
    uint32_t t2_ms; /* [4,000] */
    uint32_t t4_ms; /* [5,000] */
};

struct sip_stack_config {
    struct sip_transport transport;
    struct sip_tracer tracer; /* a null function traces nothing */
    struct sip_limits limits;
    struct sip_timers timers;
    uint16_t refused_tolerance; /* bits of enum sip_tolerance that are not let pass; 0: all are */
};

/* Bytes of memory that a stack with this configuration needs, alignment included; 0 when a limit
 * is out of range. As a constant: SIP_STACK_SIZE() of sip/size.h. */
SIP_API size_t sip_stack_size(const struct sip_stack_config *config);

/* Makes a stack in `memory` (any alignment, any content; the caller's, in use until the caller
 * stops using the stack: there is nothing to release). `*config` is copied.
 * Returns 0, SIP_EMEMORY, SIP_EINVAL for a missing transport function, or SIP_ERANDOM. */
SIP_API int sip_stack_init(struct sip_stack **stack, void *memory, size_t size,
                           const struct sip_stack_config *config, uint64_t now);

/* --- reports from the host --- */

/* One datagram: contiguous, with both addresses; `truncated` when the socket cut it. */
struct sip_packet {
    struct sip_str bytes;
    struct sip_path path;
    bool truncated;
};

SIP_API int sip_stack_datagram(struct sip_stack *, uint64_t now, const struct sip_packet *);

/* The network said that datagrams to `path->remote` do not arrive (ICMP, §18.4). */
SIP_API int sip_stack_unreachable(struct sip_stack *, uint64_t now, const struct sip_path *path);

/* A peer connected to us. Stores the flow by which both sides call the connection from now on.
 * SIP_EFULL when all are in use: the host closes the connection. */
SIP_API int sip_stack_accepted(struct sip_stack *, uint64_t now, const struct sip_path *path,
                               struct sip_flow *flow);

/* A connection that `connect` began is up; `local` is our end of it (all zero: unknown). */
SIP_API int sip_stack_connected(struct sip_stack *, uint64_t now, struct sip_flow flow,
                                const struct sip_addr *local);

/* Bytes arrived. They are used before this returns; what belongs to an unfinished message is
 * copied. */
SIP_API int sip_stack_bytes(struct sip_stack *, uint64_t now, struct sip_flow flow,
                            struct sip_str bytes);

/* There is room again after a `write` that took less than all. */
SIP_API int sip_stack_writable(struct sip_stack *, uint64_t now, struct sip_flow flow);

/* The connection is gone, or never came up. The flow is over; `close` is not called. */
SIP_API int sip_stack_closed(struct sip_stack *, uint64_t now, struct sip_flow flow);

/* Fires what is due, at most `fires_per_tick`; what is left makes the deadline now. */
SIP_API int sip_stack_tick(struct sip_stack *, uint64_t now);

/* Declares that the source of a message receives what is sent to it: its digest was right, say. Its
 * requests are screened no more. The last 16 such sources are remembered. */
SIP_API void sip_stack_verified(struct sip_stack *, uint64_t now, const struct sip_path *);

/* When sip_stack_tick() is next due; SIP_NEVER when nothing is waited for. */
SIP_API uint64_t sip_stack_deadline(const struct sip_stack *);

/* --- queries --- */

/* A received message as every layer above sees it: views that die when the event returns. */
struct sip_received {
    const struct sip_message *message;
    const struct sip_essentials *head;
    struct sip_path path;  /* as it came: `remote` is where it really came from */
    struct sip_flow flow;  /* null for a datagram */
    bool verified;         /* the source is known to receive what is sent to it */
};

struct sip_pool_usage {
    const char *name; /* as the field of struct sip_limits */
    uint32_t limit, used, peak;
    uint32_t refused; /* how often one was wanted and none was there */
};

/* The usage of pool `index`, counted from 0; false behind the last. */
SIP_API bool sip_stack_usage(const struct sip_stack *, unsigned index, struct sip_pool_usage *);

struct sip_counters {
    uint64_t received;    /* messages that passed all checks */
    uint64_t sent;        /* messages handed to the transport, retransmissions included */
    uint64_t retransmitted;
    uint64_t absorbed;    /* retransmissions received and answered without waking anybody */
    uint64_t dropped;     /* datagrams and messages that were ignored */
    uint64_t refused;     /* answered with a status by the library itself, without a transaction */
    uint64_t misused;     /* calls that broke the contract */
    uint32_t tolerated[SIP_TOLERANCE_COUNT]; /* messages that needed it, by SIP_TOLERANCE_... */
};

SIP_API const struct sip_counters *sip_stack_counters(const struct sip_stack *);

/* How often bytes were refused for this reason. */
SIP_API uint32_t sip_stack_refusals(const struct sip_stack *, enum sip_reason);

/* The largest time seen. */
SIP_API uint64_t sip_stack_now(const struct sip_stack *);

/* Ends the use of a stream: what waits on it is lost, requests on it fail at the next tick. */
SIP_API int sip_flow_close(struct sip_stack *, uint64_t now, struct sip_flow flow);

#ifdef __cplusplus
}
#endif

#endif
