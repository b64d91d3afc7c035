/* Typed header values about calls: other dialogs (RFC 3891, 3911, 4538), who sent them on (RFC
 * 3892, 5806, 7044), why (RFC 3326), and what belongs to them (RFC 3323, 4412, 5373, 7433, 7989,
 * 8224).
 *
 * Parsers as in sip/fields.h, writers as in sip/fields_event.h. Refer-To (RFC 3515): like Contact,
 * sip_address_parse(). */
#ifndef SIP_FIELDS_CALL_H
#define SIP_FIELDS_CALL_H

#include "sip/fields.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A name-addr with parameters: Path (RFC 3327), Service-Route (RFC 3608), P-Associated-URI and
 * P-Called-Party-ID (RFC 7315); an address that has to be in angle brackets. */
SIP_API int sip_name_addr_parse(struct sip_address *, struct sip_str value, struct sip_fault *);

/* Replaces (RFC 3891 §6.1). */
struct sip_replaces {
    struct sip_str call_id;
    struct sip_str to_tag;
    struct sip_str from_tag;
    bool early_only;
    struct sip_str params;
};

SIP_API int sip_replaces_parse(struct sip_replaces *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_replaces(struct sip_writer *, const struct sip_replaces *);

/* Join (RFC 3911 §7.1). */
struct sip_join {
    struct sip_str call_id;
    struct sip_str to_tag;
    struct sip_str from_tag;
    struct sip_str params;
};

SIP_API int sip_join_parse(struct sip_join *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_join(struct sip_writer *, const struct sip_join *);

/* Target-Dialog (RFC 4538 §7). */
struct sip_target_dialog {
    struct sip_str call_id;
    struct sip_str remote_tag;
    struct sip_str local_tag;
    struct sip_str params;
};

SIP_API int sip_target_dialog_parse(struct sip_target_dialog *, struct sip_str value,
                                    struct sip_fault *);
SIP_API void sip_write_target_dialog(struct sip_writer *, const struct sip_target_dialog *);

/* Referred-By (RFC 3892 §3). */
struct sip_referred_by {
    struct sip_address address;
    struct sip_str cid; /* with its quotes */
};

SIP_API int sip_referred_by_parse(struct sip_referred_by *, struct sip_str value,
                                  struct sip_fault *);
SIP_API void sip_write_referred_by(struct sip_writer *, const struct sip_referred_by *);

/* Refer-Sub (RFC 4488 §4). */
struct sip_refer_sub {
    bool wanted; /* "true" */
    struct sip_str params;
};

SIP_API int sip_refer_sub_parse(struct sip_refer_sub *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_refer_sub(struct sip_writer *, const struct sip_refer_sub *);

/* Answer-Mode, Priv-Answer-Mode (RFC 5373 §4). */
struct sip_answer_mode {
    struct sip_str mode; /* "Manual", "Auto" ... */
    bool require;
    struct sip_str params;
};

SIP_API int sip_answer_mode_parse(struct sip_answer_mode *, struct sip_str value,
                                  struct sip_fault *);
SIP_API void sip_write_answer_mode(struct sip_writer *, const struct sip_answer_mode *);

/* An element of Reason (RFC 3326 §2). */
struct sip_reason_value {
    struct sip_str protocol; /* "SIP", "Q.850" ... */
    struct sip_amount cause;
    struct sip_str text; /* with its quotes */
    struct sip_str params;
};

SIP_API int sip_reason_value_parse(struct sip_reason_value *, struct sip_str value,
                                   struct sip_fault *);
SIP_API void sip_write_reason_value(struct sip_writer *, const struct sip_reason_value *);

/* An element of Diversion (RFC 5806 §7); quoted values have their quotes. */
struct sip_diversion {
    struct sip_address address;
    struct sip_str reason;
    struct sip_amount counter; /* 0 to 99 */
    struct sip_amount limit;
    struct sip_str privacy;
    struct sip_str screen;
};

SIP_API int sip_diversion_parse(struct sip_diversion *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_diversion(struct sip_writer *, const struct sip_diversion *);

/* An element of History-Info (RFC 7044 §5); `rc`, `mp` and `np` name an index each. */
struct sip_history_info {
    struct sip_address address;
    struct sip_str index; /* "1.2.1" */
    struct sip_str rc, mp, np;
};

SIP_API int sip_history_info_parse(struct sip_history_info *, struct sip_str value,
                                   struct sip_fault *);
SIP_API void sip_write_history_info(struct sip_writer *, const struct sip_history_info *);

/* Privacy (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §10.1). */
enum sip_privacy {
    SIP_PRIVACY_HEADER = 1,
    SIP_PRIVACY_SESSION = 2,
    SIP_PRIVACY_USER = 4,
    SIP_PRIVACY_NONE = 8,
    SIP_PRIVACY_CRITICAL = 16,
    SIP_PRIVACY_ID = 32,
    SIP_PRIVACY_HISTORY = 64,
    SIP_PRIVACY_OTHER = 128 /* a token that is none of these */
};

/* Stores the bits of all values in `*privacy`; one that stands twice is refused (RFC 3323 §4.2).
 * The writer has no words for SIP_PRIVACY_OTHER. */
SIP_API int sip_privacy_parse(unsigned *privacy, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_privacy(struct sip_writer *, unsigned privacy);

/* An element of Resource-Priority and Accept-Resource-Priority (RFC 4412 §3.1). */
struct sip_resource_priority {
    struct sip_str name_space; /* "dsn" of "dsn.flash" */
    struct sip_str priority;
};

SIP_API int sip_resource_priority_parse(struct sip_resource_priority *, struct sip_str value,
                                        struct sip_fault *);
SIP_API void sip_write_resource_priority(struct sip_writer *, const struct sip_resource_priority *);

/* An element of User-to-User (RFC 7433 §4.1). */
struct sip_user_to_user {
    struct sip_str data; /* a token, or a quoted string with its quotes */
    struct sip_str purpose;
    struct sip_str content;
    struct sip_str encoding;
    struct sip_str params;
};

SIP_API int sip_user_to_user_parse(struct sip_user_to_user *, struct sip_str value,
                                   struct sip_fault *);
SIP_API void sip_write_user_to_user(struct sip_writer *, const struct sip_user_to_user *);

/* Session-ID (RFC 7989 §5): 32 hexadecimal digits each, in lower case. */
struct sip_session_id {
    struct sip_str local;
    struct sip_str remote;
    struct sip_str params;
};

SIP_API int sip_session_id_parse(struct sip_session_id *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_session_id(struct sip_writer *, const struct sip_session_id *);

/* Identity (RFC 8224 §4). */
struct sip_identity {
    struct sip_str digest; /* base64 with dots */
    struct sip_str info;   /* a URI, without its brackets */
    struct sip_str alg;
    struct sip_str ppt; /* with its quotes, when it has some */
    struct sip_str params;
};

SIP_API int sip_identity_parse(struct sip_identity *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_identity(struct sip_writer *, const struct sip_identity *);

#ifdef __cplusplus
}
#endif

#endif
