/* Offer and answer (RFC 3264): what is said, and what was agreed. */
#include "base/memory.h"
#include "sdp/line.h"
#include "sdp/match.h"
#include "sip/sdp.h"

/* What an o= line may hold: "representable with a 64 bit signed integer" (§5); the id keeps well
 * below it, as the first version must. */
#define ID_MASK 0x3fffffffffffffffu

/* One description to be written. */
struct plan {
    const struct sip_sdp *offer; /* NULL for an offer */
    struct sip_sdp_picks picks;  /* formats of our stream, best first */
    enum sip_sdp_direction direction;
    uint8_t stream;
    uint8_t streams;
    uint8_t kinds[SIP_SDP_STREAMS_MAX];
};

/* --- streams that are not ours --- */

/* The kinds that a rejected stream is remembered by, with a protocol and a format to fill the rest
 * of its line: nobody looks at them when the port is 0 (§6, §8.2). */
static const struct {
    const char *kind;
    const char *rest;
} kinds[] = {
    {"application", " 0 TCP *"}, {"audio", " 0 RTP/AVP 0"}, {"video", " 0 RTP/AVP 31"},
    {"image", " 0 udptl t38"},   {"text", " 0 RTP/AVP 98"}, {"message", " 0 TCP/MSRP *"},
};

static uint8_t kind_of(struct sip_str kind)
{
    for (uint8_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
        if (sip_str_equal(kind, sip_str(kinds[i].kind)))
            return i;
    return 0;
}

static void write_rejected(struct sip_writer *w, const struct plan *plan, size_t i)
{
    const struct sip_sdp_media *media;
    struct sip_str formats, format;

    sip_write_text(w, "m=");
    if (!plan->offer) {
        sip_write_text(w, kinds[plan->kinds[i]].kind);
        sip_write_text(w, kinds[plan->kinds[i]].rest);
        sip_write_end(w);
        return;
    }
    media = &plan->offer->media[i];
    formats = media->formats;
    sip_sdp_next_format(&formats, &format);
    sip_write_piece(w, media->kind);
    sip_write_text(w, " 0 ");
    sip_write_piece(w, media->protocol);
    sip_write_text(w, " ");
    sip_write_piece(w, format);
    sip_write_end(w);
}

/* --- writing --- */

static void write_stream(struct sip_writer *w, const struct sip_sdp_session *session,
                         const struct plan *plan)
{
    sip_write_text(w, "m=audio ");
    sip_write_decimal(w, session->local.port);
    sip_write_text(w, " RTP/AVP");
    for (size_t i = 0; i < plan->picks.count; i++) {
        sip_write_text(w, " ");
        sip_write_decimal(w, plan->picks.at[i].type);
    }
    sip_write_end(w);
    for (size_t i = 0; i < plan->picks.count; i++)
        sip_sdp_write_codec(w, plan->picks.at[i].type, plan->picks.at[i].codec);
    if (session->ptime_ms) {
        sip_write_text(w, "a=ptime:");
        sip_write_decimal(w, session->ptime_ms);
        sip_write_end(w);
    }
    sip_sdp_write_direction(w, plan->direction);
}

static void write_all(struct sip_writer *w, const struct sip_sdp_session *session,
                      const struct plan *plan, uint64_t version)
{
    char address[SIP_ADDR_TEXT];

    sip_sdp_write_line(w, 'v', sip_str("0"));
    sip_write_text(w, "o=- ");
    sip_write_decimal(w, session->id & ID_MASK);
    sip_write_text(w, " ");
    sip_write_decimal(w, version);
    sip_write_text(w, session->local.family == SIP_IPV6 ? " IN IP6 " : " IN IP4 ");
    sip_write_piece(w, sip_bytes(address, sip_addr_text(&session->local, address)));
    sip_write_end(w);
    sip_sdp_write_line(w, 's', sip_str("-"));
    sip_sdp_write_connection(w, &session->local);
    sip_sdp_write_line(w, 't', plan->offer ? plan->offer->time : sip_str("0 0")); /* §6 */
    for (size_t i = 0; i < plan->streams; i++) {
        if (i == plan->stream)
            write_stream(w, session, plan);
        else
            write_rejected(w, plan, i);
    }
}

/* FNV-1a: tells a changed text from an unchanged one, nothing more. */
static uint64_t digest_of(const char *bytes, size_t len)
{
    uint64_t digest = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        digest = (digest ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return digest;
}

/* Writes the plan, first with version 0 to see whether anything changed, then with the version that
 * follows from it (§8). Only a description that is whole changes the session. */
static long write_plan(struct sip_sdp_session *session, const struct plan *plan, char *out,
                       size_t size)
{
    uint64_t version = session->version, digest;
    struct sip_writer w;
    long len;

    sip_writer_init(&w, out, size);
    write_all(&w, session, plan, 0);
    len = sip_writer_done(&w);
    digest = len > 0 ? digest_of(out, (size_t)len) : 0;
    if (version == 0 || digest != session->digest)
        version++;

    sip_writer_init(&w, out, size);
    write_all(&w, session, plan, version);
    len = sip_writer_done(&w);
    if (len < 0)
        return len == SIP_ESIZE ? SIP_ESIZE : SIP_EINVAL;
    session->version = version;
    session->digest = digest;
    session->stream = plan->stream;
    session->streams = plan->streams;
    memcpy(session->kinds, plan->kinds, sizeof session->kinds);
    return len;
}

/* --- the host's part --- */

/* True when the host's fields make sense: an address, one codec that is a voice, each payload type
 * once. */
static bool is_sound(const struct sip_sdp_session *session)
{
    bool voice = false;

    if ((session->local.family != SIP_IPV4 && session->local.family != SIP_IPV6) ||
        !session->codecs || session->codec_count > SIP_SDP_CODECS_MAX ||
        (unsigned)session->direction > SIP_SDP_INACTIVE || session->streams > SIP_SDP_STREAMS_MAX)
        return false;
    for (size_t i = 0; i < session->codec_count; i++) {
        const struct sip_codec *codec = &session->codecs[i];

        if (!sip_sdp_is_token(sip_str(codec->name)) || codec->clock_rate == 0 ||
            codec->payload_type > 127)
            return false;
        for (size_t k = 0; k < i; k++)
            if (session->codecs[k].payload_type == codec->payload_type)
                return false;
        voice = voice || !sip_sdp_is_event(codec);
    }
    return voice;
}

long sip_sdp_offer(struct sip_sdp_session *session, char *out, size_t size)
{
    struct plan plan = {.direction = session->direction};
    long len;

    if (!is_sound(session))
        return SIP_EINVAL;
    plan.stream = session->stream;
    plan.streams = session->streams;
    memcpy(plan.kinds, session->kinds, sizeof plan.kinds);
    if (plan.streams == 0) /* the first offer: ours is at 0 */
        plan.streams = 1;
    for (size_t i = 0; i < session->codec_count; i++) {
        plan.picks.at[i].codec = &session->codecs[i];
        plan.picks.at[i].type = session->codecs[i].payload_type;
    }
    plan.picks.count = session->codec_count;
    len = write_plan(session, &plan, out, size);
    if (len > 0)
        session->offered = (uint8_t)plan.direction + 1;
    return len;
}

/* Finds the first media with a voice in common. */
static bool choose(struct plan *plan, const struct sip_sdp_session *session)
{
    for (uint8_t i = 0; i < plan->streams; i++) {
        const struct sip_sdp_media *media = &plan->offer->media[i];

        if (!sip_sdp_is_usable(media))
            continue;
        sip_sdp_match(&plan->picks, session, media);
        if (sip_sdp_voice(&plan->picks)) {
            plan->stream = i;
            return true;
        }
    }
    return false;
}

/* Leaves the chosen codec and its telephone-event. */
static void keep_chosen(struct sip_sdp_picks *picks)
{
    struct sip_sdp_picks kept = {.count = 1};
    const struct sip_sdp_pick *events = sip_sdp_events(picks);

    kept.at[0] = *sip_sdp_voice(picks);
    if (events)
        kept.at[kept.count++] = *events;
    *picks = kept;
}

long sip_sdp_answer(struct sip_sdp_session *session, const struct sip_sdp *offer,
                    struct sip_sdp_stream *stream, char *out, size_t size)
{
    struct plan plan = {.offer = offer};
    const struct sip_sdp_media *media;
    long len;

    if (!is_sound(session) || session->local.port == 0)
        return SIP_EINVAL;
    if (offer->media_count > SIP_SDP_STREAMS_MAX)
        return SIP_EFULL;
    plan.streams = (uint8_t)offer->media_count;
    for (size_t i = 0; i < plan.streams; i++)
        plan.kinds[i] = kind_of(offer->media[i].kind);
    if (!choose(&plan, session))
        return 0;
    if (!session->answer_all)
        keep_chosen(&plan.picks);
    media = &offer->media[plan.stream];
    plan.direction = sip_sdp_common(sip_sdp_mirror(sip_sdp_meant(media)), session->direction);

    len = write_plan(session, &plan, out, size);
    if (len < 0)
        return len;
    sip_sdp_fill_stream(stream, &plan.picks, media);
    stream->direction = plan.direction;
    session->offered = 0;
    return len;
}

/* The number that our offer gave to a codec: the peer sends with it (§5.1). */
static uint8_t receive_type(const struct sip_sdp_pick *pick)
{
    return pick ? pick->codec->payload_type : SIP_SDP_NO_TYPE;
}

int sip_sdp_accept(struct sip_sdp_session *session, const struct sip_sdp *answer,
                   struct sip_sdp_stream *stream)
{
    const struct sip_sdp_media *media;
    struct sip_sdp_picks picks;

    if (session->offered == 0 || !is_sound(session))
        return SIP_ESTATE;
    if (answer->media_count != session->streams) /* §6: the same number of "m=" lines */
        return SIP_EBAD;
    media = &answer->media[session->stream];
    if (!sip_str_equal(media->kind, sip_str("audio")))
        return SIP_EBAD;
    if (!sip_sdp_is_usable(media))
        return 0;
    sip_sdp_match(&picks, session, media);
    if (!sip_sdp_voice(&picks))
        return 0;
    sip_sdp_fill_stream(stream, &picks, media);
    stream->receive_type = receive_type(sip_sdp_voice(&picks));
    stream->event_receive_type = receive_type(sip_sdp_events(&picks));
    stream->direction = sip_sdp_common(sip_sdp_mirror(sip_sdp_meant(media)),
                                       (enum sip_sdp_direction)(session->offered - 1));
    return 1;
}
