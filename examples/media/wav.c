#include "media/wav.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 << 20, PCM = 1 };

static unsigned get16(const uint8_t *at)
{
    return (unsigned)at[0] | (unsigned)at[1] << 8;
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) | (uint32_t)get16(at + 2) << 16;
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value & 0xffff);
    put16(at + 2, value >> 16);
}

static int refuse(char *why, size_t why_size, const char *text)
{
    snprintf(why, why_size, "%s", text);
    return -1;
}

static int check_format(const uint8_t *at, size_t len, char *why, size_t why_size)
{
    if (len < 16)
        return refuse(why, why_size, "not a WAV file: its format chunk is cut short");
    if (get16(at) == PCM && get16(at + 2) == 1 && get32(at + 4) == WAV_RATE && get16(at + 14) == 16)
        return 0;
    snprintf(why, why_size,
             "must be PCM, 1 channel, 8000 Hz, 16 bits; is format %u, %u channels, %lu Hz, %u bits",
             get16(at), get16(at + 2), (unsigned long)get32(at + 4), get16(at + 14));
    return -1;
}

static int take_samples(const uint8_t *at, size_t len, struct wav *wav, char *why, size_t why_size)
{
    size_t count = len / 2;
    int16_t *samples = malloc(count ? count * sizeof *samples : 1);

    if (!samples)
        return refuse(why, why_size, "no memory for its samples");
    for (size_t i = 0; i < count; i++)
        samples[i] = (int16_t)(uint16_t)get16(at + 2 * i);
    *wav = (struct wav){samples, count};
    return 0;
}

/* RIFF: a head of twelve bytes, then chunks of a name, a length and bytes padded to an even number.
 * Unknown chunks are passed over; the format must come before the data. */
int wav_parse(const uint8_t *bytes, size_t len, struct wav *wav, char *why, size_t why_size)
{
    bool has_format = false;

    if (len < 12 || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WAVE", 4) != 0)
        return refuse(why, why_size, "not a WAV file");
    for (size_t at = 12; len - at >= 8;) {
        const uint8_t *body = bytes + at + 8;
        uint32_t size = get32(bytes + at + 4);

        if (size > len - at - 8)
            return refuse(why, why_size, "not a whole WAV file: a chunk is longer than the file");
        if (memcmp(bytes + at, "fmt ", 4) == 0) {
            if (check_format(body, size, why, why_size) < 0)
                return -1;
            has_format = true;
        } else if (memcmp(bytes + at, "data", 4) == 0) {
            if (!has_format)
                return refuse(why, why_size, "not a WAV file: data before the format");
            return take_samples(body, size, wav, why, why_size);
        }
        at += 8 + (size_t)size;
        if (size % 2 && at < len)
            at++;
    }
    return refuse(why, why_size, "not a whole WAV file: it has no data");
}

static uint8_t *read_all(FILE *file, size_t *len)
{
    if (fseek(file, 0, SEEK_END) != 0)
        return NULL;
    long end = ftell(file);
    if (end < 0 || end > FILE_MAX || fseek(file, 0, SEEK_SET) != 0)
        return NULL;
    uint8_t *bytes = malloc((size_t)end + 1);
    if (bytes && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
        free(bytes);
        return NULL;
    }
    *len = (size_t)end;
    return bytes;
}

int wav_read(const char *path, struct wav *wav, char *why, size_t why_size)
{
    FILE *file = fopen(path, "rb");
    size_t len = 0;
    char reason[160] = "cannot be read";
    int result = -1;

    if (!file) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return -1;
    }
    uint8_t *bytes = read_all(file, &len);
    if (bytes)
        result = wav_parse(bytes, len, wav, reason, sizeof reason);
    if (result < 0)
        snprintf(why, why_size, "%s: %s", path, reason);
    free(bytes);
    fclose(file);
    return result;
}

static void make_head(uint8_t head[WAV_HEAD], uint32_t count)
{
    memcpy(head, "RIFF....WAVEfmt ", 16);
    put32(head + 4, WAV_HEAD - 8 + count * 2);
    put32(head + 16, 16);
    put16(head + 20, PCM);
    put16(head + 22, 1);
    put32(head + 24, WAV_RATE);
    put32(head + 28, WAV_RATE * 2);
    put16(head + 32, 2);
    put16(head + 34, 16);
    memcpy(head + 36, "data", 4);
    put32(head + 40, count * 2);
}

int wav_create(struct wav_writer *writer, const char *path)
{
    uint8_t head[WAV_HEAD];

    *writer = (struct wav_writer){fopen(path, "wb"), 0};
    if (!writer->file)
        return -1;
    make_head(head, 0);
    return fwrite(head, 1, sizeof head, writer->file) == sizeof head ? 0 : -1;
}

int wav_write(struct wav_writer *writer, const int16_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[2];

        put16(bytes, (uint16_t)samples[i]);
        if (fwrite(bytes, 1, 2, writer->file) != 2)
            return -1;
        writer->count++;
    }
    return 0;
}

int wav_silence(struct wav_writer *writer, size_t count)
{
    static const int16_t zero;

    for (size_t i = 0; i < count; i++)
        if (wav_write(writer, &zero, 1) < 0)
            return -1;
    return 0;
}

int wav_close(struct wav_writer *writer)
{
    uint8_t head[WAV_HEAD];
    FILE *file = writer->file;

    if (!file)
        return 0;
    writer->file = NULL;
    make_head(head, writer->count);
    bool written = fseek(file, 0, SEEK_SET) == 0 && fwrite(head, sizeof head, 1, file) == 1;
    return fclose(file) == 0 && written ? 0 : -1;
}
