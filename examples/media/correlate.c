/* Is B.wav a recording of A.wav? Answers with numbers, and with its exit code for scripts.
 *
 *     correlate A.wav B.wav [--from MS] [--seconds S] [--lag-max MS] [--pauses N] [--window S]
 *
 * Looks at B from its first to its last sound, or at the part given (MS in B's own time). In B
 * there must be exactly N silences of half a second and more (N holds; 0 unless said): they are
 * told and set aside. Any other 20 ms and more of nothing but zeros are missing. What lies between
 * pauses, or each --window of it, is a stretch: for each stretch alone all lags are tried (up to
 * --lag-max) and the one with the largest normalised cross-correlation is taken. A stretch must
 * last a second to be judged.
 *
 * Exit 0: each stretch correlates above 0.9 and less than 1 % is missing. 1: not so. 2: it cannot
 * be told (no such file, no sound). A-law has no zero: its silence is 8, never taken for loss. */
#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/wav.h"

enum {
    FRAME = WAV_RATE / 50,
    PAUSE_MIN = WAV_RATE / 2,
    STRETCH_MIN = WAV_RATE,
    STRETCHES_MAX = 256,
    PAUSES_MAX = 16,
    SOUND = 64                /* louder than any codec's silence */
};

static const double correlation_min = 0.9, missing_max = 0.01;

struct options {
    const char *a, *b;
    double from_ms, seconds, lag_max_ms, window;
    long pauses;
};

struct span {
    size_t from, to;          /* samples of B */
};

struct match {
    double correlation;
    long lag;                 /* B's sample at which A's first sample would stand */
};

/* Fourier transform in place, `count` a power of two; `sign` is -1, or 1 for the way back,
 * unscaled. */
static void transform(double complex *x, size_t count, int sign)
{
    for (size_t i = 1, j = 0; i < count; i++) {
        size_t bit = count >> 1;

        for (; j & bit; bit >>= 1)
            j ^= bit;
        j |= bit;
        if (i < j) {
            double complex swap = x[i];
            x[i] = x[j];
            x[j] = swap;
        }
    }
    for (size_t half = 1; half < count; half *= 2) {
        for (size_t k = 0; k < half; k++) {
            double angle = sign * 3.14159265358979323846 * (double)k / (double)half;
            double complex turn = cos(angle) + I * sin(angle);

            for (size_t i = k; i < count; i += 2 * half) {
                double complex odd = turn * x[i + half];
                x[i + half] = x[i] - odd;
                x[i] += odd;
            }
        }
    }
}

static double complex *spectrum(const int16_t *samples, size_t count, size_t size)
{
    double complex *x = calloc(size, sizeof *x);

    if (!x) {
        fprintf(stderr, "no memory\n");
        exit(2);
    }
    for (size_t i = 0; i < count; i++)
        x[i] = samples[i];
    transform(x, size, -1);
    return x;
}

/* sums[i] is the energy of the first i samples. */
static double *energies(const int16_t *samples, size_t count)
{
    double *sums = malloc((count + 1) * sizeof *sums);

    if (!sums) {
        fprintf(stderr, "no memory\n");
        exit(2);
    }
    sums[0] = 0;
    for (size_t i = 0; i < count; i++)
        sums[i + 1] = sums[i] + (double)samples[i] * samples[i];
    return sums;
}

/* The best place of stretch `b` in `a`, four fifths of it at least overlapping. products[k] is the
 * sum of a[i + k] * b[i], k taken round the end of the array for b's beginning before a's; the lag
 * that means is `shift` - k. */
static struct match best_place(const struct wav *a, const struct wav *b,
                               const double complex *products, size_t size, double shift,
                               double lag_max)
{
    double *a_sums = energies(a->samples, a->count), *b_sums = energies(b->samples, b->count);
    struct match best = {-1, 0};
    long a_count = (long)a->count, b_count = (long)b->count;

    for (long k = -b_count + 1; k < a_count; k++) {
        long first = k < 0 ? -k : 0;
        long last = a_count - k < b_count ? a_count - k : b_count;

        if (last - first < b_count / 5 * 4 || fabs(shift - (double)k) > lag_max)
            continue;
        double energy = (a_sums[last + k] - a_sums[first + k]) * (b_sums[last] - b_sums[first]);
        double product = creal(products[k < 0 ? size - (size_t)-k : (size_t)k]) / (double)size;
        double correlation = energy > 0 ? product / sqrt(energy) : 0;
        if (correlation > best.correlation)
            best = (struct match){correlation, (long)shift - k};
    }
    free(a_sums);
    free(b_sums);
    return best;
}

/* The part of A in which a stretch from B can lie. */
static struct match match_stretch(const struct wav *a, const struct wav *b, struct span at,
                                  double lag_max)
{
    struct wav stretch = {b->samples + at.from, at.to - at.from};
    double from = fmax(0, (double)at.from - lag_max);
    double to = fmin((double)a->count, (double)at.to + lag_max);

    if (to <= from)
        return (struct match){0, 0};
    struct wav part = {a->samples + (size_t)from, (size_t)(to - from)};
    size_t size = 1;
    while (size < part.count + stretch.count)
        size *= 2;
    double complex *x = spectrum(part.samples, part.count, size);
    double complex *y = spectrum(stretch.samples, stretch.count, size);
    for (size_t i = 0; i < size; i++)
        x[i] *= conj(y[i]);
    transform(x, size, 1);
    double shift = (double)at.from - floor(from);
    struct match best = best_place(&part, &stretch, x, size, shift, lag_max);
    free(x);
    free(y);
    return best;
}

/* The next run of zeros that is a frame long at least; empty at `end` when there is none. */
static struct span next_silence(const struct wav *wav, size_t at, size_t end)
{
    while (at < end) {
        struct span run = {at, at};

        while (run.to < end && wav->samples[run.to] == 0)
            run.to++;
        if (run.to - run.from >= FRAME)
            return run;
        at = run.to + 1;
    }
    return (struct span){end, end};
}

/* The part that was asked for, from its first to its last sound. */
static struct span sounding_part(const struct wav *wav, const struct options *options)
{
    double from = fmin(options->from_ms * WAV_RATE / 1000, (double)wav->count);
    double to = fmin(from + options->seconds * WAV_RATE, (double)wav->count);
    struct span part = {(size_t)from, (size_t)to};

    while (part.from < part.to && abs(wav->samples[part.from]) <= SOUND)
        part.from++;
    while (part.from < part.to && abs(wav->samples[part.to - 1]) <= SOUND)
        part.to--;
    return part;
}

/* Fills `pauses` with all silences of half a second and more; returns whether they are as many as
 * promised. */
static bool find_pauses(const struct wav *wav, struct span part, long wanted, struct span *pauses)
{
    long found = 0;

    for (struct span run = {part.from, part.from}; run.from < part.to;) {
        run = next_silence(wav, run.to, part.to);
        if (run.to - run.from < PAUSE_MIN)
            continue;
        printf("pause from %.2f s to %.2f s\n", (double)run.from / WAV_RATE,
               (double)run.to / WAV_RATE);
        if (found < wanted)
            pauses[found] = run;
        found++;
    }
    if (found != wanted)
        printf("%ld pauses of half a second and more, promised were %ld\n", found, wanted);
    return found == wanted;
}

/* Cuts what lies between two pauses into windows; a short rest belongs to the last one. */
static int cut_stretches(struct span between, double window, struct span *stretches, int count)
{
    size_t step = window > 0 ? (size_t)(window * WAV_RATE) : between.to - between.from;

    for (size_t at = between.from; at < between.to && count < STRETCHES_MAX; at += step) {
        bool last = between.to - at < step + STRETCH_MIN;

        stretches[count++] = (struct span){at, last ? between.to : at + step};
        if (last)
            break;
    }
    return count;
}

static bool judge_stretch(const struct wav *a, const struct wav *b, struct span at, double lag_max)
{
    double from = (double)at.from / WAV_RATE, to = (double)at.to / WAV_RATE;

    if (at.to - at.from < STRETCH_MIN) {
        printf("stretch from %.2f s to %.2f s: too short to tell\n", from, to);
        return false;
    }
    struct match match = match_stretch(a, b, at, lag_max);
    printf("stretch from %.2f s to %.2f s: correlation %.4f at lag %.3f ms\n", from, to,
           match.correlation, (double)match.lag * 1000 / WAV_RATE);
    return match.correlation > correlation_min;
}

static bool judge_missing(const struct wav *wav, const struct span *between, int count)
{
    size_t all = 0, missing = 0;

    for (int i = 0; i < count; i++) {
        all += between[i].to - between[i].from;
        for (size_t at = between[i].from; at < between[i].to;) {
            struct span run = next_silence(wav, at, between[i].to);

            missing += run.to - run.from;
            at = run.to;
        }
    }
    double share = all ? (double)missing / (double)all : 1;
    printf("missing %.2f %% (%.1f of %zu frames)\n", share * 100, (double)missing / FRAME,
           all / FRAME);
    return share < missing_max;
}

static int judge(const struct wav *a, const struct wav *b, const struct options *options)
{
    struct span pauses[PAUSES_MAX], between[PAUSES_MAX + 1], stretches[STRETCHES_MAX];
    struct span part = sounding_part(b, options);
    int count = 0, good = 1;

    if (part.from == part.to) {
        printf("no sound in %s\n", options->b);
        return 2;
    }
    if (!find_pauses(b, part, options->pauses, pauses))
        return 1;
    for (long i = 0; i <= options->pauses; i++) {
        between[i].from = i ? pauses[i - 1].to : part.from;
        between[i].to = i < options->pauses ? pauses[i].from : part.to;
        count = cut_stretches(between[i], options->window, stretches, count);
    }
    if (count == STRETCHES_MAX) {
        printf("more than %d stretches: take a longer --window\n", STRETCHES_MAX - 1);
        return 2;
    }
    for (int i = 0; i < count; i++)
        good &= judge_stretch(a, b, stretches[i], options->lag_max_ms * WAV_RATE / 1000);
    good &= judge_missing(b, between, (int)options->pauses + 1);
    return good ? 0 : 1;
}

static int read_options(struct options *options, int argc, char **argv)
{
    *options = (struct options){.seconds = 1e9, .lag_max_ms = 1e9};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;

        if (strncmp(argv[i], "--", 2) != 0) {
            *(options->a ? &options->b : &options->a) = argv[i];
            continue;
        }
        if (!value)
            return -1;
        if (strcmp(argv[i], "--from") == 0)
            options->from_ms = strtod(value, NULL);
        else if (strcmp(argv[i], "--seconds") == 0)
            options->seconds = strtod(value, NULL);
        else if (strcmp(argv[i], "--lag-max") == 0)
            options->lag_max_ms = strtod(value, NULL);
        else if (strcmp(argv[i], "--window") == 0)
            options->window = strtod(value, NULL);
        else if (strcmp(argv[i], "--pauses") == 0)
            options->pauses = strtol(value, NULL, 10);
        else
            return -1;
        i++;
    }
    bool window_fits = options->window == 0 || options->window >= 1;
    bool pauses_fit = options->pauses >= 0 && options->pauses <= PAUSES_MAX;
    bool times_fit = options->from_ms >= 0 && options->seconds > 0 && options->lag_max_ms >= 0;
    return options->b && window_fits && pauses_fit && times_fit ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct options options;
    struct wav a, b;
    char why[256];

    if (read_options(&options, argc, argv) < 0) {
        fprintf(stderr, "usage: correlate A.wav B.wav [--from MS] [--seconds S] [--lag-max MS] "
                        "[--pauses N] [--window S]\n");
        return 2;
    }
    if (wav_read(options.a, &a, why, sizeof why) < 0 ||
        wav_read(options.b, &b, why, sizeof why) < 0) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    int result = judge(&a, &b, &options);
    free(a.samples);
    free(b.samples);
    return result;
}
