/* SHA-512/256 (FIPS 180-4 §6.7): SHA-512 with a start of its own, cut to 256 bits. A context is the
 * caller's; final() wipes it. */
#ifndef SIP_BASE_SHA512_H
#define SIP_BASE_SHA512_H

#include <stddef.h>
#include <stdint.h>

#define SIP_SHA512_256_SIZE 32

struct sip_sha512_256 {
    uint64_t length; /* bytes taken so far: of the 128 bits of §5.1.2 no more are ever used */
    uint64_t state[8];
    uint64_t words[16]; /* the block as bytes while it fills */
};

void sip_sha512_256_init(struct sip_sha512_256 *);
void sip_sha512_256_update(struct sip_sha512_256 *, const void *data, size_t len);
void sip_sha512_256_final(struct sip_sha512_256 *, uint8_t out[SIP_SHA512_256_SIZE]);

#endif
