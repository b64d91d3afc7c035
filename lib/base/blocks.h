/* What MD5, SHA-1 and SHA-256 share: bytes gathered into blocks of 64, and the padding at the end
 * (RFC 1321 §3.1 and 3.2, FIPS 180-4 §5.1.1). */
#ifndef SIP_BASE_BLOCKS_H
#define SIP_BASE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sip_blocks {
    uint64_t length; /* bytes taken so far */
    uint32_t state[8];
    uint32_t words[16]; /* the block as bytes while it fills */
};

/* Mixes a full block into the state; `words` holds its bytes and may be used as work space. */
typedef void sip_blocks_mix(uint32_t *state, uint32_t *words);

void sip_blocks_update(struct sip_blocks *, sip_blocks_mix *, const void *data, size_t len);

/* Pads the last block and mixes it; the length goes in with its first or its last byte first. */
enum sip_byte_order { SIP_LITTLE_ENDIAN, SIP_BIG_ENDIAN };
void sip_blocks_finish(struct sip_blocks *, sip_blocks_mix *, enum sip_byte_order);

static inline uint32_t sip_rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static inline uint32_t sip_read_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Replaces the bytes of a block by the numbers they stand for; writes `count` numbers as bytes. */
void sip_blocks_read_be(uint32_t *words);
void sip_blocks_write_be(uint8_t *out, const uint32_t *state, unsigned count);

#endif
