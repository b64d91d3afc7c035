#include "message/scan.h"

#define GROUPS 8 /* of 16 bits in an IPv6 address */

bool sip_scan_ipv4(struct scan *s, uint8_t bytes[4])
{
    size_t from = s->at;

    if (!sip_scan_dotted(s))
        return false;
    for (unsigned k = 0; k < 4; k++) {
        unsigned octet = 0;

        for (int c = sip_scan_byte(s, from); c >= '0' && c <= '9'; c = sip_scan_byte(s, ++from))
            octet = octet * 10 + (unsigned)(c - '0');
        bytes[k] = (uint8_t)octet;
        from++;
    }
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
bool sip_scan_reference(struct scan *s, struct sip_str *host)
{
    size_t from = s->at;
    uint8_t bytes[16];

    if (!sip_scan_char(s, '[', SIP_BAD_HOST) || !sip_scan_ipv6(s, bytes) || !skip_zone(s) ||
        !sip_scan_char(s, ']', SIP_BAD_HOST)) {
        s->at = from;
        return false;
    }
    sip_scan_since(s, from, host);
    return true;
}
