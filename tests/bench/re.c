/* libre under the benchmark. sip_msg_decode() splits and reads the first Via, From, To and CSeq; the
 * rest of a full parse is asked for header by header. It has no writer of whole messages. */
#include "bench.h"

#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include <re.h>

/* Decoded in place from a copy, as a socket would hand it over. */
static struct sip_msg *parse(const struct bench_message *bytes)
{
    static struct mbuf *buffer;
    struct sip_msg *message;

    if (!buffer)
        buffer = mbuf_alloc(1 << 17);
    mbuf_rewind(buffer);
    if (mbuf_write_mem(buffer, (const uint8_t *)bytes->at, bytes->len) != 0)
        return NULL;
    buffer->pos = 0;
    return sip_msg_decode(&message, buffer) == 0 ? message : NULL;
}

static bool split(const struct bench_message *bytes)
{
    struct sip_msg *message = parse(bytes);

    mem_deref(message);
    return message != NULL;
}

static bool read_via(const struct sip_hdr *header, const struct sip_msg *message, void *arg)
{
    struct sip_via via;

    (void)message;
    *(bool *)arg &= sip_via_decode(&via, &header->val) == 0;
    return false;
}

static bool read_address(const struct sip_hdr *header, const struct sip_msg *message, void *arg)
{
    struct sip_addr address;

    (void)message;
    if (pl_strcmp(&header->val, "*") != 0)
        *(bool *)arg &= sip_addr_decode(&address, &header->val) == 0;
    return false;
}

static bool read_credentials(const struct sip_hdr *header, const struct sip_msg *message, void *arg)
{
    struct httpauth_digest_resp credentials;

    (void)message;
    *(bool *)arg &= httpauth_digest_response_decode(&credentials, &header->val) == 0;
    return false;
}

static bool full(const struct bench_message *bytes)
{
    struct sip_msg *message = parse(bytes);
    const struct sip_hdr *expires;
    struct uri uri;
    bool good = true;

    if (!message)
        return false;
    if (pl_isset(&message->ruri))
        good &= uri_decode(&uri, &message->ruri) == 0;
    sip_msg_hdr_apply(message, true, SIP_HDR_VIA, read_via, &good);
    sip_msg_hdr_apply(message, true, SIP_HDR_CONTACT, read_address, &good);
    sip_msg_hdr_apply(message, true, SIP_HDR_RECORD_ROUTE, read_address, &good);
    sip_msg_hdr_apply(message, true, SIP_HDR_AUTHORIZATION, read_credentials, &good);
    sip_msg_hdr_apply(message, true, SIP_HDR_PROXY_AUTHORIZATION, read_credentials, &good);
    expires = sip_msg_hdr(message, SIP_HDR_EXPIRES);
    if (expires)
        (void)pl_u32(&expires->val);
    (void)pl_u32(&message->maxfwd);
    mem_deref(message);
    return good;
}

const struct bench_work bench_works[] = {
    {"split", split, NULL},
    {"full", full, NULL},
    {NULL, NULL, NULL},
};
