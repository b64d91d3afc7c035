/* Which codecs a media and the host's list have in common (RFC 3264 §6.1, §7). */
#ifndef SIP_SDP_MATCH_H
#define SIP_SDP_MATCH_H

#include "sip/sdp.h"

/* A codec of the host under the payload type that the peer gave it. */
struct sip_sdp_pick {
    const struct sip_codec *codec;
    uint8_t type;
};

struct sip_sdp_picks {
    struct sip_sdp_pick at[SIP_SDP_CODECS_MAX];
    size_t count;
};

/* A telephone-event (RFC 4733): carried along, never chosen for the voice. */
bool sip_sdp_is_event(const struct sip_codec *);

/* True for unicast audio over plain RTP that is not rejected: what this helper can take. */
bool sip_sdp_is_usable(const struct sip_sdp_media *);

/* Gathers the codecs in common, each once, in the order of the media's formats or, with
 * `own_order`, of the host's list. */
void sip_sdp_match(struct sip_sdp_picks *, const struct sip_sdp_session *,
                   const struct sip_sdp_media *);

/* The first that is a voice; and, where there is one, its telephone-event: that of its clock rate.
 * NULL if none. */
const struct sip_sdp_pick *sip_sdp_voice(const struct sip_sdp_picks *);
const struct sip_sdp_pick *sip_sdp_events(const struct sip_sdp_picks *);

/* Fills in what the peer's media says about sending to it: address, RTCP, ptime, fmtp, payload
 * types. The types to receive are set to those to send. */
void sip_sdp_fill_stream(struct sip_sdp_stream *, const struct sip_sdp_picks *,
                         const struct sip_sdp_media *);

/* What the peer really wants: an address of all zeros means that it takes nothing (§8.4). */
enum sip_sdp_direction sip_sdp_meant(const struct sip_sdp_media *);

#endif
