#include "message/scan.h"

#define GROUPS 8 /* of 16 bits in an IPv6 address */

/* dec-octet = DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35 (RFC 5954
 * §4.1): 0 to 255 without leading zeros. Returns where it ends, `i` when none begins there. */
static inline size_t dec_octet(const struct scan *s, size_t i, uint8_t *octet)
{
    unsigned first = (unsigned)sip_scan_byte(s, i) - '0', second, third;

    if (first > 9)
        return i;
    *octet = (uint8_t)first;
    second = (unsigned)sip_scan_byte(s, i + 1) - '0';
    if (second > 9 || first == 0)
        return i + 1;
    second += first * 10;
    *octet = (uint8_t)second;
    third = (unsigned)sip_scan_byte(s, i + 2) - '0';
    if (third > 9 || second * 10 + third > 255)
        return i + 2;
    *octet = (uint8_t)(second * 10 + third);
    return i + 3;
}

/* IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet */
bool sip_scan_ipv4(struct scan *s, uint8_t bytes[4])
{
    size_t i = s->at;

    for (unsigned k = 0; k < 4; k++) {
        size_t begin = k > 0 ? i + 1 : i;

        if (k > 0 && sip_scan_byte(s, i) != '.')
            return sip_scan_no(s, i, SIP_BAD_HOST);
        i = dec_octet(s, begin, &bytes[k]);
        if (i == begin)
            return sip_scan_no(s, i, SIP_BAD_HOST);
    }
    s->at = i;
    return true;
}

/* h16 = 1*4HEXDIG */
static bool h16(struct scan *s, unsigned *group)
{
    unsigned sum = 0, digits = 0;

    for (; digits < 4; digits++) {
        int c = sip_scan_byte(s, s->at + digits);
        if (!sip_scan_is(c, SCAN_HEX))
            break;
        sum = sum << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (digits == 0)
        return sip_scan_no(s, s->at, SIP_BAD_HOST);
    *group = sum;
    s->at += digits;
    return true;
}

/* What has been read of an IPv6 address. */
struct groups {
    uint8_t bytes[2 * GROUPS];
    unsigned count;
    unsigned gap; /* how many groups stand before "::"; GROUPS + 1 without one */
};

/* How many groups may be written: "::" stands for one at least. */
static unsigned groups_max(const struct groups *got)
{
    return got->gap <= GROUPS ? GROUPS - 1 : GROUPS;
}

/* The next h16, or the IPv4address that may end the address in place of the last two. */
static bool next_group(struct scan *s, struct groups *got, bool *last)
{
    size_t from = s->at;
    unsigned group = 0, count = got->count, max = groups_max(got);

    *last = false;
    if (count >= max)
        return sip_scan_no(s, from, SIP_BAD_HOST);
    if (!h16(s, &group))
        return false;
    if (sip_scan_peek(s) == '.' && (max < GROUPS ? count <= max - 2 : count == max - 2)) {
        s->at = from;
        *last = true;
        got->count = count + 2;
        return sip_scan_ipv4(s, &got->bytes[2 * count]);
    }
    got->bytes[2 * count] = (uint8_t)(group >> 8);
    got->bytes[2 * count + 1] = (uint8_t)(group & 0xff);
    got->count = count + 1;
    return true;
}

/* Moves past "::", of which there may be one, in place of one group at least. */
static bool gap_here(struct scan *s, struct groups *got)
{
    if (got->gap <= GROUPS || got->count >= GROUPS || sip_scan_byte(s, s->at) != ':' ||
        sip_scan_byte(s, s->at + 1) != ':')
        return false;
    got->gap = got->count;
    s->at += 2;
    return true;
}

/* The groups in their order, up to the first byte that is no part of them. */
static bool all_groups(struct scan *s, struct groups *got)
{
    bool last = false;

    if (gap_here(s, got)) {
        if (!sip_scan_is(sip_scan_peek(s), SCAN_HEX))
            return true; /* "::" */
    } else if (sip_scan_peek(s) == ':') {
        return sip_scan_no(s, s->at + 1, SIP_BAD_HOST);
    }
    for (;;) {
        if (!next_group(s, got, &last))
            return false;
        if (last || sip_scan_peek(s) != ':')
            return true;
        if (gap_here(s, got)) {
            if (!sip_scan_is(sip_scan_peek(s), SCAN_HEX))
                return true;
        } else {
            if (got->count >= groups_max(got))
                return true;
            s->at++;
        }
    }
}

/* Spreads the groups over the address: those behind the gap stand at its end. */
static void spread(const struct groups *got, uint8_t bytes[2 * GROUPS])
{
    unsigned count = got->count <= GROUPS ? got->count : GROUPS;
    unsigned front = got->gap < count ? got->gap : count;

    for (unsigned i = 0; i < 2 * GROUPS; i++)
        bytes[i] = i < 2 * front ? got->bytes[i] : 0;
    for (unsigned back = 1; back <= 2 * (count - front) && back <= 2 * GROUPS; back++) {
        unsigned from = 2 * count - back;
        if (from < 2 * GROUPS)
            bytes[2 * GROUPS - back] = got->bytes[from];
    }
}

/* IPv6address   =                             6( h16 ":" ) ls32
 *                /                       "::" 5( h16 ":" ) ls32
 *                / [               h16 ] "::" 4( h16 ":" ) ls32
 *                / [ *1( h16 ":" ) h16 ] "::" 3( h16 ":" ) ls32
 *                / [ *2( h16 ":" ) h16 ] "::" 2( h16 ":" ) ls32
 *                / [ *3( h16 ":" ) h16 ] "::"    h16 ":"   ls32
 *                / [ *4( h16 ":" ) h16 ] "::"              ls32
 *                / [ *5( h16 ":" ) h16 ] "::"              h16
 *                / [ *6( h16 ":" ) h16 ] "::"
 * ls32          = ( h16 ":" h16 ) / IPv4address                              (RFC 5954 §4.1)
 *
 * That is: eight groups, or at most seven and "::" once for the others. */
bool sip_scan_ipv6(struct scan *s, uint8_t bytes[16])
{
    struct groups got = {{0}, 0, GROUPS + 1};
    size_t from = s->at;
    bool all = all_groups(s, &got);

    if (all && got.gap > GROUPS && got.count != GROUPS)
        all = sip_scan_no(s, s->at, SIP_BAD_HOST);
    if (!all) {
        s->at = from;
        return false;
    }
    spread(&got, bytes);
    return true;
}

/* hostname     =  *( domainlabel "." ) toplabel [ "." ]
 * domainlabel  =  alphanum / alphanum *( alphanum / "-" ) alphanum
 * toplabel     =  ALPHA / ALPHA *( alphanum / "-" ) alphanum */
static bool scan_hostname(struct scan *s, struct sip_str *host)
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

/* The zone of a link-local address, "%eth0", which is no part of the grammar. */
static bool skip_zone(struct scan *s)
{
    size_t end;

    if (!(s->tolerate & SIP_TOLERATE_IPV6_ZONE) || sip_scan_peek(s) != '%')
        return true;
    end = sip_scan_span(s, s->at + 1, SCAN_TOKEN);
    if (end <= s->at + 1)
        return sip_scan_no(s, end, SIP_BAD_HOST);
    s->at = end;
    s->tolerated |= SIP_TOLERATE_IPV6_ZONE;
    return true;
}

/* IPv6reference = "[" IPv6address "]" */
static bool scan_reference(struct scan *s, struct sip_str *host)
{
    size_t from = s->at;
    uint8_t bytes[16];

    if (!sip_scan_char(s, '[', SIP_BAD_HOST) || !sip_scan_ipv6(s, bytes) || !skip_zone(s) ||
        !sip_scan_char(s, ']', SIP_BAD_HOST)) {
        s->at = from;
        return false;
    }
    *host = sip_scan_slice(s, from, s->at);
    return true;
}

/* host = hostname / IPv4address / IPv6reference */
bool sip_scan_host(struct scan *s, struct sip_str *host)
{
    int first = sip_scan_peek(s);
    uint8_t bytes[4];

    if (first == '[')
        return scan_reference(s, host);
    if (sip_scan_is(first, SCAN_DIGIT)) {
        size_t from = s->at;
        if (sip_scan_ipv4(s, bytes) && sip_scan_peek(s) != '.' &&
            !sip_scan_is(sip_scan_peek(s), SCAN_LABEL)) {
            *host = sip_scan_slice(s, from, s->at);
            return true;
        }
        s->at = from;
    }
    return scan_hostname(s, host);
}

bool sip_scan_hostport(struct scan *s, struct sip_str *host, uint16_t *port)
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
