#include "auth/digest.h"
#include "auth/nonce.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "base/wipe.h"

#define DEFAULT_MAX_S 300u
#define WINDOW        32u /* counts remembered: requests may overtake each other */

static void put_be64(uint8_t *out, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
}

/* The keyed hash over time, unique number, realm and tag. */
static uint64_t mark_of(const struct sip_digest_server *server, const struct sip_nonce *nonce,
                        struct sip_str tag)
{
    struct sip_siphash hash;
    uint8_t numbers[16];

    put_be64(numbers, nonce->issued);
    put_be64(numbers + 8, nonce->unique);
    sip_siphash_init(&hash, server->secret);
    sip_siphash_update(&hash, numbers, sizeof numbers);
    sip_siphash_update(&hash, server->realm.at, server->realm.len);
    sip_siphash_update(&hash, "", 1);
    sip_siphash_update(&hash, tag.at, tag.len);
    return sip_siphash_final(&hash);
}

/* nonce = time unique mark, each 16LHEX. */
void sip_nonce_write(const struct sip_digest_server *server, const struct sip_nonce_args *args,
                     char *out)
{
    struct sip_nonce nonce = {args->now, args->unique, 0};
    uint8_t bytes[SIP_NONCE_TEXT / 2];

    nonce.mark = mark_of(server, &nonce, args->tag);
    put_be64(bytes, nonce.issued);
    put_be64(bytes + 8, nonce.unique);
    put_be64(bytes + 16, nonce.mark);
    sip_hex_write(out, bytes, sizeof bytes);
}

static bool read_hex64(const char *text, uint64_t *value)
{
    uint64_t got = 0;

    for (unsigned i = 0; i < 16; i++) {
        char c = text[i];

        if (!sip_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        got = got << 4 | (uint64_t)(sip_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    *value = got;
    return true;
}

enum sip_nonce_state sip_nonce_read(const struct sip_digest_server *server,
                                    const struct sip_nonce_args *args, struct sip_str raw,
                                    struct sip_nonce *nonce)
{
    uint64_t max_ms = (uint64_t)(server->nonce_max_s ? server->nonce_max_s : DEFAULT_MAX_S) * 1000;
    struct sip_nonce got;
    uint64_t mark;

    if (raw.len != SIP_NONCE_TEXT || !read_hex64(raw.at, &got.issued) ||
        !read_hex64(raw.at + 16, &got.unique) || !read_hex64(raw.at + 32, &got.mark))
        return SIP_NONCE_FOREIGN;
    mark = mark_of(server, &got, args->tag);
    if (!sip_secret_equal(&mark, &got.mark, sizeof mark))
        return SIP_NONCE_FOREIGN;
    *nonce = got;
    /* One from the future wraps, and so is old too. */
    return args->now - got.issued > max_ms ? SIP_NONCE_OLD : SIP_NONCE_FRESH;
}

enum sip_nonce_state sip_nonce_check(const struct sip_digest_server *server,
                                     const struct sip_nonce_args *args, struct sip_str nonce)
{
    struct sip_nonce ignored;

    return sip_nonce_read(server, args, nonce, &ignored);
}

void sip_nonce_counts_init(struct sip_nonce_counts *counts, struct sip_nonce_set *sets,
                           uint32_t count)
{
    memset(sets, 0, count * sizeof *sets);
    counts->sets = sets;
    counts->count = count;
}

static enum sip_verdict count_again(struct sip_nonce_used *used, uint32_t count)
{
    uint32_t behind = used->highest - count;

    if (count > used->highest) {
        uint32_t ahead = count - used->highest;

        used->seen = (ahead < WINDOW ? used->seen << ahead : 0) | 1;
        used->highest = count;
        return SIP_DIGEST_RIGHT;
    }
    if (behind >= WINDOW || used->seen >> behind & 1)
        return SIP_DIGEST_REPLAY;
    used->seen |= (uint32_t)1 << behind;
    return SIP_DIGEST_RIGHT;
}

/* The set is a hash of the mark, which nobody can choose. Where all its places are taken the nonce
 * that was issued first falls out, and with it all that are not newer and not in the set. */
enum sip_verdict sip_nonce_use(struct sip_nonce_counts *counts, const struct sip_nonce *nonce,
                               uint32_t count)
{
    uint32_t index = (uint32_t)((uint64_t)(uint32_t)nonce->mark * counts->count >> 32);
    struct sip_nonce_set *set = &counts->sets[index];
    struct sip_nonce_used *place = &set->used[0];

    for (unsigned i = 0; i < SIP_NONCE_SET; i++) { /* they fill up in their order */
        struct sip_nonce_used *used = &set->used[i];

        if (used->highest == 0) {
            place = used;
            break;
        }
        if (used->mark == nonce->mark)
            return count_again(used, count);
        if (used->issued < place->issued)
            place = used;
    }
    if (nonce->issued < set->floor)
        return SIP_DIGEST_STALE;
    if (place->highest > 0) {
        if (nonce->issued < place->issued)
            return SIP_DIGEST_STALE;
        set->floor = place->issued + 1;
    }
    place->mark = nonce->mark;
    place->issued = nonce->issued;
    place->highest = count;
    place->seen = 1;
    return SIP_DIGEST_RIGHT;
}
