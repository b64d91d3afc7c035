/* Calls: INVITE and what follows from it (RFC 3261 §13 to §15).
 *
 * A call lives from sip_call_start(), or from its event INCOMING, until its event ENDED, which
 * always comes, once, and last; in it queries still work (the dialog excepted: after a hang-up it
 * is no longer the call's). Session descriptions are the host's: the library knows that a body is
 * an offer or an answer and passes it on (sip/sdp.h helps). */
#ifndef SIP_CALL_H
#define SIP_CALL_H

#include "sip/dialog.h"
#include "sip/ua.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_call {
    uint64_t id;
};

/* kind                  waits for the host?     what happens otherwise
 * SIP_CALL_INCOMING     yes, ring_max           480; without a callback 480 at once
 * SIP_CALL_PROGRESS     no                      a 1xx: `status`, maybe an early answer in `body`,
 *                                               which counts when it is `reliable`; with `offer`
 *                                               the PRACK waits for sip_call_accept()
 * SIP_CALL_PRACKED      no                      the peer has our reliable provisional; an answer to
 *                                               an offer in it is in `body`
 * SIP_CALL_ANSWERED     no                      the 2xx to our INVITE came and was acknowledged;
 *                                               `offer`: body is an offer, the ACK waits for
 *                                               sip_call_accept() (offer_wait, then ACK and BYE)
 * SIP_CALL_CONFIRMED    no                      the ACK to our 2xx came; it may bring the answer
 * SIP_CALL_FORKED       in the event            another fork answered too: it gets ACK and BYE
 *                                               unless the host takes it with sip_call_take()
 * SIP_CALL_REDIRECTED   in the event            3xx: ends refused, unless sip_call_follow()
 * SIP_CALL_CHALLENGED   yes, credentials_wait   no credentials for this realm: ends refused unless
 *                                               sip_account_login() or sip_call_login()
 * SIP_CALL_OFFERED      yes, offer_wait         re-INVITE: answer with sip_call_accept(), refuse
 *                                               with sip_call_decline(); then 488. Without a body
 *                                               the peer wants our offer in the answer (§14.2).
 *                       in the event            an offer in an UPDATE (then 504, RFC 3311 §5.2) or
 *                                               a PRACK (then 488); accept and decline answer it
 * SIP_CALL_CHANGED      no                      our sip_call_offer() was answered: `body`, or its
 *                                               ACK brought the answer to the offer in our 2xx
 * SIP_CALL_UNCHANGED    no                      our sip_call_offer() failed with `status`: the
 *                                               session stays as it was (§14.1)
 * SIP_CALL_ENDED        no                      last event: `end`, `status`, `reason` */
enum sip_call_kind {
    SIP_CALL_INCOMING,
    SIP_CALL_PROGRESS,
    SIP_CALL_ANSWERED,
    SIP_CALL_CONFIRMED,
    SIP_CALL_FORKED,
    SIP_CALL_REDIRECTED,
    SIP_CALL_CHALLENGED,
    SIP_CALL_OFFERED,
    SIP_CALL_CHANGED,
    SIP_CALL_UNCHANGED,
    SIP_CALL_PRACKED,
    SIP_CALL_ENDED
};

/* Views in it (reason, realm, body, received) die when the event returns. */
struct sip_call_event {
    enum sip_call_kind kind;
    struct sip_call call;
    struct sip_account account;
    void *host;
    uint64_t now;
    uint16_t status;          /* of the response; ENDED: the INVITE's final status, 0 if none */
    enum sip_end end;         /* ENDED */
    struct sip_str reason;    /* ENDED: the reason phrase, or the text of a Reason header */
    struct sip_str realm;     /* CHALLENGED */
    struct sip_body body;     /* the session description that came with it */
    bool offer;               /* `body` is an offer and wants an answer */
    bool reliable;            /* PROGRESS: it was sent reliably, and each arrives once (RFC 3262) */
    struct sip_dialog dialog; /* the early or confirmed dialog this belongs to; null: none yet */
    const struct sip_received *received; /* the message, or NULL */
};

struct sip_call_args {
    struct sip_str to;           /* "sip:bob@example.net" */
    struct sip_account account;  /* null: `from` and `contact` say who we are (a PBX) */
    struct sip_body body;        /* the offer; none: the 2xx will bring one */
    struct sip_extras headers;
    struct sip_str from;         /* a URI */
    struct sip_str from_display;
    struct sip_str to_header;    /* URI of the To header where it differs from the Request-URI */
    struct sip_str contact;      /* a URI; empty: our address on the path taken */
    struct sip_str next_hop;     /* a URI to send to, instead of the account's server */
    const struct sip_target *targets; /* numeric targets instead of resolving */
    size_t targets_count;
    struct sip_flow flow;        /* the connection to use, for a peer that can only be reached so */
    uint32_t expires_s;          /* [180] ring so long, then CANCEL (§13.2.1); up to 3,600 */
    void *host;
};

/* Invites `args->to` and stores the new call in `*call` (§13.2.1).
 *
 * Strings and body are copied into the INVITE. No event comes before this returns; a send that
 * fails is told by the next tick. After a failure nothing was sent and `*call` is null.
 *
 * Returns 0, SIP_EURI for a bad `to`, `to_header` or `contact`, or no `from` without an account,
 * SIP_EGONE for an account that is over, SIP_EINVAL for `expires_s` out of range, SIP_EHEADER,
 * SIP_ESIZE when the INVITE is longer than the message limit, SIP_ESTATE after sip_ua_stop(), or
 * SIP_EFULL when a limit is reached (sip_stack_usage() says which). */
SIP_API int sip_call_start(struct sip_ua *, uint64_t now, const struct sip_call_args *,
                           struct sip_call *call);

/* All that follow return 0, or with nothing sent and nothing changed: SIP_EGONE when the call is
 * over, SIP_ESTATE when the moment is wrong, SIP_EINVAL for a status out of range or a body that is
 * missing where an offer waits for its answer, SIP_EHEADER, SIP_ESIZE, SIP_EFULL. What they are
 * given is copied, or sent, before they return; no event comes before they return. */

/* What a response or request of the host says in a call; null where allowed: nothing of it. */
struct sip_call_message {
    uint16_t status;       /* 101 to 299 where a status is meant; 0: the usual one */
    struct sip_str reason;
    struct sip_extras headers;
    struct sip_body body;
};

/* Tells the caller that we are ringing (180) or gives another provisional, with early media in
 * `body` (183). Null: 180. It is sent reliably as `reliable` of the configuration says; PRACKED then
 * follows. When no PRACK comes for 64*T1 the call ends with 504 (RFC 3262 §3). SIP_ESTATE after an
 * answer, on a call of ours, and while a reliable one waits for its PRACK. */
SIP_API int sip_call_ring(struct sip_ua *, uint64_t now, struct sip_call,
                          const struct sip_call_message *);

/* Answers the offer that is open: an incoming call or a re-INVITE with 200 (the body is the answer,
 * or our offer when none came), an offer in a 2xx with the ACK, one in a reliable provisional with
 * the PRACK. A 200 that must wait for a PRACK (RFC 3262 §3) is kept until it comes. SIP_ESTATE when
 * nothing waits. */
SIP_API int sip_call_accept(struct sip_ua *, uint64_t now, struct sip_call,
                            const struct sip_call_message *);

/* Refuses what waits: an incoming call (null: 486; ENDED follows at the next tick), or a re-INVITE
 * or another offer (null: 488; the call goes on). A redirect is a refusal with status 302 and a
 * Contact header. */
SIP_API int sip_call_decline(struct sip_ua *, uint64_t now, struct sip_call,
                             const struct sip_refusal *);

/* Offers a new session by re-INVITE (§14.1): hold, resume, another codec. CHANGED or UNCHANGED
 * follows. Without a body the peer is asked for an offer: CHANGED then has `offer` set, and the ACK
 * waits for sip_call_accept(). Before the call is answered it goes by UPDATE (RFC 3311), which needs
 * a body, a peer that allows it, and the answer to the first offer in a reliable provisional; of
 * several early dialogs the first that has it is taken. SIP_ESTATE while an offer is open in either
 * direction. */
SIP_API int sip_call_offer(struct sip_ua *, uint64_t now, struct sip_call,
                           const struct sip_call_message *);

/* Ends the call, whatever its state: CANCEL, BYE, a refusal (null or status 0: 486 for an incoming
 * one), or nothing at all if nothing was said yet. ENDED follows at the next tick; what is still
 * owed to the wire needs no call. `headers` go into CANCEL or BYE (Reason, RFC 3326), but not into
 * one that has to wait. SIP_EHEADER and SIP_ESIZE when the refusal cannot be written: the call goes
 * on. */
SIP_API int sip_call_hang_up(struct sip_ua *, uint64_t now, struct sip_call,
                             const struct sip_refusal *);

/* Inside REDIRECTED: tries the Contacts of the 3xx, best q first, each once, at most `most` in all
 * over the whole call (§8.1.3.4); `most` 0 takes 5. */
SIP_API int sip_call_follow(struct sip_ua *, uint64_t now, struct sip_call, unsigned most);

/* Inside FORKED: keeps the new answer and ends the one before it. */
SIP_API int sip_call_take(struct sip_ua *, uint64_t now, struct sip_call);

/* After CHALLENGED: answers it with this login, which is not kept. SIP_EINVAL when it does not fit
 * the realm. */
SIP_API int sip_call_login(struct sip_ua *, uint64_t now, struct sip_call,
                           const struct sip_login *);

/* --- queries --- */

enum sip_call_state {
    SIP_CALL_GONE,    /* the handle is over */
    SIP_CALL_CALLING, /* ours, until it is answered: ringing there or not */
    SIP_CALL_RINGING, /* the peer's, until the host has answered */
    SIP_CALL_UP,      /* answered, by either side */
    SIP_CALL_ENDING   /* ENDED comes with the next tick */
};

/* The host pointer is that of the arguments, NULL for an incoming call until it is set; NULL too,
 * and the null handle, when the call is over. */
SIP_API enum sip_call_state sip_call_state(const struct sip_ua *, struct sip_call);
SIP_API void *sip_call_host(const struct sip_ua *, struct sip_call);
SIP_API int sip_call_set_host(struct sip_ua *, struct sip_call, void *host);
SIP_API struct sip_dialog sip_call_dialog(const struct sip_ua *, struct sip_call);
/* The INVITE of an incoming call as it arrived, until the final response; else {NULL, 0}. */
SIP_API struct sip_str sip_call_invite(const struct sip_ua *, struct sip_call);

#ifdef __cplusplus
}
#endif

#endif
