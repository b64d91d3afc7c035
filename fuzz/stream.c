/* The bytes of a connection, whole and in pieces of lengths that the input chooses, each piece in a
 * block of its own: the framer tells the same messages, keep-alives and faults in the same order,
 * and what it hands out the parser takes as long as the framer said, or refuses. */
#include "fuzz.h"
#include "sip/error.h"
#include "sip/framer.h"
#include "sip/message.h"

enum { STREAM_MAX = 1 << 13, FRAMES_MAX = STREAM_MAX, FIELDS_MAX = 64 };

/* What the framer told: where each frame ends in the stream, and which kind it is. */
struct told {
    unsigned count;
    struct {
        enum sip_frame kind;
        size_t begin, end; /* of the message, or where a keep-alive or a fault was told */
        struct sip_fault fault;
    } frames[FRAMES_MAX];
};

static void tell(struct told *told, enum sip_frame kind, const struct sip_framed *frame, size_t at,
                 struct sip_str rest)
{
    size_t begin = frame->message.at ? at + (size_t)(frame->message.at - rest.at) : at;

    require(told->count < FRAMES_MAX);
    require(is_inside(frame->message, rest));
    if (kind == SIP_FRAME_PING || kind == SIP_FRAME_PONG)
        begin = at + frame->consumed; /* told when their last byte is there */
    if (kind == SIP_FRAME_BROKEN)
        begin = at + frame->fault.offset;
    told->frames[told->count].kind = kind;
    told->frames[told->count].begin = begin;
    told->frames[told->count].end = begin + frame->message.len;
    told->frames[told->count].fault = frame->fault;
    told->count++;
}

static void parse_message(struct sip_str message)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_message got;
    struct sip_fault fault;
    long taken;

    sip_message_init(&got, fields, FIELDS_MAX);
    taken = sip_message_parse(&got, message, SIP_STREAM, &fault);
    require(taken == (long)message.len || taken == SIP_EBAD);
}

/* Takes all frames out of `bytes`, which stand at `at` in the stream: returns what was consumed. */
static size_t take(struct sip_framer *framer, struct sip_str bytes, size_t at, struct told *told)
{
    size_t consumed = 0;

    for (;;) {
        struct sip_str rest = sip_bytes(bytes.at + consumed, bytes.len - consumed);
        struct sip_framed frame;
        enum sip_frame kind = sip_framer_next(framer, rest, &frame);

        require(frame.consumed <= rest.len);
        require(kind != SIP_FRAME_BROKEN || frame.consumed == 0);
        /* On a connection that we opened two pongs may be a ping that came in one piece. */
        if (kind != SIP_FRAME_INCOMPLETE &&
            !(framer->opened && (kind == SIP_FRAME_PING || kind == SIP_FRAME_PONG)))
            tell(told, kind, &frame, at + consumed, rest);
        consumed += frame.consumed;
        if (kind == SIP_FRAME_MESSAGE)
            parse_message(frame.message);
        if (kind == SIP_FRAME_INCOMPLETE || kind == SIP_FRAME_BROKEN)
            return consumed;
        require(frame.consumed > 0);
    }
}

static void in_pieces(struct sip_framer framer, struct sip_str stream, uint32_t seed,
                      unsigned longest, struct told *told)
{
    size_t consumed = 0, arrived = 0;

    while (arrived < stream.len && !framer.broken) {
        struct sip_str piece;

        seed = seed * 1664525u + 1013904223u;
        arrived += 1 + (seed >> 16) % longest;
        arrived = arrived < stream.len ? arrived : stream.len;
        piece = exact_copy(sip_bytes(stream.at + consumed, arrived - consumed));
        consumed += take(&framer, piece, consumed, told);
        exact_free(piece);
    }
}

static bool same(const struct told *a, const struct told *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->frames[i].kind != b->frames[i].kind || a->frames[i].begin != b->frames[i].begin ||
            a->frames[i].end != b->frames[i].end ||
            (a->frames[i].kind == SIP_FRAME_BROKEN &&
             a->frames[i].fault.reason != b->frames[i].fault.reason))
            return false;
    return true;
}

/* A message is not complete until its last byte, and the parser says nothing else on the way. */
static void play_parser(struct sip_str stream, uint32_t chance)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_message message;
    struct sip_fault fault, early;
    size_t len = stream.len ? chance % stream.len : 0;
    struct sip_str cut = exact_copy(cut_at(stream, len));
    long whole, taken;

    sip_message_init(&message, fields, FIELDS_MAX);
    whole = sip_message_parse(&message, stream, SIP_STREAM, &fault);
    taken = sip_message_parse(&message, cut, SIP_STREAM, &early);
    exact_free(cut);
    if (whole > 0)
        require(taken == ((long)len < whole ? 0 : whole));
    else if (whole == 0)
        require(taken == 0);
    else
        require(taken == 0 || (taken < 0 && fault.reason == early.reason));
}

/* The first byte is the longest piece, the second says who opened the connection and how long a
 * message may be. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct told whole, pieces, bytes;
    struct sip_framer framer = {0};
    struct sip_str stream = sip_bytes(data + 2, size - 2);

    if (size < 2 || stream.len > STREAM_MAX - 2)
        return 0;
    whole.count = pieces.count = bytes.count = 0;
    framer.opened = data[1] & 1;
    framer.message_max = data[1] & 2 ? 64 + data[1] : 0;
    in_pieces(framer, stream, 1, data[0] + 1u, &pieces);
    if (stream.len < 150)
        in_pieces(framer, stream, 1, 1, &bytes);
    take(&framer, stream, 0, &whole);
    require(same(&whole, &pieces));
    require(stream.len >= 150 || same(&whole, &bytes));
    play_parser(stream, chance_of(stream));
    return 0;
}
