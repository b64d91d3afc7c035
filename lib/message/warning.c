#include "message/scan.h"
#include "sip/fields.h"

/* warn-code = 3DIGIT, the first of them not 0 (§20.43). */
static bool scan_code(struct scan *s, uint16_t *code)
{
    unsigned sum = 0;

    for (size_t i = 0; i < 3; i++) {
        int c = sip_scan_byte(s, s->at + i);
        if (!sip_scan_is(c, SCAN_DIGIT) || (i == 0 && c == '0'))
            return sip_scan_no(s, s->at + i, SIP_BAD_NUMBER);
        sum = sum * 10 + (unsigned)(c - '0');
    }
    *code = (uint16_t)sum;
    s->at += 3;
    return true;
}

/* warn-agent = hostport / pseudonym, and pseudonym = token. */
static bool scan_agent(struct scan *s, struct sip_str *agent)
{
    struct scan name = *s;
    struct sip_str host = {NULL, 0};
    uint16_t port = 0;

    if (sip_scan_peek(s) != '[' && (!sip_scan_token(&name, agent) || sip_scan_peek(&name) != ':')) {
        if (name.at == s->at)
            return sip_scan_blame(s, &name);
        *s = name;
        return true;
    }
    size_t from = s->at;
    if (!sip_scan_hostport(s, &host, &port))
        return false;
    sip_scan_since(s, from, agent);
    return true;
}

/* warning-value = warn-code SP warn-agent SP warn-text
 * warn-text     = quoted-string
 * Any LWS may stand for SP (§25.1), as in all header values. */
int sip_warning_parse(struct sip_warning *warning, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_warning got = {0};

    if (!scan_code(&s, &got.code) || !sip_scan_lws(&s, SIP_BAD_NUMBER) ||
        !scan_agent(&s, &got.agent) || !sip_scan_lws(&s, SIP_BAD_TOKEN) ||
        !sip_scan_quoted(&s, &got.text) || !sip_scan_end(&s, SIP_TRAILING))
        return sip_scan_refuse(&s, SIP_HEADER_WARNING, fault);
    *warning = got;
    return 0;
}
