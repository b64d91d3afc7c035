#include "message/scan.h"
#include "sip/fields.h"

#include "base/bytes.h"

/* m-type SLASH m-subtype */
static bool scan_types(struct scan *s, struct sip_media_type *media)
{
    return sip_scan_token(s, &media->type) && sip_scan_around(s, '/', SIP_BAD_TOKEN) &&
           sip_scan_token(s, &media->subtype);
}

/* m-parameter = m-attribute EQUAL m-value
 * m-value     = token / quoted-string */
static bool scan_m_parameter(struct scan *s, struct sip_param *param)
{
    if (!sip_scan_param_name(s, &param->name) || !sip_scan_around(s, '=', SIP_BAD_PARAMETER))
        return false;
    return sip_scan_token_or_quoted(s, &param->value) ||
           sip_scan_no(s, s->wrong, s->reason == SIP_BAD_TOKEN ? SIP_BAD_PARAMETER : s->reason);
}

/* Without parameters {NULL, 0}, else from the first name to the end. */
static void extend(struct sip_str *params, struct sip_str name, const struct scan *s)
{
    if (!params->at)
        params->at = name.at;
    params->len = s->at - (size_t)(params->at - s->base);
}

/* media-type = m-type SLASH m-subtype *(SEMI m-parameter) (§20.15) */
int sip_media_type_parse(struct sip_media_type *media, struct sip_str value,
                         struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_media_type got = {0};
    struct sip_param param;

    if (!scan_types(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_CONTENT_TYPE, fault);
    while (s.at < s.len) {
        if (!scan_m_parameter(&s, &param))
            return sip_scan_refuse(&s, SIP_HEADER_CONTENT_TYPE, fault);
        extend(&got.params, param.name, &s);
    }
    *media = got;
    return 0;
}

/* accept-range = media-range *(SEMI accept-param)
 * media-range  = ( "*" "/" "*" / m-type SLASH "*" / m-type SLASH m-subtype ) *( SEMI m-parameter )
 * accept-param = ("q" EQUAL qvalue) / generic-param                                      (§20.1) */
int sip_media_range_parse(struct sip_media_type *range, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_media_type got = {0};
    struct sip_param param;

    if (!scan_types(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_ACCEPT, fault);
    if (sip_str_is(got.type, "*") && !sip_str_is(got.subtype, "*")) {
        sip_scan_no(&s, (size_t)(got.subtype.at - s.base), SIP_BAD_TOKEN);
        return sip_scan_refuse(&s, SIP_HEADER_ACCEPT, fault);
    }
    while (s.at < s.len) {
        if (!sip_scan_param(&s, &param))
            return sip_scan_refuse(&s, SIP_HEADER_ACCEPT, fault);
        if (sip_str_is(param.name, "q") && sip_qvalue(param.value) < 0) {
            sip_scan_no(&s, param.value.at ? (size_t)(param.value.at - s.base) : s.at,
                        SIP_BAD_NUMBER);
            return sip_scan_refuse(&s, SIP_HEADER_ACCEPT, fault);
        }
        extend(&got.params, param.name, &s);
    }
    *range = got;
    return 0;
}

/* token *( SEMI generic-param ): disp-type (§20.11), Event (RFC 6665 §8.4), Reason (RFC 3326 §2). */
int sip_token_value_parse(struct sip_token_value *value, struct sip_str text,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(text);
    struct sip_token_value got = {0};

    if (!sip_scan_token(&s, &got.token) || !sip_scan_params(&s, &got.params))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *value = got;
    return 0;
}
