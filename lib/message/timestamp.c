/* Timestamp and MIME-Version (§20.38, §20.24). */
#include "message/known.h"
#include "sip/fields_content.h"

/* [ "." *DIGIT ] */
static void scan_fraction(struct scan *s)
{
    if (sip_scan_peek(s) == '.')
        s->at = sip_scan_span(s, s->at + 1, SCAN_DIGIT);
}

/* 1*DIGIT [ "." *DIGIT ] */
static bool scan_time(struct scan *s, struct sip_str *time)
{
    size_t from = s->at, end = sip_scan_span(s, from, SCAN_DIGIT);

    if (end <= from)
        return sip_scan_no(s, from, SIP_BAD_NUMBER);
    s->at = end;
    scan_fraction(s);
    sip_scan_since(s, from, time);
    return true;
}

/* delay = *DIGIT [ "." *DIGIT ], up to the end */
static bool scan_delay(struct scan *s, struct sip_str *delay)
{
    size_t from = s->at;

    s->at = sip_scan_span(s, from, SCAN_DIGIT);
    scan_fraction(s);
    sip_scan_since(s, from, delay);
    return sip_scan_end(s, SIP_BAD_NUMBER);
}

/* Timestamp = 1*DIGIT [ "." *DIGIT ] [ LWS delay ] */
int sip_timestamp_parse(struct sip_timestamp *timestamp, struct sip_str value,
                        struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_timestamp got = {{NULL, 0}, {NULL, 0}};

    if (!scan_time(&s, &got.time))
        return sip_scan_refuse(&s, SIP_HEADER_TIMESTAMP, fault);
    if (s.at < s.len && (!sip_scan_lws(&s, SIP_BAD_NUMBER) || !scan_delay(&s, &got.delay)))
        return sip_scan_refuse(&s, SIP_HEADER_TIMESTAMP, fault);
    *timestamp = got;
    return 0;
}

void sip_write_timestamp(struct sip_writer *writer, const struct sip_timestamp *timestamp)
{
    sip_write_first(writer, timestamp->time, sip_scan_whole(timestamp->time, scan_time));
    if (timestamp->delay.len == 0)
        return;
    sip_write_text(writer, " ");
    sip_write_first(writer, timestamp->delay, sip_scan_whole(timestamp->delay, scan_delay));
}

/* MIME-Version = 1*DIGIT "." 1*DIGIT */
int sip_mime_version_parse(struct sip_mime_version *version, struct sip_str value,
                           struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_mime_version got = {0, 0};

    if (!sip_scan_number(&s, UINT32_MAX, &got.major) || !sip_scan_char(&s, '.', SIP_BAD_NUMBER) ||
        !sip_scan_number(&s, UINT32_MAX, &got.minor) || !sip_scan_end(&s, SIP_BAD_NUMBER))
        return sip_scan_refuse(&s, SIP_HEADER_MIME_VERSION, fault);
    *version = got;
    return 0;
}

void sip_write_mime_version(struct sip_writer *writer, const struct sip_mime_version *version)
{
    sip_write_decimal(writer, version->major);
    sip_write_text(writer, ".");
    sip_write_decimal(writer, version->minor);
}
