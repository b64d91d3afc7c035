/* The end of a call, and what crosses it (RFC 3261 §15).
 *
 *     alice                          bob
 *       |------------- BYE ------------>|
 *       |<------------ BYE -------------|   they crossed
 *       |------------ 200 OK ---------->|
 *       |<----------- 200 OK -----------|
 */
#include "stage.h"

static struct sip_call is_up(struct stage *s)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");

    sent(s, 0, "INVITE", "sip:bob@example.net");
    reply_with(s, 10, "INVITE", 200, .body = stage_answer);
    sent(s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(s, 10, "answered", 200);
    return call;
}

static struct stage hung_up(void)
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    pass(&s, 1000);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 1000, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 1000, "ended", SIP_END_LOCAL);
    return s;
}

TEST(byes_cross)                                       /* §15.1.1, §15.1.2 */
{
    struct stage s = hung_up();

    ask(&s, 1005, "BYE");
    answered(&s, 1005, 200, "BYE");
    reply(&s, 1010, "BYE", 200);
    quiet(&s);
}

TEST(byes_cross_and_both_get_481)                      /* §15.1.1: 481 ends it as well */
{
    struct stage s = hung_up();

    reply(&s, 1010, "BYE", 481);
    ask(&s, 1015, "BYE");
    answered(&s, 1015, 481, "BYE");
    quiet(&s);
}

TEST(bye_that_nobody_answers)                          /* §15.1.1: 408 ends it; timer F */
{
    static const uint32_t at[] = {1500,  2500,  4500,  8500,  12500,
                                  16500, 20500, 24500, 28500, 32500};
    struct stage s = hung_up();

    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        sent(&s, at[i], "BYE", "sip:bob@192.0.2.7");
        is_repeated(&s);
    }
    quiet(&s);
}

TEST(bye_is_challenged)                                /* §22.3: with credentials, once */
{
    struct stage s = hung_up();

    reply_with(&s, 1010, "BYE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"example.net\", nonce=\"n1\"\n");
    sent(&s, 1010, "BYE", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "3 BYE");
    mentions(&s, "Authorization", "nonce=\"n1\"");
    reply_with(&s, 1020, "BYE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"example.net\", nonce=\"n2\"\n");
    quiet(&s);
}

TEST(bye_comes_twice)                                  /* §17.2.2: the same answer */
{
    struct stage s = stage_udp();

    is_up(&s);
    ask(&s, 1000, "BYE");
    answered(&s, 1000, 200, "BYE");
    heard(&s, 1000, "ended", SIP_END_REMOTE);
    again(&s, 1500);
    answered(&s, 1500, 200, "BYE");
    is_repeated(&s);
    ask(&s, 1600, "BYE");                              /* another one: nothing is there any more */
    answered(&s, 1600, 481, "BYE");
    quiet(&s);
}

TEST(bye_against_a_change_of_ours)                     /* §15.1.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    struct sip_call_message message = {0};

    message.body = stage_body(stage_hold);
    returns(&s, sip_call_offer(s.ua, s.now, call, &message), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    ask(&s, 20, "BYE");
    answered(&s, 20, 200, "BYE");
    heard(&s, 20, "ended", SIP_END_REMOTE);
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:bob@192.0.2.7");
    quiet(&s);
}

TEST(bye_against_a_change_of_his)                      /* §15.1.2: pending requests get 487 */
{
    struct stage s = stage_udp();

    is_up(&s);
    ask_with(&s, 20, "INVITE", .body = stage_hold);
    heard(&s, 20, "offered", 0);
    ask(&s, 30, "BYE");
    answered(&s, 30, 200, "BYE");
    answered(&s, 30, 487, "INVITE");
    heard(&s, 30, "ended", SIP_END_REMOTE);
    ask(&s, 40, "ACK");
    quiet(&s);
}

TEST(hang_up_during_a_change_of_ours)                  /* §15.1.1: a 2xx to it still gets its ACK */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    struct sip_call_message message = {0};

    message.body = stage_body(stage_hold);
    returns(&s, sip_call_offer(s.ua, s.now, call, &message), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply_with(&s, 15, "INVITE", 200, .body = stage_answer);
    sent(&s, 15, "ACK", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "2 ACK");
    reply(&s, 20, "BYE", 200);
    quiet(&s);
}

TEST(hang_up_during_a_change_of_his)                   /* §15.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    ask_with(&s, 20, "INVITE", .body = stage_hold);
    heard(&s, 20, "offered", 0);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    answered(&s, 20, 487, "INVITE");
    sent(&s, 20, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    ask(&s, 30, "ACK");
    reply(&s, 30, "BYE", 200);
    quiet(&s);
}

TEST(hang_up_while_the_2xx_to_his_change_waits)        /* §15: the BYE follows the ACK */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    ask_with(&s, 20, "INVITE", .body = stage_hold);
    heard(&s, 20, "offered", 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 20, 200, "INVITE");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 20, "ended", SIP_END_LOCAL);
    ask(&s, 30, "ACK");
    sent(&s, 30, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 40, "BYE", 200);
    quiet(&s);
}

TEST(bye_in_an_early_dialog_of_ours) /* §15: he must not; the call ends all the same */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 180);
    heard(&s, 10, "progress", 180);
    ask(&s, 20, "BYE");
    answered(&s, 20, 200, "BYE");
    sent(&s, 20, "CANCEL", "sip:bob@example.net");
    heard(&s, 20, "ended", SIP_END_REMOTE);
    reply(&s, 30, "CANCEL", 200);
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(bye_with_headers_of_the_host)                     /* RFC 3326 §2 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    struct sip_refusal why = {0};
    struct sip_extra extras[] = {{{NULL, 0}, {NULL, 0}}, {{NULL, 0}, {NULL, 0}}};

    extras[0].name = sip_str("Reason");
    extras[0].value = sip_str("Q.850;cause=16");
    extras[1].name = sip_str("Call-ID");
    extras[1].value = sip_str("mine");
    why.headers.at = extras;
    why.headers.count = 2;
    returns(&s, sip_call_hang_up(s.ua, s.now, call, &why), SIP_EHEADER);
    silent(&s, 20);
    why.headers.count = 1;
    returns(&s, sip_call_hang_up(s.ua, s.now, call, &why), 0);
    sent(&s, 20, "BYE", "sip:bob@192.0.2.7");
    says(&s, "Reason", "Q.850;cause=16");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    reply(&s, 30, "BYE", 200);
    quiet(&s);
}

#define LIST                                                                                       \
    T(byes_cross)                                                                                  \
    T(byes_cross_and_both_get_481)                                                                 \
    T(bye_that_nobody_answers)                                                                     \
    T(bye_is_challenged)                                                                           \
    T(bye_comes_twice)                                                                             \
    T(bye_against_a_change_of_ours)                                                                \
    T(bye_against_a_change_of_his)                                                                 \
    T(hang_up_during_a_change_of_ours)                                                             \
    T(hang_up_during_a_change_of_his)                                                              \
    T(hang_up_while_the_2xx_to_his_change_waits)                                                   \
    T(bye_in_an_early_dialog_of_ours)                                                              \
    T(bye_with_headers_of_the_host)

FLOWS(LIST)
