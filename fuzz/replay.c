/* Plays inputs into a fuzz target without a fuzzer, for any compiler:
 *
 *     fuzz_TARGET [-r COUNT SEED] [-v] [FILE | DIRECTORY]...
 *
 * First COUNT inputs by chance, then each file once, all of a directory; -v names each of them. An
 * input by chance that fails stays in TARGET-failed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *failed; /* where an input by chance is kept */
static int verbose;
static unsigned long played;

static void play_file(const char *name)
{
    FILE *file = fopen(name, "rb");
    uint8_t *data;
    long size;

    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET)) {
        perror(name);
        exit(2);
    }
    data = malloc(size ? (size_t)size : 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size)
        exit(2);
    fclose(file);
    if (verbose) {
        printf("%s\n", name);
        fflush(stdout);
    }
    LLVMFuzzerTestOneInput(data, (size_t)size);
    played++;
    free(data);
}

/* False when `name` is no directory. */
static int play_directory(const char *name)
{
    DIR *directory = opendir(name);
    struct dirent *entry;
    char path[4096];

    if (!directory)
        return 0;
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
        play_file(path);
    }
    closedir(directory);
    return 1;
}

static void keep(const uint8_t *data, size_t size)
{
    FILE *file = fopen(failed, "wb");

    if (!file || fwrite(data, 1, size, file) != size || fclose(file))
        exit(2);
}

static void play_random(unsigned long count, uint64_t seed)
{
    uint8_t data[1024];

    for (unsigned long i = 0; i < count; i++) {
        size_t size;

        for (size_t k = 0; k < sizeof data; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            data[k] = (uint8_t)(seed >> 56);
        }
        size = 32 + seed % (sizeof data - 32);
        keep(data, size);
        LLVMFuzzerTestOneInput(data, size);
        played++;
    }
    remove(failed);
}

int main(int argc, char **argv)
{
    char name[4096];

    snprintf(name, sizeof name, "%s-failed", argv[0]);
    failed = name;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-v")) {
            verbose = 1;
        } else if (!strcmp(argv[i], "-r") && argc - i > 2) {
            play_random(strtoul(argv[i + 1], NULL, 10), strtoull(argv[i + 2], NULL, 10));
            i += 2;
        } else if (!play_directory(argv[i])) {
            play_file(argv[i]);
        }
    }
    printf("%lu inputs\n", played);
    return played > 0 ? 0 : 2;
}
