/* Text in a buffer of fixed size: what does not fit is cut. For the files of this folder. */
#ifndef SIP_TRACE_TEXT_H
#define SIP_TRACE_TEXT_H

#include "base/memory.h"
#include "sip/addr.h"
#include "sip/str.h"

struct sip_text {
    char *at;
    size_t size;
    size_t len;
};

static inline void sip_text_put(struct sip_text *text, struct sip_str bytes)
{
    size_t room = text->size - text->len;
    size_t len = bytes.len < room ? bytes.len : room;

    if (len)
        memcpy(text->at + text->len, bytes.at, len);
    text->len += len;
}

static inline void sip_text_add(struct sip_text *text, const char *more)
{
    sip_text_put(text, sip_str(more));
}

static inline void sip_text_repeat(struct sip_text *text, char c, size_t times)
{
    for (; times > 0 && text->len < text->size; times--)
        text->at[text->len++] = c;
}

/* Decimal digits, and "host:port" with IPv6 in brackets. */
void sip_text_number(struct sip_text *, uint64_t);
void sip_text_addr(struct sip_text *, const struct sip_addr *);

#endif
