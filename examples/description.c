#include "description.h"

/* With their static payload types (RFC 3551 §6). */
static const struct sip_codec codecs[] = {
    {"PCMU", 8000, 1, 0, NULL},
    {"PCMA", 8000, 1, 8, NULL},
};

static struct sip_body body_of(const char *text, long len)
{
    struct sip_body body = {{NULL, 0}, {NULL, 0}};

    if (len > 0) {
        body.type = sip_str("application/sdp");
        body.bytes = sip_bytes(text, (size_t)len);
    }
    return body;
}

void description_begin(struct sip_sdp_session *session, uint64_t id, const struct sip_addr *local,
                       uint16_t port)
{
    *session = (struct sip_sdp_session){.id = id, .local = *local};
    session->local.port = port;
    session->codecs = codecs;
    session->codec_count = sizeof codecs / sizeof codecs[0];
}

struct sip_body description_offer(struct sip_sdp_session *session, char *text)
{
    return body_of(text, sip_sdp_offer(session, text, DESCRIPTION_MAX));
}

struct sip_body description_answer(struct sip_sdp_session *session, struct sip_body offer,
                                   struct sip_sdp_stream *stream, char *text)
{
    return body_of(text, sip_sdp_answer_bytes(session, offer.bytes, stream, text, DESCRIPTION_MAX));
}
