#include "message/scan.h"
#include "sip/fields.h"

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
bool sip_scan_qvalue(struct scan *s, int *thousandths)
{
    int first = sip_scan_peek(s), sum = 0, unit = 1000;

    if (first != '0' && first != '1')
        return sip_scan_no(s, s->at, SIP_BAD_NUMBER);
    sum = (first - '0') * unit;
    s->at++;
    if (sip_scan_peek(s) == '.') {
        s->at++;
        for (int digits = 0; digits < 3 && sip_scan_is(sip_scan_peek(s), SCAN_DIGIT); digits++) {
            unit /= 10;
            sum += (sip_scan_peek(s) - '0') * unit;
            if (sum > 1000)
                return sip_scan_no(s, s->at, SIP_BAD_NUMBER);
            s->at++;
        }
    }
    *thousandths = sum;
    return sip_scan_end(s, SIP_BAD_NUMBER);
}

int sip_qvalue(struct sip_str value)
{
    struct scan s = sip_scan_of(value);
    int thousandths = 0;

    return sip_scan_qvalue(&s, &thousandths) ? thousandths : -1;
}
