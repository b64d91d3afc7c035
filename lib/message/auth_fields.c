#include "message/scan.h"
#include "sip/fields.h"

/* auth-param *(COMMA auth-param), up to the end. The named fields of Digest are auth-params too;
 * what their values mean is not looked at here. */
static bool scan_fields(struct scan *s, struct sip_str *fields)
{
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    size_t from = s->at;

    if (!sip_scan_auth_param(s, &param))
        return false;
    while (s->at < s->len)
        if (!sip_scan_around(s, ',', SIP_TRAILING) || !sip_scan_auth_param(s, &param))
            return false;
    *fields = sip_scan_slice(s, from, s->len);
    return true;
}

/* challenge    =  ("Digest" LWS digest-cln *(COMMA digest-cln)) / other-challenge       (§20.44)
 * credentials  =  ("Digest" LWS digest-response) / other-response                       (§20.7)
 *
 * All four are auth-scheme LWS auth-param *(COMMA auth-param). */
int sip_auth_parse(struct sip_auth *auth, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_auth got = {0};

    if (!sip_scan_token(&s, &got.scheme) || !sip_scan_lws(&s, SIP_BAD_TOKEN) ||
        !scan_fields(&s, &got.fields))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *auth = got;
    return 0;
}

/* ainfo *(COMMA ainfo), each of them an auth-param (§20.6). */
int sip_auth_info_parse(struct sip_auth *auth, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_auth got = {0};

    if (!scan_fields(&s, &got.fields))
        return sip_scan_refuse(&s, SIP_HEADER_AUTHENTICATION_INFO, fault);
    *auth = got;
    return 0;
}

bool sip_auth_next(struct sip_str *rest, struct sip_param *field)
{
    struct scan s = sip_scan_of(*rest);
    struct sip_param got = {{NULL, 0}, {NULL, 0}};

    if (!sip_scan_auth_param(&s, &got) || (s.at < s.len && !sip_scan_around(&s, ',', SIP_TRAILING)))
        return false;
    *field = got;
    *rest = sip_scan_slice(&s, s.at, s.len);
    return true;
}
