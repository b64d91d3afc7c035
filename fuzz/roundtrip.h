/* Values made of choices, for messages that the writer writes (roundtrip.c, roundtrip_made.c). */
#ifndef FUZZ_ROUNDTRIP_H
#define FUZZ_ROUNDTRIP_H

#include "choices.h"
#include "value.h"

struct made {
    enum sip_header header;
    const struct kind *kind;
    void (*make)(struct choices *, void *into);
};

/* One of all kinds. */
const struct made *made_kind(unsigned which);

struct sip_str made_token(struct choices *);
struct sip_str made_host(struct choices *);
struct sip_str made_uri(struct choices *);

#endif
