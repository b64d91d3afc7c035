#include "media/rtp.h"

enum { VERSION = 2 };

static uint32_t get(const uint8_t *at, int bytes)
{
    uint32_t value = 0;

    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static void put(uint8_t *at, int bytes, uint32_t value)
{
    for (int i = bytes; i-- > 0; value >>= 8)
        at[i] = (uint8_t)value;
}

/* Where the payload begins, or 0 when the head is longer than the datagram (§5.1, §5.3.1). */
static size_t payload_start(const uint8_t *bytes, size_t len)
{
    size_t at = RTP_HEAD + 4 * (size_t)(bytes[0] & 15);

    if (bytes[0] & 0x10) {
        if (len < at + 4)
            return 0;
        at += 4 + 4 * (size_t)get(bytes + at + 2, 2);
    }
    return at <= len ? at : 0;
}

bool rtp_parse(struct rtp *rtp, const uint8_t *bytes, size_t len)
{
    if (len < RTP_HEAD || bytes[0] >> 6 != VERSION)
        return false;
    size_t start = payload_start(bytes, len);
    if (start == 0)
        return false;
    size_t padding = bytes[0] & 0x20 ? bytes[len - 1] : 0;
    if (padding > len - start || (bytes[0] & 0x20 && padding == 0))
        return false;
    *rtp = (struct rtp){
        .payload_type = bytes[1] & 0x7f,
        .marker = bytes[1] >> 7,
        .sequence = (uint16_t)get(bytes + 2, 2),
        .timestamp = get(bytes + 4, 4),
        .ssrc = get(bytes + 8, 4),
        .payload = bytes + start,
        .payload_len = len - start - padding,
    };
    return true;
}

void rtp_write(uint8_t head[RTP_HEAD], const struct rtp *rtp)
{
    head[0] = VERSION << 6;
    head[1] = (uint8_t)(rtp->marker << 7 | rtp->payload_type);
    put(head + 2, 2, rtp->sequence);
    put(head + 4, 4, rtp->timestamp);
    put(head + 8, 4, rtp->ssrc);
}
