/* Message buffers of two classes: small ones for heads without bodies, large ones for any message.
 *
 * A buffer is named by a number that its holder keeps; 0 is none. The bytes are the holder's until
 * it gives the buffer back. */
#ifndef SIP_BASE_BUFFERS_H
#define SIP_BASE_BUFFERS_H

#include "base/slots.h"

#define SIP_BUFFER_SMALL 640

enum sip_buffer_class { SIP_SMALL, SIP_LARGE, SIP_BUFFER_CLASSES };

struct sip_buffers {
    struct sip_slots classes[SIP_BUFFER_CLASSES];
};

size_t sip_buffers_size(uint32_t small, uint32_t large, uint32_t large_size);
size_t sip_buffers_init(struct sip_buffers *, void *memory, uint32_t small, uint32_t large,
                        uint32_t large_size);

/* A buffer of at least `size` bytes: a small one where that is enough and one is free, else a large
 * one. 0 when there is none or no class is that large. `from_reserve` as with sip_slots_take(); a
 * size that fits a small one never takes from the reserve of the large ones. */
uint32_t sip_buffers_take(struct sip_buffers *, size_t size, bool from_reserve);
void sip_buffers_free(struct sip_buffers *, uint32_t buffer); /* 0 is ignored */

/* The same, of the one class only. */
uint32_t sip_buffers_take_class(struct sip_buffers *, enum sip_buffer_class, bool from_reserve);

/* Its first byte, 8-byte aligned; NULL for 0. */
char *sip_buffers_at(const struct sip_buffers *, uint32_t buffer);
size_t sip_buffers_room(const struct sip_buffers *, uint32_t buffer);

#endif
