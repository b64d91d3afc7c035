/* Pools of slots and their buckets, in exact blocks between guard patterns. */
#include "base/slots.h"
#include "test.h"

#include <stddef.h>
#include <stdlib.h>

#define GUARD 32

struct thing {
    struct sip_slot slot;
    uint64_t a;
    char text[21]; /* so that the size is no multiple of 8 */
};

struct pool {
    unsigned char *block;
    size_t size;
    struct sip_slots slots;
};

/* A pool in a block of unknown content with a guard at either end. */
static struct pool pool_of(uint32_t count, bool hashed)
{
    struct pool pool;

    pool.size = sip_slots_size(count, sizeof(struct thing), hashed);
    pool.block = malloc(pool.size + 2 * GUARD);
    memset(pool.block, 0xa5, pool.size + 2 * GUARD);
    CHECK_INT(sip_slots_init(&pool.slots, pool.block + GUARD, count, sizeof(struct thing), hashed),
              pool.size);
    return pool;
}

static void drop(struct pool *pool)
{
    for (size_t i = 0; i < GUARD; i++) {
        CHECK_INT(pool->block[i], 0xa5);
        CHECK_INT(pool->block[GUARD + pool->size + i], 0xa5);
    }
    free(pool->block);
}

static uint32_t take(struct pool *pool)
{
    uint32_t index = SIP_NO_SLOT;

    CHECK(sip_slots_take(&pool->slots, &index, false) != NULL);
    return index;
}

static uint32_t generation(struct pool *pool, uint32_t index)
{
    return ((struct sip_slot *)sip_slots_at(&pool->slots, index))->generation;
}

TEST(a_pool_gives_what_it_has_and_no_more)
{
    struct pool pool = pool_of(3, true);
    uint32_t index = 99;

    CHECK_INT(sip_slots_spare(&pool.slots), 3);
    CHECK_INT(take(&pool), 0);
    CHECK_INT(take(&pool), 1);
    CHECK_INT(take(&pool), 2);
    CHECK(sip_slots_take(&pool.slots, &index, false) == NULL);
    CHECK_INT(index, 99);
    CHECK_INT(pool.slots.refused, 1);
    CHECK_INT(pool.slots.used, 3);
    CHECK_INT(pool.slots.peak, 3);
    sip_slots_free(&pool.slots, 1);
    CHECK_INT(pool.slots.used, 2);
    CHECK_INT(pool.slots.peak, 3);
    CHECK_INT(take(&pool), 1);
    drop(&pool);
}

TEST(a_pool_of_none_refuses_all)
{
    struct pool pool = pool_of(0, true);
    uint32_t index;

    CHECK(sip_slots_take(&pool.slots, &index, false) == NULL);
    CHECK(sip_slots_take(&pool.slots, &index, true) == NULL);
    CHECK(sip_slots_find(&pool.slots, 0, 1) == NULL);
    CHECK_INT(sip_slots_first(&pool.slots, 5), SIP_NO_SLOT);
    CHECK(!sip_slots_reserve(&pool.slots, 1));
    CHECK_INT(sip_slots_size(0, 40, false), 0);
    drop(&pool);
}

TEST(slots_are_aligned_and_do_not_overlap)
{
    struct pool pool = pool_of(5, true);

    for (uint32_t i = 0; i < 5; i++) {
        struct thing *thing = sip_slots_at(&pool.slots, take(&pool));
        CHECK_INT((uintptr_t)thing % 8, 0);
        thing->a = i;
        memset(thing->text, 'a' + (int)i, sizeof thing->text);
    }
    for (uint32_t i = 0; i < 5; i++) {
        struct thing *thing = sip_slots_at(&pool.slots, i);
        CHECK_INT(thing->a, i);
        CHECK_INT(thing->text[20], 'a' + (int)i);
    }
    drop(&pool);
}

TEST(a_slot_is_cleared_when_taken_and_wiped_when_freed)
{
    struct pool pool = pool_of(1, false);
    uint32_t index = take(&pool);
    struct thing *thing = sip_slots_at(&pool.slots, index);

    CHECK_INT(thing->a, 0);
    CHECK_INT(thing->text[20], 0);
    memset(thing->text, 's', sizeof thing->text);
    sip_slots_free(&pool.slots, index);
    CHECK_INT(thing->text[0], 0);
    CHECK_INT(thing->text[20], 0);
    index = take(&pool);
    CHECK_INT(thing->a, 0);
    drop(&pool);
}

TEST(wipe_only_leaves_the_rest_alone)
{
    struct pool pool = pool_of(1, false);
    struct thing *thing;

    sip_slots_wipe_only(&pool.slots, sizeof(struct sip_slot));
    thing = sip_slots_at(&pool.slots, take(&pool));
    CHECK_INT(thing->text[0], (char)0xa5);
    CHECK_INT(thing->slot.key, 0);
    thing->text[0] = 'x';
    sip_slots_free(&pool.slots, 0);
    CHECK_INT(thing->text[0], 'x');
    drop(&pool);
}

TEST(wipe_only_takes_the_slot_at_least_and_all_of_it_at_most)
{
    static const struct {
        uint32_t bytes;
        bool a, text, last; /* what is cleared */
    } rows[] = {
        {0, false, false, false},
        {sizeof(struct sip_slot), false, false, false},
        {offsetof(struct thing, text), true, false, false},
        {offsetof(struct thing, text) + 20, true, true, false},
        {offsetof(struct thing, text) + 21, true, true, true},
        {1000, true, true, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pool pool = pool_of(1, false);
        struct thing *thing;

        sip_slots_wipe_only(&pool.slots, rows[i].bytes);
        thing = sip_slots_at(&pool.slots, take(&pool));
        CHECK_INT(thing->slot.key, 0);
        CHECK_INT(thing->a == 0, rows[i].a);
        CHECK_INT(thing->text[19] == 0, rows[i].text);
        CHECK_INT(thing->text[20] == 0, rows[i].last);
        drop(&pool);
    }
}

TEST(a_handle_is_stale_after_the_slot_was_freed)
{
    struct pool pool = pool_of(2, false);
    uint32_t index = take(&pool), first = generation(&pool, index), second;

    CHECK_INT(first % 2, 1);
    CHECK(sip_slots_find(&pool.slots, index, first) == sip_slots_at(&pool.slots, index));
    CHECK(sip_slots_find(&pool.slots, index, first + 1) == NULL);
    CHECK(sip_slots_find(&pool.slots, 1, 1) == NULL); /* never touched */
    CHECK(sip_slots_find(&pool.slots, 2, 1) == NULL); /* beyond the end */
    CHECK(sip_slots_find(&pool.slots, SIP_NO_SLOT, 1) == NULL);
    sip_slots_free(&pool.slots, index);
    CHECK(sip_slots_find(&pool.slots, index, first) == NULL);
    CHECK(sip_slots_find(&pool.slots, index, first + 1) == NULL); /* even: nobody's */
    CHECK_INT(take(&pool), index);
    second = generation(&pool, index);
    CHECK_INT(second, first + 2);
    CHECK(sip_slots_find(&pool.slots, index, first) == NULL);
    CHECK(sip_slots_find(&pool.slots, index, second) != NULL);
    drop(&pool);
}

TEST(freeing_twice_or_what_was_never_taken_does_nothing)
{
    struct pool pool = pool_of(2, false);
    uint32_t index = take(&pool);

    sip_slots_free(&pool.slots, index);
    sip_slots_free(&pool.slots, index);
    sip_slots_free(&pool.slots, 1);
    sip_slots_free(&pool.slots, 7);
    CHECK_INT(pool.slots.used, 0);
    CHECK_INT(take(&pool), 0);
    CHECK_INT(take(&pool), 1);
    drop(&pool);
}

TEST(free_slots_are_reused_oldest_first_before_new_memory)
{
    struct pool pool = pool_of(6, false);

    for (uint32_t i = 0; i < 4; i++)
        take(&pool);
    sip_slots_free(&pool.slots, 2);
    sip_slots_free(&pool.slots, 0);
    sip_slots_free(&pool.slots, 3);
    CHECK_INT(take(&pool), 2);
    CHECK_INT(take(&pool), 0);
    sip_slots_free(&pool.slots, 2);
    CHECK_INT(take(&pool), 3);
    CHECK_INT(take(&pool), 2);
    CHECK_INT(take(&pool), 4);
    CHECK_INT(pool.slots.touched, 5);
    drop(&pool);
}

TEST(memory_is_not_touched_before_it_is_needed)
{
    struct pool pool = pool_of(8, true);

    take(&pool);
    for (size_t i = 1 * pool.slots.size; i < 8 * pool.slots.size; i++)
        CHECK_INT(pool.block[GUARD + i], 0xa5);
    drop(&pool);
}

TEST(what_is_reserved_is_kept_for_those_it_was_set_aside_for)
{
    struct pool pool = pool_of(4, false);
    uint32_t index;

    CHECK(!sip_slots_reserve(&pool.slots, 5));
    CHECK(sip_slots_reserve(&pool.slots, 2));
    CHECK(!sip_slots_reserve(&pool.slots, 3));
    CHECK_INT(sip_slots_spare(&pool.slots), 2);
    take(&pool);
    take(&pool);
    CHECK(sip_slots_take(&pool.slots, &index, false) == NULL);
    CHECK(sip_slots_take(&pool.slots, &index, true) != NULL);
    CHECK_INT(pool.slots.reserved, 1);
    sip_slots_free(&pool.slots, index); /* free for all again: who freed it may reserve it */
    CHECK_INT(sip_slots_spare(&pool.slots), 1);
    sip_slots_unreserve(&pool.slots, 1);
    CHECK_INT(sip_slots_spare(&pool.slots), 2);
    sip_slots_unreserve(&pool.slots, 9);
    CHECK_INT(pool.slots.reserved, 0);
    CHECK(sip_slots_take(&pool.slots, &index, true) != NULL); /* nothing set aside: as any other */
    take(&pool);
    CHECK(sip_slots_take(&pool.slots, &index, true) == NULL);
    drop(&pool);
}

TEST(a_key_finds_all_its_slots_and_no_other)
{
    struct pool pool = pool_of(6, true);

    for (uint32_t i = 0; i < 6; i++)
        sip_slots_enter(&pool.slots, take(&pool), i % 2 ? 70 : 71);
    CHECK_INT(sip_slots_first(&pool.slots, 70), 5);
    CHECK_INT(sip_slots_next(&pool.slots, 5), 3);
    CHECK_INT(sip_slots_next(&pool.slots, 3), 1);
    CHECK_INT(sip_slots_next(&pool.slots, 1), SIP_NO_SLOT);
    CHECK_INT(sip_slots_first(&pool.slots, 72), SIP_NO_SLOT);

    sip_slots_leave(&pool.slots, 3);
    sip_slots_leave(&pool.slots, 3);
    CHECK_INT(sip_slots_next(&pool.slots, 5), 1);
    sip_slots_free(&pool.slots, 5); /* leaves its bucket by itself */
    CHECK_INT(sip_slots_first(&pool.slots, 70), 1);
    sip_slots_enter(&pool.slots, 1, 71); /* moves */
    CHECK_INT(sip_slots_first(&pool.slots, 70), SIP_NO_SLOT);
    CHECK_INT(sip_slots_first(&pool.slots, 71), 1);
    drop(&pool);
}

TEST(a_key_of_zero_is_a_key)
{
    struct pool pool = pool_of(2, true);

    take(&pool);
    CHECK_INT(sip_slots_first(&pool.slots, 0), SIP_NO_SLOT);
    sip_slots_enter(&pool.slots, 0, 0);
    CHECK_INT(sip_slots_first(&pool.slots, 0), 0);
    CHECK_INT(sip_slots_next(&pool.slots, 0), SIP_NO_SLOT);
    sip_slots_leave(&pool.slots, 0);
    CHECK_INT(sip_slots_first(&pool.slots, 0), SIP_NO_SLOT);
    drop(&pool);
}

TEST(keys_spread_over_the_buckets)
{
    struct pool pool = pool_of(1024, true);
    uint32_t longest = 0;

    CHECK_INT(pool.slots.bucket_mask, 1023);
    for (uint32_t i = 0; i < 1024; i++)
        sip_slots_enter(&pool.slots, take(&pool), (uint64_t)i << 32 | 0x5000); /* bad for a mask */
    for (uint32_t bucket = 0; bucket < 1024; bucket++) {
        uint32_t length = 0;
        for (uint32_t i = pool.slots.buckets[bucket]; i != SIP_NO_SLOT; length++)
            i = ((struct sip_slot *)sip_slots_at(&pool.slots, i))->next;
        longest = length > longest ? length : longest;
    }
    CHECK(longest <= 8);
    drop(&pool);
}

/* Takes, frees, enters and leaves at random; a plain table tells what must be found. */
TEST(twenty_thousand_operations_agree_with_a_plain_table)
{
    enum { COUNT = 37, KEYS = 11 };
    struct pool pool = pool_of(COUNT, true);
    uint32_t of[COUNT] = {0}, key_of[COUNT] = {0}, state = 12345; /* of: generation, 0 free */

    for (int n = 0; n < 20000; n++) {
        uint32_t i, key, found = 0, wanted = 0;
        state = state * 1664525 + 1013904223;
        i = (state >> 8) % COUNT;
        key = 1 + (state >> 16) % KEYS;
        if (state >> 30 == 0 && sip_slots_take(&pool.slots, &i, false)) {
            CHECK_INT(of[i], 0);
            of[i] = generation(&pool, i);
            key_of[i] = 0;
        } else if (state >> 30 == 1) {
            sip_slots_free(&pool.slots, i);
            of[i] = 0;
        } else if (of[i] && state >> 30 == 2) {
            sip_slots_enter(&pool.slots, i, key);
            key_of[i] = key;
        } else if (of[i] && state % 2) {
            sip_slots_leave(&pool.slots, i);
            key_of[i] = 0;
        }
        for (uint32_t s = sip_slots_first(&pool.slots, key); s != SIP_NO_SLOT;
             s = sip_slots_next(&pool.slots, s)) {
            found++;
            CHECK(of[s] && key_of[s] == key);
        }
        for (uint32_t s = 0; s < COUNT; s++) {
            wanted += of[s] && key_of[s] == key;
            if (of[s])
                CHECK(sip_slots_find(&pool.slots, s, of[s]) != NULL);
        }
        CHECK_INT(found, wanted);
    }
    CHECK_INT(pool.slots.peak, COUNT);
    drop(&pool);
}

TESTS(T(a_pool_gives_what_it_has_and_no_more)
      T(a_pool_of_none_refuses_all)
      T(slots_are_aligned_and_do_not_overlap)
      T(a_slot_is_cleared_when_taken_and_wiped_when_freed)
      T(wipe_only_leaves_the_rest_alone)
      T(wipe_only_takes_the_slot_at_least_and_all_of_it_at_most)
      T(a_handle_is_stale_after_the_slot_was_freed)
      T(freeing_twice_or_what_was_never_taken_does_nothing)
      T(free_slots_are_reused_oldest_first_before_new_memory)
      T(memory_is_not_touched_before_it_is_needed)
      T(what_is_reserved_is_kept_for_those_it_was_set_aside_for)
      T(a_key_finds_all_its_slots_and_no_other)
      T(a_key_of_zero_is_a_key)
      T(keys_spread_over_the_buckets)
      T(twenty_thousand_operations_agree_with_a_plain_table))
