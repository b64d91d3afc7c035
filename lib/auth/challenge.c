#include "auth/digest.h"
#include "auth/params.h"
#include "message/scan.h"

/* qop-options = "qop" EQUAL LDQUOT qop-value *("," qop-value) RDQUOT (RFC 3261 §25.1), with the
 * spaces around the commas that RFC 7616 §3.9.1 shows. Unknown ones are ignored (§3.3). */
static int read_qop(struct sip_challenge *got, const struct sip_auth_params *params,
                    struct sip_fault *fault)
{
    struct scan s = sip_scan_of(params->raw[AUTH_QOP]);

    do {
        struct sip_str option;

        sip_scan_sws(&s);
        if (!sip_scan_token(&s, &option))
            return sip_auth_refuse(params, s.reason, s.base + s.wrong, fault);
        got->auth |= sip_str_is(option, "auth");
        got->auth_int |= sip_str_is(option, "auth-int");
        sip_scan_sws(&s);
    } while (sip_scan_char(&s, ',', SIP_BAD_TOKEN));
    if (!sip_scan_end(&s, SIP_BAD_TOKEN))
        return sip_auth_refuse(params, s.reason, s.base + s.wrong, fault);
    got->has_qop = true;
    return 0;
}

/* A -sess algorithm needs the cnonce, which goes with qop only (RFC 3261 §22.4 number 8). */
static bool supports(const struct sip_challenge *got)
{
    if (got->algorithm == SIP_ALGORITHM_OTHER || !sip_raw_printable(got->realm) ||
        !sip_raw_printable(got->nonce) || !sip_raw_printable(got->opaque))
        return false;
    return got->has_qop ? got->auth : !sip_algorithm_is_sess(got->algorithm);
}

int sip_challenge_parse(struct sip_challenge *challenge, enum sip_header header,
                        struct sip_str value, struct sip_fault *fault)
{
    static const uint8_t needed[] = {AUTH_REALM, AUTH_NONCE, AUTH_PARAMS};
    struct sip_auth_params params = {.value = value, .header = header};
    struct sip_challenge got = {.header = header, .value = value};
    struct sip_str scheme = {NULL, 0};

    if (sip_auth_params_read(&params, &scheme, fault))
        return SIP_EBAD;
    if (sip_str_is(scheme, "Digest")) {
        if (sip_auth_params_need(&params, needed, fault) ||
            (params.raw[AUTH_QOP].at && read_qop(&got, &params, fault)))
            return SIP_EBAD;
        got.realm = params.raw[AUTH_REALM];
        got.domain = params.raw[AUTH_DOMAIN];
        got.nonce = params.raw[AUTH_NONCE];
        got.opaque = params.raw[AUTH_OPAQUE];
        got.algorithm = sip_auth_params_algorithm(&params);
        got.has_algorithm = params.raw[AUTH_ALGORITHM].at != NULL;
        got.stale = sip_auth_params_flag(&params, AUTH_STALE);
        got.userhash = sip_auth_params_flag(&params, AUTH_USERHASH);
        got.supported = supports(&got);
    }
    *challenge = got;
    return 0;
}

bool sip_login_fits(const struct sip_login *login, const struct sip_challenge *challenge)
{
    if (login->realm.at && !sip_raw_is(challenge->realm, login->realm))
        return false;
    return login->password.at || sip_login_stored(login, challenge->algorithm).at;
}

void sip_challenges_begin(struct sip_challenges *walk, const struct sip_message *response,
                          const struct sip_login *logins, size_t count)
{
    struct sip_challenges begun = {.response = response, .logins = logins, .logins_count = count};

    *walk = begun;
}

static const struct sip_login *fitting(const struct sip_challenges *walk,
                                       const struct sip_challenge *challenge)
{
    for (size_t i = 0; i < walk->logins_count; i++)
        if (sip_login_fits(&walk->logins[i], challenge))
            return &walk->logins[i];
    return NULL;
}

/* The challenge in field `i`: 0, 1 when there is none that is supported, or SIP_EBAD. */
static int challenge_at(const struct sip_message *response, unsigned i,
                        struct sip_challenge *challenge, struct sip_fault *fault)
{
    const struct sip_field *field = &response->fields[i];
    struct sip_str value = sip_bytes(response->bytes.at + field->value, field->value_len);

    if (field->id != SIP_HEADER_WWW_AUTHENTICATE && field->id != SIP_HEADER_PROXY_AUTHENTICATE)
        return 1;
    if (sip_challenge_parse(challenge, (enum sip_header)field->id, value, fault))
        return SIP_EBAD;
    return challenge->supported ? 0 : 1;
}

/* True when another challenge of the same realm goes before the one in field `i`: one that a login
 * fits before one that none fits, then the topmost (RFC 8760 §2.4). */
static bool beaten(const struct sip_challenges *walk, unsigned i,
                   const struct sip_challenge *challenge, bool fits)
{
    for (unsigned j = 0; j < walk->response->fields_count; j++) {
        struct sip_challenge other;
        bool other_fits;

        if (j == i || walk->response->fields[j].id != challenge->header ||
            challenge_at(walk->response, j, &other, NULL) ||
            !sip_raw_equal(other.realm, challenge->realm))
            continue;
        other_fits = fitting(walk, &other) != NULL;
        if (other_fits == fits ? j < i : other_fits)
            return true;
    }
    return false;
}

bool sip_challenges_next(struct sip_challenges *walk, struct sip_challenge *challenge)
{
    while (walk->next < walk->response->fields_count) {
        unsigned i = walk->next++;
        struct sip_challenge got;
        int none = challenge_at(walk->response, i, &got, &walk->fault);

        if (none == SIP_EBAD)
            walk->refused++;
        if (none)
            continue;
        walk->login = fitting(walk, &got);
        if (beaten(walk, i, &got, walk->login != NULL))
            continue;
        *challenge = got;
        return true;
    }
    walk->login = NULL;
    return false;
}

bool sip_challenge_tried(const struct sip_challenge *challenge, const struct sip_message *request)
{
    enum sip_header header = challenge->header == SIP_HEADER_WWW_AUTHENTICATE
                                 ? SIP_HEADER_AUTHORIZATION
                                 : SIP_HEADER_PROXY_AUTHORIZATION;
    struct sip_values values;
    struct sip_str value;

    sip_values_begin(&values, request, header);
    while (sip_values_next(&values, &value)) {
        struct sip_credentials sent;

        if (!sip_credentials_parse(&sent, header, value, NULL) &&
            sip_raw_equal(sent.realm, challenge->realm))
            return true;
    }
    return false;
}
