#include "message/known.h"
#include "sip/fields_reach.h"

/* As they stand in the Via. */
struct raw {
    struct sip_str oc, algo, validity, seq;
};

static const struct known rows[] = {
    KNOWN("oc", KNOWN_VALUE, struct raw, oc),
    KNOWN("oc-algo", KNOWN_QUOTED, struct raw, algo),
    KNOWN("oc-validity", KNOWN_VALUE, struct raw, validity),
    KNOWN("oc-seq", KNOWN_INDEX, struct raw, seq),
};
static const struct known_params known = {rows, 4, KNOWN_NO_PARAMS, false};

/* [ EQUAL 1*DIGIT ], found to be there. */
static bool take_amount(struct scan *s, struct sip_str text, struct sip_amount *amount)
{
    struct scan part = sip_scan_part(s, text);
    uint32_t value = 0;

    if (text.len == 0)
        return true;
    if (!sip_scan_number(&part, UINT32_MAX, &value) || !sip_scan_end(&part, SIP_BAD_NUMBER))
        return sip_scan_blame(s, &part);
    amount->value = value;
    amount->given = true;
    return true;
}

/* 1*12DIGIT "." 1*5DIGIT, of digits and dots. */
static bool check_sequence(struct scan *s, struct sip_str text)
{
    struct scan part = sip_scan_part(s, text);
    size_t from = part.at, dot = sip_scan_span(&part, from, SCAN_DIGIT);
    size_t end = sip_scan_span(&part, dot + 1, SCAN_DIGIT);

    if (dot - from > 12)
        return sip_scan_no(s, from + 12, SIP_BAD_NUMBER);
    if (end - dot > 6)
        return sip_scan_no(s, dot + 6, SIP_BAD_NUMBER);
    if (text.at && (dot >= part.len || end < part.len))
        return sip_scan_no(s, end, SIP_BAD_NUMBER);
    return true;
}

/* via-params   =/ oc / oc-validity / oc-seq / oc-algo                             (RFC 7339 §9)
 * oc           =  "oc" [ EQUAL 1*DIGIT ]
 * oc-validity  =  "oc-validity" [ EQUAL 1*DIGIT ]
 * oc-seq       =  "oc-seq" EQUAL 1*12DIGIT "." 1*5DIGIT
 * oc-algo      =  "oc-algo" EQUAL DQUOTE algo-list *( COMMA algo-list ) DQUOTE */
int sip_overload_parse(struct sip_overload *overload, const struct sip_via *via,
                       struct sip_fault *fault)
{
    struct scan s = sip_scan_of(via->params);
    struct sip_overload got = {0};
    struct raw raw = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};

    if ((via->params.len > 0 && !sip_scan_known_only(&s, &known, &raw)) ||
        !take_amount(&s, raw.oc, &got.oc) || !take_amount(&s, raw.validity, &got.validity_ms) ||
        !check_sequence(&s, raw.seq))
        return sip_scan_refuse(&s, SIP_HEADER_VIA, fault);
    got.supported = raw.oc.at != NULL;
    got.algorithms = raw.algo;
    got.sequence = raw.seq;
    *overload = got;
    return 0;
}

static const struct known member_rows[] = {
    KNOWN("oc", KNOWN_NUMBER, struct sip_overload, oc),
    KNOWN("oc-algo", KNOWN_QUOTED, struct sip_overload, algorithms),
    KNOWN("oc-validity", KNOWN_NUMBER, struct sip_overload, validity_ms),
    KNOWN("oc-seq", KNOWN_INDEX, struct sip_overload, sequence),
};
static const struct known_params members = {member_rows, 4, KNOWN_NO_PARAMS, false};

void sip_write_overload(struct sip_writer *writer, const struct sip_overload *overload)
{
    struct scan s = sip_scan_of(overload->sequence);

    if (!check_sequence(&s, overload->sequence))
        sip_write_fail(writer, SIP_EINVAL);
    if (overload->supported && !overload->oc.given)
        sip_write_text(writer, ";oc");
    sip_write_known(writer, &members, overload);
}
