/* The races of CANCEL (RFC 3261 §9, §13.2.2.4, §15.1.1): what the host ends at once, the wire may
 * take longer to end.
 *
 *     alice                          bob
 *       |------------ INVITE ---------->|
 *       |           (hang up)           |
 *       |<--------- 180 Ringing --------|   §9.1: no CANCEL before a 1xx
 *       |------------ CANCEL ---------->|
 *       |<------- 200 OK (INVITE) ------|   they crossed
 *       |-------------- ACK ----------->|
 *       |-------------- BYE ----------->|
 *       |<------- 200 OK (CANCEL) ------|
 *       |<-------- 200 OK (BYE) --------|
 */
#include "stage.h"

static struct stage hung_up_early(void)
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 0, "ended", SIP_END_LOCAL);
    return s;
}

static struct stage hung_up_ringing(void)
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), SIP_ESTATE);
    sent(&s, 20, "CANCEL", "sip:bob@example.net");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), SIP_EGONE);
    return s;
}

TEST(cancel_waits_for_a_provisional_response)          /* §9.1 */
{
    struct stage s = hung_up_early();

    sent(&s, 500, "INVITE", "sip:bob@example.net");    /* it may have been lost: timer A goes on */
    silent(&s, 1000);
    reply(&s, 1000, "INVITE", 100);
    sent(&s, 1000, "CANCEL", "sip:bob@example.net");
    reply(&s, 1010, "CANCEL", 200);
    reply(&s, 1020, "INVITE", 487);
    sent(&s, 1020, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(cancel_is_not_needed_when_the_answer_comes_first) /* §9.1: 2xx instead of 1xx: ACK and BYE */
{
    struct stage s = hung_up_early();

    reply(&s, 100, "INVITE", 200);
    sent(&s, 100, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 100, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 120, "BYE", 200);
    again(&s, 130);
    quiet(&s);
}

TEST(cancel_is_not_needed_when_a_refusal_comes_first)  /* §9.1, §17.1.1.3 */
{
    struct stage s = hung_up_early();

    reply(&s, 100, "INVITE", 486);
    sent(&s, 100, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(nobody_answers_an_invite_that_was_given_up)       /* timer B */
{
    struct stage s = hung_up_early();

    for (uint64_t t = 500; t < 32000; t = 2 * t + 500)
        sent(&s, t, "INVITE", "sip:bob@example.net");
    quiet(&s);
    CHECK_INT(s.now, 32000);
}

TEST(cancel_against_180) /* §9.1: another 1xx brings no second CANCEL */
{
    struct stage s = hung_up_ringing();

    reply(&s, 30, "INVITE", 183);
    silent(&s, 40);
    reply(&s, 50, "CANCEL", 200);
    reply(&s, 60, "INVITE", 487);
    sent(&s, 60, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(cancel_against_200)                               /* §9.1, §13.2.2.4, §15.1.1 */
{
    struct stage s = hung_up_ringing();

    reply(&s, 25, "INVITE", 200);
    sent(&s, 25, "ACK", "sip:bob@192.0.2.7");          /* to the Contact of the 200 */
    sent(&s, 25, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 45, "CANCEL", 200);
    reply(&s, 45, "BYE", 200);
    quiet(&s);
}

TEST(cancel_against_200_whose_ack_is_lost)             /* §13.2.2.4: each 2xx gets an ACK */
{
    struct stage s = hung_up_ringing();

    reply(&s, 25, "INVITE", 200);
    sent(&s, 25, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 25, "BYE", "sip:bob@192.0.2.7");
    reply(&s, 30, "CANCEL", 481);
    reply(&s, 525, "INVITE", 200);
    sent_between(&s, 525, 525, "BYE", "sip:bob@192.0.2.7");
    sent(&s, 525, "ACK", "sip:bob@192.0.2.7");
    reply(&s, 530, "BYE", 200);
    quiet(&s);
}

TEST(cancel_against_486)                               /* §17.1.1.3 */
{
    struct stage s = hung_up_ringing();

    reply(&s, 25, "INVITE", 486);
    sent(&s, 25, "ACK", "sip:bob@example.net");
    reply(&s, 45, "CANCEL", 200);
    again(&s, 50);
    quiet(&s);
}

TEST(cancel_without_any_answer) /* §9.1: 64*T1 later the INVITE is over too */
{
    static const uint32_t at[] = {520,   1520,  3520,  7520,  11520,
                                  15520, 19520, 23520, 27520, 31520};
    struct stage s = hung_up_ringing();

    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        sent(&s, at[i], "CANCEL", "sip:bob@example.net");
        is_repeated(&s);
    }
    quiet(&s);
    CHECK_INT(s.now, 32020);
}

TEST(cancel_answered_but_invite_not)                   /* §9.1: given up after 64*T1 */
{
    struct stage s = hung_up_ringing();

    reply(&s, 40, "CANCEL", 200);
    quiet(&s);
    CHECK_INT(s.now, 32020);
}

TEST(answer_that_comes_after_all_was_given_up)         /* §9.1: nobody waits for it any more */
{
    struct stage s = hung_up_ringing();

    reply(&s, 40, "CANCEL", 200);
    pass(&s, 40000);
    reply(&s, 40000, "INVITE", 200);
    quiet(&s);
}

TEST(cancel_to_a_gone_transaction)                     /* §9.2: 481 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0,
             "CANCEL sip:alice@192.0.2.1 SIP/2.0\n"
             "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-gone\n"
             "Max-Forwards: 70\n"
             "From: <sip:bob@example.net>;tag=bob\n"
             "To: <sip:alice@example.net>\n"
             "Call-ID: gone\n"
             "CSeq: 1 CANCEL\n");
    answered(&s, 0, 481, "CANCEL");
    quiet(&s);
}

TEST(cancel_after_our_2xx_changes_nothing)             /* §9.2 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 200, "INVITE");
    ask(&s, 10, "CANCEL");
    answered(&s, 10, 200, "CANCEL");
    silent(&s, 20);
    ask(&s, 30, "ACK");
    heard(&s, 30, "confirmed", 0);
    ask(&s, 40, "BYE");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(cancel_after_our_refusal_changes_nothing)         /* §9.2 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 486, "INVITE");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    ask(&s, 10, "CANCEL");
    answered(&s, 10, 200, "CANCEL");
    ask(&s, 30, "ACK");
    quiet(&s);
}

TEST(cancel_comes_twice)                               /* §9.2, §17.2.2: the same answer */
{
    struct stage s = stage_udp();

    invite(&s, 0);
    heard(&s, 0, "incoming", 0);
    ask(&s, 10, "CANCEL");
    answered(&s, 10, 200, "CANCEL");
    answered(&s, 10, 487, "INVITE");
    heard(&s, 10, "ended", SIP_END_CANCELLED);
    again(&s, 20);
    answered(&s, 20, 200, "CANCEL");
    ask(&s, 30, "ACK");
    quiet(&s);
}

TEST(cancel_carries_the_hosts_reason)                  /* RFC 3326 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    struct sip_refusal why = {0};
    struct sip_extra reason = {{NULL, 0}, {NULL, 0}};

    reason.name = sip_str("Reason");
    reason.value = sip_str("SIP;cause=200;text=\"Call completed elsewhere\"");
    why.headers.at = &reason;
    why.headers.count = 1;
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, &why), 0);
    sent(&s, 20, "CANCEL", "sip:bob@example.net");
    says(&s, "Reason", "SIP;cause=200;text=\"Call completed elsewhere\"");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    reply(&s, 30, "CANCEL", 200);
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:bob@example.net");
    quiet(&s);
}

#define LIST                                                                                       \
    T(cancel_waits_for_a_provisional_response)                                                     \
    T(cancel_is_not_needed_when_the_answer_comes_first)                                            \
    T(cancel_is_not_needed_when_a_refusal_comes_first)                                             \
    T(nobody_answers_an_invite_that_was_given_up)                                                  \
    T(cancel_against_180)                                                                          \
    T(cancel_against_200)                                                                          \
    T(cancel_against_200_whose_ack_is_lost)                                                        \
    T(cancel_against_486)                                                                          \
    T(cancel_without_any_answer)                                                                   \
    T(cancel_answered_but_invite_not)                                                              \
    T(answer_that_comes_after_all_was_given_up)                                                    \
    T(cancel_to_a_gone_transaction)                                                                \
    T(cancel_after_our_2xx_changes_nothing)                                                        \
    T(cancel_after_our_refusal_changes_nothing)                                                    \
    T(cancel_comes_twice)                                                                          \
    T(cancel_carries_the_hosts_reason)

FLOWS(LIST)
