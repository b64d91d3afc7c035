/* Any other method, in or out of a dialog, in both directions: OPTIONS, MESSAGE, INFO, REGISTER at
 * a registrar ... (RFC 3261 §8, §11, §12.2).
 *
 * A request of ours lives until its event ANSWERED, or until the host abandons it; one of the peer
 * from RECEIVED until the host replies, or ENDED. Replying and abandoning are the host's own last
 * act on a handle: no event follows. Incoming OPTIONS are answered by the library, as an INVITE
 * would be now (§11.2), unless the host's `methods` name OPTIONS. */
#ifndef SIP_REQUEST_H
#define SIP_REQUEST_H

#include "sip/call.h"
#include "sip/ua.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_request {
    uint64_t id;
};

/* kind                    waits for the host?   what happens otherwise
 * SIP_REQUEST_RECEIVED    yes, request_wait     500 (without a callback: 405 or 501 at once);
 *                                               answer with sip_request_reply(), which is its end
 * SIP_REQUEST_PROGRESS    no                    a 1xx to a request of ours
 * SIP_REQUEST_ANSWERED    no                    last event of a request of ours: the final status,
 *                                               408 and 503 for timeout and transport failure
 * SIP_REQUEST_ENDED       no                    last event of one of the peer that the host did not
 *                                               answer in time */
enum sip_request_kind {
    SIP_REQUEST_RECEIVED,
    SIP_REQUEST_PROGRESS,
    SIP_REQUEST_ANSWERED,
    SIP_REQUEST_ENDED
};

/* Views in it (body, received) die when the event returns. */
struct sip_request_event {
    enum sip_request_kind kind;
    struct sip_request request;
    struct sip_account account;
    struct sip_call call; /* when it belongs to a call's dialog, else null */
    void *host;
    uint64_t now;
    uint16_t status;
    struct sip_body body;
    const struct sip_received *received; /* NULL for a timeout, a failure and ENDED */
};

struct sip_request_args {
    struct sip_str method;      /* any token but INVITE, ACK, CANCEL, BYE, PRACK (SIP_EMETHOD) */
    struct sip_str to;          /* a URI; unused in a call */
    struct sip_call call;       /* sends it in this call's dialog */
    struct sip_account account;
    struct sip_body body;
    struct sip_extras headers;
    struct sip_str from;        /* without an account: who we are */
    struct sip_str next_hop;
    const struct sip_target *targets;
    size_t targets_count;
    struct sip_flow flow;
    void *host;
};

/* Sends a request. Everything is copied. Returns 0, SIP_EMETHOD, SIP_EURI, SIP_EHEADER, SIP_ESIZE,
 * SIP_EFULL, SIP_EGONE, SIP_ESTATE for a call without a dialog. */
SIP_API int sip_request_start(struct sip_ua *, uint64_t now, const struct sip_request_args *,
                              struct sip_request *request);

/* Answers one of the peer with a final status (200 to 699), in its event or later; the handle is
 * over afterwards. SIP_EGONE, SIP_EHEADER, SIP_ESIZE, SIP_EFULL. */
SIP_API int sip_request_reply(struct sip_ua *, uint64_t now, struct sip_request,
                              const struct sip_call_message *);

/* Gives up one of ours: no event follows any more. */
SIP_API int sip_request_abandon(struct sip_ua *, uint64_t now, struct sip_request);

#ifdef __cplusplus
}
#endif

#endif
