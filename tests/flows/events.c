/* The host calls from inside its events: each function in each event, hanging up in each of them
 * (DESIGN rules 4 and 5; sip/call.h). Handles that are over are refused. */
#include "stage.h"

/* --- a story in which every event of a call happens --- */

static const char *wanted;       /* the event in which `deed` is done */
static void (*deed)(struct stage *, const struct told *);
static int done;

static void in_event(struct stage *s, const struct told *told)
{
    if (wanted && strcmp(told->what, wanted) == 0 && told->call.id) {
        done++;
        deed(s, told);
    }
}

static const char *const call_events[] = {
    "progress", "redirected", "challenged", "answered", "forked", "changed", "offered",
    "unchanged", "ended",
};

static void without_login(struct sip_account_args *args)
{
    memset(&args->login, 0, sizeof args->login);
}

static struct sip_call start(struct stage *s)
{
    struct sip_call_args args = {0};
    struct sip_call call;

    args.to = sip_str("sip:bob@example.net");
    args.account = s->account;
    args.body = stage_body(stage_offer);
    sip_call_start(s->ua, s->now, &args, &call);       /* it may have been stopped, or be full */
    return call;
}

/* One way a call of ours can go, with all its events; bob plays on whatever we do. */
static void play_out(void)
{
    struct stage s = stage_as(without_login);
    struct sip_call_message offer = {0};
    struct sip_login login = {0};
    struct sip_call call = start(&s);

    login.username = sip_str("alice");
    login.password = sip_str("secret");
    offer.body = stage_body(stage_hold);
    inside_events(&s, in_event);
    play_on(&s);
    reply(&s, 10, "INVITE", 180);
    reply_with(&s, 20, "INVITE", 302, .contact = "<sip:bob@192.0.2.20>");
    if (sip_call_state(s.ua, call) == SIP_CALL_GONE) {
        call = start(&s);
        pass(&s, 21);
    }
    reply_with(&s, 30, "INVITE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n");
    sip_call_login(s.ua, s.now, call, &login);
    pass(&s, 31);
    reply_with(&s, 40, "INVITE", 200, .tag = "a", .body = stage_answer);
    reply_with(&s, 50, "INVITE", 200, .tag = "b", .body = stage_answer);
    pass(&s, 60);
    sip_call_offer(s.ua, s.now, call, &offer);
    reply_with(&s, 70, "INVITE", 200, .tag = "a", .body = stage_answer);
    sip_call_offer(s.ua, s.now, call, &offer);
    reply_with(&s, 80, "INVITE", 488, .tag = "a");
    ask_with(&s, 90, "INVITE", .body = stage_offer, .him = "<sip:bob@example.net>;tag=a");
    pass(&s, 95);
    sip_call_decline(s.ua, s.now, call, NULL);
    ask(&s, 100, "ACK");
    ask(&s, 110, "BYE");
    reply(&s, 120, "BYE", 200);
    reply(&s, 130, "CANCEL", 200);
    reply(&s, 130, "INVITE", 487);
    sip_call_hang_up(s.ua, s.now, call, NULL);
    forget(&s, 400000);
    quiet(&s);
}

/* And one of a call of bob's: "incoming", "confirmed", "offered", "changed", "ended". */
static const char *const callee_events[] = {"incoming", "confirmed", "offered", "changed", "ended"};

static void play_in(void)
{
    struct stage s = stage_udp();
    struct sip_call_message answer = {0};
    struct sip_call call;

    answer.body = stage_body(stage_answer);
    inside_events(&s, in_event);
    play_on(&s);
    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    sip_call_ring(s.ua, s.now, call, NULL);
    pass(&s, 10);
    sip_call_accept(s.ua, s.now, call, &answer);
    ask(&s, 20, "ACK");
    ask(&s, 30, "INVITE");                             /* without an offer: his ACK answers */
    sip_call_accept(s.ua, s.now, call, &answer);
    ask_with(&s, 40, "ACK", .body = stage_answer);
    ask(&s, 50, "BYE");
    reply(&s, 60, "BYE", 200);
    ask(&s, 70, "ACK");
    sip_call_hang_up(s.ua, s.now, call, NULL);
    forget(&s, 400000);
    quiet(&s);
}

static void play_all(void (*what)(struct stage *, const struct told *))
{
    deed = what;
    for (size_t i = 0; i < sizeof call_events / sizeof *call_events; i++) {
        wanted = call_events[i];
        done = 0;
        play_out();
        if (!done && !is_squeezed())
            fails_at(__FILE__, __LINE__, "the story has no \"%s\"", wanted);
    }
    for (size_t i = 0; i < sizeof callee_events / sizeof *callee_events; i++) {
        wanted = callee_events[i];
        done = 0;
        play_in();
        if (!done && !is_squeezed())
            fails_at(__FILE__, __LINE__, "the other story has no \"%s\"", wanted);
    }
    wanted = NULL;
}

/* --- what is done in them --- */

static void nothing(struct stage *s, const struct told *told)
{
    (void)s;
    (void)told;
}

TEST(stories_have_all_events)
{
    play_all(nothing);
}

static void hang_up(struct stage *s, const struct told *told)
{
    bool ending = strcmp(told->what, "ended") == 0;
    int got = sip_call_hang_up(s->ua, s->now, told->call, NULL);

    /* A redirection that nobody follows is over already; so is what ended. */
    if (strcmp(told->what, "redirected"))
        returns(s, got, ending ? SIP_ESTATE : 0);
    returns(s, sip_call_hang_up(s->ua, s->now, told->call, NULL), SIP_ESTATE);
}

TEST(host_hangs_up_in_each_event)                      /* DESIGN rule 5 */
{
    play_all(hang_up);
}

static void call_everything(struct stage *s, const struct told *told)
{
    struct sip_call_message message = {0};
    struct sip_refusal refusal = {0};
    struct sip_login login = {0};

    message.body = stage_body(stage_answer);
    refusal.status = 480;
    login.username = sip_str("alice");
    login.password = sip_str("secret");
    sip_call_ring(s->ua, s->now, told->call, NULL);
    sip_call_accept(s->ua, s->now, told->call, &message);
    sip_call_accept(s->ua, s->now, told->call, &message);
    sip_call_offer(s->ua, s->now, told->call, &message);
    sip_call_offer(s->ua, s->now, told->call, NULL);
    sip_call_follow(s->ua, s->now, told->call, 3);
    sip_call_follow(s->ua, s->now, told->call, 3);
    sip_call_take(s->ua, s->now, told->call);
    sip_call_login(s->ua, s->now, told->call, &login);
    sip_call_decline(s->ua, s->now, told->call, &refusal);
    sip_call_ring(s->ua, s->now, told->call, &message);
    sip_call_set_host(s->ua, told->call, s);
    CHECK(sip_call_host(s->ua, told->call) == s);      /* queries work, in the last event too */
    CHECK(sip_call_state(s->ua, told->call) != SIP_CALL_GONE);
    sip_call_invite(s->ua, told->call);
    sip_call_dialog(s->ua, told->call);
    sip_stack_deadline(s->stack);
    sip_stack_counters(s->stack);
}

TEST(host_calls_everything_in_each_event)              /* DESIGN rule 4 */
{
    play_all(call_everything);
}

static void in_reverse(struct stage *s, const struct told *told)
{
    struct sip_call_message message = {0};
    struct sip_request_args args = {0};
    struct sip_request request;

    message.body = stage_body(stage_answer);
    args.method = sip_str("INFO");
    args.call = told->call;
    sip_call_decline(s->ua, s->now, told->call, NULL);
    sip_request_start(s->ua, s->now, &args, &request);
    sip_call_take(s->ua, s->now, told->call);
    sip_call_follow(s->ua, s->now, told->call, 0);
    sip_call_hang_up(s->ua, s->now, told->call, NULL);
    sip_call_offer(s->ua, s->now, told->call, &message);
    sip_call_accept(s->ua, s->now, told->call, &message);
    sip_call_ring(s->ua, s->now, told->call, NULL);
    sip_request_start(s->ua, s->now, &args, &request);
    sip_request_abandon(s->ua, s->now, request);
}

TEST(host_calls_in_another_order_in_each_event)
{
    play_all(in_reverse);
}

static void call_again(struct stage *s, const struct told *told)
{
    struct sip_call_args args = {0};
    struct sip_call call;

    (void)told;
    args.to = sip_str("sip:carol@example.net");
    args.account = s->account;
    if (sip_call_start(s->ua, s->now, &args, &call) == 0)
        sip_call_hang_up(s->ua, s->now, call, NULL);
}

TEST(host_starts_a_call_in_each_event)
{
    play_all(call_again);
}

static void stop(struct stage *s, const struct told *told)
{
    (void)told;
    sip_ua_stop(s->ua, s->now);
}

TEST(host_stops_in_each_event)                         /* sip/ua.h, sip_ua_stop() */
{
    play_all(stop);
}

static void lose_the_wire(struct stage *s, const struct told *told)
{
    (void)told;
    break_wire(s, true);
    sip_call_hang_up(s->ua, s->now, told->call, NULL);
    break_wire(s, false);
}

TEST(wire_fails_as_the_host_hangs_up)                  /* sip/transport.h: told by the next tick */
{
    play_all(lose_the_wire);
}

/* --- registrations and requests --- */

static void in_registration(struct stage *s, const struct told *told)
{
    if (told->registration.id && wanted && strcmp(told->what, wanted) == 0) {
        sip_registration_refresh(s->ua, s->now, told->registration);
        sip_registration_stop(s->ua, s->now, told->registration);
        sip_registration_refresh(s->ua, s->now, told->registration);
        sip_registration_stop(s->ua, s->now, told->registration);
        sip_account_remove(s->ua, s->now, s->account);
        CHECK(sip_registration_host(s->ua, told->registration) == NULL);
    }
}

TEST(host_stops_its_registration_in_each_event)        /* sip/registration.h */
{
    static const char *const kinds[] = {"registered", "registration failed",
                                        "registration challenged", "registration ended"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct stage s = stage_as(without_login);
        struct sip_registration registration = stage_register(&s, 3600);

        wanted = kinds[i];
        inside_events(&s, in_registration);
        play_on(&s);
        if (i == 2)
            reply_with(&s, 10, "REGISTER", 401,
                       .headers = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n");
        else
            reply(&s, 10, "REGISTER", i == 1 ? 403 : 200);
        pass(&s, 20);
        reply(&s, 20, "REGISTER", 200);
        sip_registration_stop(s.ua, s.now, registration);
        pass(&s, 30);
        reply(&s, 30, "REGISTER", 200);
        forget(&s, 100000);
        inside_events(&s, NULL);
        quiet(&s);
    }
    wanted = NULL;
}

static void in_request(struct stage *s, const struct told *told)
{
    if (!told->request.id)
        return;
    sip_request_reply(s->ua, s->now, told->request, NULL);
    sip_request_abandon(s->ua, s->now, told->request);
    returns(s, sip_request_reply(s->ua, s->now, told->request, NULL), SIP_EGONE);
}

TEST(host_answers_or_abandons_in_each_event)           /* sip/request.h */
{
    struct stage s = stage_udp();
    struct sip_request_args args = {0};
    struct sip_request request;

    inside_events(&s, in_request);
    args.method = sip_str("MESSAGE");
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    reply(&s, 10, "MESSAGE", 180);
    heard(&s, 10, "request progress", 180);
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    reply(&s, 20, "MESSAGE", 200);
    heard(&s, 20, "request answered", 200);
    ask_text(&s, 30, "MESSAGE sip:alice@192.0.2.1 SIP/2.0\n"
                     "Via: SIP/2.0/UDP 192.0.2.7;branch={branch}\nMax-Forwards: 70\n"
                     "From: <sip:bob@example.net>;tag=1\nTo: <sip:alice@example.net>\n"
                     "Call-ID: x\nCSeq: 1 MESSAGE\n");
    heard(&s, 30, "request", 0);
    forget(&s, 100000);
    quiet(&s);
}

TEST(null_and_stale_handles_are_refused)               /* DESIGN rule 4: SIP_EGONE */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net"), none = {0}, odd = {0};
    struct sip_registration registration = {call.id}, no_registration = {0};
    struct sip_request request = {call.id}, no_request = {0};
    struct sip_call calls[3];

    pass(&s, 0);
    reply(&s, 10, "INVITE", 486);
    heard(&s, 10, "ended", SIP_END_REFUSED);
    pass(&s, 11);
    odd.id = UINT64_MAX;
    calls[0] = call;
    calls[1] = none;
    calls[2] = odd;
    for (int i = 0; i < 3; i++) {
        returns(&s, sip_call_hang_up(s.ua, s.now, calls[i], NULL), SIP_EGONE);
        returns(&s, sip_call_ring(s.ua, s.now, calls[i], NULL), SIP_EGONE);
        returns(&s, sip_call_accept(s.ua, s.now, calls[i], NULL), SIP_EGONE);
        returns(&s, sip_call_decline(s.ua, s.now, calls[i], NULL), SIP_EGONE);
        returns(&s, sip_call_offer(s.ua, s.now, calls[i], NULL), SIP_EGONE);
        returns(&s, sip_call_follow(s.ua, s.now, calls[i], 1), SIP_EGONE);
        returns(&s, sip_call_take(s.ua, s.now, calls[i]), SIP_EGONE);
        CHECK_INT(sip_call_state(s.ua, calls[i]), SIP_CALL_GONE);
        CHECK(sip_call_host(s.ua, calls[i]) == NULL);
        returns(&s, sip_call_set_host(s.ua, calls[i], &s), SIP_EGONE);
        CHECK(sip_call_dialog(s.ua, calls[i]).id == 0);
        CHECK(sip_call_invite(s.ua, calls[i]).at == NULL);
    }
    returns(&s, sip_registration_stop(s.ua, s.now, registration), SIP_EGONE);
    returns(&s, sip_registration_refresh(s.ua, s.now, no_registration), SIP_EGONE);
    returns(&s, sip_request_reply(s.ua, s.now, request, NULL), SIP_EGONE);
    returns(&s, sip_request_abandon(s.ua, s.now, no_request), SIP_EGONE);
    quiet(&s);
}

TEST(account_in_use_is_not_removed)                    /* sip/ua.h: SIP_ESTATE */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    struct sip_account_args args = {0};
    struct sip_account other;

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    returns(&s, sip_account_remove(s.ua, s.now, s.account), SIP_ESTATE);
    args.aor = sip_str("sip:carol@example.net");
    returns(&s, sip_account_add(s.ua, s.now, &args, &other), 0);
    returns(&s, sip_account_remove(s.ua, s.now, other), 0);
    returns(&s, sip_account_remove(s.ua, s.now, other), SIP_EGONE);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 0, "ended", SIP_END_LOCAL);
    reply(&s, 10, "INVITE", 487);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    quiet(&s);
}

#define LIST                                                                                       \
    T(stories_have_all_events)                                                                     \
    T(host_hangs_up_in_each_event)                                                                 \
    T(host_calls_everything_in_each_event)                                                         \
    T(host_calls_in_another_order_in_each_event)                                                   \
    T(host_starts_a_call_in_each_event)                                                            \
    T(host_stops_in_each_event)                                                                    \
    T(wire_fails_as_the_host_hangs_up)                                                             \
    T(host_stops_its_registration_in_each_event)                                                   \
    T(host_answers_or_abandons_in_each_event)                                                      \
    T(null_and_stale_handles_are_refused)                                                          \
    T(account_in_use_is_not_removed)

FLOWS(LIST)
