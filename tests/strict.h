/* An independent judge of what we send: the ABNF of RFC 3261 §25.1, and what §7, §8, §12, §20 and
 * the RFCs of the methods demand of a message by itself. Written from the RFCs alone, nothing from
 * lib/.
 *
 * Stricter than a receiver may be, for it judges a sender: no folding, no bare CR or LF, one space
 * after the colon and none before (§7.3.1), Content-Length always, and exact. */
#ifndef STRICT_H
#define STRICT_H

#include <stddef.h>

/* One whole message. Returns 0 when it is fine, else -1 with one line in `why`. */
int strict_check(const char *bytes, size_t len, char *why, size_t why_size);

#endif
