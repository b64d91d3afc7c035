/* Builds messages into the caller's buffer: bounded, and incapable of header injection.
 *
 * Nothing is checked call by call: the writer remembers the first thing that went wrong and goes on
 * counting, so that one look at the end tells whether the message is whole, and how much room it
 * would have needed. CR, LF, NUL and the other control bytes but HTAB are refused in any piece of a
 * head; in what is copied from a peer a fold becomes one space (RFC 3261 §7.3.1), and so does a
 * control byte that the peer escaped. Bodies are any bytes. */
#ifndef SIP_WRITER_H
#define SIP_WRITER_H

#include "sip/addr.h"
#include "sip/fields.h"
#include "sip/header.h"
#include "sip/message.h"
#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_writer {
    char *at;
    size_t size;
    size_t used; /* may exceed `size`: then nothing beyond was written */
    int error;   /* first of SIP_EHEADER (forbidden byte), SIP_EINVAL; SIP_OK so far */
    bool compact; /* set after init: known names are written in their compact form (§7.3.3) */
};

SIP_API void sip_writer_init(struct sip_writer *, void *memory, size_t size);

/* --- whole lines --- */

SIP_API void sip_write_request_line(struct sip_writer *, struct sip_str method, struct sip_str uri);

/* An empty reason becomes the default phrase of the status (§21). */
SIP_API void sip_write_status_line(struct sip_writer *, uint16_t status, struct sip_str reason);

/* "Name: value" for a known header; for any other with its name, which must be a token. */
SIP_API void sip_write_header(struct sip_writer *, enum sip_header, struct sip_str value);
SIP_API void sip_write_named(struct sip_writer *, struct sip_str name, struct sip_str value);
SIP_API void sip_write_number(struct sip_writer *, enum sip_header, uint32_t value);
SIP_API void sip_write_cseq(struct sip_writer *, uint32_t number, struct sip_str method);

/* Copies a field of a parsed message, name in the writer's form, folds as one space; and all fields
 * of one header in their order. */
SIP_API void sip_write_copy(struct sip_writer *, const struct sip_message *,
                            const struct sip_field *);
SIP_API void sip_write_copy_all(struct sip_writer *, const struct sip_message *, enum sip_header);

/* Copies all fields in their order, but those of the `count` headers in `skip`, Content-Type and
 * Content-Length: a message is sent again by writing its first line and what changes, this, and
 * sip_write_body(); sip/edit.h does all of it. */
SIP_API void sip_write_fields_except(struct sip_writer *, const struct sip_message *,
                                     const enum sip_header *skip, size_t count);

/* Header lines made by another writer, each with its CRLF; what is not such lines is SIP_EHEADER.
 */
SIP_API void sip_write_lines(struct sip_writer *, struct sip_str lines);

/* An address header: `display` is any text and gets its quotes here ({NULL, 0}: none); the URI
 * always stands in angle brackets; `params` is appended as it stands, with its leading ';'. */
SIP_API void sip_write_address(struct sip_writer *, enum sip_header, struct sip_str display,
                               struct sip_str uri, struct sip_str params);

/* --- a line from pieces: begin, any number of pieces, end --- */

SIP_API void sip_write_begin(struct sip_writer *, enum sip_header);
SIP_API void sip_write_begin_named(struct sip_writer *, struct sip_str name);
SIP_API void sip_write_piece(struct sip_writer *, struct sip_str);
SIP_API void sip_write_text(struct sip_writer *, const char *);
/* A piece of a received message: its folds become one space. */
SIP_API void sip_write_received(struct sip_writer *, struct sip_str);
SIP_API void sip_write_decimal(struct sip_writer *, uint64_t);
SIP_API void sip_write_hex(struct sip_writer *, const void *bytes, size_t count);
SIP_API void sip_write_quoted(struct sip_writer *, struct sip_str unquoted);
/* Host for a Via, URI or Contact: IPv6 in brackets, ":port" unless the port is 0. */
SIP_API void sip_write_host(struct sip_writer *, const struct sip_addr *);
SIP_API void sip_write_end(struct sip_writer *);

/* --- the end of the message --- */

/* Content-Type (unless empty) and Content-Length, the empty line, and the body. */
SIP_API void sip_write_body(struct sip_writer *, struct sip_str type, struct sip_str bytes);

/* The length of the message, SIP_ESIZE when it did not fit (`used` says what it needs), or the
 * first error. */
SIP_API long sip_writer_done(const struct sip_writer *);

/* The reason phrase of §21 and later RFCs for a status; that of its class when unknown (§8.1.3.2),
 * "Error" outside of 100 to 699. Static, never NULL. */
SIP_API const char *sip_status_text(uint16_t status);

#ifdef __cplusplus
}
#endif

#endif
