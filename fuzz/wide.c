/* Vectors against eight bytes at a time against single bytes: the same library three times in one
 * program, as the compiler's target has it, without vectors, and as for size. All say the same, of
 * the bytes and of their beginning at another address. */
#include "fuzz.h"
#include "wide.h"

void words_sip_look(struct record *, struct sip_str bytes);
void bytes_sip_look(struct record *, struct sip_str bytes);

static void compare(struct sip_str bytes)
{
    static struct record vectors, words, single;

    sip_look(&vectors, bytes);
    words_sip_look(&words, bytes);
    bytes_sip_look(&single, bytes);
    require(vectors.used == words.used && memcmp(vectors.at, words.at, words.used) == 0);
    require(vectors.used == single.used && memcmp(vectors.at, single.at, single.used) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sip_str bytes = sip_bytes(data, size), cut;

    if (size == 0 || size > WIDE_MAX)
        return 0;
    compare(bytes);
    cut = exact_copy(cut_at(bytes, chance_of(bytes) % size));
    compare(cut);
    exact_free(cut);
    return 0;
}
