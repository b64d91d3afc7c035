/* Cuts the bytes of a connection into SIP messages by Content-Length (RFC 3261 §18.3) and finds the
 * keep-alives between them (RFC 5626 §3.5.1). A filter: it holds counters, never bytes.
 *
 * The caller passes all bytes that are not consumed yet, contiguous, and calls again until it is
 * told that more must be read. A message that came whole is handed out where it lies. Only when one
 * has begun and is not complete does a rest remain, which the caller keeps in a buffer of its
 * choice and passes again with what follows; between messages nothing remains.
 *
 *     struct sip_framer framer = {0};
 *     framer.message_max = sizeof buffer;
 *     ...
 *     for (;;) {
 *         enum sip_frame kind = sip_framer_next(&framer, bytes, &frame);
 *         bytes.at += frame.consumed;
 *         bytes.len -= frame.consumed;
 *         if (kind == SIP_FRAME_MESSAGE)
 *             handle(frame.message);
 *         else if (kind == SIP_FRAME_PING)
 *             answer("\r\n");
 *         else if (kind == SIP_FRAME_INCOMPLETE)
 *             break;                         // keep `bytes` and read on
 *         else if (kind == SIP_FRAME_BROKEN)
 *             return close(frame.fault);
 *     }
 */
#ifndef SIP_FRAMER_H
#define SIP_FRAMER_H

#include "sip/fault.h"
#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sip_frame {
    SIP_FRAME_INCOMPLETE, /* read more; what was not consumed must be passed again */
    SIP_FRAME_MESSAGE,    /* `message` is one whole message */
    SIP_FRAME_TOO_LONG,   /* `message` is a head whose body does not fit: answer 513; the body is
                             skipped as it comes */
    SIP_FRAME_PING,       /* two CRLF between messages: answer with one (RFC 5626 §4.4.1) */
    SIP_FRAME_PONG,       /* one CRLF between messages, on a connection that we opened */
    SIP_FRAME_BROKEN      /* `fault` says why; no later message can be found: close */
};

/* The state of one connection; zero, then the first part set, before the first byte. */
struct sip_framer {
    size_t message_max; /* head and body together, in bytes; 0 = 65,535, which no head may exceed */
    bool opened; /* we opened the connection: one CRLF is a pong. Else it is half a ping, and only
                    the second is told */

    size_t searched;   /* bytes of the head already searched for its end */
    size_t need;       /* length of the message that has begun; 0 = not known yet */
    size_t skip;       /* bytes of a body still to be skipped */
    uint8_t newlines;  /* bytes of a keep-alive consumed so far */
    bool start_seen;   /* the start line was looked at */
    bool broken;       /* for ever */
};

struct sip_framed {
    struct sip_str message; /* points into the bytes that were passed; else {NULL, 0} */
    size_t consumed;        /* take so many bytes off the front; 0 when broken */
    struct sip_fault fault; /* of SIP_FRAME_BROKEN */
};

/* Looks for the next message or keep-alive at the start of `bytes`, and fills `*frame`.
 *
 * After SIP_FRAME_INCOMPLETE, `framer->need` says how long the message will be, if the head is
 * complete. Whether a message is SIP is the parser's to say; refused here is only what leaves no
 * way to find the next message: bytes that cannot begin a SIP message, a line without CRLF, a head
 * over the limit, Content-Length missing, repeated with another value, or not a number. */
SIP_API enum sip_frame sip_framer_next(struct sip_framer *framer, struct sip_str bytes,
                                       struct sip_framed *frame);

#ifdef __cplusplus
}
#endif

#endif
