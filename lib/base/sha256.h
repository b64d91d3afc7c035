/* SHA-256 (FIPS 180-4 §6.2). A context is the caller's; final() wipes it. */
#ifndef SIP_BASE_SHA256_H
#define SIP_BASE_SHA256_H

#include "base/blocks.h"

#define SIP_SHA256_SIZE 32

struct sip_sha256 {
    struct sip_blocks blocks;
};

void sip_sha256_init(struct sip_sha256 *);
void sip_sha256_update(struct sip_sha256 *, const void *data, size_t len);
void sip_sha256_final(struct sip_sha256 *, uint8_t out[SIP_SHA256_SIZE]);

#endif
