#include "media/jitter.h"

enum { JUMP_MAX = 3000 };    /* MAX_DROPOUT of RFC 3550 §A.1: further is a source begun anew */

/* How far `a` is behind `b`, over the wrap of 16 bits. */
static int after(uint16_t a, uint16_t b)
{
    return (int16_t)(uint16_t)(a - b);
}

static struct jitter_frame *first_of(struct jitter *jitter)
{
    struct jitter_frame *first = NULL;

    for (int i = 0; i < JITTER_FRAMES; i++) {
        struct jitter_frame *frame = &jitter->frames[i];

        if (frame->used && (!first || after(frame->sequence, first->sequence) < 0))
            first = frame;
    }
    return first;
}

static bool is_full(const struct jitter *jitter)
{
    for (int i = 0; i < JITTER_FRAMES; i++)
        if (!jitter->frames[i].used)
            return false;
    return true;
}

uint64_t jitter_deadline(const struct jitter *jitter)
{
    uint64_t deadline = UINT64_MAX;

    if (is_full(jitter))
        return 0;
    for (int i = 0; i < JITTER_FRAMES; i++) {
        const struct jitter_frame *frame = &jitter->frames[i];

        if (frame->used && jitter->started && frame->sequence == jitter->next)
            return 0;
        if (frame->used && frame->arrival + JITTER_WAIT_MS < deadline)
            deadline = frame->arrival + JITTER_WAIT_MS;
    }
    return deadline;
}

struct jitter_frame *jitter_place(struct jitter *jitter, uint64_t now, uint16_t sequence)
{
    struct jitter_frame *place = NULL;
    int ahead = jitter->started ? after(sequence, jitter->next) : 0;

    if (ahead > JUMP_MAX || ahead < -JUMP_MAX)
        jitter_restart(jitter);
    else if (ahead < 0) {
        jitter->late++;
        return NULL;
    }
    for (int i = 0; i < JITTER_FRAMES; i++) {
        struct jitter_frame *frame = &jitter->frames[i];

        if (!frame->used) {
            place = frame;
        } else if (frame->sequence == sequence) {
            jitter->late++;
            return NULL;
        }
    }
    if (place) {
        place->used = true;
        place->sequence = sequence;
        place->arrival = now;
        place->count = 0;
    }
    return place;
}

const struct jitter_frame *jitter_take(struct jitter *jitter, uint64_t now)
{
    struct jitter_frame *first = first_of(jitter);

    if (!first || jitter_deadline(jitter) > now)
        return NULL;
    if (jitter->started)
        jitter->lost += (uint16_t)(first->sequence - jitter->next);
    jitter->started = true;
    jitter->next = (uint16_t)(first->sequence + 1);
    first->used = false;
    return first;
}

void jitter_restart(struct jitter *jitter)
{
    for (int i = 0; i < JITTER_FRAMES; i++)
        jitter->frames[i].used = false;
    jitter->started = false;
}
