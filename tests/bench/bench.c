/* Reads the messages, repeats a work, counts its allocations (see bench.h). */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- allocations: glibc's own names under the usual ones --- */

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static unsigned long allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

/* --- messages --- */

static struct bench_message *messages;
static size_t messages_count;

size_t bench_index(const struct bench_message *message)
{
    return (size_t)(message - messages);
}

static struct bench_message read_message(const char *path)
{
    static char bytes[1 << 17];
    FILE *file = fopen(path, "rb");
    struct bench_message message = {NULL, 0};
    char *copy;

    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    message.len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    copy = __libc_malloc(message.len + 1); /* some peers want a zero behind it */
    memcpy(copy, bytes, message.len);
    copy[message.len] = '\0';
    message.at = copy;
    return message;
}

/* --- passes --- */

/* Returns how many messages were taken. Not inlined, so that callgrind finds it by name. */
__attribute__((noinline)) size_t bench_pass(const struct bench_work *work);

size_t bench_pass(const struct bench_work *work)
{
    size_t taken = 0;

    for (size_t i = 0; i < messages_count; i++)
        taken += work->run(&messages[i]);
    return taken;
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(const struct bench_work *work, double milliseconds)
{
    double begin, passes = 0, spent = 0;
    unsigned long before;
    size_t taken, chunk = 1;

    for (size_t i = 0; i < messages_count; i++) /* warms up; binds the names of shared libraries */
        work->run(&messages[i]);
    before = allocations;
    taken = bench_pass(work);
    before = allocations - before;
    begin = now_ns();
    while (spent < milliseconds * 1e6) {
        for (size_t i = 0; i < chunk; i++, passes++)
            bench_pass(work);
        spent = now_ns() - begin;
        chunk = chunk < 64 ? chunk * 2 : chunk;
    }
    printf("%.1f %lu %zu\n", passes > 0 ? spent / passes : 0, before, taken);
}

int main(int argc, char **argv)
{
    const struct bench_work *work = bench_works;

    while (argc > 3 && work->name && strcmp(work->name, argv[1]) != 0)
        work++;
    if (argc < 4 || !work->name) {
        fprintf(stderr, "usage: %s WORK MILLISECONDS FILE...\nworks:", argv[0]);
        for (work = bench_works; work->name; work++)
            fprintf(stderr, " %s", work->name);
        fprintf(stderr, "\n");
        return 2;
    }
    messages_count = (size_t)(argc - 3);
    messages = __libc_calloc(messages_count, sizeof *messages);
    for (size_t i = 0; i < messages_count; i++)
        messages[i] = read_message(argv[i + 3]);
    for (size_t i = 0; work->prepare && i < messages_count; i++)
        if (!work->prepare(&messages[i], i, messages_count))
            return 1;
    measure(work, atof(argv[2]));
    return 0;
}
