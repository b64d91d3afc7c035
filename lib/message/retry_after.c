#include "message/scan.h"
#include "sip/fields.h"

/* retry-param = ("duration" EQUAL delta-seconds) / generic-param */
static bool take_duration(struct scan *s, const struct sip_param *param, uint32_t *seconds)
{
    static const struct sip_str name = {"duration", 8};
    struct scan value;

    if (!sip_scan_same(s, param->name, name))
        return true;
    if (!param->value.at)
        return sip_scan_no(s, s->at, SIP_BAD_PARAMETER);
    value = sip_scan_part(s, param->value);
    return (sip_scan_number(&value, UINT32_MAX, seconds) && sip_scan_end(&value, SIP_BAD_NUMBER)) ||
           sip_scan_blame(s, &value);
}

/* delta-seconds [ comment ], with the SWS around a comment. */
static bool scan_delay(struct scan *s, struct sip_retry_after *retry)
{
    size_t end;

    if (!sip_scan_number(s, UINT32_MAX, &retry->seconds))
        return false;
    end = s->at;
    sip_scan_sws(s);
    if (sip_scan_peek(s) != '(') {
        s->at = end;
        return true;
    }
    if (!sip_scan_comment(s, &retry->comment))
        return false;
    sip_scan_sws(s);
    return true;
}

/* Retry-After = delta-seconds [ comment ] *( SEMI retry-param ) (§20.33) */
int sip_retry_after_parse(struct sip_retry_after *retry, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_retry_after got = {0};
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    size_t from;

    if (!scan_delay(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_RETRY_AFTER, fault);
    from = s.at;
    while (s.at < s.len)
        if (!sip_scan_param(&s, &param) || !take_duration(&s, &param, &got.duration_s))
            return sip_scan_refuse(&s, SIP_HEADER_RETRY_AFTER, fault);
    sip_scan_take_params(&s, from, &got.params);
    *retry = got;
    return 0;
}
