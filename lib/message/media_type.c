#include "message/scan.h"
#include "sip/fields.h"

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

/* media-type = m-type SLASH m-subtype *(SEMI m-parameter) (§20.15) */
int sip_media_type_parse(struct sip_media_type *media, struct sip_str value,
                         struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_media_type got = {0};
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    size_t from;

    if (!scan_types(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_CONTENT_TYPE, fault);
    from = s.at;
    while (s.at < s.len)
        if (!scan_m_parameter(&s, &param))
            return sip_scan_refuse(&s, SIP_HEADER_CONTENT_TYPE, fault);
    sip_scan_take_params(&s, from, &got.params);
    *media = got;
    return 0;
}

/* accept-param = ("q" EQUAL qvalue) / generic-param */
static bool scan_accept_param(struct scan *s, struct sip_param *param)
{
    static const struct sip_str q = {"q", 1};
    struct scan value;
    int ignored = 0;

    if (!sip_scan_param(s, param))
        return false;
    if (!sip_scan_same(s, param->name, q))
        return true;
    if (!param->value.at)
        return sip_scan_no(s, s->at, SIP_BAD_PARAMETER);
    value = sip_scan_part(s, param->value);
    return sip_scan_qvalue(&value, &ignored) || sip_scan_blame(s, &value);
}

/* media-range = "*" SLASH "*" / m-type SLASH "*" / m-type SLASH m-subtype; "*" is a token too. */
static bool scan_media_range(struct scan *s, struct sip_media_type *range)
{
    static const struct sip_str star = {"*", 1};

    if (!scan_types(s, range))
        return false;
    return !sip_scan_same(s, range->type, star) || sip_scan_same(s, range->subtype, star) ||
           sip_scan_no(s, sip_scan_offset(s, range->subtype), SIP_BAD_TOKEN);
}

/* accept-range = media-range *( SEMI m-parameter ) *( SEMI accept-param ) (§20.1); an m-parameter
 * is a generic-param. */
int sip_media_range_parse(struct sip_media_type *range, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_media_type got = {0};
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    size_t from;

    if (!scan_media_range(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_ACCEPT, fault);
    from = s.at;
    while (s.at < s.len)
        if (!scan_accept_param(&s, &param))
            return sip_scan_refuse(&s, SIP_HEADER_ACCEPT, fault);
    sip_scan_take_params(&s, from, &got.params);
    *range = got;
    return 0;
}

/* token *( SEMI generic-param ): disp-type (§20.11), Event (RFC 6665 §8.4), Reason (RFC 3326
 * §2). */
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
