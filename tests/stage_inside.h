/* What stage.c, stage_told.c, stage_ask.c and stage_run.c share. */
#ifndef STAGE_INSIDE_H
#define STAGE_INSIDE_H

#include "stage.h"

#define WIRE_MAX 2048
#define TOLD_MAX 512
#define FLOWS_MAX 16
#define LADDER_MAX (1 << 18)

struct seen {
    uint64_t time;
    char *bytes;
    size_t len;
    struct sip_path path;
    struct sip_flow flow;
};

struct inside {
    struct sip_ua *ua;
    struct sip_account account;
    struct sip_config config;
    uint64_t now;
    uint64_t seed;
    char *map, *block; /* mapped, with a guard page on each side; the block in it */
    size_t map_size, block_size;

    struct seen wire[WIRE_MAX];
    int wire_count, wire_read;
    const struct seen *last;
    struct told told[TOLD_MAX];
    int told_count, told_read;

    uint64_t connecting[FLOWS_MAX], up[FLOWS_MAX];
    struct sip_path connecting_to[FLOWS_MAX];
    int connecting_count;
    size_t wire_room; /* bytes that streams take before they are full */
    int closed;       /* connections that we have closed */
    char outgoing[BOB_TEXT]; /* of a stream, until a message is whole */
    size_t outgoing_len;
    bool broken, plays_on, asleep;
    bool in_batch; /* one more datagram before the tick */
    int sends, receives; /* counted, for a lossy wire */

    void (*act)(struct stage *, const struct told *);
    enum sip_screened screened;
    struct sip_refusal refusal;

    struct bob bob;
    char datagram[BOB_TEXT]; /* of bob, the last */
    size_t datagram_len;
    struct sip_path datagram_path;

    struct sip_ladder ladder;
    char *drawn;
    size_t drawn_len;
    int failures_before;
};

/* How the runner spoils a flow; all zero: not at all. */
struct spoiling {
    const char *limit;   /* this one is `slots` */
    uint32_t slots;
    int lose_sent, lose_received, fail_send, twice; /* the message with this number, from 1 */
};

extern struct spoiling spoiling;
extern int stage_failures; /* of this flow: what the test asked for */
extern int stage_breaches; /* and what holds however it is spoiled */
extern struct inside *stage_now_on;

/* A failure that counts even in a spoiled flow. */
void breach_at(const char *file, int line, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;

struct sip_events stage_events(struct inside *);
struct stage stage_view(struct inside *);
void stage_run_to(struct inside *, uint64_t t);
/* Runs to the next deadline; false when it comes after `most`. */
bool stage_step(struct inside *, uint64_t most);
void stage_deliver(struct inside *, const struct sip_path *, const char *bytes, size_t len);
void stage_shrink(struct sip_config *);
void stage_close(void);
/* The flow cannot go on. */
_Noreturn void stage_give_up(void);

#endif
