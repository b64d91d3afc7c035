/* Bodies inside bodies: multipart (RFC 2046 §5.1, RFC 5621) part by part, and message/sipfrag
 * (RFC 3420). Views into the body; nothing is copied, nothing recurses: a part that is multipart
 * itself is walked by another walk, as deep as the caller wishes. */
#ifndef SIP_MULTIPART_H
#define SIP_MULTIPART_H

#include "sip/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- header lines --- */

struct sip_line {
    enum sip_header id;
    struct sip_str name;
    struct sip_str value; /* without the white space around it; folds inside it are still there */
};

/* Stores the next header line; `*rest` starts as a head and shrinks. False at the end, or where
 * what is left in `*rest` is no header line with its CRLF. */
SIP_API bool sip_line_next(struct sip_str *rest, struct sip_line *line);

/* The value of the first line with this name, ignoring case: {NULL, 0} without one. */
SIP_API struct sip_str sip_lines_find(struct sip_str head, const char *name);

/* --- multipart --- */

struct sip_parts {
    struct sip_str boundary;
    struct sip_str body;
    size_t next; /* where the next part begins */
    bool over;   /* the closing boundary has been read */
};

struct sip_part {
    struct sip_str head; /* header lines; may be empty: then it is text/plain (RFC 2046 §5.1) */
    struct sip_str body;
};

/* Begins a walk over `body`, whose Content-Type is `type`; both have to live as long as the walk.
 * The preamble is skipped. Returns 0, or SIP_EBAD when there is no good boundary parameter or no
 * part. */
SIP_API int sip_parts_begin(struct sip_parts *, const struct sip_media_type *type,
                            struct sip_str body, struct sip_fault *);

/* Stores the next part. Returns 1, 0 behind the closing boundary, or SIP_EBAD where it is missing.
 */
SIP_API int sip_parts_next(struct sip_parts *, struct sip_part *, struct sip_fault *);

/* --- message/sipfrag --- */

/* sipfrag = [ start-line ] *message-header [ CRLF [ message-body ] ] */
struct sip_fragment {
    uint16_t status;            /* of a status line, else 0 */
    struct sip_str reason;
    struct sip_str method_name; /* of a request line, else {NULL, 0} */
    struct sip_str uri;
    struct sip_str head; /* the header lines, to walk with sip_line_next() */
    struct sip_str body; /* {NULL, 0} without the empty line */
};

/* Parses a body of this type (RFC 3420 §2.1). The CRLF behind a start line or a header line that is
 * the last may be missing, as many leave it out. Returns 0, or SIP_EBAD with `*fault` filled and
 * `*fragment` untouched. */
SIP_API int sip_fragment_parse(struct sip_fragment *fragment, struct sip_str body,
                               struct sip_fault *fault);

#ifdef __cplusplus
}
#endif

#endif
