/* Comparing and classifying bytes, the ASCII way: no locale. */
#ifndef SIP_BASE_BYTES_H
#define SIP_BASE_BYTES_H

#include "sip/str.h"

/* sip_bytes() where calls count. */
static inline struct sip_str sip_view(const char *at, size_t len)
{
    struct sip_str view = {at, len};
    return view;
}

/* The lower-case form of an ASCII letter, any other byte unchanged. */
static inline unsigned char sip_lower(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : byte;
}

static inline bool sip_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* True when both have the same bytes, ignoring the case of ASCII letters. */
bool sip_str_same(struct sip_str, struct sip_str);

#endif
