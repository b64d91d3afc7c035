/* Challenges and credentials: as lists of fields (sip/fields.h), and what digest makes of them
 * (sip/digest.h, sip/digest_server.h). Raw texts are written with quotes; bare ones say the same. */
#include "value.h"
#include "sip/digest_server.h"

/* --- scheme and fields --- */

static void look_fields(struct eye *eye, const struct sip_auth *auth)
{
    struct sip_str rest = auth->fields;
    struct sip_param field;
    size_t rounds = 0;

    look_text(eye, auth->scheme);
    while (sip_auth_next(&rest, &field)) {
        require(++rounds <= eye->value.len && is_inside(rest, eye->value));
        look_text(eye, field.name);
        look_text(eye, field.value);
    }
    require(rest.len == 0);
}

static void write_fields(struct sip_writer *writer, const struct sip_auth *auth)
{
    struct sip_str rest = auth->fields;
    struct sip_param field;

    sip_write_received(writer, auth->scheme);
    for (const char *between = auth->scheme.at ? " " : ""; sip_auth_next(&rest, &field);
         between = ", ") {
        sip_write_text(writer, between);
        sip_write_received(writer, field.name);
        sip_write_text(writer, "=");
        sip_write_received(writer, field.value);
    }
}

/* --- digest --- */

static void write_raw(struct sip_writer *writer, const char *name, struct sip_str raw)
{
    if (!raw.at)
        return;
    sip_write_text(writer, ", ");
    sip_write_text(writer, name);
    sip_write_text(writer, "=\"");
    sip_write_received(writer, raw);
    sip_write_text(writer, "\"");
}

static void write_algorithm(struct sip_writer *writer, enum sip_algorithm algorithm)
{
    struct sip_str name = sip_algorithm_name(algorithm);

    sip_write_text(writer, ", algorithm=");
    sip_write_piece(writer, name.len ? name : sip_str("other"));
}

/* What the client has to say back may have no control byte, not even behind a backslash. */
static bool is_printable(struct sip_str raw)
{
    char plain[SIP_OPAQUE_MAX];
    long len = sip_raw_copy(raw, plain, sizeof plain);

    require(len >= 0);
    for (long i = 0; i < len; i++)
        if (((unsigned char)plain[i] < ' ' && plain[i] != '\t') || plain[i] == 0x7f)
            return false;
    return true;
}

static void look_supported(const struct sip_challenge *got)
{
    bool known = got->realm.at && got->algorithm != SIP_ALGORITHM_OTHER;
    bool sess = got->algorithm >= SIP_MD5_SESS; /* needs a cnonce, so qop: RFC 3261 §22.4 (8) */

    require(got->supported == (known && (got->has_qop ? got->auth : !sess) &&
                               is_printable(got->realm) && is_printable(got->nonce) &&
                               is_printable(got->opaque)));
}

static int www_parse(struct sip_challenge *got, struct sip_str value, struct sip_fault *fault)
{
    return sip_challenge_parse(got, SIP_HEADER_WWW_AUTHENTICATE, value, fault);
}

static int proxy_parse(struct sip_challenge *got, struct sip_str value, struct sip_fault *fault)
{
    return sip_challenge_parse(got, SIP_HEADER_PROXY_AUTHENTICATE, value, fault);
}

static void write_challenge(struct sip_writer *writer, const struct sip_challenge *challenge)
{
    if (!challenge->realm.at) { /* of another scheme */
        sip_write_received(writer, challenge->value);
        return;
    }
    sip_write_text(writer, "Digest stale=");
    sip_write_text(writer, challenge->stale ? "TRUE" : "false");
    write_raw(writer, "realm", challenge->realm);
    write_raw(writer, "domain", challenge->domain);
    write_raw(writer, "nonce", challenge->nonce);
    write_raw(writer, "opaque", challenge->opaque);
    if (challenge->has_algorithm)
        write_algorithm(writer, challenge->algorithm);
    if (challenge->has_qop) {
        sip_write_text(writer, ", qop=\"other");
        sip_write_text(writer, challenge->auth ? ",auth" : "");
        sip_write_text(writer, challenge->auth_int ? ",auth-int" : "");
        sip_write_text(writer, "\"");
    }
    sip_write_text(writer, challenge->userhash ? ", userhash=true" : "");
}

static int authorization_parse(struct sip_credentials *got, struct sip_str value,
                               struct sip_fault *fault)
{
    return sip_credentials_parse(got, SIP_HEADER_AUTHORIZATION, value, fault);
}

static void write_credentials(struct sip_writer *writer, const struct sip_credentials *credentials)
{
    char count[12];

    if (!credentials->realm.at) { /* of another scheme */
        sip_write_text(writer, "Other a=b");
        return;
    }
    sip_write_text(writer, "Digest userhash=");
    sip_write_text(writer, credentials->userhash ? "true" : "false");
    write_raw(writer, "username", credentials->username);
    write_raw(writer, "realm", credentials->realm);
    write_raw(writer, "nonce", credentials->nonce);
    write_raw(writer, "uri", credentials->uri);
    write_raw(writer, "response", credentials->response);
    write_raw(writer, "opaque", credentials->opaque);
    write_algorithm(writer, credentials->algorithm);
    if (!credentials->has_qop)
        return;
    write_raw(writer, "cnonce", credentials->cnonce);
    snprintf(count, sizeof count, "%08x", credentials->count);
    sip_write_text(writer, ", nc=");
    sip_write_text(writer, count);
    sip_write_text(writer, credentials->supported ? ", qop=auth" : ", qop=other");
}

#define CHALLENGE                                                                                  \
    look_supported(got);                                                                           \
    NUMBER(header)                                                                                 \
    TEXT(realm) TEXT(domain) TEXT(nonce) TEXT(opaque) NUMBER(algorithm) NUMBER(has_algorithm)      \
        NUMBER(has_qop) NUMBER(auth) NUMBER(auth_int) NUMBER(stale) NUMBER(userhash)               \
            require(is_inside(got->value, eye->value));

#define CREDENTIALS                                                                                \
    NUMBER(header)                                                                                 \
    NUMBER(supported) TEXT(username) TEXT(realm) TEXT(nonce) TEXT(uri) TEXT(response) TEXT(cnonce) \
        TEXT(opaque) NUMBER(algorithm) NUMBER(has_qop) NUMBER(userhash) NUMBER(count)

KIND_OF(auth, struct sip_auth, sip_auth_parse, write_fields, look_fields(eye, got);)
KIND_OF(auth_info, struct sip_auth, sip_auth_info_parse, write_fields, look_fields(eye, got);)
KIND_OF(www, struct sip_challenge, www_parse, write_challenge, CHALLENGE)
KIND_OF(proxy, struct sip_challenge, proxy_parse, write_challenge, CHALLENGE)
KIND_OF(authorization, struct sip_credentials, authorization_parse, write_credentials, CREDENTIALS)

GROUP(&auth, &auth_info, &www, &proxy, &authorization)
