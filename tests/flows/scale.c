/* Two user agents on one virtual wire: 20,000 calls at once, 200,000 in a row, in one process, each
 * block between guard pages, without one allocation, nothing left in use (DESIGN rules 2 and 4).
 *
 *     alice                          bob
 *       |------------ INVITE ---------->|
 *       |<-------- 180, then 200 -------|
 *       |------------- ACK ------------>|
 *       |------------- BYE ------------>|   or the other way
 *       |<----------- 200 OK -----------|
 */
#define _DEFAULT_SOURCE

#include "sip/sip.h"
#include "test.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define AT_ONCE 20000
#define IN_A_ROW 200000
#define WIRE 256
#define DATAGRAM 1472

/* --- no allocation while it runs: the linker puts these in front of libc's --- */

static bool trapped;

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);

static void trap(void)
{
    if (trapped)
        abort();
}

void *__wrap_malloc(size_t size)
{
    trap();
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    trap();
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    trap();
    return __real_realloc(old, size);
}

/* --- two agents and what lies between them --- */

struct agent {
    struct sip_ua *ua;
    struct sip_stack *stack;
    struct sip_addr addr;
    struct sip_call calls[AT_ONCE];
    uint32_t count, up, ended, failed;
    uint64_t seed;
    bool answers_later;
    char *map;
    size_t map_size;
};

static struct agent agents[2];
static struct sip_call waiting;
static uint64_t now;

static struct datagram {
    int to;
    size_t len;
    char bytes[DATAGRAM];
} wire[WIRE];
static uint32_t first, last;

static int wire_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct datagram *datagram = &wire[last % WIRE];

    (void)host;
    if (last - first == WIRE || bytes.len > DATAGRAM)
        return 0; /* lost */
    datagram->to = path->remote.bytes[3] == 2;
    datagram->len = bytes.len;
    memcpy(datagram->bytes, bytes.at, bytes.len);
    last++;
    return 0;
}

static int wire_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)path;
    *local = ((struct agent *)host)->addr;
    return 0;
}

static int wire_random(void *host, void *bytes, size_t count)
{
    struct agent *agent = host;

    for (size_t i = 0; i < count; i++) {
        agent->seed = agent->seed * 6364136223846793005u + 1442695040888963407u;
        ((uint8_t *)bytes)[i] = (uint8_t)(agent->seed >> 56);
    }
    return 0;
}

static void on_call(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    struct agent *agent = host;

    switch (event->kind) {
    case SIP_CALL_INCOMING:
        agent->calls[agent->count++ % AT_ONCE] = event->call;
        sip_call_ring(ua, now, event->call, NULL);
        if (agent->answers_later)
            waiting = event->call;
        else
            sip_call_accept(ua, now, event->call, NULL);
        break;
    case SIP_CALL_ANSWERED:
    case SIP_CALL_CONFIRMED:
        agent->up++;
        break;
    case SIP_CALL_ENDED:
        agent->ended++;
        break;
    default:
        break;
    }
}

static void deliver(void)
{
    for (; first != last; first++) {
        const struct datagram *datagram = &wire[first % WIRE];
        struct agent *to = &agents[datagram->to];
        struct sip_packet packet = {0};

        packet.bytes = sip_bytes(datagram->bytes, datagram->len);
        packet.path.protocol = SIP_UDP;
        packet.path.local = to->addr;
        packet.path.remote = agents[!datagram->to].addr;
        sip_stack_datagram(to->stack, now, &packet);
    }
}

static void run_to(uint64_t t)
{
    deliver();
    for (;;) {
        uint64_t due = sip_stack_deadline(agents[0].stack);

        if (sip_stack_deadline(agents[1].stack) < due)
            due = sip_stack_deadline(agents[1].stack);
        if (due > t)
            break;
        now = due > now ? due : now;
        sip_stack_tick(agents[0].stack, now);
        sip_stack_tick(agents[1].stack, now);
        deliver();
    }
    if (t != SIP_NEVER && t > now)
        now = t;
}

static struct sip_config config_of(struct agent *agent, uint32_t calls)
{
    struct sip_config config = {0};

    config.stack.transport.host = agent;
    config.stack.transport.send = wire_send;
    config.stack.transport.local = wire_local;
    config.stack.transport.random = wire_random;
    config.stack.limits.calls = calls;
    config.events.host = agent;
    config.events.call = on_call;
    return config;
}

/* The block ends right before a page that cannot be touched. */
static void open_agent(int number, uint32_t calls)
{
    struct agent *agent = &agents[number];
    struct sip_config config = config_of(agent, calls);
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = sip_ua_size(&config);
    size_t inner = (size + page - 1) / page * page;

    memset(agent, 0, sizeof *agent);
    sip_addr_parse(&agent->addr, sip_str(number ? "192.0.2.2" : "192.0.2.1"));
    agent->addr.port = 5060;
    agent->seed = 1000 + (uint64_t)number;
    agent->map_size = inner + 2 * page;
    agent->map = mmap(NULL, agent->map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0);
    CHECK(agent->map != MAP_FAILED);
    memset(agent->map, 0x5a, agent->map_size);
    mprotect(agent->map, page, PROT_NONE);
    mprotect(agent->map + page + inner, page, PROT_NONE);
    CHECK_INT(sip_ua_init(&agent->ua, agent->map + page + inner - size, size, &config, now), 0);
    agent->stack = sip_ua_stack(agent->ua);
}

static void open_both(uint32_t calls)
{
    now = 0;
    first = last = 0;
    open_agent(0, calls);
    open_agent(1, calls);
    trapped = true;
}

static void close_both(void)
{
    struct sip_pool_usage pool;

    run_to(now + 400000);
    CHECK(sip_stack_deadline(agents[0].stack) == SIP_NEVER);
    CHECK(sip_stack_deadline(agents[1].stack) == SIP_NEVER);
    trapped = false;
    for (int i = 0; i < 2; i++) {
        for (unsigned k = 0; sip_stack_usage(agents[i].stack, k, &pool); k++) {
            if (pool.used)
                printf("%u of %u %s in use\n", pool.used, pool.limit, pool.name);
            CHECK_INT(pool.used, 0);
        }
        munmap(agents[i].map, agents[i].map_size);
    }
}

static void show_usage(const struct agent *agent)
{
    struct sip_pool_usage pool;

    printf("at %llu ms, %u up:\n", (unsigned long long)now, agent->up);
    for (unsigned i = 0; sip_stack_usage(agent->stack, i, &pool); i++)
        if (pool.used || pool.refused)
            printf("  %s: %u of %u in use, %u refused\n", pool.name, pool.used, pool.limit,
                   pool.refused);
}

static struct sip_call start(void)
{
    static const char sdp[] = "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                              "t=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    struct sip_call_args args = {0};
    struct sip_call call;

    args.to = sip_str("sip:bob@192.0.2.2");
    args.from = sip_str("sip:alice@192.0.2.1");
    args.body.type = sip_str("application/sdp");
    args.body.bytes = sip_str(sdp);
    if (sip_call_start(agents[0].ua, now, &args, &call) && !agents[0].failed++)
        show_usage(&agents[0]);
    return call;
}

static void hang_up(struct agent *agent, struct sip_call call)
{
    agent->failed += sip_call_hang_up(agent->ua, now, call, NULL) != 0;
}

TEST(twenty_thousand_calls_at_once)
{
    open_both(AT_ONCE);
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        agents[0].calls[i] = start();
        deliver();
        now += i % 2;
    }
    run_to(now);
    CHECK_INT(agents[0].up, AT_ONCE);
    CHECK_INT(agents[1].up, AT_ONCE);
    run_to(now + 60000);
    for (uint32_t i = 0; i < AT_ONCE; i++) {           /* ended by both sides, in odd orders */
        hang_up(&agents[i % 2], agents[i % 2].calls[(i * 7919) % AT_ONCE]);
        deliver();
        run_to(now + i % 2);
    }
    run_to(now);
    CHECK_INT(agents[0].failed + agents[1].failed, 0);
    CHECK_INT(agents[0].ended, AT_ONCE);
    CHECK_INT(agents[1].ended, AT_ONCE);
    close_both();
}

/* Half of them are cancelled, half of the others ended by bob. */
TEST(two_hundred_thousand_calls_in_a_row)
{
    open_both(4);
    for (uint32_t i = 0; i < IN_A_ROW; i++) {
        struct sip_call call;
        struct agent *agent = &agents[i % 2];

        agents[1].answers_later = i % 8 == 0;
        call = start();
        deliver();
        run_to(now + 3);
        if (agents[1].answers_later)
            hang_up(&agents[0], call);
        else
            hang_up(agent, i % 2 ? agent->calls[(agent->count - 1) % AT_ONCE] : call);
        run_to(now + 3);
    }
    run_to(now);
    CHECK_INT(agents[0].failed + agents[1].failed, 0);
    CHECK_INT(agents[0].ended, IN_A_ROW);
    CHECK_INT(agents[1].ended, IN_A_ROW);
    CHECK_INT(agents[1].count, IN_A_ROW);              /* nothing was lost or taken twice */
    close_both();
}

TEST(block_is_small_and_grows_slowly)                  /* 24 KB, 3,300 bytes a call */
{
    static const uint32_t calls[] = {3, 4, 8, 100, 1000, 20000};
    struct sip_config config = config_of(&agents[0], 2);
    size_t least;

    config.stack.limits.accounts = 2;
    least = sip_ua_size(&config);
    printf("two accounts, two calls: %zu bytes\n", least);
    CHECK(least > 0 && least <= 24 * 1024);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        size_t size;

        config.stack.limits.calls = calls[i];
        size = sip_ua_size(&config);
        CHECK(size > least);
        CHECK_INT((size - least) / (calls[i] - 2) > 3300, 0);
        if (calls[i] == 20000)
            printf("each further call: %zu bytes\n", (size - least) / (calls[i] - 2));
    }
}

#define LIST                                                                                       \
    T(twenty_thousand_calls_at_once)                                                               \
    T(two_hundred_thousand_calls_in_a_row)                                                         \
    T(block_is_small_and_grows_slowly)

TESTS(LIST)
