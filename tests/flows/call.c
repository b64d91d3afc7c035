/* Calls, RFC 3665 section 3, as alice's phone and as bob's see them.
 *
 *     alice                          bob
 *       |------------ INVITE ---------->|
 *       |<--------- 180 Ringing --------|
 *       |<----------- 200 OK -----------|
 *       |------------- ACK ------------>|
 *       |<============ RTP ============>|
 *       |<------------ BYE -------------|
 *       |----------- 200 OK ----------->|
 */
#include "stage.h"

TEST(call_is_answered_and_ended_by_bob)                /* RFC 3665 §3.1; RFC 3261 §13.2, §15.1.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "192.0.2.2:5060");
    says(&s, "CSeq", "1 INVITE");
    says(&s, "Max-Forwards", "70");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    carries(&s, stage_offer);
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    reply_with(&s, 2000, "INVITE", 200, .body = stage_answer);
    sent(&s, 2000, "ACK", "sip:bob@192.0.2.7");        /* §13.2.2.4: to the Contact of the 200 */
    went_to(&s, "192.0.2.7:5060");
    says(&s, "CSeq", "1 ACK");
    heard(&s, 2000, "answered", 200);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);

    ask(&s, 9000, "BYE");
    answered(&s, 9000, 200, "BYE");
    heard(&s, 9000, "ended", SIP_END_REMOTE);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
}

TEST(call_of_bob_is_answered_and_ended_by_alice)       /* RFC 3665 §3.1; RFC 3261 §13.3, §15.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call;
    struct sip_call_message answer = {0};

    invite(&s, 10);
    call = heard(&s, 10, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 180, "INVITE");
    mentions(&s, "To", ";tag=");
    lacks(&s, "Allow");
    answer.body = stage_body(stage_answer);
    pass(&s, 3000);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    answered(&s, 3000, 200, "INVITE");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    mentions(&s, "Allow", "BYE");                      /* §13.3.1.4 */
    carries(&s, stage_answer);
    ask(&s, 3040, "ACK");
    heard(&s, 3040, "confirmed", 0);

    pass(&s, 9000);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 9000, "BYE", "sip:bob@192.0.2.7");
    mentions(&s, "CSeq", " BYE");
    heard(&s, 9000, "ended", SIP_END_LOCAL);
    reply(&s, 9020, "BYE", 200);
    quiet(&s);
}

static void through_record_routes(struct stage *s, uint64_t t)
{
    reply_with(s, t, "INVITE", 200, .body = stage_answer,
               .headers = "Record-Route: <sip:198.51.100.2;lr>, <sip:192.0.2.2;lr>\n");
}

TEST(call_goes_through_two_proxies) /* RFC 3665 §3.2; RFC 3261 §12.1.2, §12.2.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 5, "INVITE", 100);
    reply_with(&s, 20, "INVITE", 180,
               .headers = "Record-Route: <sip:198.51.100.2;lr>, <sip:192.0.2.2;lr>\n");
    heard(&s, 20, "progress", 180);
    through_record_routes(&s, 40);
    sent(&s, 40, "ACK", "sip:bob@192.0.2.7");
    went_to(&s, "192.0.2.2:5060");                     /* the last Record-Route is the first hop */
    says(&s, "Route", "<sip:192.0.2.2;lr>, <sip:198.51.100.2;lr>");
    heard(&s, 40, "answered", 200);
    pass(&s, 1000);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 1000, "BYE", "sip:bob@192.0.2.7");
    went_to(&s, "192.0.2.2:5060");
    says(&s, "Route", "<sip:192.0.2.2;lr>, <sip:198.51.100.2;lr>");
    heard(&s, 1000, "ended", SIP_END_LOCAL);
    reply(&s, 1010, "BYE", 200);
    quiet(&s);
}

TEST(call_answers_two_proxies_challenges) /* RFC 3665 §3.3; RFC 3261 §22.3, §13.2.2.4 */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 407,
               .headers = "Proxy-Authenticate: Digest realm=\"atlanta.example.com\", "
                          "qop=\"auth\", nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", "
                          "opaque=\"\", stale=FALSE, algorithm=MD5\n");
    sent(&s, 10, "ACK", "sip:bob@example.net");        /* §17.1.1.3: on the INVITE's branch */
    sent(&s, 10, "INVITE", "sip:bob@example.net");
    says(&s, "CSeq", "2 INVITE");
    mentions(&s, "Proxy-Authorization", "realm=\"atlanta.example.com\"");
    reply_with(&s, 20, "INVITE", 407,
               .headers = "Proxy-Authenticate: Digest realm=\"biloxi.example.com\", "
                          "qop=\"auth\", nonce=\"c1e22c41ae6cbe5ae983a9c8e88d359\", "
                          "opaque=\"\", stale=FALSE, algorithm=MD5\n");
    sent(&s, 20, "ACK", "sip:bob@example.net");
    sent(&s, 20, "INVITE", "sip:bob@example.net");
    says(&s, "CSeq", "3 INVITE");
    mentions(&s, "Proxy-Authorization", "atlanta.example.com");
    CHECK(strstr(header_number(&s, "Proxy-Authorization", 1), "biloxi.example.com"));
    reply(&s, 30, "INVITE", 180);
    heard(&s, 30, "progress", 180);
    reply_with(&s, 40, "INVITE", 200, .body = stage_answer);
    sent(&s, 40, "ACK", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "3 ACK");
    mentions(&s, "Proxy-Authorization", "atlanta.example.com");
    CHECK(strstr(header_number(&s, "Proxy-Authorization", 1), "biloxi.example.com"));
    heard(&s, 40, "answered", 200);
    ask(&s, 50, "BYE");
    answered(&s, 50, 200, "BYE");
    heard(&s, 50, "ended", SIP_END_REMOTE);
    quiet(&s);
}

static void with_two_servers(struct sip_account_args *args)
{
    args->servers[1] = sip_str("sip:192.0.2.3");
}

TEST(call_goes_to_the_second_proxy_when_the_first_is_dead) /* RFC 3665 §3.4; §17.1.1.2 timer B */
{
    struct stage s = stage_as(with_two_servers);
    char first[256];

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "192.0.2.2:5060");
    snprintf(first, sizeof first, "%s", header(&s, "Via"));
    for (uint64_t t = 500; t < 32000; t = 2 * t + 500) {
        sent(&s, t, "INVITE", "sip:bob@example.net");  /* 500, 1500, 3500 ... 31500: seven in all */
        is_repeated(&s);
    }
    sent(&s, 32000, "INVITE", "sip:bob@example.net");
    went_to(&s, "192.0.2.3:5060");
    CHECK(strcmp(first, header(&s, "Via")) != 0);      /* RFC 3263 §4.3: a new transaction */
    reply_with(&s, 32020, "INVITE", 200, .body = stage_answer);
    sent(&s, 32020, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 32020, "answered", 200);
    ask(&s, 33000, "BYE");
    answered(&s, 33000, 200, "BYE");
    heard(&s, 33000, "ended", SIP_END_REMOTE);
    quiet(&s);
}

static void without_offer(struct sip_call_args *args)
{
    args->body = stage_body(NULL);
}

static void follow(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "redirected") == 0)
        returns(s, sip_call_follow(s->ua, s->now, told->call, 0), 0);
}

TEST(call_goes_through_an_alg) /* RFC 3665 §3.5: it puts itself into the route and into the media */
{
    static const char relayed[] = "v=0\r\no=bob 1 1 IN IP4 192.0.2.7\r\ns=-\r\n"
                                  "c=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 9010 RTP/AVP 0\r\n"
                                  "a=rtpmap:0 PCMU/8000\r\n";
    static const char route[] = "Record-Route: <sip:198.51.100.2;lr>, <sip:192.0.2.2;lr>\n";
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    const struct told *told;

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "192.0.2.2:5060");                     /* the ALG is our server */
    carries(&s, stage_offer);
    reply(&s, 5, "INVITE", 100);
    reply_with(&s, 20, "INVITE", 180, .headers = route);
    heard(&s, 20, "progress", 180);
    reply_with(&s, 40, "INVITE", 200, .headers = route, .body = relayed);
    sent(&s, 40, "ACK", "sip:bob@192.0.2.7");
    went_to(&s, "192.0.2.2:5060");
    says(&s, "Route", "<sip:192.0.2.2;lr>, <sip:198.51.100.2;lr>");
    told = heard(&s, 40, "answered", 200);
    CHECK(strstr(told->body, "c=IN IP4 192.0.2.2") != NULL); /* sound goes through it, too */
    ask(&s, 5000, "BYE");
    answered(&s, 5000, 200, "BYE");
    heard(&s, 5000, "ended", SIP_END_REMOTE);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
}

TEST(call_is_redirected_and_its_ack_brings_the_answer) /* RFC 3665 §3.6; §8.1.3.4, §13.2.2.4 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call_with(&s, "sip:bob@example.net", without_offer);
    struct sip_call_message answer = {0};

    inside_events(&s, follow);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    lacks(&s, "Content-Type");
    reply_with(&s, 10, "INVITE", 302, .contact = "<sip:bob@chicago.example.com;transport=udp>");
    sent(&s, 10, "ACK", "sip:bob@example.net");
    sent(&s, 10, "INVITE", "sip:bob@chicago.example.com;transport=udp");
    says(&s, "To", "<sip:bob@example.net>");           /* §8.1.3.4: the same To, From, Call-ID */
    says(&s, "CSeq", "2 INVITE");
    heard(&s, 10, "redirected", 302);
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    reply_with(&s, 40, "INVITE", 200, .body = stage_offer);
    CHECK(heard(&s, 40, "answered", 200)->offer);
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), SIP_EINVAL); /* no answer in it */
    answer.body = stage_body(stage_answer);
    silent(&s, 400);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    sent(&s, 400, "ACK", "sip:bob@192.0.2.7");
    carries(&s, stage_answer);
    ask(&s, 500, "BYE");
    answered(&s, 500, 200, "BYE");
    heard(&s, 500, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(call_moves_to_bobs_new_address)                   /* RFC 3665 §3.7; RFC 3261 §12.2.2, §14.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    struct sip_call_message answer = {0};

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .body = stage_answer);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    ask_with(&s, 1000, "INVITE", .contact = "<sip:bob@198.51.100.77:5070>", .body = stage_offer);
    CHECK(heard(&s, 1000, "offered", 0)->offer);
    answer.body = stage_body(stage_answer);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    answered(&s, 1000, 200, "INVITE");
    carries(&s, stage_answer);
    ask(&s, 1010, "ACK");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 1010, "BYE", "sip:bob@198.51.100.77:5070");
    went_to(&s, "198.51.100.77:5070");
    heard(&s, 1010, "ended", SIP_END_LOCAL);
    reply(&s, 1020, "BYE", 200);
    quiet(&s);
}

TEST(call_that_nobody_answers_is_cancelled)            /* RFC 3665 §3.8; RFC 3261 §9.1 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    char via[256];

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    snprintf(via, sizeof via, "%s", header(&s, "Via"));
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    pass(&s, 20000);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 20000, "CANCEL", "sip:bob@example.net");
    says(&s, "Via", via);                              /* §9.1: the same branch, To, CSeq number */
    says(&s, "To", "<sip:bob@example.net>");
    says(&s, "CSeq", "1 CANCEL");
    says(&s, "Max-Forwards", "70");
    went_to(&s, "192.0.2.2:5060");
    heard(&s, 20000, "ended", SIP_END_LOCAL);
    reply(&s, 20010, "CANCEL", 200);
    reply(&s, 20020, "INVITE", 487);
    sent(&s, 20020, "ACK", "sip:bob@example.net");
    says(&s, "Via", via);                              /* §17.1.1.3 */
    mentions(&s, "To", ";tag=bob");
    quiet(&s);
}

static void is_refused(int status, enum sip_end end)
{
    struct stage s = stage_udp();
    const struct told *ended;
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 180);
    heard(&s, 10, "progress", 180);
    reply_with(&s, 20, "INVITE", status, .reason = "In his words");
    sent(&s, 20, "ACK", "sip:bob@example.net");
    ended = heard(&s, 20, "ended", (int)end);
    CHECK_INT(ended->status, status);
    CHECK_STR(sip_str(ended->reason), "In his words");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), SIP_EGONE);
    again(&s, 520);                                    /* §17.1.1.2: the ACK was lost */
    sent(&s, 520, "ACK", "sip:bob@example.net");
    is_repeated(&s);
    quiet(&s);
}

TEST(busy_callee_refuses)                              /* RFC 3665 §3.9; RFC 3261 §17.1.1.2 */
{
    is_refused(486, SIP_END_REFUSED);
}

TEST(absent_callee_refuses)                            /* RFC 3665 §3.10, §3.11 */
{
    is_refused(480, SIP_END_REFUSED);
    is_refused(404, SIP_END_REFUSED);
    is_refused(503, SIP_END_REFUSED);
    is_refused(603, SIP_END_REFUSED);
}

TEST(silent_callee_is_a_timeout)                       /* §17.1.1.2 timers A and B */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    for (uint64_t t = 500; t < 32000; t = 2 * t + 500) {
        sent(&s, t, "INVITE", "sip:bob@example.net");
        is_repeated(&s);
    }
    CHECK_INT(heard(&s, 32000, "ended", SIP_END_TIMEOUT)->status, 408);
    quiet(&s);
}

TEST(unreachable_callee_is_a_network_failure)          /* §18.4, §8.1.3.1 */
{
    struct stage s = stage_udp();

    break_wire(&s, true);
    stage_call(&s, "sip:bob@example.net");
    CHECK_INT(heard(&s, 0, "ended", SIP_END_NETWORK)->status, 503);
    quiet(&s);
}

TEST(call_that_rings_on_is_given_up)                   /* §13.2.1: expires_s of the arguments */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    sent(&s, 180000, "CANCEL", "sip:bob@example.net");
    heard(&s, 180000, "ended", SIP_END_TIMEOUT);
    reply(&s, 180010, "CANCEL", 200);
    reply(&s, 180010, "INVITE", 487);
    sent(&s, 180010, "ACK", "sip:bob@example.net");
    quiet(&s);
}

#define LIST                                                                                       \
    T(call_is_answered_and_ended_by_bob)                                                           \
    T(call_of_bob_is_answered_and_ended_by_alice)                                                  \
    T(call_goes_through_two_proxies)                                                               \
    T(call_answers_two_proxies_challenges)                                                         \
    T(call_goes_to_the_second_proxy_when_the_first_is_dead) T(call_goes_through_an_alg)            \
    T(call_is_redirected_and_its_ack_brings_the_answer)                                            \
    T(call_moves_to_bobs_new_address)                                                              \
    T(call_that_nobody_answers_is_cancelled)                                                       \
    T(busy_callee_refuses)                                                                         \
    T(absent_callee_refuses)                                                                       \
    T(silent_callee_is_a_timeout)                                                                  \
    T(unreachable_callee_is_a_network_failure)                                                     \
    T(call_that_rings_on_is_given_up)

FLOWS(LIST)
