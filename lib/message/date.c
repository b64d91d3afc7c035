#include "message/scan.h"
#include "sip/fields.h"

#include "base/bytes.h"

static const char weekdays[] = "MonTueWedThuFriSatSun";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* One of `count` names of three letters each, whatever their case; `*which` counts from 1. */
static bool scan_name(struct scan *s, const char *names, unsigned count, uint8_t *which)
{
    size_t longest = 0;

    for (unsigned i = 0; i < count; i++) {
        size_t same = 0;
        while (same < 3 && sip_scan_byte(s, s->at + same) >= 0 &&
               sip_lower((char)sip_scan_byte(s, s->at + same)) == sip_lower(names[3 * i + same]))
            same++;
        if (same == 3) {
            *which = (uint8_t)(i + 1);
            s->at += 3;
            return true;
        }
        if (same > longest)
            longest = same;
    }
    return sip_scan_no(s, s->at + longest, SIP_BAD_DATE);
}

/* Just `digits` of them, and a number from `min` to `max`. */
static bool scan_digits(struct scan *s, size_t digits, unsigned min, unsigned max, unsigned *number)
{
    unsigned sum = 0, unit = 1;

    for (size_t i = 1; i < digits; i++)
        unit *= 10;
    for (size_t i = 0; i < digits; i++, unit /= 10) {
        int c = sip_scan_byte(s, s->at + i);
        if (!sip_scan_is(c, SCAN_DIGIT))
            return sip_scan_no(s, s->at + i, SIP_BAD_DATE);
        sum += (unsigned)(c - '0') * unit;
        if (sum > max || sum + unit - 1 < min) /* whatever digits follow */
            return sip_scan_no(s, s->at + i, SIP_BAD_DATE);
    }
    *number = sum;
    s->at += digits;
    return true;
}

/* SP, for which any LWS may stand (§25.1). */
static bool scan_sp(struct scan *s)
{
    return sip_scan_lws(s, SIP_BAD_DATE);
}

/* date1 = 2DIGIT SP month SP 4DIGIT */
static bool scan_day(struct scan *s, struct sip_date *date)
{
    unsigned day = 0, year = 0;

    if (!scan_digits(s, 2, 1, 31, &day) || !scan_sp(s) || !scan_name(s, months, 12, &date->month) ||
        !scan_sp(s) || !scan_digits(s, 4, 0, 9999, &year))
        return false;
    date->day = (uint8_t)day;
    date->year = (uint16_t)year;
    return true;
}

/* time = 2DIGIT ":" 2DIGIT ":" 2DIGIT ; 00:00:00 - 23:59:59 */
static bool scan_time(struct scan *s, struct sip_date *date)
{
    unsigned hour = 0, minute = 0, second = 0;

    if (!scan_digits(s, 2, 0, 23, &hour) || !sip_scan_char(s, ':', SIP_BAD_DATE) ||
        !scan_digits(s, 2, 0, 59, &minute) || !sip_scan_char(s, ':', SIP_BAD_DATE) ||
        !scan_digits(s, 2, 0, 59, &second))
        return false;
    date->hour = (uint8_t)hour;
    date->minute = (uint8_t)minute;
    date->second = (uint8_t)second;
    return true;
}

/* rfc1123-date = wkday "," SP date1 SP time SP "GMT" (§20.17) */
int sip_date_parse(struct sip_date *date, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_date got = {0};
    uint8_t ignored = 0;

    if (!scan_name(&s, weekdays, 7, &ignored) || !sip_scan_char(&s, ',', SIP_BAD_DATE) ||
        !scan_sp(&s) || !scan_day(&s, &got) || !scan_sp(&s) || !scan_time(&s, &got) ||
        !scan_sp(&s) || !scan_name(&s, "GMT", 1, &ignored) || !sip_scan_end(&s, SIP_TRAILING))
        return sip_scan_refuse(&s, SIP_HEADER_DATE, fault);
    *date = got;
    return 0;
}
