#include "auth/params.h"
#include "base/bytes.h"
#include "message/scan.h"

#define SHORT_MAX 64 /* of tokens and hashes */

static const struct scan_word words[AUTH_PARAMS] = {
    [AUTH_REALM] = SCAN_WORD_OF("realm"),
    [AUTH_DOMAIN] = SCAN_WORD_OF("domain"),
    [AUTH_NONCE] = SCAN_WORD_OF("nonce"),
    [AUTH_OPAQUE] = SCAN_WORD_OF("opaque"),
    [AUTH_STALE] = SCAN_WORD_OF("stale"),
    [AUTH_ALGORITHM] = SCAN_WORD_OF("algorithm"),
    [AUTH_QOP] = SCAN_WORD_OF("qop"),
    [AUTH_USERHASH] = SCAN_WORD_OF("userhash"),
    [AUTH_USERNAME] = SCAN_WORD_OF("username"),
    [AUTH_URI] = SCAN_WORD_OF("uri"),
    [AUTH_RESPONSE] = SCAN_WORD_OF("response"),
    [AUTH_CNONCE] = SCAN_WORD_OF("cnonce"),
    [AUTH_NC] = SCAN_WORD_OF("nc"),
    [AUTH_NEXTNONCE] = SCAN_WORD_OF("nextnonce"),
    [AUTH_RSPAUTH] = SCAN_WORD_OF("rspauth"),
};

/* How long each may be; 0: not looked at. */
static const uint16_t longest[AUTH_PARAMS] = {
    [AUTH_REALM] = SIP_REALM_MAX,     [AUTH_NONCE] = SIP_NONCE_MAX,
    [AUTH_OPAQUE] = SIP_OPAQUE_MAX,   [AUTH_STALE] = SHORT_MAX,
    [AUTH_ALGORITHM] = SHORT_MAX,     [AUTH_QOP] = SHORT_MAX,
    [AUTH_USERHASH] = SHORT_MAX,      [AUTH_USERNAME] = SIP_USERNAME_MAX,
    [AUTH_URI] = SIP_DIGEST_URI_MAX,  [AUTH_RESPONSE] = SHORT_MAX,
    [AUTH_CNONCE] = SIP_CNONCE_MAX,   [AUTH_NC] = SHORT_MAX,
    [AUTH_NEXTNONCE] = SIP_NONCE_MAX, [AUTH_RSPAUTH] = SHORT_MAX,
};

int sip_auth_refuse(const struct sip_auth_params *params, enum sip_reason reason, const char *at,
                    struct sip_fault *fault)
{
    if (fault) {
        fault->reason = reason;
        fault->header = params->header;
        fault->offset = (uint32_t)(at ? (size_t)(at - params->value.at) : params->value.len);
    }
    return SIP_EBAD;
}

static struct sip_str without_quotes(struct sip_str value)
{
    return value.len >= 2 && value.at[0] == '"' ? sip_view(value.at + 1, value.len - 2) : value;
}

/* Keeps a field of the text of `s`, if it is a known one; refuses it as sip_auth_params_read()
 * says. */
static inline int keep(struct sip_auth_params *params, const struct scan *s,
                       const struct sip_param *field, struct sip_fault *fault)
{
    struct sip_str raw = without_quotes(field->value);
    size_t i = sip_scan_which(s, field->name, words, AUTH_PARAMS);

    if (i >= AUTH_PARAMS)
        return 0;
    if (params->raw[i].at)
        return sip_auth_refuse(params, SIP_REPEATED, field->name.at, fault);
    if (longest[i] > 0 && raw.len > longest[i])
        return sip_auth_refuse(params, SIP_BAD_PARAMETER, raw.at + longest[i], fault);
    params->raw[i] = raw;
    return 0;
}

/* One walk: a fault of what fields mean waits until all of them are known to be fields. */
SIP_FLAT int sip_auth_params_read(struct sip_auth_params *params, struct sip_str *scheme,
                                  struct sip_fault *fault)
{
    struct scan s = sip_scan_of(params->value);
    struct sip_param field = {{NULL, 0}, {NULL, 0}};
    struct sip_str name = {NULL, 0};
    struct sip_fault late = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};
    bool digest = !scheme;

    if (scheme) {
        if (!sip_scan_token(&s, &name) || !sip_scan_lws(&s, SIP_BAD_TOKEN))
            return sip_scan_refuse(&s, params->header, fault);
        *scheme = name;
        digest = sip_str_is(name, "Digest");
    }
    for (;;) {
        if (!sip_scan_auth_param(&s, &field))
            return sip_scan_refuse(&s, params->header, fault);
        if (digest && late.reason == SIP_REASON_NONE)
            keep(params, &s, &field, &late);
        if (s.at >= s.len)
            break;
        if (!sip_scan_around(&s, ',', SIP_TRAILING))
            return sip_scan_refuse(&s, params->header, fault);
    }
    if (late.reason == SIP_REASON_NONE)
        return 0;
    if (fault)
        *fault = late;
    return SIP_EBAD;
}

int sip_auth_params_need(const struct sip_auth_params *params, const uint8_t *names,
                         struct sip_fault *fault)
{
    for (; *names < AUTH_PARAMS; names++)
        if (!params->raw[*names].at)
            return sip_auth_refuse(params, SIP_MISSING, NULL, fault);
    return 0;
}

enum sip_algorithm sip_auth_params_algorithm(const struct sip_auth_params *params)
{
    return params->raw[AUTH_ALGORITHM].at ? sip_algorithm_of(params->raw[AUTH_ALGORITHM]) : SIP_MD5;
}

bool sip_auth_params_flag(const struct sip_auth_params *params, enum auth_param name)
{
    return sip_str_is(params->raw[name], "true");
}

const char *sip_auth_count_parse(struct sip_str text, uint32_t *count)
{
    uint32_t value = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (i == 8 || (!sip_is_digit(c) && (c < 'a' || c > 'f')))
            return text.at + i;
        value = value << 4 | (uint32_t)(sip_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    if (text.len < 8)
        return text.at + text.len;
    if (value == 0)
        return text.at + 7;
    *count = value;
    return NULL;
}
