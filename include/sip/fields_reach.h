/* How an agent is reached and what it can do: Contact with its parameters (RFC 3261 §20.10, RFC
 * 3840, 5626, 5627), caller preferences (RFC 3841), Feature-Caps (RFC 6809), push (RFC 8599),
 * overload (RFC 7339).
 *
 * Parsers as in sip/fields.h, writers as in sip/fields_event.h. "ob", "gr" and "lr" are parameters
 * of the URI: sip_uri_param(). */
#ifndef SIP_FIELDS_REACH_H
#define SIP_FIELDS_REACH_H

#include "sip/fields.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An element of Contact that is not "*". Feature parameters are in `address.params`, to walk with
 * sip_feature_next(). */
struct sip_contact_value {
    struct sip_address address;
    struct sip_amount q; /* in thousandths */
    struct sip_amount expires_s;
    struct sip_str instance;  /* +sip.instance (RFC 5626 §4.1): with quotes and "<", ">" */
    struct sip_amount reg_id; /* 1 to 2**31 - 1 */
    struct sip_str pub_gruu;  /* RFC 5627 §9: with their quotes, see sip_unquote() */
    struct sip_str temp_gruu;
};

SIP_API int sip_contact_value_parse(struct sip_contact_value *, struct sip_str value,
                                    struct sip_fault *);
SIP_API void sip_write_contact_value(struct sip_writer *, const struct sip_contact_value *);

/* An element of Accept-Contact, or of Reject-Contact, which has no flags (RFC 3841 §10); of
 * Feature-Caps (RFC 6809 §6.3), which has none either. */
struct sip_preference {
    bool require;
    bool is_explicit;
    struct sip_str params; /* to walk with sip_feature_next() */
};

SIP_API int sip_preference_parse(struct sip_preference *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_preference(struct sip_writer *, const struct sip_preference *);

/* A feature parameter (RFC 3840 §9). */
struct sip_feature {
    struct sip_str tag; /* "audio", "+sip.instance" ... */
    struct sip_str
        values; /* a tag-value-list, without quotes; {NULL, 0} when the value is a string */
    struct sip_str string; /* what stands between "<" and ">"; else {NULL, 0} */
};

/* Stores the next feature parameter in `*feature` and leaves out others; one without a value means
 * TRUE and has neither. `*rest` starts as parameters and shrinks; false at the end. */
SIP_API bool sip_feature_next(struct sip_str *rest, struct sip_feature *feature);

/* An element of a tag-value-list. */
enum sip_feature_kind { SIP_FEATURE_TOKEN, SIP_FEATURE_BOOLEAN, SIP_FEATURE_NUMBER };

struct sip_feature_value {
    enum sip_feature_kind kind;
    bool negated;        /* "!" before it */
    struct sip_str text; /* without "!"; a number with its "#" and relation */
};

/* Stores the next element; false at the end or where the list breaks its grammar. */
SIP_API bool sip_feature_value_next(struct sip_str *rest, struct sip_feature_value *value);

/* Request-Disposition (RFC 3841 §9.1): a bit for each directive. */
enum sip_directive {
    SIP_DIRECTIVE_PROXY = 1,
    SIP_DIRECTIVE_REDIRECT = 2,
    SIP_DIRECTIVE_CANCEL = 4,
    SIP_DIRECTIVE_NO_CANCEL = 8,
    SIP_DIRECTIVE_FORK = 16,
    SIP_DIRECTIVE_NO_FORK = 32,
    SIP_DIRECTIVE_RECURSE = 64,
    SIP_DIRECTIVE_NO_RECURSE = 128,
    SIP_DIRECTIVE_PARALLEL = 256,
    SIP_DIRECTIVE_SEQUENTIAL = 512,
    SIP_DIRECTIVE_QUEUE = 1024,
    SIP_DIRECTIVE_NO_QUEUE = 2048
};

/* One element; stores its bit. */
SIP_API int sip_directive_parse(enum sip_directive *, struct sip_str value, struct sip_fault *);
/* All of `directives`, with commas. */
SIP_API void sip_write_directives(struct sip_writer *, unsigned directives);

/* The push parameters of a URI (RFC 8599 §8), views into it; {NULL, 0} what is not there. */
struct sip_push {
    struct sip_str provider; /* pn-provider; may be empty (§4.1.2) */
    struct sip_str param;
    struct sip_str prid;
    struct sip_str purr;
};

/* False when the URI has no pn-provider. */
SIP_API bool sip_push_of(const struct sip_uri *, struct sip_push *);
/* Writes them with a ";" before each, to stand behind a URI. */
SIP_API void sip_write_push(struct sip_writer *, const struct sip_push *);

/* The overload parameters of a Via (RFC 7339 §4, §9). */
struct sip_overload {
    bool supported; /* "oc" is there; without a number a client asks for it */
    struct sip_amount oc;
    struct sip_str algorithms; /* oc-algo, with its quotes */
    struct sip_amount validity_ms;
    struct sip_str sequence; /* oc-seq: digits "." digits */
};

/* Reads the parameters of a parsed Via. */
SIP_API int sip_overload_parse(struct sip_overload *, const struct sip_via *, struct sip_fault *);
/* Writes them with a ";" before each, to stand behind a Via. */
SIP_API void sip_write_overload(struct sip_writer *, const struct sip_overload *);

#ifdef __cplusplus
}
#endif

#endif
