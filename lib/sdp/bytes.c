/* Offer and answer from body to body: parsing included, for those who do not look in between. */
#include "sip/sdp.h"

/* The same exchange has no more media than the session can remember. */
static int parse(struct sip_sdp *sdp, struct sip_sdp_media *media, struct sip_str bytes)
{
    struct sip_fault fault;

    sip_sdp_init(sdp, media, SIP_SDP_STREAMS_MAX);
    if (sip_sdp_parse(sdp, bytes, &fault) == SIP_OK)
        return SIP_OK;
    return fault.reason == SIP_SDP_TOO_MANY ? SIP_EFULL : SIP_EBAD;
}

long sip_sdp_answer_bytes(struct sip_sdp_session *session, struct sip_str offer,
                          struct sip_sdp_stream *stream, char *out, size_t size)
{
    struct sip_sdp_media media[SIP_SDP_STREAMS_MAX];
    struct sip_sdp sdp;
    int error;

    if (offer.len == 0)
        return sip_sdp_offer(session, out, size);
    error = parse(&sdp, media, offer);
    return error ? error : sip_sdp_answer(session, &sdp, stream, out, size);
}

int sip_sdp_accept_bytes(struct sip_sdp_session *session, struct sip_str answer,
                         struct sip_sdp_stream *stream)
{
    struct sip_sdp_media media[SIP_SDP_STREAMS_MAX];
    struct sip_sdp sdp;

    if (session->offered == 0)
        return SIP_ESTATE;
    if (parse(&sdp, media, answer)) /* more media than were offered is no answer either */
        return SIP_EBAD;
    return sip_sdp_accept(session, &sdp, stream);
}
