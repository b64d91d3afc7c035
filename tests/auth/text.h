/* What the tests of digest share: texts in exact heap blocks, messages around header lines, and the
 * users of RFC 7616's examples. */
#ifndef TEXT_H
#define TEXT_H

#include "sip/digest_server.h"
#include "test.h"
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A copy without NUL in a block of just its length, so that a sanitizer sees an overread. */
static inline struct sip_str exact(const char *text, size_t len)
{
    char *block = malloc(len ? len : 1);

    memcpy(block, text, len);
    return sip_bytes(block, len);
}

static inline void release(struct sip_str text)
{
    free((void *)(uintptr_t)text.at);
}

struct parsed {
    struct sip_message message;
    struct sip_field fields[40];
    char text[8192];
};

/* Parses a response or a request made of a start line, the lines given, and what must be there. */
static inline void parse(struct parsed *p, const char *start, const char *lines)
{
    struct sip_fault fault;

    snprintf(p->text, sizeof p->text,
             "%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n%sContent-Length: 0\r\n\r\n",
             start, lines);
    sip_message_init(&p->message, p->fields, COUNT(p->fields));
    CHECK(sip_message_parse(&p->message, sip_str(p->text), SIP_DATAGRAM, &fault) > 0);
}

/* What a writer has written since `from`, and whether it is whole. */
static inline struct sip_str written(const struct sip_writer *writer)
{
    CHECK_INT(sip_writer_done(writer), writer->used);
    return sip_bytes(writer->at, writer->used);
}

/* `unit` repeated, between `before` and `after`; lives until the next call. */
static inline const char *repeated(const char *before, char unit, unsigned count, const char *after)
{
    static char text[4096];
    unsigned len = (unsigned)snprintf(text, sizeof text, "%s", before);

    memset(text + len, unit, count);
    snprintf(text + len + count, sizeof text - (len + count), "%s", after);
    return text;
}

#endif
