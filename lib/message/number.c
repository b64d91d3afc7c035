#include "message/scan.h"
#include "sip/fields.h"

/* delta-seconds = 1*DIGIT; so are Content-Length (§20.14) and Max-Forwards (§20.22). */
SIP_FLAT int sip_number_parse(uint32_t *number, struct sip_str value, uint32_t max,
                              struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    uint32_t got = 0;

    if (!sip_scan_number(&s, max, &got) || !sip_scan_end(&s, SIP_BAD_NUMBER))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *number = got;
    return 0;
}
