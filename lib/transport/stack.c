/* Slots, deadlines, buffers and secrets, as every layer uses them; and the tick. */
#include "base/memory.h"
#include "base/siphash.h"
#include "transport/stack.h"

static const char *const pool_name[SIP_KINDS + SIP_BUFFER_CLASSES] = {
    [SIP_KIND_FLOW] = "flows",
    [SIP_KIND_RESOLVING] = "resolving",
    [SIP_KIND_TRANSACTION] = "transactions",
    [SIP_KIND_DIALOG] = "dialogs",
    [SIP_KIND_ACCOUNT] = "accounts",
    [SIP_KIND_REGISTRATION] = "registrations",
    [SIP_KIND_CALL] = "calls",
    [SIP_KIND_REQUEST] = "requests",
    [SIP_KINDS + SIP_SMALL] = "buffers_small",
    [SIP_KINDS + SIP_LARGE] = "buffers_large",
};

/* --- time --- */

uint64_t sip_stack_time(struct sip_stack *stack, uint64_t now)
{
    if (now > stack->now)
        stack->now = now;
    return stack->now;
}

uint64_t sip_stack_now(const struct sip_stack *stack)
{
    return stack->now;
}

uint64_t sip_stack_deadline(const struct sip_stack *stack)
{
    return sip_wheel_deadline(&stack->wheel);
}

static enum sip_kind kind_of_node(const struct sip_stack *stack, uint32_t node)
{
    int kind = SIP_KINDS - 1;

    while (kind > 1 && node < stack->node_base[kind])
        kind--;
    return (enum sip_kind)kind;
}

int sip_stack_tick(struct sip_stack *stack, uint64_t now)
{
    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    for (uint32_t i = 0; i < stack->config.limits.fires_per_tick; i++) {
        uint32_t node = sip_wheel_take(&stack->wheel, stack->now);
        enum sip_kind kind;

        if (node == UINT32_MAX)
            break;
        kind = kind_of_node(stack, node);
        if (stack->fire[kind])
            stack->fire[kind](stack, node - stack->node_base[kind]);
    }
    sip_stack_leave(stack);
    return 0;
}

bool sip_stack_enter(struct sip_stack *stack, uint64_t now)
{
    if (stack->busy) {
        stack->counters.misused++;
        return false;
    }
    stack->busy = true;
    sip_stack_time(stack, now);
    return true;
}

void sip_stack_leave(struct sip_stack *stack)
{
    stack->busy = false;
}

/* --- slots --- */

void *sip_stack_take(struct sip_stack *stack, enum sip_kind kind, uint32_t *index,
                     bool from_reserve)
{
    void *slot = sip_slots_take(&stack->pools[kind], index, from_reserve);

    if (!slot) {
        sip_stack_trace_limit(stack, pool_name[kind]);
        return NULL;
    }
    sip_wheel_reset(&stack->wheel, stack->node_base[kind] + *index);
    return slot;
}

void sip_stack_free(struct sip_stack *stack, enum sip_kind kind, uint32_t index)
{
    sip_wheel_clear(&stack->wheel, stack->node_base[kind] + index);
    sip_slots_leave(&stack->pools[kind], index);
    sip_slots_free(&stack->pools[kind], index);
}

void *sip_stack_at(const struct sip_stack *stack, enum sip_kind kind, uint32_t index)
{
    return sip_slots_at(&stack->pools[kind], index);
}

void *sip_stack_find(const struct sip_stack *stack, enum sip_kind kind, uint64_t handle)
{
    if ((handle >> 56) != (uint64_t)kind)
        return NULL;
    return sip_slots_find(&stack->pools[kind], sip_handle_index(handle), (uint32_t)handle);
}

uint64_t sip_stack_handle(const struct sip_stack *stack, enum sip_kind kind, uint32_t index)
{
    const struct sip_slot *slot = sip_slots_at(&stack->pools[kind], index);

    return (uint64_t)kind << 56 | (uint64_t)index << 32 | slot->generation;
}

void sip_stack_wake(struct sip_stack *stack, enum sip_kind kind, uint32_t index, uint64_t at)
{
    uint32_t node = stack->node_base[kind] + index;

    if (at == SIP_NEVER)
        sip_wheel_clear(&stack->wheel, node);
    else
        sip_wheel_set(&stack->wheel, node, at);
}

/* --- buffers --- */

static bool yield(struct sip_stack *stack, bool buffer)
{
    return stack->upper && stack->upper->yield && stack->upper->yield(stack, buffer);
}

uint32_t sip_stack_buffer(struct sip_stack *stack, size_t size, bool from_reserve)
{
    uint32_t buffer = sip_buffers_take(&stack->buffers, size, from_reserve);

    while (!buffer && size <= stack->config.limits.message_max && yield(stack, true))
        buffer = sip_buffers_take(&stack->buffers, size, from_reserve);
    if (!buffer)
        sip_stack_trace_limit(stack, pool_name[SIP_KINDS + (size > SIP_BUFFER_SMALL ? SIP_LARGE
                                                                                    : SIP_SMALL)]);
    return buffer;
}

uint32_t sip_stack_keep(struct sip_stack *stack, struct sip_str text, bool from_reserve)
{
    uint32_t buffer = sip_stack_buffer(stack, text.len, from_reserve);

    if (buffer && text.len)
        memcpy(sip_buffers_at(&stack->buffers, buffer), text.at, text.len);
    return buffer;
}

void sip_stack_unkeep(struct sip_stack *stack, uint32_t buffer)
{
    sip_buffers_free(&stack->buffers, buffer);
}

bool sip_stack_set_aside(struct sip_stack *stack)
{
    struct sip_slots *transactions = &stack->pools[SIP_KIND_TRANSACTION];
    struct sip_slots *buffers = &stack->buffers.classes[SIP_SMALL];

    while (!sip_slots_reserve(transactions, 1))
        if (!yield(stack, false))
            return false;
    while (!sip_slots_reserve(buffers, 1)) {
        if (!yield(stack, true)) {
            sip_slots_unreserve(transactions, 1);
            return false;
        }
    }
    return true;
}

void sip_stack_give_back(struct sip_stack *stack)
{
    sip_slots_unreserve(&stack->pools[SIP_KIND_TRANSACTION], 1);
    sip_slots_unreserve(&stack->buffers.classes[SIP_SMALL], 1);
}

/* --- secrets --- */

uint64_t sip_stack_unique(struct sip_stack *stack)
{
    uint64_t count = stack->unique++;

    return sip_siphash_of(stack->secret, &count, sizeof count);
}

uint64_t sip_stack_hash(const struct sip_stack *stack, const struct sip_str *pieces, size_t count)
{
    struct sip_siphash hash;
    uint64_t got;

    sip_siphash_init(&hash, stack->secret);
    for (size_t i = 0; i < count; i++)
        sip_siphash_piece(&hash, pieces[i].at, pieces[i].len);
    got = sip_siphash_final(&hash);
    return got ? got : 1;
}

/* --- verified sources: a ring of keyed hashes, so that a forged table entry is no use --- */

static uint64_t source_of(const struct sip_stack *stack, const struct sip_path *path)
{
    struct sip_str pieces[] = {sip_bytes(path->remote.bytes, sizeof path->remote.bytes),
                               sip_bytes(&path->remote.port, sizeof path->remote.port),
                               sip_bytes(&path->protocol, sizeof path->protocol)};

    return sip_stack_hash(stack, pieces, sizeof pieces / sizeof *pieces);
}

bool sip_stack_is_verified(const struct sip_stack *stack, const struct sip_path *path)
{
    uint64_t source = source_of(stack, path);

    for (size_t i = 0; i < sizeof stack->verified / sizeof *stack->verified; i++)
        if (stack->verified[i] == source)
            return true;
    return false;
}

void sip_stack_verified(struct sip_stack *stack, uint64_t now, const struct sip_path *path)
{
    uint32_t places = sizeof stack->verified / sizeof *stack->verified;

    sip_stack_time(stack, now);
    if (sip_stack_is_verified(stack, path))
        return;
    stack->verified[stack->verified_next & (places - 1)] = source_of(stack, path);
    stack->verified_next++;
}

/* --- queries --- */

bool sip_stack_usage(const struct sip_stack *stack, unsigned index, struct sip_pool_usage *usage)
{
    /* The ua itself is no limit. */
    unsigned place = index + 1 < SIP_KIND_UA ? index + 1 : index + 2;
    const struct sip_slots *pool;

    if (place >= SIP_KINDS + SIP_BUFFER_CLASSES)
        return false;
    pool = place < SIP_KINDS ? &stack->pools[place] : &stack->buffers.classes[place - SIP_KINDS];
    usage->name = pool_name[place];
    usage->limit = pool->count;
    usage->used = pool->used;
    usage->peak = pool->peak;
    usage->refused = pool->refused;
    return true;
}

const struct sip_counters *sip_stack_counters(const struct sip_stack *stack)
{
    return &stack->counters;
}

uint32_t sip_stack_refusals(const struct sip_stack *stack, enum sip_reason reason)
{
    return (unsigned)reason < SIP_REASON_COUNT ? stack->refusals[reason] : 0;
}
