/* Where the lines of a head end: one pass over its bytes that marks the control bytes, CR and LF
 * among them. The only file with vector code behind it (lib/message/scan_lines.c). */
#ifndef SIP_MESSAGE_SCAN_LINES_H
#define SIP_MESSAGE_SCAN_LINES_H

#include <stddef.h>
#include <stdint.h>

#define SIP_MARKS 64

/* Positions of control bytes, in rising order. HTAB is none; of several control bytes in a row only
 * the first is marked, so that a CRLF is one mark. */
struct sip_marks {
    size_t searched; /* bytes looked at so far; 0 at the beginning */
    size_t count;
    uint16_t at[SIP_MARKS];
};

/* Forgets the marks there are and finds the next ones in `bytes`, from `searched` up to `limit`,
 * which is at most 65,535. There are no more when `searched` has become `limit`. */
void sip_scan_lines(struct sip_marks *, const char *bytes, size_t limit);

/* The same, a byte at a time: what the other is proved and tested against. */
void sip_scan_lines_plain(struct sip_marks *, const char *bytes, size_t limit);

#endif
