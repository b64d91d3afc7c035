/* Each use of a nonce is counted: replays, overtaking, and what falls out of the table (RFC 7616
 * §3.4, nc). */
#include "exchange.h"

/* The client keeps the challenge for later. */
static void keep(struct sip_challenge *challenge, char *text)
{
    struct sip_str value = x.challenge.value;

    memcpy(text, value.at, value.len);
    value = sip_bytes(text, value.len);
    CHECK_INT(sip_challenge_parse(challenge, SIP_HEADER_WWW_AUTHENTICATE, value, NULL), 0);
}

TEST(each_nonce_count_is_taken_once)
{
    start(&x);
    challenge(&x, 1, false);
    for (x.count = 1; x.count <= 100; x.count++) {
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
        CHECK_INT(verdict(&x), SIP_DIGEST_REPLAY);
    }
}

TEST(requests_may_overtake_each_other_within_32_counts)
{
    static const struct {
        uint32_t count;
        enum sip_verdict verdict;
    } rows[] = {
        {40, SIP_DIGEST_RIGHT},         {9, SIP_DIGEST_RIGHT},
        {9, SIP_DIGEST_REPLAY},         {8, SIP_DIGEST_REPLAY}, /* 32 behind: not remembered */
        {39, SIP_DIGEST_RIGHT},         {40, SIP_DIGEST_REPLAY},
        {39, SIP_DIGEST_REPLAY},        {71, SIP_DIGEST_RIGHT},
        {40, SIP_DIGEST_REPLAY},        {41, SIP_DIGEST_RIGHT},
        {39, SIP_DIGEST_REPLAY},        {103, SIP_DIGEST_RIGHT},
        {72, SIP_DIGEST_RIGHT},         {71, SIP_DIGEST_REPLAY},
        {0xffffffff, SIP_DIGEST_RIGHT}, {0xffffffff, SIP_DIGEST_REPLAY},
        {0xffffffe0, SIP_DIGEST_RIGHT}, {0xffffffdf, SIP_DIGEST_REPLAY},
        {1, SIP_DIGEST_REPLAY},
    };

    start(&x);
    challenge(&x, 1, false);
    for (size_t i = 0; i < COUNT(rows); i++) {
        x.count = rows[i].count;
        CHECK_INT(sent(&x), rows[i].verdict);
    }
}

TEST(without_a_table_replays_pass_until_the_nonce_is_old)
{
    start(&x);
    x.counts.count = 0;
    challenge(&x, 1, false);
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT);
    x.server.counts = NULL;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT);
    x.now += MAX_S * 1000 + 1;
    CHECK_INT(verdict(&x), SIP_DIGEST_STALE);
}

TEST(nonce_that_falls_out_of_a_full_table_is_stale)
{
    struct sip_challenge first, second;
    static char kept[2][512];

    start(&x);
    x.counts.count = 1; /* one set of SIP_NONCE_SET */
    for (unsigned i = 0; i < SIP_NONCE_SET; i++) {
        challenge(&x, i, false);
        if (i < 2)
            keep(i ? &second : &first, kept[i]);
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
        x.now++;
    }
    x.challenge = first;
    x.count = 2;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT); /* full, and all are there */

    challenge(&x, 99, false);
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT); /* one more: the first falls out */
    x.challenge = first;
    x.count = 3;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE); /* a new count */
    x.count = 1;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE); /* and an old one are alike */
    x.challenge = second;
    x.count = 2;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    x.count = 1;
    CHECK_INT(sent(&x), SIP_DIGEST_REPLAY);
}

TEST(memory_of_the_table_need_not_be_clean)
{
    start(&x);
    memset(x.sets, 0xff, sizeof x.sets);
    sip_nonce_counts_init(&x.counts, x.sets, COUNT(x.sets));
    for (unsigned i = 0; i < 3 * COUNT(x.sets); i++) {
        challenge(&x, i, false);
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
        CHECK_INT(verdict(&x), SIP_DIGEST_REPLAY);
    }
}

TEST(nonces_spread_over_all_sets)
{
    enum { NONCES = 2 * SIP_NONCE_SET + 4 }; /* of four sets; too many for two */
    static struct sip_challenge challenges[NONCES];
    static char texts[NONCES][512];

    start(&x);
    for (unsigned i = 0; i < NONCES; i++, x.now++) {
        challenge(&x, i, false);
        keep(&challenges[i], texts[i]);
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    }
    for (unsigned i = 0; i < NONCES; i++) {
        x.challenge = challenges[i];
        x.count = 2;
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    }
}

TEST(nonce_of_the_time_of_the_oldest_in_a_full_table_is_taken)
{
    struct sip_challenge spare, older;
    static char texts[2][512];

    start(&x);
    x.counts.count = 1;
    challenge(&x, 2000, false);
    keep(&older, texts[0]);
    for (unsigned i = 0; i <= SIP_NONCE_SET; i++, x.now++) { /* the last makes the first fall out */
        if (i == 1) {
            challenge(&x, 1000, false);
            keep(&spare, texts[1]);
        }
        challenge(&x, i, false);
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    }
    x.challenge = older;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE);
    x.challenge = spare;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    CHECK_INT(sent(&x), SIP_DIGEST_REPLAY);
}

TEST(nonce_older_than_a_full_table_is_stale_at_its_first_use)
{
    struct sip_challenge late;
    static char kept[512];

    start(&x);
    x.counts.count = 1;
    challenge(&x, 1000, false);
    keep(&late, kept);
    for (unsigned i = 0; i < SIP_NONCE_SET; i++) {
        x.now++;
        challenge(&x, i, false);
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    }
    x.challenge = late;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE);
}

/* No order of uses lets one pair of nonce and count pass twice. */
TEST(no_nonce_count_passes_twice_whatever_falls_out)
{
    enum { NONCES = 60, COUNTS = 4 };
    static char kept[NONCES][512];
    static bool passed[NONCES][COUNTS + 1];
    uint32_t random = 1, right = 0, stale = 0;
    struct sip_challenge challenges[NONCES];

    start(&x);
    x.counts.count = 3;
    memset(passed, 0, sizeof passed);
    for (unsigned i = 0; i < NONCES; i++) {
        challenge(&x, i, false);
        keep(&challenges[i], kept[i]);
        x.now += i % 3; /* some in the same millisecond */
    }
    for (unsigned step = 0; step < 3000; step++) {
        unsigned i;
        enum sip_verdict got;

        random = random * 1664525 + 1013904223;
        i = (random >> 16) % NONCES;
        x.challenge = challenges[i];
        x.count = 1 + (random >> 24) % COUNTS;
        got = sent(&x);
        CHECK(got == SIP_DIGEST_RIGHT || got == SIP_DIGEST_STALE || got == SIP_DIGEST_REPLAY);
        if (got == SIP_DIGEST_RIGHT) {
            CHECK(!passed[i][x.count]);
            passed[i][x.count] = true;
            right++;
        }
        stale += got == SIP_DIGEST_STALE;
    }
    CHECK(right >= 3 * SIP_NONCE_SET && stale > 0);
}

TESTS(T(each_nonce_count_is_taken_once)
      T(requests_may_overtake_each_other_within_32_counts)
      T(without_a_table_replays_pass_until_the_nonce_is_old)
      T(nonce_that_falls_out_of_a_full_table_is_stale)
      T(memory_of_the_table_need_not_be_clean)
      T(nonces_spread_over_all_sets)
      T(nonce_of_the_time_of_the_oldest_in_a_full_table_is_taken)
      T(nonce_older_than_a_full_table_is_stale_at_its_first_use)
      T(no_nonce_count_passes_twice_whatever_falls_out))
