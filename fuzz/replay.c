/* Plays inputs into a fuzz target without the fuzzer, for any compiler:
 *
 *     replay FILE...             each file once
 *     replay -r COUNT SEED       COUNT inputs by chance; a failure leaves its in fuzz-failed */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    printf("%s\n", name);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
}

static void keep(const uint8_t *data, size_t size)
{
    FILE *file = fopen("fuzz-failed", "wb");

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
    }
    remove("fuzz-failed");
}

int main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[1], "-r")) {
        play_random(strtoul(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
        return 0;
    }
    for (int i = 1; i < argc; i++)
        play_file(argv[i]);
    return argc > 1 ? 0 : 2;
}
