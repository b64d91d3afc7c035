/* What the stack lets pass is counted, and not let pass when the host says so (DESIGN: tolerant by
 * named exception). */
#include "sip/stack.h"
#include "test.h"

#include <stdint.h>

static uint8_t block[40000];
static unsigned answers;

static int send_one(void *host, const struct sip_path *path, struct sip_str bytes)
{
    (void)host, (void)path, (void)bytes;
    answers++;
    return 0;
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

/* A stack that has been given one datagram, and refuses `bits`. */
static const struct sip_counters *after(const char *text, uint16_t bits)
{
    struct sip_stack_config config = {0};
    struct sip_packet packet = {0};
    struct sip_stack *stack;

    config.transport.send = send_one;
    config.transport.local = no_address;
    config.transport.random = zeros;
    config.limits.flows = SIP_NONE_AT_ALL;
    config.refused_tolerance = bits;
    answers = 0;
    CHECK_INT(sip_stack_init(&stack, block, sizeof block, &config, 0), 0);
    packet.bytes = sip_str(text);
    packet.path.protocol = SIP_UDP;
    CHECK_INT(sip_addr_parse(&packet.path.remote, sip_str("192.0.2.7")), 0);
    packet.path.remote.port = 5060;
    packet.path.local = packet.path.remote;
    CHECK_INT(sip_stack_datagram(stack, 0, &packet), 0);
    return sip_stack_counters(stack);
}

/* No Max-Forwards (RFC 3261 §8.1.1.6), and a "#" in From (§19.1.2). */
#define ODD                                                                                        \
    "OPTIONS sip:a.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"              \
    "From: <sip:1#2@a.example>;tag=1\r\nTo: <sip:a.example>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"  \
    "Content-Length: 0\r\n\r\n"

TEST(what_is_let_pass_is_counted_bit_by_bit)
{
    const struct sip_counters *counters = after(ODD, 0);

    CHECK_INT(counters->received, 1);
    for (unsigned i = 0; i < SIP_TOLERANCE_COUNT; i++)
        CHECK_INT(counters->tolerated[i],
                  i == SIP_TOLERANCE_NO_MAX_FORWARDS || i == SIP_TOLERANCE_ODD_USER);
}

#define VIA "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
#define FROM "From: <sip:a@a.example>;tag=1\r\n"
#define REST "To: <sip:a.example>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
#define END "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
#define LINE "OPTIONS sip:a.example SIP/2.0\r\n"

/* One message for each bit, that needs this one alone. */
static const char *const odd[SIP_TOLERANCE_COUNT] = {
    [SIP_TOLERANCE_BARE_LF] = LINE VIA FROM REST "Max-Forwards: 70\nContent-Length: 0\r\n\r\n",
    [SIP_TOLERANCE_NO_MAX_FORWARDS] = LINE VIA FROM REST "Content-Length: 0\r\n\r\n",
    [SIP_TOLERANCE_EMPTY_VALUE] = LINE VIA FROM REST "User-Agent:\r\n" END,
    [SIP_TOLERANCE_OLD_BRANCH] = LINE "Via: SIP/2.0/UDP 192.0.2.7;branch=1\r\n" FROM REST END,
    [SIP_TOLERANCE_ODD_USER] = LINE VIA "From: <sip:*21#@a.example>;tag=1\r\n" REST END,
    [SIP_TOLERANCE_IPV6_ZONE] = LINE VIA "From: <sip:a@[fe80::1%eth0]>;tag=1\r\n" REST END,
    [SIP_TOLERANCE_BARE_NAME] = LINE VIA "From: J. (2) <sip:a@a.example>;tag=1\r\n" REST END,
    [SIP_TOLERANCE_RECEIVED_NAME] =
        LINE "Via: SIP/2.0/UDP 192.0.2.7;received=nat.example;branch=z9hG4bK1\r\n" FROM REST END,
};

TEST(each_bit_is_counted_when_used_and_missed_when_refused)
{
    for (unsigned bit = 0; bit < SIP_TOLERANCE_COUNT; bit++) {
        const struct sip_counters *counters = after(odd[bit], 0);

        CHECK_INT(counters->received, 1);
        for (unsigned i = 0; i < SIP_TOLERANCE_COUNT; i++)
            CHECK_INT(counters->tolerated[i], i == bit);
        counters = after(odd[bit], (uint16_t)~(1u << bit)); /* no other is needed */
        CHECK_INT(counters->received, 1);
        counters = after(odd[bit], (uint16_t)(1u << bit));
        CHECK_INT(counters->received, 0);
        CHECK_INT(counters->tolerated[bit], 0);
        if (test_failures)
            printf("  bit %u\n", bit);
    }
}

TEST(what_the_host_refuses_is_not_let_pass)
{
    const struct sip_counters *counters = after(ODD, SIP_TOLERATE_NO_MAX_FORWARDS);

    CHECK_INT(counters->received, 0);
    CHECK_INT(counters->tolerated[SIP_TOLERANCE_ODD_USER], 0);
    CHECK_INT(answers, 1); /* 400 */
    counters = after(ODD, SIP_TOLERATE_ODD_USER);
    CHECK_INT(counters->received, 0);
    counters = after(ODD, SIP_TOLERATE_BARE_LF | SIP_TOLERATE_IPV6_ZONE);
    CHECK_INT(counters->received, 1);
}

TESTS(T(what_is_let_pass_is_counted_bit_by_bit)
          T(each_bit_is_counted_when_used_and_missed_when_refused)
              T(what_the_host_refuses_is_not_let_pass))
