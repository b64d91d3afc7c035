/* Inputs as choices: each byte decides something, the last ones zero. Texts are made of them in an
 * arena of their own. */
#ifndef FUZZ_CHOICES_H
#define FUZZ_CHOICES_H

#include "fuzz.h"

enum { ARENA_MAX = 1 << 14 };

struct choices {
    const uint8_t *at, *end;
    size_t used;
    char arena[ARENA_MAX];
};

static inline unsigned byte_of(struct choices *c)
{
    return c->at < c->end ? *c->at++ : 0;
}

static inline bool chance(struct choices *c)
{
    return byte_of(c) & 1;
}

static inline uint32_t number_of(struct choices *c)
{
    uint32_t number = byte_of(c);

    for (unsigned more = number & 3; more > 0; more--)
        number = number << 8 | byte_of(c);
    return number;
}

static inline char *room_for(struct choices *c, size_t len)
{
    char *room = c->arena + c->used;

    require(len <= ARENA_MAX - c->used);
    c->used += len;
    return room;
}

/* The next text, one to `most` bytes long: UTF-8 without control bytes. */
static inline struct sip_str text_of(struct choices *c, unsigned most)
{
    size_t len = byte_of(c) % most + 1;
    char *room = room_for(c, len);

    for (size_t i = 0; i < len; i++) {
        unsigned byte = byte_of(c);

        if (byte >= 0x80 && len - i > 1) {
            room[i++] = (char)0xc3;
            byte = 0x80 | (byte & 0x3f);
        } else if (byte < ' ' || byte >= 0x7f) {
            byte = 'a' + byte % 26;
        }
        room[i] = (char)byte;
    }
    return sip_bytes(room, len);
}

/* One to `most` bytes of `alphabet`. */
static inline struct sip_str letters_of(struct choices *c, const char *alphabet, unsigned most)
{
    size_t len = byte_of(c) % most + 1, letters = strlen(alphabet);
    char *room = room_for(c, len);

    for (size_t i = 0; i < len; i++)
        room[i] = alphabet[byte_of(c) % letters];
    return sip_bytes(room, len);
}

#endif
