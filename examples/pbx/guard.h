/* Digest at the door (RFC 3261 §22, RFC 7616, RFC 8760): who must say who he is, and did.
 *
 * A stranger's request without a fresh nonce of ours is challenged before anything is kept for it;
 * guard_screen() does that with one keyed hash. Whatever comes through, and whatever comes from a
 * source already verified, is judged by guard_check(). */
#ifndef PBX_GUARD_H
#define PBX_GUARD_H

#include <sip/sip.h>

#include "pbx/users.h"

enum { GUARD_SETS = 64 };

struct guard {
    const struct users *users;
    struct sip_transport transport; /* for its random numbers */
    struct sip_digest_server server;
    struct sip_nonce_counts counts;
    struct sip_nonce_set sets[GUARD_SETS];
    char lines[2048]; /* the challenges sent last */
};

/* `algorithms`: "SHA-256,MD5", best first; NULL takes the library's. Returns NULL, or what is wrong
 * with them. */
const char *guard_init(struct guard *guard, const struct users *users, const char *realm,
                       const char *algorithms);

/* Draws the secret; false when the transport has no randomness. */
bool guard_start(struct guard *guard, const struct sip_transport *transport);

/* For the event `screen`: fills `*refusal`, and returns SIP_REFUSE, where a nonce is lacking. */
enum sip_screened guard_screen(struct guard *guard, uint64_t now,
                               const struct sip_received *request, struct sip_refusal *refusal);

/* Who sent this request; or NULL with `*refusal` filled: a challenge, or 400. */
const struct user *guard_check(struct guard *guard, uint64_t now,
                               const struct sip_received *request, struct sip_refusal *refusal);

#endif
