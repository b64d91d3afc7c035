/* Cutting the one block: which limit gives which pool, and how large all is together. */
#include "base/memory.h"
#include "transport/stack.h"

_Static_assert(sizeof(struct sip_stack) <= SIP_SIZE_STACK, "SIP_SIZE_STACK");
_Static_assert(SIP_BUFFER_SMALL + sizeof(struct sip_slot) <= SIP_SIZE_SMALL, "SIP_SIZE_SMALL");

#define COUNT_MAX 0xfffffeu /* an index has 24 bits in a handle */
#define MESSAGE_MIN 700
#define MESSAGE_MAX 65535u
#define HEADERS_MIN 16
#define HEADERS_MAX 4096

static uint32_t chosen(uint32_t given, uint64_t otherwise)
{
    if (given == SIP_NONE_AT_ALL)
        return 0;
    if (given != 0)
        return given;
    return otherwise > COUNT_MAX ? COUNT_MAX + 1 : (uint32_t)otherwise;
}

/* Without the functions for streams there are no flows. */
static void fill(struct sip_limits *l, const struct sip_transport *wire)
{
    if (!wire->write || !wire->connect || !wire->close)
        l->flows = SIP_NONE_AT_ALL;
    l->accounts = chosen(l->accounts, 2);
    l->registrations = chosen(l->registrations, l->accounts);
    l->calls = chosen(l->calls, 2);
    l->calls_incoming = chosen(l->calls_incoming, l->calls);
    l->calls_reserved_out = chosen(l->calls_reserved_out, 0);
    l->ringing_unverified = chosen(l->ringing_unverified, l->calls);
    l->dialogs = chosen(l->dialogs, (uint64_t)l->calls + 2);
    l->requests = chosen(l->requests, 2);
    l->transactions = chosen(l->transactions, 2 * (uint64_t)l->calls + l->registrations +
                                                  l->requests + 2);
    l->flows = chosen(l->flows, 4);
    l->resolving = chosen(l->resolving, 2);
    l->buffers_small = chosen(l->buffers_small, (uint64_t)l->calls + l->requests + 2);
    l->buffers_large = chosen(l->buffers_large, (uint64_t)l->calls + 2);
    l->message_max = chosen(l->message_max, 1472);
    l->headers_max = chosen(l->headers_max, 64);
    l->refusals_per_s = chosen(l->refusals_per_s, 20);
    l->fires_per_tick = chosen(l->fires_per_tick, 256);
}

static bool fits(const struct sip_limits *l)
{
    return l->accounts <= COUNT_MAX && l->registrations <= COUNT_MAX && l->calls <= COUNT_MAX &&
           l->dialogs <= COUNT_MAX && l->requests <= COUNT_MAX && l->transactions <= COUNT_MAX &&
           l->flows <= COUNT_MAX && l->resolving <= COUNT_MAX && l->buffers_small <= COUNT_MAX &&
           l->buffers_large <= COUNT_MAX && l->calls_incoming <= l->calls &&
           l->calls_reserved_out <= l->calls && l->message_max >= MESSAGE_MIN &&
           l->message_max <= MESSAGE_MAX && l->headers_max >= HEADERS_MIN &&
           l->headers_max <= HEADERS_MAX && l->fires_per_tick > 0;
}

static uint32_t count_of(const struct sip_limits *l, enum sip_kind kind)
{
    switch (kind) {
    case SIP_KIND_FLOW: return l->flows;
    case SIP_KIND_RESOLVING: return l->resolving;
    case SIP_KIND_TRANSACTION: return l->transactions;
    case SIP_KIND_DIALOG: return l->dialogs;
    case SIP_KIND_ACCOUNT: return l->accounts;
    case SIP_KIND_REGISTRATION: return l->registrations;
    case SIP_KIND_CALL: return l->calls;
    case SIP_KIND_REQUEST: return l->requests;
    case SIP_KIND_UA: return 1;
    default: return 0;
    }
}

static const struct {
    uint32_t size;
    bool hashed;
} slot_of[SIP_KINDS] = {
    [SIP_KIND_FLOW] = {SIP_SIZE_FLOW, true},
    [SIP_KIND_RESOLVING] = {SIP_SIZE_RESOLVING, false},
    [SIP_KIND_TRANSACTION] = {SIP_SIZE_TRANSACTION, true},
    [SIP_KIND_DIALOG] = {SIP_SIZE_DIALOG, true},
    [SIP_KIND_ACCOUNT] = {SIP_SIZE_ACCOUNT, false},
    [SIP_KIND_REGISTRATION] = {SIP_SIZE_REGISTRATION, false},
    [SIP_KIND_CALL] = {SIP_SIZE_CALL, false},
    [SIP_KIND_REQUEST] = {SIP_SIZE_REQUEST, false},
    [SIP_KIND_UA] = {SIP_SIZE_UA, false},
};

static size_t up(size_t size)
{
    return (size + 15u) & ~(size_t)15u;
}

static uint32_t nodes_in(const struct sip_limits *l)
{
    uint32_t nodes = 0;

    for (int kind = 1; kind < SIP_KINDS; kind++)
        nodes += count_of(l, (enum sip_kind)kind);
    return nodes;
}

static size_t tables_size(const struct sip_limits *l)
{
    return up(2 * (size_t)l->headers_max * sizeof(struct sip_field));
}

/* `traced`: a tracer needs room of its own to mask secrets in. */
static size_t size_with(const struct sip_limits *l, bool traced)
{
    size_t size = up(sizeof(struct sip_stack)) + up(nodes_in(l) * sizeof(struct sip_node));

    for (int kind = 1; kind < SIP_KINDS; kind++)
        size += up(sip_slots_size(count_of(l, (enum sip_kind)kind), slot_of[kind].size,
                                  slot_of[kind].hashed));
    size += up(sip_buffers_size(l->buffers_small, l->buffers_large, l->message_max));
    size += tables_size(l) + up(l->message_max) + up(l->message_max / 2);
    if (traced)
        size += up(l->message_max);
    return size + 15; /* to align the block */
}

/* Whether all of it can be counted in size_t: on small machines the counts alone do not see to
 * it. */
static bool is_countable(const struct sip_limits *l)
{
    const uint64_t around = 64; /* of a slot: its node, its bucket, its header, rounding */
    uint64_t size = l->buffers_small * (SIP_BUFFER_SMALL + around) +
                    l->buffers_large * (l->message_max + around);

    for (int kind = 1; kind < SIP_KINDS; kind++)
        size += count_of(l, (enum sip_kind)kind) * (slot_of[kind].size + around);
    return size < SIZE_MAX / 2;
}

size_t sip_stack_size(const struct sip_stack_config *config)
{
    struct sip_limits limits = config->limits;

    fill(&limits, &config->transport);
    return fits(&limits) && is_countable(&limits)
               ? size_with(&limits, config->tracer.trace != NULL)
               : 0;
}

/* Lays everything behind the stack into the block; sizes are known to fit. */
static void lay(struct sip_stack *stack, char *at)
{
    const struct sip_limits *l = &stack->config.limits;
    struct sip_node *nodes = (struct sip_node *)(void *)at;
    uint32_t node = 0;

    at += up(nodes_in(l) * sizeof(struct sip_node));
    for (int kind = 1; kind < SIP_KINDS; kind++) {
        uint32_t count = count_of(l, (enum sip_kind)kind);

        stack->node_base[kind] = node;
        node += count;
        at += up(sip_slots_init(&stack->pools[kind], at, count, slot_of[kind].size,
                                slot_of[kind].hashed));
    }
    sip_wheel_init(&stack->wheel, nodes, node, stack->now);
    at += up(sip_buffers_init(&stack->buffers, at, l->buffers_small, l->buffers_large,
                              l->message_max));
    sip_message_init(&stack->message, (struct sip_field *)(void *)at, (uint16_t)l->headers_max);
    stack->message.tolerate &= (uint16_t)~stack->config.refused_tolerance;
    sip_message_init(&stack->own, (struct sip_field *)(void *)at + l->headers_max,
                     (uint16_t)l->headers_max);
    at += tables_size(l);
    stack->scratch = at;
    at += up(l->message_max);
    stack->aside = at;
    at += up(l->message_max / 2);
    if (stack->config.tracer.trace)
        stack->masked = at;
}

int sip_stack_init(struct sip_stack **made, void *memory, size_t size,
                   const struct sip_stack_config *config, uint64_t now)
{
    const struct sip_transport *wire = &config->transport;
    size_t needed = sip_stack_size(config);
    size_t skew = (16u - ((uintptr_t)memory & 15u)) & 15u;
    struct sip_stack *stack = (struct sip_stack *)(void *)((char *)memory + skew);

    *made = NULL;
    if (!memory || !wire->send || !wire->local || !needed)
        return SIP_EINVAL;
    if (!wire->random)
        return SIP_ERANDOM;
    if (size < needed)
        return SIP_EMEMORY;
    memset(stack, 0, sizeof *stack);
    stack->config = *config;
    stack->now = now;
    fill(&stack->config.limits, wire);
    if (!stack->config.timers.t1_ms)
        stack->config.timers.t1_ms = 500;
    if (!stack->config.timers.t2_ms)
        stack->config.timers.t2_ms = 4000;
    if (!stack->config.timers.t4_ms)
        stack->config.timers.t4_ms = 5000;
    if (wire->random(wire->host, stack->secret, sizeof stack->secret) < 0)
        return SIP_ERANDOM;
    lay(stack, (char *)stack + up(sizeof *stack));
    *made = stack;
    return 0;
}
