/* Typed header values of events and timers: subscriptions (RFC 6665), reliable provisional
 * responses (RFC 3262), session timers (RFC 4028), conditional publication (RFC 3903), INFO (RFC
 * 6086).
 *
 * Parsers as in sip/fields.h. A writer adds one value between sip_write_begin() and
 * sip_write_end(): its members, and of `params` those parameters that are no members, so that what
 * was parsed is written again; a member that its grammar does not allow makes the message
 * SIP_EINVAL.
 *
 * RSeq, Flow-Timer, Max-Breadth: sip_number_parse(). Info-Package, Recv-Info:
 * sip_token_value_parse(). SIP-ETag, SIP-If-Match, elements of Allow-Events: sip_token_parse(). */
#ifndef SIP_FIELDS_EVENT_H
#define SIP_FIELDS_EVENT_H

#include "sip/fields.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Event (RFC 6665 §8.4). */
struct sip_event {
    struct sip_str type;    /* package and templates: "presence.winfo" */
    struct sip_str package; /* "presence" */
    struct sip_str id;
    struct sip_str params;
};

SIP_API int sip_event_parse(struct sip_event *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_event(struct sip_writer *, const struct sip_event *);

/* An element of Allow-Events: event-type (RFC 6665 §8.4). */
SIP_API int sip_event_type_parse(struct sip_str *, struct sip_str value, struct sip_fault *);

/* Subscription-State (RFC 6665 §8.4). */
enum sip_substate {
    SIP_SUBSTATE_OTHER, /* to be read as active (RFC 6665 §4.1.3): see `name` */
    SIP_SUBSTATE_ACTIVE,
    SIP_SUBSTATE_PENDING,
    SIP_SUBSTATE_TERMINATED
};

struct sip_subscription_state {
    enum sip_substate state;
    struct sip_str name; /* as written; this is what the writer writes */
    struct sip_str reason;
    struct sip_amount expires_s;
    struct sip_amount retry_after_s;
    struct sip_str params;
};

SIP_API int sip_subscription_state_parse(struct sip_subscription_state *, struct sip_str value,
                                         struct sip_fault *);
SIP_API void sip_write_subscription_state(struct sip_writer *,
                                          const struct sip_subscription_state *);

/* RAck (RFC 3262 §7.2). */
struct sip_rack {
    uint32_t rseq; /* 1 to 2**32 - 1 */
    struct sip_cseq cseq;
};

SIP_API int sip_rack_parse(struct sip_rack *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_rack(struct sip_writer *, const struct sip_rack *);

/* Session-Expires (RFC 4028 §4) and Min-SE (§5), which has no refresher. */
struct sip_session_expires {
    uint32_t interval_s;
    struct sip_str refresher; /* "uac" or "uas" */
    struct sip_str params;
};

SIP_API int sip_session_expires_parse(struct sip_session_expires *, struct sip_str value,
                                      struct sip_fault *);
SIP_API void sip_write_session_expires(struct sip_writer *, const struct sip_session_expires *);

/* A token and nothing else: Priority (§20.26), SIP-ETag (RFC 3903 §11.3), option-tags, methods. */
SIP_API int sip_token_parse(struct sip_str *, struct sip_str value, struct sip_fault *);

/* A token with parameters of any kind (struct sip_token_value of sip/fields.h). */
SIP_API void sip_write_token_value(struct sip_writer *, const struct sip_token_value *);

#ifdef __cplusplus
}
#endif

#endif
