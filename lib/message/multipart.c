#include "base/memory.h"
#include "message/scan.h"
#include "sip/multipart.h"

#define BOUNDARY_MAX 70 /* RFC 2046 §5.1.1 */

static int refuse(struct sip_fault *fault, enum sip_reason reason, size_t offset)
{
    if (fault) {
        fault->reason = reason;
        fault->header = SIP_HEADER_OTHER;
        fault->offset = (uint32_t)offset;
    }
    return SIP_EBAD;
}

/* bchars = DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":" / "=" / "?"
 *        / SP */
static bool is_bchar(char c)
{
    return sip_scan_is((unsigned char)c, SCAN_ALPHA | SCAN_DIGIT) ||
           memchr("'()+_,-./:=? ", c, 13) != NULL;
}

/* boundary = 0*69<bchars> bcharsnospace, with or without quotes around it */
static bool take_boundary(struct sip_str value, struct sip_str *boundary)
{
    if (value.len >= 2 && value.at[0] == '"') {
        value.at++;
        value.len -= 2;
    }
    if (value.len == 0 || value.len > BOUNDARY_MAX || value.at[value.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (!is_bchar(value.at[i]))
            return false;
    *boundary = value;
    return true;
}

/* A delimiter: where its line begins, and what follows it. */
struct delimiter {
    size_t at;
    size_t behind;
    bool closes;
};

/* dash-boundary [ "--" ] transport-padding CRLF at the line that begins at `at`; the one that
 * closes may be the end. */
static bool is_delimiter(const struct sip_parts *parts, size_t at, struct delimiter *delimiter)
{
    struct scan s = sip_scan_of(parts->body);
    size_t len = parts->boundary.len;

    if (s.len - at < len + 2 || sip_scan_byte(&s, at) != '-' || sip_scan_byte(&s, at + 1) != '-' ||
        memcmp(parts->body.at + at + 2, parts->boundary.at, len) != 0)
        return false;
    delimiter->at = at;
    at += len + 2;
    delimiter->closes = sip_scan_byte(&s, at) == '-' && sip_scan_byte(&s, at + 1) == '-';
    at = sip_scan_span(&s, delimiter->closes ? at + 2 : at, SCAN_WSP);
    delimiter->behind = at + 2;
    if (at >= s.len)
        return delimiter->closes;
    return sip_scan_byte(&s, at) == '\r' && sip_scan_byte(&s, at + 1) == '\n';
}

/* The first delimiter whose line begins at `at` or behind it. */
static bool find_delimiter(const struct sip_parts *parts, size_t at, struct delimiter *delimiter)
{
    size_t len = parts->body.len;

    while (at < len) {
        const char *end;

        if (is_delimiter(parts, at, delimiter))
            return true;
        do { /* to the next line: behind a CRLF */
            end = memchr(parts->body.at + at, '\n', len - at);
            if (!end)
                return false;
            at = (size_t)(end - parts->body.at) + 1;
        } while (at < len && (at < 2 || parts->body.at[at - 2] != '\r'));
    }
    return false;
}

int sip_parts_begin(struct sip_parts *parts, const struct sip_media_type *type, struct sip_str body,
                    struct sip_fault *fault)
{
    struct sip_parts got = {{NULL, 0}, body, 0, false};
    struct delimiter first = {0, 0, false};

    if (!take_boundary(sip_params_find(type->params, "boundary"), &got.boundary))
        return refuse(fault, SIP_BAD_PARAMETER, 0);
    if (!find_delimiter(&got, 0, &first))
        return refuse(fault, SIP_BAD_MULTIPART, body.len);
    if (first.closes) /* §5.1.1: one part at least */
        return refuse(fault, SIP_BAD_MULTIPART, first.at);
    got.next = first.behind;
    *parts = got;
    return 0;
}

/* body-part = MIME-part-headers [ CRLF *OCTET ] from `at` to `end`. */
static void cut_part(const struct sip_parts *parts, size_t at, size_t end, struct sip_part *part)
{
    struct scan s = sip_scan_of(parts->body);
    struct scan within = sip_scan_within(&s, 0, end);
    struct sip_line line;
    size_t head;

    within.at = at;
    while (sip_scan_line(&within, &line))
        continue;
    head = within.at;
    part->head = sip_scan_slice(&within, at, head);
    if (sip_scan_byte(&within, head) == '\r' && sip_scan_byte(&within, head + 1) == '\n')
        head += 2;
    part->body = sip_scan_slice(&within, head, end);
}

int sip_parts_next(struct sip_parts *parts, struct sip_part *part, struct sip_fault *fault)
{
    struct delimiter next = {0, 0, false};
    size_t end;

    if (parts->over)
        return 0;
    if (!find_delimiter(parts, parts->next, &next))
        return refuse(fault, SIP_BAD_MULTIPART, parts->body.len);
    /* The CRLF before a delimiter is the delimiter's. */
    end = next.at >= parts->next + 2 ? next.at - 2 : parts->next;
    cut_part(parts, parts->next, end, part);
    parts->next = next.behind;
    parts->over = next.closes;
    return 1;
}
