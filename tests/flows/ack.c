/* 2xx and ACK get lost, in both roles (RFC 3261 §13.2.2.4, §13.3.1.4).
 *
 *      bob                           alice
 *       |------------ INVITE ---------->|
 *       |<----------- 200 OK -----------|
 *       |   ACK lost ---> x             |
 *       |<----------- 200 OK -----------|   T1 later, then doubled up to T2
 *       |------------- ACK ------------>|
 */
#include "stage.h"

static const uint32_t repeated_at[] = {500,   1500,  3500,  7500,  11500,
                                       15500, 19500, 23500, 27500, 31500};

static struct sip_call take_call(struct stage *s)
{
    struct sip_call call;

    invite(s, 0);
    call = heard(s, 0, "incoming", 0)->call;
    returns(s, sip_call_accept(s->ua, s->now, call, NULL), 0);
    answered(s, 0, 200, "INVITE");
    return call;
}

TEST(our_2xx_is_repeated_until_its_ack)                /* §13.3.1.4 */
{
    struct stage s = stage_udp();

    take_call(&s);
    for (int i = 0; i < 4; i++) {
        answered(&s, repeated_at[i], 200, "INVITE");
        is_repeated(&s);
    }
    ask(&s, 8000, "ACK");
    heard(&s, 8000, "confirmed", 0);
    silent(&s, 20000);
    ask(&s, 20000, "ACK");                             /* a late copy: nobody is told */
    silent(&s, 21000);
    ask(&s, 21000, "BYE");
    answered(&s, 21000, 200, "BYE");
    heard(&s, 21000, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(bye_when_no_ack_ever_comes)                       /* §13.3.1.4: 64*T1 */
{
    struct stage s = stage_udp();

    take_call(&s);
    for (size_t i = 0; i < sizeof repeated_at / sizeof *repeated_at; i++)
        answered(&s, repeated_at[i], 200, "INVITE");
    sent(&s, 32000, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 32000, "ended", SIP_END_TIMEOUT);
    reply(&s, 32010, "BYE", 481);
    quiet(&s);
}

TEST(our_2xx_was_lost_and_the_invite_comes_again)      /* RFC 6026 §7.1: absorbed in Accepted */
{
    struct stage s = stage_udp();

    take_call(&s);
    again(&s, 100);
    silent(&s, 499);                                   /* the TU repeats the 2xx, in its own time */
    answered(&s, 500, 200, "INVITE");
    ask(&s, 600, "ACK");
    heard(&s, 600, "confirmed", 0);
    ask(&s, 700, "BYE");
    answered(&s, 700, 200, "BYE");
    heard(&s, 700, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(hang_up_waits_for_the_ack) /* §15: the callee says no BYE before the ACK */
{
    struct stage s = stage_udp();
    struct sip_call call = take_call(&s);

    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 0, "ended", SIP_END_LOCAL);
    answered(&s, 500, 200, "INVITE");
    ask(&s, 700, "ACK");
    sent(&s, 700, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 720, "BYE", 200);
    quiet(&s);
}

TEST(hang_up_does_not_wait_for_ever_for_the_ack)       /* §15: nor after its server transaction */
{
    struct stage s = stage_udp();
    struct sip_call call = take_call(&s);

    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 0, "ended", SIP_END_LOCAL);
    for (size_t i = 0; i < sizeof repeated_at / sizeof *repeated_at; i++)
        answered(&s, repeated_at[i], 200, "INVITE");
    sent(&s, 32000, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 32010, "BYE", 200);
    quiet(&s);
}

TEST(bob_says_bye_before_his_ack)                      /* §15.1.2: it ends all the same */
{
    struct stage s = stage_udp();

    take_call(&s);
    ask(&s, 100, "BYE");
    answered(&s, 100, 200, "BYE");
    heard(&s, 100, "ended", SIP_END_REMOTE);
    ask(&s, 110, "ACK");                               /* it was overtaken */
    quiet(&s);
}

TEST(bobs_2xx_comes_again_and_again) /* §13.2.2.4: an ACK for each, the same one */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .body = stage_answer);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    for (int i = 0; i < 5; i++) {
        again(&s, 10 + repeated_at[i]);
        sent(&s, 10 + repeated_at[i], "ACK", "sip:bob@192.0.2.7");
        is_repeated(&s);
    }
    ask(&s, 15000, "BYE");
    answered(&s, 15000, 200, "BYE");
    heard(&s, 15000, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(bobs_2xx_comes_again_after_the_call)              /* §13.2.2.4; RFC 6026 §7.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .body = stage_answer);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    again(&s, 400);                                    /* both ACK and BYE were lost */
    sent(&s, 400, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 510, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 520, "BYE", 200);
    quiet(&s);
}

TEST(ack_of_a_refusal_is_repeated)                     /* §17.1.1.2: Completed, timer D */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 603);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    again(&s, 510);
    sent(&s, 510, "ACK", "sip:bob@example.net");
    is_repeated(&s);
    again(&s, 32005);
    sent(&s, 32005, "ACK", "sip:bob@example.net");
    silent(&s, 32011);
    again(&s, 40000);                                  /* the transaction is gone */
    quiet(&s);
}

TEST(ack_brings_the_answer)                            /* §13.2.1: our 2xx carried the offer */
{
    struct stage s = stage_udp();
    struct sip_call_message offer = {0};
    struct sip_call call;
    const struct told *told;

    invite_with(&s, 0, .body = NULL);
    told = heard(&s, 0, "incoming", 0);
    call = told->call;
    CHECK(!told->offer);
    offer.body = stage_body(stage_offer);
    returns(&s, sip_call_accept(s.ua, s.now, call, &offer), 0);
    answered(&s, 0, 200, "INVITE");
    carries(&s, stage_offer);
    ask_with(&s, 20, "ACK", .body = stage_answer);
    CHECK_STR(sip_str(heard(&s, 20, "confirmed", 0)->body), stage_answer);
    ask(&s, 40, "BYE");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

static void without_offer(struct sip_call_args *args)
{
    args->body = stage_body(NULL);
}

TEST(ack_with_our_answer_is_repeated)                  /* §13.2.2.4: the same ACK, body and all */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call_with(&s, "sip:bob@example.net", without_offer);
    struct sip_call_message answer = {0};

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .body = stage_offer);
    heard(&s, 10, "answered", 200);
    again(&s, 510);                                    /* the host has not answered yet */
    silent(&s, 600);
    answer.body = stage_body(stage_answer);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    sent(&s, 600, "ACK", "sip:bob@192.0.2.7");
    again(&s, 1510);
    sent(&s, 1510, "ACK", "sip:bob@192.0.2.7");
    is_repeated(&s);
    carries(&s, stage_answer);
    ask(&s, 1600, "BYE");
    answered(&s, 1600, 200, "BYE");
    heard(&s, 1600, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(offer_in_a_2xx_is_never_answered) /* sip/call.h: offer_wait, then ACK and BYE */
{
    struct stage s = stage_udp();

    stage_call_with(&s, "sip:bob@example.net", without_offer);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .body = stage_offer);
    heard(&s, 10, "answered", 200);
    sent(&s, 30010, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 30010, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 30010, "ended", SIP_END_TIMEOUT);
    reply(&s, 30020, "BYE", 200);
    quiet(&s);
}

#define LIST                                                                                       \
    T(our_2xx_is_repeated_until_its_ack)                                                           \
    T(bye_when_no_ack_ever_comes)                                                                  \
    T(our_2xx_was_lost_and_the_invite_comes_again)                                                 \
    T(hang_up_waits_for_the_ack)                                                                   \
    T(hang_up_does_not_wait_for_ever_for_the_ack)                                                  \
    T(bob_says_bye_before_his_ack)                                                                 \
    T(bobs_2xx_comes_again_and_again)                                                              \
    T(bobs_2xx_comes_again_after_the_call)                                                         \
    T(ack_of_a_refusal_is_repeated)                                                                \
    T(ack_brings_the_answer)                                                                       \
    T(ack_with_our_answer_is_repeated)                                                             \
    T(offer_in_a_2xx_is_never_answered)

FLOWS(LIST)
