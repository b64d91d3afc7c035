/* The host sleeps for 40 seconds and calls before it ticks: whatever is long overdue is made up for
 * by the next ticks, and no function of the host's is confused by it (DESIGN rule 6).
 *
 *     alice
 *       |  a call, a registration, a request are under way
 *       |  40 s without a tick: timers B, F, H, L, refreshes are all overdue
 *       |  a function of the host
 *       |  tick
 */
#include "stage.h"

#define AWAKE 40010u

static struct sip_call out, up, in;
static struct sip_registration registration;
static struct sip_request request, theirs;

static void without_much(struct sip_config *config)
{
    config->stack.limits.calls = 4;
    config->stack.limits.requests = 4;
}

/* Everything that can be under way, then 40 s in which nothing is reported. */
static struct stage falls_asleep(void)
{
    struct stage s = stage_with(without_much);
    struct sip_request_args args = {0};

    play_on(&s);
    registration = stage_register(&s, 60);
    reply_with(&s, 0, "REGISTER", 200, .contact = "<sip:alice@192.0.2.1:5060>;expires=40");
    args.method = sip_str("MESSAGE");
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    up = stage_call(&s, "sip:bob@example.net");
    reply_with(&s, 0, "INVITE", 200, .body = stage_answer);
    forget(&s, 0);
    ask(&s, 0, "INFO");
    theirs = heard(&s, 0, "request", 0)->request;
    out = stage_call(&s, "sip:bob@example.net");
    invite(&s, 10);
    in = heard(&s, 10, "incoming", 0)->call;
    forget(&s, 10);
    sleep_until(&s, AWAKE);
    return s;
}

static void wakes_up(struct stage *s)
{
    sip_ua_stop(s->ua, s->now);                        /* each handle gets its last event */
    forget(s, s->now + 200000);
    quiet(s);
}

/* The functions of the host, each the first after the sleep. */
static void none(struct stage *s)
{
    (void)s;
}

static void hang_up_calling(struct stage *s)
{
    sip_call_hang_up(s->ua, s->now, out, NULL);
}

static void hang_up_ringing(struct stage *s)
{
    sip_call_hang_up(s->ua, s->now, in, NULL);
}

static void hang_up_talking(struct stage *s)
{
    sip_call_hang_up(s->ua, s->now, up, NULL);
}

static void answer(struct stage *s)
{
    sip_call_ring(s->ua, s->now, in, NULL);
    sip_call_accept(s->ua, s->now, in, NULL);
}

static void decline(struct stage *s)
{
    sip_call_decline(s->ua, s->now, in, NULL);
}

static void offer(struct stage *s)
{
    struct sip_call_message message = {0};

    message.body = stage_body(stage_hold);
    sip_call_offer(s->ua, s->now, up, &message);
    sip_call_offer(s->ua, s->now, out, &message);
}

static void follow_take_login(struct stage *s)
{
    struct sip_login login = {0};

    sip_call_follow(s->ua, s->now, out, 0);
    sip_call_take(s->ua, s->now, up);
    sip_call_login(s->ua, s->now, out, &login);
}

static void start_call(struct stage *s)
{
    struct sip_call_args args = {0};
    struct sip_call call;

    args.to = sip_str("sip:bob@example.net");
    args.account = s->account;
    returns(s, sip_call_start(s->ua, s->now, &args, &call), 0);
}

static void start_registration(struct stage *s)
{
    struct sip_registration_args args = {0};
    struct sip_registration another;

    args.account = s->account;
    returns(s, sip_registration_start(s->ua, s->now, &args, &another), 0);
}

static void refresh(struct stage *s)
{
    returns(s, sip_registration_refresh(s->ua, s->now, registration), 0);
}

static void unregister(struct stage *s)
{
    returns(s, sip_registration_stop(s->ua, s->now, registration), 0);
}

static void start_request(struct stage *s)
{
    struct sip_request_args args = {0};
    struct sip_request another;

    args.method = sip_str("INFO");
    args.call = up;
    returns(s, sip_request_start(s->ua, s->now, &args, &another), 0);
    args.method = sip_str("OPTIONS");
    args.call.id = 0;
    args.to = sip_str("sip:bob@example.net");
    args.account = s->account;
    sip_request_start(s->ua, s->now, &args, &another);
}

static void abandon(struct stage *s)
{
    returns(s, sip_request_abandon(s->ua, s->now, request), 0);
}

static void reply_late(struct stage *s)
{
    sip_request_reply(s->ua, s->now, theirs, NULL);
}

static void new_login(struct stage *s)
{
    struct sip_login login = {0};

    login.username = sip_str("alice");
    login.password = sip_str("new");
    returns(s, sip_account_login(s->ua, s->now, s->account, &login), 0);
    returns(s, sip_account_remove(s->ua, s->now, s->account), SIP_ESTATE);
}

static void stop(struct stage *s)
{
    returns(s, sip_ua_stop(s->ua, s->now), 0);
}

/* Talks: the registration, the request, `up`, `out`, `in`. What bob says comes before the tick. */
static void he_answers(struct stage *s)
{
    talk(s, 3);
    reply_with(s, AWAKE, "INVITE", 200, .body = stage_answer);
}

static void he_refuses(struct stage *s)
{
    talk(s, 3);
    reply(s, AWAKE, "INVITE", 486);
}

static void he_says_bye(struct stage *s)
{
    talk(s, 2);
    ask(s, AWAKE, "BYE");
}

static void he_cancels(struct stage *s)
{
    talk(s, 4);
    ask(s, AWAKE, "CANCEL");
}

static void he_invites_again(struct stage *s)
{
    talk(s, 2);
    ask_with(s, AWAKE, "INVITE", .body = stage_offer);
}

static void he_calls(struct stage *s)
{
    invite(s, AWAKE);
}

static void he_answers_the_request(struct stage *s)
{
    talk(s, 1);
    reply(s, AWAKE, "MESSAGE", 200);
}

static void bob_is_unreachable(struct stage *s)
{
    struct sip_path path = {0};

    path.protocol = SIP_UDP;
    sip_addr_parse(&path.remote, sip_str("192.0.2.2"));
    path.remote.port = 5060;
    sip_stack_unreachable(s->stack, s->now, &path);
}

static void long_ago(struct stage *s)                  /* `now` goes back: the largest counts */
{
    sip_call_hang_up(s->ua, 0, up, NULL);
    CHECK(sip_stack_now(s->stack) == AWAKE || sip_stack_now(s->stack) == 10);
}

TEST(nothing_is_confused_by_a_sleeping_host)
{
    static void (*const functions[])(struct stage *) = {
        none,          hang_up_calling, hang_up_ringing, hang_up_talking,   answer,
        decline,       offer,           follow_take_login, start_call,      start_registration,
        refresh,       unregister,      start_request,   abandon,           reply_late,
        new_login,     stop,            he_answers,      he_refuses,        he_says_bye,
        he_cancels,    he_invites_again, he_calls,       he_answers_the_request,
        bob_is_unreachable, long_ago,
    };

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        struct stage s = falls_asleep();

        functions[i](&s);
        wakes_up(&s);
    }
}

TEST(overdue_call_is_given_up_at_once)                 /* timer B: nothing is repeated any more */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    sleep_until(&s, 40000);
    CHECK_INT(sip_stack_deadline(s.stack), 500);
    CHECK_INT(sip_stack_tick(s.stack, 40000), 0);
    heard(&s, 40000, "ended", SIP_END_TIMEOUT);
    quiet(&s);
    CHECK_INT(s.now, 40000);
}

TEST(answer_reported_before_the_overdue_timeout_counts) /* the wire was faster than the clock */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    sleep_until(&s, 40000);
    reply(&s, 40000, "INVITE", 200);
    sent(&s, 40000, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 40000, "answered", 200);
    ask(&s, 40010, "BYE");
    answered(&s, 40010, 200, "BYE");
    heard(&s, 40010, "ended", SIP_END_REMOTE);
    quiet(&s);
}

#define LIST                                                                                       \
    T(nothing_is_confused_by_a_sleeping_host)                                                      \
    T(overdue_call_is_given_up_at_once)                                                            \
    T(answer_reported_before_the_overdue_timeout_counts)

FLOWS(LIST)
