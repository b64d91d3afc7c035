/* Host and bob act at random, from a seed: any function at any moment, any answer, requests in and
 * out of order, sleeping, a wire that fails and repeats, pools of any size. Whatever happens:
 * nothing we send breaks a rule, no handle has an event after its last one, and in the end nothing
 * is in use.
 *
 *     SEED=17 program          plays one of them again
 *     SEEDS=100000 program     plays many
 */
#include "stage.h"

#include <stdlib.h>

#define SEEDS 400
#define STEPS 120
#define HANDLES 32

static uint64_t state;

static struct sip_call calls[HANDLES];
static struct sip_request requests[HANDLES];
static struct sip_registration registrations[HANDLES];
static unsigned calls_count, requests_count, registrations_count;

static unsigned any(unsigned below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static struct sip_call a_call(void)
{
    return calls[any(HANDLES)];
}

static void remember(struct stage *s, const struct told *told);

/* --- the host --- */

static void host_starts(struct stage *s)
{
    struct sip_call_args args = {0};
    struct sip_registration_args registration = {0};
    struct sip_request_args request = {0};

    args.to = sip_str("sip:bob@example.net");
    args.account = request.account = registration.account = s->account;
    args.body = stage_body(any(4) ? stage_offer : NULL);
    switch (any(6)) {
    case 0:
        registration.expires_s = 60 + any(100);
        registration.fetch_only = any(4) == 0;
        sip_registration_start(s->ua, s->now, &registration,
                               &registrations[registrations_count++ % HANDLES]);
        break;
    case 1:
        request.method = sip_str(any(2) ? "MESSAGE" : "OPTIONS");
        request.to = args.to;
        request.call = any(2) ? a_call() : (struct sip_call){0};
        sip_request_start(s->ua, s->now, &request, &requests[requests_count++ % HANDLES]);
        break;
    default:
        sip_call_start(s->ua, s->now, &args, &calls[calls_count++ % HANDLES]);
    }
}

static void host_says(struct stage *s)
{
    struct sip_call_message message = {0};
    struct sip_refusal refusal = {0};
    static const uint16_t statuses[] = {0, 0, 404, 480, 486, 488, 500, 603};
    struct sip_login login = {0};
    struct sip_call call = a_call();

    message.body = stage_body(any(3) ? stage_answer : NULL);
    refusal.status = statuses[any(8)];
    login.username = sip_str("alice");
    login.password = sip_str("late");
    switch (any(14)) {
    case 0: sip_call_ring(s->ua, s->now, call, any(2) ? NULL : &message); break;
    case 1: case 2: case 3: sip_call_accept(s->ua, s->now, call, &message); break;
    case 4: sip_call_decline(s->ua, s->now, call, &refusal); break;
    case 5: case 6: sip_call_offer(s->ua, s->now, call, any(4) ? &message : NULL); break;
    case 7: sip_call_hang_up(s->ua, s->now, call, any(2) ? NULL : &refusal); break;
    case 8: sip_call_follow(s->ua, s->now, call, any(4)); break;
    case 9: sip_call_take(s->ua, s->now, call); break;
    case 10: sip_call_login(s->ua, s->now, call, &login); break;
    case 11: sip_registration_refresh(s->ua, s->now, registrations[any(HANDLES)]); break;
    case 12: sip_registration_stop(s->ua, s->now, registrations[any(HANDLES)]); break;
    default:
        if (any(2))
            sip_request_reply(s->ua, s->now, requests[any(HANDLES)], NULL);
        else
            sip_request_abandon(s->ua, s->now, requests[any(HANDLES)]);
    }
}

static void remember(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "incoming") == 0)
        calls[calls_count++ % HANDLES] = told->call;
    if (strcmp(told->what, "request") == 0)
        requests[requests_count++ % HANDLES] = told->request;
    for (unsigned i = any(3); i > 0; i--)
        host_says(s);
    if (any(8) == 0)
        host_starts(s);
}

/* --- bob --- */

static const char *one_of(const char *const *texts, unsigned count)
{
    return texts[any(count)];
}

static void bob_replies_something(struct stage *s)
{
    static const char *const methods[] = {"INVITE", "INVITE",   "INVITE",  "BYE",  "CANCEL",
                                          "INFO",   "REGISTER", "MESSAGE", "OPTIONS", "PRACK", "UPDATE"};
    static const char *const tags[] = {"bob", "bob", "a", "b", "c"};
    static const char *const contacts[] = {NULL, NULL, "<sip:bob@192.0.2.9>", "",
                                           "<sip:a@192.0.2.10>;q=0.3, <sip:b@192.0.2.11>"};
    static const char *const headers[] = {
        NULL, NULL, "Record-Route: <sip:192.0.2.2;lr>\n", "Retry-After: 7\n",
        "Require: 100rel\nRSeq: 1\nAllow: UPDATE\n", "Require: 100rel\nRSeq: 2\n",
        "Min-Expires: 300\n",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\n",
        "Proxy-Authenticate: Digest realm=\"r\", nonce=\"m\", stale=true\n",
    };
    static const int statuses[] = {100, 180, 183, 200, 200, 200, 202, 302, 401, 401, 407,
                                   404, 408, 423, 481, 486, 487, 488, 491, 500, 503, 603};

    reply_with(s, s->now, one_of(methods, 11), statuses[any(22)], .tag = one_of(tags, 5),
               .contact = one_of(contacts, 5), .headers = one_of(headers, 9),
               .body = any(2) ? stage_answer : NULL);
}

static void bob_asks_something(struct stage *s)
{
    static const char *const methods[] = {"ACK", "ACK", "ACK", "BYE", "CANCEL", "INVITE", "INVITE",
                                          "INFO", "OPTIONS", "UPDATE", "NOTIFY", "PRACK", "PRACK",
                                          "UPDATE"};
    static const char *const abilities[] = {NULL, "Supported: 100rel\nAllow: UPDATE\n",
                                            "Require: 100rel\n"};
    static const char *const contacts[] = {NULL, "<sip:bob@192.0.2.9>", "<sip:bob@phone.example>"};

    if (any(3) == 0)
        invite_with(s, s->now, .body = any(2) ? stage_offer : NULL,
                    .headers = one_of(abilities, 3));
    else
        ask_with(s, s->now, one_of(methods, 14), .cseq = any(8) ? 0 : (int)any(20) + 1,
                 .contact = one_of(contacts, 3), .body = any(2) ? stage_offer : NULL,
                 .headers = any(6) ? NULL : "Require: foo\n");
}

/* --- one life --- */

static void any_limits(struct sip_config *config)
{
    struct sip_limits *limits = &config->stack.limits;

    if (any(3) == 0)
        return;
    limits->calls = 1 + any(4);
    limits->registrations = 1 + any(2);
    limits->dialogs = 1 + any(6);
    limits->requests = 1 + any(3);
    limits->transactions = 1 + any(14);
    limits->buffers_small = 1 + any(10);
    limits->buffers_large = 1 + any(6);
    limits->resolving = 1 + any(2);
}

static void any_login(struct sip_account_args *args)
{
    if (any(2))
        memset(&args->login, 0, sizeof args->login);
    if (any(4) == 0)
        args->servers[1] = sip_str("sip:192.0.2.3");
}

static void step(struct stage *s)
{
    static const uint64_t whiles[] = {0, 1, 10, 200, 500, 2000, 33000, 70000};

    if (any(5) == 0)
        talk(s, (int)any(12));
    switch (any(12)) {
    case 0: case 1: host_starts(s); break;
    case 2: case 3: host_says(s); break;
    case 4: case 5: case 6: bob_replies_something(s); break;
    case 7: case 8: bob_asks_something(s); break;
    case 9: again(s, s->now); break;
    case 10: pass(s, s->now + whiles[any(8)]); break;
    default:
        switch (any(16)) {
        case 0: case 1: case 2: case 3: sleep_until(s, s->now + whiles[any(8)]); break;
        case 4: break_wire(s, true); break;
        case 11: case 12: in_one_batch(s, s->now); break;
        case 5: case 6: break_wire(s, false); break;
        case 7: drop_connections(s, s->now); break;
        case 8: narrow_wire(s, any(900)); break;
        case 9: case 10: narrow_wire(s, SIZE_MAX); break;
        default: break;
        }
    }
}

static void live(uint64_t seed)
{
    struct stage s;
    int failures = test_failures;

    state = seed;
    for (int i = 0; i < 4; i++)
        any(2);
    memset(calls, 0, sizeof calls);
    memset(requests, 0, sizeof requests);
    memset(registrations, 0, sizeof registrations);
    calls_count = requests_count = registrations_count = 0;
    s = seed % 4 ? stage_of(any_limits, any_login) : stage_tcp_of(any_limits, any_login);
    play_on(&s);
    inside_events(&s, remember);
    for (int i = 0; i < STEPS; i++)
        step(&s);
    break_wire(&s, false);
    narrow_wire(&s, SIZE_MAX);
    inside_events(&s, NULL);
    sip_ua_stop(s.ua, s.now);
    forget(&s, s.now + 400000);
    drop_connections(&s, s.now);
    forget(&s, s.now + 400000);
    quiet(&s);
    if (has_breached() || test_failures > failures)
        printf("seed %llu\n", (unsigned long long)seed);
}

TEST(random_hosts_and_peers)
{
    const char *one = getenv("SEED"), *many = getenv("SEEDS");
    uint64_t seeds = many ? strtoull(many, NULL, 10) : SEEDS;

    if (one) {
        live(strtoull(one, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= seeds && !has_breached(); seed++)
        live(seed);
}

#define LIST T(random_hosts_and_peers)

FLOWS_AS_THEY_STAND(LIST)
