#include "base/siphash.h"
#include "base/wipe.h"

static uint64_t read_le64(const uint8_t *at)
{
    uint64_t value = 0;

    for (unsigned i = 8; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

static uint64_t rotate_left(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

/* SipRound, figure 2.1 of the paper. */
static void rounds(uint64_t *v, unsigned count)
{
    while (count--) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate_left(v[1], 13) ^ v[0];
        v[3] = rotate_left(v[3], 16) ^ v[2];
        v[0] = rotate_left(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate_left(v[1], 17) ^ v[2];
        v[3] = rotate_left(v[3], 21) ^ v[0];
        v[2] = rotate_left(v[2], 32);
    }
}

static void take_word(struct sip_siphash *hash, uint64_t word)
{
    hash->v[3] ^= word;
    rounds(hash->v, 2);
    hash->v[0] ^= word;
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

    while (len > 0 && hash->count % 8 != 0) {
        hash->word |= (uint64_t)*byte++ << (8 * (hash->count++ % 8));
        len--;
        if (hash->count % 8 == 0) {
            take_word(hash, hash->word);
            hash->word = 0;
        }
    }
    for (; len >= 8; len -= 8, byte += 8, hash->count = (uint8_t)(hash->count + 8))
        take_word(hash, read_le64(byte));
    for (; len > 0; len--)
        hash->word |= (uint64_t)*byte++ << (8 * (hash->count++ % 8));
}

uint64_t sip_siphash_final(struct sip_siphash *hash)
{
    uint64_t result;

    take_word(hash, hash->word | (uint64_t)hash->count << 56);
    hash->v[2] ^= 0xff;
    rounds(hash->v, 4);
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
