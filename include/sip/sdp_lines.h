/* Session descriptions line by line (RFC 8866 §5): all that sip_sdp_parse() (sip/sdp.h) has looked
 * at and does not keep, as views, and writers for it. A program that only speaks audio needs
 * nothing of this.
 *
 * Walks begin with `sdp.lines` for the session or `media.lines` behind an "m=" line. Parsers read
 * the value of one line, return 0, or SIP_EBAD with `*fault` filled (unless it is NULL) and the
 * output untouched; offsets in faults count from the start of the value. All `struct sip_str` point
 * into the value. The texts of "s=", "i=" and "u=" are text and stand for themselves.
 *
 *     struct sip_str rest = media->lines, value;
 *     struct sip_sdp_connection connection;
 *     while (sip_sdp_next_line(&rest, 'c', &value))
 *         if (sip_sdp_connection_parse(&connection, value, NULL) == 0)
 *             join_layer(&connection);
 *
 * Writers add one line; a member that the grammar does not allow makes the text SIP_EINVAL. */
#ifndef SIP_SDP_LINES_H
#define SIP_SDP_LINES_H

#include "sip/sdp.h"
#include "sip/uri.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- any line, any attribute --- */

struct sip_sdp_line {
    char type; /* 'v', 'o' ... */
    struct sip_str value;
};

/* Stores the next line; false at the end. */
SIP_API bool sip_sdp_next_any_line(struct sip_str *rest, struct sip_sdp_line *line);

/* Stores the next attribute (§5.13): its value is {NULL, 0} for "a=name". False at the end. What
 * the value means is for those who know the name: rtpmap, fmtp, ptime (RFC 8866 §6), candidate (RFC
 * 8839), group and mid (RFC 5888), crypto (RFC 4568), setup and fingerprint (RFC 8122) ... */
SIP_API bool sip_sdp_next_any_attribute(struct sip_str *rest, struct sip_param *attribute);

/* --- "o=" (§5.2) --- */

struct sip_sdp_origin {
    struct sip_str user;         /* "-" for none */
    struct sip_str session_id;   /* digits */
    struct sip_str version;      /* digits */
    struct sip_str network_type; /* "IN" */
    struct sip_str address_type; /* "IP4", "IP6" */
    struct sip_str address;
};

SIP_API int sip_sdp_origin_parse(struct sip_sdp_origin *, struct sip_str value, struct sip_fault *);
SIP_API void sip_sdp_write_origin(struct sip_writer *, const struct sip_sdp_origin *);

/* --- "e=" and "p=" (§5.6): an address, and whose it is --- */

struct sip_sdp_contact {
    struct sip_str address; /* "j.doe@example.com", "+1 617 555-6011" */
    struct sip_str name;    /* {NULL, 0} when there is none */
};

SIP_API int sip_sdp_contact_parse(struct sip_sdp_contact *, struct sip_str value,
                                  struct sip_fault *);
/* `type` is 'e' or 'p'; the name stands behind, in parentheses. */
SIP_API void sip_sdp_write_contact(struct sip_writer *, char type, const struct sip_sdp_contact *);

/* --- "c=" (§5.7): one for the session, any number for a media --- */

struct sip_sdp_connection {
    struct sip_str network_type;
    struct sip_str address_type;
    struct sip_str address;  /* without what stands behind its "/" */
    struct sip_amount ttl;   /* 0 to 255; of IP4 multicast */
    struct sip_amount count; /* of addresses, from `address` upwards; 1 to 65535, else one */
};

SIP_API int sip_sdp_connection_parse(struct sip_sdp_connection *, struct sip_str value,
                                     struct sip_fault *);
SIP_API void sip_sdp_write_connection_line(struct sip_writer *, const struct sip_sdp_connection *);

/* --- "b=" (§5.8) --- */

struct sip_sdp_bandwidth {
    struct sip_str type; /* "CT", "AS": in kbit/s; "TIAS": in bit/s (RFC 3890) */
    uint32_t value;      /* a larger one is refused */
};

SIP_API int sip_sdp_bandwidth_parse(struct sip_sdp_bandwidth *, struct sip_str value,
                                    struct sip_fault *);
SIP_API void sip_sdp_write_bandwidth(struct sip_writer *, const struct sip_sdp_bandwidth *);

/* --- "t=", and the "r=" and "z=" that belong to it (§5.9 to §5.11) --- */

/* Seconds since 1900 (those since 1970 plus 2208988800); 0 is not bounded. */
struct sip_sdp_time {
    uint64_t start_s;
    uint64_t stop_s;
};

SIP_API int sip_sdp_time_parse(struct sip_sdp_time *, struct sip_str value, struct sip_fault *);
SIP_API void sip_sdp_write_time(struct sip_writer *, const struct sip_sdp_time *);

struct sip_sdp_repeat {
    uint32_t interval_s; /* at least 1 */
    uint32_t duration_s;
    struct sip_str offsets; /* from the start time, to walk with sip_sdp_next_offset() */
};

SIP_API int sip_sdp_repeat_parse(struct sip_sdp_repeat *, struct sip_str value, struct sip_fault *);
SIP_API void sip_sdp_write_repeat(struct sip_writer *, const struct sip_sdp_repeat *);

/* Stores the next offset in seconds; false at the end, or where `*rest` has none (0 to 2**32 - 1,
 * with its unit). */
SIP_API bool sip_sdp_next_offset(struct sip_str *rest, uint32_t *offset_s);

/* From `time_s` on repeats come so much later. */
struct sip_sdp_zone {
    uint64_t time_s;  /* since 1900 */
    int32_t offset_s; /* negative: earlier */
};

/* Stores the next of a "z=" value; false at the end, or where `*rest` has none. */
SIP_API bool sip_sdp_next_zone(struct sip_str *rest, struct sip_sdp_zone *zone);
SIP_API void sip_sdp_write_zones(struct sip_writer *, const struct sip_sdp_zone *, size_t count);

/* --- "k=" (§5.12): obsolete, to be ignored by who receives it --- */

/* The method as name ("prompt", "clear", "base64", "uri"), and what stands behind its colon. */
SIP_API int sip_sdp_key_parse(struct sip_param *key, struct sip_str value, struct sip_fault *);
SIP_API void sip_sdp_write_key(struct sip_writer *, const struct sip_param *key);

/* --- "m=" (§5.14), and a description as a whole --- */

/* Of `media`: kind, port with its number of ports, protocol, formats. */
SIP_API void sip_sdp_write_media(struct sip_writer *, const struct sip_sdp_media *media);

/* All lines of the session and of each media under its "m=" line, which is written from its
 * members: what was parsed is written again, with CRLF at the end of each line. */
SIP_API void sip_sdp_write(struct sip_writer *, const struct sip_sdp *);

#ifdef __cplusplus
}
#endif

#endif
