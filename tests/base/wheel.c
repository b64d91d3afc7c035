/* The wheel of deadlines, also against a plain table that is searched from end to end. */
#include "base/wheel.h"
#include "test.h"

#include <stdlib.h>

#define NODES 200
#define NOBODY UINT32_MAX

static struct sip_node nodes[NODES];

static struct sip_wheel wheel_at(uint64_t now)
{
    struct sip_wheel wheel;

    memset(nodes, 0xa5, sizeof nodes);
    sip_wheel_init(&wheel, nodes, NODES, now);
    for (uint32_t i = 0; i < NODES; i++)
        sip_wheel_reset(&wheel, i);
    return wheel;
}

TEST(an_empty_wheel_has_no_deadline)
{
    struct sip_wheel wheel = wheel_at(1000);

    CHECK(sip_wheel_deadline(&wheel) == UINT64_MAX);
    CHECK_INT(sip_wheel_take(&wheel, 1000), NOBODY);
    CHECK_INT(sip_wheel_take(&wheel, UINT64_MAX), NOBODY);
    CHECK(sip_wheel_deadline(&wheel) == UINT64_MAX);
}

TEST(a_node_is_due_at_its_deadline_and_not_a_moment_before)
{
    /* one of each level, the edges between levels, and one beyond the last */
    static const uint64_t waits[] = {
        1, 63, 64, 65, 500, 4095, 4096, 32000, 262143, 262144, 3600000, 16777215, 16777216,
        1073741823, 1073741824, 68719476735, 68719476736, UINT64_C(1) << 40, UINT64_C(1) << 50,
    };
    static const uint64_t starts[] = {0, 1, 63, 64, 12345678901, (UINT64_C(1) << 36) - 1};

    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
            struct sip_wheel wheel = wheel_at(starts[s]);
            uint64_t at = starts[s] + waits[i];
            sip_wheel_set(&wheel, 7, at);
            CHECK(sip_wheel_deadline(&wheel) == at);
            CHECK_INT(sip_wheel_take(&wheel, at - 1), NOBODY);
            CHECK(sip_wheel_deadline(&wheel) == at);
            CHECK_INT(wheel.waiting, 1);
            CHECK_INT(sip_wheel_take(&wheel, at), 7);
            CHECK_INT(sip_wheel_take(&wheel, at), NOBODY);
            CHECK_INT(wheel.waiting, 0);
        }
    }
}

TEST(a_deadline_that_is_over_is_due_at_once)
{
    struct sip_wheel wheel = wheel_at(5000);

    sip_wheel_set(&wheel, 1, 5000);
    sip_wheel_set(&wheel, 2, 20);
    sip_wheel_set(&wheel, 3, 0);
    CHECK_INT(sip_wheel_deadline(&wheel), 0);
    CHECK_INT(sip_wheel_take(&wheel, 5000), 3);
    CHECK_INT(sip_wheel_take(&wheel, 5000), 2);
    CHECK_INT(sip_wheel_take(&wheel, 5000), 1);
    CHECK_INT(sip_wheel_take(&wheel, 5000), NOBODY);
}

TEST(one_jump_over_all_levels_keeps_the_order)
{
    static const uint64_t waits[] = {UINT64_C(1) << 37, 5, 3600000, 70, 0, 5, 262144, 70, 32000};
    static const uint32_t order[] = {4, 1, 5, 3, 7, 8, 6, 2, 0};
    struct sip_wheel wheel = wheel_at(77);

    for (uint32_t i = 0; i < 9; i++)
        sip_wheel_set(&wheel, i, 77 + waits[i]);
    for (uint32_t i = 0; i < 9; i++)
        CHECK_INT(sip_wheel_take(&wheel, UINT64_C(1) << 40), order[i]);
    CHECK_INT(sip_wheel_take(&wheel, UINT64_C(1) << 40), NOBODY);
}

TEST(equal_deadlines_come_in_the_order_of_setting)
{
    struct sip_wheel wheel = wheel_at(0);
    uint64_t at = 40000;

    for (uint32_t i = 0; i < NODES; i++)
        sip_wheel_set(&wheel, i * 77 % NODES, at);
    sip_wheel_set(&wheel, 0, at); /* was the first, is the last now */
    CHECK_INT(sip_wheel_take(&wheel, 32768), NOBODY); /* moves them down a level on the way */
    CHECK_INT(sip_wheel_take(&wheel, 39990), NOBODY);
    for (uint32_t i = 1; i < NODES; i++)
        CHECK_INT(sip_wheel_take(&wheel, at), i * 77 % NODES);
    CHECK_INT(sip_wheel_take(&wheel, at), 0);
}

TEST(the_order_may_wrap)
{
    struct sip_wheel wheel = wheel_at(0);

    wheel.order = UINT32_MAX - 1;
    for (uint32_t i = 0; i < 5; i++)
        sip_wheel_set(&wheel, i, 100);
    for (uint32_t i = 0; i < 5; i++)
        CHECK_INT(sip_wheel_take(&wheel, 100), i);
}

TEST(a_node_can_be_moved_and_cleared_wherever_it_waits)
{
    struct sip_wheel wheel = wheel_at(0);

    sip_wheel_set(&wheel, 1, 100);
    sip_wheel_set(&wheel, 2, 100);
    sip_wheel_set(&wheel, 3, 100);
    sip_wheel_clear(&wheel, 2);
    sip_wheel_clear(&wheel, 2);
    sip_wheel_set(&wheel, 3, 99);
    CHECK_INT(sip_wheel_take(&wheel, 100), 3);
    sip_wheel_set(&wheel, 3, 5000);
    sip_wheel_set(&wheel, 3, 70);
    CHECK_INT(sip_wheel_deadline(&wheel), 70);
    sip_wheel_clear(&wheel, 3);
    CHECK_INT(sip_wheel_deadline(&wheel), 100);
    sip_wheel_set(&wheel, 1, UINT64_MAX); /* never is the same as not at all */
    CHECK(sip_wheel_deadline(&wheel) == UINT64_MAX);
    CHECK_INT(wheel.waiting, 0);
}

TEST(the_first_the_middle_and_the_last_of_what_is_due_can_be_cleared)
{
    for (uint32_t gone = 0; gone < 4; gone++) {
        struct sip_wheel wheel = wheel_at(0);
        for (uint32_t i = 0; i < 4; i++)
            sip_wheel_set(&wheel, i, 10);
        CHECK_INT(sip_wheel_take(&wheel, 10), 0);
        sip_wheel_set(&wheel, 0, 10); /* due again, behind the others */
        sip_wheel_clear(&wheel, gone);
        for (uint32_t i = 1; i <= 4; i++)
            if (i % 4 != gone)
                CHECK_INT(sip_wheel_take(&wheel, 10), i % 4);
        CHECK_INT(sip_wheel_take(&wheel, 10), NOBODY);
        CHECK_INT(wheel.waiting, 0);
    }
}

TEST(many_in_one_list_may_be_told_early_but_never_late)
{
    struct sip_wheel wheel = wheel_at(0);
    uint64_t now = 0, told;
    int turns = 0;

    for (uint32_t i = 0; i < SIP_WHEEL_LOOKS + 1; i++)
        sip_wheel_set(&wheel, i, 3000000 + i * 64); /* all in one list of level 3 */
    while ((told = sip_wheel_deadline(&wheel)) < 3000000) {
        CHECK(told > now);
        now = told;
        CHECK_INT(sip_wheel_take(&wheel, now), NOBODY);
        CHECK(++turns <= SIP_WHEEL_LEVELS);
        if (turns > SIP_WHEEL_LEVELS)
            return;
    }
    CHECK(turns > 0);
    CHECK_INT(told, 3000000);
}

TEST(a_time_that_goes_back_takes_nothing_too_early)
{
    struct sip_wheel wheel = wheel_at(100);

    sip_wheel_set(&wheel, 1, 200);
    CHECK_INT(sip_wheel_take(&wheel, 50), NOBODY);
    CHECK_INT(sip_wheel_take(&wheel, 150), NOBODY);
    sip_wheel_set(&wheel, 2, 140);
    CHECK_INT(sip_wheel_take(&wheel, 120), NOBODY);
    CHECK_INT(sip_wheel_take(&wheel, 140), 2);
    CHECK_INT(sip_wheel_take(&wheel, 200), 1);
}

TEST(the_last_moments_of_time_are_deadlines_too)
{
    struct sip_wheel wheel = wheel_at(UINT64_MAX - 5);

    sip_wheel_set(&wheel, 1, UINT64_MAX - 1);
    sip_wheel_set(&wheel, 2, UINT64_MAX - 4);
    CHECK_INT(sip_wheel_take(&wheel, UINT64_MAX - 1), 2);
    CHECK_INT(sip_wheel_take(&wheel, UINT64_MAX - 2), NOBODY);
    CHECK_INT(sip_wheel_take(&wheel, UINT64_MAX), 1);
    sip_wheel_set(&wheel, 3, 5);
    CHECK_INT(sip_wheel_take(&wheel, UINT64_MAX), 3);
}

/* --- against a plain table --- */

struct plain {
    bool waits;
    uint64_t at, order;
};

static uint64_t seed;

static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Mostly near, sometimes far: 0 to 2^`bits_max`, each length as likely as the others. */
static uint64_t any_time(unsigned bits_max)
{
    return rnd() >> (63 - rnd() % bits_max);
}

static uint32_t plain_earliest(const struct plain *plain)
{
    uint32_t best = NOBODY;

    for (uint32_t i = 0; i < NODES; i++) {
        if (!plain[i].waits)
            continue;
        if (best == NOBODY || plain[i].at < plain[best].at ||
            (plain[i].at == plain[best].at && plain[i].order < plain[best].order))
            best = i;
    }
    return best;
}

static void set_both(struct sip_wheel *wheel, struct plain *plain, uint64_t now)
{
    static uint64_t order;
    uint32_t node = (uint32_t)(rnd() % NODES);
    uint64_t at = rnd() % 8 ? now + any_time(rnd() % 4 ? 16 : 42) : now - any_time(12) % (now + 1);

    if (rnd() % 8 == 0 && plain[(node + 1) % NODES].waits)
        at = plain[(node + 1) % NODES].at;
    sip_wheel_set(wheel, node, at);
    plain[node].waits = true;
    plain[node].at = at;
    plain[node].order = order++;
}

static bool compare_one(struct sip_wheel *wheel, struct plain *plain, uint64_t now)
{
    uint32_t wanted = plain_earliest(plain), got;
    uint64_t deadline = sip_wheel_deadline(wheel);
    bool right = wanted == NOBODY ? deadline == UINT64_MAX : deadline <= plain[wanted].at;

    if (wheel->waiting <= SIP_WHEEL_LOOKS)
        right = right && (wanted == NOBODY || deadline == plain[wanted].at);
    if (wanted != NOBODY && plain[wanted].at > now)
        wanted = NOBODY;
    got = sip_wheel_take(wheel, now);
    if (wanted != NOBODY)
        plain[wanted].waits = false;
    return right && got == wanted;
}

static void run_against_plain(uint64_t start, unsigned population, int operations)
{
    static struct plain plain[NODES];
    struct sip_wheel wheel = wheel_at(start);
    uint64_t now = start;

    memset(plain, 0, sizeof plain);
    for (int i = 0; i < operations; i++) {
        uint32_t node = (uint32_t)(rnd() % NODES);
        bool right = true;
        switch (rnd() % 8) {
        case 0:
            now += any_time(rnd() % 64 ? 13 : 41);
            break;
        case 1:
            sip_wheel_clear(&wheel, node);
            plain[node].waits = false;
            break;
        case 2: /* to the deadline that was told, as a host does */
            if (sip_wheel_deadline(&wheel) > now && sip_wheel_deadline(&wheel) != UINT64_MAX)
                now = sip_wheel_deadline(&wheel);
            break;
        case 3:
        case 4:
            right = compare_one(&wheel, plain, now);
            break;
        default:
            if (wheel.waiting < population)
                set_both(&wheel, plain, now);
            else
                right = compare_one(&wheel, plain, now);
        }
        CHECK(right);
        if (!right) {
            printf("  operation %d of start %llu\n", i, (unsigned long long)start);
            return;
        }
    }
}

TEST(a_hundred_thousand_operations_agree_with_a_plain_table)
{
    seed = UINT64_C(0x5eed5eed5eed);
    run_against_plain(0, NODES, 40000);
    run_against_plain(0, 20, 20000); /* few enough for exact deadlines */
    run_against_plain((UINT64_C(1) << 36) - 1000, NODES, 20000);
    run_against_plain(UINT64_C(1753000000000), NODES, 20000);
}

TESTS(T(an_empty_wheel_has_no_deadline)
      T(a_node_is_due_at_its_deadline_and_not_a_moment_before)
      T(a_deadline_that_is_over_is_due_at_once)
      T(one_jump_over_all_levels_keeps_the_order)
      T(equal_deadlines_come_in_the_order_of_setting)
      T(the_order_may_wrap)
      T(a_node_can_be_moved_and_cleared_wherever_it_waits)
      T(the_first_the_middle_and_the_last_of_what_is_due_can_be_cleared)
      T(many_in_one_list_may_be_told_early_but_never_late)
      T(a_time_that_goes_back_takes_nothing_too_early)
      T(the_last_moments_of_time_are_deadlines_too)
      T(a_hundred_thousand_operations_agree_with_a_plain_table))
