#include "message/known.h"
#include "sip/fields_call.h"
#include "base/bytes.h"

/* In the order of the bits of enum sip_privacy. */
static const struct sip_str names[] = {
    {"header", 6},   {"session", 7}, {"user", 4},    {"none", 4},
    {"critical", 8}, {"id", 2},      {"history", 7},
};
#define NAMES (sizeof names / sizeof *names)

static unsigned bit_of(struct sip_str name)
{
    unsigned i = 0;

    while (i < NAMES && !sip_str_same(name, names[i]))
        i++;
    return 1u << i;
}

/* Privacy-hdr  =  priv-value *( ";" priv-value )
 * priv-value   =  "header" / "session" / "user" / "none" / "critical" / token (RFC 3323 §4.2)
 *              /  "id" (RFC 3325 §9.3)  /  "history" (RFC 7044 §10.1)
 *
 * White space around the semicolon is let pass, as around SEMI. */
int sip_privacy_parse(unsigned *privacy, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str name = {NULL, 0};
    unsigned got = 0;

    for (;;) {
        if (!sip_scan_token(&s, &name))
            return sip_scan_refuse(&s, SIP_HEADER_PRIVACY, fault);
        unsigned bit = bit_of(name);
        if (bit != SIP_PRIVACY_OTHER && (got & bit)) {
            sip_scan_no(&s, sip_scan_offset(&s, name), SIP_REPEATED);
            return sip_scan_refuse(&s, SIP_HEADER_PRIVACY, fault);
        }
        got |= bit;
        if (s.at >= s.len)
            break;
        if (!sip_scan_around(&s, ';', SIP_TRAILING))
            return sip_scan_refuse(&s, SIP_HEADER_PRIVACY, fault);
    }
    *privacy = got;
    return 0;
}

void sip_write_privacy(struct sip_writer *writer, unsigned privacy)
{
    bool first = true;

    for (unsigned i = 0; i < NAMES; i++) {
        if (!(privacy & 1u << i))
            continue;
        if (!first)
            sip_write_text(writer, ";");
        first = false;
        sip_write_piece(writer, names[i]);
    }
    if (first)
        sip_write_fail(writer, SIP_EINVAL);
}
