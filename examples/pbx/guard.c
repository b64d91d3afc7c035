#include "pbx/guard.h"

#include <string.h>

const char *guard_init(struct guard *guard, const struct users *users, const char *realm,
                       const char *algorithms)
{
    struct sip_str rest = sip_str(algorithms), name;
    size_t count = 0;

    guard->users = users;
    guard->server.realm = sip_str(realm);
    guard->server.counts = &guard->counts;
    sip_nonce_counts_init(&guard->counts, guard->sets, GUARD_SETS);
    while (sip_list_next(&rest, &name)) {
        enum sip_algorithm algorithm = sip_algorithm_of(name);

        if (algorithm == SIP_ALGORITHM_OTHER || algorithm >= SIP_MD5_SESS ||
            count == sizeof guard->server.algorithms)
            return "wants up to four of MD5, SHA-256, SHA-512-256, with commas, best first";
        guard->server.algorithms[count++] = (uint8_t)algorithm;
    }
    return algorithms && !count ? "wants at least one" : NULL;
}

bool guard_start(struct guard *guard, const struct sip_transport *transport)
{
    guard->transport = *transport;
    return transport->random(transport->host, guard->server.secret, sizeof guard->server.secret) >=
           0;
}

/* A registrar is a user agent server and challenges with 401; for calls we are as a proxy: 407
 * (§22). */
static bool is_register(const struct sip_received *request)
{
    return request->message->method == SIP_REGISTER;
}

static enum sip_verdict find(const struct guard *guard, const struct sip_received *request,
                             struct sip_credentials *credentials)
{
    enum sip_header header =
        is_register(request) ? SIP_HEADER_AUTHORIZATION : SIP_HEADER_PROXY_AUTHORIZATION;
    struct sip_fault fault;

    return sip_digest_find(&guard->server, request->message, header, credentials, &fault);
}

static void challenge(struct guard *guard, uint64_t now, const struct sip_received *request,
                      bool stale, struct sip_refusal *refusal)
{
    enum sip_header header =
        is_register(request) ? SIP_HEADER_WWW_AUTHENTICATE : SIP_HEADER_PROXY_AUTHENTICATE;
    struct sip_nonce_args nonce = {.now = now};
    struct sip_writer writer;

    guard->transport.random(guard->transport.host, &nonce.unique, sizeof nonce.unique);
    sip_writer_init(&writer, guard->lines, sizeof guard->lines);
    sip_write_challenges(&writer, &guard->server, &nonce, header, stale);
    refusal->status = is_register(request) ? 401 : 407;
    refusal->headers.lines = sip_bytes(guard->lines, writer.used);
}

enum sip_screened guard_screen(struct guard *guard, uint64_t now,
                               const struct sip_received *request, struct sip_refusal *refusal)
{
    const struct sip_nonce_args nonce = {.now = now};
    struct sip_credentials credentials;
    bool given = find(guard, request, &credentials) == SIP_DIGEST_RIGHT;

    if (given && sip_nonce_check(&guard->server, &nonce, credentials.nonce) == SIP_NONCE_FRESH)
        return SIP_PASS;
    challenge(guard, now, request, given, refusal);
    return SIP_REFUSE;
}

const struct user *guard_check(struct guard *guard, uint64_t now,
                               const struct sip_received *request, struct sip_refusal *refusal)
{
    struct sip_digest_request digest = {.nonce.now = now};
    struct sip_credentials credentials;
    const struct user *user = NULL;
    struct sip_login login = {0};
    enum sip_verdict verdict = find(guard, request, &credentials);

    if (verdict == SIP_DIGEST_RIGHT) {
        user = users_named(guard->users, &credentials);
        if (user) {
            login.username = sip_str(user->name);
            login.realm = guard->server.realm;
            login.password = sip_str(user->password);
        }
        digest.credentials = &credentials;
        digest.login = user ? &login : NULL;
        digest.method = request->message->method_name;
        digest.uri = request->message->uri;
        verdict = sip_digest_check(&guard->server, &digest);
    }
    if (verdict == SIP_DIGEST_RIGHT || verdict == SIP_DIGEST_OTHER_URI)
        return user;
    if (verdict == SIP_DIGEST_MALFORMED)
        refusal->status = 400;
    else
        challenge(guard, now, request, verdict == SIP_DIGEST_STALE || verdict == SIP_DIGEST_REPLAY,
                  refusal);
    return NULL;
}
