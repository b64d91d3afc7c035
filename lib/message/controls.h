/* Where the lines of a head end: one pass over its bytes that finds the control bytes, CR and LF
 * among them, a mask of 64 bits for 64 bytes; message/wide.h makes it. */
#ifndef SIP_MESSAGE_CONTROLS_H
#define SIP_MESSAGE_CONTROLS_H

#include "base/memory.h"
#include "message/layout.h"
#include "message/letters.h"
#include "message/wide.h"

struct sip_controls {
    const char *bytes;
    size_t limit;  /* how many there are */
    size_t next;   /* the block that has not been looked at */
    size_t block;  /* the one before it, of which `mask` tells */
    uint64_t mask; /* what may be control bytes */
};

#define SIP_CONTROLS_BLOCK SIP_WIDE_CONTROLS

/* The mask of the block at `at`, of which there may be less than a whole one. */
static SIP_HOT uint64_t sip_controls_at(const char *bytes, size_t at, size_t limit)
{
    char block[SIP_CONTROLS_BLOCK];

    if (limit - at >= SIP_CONTROLS_BLOCK)
        return sip_wide_controls(bytes + at);
    if (limit >= SIP_CONTROLS_BLOCK) { /* the last ones reach back over what has been looked at */
        size_t last = limit - SIP_CONTROLS_BLOCK;
        return sip_wide_controls(bytes + last) >> ((at - last) & (SIP_CONTROLS_BLOCK - 1));
    }
    memset(block, ' ', sizeof block);
    memcpy(block, bytes + at, limit - at);
    return sip_wide_controls(block);
}

/* The first control byte from `from` on, `limit` when there is none. HTAB is none. `from` is larger
 * than what was returned before. */
static SIP_HOT size_t sip_next_control(struct sip_controls *c, size_t from)
{
#if SIP_OPTIMIZE_SIZE
    return sip_find_control(c->bytes, from, c->limit);
#else
    size_t passed = from - c->block;
    uint64_t mask = passed < SIP_CONTROLS_BLOCK ? c->mask >> passed << passed : 0;

    for (;;) {
        size_t at;

        while (mask == 0) {
            if (c->next >= c->limit) {
                c->mask = 0;
                return c->limit;
            }
            c->block = c->next;
            c->next += SIP_CONTROLS_BLOCK;
            mask = sip_controls_at(c->bytes, c->block, c->limit);
        }
        at = c->block + sip_lowest_bit(mask);
        if (at >= from && at < c->limit && (c->bytes[at] == '\r' || sip_is_control(c->bytes[at]))) {
            c->mask = mask;
            return at;
        }
        mask &= mask - 1;
    }
#endif
}

#endif
