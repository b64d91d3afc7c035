#include "message/scan.h"
#include "sip/fields.h"

/* CSeq = 1*DIGIT LWS Method (§20.16). */
SIP_FLAT int sip_cseq_parse(struct sip_cseq *cseq, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_cseq got = {0};

    if (!sip_scan_number(&s, SIP_CSEQ_MAX, &got.number) || /* §8.1.1.5 */
        !sip_scan_lws(&s, SIP_BAD_TOKEN) || !sip_scan_token(&s, &got.method_name) ||
        !sip_scan_end(&s, SIP_BAD_TOKEN))
        return sip_scan_refuse(&s, SIP_HEADER_CSEQ, fault);
    got.method = sip_method_of(got.method_name);
    *cseq = got;
    return 0;
}
