/* The bodies of the hot helpers of message/scan.h, which says what they do; included by it or by
 * scan.c, nowhere else. */

#include "message/wide.h"

SCAN_HOT struct scan sip_scan_of(struct sip_str text)
{
    struct scan s = {text.at, text.len, 0, 0, SIP_REASON_NONE, 0, 0};

    return s;
}

SCAN_HOT int sip_scan_byte(const struct scan *s, size_t i)
{
    return i >= s->len ? SCAN_END : (unsigned char)s->base[i];
}

SCAN_HOT int sip_scan_peek(const struct scan *s)
{
    return sip_scan_byte(s, s->at);
}

SCAN_HOT bool sip_scan_is(int byte, unsigned classes)
{
    return byte >= 0 && byte < SCAN_BYTES &&
           (sip_scan_classes[byte & (SCAN_BYTES - 1)] & classes) != 0;
}

SCAN_HOT size_t sip_scan_span(const struct scan *s, size_t from, unsigned classes)
{
    const unsigned char *bytes = (const unsigned char *)s->base;
    size_t i = from, len = s->len, fours = len > 3 ? len - 3 : 0;

    if (SIP_OPTIMIZE_SIZE) {
        while (sip_scan_is(sip_scan_byte(s, i), classes))
            i++;
        return i < len ? i : len;
    }
    for (; i < fours; i += 4) {
        if (!(sip_scan_classes[bytes[i]] & classes))
            return i;
        if (!(sip_scan_classes[bytes[i + 1]] & classes))
            return i + 1;
        if (!(sip_scan_classes[bytes[i + 2]] & classes))
            return i + 2;
        if (!(sip_scan_classes[bytes[i + 3]] & classes))
            return i + 3;
    }
    for (; i < len; i++)
        if (!(sip_scan_classes[bytes[i]] & classes))
            return i;
    return len;
}

SCAN_HOT size_t sip_scan_long_span(const struct scan *s, size_t from, unsigned classes)
{
    return sip_scan_span(s, sip_skip_plain(s->base, from, s->len), classes);
}

SCAN_HOT bool sip_scan_no(struct scan *s, size_t wrong, enum sip_reason reason)
{
    s->wrong = wrong;
    s->reason = reason;
    return false;
}

SCAN_HOT struct sip_str sip_scan_slice(const struct scan *s, size_t from, size_t to)
{
    struct sip_str slice = {s->base + from, to - from};

    return slice;
}

SCAN_HOT void sip_scan_since(const struct scan *s, size_t from, struct sip_str *text)
{
    *text = sip_scan_slice(s, from, s->at);
}

SCAN_HOT bool sip_scan_end(struct scan *s, enum sip_reason reason)
{
    return s->at >= s->len || sip_scan_no(s, s->at, reason);
}

SCAN_HOT bool sip_scan_stop(struct scan *s, int stop, enum sip_reason reason)
{
    int byte = sip_scan_peek(s);

    return byte == stop || sip_scan_no(s, s->at, byte == SCAN_END ? SIP_BAD_BRACKETS : reason);
}

SCAN_HOT size_t sip_scan_offset(const struct scan *s, struct sip_str part)
{
    return part.at ? (size_t)(part.at - s->base) : 0;
}

SCAN_HOT bool sip_scan_char(struct scan *s, char c, enum sip_reason reason)
{
    if (sip_scan_peek(s) != (unsigned char)c)
        return sip_scan_no(s, s->at, reason);
    s->at++;
    return true;
}

/* --- white space --- */

SCAN_HOT void sip_scan_sws(struct scan *s)
{
    struct scan copy, *rare;

    if (SIP_OPTIMIZE_SIZE) {
        sip_scan_white(s);
        return;
    }
    if (s->at >= s->len || s->base[s->at] > ' ')
        return;
    if (s->base[s->at] == ' ' && sip_scan_byte(s, s->at + 1) > ' ') {
        s->at++;
        return;
    }
    rare = sip_scan_lend(s, &copy);
    sip_scan_white(rare);
    sip_scan_follow(s, rare);
}

SCAN_HOT bool sip_scan_lws(struct scan *s, enum sip_reason reason)
{
    size_t from = s->at;

    sip_scan_sws(s);
    return s->at > from || sip_scan_no(s, from, reason);
}

SCAN_HOT bool sip_scan_around(struct scan *s, char c, enum sip_reason reason)
{
    int byte = sip_scan_peek(s);
    struct scan copy, *rare;
    bool good;

    if (SIP_OPTIMIZE_SIZE)
        return sip_scan_around_white(s, c, reason);
    if (byte == c && sip_scan_byte(s, s->at + 1) > ' ') {
        s->at++;
        return true;
    }
    if ((byte > ' ' && byte != c) || byte == SCAN_END)
        return sip_scan_no(s, s->at, reason);
    rare = sip_scan_lend(s, &copy);
    good = sip_scan_around_white(rare, c, reason);
    sip_scan_follow(s, rare);
    return good;
}

/* --- pieces --- */

SCAN_HOT bool sip_scan_take(struct scan *s, size_t end, enum sip_reason reason,
                            struct sip_str *text)
{
    if (end <= s->at)
        return sip_scan_no(s, s->at, reason);
    *text = sip_scan_slice(s, s->at, end);
    s->at = end;
    return true;
}

SCAN_HOT bool sip_scan_token(struct scan *s, struct sip_str *token)
{
    return sip_scan_take(s, sip_scan_span(s, s->at, SCAN_TOKEN), SIP_BAD_TOKEN, token);
}

SCAN_HOT bool sip_scan_long_token(struct scan *s, struct sip_str *token)
{
    return sip_scan_take(s, sip_scan_long_span(s, s->at, SCAN_TOKEN), SIP_BAD_TOKEN, token);
}

SCAN_HOT bool sip_scan_word(struct scan *s, struct sip_str *word)
{
    return sip_scan_take(s, sip_scan_long_span(s, s->at, SCAN_WORD), SIP_BAD_TOKEN, word);
}

SCAN_HOT bool sip_scan_escaped_any(struct scan *s, unsigned classes, struct sip_str *text)
{
    size_t end = sip_scan_span(s, s->at, classes);
    struct sip_str escaped = {NULL, 0};
    struct scan copy, *rare;
    bool good;

    if (sip_scan_byte(s, end) != '%') {
        *text = sip_scan_slice(s, s->at, end);
        s->at = end;
        return true;
    }
    if (SIP_OPTIMIZE_SIZE)
        return sip_scan_escapes(s, end, classes, text);
    rare = sip_scan_lend(s, &copy);
    good = sip_scan_escapes(rare, end, classes, &escaped);
    sip_scan_follow(s, rare);
    *text = escaped;
    return good;
}

SCAN_HOT bool sip_scan_escaped(struct scan *s, unsigned classes, enum sip_reason reason,
                               struct sip_str *text)
{
    size_t from = s->at;

    return sip_scan_escaped_any(s, classes, text) && (s->at > from || sip_scan_no(s, from, reason));
}

SCAN_HOT bool sip_scan_quoted(struct scan *s, struct sip_str *text)
{
    size_t i = s->at;
    struct sip_str odd = {NULL, 0};
    struct scan copy, *rare;
    bool good;

    if (sip_scan_peek(s) != '"')
        return sip_scan_no(s, i, SIP_BAD_QUOTES);
    i = sip_scan_long_span(s, i + 1, SCAN_QDTEXT);
    if (SIP_OPTIMIZE_SIZE)
        return sip_scan_quoted_odd(s, i, text);
    if (sip_scan_byte(s, i) == '"')
        return sip_scan_take(s, i + 1, SIP_BAD_QUOTES, text);
    rare = sip_scan_lend(s, &copy);
    good = sip_scan_quoted_odd(rare, i, &odd);
    sip_scan_follow(s, rare);
    *text = odd;
    return good;
}

SCAN_HOT bool sip_scan_token_or_quoted(struct scan *s, struct sip_str *value)
{
    if (sip_scan_peek(s) == '"')
        return sip_scan_quoted(s, value);
    return sip_scan_long_token(s, value);
}

SCAN_HOT bool sip_scan_same(const struct scan *s, struct sip_str part, struct sip_str word)
{
    struct scan copy;

    if (SIP_OPTIMIZE_SIZE || part.len != word.len)
        return SIP_OPTIMIZE_SIZE && sip_str_same(part, word);
    copy = sip_scan_copy(s);
    return sip_scan_spells(&copy, part, word);
}

SCAN_HOT int sip_scan_refuse(const struct scan *s, enum sip_header header, struct sip_fault *fault)
{
    if (s->len == 0)
        return sip_scan_blamed(fault, header, SIP_EMPTY_VALUE, 0);
    return sip_scan_blamed(fault, header, s->reason, s->wrong);
}

/* --- numbers --- */

SCAN_HOT bool sip_scan_number(struct scan *s, uint32_t max, uint32_t *number)
{
    size_t i = s->at;
    uint64_t sum = 0;
    uint32_t got = 0;
    struct scan copy, *rare;
    bool good;

    if (SIP_OPTIMIZE_SIZE)
        return sip_scan_long_number(s, max, number);
    for (int c = sip_scan_byte(s, i); c >= '0' && c <= '9'; c = sip_scan_byte(s, ++i))
        sum = sum * 10 + (unsigned)(c - '0');
    if (i > s->at && i - s->at < 16 && sum <= max) {
        *number = (uint32_t)sum;
        s->at = i;
        return true;
    }
    rare = sip_scan_lend(s, &copy);
    good = sip_scan_long_number(rare, max, &got);
    sip_scan_follow(s, rare);
    if (good)
        *number = got;
    return good;
}

SCAN_HOT bool sip_scan_port(struct scan *s, uint16_t *port)
{
    size_t from = s->at;
    uint32_t number = 0;

    if (!sip_scan_number(s, UINT16_MAX, &number))
        return sip_scan_no(s, s->wrong, SIP_BAD_PORT);
    if (number == 0) {
        sip_scan_no(s, s->at, SIP_BAD_PORT); /* zeros alone: a digit is missing */
        s->at = from;
        return false;
    }
    *port = (uint16_t)number;
    return true;
}

/* --- hosts --- */

/* dec-octet = DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35 (RFC 5954
 * §4.1): 0 to 255 without leading zeros. Returns where it ends, `i` when none begins there. */
static inline size_t sip_scan_octet(const struct scan *s, size_t i)
{
    unsigned first = (unsigned)sip_scan_byte(s, i) - '0', second, third;

    if (first > 9)
        return i;
    second = (unsigned)sip_scan_byte(s, i + 1) - '0';
    if (second > 9 || first == 0)
        return i + 1;
    third = (unsigned)sip_scan_byte(s, i + 2) - '0';
    if (third > 9 || first * 100 + second * 10 + third > 255)
        return i + 2;
    return i + 3;
}

/* IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet */
SCAN_HOT bool sip_scan_dotted(struct scan *s)
{
    size_t begin = s->at, i = sip_scan_octet(s, begin);

    SIP_UNROLL
    for (unsigned k = 1; k < 4; k++) {
        if (i == begin || sip_scan_byte(s, i) != '.')
            return sip_scan_no(s, i, SIP_BAD_HOST);
        begin = i + 1;
        i = sip_scan_octet(s, begin);
    }
    if (i == begin)
        return sip_scan_no(s, i, SIP_BAD_HOST);
    s->at = i;
    return true;
}

/* hostname     =  *( domainlabel "." ) toplabel [ "." ]
 * domainlabel  =  alphanum / alphanum *( alphanum / "-" ) alphanum
 * toplabel     =  ALPHA / ALPHA *( alphanum / "-" ) alphanum */
static inline bool sip_scan_hostname(struct scan *s, struct sip_str *host)
{
    bool top = false; /* the label before could be the toplabel */

    for (size_t i = s->at;;) {
        int first = sip_scan_byte(s, i);
        if (!sip_scan_is(first, SCAN_ALPHA | SCAN_DIGIT)) {
            if (!top)
                return sip_scan_no(s, i, SIP_BAD_HOST);
        } else {
            top = sip_scan_is(first, SCAN_ALPHA);
            i = sip_scan_span(s, i, SCAN_LABEL);
            if (sip_scan_byte(s, i - 1) == '-')
                return sip_scan_no(s, i, SIP_BAD_HOST);
            if (sip_scan_byte(s, i) == '.') {
                i++;
                continue;
            }
            if (!top)
                return sip_scan_no(s, i, SIP_BAD_HOST);
        }
        *host = sip_scan_slice(s, s->at, i);
        s->at = i;
        return true;
    }
}

#ifdef SIP_HAS_HOST_BITS

/* Where the host name at the cursor ends, if it is a good one of less than 32 bytes; else the cursor
 * itself, and sip_scan_hostname() decides. */
static inline size_t sip_scan_short_hostname(const struct scan *s)
{
    size_t at = s->at, last = s->len - 32, back = at > last ? at - last : 0;
    struct sip_host_bits bits;
    uint32_t others, ends, dots, marks;
    unsigned len;

    if (s->len < 32 || at >= s->len || back >= 32)
        return at;
    bits = sip_host_bits(s->base + (at - back));
    others = (bits.others >> back) | (back > 0 ? UINT32_C(1) << (32 - back) : 0);
    if (others == 0)
        return at;
    len = sip_lowest_bit(others);
    ends = UINT32_C(1) << len;
    dots = bits.dots >> back & (ends - 1);
    marks = dots | (bits.hyphens >> back & (ends - 1));
    /* No mark begins or ends a label: none at the beginning, beside a dot, or at the end. */
    if (len == 0 || (marks & (1 | dots << 1 | dots >> 1 | ends >> 1)))
        return at;
    return sip_scan_is(sip_scan_byte(s, at + sip_behind_highest_bit(dots)), SCAN_ALPHA) ? at + len
                                                                                        : at;
}

#endif

SCAN_HOT bool sip_scan_host(struct scan *s, struct sip_str *host)
{
    int first = sip_scan_peek(s);
    size_t from = s->at, end = from;
    struct sip_str reference = {NULL, 0};
    struct scan copy, *rare;
    bool good;

    if (first == '[' && SIP_OPTIMIZE_SIZE)
        return sip_scan_reference(s, host);
    if (first == '[') {
        rare = sip_scan_lend(s, &copy);
        good = sip_scan_reference(rare, &reference);
        sip_scan_follow(s, rare);
        *host = reference;
        return good;
    }
    if (sip_scan_is(first, SCAN_DIGIT)) {
        if (sip_scan_dotted(s) && !sip_scan_is(sip_scan_peek(s), SCAN_HOST)) {
            sip_scan_since(s, from, host);
            return true;
        }
        s->at = from;
    }
#ifdef SIP_HAS_HOST_BITS
    end = sip_scan_short_hostname(s);
#endif
    if (end > from) {
        s->at = end;
        *host = sip_scan_slice(s, from, end);
        return true;
    }
    return sip_scan_hostname(s, host);
}

SCAN_HOT bool sip_scan_hostport(struct scan *s, struct sip_str *host, uint16_t *port)
{
    size_t from = s->at;

    if (!sip_scan_host(s, host))
        return false;
    if (sip_scan_peek(s) != ':')
        return true;
    s->at++;
    if (!sip_scan_port(s, port)) {
        s->at = from;
        return false;
    }
    return true;
}

/* --- parameters --- */

#if SIP_OPTIMIZE_SIZE

SCAN_HOT size_t sip_scan_which(const struct scan *s, struct sip_str part,
                               const struct scan_word *words, size_t count)
{
    size_t i = 0;

    for (; i < count; i++) {
        struct sip_str word = {words[i].text, words[i].len};
        if (sip_scan_same(s, part, word))
            break;
    }
    return i;
}

#else

/* Eight bytes at most from `from` to `to`, bit 0x20 set in each, as letters of both cases are alike
 * then; zeros behind them. No other byte of a token or pname becomes one of a word by this. */
static inline uint64_t sip_scan_folded(const struct scan *s, size_t from, size_t to)
{
    size_t len = to - from;
    uint64_t word = 0;

    if (from < s->len && s->len - from >= 8) {
        word = sip_load_64(s->base + from) | SIP_EACH(0x20);
        return len >= 8 ? word : word & ~(SIP_EACH(0xff) << (8 * (len & 7)));
    }
    if (from < s->len && s->len >= 8) { /* the last eight, which reach back */
        word = (sip_load_64(s->base + (s->len - 8)) | SIP_EACH(0x20)) >>
               (8 * (8 - (s->len - from)) & 63);
        return word & ~(SIP_EACH(0xff) << (8 * (len & 7)));
    }
    for (size_t i = 0; i < len && i < 8; i++)
        word |= (uint64_t)((unsigned)sip_scan_byte(s, from + i) | 0x20) << (8 * i);
    return word;
}

SCAN_HOT size_t sip_scan_which(const struct scan *s, struct sip_str part,
                               const struct scan_word *words, size_t count)
{
    size_t from = sip_scan_offset(s, part), to = from + part.len, i = 0;
    uint64_t word = sip_scan_folded(s, from, to);

    SIP_UNROLL
    for (; i < count; i++)
        if (word == sip_load_64(words[i].text) && words[i].len == part.len &&
            (words[i].len <= 8 ||
             sip_scan_folded(s, from + 8, to) == sip_load_64(words[i].text + 7) >> 8))
            break;
    return i;
}

#endif

/* A hostname and an IPv4address are tokens too, so that only the IPv6reference is left of host. */
SCAN_HOT bool sip_scan_gen_value(struct scan *s, struct sip_str *value)
{
    int first = sip_scan_peek(s);

    if (sip_scan_is(first, SCAN_TOKEN)) /* nearly always; and if just one byte, then many of them */
        return SIP_OPTIMIZE_SIZE || sip_scan_is(sip_scan_byte(s, s->at + 1), SCAN_TOKEN)
                   ? sip_scan_long_token(s, value)
                   : sip_scan_take(s, s->at + 1, SIP_BAD_TOKEN, value);
    if (first == '[')
        return sip_scan_host(s, value);
    return sip_scan_token_or_quoted(s, value) ||
           sip_scan_no(s, s->wrong, s->reason == SIP_BAD_TOKEN ? SIP_BAD_PARAMETER : s->reason);
}

SCAN_HOT bool sip_scan_param_name(struct scan *s, struct sip_str *name)
{
    size_t from = s->at;

    if (!sip_scan_around(s, ';', SIP_TRAILING))
        return false;
    if (!sip_scan_token(s, name)) {
        s->at = from;
        return sip_scan_no(s, s->wrong, SIP_BAD_PARAMETER);
    }
    return true;
}

SCAN_HOT bool sip_scan_param_value(struct scan *s, struct sip_str *value)
{
    return !sip_scan_around(s, '=', SIP_TRAILING) || sip_scan_gen_value(s, value);
}

SCAN_HOT bool sip_scan_param(struct scan *s, struct sip_param *param)
{
    struct sip_param got = {{NULL, 0}, {NULL, 0}};
    size_t from = s->at;

    if (!sip_scan_param_name(s, &got.name))
        return false;
    if (!sip_scan_param_value(s, &got.value)) {
        s->at = from;
        return false;
    }
    *param = got;
    return true;
}

SCAN_HOT bool sip_scan_auth_param(struct scan *s, struct sip_param *param)
{
    struct sip_param got = {{NULL, 0}, {NULL, 0}};
    size_t from = s->at;

    if (!sip_scan_token(s, &got.name) || !sip_scan_around(s, '=', SIP_BAD_PARAMETER) ||
        !sip_scan_token_or_quoted(s, &got.value)) {
        s->at = from;
        return sip_scan_no(s, s->wrong, s->reason == SIP_BAD_TOKEN ? SIP_BAD_PARAMETER : s->reason);
    }
    *param = got;
    return true;
}

SCAN_HOT void sip_scan_take_params(const struct scan *s, size_t from, struct sip_str *params)
{
    struct sip_str spaced = *params;
    struct scan copy;

    if (from >= s->len)
        return;
    if (SIP_OPTIMIZE_SIZE) {
        sip_scan_take_spaced(s, from, params);
        return;
    }
    if (s->base[from] == ';' && sip_scan_byte(s, from + 1) > ' ') {
        *params = sip_scan_slice(s, from + 1, s->len);
        return;
    }
    copy = sip_scan_copy(s);
    sip_scan_take_spaced(&copy, from, &spaced);
    *params = spaced;
}
