/* The host of the ua's fuzzer: calls the API with good and bad arguments, and gets the events. */
#include "ua.h"
#include "transport/stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what the host says --- */

const char long_value[] = "012345678901234567890123456789012345678901234567890123456789012345678901"
                          "2345678901234567890123456"
                          "012345678901234567890123456789012345678901234567890123456789012345678901"
                          "2345678901234567890123456"
                          "012345678901234567890123456789012345678901234567890123456789012345678901"
                          "2345678901234567890123456"
                          "012345678901234567890123456789012345678901234567890123456789012345678901"
                          "2345678901234567890123456"
                          "012345678901234567890123456789012345678901234567890123456789012345678901"
                          "2345678901234567890123456"
                          "012345678901234567890123456789012345678901234567890123456789012345678901"
                          "2345678901234567890123456";

static struct sip_extras extras(void)
{
    static struct sip_extra extra[2];
    struct sip_extras out = {0};

    switch (below(12)) {
    case 0:
        extra[0].name = sip_str("Reason"), extra[0].value = sip_str("SIP;cause=200");
        break;
    case 1:
        extra[0].name = sip_str("X-Text"), extra[0].value = sip_str(long_value);
        break;
    case 2:
        extra[0].name = sip_str("X-Text");
        extra[0].value = sip_bytes(long_value, byte() * 2 % sizeof long_value);
        break;
    case 3:
        extra[0].name = sip_str("X-Text"), extra[0].value = sip_str("a\r\nb");
        break;
    case 4:
        extra[0].name = sip_str("To"), extra[0].value = sip_str("x");
        break;
    case 5:
        out.lines = sip_str("X-Text: one\r\nReason: SIP;cause=487\r\n");
        return out;
    case 6:
        out.lines = sip_str("X-Text: one\r\nno line");
        return out;
    default:
        return out;
    }
    out.at = extra;
    out.count = 1;
    return out;
}

static struct sip_body body(void)
{
    struct sip_body none = {{NULL, 0}, {NULL, 0}}, sdp;

    sdp.type = sip_str("application/sdp");
    sdp.bytes = sip_str("v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n");
    if (chance(12))
        sdp.bytes = sip_str(long_value);
    return chance(3) ? none : sdp;
}

static const char *const phrases[] = {"", "", "", "No", "bad\nphrase"};

static const struct sip_call_message *message(void)
{
    static const uint16_t statuses[] = {0, 0, 0, 180, 183, 200, 202, 299, 300, 404, 600, 100, 99};
    static struct sip_call_message said;

    if (chance(3))
        return NULL;
    said.status = statuses[below(sizeof statuses / sizeof *statuses)];
    said.reason = pick(phrases);
    said.headers = extras();
    said.body = body();
    return &said;
}

static const struct sip_refusal *refusal(void)
{
    static const uint16_t statuses[] = {0, 0, 302, 404, 480, 486, 603, 200, 700};
    static struct sip_refusal said;

    if (chance(3))
        return NULL;
    said.status = statuses[below(sizeof statuses / sizeof *statuses)];
    said.reason = pick(phrases);
    said.headers = extras();
    return &said;
}

static struct sip_login login(void)
{
    static const char *const realms[] = {"", "one", "two"};
    struct sip_login out = {0};

    out.username = sip_str("alice");
    out.password = sip_str("secret");
    out.realm = pick(realms);
    return out;
}

static const char *const uris[] = {
    "sip:bob@192.0.2.7",
    "sip:bob@192.0.2.7",
    "sip:bob@192.0.2.8:5080",
    "sip:192.0.2.8;transport=tcp",
    "sips:bob@192.0.2.8",
    "sip:bob@example.net",
    "sip:bob@192.0.2.9",
    "tel:+4930",
    "not a uri",
    "",
    "sip:bob@192.0.2.7?Subject=x",
    "sip:bob@192.0.2.7;method=BYE",
    "sip:bob@[2001:db8::1]",
    "sip:bob@192.0.2.7;maddr=192.0.2.8",
};

static struct sip_target targets[2];

static size_t some_targets(void)
{
    targets[0].protocol = targets[1].protocol = SIP_UDP;
    targets[0].addr = address(7, 5060);
    targets[1].addr = address(8, 5060);
    if (chance(4))
        targets[below(2)].protocol = SIP_TCP;
    return chance(4) ? 1 + below(2) : 0;
}

static struct sip_account some_account(void)
{
    struct sip_account none = {0};

    return chance(6) ? none : w.accounts[below(2)];
}

static void start_call(void)
{
    struct sip_call_args args = {0};
    struct sip_call call;
    int error;

    args.to = pick(uris);
    args.account = some_account();
    args.body = body();
    args.headers = extras();
    if (!args.account.id || chance(6))
        args.from = pick(uris);
    args.targets = targets;
    if (args.to.len < 5 || memcmp(args.to.at, "sips:", 5))
        args.targets_count = some_targets(); /* a forced target need not be secure */
    if (chance(8))
        args.next_hop = pick(uris);
    if (args.targets_count && chance(2))
        args.flow = w.flows[below(FLOWS_MAX)];
    if (chance(4))
        args.expires_s = byte();
    error = sip_call_start(w.ua, w.now, &args, &call);
    require((error == 0) == (call.id != 0));
    if (!error)
        begins(call.id);
}

static void start_request(void)
{
    static const char *const inside[] = {"MESSAGE", "OPTIONS", "INFO", "UPDATE", "FOO", "INVITE"};
    static const char *const outside[] = {"MESSAGE", "OPTIONS", "OPTIONS", "FOO", "BYE", ""};
    struct sip_request_args args = {0};
    struct sip_request request;
    int error;

    args.to = pick(uris);
    if (chance(2))
        args.call.id = some(SIP_KIND_CALL);
    args.method = args.call.id ? pick(inside) : pick(outside);
    args.account = some_account();
    args.body = body();
    args.headers = extras();
    if (!args.account.id)
        args.from = pick(uris);
    args.targets = targets;
    if (args.to.len < 5 || memcmp(args.to.at, "sips:", 5))
        args.targets_count = some_targets();
    error = sip_request_start(w.ua, w.now, &args, &request);
    require((error == 0) == (request.id != 0));
    if (!error)
        begins(request.id);
}

static void start_registration(void)
{
    struct sip_registration_args args = {0};
    struct sip_registration registration;
    int error;

    args.account = some_account();
    args.fetch_only = chance(5);
    args.headers = extras();
    args.expires_s = chance(4) ? byte() : 0;
    error = sip_registration_start(w.ua, w.now, &args, &registration);
    require((error == 0) == (registration.id != 0));
    if (!error)
        begins(registration.id);
}

void add_account(void)
{
    static const char *const servers[] = {"sip:192.0.2.2", "sip:192.0.2.2;transport=tcp", "",
                                          "sip:proxy.example.net", "sip:192.0.2.3"};
    struct sip_account_args args = {0};
    struct sip_account account;

    args.aor = sip_str("sip:alice@example.net");
    args.servers[0] = pick(servers);
    if (args.servers[0].len && chance(3))
        args.servers[1] = pick(servers);
    args.contact_user = sip_str(chance(2) ? "alice" : "");
    if (!chance(4))
        args.login = login();
    if (chance(6))
        args.display = sip_str("Alice \"of\" A");
    if (!sip_account_add(w.ua, w.now, &args, &account))
        w.accounts[below(2)] = account;
}

static void act_elsewhere(unsigned which, const struct sip_login *someone)
{
    struct sip_registration registration = {some(SIP_KIND_REGISTRATION)};
    struct sip_request request = {some(SIP_KIND_REQUEST)};
    int error;

    switch (which) {
    case 14:
        start_registration();
        break;
    case 15:
        sip_registration_refresh(w.ua, w.now, registration);
        break;
    case 16:
        sip_registration_stop(w.ua, w.now, registration);
        break;
    case 17:
        start_request();
        break;
    case 18:
        error = sip_request_reply(w.ua, w.now, request, message());
        if (!error)
            ends(request.id);
        break;
    case 19:
        if (!sip_request_abandon(w.ua, w.now, request))
            ends(request.id);
        break;
    case 20:
        sip_account_login(w.ua, w.now, w.accounts[below(2)], someone);
        break;
    case 21:
        if (chance(2))
            add_account();
        else if (!sip_account_remove(w.ua, w.now, w.accounts[below(2)]))
            add_account();
        break;
    case 22:
        sip_flow_close(w.stack, w.now, w.flows[below(FLOWS_MAX)]);
        break;
    case 23:
        if (chance(8))
            sip_ua_stop(w.ua, w.now);
        break;
    }
}

/* One call of the API, at any moment. */
void act(void)
{
    struct sip_call call = {some(SIP_KIND_CALL)};
    struct sip_login someone = login();
    unsigned which = below(24);

    w.calling = true;
    switch (which) {
    case 0:
    case 1:
        start_call();
        break;
    case 2:
        sip_call_ring(w.ua, w.now, call, message());
        break;
    case 3:
    case 4:
    case 5:
        sip_call_accept(w.ua, w.now, call, message());
        break;
    case 6:
        sip_call_decline(w.ua, w.now, call, refusal());
        break;
    case 7:
    case 8:
        sip_call_offer(w.ua, w.now, call, message());
        break;
    case 9:
    case 10:
        sip_call_hang_up(w.ua, w.now, call, refusal());
        break;
    case 11:
        sip_call_follow(w.ua, w.now, call, below(4));
        break;
    case 12:
        sip_call_take(w.ua, w.now, call);
        break;
    case 13:
        sip_call_login(w.ua, w.now, call, &someone);
        break;
    default:
        act_elsewhere(which, &someone);
    }
    sip_call_state(w.ua, call);
    sip_call_host(w.ua, call);
    sip_call_invite(w.ua, call);
    sip_call_dialog(w.ua, call);
    w.calling = false;
}

/* --- events --- */

static void inside_event(const struct sip_received *received)
{
    struct sip_packet packet = {0};
    struct sip_path path = {0};

    require(w.reporting && !w.calling && !w.inside && !w.stopped);
    w.inside = true;
    require(sip_stack_datagram(w.stack, w.now, &packet) == SIP_ESTATE);
    require(sip_stack_tick(w.stack, w.now) == SIP_ESTATE);
    require(sip_stack_unreachable(w.stack, w.now, &path) == SIP_ESTATE);
    for (unsigned i = w.draining ? 0 : below(4); i < 2; i++)
        if (!w.draining && w.at < w.end) /* a host that redials at once would go on for ever */
            act();
    if (received && received->message->body.len) /* still readable: */
        require(memchr(received->message->bytes.at, '\n', received->message->bytes.len) != NULL);
    w.inside = false;
}

void on_call(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    (void)host;
    require(ua == w.ua && event->now == sip_stack_now(w.stack));
    if (event->kind == SIP_CALL_INCOMING)
        begins(event->call.id);
    lives(event->call.id);
    require(sip_call_state(ua, event->call) != SIP_CALL_GONE);
    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "%llu ------ call %llx event %d status %u end %d\n",
                (unsigned long long)w.now, (unsigned long long)event->call.id, event->kind,
                event->status, event->end);
    if (event->kind == SIP_CALL_ENDED)
        ends(event->call.id);
    inside_event(event->received);
}

void on_registration(void *host, struct sip_ua *ua, const struct sip_registration_event *event)
{
    (void)host, (void)ua;
    lives(event->registration.id);
    if (event->kind == SIP_REGISTRATION_ENDED)
        ends(event->registration.id);
    inside_event(event->received);
}

void on_request(void *host, struct sip_ua *ua, const struct sip_request_event *event)
{
    (void)host, (void)ua;
    if (event->kind == SIP_REQUEST_RECEIVED)
        begins(event->request.id);
    lives(event->request.id);
    if (event->kind == SIP_REQUEST_ANSWERED || event->kind == SIP_REQUEST_ENDED)
        ends(event->request.id);
    inside_event(event->received);
}

enum sip_screened on_screen(void *host, const struct sip_ua *ua,
                            const struct sip_received *received, struct sip_refusal *refuse)
{
    static const enum sip_screened answers[] = {SIP_PASS, SIP_PASS, SIP_PASS, SIP_REFUSE, SIP_DROP};
    const struct sip_refusal *said;

    (void)host, (void)ua;
    require(w.reporting && !received->verified);
    if (w.draining)
        return SIP_PASS;
    said = chance(2) ? refusal() : NULL;
    if (said)
        *refuse = *said;
    return answers[below(5)];
}

void on_stopped(void *host, struct sip_ua *ua)
{
    (void)host, (void)ua;
    require(w.reporting && !w.stopped);
    for (unsigned i = 0; i < w.handle_count; i++)
        require(w.handles[i].over);
    w.stopped = true;
}
