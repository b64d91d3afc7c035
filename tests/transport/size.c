/* SIP_STACK_SIZE() is enough for what it names, and not wasteful (DESIGN: all memory is given once). */
#include "sip/size.h"
#include "sip/stack.h"
#include "test.h"

#include <stdint.h>

static uint8_t placed[SIP_STACK_SIZE(2, 2, 0, 1472)]; /* a constant expression */

static int send_nothing(void *host, const struct sip_path *path, struct sip_str bytes)
{
    (void)host, (void)path, (void)bytes;
    return 0;
}

static long write_nothing(void *host, struct sip_flow flow, struct sip_str bytes)
{
    (void)host, (void)flow, (void)bytes;
    return 0;
}

static int connect_nothing(void *host, struct sip_flow flow, const struct sip_path *path,
                           struct sip_str name)
{
    (void)host, (void)flow, (void)path, (void)name;
    return -1;
}

static void close_nothing(void *host, struct sip_flow flow)
{
    (void)host, (void)flow;
}

static int no_address(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host, (void)path, (void)local;
    return -1;
}

static int zeros(void *host, void *bytes, size_t count)
{
    (void)host;
    memset(bytes, 0, count);
    return 0;
}

static void trace_nothing(void *host, const struct sip_trace *trace)
{
    (void)host, (void)trace;
}

static struct sip_stack_config config_of(uint32_t accounts, uint32_t calls, uint32_t flows,
                                         uint32_t message_max)
{
    struct sip_stack_config config = {0};

    config.transport.send = send_nothing;
    config.transport.write = write_nothing;
    config.transport.connect = connect_nothing;
    config.transport.close = close_nothing;
    config.transport.local = no_address;
    config.transport.random = zeros;
    config.limits.accounts = accounts;
    config.limits.calls = calls;
    config.limits.flows = flows ? flows : SIP_NONE_AT_ALL;
    config.limits.message_max = message_max;
    return config;
}

TEST(constant_is_enough_and_not_wasteful)
{
    static const uint32_t counts[] = {1, 2, 3, 7, 16, 33, 100, 1000, 20000};
    static const uint32_t sizes[] = {700, 1300, 1472, 4096, 65535};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct sip_stack_config config = config_of(counts[i], counts[i], 4, sizes[k]);
            size_t bound = SIP_STACK_SIZE(counts[i], counts[i], 4, sizes[k]);

            config.tracer.trace = trace_nothing;
            CHECK(sip_stack_size(&config) <= bound);
            CHECK(bound <= sip_stack_size(&config) + sip_stack_size(&config) / 20 + 2500);
        }
    }
}

TEST(placed_block_holds_a_stack_at_any_alignment)
{
    struct sip_stack_config config = config_of(2, 2, 0, 1472);
    struct sip_stack *stack;

    CHECK_INT(sip_stack_init(&stack, placed, sizeof placed, &config, 0), 0);
    CHECK_INT(sip_stack_init(&stack, placed + 1, sip_stack_size(&config), &config, 0), 0);
    CHECK_INT(sip_stack_init(&stack, placed, sip_stack_size(&config) - 1, &config, 0), SIP_EMEMORY);
    CHECK(stack == NULL);
}

TEST(limits_out_of_range_have_no_size)
{
    struct sip_stack_config config = config_of(2, 2, 0, 699);

    CHECK_INT(sip_stack_size(&config), 0);
    config = config_of(2, 2, 0, 65536);
    CHECK_INT(sip_stack_size(&config), 0);
    config = config_of(2, UINT32_C(1) << 24, 0, 1472);
    CHECK_INT(sip_stack_size(&config), 0);
    config = config_of(2, 2, 0, 1472);
    config.limits.calls_incoming = 3;
    CHECK_INT(sip_stack_size(&config), 0);
    config.limits.calls_incoming = 2;
    CHECK(sip_stack_size(&config) > 0);
}

TESTS(T(constant_is_enough_and_not_wasteful) T(placed_block_holds_a_stack_at_any_alignment)
      T(limits_out_of_range_have_no_size))
