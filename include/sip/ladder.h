/* A trace as a ladder that a person reads, and as lines that programs merge.
 *
 * As a tracer, drawing what one program sees while it happens:
 *
 *     static const struct sip_ladder_column columns[] = {{"alice", ...}, {"pbx", ...}};
 *     struct sip_ladder ladder = {0};
 *     ladder.write = print;
 *     ladder.columns = columns;
 *     ladder.column_count = 2;
 *     tracer.trace = sip_ladder_trace;
 *     tracer.host = &ladder;
 *
 *          time  alice                         pbx
 *        12.345  |---------- INVITE ---------->|
 *        12.347  |<--- 100 Trying (INVITE) ----|
 *
 * For several programs: each writes sip_ladder_line() into a file; who merges reads the lines with
 * sip_ladder_read(), sorts them by time, leaves out what was told twice, and draws them. */
#ifndef SIP_LADDER_H
#define SIP_LADDER_H

#include "sip/addr.h"
#include "sip/str.h"
#include "sip/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SIP_LADDER_LINE 512 /* room for any line, LF included; longer ones are cut */
#define SIP_LADDER_COLUMNS_MAX 8

/* An address of a participant; one that has several stands several times with the same name, and
 * each name is one column. Port 0 means any port of that address that no other row has. */
struct sip_ladder_column {
    const char *name;
    struct sip_addr addr;
};

struct sip_ladder {
    void (*write)(void *host, struct sip_str line); /* one line with its LF; only for the call */
    void *host;
    const struct sip_ladder_column *columns; /* left to right; live as long as the ladder */
    size_t column_count; /* rows; names beyond the first SIP_LADDER_COLUMNS_MAX have no column */
    uint64_t start;      /* ms: what the ladder shows as 0.000 */
    bool details; /* state changes, timers and limits too */
};

/* Writes the names of the columns as the head of the ladder. */
SIP_API void sip_ladder_head(const struct sip_ladder *);

/* Draws one record; `ladder` is a `struct sip_ladder *`. A message between two columns is an arrow
 * from one to the other; where an end is in no column, a line with the address instead. */
SIP_API void sip_ladder_trace(void *ladder, const struct sip_trace *);

/* --- lines for files --- */

/* Writes one record as one line with its LF: time in ms, who writes, '>' for sent, '<' for
 * received, '!' for refused, the two addresses (ours first), and the start line with its CSeq:
 *
 *     12345 alice > 127.0.0.1:5062 127.0.0.1:5060 INVITE sip:bob@sip.test SIP/2.0 (1 INVITE)
 *     12347 alice < 127.0.0.1:5062 127.0.0.1:5060 SIP/2.0 100 Trying (1 INVITE)
 *     12347 alice * call 1: inviting -> proceeding
 *
 * `who` has no spaces. Returns the length; what is longer than `size` is cut, LF kept. */
SIP_API size_t sip_ladder_line(const struct sip_trace *, const char *who, char *out, size_t size);

/* One line of a file again; views point into it. */
struct sip_ladder_entry {
    uint64_t now;
    struct sip_str who;
    char mark; /* '>', '<', '!' or '*' */
    struct sip_addr local;  /* family 0 with the mark '*' */
    struct sip_addr remote;
    struct sip_str text; /* the rest: start line, CSeq in brackets */
};

/* Reads a line, with or without its LF; false when it is none of these. */
SIP_API bool sip_ladder_read(struct sip_str line, struct sip_ladder_entry *);

/* True when `received` tells of the message that `sent` told of: addresses crossed, same text. */
SIP_API bool sip_ladder_same(const struct sip_ladder_entry *sent,
                             const struct sip_ladder_entry *received);

/* Draws one entry as sip_ladder_trace() draws a record. */
SIP_API void sip_ladder_draw(const struct sip_ladder *, const struct sip_ladder_entry *);

#ifdef __cplusplus
}
#endif

#endif
