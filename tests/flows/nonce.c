/* One nonce for many requests: credentials go out at once, with the next count (RFC 7616 §3.4).
 *
 *     alice                        server
 *       |----------- REGISTER ---------->|
 *       |<------- 401 Unauthorized ------|
 *       |----------- REGISTER ---------->|   nc=00000001
 *       |<------------ 200 OK -----------|
 *       |----------- REGISTER ---------->|   nc=00000002, nobody asked
 *       |<------------ 200 OK -----------|
 */
#include "stage.h"

#define CHALLENGE(nonce, more)                                                                     \
    "WWW-Authenticate: Digest realm=\"example.net\", qop=\"auth\", nonce=\"" nonce                 \
    "\", algorithm=SHA-256" more "\n"
#define PROXY_CHALLENGE                                                                            \
    "Proxy-Authenticate: Digest realm=\"example.net\", qop=\"auth\", nonce=\"p1\"\n"

/* Registers with nonce n1, so that it is kept. */
static struct sip_registration registered(struct stage *s)
{
    struct sip_registration registration = stage_register(s, 3600);

    sent(s, 0, "REGISTER", "sip:example.net");
    lacks(s, "Authorization");
    reply_with(s, 10, "REGISTER", 401, .headers = CHALLENGE("n1", ""));
    sent(s, 10, "REGISTER", "sip:example.net");
    mentions(s, "Authorization", "nc=00000001");
    reply(s, 20, "REGISTER", 200);
    heard(s, 20, "registered", 3600);
    return registration;
}

static void unregistered(struct stage *s, uint64_t t, struct sip_registration registration)
{
    forget(s, t);
    returns(s, sip_registration_stop(s->ua, s->now, registration), 0);
    sent(s, t, "REGISTER", "sip:example.net");
    reply(s, t + 10, "REGISTER", 200);
    heard(s, t + 10, "registration ended", 0);
    quiet(s);
}

TEST(next_request_counts_the_nonce_up)                 /* RFC 7616 §3.4; RFC 3261 §22.3 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = registered(&s);

    returns(&s, sip_registration_refresh(s.ua, s.now, registration), 0);
    sent(&s, 20, "REGISTER", "sip:example.net");
    says(&s, "CSeq", "3 REGISTER");
    mentions(&s, "Authorization", "nonce=\"n1\"");
    mentions(&s, "Authorization", "nc=00000002");
    reply(&s, 30, "REGISTER", 200);
    heard(&s, 30, "registered", 3600);
    unregistered(&s, 1000, registration);
}

TEST(nonce_that_is_old_is_replaced_once)               /* RFC 7616 §3.3 stale; RFC 3261 §22.1 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = registered(&s);

    returns(&s, sip_registration_refresh(s.ua, s.now, registration), 0);
    sent(&s, 20, "REGISTER", "sip:example.net");
    mentions(&s, "Authorization", "nc=00000002");
    reply_with(&s, 30, "REGISTER", 401, .headers = CHALLENGE("n2", ", stale=true"));
    sent(&s, 30, "REGISTER", "sip:example.net");
    mentions(&s, "Authorization", "nonce=\"n2\"");
    mentions(&s, "Authorization", "nc=00000001");
    reply(&s, 40, "REGISTER", 200);
    heard(&s, 40, "registered", 3600);
    unregistered(&s, 1000, registration);
}

TEST(refusal_of_a_kept_nonce_is_no_wrong_password)     /* RFC 3261 §22.1: another nonce, one try */
{
    struct stage s = stage_udp();
    struct sip_registration registration = registered(&s);

    returns(&s, sip_registration_refresh(s.ua, s.now, registration), 0);
    sent(&s, 20, "REGISTER", "sip:example.net");
    reply_with(&s, 30, "REGISTER", 401, .headers = CHALLENGE("n2", "")); /* not said to be stale */
    sent(&s, 30, "REGISTER", "sip:example.net");
    mentions(&s, "Authorization", "nonce=\"n2\"");
    reply_with(&s, 40, "REGISTER", 401, .headers = CHALLENGE("n3", "")); /* but now it is */
    heard(&s, 40, "registration failed", 401);
    silent(&s, 100000);
    unregistered(&s, 100000, registration);
}

TEST(nonce_of_the_registrar_is_not_shown_to_others)    /* RFC 3261 §22.3: as each was asked */
{
    struct stage s = stage_udp();
    struct sip_registration registration = registered(&s);
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 20, "INVITE", "sip:bob@example.net");
    lacks(&s, "Authorization");
    reply_with(&s, 30, "INVITE", 407, .headers = PROXY_CHALLENGE);
    sent(&s, 30, "ACK", "sip:bob@example.net");
    sent(&s, 30, "INVITE", "sip:bob@example.net");
    mentions(&s, "Proxy-Authorization", "nc=00000001");
    reply(&s, 40, "INVITE", 200);
    sent(&s, 40, "ACK", "sip:bob@192.0.2.7");
    mentions(&s, "Proxy-Authorization", "nc=00000001"); /* §13.2.2.4: the INVITE's own */
    heard(&s, 40, "answered", 200);
    sip_call_offer(s.ua, s.now, call, NULL);
    sent(&s, 40, "INVITE", "sip:bob@192.0.2.7");
    mentions(&s, "Proxy-Authorization", "nc=00000002");
    mentions(&s, "Proxy-Authorization", "uri=\"sip:bob@192.0.2.7\"");
    reply_with(&s, 50, "INVITE", 488, .body = NULL);
    sent(&s, 50, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 50, "unchanged", 488);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 50, "BYE", "sip:bob@192.0.2.7");
    mentions(&s, "Proxy-Authorization", "nc=00000003");
    heard(&s, 50, "ended", SIP_END_LOCAL);
    reply(&s, 60, "BYE", 200);
    unregistered(&s, 1000, registration);
}

/* A challenge that is too long for the request that it answers loses its last lines, not all. */
TEST(stranger_gets_the_challenges_that_fit)            /* DESIGN rule 10: at most twice the bytes */
{
    struct stage s = stage_udp();
    struct sip_refusal refusal = {0};
    char lines[700];

    snprintf(lines, sizeof lines,
             "WWW-Authenticate: Digest realm=\"first\", nonce=\"%040d\"\r\n"
             "WWW-Authenticate: Digest realm=\"second\", nonce=\"%0400d\"\r\n",
             1, 2);
    refusal.status = 401;
    refusal.headers.lines = sip_str(lines);
    screen(&s, SIP_REFUSE, &refusal);
    ask_with(&s, 0, "OPTIONS", .fresh = 1);
    answered(&s, 0, 401, "OPTIONS");
    mentions(&s, "WWW-Authenticate", "realm=\"first\"");
    CHECK(strstr(header_number(&s, "WWW-Authenticate", 1), "second") == NULL);
    quiet(&s);
}

FLOWS(T(stranger_gets_the_challenges_that_fit) T(next_request_counts_the_nonce_up) T(nonce_that_is_old_is_replaced_once)
      T(refusal_of_a_kept_nonce_is_no_wrong_password)
      T(nonce_of_the_registrar_is_not_shown_to_others))
