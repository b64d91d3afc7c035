#include "message/uri_text.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "message/scan.h"
#include "sip/addr.h"
#include "sip/uri.h"

/* A URI with more parameters (or more headers) than this is equal to another only when theirs are
 * the same in the same order: so no two URIs take more than this times this comparisons. */
#define PAIRS_MAX 32

/* The value of the hexadecimal digit at `i`, -1 where there is none. */
static int hex_at(struct sip_str text, size_t i)
{
    unsigned char low = i < text.len ? sip_lower(text.at[i]) : 0;

    if (low >= '0' && low <= '9')
        return low - '0';
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* reserved = ";" / "/" / "?" / ":" / "@" / "&" / "=" / "+" / "$" / "," (RFC 2396) */
static bool is_reserved(unsigned byte)
{
    return byte != 0 && memchr(";/?:@&=+$,", (int)byte, 10) != NULL;
}

unsigned sip_uri_text_next(struct sip_str text, size_t *at)
{
    size_t i = *at;
    unsigned byte = i < text.len ? (unsigned char)text.at[i] : 0;

    *at = i + 1;
    if (byte == '%') {
        int high = hex_at(text, i + 1), low = hex_at(text, i + 2);
        if (high < 0 || low < 0)
            return byte;
        *at = i + 3;
        byte = (unsigned)high << 4 | (unsigned)low;
        if (is_reserved(byte))
            byte |= SIP_URI_ESCAPED;
    }
    return byte;
}

bool sip_uri_text_same(struct sip_str a, struct sip_str b, enum sip_case letters)
{
    size_t i = 0, k = 0;

    while (i < a.len && k < b.len) {
        unsigned one = sip_uri_text_next(a, &i), other = sip_uri_text_next(b, &k);
        if (letters == SIP_CASE_IGNORED && one < 0x80 && other < 0x80) {
            one = sip_lower((char)one);
            other = sip_lower((char)other);
        }
        if (one != other)
            return false;
    }
    return i >= a.len && k >= b.len;
}

static bool both_or_none(struct sip_str a, struct sip_str b)
{
    return !a.at == !b.at;
}

/* RFC 5954 §4.2: addresses are equal when their bytes are, however they are written. */
static bool hosts_equal(struct sip_str a, struct sip_str b)
{
    struct sip_addr one = {0}, other = {0};

    if (sip_addr_parse(&one, a) == 0 && sip_addr_parse(&other, b) == 0)
        return sip_addr_equal(&one, &other);
    return sip_str_same(a, b);
}

/* Takes the next "name=value" of a headers part. */
static bool headers_next(struct scan *s, struct sip_param *header)
{
    struct sip_str none = {NULL, 0};
    size_t equal = s->at, end = s->at;

    if (s->at >= s->len)
        return false;
    while (end < s->len && sip_scan_byte(s, end) != '&')
        end++;
    while (equal < end && sip_scan_byte(s, equal) != '=')
        equal++;
    header->name = sip_scan_slice(s, s->at, equal);
    header->value = equal < end ? sip_scan_slice(s, equal + 1, end) : none;
    s->at = end + 1;
    return true;
}

typedef bool next_pair(struct scan *s, struct sip_param *pair);

/* One side's parameters or headers. */
struct pairs {
    struct sip_param all[PAIRS_MAX];
    size_t count; /* PAIRS_MAX + 1: too many */
};

static void collect(struct pairs *pairs, struct sip_str text, next_pair *next)
{
    struct scan s = sip_scan_of(text);
    struct sip_param pair = {{NULL, 0}, {NULL, 0}};

    pairs->count = 0;
    while (next(&s, &pair)) {
        if (pairs->count >= PAIRS_MAX) {
            pairs->count = PAIRS_MAX + 1;
            return;
        }
        pairs->all[pairs->count++] = pair;
    }
}

static bool names_same(const struct sip_param *a, const struct sip_param *b)
{
    return sip_uri_text_same(a->name, b->name, SIP_CASE_IGNORED);
}

static bool values_same(const struct sip_param *a, const struct sip_param *b)
{
    return both_or_none(a->value, b->value) &&
           sip_uri_text_same(a->value, b->value, SIP_CASE_IGNORED);
}

/* maddr is a host, and RFC 5954 §4.2 speaks of hosts. */
static bool params_match(const struct sip_param *a, const struct sip_param *b)
{
    struct sip_str maddr = {"maddr", 5};

    if (a->value.at && b->value.at && sip_uri_text_same(a->name, maddr, SIP_CASE_IGNORED))
        return hosts_equal(a->value, b->value);
    return values_same(a, b);
}

/* §19.1.4: these never match a URI that does not have them, not even with their default value. */
static bool must_be_in_both(const struct sip_param *param)
{
    static const struct sip_str names[] = {
        {"transport", 9}, {"user", 4}, {"method", 6}, {"ttl", 3}, {"maddr", 5},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sip_uri_text_same(param->name, names[i], SIP_CASE_IGNORED))
            return true;
    return false;
}

/* True when each parameter of `a` finds its match in `b` or may be missing there. */
static bool params_within(const struct pairs *a, const struct pairs *b)
{
    for (size_t i = 0; i < a->count; i++) {
        bool found = false;
        for (size_t k = 0; k < b->count && !found; k++) {
            if (!names_same(&a->all[i], &b->all[k]))
                continue;
            found = true;
            if (!params_match(&a->all[i], &b->all[k]))
                return false;
        }
        if (!found && must_be_in_both(&a->all[i]))
            return false;
    }
    return true;
}

static bool params_equal(struct sip_str a, struct sip_str b)
{
    struct pairs left, right;

    if (sip_uri_text_same(a, b, SIP_CASE_IGNORED))
        return true;
    collect(&left, a, sip_scan_listed);
    collect(&right, b, sip_scan_listed);
    return left.count <= PAIRS_MAX && right.count <= PAIRS_MAX && params_within(&left, &right) &&
           params_within(&right, &left);
}

/* The body and a Call-ID (§20.8) are the values whose case counts (§7.3.1). */
static bool headers_match(const struct sip_param *a, const struct sip_param *b)
{
    static const struct sip_str exact[] = {{"body", 4}, {"call-id", 7}, {"i", 1}};

    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (sip_uri_text_same(a->name, exact[i], SIP_CASE_IGNORED))
            return sip_uri_text_same(a->value, b->value, SIP_CASE_MATTERS);
    return values_same(a, b);
}

/* How often `wanted` is in `pairs`, name and value. */
static size_t times_in(const struct pairs *pairs, const struct sip_param *wanted)
{
    size_t times = 0;

    for (size_t i = 0; i < pairs->count; i++)
        if (names_same(wanted, &pairs->all[i]) && headers_match(wanted, &pairs->all[i]))
            times++;
    return times;
}

/* §19.1.4: headers are never ignored; their order does not count. */
static bool headers_equal(struct sip_str a, struct sip_str b)
{
    struct pairs left, right;

    if (sip_uri_text_same(a, b, SIP_CASE_MATTERS))
        return true;
    collect(&left, a, headers_next);
    collect(&right, b, headers_next);
    if (left.count > PAIRS_MAX || left.count != right.count)
        return false;
    for (size_t i = 0; i < left.count; i++)
        if (times_in(&left, &left.all[i]) != times_in(&right, &left.all[i]))
            return false;
    return true;
}

/* Of other schemes only the case of the scheme does not count (RFC 3986 §6.2.2.1); for sip: and
 * sips: the rules are those of §19.1.4, in its order. */
bool sip_uri_equal(const struct sip_uri *a, const struct sip_uri *b)
{
    if (a->scheme != b->scheme)
        return false;
    if (a->scheme != SIP_SCHEME_SIP && a->scheme != SIP_SCHEME_SIPS)
        return sip_str_same(a->scheme_name, b->scheme_name) && sip_str_equal(a->rest, b->rest);
    return both_or_none(a->user, b->user) &&
           sip_uri_text_same(a->user, b->user, SIP_CASE_MATTERS) &&
           both_or_none(a->password, b->password) &&
           sip_uri_text_same(a->password, b->password, SIP_CASE_MATTERS) &&
           hosts_equal(a->host, b->host) && a->port == b->port &&
           params_equal(a->params, b->params) && headers_equal(a->headers, b->headers);
}
