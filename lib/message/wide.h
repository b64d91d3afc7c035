/* Sixteen bytes at a time where the compiler's target can, eight or one elsewhere: finding a byte, and
 * passing over what is in nearly every class. What scan_lines.c does for line ends, for values. */
#ifndef SIP_MESSAGE_WIDE_H
#define SIP_MESSAGE_WIDE_H

#include <stddef.h>

#include "message/words.h"

#if defined(__SSE2__)

#include <emmintrin.h>

#define SIP_WIDE 16

static inline __m128i sip_wide_load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Bit i is set when byte i is `byte`. */
static inline uint32_t sip_wide_equal(const char *p, char byte)
{
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(sip_wide_load(p), _mm_set1_epi8(byte)));
}

/* Bit i is set when byte i is neither a letter, a digit, nor "-" or ".". */
static inline uint32_t sip_wide_special(const char *p)
{
    __m128i bytes = sip_wide_load(p), slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'));
    __m128i letter = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    __m128i digit = _mm_sub_epi8(bytes, _mm_set1_epi8('-')); /* "-./" and the digits */

    letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8('z' - 'a')), letter);
    digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8('9' - '-')), digit);
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(letter, _mm_andnot_si128(slash, digit))) ^
           0xffffu;
}

/* The first `byte` from `at` to `end`, else `end`. */
static inline size_t sip_find(const char *bytes, size_t at, size_t end, char byte)
{
    uint32_t found;

    for (; at < end && end - at >= SIP_WIDE; at += SIP_WIDE) {
        found = sip_wide_equal(bytes + at, byte);
        if (found)
            return at + sip_lowest_bit(found);
    }
    for (; at < end; at++)
        if (bytes[at] == byte)
            return at;
    return end;
}

/* Passes over letters, digits, "-" and ".", as far as that is quick. */
static inline size_t sip_skip_plain(const char *bytes, size_t at, size_t end)
{
    for (; at < end && end - at >= SIP_WIDE; at += SIP_WIDE) {
        uint32_t special = sip_wide_special(bytes + at);

        if (special)
            return at + sip_lowest_bit(special);
    }
    return at;
}

#else

static inline size_t sip_skip_plain(const char *bytes, size_t at, size_t end)
{
    (void)bytes;
    (void)end;
    return at;
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

#endif

#endif
