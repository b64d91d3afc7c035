/* MD5 (RFC 1321): for digests of peers that know nothing better. A context is the caller's;
 * final() wipes it. */
#ifndef SIP_BASE_MD5_H
#define SIP_BASE_MD5_H

#include "base/blocks.h"

#define SIP_MD5_SIZE 16

struct sip_md5 {
    struct sip_blocks blocks;
};

void sip_md5_init(struct sip_md5 *);
void sip_md5_update(struct sip_md5 *, const void *data, size_t len);
void sip_md5_final(struct sip_md5 *, uint8_t out[SIP_MD5_SIZE]);

#endif
