/* Answering a request: with a server transaction (sip/transaction.h), or once and without keeping
 * anything (RFC 3261 §8.2.6, §8.2.7). */
#ifndef SIP_REPLY_H
#define SIP_REPLY_H

#include "sip/stack.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a response says beside what it copies from the request (§8.2.6.2). */
struct sip_reply {
    uint16_t status;       /* 100 to 699 */
    struct sip_str reason; /* empty: the default phrase */
    struct sip_str lines;  /* more header lines, each with its CRLF, made by a sip_writer */
    struct sip_str type;   /* of the body; empty: no Content-Type */
    struct sip_str body;
};

/* Answers a request just received without keeping anything (§8.2.7): once, with a To tag made from
 * the request, so that a repeated request gets the same one. To an unverified source at most twice
 * the bytes of the request are sent: the body is left out first, then the last of `lines` and so
 * on (of several challenges the first remain), then nothing is sent.
 * Returns 0, SIP_ESIZE when it was not sent for its size, SIP_EINVAL for an ACK or a response. */
SIP_API int sip_reply_once(struct sip_stack *, uint64_t now, const struct sip_received *,
                           const struct sip_reply *);

#ifdef __cplusplus
}
#endif

#endif
