/* SipHash-2-4 with 64 bits: a keyed hash, so that strangers can choose neither the bucket of a
 * table nor a nonce or tag (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). */
#ifndef SIP_BASE_SIPHASH_H
#define SIP_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define SIP_SIPHASH_KEY 16

struct sip_siphash {
    uint64_t v[4];
    uint64_t word; /* bytes of an unfinished word */
    uint8_t count; /* bytes so far, modulo 256 */
};

void sip_siphash_init(struct sip_siphash *, const uint8_t key[SIP_SIPHASH_KEY]);
void sip_siphash_update(struct sip_siphash *, const void *data, size_t len);

/* The length of a piece and its bytes, in whole words, so that pieces cannot run into each other.
 * Not to be mixed with sip_siphash_update(). */
void sip_siphash_piece(struct sip_siphash *, const void *data, size_t len);

/* The hash of all bytes given since init; wipes the context. */
uint64_t sip_siphash_final(struct sip_siphash *);

/* The hash of one piece. */
uint64_t sip_siphash_of(const uint8_t key[SIP_SIPHASH_KEY], const void *data, size_t len);

#endif
