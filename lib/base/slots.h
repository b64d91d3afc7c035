/* A pool of equal slots with generations, and a hash table over those in use.
 *
 * The block that holds the slots is handed in; only the bucket array is cleared at the start, and a
 * slot is touched when first taken. Free slots are reused oldest first. A slot's first member is a
 * `struct sip_slot`; what follows is the owner's and is cleared when taken. */
#ifndef SIP_BASE_SLOTS_H
#define SIP_BASE_SLOTS_H

#include "sip/str.h"

#define SIP_NO_SLOT UINT32_MAX

struct sip_slot {
    uint32_t generation; /* odd while in use */
    uint32_t next;       /* in its bucket, or in the free list */
    uint64_t key;        /* 0 = in no bucket */
};

struct sip_slots {
    char *at;
    uint32_t *buckets;
    uint32_t bucket_mask;
    uint32_t size;  /* bytes of one slot */
    uint32_t wiped; /* how many of them are cleared when taken and when freed */
    uint32_t count; /* how many there are */
    uint32_t touched;
    uint32_t free_first, free_last;
    uint32_t used, peak, refused;
    uint32_t reserved; /* of the free ones, only for those for whom they were set aside */
};

/* Bytes that `count` slots of `size` need with their buckets; both are rounded up to 8. The caller
 * bounds the counts so that the product fits size_t. */
size_t sip_slots_size(uint32_t count, uint32_t size, bool hashed);

/* Lays the pool into `memory` (8-byte aligned) and returns what it took. */
size_t sip_slots_init(struct sip_slots *, void *memory, uint32_t count, uint32_t size, bool hashed);

/* From now on only the first `bytes` of a slot are cleared (message buffers need no more). */
void sip_slots_wipe_only(struct sip_slots *, uint32_t bytes);

/* A cleared slot and its index in `*index`, or NULL when none is free (counted in `refused`).
 * Reserved slots are only given `from_reserve`, which takes one off the reserve if there is any. */
void *sip_slots_take(struct sip_slots *, uint32_t *index, bool from_reserve);

/* Takes the slot out of its bucket, wipes it and makes every handle to it stale. Ignored for one
 * that is not in use. */
void sip_slots_free(struct sip_slots *, uint32_t index);

/* The slot at `index` when it is in use with this generation, else NULL. */
void *sip_slots_find(const struct sip_slots *, uint32_t index, uint32_t generation);

/* The slot at `index`, which is known to be in use. */
void *sip_slots_at(const struct sip_slots *, uint32_t index);

/* Sets `count` free slots aside, or returns false and changes nothing; and gives them back. */
bool sip_slots_reserve(struct sip_slots *, uint32_t count);
void sip_slots_unreserve(struct sip_slots *, uint32_t count);

/* Slots that may be taken without touching the reserve. */
uint32_t sip_slots_spare(const struct sip_slots *);

/* --- by key: several slots may have the same, the newest comes first --- */

/* Puts the slot under `key`, out of the one it was under; a key of 0 counts as 1. */
void sip_slots_enter(struct sip_slots *, uint32_t index, uint64_t key);
void sip_slots_leave(struct sip_slots *, uint32_t index); /* from its bucket, if it is in one */

uint32_t sip_slots_first(const struct sip_slots *, uint64_t key); /* or SIP_NO_SLOT */

/* The next with the key of `index`, which is in a bucket; or SIP_NO_SLOT. */
uint32_t sip_slots_next(const struct sip_slots *, uint32_t index);

#endif
