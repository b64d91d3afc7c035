#include "base/sha1.h"
#include "base/memory.h"
#include "base/wipe.h"

/* f and K of FIPS 180-4 §4.1.1 and §4.2.1 for the steps of one quarter. */
static uint32_t choose(unsigned quarter, uint32_t x, uint32_t y, uint32_t z)
{
    switch (quarter) {
    case 0:
        return ((x & y) ^ (~x & z)) + 0x5a827999;
    case 1:
        return (x ^ y ^ z) + 0x6ed9eba1;
    case 2:
        return ((x & y) ^ (x & z) ^ (y & z)) + 0x8f1bbcdc;
    default:
        return (x ^ y ^ z) + 0xca62c1d6;
    }
}

/* FIPS 180-4 §6.1.3: the schedule as a window of 16 words. */
static void mix(uint32_t *state, uint32_t *w)
{
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

    sip_blocks_read_be(w);
    for (unsigned i = 0; i < 80; i++) {
        if (i >= 16)
            w[i % 16] = sip_rotate_left(
                w[(i + 13) % 16] ^ w[(i + 8) % 16] ^ w[(i + 2) % 16] ^ w[i % 16], 1);
        uint32_t sum = sip_rotate_left(a, 5) + choose(i / 20, b, c, d) + e + w[i % 16];

        e = d;
        d = c;
        c = sip_rotate_left(b, 30);
        b = a;
        a = sum;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void sip_sha1_init(struct sip_sha1 *sha1)
{
    static const uint32_t start[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

    memset(sha1, 0, sizeof *sha1);
    memcpy(sha1->blocks.state, start, sizeof start);
}

void sip_sha1_update(struct sip_sha1 *sha1, const void *data, size_t len)
{
    sip_blocks_update(&sha1->blocks, mix, data, len);
}

void sip_sha1_final(struct sip_sha1 *sha1, uint8_t out[SIP_SHA1_SIZE])
{
    sip_blocks_finish(&sha1->blocks, mix, SIP_BIG_ENDIAN);
    sip_blocks_write_be(out, sha1->blocks.state, SIP_SHA1_SIZE / 4);
    sip_wipe(sha1, sizeof *sha1);
}
