#include "message/known.h"

/* callid = word [ "@" word ] (§20.8) */
bool sip_scan_call_id(struct scan *s, struct sip_str *call_id)
{
    struct sip_str word = {NULL, 0};
    size_t from = s->at;

    if (!sip_scan_word(s, &word))
        return false;
    if (sip_scan_peek(s) == '@') {
        s->at++;
        if (!sip_scan_word(s, &word))
            return false;
    }
    sip_scan_since(s, from, call_id);
    return true;
}

SIP_FLAT int sip_call_id_parse(struct sip_str *call_id, struct sip_str value,
                               struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str got = {NULL, 0};

    if (!sip_scan_call_id(&s, &got) || !sip_scan_end(&s, SIP_BAD_TOKEN))
        return sip_scan_refuse(&s, SIP_HEADER_CALL_ID, fault);
    *call_id = value;
    return 0;
}
