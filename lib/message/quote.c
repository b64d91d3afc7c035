#include "message/scan.h"
#include "sip/fields.h"

/* Behind the white space of a fold that begins at `i`, or `i`. */
static size_t behind_fold(const struct scan *s, size_t i)
{
    size_t end = i;

    if (sip_scan_byte(s, i) == '\r' && sip_scan_byte(s, i + 1) == '\n')
        end = sip_scan_span(s, i + 2, SCAN_WSP);
    return end > i + 2 ? end : i;
}

/* quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F) stands for its second byte, a fold for one SP
 * (§25.1, §7.3.1). */
long sip_unquote(struct sip_str value, char *out, size_t size)
{
    struct scan s = sip_scan_of(value);
    bool quoted =
        value.len >= 2 && sip_scan_peek(&s) == '"' && sip_scan_byte(&s, value.len - 1) == '"';
    size_t i = quoted ? 1 : 0, end = quoted ? value.len - 1 : value.len, used = 0;

    while (i < end) {
        int c = sip_scan_byte(&s, i);
        size_t fold = behind_fold(&s, i);
        if (fold > i) {
            c = ' ';
            i = fold;
        } else {
            if (quoted && c == '\\' && i + 1 < end)
                c = sip_scan_byte(&s, ++i);
            i++;
        }
        if (used >= size)
            return -1;
        out[used++] = (char)c;
    }
    return (long)used;
}
