/* Transactions: is this a retransmission, must I send again? (RFC 3261 §17, RFC 6026, RFC 4320)
 *
 * For those who build a proxy, a test tool or an odd user agent: joins a `struct sip_stack` and
 * tells a *transaction user* (the TU of the RFC) about requests, responses and failures. A sip_ua
 * is such a user; hosts of sip_ua never need this header.
 *
 * A client transaction ends by one last call: `response` with a final status, or `failed`. (An
 * INVITE's 2xx may be followed by more 2xx from forks for 64*T1.) A server transaction ends when
 * its final response is no longer owed; nobody is told. */
#ifndef SIP_TRANSACTION_H
#define SIP_TRANSACTION_H

#include "sip/reply.h"
#include "sip/stack.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_client {
    uint64_t id;
};

struct sip_server {
    uint64_t id;
};

/* Who sits above. Each function is called from inside a report, as its last act. A null function
 * takes the default in brackets. */
struct sip_user {
    /* A proxy: its requests carry the Vias of others below ours. Without it a response with more
     * than one Via is dropped (§8.1.3.3). */
    bool forwards;

    /* A request that belongs to no transaction; ACK never comes here. To keep it, call
     * sip_server_start(); to answer once and forget, sip_reply_once(). [501, stateless] */
    void (*request)(void *user, struct sip_stack *, const struct sip_received *);

    /* An ACK for a 2xx: it belongs to a dialog, not to a transaction. [ignored] */
    void (*ack)(void *user, struct sip_stack *, const struct sip_received *);

    /* CANCEL for a server transaction that has not answered yet; the CANCEL itself has been
     * answered (§9.2). Answer the INVITE with 487. [487] */
    void (*cancelled)(void *user, struct sip_stack *, struct sip_server,
                      const struct sip_received *);

    /* A response for a client transaction: each 1xx, 100 and repeated ones too (§17.1.1.2), and one
     * final; for INVITE each 2xx. `owner` is that of the arguments. [ignored] */
    void (*response)(void *user, struct sip_stack *, struct sip_client, uint64_t owner,
                     const struct sip_received *);

    /* No final response came: `status` is 408 after the timeout (§8.1.3.1), 503 when the
     * transport failed and no target is left, with `why` for the trace. [ignored] */
    void (*failed)(void *user, struct sip_stack *, struct sip_client, uint64_t owner,
                   uint16_t status, const char *why);

    /* A 2xx to an INVITE was repeated for 64*T1 and no ACK came (§13.3.1.4); `owner` is what
     * sip_server_own() stored. The session should be ended. [nothing] */
    void (*unacknowledged)(void *user, struct sip_stack *, struct sip_server, uint64_t owner);

    /* A response that matches no client transaction. Only a stateless proxy forwards it (RFC 6026
     * §7.3), with sip_forward_response(). [dropped] */
    void (*stray)(void *user, struct sip_stack *, const struct sip_received *);

    /* A CANCEL that matches no server transaction (§9.2); a stateless proxy forwards it. [481] */
    void (*cancel)(void *user, struct sip_stack *, const struct sip_received *);
};

/* Puts `table` (static, the caller's) above the stack's transactions. Once per stack, before the
 * first report. */
SIP_API int sip_transactions_join(struct sip_stack *, const struct sip_user *table, void *user);

/* --- client --- */

struct sip_client_args {
    struct sip_str request; /* the whole message without our Via, which follows the start line */
    uint64_t owner;         /* handed back in `response` and `failed` */
    /* Where to. In this order: `flow` if not null, `targets` if any, else the numeric host of the
     * topmost Route or the Request-URI. With several targets the next one is tried after a
     * transport failure, a timeout and 503 (RFC 3263 §4.3), with a new branch. */
    struct sip_flow flow;
    const struct sip_target *targets;
    size_t targets_count;      /* up to SIP_TARGETS_MAX */
    struct sip_str next_hop;   /* a URI that replaces the topmost Route for finding the target */
    bool reserved;             /* may use what was set aside (lib/README.md, "admission") */
};

#define SIP_TARGETS_MAX 8

/* Sends a request (any method but ACK and CANCEL) in a new transaction and stores it in `*client`.
 * Copies the request. Nothing is called back before this returns; a failure of the transport comes
 * as `failed` from the next tick, and so does a name that only a resolver could turn into an
 * address (503, "no resolver").
 * Returns 0, SIP_EFULL, SIP_ESIZE, SIP_EURI or SIP_EBAD for a request that does not parse. */
SIP_API int sip_client_start(struct sip_stack *, uint64_t now, const struct sip_client_args *,
                             struct sip_client *client);

/* Sends CANCEL for an INVITE transaction (§9.1) in a transaction of its own, whose end nobody hears
 * of. `lines` are further header lines (Reason), each with its CRLF. The INVITE's transaction fails
 * with 408 when no final response came 64*T1 later. SIP_ESTATE before a provisional response came,
 * after a final one, and the second time. */
SIP_API int sip_client_cancel(struct sip_stack *, uint64_t now, struct sip_client invite,
                              struct sip_str lines);

/* From now on `response` and `failed` get another owner. */
SIP_API int sip_client_own(struct sip_stack *, struct sip_client, uint64_t owner);

/* The request as it was last sent, with our Via, and the path it took; {NULL, 0} when it is no
 * longer kept. Inside `response` for a final status it is still there. */
SIP_API struct sip_str sip_client_request(const struct sip_stack *, struct sip_client);
SIP_API const struct sip_path *sip_client_path(const struct sip_stack *, struct sip_client);
SIP_API struct sip_flow sip_client_flow(const struct sip_stack *, struct sip_client);

/* The ACK for its 2xx was sent: the transaction, which goes on catching further 2xx, may give its
 * slot to another when none is free. */
SIP_API void sip_client_settled(struct sip_stack *, struct sip_client);

/* Ends a client transaction at once; nothing more is heard of it. */
SIP_API void sip_client_abandon(struct sip_stack *, uint64_t now, struct sip_client);

/* Sends an ACK for a 2xx (§13.2.2.4), which no transaction repeats, or any message that expects no
 * answer. `args->owner` is not used; the text with its Via goes into `*sent` (`size` bytes, may be
 * null) so that it can be sent again with sip_send_again(). */
struct sip_sent {
    struct sip_path path;
    struct sip_flow flow;
    struct sip_str text; /* in: the room for it; out: what was sent */
};
SIP_API int sip_send_request(struct sip_stack *, uint64_t now, const struct sip_client_args *,
                             struct sip_sent *sent);
SIP_API int sip_send_again(struct sip_stack *, uint64_t now, const struct sip_sent *);

/* --- forwarding without state (§16.11) --- */

/* Sends a request on: one Max-Forwards less, its topmost Via with where it really came from, and
 * our Via above, whose branch is the same for each copy, its CANCEL and its ACK. To `next_hop`, or
 * if that is empty to the topmost Route or the Request-URI. Record-Route and Route stay as they
 * are. SIP_ESTATE when it may be forwarded no further (483), SIP_EINVAL for a response, SIP_ESIZE,
 * SIP_ENAME, SIP_EURI; a way that is dead is no error. */
SIP_API int sip_forward_request(struct sip_stack *, uint64_t now, const struct sip_received *,
                                struct sip_str next_hop);

/* Sends a response on: without its topmost Via, which is ours, to where the next one says
 * (§18.2.2). SIP_EBAD when there is no next one or it names no numeric address. */
SIP_API int sip_forward_response(struct sip_stack *, uint64_t now, const struct sip_received *);

/* --- server --- */

/* True when the request came already, along another path: same From tag, Call-ID and CSeq as those
 * of a transaction that lives, no To tag, but another branch. To be answered with 482
 * (§8.2.2.2). */
SIP_API bool sip_server_merged(const struct sip_stack *, const struct sip_received *);

/* Opens a server transaction for a request just received (inside `request`). For INVITE, 100 is
 * sent by itself when nothing else was said within 200 ms (§17.2.1); for others when a client's
 * Timer E has reached T2 (RFC 4320 §4.1). SIP_EFULL when there is no slot or buffer, SIP_ESIZE when
 * what an answer copies from it is longer than a message may be, SIP_EMETHOD for ACK and CANCEL,
 * SIP_ESTATE when it has a transaction. */
SIP_API int sip_server_start(struct sip_stack *, uint64_t now, const struct sip_received *,
                             struct sip_server *server);

/* Answers. The To tag of the transaction is added to any status but 100. For INVITE, finals are
 * repeated until the ACK comes: a 2xx on every transport (§13.3.1.4), until the TU, who alone can
 * tell whose ACK it is, calls sip_server_settled(). To any other method a provisional response but
 * 100 and a 408 are SIP_EINVAL, an early 100 over UDP SIP_ESTATE (RFC 4320 §4). `lines` and body
 * may not lie where the stack builds messages. Returns 0, SIP_EGONE, SIP_ESTATE after a final
 * response, SIP_EFULL, SIP_ESIZE. */
SIP_API int sip_server_reply(struct sip_stack *, uint64_t now, struct sip_server,
                             const struct sip_reply *);

/* The To tag of this transaction: hexadecimal, made when it started. Lives as long as it. */
SIP_API struct sip_str sip_server_tag(const struct sip_stack *, struct sip_server);

/* The INVITE as it arrived, until the final response; {NULL, 0} afterwards and for other
 * methods. */
SIP_API struct sip_str sip_server_request(const struct sip_stack *, struct sip_server);

/* The way that its responses take, for a Contact in them; NULL when it is over. */
SIP_API const struct sip_path *sip_server_path(const struct sip_stack *, struct sip_server);

/* The last response as it was sent, {NULL, 0} when none is kept. */
SIP_API struct sip_str sip_server_response(const struct sip_stack *, struct sip_server);

/* Sends the last response again: a provisional each minute, so that proxies wait (§13.3.1.1).
 * SIP_EGONE, SIP_ESTATE when none is kept. */
SIP_API int sip_server_repeat(struct sip_stack *, uint64_t now, struct sip_server);

/* The ACK to the 2xx came: it is repeated and kept no longer. */
SIP_API void sip_server_settled(struct sip_stack *, struct sip_server);

/* What `cancelled` and `unacknowledged` hand back; 0 before. */
SIP_API int sip_server_own(struct sip_stack *, struct sip_server, uint64_t owner);
SIP_API uint64_t sip_server_owner(const struct sip_stack *, struct sip_server);

#ifdef __cplusplus
}
#endif

#endif
