/* What the library tells a tracer: each message, refusal, state change, timer and limit. */
#ifndef SIP_TRACE_H
#define SIP_TRACE_H

#include "sip/addr.h"
#include "sip/fault.h"
#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sip_trace_kind {
    SIP_TRACE_RECEIVED, /* a message came: bytes, local, remote, protocol */
    SIP_TRACE_SENT,     /* a message was given to the transport: the same */
    SIP_TRACE_REFUSED,  /* bytes that came were refused: the same and fault */
    SIP_TRACE_STATE,    /* an object changed: what, id, from, to */
    SIP_TRACE_TIMER,    /* a timer fired: what, id, name */
    SIP_TRACE_LIMIT     /* a limit was reached: name */
};

/* One record. What its kind does not name is NULL, {NULL, 0} or 0. All of it lives only during the
 * call of the tracer. */
struct sip_trace {
    enum sip_trace_kind kind;
    uint64_t now;                  /* ms, the clock that the host gives */
    const struct sip_addr *local;
    const struct sip_addr *remote;
    uint8_t protocol;              /* enum sip_protocol (sip/transport.h) */
    struct sip_str bytes;          /* the message; passwords and digest answers are masked */
    const struct sip_fault *fault;
    const char *what;              /* "INVITE client transaction", "call" ... */
    const char *from;              /* names of states */
    const char *to;
    const char *name;              /* the letter of a timer, the name of a limit */
    uint64_t id;                   /* tells objects of one kind apart */
};

/* A null `trace` traces nothing. The function must not call back into the library. */
struct sip_tracer {
    void (*trace)(void *host, const struct sip_trace *);
    void *host;
};

/* A message as a trace may show it: each byte of a secret becomes '*'. Secrets are the values of
 * "response" and "rspauth" wherever they stand (RFC 3261 §22.4, §20.6), the credentials of a scheme
 * other than Digest, and the password of a URI ("sip:alice:secret@..."). Works on any bytes, also
 * such as were refused.
 *
 * Returns `bytes` itself when there is nothing to mask, else a copy in `scratch`, cut at `size`. */
SIP_API struct sip_str sip_trace_mask(struct sip_str bytes, char *scratch, size_t size);

#ifdef __cplusplus
}
#endif

#endif
