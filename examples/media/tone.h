/* What is sent when there is no file: a sine of 440 Hz, 20 dB below full scale. */
#ifndef MEDIA_TONE_H
#define MEDIA_TONE_H

#include <stddef.h>
#include <stdint.h>

/* Fills `samples` with the part of the tone that begins `at` samples after its start. */
void tone_fill(int16_t *samples, size_t count, uint64_t at);

#endif
