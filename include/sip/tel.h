/* tel: URIs (RFC 3966), and the telephone-subscriber that the user part of a SIP URI may be. */
#ifndef SIP_TEL_H
#define SIP_TEL_H

#include "sip/uri.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Views into the parsed text; what is not there is {NULL, 0}. */
struct sip_tel {
    bool global;               /* the number begins with "+" */
    struct sip_str number;     /* with its "+" and visual separators */
    struct sip_str extension;  /* ext */
    struct sip_str subaddress; /* isub */
    struct sip_str
        context; /* phone-context: a domain name or global digits; every local one has it */
    struct sip_str params; /* all parameters, to walk with sip_params_next() */
};

/* Parses a whole tel: URI (RFC 3966 §3). A parameter with a member of its own may stand once.
 * Returns 0, or SIP_EBAD with `*fault` filled and `*tel` untouched. */
SIP_API int sip_tel_parse(struct sip_tel *tel, struct sip_str text, struct sip_fault *fault);

/* The same for the user part of a SIP URI with user=phone (RFC 3261 §19.1.6), unescaped. */
SIP_API int sip_tel_of_user(struct sip_tel *tel, struct sip_str user, struct sip_fault *fault);

/* True when both are equal by RFC 3966 §4: visual separators do not count, nor the order of
 * parameters, nor the case of letters. */
SIP_API bool sip_tel_equal(const struct sip_tel *, const struct sip_tel *);

#ifdef __cplusplus
}
#endif

#endif
