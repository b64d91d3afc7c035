/* Registrations: keeps an account's Contact bound at its registrar (RFC 3261 §10).
 *
 * A registration lives from sip_registration_start() until its last event, `ended`, which follows
 * sip_registration_stop(). Between them it refreshes in time and mends itself: a failure is an
 * event with `retry_in_s`, never the end. */
#ifndef SIP_REGISTRATION_H
#define SIP_REGISTRATION_H

#include "sip/ua.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_registration {
    uint64_t id;
};

/* kind                         waits for the host?   what happens otherwise
 * SIP_REGISTRATION_DONE        no                    refreshed before it expires, with jitter
 * SIP_REGISTRATION_FAILED      no                    tried again in `retry_in_s`; 0: only when
 *                                                    something changes (credentials, or a call of
 *                                                    sip_registration_refresh)
 * SIP_REGISTRATION_CHALLENGED  yes, credentials_wait FAILED with 401 or 407 and retry_in_s 0
 * SIP_REGISTRATION_ENDED       no                    last event
 *
 * Failures: 401 and 407 after the allowed tries wait for other credentials; 403, 404 and other 4xx
 * are tried again slowly (300 s, doubled up to 3,600 s, with jitter); 423 is answered once with the
 * registrar's Min-Expires (§10.2.8); 408, 5xx and transport failures go to the next server, then
 * back off (30 s, doubled up to 1,800 s: RFC 5626 §4.5; Retry-After is honoured up to an
 * hour); 6xx stops. */
enum sip_registration_kind {
    SIP_REGISTRATION_DONE,
    SIP_REGISTRATION_FAILED,
    SIP_REGISTRATION_CHALLENGED,
    SIP_REGISTRATION_ENDED
};

/* Views in it (realm, received) die when the event returns. */
struct sip_registration_event {
    enum sip_registration_kind kind;
    struct sip_registration registration;
    struct sip_account account;
    void *host;
    uint64_t now;
    uint16_t status;        /* of the response; 408: timeout, 503: transport failure */
    uint32_t expires_s;     /* DONE: what the registrar granted for our Contact */
    uint32_t retry_in_s;    /* FAILED */
    struct sip_str realm;   /* CHALLENGED */
    const struct sip_received *received; /* the response, or NULL: its Contacts are all bindings */
};

struct sip_registration_args {
    struct sip_account account;
    uint32_t expires_s;         /* [3,600] */
    struct sip_extras headers;
    bool fetch_only; /* asks for the bindings and changes none (§10.2.3): DONE, then ENDED */
    void *host;
};

/* Sends REGISTER. Everything is copied. Returns 0, SIP_EGONE, SIP_EFULL, SIP_ESIZE, SIP_EURI,
 * SIP_EHEADER; a name no resolver can turn into an address comes as FAILED with 503. */
SIP_API int sip_registration_start(struct sip_ua *, uint64_t now,
                                   const struct sip_registration_args *,
                                   struct sip_registration *registration);

/* Registers again now: after a network change, or to end a wait. Returns 0, SIP_EGONE, SIP_ESTATE
 * when it is being stopped. */
SIP_API int sip_registration_refresh(struct sip_ua *, uint64_t now, struct sip_registration);

/* Removes the binding (§10.2.2); ENDED follows when the registrar answered or nobody did.
 * Returns 0, SIP_EGONE, SIP_ESTATE the second time. */
SIP_API int sip_registration_stop(struct sip_ua *, uint64_t now, struct sip_registration);

/* The host pointer of the arguments; NULL when it is over. */
SIP_API void *sip_registration_host(const struct sip_ua *, struct sip_registration);

#ifdef __cplusplus
}
#endif

#endif
