/* A SIP message as a table of offsets into the caller's bytes (RFC 3261 §7).
 *
 * Parsing copies nothing and allocates nothing: the header table is the caller's array, every
 * `struct sip_str` handed out points into the bytes that were parsed and lives as long as they do.
 * One pass finds the start line, the headers and the body; values are parsed when asked for
 * (sip/fields.h). */
#ifndef SIP_MESSAGE_H
#define SIP_MESSAGE_H

#include "sip/fault.h"
#include "sip/fields.h"
#include "sip/header.h"
#include "sip/tolerance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One header field: offsets from the start of the message. The value is without the white space
 * around it; folds inside it are still there (§7.3.1). */
struct sip_field {
    uint16_t id; /* enum sip_header */
    uint16_t name;
    uint16_t name_len;
    uint16_t value;
    uint16_t value_len;
};

struct sip_message {
    /* Set by sip_message_init(): the caller's table. */
    struct sip_field *fields;
    uint16_t fields_max;
    uint16_t tolerate; /* bits of enum sip_tolerance; SIP_TOLERATE_DEFAULT until changed */
    /* Set by sip_message_parse(). */
    uint16_t fields_count;
    uint16_t tolerated;     /* bits of enum sip_tolerance that the head needed */
    uint16_t status;        /* 100 to 699; 0 in a request */
    enum sip_method method; /* of a request; SIP_METHOD_OTHER for unknown ones and in a response */
    struct sip_str bytes;   /* the whole message, from start line to the end of the body */
    struct sip_str method_name; /* of a request, else {NULL, 0} */
    struct sip_str uri;         /* the Request-URI, else {NULL, 0} */
    struct sip_str reason;      /* the reason phrase of a response */
    struct sip_str body;
    uint32_t body_length; /* as Content-Length says; 0 without one */
    bool has_head;        /* start line and fields are usable, see sip_message_parse() */
    bool has_empty;       /* there is a field without a value */
    uint32_t repeated[SIP_HEADER_COUNT / 32 + 1]; /* bit id % 32 of [id / 32]: more than one */
    uint8_t first[SIP_HEADER_COUNT]; /* 1 + index of the first field with this id, 0 = none; 255:
                                        it is somewhere from index 254 on */
};

/* How the end of a body is found (§18.3). */
enum sip_framing {
    SIP_DATAGRAM, /* without Content-Length the body goes to the end; bytes behind it are ignored */
    SIP_STREAM    /* Content-Length decides; it must be there */
};

/* Prepares `message` to be parsed into; `fields` stays the caller's and in use as long as it. */
SIP_API void sip_message_init(struct sip_message *message, struct sip_field *fields, uint16_t max);

/* Parses one message at the start of `bytes`. CRLFs before the start line are skipped (§7.5).
 *
 * Returns how many bytes it took (skipped ones included), 0 when the message is not complete yet
 * (SIP_STREAM only; a cut datagram is refused), or SIP_EBAD with `*fault` filled.
 *
 * When it does not return a length, `has_head` says whether method or status and the fields are
 * usable all the same, so that a request can be answered; the body never is. True after 0: only the
 * body is not complete. True after SIP_BAD_VERSION (505, §21.5.6) and after SIP_BAD_START_LINE of a
 * line that was meant as a request (400), when nothing else was wrong: then `bytes` is the whole
 * message. True after any fault of Content-Length (400, §18.3), and after SIP_TOO_MANY_HEADERS when
 * only fields other than Via found no room (513, §21.5.7). */
SIP_API long sip_message_parse(struct sip_message *message, struct sip_str bytes,
                               enum sip_framing framing, struct sip_fault *fault);

/* What every checked message has, parsed once for all layers. */
struct sip_essentials {
    struct sip_via via; /* the topmost */
    struct sip_address from;
    struct sip_address to;
    struct sip_cseq cseq;
    struct sip_str call_id;
    uint16_t tolerated;    /* bits of enum sip_tolerance that the message needed, head and values */
    uint8_t max_forwards;  /* 0 to 255; a request without it counts as 70 (§16.3 step 3) */
    bool has_max_forwards;
};

/* Applies what §7, §8.1.1, §18.3 and §20 demand of any message: mandatory headers there and once,
 * their values and the Request-URI well-formed, CSeq naming the request's method, single headers
 * once. Of Via the topmost value is looked at. What `message->tolerate` lets pass is told in
 * `essentials->tolerated`.
 *
 * Fills `*essentials` and returns 0, or returns SIP_EBAD with `*fault` filled, its offset counted
 * from the start line; `message` stays usable for an answer. */
SIP_API int sip_message_check(const struct sip_message *message, struct sip_essentials *essentials,
                              struct sip_fault *fault);

/* Parses every value of every header in the table that has a grammar in sip/fields.h, for tools
 * that judge a whole message; what a user agent needs of one is sip_message_check(). Returns 0, or
 * SIP_EBAD with `*fault` filled for the first value that breaks its grammar. */
SIP_API int sip_message_check_values(const struct sip_message *, struct sip_fault *fault);

/* The first value of a header as it stands in the message (a comma list whole), or {NULL, 0}. */
SIP_API struct sip_str sip_message_value(const struct sip_message *message, enum sip_header id);

/* The first value of a header that is not in the table, by its name; {NULL, 0} if none. */
SIP_API struct sip_str sip_message_named(const struct sip_message *message, struct sip_str name);

/* Walks all values of one header in the order in which they stand, the elements of comma lists one
 * by one (§7.3.1), for headers whose flags say SIP_LIST; else field by field. */
struct sip_values {
    const struct sip_message *message;
    enum sip_header id;
    uint16_t next;       /* field to look at */
    struct sip_str rest; /* of a comma list */
};

SIP_API void sip_values_begin(struct sip_values *, const struct sip_message *, enum sip_header);

/* Stores the next value, without white space around it, in `*value`; false at the end. */
SIP_API bool sip_values_next(struct sip_values *, struct sip_str *value);

/* The same over one value that is a comma list: `*rest` starts as the value and shrinks. Commas in
 * quotes, angle brackets and comments separate nothing; between two commas with nothing in between
 * stands an empty element, in an empty value none. */
SIP_API bool sip_list_next(struct sip_str *rest, struct sip_str *value);

/* True when a comma list of tokens (Supported, Require, Allow ...) in any field of this header
 * names `token`, ignoring case. */
SIP_API bool sip_message_lists(const struct sip_message *, enum sip_header, const char *token);

#ifdef __cplusplus
}
#endif

#endif
