#include "base/md5.h"
#include "base/memory.h"
#include "base/wipe.h"

/* RFC 1321 §3.4: 4294967296 times abs(sin(i)), i from 1 to 64. */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static const uint8_t shifts[16] = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

/* F, G, H, I of RFC 1321 §3.4. */
static uint32_t choose(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
    switch (round) {
    case 0:
        return (x & y) | (~x & z);
    case 1:
        return (x & z) | (y & ~z);
    case 2:
        return x ^ y ^ z;
    default:
        return y ^ (x | ~z);
    }
}

static void mix(uint32_t *state, uint32_t *words)
{
    static const uint8_t step[4] = {1, 5, 3, 7}, start[4] = {0, 1, 5, 0};
    const uint8_t *bytes = (const uint8_t *)words;
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16, at = 4 * ((start[round] + step[round] * i) % 16);
        uint32_t word = (uint32_t)bytes[at + 3] << 24 | (uint32_t)bytes[at + 2] << 16 |
                        (uint32_t)bytes[at + 1] << 8 | bytes[at];
        uint32_t sum = a + choose(round, b, c, d) + word + sines[i];

        a = d;
        d = c;
        c = b;
        b += sip_rotate_left(sum, shifts[4 * round + i % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void sip_md5_init(struct sip_md5 *md5)
{
    static const uint32_t start[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

    memset(md5, 0, sizeof *md5);
    memcpy(md5->blocks.state, start, sizeof start);
}

void sip_md5_update(struct sip_md5 *md5, const void *data, size_t len)
{
    sip_blocks_update(&md5->blocks, mix, data, len);
}

void sip_md5_final(struct sip_md5 *md5, uint8_t out[SIP_MD5_SIZE])
{
    sip_blocks_finish(&md5->blocks, mix, SIP_LITTLE_ENDIAN);
    for (unsigned i = 0; i < SIP_MD5_SIZE; i++)
        out[i] = (uint8_t)(md5->blocks.state[i / 4] >> (8 * (i % 4)));
    sip_wipe(md5, sizeof *md5);
}
