/* A message on its way through: what user agents and proxies change in one before they pass it on
 * (RFC 3261 §16.6, §16.7). A list of edits is applied while the message is copied out; nothing is
 * parsed again. A proxy that passes a request on and stays on the route:
 *
 *     struct sip_edit edits[5];
 *     edits[0] = sip_edit_uri(contact_of_bob);
 *     edits[1] = sip_edit_hop();
 *     edits[2] = sip_edit_pop(SIP_HEADER_ROUTE);
 *     edits[3] = sip_edit_push(SIP_HEADER_RECORD_ROUTE, sip_str("<sip:192.0.2.1;lr>"));
 *     edits[4] = sip_edit_push(SIP_HEADER_VIA, our_via);
 *     long len = sip_message_edit(&message, edits, 5, out, sizeof out);
 *
 * and what it does to the response (§16.7 step 3):
 *
 *     struct sip_edit back = sip_edit_pop(SIP_HEADER_VIA);
 *     long len = sip_message_edit(&message, &back, 1, out, sizeof out);
 *
 * Several edits may concern one header. Their order makes no difference but among pushes and among
 * appends: what is popped, replaced or removed are values of the message, never pushed ones. */
#ifndef SIP_EDIT_H
#define SIP_EDIT_H

#include "sip/message.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sip_edit_kind {
    SIP_EDIT_NONE, /* zero: changes nothing */
    SIP_EDIT_URI,
    SIP_EDIT_HOP,
    SIP_EDIT_PUSH,
    SIP_EDIT_POP,
    SIP_EDIT_REPLACE,
    SIP_EDIT_REMOVE,
    SIP_EDIT_APPEND,
    SIP_EDIT_SOURCE,
    SIP_EDIT_BODY
};

/* One edit, made by the functions below. All it points to is read when it is applied, not kept. */
struct sip_edit {
    enum sip_edit_kind kind;
    enum sip_header header; /* with SIP_HEADER_OTHER the one that is called `name` */
    struct sip_str name;    /* compared without case */
    struct sip_str value;   /* of a head: a fold in it becomes one space */
    const struct sip_addr *source;
};

#define SIP_EDITS_MAX 32 /* in one list */

/* --- what is done to one header --- */

static inline struct sip_edit sip_edit_header(enum sip_edit_kind kind, enum sip_header header,
                                              struct sip_str value)
{
    struct sip_edit edit = {kind, header, {NULL, 0}, {NULL, 0}, NULL};

    edit.value = value;
    return edit;
}

/* `value` stands above all others of its header, in a line of its own at the top of the head; of
 * several pushes the last is the topmost. */
static inline struct sip_edit sip_edit_push(enum sip_header header, struct sip_str value)
{
    return sip_edit_header(SIP_EDIT_PUSH, header, value);
}

/* The first value goes, of a comma list its first element; two pops take two. Nothing happens where
 * no value is left. */
static inline struct sip_edit sip_edit_pop(enum sip_header header)
{
    struct sip_str none = {NULL, 0};

    return sip_edit_header(SIP_EDIT_POP, header, none);
}

/* All values become this one, in the place of the first or else at the end of the head. Once for
 * each header. */
static inline struct sip_edit sip_edit_replace(enum sip_header header, struct sip_str value)
{
    return sip_edit_header(SIP_EDIT_REPLACE, header, value);
}

/* All values go. */
static inline struct sip_edit sip_edit_remove(enum sip_header header)
{
    struct sip_str none = {NULL, 0};

    return sip_edit_header(SIP_EDIT_REMOVE, header, none);
}

/* `value` stands below all others of its header, in a line of its own at the end of the head. */
static inline struct sip_edit sip_edit_append(enum sip_header header, struct sip_str value)
{
    return sip_edit_header(SIP_EDIT_APPEND, header, value);
}

/* Any of these five on a header without an id, by its name. */
static inline struct sip_edit sip_edit_named(enum sip_edit_kind kind, struct sip_str name,
                                             struct sip_str value)
{
    struct sip_edit edit = sip_edit_header(kind, SIP_HEADER_OTHER, value);

    edit.name = name;
    return edit;
}

/* --- what is done to the rest --- */

/* The Request-URI becomes `uri`. */
static inline struct sip_edit sip_edit_uri(struct sip_str uri)
{
    return sip_edit_header(SIP_EDIT_URI, SIP_HEADER_OTHER, uri);
}

/* One hop more: Max-Forwards less one, 70 where there is none (§16.6 step 3). One that is 0 makes
 * SIP_ESTATE: answer 483 (§16.3 step 3). */
static inline struct sip_edit sip_edit_hop(void)
{
    struct sip_str none = {NULL, 0};

    return sip_edit_header(SIP_EDIT_HOP, SIP_HEADER_MAX_FORWARDS, none);
}

/* The topmost Via of the message tells that it came from `source`, which has to live until the edit
 * is applied (sip_via_stamp(), §18.2.1). */
static inline struct sip_edit sip_edit_source(const struct sip_addr *source)
{
    struct sip_str none = {NULL, 0};
    struct sip_edit edit = sip_edit_header(SIP_EDIT_SOURCE, SIP_HEADER_VIA, none);

    edit.source = source;
    return edit;
}

/* The body becomes `body`; its Content-Type is another edit. */
static inline struct sip_edit sip_edit_body(struct sip_str body)
{
    return sip_edit_header(SIP_EDIT_BODY, SIP_HEADER_OTHER, body);
}

/* --- applying them --- */

/* Copies `message` with `count` edits into a buffer of the caller's, which must not overlap it: the
 * start line, the fields in their order with full names and folds as one space, as the last field
 * the true Content-Length, and the body.
 *
 * Returns the length; SIP_ESIZE when `size` is too small; SIP_EHEADER for a byte that no head may
 * hold; SIP_ESTATE as sip_edit_hop() says; SIP_EINVAL for a list that makes no sense: a URI or hop
 * for a response, a second replace of one header, a source without a readable Via, any edit of
 * Content-Length, more than SIP_EDITS_MAX. */
SIP_API long sip_message_edit(const struct sip_message *message, const struct sip_edit *edits,
                              size_t count, char *out, size_t size);

/* The same into a writer, which then has the error; it may ask for compact names. */
SIP_API void sip_write_edited(struct sip_writer *writer, const struct sip_message *message,
                              const struct sip_edit *edits, size_t count);

#ifdef __cplusplus
}
#endif

#endif
