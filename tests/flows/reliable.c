/* Provisional responses that arrive for sure (RFC 3262).
 *
 *      bob                           alice                     alice                          bob
 *       |---- INVITE, 100rel ---------->|                        |------- INVITE ------------->|
 *       |<----- 183, RSeq: 5 -----------|  repeated until        |<------ 183, RSeq: 7 --------|
 *       |------ PRACK, RAck: 5 -------->|                        |------- PRACK, RAck: 7 ----->|
 *       |<---------- 200 ---------------|                        |<---------- 200 -------------|
 */
#include <stdlib.h>

#include "stage.h"

#define SUPPORTED "Supported: 100rel\n"
#define REQUIRED "Require: 100rel\n"

/* RAck for the reliable response that was sent last, `ahead` of it in RSeq. */
static const char *rack(struct stage *s, long ahead)
{
    static char line[64];

    snprintf(line, sizeof line, "RAck: %lu 1 INVITE\n",
             strtoul(header(s, "RSeq"), NULL, 10) + (unsigned long)ahead);
    return line;
}

static struct sip_call_message with_body(uint16_t status, const char *sdp)
{
    struct sip_call_message message = {0};

    message.status = status;
    if (sdp)
        message.body = stage_body(sdp);
    return message;
}

static void required(struct sip_config *config)
{
    config->reliable = SIP_RELIABLE_REQUIRED;
}

static void off(struct sip_config *config)
{
    config->reliable = SIP_RELIABLE_OFF;
}

static void rings_ten_seconds(struct sip_config *config)
{
    config->ring_max_s = 10;
}

static void without_offer(struct sip_call_args *args)
{
    memset(&args->body, 0, sizeof args->body);
}

/* --- bob calls --- */

TEST(answer_in_a_provisional_is_repeated_until_its_prack) /* §3: T1, doubled */
{
    static const uint64_t again_at[] = {500, 1500, 3500, 7500, 15500};
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;
    const char *line;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    says(&s, "Require", "100rel");
    carries(&s, stage_answer);
    for (size_t i = 0; i < sizeof again_at / sizeof *again_at; i++) {
        answered(&s, again_at[i], 183, "INVITE");
        is_repeated(&s);
    }
    line = rack(&s, 0);
    ask_with(&s, 16000, "PRACK", .headers = line);
    answered(&s, 16000, 200, "PRACK");
    heard(&s, 16000, "pracked", 0);
    silent(&s, 40000);
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 40000, 200, "INVITE");
    lacks(&s, "RSeq");
    ask(&s, 40010, "ACK");
    heard(&s, 40010, "confirmed", 0);
    ask(&s, 50000, "BYE");
    answered(&s, 50000, 200, "BYE");
    heard(&s, 50000, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(call_whose_provisional_nobody_acknowledges_ends)  /* §3: 64*T1, then 5xx */
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    pass(&s, 31500);
    answered(&s, 32000, 504, "INVITE");
    CHECK_INT(heard(&s, 32000, "ended", SIP_END_TIMEOUT)->status, 504);
    ask(&s, 32010, "ACK");
    quiet(&s);
}

TEST(ringing_is_reliable_when_the_caller_insists)      /* §3: Require */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .body = stage_offer, .headers = REQUIRED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    says(&s, "Require", "100rel");
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), SIP_ESTATE); /* §3: one at a time */
    ask_with(&s, 10, "PRACK", .headers = rack(&s, 0));
    answered(&s, 10, 200, "PRACK");
    heard(&s, 10, "pracked", 0);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 486, "INVITE");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    ask(&s, 20, "ACK");
    quiet(&s);
}

TEST(provisionals_count_up_by_one)                     /* §3: RSeq; each 2.5 minutes a new one */
{
    struct stage s = stage_with(required);
    struct sip_call call;
    unsigned long first;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    first = strtoul(header(&s, "RSeq"), NULL, 10);
    CHECK(first >= 1 && first <= 0x7fffffff);
    ask_with(&s, 0, "PRACK", .headers = rack(&s, 0));
    answered(&s, 0, 200, "PRACK");
    heard(&s, 0, "pracked", 0);
    answered(&s, 150000, 180, "INVITE");
    CHECK_INT(strtoul(header(&s, "RSeq"), NULL, 10), first + 1);
    ask_with(&s, 150010, "PRACK", .headers = rack(&s, 0));
    answered(&s, 150010, 200, "PRACK");
    heard(&s, 150010, "pracked", 0);
    ask(&s, 160000, "CANCEL");
    answered(&s, 160000, 200, "CANCEL");
    answered(&s, 160000, 487, "INVITE");
    heard(&s, 160000, "ended", SIP_END_CANCELLED);
    ask(&s, 160010, "ACK");
    quiet(&s);
}

TEST(nothing_is_reliable_for_a_caller_without_it)      /* §3 */
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    lacks(&s, "RSeq");
    lacks(&s, "Require");
    silent(&s, 59999);
    ask_with(&s, 59999, "PRACK", .headers = "RAck: 1 1 INVITE\n");
    answered(&s, 59999, 481, "PRACK");
    ask(&s, 59999, "CANCEL");
    answered(&s, 59999, 200, "CANCEL");
    answered(&s, 59999, 487, "INVITE");
    heard(&s, 59999, "ended", SIP_END_CANCELLED);
    ask(&s, 60000, "ACK");
    quiet(&s);
}

TEST(prack_for_something_else_gets_481)                /* §3 */
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    ask_with(&s, 10, "PRACK", .headers = rack(&s, 1));
    answered(&s, 10, 481, "PRACK");
    answered(&s, 500, 183, "INVITE");
    ask_with(&s, 510, "PRACK", .headers = rack(&s, 0));
    answered(&s, 510, 200, "PRACK");
    heard(&s, 510, "pracked", 0);
    ask_with(&s, 520, "PRACK", .headers = rack(&s, 0)); /* it is acknowledged already */
    answered(&s, 520, 481, "PRACK");
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 520, 200, "INVITE");
    ask(&s, 530, "ACK");
    heard(&s, 530, "confirmed", 0);
    ask(&s, 540, "BYE");
    answered(&s, 540, 200, "BYE");
    heard(&s, 540, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(answer_waits_for_the_prack_of_a_session)          /* §3: no 2xx before */
{
    struct sip_call_message early = with_body(183, stage_answer), answer = with_body(0, stage_answer);
    struct sip_call_message untyped = answer;
    struct sip_extra extra = {{NULL, 0}, {NULL, 0}};
    struct stage s = stage_udp();
    struct sip_call call;
    const char *line;

    extra.name = sip_str("Organization");
    extra.value = sip_str("here I am");
    answer.reason = sip_str("Fine");
    answer.headers.at = &extra;
    answer.headers.count = 1;
    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    line = rack(&s, 0);
    untyped.body.type.len = 0;
    returns(&s, sip_call_accept(s.ua, s.now, call, &untyped), SIP_EINVAL);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), SIP_ESTATE);
    answered(&s, 500, 183, "INVITE");
    ask_with(&s, 600, "PRACK", .headers = line);
    answered(&s, 600, 200, "PRACK");
    answered(&s, 600, 200, "INVITE");
    CHECK(!strcmp(start_line(&s), "SIP/2.0 200 Fine"));
    says(&s, "Organization", "here I am");
    carries(&s, stage_answer);
    heard(&s, 600, "pracked", 0);
    ask(&s, 610, "ACK");
    heard(&s, 610, "confirmed", 0);
    ask(&s, 700, "BYE");
    answered(&s, 700, 200, "BYE");
    heard(&s, 700, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(answer_does_not_wait_for_the_prack_of_a_ringing)  /* §3: and the PRACK is answered all the same */
{
    struct sip_call_message answer = with_body(0, stage_answer);
    struct stage s = stage_with(required);
    struct sip_call call;
    const char *line;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    line = rack(&s, 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    answered(&s, 0, 200, "INVITE");
    ask_with(&s, 10, "PRACK", .headers = line);
    answered(&s, 10, 200, "PRACK");
    heard(&s, 10, "pracked", 0);
    ask(&s, 20, "ACK");
    heard(&s, 20, "confirmed", 0);
    ask(&s, 30, "BYE");
    answered(&s, 30, 200, "BYE");
    heard(&s, 30, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(offer_in_a_provisional_gets_its_answer_in_the_prack) /* §5 */
{
    struct sip_call_message early = with_body(183, stage_offer);
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    ask_with(&s, 10, "PRACK", .headers = rack(&s, 0), .body = stage_answer);
    answered(&s, 10, 200, "PRACK");
    CHECK(!strcmp(heard(&s, 10, "pracked", 0)->body, stage_answer));
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 200, "INVITE");
    ask(&s, 20, "ACK");
    heard(&s, 20, "confirmed", 0);
    ask(&s, 30, "BYE");
    answered(&s, 30, 200, "BYE");
    heard(&s, 30, "ended", SIP_END_REMOTE);
    quiet(&s);
}

static void answers_offers(struct stage *s, const struct told *told)
{
    struct sip_call_message answer = with_body(0, stage_answer);

    if (strcmp(told->what, "offered") == 0)
        returns(s, sip_call_accept(s->ua, s->now, told->call, &answer), 0);
}

static void offers_in_a_prack(struct stage *s, int status)
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct sip_call call;

    invite_with(s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(s, 0, "incoming", 0)->call;
    returns(s, sip_call_ring(s->ua, s->now, call, &early), 0);
    answered(s, 0, 183, "INVITE");
    ask_with(s, 10, "PRACK", .headers = rack(s, 0), .body = stage_hold);
    answered(s, 10, status, "PRACK");
    CHECK(heard(s, 10, "offered", 0)->offer);
    returns(s, sip_call_hang_up(s->ua, s->now, call, NULL), 0);
    answered(s, 10, 486, "INVITE");
    heard(s, 10, "ended", SIP_END_LOCAL);
    ask(s, 20, "ACK");
    quiet(s);
}

TEST(offer_in_a_prack_is_answered_in_the_event)        /* §5 */
{
    struct stage s = stage_udp();

    inside_events(&s, answers_offers);
    offers_in_a_prack(&s, 200);
}

TEST(offer_in_a_prack_that_nobody_answers_gets_488)    /* RFC 3261 §21.4.26 */
{
    struct stage s = stage_udp();

    offers_in_a_prack(&s, 488);
}

TEST(caller_without_it_gets_421_when_we_insist)        /* RFC 3261 §21.4.16 */
{
    struct stage s = stage_with(required);

    invite(&s, 0);
    answered(&s, 0, 421, "INVITE");
    says(&s, "Require", "100rel");
    ask(&s, 10, "ACK");
    quiet(&s);
}

TEST(caller_that_insists_gets_420_when_it_is_off)      /* §3 */
{
    struct stage s = stage_with(off);

    invite_with(&s, 0, .body = stage_offer, .headers = REQUIRED);
    answered(&s, 0, 420, "INVITE");
    says(&s, "Unsupported", "100rel");
    ask(&s, 10, "ACK");
    quiet(&s);
}

/* --- alice calls --- */

static struct sip_call calls_bob(struct stage *s)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");

    sent(s, 0, "INVITE", "sip:bob@example.net");
    mentions(s, "Supported", "100rel");
    lacks(s, "Require");
    return call;
}

static void bob_answers_and_hangs_up(struct stage *s, uint64_t t)
{
    reply(s, t, "INVITE", 200);
    sent(s, t, "ACK", "sip:bob@192.0.2.7");
    CHECK(!heard(s, t, "answered", 200)->offer);
    ask(s, t + 10, "BYE");
    answered(s, t + 10, 200, "BYE");
    heard(s, t + 10, "ended", SIP_END_REMOTE);
    quiet(s);
}

TEST(provisionals_are_acknowledged_in_order_and_told_once) /* §4 */
{
    struct stage s = stage_udp();

    calls_bob(&s);
    reply_with(&s, 10, "INVITE", 180, .headers = "Require: 100rel\nRSeq: 7\n");
    sent(&s, 10, "PRACK", "sip:bob@192.0.2.7");
    says(&s, "RAck", "7 1 INVITE");
    CHECK(heard(&s, 10, "progress", 180)->reliable);
    reply(&s, 20, "PRACK", 200);
    reply_with(&s, 30, "INVITE", 180, .headers = "Require: 100rel\nRSeq: 7\n"); /* a copy */
    reply_with(&s, 30, "INVITE", 183, .headers = "Require: 100rel\nRSeq: 9\n"); /* too early */
    silent(&s, 40);
    reply_with(&s, 40, "INVITE", 183, .headers = "Require: 100rel\nRSeq: 8\n", .body = stage_answer);
    sent(&s, 40, "PRACK", "sip:bob@192.0.2.7");
    says(&s, "RAck", "8 1 INVITE");
    CHECK(!strcmp(heard(&s, 40, "progress", 183)->body, stage_answer));
    reply(&s, 50, "PRACK", 200);
    bob_answers_and_hangs_up(&s, 60);
}

TEST(prack_is_repeated_until_its_answer)               /* RFC 3261 §17.1.2: Timer E */
{
    struct stage s = stage_udp();

    calls_bob(&s);
    reply_with(&s, 10, "INVITE", 180, .headers = "Require: 100rel\nRSeq: 7\n");
    sent(&s, 10, "PRACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "progress", 180);
    sent(&s, 510, "PRACK", "sip:bob@192.0.2.7");
    is_repeated(&s);
    reply(&s, 600, "PRACK", 200);
    bob_answers_and_hangs_up(&s, 5000);
}

TEST(prack_that_is_challenged_is_said_again)           /* RFC 3261 §22.2 */
{
    struct stage s = stage_udp();

    calls_bob(&s);
    reply_with(&s, 10, "INVITE", 180, .headers = "Require: 100rel\nRSeq: 7\n");
    sent(&s, 10, "PRACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "progress", 180);
    reply_with(&s, 20, "PRACK", 401,
               .headers = "WWW-Authenticate: Digest realm=\"example.net\", nonce=\"one\"\n");
    sent(&s, 20, "PRACK", "sip:bob@192.0.2.7");
    mentions(&s, "Authorization", "nonce=\"one\"");
    says(&s, "RAck", "7 1 INVITE");
    reply(&s, 30, "PRACK", 200);
    bob_answers_and_hangs_up(&s, 60);
}

TEST(provisional_without_rseq_is_no_reliable_one)      /* §4, §7.1: nothing to acknowledge */
{
    struct stage s = stage_udp();

    calls_bob(&s);
    reply_with(&s, 10, "INVITE", 180, .headers = "Require: 100rel\n");
    reply_with(&s, 10, "INVITE", 180, .headers = "Require: 100rel\nRSeq: 0\n");
    silent(&s, 20);
    reply_with(&s, 20, "INVITE", 100, .headers = "Require: 100rel\nRSeq: 1\n"); /* §4: ignored */
    silent(&s, 30);
    bob_answers_and_hangs_up(&s, 30);
}

TEST(prack_takes_our_answer_to_an_offer)               /* §5; INVITE without one */
{
    struct sip_call_message answer = with_body(0, stage_answer), none = with_body(0, NULL);
    struct stage s = stage_udp();
    struct sip_call call = stage_call_with(&s, "sip:bob@example.net", without_offer);

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 183, .headers = "Require: 100rel\nRSeq: 1\n", .body = stage_offer);
    CHECK(heard(&s, 10, "progress", 183)->offer);
    reply_with(&s, 500, "INVITE", 183, .headers = "Require: 100rel\nRSeq: 1\n", .body = stage_offer);
    silent(&s, 1000);
    returns(&s, sip_call_accept(s.ua, s.now, call, &none), SIP_EINVAL);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    sent(&s, 1000, "PRACK", "sip:bob@192.0.2.7");
    carries(&s, stage_answer);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), SIP_ESTATE);
    reply(&s, 1010, "PRACK", 200);
    reply_with(&s, 1020, "INVITE", 200, .body = stage_offer); /* §5: no offer any more */
    sent(&s, 1020, "ACK", "sip:bob@192.0.2.7");
    CHECK(!heard(&s, 1020, "answered", 200)->offer);
    ask(&s, 1030, "BYE");
    answered(&s, 1030, 200, "BYE");
    heard(&s, 1030, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(each_fork_counts_for_itself)                      /* §4: the dialog of the response */
{
    struct stage s = stage_udp();

    calls_bob(&s);
    reply_with(&s, 10, "INVITE", 180, .tag = "one", .headers = "Require: 100rel\nRSeq: 7\n");
    sent(&s, 10, "PRACK", "sip:bob@192.0.2.7");
    mentions(&s, "To", "tag=one");
    heard(&s, 10, "progress", 180);
    reply(&s, 10, "PRACK", 200);
    reply_with(&s, 20, "INVITE", 180, .tag = "two", .headers = "Require: 100rel\nRSeq: 300\n");
    sent(&s, 20, "PRACK", "sip:bob@192.0.2.7");
    mentions(&s, "To", "tag=two");
    says(&s, "RAck", "300 1 INVITE");
    heard(&s, 20, "progress", 180);
    reply(&s, 20, "PRACK", 200);
    bob_answers_and_hangs_up(&s, 30);
}

TEST(our_invite_insists_when_told_to)                  /* §4 */
{
    struct stage s = stage_with(required);

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    says(&s, "Require", "100rel");
    bob_answers_and_hangs_up(&s, 30);
}

TEST(nothing_is_offered_when_it_is_off)
{
    struct stage s = stage_with(off);

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    lacks(&s, "Supported");
    CHECK(!strstr(header(&s, "Allow"), "PRACK"));
    reply_with(&s, 10, "INVITE", 180, .headers = "Require: 100rel\nRSeq: 7\n");
    CHECK(!heard(&s, 10, "progress", 180)->reliable);
    bob_answers_and_hangs_up(&s, 30);
}

TEST(prack_after_the_hang_up_of_a_held_answer_gets_481) /* RFC 3261 §12.3: the early dialog is over */
{
    struct sip_call_message early = with_body(183, stage_answer), answer = with_body(0, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;
    const char *line;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    line = rack(&s, 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    pass(&s, 90);
    sleep_until(&s, 100);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    ask_with(&s, 100, "PRACK", .headers = line);
    answered(&s, 100, 486, "INVITE");
    answered(&s, 100, 481, "PRACK");
    heard(&s, 100, "ended", SIP_END_LOCAL);
    ask(&s, 110, "ACK");
    quiet(&s);
}

static void answer_is_held_until_an_offer_is_dealt_with(struct stage *s, int status)
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct sip_call call;
    const char *line;

    invite_with(s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(s, 0, "incoming", 0)->call;
    returns(s, sip_call_ring(s->ua, s->now, call, &early), 0);
    answered(s, 0, 183, "INVITE");
    line = rack(s, 0);
    returns(s, sip_call_accept(s->ua, s->now, call, NULL), 0);
    ask_with(s, 10, "PRACK", .headers = line, .body = stage_hold);
    answered(s, 10, status, "PRACK");
    answered(s, 10, 200, "INVITE");
    heard(s, 10, "offered", 0);
    ask(s, 20, "ACK");
    heard(s, 20, "confirmed", 0);
    ask(s, 30, "BYE");
    answered(s, 30, 200, "BYE");
    heard(s, 30, "ended", SIP_END_REMOTE);
    quiet(s);
}

TEST(held_answer_goes_out_behind_an_offer_in_the_prack) /* §3, §5 */
{
    struct stage s = stage_udp();

    inside_events(&s, answers_offers);
    answer_is_held_until_an_offer_is_dealt_with(&s, 200);
}

TEST(held_answer_goes_out_behind_a_refused_offer)      /* §3, §5 */
{
    struct stage s = stage_udp();

    answer_is_held_until_an_offer_is_dealt_with(&s, 488);
}

TEST(call_that_was_answered_rings_no_longer)           /* §3: it waits for the PRACK, 64*T1 at most */
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_with(rings_ten_seconds);
    struct sip_call call;
    const char *line;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    line = rack(&s, 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    pass(&s, 12000);
    ask_with(&s, 12000, "PRACK", .headers = line);
    answered(&s, 12000, 200, "PRACK");
    answered(&s, 12000, 200, "INVITE");
    heard(&s, 12000, "pracked", 0);
    ask(&s, 12010, "ACK");
    heard(&s, 12010, "confirmed", 0);
    ask(&s, 12020, "BYE");
    answered(&s, 12020, 200, "BYE");
    heard(&s, 12020, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(offers_that_cross_one_that_waits_get_500)         /* §5, RFC 3311 §5.2: and the first its answer */
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_with(required);
    struct sip_call call;
    const char *line;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    ask_with(&s, 10, "PRACK", .headers = rack(&s, 0));
    answered(&s, 10, 200, "PRACK");
    heard(&s, 10, "pracked", 0);
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 180, "INVITE");
    line = rack(&s, 0);
    in_one_batch(&s, 20);
    ask_with(&s, 20, "UPDATE", .body = stage_hold, .contact = "<sip:bob@192.0.2.7>");
    ask_with(&s, 20, "PRACK", .headers = line, .body = stage_hold);
    answered(&s, 20, 500, "PRACK");
    answered(&s, 20, 504, "UPDATE");
    heard(&s, 20, "offered", 0);
    ask_with(&s, 30, "PRACK", .headers = line);        /* it was not acknowledged yet */
    answered(&s, 30, 200, "PRACK");
    heard(&s, 30, "pracked", 0);
    ask(&s, 40, "CANCEL");
    answered(&s, 40, 200, "CANCEL");
    answered(&s, 40, 487, "INVITE");
    heard(&s, 40, "ended", SIP_END_CANCELLED);
    ask(&s, 50, "ACK");
    quiet(&s);
}

TEST(caller_gives_up_while_an_answer_is_held)          /* RFC 3261 §9.2: nothing final was sent */
{
    struct sip_call_message early = with_body(183, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .body = stage_offer, .headers = SUPPORTED);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), SIP_ESTATE);
    ask(&s, 100, "CANCEL");
    answered(&s, 100, 200, "CANCEL");
    answered(&s, 100, 487, "INVITE");
    heard(&s, 100, "ended", SIP_END_CANCELLED);
    ask(&s, 110, "ACK");
    quiet(&s);
}

TEST(nothing_is_answered_after_the_hang_up)            /* §5: an offer waits in a provisional */
{
    struct sip_call_message answer = with_body(0, stage_answer);
    struct stage s = stage_udp();
    struct sip_call call = stage_call_with(&s, "sip:bob@example.net", without_offer);

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 183, .headers = "Require: 100rel\nRSeq: 1\n", .body = stage_offer);
    CHECK(heard(&s, 10, "progress", 183)->offer);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), SIP_ESTATE);
    sent(&s, 10, "CANCEL", "sip:bob@example.net");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "CANCEL", 200);
    reply(&s, 20, "INVITE", 487);
    sent(&s, 20, "ACK", "sip:bob@example.net");
    quiet(&s);
}

#define LIST                                                                                       \
    T(answer_in_a_provisional_is_repeated_until_its_prack)                                         \
    T(call_whose_provisional_nobody_acknowledges_ends)                                             \
    T(ringing_is_reliable_when_the_caller_insists)                                                 \
    T(provisionals_count_up_by_one)                                                                \
    T(nothing_is_reliable_for_a_caller_without_it)                                                 \
    T(prack_for_something_else_gets_481)                                                           \
    T(answer_waits_for_the_prack_of_a_session)                                                     \
    T(answer_does_not_wait_for_the_prack_of_a_ringing)                                             \
    T(offer_in_a_provisional_gets_its_answer_in_the_prack)                                         \
    T(offer_in_a_prack_is_answered_in_the_event)                                                   \
    T(offer_in_a_prack_that_nobody_answers_gets_488)                                               \
    T(caller_without_it_gets_421_when_we_insist)                                                   \
    T(caller_that_insists_gets_420_when_it_is_off)                                                 \
    T(provisionals_are_acknowledged_in_order_and_told_once)                                        \
    T(prack_is_repeated_until_its_answer)                                                          \
    T(prack_that_is_challenged_is_said_again)                                                      \
    T(provisional_without_rseq_is_no_reliable_one)                                                 \
    T(prack_takes_our_answer_to_an_offer)                                                          \
    T(each_fork_counts_for_itself)                                                                 \
    T(our_invite_insists_when_told_to)                                                             \
    T(nothing_is_offered_when_it_is_off)                                                           \
    T(prack_after_the_hang_up_of_a_held_answer_gets_481)                                           \
    T(held_answer_goes_out_behind_an_offer_in_the_prack)                                           \
    T(held_answer_goes_out_behind_a_refused_offer)                                                 \
    T(call_that_was_answered_rings_no_longer)                                                      \
    T(offers_that_cross_one_that_waits_get_500)                                                    \
    T(caller_gives_up_while_an_answer_is_held)                                                     \
    T(nothing_is_answered_after_the_hang_up)
FLOWS(LIST)
