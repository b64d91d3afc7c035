/* Many bytes at a time where the compiler's target can: the one file with vector code. It looks at
 * bytes in three ways: where are control bytes, where is a certain byte, how far do letters and
 * digits go. Elsewhere words of eight bytes serve, or single bytes. */
#ifndef SIP_MESSAGE_WIDE_H
#define SIP_MESSAGE_WIDE_H

#include <stddef.h>

#include "message/layout.h"
#include "message/letters.h"
#include "message/words.h"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#define SIP_WIDE_CONTROLS 64

/* --- sip_wide_controls: bit i is set when byte i of the 64 at `p` may be a control byte. HTAB and
 * bytes beyond ASCII are told too: when 1 is added, they and DEL are negative or 0, so that 0x21
 * less is negative, the bound of the type held. --- */

#if defined(__AVX2__)

static inline uint64_t sip_wide_controls(const char *p)
{
    const __m256i one = _mm256_set1_epi8(1), bound = _mm256_set1_epi8(0x21);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

    a = _mm256_subs_epi8(_mm256_add_epi8(a, one), bound);
    b = _mm256_subs_epi8(_mm256_add_epi8(b, one), bound);
    return (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

#elif defined(__SSE2__)

static inline uint64_t sip_controls_of_16(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i more = _mm_add_epi8(bytes, _mm_set1_epi8(1));

    return (uint32_t)_mm_movemask_epi8(_mm_subs_epi8(more, _mm_set1_epi8(0x21)));
}

static inline uint64_t sip_wide_controls(const char *p)
{
    return sip_controls_of_16(p) | sip_controls_of_16(p + 16) << 16 |
           sip_controls_of_16(p + 32) << 32 | sip_controls_of_16(p + 48) << 48;
}

#elif defined(__ARM_NEON) && defined(__aarch64__)

static inline uint8x16_t sip_controls_of_16(const char *p)
{
    int8x16_t more = vaddq_s8(vreinterpretq_s8_u8(vld1q_u8((const uint8_t *)p)), vdupq_n_s8(1));

    return vcltq_s8(more, vdupq_n_s8(0x21));
}

static inline uint64_t sip_wide_controls(const char *p)
{
    static const uint8_t bit_of_byte[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                            1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bits = vld1q_u8(bit_of_byte);
    uint8x16_t a = vpaddq_u8(vandq_u8(sip_controls_of_16(p), bits),
                             vandq_u8(sip_controls_of_16(p + 16), bits));
    uint8x16_t b = vpaddq_u8(vandq_u8(sip_controls_of_16(p + 32), bits),
                             vandq_u8(sip_controls_of_16(p + 48), bits));

    a = vpaddq_u8(a, b);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(a, a)), 0);
}

#else

/* Gathers the highest bits of eight bytes in one: each product lands on a bit of its own. */
static inline uint64_t sip_gather(uint64_t high_bits)
{
    return ((high_bits >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

static inline uint64_t sip_controls_of_8(const char *p)
{
    uint64_t found = sip_maybe_control(sip_load_64(p));

    return found ? sip_gather(found) : 0;
}

static inline uint64_t sip_wide_controls(const char *p)
{
    return sip_controls_of_8(p) | sip_controls_of_8(p + 8) << 8 | sip_controls_of_8(p + 16) << 16 |
           sip_controls_of_8(p + 24) << 24 | sip_controls_of_8(p + 32) << 32 |
           sip_controls_of_8(p + 40) << 40 | sip_controls_of_8(p + 48) << 48 |
           sip_controls_of_8(p + 56) << 56;
}

#endif

/* --- the first control byte, the first byte that is `byte`, from `at` to `end`, else `end` --- */

static inline size_t sip_find_control(const char *bytes, size_t at, size_t end)
{
    while (at < end && !sip_is_control(bytes[at]))
        at++;
    return at < end ? at : end;
}

/* False when there is no control byte among the `len` bytes; a HTAB may be told as one. */
static inline bool sip_words_may_have_control(const char *bytes, size_t len)
{
    uint64_t signs = 0;
    size_t at = 0, last = len - 8; /* these reach back over what has been looked at */

    if (len >= 8) {
        for (; at < last; at += 8)
            signs |= sip_control_signs(sip_load_64(bytes + at));
        signs |= sip_control_signs(sip_load_64(bytes + last));
        return (signs & SIP_EACH(0x80)) != 0;
    }
    while (at < len && !sip_is_control(bytes[at]))
        at++;
    return at < len;
}

#if defined(__SSE2__)

/* Bit i is set when byte i of the 16 at `p` is `byte`. */
static inline uint32_t sip_equal_of_16(const char *p, char byte)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
}

/* Bit i is set when byte i of the 16 at `p` is neither a letter, a digit, "-" nor ".". */
static inline uint32_t sip_special_of_16(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i letter = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    __m128i digit = _mm_sub_epi8(bytes, _mm_set1_epi8('-')); /* "-", ".", "/" and the digits */
    __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'));

    letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8('z' - 'a')), letter);
    digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8('9' - '-')), digit);
    letter = _mm_or_si128(letter, _mm_andnot_si128(slash, digit));
    return (uint32_t)_mm_movemask_epi8(letter) ^ 0xffffu;
}

/* One more than the number of the highest set bit, 0 when there is none. */
static inline unsigned sip_behind_highest_bit(uint32_t mask)
{
    return mask ? 32 - (unsigned)__builtin_clz(mask) : 0;
}

#define SIP_HAS_HOST_BITS 1

/* Of the 32 bytes at `p`: which can be in no host name, which are dots, which are hyphens. */
struct sip_host_bits {
    uint32_t others;
    uint32_t dots;
    uint32_t hyphens;
};

#ifdef __AVX2__

static inline struct sip_host_bits sip_host_bits(const char *p)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i dots = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('.'));
    __m256i hyphens = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-'));
    __m256i digit = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
    __m256i letter =
        _mm256_sub_epi8(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
    struct sip_host_bits bits;

    digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digit, _mm256_set1_epi8(9)), digit);
    letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(25)), letter);
    bits.dots = (uint32_t)_mm256_movemask_epi8(dots);
    bits.hyphens = (uint32_t)_mm256_movemask_epi8(hyphens);
    bits.others = ~((uint32_t)_mm256_movemask_epi8(_mm256_or_si256(digit, letter)) | bits.dots |
                    bits.hyphens);
    return bits;
}

#else

static inline struct sip_host_bits sip_host_bits(const char *p)
{
    struct sip_host_bits bits = {
        sip_special_of_16(p) | sip_special_of_16(p + 16) << 16,
        sip_equal_of_16(p, '.') | sip_equal_of_16(p + 16, '.') << 16,
        sip_equal_of_16(p, '-') | sip_equal_of_16(p + 16, '-') << 16,
    };

    return bits;
}

#endif

/* A control byte is the smallest of all, or, DEL with its high bit changed, the largest. */
static inline bool sip_may_have_control(const char *bytes, size_t len)
{
    const __m128i high = _mm_set1_epi8((char)0x80);
    __m128i least = _mm_set1_epi8(' '), most = _mm_setzero_si128(), got;
    size_t last = len - 16; /* these reach back over what has been looked at */

    if (len < 16)
        return sip_words_may_have_control(bytes, len);
    for (size_t at = 0; at < last; at += 16) {
        got = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
        least = _mm_min_epu8(least, got);
        most = _mm_max_epu8(most, _mm_xor_si128(got, high));
    }
    got = _mm_loadu_si128((const __m128i *)(const void *)(bytes + last));
    least = _mm_min_epu8(least, got);
    most = _mm_max_epu8(most, _mm_xor_si128(got, high));
    least = _mm_cmpeq_epi8(least, _mm_set1_epi8(' '));
    most = _mm_cmpeq_epi8(most, _mm_set1_epi8((char)0xff));
    return _mm_movemask_epi8(_mm_andnot_si128(most, least)) != 0xffff;
}

static inline size_t sip_find(const char *bytes, size_t at, size_t end, char byte)
{
    size_t blocks = end > 15 ? end - 15 : 0;
    uint32_t found;

    for (; at < blocks; at += 16) {
        found = sip_equal_of_16(bytes + at, byte);
        if (found)
            return at + sip_lowest_bit(found);
    }
    if (end >= 16 && at < end) {
        found = sip_equal_of_16(bytes + (end - 16), byte) >> (16 - (end - at));
        return found ? at + sip_lowest_bit(found) : end;
    }
    while (at < end && bytes[at] != byte)
        at++;
    return at < end ? at : end;
}

/* As sip_find() for a byte that most often is one of the next 16. Bytes up to `limit` may be looked
 * at; what is not before `end` is not found. */
static inline size_t sip_find_near(const char *bytes, size_t at, size_t end, size_t limit,
                                   char byte)
{
    uint32_t found = at < limit && limit - at >= 16 ? sip_equal_of_16(bytes + at, byte) : 0;

    return found ? at + sip_lowest_bit(found) : sip_find(bytes, at, end, byte);
}

/* Passes over letters, digits, "-" and "." as far as that is quick. */
static inline size_t sip_skip_plain(const char *bytes, size_t at, size_t end)
{
    size_t blocks = end > 15 ? end - 15 : 0;
    uint32_t special;

    for (; at < blocks; at += 16) {
        special = sip_special_of_16(bytes + at);
        if (special)
            return at + sip_lowest_bit(special);
    }
    if (end >= 16 && at < end) {
        special = sip_special_of_16(bytes + (end - 16)) >> (16 - (end - at));
        return special ? at + sip_lowest_bit(special) : end;
    }
    return at;
}

#elif !SIP_OPTIMIZE_SIZE

static inline bool sip_may_have_control(const char *bytes, size_t len)
{
    return sip_words_may_have_control(bytes, len);
}

static inline size_t sip_find(const char *bytes, size_t at, size_t end, char byte)
{
    uint64_t wanted = SIP_EACH((unsigned char)byte);

    while (at < end && end - at >= 8) {
        uint64_t found = sip_first_zero(sip_load_64(bytes + at) ^ wanted);

        if (found)
            return at + sip_lowest_bit(found) / 8;
        at += 8;
    }
    while (at < end && bytes[at] != byte)
        at++;
    return at < end ? at : end;
}

static inline size_t sip_find_near(const char *bytes, size_t at, size_t end, size_t limit,
                                   char byte)
{
    (void)limit;
    return sip_find(bytes, at, end, byte);
}

static inline size_t sip_skip_plain(const char *bytes, size_t at, size_t end)
{
    (void)bytes;
    (void)end;
    return at;
}

#else /* byte by byte */

static inline bool sip_may_have_control(const char *bytes, size_t len)
{
    (void)bytes;
    return len > 0;
}

static inline size_t sip_find(const char *bytes, size_t at, size_t end, char byte)
{
    while (at < end && bytes[at] != byte)
        at++;
    return at < end ? at : end;
}

static inline size_t sip_find_near(const char *bytes, size_t at, size_t end, size_t limit,
                                   char byte)
{
    (void)limit;
    return sip_find(bytes, at, end, byte);
}

static inline size_t sip_skip_plain(const char *bytes, size_t at, size_t end)
{
    (void)bytes;
    (void)end;
    return at;
}

#endif

#endif
