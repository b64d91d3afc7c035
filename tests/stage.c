#define _DEFAULT_SOURCE

#include "reader.h"
#include "stage_inside.h"
#include "strict.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const char stage_offer[] = "v=0\r\no=bob 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\n"
                           "t=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
const char stage_answer[] = "v=0\r\no=alice 2 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                            "t=0 0\r\nm=audio 5000 RTP/AVP 0\r\n";
const char stage_hold[] = "v=0\r\no=alice 2 3 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                          "t=0 0\r\nm=audio 5000 RTP/AVP 0\r\na=sendonly\r\n";

struct inside *stage_now_on;
int stage_failures, stage_breaches;

/* --- failing --- */

static void show_failure(const char *file, int line, const char *format, va_list args)
{
    printf("%s:%d: ", file, line);
    vprintf(format, args);
    printf("\n");
}

void fails_at(const char *file, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    stage_failures++;
    show_failure(file, line, format, args);
    va_end(args);
}

void breach_at(const char *file, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    stage_breaches++;
    show_failure(file, line, format, args);
    va_end(args);
}

bool has_breached(void)
{
    return stage_breaches != 0;
}

void returns_at(const char *file, int line, const struct stage *s, const char *text, int got,
                int wanted)
{
    (void)s;
    if (got != wanted)
        fails_at(file, line, "%s is %d (%s), wanted %d (%s)", text, got, sip_strerror(got), wanted,
                 sip_strerror(wanted));
}

/* --- the wire --- */

static void check_strictly(const struct inside *in, const char *bytes, size_t len)
{
    char why[256];

    if (strict_check(bytes, len, why, sizeof why))
        breach_at(__FILE__, __LINE__, "at %llu: %s\n%.*s", (unsigned long long)in->now, why,
                  (int)len, bytes);
}

static void record(struct inside *in, const struct sip_path *path, struct sip_flow flow,
                   struct sip_str bytes)
{
    struct seen *seen = &in->wire[in->wire_count];

    check_strictly(in, bytes.at, bytes.len);
    in->sends++;
    if (in->wire_count == WIRE_MAX) {
        fails_at(__FILE__, __LINE__, "more than %d messages", WIRE_MAX);
        return;
    }
    if (in->sends == spoiling.lose_sent)
        return;
    in->wire_count++;
    seen->time = in->now;
    seen->bytes = malloc(bytes.len);
    memcpy(seen->bytes, bytes.at, bytes.len);
    seen->len = bytes.len;
    seen->path = *path;
    seen->flow = flow;
    bob_gets(&in->bob, seen->bytes, seen->len);
}

static int wire_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct inside *in = host;

    if (in->broken || in->sends + 1 == spoiling.fail_send) {
        in->sends++;
        return -1;
    }
    record(in, path, (struct sip_flow){0}, bytes);
    return 0;
}

/* The length of the message at the start of what a stream has sent; 0 when it is not whole yet. */
static size_t whole(const char *at, size_t len)
{
    size_t body;
    const char *begin = reader_body(at, len, &body);
    size_t wanted = (size_t)atoi(reader_header(at, len, "Content-Length", 0));

    return begin > at && begin < at + len + 1 && body >= wanted ? (size_t)(begin - at) + wanted : 0;
}

static long wire_write(void *host, struct sip_flow flow, struct sip_str bytes)
{
    struct inside *in = host;
    struct sip_path path = {0};
    size_t taken = bytes.len < in->wire_room ? bytes.len : in->wire_room, len;

    if (in->broken)
        return -1;
    for (int i = 0; i < FLOWS_MAX; i++)
        if (in->up[i] == flow.id)
            path = in->connecting_to[i];
    if (taken > sizeof in->outgoing - in->outgoing_len)
        taken = sizeof in->outgoing - in->outgoing_len;
    memcpy(in->outgoing + in->outgoing_len, bytes.at, taken);
    in->outgoing_len += taken;
    in->wire_room -= taken;
    while (in->outgoing_len >= 2 && memcmp(in->outgoing, "\r\n", 2) == 0) { /* RFC 5626 §4.4.1 */
        in->outgoing_len -= 2;
        memmove(in->outgoing, in->outgoing + 2, in->outgoing_len);
    }
    while ((len = whole(in->outgoing, in->outgoing_len)) > 0) {
        record(in, &path, flow, sip_bytes(in->outgoing, len));
        in->outgoing_len -= len;
        memmove(in->outgoing, in->outgoing + len, in->outgoing_len);
    }
    return (long)taken;
}

static int wire_connect(void *host, struct sip_flow flow, const struct sip_path *path,
                        struct sip_str name)
{
    struct inside *in = host;

    (void)name;
    if (in->broken || in->connecting_count == FLOWS_MAX)
        return -1;
    in->connecting_to[in->connecting_count] = *path;
    in->connecting[in->connecting_count++] = flow.id;
    return 0;
}

static void wire_close(void *host, struct sip_flow flow)
{
    struct inside *in = host;

    in->closed++;
    in->outgoing_len = 0;
    for (int i = 0; i < FLOWS_MAX; i++)
        if (in->up[i] == flow.id)
            in->up[i] = in->connecting[i] = 0;
}

static struct sip_addr address(const char *host, uint16_t port)
{
    struct sip_addr addr;

    sip_addr_parse(&addr, sip_str(host));
    addr.port = port;
    return addr;
}

static int wire_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host;
    *local = address(path->remote.family == SIP_IPV6 ? "2001:db8::1" : "192.0.2.1", 5060);
    return 0;
}

static int wire_random(void *host, void *bytes, size_t count)
{
    struct inside *in = host;
    unsigned char *at = bytes;

    for (size_t i = 0; i < count; i++) {
        in->seed = in->seed * 6364136223846793005u + 1442695040888963407u;
        at[i] = (unsigned char)(in->seed >> 56);
    }
    return 0;
}

static void draw(void *host, struct sip_str line)
{
    struct inside *in = host;

    if (line.len > LADDER_MAX - in->drawn_len)
        return;
    memcpy(in->drawn + in->drawn_len, line.at, line.len);
    in->drawn_len += line.len;
}

/* --- the block --- */

static void map_block(struct inside *in, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t inner = (size + page - 1) / page * page;

    in->map_size = inner + 2 * page;
    in->map = mmap(NULL, in->map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (in->map == MAP_FAILED)
        abort();
    memset(in->map, 0xa5, in->map_size);
    mprotect(in->map, page, PROT_NONE);
    mprotect(in->map + page + inner, page, PROT_NONE);
    /* Right before the upper guard page: any alignment will do. */
    in->block = in->map + page + inner - size;
    in->block_size = size;
}

/* Draws what happened when something failed, or when the environment has LADDER. */
void stage_close(void)
{
    struct inside *in = stage_now_on;

    if (!in)
        return;
    stage_now_on = NULL;
    if (getenv("LADDER") || stage_breaches ||
        (stage_failures > in->failures_before && !is_squeezed()))
        printf("%.*s", (int)in->drawn_len, in->drawn);
    for (int i = 0; i < in->wire_count; i++)
        free(in->wire[i].bytes);
    munmap(in->map, in->map_size);
    free(in->drawn);
    free(in);
}

static void configure(struct inside *in, bool streams)
{
    static const char methods[] = "MESSAGE INFO NOTIFY";
    static struct sip_ladder_column columns[4];
    struct sip_config *config = &in->config;

    columns[0].name = "alice";
    columns[0].addr = address("192.0.2.1", 0);
    columns[1].name = "server";
    columns[1].addr = address("192.0.2.2", 0);
    columns[2].name = "bob";
    columns[2].addr = address("192.0.2.7", 0);
    in->drawn = malloc(LADDER_MAX);
    in->ladder.write = draw;
    in->ladder.host = in;
    in->ladder.columns = columns;
    in->ladder.column_count = 3;
    in->ladder.details = true;
    sip_ladder_head(&in->ladder);
    config->stack.transport.host = in;
    config->stack.transport.send = wire_send;
    if (streams) {
        config->stack.transport.write = wire_write;
        config->stack.transport.connect = wire_connect;
        config->stack.transport.close = wire_close;
    }
    config->stack.transport.local = wire_local;
    config->stack.transport.random = wire_random;
    config->stack.tracer.trace = sip_ladder_trace;
    config->stack.tracer.host = &in->ladder;
    config->events = stage_events(in);
    config->methods = methods;
}

static void add_account(struct inside *in, bool streams, void (*change)(struct sip_account_args *))
{
    struct sip_account_args args = {0};
    int error;

    args.aor = sip_str("sip:alice@example.net");
    args.servers[0] = sip_str(streams ? "sip:192.0.2.2;transport=tcp" : "sip:192.0.2.2");
    args.contact_user = sip_str("alice");
    args.login.username = sip_str("alice");
    args.login.password = sip_str("secret");
    if (change)
        change(&args);
    error = sip_account_add(in->ua, in->now, &args, &in->account);
    if (error)
        fails_at(__FILE__, __LINE__, "sip_account_add: %s", sip_strerror(error));
}

static struct stage open_stage(bool streams, void (*change)(struct sip_config *),
                               void (*account)(struct sip_account_args *))
{
    struct inside *in;
    int error;

    stage_close();
    in = calloc(1, sizeof *in);
    stage_now_on = in;
    in->failures_before = stage_failures;
    in->seed = 4711;
    in->wire_room = SIZE_MAX;
    in->bob.transport = streams ? "TCP" : "UDP";
    configure(in, streams);
    if (change)
        change(&in->config);
    stage_shrink(&in->config);
    map_block(in, sip_ua_size(&in->config));
    error = sip_ua_init(&in->ua, in->block, in->block_size, &in->config, 0);
    if (error) {
        fails_at(__FILE__, __LINE__, "sip_ua_init: %s", sip_strerror(error));
        stage_give_up();
    }
    add_account(in, streams, account);
    return stage_view(in);
}

struct stage stage_udp(void)
{
    return open_stage(false, NULL, NULL);
}

struct stage stage_tcp(void)
{
    return open_stage(true, NULL, NULL);
}

struct stage stage_with(void (*change)(struct sip_config *))
{
    return open_stage(false, change, NULL);
}

struct stage stage_tcp_with(void (*change)(struct sip_config *))
{
    return open_stage(true, change, NULL);
}

struct stage stage_as(void (*change)(struct sip_account_args *))
{
    return open_stage(false, NULL, change);
}

struct stage stage_of(void (*change)(struct sip_config *),
                      void (*account)(struct sip_account_args *))
{
    return open_stage(false, change, account);
}

struct stage stage_tcp_of(void (*change)(struct sip_config *),
                          void (*account)(struct sip_account_args *))
{
    return open_stage(true, change, account);
}

struct stage stage_view(struct inside *in)
{
    struct stage s;

    s.ua = in->ua;
    s.stack = sip_ua_stack(in->ua);
    s.account = in->account;
    s.now = in->now;
    s.in = in;
    return s;
}

/* --- time --- */

static void report_connections(struct inside *in)
{
    struct sip_addr local = address("192.0.2.1", 40000);

    for (int i = 0; i < in->connecting_count; i++) {
        struct sip_flow flow = {in->connecting[i]};

        if (!flow.id || in->up[i])
            continue;
        in->up[i] = flow.id;
        sip_stack_connected(sip_ua_stack(in->ua), in->now, flow, &local);
    }
}

void stage_run_to(struct inside *in, uint64_t t)
{
    struct sip_stack *stack = sip_ua_stack(in->ua);
    int ticks = 0;

    in->asleep = false;
    report_connections(in);
    for (uint64_t due; (due = sip_stack_deadline(stack)) <= t; ticks++) {
        if (due == SIP_NEVER)
            break;
        if (due > in->now) {
            in->now = due;
            ticks = 0;
        }
        if (ticks > 20000) {
            breach_at(__FILE__, __LINE__, "the deadline stays %llu", (unsigned long long)due);
            stage_give_up();
        }
        sip_stack_tick(stack, in->now);
        report_connections(in);
    }
    if (t > in->now)
        in->now = t;
}

bool stage_step(struct inside *in, uint64_t most)
{
    uint64_t due = sip_stack_deadline(sip_ua_stack(in->ua));

    if (due > most) {
        stage_run_to(in, most);
        return false;
    }
    stage_run_to(in, due);
    return true;
}

void stage_deliver(struct inside *in, const struct sip_path *path, const char *bytes, size_t len)
{
    struct sip_packet packet = {0};
    char *exact = malloc(len ? len : 1);

    in->receives++;
    memcpy(exact, bytes, len);
    packet.bytes = sip_bytes(exact, len);
    packet.path = *path;
    for (int times = in->receives == spoiling.twice ? 2 : 1; times; times--) {
        if (in->receives == spoiling.lose_received)
            break;
        if (path->protocol == SIP_UDP)
            sip_stack_datagram(sip_ua_stack(in->ua), in->now, &packet);
        else
            for (int i = 0; i < FLOWS_MAX; i++)
                if (in->up[i])
                    sip_stack_bytes(sip_ua_stack(in->ua), in->now,
                                    (struct sip_flow){in->up[i]}, packet.bytes);
    }
    free(exact);
    if (in->in_batch)
        in->in_batch = false;
    else
        stage_run_to(in, in->now);
}

/* --- the end --- */

static void check_all_was_asked_for(const char *file, int line, const struct inside *in)
{
    for (int i = in->wire_read; i < in->wire_count && i < in->wire_read + 3; i++)
        fails_at(file, line, "also sent at %llu: %.*s", (unsigned long long)in->wire[i].time,
                 (int)strcspn(in->wire[i].bytes, "\r"), in->wire[i].bytes);
    for (int i = in->told_read; i < in->told_count && i < in->told_read + 3; i++)
        fails_at(file, line, "also told at %llu: %s %d", (unsigned long long)in->told[i].time,
                 in->told[i].what, in->told[i].detail);
}

static void check_nothing_in_use(const char *file, int line, const struct inside *in)
{
    struct sip_pool_usage pool;

    for (unsigned i = 0; sip_stack_usage(sip_ua_stack(in->ua), i, &pool); i++)
        if (pool.used && (strcmp(pool.name, "accounts") || (pool.used > 1 && !is_squeezed())))
            breach_at(file, line, "%u of %u %s are still in use", pool.used, pool.limit, pool.name);
}

void quiet_at(const char *file, int line, struct stage *s)
{
    struct inside *in = s->in;
    uint64_t due = SIP_NEVER;

    if (is_squeezed()) { /* what a spoiled flow has left behind */
        stage_run_to(in, in->now + 200000);
        sip_ua_stop(in->ua, in->now);
    }
    for (int i = 0; i < 100000; i++) {
        due = sip_stack_deadline(s->stack);
        if (due == SIP_NEVER)
            break;
        stage_run_to(in, due);
    }
    if (due != SIP_NEVER)
        breach_at(file, line, "it is never quiet: due at %llu", (unsigned long long)due);
    s->now = in->now;
    check_all_was_asked_for(file, line, in);
    check_nothing_in_use(file, line, in);
}
