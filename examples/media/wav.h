/* WAV files as telephones know them: PCM, one channel, 8,000 samples a second of 16 bits. Nothing
 * else is read, and nothing else is written. */
#ifndef MEDIA_WAV_H
#define MEDIA_WAV_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { WAV_RATE = 8000, WAV_HEAD = 44 };

/* A whole file in memory; `samples` is released with free(). */
struct wav {
    int16_t *samples;
    size_t count;
};

/* Both return 0, or -1 with one line in `why` and `*wav` untouched. */
int wav_read(const char *path, struct wav *wav, char *why, size_t why_size);
int wav_parse(const uint8_t *bytes, size_t len, struct wav *wav, char *why, size_t why_size);

/* A file being written. Its head tells the right length after wav_close() only. */
struct wav_writer {
    FILE *file;
    uint32_t count;
};

/* Each returns 0, or -1 with errno set. */
int wav_create(struct wav_writer *writer, const char *path);
int wav_write(struct wav_writer *writer, const int16_t *samples, size_t count);
int wav_silence(struct wav_writer *writer, size_t count);
int wav_close(struct wav_writer *writer);

#endif
