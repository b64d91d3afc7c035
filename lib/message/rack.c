#include "message/known.h"
#include "sip/fields_event.h"

/* RAck          =  response-num LWS CSeq-num LWS Method
 * response-num  =  1*DIGIT, 1 to 2**32 - 1 (§7.1); CSeq-num as in CSeq         (RFC 3262 §7.2) */
int sip_rack_parse(struct sip_rack *rack, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_rack got = {0};

    if (!sip_scan_number(&s, UINT32_MAX, &got.rseq) ||
        (got.rseq == 0 && !sip_scan_no(&s, s.at, SIP_BAD_NUMBER)) ||
        !sip_scan_lws(&s, SIP_BAD_TOKEN) || !sip_scan_number(&s, SIP_CSEQ_MAX, &got.cseq.number) ||
        !sip_scan_lws(&s, SIP_BAD_TOKEN) || !sip_scan_token(&s, &got.cseq.method_name) ||
        !sip_scan_end(&s, SIP_BAD_TOKEN))
        return sip_scan_refuse(&s, SIP_HEADER_RACK, fault);
    got.cseq.method = sip_method_of(got.cseq.method_name);
    *rack = got;
    return 0;
}

void sip_write_rack(struct sip_writer *writer, const struct sip_rack *rack)
{
    struct sip_str method = rack->cseq.method_name;

    sip_write_decimal(writer, rack->rseq);
    sip_write_text(writer, " ");
    sip_write_decimal(writer, rack->cseq.number);
    sip_write_text(writer, " ");
    sip_write_first(writer, method,
                    rack->rseq > 0 && rack->cseq.number <= SIP_CSEQ_MAX &&
                        sip_scan_whole(method, sip_scan_token));
}
