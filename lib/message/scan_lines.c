/* One mask of 64 bits says which of 64 bytes are control bytes; how it is made depends on what the
 * compiler's target has, all the rest is shared. */
#include "message/scan_lines.h"
#include "base/memory.h"
#include "message/letters.h"
#include "message/words.h"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#define BLOCK 64

/* --- controls_of: bit i is set when byte i of the 64 at `p` is a control byte --- */

#if defined(__AVX2__)

static inline uint64_t controls_of_32(const char *p)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1f)), bytes);
    __m256i tab = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\t'));
    __m256i del = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x7f));

    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_andnot_si256(tab, low), del));
}

static inline uint64_t controls_of(const char *p)
{
    return controls_of_32(p) | controls_of_32(p + 32) << 32;
}

#elif defined(__SSE2__)

static inline uint64_t controls_of_16(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    __m128i tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
    __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));

    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(tab, low), del));
}

static inline uint64_t controls_of(const char *p)
{
    return controls_of_16(p) | controls_of_16(p + 16) << 16 | controls_of_16(p + 32) << 32 |
           controls_of_16(p + 48) << 48;
}

#elif defined(__ARM_NEON) && defined(__aarch64__)

static inline uint8x16_t controls_of_16(const char *p)
{
    uint8x16_t bytes = vld1q_u8((const uint8_t *)p);
    uint8x16_t low = vcltq_u8(bytes, vdupq_n_u8(0x20));
    uint8x16_t tab = vceqq_u8(bytes, vdupq_n_u8('\t'));
    uint8x16_t del = vceqq_u8(bytes, vdupq_n_u8(0x7f));

    return vorrq_u8(vbicq_u8(low, tab), del);
}

static inline uint64_t controls_of(const char *p)
{
    static const uint8_t bit_of_byte[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                            1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bits = vld1q_u8(bit_of_byte);
    uint8x16_t a = vpaddq_u8(vandq_u8(controls_of_16(p), bits),
                             vandq_u8(controls_of_16(p + 16), bits));
    uint8x16_t b = vpaddq_u8(vandq_u8(controls_of_16(p + 32), bits),
                             vandq_u8(controls_of_16(p + 48), bits));

    a = vpaddq_u8(a, b);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(a, a)), 0);
}

#else

/* The highest bit of each byte of the result is set where the byte of `word` is zero; all sums stay
 * inside their byte, so that no byte disturbs its neighbour. */
static inline uint64_t zeros_of(uint64_t word)
{
    return ~(((word & SIP_EACH(0x7f)) + SIP_EACH(0x7f)) | word) & SIP_EACH(0x80);
}

static inline uint64_t controls_of_8(const char *p)
{
    uint64_t word = sip_load_64(p);
    uint64_t low = ~(((word & SIP_EACH(0x7f)) + SIP_EACH(0x60)) | word) & SIP_EACH(0x80);
    uint64_t found = (low & ~zeros_of(word ^ SIP_EACH('\t'))) | zeros_of(word ^ SIP_EACH(0x7f));

    /* Gathers the eight high bits in the top byte: each product lands on a bit of its own. */
    return ((found >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

static inline uint64_t controls_of(const char *p)
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < BLOCK / 8; i++)
        mask |= controls_of_8(p + 8 * i) << (8 * i);
    return mask;
}

#endif

/* --- what is the same everywhere --- */

/* The mask of the block at `at`, of which `len` bytes may be read. */
static inline uint64_t controls_of_rest(const char *at, size_t len)
{
    char block[BLOCK];

    if (len >= BLOCK)
        return controls_of(at);
    memset(block, ' ', sizeof block);
    memcpy(block, at, len);
    return controls_of(block);
}

void sip_scan_lines(struct sip_marks *marks, const char *bytes, size_t limit)
{
    size_t at = marks->searched, count = 0;
    uint64_t before = at > 0 && at < limit && sip_is_control(bytes[at - 1]) ? UINT64_C(1) << 63 : 0;
    uint64_t ends_head = 0;

    /* A block has at most half as many first control bytes as it has bytes. */
    while (at < limit && count < SIP_MARKS - BLOCK / 2 && !ends_head) {
        uint64_t mask = controls_of_rest(bytes + at, limit - at);
        uint64_t firsts = mask & ~(mask << 1 | before >> 63);

        /* Four control bytes in a row: the head most likely ends here, and what follows is a body
         * that need not be searched. */
        ends_head = mask & mask << 1;
        ends_head &= ends_head << 2;
        for (; firsts; firsts &= firsts - 1)
            marks->at[count++ & (SIP_MARKS - 1)] = (uint16_t)(at + sip_lowest_bit(firsts));
        before = mask;
        at += BLOCK;
    }
    marks->searched = at < limit ? at : limit;
    marks->count = count;
}

void sip_scan_lines_plain(struct sip_marks *marks, const char *bytes, size_t limit)
{
    size_t at = marks->searched, count = 0;

    for (; at < limit && count < SIP_MARKS; at++)
        if (sip_is_control(bytes[at]) && (at == 0 || !sip_is_control(bytes[at - 1])))
            marks->at[count++] = (uint16_t)at;
    marks->searched = at;
    marks->count = count;
}
