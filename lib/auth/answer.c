#include "auth/digest.h"
#include "auth/params.h"
#include "base/memory.h"
#include "base/wipe.h"

/* 0, or why this cannot be answered. */
static int check(const struct sip_answer *answer)
{
    const struct sip_challenge *challenge = answer->challenge;

    if (!challenge->supported || !sip_text_fits(answer->login->username) ||
        !sip_login_fits(answer->login, challenge) || !sip_text_fits(answer->method) ||
        !sip_raw_fits(answer->uri))
        return SIP_EINVAL;
    if (challenge->has_qop && (answer->count == 0 || !sip_raw_fits(answer->cnonce)))
        return SIP_EINVAL;
    if (answer->login->username.len > SIP_USERNAME_MAX || answer->uri.len > SIP_DIGEST_URI_MAX ||
        answer->cnonce.len > SIP_CNONCE_MAX)
        return SIP_ESIZE;
    return 0;
}

static size_t respond(const struct sip_answer *answer, struct sip_str method,
                      char out[SIP_HASH_TEXT])
{
    const struct sip_challenge *challenge = answer->challenge;
    struct sip_digest_input in = {
        .algorithm = challenge->algorithm,
        .login = answer->login,
        .realm = challenge->realm,
        .nonce = challenge->nonce,
        .cnonce = answer->cnonce,
        .uri = answer->uri,
        .method = method,
        .count = answer->count,
        .has_qop = challenge->has_qop,
    };

    return sip_digest_response(&in, out);
}

/* The name in quotes, or its hash where the server wishes so (RFC 7616 §3.4.4). */
static void write_username(struct sip_writer *writer, const struct sip_answer *answer)
{
    const struct sip_challenge *challenge = answer->challenge;
    struct sip_str username = answer->login->username;
    char hash[SIP_HASH_TEXT];

    if (challenge->userhash)
        username = sip_bytes(
            hash, sip_username_hash(challenge->algorithm, username, challenge->realm, hash));
    sip_write_text(writer, "Digest username=");
    sip_write_quoted(writer, username);
}

/* qop, nc and algorithm stand without quotes (RFC 7616 §3.4). */
int sip_write_answer(struct sip_writer *writer, const struct sip_answer *answer)
{
    const struct sip_challenge *challenge = answer->challenge;
    int error = check(answer);
    char response[SIP_HASH_TEXT];
    size_t len;

    if (error)
        return error;
    len = respond(answer, answer->method, response);
    sip_write_begin(writer, challenge->header == SIP_HEADER_WWW_AUTHENTICATE
                                ? SIP_HEADER_AUTHORIZATION
                                : SIP_HEADER_PROXY_AUTHORIZATION);
    write_username(writer, answer);
    sip_write_raw(writer, "realm", challenge->realm);
    sip_write_raw(writer, "nonce", challenge->nonce);
    sip_write_raw(writer, "uri", answer->uri);
    sip_write_raw(writer, "response", sip_bytes(response, len));
    if (challenge->has_algorithm) {
        sip_write_text(writer, ", algorithm=");
        sip_write_piece(writer, sip_algorithm_name(challenge->algorithm));
    }
    if (challenge->has_qop)
        sip_write_qop(writer, answer->cnonce, answer->count);
    if (challenge->opaque.at)
        sip_write_raw(writer, "opaque", challenge->opaque);
    if (challenge->userhash)
        sip_write_text(writer, ", userhash=true");
    sip_write_end(writer);
    return 0;
}

void sip_write_qop(struct sip_writer *writer, struct sip_str cnonce, uint32_t count)
{
    uint8_t nc[4];

    for (unsigned i = 0; i < 4; i++)
        nc[i] = (uint8_t)(count >> (24 - 8 * i));
    sip_write_raw(writer, "cnonce", cnonce);
    sip_write_text(writer, ", qop=auth, nc=");
    sip_write_hex(writer, nc, sizeof nc);
}

/* True when the cnonce and nc that came back, if any, are those of the request (RFC 7616 §3.5). */
static bool same_request(const struct sip_auth_params *params, const struct sip_answer *answer)
{
    uint32_t count;

    if (params->raw[AUTH_CNONCE].at && !sip_raw_equal(params->raw[AUTH_CNONCE], answer->cnonce))
        return false;
    return !params->raw[AUTH_NC].at ||
           (!sip_auth_count_parse(params->raw[AUTH_NC], &count) && count == answer->count);
}

int sip_confirmation_parse(struct sip_confirmation *confirmation, const struct sip_answer *answer,
                           struct sip_str value, struct sip_fault *fault)
{
    struct sip_auth_params params = {.value = value, .header = SIP_HEADER_AUTHENTICATION_INFO};
    struct sip_confirmation got = {{NULL, 0}, false};
    struct sip_str proof;

    if (sip_auth_params_read(&params, NULL, fault))
        return SIP_EBAD;
    got.nextnonce = params.raw[AUTH_NEXTNONCE];
    proof = params.raw[AUTH_RSPAUTH];
    if (proof.at && !sip_str_is(params.raw[AUTH_QOP], "auth-int")) {
        char wanted[SIP_HASH_TEXT];
        size_t len = respond(answer, sip_bytes("", 0), wanted);

        if (!same_request(&params, answer) || proof.len != len ||
            !sip_secret_equal(proof.at, wanted, len))
            return sip_auth_refuse(&params, SIP_CONFLICT, proof.at, fault);
        got.proved = true;
    }
    *confirmation = got;
    return 0;
}
