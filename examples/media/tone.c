#include "media/tone.h"

#include <math.h>

enum { HZ = 440, RATE = 8000, LEVEL = 3277 };

static const double turn = 6.283185307179586;

void tone_fill(int16_t *samples, size_t count, uint64_t at)
{
    for (size_t i = 0; i < count; i++) {
        unsigned phase = (unsigned)((at + i) % RATE * HZ % RATE);    /* exact after any time */

        samples[i] = (int16_t)lrint(LEVEL * sin(turn * phase / RATE));
    }
}
