#include "base/bytes.h"
#include "message/scan.h"
#include "sip/multipart.h"

static const struct sip_str version = {"sip/2.0", 7};

/* The end of the line that begins at `at`: its CRLF or the end of the text. */
static size_t line_end(const struct scan *s, size_t at)
{
    while (at < s->len && sip_scan_byte(s, at) != '\r' && sip_scan_byte(s, at) != '\n')
        at++;
    return at;
}

/* Behind the CRLF at `at`, or the end when nothing is there. SCAN_NOWHERE for what is neither. */
static size_t behind_line(const struct scan *s, size_t at)
{
    if (at >= s->len)
        return s->len;
    return sip_scan_byte(s, at) == '\r' && sip_scan_byte(s, at + 1) == '\n' ? at + 2 : SCAN_NOWHERE;
}

/* Status-Line = SIP-Version SP Status-Code SP Reason-Phrase, in `line`. */
static bool scan_status(struct scan *line, struct sip_fragment *fragment)
{
    unsigned status = 0;
    size_t from = ++line->at;

    for (; line->at < from + 3; line->at++) {
        if (!sip_scan_is(sip_scan_peek(line), SCAN_DIGIT))
            return sip_scan_no(line, line->at, SIP_BAD_STATUS);
        status = status * 10 + (unsigned)(sip_scan_peek(line) - '0');
    }
    if (status < 100 || status > 699)
        return sip_scan_no(line, from, SIP_BAD_STATUS);
    if (!sip_scan_char(line, ' ', SIP_BAD_STATUS) && line->at < line->len)
        return false;
    fragment->status = (uint16_t)status;
    fragment->reason = sip_scan_slice(line, line->at, line->len);
    return true;
}

/* Request-Line = Method SP Request-URI SP SIP-Version, in `line`, of which the end is known. */
static bool scan_request(struct scan *line, struct sip_fragment *fragment)
{
    size_t from, end = line->len - 8;

    if (!sip_scan_token(line, &fragment->method_name))
        return sip_scan_no(line, line->wrong, SIP_BAD_METHOD);
    if (!sip_scan_char(line, ' ', SIP_BAD_METHOD))
        return false;
    from = line->at;
    while (line->at < end && sip_scan_byte(line, line->at) != ' ')
        line->at++;
    if (line->at == from || line->at != end)
        return sip_scan_no(line, line->at, SIP_BAD_START_LINE);
    fragment->uri = sip_scan_slice(line, from, end);
    return true;
}

/* True when `line` ends in SP SIP-Version. */
static bool ends_in_version(const struct scan *line)
{
    return line->len >= 8 && sip_scan_byte(line, line->len - 8) == ' ' &&
           sip_scan_same(line, sip_scan_slice(line, line->len - 7, line->len), version);
}

/* [ start-line ] */
static bool scan_start(struct scan *s, struct sip_fragment *fragment)
{
    size_t end = line_end(s, 0), next = behind_line(s, end);
    struct scan line = sip_scan_within(s, 0, end);
    bool status = end >= 8 && sip_scan_byte(s, 7) == ' ' &&
                  sip_scan_same(s, sip_scan_slice(s, 0, 7), version);

    if (!status && !ends_in_version(&line))
        return true;
    line.at = status ? 7 : 0;
    if (!(status ? scan_status(&line, fragment) : scan_request(&line, fragment)))
        return sip_scan_blame(s, &line);
    if (next > s->len)
        return sip_scan_no(s, end, SIP_BAD_LINE_END);
    s->at = next;
    return true;
}

/* A last header line without its CRLF: name, colon, and a value without control bytes. */
static bool is_cut_line(struct scan s)
{
    struct sip_str name = {NULL, 0};

    if (!sip_scan_token(&s, &name) || sip_scan_byte(&s, sip_scan_span(&s, s.at, SCAN_WSP)) != ':')
        return false;
    for (; s.at < s.len; s.at++)
        if ((sip_scan_peek(&s) < ' ' && sip_scan_peek(&s) != '\t') || sip_scan_peek(&s) == 0x7f)
            return false;
    return true;
}

int sip_fragment_parse(struct sip_fragment *fragment, struct sip_str body, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(body);
    struct sip_fragment got = {0};
    struct sip_line line;
    size_t from, head;

    if (s.len == 0 || !scan_start(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    from = s.at;
    while (sip_scan_line(&s, &line))
        ;
    head = s.at;
    if (head < s.len && is_cut_line(s)) {
        head = s.len;
    } else if (sip_scan_byte(&s, head) == '\r' && sip_scan_byte(&s, head + 1) == '\n') {
        got.body = sip_scan_slice(&s, head + 2, s.len);
    } else if (head < s.len) {
        sip_scan_no(&s, head, SIP_BAD_HEADER_NAME);
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    }
    got.head = sip_scan_slice(&s, from, head);
    *fragment = got;
    return 0;
}
