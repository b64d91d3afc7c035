#include "description.h"

static bool parse(struct sip_sdp *sdp, struct sip_sdp_media *media, struct sip_str text)
{
    struct sip_fault fault;

    sip_sdp_init(sdp, media, SIP_SDP_STREAMS_MAX);
    return sip_sdp_parse(sdp, text, &fault) == 0;
}

long description_answer(struct sip_sdp_session *session, struct sip_str offer,
                        struct sip_sdp_stream *stream, char *out, size_t size)
{
    struct sip_sdp_media media[SIP_SDP_STREAMS_MAX];
    struct sip_sdp sdp;

    return parse(&sdp, media, offer) ? sip_sdp_answer(session, &sdp, stream, out, size) : 0;
}

bool description_accept(struct sip_sdp_session *session, struct sip_str answer,
                        struct sip_sdp_stream *stream)
{
    struct sip_sdp_media media[SIP_SDP_STREAMS_MAX];
    struct sip_sdp sdp;

    return parse(&sdp, media, answer) && sip_sdp_accept(session, &sdp, stream) > 0;
}
