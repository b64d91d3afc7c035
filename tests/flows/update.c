/* A session changed without INVITE (RFC 3311): before the call is answered, and in it.
 *
 *      bob                           alice                     alice                          bob
 *       |---- INVITE, 100rel ---------->|                        |------- INVITE ------------->|
 *       |<------- 183, answer ----------|                        |<------ 183, answer ---------|
 *       |---------- PRACK ------------->|                        |-------- PRACK ------------->|
 *       |------ UPDATE, offer --------->|                        |------ UPDATE, offer ------->|
 *       |<------- 200, answer ----------|  in the event          |<------- 200, answer --------|
 */
#include "stage.h"

#define SUPPORTED "Supported: 100rel\nAllow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE\n"
#define RELIABLE "Require: 100rel\nRSeq: 1\nAllow: INVITE, ACK, BYE, PRACK, UPDATE\n"

static struct sip_call_message with_body(uint16_t status, const char *sdp)
{
    struct sip_call_message message = {0};

    message.status = status;
    message.body = stage_body(sdp);
    return message;
}

static void answers_offers(struct stage *s, const struct told *told)
{
    struct sip_call_message answer = with_body(0, stage_answer);

    if (strcmp(told->what, "offered") == 0)
        returns(s, sip_call_accept(s->ua, s->now, told->call, &answer), 0);
}

static void declines_offers(struct stage *s, const struct told *told)
{
    struct sip_refusal refusal = {0};

    refusal.status = 606;
    if (strcmp(told->what, "offered") == 0)
        returns(s, sip_call_decline(s->ua, s->now, told->call, &refusal), 0);
}

/* A call of bob's that rings and has a session already. */
static struct sip_call rings_with_a_session(struct stage *s)
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct sip_call call;
    char line[64];

    invite_with(s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(s, 0, "incoming", 0)->call;
    returns(s, sip_call_ring(s->ua, s->now, call, &early), 0);
    answered(s, 0, 183, "INVITE");
    mentions(s, "Allow", "UPDATE");                    /* §4 */
    snprintf(line, sizeof line, "RAck: %s 1 INVITE\n", header(s, "RSeq"));
    ask_with(s, 0, "PRACK", .headers = line);
    answered(s, 0, 200, "PRACK");
    heard(s, 0, "pracked", 0);
    return call;
}

static void bob_gives_up(struct stage *s, uint64_t t)
{
    ask(s, t, "CANCEL");
    answered(s, t, 200, "CANCEL");
    answered(s, t, 487, "INVITE");
    heard(s, t, "ended", SIP_END_CANCELLED);
    ask(s, t + 10, "ACK");
    quiet(s);
}

/* --- bob's UPDATEs --- */

TEST(offer_before_the_answer_is_answered_in_the_event) /* §5.2 */
{
    struct stage s = stage_udp();

    inside_events(&s, answers_offers);
    rings_with_a_session(&s);
    ask_with(&s, 100, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 100, 200, "UPDATE");
    carries(&s, stage_answer);
    mentions(&s, "Contact", "192.0.2.1");              /* §5.1: a target refresh */
    CHECK_STR(sip_str(heard(&s, 100, "offered", 0)->body), stage_hold);
    bob_gives_up(&s, 200);
}

TEST(offer_that_nobody_answers_gets_504)               /* §5.2: at once */
{
    struct stage s = stage_udp();

    rings_with_a_session(&s);
    ask_with(&s, 100, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 100, 504, "UPDATE");
    CHECK(heard(&s, 100, "offered", 0)->offer);
    bob_gives_up(&s, 200);
}

static void hangs_up(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "offered") == 0)
        returns(s, sip_call_hang_up(s->ua, s->now, told->call, NULL), 0);
}

TEST(call_ends_inside_an_offer)                        /* §5.2: the offer gets its answer all the same */
{
    struct stage s = stage_udp();

    inside_events(&s, hangs_up);
    rings_with_a_session(&s);
    ask_with(&s, 100, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 100, 487, "UPDATE");
    answered(&s, 100, 486, "INVITE");
    heard(&s, 100, "offered", 0);
    heard(&s, 100, "ended", SIP_END_LOCAL);
    ask(&s, 110, "ACK");
    quiet(&s);
}

TEST(host_refuses_an_offer_in_its_own_words)           /* §5.2 */
{
    struct stage s = stage_udp();

    inside_events(&s, declines_offers);
    rings_with_a_session(&s);
    ask_with(&s, 100, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 100, 606, "UPDATE");
    heard(&s, 100, "offered", 0);
    bob_gives_up(&s, 200);
}

TEST(offer_while_the_first_waits_gets_500)             /* §5.2: with Retry-After */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    ask_with(&s, 300, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 300, 500, "UPDATE");
    CHECK(header(&s, "Retry-After") != NULL);
    bob_gives_up(&s, 400);
}

TEST(update_without_an_offer_moves_the_target)         /* §5.1, RFC 3261 §12.2.2 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    call = heard(&s, 10, "answered", 200)->call;
    ask_with(&s, 20, "UPDATE", .contact = "<sip:bob@192.0.2.7:5070>");
    answered(&s, 20, 200, "UPDATE");
    mentions(&s, "Allow", "UPDATE");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 20, "BYE", "sip:bob@192.0.2.7:5070");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    reply(&s, 30, "BYE", 200);
    quiet(&s);
}

TEST(offer_in_a_call_is_answered_in_the_event)         /* §5.2 */
{
    struct stage s = stage_udp();

    inside_events(&s, answers_offers);
    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    ask_with(&s, 20, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 20, 200, "UPDATE");
    carries(&s, stage_answer);
    heard(&s, 20, "offered", 0);
    ask(&s, 30, "BYE");
    answered(&s, 30, 200, "BYE");
    heard(&s, 30, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(offer_that_crosses_ours_gets_491)                 /* §5.2 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call;

    call = stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    ask_with(&s, 20, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 20, 491, "UPDATE");
    reply_with(&s, 30, "INVITE", 200, .body = stage_answer);
    sent(&s, 30, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 30, "changed", 200);
    ask(&s, 40, "BYE");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(update_of_no_dialog_gets_481)                     /* RFC 3261 §12.2.2 */
{
    struct stage s = stage_udp();

    ask_with(&s, 0, "UPDATE", .fresh = 1, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 0, 481, "UPDATE");
    quiet(&s);
}

/* --- alice's --- */

static struct sip_call calls_with_a_session(struct stage *s)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");

    sent(s, 0, "INVITE", "sip:bob@example.net");
    mentions(s, "Allow", "UPDATE");                    /* §4 */
    reply_with(s, 10, "INVITE", 183, .headers = RELIABLE, .body = stage_answer);
    sent(s, 10, "PRACK", "sip:bob@192.0.2.7");
    heard(s, 10, "progress", 183);
    reply(s, 10, "PRACK", 200);
    return call;
}

static void bob_answers_and_hangs_up(struct stage *s, uint64_t t)
{
    reply(s, t, "INVITE", 200);
    sent(s, t, "ACK", "sip:bob@192.0.2.7");
    heard(s, t, "answered", 200);
    ask(s, t + 10, "BYE");
    answered(s, t + 10, 200, "BYE");
    heard(s, t + 10, "ended", SIP_END_REMOTE);
    quiet(s);
}

TEST(we_offer_before_the_answer)                       /* §5.1 */
{
    struct sip_call_message hold = with_body(0, stage_hold), nothing = {0};
    struct stage s = stage_udp();
    struct sip_call call = calls_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &nothing), SIP_EINVAL);
    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:bob@192.0.2.7");
    carries(&s, stage_hold);
    mentions(&s, "Contact", "192.0.2.1");
    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), SIP_ESTATE);
    ask_with(&s, 20, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 20, 491, "UPDATE");
    reply_with(&s, 30, "UPDATE", 200, .body = stage_answer, .contact = "<sip:bob@192.0.2.7>");
    CHECK_STR(sip_str(heard(&s, 30, "changed", 200)->body), stage_answer);
    bob_answers_and_hangs_up(&s, 100);
}

TEST(refused_update_changes_nothing)                   /* §5.3 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = calls_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:bob@192.0.2.7");
    reply(&s, 20, "UPDATE", 504);
    heard(&s, 20, "unchanged", 504);
    bob_answers_and_hangs_up(&s, 100);
}

TEST(update_that_is_challenged_is_said_again)          /* RFC 3261 §22.2 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = calls_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:bob@192.0.2.7");
    reply_with(&s, 20, "UPDATE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"example.net\", nonce=\"one\"\n");
    sent(&s, 20, "UPDATE", "sip:bob@192.0.2.7");
    mentions(&s, "Authorization", "nonce=\"one\"");
    carries(&s, stage_hold);
    reply_with(&s, 30, "UPDATE", 200, .body = stage_answer, .contact = "<sip:bob@192.0.2.7>");
    heard(&s, 30, "changed", 200);
    bob_answers_and_hangs_up(&s, 100);
}

TEST(call_is_answered_while_an_update_is_under_way)    /* §5.1 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = calls_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:bob@192.0.2.7");
    reply(&s, 20, "INVITE", 200);
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 20, "answered", 200);
    reply_with(&s, 30, "UPDATE", 200, .body = stage_answer, .contact = "<sip:bob@192.0.2.7>");
    heard(&s, 30, "changed", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 30, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 30, "ended", SIP_END_LOCAL);
    reply(&s, 40, "BYE", 200);
    quiet(&s);
}

TEST(call_ends_while_an_update_is_under_way)           /* RFC 3261 §15 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = calls_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:bob@192.0.2.7");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "CANCEL", "sip:bob@example.net");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "CANCEL", 200);
    reply_with(&s, 30, "UPDATE", 200, .body = stage_answer, .contact = "<sip:bob@192.0.2.7>");
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(nothing_is_offered_before_the_answer_to_the_first) /* §5.1 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 180, .headers = "Allow: INVITE, ACK, BYE, UPDATE\n");
    heard(&s, 10, "progress", 180);
    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), SIP_ESTATE);
    bob_answers_and_hangs_up(&s, 100);
}

TEST(peer_without_update_gets_none)                    /* §4 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 183, .headers = "Require: 100rel\nRSeq: 1\nAllow: INVITE, PRACK\n",
               .body = stage_answer);
    sent(&s, 10, "PRACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "progress", 183);
    reply(&s, 10, "PRACK", 200);
    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), SIP_ESTATE);
    bob_answers_and_hangs_up(&s, 100);
}

TEST(ringing_phone_offers)                             /* §5.1: the callee too */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = rings_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 0, "UPDATE", "sip:bob@192.0.2.7");
    reply_with(&s, 20, "UPDATE", 200, .body = stage_answer, .contact = "<sip:bob@192.0.2.7>");
    heard(&s, 20, "changed", 200);
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 20, 200, "INVITE");
    ask(&s, 30, "ACK");
    heard(&s, 30, "confirmed", 0);
    ask(&s, 40, "BYE");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(offer_that_crosses_ours_in_a_200_gets_491)        /* §5.2: our offer in the 200 waits for the ACK */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call;

    call = stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    ask_with(&s, 20, "INVITE", .contact = "<sip:bob@192.0.2.7>");
    heard(&s, 20, "offered", 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, &hold), 0);
    answered(&s, 20, 200, "INVITE");
    ask_with(&s, 30, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 30, 491, "UPDATE");
    ask_with(&s, 40, "ACK", .body = stage_answer);
    heard(&s, 40, "changed", 0);
    ask(&s, 50, "BYE");
    answered(&s, 50, 200, "BYE");
    heard(&s, 50, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(offer_before_the_ack_of_an_answer_is_answered)    /* §5.2: no offer is open */
{
    struct sip_call_message answer = with_body(0, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;

    inside_events(&s, answers_offers);
    invite_with(&s, 0, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    answered(&s, 0, 200, "INVITE");
    ask_with(&s, 10, "ACK", .body = stage_answer);
    heard(&s, 10, "confirmed", 0);
    ask_with(&s, 20, "INVITE", .body = stage_offer, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 20, 200, "INVITE");
    heard(&s, 20, "offered", 0);
    ask_with(&s, 30, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 30, 200, "UPDATE");
    heard(&s, 30, "offered", 0);
    ask(&s, 40, "BYE");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(second_update_before_the_answer_to_the_first_gets_500) /* §5.2 */
{
    struct stage s = stage_udp();

    rings_with_a_session(&s);
    in_one_batch(&s, 100);
    ask_with(&s, 100, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    ask_with(&s, 100, "UPDATE", .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 100, 500, "UPDATE");
    answered(&s, 100, 504, "UPDATE");
    heard(&s, 100, "offered", 0);
    bob_gives_up(&s, 200);
}

TEST(second_early_dialog_may_offer_too)                /* §5.2; RFC 3261 §13.2.2.4 */
{
    struct stage s = stage_udp();

    inside_events(&s, answers_offers);
    calls_with_a_session(&s);
    reply_with(&s, 20, "INVITE", 183, .headers = RELIABLE, .body = stage_answer, .tag = "two",
               .contact = "<sip:two@192.0.2.7>");
    sent(&s, 20, "PRACK", "sip:two@192.0.2.7");
    heard(&s, 20, "progress", 183);
    reply(&s, 20, "PRACK", 200);
    ask_with(&s, 30, "UPDATE", .body = stage_hold, .contact = "<sip:two@192.0.2.8>",
             .him = "<sip:bob@example.net>;tag=two", .arrives = "192.0.2.99:5060");
    answered(&s, 30, 200, "UPDATE");
    mentions(&s, "From", "tag=two");
    mentions(&s, "Contact", "192.0.2.99");             /* RFC 3261 §8.1.1.8: on its own way */
    heard(&s, 30, "offered", 0);
    reply_with(&s, 40, "INVITE", 200, .tag = "two", .contact = "");
    sent(&s, 40, "ACK", "sip:two@192.0.2.8");          /* its own target moved */
    heard(&s, 40, "answered", 200);
    ask(&s, 50, "BYE");
    answered(&s, 50, 200, "BYE");
    heard(&s, 50, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(we_offer_where_there_is_a_session)                /* §5.1: not to the fork that only rings */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 5, "INVITE", 180, .tag = "desk");
    heard(&s, 5, "progress", 180);
    reply_with(&s, 10, "INVITE", 183, .headers = RELIABLE, .body = stage_answer, .tag = "two",
               .contact = "<sip:two@192.0.2.7>");
    sent(&s, 10, "PRACK", "sip:two@192.0.2.7");
    heard(&s, 10, "progress", 183);
    reply(&s, 10, "PRACK", 200);
    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:two@192.0.2.7");
    reply_with(&s, 20, "UPDATE", 200, .body = stage_answer, .contact = "<sip:two@192.0.2.8>");
    heard(&s, 20, "changed", 200);
    reply_with(&s, 30, "INVITE", 200, .tag = "two", .contact = "");
    sent(&s, 30, "ACK", "sip:two@192.0.2.8");
    heard(&s, 30, "answered", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 30, "BYE", "sip:two@192.0.2.8");
    heard(&s, 30, "ended", SIP_END_LOCAL);
    reply(&s, 40, "BYE", 200);
    quiet(&s);
}

TEST(update_of_a_fork_that_lost_changes_nothing)       /* §5.1; RFC 3261 §12.2.1.2, §13.2.2.4 */
{
    struct sip_call_message hold = with_body(0, stage_hold);
    struct stage s = stage_udp();
    struct sip_call call = calls_with_a_session(&s);

    returns(&s, sip_call_offer(s.ua, s.now, call, &hold), 0);
    sent(&s, 10, "UPDATE", "sip:bob@192.0.2.7");
    reply_with(&s, 20, "INVITE", 200, .tag = "two", .contact = "<sip:two@192.0.2.7>",
               .body = stage_answer);
    sent(&s, 20, "ACK", "sip:two@192.0.2.7");
    heard(&s, 20, "answered", 200);
    reply_with(&s, 30, "UPDATE", 200, .body = stage_answer, .contact = "<sip:bob@192.0.2.7>");
    heard(&s, 30, "unchanged", 481);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 30, "BYE", "sip:two@192.0.2.7");
    heard(&s, 30, "ended", SIP_END_LOCAL);
    reply(&s, 40, "BYE", 200);
    quiet(&s);
}

#define LIST                                                                                       \
    T(offer_before_the_answer_is_answered_in_the_event)                                            \
    T(offer_that_nobody_answers_gets_504)                                                          \
    T(call_ends_inside_an_offer)                                                                   \
    T(host_refuses_an_offer_in_its_own_words)                                                      \
    T(offer_while_the_first_waits_gets_500)                                                        \
    T(update_without_an_offer_moves_the_target)                                                    \
    T(offer_in_a_call_is_answered_in_the_event)                                                    \
    T(offer_that_crosses_ours_gets_491)                                                            \
    T(update_of_no_dialog_gets_481)                                                                \
    T(we_offer_before_the_answer)                                                                  \
    T(refused_update_changes_nothing)                                                              \
    T(update_that_is_challenged_is_said_again)                                                     \
    T(call_is_answered_while_an_update_is_under_way)                                               \
    T(call_ends_while_an_update_is_under_way)                                                      \
    T(nothing_is_offered_before_the_answer_to_the_first)                                           \
    T(peer_without_update_gets_none)                                                               \
    T(ringing_phone_offers)                                                                        \
    T(offer_that_crosses_ours_in_a_200_gets_491)                                                   \
    T(offer_before_the_ack_of_an_answer_is_answered)                                               \
    T(second_update_before_the_answer_to_the_first_gets_500)                                       \
    T(second_early_dialog_may_offer_too)                                                           \
    T(we_offer_where_there_is_a_session)                                                           \
    T(update_of_a_fork_that_lost_changes_nothing)
FLOWS(LIST)
