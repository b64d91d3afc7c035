#include "message/scan.h"
#include "sip/fields.h"

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
int sip_qvalue(struct sip_str value)
{
    struct scan s = sip_scan_of(value);
    int first = sip_scan_byte(&s, 0), sum = 0, unit = 1000;

    if ((first != '0' && first != '1') || value.len > sizeof "0.000" - 1)
        return -1;
    if (value.len > 1 && sip_scan_byte(&s, 1) != '.')
        return -1;
    sum = (first - '0') * unit;
    for (size_t i = 2; i < value.len; i++) {
        int c = sip_scan_byte(&s, i);
        if (!sip_scan_is(c, SCAN_DIGIT))
            return -1;
        unit /= 10;
        sum += (c - '0') * unit;
    }
    return sum <= 1000 ? sum : -1;
}
