/* A whole user agent on a virtual wire and clock, driven by the fuzzer's bytes: messages of a peer
 * that knows what the ua sent (or breaks it), streams in pieces, dead paths, ticks, and every call
 * of the API at any moment, inside events too.
 *
 * Held all the time: each handle has one last event and none after it; events come from reports
 * alone, and reports from inside are SIP_ESTATE; what is set aside is what the calls that live have
 * a claim to; each message sent pleases tests/strict.c as long as the peer has sent no garbage that
 * it may echo. At the end, when all was hung up and the clock has run out: nothing is in use.
 *
 * clang -fsanitize=fuzzer,address,undefined -Iinclude -Ilib -Itests, with ua_host.c and ua_peer.c,
 * lib/ but posix, and tests/strict*.c; without the fuzzer fuzz/replay.c plays files. */
#include "ua.h"
#include "strict.h"
#include "ua/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world w;

void require_at(const char *file, int line, bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

/* --- input --- */

unsigned byte(void)
{
    return w.at < w.end ? *w.at++ : 0;
}

unsigned below(unsigned most)
{
    return byte() % most;
}

bool chance(unsigned in)
{
    return below(in) == in - 1;
}

struct sip_str one_of(const char *const *texts, unsigned count)
{
    return sip_str(texts[below(count)]);
}

/* --- handles --- */

struct handle *handle_of(uint64_t id)
{
    for (unsigned i = 0; i < w.handle_count; i++)
        if (w.handles[i].id == id)
            return &w.handles[i];
    return NULL;
}

void begins(uint64_t id)
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
        require_at(__FILE__, __LINE__, false, "a place for another handle");
    }
    w.handles[w.handle_count].id = id;
    w.handles[w.handle_count++].over = false;
}

void lives(uint64_t id)
{
    const struct handle *handle = handle_of(id);

    require(handle && !handle->over);
}

void ends(uint64_t id)
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
uint64_t some(unsigned kind)
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

struct sip_addr address(unsigned last, uint16_t port)
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
    require_at(__FILE__, __LINE__, false, "what we sent is well-formed");
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
void misuse(void)
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

static void on_trace(void *host, const struct sip_trace *trace)
{
    (void)host;
    misuse();
    require(trace->bytes.len <= w.config.stack.limits.message_max || w.dirty ||
            trace->kind != SIP_TRACE_SENT);
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
    case 0:
        made = respond(&text);
        break;
    case 1:
        made = ask_inside(&text);
        break;
    case 2:
        made = follow_up(&text);
        break;
    case 3:
        made = ask_outside(&text);
        break;
    case 4:
        made = raw(&text);
        break;
    case 5:
        text = w.last, made = true;
        break;
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
    case 1:
        reports(sip_stack_connected(w.stack, w.now, flow, &local));
        break;
    case 2:
        reports(sip_stack_writable(w.stack, w.now, flow));
        break;
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
    struct sip_pool_usage usage;

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
    for (unsigned i = 0; sip_stack_usage(w.stack, i, &usage); i++)
        require(usage.used <= usage.peak && usage.peak <= usage.limit);
}

static void step(void)
{
    switch (below(16)) {
    case 0:
    case 1:
    case 2:
        peer(0);
        break;
    case 3:
    case 4:
        peer(1);
        break;
    case 5:
    case 6:
        peer(2);
        break;
    case 7:
        peer(3);
        break;
    case 8:
        peer(4 + below(2));
        break;
    case 9:
        touch_flow();
        break;
    case 10:
    case 11:
        pass_time();
        break;
    case 12:
        if (chance(4))
            w.broken = !w.broken;
        else
            report_unreachable();
        break;
    default:
        act();
        break;
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
    if (chance(4))
        config->stack.tracer.trace = on_trace;
    config->known_users_only = chance(8);
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
    for (int class = 0; class < SIP_BUFFER_CLASSES && !pools[SIP_KIND_FLOW].used; class ++)
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
