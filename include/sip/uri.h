/* sip: and sips: URIs (RFC 3261 §19.1). */
#ifndef SIP_URI_H
#define SIP_URI_H

#include "sip/fault.h"
#include "sip/str.h"
#include "sip/tolerance.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sip_scheme {
    SIP_SCHEME_OTHER, /* an absolute URI kept whole: only `scheme_name` and `rest` are set */
    SIP_SCHEME_SIP,
    SIP_SCHEME_SIPS,
    SIP_SCHEME_TEL
};

/* Views into the parsed text; escapes are left as they stand. What is not there is {NULL, 0}. */
struct sip_uri {
    enum sip_scheme scheme;
    struct sip_str scheme_name;
    struct sip_str user; /* before the colon of a password */
    struct sip_str password;
    struct sip_str host; /* an IPv6 reference with its brackets */
    uint16_t port;       /* 0 = none given */
    struct sip_str params;  /* from behind the first ';', to walk with sip_params_next() */
    struct sip_str headers; /* from behind the '?' */
    struct sip_str rest;    /* of another scheme, tel: included: all behind its colon */
};

/* Parses a whole URI; nothing may stand behind it. Returns 0 or SIP_EBAD with `*fault` filled
 * (unless it is NULL) and `*uri` untouched. Of parameters that §19.1.1 defines none may be there
 * twice. */
SIP_API int sip_uri_parse(struct sip_uri *uri, struct sip_str text, struct sip_fault *fault);

/* The same, letting pass what `leniency` says (sip/tolerance.h). */
SIP_API int sip_uri_accept(struct sip_uri *uri, struct sip_str text, struct sip_leniency *leniency,
                           struct sip_fault *fault);

/* The value of a parameter, ignoring the name's case and escapes in it: {NULL, 0} when it is not
 * there, an empty text when it has no value. */
SIP_API struct sip_str sip_uri_param(const struct sip_uri *uri, const char *name);

/* True when both are equal by §19.1.4 and RFC 5954 §4.2: escapes, case rules, addresses by their
 * bytes, and which parameters must match. With more than 32 parameters or headers a URI is equal
 * only to one that has the same in the same order. URIs of other schemes are compared by byte. */
SIP_API bool sip_uri_equal(const struct sip_uri *, const struct sip_uri *);

/* Copies `text` with its %HH escapes decoded into `out`; returns the length, or -1 when it does not
 * fit in `size`. */
SIP_API long sip_uri_unescape(struct sip_str text, char *out, size_t size);

/* --- parameters: ";name" and ";name=value" in URIs and headers --- */

struct sip_param {
    struct sip_str name;
    struct sip_str value; /* {NULL, 0} when there is no '='; a quoted string with its quotes, a URI
                             in angle brackets with them */
};

/* Stores the next of a parameter list in `*param`; `*rest` starts as the list and shrinks. False at
 * the end or where the list is not well-formed (the typed parsers have already refused such). */
SIP_API bool sip_params_next(struct sip_str *rest, struct sip_param *param);

/* The value of the parameter `name`, ignoring case, as with sip_uri_param(). */
SIP_API struct sip_str sip_params_find(struct sip_str params, const char *name);

#ifdef __cplusplus
}
#endif

#endif
