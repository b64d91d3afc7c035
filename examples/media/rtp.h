/* The RTP head (RFC 3550 §5.1): read from a datagram, written before a payload. */
#ifndef MEDIA_RTP_H
#define MEDIA_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RTP_HEAD = 12 };

struct rtp {
    uint8_t payload_type;     /* 0 to 127 */
    bool marker;              /* the first packet after a silence (RFC 3551 §4.1) */
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    const uint8_t *payload;   /* points into the datagram */
    size_t payload_len;
};

/* Reads a datagram, passing over contributing sources, a head extension and padding. Returns
 * whether it is RTP; `*rtp` is untouched when not. */
bool rtp_parse(struct rtp *rtp, const uint8_t *bytes, size_t len);

/* Writes the head; the payload follows it. */
void rtp_write(uint8_t head[RTP_HEAD], const struct rtp *rtp);

#endif
