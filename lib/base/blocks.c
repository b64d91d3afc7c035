#include "base/blocks.h"
#include "base/memory.h"

#define BLOCK 64u

void sip_blocks_update(struct sip_blocks *blocks, sip_blocks_mix *mix, const void *data, size_t len)
{
    const uint8_t *from = data;
    uint8_t *block = (uint8_t *)blocks->words;
    size_t used = (size_t)(blocks->length % BLOCK);

    blocks->length += len;
    while (len > 0) {
        size_t take = len < BLOCK - used ? len : BLOCK - used;

        memcpy(block + used, from, take);
        from += take;
        len -= take;
        used += take;
        if (used == BLOCK) {
            mix(blocks->state, blocks->words);
            used = 0;
        }
    }
}

void sip_blocks_finish(struct sip_blocks *blocks, sip_blocks_mix *mix, enum sip_byte_order order)
{
    static const uint8_t padding[BLOCK] = {0x80};
    uint64_t bits = blocks->length << 3;
    size_t used = (size_t)(blocks->length % BLOCK);
    uint8_t length[8];

    for (unsigned i = 0; i < 8; i++) {
        length[order == SIP_BIG_ENDIAN ? 7 - i : i] = (uint8_t)bits;
        bits >>= 8;
    }
    sip_blocks_update(blocks, mix, padding, used < 56 ? 56 - used : BLOCK + 56 - used);
    sip_blocks_update(blocks, mix, length, sizeof length);
}

void sip_blocks_read_be(uint32_t *words)
{
    for (unsigned i = 0; i < 16; i++)
        words[i] = sip_read_be32((const uint8_t *)(words + i));
}

void sip_blocks_write_be(uint8_t *out, const uint32_t *state, unsigned count)
{
    for (unsigned i = 0; i < 4 * count; i++)
        out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
