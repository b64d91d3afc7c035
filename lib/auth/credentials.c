#include "auth/digest.h"
#include "auth/params.h"
#include "base/bytes.h"

/* LHEX = DIGIT / %x61-66 */
static const char *not_hex(struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!sip_is_digit(text.at[i]) && (text.at[i] < 'a' || text.at[i] > 'f'))
            return text.at + i;
    return NULL;
}

/* message-qop, cnonce and nonce-count: all three or none (RFC 7616 §3.4; RFC 2617 §3.2.2). */
static int read_qop(struct sip_credentials *got, const struct sip_auth_params *params,
                    struct sip_fault *fault)
{
    static const uint8_t needed[] = {AUTH_CNONCE, AUTH_NC, AUTH_PARAMS};
    struct sip_str nc = params->raw[AUTH_NC], cnonce = params->raw[AUTH_CNONCE];
    const char *wrong;

    if (!params->raw[AUTH_QOP].at) {
        if (nc.at || cnonce.at)
            return sip_auth_refuse(params, SIP_CONFLICT, nc.at ? nc.at : cnonce.at, fault);
        return 0;
    }
    if (sip_auth_params_need(params, needed, fault))
        return SIP_EBAD;
    wrong = sip_auth_count_parse(nc, &got->count);
    if (wrong)
        return sip_auth_refuse(params, SIP_BAD_NUMBER, wrong, fault);
    got->has_qop = true;
    got->cnonce = cnonce;
    return 0;
}

static bool supports(const struct sip_credentials *got, struct sip_str qop)
{
    if (got->algorithm == SIP_ALGORITHM_OTHER)
        return false;
    return qop.at ? sip_str_is(qop, "auth") : !sip_algorithm_is_sess(got->algorithm);
}

int sip_credentials_parse(struct sip_credentials *credentials, enum sip_header header,
                          struct sip_str value, struct sip_fault *fault)
{
    static const uint8_t needed[] = {AUTH_USERNAME, AUTH_REALM,    AUTH_NONCE,
                                     AUTH_URI,      AUTH_RESPONSE, AUTH_PARAMS};
    struct sip_auth_params params = {.value = value, .header = header};
    struct sip_credentials got = {.header = header};
    struct sip_str scheme = {NULL, 0};
    const char *wrong;

    if (sip_auth_params_read(&params, &scheme, fault))
        return SIP_EBAD;
    if (sip_str_is(scheme, "Digest")) {
        if (sip_auth_params_need(&params, needed, fault) || read_qop(&got, &params, fault))
            return SIP_EBAD;
        wrong = not_hex(params.raw[AUTH_RESPONSE]);
        if (wrong)
            return sip_auth_refuse(&params, SIP_BAD_TOKEN, wrong, fault);
        got.username = params.raw[AUTH_USERNAME];
        got.realm = params.raw[AUTH_REALM];
        got.nonce = params.raw[AUTH_NONCE];
        got.uri = params.raw[AUTH_URI];
        got.response = params.raw[AUTH_RESPONSE];
        got.opaque = params.raw[AUTH_OPAQUE];
        got.algorithm = sip_auth_params_algorithm(&params);
        got.userhash = sip_auth_params_flag(&params, AUTH_USERHASH);
        got.supported = supports(&got, params.raw[AUTH_QOP]);
    }
    *credentials = got;
    return 0;
}

bool sip_credentials_name(const struct sip_credentials *credentials, struct sip_str username)
{
    char hash[SIP_HASH_TEXT];
    size_t len;

    if (!credentials->userhash || credentials->algorithm == SIP_ALGORITHM_OTHER)
        return sip_raw_is(credentials->username, username);
    len = sip_username_hash(credentials->algorithm, username, credentials->realm, hash);
    return sip_raw_is(credentials->username, sip_bytes(hash, len));
}
