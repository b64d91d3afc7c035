/* The frame of the benchmark programs: one library each, the same works over the same messages.
 *
 *     PROGRAM WORK MILLISECONDS FILE...
 *
 * runs one work over all messages again and again for so long (0: once) and prints what a pass
 * costs: "nanoseconds allocations done". A pass that callgrind counts is a call of bench_pass(). */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>

struct bench_message {
    const char *at;
    size_t len;
};

struct bench_work {
    const char *name;
    /* True when the library took the message. */
    bool (*run)(const struct bench_message *);
    /* Called once per message before anything is measured; may be NULL. */
    bool (*prepare)(const struct bench_message *, size_t index, size_t count);
};

/* The works of this program, the last one without a name. */
extern const struct bench_work bench_works[];

/* The place of the message in its set: what `prepare` kept for it. */
size_t bench_index(const struct bench_message *);

#endif
