#include "sdp/match.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "sdp/attribute.h"
#include "sdp/line.h"

#define TYPES 128 /* RTP payload types: seven bits */

/* --- directions --- */

/* bit 0: sends, bit 1: receives */
static unsigned bits_of(enum sip_sdp_direction direction)
{
    static const uint8_t bits[] = {
        [SIP_SDP_SENDRECV] = 3,
        [SIP_SDP_SENDONLY] = 1,
        [SIP_SDP_RECVONLY] = 2,
        [SIP_SDP_INACTIVE] = 0,
    };
    return bits[direction & 3];
}

static enum sip_sdp_direction direction_of(unsigned bits)
{
    static const uint8_t directions[] = {SIP_SDP_INACTIVE, SIP_SDP_SENDONLY, SIP_SDP_RECVONLY,
                                         SIP_SDP_SENDRECV};
    return (enum sip_sdp_direction)directions[bits & 3];
}

enum sip_sdp_direction sip_sdp_mirror(enum sip_sdp_direction direction)
{
    unsigned bits = bits_of(direction);

    return direction_of((bits >> 1) | (bits << 1));
}

enum sip_sdp_direction sip_sdp_common(enum sip_sdp_direction a, enum sip_sdp_direction b)
{
    return direction_of(bits_of(a) & bits_of(b));
}

/* --- addresses --- */

/* The address of a media, without port, TTL and number of addresses; false for a name. */
static bool address_of(struct sip_str text, struct sip_addr *addr)
{
    struct sip_str host;

    sip_sdp_next_word(&text, '/', &host);
    return sip_addr_parse(addr, host) == SIP_OK;
}

static bool all_zero(const struct sip_addr *addr)
{
    unsigned any = 0;

    for (size_t i = 0; i < (addr->family == SIP_IPV6 ? 16u : 4u); i++)
        any |= addr->bytes[i];
    return any == 0;
}

/* 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291 §2.7) */
static bool is_multicast(const struct sip_addr *addr)
{
    return addr->family == SIP_IPV6 ? addr->bytes[0] == 0xff : (addr->bytes[0] & 0xf0) == 0xe0;
}

enum sip_sdp_direction sip_sdp_meant(const struct sip_sdp_media *media)
{
    struct sip_addr addr;

    if (address_of(media->address, &addr) && all_zero(&addr))
        return sip_sdp_common(media->direction, SIP_SDP_SENDONLY);
    return media->direction;
}

bool sip_sdp_is_usable(const struct sip_sdp_media *media)
{
    struct sip_addr addr;

    if (media->port == 0 || !sip_str_equal(media->kind, sip_str("audio")) ||
        !sip_str_is(media->protocol, "RTP/AVP"))
        return false;
    return !address_of(media->address, &addr) || !is_multicast(&addr);
}

/* --- codecs --- */

bool sip_sdp_is_event(const struct sip_codec *codec)
{
    return sip_str_is(sip_str(codec->name), "telephone-event");
}

static bool is_codec(const struct sip_codec *codec, const struct sip_sdp_format *format)
{
    return codec->clock_rate == format->clock_rate &&
           (codec->channels ? codec->channels : 1) == format->channels &&
           sip_str_same(sip_str(codec->name), format->name);
}

/* Where each payload type has its rtpmap: one walk over the lines, so that the time for a hostile
 * description grows with its length only. */
struct maps {
    struct sip_str lines;
    uint32_t value[TYPES]; /* 1 + offset in `lines`; 0 = none */
    uint16_t len[TYPES];
};

static void find_maps(struct maps *maps, struct sip_str lines)
{
    struct sip_str rest = lines, value;
    struct sip_sdp_format format;

    memset(maps, 0, sizeof *maps);
    maps->lines = lines;
    while (sip_sdp_next_attribute(&rest, "rtpmap", &value)) {
        if (!sip_sdp_rtpmap(value, &format) || maps->value[format.payload_type] ||
            value.len > UINT16_MAX)
            continue;
        maps->value[format.payload_type] = 1 + (uint32_t)(value.at - lines.at);
        maps->len[format.payload_type] = (uint16_t)value.len;
    }
}

static bool look_up(const struct maps *maps, uint8_t type, struct sip_sdp_format *format)
{
    if (maps->value[type] == 0)
        return sip_sdp_static_format(type, format);
    return sip_sdp_rtpmap(sip_bytes(maps->lines.at + maps->value[type] - 1, maps->len[type]),
                          format);
}

static bool is_picked(const struct sip_sdp_picks *picks, const struct sip_codec *codec)
{
    for (size_t i = 0; i < picks->count; i++)
        if (picks->at[i].codec == codec)
            return true;
    return false;
}

static void pick(struct sip_sdp_picks *picks, const struct sip_sdp_session *session,
                 const struct sip_sdp_format *format)
{
    for (size_t i = 0; i < session->codec_count && picks->count < SIP_SDP_CODECS_MAX; i++) {
        const struct sip_codec *codec = &session->codecs[i];

        if (is_codec(codec, format) && !is_picked(picks, codec)) {
            picks->at[picks->count].codec = codec;
            picks->at[picks->count].type = format->payload_type;
            picks->count++;
            return;
        }
    }
}

/* All codecs point into one list: its order is that of the pointers. */
static void order_by_list(struct sip_sdp_picks *picks)
{
    for (size_t i = 1; i < picks->count; i++) {
        struct sip_sdp_pick moved = picks->at[i];
        size_t to = i;

        for (; to > 0 && picks->at[to - 1].codec > moved.codec; to--)
            picks->at[to] = picks->at[to - 1];
        picks->at[to] = moved;
    }
}

void sip_sdp_match(struct sip_sdp_picks *picks, const struct sip_sdp_session *session,
                   const struct sip_sdp_media *media)
{
    struct sip_str rest = media->formats, word;
    struct sip_sdp_format format;
    uint8_t seen[TYPES / 8] = {0};
    struct maps maps;
    uint32_t type;

    picks->count = 0;
    find_maps(&maps, media->lines);
    while (sip_sdp_next_format(&rest, &word)) {
        if (!sip_sdp_number(word, TYPES - 1, &type) || seen[type / 8] & (1u << type % 8))
            continue;
        seen[type / 8] |= (uint8_t)(1u << type % 8);
        if (look_up(&maps, (uint8_t)type, &format))
            pick(picks, session, &format);
    }
    if (session->own_order)
        order_by_list(picks);
}

const struct sip_sdp_pick *sip_sdp_voice(const struct sip_sdp_picks *picks)
{
    for (size_t i = 0; i < picks->count; i++)
        if (!sip_sdp_is_event(picks->at[i].codec))
            return &picks->at[i];
    return NULL;
}

const struct sip_sdp_pick *sip_sdp_events(const struct sip_sdp_picks *picks)
{
    const struct sip_sdp_pick *voice = sip_sdp_voice(picks);

    for (size_t i = 0; i < picks->count; i++)
        if (sip_sdp_is_event(picks->at[i].codec) &&
            picks->at[i].codec->clock_rate == voice->codec->clock_rate) /* RFC 4733 §2.1 */
            return &picks->at[i];
    return NULL;
}

/* --- the agreed stream --- */

/* rtcp = port [nettype SP addrtype SP address] (RFC 3605 §2.1), else the next port (RFC 3264
 * §5.1). */
static struct sip_addr rtcp_of(const struct sip_sdp_media *media, const struct sip_addr *rtp)
{
    struct sip_str value = sip_sdp_attribute(media->lines, "rtcp"), word;
    struct sip_addr none = {0}, addr = *rtp;
    uint32_t port;

    if (!value.at) {
        addr.port++;
        return addr.port ? addr : none;
    }
    sip_sdp_next_word(&value, ' ', &word);
    if (!sip_sdp_number(word, 65535, &port) || port == 0)
        return none;
    if (value.at) {
        for (int i = 0; i < 3; i++)
            sip_sdp_next_word(&value, ' ', &word);
        if (!word.at || sip_addr_parse(&addr, word) != SIP_OK)
            return none;
    }
    addr.port = (uint16_t)port;
    return addr;
}

/* ptime = non-zero-int-or-real (RFC 8866 §6.4); what is behind the point is dropped. */
static uint16_t ptime_of(struct sip_str lines)
{
    struct sip_str value = sip_sdp_attribute(lines, "ptime"), whole;
    uint32_t ms;

    sip_sdp_next_word(&value, '.', &whole);
    return sip_sdp_number(whole, UINT16_MAX, &ms) ? (uint16_t)ms : 0;
}

void sip_sdp_fill_stream(struct sip_sdp_stream *stream, const struct sip_sdp_picks *picks,
                         const struct sip_sdp_media *media)
{
    const struct sip_sdp_pick *voice = sip_sdp_voice(picks), *events = sip_sdp_events(picks);
    struct sip_str address = media->address;

    memset(stream, 0, sizeof *stream);
    stream->codec = voice->codec;
    stream->send_type = stream->receive_type = voice->type;
    stream->event_send_type = stream->event_receive_type =
        events ? events->type : SIP_SDP_NO_TYPE;
    stream->ptime_ms = ptime_of(media->lines);
    stream->fmtp = sip_sdp_fmtp(media->lines, voice->type);
    sip_sdp_next_word(&address, '/', &stream->host);
    if (!address_of(media->address, &stream->remote) || all_zero(&stream->remote)) {
        memset(&stream->remote, 0, sizeof stream->remote);
        return;
    }
    stream->remote.port = media->port;
    stream->remote_rtcp = rtcp_of(media, &stream->remote);
}
