/* One mask of 64 bits says which of 64 bytes are control bytes; message/wide.h makes it. */
#include "message/scan_lines.h"
#include "base/memory.h"
#include "message/letters.h"
#include "message/wide.h"

#ifdef __OPTIMIZE_SIZE__

void sip_scan_lines(struct sip_marks *marks, const char *bytes, size_t limit)
{
    sip_scan_lines_plain(marks, bytes, limit);
}

#else

#define BLOCK SIP_WIDE_CONTROLS

/* The mask of the block at `at`, of which `len` bytes may be read. */
static inline uint64_t controls_of_rest(const char *at, size_t len)
{
    char block[BLOCK];

    if (len >= BLOCK)
        return sip_wide_controls(at);
    memset(block, ' ', sizeof block);
    memcpy(block, at, len);
    return sip_wide_controls(block);
}

void sip_scan_lines(struct sip_marks *marks, const char *bytes, size_t limit)
{
    size_t at = marks->searched, count = 0;
    uint64_t before = at > 0 && at < limit && sip_is_control(bytes[at - 1]) ? 1 : 0;

    /* A block has at most half as many first control bytes as it has bytes. */
    while (at < limit && count < SIP_MARKS - BLOCK / 2) {
        uint64_t mask = controls_of_rest(bytes + at, limit - at), behind = mask << 1;
        uint64_t firsts = mask & ~(behind | before), pairs = mask & behind;

        for (; firsts; firsts &= firsts - 1)
            marks->at[count++ & (SIP_MARKS - 1)] = (uint16_t)(at + sip_lowest_bit(firsts));
        before = mask >> 63;
        at += BLOCK;
        /* Four control bytes in a row: the head most likely ends here, and what follows is a body
         * that need not be searched. */
        if (pairs & pairs << 2)
            break;
    }
    marks->searched = at < limit ? at : limit;
    marks->count = count;
}

#endif

void sip_scan_lines_plain(struct sip_marks *marks, const char *bytes, size_t limit)
{
    size_t at = marks->searched, count = 0;

    for (; at < limit && count < SIP_MARKS; at++)
        if (sip_is_control(bytes[at]) && (at == 0 || !sip_is_control(bytes[at - 1])))
            marks->at[count++] = (uint16_t)at;
    marks->searched = at;
    marks->count = count;
}
