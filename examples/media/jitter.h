/* A small jitter buffer: packets go in as they come and out in the order of their sequence numbers.
 * A packet waits only while one before it is missing, 60 ms at most; what comes later than that is
 * dropped and told. Time is what the caller says, in milliseconds. */
#ifndef MEDIA_JITTER_H
#define MEDIA_JITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JITTER_WAIT_MS = 60, JITTER_FRAMES = 16, JITTER_SAMPLES = 640 };

struct jitter_frame {
    bool used;
    uint16_t sequence;
    uint32_t timestamp;
    uint64_t arrival;
    size_t count;
    int16_t samples[JITTER_SAMPLES];
};

struct jitter {
    struct jitter_frame frames[JITTER_FRAMES];
    bool started;
    uint16_t next;         /* the sequence number that comes out next, once started */
    uint64_t lost;         /* numbers passed over: never came, or came too late */
    uint64_t late;         /* packets dropped: too late, or a second copy */
};

/* Gives the place for a packet that came at `now`: the caller fills in timestamp, count and
 * samples. NULL when it is late or a copy. Take all that is ready first: a full buffer is ready. */
struct jitter_frame *jitter_place(struct jitter *jitter, uint64_t now, uint16_t sequence);

/* The next frame that is ready at `now`, or NULL. It is valid until the next call. With UINT64_MAX
 * all frames are ready. */
const struct jitter_frame *jitter_take(struct jitter *jitter, uint64_t now);

/* When jitter_take() has something to do if no packet comes; UINT64_MAX: never. */
uint64_t jitter_deadline(const struct jitter *jitter);

/* Another stream begins, or the same after a pause: the next number may be any. Counts stay. */
void jitter_restart(struct jitter *jitter);

#endif
