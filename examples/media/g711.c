#include "media/g711.h"

/* A code is a sign, a segment of three bits and a step of four: each segment's steps are twice as
 * wide as those of the one below. mu-law gets there by adding 33 (here << 2) before it looks for
 * the highest bit; A-law has a lowest segment as fine as the second. */
enum { MU_BIAS = 33 << 2, MU_MAX = 32635, SIGN = 0x80, A_MASK = 0x55 };

/* The segment: how far the highest bit of `magnitude` is above bit 7. */
static int segment_of(int magnitude)
{
    int segment = 0;

    while (segment < 7 && magnitude >> (segment + 8))
        segment++;
    return segment;
}

static uint8_t to_mu(int16_t sample)
{
    int magnitude = sample < 0 ? -(int)sample : sample;

    magnitude = (magnitude > MU_MAX ? MU_MAX : magnitude) + MU_BIAS;
    int segment = segment_of(magnitude);
    int step = magnitude >> (segment + 3) & 15;
    return (uint8_t)~((sample < 0 ? SIGN : 0) | segment << 4 | step);    /* all bits inverted */
}

static int16_t from_mu(uint8_t code)
{
    int bits = ~code & 0xff;
    int magnitude = (((bits & 15) << 3) + MU_BIAS) << (bits >> 4 & 7);

    magnitude -= MU_BIAS;
    return (int16_t)(bits & SIGN ? -magnitude : magnitude);
}

static uint8_t to_a(int16_t sample)
{
    int magnitude = sample < 0 ? ~(int)sample : sample;    /* -1 is as far from the middle as 0 */
    int segment = segment_of(magnitude);
    int step = magnitude >> (segment ? segment + 3 : 4) & 15;

    return (uint8_t)(((sample < 0 ? 0 : SIGN) | segment << 4 | step) ^ A_MASK);
}

static int16_t from_a(uint8_t code)
{
    int bits = code ^ A_MASK;
    int segment = bits >> 4 & 7;
    int magnitude = ((bits & 15) << 4) + 8;    /* the middle of the step */

    if (segment)
        magnitude = (magnitude + 0x100) << (segment - 1);
    return (int16_t)(bits & SIGN ? magnitude : -magnitude);
}

uint8_t g711_from_linear(enum g711 codec, int16_t sample)
{
    return codec == G711_PCMA ? to_a(sample) : to_mu(sample);
}

int16_t g711_to_linear(enum g711 codec, uint8_t code)
{
    return codec == G711_PCMA ? from_a(code) : from_mu(code);
}

void g711_encode(enum g711 codec, uint8_t *codes, const int16_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        codes[i] = g711_from_linear(codec, samples[i]);
}

void g711_decode(enum g711 codec, int16_t *samples, const uint8_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        samples[i] = g711_to_linear(codec, codes[i]);
}
