#include "message/scan.h"
#include "sip/fields.h"

/* callid = word [ "@" word ] (§20.8) */
int sip_call_id_parse(struct sip_str *call_id, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str word = {NULL, 0};
    bool good = sip_scan_word(&s, &word);

    if (good && sip_scan_peek(&s) == '@') {
        s.at++;
        good = sip_scan_word(&s, &word);
    }
    if (!good || !sip_scan_end(&s, SIP_BAD_TOKEN))
        return sip_scan_refuse(&s, SIP_HEADER_CALL_ID, fault);
    *call_id = value;
    return 0;
}
