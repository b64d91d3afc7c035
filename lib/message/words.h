/* Eight bytes at a time, wherever they lie. */
#ifndef SIP_MESSAGE_WORDS_H
#define SIP_MESSAGE_WORDS_H

#include <stdint.h>

#define SIP_EACH(byte) ((byte)*UINT64_C(0x0101010101010101))

/* The eight bytes at `p`, the first one lowest. */
static inline uint64_t sip_load_64(const char *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    __builtin_memcpy(&word, p, sizeof word);
#else
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)(unsigned char)p[i] << (8 * i);
#endif
    return word;
}

/* The lowest set bit is in the first byte of `word` that is zero; without one there is no bit. */
static inline uint64_t sip_first_zero(uint64_t word)
{
    return (word - SIP_EACH(0x01)) & ~word & SIP_EACH(0x80);
}

/* The highest bits of the bytes of this are what sip_maybe_control() tells; the others are noise. */
static inline uint64_t sip_control_signs(uint64_t word)
{
    return (word - SIP_EACH(0x20)) | (word + SIP_EACH(0x01));
}

/* Not 0 when a byte is a control byte: below SP all bytes borrow, and DEL becomes 0x80. A HTAB and
 * bytes beyond ASCII, which are none, may be told too. */
static inline uint64_t sip_maybe_control(uint64_t word)
{
    return sip_control_signs(word) & SIP_EACH(0x80);
}

/* The number of zero bits below the lowest set one; `mask` is not 0. */
static inline unsigned sip_lowest_bit(uint64_t mask)
{
#if !defined(__GNUC__)
    unsigned bit = 0;
    for (; !(mask & 1); mask >>= 1)
        bit++;
    return bit;
#elif UINTPTR_MAX > 0xffffffff
    return (unsigned)__builtin_ctzll(mask);
#else
    /* By halves, without the help of libgcc. */
    uint32_t low = (uint32_t)mask, high = (uint32_t)(mask >> 32);
    return low ? (unsigned)__builtin_ctz(low) : 32 + (unsigned)__builtin_ctz(high);
#endif
}

#endif
