/* Words of session descriptions (RFC 8866 §9), for this folder. */
#ifndef SIP_SDP_LINE_H
#define SIP_SDP_LINE_H

#include "base/bytes.h"
#include "base/memory.h"
#include "sip/fields.h"
#include "sip/str.h"

/* Stores what stands before the next `separator` of `*rest` and moves behind it; false, and
 * {NULL, 0} stored, when `*rest` is used up. Two separators in a row, or one at the end, show as an
 * empty word. */
bool sip_sdp_next_word(struct sip_str *rest, char separator, struct sip_str *word);

/* True for one byte or more, each in one of `classes` (enum scan_class). */
bool sip_sdp_all(struct sip_str word, unsigned classes);

/* non-ws-string = 1*(VCHAR / %x80-FF), and token = 1*(token-char) */
bool sip_sdp_is_visible(struct sip_str word);
bool sip_sdp_is_token(struct sip_str word);

/* Reads 1*DIGIT up to `max`; false for anything else. */
static inline bool sip_sdp_number(struct sip_str text, uint32_t max, uint32_t *number)
{
    return sip_number_parse(number, text, max, NULL) == 0;
}

/* The attributes of the directions, each of eight letters. */
#define SIP_SDP_DIRECTION_LEN 8
extern const char sip_sdp_directions[4][SIP_SDP_DIRECTION_LEN + 1];

#endif
