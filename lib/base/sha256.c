#include "base/sha256.h"
#include "base/memory.h"
#include "base/wipe.h"

/* FIPS 180-4 §4.2.2. */
static const uint32_t cubes[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate_right(uint32_t x, unsigned n)
{
    return sip_rotate_left(x, 32 - n);
}

/* The next word of the schedule, in a window of the 16 last (FIPS 180-4 §6.2.2 step 1). */
static uint32_t next_word(const uint32_t *w, unsigned i)
{
    uint32_t x = w[(i + 1) % 16], y = w[(i + 14) % 16];
    uint32_t low = rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3;
    uint32_t high = rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10;

    return high + w[(i + 9) % 16] + low + w[i % 16];
}

/* FIPS 180-4 §6.2.2; v[0] to v[7] are its a to h. */
static void mix(uint32_t *state, uint32_t *w)
{
    uint32_t v[8];

    memcpy(v, state, sizeof v);
    sip_blocks_read_be(w);
    for (unsigned i = 0; i < 64; i++) {
        if (i >= 16)
            w[i % 16] = next_word(w, i);
        uint32_t t1 = v[7] +
                      (rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25)) +
                      ((v[4] & v[5]) ^ (~v[4] & v[6])) + cubes[i] + w[i % 16];
        uint32_t t2 = (rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22)) +
                      ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += v[i];
    sip_wipe(v, sizeof v);
}

void sip_sha256_init(struct sip_sha256 *sha256)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    memset(sha256, 0, sizeof *sha256);
    memcpy(sha256->blocks.state, start, sizeof start);
}

void sip_sha256_update(struct sip_sha256 *sha256, const void *data, size_t len)
{
    sip_blocks_update(&sha256->blocks, mix, data, len);
}

void sip_sha256_final(struct sip_sha256 *sha256, uint8_t out[SIP_SHA256_SIZE])
{
    sip_blocks_finish(&sha256->blocks, mix, SIP_BIG_ENDIAN);
    sip_blocks_write_be(out, sha256->blocks.state, SIP_SHA256_SIZE / 4);
    sip_wipe(sha256, sizeof *sha256);
}
