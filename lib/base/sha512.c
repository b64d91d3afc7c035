#include "base/sha512.h"
#include "base/memory.h"
#include "base/wipe.h"

#define BLOCK 128u

/* FIPS 180-4 §4.2.3. */
static const uint64_t cubes[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static uint64_t rotate_right(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

static uint64_t read_be64(const uint8_t *at)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < 8; i++)
        value = value << 8 | at[i];
    return value;
}

/* The next word of the schedule, in a window of the 16 last (FIPS 180-4 §6.4.2 step 1). */
static uint64_t next_word(const uint64_t *w, unsigned i)
{
    uint64_t x = w[(i + 1) % 16], y = w[(i + 14) % 16];
    uint64_t low = rotate_right(x, 1) ^ rotate_right(x, 8) ^ x >> 7;
    uint64_t high = rotate_right(y, 19) ^ rotate_right(y, 61) ^ y >> 6;

    return high + w[(i + 9) % 16] + low + w[i % 16];
}

/* FIPS 180-4 §6.4.2; v[0] to v[7] are its a to h. */
static void mix(uint64_t *state, uint64_t *w)
{
    uint64_t v[8];

    memcpy(v, state, sizeof v);
    for (unsigned i = 0; i < 80; i++) {
        if (i < 16)
            w[i] = read_be64((const uint8_t *)(w + i));
        else
            w[i % 16] = next_word(w, i);
        uint64_t t1 = v[7] +
                      (rotate_right(v[4], 14) ^ rotate_right(v[4], 18) ^ rotate_right(v[4], 41)) +
                      ((v[4] & v[5]) ^ (~v[4] & v[6])) + cubes[i] + w[i % 16];
        uint64_t t2 = (rotate_right(v[0], 28) ^ rotate_right(v[0], 34) ^ rotate_right(v[0], 39)) +
                      ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += v[i];
    sip_wipe(v, sizeof v);
}

/* FIPS 180-4 §5.3.6.2. */
void sip_sha512_256_init(struct sip_sha512_256 *sha)
{
    static const uint64_t start[8] = {0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151,
                                      0x963877195940eabd, 0x96283ee2a88effe3, 0xbe5e1e2553863992,
                                      0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2};

    memset(sha, 0, sizeof *sha);
    memcpy(sha->state, start, sizeof start);
}

void sip_sha512_256_update(struct sip_sha512_256 *sha, const void *data, size_t len)
{
    const uint8_t *from = data;
    uint8_t *block = (uint8_t *)sha->words;
    size_t used = (size_t)(sha->length % BLOCK);

    sha->length += len;
    while (len > 0) {
        size_t take = len < BLOCK - used ? len : BLOCK - used;

        memcpy(block + used, from, take);
        from += take;
        len -= take;
        used += take;
        if (used == BLOCK) {
            mix(sha->state, sha->words);
            used = 0;
        }
    }
}

/* Padding (FIPS 180-4 §5.1.2): the length takes 16 bytes, of which the first 8 stay zero. */
void sip_sha512_256_final(struct sip_sha512_256 *sha, uint8_t out[SIP_SHA512_256_SIZE])
{
    static const uint8_t padding[BLOCK + 8] = {0x80};
    uint64_t bits = sha->length << 3;
    size_t used = (size_t)(sha->length % BLOCK);
    uint8_t length[8];

    for (unsigned i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sip_sha512_256_update(sha, padding, used < 112 ? 120 - used : BLOCK + 120 - used);
    sip_sha512_256_update(sha, length, sizeof length);
    for (unsigned i = 0; i < SIP_SHA512_256_SIZE; i++)
        out[i] = (uint8_t)(sha->state[i / 8] >> (56 - 8 * (i % 8)));
    sip_wipe(sha, sizeof *sha);
}
