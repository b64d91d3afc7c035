/* A call inside: one slot, shared by call.c (lifetime), call_out.c (INVITEs of ours), call_in.c
 * (INVITEs of peers), reliable.c (provisionals with PRACK), update.c (UPDATEs) and call_change.c
 * (re-INVITEs). RFC 3261 §9, §13, §14, §15.
 *
 *  ours:    CALLING --1xx--> PROCEEDING --2xx--> UP         (2xx with an offer: ANSWERING, UP)
 *              |  \--401, 407 without a login--> PARKED --login--> CALLING
 *  theirs:  INCOMING --accept--> ACCEPTED --ACK--> UP
 *
 *  any --final >= 300, BYE, CANCEL, hang-up, timeout, failure--> OVER --ENDED is told--> (gone)
 *
 * In UP one change of the session may be under way: OURS (a re-INVITE waits for its answer), ASKED
 * (its 2xx brought an offer, the ACK waits), THEIRS (a re-INVITE waits for the host), AGREED (its
 * 2xx waits for the ACK). */
#ifndef SIP_UA_CALL_H
#define SIP_UA_CALL_H

#include "ua/agent.h"

enum sip_call_phase { CALLING, PROCEEDING, PARKED, ANSWERING, INCOMING, ACCEPTED, UP, OVER };

enum sip_call_change { CHANGE_NONE, CHANGE_OURS, CHANGE_ASKED, CHANGE_THEIRS, CHANGE_AGREED };

#define SIP_EARLY_MAX 3 /* early dialogs beside `dialog`; further forks are told without one */

struct sip_call_slot {
    struct sip_slot slot;
    void *host;
    struct sip_account account;
    struct sip_dialog dialog;            /* the confirmed one, or the early one heard of first */
    struct sip_dialog early[SIP_EARLY_MAX];
    struct sip_dialog fork;              /* a second answer, until the host has decided */
    struct sip_client client;            /* the INVITE */
    struct sip_client changing;          /* a re-INVITE or UPDATE of ours */
    struct sip_server server;            /* an INVITE or re-INVITE of the peer */
    uint64_t deadline;                   /* of the phase or the change */
    uint64_t remind_at;                  /* next provisional while ringing; or the end of `ack` */
    struct sip_dialog asked;             /* its reliable 1xx has an offer; the PRACK waits */
    struct sip_server urgent;            /* a PRACK or UPDATE; its offer is answered in the event */
    struct sip_parked parked;            /* PARKED, ANSWERING, ASKED: the INVITE as it was sent */
    uint32_t ack;                        /* buffer of the ACK for repeated 2xx; 0 = none */
    uint32_t invite_cseq;                /* of the INVITE of ours whose 2xx was answered last */
    uint32_t their_cseq;                 /* of the peer's last INVITE */
    union {                              /* a buffer; 0 = none */
        uint32_t plan;                   /* ours: Contacts of 3xx, each behind its length */
        uint32_t held;                   /* theirs: the 2xx that waits for a PRACK */
    };
    uint16_t plan_len, plan_next;
    uint16_t status;                     /* final status of the INVITE */
    uint8_t phase, change, end;
    uint8_t stale;
    uint8_t tries_left;                  /* further Contacts that may be tried */
    bool came_in;
    bool unverified;                     /* counted in ringing_unverified */
    bool offered;                        /* the last INVITE carried an offer */
    bool expires;                        /* INCOMING: the deadline is the peer's (487), not ours */
    bool reserved;                       /* a transaction and a buffer are set aside for its end */
    uint8_t repeats;                     /* of the reliable 1xx that waits for its PRACK */
    bool reliable : 1;                   /* theirs: the INVITE supports reliable 1xx */
    bool insists : 1;                    /* theirs: it requires them */
    bool pending : 1;                    /* theirs: a reliable 1xx waits for its PRACK */
    bool described : 1;                  /* theirs: and has a session description */
    bool updates : 1;                    /* the peer takes UPDATE */
    bool updating : 1;                   /* `changing` is one */
    bool updated : 1;                    /* `urgent` is one */
    bool agreed : 1;                     /* theirs: offer and answer are done before the 2xx */
};

static inline struct sip_call_slot *sip_call_find(const struct sip_ua *ua, uint64_t id)
{
    return sip_stack_find(ua->stack, SIP_KIND_CALL, id);
}

/* --- call.c --- */

/* Admits a call: a slot, and what ending it will need set aside. NULL when something is full. */
struct sip_call_slot *sip_call_admit(struct sip_ua *, bool incoming, uint64_t *id);
void sip_call_unreserve(struct sip_ua *, struct sip_call_slot *); /* it is needed now */
/* The limit that an INVITE of a peer would meet now; NULL when none. */
const char *sip_call_limit(const struct sip_ua *, bool verified);
void sip_call_unadmit(struct sip_ua *, uint64_t id); /* nobody has heard of it */

void sip_call_enter(struct sip_ua *, uint64_t id, enum sip_call_phase, uint64_t deadline);
void sip_call_change_to(struct sip_ua *, uint64_t id, enum sip_call_change, uint64_t deadline);
void sip_call_remind_at(struct sip_ua *, uint64_t id, uint64_t at);

/* Delivers an event, filled in beside kind, handle and host: the last act of whatever calls it. */
void sip_call_tell(struct sip_ua *, uint64_t id, enum sip_call_kind, struct sip_call_event *);

/* Ends the call: now, as the last act (inside reports), or at the next tick (inside host's calls).
 * What is owed to the wire has been handed to leave.c before. */
void sip_call_finish(struct sip_ua *, uint64_t id, enum sip_end, uint16_t status,
                     const struct sip_received *);
void sip_call_finish_later(struct sip_ua *, uint64_t id, enum sip_end, uint16_t status);

/* Hands what is owed to the wire to leave.c: CANCEL, BYE, a refusal with `status`. */
void sip_call_leave(struct sip_ua *, uint64_t id, const struct sip_refusal *, uint16_t status);

/* Refuses the INVITE or re-INVITE of the peer that waits for an answer. */
void sip_call_refuse(struct sip_ua *, struct sip_call_slot *, const struct sip_refusal *,
                     uint16_t status);

/* Ends early dialogs, all but `but`. */
void sip_call_end_early(struct sip_ua *, struct sip_call_slot *, struct sip_dialog but);

/* The body of a message, and whether it is a session description: an offer or an answer
 * (§20.11). */
struct sip_body sip_body_of(const struct sip_message *);
bool sip_has_session(const struct sip_message *);

/* Sends the ACK to a 2xx in the call's dialog and keeps it for repeated ones; `invite` is the
 * INVITE as it was sent, for its credentials, if it is still known. */
void sip_call_ack(struct sip_ua *, uint64_t id, uint32_t cseq, struct sip_str invite,
                  const struct sip_body *);

/* --- call_out.c --- */

void sip_call_out_response(struct sip_ua *, uint64_t id, struct sip_client,
                           const struct sip_received *);
/* Tries the next Contact of a redirection; false when there is none. `request` is the INVITE. */
bool sip_call_try_next(struct sip_ua *, uint64_t id, struct sip_str request);
/* Keeps the text of an INVITE whose ACK waits for the host, for its credentials. */
void sip_call_keep_invite(struct sip_ua *, struct sip_call_slot *, struct sip_str invite);
/* Sends the ACK that waited for our answer to the offer in the 2xx. */
void sip_call_out_ack(struct sip_ua *, uint64_t id, const struct sip_body *);
/* The same with the host's answer, if it has one and it fits. */
int sip_call_out_answer(struct sip_ua *, uint64_t id, const struct sip_call_message *);
int sip_call_out_accept(struct sip_ua *, uint64_t id, const struct sip_call_message *);
void sip_call_drop_fork(struct sip_ua *, uint64_t id);

/* --- call_in.c --- */

int sip_call_in_accept(struct sip_ua *, uint64_t id, const struct sip_call_message *);
void sip_call_remind(struct sip_ua *, uint64_t id);
/* `lines` are more header lines. */
int sip_call_in_reply(struct sip_ua *, struct sip_call_slot *, uint16_t status,
                      const struct sip_call_message *, struct sip_str lines);
/* The account, our Contact and our abilities, for a 2xx in the call's dialog. */
void sip_call_contact(struct sip_ua *, const struct sip_call_slot *, struct sip_answering *);
/* The host's 2xx goes out. */
int sip_call_in_answer(struct sip_ua *, uint64_t id, const struct sip_call_message *);

/* --- reliable.c --- */

/* Remembers what the INVITE of a peer says about them; false when it was refused for that. */
bool sip_reliable_invited(struct sip_ua *, const struct sip_received *);
void sip_reliable_read(struct sip_call_slot *, const struct sip_message *invite);
/* Whether a provisional of ours has to be sent so. */
bool sip_reliable_wanted(const struct sip_ua *, const struct sip_call_slot *,
                         const struct sip_call_message *);
int sip_reliable_ring(struct sip_ua *, uint64_t id, uint16_t status,
                      const struct sip_call_message *);
/* Its time has come: again, or never mind. */
void sip_reliable_fire(struct sip_ua *, uint64_t id);
/* Keeps the 2xx that has to wait for a PRACK. */
int sip_reliable_hold(struct sip_ua *, uint64_t id, const struct sip_call_message *);
void sip_reliable_pracked(struct sip_ua *, uint64_t id, struct sip_dialog,
                          const struct sip_received *prack);
/* Sends it. False when it does not fit now: the call is over then. */
bool sip_reliable_release(struct sip_ua *, uint64_t id);

/* It waits no more, but for the offer that came in the PRACK. */
static inline bool sip_reliable_is_due(const struct sip_call_slot *call)
{
    return call->phase == INCOMING && call->held && !call->pending && !call->urgent.id;
}

/* A provisional that asks for a PRACK: sends it, or lets it wait for the host's answer. False when
 * nothing of it may be told: a copy, one out of order, or there was no room. */
bool sip_reliable_progress(struct sip_ua *, uint64_t id, struct sip_dialog,
                           const struct sip_received *);
bool sip_reliable_is(const struct sip_ua *, const struct sip_received *);
int sip_reliable_accept(struct sip_ua *, uint64_t id, const struct sip_call_message *);
void sip_reliable_response(struct sip_ua *, uint64_t id, struct sip_client,
                           const struct sip_received *);

/* --- update.c --- */

/* An offer that the host has to answer in the event. False when it is refused at once: another is
 * open, or there is no room. Then the host is asked; it answers, with a refusal when the status is
 * 300 or more; what it did not answer is refused. */
bool sip_urgent_take(struct sip_ua *, uint64_t id, struct sip_dialog, const struct sip_received *);
void sip_urgent_ask(struct sip_ua *, uint64_t id, struct sip_dialog, const struct sip_received *);
int sip_urgent_answer(struct sip_ua *, struct sip_call_slot *, uint16_t status,
                      const struct sip_call_message *);
void sip_urgent_refuse(struct sip_ua *, struct sip_call_slot *);

void sip_update_received(struct sip_ua *, uint64_t id, struct sip_dialog,
                         const struct sip_received *);
/* What a message says of the peer's support. */
void sip_update_hear(struct sip_call_slot *, const struct sip_message *);
int sip_update_offer(struct sip_ua *, uint64_t id, const struct sip_call_message *);
void sip_update_response(struct sip_ua *, uint64_t id, struct sip_client,
                         const struct sip_received *);
void sip_update_failed(struct sip_ua *, uint64_t id, uint16_t status);

/* --- call_change.c --- */

void sip_call_change_response(struct sip_ua *, uint64_t id, struct sip_client,
                              const struct sip_received *);
/* Answers the challenge to a request in the call; `*again` is the new one. False when it cannot. */
bool sip_call_challenged(struct sip_ua *, uint64_t id, struct sip_client,
                         const struct sip_received *, struct sip_client *again);
void sip_call_change_failed(struct sip_ua *, uint64_t id, uint16_t status);
void sip_call_change_request(struct sip_ua *, uint64_t id, const struct sip_received *);
int sip_call_change_accept(struct sip_ua *, uint64_t id, const struct sip_call_message *);
int sip_call_change_decline(struct sip_ua *, uint64_t id, const struct sip_refusal *);
void sip_call_change_expired(struct sip_ua *, uint64_t id);

#endif
