/* Session descriptions of audio calls (RFC 8866) and the offer/answer helper (RFC 3264).
 *
 * Nothing here belongs to the library: a parsed description is views into the caller's bytes, and
 * what an offer/answer exchange must remember is one struct that the host stores. A phone needs:
 *
 *     static const struct sip_codec codecs[] = {
 *         {"PCMA", 8000, 1, 8, NULL},
 *         {"PCMU", 8000, 1, 0, NULL},
 *         {"telephone-event", 8000, 1, 101, "0-15"},
 *     };
 *     struct sip_sdp_session session = {0};
 *     session.id = random_number;
 *     session.local = rtp_address;                    // where our RTP socket listens
 *     session.codecs = codecs;
 *     session.codec_count = 3;
 *
 *     // Called: from the body of the INVITE to that of the 200; 488 when nothing is in common.
 *     long len = sip_sdp_answer_bytes(&session, offer, &stream, body, sizeof body);
 *     int status = len > 0 ? 200 : 488;
 *
 *     // Calling: the body of the INVITE, and what that of the 200 says to it.
 *     long len = sip_sdp_offer(&session, body, sizeof body);
 *     if (sip_sdp_accept_bytes(&session, answer, &stream) > 0)
 *         send_audio(stream.codec, stream.send_type, &stream.remote);
 *
 *     // Hold and resume: the same offer with another direction; the version counts up by itself.
 *     session.direction = SIP_SDP_SENDONLY;
 *     len = sip_sdp_offer(&session, body, sizeof body);
 */
#ifndef SIP_SDP_H
#define SIP_SDP_H

#include "sip/addr.h"
#include "sip/error.h"
#include "sip/fault.h"
#include "sip/str.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- reading a description --- */

/* Seen from the side that wrote the description; zero is the default (RFC 8866 §6.7). */
enum sip_sdp_direction {
    SIP_SDP_SENDRECV,
    SIP_SDP_SENDONLY,
    SIP_SDP_RECVONLY,
    SIP_SDP_INACTIVE
};

/* One "m=" section. What the session level gives for all media is already filled in. */
struct sip_sdp_media {
    struct sip_str kind;         /* "audio", "video" ... */
    struct sip_str protocol;     /* "RTP/AVP" ... */
    struct sip_str formats;      /* "0 8 101", to walk with sip_sdp_next_format() */
    struct sip_str address;      /* of its first "c=", else of the session's: "192.0.2.1", a name,
                                    "233.252.0.1/127" */
    struct sip_str address_type; /* "IP4" or "IP6" */
    struct sip_str lines;        /* all behind the "m=" line, for the functions below */
    uint32_t offset;             /* of the "m=" line in the description */
    uint16_t port;               /* 0 = not wanted, or rejected (RFC 3264 §6) */
    uint16_t ports;              /* how many pairs from there on (RFC 8866 §5.14); most often 1 */
    enum sip_sdp_direction direction;
};

/* What is accepted although the grammar forbids it, because senders do it. */
enum sip_sdp_exception {
    SIP_SDP_EMPTY_NAME = 1,  /* "s=" with nothing behind it, as in RFC 5118 §4.8 */
    SIP_SDP_EMPTY_LINES = 2, /* empty lines behind the last, as in RFC 4475 §3.3.8 */
    SIP_SDP_BARE_LF = 4      /* lines that end in LF alone, which §5 asks to accept */
};

struct sip_sdp {
    /* Set by sip_sdp_init(): the caller's table. */
    struct sip_sdp_media *media;
    uint16_t media_max;
    uint8_t refused; /* by the caller, after init: exceptions that are refused; 0 = none */
    /* Set by sip_sdp_parse(). */
    uint8_t used; /* exceptions that this description needed */
    uint16_t media_count;
    struct sip_str user;       /* "o=": user name, session id, version, address */
    struct sip_str session_id; /* digits */
    struct sip_str version;    /* digits */
    struct sip_str origin;     /* the address, as written */
    struct sip_str name;       /* "s=" */
    struct sip_str time;       /* the first "t=": "0 0" */
    struct sip_str lines;      /* of the session level, for the functions below */
};

/* Prepares `sdp` to be parsed into; `media` stays the caller's and in use as long as it. */
SIP_API void sip_sdp_init(struct sip_sdp *sdp, struct sip_sdp_media *media, uint16_t max);

/* Parses one description, all of `bytes` (RFC 8866 §5, §9): lines in their order, mandatory ones
 * there, values well-formed; attributes are not looked into, the direction excepted. The exceptions
 * above are accepted unless `sdp->refused` names them. Views point into `bytes`; what is not kept
 * here is read with sip/sdp_lines.h.
 * Returns 0, or SIP_EBAD with `*fault` filled and `*sdp` untouched (its table may be written). */
SIP_API int sip_sdp_parse(struct sip_sdp *sdp, struct sip_str bytes, struct sip_fault *fault);

/* The value of the first "a=name:value" among `lines`: an empty text for "a=name", {NULL, 0} when
 * it is not there. Names are compared with their case. */
SIP_API struct sip_str sip_sdp_attribute(struct sip_str lines, const char *name);

/* Stores the value of the next "a=name:value" as above: `*rest` starts as `lines` and shrinks.
 * False at the end. */
SIP_API bool sip_sdp_next_attribute(struct sip_str *rest, const char *name, struct sip_str *value);

/* Walks all lines of one type ('a', 'b', 'c' ...): `*rest` starts as `lines` and shrinks. Stores
 * what stands behind the "="; false at the end. */
SIP_API bool sip_sdp_next_line(struct sip_str *rest, char type, struct sip_str *value);

/* Walks the formats of a media line: `*rest` starts as `media->formats`. False at the end. */
SIP_API bool sip_sdp_next_format(struct sip_str *rest, struct sip_str *format);

/* What a payload type stands for: its "a=rtpmap" and "a=fmtp", or the static table of RFC 3551
 * §6 where there is no rtpmap. */
struct sip_sdp_format {
    struct sip_str name;  /* compared without case (RFC 4855 §3) */
    uint32_t clock_rate;
    uint8_t channels;     /* at least 1 */
    uint8_t payload_type; /* 0 to 127 */
    struct sip_str fmtp;  /* {NULL, 0} when there is none */
};

/* Looks up one format of an RTP media; false when it is no payload type or nothing says what it
 * stands for. */
SIP_API bool sip_sdp_describe(const struct sip_sdp_media *, struct sip_str format,
                              struct sip_sdp_format *);

/* --- offer and answer --- */

/* A codec of the host. A "telephone-event" (RFC 4733) stands in the list like a codec; it is
 * carried along with the codec of its clock rate and never chosen for the voice. */
struct sip_codec {
    const char *name;
    uint32_t clock_rate;
    uint8_t channels;     /* 0 counts as 1 */
    uint8_t payload_type; /* in our offers: its static type, or one from 96 to 127 */
    const char *fmtp;     /* NULL = none */
};

#define SIP_SDP_STREAMS_MAX 8 /* "m=" lines in one offer/answer exchange */
#define SIP_SDP_CODECS_MAX 16
#define SIP_SDP_NO_TYPE 255   /* where there is no payload type */

/* One side of a session, stored by the host for as long as the call. Zero, then the first part set;
 * the second is the helper's. `codecs` must live as long as the session. */
struct sip_sdp_session {
    uint64_t id;           /* the number of "o=": any, best random; its low 62 bits count */
    struct sip_addr local; /* where we receive RTP, with its port */
    const struct sip_codec *codecs; /* best first */
    size_t codec_count;             /* 1 to SIP_SDP_CODECS_MAX */
    enum sip_sdp_direction direction; /* what we want: SENDONLY holds the peer (RFC 3264 §8.4) */
    uint16_t ptime_ms;                /* "a=ptime" that we ask for; 0 = none */
    bool own_order;  /* an answer prefers by our list, not in the order of the offer (§6.1) */
    bool answer_all; /* an answer lists all codecs in common, not only the chosen one */

    uint64_t version;  /* of the last description written; 0 = none yet */
    uint64_t digest;   /* of its text, so that only a changed one gets a new version (§8) */
    uint8_t offered;   /* 1 + direction of our last offer; 0 = none, or we answered since */
    uint8_t stream;    /* which "m=" line is ours */
    uint8_t streams;   /* how many there are: they never become fewer (§8) */
    uint8_t kinds[SIP_SDP_STREAMS_MAX]; /* of the others, written again with port 0 */
};

/* What was agreed: how to send and what will come. Views point into the peer's description. */
struct sip_sdp_stream {
    const struct sip_codec *codec;    /* of the host's list, to send with */
    uint8_t send_type;                /* payload types: the peer's numbers to send (§6.1, §7) ... */
    uint8_t receive_type;             /* ... and ours to receive */
    uint8_t event_send_type;          /* the same of telephone-event, or SIP_SDP_NO_TYPE */
    uint8_t event_receive_type;
    enum sip_sdp_direction direction; /* ours: RECVONLY and INACTIVE mean that the peer holds us */
    uint16_t ptime_ms;                /* that the peer asks for; 0 = none */
    struct sip_str fmtp;              /* of the codec, from the peer; {NULL, 0} = none */
    struct sip_str host;              /* where to send: an address or a name */
    struct sip_addr remote;           /* the same as address and port; family 0 for a name, or when
                                         nothing may be sent there (0.0.0.0, §8.4) */
    struct sip_addr remote_rtcp;      /* the next port, or that of "a=rtcp" (RFC 3605) */
};

/* Writes an offer (§5): our stream with all codecs, and streams of earlier exchanges with port 0.
 * A changed description has the next version, an unchanged one the same (§8); a local port of 0
 * takes our stream out. Returns the length; SIP_ESIZE when it does not fit, or SIP_EINVAL when a
 * field of the session is missing, out of range or holds CR, LF or NUL: `session` is unchanged. */
SIP_API long sip_sdp_offer(struct sip_sdp_session *session, char *out, size_t size);

/* Writes the answer to a parsed offer (§6) and stores in `*stream` what is agreed. The first audio
 * over RTP/AVP with a codec in common is taken, under the offer's payload types; every other media
 * is rejected with port 0; the direction is what the offer and ours allow.
 * Returns the length; 0 when there is nothing in common (answer 488, RFC 3261 §13.3.1.3); else as
 * sip_sdp_offer(), or SIP_EFULL for more than SIP_SDP_STREAMS_MAX media. `*stream` is untouched and
 * `session` unchanged unless the length is positive. */
SIP_API long sip_sdp_answer(struct sip_sdp_session *session, const struct sip_sdp *offer,
                            struct sip_sdp_stream *stream, char *out, size_t size);

/* Reads the answer to our last offer (§7). Returns 1 with `*stream` filled; 0 when the answer
 * rejects our stream or names no codec of ours; SIP_EBAD when it is no answer to that offer
 * (another number of media, or of another kind); SIP_ESTATE without an offer. */
SIP_API int sip_sdp_accept(struct sip_sdp_session *session, const struct sip_sdp *answer,
                           struct sip_sdp_stream *stream);

/* From body to body: sip_sdp_parse() and sip_sdp_answer() in one call. An empty `offer`, as of an
 * INVITE without a body, is answered with an offer of ours, and `*stream` stays untouched; the
 * answer to it comes in the ACK (RFC 3261 §13.2.1). Views in `*stream` point into `offer`.
 * Returns what sip_sdp_answer() does, or SIP_EBAD for what is no description: answer 400 or 488. */
SIP_API long sip_sdp_answer_bytes(struct sip_sdp_session *session, struct sip_str offer,
                                  struct sip_sdp_stream *stream, char *out, size_t size);

/* sip_sdp_parse() and sip_sdp_accept() in one call; what is no description is SIP_EBAD too. */
SIP_API int sip_sdp_accept_bytes(struct sip_sdp_session *session, struct sip_str answer,
                                 struct sip_sdp_stream *stream);

/* The direction of the other side; and what is left where both must allow. */
SIP_API enum sip_sdp_direction sip_sdp_mirror(enum sip_sdp_direction);
SIP_API enum sip_sdp_direction sip_sdp_common(enum sip_sdp_direction, enum sip_sdp_direction);

/* --- writing a description of another shape, line by line --- */

/* "x=value" and CRLF; "a=name:value", without the colon when `value` is {NULL, 0}. As in the rest
 * of struct sip_writer, control bytes but HTAB are refused and an overflow is remembered. */
SIP_API void sip_sdp_write_line(struct sip_writer *, char type, struct sip_str value);
SIP_API void sip_sdp_write_attribute(struct sip_writer *, const char *name, struct sip_str value);

/* "c=IN IP4 192.0.2.1"; "a=rtpmap" and "a=fmtp" of a codec under `payload_type`; "a=sendonly". */
SIP_API void sip_sdp_write_connection(struct sip_writer *, const struct sip_addr *);
SIP_API void sip_sdp_write_codec(struct sip_writer *, uint8_t payload_type,
                                 const struct sip_codec *);
SIP_API void sip_sdp_write_direction(struct sip_writer *, enum sip_sdp_direction);

#ifdef __cplusplus
}
#endif

#endif
