/* The parameters of challenges, credentials and Authentication-Info, found by name. */
#ifndef SIP_AUTH_PARAMS_H
#define SIP_AUTH_PARAMS_H

#include "sip/digest_server.h"

enum auth_param {
    AUTH_REALM,
    AUTH_DOMAIN,
    AUTH_NONCE,
    AUTH_OPAQUE,
    AUTH_STALE,
    AUTH_ALGORITHM,
    AUTH_QOP,
    AUTH_USERHASH,
    AUTH_USERNAME,
    AUTH_URI,
    AUTH_RESPONSE,
    AUTH_CNONCE,
    AUTH_NC,
    AUTH_NEXTNONCE,
    AUTH_RSPAUTH,
    AUTH_PARAMS
};

/* The value being parsed, its header, and what was found, without quotes; {NULL, 0} what is not
 * there. */
struct sip_auth_params {
    struct sip_str value;
    enum sip_header header;
    struct sip_str raw[AUTH_PARAMS];
};

/* Reads `params->value`: a scheme, which is stored in `*scheme`, and fields as sip_auth_parse()
 * does; fields alone, as sip_auth_info_parse() does, when `scheme` is NULL. Of another scheme than
 * Digest no field is kept. Refuses what is no such text; then a known name given twice (RFC 7235
 * §2.1), and values longer than the limits of sip/digest.h. Returns 0 or SIP_EBAD. */
int sip_auth_params_read(struct sip_auth_params *params, struct sip_str *scheme,
                         struct sip_fault *fault);

/* Fills the fault (unless it is NULL) and returns SIP_EBAD; `at` points into the value, NULL stands
 * for its end. */
int sip_auth_refuse(const struct sip_auth_params *params, enum sip_reason reason, const char *at,
                    struct sip_fault *fault);

/* Refuses when one of the parameters named, up to AUTH_PARAMS, is not there. */
int sip_auth_params_need(const struct sip_auth_params *params, const uint8_t *names,
                         struct sip_fault *fault);

/* The algorithm named, SIP_MD5 when there is none (RFC 7616 §3.3); and whether a flag is true. */
enum sip_algorithm sip_auth_params_algorithm(const struct sip_auth_params *params);
bool sip_auth_params_flag(const struct sip_auth_params *params, enum auth_param name);

/* nc-value = 8LHEX (RFC 3261 §25.1), from 1 on (RFC 7616 §3.4). Returns NULL, or the first byte
 * that cannot be right. */
const char *sip_auth_count_parse(struct sip_str text, uint32_t *count);

#endif
