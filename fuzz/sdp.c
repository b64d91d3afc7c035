/* Session descriptions: parsed with and without exceptions, looked at, written line by line and
 * parsed again; as an offer that we answer, and as the answer to an offer of ours. What we write is
 * well-formed, fits exactly where it fits, and the other side understands it. */
#include "fuzz.h"
#include "sip/sdp.h"

enum { MEDIA_MAX = 12, TEXT_MAX = 1 << 14 };
enum { EVERY = SIP_SDP_EMPTY_NAME | SIP_SDP_EMPTY_LINES | SIP_SDP_BARE_LF };

struct description {
    struct sip_sdp sdp;
    struct sip_sdp_media media[MEDIA_MAX];
};

static const struct sip_codec codecs[] = {
    {"opus", 48000, 2, 96, "useinbandfec=1"},
    {"PCMA", 8000, 1, 8, NULL},
    {"PCMU", 8000, 0, 0, NULL},
    {"G722", 8000, 1, 9, NULL},
    {"telephone-event", 8000, 1, 101, "0-15"},
};

static bool parse(struct description *got, struct sip_str bytes, unsigned refused)
{
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};
    struct sip_sdp before;

    memset(got, 0x5a, sizeof *got);
    sip_sdp_init(&got->sdp, got->media, MEDIA_MAX);
    got->sdp.refused = (uint8_t)refused;
    before = got->sdp;
    if (sip_sdp_parse(&got->sdp, bytes, &fault) == 0) {
        require(fault.reason == SIP_REASON_NONE && (got->sdp.used & refused) == 0);
        return true;
    }
    require(fault.reason > SIP_REASON_NONE && fault.offset <= bytes.len);
    require(memcmp(&before, &got->sdp, sizeof before) == 0);
    return false;
}

/* --- what is in a description --- */

static void look_lines(struct sip_str lines, struct sip_str bytes)
{
    static const char types[] = "abcktziuepr";
    struct sip_str value;

    require(is_inside(lines, bytes));
    for (size_t i = 0; i < sizeof types - 1; i++) {
        struct sip_str rest = lines;
        size_t rounds = 0;

        while (sip_sdp_next_line(&rest, types[i], &value)) {
            require(is_inside(value, lines) && is_inside(rest, lines));
            require(++rounds <= lines.len);
        }
    }
    require(is_inside(sip_sdp_attribute(lines, "rtpmap"), lines));
    require(is_inside(sip_sdp_attribute(lines, "sendonly"), lines));
}

static void look_media(const struct sip_sdp_media *media, struct sip_str bytes)
{
    struct sip_str rest = media->formats, format;
    struct sip_sdp_format told;
    size_t rounds = 0;

    require(is_inside(media->kind, bytes) && media->kind.len > 0);
    require(is_inside(media->protocol, bytes) && media->protocol.len > 0);
    require(is_inside(media->formats, bytes) && media->offset < bytes.len);
    require(is_inside(media->address, bytes) && is_inside(media->address_type, bytes));
    require(bytes.at[media->offset] == 'm' && media->direction <= SIP_SDP_INACTIVE);
    look_lines(media->lines, bytes);
    while (sip_sdp_next_format(&rest, &format)) {
        require(is_inside(format, media->formats) && ++rounds <= media->formats.len);
        if (sip_sdp_describe(media, format, &told))
            require(told.payload_type <= 127 && told.channels >= 1 && told.name.at != NULL &&
                    is_inside(told.fmtp, media->lines));
    }
    require(rounds > 0);
}

static void look(const struct description *of, struct sip_str bytes)
{
    const struct sip_sdp *sdp = &of->sdp;

    require(is_inside(sdp->user, bytes) && is_inside(sdp->session_id, bytes));
    require(is_inside(sdp->version, bytes) && is_inside(sdp->origin, bytes));
    require(is_inside(sdp->name, bytes) && is_inside(sdp->time, bytes));
    look_lines(sdp->lines, bytes);
    require(sdp->media_count <= MEDIA_MAX);
    for (unsigned i = 0; i < sdp->media_count; i++)
        look_media(&sdp->media[i], bytes);
}

static bool same_media(const struct sip_sdp_media *a, const struct sip_sdp_media *b)
{
    return sip_str_equal(a->kind, b->kind) && sip_str_equal(a->protocol, b->protocol) &&
           sip_str_equal(a->formats, b->formats) && sip_str_equal(a->address, b->address) &&
           sip_str_equal(a->address_type, b->address_type) && a->port == b->port &&
           a->direction == b->direction;
}

static bool same(const struct sip_sdp *a, const struct sip_sdp *b)
{
    if (!sip_str_equal(a->user, b->user) || !sip_str_equal(a->session_id, b->session_id) ||
        !sip_str_equal(a->version, b->version) || !sip_str_equal(a->origin, b->origin) ||
        !sip_str_equal(a->name, b->name) || !sip_str_equal(a->time, b->time) ||
        a->media_count != b->media_count)
        return false;
    for (unsigned i = 0; i < a->media_count; i++)
        if (!same_media(&a->media[i], &b->media[i]))
            return false;
    return true;
}

/* --- written line by line --- */

static bool has_control(struct sip_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (((unsigned char)bytes.at[i] < ' ' && !memchr("\t\r\n", bytes.at[i], 3)) ||
            bytes.at[i] == 0x7f)
            return true;
    return false;
}

static void write_again(const struct description *of, struct sip_str bytes)
{
    static char out[2 * TEXT_MAX];
    static struct description again;
    struct sip_writer writer;
    size_t at = 0;
    long len;

    sip_writer_init(&writer, out, sizeof out);
    while (at < bytes.len) {
        const char *end = memchr(bytes.at + at, '\n', bytes.len - at);
        size_t next = end ? (size_t)(end - bytes.at) + 1 : bytes.len, stop = end ? next - 1 : next;

        if (stop > at && bytes.at[stop - 1] == '\r')
            stop--;
        if (stop - at >= 2)
            sip_sdp_write_line(&writer, bytes.at[at], sip_bytes(bytes.at + at + 2, stop - at - 2));
        at = next;
    }
    len = sip_writer_done(&writer);
    if (has_control(bytes)) { /* which RFC 8866 allows, and no writer of ours writes */
        require(len == SIP_EHEADER);
        return;
    }
    require(len > 0);
    require(parse(&again, sip_bytes(out, (size_t)len), SIP_SDP_EMPTY_LINES | SIP_SDP_BARE_LF));
    require(same(&of->sdp, &again.sdp));
}

/* --- offer and answer --- */

static struct sip_sdp_session session_of(uint32_t chance)
{
    struct sip_sdp_session session = {0};

    session.id = chance;
    session.local.family = SIP_IPV4;
    memcpy(session.local.bytes, "\300\0\2\1", 4);
    session.local.port = (uint16_t)(chance % 7 ? 4000 : 0);
    session.codecs = codecs + chance / 7 % 4;
    session.codec_count = sizeof codecs / sizeof *codecs - chance / 7 % 4;
    session.direction = (enum sip_sdp_direction)(chance >> 5 & 3);
    session.ptime_ms = (uint16_t)(chance >> 7 & 1 ? 20 : 0);
    session.own_order = chance >> 8 & 1;
    session.answer_all = chance >> 9 & 1;
    return session;
}

static void look_stream(const struct sip_sdp_stream *stream, const struct sip_sdp_session *ours)
{
    require(stream->codec >= ours->codecs && stream->codec < ours->codecs + ours->codec_count);
    require(stream->send_type <= 127 && stream->receive_type <= 127);
    require(stream->direction <= SIP_SDP_INACTIVE);
}

static void play_offer(const struct description *offer, uint32_t chance)
{
    static char out[TEXT_MAX], less[TEXT_MAX];
    static struct description answer;
    struct sip_sdp_session ours = session_of(chance), before = ours, twice;
    struct sip_sdp_stream stream;
    long len = sip_sdp_answer(&ours, &offer->sdp, &stream, out, sizeof out);

    if (len <= 0) {
        require(len == 0 || len == SIP_EFULL || len == SIP_EINVAL);
        require(memcmp(&ours, &before, sizeof ours) == 0);
        return;
    }
    look_stream(&stream, &ours);
    require(parse(&answer, sip_bytes(out, (size_t)len), EVERY));
    look(&answer, sip_bytes(out, (size_t)len));
    require(answer.sdp.media_count == offer->sdp.media_count);
    for (unsigned i = 0; i < answer.sdp.media_count; i++)
        require(sip_str_equal(answer.media[i].kind, offer->media[i].kind) &&
                (answer.media[i].port == 0 || offer->media[i].port != 0));
    twice = before;
    require(sip_sdp_answer(&twice, &offer->sdp, &stream, less, (size_t)len) == len);
    require(memcmp(out, less, (size_t)len) == 0);
    twice = before;
    require(sip_sdp_answer(&twice, &offer->sdp, &stream, less, chance % (size_t)len) == SIP_ESIZE);
    require(memcmp(&twice, &before, sizeof twice) == 0);
    len = sip_sdp_offer(&ours, out, sizeof out); /* the next one keeps all streams */
    require(len > 0 && parse(&answer, sip_bytes(out, (size_t)len), EVERY));
    require(answer.sdp.media_count == offer->sdp.media_count);
}

static void play_answer(const struct description *answer, uint32_t chance)
{
    static char out[TEXT_MAX], back[TEXT_MAX];
    static struct description offer, other;
    struct sip_sdp_session ours = session_of(chance), theirs = session_of(chance >> 10);
    struct sip_sdp_stream stream, mirror;
    long len = sip_sdp_offer(&ours, out, sizeof out);
    int result;

    require(len > 0 && parse(&offer, sip_bytes(out, (size_t)len), EVERY));
    result = sip_sdp_accept(&ours, &answer->sdp, &stream);
    require(result == 1 || result == 0 || result == SIP_EBAD);
    if (result == 1)
        look_stream(&stream, &ours);
    require(sip_sdp_offer(&ours, out, sizeof out) == len); /* unchanged: the same version */
    len = sip_sdp_answer(&theirs, &offer.sdp, &mirror, back, sizeof back);
    if (len <= 0 || !theirs.local.port)
        return;
    require(parse(&other, sip_bytes(back, (size_t)len), EVERY));
    require(sip_sdp_accept(&ours, &other.sdp, &stream) == 1);
    require(stream.direction == sip_sdp_mirror(mirror.direction));
    require(stream.send_type == mirror.receive_type && stream.receive_type == mirror.send_type);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct description got, strictly;
    struct sip_str bytes = sip_bytes(data, size), cut;
    uint32_t chance = chance_of(bytes);

    if (size > TEXT_MAX)
        return 0;
    if (size > 0) {
        cut = exact_copy(cut_at(bytes, chance % size));
        if (parse(&got, cut, 0))
            look(&got, cut);
        exact_free(cut);
    }
    if (!parse(&got, bytes, 0)) {
        require(!parse(&strictly, bytes, EVERY));
        return 0;
    }
    require(parse(&strictly, bytes, EVERY & ~(unsigned)got.sdp.used));
    require(parse(&strictly, bytes, EVERY) == (got.sdp.used == 0));
    look(&got, bytes);
    write_again(&got, bytes);
    play_offer(&got, chance);
    play_answer(&got, chance);
    return 0;
}
