/* SHA-1 (FIPS 180-4 §6.1): for the handshake of WebSocket (RFC 6455). A context is the caller's;
 * final() wipes it. */
#ifndef SIP_BASE_SHA1_H
#define SIP_BASE_SHA1_H

#include "base/blocks.h"

#define SIP_SHA1_SIZE 20

struct sip_sha1 {
    struct sip_blocks blocks;
};

void sip_sha1_init(struct sip_sha1 *);
void sip_sha1_update(struct sip_sha1 *, const void *data, size_t len);
void sip_sha1_final(struct sip_sha1 *, uint8_t out[SIP_SHA1_SIZE]);

#endif
