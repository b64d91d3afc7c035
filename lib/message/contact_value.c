#include "message/known.h"
#include "sip/fields_reach.h"

static const struct known rows[] = {
    KNOWN("q", KNOWN_QVALUE, struct sip_contact_value, q),
    KNOWN("expires", KNOWN_NUMBER, struct sip_contact_value, expires_s),
    KNOWN("+sip.instance", KNOWN_QUOTED, struct sip_contact_value, instance),
    KNOWN_UP_TO(2147483647, "reg-id", struct sip_contact_value, reg_id),
    KNOWN("pub-gruu", KNOWN_QUOTED, struct sip_contact_value, pub_gruu),
    KNOWN("temp-gruu", KNOWN_QUOTED, struct sip_contact_value, temp_gruu),
};
static const struct known_params params =
    KNOWN_PARAMS(rows, struct sip_contact_value, address.params);

/* DQUOTE "<" 1*uric ">" DQUOTE, of which the quotes are known to be there. */
static bool check_instance(struct scan *s, struct sip_str instance)
{
    struct scan part = sip_scan_part(s, instance);
    struct sip_str urics = {NULL, 0};

    if (!instance.at)
        return true;
    part.at++;
    return (sip_scan_char(&part, '<', SIP_BAD_BRACKETS) &&
            sip_scan_escaped(&part, SCAN_URIC, SIP_BAD_URI, &urics) &&
            sip_scan_char(&part, '>', SIP_BAD_BRACKETS) &&
            sip_scan_char(&part, '"', SIP_BAD_QUOTES)) ||
           sip_scan_blame(s, &part);
}

/* contact-param   =  ( name-addr / addr-spec ) *( SEMI contact-params )       (RFC 3261 §20.10)
 * contact-params  =  c-p-q / c-p-expires / contact-extension
 * c-p-q           =  "q" EQUAL qvalue
 * c-p-expires     =  "expires" EQUAL delta-seconds
 * c-p-reg         =  "reg-id" EQUAL 1*DIGIT ; 1 to (2^31 - 1)                   (RFC 5626 §10)
 * c-p-instance    =  "+sip.instance" EQUAL DQUOTE "<" 1*uric ">" DQUOTE
 * temp-gruu       =  "temp-gruu" EQUAL quoted-string                             (RFC 5627 §9)
 * pub-gruu        =  "pub-gruu" EQUAL quoted-string */
int sip_contact_value_parse(struct sip_contact_value *contact, struct sip_str value,
                            struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_contact_value got = {0};

    if (!sip_scan_address(&s, &got.address) || !sip_scan_known(&s, &params, &got) ||
        !check_instance(&s, got.instance) ||
        (got.reg_id.given && got.reg_id.value == 0 && !sip_scan_no(&s, s.len, SIP_BAD_NUMBER)))
        return sip_scan_refuse(&s, SIP_HEADER_CONTACT, fault);
    *contact = got;
    return 0;
}

void sip_write_contact_value(struct sip_writer *writer, const struct sip_contact_value *contact)
{
    struct scan instance = sip_scan_of(contact->instance);

    if (!check_instance(&instance, contact->instance) ||
        (contact->reg_id.given && contact->reg_id.value == 0))
        sip_write_fail(writer, SIP_EINVAL);
    sip_write_name_addr(writer, &contact->address);
    sip_write_known(writer, &params, contact);
}
