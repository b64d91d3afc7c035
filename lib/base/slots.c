#include "base/slots.h"
#include "base/memory.h"

static struct sip_slot *slot_at(const struct sip_slots *slots, uint32_t index)
{
    void *slot = slots->at + (size_t)index * slots->size;
    return slot;
}

static size_t rounded(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

/* The power of two that is not below `count`: at most one slot per bucket on average. */
static uint32_t buckets_for(uint32_t count)
{
    uint32_t buckets = 1;

    while (buckets < count && buckets < UINT32_C(1) << 31)
        buckets <<= 1;
    return buckets;
}

static size_t buckets_size(uint32_t count, bool hashed)
{
    return hashed ? rounded(sizeof(uint32_t) * (size_t)buckets_for(count)) : 0;
}

size_t sip_slots_size(uint32_t count, uint32_t size, bool hashed)
{
    return rounded(size) * count + buckets_size(count, hashed);
}

size_t sip_slots_init(struct sip_slots *slots, void *memory, uint32_t count, uint32_t size,
                      bool hashed)
{
    struct sip_slots fresh = {0};
    size_t slots_size = rounded(size) * count;
    void *buckets = (char *)memory + slots_size;

    fresh.at = memory;
    fresh.count = count;
    fresh.size = (uint32_t)rounded(size);
    fresh.wiped = fresh.size;
    fresh.free_first = fresh.free_last = SIP_NO_SLOT;
    if (hashed) {
        fresh.buckets = buckets;
        fresh.bucket_mask = buckets_for(count) - 1;
        memset(buckets, 0xff, buckets_size(count, hashed)); /* SIP_NO_SLOT everywhere */
    }
    *slots = fresh;
    return slots_size + buckets_size(count, hashed);
}

void sip_slots_wipe_only(struct sip_slots *slots, uint32_t bytes)
{
    slots->wiped = bytes < sizeof(struct sip_slot) ? (uint32_t)sizeof(struct sip_slot) : bytes;
    if (slots->wiped > slots->size)
        slots->wiped = slots->size;
}

uint32_t sip_slots_spare(const struct sip_slots *slots)
{
    return slots->count - slots->used - slots->reserved;
}

bool sip_slots_reserve(struct sip_slots *slots, uint32_t count)
{
    if (count > sip_slots_spare(slots))
        return false;
    slots->reserved += count;
    return true;
}

void sip_slots_unreserve(struct sip_slots *slots, uint32_t count)
{
    slots->reserved -= count < slots->reserved ? count : slots->reserved;
}

static void wipe(struct sip_slots *slots, struct sip_slot *slot, uint32_t generation)
{
    memset(slot, 0, slots->wiped);
    slot->generation = generation;
    slot->next = SIP_NO_SLOT;
}

/* The slot that has been free for longest; memory never used before comes last, so that a quiet
 * stack touches few pages. */
static uint32_t free_index(struct sip_slots *slots)
{
    uint32_t index = slots->free_first;
    struct sip_slot *slot;

    if (index == SIP_NO_SLOT) {
        index = slots->touched++;
        wipe(slots, slot_at(slots, index), 0);
        return index;
    }
    slot = slot_at(slots, index);
    slots->free_first = slot->next;
    if (slots->free_first == SIP_NO_SLOT)
        slots->free_last = SIP_NO_SLOT;
    slot->next = SIP_NO_SLOT;
    return index;
}

void *sip_slots_take(struct sip_slots *slots, uint32_t *index, bool from_reserve)
{
    struct sip_slot *slot;

    if (from_reserve && slots->reserved > 0) {
        slots->reserved--;
    } else if (sip_slots_spare(slots) == 0) {
        slots->refused++;
        return NULL;
    }
    *index = free_index(slots);
    slot = slot_at(slots, *index);
    slot->generation++;
    slots->used++;
    if (slots->used > slots->peak)
        slots->peak = slots->used;
    return slot;
}

static bool in_use(const struct sip_slots *slots, uint32_t index)
{
    return index < slots->touched && slot_at(slots, index)->generation % 2 == 1;
}

void sip_slots_free(struct sip_slots *slots, uint32_t index)
{
    struct sip_slot *slot;

    if (!in_use(slots, index))
        return;
    sip_slots_leave(slots, index);
    slot = slot_at(slots, index);
    wipe(slots, slot, slot->generation + 1);
    if (slots->free_last == SIP_NO_SLOT)
        slots->free_first = index;
    else
        slot_at(slots, slots->free_last)->next = index;
    slots->free_last = index;
    slots->used--;
}

void *sip_slots_find(const struct sip_slots *slots, uint32_t index, uint32_t generation)
{
    if (!in_use(slots, index) || slot_at(slots, index)->generation != generation)
        return NULL;
    return slot_at(slots, index);
}

void *sip_slots_at(const struct sip_slots *slots, uint32_t index)
{
    return slot_at(slots, index);
}

/* 0 means "in no bucket", so a key that is 0 counts as 1. */
static uint64_t key_of(uint64_t key)
{
    return key ? key : 1;
}

/* Keys may be counters as well as hashes: the product's upper half depends on all their bits. */
static uint32_t *bucket_of(const struct sip_slots *slots, uint64_t key)
{
    uint32_t hash = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32);

    return &slots->buckets[hash & slots->bucket_mask];
}

void sip_slots_enter(struct sip_slots *slots, uint32_t index, uint64_t key)
{
    struct sip_slot *slot = slot_at(slots, index);
    uint32_t *bucket;

    sip_slots_leave(slots, index);
    slot->key = key_of(key);
    bucket = bucket_of(slots, slot->key);
    slot->next = *bucket;
    *bucket = index;
}

void sip_slots_leave(struct sip_slots *slots, uint32_t index)
{
    struct sip_slot *slot = slot_at(slots, index);
    uint32_t *link;

    if (slot->key == 0)
        return;
    for (link = bucket_of(slots, slot->key); *link != index;)
        link = &slot_at(slots, *link)->next;
    *link = slot->next;
    slot->key = 0;
    slot->next = SIP_NO_SLOT;
}

/* The first in the chain from `index` on with this key. */
static uint32_t with_key(const struct sip_slots *slots, uint32_t index, uint64_t key)
{
    while (index != SIP_NO_SLOT && slot_at(slots, index)->key != key)
        index = slot_at(slots, index)->next;
    return index;
}

uint32_t sip_slots_first(const struct sip_slots *slots, uint64_t key)
{
    return with_key(slots, *bucket_of(slots, key_of(key)), key_of(key));
}

uint32_t sip_slots_next(const struct sip_slots *slots, uint32_t index)
{
    const struct sip_slot *slot = slot_at(slots, index);

    return with_key(slots, slot->next, slot->key);
}
