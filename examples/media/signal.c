/* Makes a test signal: bursts of noise with the length and loudness of syllables, the same for the
 * same seed, unlike for different ones. It is never wholly silent, so that silence in a recording
 * is loss.
 *
 *     signal --seed 1 --seconds 20 OUT.wav */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/wav.h"

enum { SECONDS_MAX = 3600 };

static uint64_t state;

/* splitmix64, then a number from 0 to 1. */
static double chance(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

/* One syllable or the pause after it: coloured noise that swells and fades. */
static int write_burst(struct wav_writer *out, size_t count, double loudness)
{
    static double low;

    for (size_t i = 0; i < count; i++) {
        double swell = sin(3.14159265358979 * ((double)i + 0.5) / (double)count);

        low = 0.6 * low + (chance() - 0.5);
        int16_t sample = (int16_t)lrint(low * (150 + loudness * swell));
        if (wav_write(out, &sample, 1) < 0)
            return -1;
    }
    return 0;
}

static int write_signal(const char *path, uint64_t seed, double seconds)
{
    struct wav_writer out;
    size_t left = (size_t)(seconds * WAV_RATE);

    if (wav_create(&out, path) < 0)
        return -1;
    state = seed;
    for (int voiced = 1; left; voiced = !voiced) {
        double length_s = voiced ? 0.08 + 0.2 * chance() : 0.02 + 0.1 * chance();
        size_t count = (size_t)(WAV_RATE * length_s);

        count = count < left ? count : left;
        if (write_burst(&out, count, voiced ? 4000 + 12000 * chance() : 0) < 0)
            break;
        left -= count;
    }
    return wav_close(&out) == 0 && !left ? 0 : -1;
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    unsigned long long seed = 1;
    double seconds = 10;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = strtod(argv[++i], NULL);
        else
            path = argv[i];
    }
    if (!path || path[0] == '-' || !(seconds > 0 && seconds <= SECONDS_MAX)) {
        fprintf(stderr, "usage: signal [--seed N] [--seconds S] OUT.wav\n");
        return 2;
    }
    if (write_signal(path, seed, seconds) < 0) {
        perror(path);
        return 1;
    }
    return 0;
}
