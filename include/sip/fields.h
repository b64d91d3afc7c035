/* Typed header values: one struct and one parser per grammar of RFC 3261 §20 and §25.
 *
 * Each parser reads one value (of a comma list, one element), accepts exactly its grammar, and
 * returns 0, or SIP_EBAD with `*fault` filled (unless it is NULL) and the output untouched. All
 * `struct sip_str` inside point into the value. Offsets in faults count from the start of the
 * value. `header` is set where only one header has the grammar, else SIP_HEADER_OTHER. A parameter
 * that has a member of its own is refused when it is there twice (§7.3.1). */
#ifndef SIP_FIELDS_H
#define SIP_FIELDS_H

#include "sip/fault.h"
#include "sip/header.h"
#include "sip/str.h"
#include "sip/uri.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SIP_CSEQ_MAX 2147483647u /* §8.1.1.5: less than 2**31 */

/* A number that may be missing. */
struct sip_amount {
    uint32_t value;
    bool given;
};

/* Via (§20.42, RFC 3581). */
struct sip_via {
    struct sip_str transport; /* "UDP", "TCP" ... as written */
    struct sip_str host;
    uint16_t port; /* 0 = none given */
    struct sip_str params;
    struct sip_str branch;
    struct sip_str received; /* an address; an IPv6 one with or without brackets (RFC 5118 §4.5) */
    struct sip_str maddr;
    bool has_rport;      /* ";rport" or ";rport=N" */
    uint16_t rport;      /* 0 = without a value */
};

/* From, To, Contact, Route, Record-Route, Reply-To ...: a name-addr or addr-spec (§20.10).
 * Without angle brackets the parameters belong to the header, not to the URI. */
struct sip_address {
    struct sip_str display; /* a quoted string with its quotes, or tokens; {NULL, 0} if none */
    struct sip_str uri;     /* without the brackets; known to be well-formed */
    struct sip_str params;
    struct sip_str tag;
    bool brackets;
};

struct sip_cseq {
    uint32_t number; /* 0 to SIP_CSEQ_MAX */
    enum sip_method method;
    struct sip_str method_name;
};

/* Content-Type (§20.15); sip_media_range_parse() for the elements of Accept (§20.1), where a "q"
 * has to be a qvalue and parameters may be without a value. */
struct sip_media_type {
    struct sip_str type;
    struct sip_str subtype;
    struct sip_str params;
};

/* A token with parameters: Content-Disposition, Event, Content-Encoding ... */
struct sip_token_value {
    struct sip_str token;
    struct sip_str params;
};

/* Retry-After (§20.33). */
struct sip_retry_after {
    uint32_t seconds;
    struct sip_str comment;
    struct sip_str params;
    uint32_t duration_s; /* 0 = none given */
};

/* Warning (§20.43). */
struct sip_warning {
    uint16_t code; /* 100 to 999 */
    struct sip_str agent;
    struct sip_str text; /* with its quotes */
};

/* Date (§20.17): always GMT. */
struct sip_date {
    uint16_t year;
    uint8_t month; /* 1 to 12 */
    uint8_t day;   /* 1 to 31 */
    uint8_t hour, minute, second;
};

/* WWW-Authenticate, Proxy-Authenticate, Authorization, Proxy-Authorization, Authentication-Info:
 * a scheme and comma-separated fields (§20.7, §20.44). Quoted values keep their quotes. */
struct sip_auth {
    struct sip_str scheme; /* "Digest"; {NULL, 0} in Authentication-Info */
    struct sip_str fields; /* to walk with sip_auth_next() */
};

SIP_API int sip_via_parse(struct sip_via *, struct sip_str value, struct sip_fault *);
SIP_API int sip_address_parse(struct sip_address *, struct sip_str value, struct sip_fault *);
SIP_API int sip_cseq_parse(struct sip_cseq *, struct sip_str value, struct sip_fault *);
SIP_API int sip_media_type_parse(struct sip_media_type *, struct sip_str value, struct sip_fault *);
SIP_API int sip_media_range_parse(struct sip_media_type *, struct sip_str, struct sip_fault *);
SIP_API int sip_token_value_parse(struct sip_token_value *, struct sip_str, struct sip_fault *);
SIP_API int sip_retry_after_parse(struct sip_retry_after *, struct sip_str, struct sip_fault *);
SIP_API int sip_warning_parse(struct sip_warning *, struct sip_str value, struct sip_fault *);
SIP_API int sip_date_parse(struct sip_date *, struct sip_str value, struct sip_fault *);
SIP_API int sip_auth_parse(struct sip_auth *, struct sip_str value, struct sip_fault *);

/* The same, letting pass what `leniency` says (sip/tolerance.h). */
SIP_API int sip_via_accept(struct sip_via *, struct sip_str value, struct sip_leniency *,
                           struct sip_fault *);
SIP_API int sip_address_accept(struct sip_address *, struct sip_str value, struct sip_leniency *,
                               struct sip_fault *);

/* Authentication-Info (§20.6): fields without a scheme. */
SIP_API int sip_auth_info_parse(struct sip_auth *, struct sip_str value, struct sip_fault *);

/* Expires, Min-Expires, Max-Forwards, Content-Length, MIME-less numbers: 1*DIGIT up to `max`;
 * a larger number is refused. */
SIP_API int sip_number_parse(uint32_t *, struct sip_str value, uint32_t max, struct sip_fault *);

/* Call-ID (§20.8): word [ "@" word ]. */
SIP_API int sip_call_id_parse(struct sip_str *, struct sip_str value, struct sip_fault *);

/* Stores the next "name=value" of `*rest` (starts as `auth.fields`); false at the end. */
SIP_API bool sip_auth_next(struct sip_str *rest, struct sip_param *field);

/* A qvalue as thousandths, 0 to 1000 (§25.1 qvalue); -1 when it is not one. */
SIP_API int sip_qvalue(struct sip_str value);

/* Copies a quoted string without its quotes and with its backslash escapes resolved; a text without
 * quotes is copied as it is. A fold in either becomes one space (§7.3.1). Returns the length, or -1
 * when it does not fit in `size`. */
SIP_API long sip_unquote(struct sip_str value, char *out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
