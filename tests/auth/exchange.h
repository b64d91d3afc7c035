/* A client and a server of digest, and what goes between them. Time is a number of the test's. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "text.h"

#define MAX_S 60

/* A request from a client that answers a challenge of `server`. */
struct exchange {
    struct sip_digest_server server;
    struct sip_nonce_counts counts;
    struct sip_nonce_set sets[4];
    uint64_t now;
    struct sip_str tag;
    struct sip_login login;  /* the client's */
    struct sip_login *known; /* the server's */
    const char *method, *uri, *request_uri;
    uint32_t count;
    struct parsed response, request;
    struct sip_challenge challenge;
    struct sip_credentials credentials;
    char line[1024];
};

static inline void start(struct exchange *x)
{
    memset(x, 0, sizeof *x);
    x->server.realm = sip_str("sip.test");
    memcpy(x->server.secret, "0123456789abcdef", 16);
    x->server.nonce_max_s = MAX_S;
    x->server.counts = &x->counts;
    sip_nonce_counts_init(&x->counts, x->sets, COUNT(x->sets));
    x->now = 1000000;
    x->login.username = sip_str("alice");
    x->login.password = sip_str("pw-alice");
    x->known = &x->login;
    x->method = "REGISTER";
    x->uri = x->request_uri = "sip:sip.test";
    x->count = 1;
}

static inline struct sip_nonce_args nonce_args(const struct exchange *x, uint64_t unique)
{
    struct sip_nonce_args args = {x->now, unique, x->tag};

    return args;
}

/* The server writes challenges, the client chooses. */
static inline void challenge(struct exchange *x, uint64_t unique, bool stale)
{
    struct sip_nonce_args args = nonce_args(x, unique);
    struct sip_challenges walk;
    struct sip_writer writer;

    sip_writer_init(&writer, x->line, sizeof x->line - 1);
    sip_write_challenges(&writer, &x->server, &args, SIP_HEADER_WWW_AUTHENTICATE, stale);
    CHECK(sip_writer_done(&writer) > 0);
    x->line[writer.used] = 0;
    parse(&x->response, "SIP/2.0 401 Unauthorized", x->line);
    sip_challenges_begin(&walk, &x->response.message, &x->login, 1);
    CHECK(sip_challenges_next(&walk, &x->challenge));
    CHECK(walk.login == &x->login);
    CHECK(!sip_challenges_next(&walk, &(struct sip_challenge){0}));
    x->count = 1;
}

/* The client answers, the server finds. */
static inline enum sip_verdict answered(struct exchange *x)
{
    struct sip_answer answer = {.challenge = &x->challenge,
                                .login = &x->login,
                                .method = sip_str(x->method),
                                .uri = sip_str(x->uri),
                                .cnonce = sip_str("0a4f113b"),
                                .count = x->count};
    struct sip_fault fault = {0};
    struct sip_writer writer;

    sip_writer_init(&writer, x->line, sizeof x->line - 1);
    CHECK_INT(sip_write_answer(&writer, &answer), 0);
    CHECK(sip_writer_done(&writer) > 0);
    x->line[writer.used] = 0;
    parse(&x->request, "REGISTER sip:sip.test SIP/2.0", x->line);
    return sip_digest_find(&x->server, &x->request.message, SIP_HEADER_AUTHORIZATION,
                           &x->credentials, &fault);
}

static inline struct sip_digest_request request_of(const struct exchange *x)
{
    struct sip_digest_request request = {.nonce = nonce_args(x, 0),
                                         .credentials = &x->credentials,
                                         .login = x->known,
                                         .method = sip_str(x->method),
                                         .uri = sip_str(x->request_uri)};

    return request;
}

static inline enum sip_verdict verdict(const struct exchange *x)
{
    struct sip_digest_request request = request_of(x);

    return sip_digest_check(&x->server, &request);
}

/* All of it, with the nonce that is there. */
static inline enum sip_verdict sent(struct exchange *x)
{
    CHECK_INT(answered(x), SIP_DIGEST_RIGHT);
    return verdict(x);
}

static struct exchange x; /* one at a time */

#endif
