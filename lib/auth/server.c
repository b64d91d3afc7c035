#include "auth/digest.h"
#include "auth/nonce.h"
#include "base/memory.h"
#include "base/wipe.h"
#include "sip/uri.h"

#define OFFERED sizeof((struct sip_digest_server *)0)->algorithms

/* The algorithm offered at place `i`, 0 behind the last. */
static enum sip_algorithm offered(const struct sip_digest_server *server, size_t i)
{
    static const uint8_t usual[OFFERED] = {SIP_SHA_256, SIP_MD5};
    const uint8_t *list = server->algorithms[0] ? server->algorithms : usual;

    return i < OFFERED && list[i] < SIP_ALGORITHM_COUNT ? (enum sip_algorithm)list[i]
                                                        : SIP_ALGORITHM_OTHER;
}

/* Always with qop (RFC 8760 §2.6 number 8); stale and algorithm without quotes (RFC 7616 §3.3). */
void sip_write_challenges(struct sip_writer *writer, const struct sip_digest_server *server,
                          const struct sip_nonce_args *args, enum sip_header header, bool stale)
{
    char nonce[SIP_NONCE_TEXT];
    enum sip_algorithm algorithm;

    sip_nonce_write(server, args, nonce);
    for (size_t i = 0; (algorithm = offered(server, i)) != SIP_ALGORITHM_OTHER; i++) {
        sip_write_begin(writer, header);
        sip_write_text(writer, "Digest realm=");
        sip_write_quoted(writer, server->realm);
        sip_write_raw(writer, "nonce", sip_bytes(nonce, sizeof nonce));
        sip_write_text(writer, ", algorithm=");
        sip_write_piece(writer, sip_algorithm_name(algorithm));
        sip_write_text(writer, ", qop=\"auth\"");
        if (stale)
            sip_write_text(writer, ", stale=true");
        if (server->userhash)
            sip_write_text(writer, ", userhash=true");
        sip_write_end(writer);
    }
}

static bool is_offered(const struct sip_digest_server *server, enum sip_algorithm algorithm)
{
    enum sip_algorithm one;

    for (size_t i = 0; (one = offered(server, i)) != SIP_ALGORITHM_OTHER; i++)
        if (one == algorithm)
            return true;
    return false;
}

/* Credentials that answer a challenge of ours. Those of a client that was not challenged yet have
 * an empty nonce or response (RFC 8760 §2.7). */
static bool are_ours(const struct sip_digest_server *server, const struct sip_credentials *got)
{
    return got->supported && is_offered(server, got->algorithm) && got->nonce.len > 0 &&
           got->response.len > 0 && sip_raw_is(got->realm, server->realm);
}

enum sip_verdict sip_digest_find(const struct sip_digest_server *server,
                                 const struct sip_message *request, enum sip_header header,
                                 struct sip_credentials *credentials, struct sip_fault *fault)
{
    enum sip_verdict verdict = SIP_DIGEST_ABSENT;
    struct sip_values values;
    struct sip_str value;

    sip_values_begin(&values, request, header);
    while (sip_values_next(&values, &value)) {
        struct sip_credentials got;

        if (sip_credentials_parse(&got, header, value, fault)) {
            verdict = SIP_DIGEST_MALFORMED;
        } else if (are_ours(server, &got)) {
            *credentials = got;
            return SIP_DIGEST_RIGHT;
        }
    }
    return verdict;
}

/* What a user that does not exist is checked against, so that this takes the time of the others. */
static struct sip_login decoy_for(const struct sip_credentials *credentials)
{
    static const char password[] = "decoy-decoy";
    struct sip_login decoy = {.username = credentials->username};

    if (credentials->userhash && decoy.username.len > sizeof password)
        decoy.username.len = sizeof password;
    decoy.password = sip_bytes(password, sizeof password - 1);
    return decoy;
}

static size_t respond(const struct sip_digest_request *request, const struct sip_login *login,
                      struct sip_str method, char out[SIP_HASH_TEXT])
{
    const struct sip_credentials *credentials = request->credentials;
    struct sip_digest_input in = {
        .algorithm = credentials->algorithm,
        .login = login,
        .realm = credentials->realm,
        .nonce = credentials->nonce,
        .cnonce = credentials->cnonce,
        .uri = credentials->uri,
        .method = method,
        .count = credentials->count,
        .has_qop = credentials->has_qop,
    };

    return sip_digest_response(&in, out);
}

/* True when the response is that of the login's secret. */
static bool proves(const struct sip_digest_request *request)
{
    const struct sip_credentials *credentials = request->credentials;
    struct sip_login login = decoy_for(credentials);
    struct sip_str password = login.password;
    char wanted[SIP_HASH_TEXT];
    bool known = false, same;
    size_t len;

    if (request->login) {
        login = *request->login;
        known = login.password.at || sip_login_stored(&login, credentials->algorithm).at;
        if (!login.password.at)
            login.password = password;
    }
    len = respond(request, &login, request->method, wanted);
    same =
        len == credentials->response.len && sip_secret_equal(wanted, credentials->response.at, len);
    sip_wipe(wanted, sizeof wanted);
    sip_wipe(&login, sizeof login);
    return same && known;
}

/* The digest-uri names what the Request-URI names (RFC 7616 §3.4.6, RFC 3261 §19.1.4). */
static bool same_uri(struct sip_str raw, struct sip_str request_uri)
{
    struct sip_uri a, b;

    if (sip_raw_is(raw, request_uri))
        return true;
    return !sip_uri_parse(&a, raw, NULL) && !sip_uri_parse(&b, request_uri, NULL) &&
           sip_uri_equal(&a, &b);
}

enum sip_verdict sip_digest_check(const struct sip_digest_server *server,
                                  const struct sip_digest_request *request)
{
    const struct sip_credentials *credentials = request->credentials;
    enum sip_verdict verdict = SIP_DIGEST_RIGHT;
    struct sip_nonce nonce;

    if (!are_ours(server, credentials))
        return SIP_DIGEST_ABSENT;
    if (!credentials->has_qop && !server->without_qop)
        return SIP_DIGEST_MALFORMED; /* qop was offered (RFC 3261 §22.4 number 8) */
    if (!proves(request))
        return SIP_DIGEST_WRONG;
    if (sip_nonce_read(server, &request->nonce, credentials->nonce, &nonce) != SIP_NONCE_FRESH)
        return SIP_DIGEST_STALE;
    if (server->counts && server->counts->count > 0)
        verdict =
            sip_nonce_use(server->counts, &nonce, credentials->has_qop ? credentials->count : 1);
    if (verdict == SIP_DIGEST_RIGHT && !same_uri(credentials->uri, request->uri))
        return SIP_DIGEST_OTHER_URI;
    return verdict;
}

void sip_write_confirmation(struct sip_writer *writer, const struct sip_digest_request *request,
                            struct sip_str nextnonce)
{
    const struct sip_credentials *credentials = request->credentials;
    char proof[SIP_HASH_TEXT];
    size_t len;

    if (!credentials->has_qop || !request->login)
        return;
    len = respond(request, request->login, sip_bytes("", 0), proof);
    sip_write_begin(writer, SIP_HEADER_AUTHENTICATION_INFO);
    sip_write_text(writer, "rspauth=");
    sip_write_quoted(writer, sip_bytes(proof, len));
    sip_write_qop(writer, credentials->cnonce, credentials->count);
    if (nextnonce.len > 0)
        sip_write_raw(writer, "nextnonce", nextnonce);
    sip_write_end(writer);
}
