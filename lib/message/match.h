/* Names to ids without comparing against each: a hash over the length, the first and the last
 * letters gives each known name a slot of its own, and one comparison decides. */
#ifndef SIP_MESSAGE_MATCH_H
#define SIP_MESSAGE_MATCH_H

#include "base/bytes.h"
#include "message/layout.h"
#include "message/words.h"
#include "sip/header.h"

/* Written by tests/message/header_slots.py. */
#define SIP_HEADER_SLOT_FACTOR UINT64_C(0xb3574c278e2a1e1b)
#define SIP_HEADER_SLOT_BITS   9

struct sip_header_row {
    uint16_t at; /* in sip_header_names */
    uint8_t len;
    uint8_t flags;
};

/* The tables of header.c: all names, one behind the other; where in it the name of each id is;
 * which id may be in a slot; the ids of the one-letter forms. */
extern const char sip_header_names[];
extern const struct sip_header_row sip_header_rows[SIP_HEADER_COUNT];
extern const uint8_t sip_header_slots[1 << SIP_HEADER_SLOT_BITS];
extern const uint8_t sip_header_letters[26];

/* As sip_header_of() for a name without control bytes of which `room` bytes may be read, the `len`
 * of the name included. */
unsigned sip_header_match(const char *name, size_t len, size_t room);

/* Eight bytes in which letters of both cases are alike. Control bytes aside, only letters become
 * letters by this, and only "-" becomes "-". */
static inline uint64_t sip_folded(const char *bytes)
{
    return sip_load_64(bytes) | SIP_EACH(0x20);
}

static inline unsigned sip_header_in_slot(uint64_t key)
{
    return sip_header_slots[(key * SIP_HEADER_SLOT_FACTOR) >> (64 - SIP_HEADER_SLOT_BITS)];
}

static inline unsigned sip_header_of_letter(char letter)
{
    unsigned index = (unsigned)sip_lower(letter) - 'a';

    return index < 26 ? sip_header_letters[index] : SIP_HEADER_OTHER;
}

#if SIP_OPTIMIZE_SIZE

static inline struct sip_str sip_header_name_here(enum sip_header id)
{
    return sip_header_name(id);
}

static inline unsigned sip_header_match_here(const char *name, size_t len, size_t room)
{
    return sip_header_match(name, len, room);
}

#else

static inline struct sip_str sip_header_name_here(enum sip_header id)
{
    unsigned row = (unsigned)id < SIP_HEADER_COUNT ? (unsigned)id : SIP_HEADER_OTHER;
    struct sip_str name = {sip_header_names + sip_header_rows[row].at, sip_header_rows[row].len};

    return name;
}

/* Names of up to seven bytes. */
static inline unsigned sip_header_match_short(const char *name, size_t len, size_t room)
{
    unsigned unused = (unsigned)(64 - 8 * len) & 63, id;
    uint64_t word = 0;

    if (len < 2)
        return len == 1 ? sip_header_of_letter(name[0]) : SIP_HEADER_OTHER;
    if (room >= 8)
        word = sip_folded(name) << unused >> unused;
    else
        for (size_t i = 0; i < len; i++)
            word |= (uint64_t)((unsigned char)name[i] | 0x20u) << (8 * (i & 7));
    id = sip_header_in_slot(word + len);
    if (sip_header_rows[id].len != len ||
        (word ^ sip_folded(sip_header_names + sip_header_rows[id].at)) << unused != 0)
        return SIP_HEADER_OTHER;
    return id;
}

static inline unsigned sip_header_match_here(const char *name, size_t len, size_t room)
{
    const char *known;
    uint64_t first, last;
    unsigned id;

    if (len < 8)
        return sip_header_match_short(name, len, room);
    first = sip_folded(name);
    last = sip_folded(name + len - 8);
    id = sip_header_in_slot(last + first + len);
    known = sip_header_names + sip_header_rows[id].at;
    if (sip_header_rows[id].len != len || last != sip_folded(known + len - 8) ||
        first != sip_folded(known))
        return SIP_HEADER_OTHER;
    for (size_t at = 8; at + 8 < len; at += 8)
        if (sip_folded(name + at) != sip_folded(known + at))
            return SIP_HEADER_OTHER;
    return id;
}

#endif

#endif
