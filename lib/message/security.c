#include "message/known.h"
#include "sip/fields_ims.h"

static const struct known rows[] = {
    KNOWN("q", KNOWN_QVALUE, struct sip_security, q),
    KNOWN("d-alg", KNOWN_TEXT, struct sip_security, d_alg),
    KNOWN("d-qop", KNOWN_TEXT, struct sip_security, d_qop),
    KNOWN("d-ver", KNOWN_QUOTED, struct sip_security, d_ver),
};
static const struct known_params params = KNOWN_PARAMS(rows, struct sip_security, params);

/* sec-mechanism     =  mechanism-name *( SEMI mech-parameters )
 * mech-parameters   =  preference / digest-algorithm / digest-qop / digest-verify / extension
 * preference        =  "q" EQUAL qvalue
 * digest-algorithm  =  "d-alg" EQUAL token
 * digest-qop        =  "d-qop" EQUAL token
 * digest-verify     =  "d-ver" EQUAL LDQUOT 32LHEX RDQUOT                     (RFC 3329 §2.2)
 *
 * Of d-ver only the quotes are looked at; d-alg and d-qop may be quoted, as Digest has them. */
int sip_security_parse(struct sip_security *security, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_security got = {0};

    if (!sip_scan_token(&s, &got.mechanism) || !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *security = got;
    return 0;
}

void sip_write_security(struct sip_writer *writer, const struct sip_security *security)
{
    sip_write_first(writer, security->mechanism,
                    sip_scan_whole(security->mechanism, sip_scan_token));
    sip_write_known(writer, &params, security);
}
