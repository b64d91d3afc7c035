#include "message/scan.h"

#include "base/bytes.h"
#include "message/wide.h"
#if SIP_OPTIMIZE_SIZE
#include "message/scan_hot.h"
#endif

/* Rows of the table: what letters, digits and marks are in. */
#define UNRESERVED (SCAN_USER | SCAN_PASSWORD | SCAN_PARAM | SCAN_HNV | SCAN_URIC)
#define TEXT       (SCAN_QDTEXT | SCAN_CTEXT)
#define ALNUM      (UNRESERVED | TEXT | SCAN_LABEL | SCAN_HOST | SCAN_TOKEN | SCAN_WORD | SCAN_SCHEME)
#define DIGIT      (ALNUM | SCAN_DIGIT | SCAN_HEX)
#define HEX        (ALNUM | SCAN_ALPHA | SCAN_HEX)
#define ALPHA      (ALNUM | SCAN_ALPHA)
#define TOKEN      (TEXT | SCAN_TOKEN | SCAN_WORD)

/* RFC 3261 §25.1, each rule a bit. */
/* clang-format off */
const uint16_t sip_scan_classes[SCAN_BYTES] = {
    ['\t'] = TEXT | SCAN_WSP,
    [' '] = TEXT | SCAN_WSP,
    ['!'] = TOKEN | UNRESERVED,
    ['"'] = SCAN_CTEXT | SCAN_WORD,
    ['#'] = TEXT,
    ['$'] = TEXT | UNRESERVED,
    ['%'] = TOKEN,
    ['&'] = TEXT | SCAN_USER | SCAN_PASSWORD | SCAN_PARAM | SCAN_URIC,
    ['\''] = TOKEN | UNRESERVED,
    ['('] = SCAN_QDTEXT | SCAN_WORD | UNRESERVED,
    [')'] = SCAN_QDTEXT | SCAN_WORD | UNRESERVED,
    ['*'] = TOKEN | UNRESERVED,
    ['+'] = TOKEN | UNRESERVED | SCAN_SCHEME,
    [','] = TEXT | SCAN_USER | SCAN_PASSWORD | SCAN_URIC,
    ['-'] = TOKEN | UNRESERVED | SCAN_SCHEME | SCAN_LABEL | SCAN_HOST,
    ['.'] = TOKEN | UNRESERVED | SCAN_SCHEME | SCAN_HOST,
    ['/'] = TEXT | SCAN_WORD | SCAN_USER | SCAN_PARAM | SCAN_HNV | SCAN_URIC,
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT,
    ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
    [':'] = TEXT | SCAN_WORD | SCAN_PARAM | SCAN_HNV | SCAN_URIC,
    [';'] = TEXT | SCAN_USER | SCAN_URIC,
    ['<'] = TEXT | SCAN_WORD,
    ['='] = TEXT | SCAN_USER | SCAN_PASSWORD | SCAN_URIC,
    ['>'] = TEXT | SCAN_WORD,
    ['?'] = TEXT | SCAN_WORD | SCAN_USER | SCAN_HNV | SCAN_URIC,
    ['@'] = TEXT | SCAN_URIC,
    ['A'] = HEX, ['B'] = HEX, ['C'] = HEX, ['D'] = HEX, ['E'] = HEX, ['F'] = HEX,
    ['G'] = ALPHA, ['H'] = ALPHA, ['I'] = ALPHA, ['J'] = ALPHA, ['K'] = ALPHA,
    ['L'] = ALPHA, ['M'] = ALPHA, ['N'] = ALPHA, ['O'] = ALPHA, ['P'] = ALPHA,
    ['Q'] = ALPHA, ['R'] = ALPHA, ['S'] = ALPHA, ['T'] = ALPHA, ['U'] = ALPHA,
    ['V'] = ALPHA, ['W'] = ALPHA, ['X'] = ALPHA, ['Y'] = ALPHA, ['Z'] = ALPHA,
    ['['] = TEXT | SCAN_WORD | SCAN_PARAM | SCAN_HNV,
    ['\\'] = SCAN_WORD,
    [']'] = TEXT | SCAN_WORD | SCAN_PARAM | SCAN_HNV,
    ['^'] = TEXT,
    ['_'] = TOKEN | UNRESERVED,
    ['`'] = TOKEN,
    ['a'] = HEX, ['b'] = HEX, ['c'] = HEX, ['d'] = HEX, ['e'] = HEX, ['f'] = HEX,
    ['g'] = ALPHA, ['h'] = ALPHA, ['i'] = ALPHA, ['j'] = ALPHA, ['k'] = ALPHA,
    ['l'] = ALPHA, ['m'] = ALPHA, ['n'] = ALPHA, ['o'] = ALPHA, ['p'] = ALPHA,
    ['q'] = ALPHA, ['r'] = ALPHA, ['s'] = ALPHA, ['t'] = ALPHA, ['u'] = ALPHA,
    ['v'] = ALPHA, ['w'] = ALPHA, ['x'] = ALPHA, ['y'] = ALPHA, ['z'] = ALPHA,
    ['{'] = TEXT | SCAN_WORD,
    ['|'] = TEXT,
    ['}'] = TEXT | SCAN_WORD,
    ['~'] = TOKEN | UNRESERVED,
};
/* clang-format on */

/* `part` and `word` have the same length. */
bool sip_scan_spells(const struct scan *s, struct sip_str part, struct sip_str word)
{
    size_t from = sip_scan_offset(s, part);

    for (size_t i = 0; i < word.len; i++) {
        int byte = sip_scan_byte(s, from + i);
        if (byte != word.at[i] && sip_lower((char)byte) != word.at[i])
            return false;
    }
    return true;
}

struct scan sip_scan_within(const struct scan *s, size_t from, size_t to)
{
    struct scan within = {s->base, to < s->len ? to : s->len, from, 0, SIP_REASON_NONE, 0, 0};

    return within;
}

struct scan sip_scan_part(const struct scan *s, struct sip_str part)
{
    size_t from = sip_scan_offset(s, part);

    return sip_scan_within(s, from, from + part.len);
}

bool sip_scan_blame(struct scan *s, const struct scan *part)
{
    return sip_scan_no(s, part->wrong, part->reason);
}

int sip_scan_blamed(struct sip_fault *fault, enum sip_header header, enum sip_reason reason,
                    size_t offset)
{
    if (fault) {
        fault->reason = reason;
        fault->header = header;
        fault->offset = (uint32_t)offset;
    }
    return SIP_EBAD;
}

/* escaped = "%" HEXDIG HEXDIG, the first of the text at `i`. */
bool sip_scan_escapes(struct scan *s, size_t i, unsigned classes, struct sip_str *text)
{
    while (sip_scan_byte(s, i) == '%') {
        if (!sip_scan_is(sip_scan_byte(s, i + 1), SCAN_HEX))
            return sip_scan_no(s, i + 1, SIP_BAD_ESCAPE);
        if (!sip_scan_is(sip_scan_byte(s, i + 2), SCAN_HEX))
            return sip_scan_no(s, i + 2, SIP_BAD_ESCAPE);
        i = sip_scan_span(s, i + 3, classes);
    }
    *text = sip_scan_slice(s, s->at, i);
    s->at = i;
    return true;
}

/* Behind the CRLF 1*WSP of a fold at `i`, or `i` when there is none. */
static size_t behind_fold(const struct scan *s, size_t i)
{
    if (sip_scan_byte(s, i) != '\r' || sip_scan_byte(s, i + 1) != '\n' ||
        !sip_scan_is(sip_scan_byte(s, i + 2), SCAN_WSP))
        return i;
    return sip_scan_span(s, i + 3, SCAN_WSP);
}

void sip_scan_white(struct scan *s)
{
    s->at = behind_fold(s, sip_scan_span(s, s->at, SCAN_WSP));
}

bool sip_scan_around_white(struct scan *s, char c, enum sip_reason reason)
{
    size_t from = s->at;

    sip_scan_sws(s);
    if (!sip_scan_char(s, c, reason)) {
        s->at = from;
        return false;
    }
    sip_scan_sws(s);
    return true;
}

bool sip_scan_ttl(struct scan *s)
{
    size_t from = s->at;
    uint32_t ttl = 0;

    if (!sip_scan_number(s, 255, &ttl))
        return false;
    if (s->at - from > 3) {
        s->at = from;
        return sip_scan_no(s, from + 3, SIP_BAD_NUMBER);
    }
    return true;
}

/* Behind the UTF8-NONASCII at `i`, SCAN_NOWHERE with the wrong byte noted when
 * it is none. */
static size_t behind_utf8(struct scan *s, size_t i)
{
    int lead = sip_scan_byte(s, i);
    size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf8 ? 3 : lead < 0xfc ? 4 : 5;

    if (lead < 0xc0 || lead > 0xfd) {
        sip_scan_no(s, i, SIP_BAD_UTF8);
        return SCAN_NOWHERE;
    }
    for (size_t k = 1; k <= more; k++) {
        int next = sip_scan_byte(s, i + k);
        if (next < 0x80 || next > 0xbf) {
            sip_scan_no(s, i + k, SIP_BAD_UTF8);
            return SCAN_NOWHERE;
        }
    }
    return i + 1 + more;
}

/* Behind what is longer than a byte in quotes and comments: a quoted-pair, a
 * fold, UTF8-NONASCII; SCAN_NOWHERE with the wrong byte noted when there is
 * none at `i`. */
static size_t behind_special(struct scan *s, size_t i)
{
    int c = sip_scan_byte(s, i);

    if (c >= 0x80)
        return behind_utf8(s, i);
    if (c == '\\') { /* quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F) */
        int next = sip_scan_byte(s, i + 1);
        if (next >= 0 && next < 0x80 && next != '\n' && next != '\r')
            return i + 2;
        sip_scan_no(s, i + 1, SIP_BAD_QUOTES);
        return SCAN_NOWHERE;
    }
    if (behind_fold(s, i) > i)
        return behind_fold(s, i);
    sip_scan_no(s, i, c < 0 ? SIP_BAD_QUOTES : SIP_BAD_CONTROL);
    return SCAN_NOWHERE;
}

/* 1*DIGIT of any length: the digit that makes it too large is the wrong one. */
bool sip_scan_long_number(struct scan *s, uint32_t max, uint32_t *number)
{
    size_t i = s->at;
    uint64_t sum = 0;

    for (int c = sip_scan_byte(s, i); c >= '0' && c <= '9'; c = sip_scan_byte(s, ++i)) {
        sum = sum * 10 + (unsigned)(c - '0');
        if (sum > max)
            return sip_scan_no(s, i, SIP_BAD_NUMBER);
    }
    if (i <= s->at)
        return sip_scan_no(s, i, SIP_BAD_NUMBER);
    *number = (uint32_t)sum;
    s->at = i;
    return true;
}

/* The rest of a quoted-string, from a byte at `i` on that is no qdtext of one byte. */
bool sip_scan_quoted_odd(struct scan *s, size_t i, struct sip_str *text)
{
    while (sip_scan_byte(s, i) != '"') {
        i = behind_special(s, i);
        if (i > s->len)
            return false;
        i = sip_scan_span(s, i, SCAN_QDTEXT);
    }
    return sip_scan_take(s, i + 1, SIP_BAD_QUOTES, text);
}

/* comment  =  LPAREN *(ctext / quoted-pair / comment) RPAREN
 * ctext    =  %x21-27 / %x2A-5B / %x5D-7E / UTF8-NONASCII / LWS */
bool sip_scan_comment(struct scan *s, struct sip_str *text)
{
    size_t i = s->at, depth = 0;

    if (sip_scan_peek(s) != '(')
        return sip_scan_no(s, i, SIP_BAD_BRACKETS);
    do {
        int c = sip_scan_byte(s, i);
        if (c == '(') {
            depth++;
            i++;
        } else if (c == ')') {
            depth--;
            i++;
        } else {
            i = behind_special(s, i);
            if (i > s->len)
                return false;
        }
        if (depth > 0)
            i = sip_scan_span(s, i, SCAN_CTEXT);
    } while (depth > 0);
    return sip_scan_take(s, i, SIP_BAD_QUOTES, text);
}

bool sip_scan_params(struct scan *s, struct sip_str *params)
{
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    size_t from = s->at;

    while (s->at < s->len) {
        if (!sip_scan_param(s, &param)) {
            s->at = from;
            return false;
        }
    }
    sip_scan_take_params(s, from, params);
    return true;
}

void sip_scan_take_spaced(const struct scan *s, size_t from, struct sip_str *params)
{
    struct scan begin = sip_scan_within(s, from, s->len);

    if (sip_scan_around(&begin, ';', SIP_TRAILING))
        *params = sip_scan_slice(s, begin.at, s->len);
}
