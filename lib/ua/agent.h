/* The user agent inside: what its usages share (RFC 3261 §8, §10 to §15).
 *
 * One file per usage and role: account.c, registration.c, call.c with call_out.c, call_in.c,
 * reliable.c, update.c and call_change.c, request.c; serve.c answers what concerns none of them,
 * leave.c what is owed to the wire after a call. agent.c joins them to the transactions. Sessions,
 * media and names are not done here. */
#ifndef SIP_UA_AGENT_H
#define SIP_UA_AGENT_H

#include "sip/call.h"
#include "sip/registration.h"
#include "sip/request.h"
#include "sip/transaction.h"
#include "sip/ua.h"
#include "transport/stack.h"

enum agent_state { AGENT_RUNNING, AGENT_STOPPING, AGENT_STOPPED };

struct sip_ua {
    struct sip_slot slot;
    struct sip_stack *stack;
    struct sip_config config;
    enum agent_state state;
    uint64_t stop_by;
    uint32_t index;              /* of the slot in its pool */
    uint32_t incoming;           /* calls that came in and are not over */
    uint32_t ringing_unverified; /* of them those unanswered, from unverified sources */
};

static inline struct sip_ua *sip_ua_of(const struct sip_stack *stack)
{
    return stack->user_data;
}

/* --- account.c --- */

/* A text inside an account; len 0 and at 0: none. */
struct sip_account_text {
    uint16_t at, len;
};

enum sip_account_field {
    ACCOUNT_AOR,
    ACCOUNT_DISPLAY,
    ACCOUNT_CONTACT_USER,
    ACCOUNT_CONTACT,
    ACCOUNT_USERNAME,
    ACCOUNT_REALM,
    ACCOUNT_PASSWORD,
    ACCOUNT_MD5,
    ACCOUNT_SHA256,
    ACCOUNT_SHA512_256,
    ACCOUNT_SERVER,
    ACCOUNT_FIELDS = ACCOUNT_SERVER + SIP_ACCOUNT_SERVERS
};

/* The challenge that was answered last: requests of its kind carry credentials at once, with the
 * next nonce count, until the server wants another nonce (RFC 3261 §22.3, RFC 7616 §3.6). */
#define SIP_NONCE_KEPT 176 /* bytes of a challenge; longer ones are answered, not kept */
struct sip_kept_nonce {
    uint32_t count; /* requests that used it; 0 = none is kept */
    uint16_t len;
    bool proxy, registers;
    char value[SIP_NONCE_KEPT];
};

struct sip_account_slot {
    struct sip_slot slot;
    void *host;
    struct sip_kept_nonce nonce;
    struct sip_account_text fields[ACCOUNT_FIELDS];
    uint32_t users;  /* registrations, calls and requests that name it */
    uint8_t server;  /* the one that works: requests begin there */
    uint16_t used;
    char text[SIP_ACCOUNT_TEXT];
};

/* NULL for the null account and for one that is over; the two differ by the handle alone. */
struct sip_account_slot *sip_account_find(const struct sip_ua *, struct sip_account);
struct sip_str sip_account_text(const struct sip_account_slot *, enum sip_account_field);

/* The login an account answers challenges with; false when it has none. */
bool sip_account_get_login(const struct sip_account_slot *, struct sip_login *);

/* A server of the account answered: its next requests begin there. */
void sip_account_reached(struct sip_ua *, struct sip_account, const struct sip_path *);

/* One more or one less names it; the null account is ignored. */
void sip_account_hold(struct sip_ua *, struct sip_account);
void sip_account_release(struct sip_ua *, struct sip_account);

/* The account a request of the peer is for: by the user of its Request-URI, then by To, then the
 * first there is; whether one of the first two was found. */
struct sip_account sip_account_for(const struct sip_ua *, const struct sip_received *);
bool sip_account_matches(const struct sip_ua *, const struct sip_received *);

/* --- send.c: building requests and answers --- */

/* What a request outside of dialogs says. */
struct sip_outgoing {
    struct sip_str method;
    struct sip_str uri;          /* Request-URI */
    struct sip_str to;           /* URI; empty: the Request-URI */
    struct sip_str from, from_display;
    struct sip_str contact;      /* URI; empty: made from the account and the way */
    struct sip_account_slot *account; /* may be NULL */
    uint64_t call_id, from_tag;
    uint32_t cseq;
    bool has_contact;            /* a Contact header is wanted */
    uint32_t contact_expires_s;  /* UINT32_MAX: no such parameter */
    uint32_t expires_s;          /* UINT32_MAX: no Expires header */
    struct sip_str lines;        /* more lines of the library itself */
    const struct sip_extras *extras;
    const struct sip_body *body;
    /* Where to. */
    struct sip_str next_hop;
    const struct sip_target *targets;
    size_t targets_count;
    struct sip_flow flow;
    uint64_t owner;
};

/* Builds the request in the stack's scratch and starts a client transaction for it. */
int sip_outgoing_send(struct sip_ua *, const struct sip_outgoing *, struct sip_client *);

/* A request or response of the host's in a dialog: what it adds. */
struct sip_said {
    const struct sip_extras *extras;
    const struct sip_body *body;
    struct sip_str lines;
    bool contact; /* with our Contact */
    bool allow;   /* with Allow and Supported */
};

/* The account a dialog belongs to: its call's. NULL: none. */
struct sip_account_slot *sip_inside_account(const struct sip_ua *, struct sip_dialog);

/* Builds a request in the dialog and starts a client transaction for it. */
int sip_inside_send(struct sip_ua *, struct sip_dialog, struct sip_str method,
                    const struct sip_said *, uint64_t owner, struct sip_client *);

/* Says it once, in no transaction: when there is no room for one, and never will be. */
void sip_inside_once(struct sip_ua *, struct sip_dialog, struct sip_str method);

/* Sends the ACK to the 2xx of the INVITE with this CSeq; the credentials of the INVITE, if `invite`
 * is not NULL, go into it (§13.2.2.4). Returns a buffer that holds it for repeated 2xx, 0 when
 * there was none to be had: then it cannot be sent again. */
uint32_t sip_inside_ack(struct sip_ua *, struct sip_dialog, uint32_t cseq,
                        const struct sip_message *invite, const struct sip_body *body);
void sip_inside_ack_again(struct sip_ua *, uint32_t buffer);
/* Whether an ACK with this body of the host can be sent: 0, SIP_ESIZE, or what the writer found. */
int sip_inside_ack_check(struct sip_ua *, struct sip_dialog, uint32_t cseq,
                         const struct sip_body *);

/* Answers through a server transaction. `contact`: our Contact for a dialog on this way. */
struct sip_answering {
    uint16_t status;
    struct sip_str reason;
    struct sip_said said;
    const struct sip_path *path; /* of the request, for the Contact */
    struct sip_account account;
    struct sip_str user;         /* user part of the Contact without an account */
};
int sip_answer(struct sip_ua *, struct sip_server, const struct sip_answering *);
/* A final refusal or an empty 200 that must be said: with less and less in it, until it fits. */
void sip_answer_surely(struct sip_ua *, struct sip_server, const struct sip_answering *);

/* Answers without a transaction; `name` and `value` are one more header, or NULL. */
void sip_answer_stateless(struct sip_ua *, const struct sip_received *, uint16_t status,
                          struct sip_str lines);

/* Writes "Allow" as the configuration says. */
void sip_write_allow(struct sip_writer *, const struct sip_ua *);
bool sip_method_taken(const struct sip_ua *, struct sip_str method);
/* Writes "Supported", and says whether an option tag stands there. */
void sip_write_supported(struct sip_writer *, const struct sip_ua *);
bool sip_option_supported(const struct sip_ua *, struct sip_str tag);

/* True when the host may set these headers (sip/ua.h, struct sip_extra). */
int sip_extras_check(const struct sip_extras *);
/* The same for a refusal, whose texts must also have room and no forbidden bytes. */
int sip_refusal_check(struct sip_ua *, const struct sip_refusal *);
void sip_write_extras(struct sip_writer *, const struct sip_extras *);

/* --- challenge.c: answering 401 and 407 --- */

enum sip_challenged {
    SIP_CHALLENGE_ANSWERED, /* sent again: the new transaction is in `*client` */
    SIP_CHALLENGE_NO_LOGIN, /* for `realm` none is known: the host can be asked */
    SIP_CHALLENGE_REFUSED,  /* the login was tried and is wrong, or nothing is supported */
    SIP_CHALLENGE_FULL      /* it could not be sent */
};

struct sip_challenge_answer {
    const struct sip_received *response;
    struct sip_client client;          /* whose request it answers */
    struct sip_account_slot *account;  /* NULL: nobody can answer but the host */
    struct sip_dialog dialog;          /* whose CSeq goes up; null: that of the request */
    uint64_t owner;
    uint8_t *stale;                    /* how often a nonce was stale: twice at the most */
    struct sip_str realm;              /* out: of the challenge without a login */
};

/* Only inside the call that brings the response: the request is still there then. */
enum sip_challenged sip_challenge_take(struct sip_ua *, struct sip_challenge_answer *,
                                       struct sip_client *);

/* Credentials for a request that nobody has challenged yet, if a nonce is kept for its kind. */
void sip_write_credentials(struct sip_ua *, struct sip_writer *, struct sip_account_slot *,
                           struct sip_str method, struct sip_str uri);

/* A request kept until credentials come: its way, its text, and the one challenge to answer. */
#define SIP_PARKED_CHALLENGE_MAX 512
struct sip_parked {
    uint32_t buffer; /* 0 = none */
    uint16_t request_len, challenge_len;
    bool proxy;
};
int sip_challenge_park(struct sip_ua *, const struct sip_challenge_answer *, struct sip_parked *);
enum sip_challenged sip_challenge_unpark(struct sip_ua *, const struct sip_parked *,
                                         const struct sip_login *, uint64_t owner,
                                         struct sip_client *);
void sip_challenge_unkeep(struct sip_ua *, struct sip_parked *);
struct sip_str sip_parked_request(const struct sip_ua *, const struct sip_parked *);

/* Reads a request of ours again, into the stack's second table; NULL when it is not kept any more.
 */
const struct sip_message *sip_read_own(struct sip_ua *, struct sip_str text);

/* The same request again with another Request-URI (a 3xx). */
struct sip_again {
    struct sip_str request;
    struct sip_str uri; /* empty: as it was */
    uint32_t cseq;      /* 0: the next one */
    struct sip_str next_hop;
    const struct sip_target *targets;
    size_t targets_count;
    struct sip_flow flow;
    uint64_t owner;
};
int sip_again_send(struct sip_ua *, const struct sip_again *, struct sip_client *);

/* --- the usages: each takes what is for it --- */

void sip_registration_response(struct sip_ua *, uint64_t owner, struct sip_client,
                               const struct sip_received *);
void sip_registration_failed(struct sip_ua *, uint64_t owner, uint16_t status);
void sip_registration_fire(struct sip_stack *, uint32_t index);
void sip_registrations_stop(struct sip_ua *);
bool sip_registrations_end_one(struct sip_ua *); /* at once, with its event; false: there is none */
void sip_registrations_login(struct sip_ua *, struct sip_account);

void sip_call_response(struct sip_ua *, uint64_t owner, struct sip_client,
                       const struct sip_received *);
void sip_call_failed(struct sip_ua *, uint64_t owner, struct sip_client, uint16_t status);
void sip_call_request(struct sip_ua *, uint64_t owner, struct sip_dialog,
                      const struct sip_received *);
void sip_call_invited(struct sip_ua *, const struct sip_received *);
void sip_call_cancelled(struct sip_ua *, uint64_t owner, struct sip_server,
                        const struct sip_received *);
void sip_call_acked(struct sip_ua *, uint64_t owner, const struct sip_received *);
void sip_call_unacknowledged(struct sip_ua *, uint64_t owner, struct sip_server);
void sip_call_fire(struct sip_stack *, uint32_t index);
void sip_calls_stop(struct sip_ua *);
void sip_calls_login(struct sip_ua *, struct sip_account);
/* The status an INVITE would get now, for OPTIONS (§11.2): 200 or 486. */
uint16_t sip_call_prospect(const struct sip_ua *);
struct sip_account sip_call_account(const struct sip_ua *, struct sip_call);

void sip_request_response(struct sip_ua *, uint64_t owner, struct sip_client,
                          const struct sip_received *);
void sip_request_failed(struct sip_ua *, uint64_t owner, uint16_t status);
void sip_request_received(struct sip_ua *, const struct sip_received *, struct sip_call,
                          struct sip_account);
void sip_request_fire(struct sip_stack *, uint32_t index);
void sip_requests_stop(struct sip_ua *);
bool sip_requests_end_one(struct sip_ua *); /* the same */

/* --- leave.c: what is owed after a call --- */

/* Owners that are no slots: an INVITE whose call is over, before and after its 2xx. */
#define SIP_OWNER_LEAVING 1u
#define SIP_OWNER_LEFT 2u

/* Says BYE in a dialog whose call is over, now or when the ACK has come, and ends it. */
void sip_leave_dialog(struct sip_ua *, struct sip_dialog, const struct sip_extras *);
void sip_leave_after_ack(struct sip_ua *, struct sip_dialog, struct sip_server);
/* ACK and BYE for a 2xx that no dialog can be kept for. */
void sip_leave_unkept(struct sip_ua *, const struct sip_received *);
/* An INVITE of ours without a final response: CANCEL, now or after the first 1xx. `reserved`: what
 * was set aside for the call goes with it. */
void sip_leave_invite(struct sip_ua *, struct sip_client, bool reserved,
                      const struct sip_extras *);
void sip_leave_response(struct sip_ua *, uint64_t owner, struct sip_client,
                        const struct sip_received *);
void sip_leave_failed(struct sip_ua *, uint64_t owner);
void sip_leave_acked(struct sip_ua *, struct sip_dialog);
void sip_leave_unacknowledged(struct sip_ua *, uint64_t owner);
void sip_leave_request(struct sip_ua *, struct sip_dialog, const struct sip_received *);

void sip_leave_fire(struct sip_stack *, uint32_t index);

/* --- serve.c --- */

void sip_serve(struct sip_ua *, const struct sip_received *);
/* Refusals because something is full: outside of dialogs, and inside (500 with Retry-After). */
void sip_serve_full(struct sip_ua *, const struct sip_received *);
void sip_serve_later(struct sip_ua *, const struct sip_received *);

/* --- agent.c --- */

/* Something ended while stopping: perhaps all is said now. */
void sip_ua_settle(struct sip_ua *);

static inline struct sip_server sip_server_of(uint64_t id)
{
    struct sip_server server = {id};
    return server;
}

#endif
