/* Calls in each of their states while every pool is full to its last slot: whatever was admitted
 * can be ended, by either side, with nothing free (DESIGN section 6: admission sets aside what
 * ending needs).
 *
 *     alice, 12 calls: calling, proceeding, parked, answering, incoming, accepted, up, and up with
 *     each change of the session under way; then requests until nothing is free
 *       |-- CANCEL, 486, BYE, ACK + BYE ... -->|    or
 *       |<-- 486, CANCEL, BYE ... -------------|
 */
#include "stage.h"

enum { CALLING, PROCEEDING, PARKED, ANSWERING, INCOMING, ACCEPTED, UP, OURS, ASKED, THEIRS, AGREED,
       UP_IN, CALLS };

static struct sip_call calls[CALLS];
static const char *full; /* the pool that fills up first */

static void without_login(struct sip_account_args *args)
{
    memset(&args->login, 0, sizeof args->login);
}

static void with_room_for_calls(struct sip_config *config)
{
    struct sip_limits *limits = &config->stack.limits;

    limits->calls = CALLS;
    limits->requests = 200;
    limits->transactions = 100;
    limits->buffers_small = 100;
    limits->buffers_large = 100;
    if (strcmp(full, "transactions") == 0)
        limits->transactions = 35;
    else if (strcmp(full, "buffers_small") == 0)
        limits->buffers_small = 30;
    else if (strcmp(full, "buffers_large") == 0)
        limits->buffers_large = 20;
    else
        limits->requests = 3;
}

/* --- getting into the states --- */

static struct sip_call call_out(struct stage *s, bool offer)
{
    struct sip_call_args args = {0};
    struct sip_call call;

    args.to = sip_str("sip:bob@example.net");
    args.account = s->account;
    args.body = stage_body(offer ? stage_offer : NULL);
    returns(s, sip_call_start(s->ua, s->now, &args, &call), 0);
    return call;
}

static struct sip_call is_up(struct stage *s)
{
    struct sip_call call = call_out(s, true);

    reply_with(s, 0, "INVITE", 200, .body = stage_answer);
    return call;
}

static struct sip_call comes_in(struct stage *s)
{
    invite(s, 0);
    return heard(s, 0, "incoming", 0)->call;
}

static void fill_with_calls(struct stage *s)
{
    struct sip_call_message answer = {0};

    answer.body = stage_body(stage_answer);
    calls[CALLING] = call_out(s, true);
    calls[PROCEEDING] = call_out(s, true);
    reply(s, 0, "INVITE", 180);
    calls[PARKED] = call_out(s, true);
    reply_with(s, 0, "INVITE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n");
    calls[ANSWERING] = call_out(s, false);
    reply_with(s, 0, "INVITE", 200, .body = stage_offer);
    forget(s, 0);
    calls[INCOMING] = comes_in(s);
    calls[ACCEPTED] = comes_in(s);
    returns(s, sip_call_accept(s->ua, s->now, calls[ACCEPTED], &answer), 0);
    calls[UP] = is_up(s);
    calls[OURS] = is_up(s);
    returns(s, sip_call_offer(s->ua, s->now, calls[OURS], &answer), 0);
    calls[ASKED] = is_up(s);
    returns(s, sip_call_offer(s->ua, s->now, calls[ASKED], NULL), 0);
    reply_with(s, 0, "INVITE", 200, .body = stage_offer);
    calls[THEIRS] = is_up(s);
    ask_with(s, 0, "INVITE", .body = stage_offer);
    calls[AGREED] = is_up(s);
    ask_with(s, 0, "INVITE", .body = stage_offer);
    returns(s, sip_call_accept(s->ua, s->now, calls[AGREED], &answer), 0);
    forget(s, 0);
    calls[UP_IN] = comes_in(s);
    returns(s, sip_call_accept(s->ua, s->now, calls[UP_IN], &answer), 0);
    ask(s, 0, "ACK");
    forget(s, 0);
}

/* Sends requests until nothing more can be sent; long ones to fill large buffers. */
static void fill_the_rest(struct stage *s)
{
    static char body[700];
    struct sip_request_args args = {0};
    struct sip_request request;
    int got = 0;

    memset(body, 'x', sizeof body);
    args.method = sip_str("MESSAGE");
    args.to = sip_str("sip:carol@example.net");
    args.account = s->account;
    args.body.type = sip_str("text/plain");
    args.body.bytes = sip_bytes(body, strcmp(full, "buffers_large") ? 1 : sizeof body);
    for (int i = 0; i < 200 && !got; i++)
        got = sip_request_start(s->ua, s->now, &args, &request);
    returns(s, got, SIP_EFULL);
    args.body.bytes.len = 1;
    for (int i = 0; i < 200 && strcmp(full, "requests"); i++)
        if (sip_request_start(s->ua, s->now, &args, &request))
            break;
    forget(s, 0);
}

static struct stage all_full(void)
{
    struct stage s = stage_of(with_room_for_calls, without_login);
    struct sip_call_args args = {0};
    struct sip_call call;

    play_on(&s);
    fill_with_calls(&s);
    fill_the_rest(&s);
    args.to = sip_str("sip:carol@example.net");
    args.account = s.account;
    returns(&s, sip_call_start(s.ua, s.now, &args, &call), SIP_EFULL);
    invite(&s, 0);
    pass(&s, 0);
    CHECK(usage(&s, full).refused > 0);
    return s;
}

/* --- ending them --- */

static void hang_up(struct stage *s, int which)
{
    talk(s, which);
    returns(s, sip_call_hang_up(s->ua, s->now, calls[which], NULL), 0);
}

static void alice_ends_them(struct stage *s)
{
    hang_up(s, CALLING);                               /* §9.1: no CANCEL before a 1xx */
    hang_up(s, PROCEEDING);
    sent(s, 0, "CANCEL", "sip:bob@example.net");
    hang_up(s, PARKED);
    hang_up(s, ANSWERING);
    sent(s, 0, "ACK", "sip:bob@192.0.2.7");
    sent(s, 0, "BYE", "sip:bob@192.0.2.7");
    hang_up(s, INCOMING);
    answered(s, 0, 486, "INVITE");
    hang_up(s, ACCEPTED);                              /* §15: the BYE waits for the ACK */
    hang_up(s, UP);
    sent(s, 0, "BYE", "sip:bob@192.0.2.7");
    hang_up(s, OURS);
    sent(s, 0, "BYE", "sip:bob@192.0.2.7");
    hang_up(s, ASKED);
    sent(s, 0, "ACK", "sip:bob@192.0.2.7");
    sent(s, 0, "BYE", "sip:bob@192.0.2.7");
    hang_up(s, THEIRS);
    answered(s, 0, 487, "INVITE");
    sent(s, 0, "BYE", "sip:bob@192.0.2.7");
    hang_up(s, AGREED);
    hang_up(s, UP_IN);
    sent(s, 0, "BYE", "sip:bob@192.0.2.7");
    for (int i = 0; i < CALLS; i++)
        heard(s, 0, "ended", SIP_END_LOCAL);
    CHECK_INT(usage(s, "calls").used, 0);
}

static void bob_answers_everything(struct stage *s)
{
    for (int i = 0; i < CALLS; i++) {
        talk(s, i);
        reply(s, 10, "CANCEL", 200);
        reply(s, 10, "INVITE", 487);
        ask(s, 10, "ACK");
        reply(s, 10, "BYE", 200);
    }
}

static void alice_ends(const char *pool, bool bob_listens)
{
    struct stage s;

    full = pool;
    s = all_full();
    alice_ends_them(&s);
    if (bob_listens)
        bob_answers_everything(&s);
    forget(&s, 400000);
    quiet(&s);
}

TEST(alice_ends_all_calls_with_nothing_free)
{
    alice_ends("transactions", true);
    alice_ends("buffers_small", true);
    alice_ends("buffers_large", true);
    alice_ends("requests", true);
}

TEST(alice_ends_all_calls_and_bob_is_gone)             /* nothing is ever answered */
{
    alice_ends("transactions", false);
    alice_ends("buffers_small", false);
    alice_ends("buffers_large", false);
    alice_ends("requests", false);
}

static void bye(struct stage *s, int which)
{
    talk(s, which);
    ask(s, 0, "BYE");
    answered(s, 0, 200, "BYE");
}

static void bob_ends_them(struct stage *s)
{
    static const int with_bye[] = {ANSWERING, ACCEPTED, UP, ASKED, AGREED, UP_IN};

    talk(s, CALLING);
    reply(s, 0, "INVITE", 486);
    sent(s, 0, "ACK", "sip:bob@example.net");
    heard(s, 0, "ended", SIP_END_REFUSED);
    talk(s, PROCEEDING);
    reply(s, 0, "INVITE", 603);
    sent(s, 0, "ACK", "sip:bob@example.net");
    heard(s, 0, "ended", SIP_END_REFUSED);
    talk(s, INCOMING);
    ask(s, 0, "CANCEL");
    answered(s, 0, 200, "CANCEL");
    answered(s, 0, 487, "INVITE");
    heard(s, 0, "ended", SIP_END_CANCELLED);
    for (size_t i = 0; i < sizeof with_bye / sizeof *with_bye; i++) {
        bye(s, with_bye[i]);
        heard(s, 0, "ended", SIP_END_REMOTE);
    }
    bye(s, THEIRS);
    answered(s, 0, 487, "INVITE");
    heard(s, 0, "ended", SIP_END_REMOTE);
    bye(s, OURS);
    heard(s, 0, "ended", SIP_END_REMOTE);
    CHECK_INT(usage(s, "calls").used, 1);              /* the parked one waits for credentials */
}

static void bob_ends(const char *pool)
{
    struct stage s;

    full = pool;
    s = all_full();
    bob_ends_them(&s);
    bob_answers_everything(&s);
    heard(&s, 32000, "request answered", 408);
    forget(&s, 400000);
    quiet(&s);
}

TEST(bob_ends_all_calls_with_nothing_free)
{
    bob_ends("transactions");
    bob_ends("buffers_small");
    bob_ends("buffers_large");
    bob_ends("requests");
}

TEST(everything_stops_with_nothing_free)               /* sip_ua_stop() */
{
    static const char *const pools[] = {"transactions", "buffers_small", "buffers_large",
                                        "requests"};

    for (int i = 0; i < 8; i++) {
        struct stage s;

        full = pools[i / 2];
        s = all_full();
        returns(&s, sip_ua_stop(s.ua, s.now), 0);
        pass(&s, 0);
        if (i % 2)
            bob_answers_everything(&s);
        forget(&s, 400000);
        quiet(&s);
    }
}

static void lose_the_wire(struct stage *s)
{
    break_wire(s, true);
    for (int i = 0; i < CALLS; i++)
        hang_up(s, i);
    for (int i = 0; i < CALLS; i++)
        heard(s, 0, "ended", SIP_END_LOCAL);
    break_wire(s, false);
}

TEST(wire_is_dead_as_alice_ends_all_calls)             /* sip/transport.h: told by the next tick */
{
    struct stage s;

    full = "transactions";
    s = all_full();
    lose_the_wire(&s);
    forget(&s, 400000);
    quiet(&s);
}

#define LIST                                                                                       \
    T(alice_ends_all_calls_with_nothing_free)                                                      \
    T(alice_ends_all_calls_and_bob_is_gone)                                                        \
    T(bob_ends_all_calls_with_nothing_free)                                                        \
    T(everything_stops_with_nothing_free)                                                          \
    T(wire_is_dead_as_alice_ends_all_calls)

FLOWS_AS_THEY_STAND(LIST)
