/* The cursor under all value parsers: a base, a length, a position.
 *
 * Each helper names one piece of the ABNF of RFC 3261 §25.1. It moves the cursor only on success;
 * on failure it notes why and which byte was the first that cannot be right (the first one behind
 * the longest beginning that some valid text has), so that a parser that gives up only has to call
 * sip_scan_refuse(). All reading goes through sip_scan_byte(), which tests the bound, or through
 * sip_scan_span(). What is not here: grammars of whole values; they have a file each. */
#ifndef SIP_MESSAGE_SCAN_H
#define SIP_MESSAGE_SCAN_H

#include "base/bytes.h"
#include "message/layout.h"
#include "sip/error.h"
#include "sip/fault.h"
#include "sip/tolerance.h"
#include "sip/uri.h"

struct scan {
    const char *base;
    size_t len;             /* bytes behind it do not exist for this cursor */
    size_t at;              /* the next byte */
    size_t wrong;           /* where the last helper that failed found the wrong byte */
    enum sip_reason reason; /* and what is wrong with it */
    uint16_t tolerate;      /* bits of enum sip_tolerance that are let pass */
    uint16_t tolerated;     /* those of them that were needed */
};

/* Classes of bytes; a byte may be in many. Escapes (%HH) and UTF-8 are not bytes and so in none. */
enum scan_class {
    SCAN_ALPHA = 1,
    SCAN_DIGIT = 2,
    SCAN_HEX = 4,
    SCAN_LABEL = 8, /* alphanum / "-" */
    SCAN_TOKEN = 16,
    SCAN_WORD = 32,
    SCAN_SCHEME = 64,
    SCAN_USER = 128, /* unreserved / user-unreserved */
    SCAN_PASSWORD = 256,
    SCAN_PARAM = 512,   /* param-unreserved / unreserved */
    SCAN_HNV = 1024,    /* hnv-unreserved / unreserved */
    SCAN_URIC = 2048,   /* reserved / unreserved */
    SCAN_QDTEXT = 4096, /* qdtext of one byte, SP and HTAB included */
    SCAN_CTEXT = 8192,  /* the same of ctext */
    SCAN_WSP = 16384,
    SCAN_HOST = 32768 /* alphanum / "-" / "." */
};

/* The classes of each byte; those beyond ASCII are in none. */
#define SCAN_BYTES (SIP_OPTIMIZE_SIZE ? 128 : 256)
extern const uint16_t sip_scan_classes[SCAN_BYTES];

/* A position no text has: the answer of those who look for one and fail. */
#define SCAN_NOWHERE SIZE_MAX

#define SCAN_END (-1)

/* The helpers that are called for nearly each byte have two layouts: inline where speed counts, one
 * copy in scan.c where size does. Their bodies are in scan_hot.h. */
#if SIP_OPTIMIZE_SIZE
#define SCAN_HOT
#else
#define SCAN_HOT static inline
#endif

/* The byte at `i`, SCAN_END behind the last one. */
SCAN_HOT int sip_scan_byte(const struct scan *s, size_t i);

/* The byte at the cursor. */
SCAN_HOT int sip_scan_peek(const struct scan *s);

/* True when `byte` is one, not SCAN_END, and in one of `classes`. */
SCAN_HOT bool sip_scan_is(int byte, unsigned classes);

/* The first position from `from` on whose byte is in none of `classes`. */
SCAN_HOT size_t sip_scan_span(const struct scan *s, size_t from, unsigned classes);

/* Notes that the byte at `wrong` cannot be right; always false. */
SCAN_HOT bool sip_scan_no(struct scan *s, size_t wrong, enum sip_reason reason);

/* The text from `from` up to `to`, as far as there is text. */
SCAN_HOT struct sip_str sip_scan_slice(const struct scan *s, size_t from, size_t to);

/* Stores the text from `from` up to the cursor. */
SCAN_HOT void sip_scan_since(const struct scan *s, size_t from, struct sip_str *text);

/* Just this byte. */
SCAN_HOT bool sip_scan_char(struct scan *s, char c, enum sip_reason reason);

/* SWS = [LWS]. */
SCAN_HOT void sip_scan_sws(struct scan *s);

/* SWS c SWS: SLASH, EQUAL, SEMI, COMMA, COLON. */
SCAN_HOT bool sip_scan_around(struct scan *s, char c, enum sip_reason reason);

/* Stores the text from the cursor up to `end` and moves there; there has to be some. */
SCAN_HOT bool sip_scan_take(struct scan *s, size_t end, enum sip_reason, struct sip_str *text);

SCAN_HOT bool sip_scan_token(struct scan *s, struct sip_str *token);

/* *( class / escaped ), and 1*( class / escaped ). */
SCAN_HOT bool sip_scan_escaped_any(struct scan *s, unsigned classes, struct sip_str *text);
SCAN_HOT bool sip_scan_escaped(struct scan *s, unsigned classes, enum sip_reason,
                               struct sip_str *text);

/* True when `part`, a piece of the text of `s`, is `word` but for the case of letters, of which
 * `word` has no capital ones. */
SCAN_HOT bool sip_scan_same(const struct scan *s, struct sip_str part, struct sip_str word);

/* A cursor at the start of `text`. */
SCAN_HOT struct scan sip_scan_of(struct sip_str text);

/* A cursor from `from` to `to` in the text of `s` that counts as `s` does; and one over `part`, a
 * piece of that text. */
struct scan sip_scan_within(const struct scan *s, size_t from, size_t to);
struct scan sip_scan_part(const struct scan *s, struct sip_str part);

/* Where `part`, a piece of the text of `s`, begins; 0 for {NULL, 0}. */
SCAN_HOT size_t sip_scan_offset(const struct scan *s, struct sip_str part);

/* True at the end; else the byte there is wrong for `reason`. */
SCAN_HOT bool sip_scan_end(struct scan *s, enum sip_reason reason);

/* True at `stop`, a byte or SCAN_END, where a URI has to end; else the byte there is wrong. */
SCAN_HOT bool sip_scan_stop(struct scan *s, int stop, enum sip_reason reason);

/* What has gone wrong in `part` has gone wrong in `s`; always false. */
bool sip_scan_blame(struct scan *s, const struct scan *part);

/* Writes what was noted last to `*fault` (unless it is NULL) and returns SIP_EBAD. A text without
 * a byte is SIP_EMPTY_VALUE, whatever was noted. */
SCAN_HOT int sip_scan_refuse(const struct scan *s, enum sip_header header, struct sip_fault *fault);

/* As sip_scan_span() for a class that has letters, digits, "-" and ".", and a text that is most
 * often long; and such a token: a tag, a branch. */
SCAN_HOT size_t sip_scan_long_span(const struct scan *s, size_t from, unsigned classes);
SCAN_HOT bool sip_scan_long_token(struct scan *s, struct sip_str *token);

/* A name that is looked for: of small letters, digits, "-" and "." only. */
struct scan_word {
    char text[SIP_OPTIMIZE_SIZE ? 10 : 15]; /* a zero or more behind it */
    uint8_t len;
};

#define SCAN_WORD_OF(text)                                                                         \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

/* Which of the `count` words `part`, a token or pname in the text of `s`, is but for the case of
 * its letters; `count` when it is none of them. */
SCAN_HOT size_t sip_scan_which(const struct scan *s, struct sip_str part,
                               const struct scan_word *words, size_t count);

/* LWS = [*WSP CRLF] 1*WSP */
SCAN_HOT bool sip_scan_lws(struct scan *s, enum sip_reason reason);

SCAN_HOT bool sip_scan_word(struct scan *s, struct sip_str *word);

/* 1*DIGIT, up to `max`. */
SCAN_HOT bool sip_scan_number(struct scan *s, uint32_t max, uint32_t *number);

/* ttl = 1*3DIGIT ; 0 to 255 */
bool sip_scan_ttl(struct scan *s);

/* port = 1*DIGIT, from 1 to 65535. */
SCAN_HOT bool sip_scan_port(struct scan *s, uint16_t *port);

/* quoted-string without the SWS before it, and comment without the SWS around it; the text has its
 * quotes or parentheses. */
SCAN_HOT bool sip_scan_quoted(struct scan *s, struct sip_str *text);
bool sip_scan_comment(struct scan *s, struct sip_str *text);

/* token / quoted-string. */
SCAN_HOT bool sip_scan_token_or_quoted(struct scan *s, struct sip_str *value);

/* gen-value = token / host / quoted-string. */
SCAN_HOT bool sip_scan_gen_value(struct scan *s, struct sip_str *value);

/* SEMI token: the beginning of a header parameter. */
SCAN_HOT bool sip_scan_param_name(struct scan *s, struct sip_str *name);

/* SEMI generic-param, and generic-param = token [ EQUAL gen-value ]. */
SCAN_HOT bool sip_scan_param(struct scan *s, struct sip_param *param);

/* [ EQUAL gen-value ]: the rest of a generic-param whose name has been read. */
SCAN_HOT bool sip_scan_param_value(struct scan *s, struct sip_str *value);

/* *( SEMI generic-param ) up to the end; `*params` begins behind the first SEMI, and is left alone
 * when there is none. */
bool sip_scan_params(struct scan *s, struct sip_str *params);

/* Stores all between the SEMI at `from` and the end, when one is there. */
SCAN_HOT void sip_scan_take_params(const struct scan *s, size_t from, struct sip_str *params);

/* The next of a list that was found good before: what sip_params_next() walks (param.c). */
bool sip_scan_listed(struct scan *s, struct sip_param *param);

/* The empty text right behind `part`, a piece of the text of `s`: the value of a parameter that has
 * none. */
struct sip_str sip_scan_empty_behind(const struct scan *s, struct sip_str part);

/* As sip_line_next() (line.c). */
struct sip_line;
bool sip_scan_line(struct scan *s, struct sip_line *line);

/* auth-param = token EQUAL ( token / quoted-string ). */
SCAN_HOT bool sip_scan_auth_param(struct scan *s, struct sip_param *param);

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), up to the end, in thousandths
 * (qvalue.c). */
bool sip_scan_qvalue(struct scan *s, int *thousandths);

/* host = hostname / IPv4address / IPv6reference, and the addresses as RFC 5954 §4.1 corrects
 * them (host.c). */
SCAN_HOT bool sip_scan_host(struct scan *s, struct sip_str *host);
SCAN_HOT bool sip_scan_dotted(struct scan *s);
bool sip_scan_ipv4(struct scan *s, uint8_t bytes[4]);
bool sip_scan_ipv6(struct scan *s, uint8_t bytes[16]);

/* hostport = host [ ":" port ]; the port is left alone when there is none. */
SCAN_HOT bool sip_scan_hostport(struct scan *s, struct sip_str *host, uint16_t *port);

/* SIP-URI / SIPS-URI / absoluteURI up to the end (`stop` is SCAN_END) or to a ">" (`stop` is '>').
 * Leaves in `*uri` what it found, all of it set only on success (uri.c). */
bool sip_scan_uri(struct scan *s, int stop, struct sip_uri *uri);

/* What is rare works on a copy of the cursor, so that the cursor itself can stay in registers. */

/* By members, as a compiler keeps in memory what is copied as a whole. */
static inline struct scan sip_scan_copy(const struct scan *s)
{
    struct scan copy = {s->base, s->len, s->at, s->wrong, s->reason, s->tolerate, s->tolerated};

    return copy;
}

/* The cursor for rare work: `*copy`, or `s` itself where size counts. */
static inline struct scan *sip_scan_lend(struct scan *s, struct scan *copy)
{
    if (SIP_OPTIMIZE_SIZE)
        return s;
    *copy = sip_scan_copy(s);
    return copy;
}

/* Goes where it went. */
static inline void sip_scan_follow(struct scan *s, const struct scan *lent)
{
    if (SIP_OPTIMIZE_SIZE)
        return;
    s->at = lent->at;
    s->wrong = lent->wrong;
    s->reason = lent->reason;
    s->tolerated = lent->tolerated;
}

/* What the hot helpers leave to others, because it is rare. */
void sip_scan_white(struct scan *s);
int sip_scan_blamed(struct sip_fault *fault, enum sip_header, enum sip_reason, size_t offset);
bool sip_scan_long_number(struct scan *s, uint32_t max, uint32_t *number);
bool sip_scan_quoted_odd(struct scan *s, size_t i, struct sip_str *text);
bool sip_scan_reference(struct scan *s, struct sip_str *host);
void sip_scan_take_spaced(const struct scan *s, size_t from, struct sip_str *params);
bool sip_scan_escapes(struct scan *s, size_t i, unsigned classes, struct sip_str *text);
bool sip_scan_around_white(struct scan *s, char c, enum sip_reason reason);
bool sip_scan_spells(const struct scan *s, struct sip_str part, struct sip_str word);

#if !SIP_OPTIMIZE_SIZE
#include "message/scan_hot.h"
#endif

#endif
