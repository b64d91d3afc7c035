/* Transactions: matching, retransmission, fail-over (RFC 3261 §17, RFC 6026, RFC 4320, RFC 3263
 * §4.3).
 *
 * One slot struct serves client and server. match.c finds the transaction of a message, step.c
 * moves it along the tables of machine.h; client.c and server.c do what the arrows ask for,
 * target.c says where a request goes, derive.c makes ACK and CANCEL of an INVITE, linger.c frees a
 * slot when none is left. Not done here: what a response means, 2xx and their ACKs (§13),
 * dialogs. */
#ifndef SIP_TRANSACTION_TRANSACTION_H
#define SIP_TRANSACTION_TRANSACTION_H

#include "sip/transaction.h"
#include "transaction/machine.h"
#include "transport/stack.h"

#define SIP_TAG_LEN 16

struct transaction {
    struct sip_slot slot;
    uint8_t machine;       /* enum machine */
    uint8_t state;         /* enum state */
    bool lost;             /* its way is dead: NET_ERROR is due */
    bool unnamed;          /* its next hop is a name, which nobody resolves */
    bool told;             /* the TU of a client had its last call but for further 2xx */
    bool settled;          /* its 2xx was ACKed */
    bool cancelled;        /* CANCEL was sent for it */
    bool muted;            /* the TU hears nothing of it */
    bool aside;            /* a transaction and a buffer are set aside for its CANCEL, or a BYE */
    uint8_t lingers; /* in which list of linger.c, 0 = none */
    uint32_t linger_next, linger_prev;
    uint16_t sent_by_port; /* of a server's client: where it listens, if the stream is lost */
    uint32_t method;       /* hash of its name */
    uint32_t text; /* buffer: a client's request; a server's INVITE, or fixed part of responses */
    uint32_t text_len;
    uint32_t kept; /* buffer: a client's ACK, a server's last response */
    uint32_t kept_len;
    uint32_t again_ms;
    uint64_t again_at, end_at; /* SIP_NEVER: does not run */
    struct sip_way way;
    union {
        struct {
            uint64_t owner;
            uint64_t branch;
            uint64_t targets; /* handle of the targets that are left, 0 = none */
            uint32_t via_len; /* 0: not put in yet */
        } client;
        struct {
            uint64_t owner;
            uint64_t identity; /* branch and sent-by, or what RFC 2543 has in their place */
            char tag[SIP_TAG_LEN];
        } server;
    } of;
};

_Static_assert(sizeof(struct transaction) <= SIP_SIZE_TRANSACTION, "SIP_SIZE_TRANSACTION");

static inline bool sip_transaction_is_client(const struct transaction *t)
{
    return t->machine == INVITE_CLIENT || t->machine == OTHER_CLIENT;
}

/* --- step.c --- */

/* What an event brings along: the message it is, or the response that the TU gives. */
struct cause {
    const struct sip_received *received;
    struct sip_str said;
};

/* A slot for this machine, in no state yet; NULL when none is free. */
struct transaction *sip_transaction_open(struct sip_stack *, enum machine, bool reserved,
                                         uint32_t *index);
/* Enters a state and starts its timers. */
void sip_transaction_enter(struct sip_stack *, uint32_t index, enum state);
/* Gives back everything; the handle is over. */
void sip_transaction_end(struct sip_stack *, uint32_t index);

/* Follows the arrow of this event. Telling the TU is its last act, so the slot may be another's
 * afterwards. False when the cell is empty: nothing was done. */
bool sip_transaction_step(struct sip_stack *, uint32_t index, enum event, const struct cause *);
/* The way is dead: NET_ERROR at the next tick, so that no host's call is told of it inside. */
void sip_transaction_lost(struct sip_stack *, uint32_t index);
void sip_transaction_fire(struct sip_stack *, uint32_t index);
/* Sets the deadline again after one of the times was changed. */
void sip_transaction_wake(struct sip_stack *, uint32_t index);

/* --- match.c --- */

/* The branch and the CSeq method find a client transaction (§17.1.3). */
void sip_client_enter(struct sip_stack *, uint32_t index);
/* Fills in what later requests are matched by, and enters the slot under its key (§17.2.3). */
void sip_server_enter(struct sip_stack *, uint32_t index, const struct sip_received *);
/* The transaction of a request, an ACK's INVITE, or SIP_NO_SLOT. */
uint32_t sip_server_find(const struct sip_stack *, const struct sip_received *);
uint32_t sip_method_hash(const struct sip_stack *, struct sip_str method);

/* --- client.c --- */

struct transaction *sip_client_at(const struct sip_stack *, struct sip_client);
struct sip_str sip_transaction_text(const struct sip_stack *, const struct transaction *);
void sip_client_send(struct sip_stack *, uint32_t index, bool again);
/* Sends the ACK of a non-2xx final response, and keeps it for the next one. */
void sip_client_acknowledge(struct sip_stack *, uint32_t index, const struct sip_received *);
/* The TU was told of the end: the request is kept no longer; its buffer may serve the ACK. */
void sip_client_release(struct sip_stack *, uint32_t index, const struct sip_received *);
/* What the caller had set aside (sip_stack_set_aside) is now for the CANCEL of this one; given back
 * for whatever ends it, or when it has ended. */
void sip_client_set_aside(struct sip_stack *, struct sip_client);
void sip_client_give_back(struct sip_stack *, struct sip_client);
/* It ends 64*T1 from now though nobody could be told to end it. */
void sip_client_limit(struct sip_stack *, struct sip_client);
/* Begins at the next target that can be reached; false when there is none. */
bool sip_client_next(struct sip_stack *, uint32_t index);
/* 503: begins at the next target, if there is one (RFC 3263 §4.3). */
bool sip_client_divert(struct sip_stack *, uint32_t index, const struct sip_received *);

/* --- target.c --- */

/* The way to the first target of the arguments; the handle of what is left goes into `*rest`, also
 * when the way cannot be opened (SIP_ESYSTEM). SIP_ENAME or SIP_EURI when there is no address. */
int sip_target_first(struct sip_stack *, const struct sip_client_args *,
                     const struct sip_message *request, struct sip_way *, uint64_t *rest);
/* The way to the next one that can be reached; false when none is left. */
bool sip_target_next(struct sip_stack *, uint64_t rest, struct sip_way *);
void sip_target_free(struct sip_stack *, uint64_t rest);

/* --- derive.c --- */

#define SIP_VIA_MAX 160

/* Our Via line for this way. */
struct sip_str sip_via_line(struct sip_stack *, const struct sip_way *, uint64_t branch,
                            char out[SIP_VIA_MAX]);
/* Where the start line of a message ends, its CRLF included. */
size_t sip_start_line(struct sip_str message);
/* The ACK for a non-2xx final response (§17.1.1.3), in the stack's scratch. */
struct sip_str sip_client_ack(struct sip_stack *, const struct transaction *,
                              const struct sip_received *response);

/* --- server.c --- */

struct transaction *sip_server_at(const struct sip_stack *, struct sip_server);
void sip_server_send(struct sip_stack *, uint32_t index, struct sip_str response, bool again);
/* The last response once more; 100 when none is kept. */
void sip_server_send_kept(struct sip_stack *, uint32_t index);
void sip_server_say_trying(struct sip_stack *, uint32_t index);
void sip_server_forget(struct sip_stack *, struct transaction *);
/* A CANCEL (§9.2). */
void sip_server_take_cancel(struct sip_stack *, const struct sip_received *);

/* --- linger.c --- */

/* Whether it only waits for repeats has changed. */
void sip_transaction_linger(struct sip_stack *, uint32_t index);
void sip_transaction_linger_no_more(struct sip_stack *, uint32_t index);
/* Ends the transaction that is missed least, if one only waits for repeats. */
bool sip_transaction_yield(struct sip_stack *, bool buffer);

#endif
