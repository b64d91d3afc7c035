/* The user agent: what the host wants, and what it is told.
 *
 * A sip_ua stands on a stack (sip/stack.h): the host gives it memory, time, randomness and a
 * transport, reports the wire to the stack, and gets events. Accounts say who we are; calls,
 * registrations and requests each have their own header. */
#ifndef SIP_UA_H
#define SIP_UA_H

#include "sip/digest.h"
#include "sip/stack.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_ua;
struct sip_call_event;         /* sip/call.h */
struct sip_registration_event; /* sip/registration.h */
struct sip_request_event;      /* sip/request.h */

/* A header the host adds to what it sends: a name, a value. Not settable, because they are the
 * library's: Via, From, To, Call-ID, CSeq, Max-Forwards, Route, Record-Route, Content-Type and
 * Content-Length (SIP_EHEADER). */
struct sip_extra {
    struct sip_str name;
    struct sip_str value;
};

struct sip_extras {
    const struct sip_extra *at;
    size_t count;
    struct sip_str lines; /* or more of them as lines, each with its CRLF, made by a sip_writer */
};

/* A body: bytes with a type ("application/sdp"). Empty `bytes.at`: no body. */
struct sip_body {
    struct sip_str type;
    struct sip_str bytes;
};

/* What the host says when it refuses or ends something; null wherever one is asked for takes what
 * stands in brackets there. */
struct sip_refusal {
    uint16_t status;       /* 300 to 699 */
    struct sip_str reason; /* the phrase; empty: the default one */
    struct sip_extras headers;
};

/* What becomes of an out-of-dialog request before anything is kept for it. */
enum sip_screened {
    SIP_PASS,   /* go on */
    SIP_REFUSE, /* answer with `*refusal` (401 or 407 with a challenge, 403 ...), keep nothing */
    SIP_DROP    /* no answer at all */
};

/* Where events go. A null function means: the default answer of each event, at once. */
struct sip_events {
    void *host; /* handed to each function */
    void (*call)(void *host, struct sip_ua *, const struct sip_call_event *);
    void (*registration)(void *host, struct sip_ua *, const struct sip_registration_event *);
    void (*request)(void *host, struct sip_ua *, const struct sip_request_event *);

    /* Sees each out-of-dialog request of an unverified source (ACK and CANCEL apart) and fills
     * `*refusal` when it refuses; its texts must live until it is called again. May not call
     * anything but queries. [SIP_PASS] */
    enum sip_screened (*screen)(void *host, const struct sip_ua *, const struct sip_received *,
                                struct sip_refusal *refusal);

    /* sip_ua_stop() is done: the last event of all. */
    void (*stopped)(void *host, struct sip_ua *);
};

/* Provisional responses that arrive for sure (RFC 3262), so that an answer in one counts. */
enum sip_reliable {
    SIP_RELIABLE_SUPPORTED, /* used when the peer requires it, and for a session description in a
                               provisional of ours when the peer supports it */
    SIP_RELIABLE_REQUIRED,  /* by our INVITEs; INVITEs of peers that do not support it get 421 */
    SIP_RELIABLE_OFF        /* not offered; an INVITE that requires it gets 420 */
};

struct sip_config {
    struct sip_stack_config stack;
    struct sip_events events;
    const char *user_agent; /* User-Agent and Server; NULL: "libsip/<version>", "": left out */
    const char *methods;    /* further methods the host takes as requests: "MESSAGE INFO" */
    const char *supported;  /* further option tags for Supported; NULL: none */
    const char *accept;     /* body types taken beside application/sdp, with commas; NULL: none */
    bool known_users_only; /* 404 for requests whose Request-URI and To name no account of ours;
                              else the first account takes them */
    enum sip_reliable reliable; /* [SIP_RELIABLE_SUPPORTED] */
    uint32_t ring_max_s;    /* [180] an incoming call waits for the host so long, then 480 */
    uint32_t offer_wait_s;  /* [30] an offer within a call waits so long, then 488 */
    uint32_t request_wait_s;     /* [20] an incoming request waits so long, then 500 */
    uint32_t credentials_wait_s; /* [60] a challenge without credentials waits so long */
};

/* Bytes of memory for a ua with this configuration; 0 when a limit is out of range. */
SIP_API size_t sip_ua_size(const struct sip_config *config);

/* Makes a stack with a user agent on it in `memory` (any alignment, any content; the caller's until
 * `stopped`). Texts of the configuration are not copied and must outlive the ua.
 * Returns 0, SIP_EMEMORY, SIP_EINVAL, or SIP_ERANDOM. */
SIP_API int sip_ua_init(struct sip_ua **ua, void *memory, size_t size,
                        const struct sip_config *config, uint64_t now);

/* The stack under a ua, for the report functions of sip/stack.h. */
SIP_API struct sip_stack *sip_ua_stack(struct sip_ua *);

/* Says BYE to all calls, unregisters, takes nothing new. `stopped` follows from a later report,
 * when all is said or 64*T1 have passed; each handle gets its last event before. */
SIP_API int sip_ua_stop(struct sip_ua *ua, uint64_t now);

/* --- accounts: who we are --- */

/* An account: a value, 0 = none. It has no events. */
struct sip_account {
    uint64_t id;
};

/* Zero is the sensible default for all but `aor`. All texts are copied; together they may have
 * SIP_ACCOUNT_TEXT bytes, else SIP_ESIZE. */
#define SIP_ACCOUNT_TEXT 448
#define SIP_ACCOUNT_SERVERS 4

struct sip_account_args {
    struct sip_str aor; /* address of record: "sip:alice@example.com" */
    struct sip_str display;
    /* Servers in order of preference, as URIs ("sip:192.0.2.1:5060;transport=tcp"): requests of
     * this account go to the first that works. Empty: where the request's own URI says. */
    struct sip_str servers[SIP_ACCOUNT_SERVERS];
    struct sip_login login;      /* how digest challenges are answered (sip/digest.h) */
    struct sip_str contact_user; /* empty: a random one that only this account has */
    struct sip_str contact;      /* a whole URI; empty: made from contact_user and our address */
    void *host;
};

/* Returns 0, SIP_EINVAL without `aor`, SIP_EURI, SIP_ESIZE, SIP_EFULL. */
SIP_API int sip_account_add(struct sip_ua *, uint64_t now, const struct sip_account_args *,
                            struct sip_account *account);

/* Gives another login, which is copied: registrations and calls that wait for them go on at the
 * next tick. */
SIP_API int sip_account_login(struct sip_ua *, uint64_t now, struct sip_account,
                              const struct sip_login *);

/* SIP_ESTATE while a registration, call or request names it. */
SIP_API int sip_account_remove(struct sip_ua *, uint64_t now, struct sip_account);

/* The host pointer of the arguments; NULL when the account is over. */
SIP_API void *sip_account_host(const struct sip_ua *, struct sip_account);

/* How something ended. */
enum sip_end {
    SIP_END_LOCAL,     /* the host ended it */
    SIP_END_REMOTE,    /* the peer said BYE */
    SIP_END_CANCELLED, /* the peer gave up before the answer */
    SIP_END_REFUSED,   /* by a final status of the peer, or by the host */
    SIP_END_ELSEWHERE, /* answered elsewhere (RFC 3326: SIP;cause=200 in a CANCEL) */
    SIP_END_TIMEOUT,   /* nobody answered in time */
    SIP_END_NETWORK,   /* the transport failed on every target */
    SIP_END_LIMIT,     /* something here was full */
    SIP_END_EXPIRED    /* rang for too long */
};

/* "local", "remote" ...: never NULL. */
SIP_API const char *sip_end_name(enum sip_end);

#ifdef __cplusplus
}
#endif

#endif
