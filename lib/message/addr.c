#include "sip/addr.h"

#include "base/memory.h"
#include "message/scan.h"

#define GROUPS 8

/* fe80::/10 (RFC 4291 §2.5.6) */
static bool is_link_local(const struct sip_addr *addr)
{
    return addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80;
}

/* [ "%" zone ] of a link-local address (RFC 4007 §11), up to a "]" or the end. RFC 5954 has none in
 * SIP, but softphones write it, and only it says where to send. `*named` for a zone that is no
 * number: which interface that is only the host can find out. */
static bool scan_zone(struct scan *s, struct sip_addr *addr, bool *named)
{
    struct sip_str zone = {NULL, 0};
    struct scan number;

    if (sip_scan_peek(s) != '%' || !is_link_local(addr))
        return true;
    s->at++;
    if (!sip_scan_token(s, &zone))
        return false;
    number = sip_scan_part(s, zone);
    *named = !sip_scan_number(&number, UINT32_MAX, &addr->scope) || number.at < number.len;
    return true;
}

int sip_addr_parse(struct sip_addr *addr, struct sip_str host)
{
    struct scan s = sip_scan_of(host);
    struct sip_addr got = {0};
    struct sip_str name = {NULL, 0};
    bool bracket = sip_scan_peek(&s) == '[', named = false;

    if (!bracket && sip_scan_ipv4(&s, got.bytes) && s.at == s.len) {
        got.family = SIP_IPV4;
        *addr = got;
        return 0;
    }
    s.at = bracket ? 1 : 0;
    if (sip_scan_ipv6(&s, got.bytes) && scan_zone(&s, &got, &named) &&
        (!bracket || sip_scan_char(&s, ']', SIP_BAD_HOST)) && s.at == s.len) {
        if (named)
            return SIP_ENAME;
        got.family = SIP_IPV6;
        *addr = got;
        return 0;
    }
    s.at = 0;
    return sip_scan_host(&s, &name) && s.at == s.len ? SIP_ENAME : SIP_EINVAL;
}

/* Text of at most SIP_ADDR_TEXT bytes on its way out. */
struct text {
    char *out;
    size_t len;
};

static void put(struct text *text, char c)
{
    if (text->len < SIP_ADDR_TEXT)
        text->out[text->len++] = c;
}

/* A byte in decimal, without leading zeros. */
static void put_octet(struct text *text, unsigned octet)
{
    if (octet >= 100)
        put(text, (char)('0' + octet / 100 % 10));
    if (octet >= 10)
        put(text, (char)('0' + octet / 10 % 10));
    put(text, (char)('0' + octet % 10));
}

/* Sixteen bits in hexadecimal, without leading zeros. */
static void put_group(struct text *text, unsigned group)
{
    for (unsigned shift = 12; shift > 0; shift -= 4)
        if (group >> shift)
            put(text, "0123456789abcdef"[group >> shift & 15]);
    put(text, "0123456789abcdef"[group & 15]);
}

static void put_ipv4(struct text *text, const uint8_t *bytes)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            put(text, '.');
        put_octet(text, bytes[i]);
    }
}

static unsigned group_of(const struct sip_addr *addr, unsigned i)
{
    return (unsigned)addr->bytes[2 * i] << 8 | addr->bytes[2 * i + 1];
}

/* The run of zero groups that "::" replaces: the longest, the first of equals, two at least
 * (RFC 5952 §4.2). */
static unsigned find_gap(const struct sip_addr *addr, unsigned *len)
{
    unsigned gap = GROUPS, longest = 1, run = 0;

    for (unsigned i = 0; i < GROUPS; i++) {
        run = group_of(addr, i) == 0 ? run + 1 : 0;
        if (run > longest) {
            longest = run;
            gap = i + 1 - run;
        }
    }
    *len = gap < GROUPS ? longest : 0;
    return gap;
}

/* RFC 5952 §4: lower case, no leading zeros, the longest run shortened. */
static void put_ipv6(struct text *text, const struct sip_addr *addr)
{
    unsigned len = 0, gap = find_gap(addr, &len), i = 0;

    while (i < GROUPS) {
        if (i == gap) {
            put(text, ':');
            put(text, ':');
            i += len;
            continue;
        }
        if (i > 0 && i != gap + len)
            put(text, ':');
        put_group(text, group_of(addr, i));
        i++;
    }
}

size_t sip_addr_text(const struct sip_addr *addr, char *out)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct text text = {out, 0};

    if (addr->family == SIP_IPV4) {
        put_ipv4(&text, addr->bytes);
    } else if (addr->family == SIP_IPV6 && memcmp(addr->bytes, mapped, sizeof mapped) == 0) {
        for (size_t i = 0; i < 7; i++) /* RFC 5952 §5: an IPv4-mapped one shows the IPv4 address */
            put(&text, "::ffff:"[i]);
        put_ipv4(&text, addr->bytes + 12);
    } else if (addr->family == SIP_IPV6) {
        put_ipv6(&text, addr);
    }
    return text.len;
}

bool sip_addr_equal(const struct sip_addr *a, const struct sip_addr *b)
{
    size_t len = a->family == SIP_IPV4 ? 4 : a->family == SIP_IPV6 ? 16 : 0;

    return a->family == b->family && a->port == b->port && a->scope == b->scope &&
           memcmp(a->bytes, b->bytes, len) == 0;
}
