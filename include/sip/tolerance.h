/* What is taken although the grammar forbids it: each exception a bit with the devices that need
 * it.
 *
 * A parse is given the bits it may let pass and says which it used. Nothing else is tolerated;
 * never two Content-Length fields that disagree, a control byte in a head, or a second value of a
 * header that may stand once. White space before a header's colon and header names in any case need
 * no bit: the grammar has them (RFC 3261 §7.3.1). */
#ifndef SIP_TOLERANCE_H
#define SIP_TOLERANCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(NAME, text) */
#define SIP_TOLERANCES(X)                                                                          \
    /* §7: lines end in CRLF. Home-made gateways, embedded modems and test scripts end them in LF. \
     * Datagrams only, and no folded line, so that nothing is read in two ways on a stream. */     \
    X(BARE_LF, "a line ends in LF")                                                                \
    /* §8.1.1.6: user agents of RFC 2543 had none, nor have some door phones; counts as 70. */     \
    X(NO_MAX_FORWARDS, "a request without Max-Forwards")                                           \
    /* §20: SBCs that strip a value but not its name; the header counts as missing. */             \
    X(EMPTY_VALUE, "a header without its value")                                                   \
    /* §8.1.1.7: RFC 2543 agents, old gateways of the fixed network: matched by §17.2.3. */        \
    X(OLD_BRANCH, "a branch without z9hG4bK, or none")                                             \
    /* §19.1.2: '#' of dialled codes in a Contact or Request-URI (analogue adapters, PBXs that     \
     * dial feature codes), also '[', '^', UTF-8 and '%' that begins no escape. */                 \
    X(ODD_USER, "a user part with bytes that should be escaped")                                   \
    /* RFC 5954 §4.1: softphones with a link-local address write its zone, "[fe80::1%eth0]". */    \
    X(IPV6_ZONE, "an IPv6 reference with a zone")                                                  \
    /* §25.1 display-name: phones that put the name of their address book before "<" as it is,     \
     * with UTF-8, brackets, dots or "@" and without quotes. */                                    \
    X(BARE_NAME, "a display name that should be quoted")                                           \
    /* §25.1 via-received: proxies that resolve backwards before they write it. */                 \
    X(RECEIVED_NAME, "a host name in received")

enum sip_tolerance_index {
#define SIP_TOLERANCE_INDEX_(name, text) SIP_TOLERANCE_##name,
    SIP_TOLERANCES(SIP_TOLERANCE_INDEX_)
#undef SIP_TOLERANCE_INDEX_
    SIP_TOLERANCE_COUNT
};

enum sip_tolerance {
#define SIP_TOLERANCE_BIT_(name, text) SIP_TOLERATE_##name = 1 << SIP_TOLERANCE_##name,
    SIP_TOLERANCES(SIP_TOLERANCE_BIT_)
#undef SIP_TOLERANCE_BIT_
    SIP_TOLERATE_NOTHING = 0,
    SIP_TOLERATE_DEFAULT = (1 << SIP_TOLERANCE_COUNT) - 1 /* all of them */
};

/* What a parser may let pass, and what it had to: bits of enum sip_tolerance. Parsers add to
 * `tolerated` when they accept. */
struct sip_leniency {
    uint16_t tolerate;
    uint16_t tolerated;
};

#ifdef __cplusplus
}
#endif

#endif
