/* Words and character classes of session descriptions (RFC 8866 §9), for this folder. */
#ifndef SIP_SDP_LINE_H
#define SIP_SDP_LINE_H

#include "base/bytes.h"
#include "base/memory.h"
#include "sip/str.h"

/* token-char of RFC 8866 §9. */
static inline bool sip_sdp_is_token_byte(char c)
{
    static const char other[] = "!#$%&'*+-.^_`{|}~";

    if (sip_is_digit(c) || (sip_lower(c) >= 'a' && sip_lower(c) <= 'z'))
        return true;
    return memchr(other, c, sizeof other - 1) != NULL;
}

/* Stores what stands before the next `separator` of `*rest` and moves behind it; false, and
 * {NULL, 0} stored, when `*rest` is used up. Two separators in a row, or one at the end, show as an
 * empty word. */
static inline bool sip_sdp_next_word(struct sip_str *rest, char separator, struct sip_str *word)
{
    const char *end;

    *word = *rest;
    if (!rest->at)
        return false;
    end = rest->len ? memchr(rest->at, separator, rest->len) : NULL;
    if (!end) {
        *rest = (struct sip_str){NULL, 0};
        return true;
    }
    word->len = (size_t)(end - rest->at);
    *rest = sip_bytes(end + 1, rest->len - word->len - 1);
    return true;
}

/* Reads 1*DIGIT up to `max`; false for anything else. */
static inline bool sip_sdp_number(struct sip_str text, uint32_t max, uint32_t *number)
{
    uint64_t value = 0;

    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!sip_is_digit(text.at[i]))
            return false;
        value = value * 10 + (unsigned)(text.at[i] - '0');
        if (value > max)
            return false;
    }
    *number = (uint32_t)value;
    return true;
}

#endif
