/* Where users are: the bindings that REGISTER makes (RFC 3261 §10.3). */
#ifndef PBX_LOCATIONS_H
#define PBX_LOCATIONS_H

#include <sip/sip.h>

#include "pbx/users.h"

enum { BINDINGS_MAX = 1024, BINDINGS_PER_USER = 8, CONTACT_TEXT = 256, CALL_ID_TEXT = 128 };

/* A phone of a user. It is reached where its REGISTER came from: over the same connection, or at
 * the same source address, for what it writes into its Contact may be wrong behind a NAT. */
struct binding {
    const struct user *user; /* NULL: free */
    uint64_t expires_at;     /* ms */
    char contact[CONTACT_TEXT];
    char q[12];                 /* ";q=0.5", or empty: which of several is liked best */
    char call_id[CALL_ID_TEXT]; /* of the REGISTER, with its CSeq: an older one changes nothing */
    uint32_t cseq;
    struct sip_path path;
    struct sip_flow flow; /* null for UDP */
};

struct locations {
    struct binding at[BINDINGS_MAX];
};

/* The user's binding behind `last` (NULL: the first) that has not expired, or NULL. */
struct binding *locations_next(struct locations *locations, uint64_t now, const struct user *user,
                               const struct binding *last);

/* The user's binding of a contact that is equal to this URI (§19.1.4), or NULL. */
struct binding *locations_find(struct locations *locations, uint64_t now, const struct user *user,
                               struct sip_str contact);

/* A free place, or NULL. */
struct binding *locations_free(struct locations *locations, uint64_t now);

#endif
