/* A whole user agent on a virtual wire and clock, driven by the fuzzer's bytes: messages of a peer
 * that knows what the ua sent (or breaks it), streams in pieces, dead paths, ticks, and every call of
 * the API at any moment, inside events too.
 *
 * Held all the time: each handle has one last event and none after it; events come from reports alone,
 * and reports inside events are SIP_ESTATE; what is set aside is what the calls that live have a claim
 * to; each message sent pleases tests/strict.c as long as the peer has sent no garbage that it may
 * echo. At the end, when all was hung up and the clock has run out: nothing is in use.
 *
 * clang -fsanitize=fuzzer,address,undefined -Iinclude -Ilib -Itests, with lib/ but posix and
 * tests/strict*.c; without the fuzzer fuzz/replay.c plays files. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/sip.h"
#include "strict.h"
#include "ua/call.h"

enum { SENT_MAX = 16, TEXT_MAX = 6000, FLOWS_MAX = 8, HANDLES_MAX = 256, ACCOUNTS_MAX = 3 };
enum { STEPS_MAX = 120, TICKS_MAX = 20000 };

struct text {
    size_t len;
    char at[TEXT_MAX];
};

struct sent {
    struct text text;
    struct sip_path path;
    struct sip_flow flow;
};

struct handle {
    uint64_t id;
    bool over;
};

/* All of one run. */
static struct world {
    const uint8_t *at, *end; /* what is left of the input */
    struct sip_config config;
    struct sip_ua *ua;
    struct sip_stack *stack;
    void *block;
    uint64_t now, seed;
    struct sip_account accounts[ACCOUNTS_MAX];
    struct sent sent[SENT_MAX]; /* a ring */
    unsigned sent_count;
    struct sip_flow flows[FLOWS_MAX];
    struct sip_path flow_paths[FLOWS_MAX];
    struct handle handles[HANDLES_MAX]; /* of calls, registrations, requests */
    unsigned handle_count;
    struct text last; /* what the peer sent last */
    unsigned branches;
    bool reporting, calling, inside;
    bool dirty;   /* the peer has sent garbage: what we echo is not judged any more */
    bool broken, stopped, draining;
} w;

static void require_at(int line, bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz/ua.c:%d: %s\n", line, what);
    abort();
}
#define require(condition) require_at(__LINE__, condition, #condition)

/* --- input --- */

static unsigned byte(void)
{
    return w.at < w.end ? *w.at++ : 0;
}

static unsigned below(unsigned most)
{
    return byte() % most;
}

static bool chance(unsigned in)
{
    return below(in) == in - 1;
}

static struct sip_str one_of(const char *const *texts, unsigned count)
{
    return sip_str(texts[below(count)]);
}
#define pick(texts) one_of(texts, sizeof(texts) / sizeof *(texts))

/* --- handles --- */

static struct handle *handle_of(uint64_t id)
{
    for (unsigned i = 0; i < w.handle_count; i++)
        if (w.handles[i].id == id)
            return &w.handles[i];
    return NULL;
}

static void begins(uint64_t id)
{
    require(id != 0 && !handle_of(id));
    if (w.handle_count == HANDLES_MAX) { /* forget the oldest that is over */
        for (unsigned i = 0; i < HANDLES_MAX; i++) {
            if (w.handles[i].over) {
                w.handles[i].id = id;
                w.handles[i].over = false;
                return;
            }
        }
        require(!"a place for another handle");
    }
    w.handles[w.handle_count].id = id;
    w.handles[w.handle_count++].over = false;
}

static void lives(uint64_t id)
{
    const struct handle *handle = handle_of(id);

    require(handle && !handle->over);
}

static void ends(uint64_t id)
{
    lives(id);
    handle_of(id)->over = true;
}

static unsigned living(unsigned kind)
{
    unsigned count = 0;

    for (unsigned i = 0; i < w.handle_count; i++)
        count += !w.handles[i].over && w.handles[i].id >> 56 == kind;
    return count;
}

/* Any handle of this kind, over or not, the newest most often; now and then a wrong one. */
static uint64_t some(unsigned kind)
{
    unsigned back = below(8);

    if (back == 7)
        return w.handle_count ? w.handles[below(w.handle_count)].id ^ byte() : byte();
    for (unsigned i = w.handle_count; i-- > 0;)
        if (w.handles[i].id >> 56 == kind && (!w.handles[i].over || back > 4) && back-- % 4 == 0)
            return w.handles[i].id;
    return 0;
}

/* --- the wire --- */

static struct sip_addr address(unsigned last, uint16_t port)
{
    struct sip_addr addr = {0};

    addr.family = SIP_IPV4;
    memcpy(addr.bytes, "\300\0\2", 3);
    addr.bytes[3] = (uint8_t)last;
    addr.port = port;
    return addr;
}

static void judge(struct sip_str bytes)
{
    char why[256];

    if (w.dirty || !strict_check(bytes.at, bytes.len, why, sizeof why))
        return;
    if (!strncmp(why, "no Allow", 8) || !strncmp(why, "no Unsupported", 14))
        return; /* an answer to a stranger, cut to twice the size of his request */
    fprintf(stderr, "%s\n%.*s\n", why, (int)bytes.len, bytes.at);
    require(!"what we sent is well-formed");
}

static void record(const struct sip_path *path, struct sip_flow flow, struct sip_str bytes)
{
    struct sent *sent = &w.sent[w.sent_count % SENT_MAX];

    require(bytes.len <= w.config.stack.limits.message_max);
    if (bytes.len > TEXT_MAX - 1)
        return;
    memcpy(sent->text.at, bytes.at, bytes.len);
    sent->text.at[bytes.len] = '\0';
    sent->text.len = bytes.len;
    sent->path = *path;
    sent->flow = flow;
    w.sent_count++;
    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "%llu ------ sent\n%s\n", (unsigned long long)w.now, sent->text.at);
}

/* Transport functions must not report either. */
static void misuse(void)
{
    struct sip_packet packet = {0};

    require(!w.stack || sip_stack_datagram(w.stack, w.now, &packet) == SIP_ESTATE);
    require(!w.stack || sip_stack_tick(w.stack, w.now) == SIP_ESTATE);
}

static int wire_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    (void)host;
    misuse();
    require(path->protocol == SIP_UDP && (!w.stopped || w.reporting));
    judge(bytes);
    if (w.broken && !w.draining)
        return -1;
    record(path, (struct sip_flow){0}, bytes);
    return 0;
}

static unsigned flow_at(struct sip_flow flow)
{
    unsigned i = 0;

    while (i < FLOWS_MAX && w.flows[i].id != flow.id)
        i++;
    return i;
}

static long wire_write(void *host, struct sip_flow flow, struct sip_str bytes)
{
    unsigned which = flow_at(flow), how = w.draining ? 0 : below(8);

    (void)host;
    misuse();
    require(which < FLOWS_MAX && bytes.len > 0);
    if (how == 7)
        return -1;
    if (how == 6)
        return (long)(byte() % bytes.len);
    if (how == 5)
        return 0;
    if (bytes.len > 4)
        record(&w.flow_paths[which], flow, bytes);
    return (long)bytes.len;
}

static int wire_connect(void *host, struct sip_flow flow, const struct sip_path *path,
                        struct sip_str name)
{
    unsigned which = flow_at((struct sip_flow){0});

    (void)host, (void)name;
    misuse();
    if (which == FLOWS_MAX || (!w.draining && chance(6)))
        return -1;
    w.flows[which] = flow;
    w.flow_paths[which] = *path;
    return 0;
}

static void wire_close(void *host, struct sip_flow flow)
{
    unsigned which = flow_at(flow);

    (void)host;
    misuse();
    require(which < FLOWS_MAX);
    w.flows[which].id = 0;
}

static int wire_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host;
    misuse();
    if (path->remote.bytes[3] == 9)
        return -1;
    *local = address(1, 5060);
    return 0;
}

static int wire_random(void *host, void *bytes, size_t count)
{
    unsigned char *at = bytes;

    (void)host;
    for (size_t i = 0; i < count; i++) {
        w.seed = w.seed * 6364136223846793005u + 1442695040888963407u;
        at[i] = (unsigned char)(w.seed >> 56);
    }
    return 0;
}

/* --- what the host says --- */

static const char long_value[] =
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456";

static struct sip_extras extras(void)
{
    static struct sip_extra extra[2];
    struct sip_extras out = {0};

    switch (below(12)) {
    case 0: extra[0].name = sip_str("Reason"), extra[0].value = sip_str("SIP;cause=200"); break;
    case 1: extra[0].name = sip_str("X-Text"), extra[0].value = sip_str(long_value); break;
    case 2:
        extra[0].name = sip_str("X-Text");
        extra[0].value = sip_bytes(long_value, byte() * 2 % sizeof long_value);
        break;
    case 3: extra[0].name = sip_str("X-Text"), extra[0].value = sip_str("a\r\nb"); break;
    case 4: extra[0].name = sip_str("To"), extra[0].value = sip_str("x"); break;
    case 5: out.lines = sip_str("X-Text: one\r\nReason: SIP;cause=487\r\n"); return out;
    case 6: out.lines = sip_str("X-Text: one\r\nno line"); return out;
    default: return out;
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
    "sip:bob@192.0.2.7", "sip:bob@192.0.2.7", "sip:bob@192.0.2.8:5080", "sip:192.0.2.8;transport=tcp",
    "sips:bob@192.0.2.8", "sip:bob@example.net", "sip:bob@192.0.2.9", "tel:+4930", "not a uri", "",
    "sip:bob@192.0.2.7?Subject=x", "sip:bob@192.0.2.7;method=BYE", "sip:bob@[2001:db8::1]",
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

static void add_account(void)
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

/* One call of the API, at any moment. */
static void act(void)
{
    struct sip_call call = {some(SIP_KIND_CALL)};
    struct sip_registration registration = {some(SIP_KIND_REGISTRATION)};
    struct sip_request request = {some(SIP_KIND_REQUEST)};
    struct sip_login someone = login();
    int error;

    w.calling = true;
    switch (below(24)) {
    case 0: case 1: start_call(); break;
    case 2: sip_call_ring(w.ua, w.now, call, message()); break;
    case 3: case 4: case 5: sip_call_accept(w.ua, w.now, call, message()); break;
    case 6: sip_call_decline(w.ua, w.now, call, refusal()); break;
    case 7: case 8: sip_call_offer(w.ua, w.now, call, message()); break;
    case 9: case 10: sip_call_hang_up(w.ua, w.now, call, refusal()); break;
    case 11: sip_call_follow(w.ua, w.now, call, below(4)); break;
    case 12: sip_call_take(w.ua, w.now, call); break;
    case 13: sip_call_login(w.ua, w.now, call, &someone); break;
    case 14: start_registration(); break;
    case 15: sip_registration_refresh(w.ua, w.now, registration); break;
    case 16: sip_registration_stop(w.ua, w.now, registration); break;
    case 17: start_request(); break;
    case 18:
        error = sip_request_reply(w.ua, w.now, request, message());
        if (!error)
            ends(request.id);
        break;
    case 19:
        if (!sip_request_abandon(w.ua, w.now, request))
            ends(request.id);
        break;
    case 20: sip_account_login(w.ua, w.now, w.accounts[below(2)], &someone); break;
    case 21:
        if (chance(2))
            add_account();
        else if (!sip_account_remove(w.ua, w.now, w.accounts[below(2)]))
            add_account();
        break;
    case 22: sip_flow_close(w.stack, w.now, w.flows[below(FLOWS_MAX)]); break;
    case 23:
        if (chance(8))
            sip_ua_stop(w.ua, w.now);
        break;
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

static void on_call(void *host, struct sip_ua *ua, const struct sip_call_event *event)
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

static void on_registration(void *host, struct sip_ua *ua,
                            const struct sip_registration_event *event)
{
    (void)host, (void)ua;
    lives(event->registration.id);
    if (event->kind == SIP_REGISTRATION_ENDED)
        ends(event->registration.id);
    inside_event(event->received);
}

static void on_request(void *host, struct sip_ua *ua, const struct sip_request_event *event)
{
    (void)host, (void)ua;
    if (event->kind == SIP_REQUEST_RECEIVED)
        begins(event->request.id);
    lives(event->request.id);
    if (event->kind == SIP_REQUEST_ANSWERED || event->kind == SIP_REQUEST_ENDED)
        ends(event->request.id);
    inside_event(event->received);
}

static enum sip_screened on_screen(void *host, const struct sip_ua *ua,
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

static void on_stopped(void *host, struct sip_ua *ua)
{
    (void)host, (void)ua;
    require(w.reporting && !w.stopped);
    for (unsigned i = 0; i < w.handle_count; i++)
        require(w.handles[i].over);
    w.stopped = true;
}

/* --- the peer --- */

static void say(struct text *text, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text->at + text->len, sizeof text->at - text->len, format, args);
    va_end(args);
    text->len += (size_t)len;
    if (text->len > sizeof text->at - 1)
        text->len = sizeof text->at - 1;
}

static struct sip_str value_in(const struct text *text, const char *name)
{
    char line[40];
    const char *at, *end;

    snprintf(line, sizeof line, "\r\n%s: ", name);
    at = strstr(text->at, line);
    if (!at)
        return sip_str("");
    at += strlen(line);
    end = strstr(at, "\r\n");
    return sip_bytes(at, end ? (size_t)(end - at) : strlen(at));
}

static bool tagged(struct sip_str value)
{
    const char *tag = strstr(value.at, ";tag=");

    return tag && tag < value.at + value.len;
}

static const struct sent *sent_back(unsigned back)
{
    return back < w.sent_count && back < SENT_MAX ? &w.sent[(w.sent_count - 1 - back) % SENT_MAX]
                                                  : NULL;
}

static bool is_response(const struct sent *sent)
{
    return !strncmp(sent->text.at, "SIP/2.0 ", 8);
}

/* A message that was sent lately, the last request (or response) most often. */
static const struct sent *some_sent(bool response)
{
    unsigned skip = chance(2) ? below(SENT_MAX) : 0;

    for (unsigned back = 0; sent_back(back); back++)
        if (is_response(sent_back(back)) == response && skip-- == 0)
            return sent_back(back);
    return NULL;
}

static void say_body(struct text *text, bool wanted)
{
    static const char sdp[] = "v=0\r\no=b 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\n";

    if (wanted)
        say(text, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
            chance(10) ? "text/plain" : "application/sdp", sizeof sdp - 1, sdp);
    else
        say(text, "Content-Length: 0\r\n\r\n");
}

static void say_contact(struct text *text)
{
    static const char *const contacts[] = {
        "<sip:bob@192.0.2.7>", "<sip:bob@192.0.2.7>", "<sip:bob@192.0.2.7>",
        "<sip:bob@192.0.2.8;transport=tcp>", "<sip:bob@192.0.2.9>", "<sip:bob@example.net>",
        "<tel:+4930>", "\"B\" <sip:b@192.0.2.8?Subject=x>;q=0.3, <sip:c@192.0.2.7>;q=0.9",
        "<sip:bob@192.0.2.7;x=0123456789012345678901234567890123456789012345678901234567890123456789>",
    };

    if (!chance(10))
        say(text, "Contact: %s\r\n", pick(contacts).at);
    if (chance(8))
        say(text, "Record-Route: <sip:192.0.2.2;lr>\r\n");
    if (chance(24))
        say(text, "Record-Route: <sip:192.0.2.3>, <sip:%.*s@192.0.2.2;lr>\r\n", (int)below(250) + 1,
            long_value);
}

static void say_challenge(struct text *text, unsigned status)
{
    static const char *const realms[] = {"one", "one", "one", "two", "three"};
    static const char *const more[] = {", qop=\"auth\"", ", stale=true, qop=\"auth\"", "",
                                       ", algorithm=SHA-256", ", algorithm=X"};

    for (unsigned i = 0; i < 1 + (unsigned)chance(4); i++)
        say(text, "%s: Digest realm=\"%s\", nonce=\"n%u\"%s\r\n",
            status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", pick(realms).at, below(4),
            pick(more).at);
}

/* A response to a request of ours. */
static bool respond(struct text *text)
{
    static const unsigned statuses[] = {100, 180, 183, 200, 200, 200, 200, 200, 202, 302, 301, 401,
                                        407, 401, 404, 408, 423, 481, 486, 487, 491, 500, 503, 503,
                                        600, 180, 299, 699};
    static const char *const tags[] = {"", ";tag=a", ";tag=a", ";tag=a", ";tag=b", ";tag=c"};
    const struct sent *request = some_sent(false);
    unsigned status = statuses[below(sizeof statuses / sizeof *statuses)];
    struct sip_str to, cseq, contact, tag = pick(tags);

    if (!request)
        return false;
    if (status >= 200 && !tag.len && !chance(4))
        tag = sip_str(";tag=a");
    w.dirty |= status >= 200 && !tag.len; /* a peer of RFC 2543: our requests have no tag then */
    to = value_in(&request->text, "To");
    cseq = value_in(&request->text, "CSeq");
    contact = value_in(&request->text, "Contact");
    say(text, "SIP/2.0 %u X\r\nVia: %.*s\r\n", status, (int)value_in(&request->text, "Via").len,
        value_in(&request->text, "Via").at);
    say(text, "From: %.*s\r\nTo: %.*s%s\r\n", (int)value_in(&request->text, "From").len,
        value_in(&request->text, "From").at, (int)to.len, to.at,
        tagged(to) ? "" : tag.at);
    say(text, "Call-ID: %.*s\r\nCSeq: %.*s\r\n", (int)value_in(&request->text, "Call-ID").len,
        value_in(&request->text, "Call-ID").at, (int)cseq.len, cseq.at);
    if (strstr(cseq.at, "REGISTER") == cseq.at + 2)
        say(text, "Contact: %.*s;expires=%u\r\nMin-Expires: %u\r\n", (int)contact.len, contact.at,
            byte(), byte() * 40);
    else
        say_contact(text);
    if (status == 401 || status == 407)
        say_challenge(text, status);
    if (chance(12))
        say(text, "Retry-After: %u\r\nExpires: %u\r\n", byte(), byte());
    say_body(text, status < 300 && chance(2));
    return true;
}

/* A request in a dialog: one of ours turned round, or a response of ours followed up. */
static bool ask_inside(struct text *text)
{
    static const char *const methods[] = {"BYE", "INVITE", "INVITE", "INFO", "OPTIONS", "MESSAGE",
                                          "UPDATE", "FOO", "PRACK", "NOTIFY"};
    const struct sent *model = some_sent(chance(2));
    struct sip_str us, him, contact, cseq;
    const char *method = pick(methods).at;

    if (!model)
        return false;
    us = value_in(&model->text, is_response(model) ? "To" : "From");
    him = value_in(&model->text, is_response(model) ? "From" : "To");
    contact = value_in(&model->text, "Contact");
    cseq = value_in(&model->text, "CSeq");
    say(text, "%s %.*s SIP/2.0\r\n", method, contact.len > 2 ? (int)contact.len - 2 : 20,
        contact.len > 2 ? contact.at + 1 : "sip:alice@192.0.2.1");
    say(text, "Via: SIP/2.0/UDP 192.0.2.7%s;branch=z9hG4bKin%u\r\n", chance(2) ? ";rport" : "",
        w.branches++);
    say(text, "From: %.*s%s\r\nTo: %.*s\r\n", (int)him.len, him.at,
        tagged(him) ? "" : ";tag=a", (int)us.len, us.at);
    say(text, "Call-ID: %.*s\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n",
        (int)value_in(&model->text, "Call-ID").len, value_in(&model->text, "Call-ID").at,
        (unsigned)strtoul(cseq.len ? cseq.at : "1", NULL, 10) + below(6), method);
    say_contact(text);
    if (chance(16))
        say(text, "Require: 100rel, foo\r\n");
    say_body(text, chance(2));
    return true;
}

/* ACK or CANCEL that belongs to an INVITE which we answered. */
static bool follow_up(struct text *text)
{
    const struct sent *response = some_sent(true);
    struct sip_str cseq, via, to;
    bool cancel = chance(3);
    const char *cut;

    if (!response)
        return false;
    cseq = value_in(&response->text, "CSeq");
    if (!cseq.len || !memchr(cseq.at, 'I', cseq.len))
        return false;
    via = value_in(&response->text, "Via");
    to = value_in(&response->text, "To");
    if (cancel && (cut = strstr(to.at, ";tag=")) != NULL && cut < to.at + to.len)
        to.len = (size_t)(cut - to.at);
    if ((cut = strstr(via.at, ";received=")) != NULL && cut < via.at + via.len)
        via.len = (size_t)(cut - via.at);
    say(text, "%s sip:alice@192.0.2.1 SIP/2.0\r\n", cancel ? "CANCEL" : "ACK");
    if (!cancel && response->text.at[8] == '2')
        say(text, "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKack%u\r\n", w.branches++);
    else
        say(text, "Via: %.*s\r\n", (int)via.len, via.at);
    say(text, "From: %.*s\r\nTo: %.*s\r\nCall-ID: %.*s\r\nCSeq: %u %s\r\n",
        (int)value_in(&response->text, "From").len, value_in(&response->text, "From").at,
        (int)to.len, to.at, (int)value_in(&response->text, "Call-ID").len,
        value_in(&response->text, "Call-ID").at, (unsigned)strtoul(cseq.at, NULL, 10),
        cancel ? "CANCEL" : "ACK");
    if (cancel && chance(2))
        say(text, "Reason: SIP;cause=200;text=\"elsewhere\"\r\n");
    say_body(text, !cancel && chance(4));
    return true;
}

/* A request out of any dialog. */
static bool ask_outside(struct text *text)
{
    static const char *const methods[] = {"INVITE", "INVITE", "INVITE", "INVITE", "OPTIONS", "MESSAGE",
                                          "REGISTER", "BYE", "UPDATE", "FOO", "NOTIFY", "SUBSCRIBE"};
    const char *method = pick(methods).at;
    unsigned number = chance(8) ? below(4) : w.branches++;

    say(text, "%s sip:alice@192.0.2.1 SIP/2.0\r\n", method);
    say(text, "Via: SIP/2.0/UDP 192.0.2.7%s;branch=%s%u\r\n", chance(2) ? ";rport" : "",
        chance(16) ? "old" : "z9hG4bKout", chance(8) ? w.branches++ : number);
    if (chance(16))
        for (unsigned i = below(12); i > 0; i--)
            say(text, "Via: SIP/2.0/UDP proxy%.*s.example.net;branch=z9hG4bK%u\r\n", (int)below(90),
                long_value, i);
    say(text, "From: %s<sip:bob@example.net>;tag=f%u\r\nTo: <sip:alice@example.net>%s\r\n",
        chance(8) ? "\"Bob\" " : "", number, chance(16) ? ";tag=none" : "");
    say(text, "Call-ID: c%u@example.net\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n", number, 1 + below(9),
        method);
    say_contact(text);
    if (chance(10))
        say(text, "Expires: %u\r\nTimestamp: 54\r\n", byte());
    if (chance(16))
        say(text, "Require: foo\r\n");
    say_body(text, chance(2));
    return true;
}

static bool raw(struct text *text)
{
    size_t count = byte();

    if (count > (size_t)(w.end - w.at))
        count = (size_t)(w.end - w.at);
    memcpy(text->at, w.at, count);
    w.at += count;
    text->len = count;
    w.dirty = true;
    return true;
}

static void mutate(struct text *text)
{
    size_t at;

    w.dirty = true;
    for (unsigned i = 1 + below(3); i > 0 && text->len > 0; i--) {
        at = (byte() << 8 | byte()) % text->len;
        switch (below(3)) {
        case 0: text->at[at] = (char)byte(); break;
        case 1: text->len = at; break;
        case 2:
            memmove(text->at + at, text->at + at + 1, text->len - at - 1);
            text->len--;
            break;
        }
    }
}

/* --- reports --- */

static void reports(int result)
{
    require(result != SIP_ESTATE);
    w.reporting = false;
}

static struct sip_path some_path(void)
{
    struct sip_path path = {0};

    path.protocol = SIP_UDP;
    path.local = address(1, 5060);
    path.remote = address(chance(4) ? 2 + below(8) : 7, chance(8) ? 1024 : 5060);
    return path;
}

static void deliver(const struct text *text, struct sip_flow flow, bool truncated)
{
    size_t at = 0, piece = flow.id && chance(2) ? 1 + byte() : TEXT_MAX;
    struct sip_packet packet;
    char *exact;

    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "%llu ------ got\n%.*s\n", (unsigned long long)w.now, (int)text->len,
                text->at);
    while (at < text->len) {
        size_t len = text->len - at < piece ? text->len - at : piece;

        exact = malloc(len);
        memcpy(exact, text->at + at, len);
        w.reporting = true;
        if (flow.id) {
            reports(sip_stack_bytes(w.stack, w.now, flow, sip_bytes(exact, len)));
        } else {
            packet.bytes = sip_bytes(exact, len);
            packet.path = some_path();
            packet.truncated = truncated;
            reports(sip_stack_datagram(w.stack, w.now, &packet));
        }
        free(exact);
        at += len;
    }
}

static void peer(unsigned how)
{
    static struct text text;
    struct sip_flow none = {0}, flow = chance(4) ? w.flows[below(FLOWS_MAX)] : none;
    bool made = false;

    text.len = 0;
    switch (how) {
    case 0: made = respond(&text); break;
    case 1: made = ask_inside(&text); break;
    case 2: made = follow_up(&text); break;
    case 3: made = ask_outside(&text); break;
    case 4: made = raw(&text); break;
    case 5: text = w.last, made = true; break;
    }
    if (!made)
        return;
    if (chance(12))
        mutate(&text);
    w.last = text;
    deliver(&text, flow, chance(32));
}

static void touch_flow(void)
{
    unsigned which = below(FLOWS_MAX);
    struct sip_flow flow = w.flows[which];
    struct sip_path path = some_path();
    struct sip_addr local = address(1, 40000);

    w.reporting = true;
    switch (below(4)) {
    case 0:
        if (flow.id)
            break;
        path.protocol = SIP_TCP;
        if (!sip_stack_accepted(w.stack, w.now, &path, &flow)) {
            w.flows[which] = flow;
            w.flow_paths[which] = path;
        }
        break;
    case 1: reports(sip_stack_connected(w.stack, w.now, flow, &local)); break;
    case 2: reports(sip_stack_writable(w.stack, w.now, flow)); break;
    case 3:
        w.flows[which].id = 0;
        reports(sip_stack_closed(w.stack, w.now, flow));
        break;
    }
    w.reporting = false;
}

static void tick(uint64_t most)
{
    uint64_t due = sip_stack_deadline(w.stack);

    if (due != SIP_NEVER && due > w.now && due <= most)
        w.now = due;
    w.reporting = true;
    reports(sip_stack_tick(w.stack, w.now));
}

static void pass_time(void)
{
    static const uint32_t jumps[] = {0, 1, 200, 500, 1000, 5000, 32000, 33000, 180000, 1000000};
    uint64_t until = w.now + jumps[below(10)];
    unsigned ticks = 0;

    if (chance(4)) { /* the host was away */
        w.now = until;
        tick(0);
        return;
    }
    while (sip_stack_deadline(w.stack) <= until && !w.stopped && ticks++ < 400)
        tick(until);
    w.now = until > w.now ? until : w.now;
}

static void report_unreachable(void)
{
    struct sip_path path = some_path();

    w.reporting = true;
    reports(sip_stack_unreachable(w.stack, w.now, &path));
}

/* --- what holds between steps --- */

static void check(void)
{
    const struct sip_slots *pools = w.stack->pools;
    const struct sip_slots *small = &w.stack->buffers.classes[SIP_SMALL];
    const struct sip_slots *calls = &pools[SIP_KIND_CALL];
    uint32_t reserved = 0, incoming = 0, ringing = 0;

    for (uint32_t i = 0; i < calls->touched; i++) {
        const struct sip_call_slot *call = sip_slots_at(calls, i);

        if (call->slot.generation % 2 == 0)
            continue;
        reserved += call->reserved;
        incoming += call->came_in;
        ringing += call->unverified;
    }
    require(incoming == w.ua->incoming && ringing == w.ua->ringing_unverified);
    require(living(SIP_KIND_CALL) == calls->used);
    require(living(SIP_KIND_REGISTRATION) == pools[SIP_KIND_REGISTRATION].used);
    require(living(SIP_KIND_REQUEST) == pools[SIP_KIND_REQUEST].used);
    require(pools[SIP_KIND_TRANSACTION].reserved >= reserved);
    require(small->reserved >= reserved);
    for (int kind = 1; kind < SIP_KINDS; kind++)
        require(pools[kind].used + pools[kind].reserved <= pools[kind].count);
}

static void step(void)
{
    switch (below(16)) {
    case 0: case 1: case 2: peer(0); break;
    case 3: case 4: peer(1); break;
    case 5: case 6: peer(2); break;
    case 7: peer(3); break;
    case 8: peer(4 + below(2)); break;
    case 9: touch_flow(); break;
    case 10: case 11: pass_time(); break;
    case 12:
        if (chance(4))
            w.broken = !w.broken;
        else
            report_unreachable();
        break;
    default: act(); break;
    }
}

/* --- begin and end --- */

static uint32_t limit(uint32_t least, unsigned more)
{
    return least + below(more);
}

static void begin(void)
{
    static const char methods[] = "MESSAGE INFO UPDATE NOTIFY";
    struct sip_config *config = &w.config;
    struct sip_limits *limits = &config->stack.limits;
    size_t size;

    config->stack.transport.send = wire_send;
    config->stack.transport.write = wire_write;
    config->stack.transport.connect = wire_connect;
    config->stack.transport.close = wire_close;
    config->stack.transport.local = wire_local;
    config->stack.transport.random = wire_random;
    config->events.call = on_call;
    config->events.registration = on_registration;
    config->events.request = on_request;
    config->events.stopped = on_stopped;
    if (chance(3))
        config->events.screen = on_screen;
    config->methods = methods;
    config->supported = chance(2) ? "100rel" : NULL;
    limits->message_max = chance(2) ? 1472 : 700 + 4 * byte();
    if (chance(2)) {
        limits->calls = limit(1, 3);
        limits->dialogs = limit(1, 5);
        limits->requests = limit(1, 2);
        limits->transactions = limit(2, 10);
        limits->flows = limit(1, 3);
        limits->buffers_small = limit(1, 6);
        limits->buffers_large = limit(1, 5);
        limits->resolving = limit(1, 2);
        limits->fires_per_tick = limit(1, 8);
    }
    size = sip_ua_size(config);
    w.block = malloc(size); /* exact: the sanitizer sees what leaves it */
    memset(w.block, 0xa5, size);
    require(size && sip_ua_init(&w.ua, w.block, size, config, 0) == 0);
    w.stack = sip_ua_stack(w.ua);
    w.accounts[0].id = w.accounts[1].id = 0;
    add_account();
    if (chance(2))
        add_account();
}

/* Ends all that lives, with a peer that says nothing any more. */
static void drain(void)
{
    w.draining = true;
    for (unsigned i = 0; i < FLOWS_MAX; i++) {
        struct sip_flow flow = w.flows[i];

        w.flows[i].id = 0;
        w.reporting = true;
        if (flow.id)
            reports(sip_stack_closed(w.stack, w.now, flow));
        w.reporting = false;
    }
    for (unsigned i = 0; i < w.handle_count; i++) {
        struct sip_call call = {w.handles[i].id};
        struct sip_registration registration = {w.handles[i].id};
        struct sip_request request = {w.handles[i].id};

        if (w.handles[i].over)
            continue;
        w.calling = true;
        sip_call_hang_up(w.ua, w.now, call, NULL);
        sip_registration_stop(w.ua, w.now, registration);
        if (!sip_request_abandon(w.ua, w.now, request))
            w.handles[i].over = true;
        w.calling = false;
    }
}

static void check_quiet(void)
{
    const struct sip_slots *pools = w.stack->pools;

    for (int kind = 1; kind < SIP_KIND_UA; kind++) {
        if (kind == SIP_KIND_ACCOUNT || kind == SIP_KIND_FLOW)
            continue;
        if (pools[kind].used)
            fprintf(stderr, "kind %d: %u in use\n", kind, pools[kind].used);
        require(pools[kind].used == 0 && pools[kind].reserved == 0);
    }
    for (int class = 0; class < SIP_BUFFER_CLASSES && !pools[SIP_KIND_FLOW].used; class++)
        require(w.stack->buffers.classes[class].used == 0);
    require(w.stack->buffers.classes[SIP_SMALL].reserved == 0);
    require(w.ua->incoming == 0 && w.ua->ringing_unverified == 0);
    for (unsigned i = 0; i < w.handle_count; i++)
        require(w.handles[i].over);
    for (uint32_t i = 0; i < pools[SIP_KIND_ACCOUNT].touched; i++) {
        const struct sip_account_slot *account = sip_slots_at(&pools[SIP_KIND_ACCOUNT], i);

        require(account->slot.generation % 2 == 0 || account->users == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned ticks = 0;
    bool stop;

    memset(&w, 0, offsetof(struct world, sent));
    w.sent_count = w.handle_count = w.branches = 0;
    memset(w.flows, 0, sizeof w.flows);
    w.last.len = 0;
    w.reporting = w.calling = w.inside = w.dirty = w.broken = w.stopped = w.draining = false;
    w.at = data;
    w.end = data + size;
    begin();
    stop = chance(4);
    for (int i = 0; i < STEPS_MAX && w.at < w.end && !w.stopped; i++) {
        step();
        if (!w.stopped)
            check();
    }
    if (!w.stopped) {
        if (stop)
            sip_ua_stop(w.ua, w.now);
        drain();
        while (!w.stopped && sip_stack_deadline(w.stack) != SIP_NEVER && ticks++ < TICKS_MAX)
            tick(SIP_NEVER - 1);
        require(ticks < TICKS_MAX);
    }
    if (!w.stopped)
        check_quiet();
    free(w.block);
    return 0;
}
