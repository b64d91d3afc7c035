#include "description.h"

/* With their static payload types (RFC 3551 §6). */
static const struct sip_codec codecs[] = {
    {"PCMU", 8000, 1, 0, NULL},
    {"PCMA", 8000, 1, 8, NULL},
};

static bool parse(struct sip_sdp *sdp, struct sip_sdp_media *media, struct sip_body body)
{
    struct sip_fault fault;

    sip_sdp_init(sdp, media, SIP_SDP_STREAMS_MAX);
    return sip_sdp_parse(sdp, body.bytes, &fault) == 0;
}

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
    struct sip_sdp_media media[SIP_SDP_STREAMS_MAX];
    struct sip_sdp sdp;
    long len = 0;

    if (parse(&sdp, media, offer))
        len = sip_sdp_answer(session, &sdp, stream, text, DESCRIPTION_MAX);
    return body_of(text, len);
}

bool description_agree(struct sip_sdp_session *session, struct sip_body answer,
                       struct sip_sdp_stream *stream)
{
    struct sip_sdp_media media[SIP_SDP_STREAMS_MAX];
    struct sip_sdp sdp;

    return parse(&sdp, media, answer) && sip_sdp_accept(session, &sdp, stream) > 0;
}
