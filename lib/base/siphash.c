#include "base/siphash.h"
#include "base/wipe.h"

static uint64_t read_le64(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 |
           (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56; /* one load where the target can */
}

static uint64_t rotate_left(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

/* SipRound, figure 2.1 of the paper. */
#define ROUND(a, b, c, d)                                                                          \
    (a += b, c += d, b = rotate_left(b, 13) ^ a, d = rotate_left(d, 16) ^ c,                       \
     a = rotate_left(a, 32), c += b, a += d, b = rotate_left(b, 17) ^ c,                           \
     d = rotate_left(d, 21) ^ a, c = rotate_left(c, 32))

/* Takes whole words; the state stays in registers meanwhile. */
static void take_words(struct sip_siphash *hash, const uint8_t *at, size_t words)
{
    uint64_t a = hash->v[0], b = hash->v[1], c = hash->v[2], d = hash->v[3];

    for (; words > 0; words--, at += 8) {
        uint64_t word = read_le64(at);

        d ^= word;
        ROUND(a, b, c, d);
        ROUND(a, b, c, d);
        a ^= word;
    }
    hash->v[0] = a;
    hash->v[1] = b;
    hash->v[2] = c;
    hash->v[3] = d;
}

static void take_word(struct sip_siphash *hash, uint64_t word)
{
    uint64_t a = hash->v[0], b = hash->v[1], c = hash->v[2], d = hash->v[3] ^ word;

    ROUND(a, b, c, d);
    ROUND(a, b, c, d);
    hash->v[0] = a ^ word;
    hash->v[1] = b;
    hash->v[2] = c;
    hash->v[3] = d;
}

void sip_siphash_init(struct sip_siphash *hash, const uint8_t key[SIP_SIPHASH_KEY])
{
    uint64_t k0 = read_le64(key), k1 = read_le64(key + 8);

    hash->v[0] = k0 ^ 0x736f6d6570736575;
    hash->v[1] = k1 ^ 0x646f72616e646f6d;
    hash->v[2] = k0 ^ 0x6c7967656e657261;
    hash->v[3] = k1 ^ 0x7465646279746573;
    hash->word = 0;
    hash->count = 0;
}

void sip_siphash_update(struct sip_siphash *hash, const void *data, size_t len)
{
    const uint8_t *byte = data;

    if (len == 0) /* then `data` may be null */
        return;
    while (len > 0 && hash->count % 8 != 0) {
        hash->word |= (uint64_t)*byte++ << (8 * (hash->count++ % 8));
        len--;
        if (hash->count % 8 == 0) {
            take_word(hash, hash->word);
            hash->word = 0;
        }
    }
    take_words(hash, byte, len / 8);
    hash->count = (uint8_t)(hash->count + len / 8 * 8);
    byte += len / 8 * 8;
    for (len %= 8; len > 0; len--)
        hash->word |= (uint64_t)*byte++ << (8 * (hash->count++ % 8));
}

void sip_siphash_piece(struct sip_siphash *hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint64_t rest = 0;

    take_word(hash, len);
    if (len >= 8)
        take_words(hash, bytes, len / 8);
    if (len % 8 == 0)
        return;
    for (size_t i = len; i > len / 8 * 8; i--)
        rest = rest << 8 | bytes[i - 1];
    take_word(hash, rest);
}

uint64_t sip_siphash_final(struct sip_siphash *hash)
{
    uint64_t result;

    take_word(hash, hash->word | (uint64_t)hash->count << 56);
    hash->v[2] ^= 0xff;
    for (unsigned i = 0; i < 4; i++)
        ROUND(hash->v[0], hash->v[1], hash->v[2], hash->v[3]);
    result = hash->v[0] ^ hash->v[1] ^ hash->v[2] ^ hash->v[3];
    sip_wipe(hash, sizeof *hash);
    return result;
}

uint64_t sip_siphash_of(const uint8_t key[SIP_SIPHASH_KEY], const void *data, size_t len)
{
    struct sip_siphash hash;

    sip_siphash_init(&hash, key);
    sip_siphash_update(&hash, data, len);
    return sip_siphash_final(&hash);
}
