/* Bodies: parts, fragments, session descriptions; frames of a stream. */
#include "proof.h"
#include "sip/framer.h"
#include "sip/multipart.h"
#include "sip/sdp.h"

static void parts(struct sip_str text)
{
    struct sip_media_type type = {text, text, text};
    struct sip_parts walk;
    struct sip_fault fault;

    sip_parts_begin(&walk, &type, text, &fault);
}
PROOF(parts)

static void fragment(struct sip_str text)
{
    PARSES(struct sip_fragment, sip_fragment_parse);
}
PROOF(fragment)

static void sdp(struct sip_str text)
{
    struct sip_sdp_media media[3];
    struct sip_sdp sdp;
    struct sip_fault fault;

    sip_sdp_init(&sdp, media, (uint16_t)Frama_C_interval(0, 3));
    sdp.refused = (uint8_t)Frama_C_interval(0, UINT8_MAX);
    sip_sdp_parse(&sdp, text, &fault);
}
PROOF(sdp)

static void frames(struct sip_str text)
{
    struct sip_framer framer = {0};
    struct sip_framed frame;

    framer.message_max = Frama_C_size_t_interval(0, BYTES_MAX);
    framer.opened = Frama_C_interval(0, 1);
    sip_framer_next(&framer, text, &frame);
}
PROOF(frames)
