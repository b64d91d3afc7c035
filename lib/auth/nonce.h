/* Nonces of a server that keeps nothing, and the counts of those that were used. */
#ifndef SIP_AUTH_NONCE_H
#define SIP_AUTH_NONCE_H

#include "sip/digest_server.h"

struct sip_nonce {
    uint64_t issued; /* ms */
    uint64_t unique;
    uint64_t mark; /* the keyed hash over all of it */
};

/* Reads a raw nonce and says what it is worth; `*nonce` is filled unless it is foreign. */
enum sip_nonce_state sip_nonce_read(const struct sip_digest_server *, const struct sip_nonce_args *,
                                    struct sip_str raw, struct sip_nonce *nonce);

/* Counts one use of a nonce that is ours: SIP_DIGEST_RIGHT, _REPLAY when this count was used before
 * or is more than 31 behind, _STALE when the nonce has fallen out. */
enum sip_verdict sip_nonce_use(struct sip_nonce_counts *, const struct sip_nonce *, uint32_t count);

#endif
