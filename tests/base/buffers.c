/* Message buffers of two classes, in an exact block. */
#include "base/buffers.h"
#include "test.h"

#include <stdlib.h>

#define LARGE_SIZE 1472

static void *block;

static struct sip_buffers buffers_of(uint32_t small, uint32_t large)
{
    struct sip_buffers buffers;
    size_t size = sip_buffers_size(small, large, LARGE_SIZE);

    block = malloc(size);
    memset(block, 0xa5, size);
    CHECK_INT(sip_buffers_init(&buffers, block, small, large, LARGE_SIZE), size);
    return buffers;
}

TEST(a_small_text_takes_a_small_buffer_and_a_long_one_a_large)
{
    struct sip_buffers buffers = buffers_of(1, 2);
    uint32_t small = sip_buffers_take(&buffers, SIP_BUFFER_SMALL, false);
    uint32_t large = sip_buffers_take(&buffers, SIP_BUFFER_SMALL + 1, false);

    CHECK(small != 0 && large != 0 && small != large);
    CHECK_INT(sip_buffers_room(&buffers, small), SIP_BUFFER_SMALL);
    CHECK_INT(sip_buffers_room(&buffers, large), LARGE_SIZE);
    CHECK_INT((uintptr_t)sip_buffers_at(&buffers, small) % 8, 0);
    CHECK_INT((uintptr_t)sip_buffers_at(&buffers, large) % 8, 0);
    free(block);
}

TEST(a_small_text_falls_back_to_a_large_buffer_but_not_the_other_way)
{
    struct sip_buffers buffers = buffers_of(1, 1);
    uint32_t a = sip_buffers_take(&buffers, 1, false), b = sip_buffers_take(&buffers, 1, false);

    CHECK_INT(sip_buffers_room(&buffers, a), SIP_BUFFER_SMALL);
    CHECK_INT(sip_buffers_room(&buffers, b), LARGE_SIZE);
    CHECK_INT(sip_buffers_take(&buffers, 1, false), 0);
    sip_buffers_free(&buffers, a);
    CHECK_INT(sip_buffers_take(&buffers, 1000, false), 0);
    CHECK_INT(buffers.classes[SIP_LARGE].refused, 2);
    free(block);
}

TEST(no_class_is_that_large)
{
    struct sip_buffers buffers = buffers_of(1, 1);

    CHECK_INT(sip_buffers_take(&buffers, LARGE_SIZE + 1, false), 0);
    CHECK(sip_buffers_take(&buffers, LARGE_SIZE, false) != 0);
    free(block);
}

TEST(buffers_keep_their_bytes_to_the_last_one)
{
    struct sip_buffers buffers = buffers_of(2, 2);
    uint32_t taken[4];

    for (int i = 0; i < 4; i++) {
        taken[i] = sip_buffers_take_class(&buffers, i < 2 ? SIP_SMALL : SIP_LARGE, false);
        memset(sip_buffers_at(&buffers, taken[i]), 'a' + i, sip_buffers_room(&buffers, taken[i]));
    }
    for (int i = 0; i < 4; i++) {
        const char *at = sip_buffers_at(&buffers, taken[i]);
        CHECK_INT(at[0], 'a' + i);
        CHECK_INT(at[sip_buffers_room(&buffers, taken[i]) - 1], 'a' + i);
        sip_buffers_free(&buffers, taken[i]);
    }
    CHECK_INT(buffers.classes[SIP_SMALL].used, 0);
    CHECK_INT(buffers.classes[SIP_LARGE].used, 0);
    free(block);
}

TEST(a_buffer_is_neither_cleared_nor_wiped) /* it is large, and what is in it was on the wire */
{
    struct sip_buffers buffers = buffers_of(1, 1);

    for (int kind = 0; kind < SIP_BUFFER_CLASSES; kind++) {
        uint32_t buffer = sip_buffers_take_class(&buffers, (enum sip_buffer_class)kind, false);
        char *at = sip_buffers_at(&buffers, buffer);

        CHECK_INT(at[0], (char)0xa5);
        at[0] = 'x';
        sip_buffers_free(&buffers, buffer);
        CHECK_INT(at[0], 'x');
    }
    free(block);
}

TEST(no_buffer_is_a_buffer_of_nothing)
{
    struct sip_buffers buffers = buffers_of(0, 0);

    CHECK_INT(sip_buffers_take(&buffers, 1, false), 0);
    CHECK_INT(sip_buffers_take_class(&buffers, SIP_LARGE, true), 0);
    sip_buffers_free(&buffers, 0);
    CHECK(sip_buffers_at(&buffers, 0) == NULL);
    CHECK_INT(sip_buffers_room(&buffers, 0), 0);
    free(block);
}

TEST(a_small_text_never_takes_the_reserve_of_the_large)
{
    struct sip_buffers buffers = buffers_of(1, 1);
    uint32_t large;

    CHECK(sip_slots_reserve(&buffers.classes[SIP_SMALL], 1));
    CHECK(sip_slots_reserve(&buffers.classes[SIP_LARGE], 1));
    CHECK_INT(sip_buffers_take(&buffers, 1, false), 0);
    CHECK(sip_buffers_take(&buffers, 1, true) != 0);
    CHECK_INT(sip_buffers_take(&buffers, 1, true), 0);
    large = sip_buffers_take(&buffers, 1000, true);
    CHECK_INT(sip_buffers_room(&buffers, large), LARGE_SIZE);
    free(block);
}

TESTS(T(a_small_text_takes_a_small_buffer_and_a_long_one_a_large)
      T(a_small_text_falls_back_to_a_large_buffer_but_not_the_other_way)
      T(no_class_is_that_large)
      T(buffers_keep_their_bytes_to_the_last_one)
      T(a_buffer_is_neither_cleared_nor_wiped)
      T(no_buffer_is_a_buffer_of_nothing)
      T(a_small_text_never_takes_the_reserve_of_the_large))
