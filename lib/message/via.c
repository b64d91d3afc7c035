#include "base/memory.h"
#include "message/scan.h"
#include "message/wide.h"
#include "sip/fields.h"

/* The parameters with a grammar of their own; each may stand once (§7.3.1). */
enum known { KNOWN_BRANCH, KNOWN_RPORT, KNOWN_RECEIVED, KNOWN_MADDR, KNOWN_TTL, UNKNOWN };

static const struct scan_word known_names[UNKNOWN] = {
    SCAN_WORD_OF("branch"), SCAN_WORD_OF("rport"), SCAN_WORD_OF("received"),
    SCAN_WORD_OF("maddr"),  SCAN_WORD_OF("ttl"),
};

static enum known known_of(const struct scan *s, struct sip_str name)
{
    return (enum known)sip_scan_which(s, name, known_names, UNKNOWN);
}

/* protocol-name SLASH protocol-version SLASH with white space or small letters. */
static SIP_COLD bool scan_odd_protocol(struct scan *s)
{
    static const struct sip_str sip = {"sip", 3}, two = {"2.0", 3};
    struct sip_str name = {NULL, 0}, version = {NULL, 0};
    size_t at = s->at;

    if (!sip_scan_token(s, &name))
        return false;
    if (!sip_scan_same(s, name, sip))
        return sip_scan_no(s, at, SIP_BAD_VERSION);
    if (!sip_scan_around(s, '/', SIP_BAD_VERSION))
        return false;
    at = s->at;
    if (!sip_scan_token(s, &version))
        return false;
    if (!sip_scan_same(s, version, two))
        return sip_scan_no(s, at, SIP_BAD_VERSION);
    return sip_scan_around(s, '/', SIP_BAD_VERSION);
}

/* sent-protocol = protocol-name SLASH protocol-version SLASH transport, of which §8.1.1.7 wants the
 * first two to be "SIP" and "2.0". */
static bool scan_protocol(struct scan *s, struct sip_via *via)
{
    size_t at = s->at;
    struct scan copy, *rare;
    bool good;

    if (!SIP_OPTIMIZE_SIZE && s->len >= 8 && at <= s->len - 8 &&
        sip_load_64(s->base + at) == sip_load_64("SIP/2.0/")) {
        s->at = at + 8; /* nearly always */
        sip_scan_sws(s);
        return sip_scan_token(s, &via->transport);
    }
    rare = sip_scan_lend(s, &copy);
    good = scan_odd_protocol(rare);
    sip_scan_follow(s, rare);
    return good && sip_scan_token(s, &via->transport);
}

/* sent-by = host [ COLON port ] */
static bool scan_sent_by(struct scan *s, struct sip_via *via)
{
    if (!sip_scan_host(s, &via->host))
        return false;
    return !sip_scan_around(s, ':', SIP_BAD_PORT) || sip_scan_port(s, &via->port);
}

/* A name in the place of an address, of which the byte at `wrong` cannot be right. */
static bool scan_received_name(struct scan *s, size_t wrong, struct sip_str *received)
{
    if (!(s->tolerate & SIP_TOLERATE_RECEIVED_NAME) || !sip_scan_host(s, received))
        return sip_scan_no(s, wrong, SIP_BAD_HOST);
    s->tolerated |= SIP_TOLERATE_RECEIVED_NAME;
    return true;
}

/* Behind an IPv4address that went wrong. */
static SIP_COLD bool scan_odd_received(struct scan *s, struct sip_str *received)
{
    size_t from = s->at, wrong = s->wrong;
    uint8_t bytes[16];

    if (sip_scan_peek(s) == '[')
        return sip_scan_host(s, received);
    if (!sip_scan_ipv6(s, bytes)) /* it was to be the one that went further */
        return scan_received_name(s, s->wrong > wrong ? s->wrong : wrong, received);
    sip_scan_since(s, from, received);
    return true;
}

/* via-received = "received" EQUAL ( IPv4address / IPv6address ). Many write an IPv6 address with
 * brackets here, and RFC 5118 §4.5 wants both understood. */
static bool scan_received(struct scan *s, struct sip_str *received)
{
    size_t from = s->at;
    struct sip_str odd = {NULL, 0};
    struct scan copy, *rare;
    bool good;

    if (sip_scan_dotted(s)) {
        sip_scan_since(s, from, received);
        return true;
    }
    if (SIP_OPTIMIZE_SIZE)
        return scan_odd_received(s, received);
    rare = sip_scan_lend(s, &copy);
    good = scan_odd_received(rare, &odd);
    sip_scan_follow(s, rare);
    *received = odd;
    return good;
}

static SIP_COLD bool scan_maddr(struct scan *s, struct sip_str *host)
{
    return sip_scan_host(s, host);
}

static SIP_HOT bool scan_rare_value(struct scan *s, enum known known, struct sip_str *maddr)
{
    struct scan copy, *rare = sip_scan_lend(s, &copy);
    struct sip_str host = {NULL, 0};
    bool good = known == KNOWN_MADDR ? scan_maddr(rare, &host) : sip_scan_ttl(rare);

    sip_scan_follow(s, rare);
    if (known == KNOWN_MADDR)
        *maddr = host;
    return good;
}

/* The value of a parameter that must have one. */
static bool scan_value(struct scan *s, enum known known, struct sip_via *via)
{
    if (!sip_scan_around(s, '=', SIP_BAD_PARAMETER))
        return false;
    if (known == KNOWN_BRANCH)
        return sip_scan_long_token(s, &via->branch);
    if (known == KNOWN_RECEIVED)
        return scan_received(s, &via->received);
    if (known == KNOWN_MADDR && SIP_OPTIMIZE_SIZE)
        return sip_scan_host(s, &via->maddr);
    if (SIP_OPTIMIZE_SIZE)
        return sip_scan_ttl(s);
    return scan_rare_value(s, known, &via->maddr);
}

/* Which of the usual parameters stands at the cursor, its SEMI before and a value behind it. */
static SIP_HOT enum known known_here(const struct scan *s)
{
    static const enum known usual[] = {KNOWN_BRANCH, KNOWN_RECEIVED, KNOWN_RPORT};
    uint64_t word;

    if (SIP_OPTIMIZE_SIZE || sip_scan_peek(s) != ';' || s->len - s->at < 12)
        return UNKNOWN;
    word = sip_load_64(s->base + s->at + 1) | SIP_EACH(0x20);
    SIP_UNROLL
    for (unsigned i = 0; i < 3; i++) {
        size_t len = known_names[usual[i]].len;

        if ((word ^ sip_load_64(known_names[usual[i]].text)) << (64 - 8 * len) == 0 &&
            s->base[s->at + 1 + len] == '=')
            return usual[i];
    }
    return UNKNOWN;
}

/* via-params     =  via-ttl / via-maddr / via-received / via-branch / via-extension
 * response-port  =  "rport" [EQUAL 1*DIGIT]                                    (RFC 3581 §3) */
static bool scan_param(struct scan *s, struct sip_via *via, unsigned *seen)
{
    struct sip_str name = {NULL, 0}, value = {NULL, 0};
    enum known known = known_here(s);

    if (known != UNKNOWN) {
        name = sip_scan_slice(s, s->at + 1, s->at + 1 + known_names[known].len);
        s->at += 1 + name.len;
    } else if (sip_scan_param_name(s, &name)) {
        known = known_of(s, name);
    } else {
        return false;
    }
    if (known == UNKNOWN)
        return sip_scan_param_value(s, &value);
    if (*seen & 1u << known)
        return sip_scan_no(s, sip_scan_offset(s, name), SIP_REPEATED);
    *seen |= 1u << known;
    if (known != KNOWN_RPORT)
        return scan_value(s, known, via);
    via->has_rport = true;
    return !sip_scan_around(s, '=', SIP_BAD_PARAMETER) || sip_scan_port(s, &via->rport);
}

/* By members, so that what is gathered need not be in memory before. */
static inline void put_via(struct sip_via *to, const struct sip_via *from)
{
    if (SIP_OPTIMIZE_SIZE) {
        *to = *from;
        return;
    }
    to->transport = from->transport;
    to->host = from->host;
    to->port = from->port;
    to->params = from->params;
    to->branch = from->branch;
    to->received = from->received;
    to->maddr = from->maddr;
    to->has_rport = from->has_rport;
    to->rport = from->rport;
}

static inline void clear_via(struct sip_via *via)
{
    static const struct sip_via none = {0};

    if (SIP_OPTIMIZE_SIZE)
        memset(via, 0, sizeof *via);
    else
        put_via(via, &none);
}

/* via-parm = sent-protocol LWS sent-by *( SEMI via-params ) (§20.42) */
SIP_FLAT int sip_via_accept(struct sip_via *via, struct sip_str value,
                            struct sip_leniency *leniency, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_via got;
    unsigned seen = 0;
    size_t from;

    clear_via(&got);
    s.tolerate = leniency->tolerate;
    if (!scan_protocol(&s, &got) || !sip_scan_lws(&s, SIP_BAD_HOST) || !scan_sent_by(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_VIA, fault);
    from = s.at;
    while (s.at < s.len)
        if (!scan_param(&s, &got, &seen))
            return sip_scan_refuse(&s, SIP_HEADER_VIA, fault);
    sip_scan_take_params(&s, from, &got.params);
    leniency->tolerated |= s.tolerated;
    put_via(via, &got);
    return 0;
}

int sip_via_parse(struct sip_via *via, struct sip_str value, struct sip_fault *fault)
{
    struct sip_leniency none = {0, 0};

    return sip_via_accept(via, value, &none, fault);
}
