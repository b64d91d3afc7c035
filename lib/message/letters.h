/* The classes of bytes that the head of a message is made of (RFC 3261 §25.1). */
#ifndef SIP_MESSAGE_LETTERS_H
#define SIP_MESSAGE_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/* token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" ) */
static inline bool sip_is_token(char c)
{
    /* A bit for each of the bytes 0 to 127. */
    static const uint32_t bits[4] = {0, 0x03ff6ca2, 0x87fffffe, 0x47ffffff};
    unsigned byte = (unsigned char)c;

    return byte < 128 && (bits[byte >> 5] >> (byte & 31) & 1);
}

static inline bool sip_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* HTAB is white space, not a control byte. */
static inline bool sip_is_control(char c)
{
    unsigned char byte = (unsigned char)c;

    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

/* White space, that of folds included (LWS). */
static inline bool sip_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

#endif
