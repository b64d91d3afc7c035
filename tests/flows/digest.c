/* Digest authentication of calls and requests (RFC 3261 §22, RFC 7616, RFC 8760).
 *
 *     alice                          proxy
 *       |------------ INVITE ---------->|
 *       |<------ 407, realm, nonce -----|
 *       |-------------- ACK ----------->|
 *       |------------ INVITE ---------->|   credentials, the next CSeq
 *       |<------------ 200 -------------|
 *       |-------------- ACK ----------->|   the same credentials
 */
#include "stage.h"

#define ASKS "WWW-Authenticate: Digest realm=\"example.net\", qop=\"auth\", nonce="
#define PROXY_ASKS "Proxy-Authenticate: Digest realm=\"proxy.example.net\", qop=\"auth\", nonce="

static void challenge(struct stage *s, uint64_t t, int status, const char *headers)
{
    reply_with(s, t, "INVITE", status, .headers = headers);
    sent(s, t, "ACK", "sip:bob@example.net");
    lacks(s, "Authorization");
}

static void bob_ends(struct stage *s, uint64_t t)
{
    ask(s, t, "BYE");
    answered(s, t, 200, "BYE");
    heard(s, t, "ended", SIP_END_REMOTE);
    quiet(s);
}

TEST(wrong_password_ends_after_one_try)                /* §22.1 */
{
    struct stage s = stage_udp();
    const struct told *ended;

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    mentions(&s, "Authorization", "nonce=\"one\"");
    reply_with(&s, 20, "INVITE", 401, .headers = ASKS "\"two\"\n");
    sent(&s, 20, "ACK", "sip:bob@example.net");
    ended = heard(&s, 20, "ended", SIP_END_REFUSED);
    CHECK_INT(ended->status, 401);
    quiet(&s);
}

TEST(nonce_is_stale_twice_at_most)                     /* RFC 7616 §3.3 stale; never a loop */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    reply_with(&s, 20, "INVITE", 401, .headers = ASKS "\"two\", stale=true\n");
    sent(&s, 20, "ACK", "sip:bob@example.net");
    sent(&s, 20, "INVITE", "sip:bob@example.net");
    mentions(&s, "Authorization", "nonce=\"two\"");
    mentions(&s, "Authorization", "nc=00000001");
    reply_with(&s, 30, "INVITE", 401, .headers = ASKS "\"three\", stale=TRUE\n");
    sent(&s, 30, "ACK", "sip:bob@example.net");
    sent(&s, 30, "INVITE", "sip:bob@example.net");
    says(&s, "CSeq", "4 INVITE");
    reply_with(&s, 40, "INVITE", 401, .headers = ASKS "\"four\", stale=true\n");
    sent(&s, 40, "ACK", "sip:bob@example.net");
    heard(&s, 40, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(several_realms_are_answered_together)             /* §22.3: one of each in one request */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 407, PROXY_ASKS "\"p1\"\n"
                           "Proxy-Authenticate: Digest realm=\"edge.example.net\", nonce=\"e1\"\n"
                           ASKS "\"w1\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    mentions(&s, "Proxy-Authorization", "realm=\"proxy.example.net\"");
    CHECK(strstr(header_number(&s, "Proxy-Authorization", 1), "realm=\"edge.example.net\""));
    CHECK(!strstr(header_number(&s, "Proxy-Authorization", 1), "nc="));  /* RFC 2069: no qop */
    mentions(&s, "Authorization", "realm=\"example.net\"");
    reply(&s, 20, "INVITE", 200);
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    mentions(&s, "Proxy-Authorization", "nonce=\"p1\"");
    mentions(&s, "Authorization", "nonce=\"w1\"");
    heard(&s, 20, "answered", 200);
    bob_ends(&s, 30);
}

TEST(topmost_supported_algorithm_is_taken)             /* RFC 8760 §2.4 */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401,
              "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-999, qop=\"auth\"\n"
              "WWW-Authenticate: Negotiate abc\n"
              "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, "
              "qop=\"auth-int\"\n"
              "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, "
              "qop=\"auth,auth-int\"\n"
              "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    mentions(&s, "Authorization", "algorithm=SHA-256");
    mentions(&s, "Authorization", "qop=auth,");
    CHECK_STR(sip_str(header_number(&s, "Authorization", 1)), "");
    reply(&s, 20, "INVITE", 404);
    sent(&s, 20, "ACK", "sip:bob@example.net");
    heard(&s, 20, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(challenge_nobody_can_answer_is_a_refusal)         /* RFC 8760 §2.4; §22.2 */
{
    static const char *const rows[] = {
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-999\n",
        "WWW-Authenticate: Basic realm=\"r\"\n",
        "WWW-Authenticate: Digest realm=\"r\"\n", /* no nonce */
        "",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s = stage_udp();

        stage_call(&s, "sip:bob@example.net");
        sent(&s, 0, "INVITE", "sip:bob@example.net");
        challenge(&s, 10, 401, rows[i]);
        CHECK_INT(heard(&s, 10, "ended", SIP_END_REFUSED)->status, 401);
        quiet(&s);
    }
}

static void without_login(struct sip_account_args *args)
{
    memset(&args->login, 0, sizeof args->login);
}

static struct sip_login login_of(const char *realm, const char *password)
{
    struct sip_login login = {0};

    login.username = sip_str("alice");
    login.realm = sip_str(realm);
    login.password = sip_str(password);
    return login;
}

TEST(late_credentials_of_a_call)                       /* §22.2; sip/call.h, sip_call_login() */
{
    struct stage s = stage_as(without_login);
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    struct sip_login login;

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 5, "INVITE", 180, .tag = "bob");
    heard(&s, 5, "progress", 180);
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    CHECK_STR(sip_str(heard(&s, 10, "challenged", 401)->realm), "example.net");
    CHECK_INT(usage(&s, "dialogs").used, 0);           /* §12.3 */
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_CALLING);
    silent(&s, 30000);
    login = login_of("another.realm", "secret");
    returns(&s, sip_call_login(s.ua, s.now, call, &login), SIP_EINVAL);
    login = login_of("example.net", "secret");
    returns(&s, sip_call_login(s.ua, s.now, call, &login), 0);
    sent(&s, 30000, "INVITE", "sip:bob@example.net");
    says(&s, "CSeq", "2 INVITE");
    carries(&s, stage_offer);
    mentions(&s, "Authorization", "username=\"alice\"");
    returns(&s, sip_call_login(s.ua, s.now, call, &login), SIP_ESTATE);
    reply(&s, 30020, "INVITE", 200);
    sent(&s, 30020, "ACK", "sip:bob@192.0.2.7");
    mentions(&s, "Authorization", "nonce=\"one\"");
    heard(&s, 30020, "answered", 200);
    bob_ends(&s, 30030);
}

TEST(late_credentials_of_an_account)                   /* sip/ua.h, sip_account_login() */
{
    struct stage s = stage_as(without_login);
    struct sip_login login = login_of("example.net", "secret");

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 407, "Proxy-Authenticate: Digest realm=\"example.net\", nonce=\"one\"\n");
    heard(&s, 10, "challenged", 407);
    pass(&s, 100);
    returns(&s, sip_account_login(s.ua, s.now, s.account, &login), 0);
    sent(&s, 100, "INVITE", "sip:bob@example.net");
    mentions(&s, "Proxy-Authorization", "username=\"alice\"");
    reply(&s, 120, "INVITE", 486);
    sent(&s, 120, "ACK", "sip:bob@example.net");
    heard(&s, 120, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(nobody_has_credentials) /* sip/call.h: credentials_wait, then refused */
{
    struct stage s = stage_as(without_login);

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    heard(&s, 10, "challenged", 401);
    CHECK_INT(heard(&s, 60010, "ended", SIP_END_REFUSED)->status, 401);
    quiet(&s);
}

TEST(hang_up_while_waiting_for_credentials)            /* nothing is open on the wire */
{
    struct stage s = stage_as(without_login);
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    heard(&s, 10, "challenged", 401);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 10, "ended", SIP_END_LOCAL);
    quiet(&s);
}

TEST(cancel_never_carries_credentials)                 /* §22.1 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 20, "CANCEL", "sip:bob@example.net");
    says(&s, "CSeq", "2 CANCEL");
    lacks(&s, "Authorization");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    reply_with(&s, 30, "CANCEL", 401, .headers = ASKS "\"two\"\n");
    silent(&s, 40);                                    /* nor is it tried again */
    reply(&s, 50, "INVITE", 487);
    sent(&s, 50, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(hang_up_while_the_second_invite_is_on_its_way)    /* §9.1 for the INVITE with credentials */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "INVITE", 180);
    sent(&s, 20, "CANCEL", "sip:bob@example.net");
    says(&s, "CSeq", "2 CANCEL");
    reply(&s, 30, "CANCEL", 200);
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(hung_up_call_is_not_tried_again_with_credentials) /* §9.1: a 401 ends what was given up */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 0, "ended", SIP_END_LOCAL);
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    quiet(&s);
}

static void without_offer(struct sip_call_args *args)
{
    args->body = stage_body(NULL);
}

TEST(late_ack_repeats_the_credentials_too)             /* §13.2.2.4: it waited for the host */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call_with(&s, "sip:bob@example.net", without_offer);
    struct sip_call_message answer = {0};

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    reply_with(&s, 20, "INVITE", 200, .body = stage_offer);
    heard(&s, 20, "answered", 200);
    pass(&s, 5000);
    answer.body = stage_body(stage_answer);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    sent(&s, 5000, "ACK", "sip:bob@192.0.2.7");
    mentions(&s, "Authorization", "nonce=\"one\"");
    mentions(&s, "Authorization", "nc=00000001");
    carries(&s, stage_answer);
    bob_ends(&s, 5010);
}

TEST(credentials_begin_a_new_wait_for_a_provisional)   /* §9.1: the new INVITE has had none */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 5, "INVITE", 180);
    heard(&s, 5, "progress", 180);
    challenge(&s, 10, 401, ASKS "\"one\"\n");
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 10, "ended", SIP_END_LOCAL);
    silent(&s, 400);
    reply(&s, 400, "INVITE", 100);
    sent(&s, 400, "CANCEL", "sip:bob@example.net");
    reply(&s, 410, "CANCEL", 200);
    reply(&s, 410, "INVITE", 487);
    sent(&s, 410, "ACK", "sip:bob@example.net");
    quiet(&s);
}

/* H(A1) of alice:r:secret, computed with sha256sum and md5sum. */
static void with_hashes(struct sip_account_args *args)
{
    const struct sip_str none = {NULL, 0};

    args->login.password = none;
    args->login.realm = sip_str("r");
    args->login.sha256 =
        sip_str("eb8c27adcb826942d8cd883d7d907befe67b65cf746dde6949b75488d82a19c3");
    args->login.md5 = sip_str("5a2a1586d5189f527d03bc41fbde1937");
}

TEST(hashes_serve_instead_of_a_password)               /* RFC 7616 §3.4.2; sip/digest.h, sip_login */
{
    static const char *const algorithms[] = {"SHA-256", "MD5"};

    for (int i = 0; i < 2; i++) {
        struct stage s = stage_as(with_hashes);
        char asks[200];

        snprintf(asks, sizeof asks,
                 "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=%s\n",
                 algorithms[i]);
        stage_call(&s, "sip:bob@example.net");
        sent(&s, 0, "INVITE", "sip:bob@example.net");
        challenge(&s, 10, 401, asks);
        sent(&s, 10, "INVITE", "sip:bob@example.net");
        mentions(&s, "Authorization", i ? "response=\"4c04d07baddbb21261bab713d1ca6374\""
                                        : "response=\"c93adcda9a126169e7dd0ad7f183cf77589009193d14e73ceac4f787751b8bc4\"");
        reply(&s, 20, "INVITE", 404);
        sent(&s, 20, "ACK", "sip:bob@example.net");
        heard(&s, 20, "ended", SIP_END_REFUSED);
        quiet(&s);
    }
}

#define LIST                                                                                       \
    T(wrong_password_ends_after_one_try)                                                           \
    T(nonce_is_stale_twice_at_most)                                                                \
    T(several_realms_are_answered_together)                                                        \
    T(topmost_supported_algorithm_is_taken)                                                        \
    T(challenge_nobody_can_answer_is_a_refusal)                                                    \
    T(late_credentials_of_a_call)                                                                  \
    T(late_credentials_of_an_account)                                                              \
    T(nobody_has_credentials)                                                                      \
    T(hang_up_while_waiting_for_credentials)                                                       \
    T(cancel_never_carries_credentials)                                                            \
    T(hang_up_while_the_second_invite_is_on_its_way)                                               \
    T(hung_up_call_is_not_tried_again_with_credentials)                                            \
    T(credentials_begin_a_new_wait_for_a_provisional)                                              \
    T(hashes_serve_instead_of_a_password)                                                          \
    T(late_ack_repeats_the_credentials_too)

FLOWS(LIST)
