#include "auth/params.h"
#include "base/bytes.h"

#define SHORT_MAX 64 /* of tokens and hashes */

#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static const struct {
    struct sip_str name;
    uint16_t max; /* 0: not looked at */
} known[AUTH_PARAMS] = {
    [AUTH_REALM] = {NAME("realm"), SIP_REALM_MAX},
    [AUTH_DOMAIN] = {NAME("domain"), 0},
    [AUTH_NONCE] = {NAME("nonce"), SIP_NONCE_MAX},
    [AUTH_OPAQUE] = {NAME("opaque"), SIP_OPAQUE_MAX},
    [AUTH_STALE] = {NAME("stale"), SHORT_MAX},
    [AUTH_ALGORITHM] = {NAME("algorithm"), SHORT_MAX},
    [AUTH_QOP] = {NAME("qop"), SHORT_MAX},
    [AUTH_USERHASH] = {NAME("userhash"), SHORT_MAX},
    [AUTH_USERNAME] = {NAME("username"), SIP_USERNAME_MAX},
    [AUTH_URI] = {NAME("uri"), SIP_DIGEST_URI_MAX},
    [AUTH_RESPONSE] = {NAME("response"), SHORT_MAX},
    [AUTH_CNONCE] = {NAME("cnonce"), SIP_CNONCE_MAX},
    [AUTH_NC] = {NAME("nc"), SHORT_MAX},
    [AUTH_NEXTNONCE] = {NAME("nextnonce"), SIP_NONCE_MAX},
    [AUTH_RSPAUTH] = {NAME("rspauth"), SHORT_MAX},
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

static unsigned param_of(struct sip_str name)
{
    unsigned i = 0;

    while (i < AUTH_PARAMS && (known[i].name.len != name.len || !sip_str_same(name, known[i].name)))
        i++;
    return i;
}

static struct sip_str without_quotes(struct sip_str value)
{
    return value.len >= 2 && value.at[0] == '"' ? sip_bytes(value.at + 1, value.len - 2) : value;
}

int sip_auth_params_read(struct sip_auth_params *params, struct sip_str fields,
                         struct sip_fault *fault)
{
    struct sip_param field;

    while (sip_auth_next(&fields, &field)) {
        unsigned i = param_of(field.name);
        struct sip_str raw = without_quotes(field.value);

        if (i == AUTH_PARAMS)
            continue;
        if (params->raw[i].at)
            return sip_auth_refuse(params, SIP_REPEATED, field.name.at, fault);
        if (known[i].max > 0 && raw.len > known[i].max)
            return sip_auth_refuse(params, SIP_BAD_PARAMETER, raw.at + known[i].max, fault);
        params->raw[i] = raw;
    }
    return 0;
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
