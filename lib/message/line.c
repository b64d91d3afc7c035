/* Header lines by themselves: of a part of a body, of a message/sipfrag (RFC 3261 §7.3.1). */
#include "base/bytes.h"
#include "message/scan.h"
#include "sip/multipart.h"

/* Where the value that begins at `at` ends: before its CRLF, folds included. SCAN_NOWHERE without
 * one, or at a control byte. */
static size_t value_end(const struct scan *s, size_t at)
{
    for (; at < s->len; at++) {
        int c = sip_scan_byte(s, at);

        if (c == '\r') {
            if (sip_scan_byte(s, at + 1) != '\n')
                return SCAN_NOWHERE;
            if (!sip_scan_is(sip_scan_byte(s, at + 2), SCAN_WSP))
                return at;
            at += 2;
        } else if ((c < ' ' && c != '\t') || c == 0x7f) {
            return SCAN_NOWHERE;
        }
    }
    return SCAN_NOWHERE;
}

static bool is_edge(int c)
{
    return c <= ' ';
}

/* message-header = header-name *( SP / HTAB ) ":" SWS header-value CRLF */
bool sip_scan_line(struct scan *s, struct sip_line *line)
{
    size_t at = sip_scan_span(s, s->at, SCAN_TOKEN), end, next;
    struct sip_str name = sip_scan_slice(s, s->at, at);

    at = sip_scan_span(s, at, SCAN_WSP);
    if (name.len == 0 || sip_scan_byte(s, at) != ':')
        return false;
    at++;
    end = value_end(s, at);
    if (end > s->len)
        return false;
    next = end + 2;
    while (at < end && is_edge(sip_scan_byte(s, at)))
        at++;
    while (end > at && is_edge(sip_scan_byte(s, end - 1)))
        end--;
    line->id = sip_header_of(name);
    line->name = name;
    line->value = sip_scan_slice(s, at, end);
    s->at = next;
    return true;
}

bool sip_line_next(struct sip_str *rest, struct sip_line *line)
{
    struct scan s = sip_scan_of(*rest);

    if (!sip_scan_line(&s, line))
        return false;
    *rest = sip_scan_slice(&s, s.at, s.len);
    return true;
}

struct sip_str sip_lines_find(struct sip_str head, const char *name)
{
    struct sip_str none = {NULL, 0};
    struct scan s = sip_scan_of(head);
    struct sip_line line = {SIP_HEADER_OTHER, {NULL, 0}, {NULL, 0}};

    while (sip_scan_line(&s, &line))
        if (sip_str_is(line.name, name))
            return line.value;
    return none;
}
