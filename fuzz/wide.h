/* What the three copies of the library in the target "wide" say about the same bytes: each is
 * compiled with wide_look.c and with names of its own (names.sh). */
#ifndef FUZZ_WIDE_H
#define FUZZ_WIDE_H

#include "sip/str.h"

enum { WIDE_MAX = 1 << 13, WIDE_RECORD_MAX = 1 << 18 };

struct record {
    size_t used;
    char at[WIDE_RECORD_MAX];
};

/* Writes down all that parsers and writers find in `bytes`. */
void sip_look(struct record *, struct sip_str bytes);

#endif
