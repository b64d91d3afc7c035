/* G.711, the two codecs every phone has: PCMU (mu-law) and PCMA (A-law), 8,000 samples a second,
 * one byte each (ITU-T G.711; RFC 3551 §4.5.14). A linear sample is 16 bits wide here, the
 * standard's 14 bits (mu-law) or 13 bits (A-law) shifted to the top. */
#ifndef MEDIA_G711_H
#define MEDIA_G711_H

#include <stddef.h>
#include <stdint.h>

/* The static RTP payload types are the codec's number (RFC 3551 §6). */
enum g711 { G711_PCMU = 0, G711_PCMA = 8 };

uint8_t g711_from_linear(enum g711 codec, int16_t sample);
int16_t g711_to_linear(enum g711 codec, uint8_t code);

/* The same for `count` samples. */
void g711_encode(enum g711 codec, uint8_t *codes, const int16_t *samples, size_t count);
void g711_decode(enum g711 codec, int16_t *samples, const uint8_t *codes, size_t count);

#endif
