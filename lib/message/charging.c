/* P-Charging-Function-Addresses and P-Charging-Vector (RFC 7315 §5.5, §5.6). */
#include "message/known.h"
#include "sip/fields_ims.h"

static const struct known address_rows[] = {
    KNOWN("ccf", KNOWN_VALUE, struct sip_charging_addresses, ccf),
    KNOWN("ecf", KNOWN_VALUE, struct sip_charging_addresses, ecf),
    KNOWN("ccf-2", KNOWN_VALUE, struct sip_charging_addresses, ccf_2),
    KNOWN("ecf-2", KNOWN_VALUE, struct sip_charging_addresses, ecf_2),
};
static const struct known_params address_params =
    KNOWN_PARAMS(address_rows, struct sip_charging_addresses, params);

/* charge-addr-params  =  charge-addr-param *( SEMI charge-addr-param )
 * charge-addr-param   =  ccf / ecf / ccf-2 / ecf-2 / generic-param
 * ccf                 =  "ccf" EQUAL gen-value, and so on; without a value it is a generic-param */
int sip_charging_addresses_parse(struct sip_charging_addresses *addresses, struct sip_str value,
                                 struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_charging_addresses got = {0};

    if (!sip_scan_known_only(&s, &address_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_P_CHARGING_FUNCTION_ADDRESSES, fault);
    *addresses = got;
    return 0;
}

void sip_write_charging_addresses(struct sip_writer *writer,
                                  const struct sip_charging_addresses *addresses)
{
    sip_write_known_only(writer, &address_params, addresses);
}

static const struct known vector_rows[] = {
    KNOWN("icid-value", KNOWN_VALUE, struct sip_charging_vector, icid),
    KNOWN("icid-generated-at", KNOWN_HOST, struct sip_charging_vector, icid_generated_at),
    KNOWN("orig-ioi", KNOWN_VALUE, struct sip_charging_vector, orig_ioi),
    KNOWN("term-ioi", KNOWN_VALUE, struct sip_charging_vector, term_ioi),
    KNOWN("transit-ioi", KNOWN_QUOTED, struct sip_charging_vector, transit_ioi),
    KNOWN("related-icid", KNOWN_VALUE, struct sip_charging_vector, related_icid),
    KNOWN("related-icid-generated-at", KNOWN_HOST, struct sip_charging_vector,
          related_icid_generated_at),
};
static const struct known_params vector_params =
    KNOWN_PARAMS(vector_rows, struct sip_charging_vector, params);

/* P-Charging-Vector  =  icid-value *( SEMI charge-params )
 * charge-params      =  icid-gen-addr / orig-ioi / term-ioi / transit-ioi / related-icid
 *                    /  related-icid-gen-addr / generic-param
 * icid-value         =  "icid-value" EQUAL gen-value
 * icid-gen-addr      =  "icid-generated-at" EQUAL host
 * transit-ioi        =  "transit-ioi" EQUAL DQUOTE ... DQUOTE
 *
 * icid-value has to be there; that it comes first is not asked of anybody. */
int sip_charging_vector_parse(struct sip_charging_vector *vector, struct sip_str value,
                              struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_charging_vector got = {0};

    if (!sip_scan_known_only(&s, &vector_params, &got) ||
        (got.icid.len == 0 && !sip_scan_no(&s, s.len, SIP_BAD_PARAMETER)))
        return sip_scan_refuse(&s, SIP_HEADER_P_CHARGING_VECTOR, fault);
    *vector = got;
    return 0;
}

void sip_write_charging_vector(struct sip_writer *writer, const struct sip_charging_vector *vector)
{
    if (vector->icid.len == 0)
        sip_write_fail(writer, SIP_EINVAL);
    sip_write_known_only(writer, &vector_params, vector);
}
