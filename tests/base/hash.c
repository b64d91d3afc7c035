/* The hashes against the examples of their standards, and every way to cut an input. */
#include "base/md5.h"
#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"
#include "base/siphash.h"
#include "base/wipe.h"
#include "test.h"
#include "sip/str.h"
#include <stdlib.h>

union context {
    struct sip_md5 md5;
    struct sip_sha1 sha1;
    struct sip_sha256 sha256;
    struct sip_sha512_256 sha512_256;
};

/* One shape for all four, so that one loop tests them. */
#define SHAPE(name)                                                                                \
    static void name##_init(union context *c)                                                      \
    {                                                                                              \
        sip_##name##_init(&c->name);                                                               \
    }                                                                                              \
    static void name##_update(union context *c, const void *data, size_t len)                      \
    {                                                                                              \
        sip_##name##_update(&c->name, data, len);                                                  \
    }                                                                                              \
    static void name##_final(union context *c, uint8_t *out)                                       \
    {                                                                                              \
        sip_##name##_final(&c->name, out);                                                         \
    }

SHAPE(md5)
SHAPE(sha1)
SHAPE(sha256)
SHAPE(sha512_256)

enum { MD5, SHA1, SHA256, SHA512_256, KINDS };

static const struct kind {
    size_t size, context;
    void (*init)(union context *);
    void (*update)(union context *, const void *, size_t);
    void (*final)(union context *, uint8_t *);
    const char *lengths; /* hash of the hashes of the first 0, 1 ... 300 bytes of the pattern */
} kinds[KINDS] = {
    {SIP_MD5_SIZE, sizeof(struct sip_md5), md5_init, md5_update, md5_final,
     "bbc8219ce2f09cb1b1235ce3b7ef018c"},
    {SIP_SHA1_SIZE, sizeof(struct sip_sha1), sha1_init, sha1_update, sha1_final,
     "43debf5006166594c976375f1c06253e43d53ddf"},
    {SIP_SHA256_SIZE, sizeof(struct sip_sha256), sha256_init, sha256_update, sha256_final,
     "7d917fbd2cf49ddff9ad0a8706bba32d204e92e71d2e369c5a03d6af29278c9f"},
    {SIP_SHA512_256_SIZE, sizeof(struct sip_sha512_256), sha512_256_init, sha512_256_update,
     sha512_256_final, "1611a6e3a9f258330b9248f1b4fae378461c07790b18aca2810a8a56806fff93"},
};

#define LONGEST 300

/* Byte i is 7 * i + 3: so that every byte and every place counts. */
static void fill(uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(7 * i + 3);
}

static struct sip_str hex(const uint8_t *bytes, size_t len)
{
    static char text[128];

    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02x", bytes[i]);
    return sip_bytes(text, 2 * len);
}

/* The hash of `len` bytes, of which `cut` come first, by a context in a block of just its size. */
static struct sip_str hashed(const struct kind *kind, const void *data, size_t len, size_t cut)
{
    static uint8_t out[32];
    union context *context = malloc(kind->context);

    kind->init(context);
    kind->update(context, data, cut);
    kind->update(context, (const char *)data + cut, len - cut);
    kind->final(context, out);
    free(context);
    return hex(out, kind->size);
}

static const struct {
    int kind;
    const char *input, *hash;
} examples[] = {
    /* RFC 1321 appendix A.5 */
    {MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
    {MD5, "a", "0cc175b9c0f1b6a831c399e269772661"},
    {MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
    {MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
    {MD5, "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
    {MD5, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
     "d174ab98d277d9f5a5611c2c9f419d9f"},
    {MD5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "57edf4a22be3c955ac49da2e2107b67a"},
    /* FIPS 180-4's examples: one block, two blocks, nothing */
    {SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {SHA1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    {SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {SHA512_256, "abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
    {SHA512_256,
     "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
     "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a"},
    {SHA512_256, "", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"},
};

TEST(hashes_agree_with_the_examples_of_their_standards)
{
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        CHECK_STR(hashed(&kinds[examples[i].kind], examples[i].input, strlen(examples[i].input), 0),
                  examples[i].hash);
}

TEST(hashes_of_a_million_letters_a)
{
    static const char *const wanted[KINDS] = {
        "7707d6ae4e027c70eea2a935c2296f21", "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        "9a59a052930187a97038cae692f30708aa6491923ef5194394dc68d56c74fb21"};
    char *letters = malloc(1000000);

    memset(letters, 'a', 1000000);
    for (int k = 0; k < KINDS; k++)
        CHECK_STR(hashed(&kinds[k], letters, 1000000, 333333), wanted[k]);
    free(letters);
}

TEST(hashes_of_every_length_agree_with_another_implementation)
{
    for (int k = 0; k < KINDS; k++) {
        union context sum;
        uint8_t one[32];

        kinds[k].init(&sum);
        for (size_t len = 0; len <= LONGEST; len++) {
            union context context;
            uint8_t *bytes = malloc(len ? len : 1);

            fill(bytes, len);
            kinds[k].init(&context);
            kinds[k].update(&context, bytes, len);
            kinds[k].final(&context, one);
            kinds[k].update(&sum, one, kinds[k].size);
            free(bytes);
        }
        kinds[k].final(&sum, one);
        CHECK_STR(hex(one, kinds[k].size), kinds[k].lengths);
    }
}

TEST(hashes_do_not_depend_on_how_the_input_is_cut)
{
    uint8_t bytes[LONGEST];

    fill(bytes, sizeof bytes);
    for (int k = 0; k < KINDS; k++)
        for (size_t len = 110; len <= 260; len += 3) {
            char whole[65];
            struct sip_str text = hashed(&kinds[k], bytes, len, 0);

            memcpy(whole, text.at, text.len);
            whole[text.len] = 0;
            for (size_t cut = 0; cut <= len; cut++)
                CHECK_STR(hashed(&kinds[k], bytes, len, cut), whole);
        }
}

TEST(hashes_differ_when_one_bit_differs)
{
    uint8_t bytes[200];

    for (int k = 0; k < KINDS; k++)
        for (size_t i = 0; i < sizeof bytes; i++) {
            char before[65];
            struct sip_str text;

            fill(bytes, sizeof bytes);
            text = hashed(&kinds[k], bytes, sizeof bytes, 0);
            memcpy(before, text.at, text.len);
            bytes[i] ^= 0x10;
            text = hashed(&kinds[k], bytes, sizeof bytes, 0);
            CHECK(memcmp(before, text.at, text.len) != 0);
        }
}

TEST(final_leaves_nothing_in_the_context)
{
    static const uint8_t zeros[sizeof(union context)];

    for (int k = 0; k < KINDS; k++) {
        union context context;
        uint8_t out[32];

        kinds[k].init(&context);
        kinds[k].update(&context, "secret", 6);
        CHECK(memcmp(&context, zeros, kinds[k].context) != 0);
        kinds[k].final(&context, out);
        CHECK(memcmp(&context, zeros, kinds[k].context) == 0);
    }
}

/* Key and inputs of the paper: 00 01 02 ... */
static const uint8_t key[SIP_SIPHASH_KEY] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

TEST(siphash_agrees_with_the_paper_and_its_reference_vectors)
{
    static const struct {
        size_t len;
        uint64_t hash;
    } vectors[] = {
        {15, 0xa129ca6149be45e5}, /* appendix A of the paper */
        {0, 0x726fdb47dd0e0e31},  {1, 0x74f839c593dc67fd}, {2, 0x0d6c8009d9a94f5a},
        {3, 0x85676696d7fb7e2d},  {7, 0xab0200f58b01d137}, {8, 0x93f5f5799a932462},
        {9, 0x9e0082df0ba9e4b0},  {63, 0x958a324ceb064572},
    };
    uint8_t bytes[64];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        CHECK(sip_siphash_of(key, bytes, vectors[i].len) == vectors[i].hash);
}

TEST(siphash_of_every_length_agrees_with_another_implementation)
{
    struct sip_siphash sum;
    uint8_t bytes[LONGEST];

    fill(bytes, sizeof bytes);
    sip_siphash_init(&sum, key);
    for (size_t len = 0; len <= LONGEST; len++) {
        uint8_t *exact = malloc(len ? len : 1), be[8];
        uint64_t hash;

        memcpy(exact, bytes, len);
        hash = sip_siphash_of(key, exact, len);
        for (int i = 0; i < 8; i++)
            be[i] = (uint8_t)(hash >> (56 - 8 * i));
        sip_siphash_update(&sum, be, 8);
        free(exact);
    }
    CHECK(sip_siphash_final(&sum) == 0x77e046a18cb6838a);
}

TEST(siphash_does_not_depend_on_how_the_input_is_cut)
{
    uint8_t bytes[40];

    fill(bytes, sizeof bytes);
    for (size_t a = 0; a <= sizeof bytes; a++)
        for (size_t b = a; b <= sizeof bytes; b++) {
            struct sip_siphash hash;

            sip_siphash_init(&hash, key);
            sip_siphash_update(&hash, bytes, a);
            sip_siphash_update(&hash, bytes + a, b - a);
            sip_siphash_update(&hash, bytes + b, sizeof bytes - b);
            CHECK(sip_siphash_final(&hash) == sip_siphash_of(key, bytes, sizeof bytes));
        }
}

/* A piece goes in as its length, in eight bytes, and its bytes, with zeros to fill eights. */
static void piece_by_bytes(struct sip_siphash *hash, const uint8_t *data, size_t len, size_t *total)
{
    uint8_t words[8 + 48] = {(uint8_t)len};

    memcpy(words + 8, data, len);
    sip_siphash_update(hash, words, 8 + (len + 7) / 8 * 8);
    *total += 8 + (len + 7) / 8 * 8;
}

TEST(siphash_of_pieces_is_that_of_their_lengths_and_words)
{
    uint8_t bytes[40];

    fill(bytes, sizeof bytes);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        uint8_t *exact = malloc(len ? len : 1);
        struct sip_siphash by_pieces, by_bytes;
        size_t total = 0;

        memcpy(exact, bytes, len);
        sip_siphash_init(&by_pieces, key);
        sip_siphash_init(&by_bytes, key);
        do { /* the number of bytes goes in at the end modulo 256, that of pieces does not */
            sip_siphash_piece(&by_pieces, exact, len);
            piece_by_bytes(&by_bytes, exact, len, &total);
        } while (total % 256 != 0);
        CHECK(sip_siphash_final(&by_pieces) == sip_siphash_final(&by_bytes));
        free(exact);
    }
}

TEST(siphash_of_nothing_looks_at_nothing)
{
    struct sip_siphash hash;

    sip_siphash_init(&hash, key);
    sip_siphash_update(&hash, "abc", 3);
    sip_siphash_update(&hash, NULL, 0);
    CHECK(sip_siphash_final(&hash) == sip_siphash_of(key, "abc", 3));
    sip_siphash_init(&hash, key);
    sip_siphash_piece(&hash, NULL, 0);
    CHECK(sip_siphash_final(&hash) != sip_siphash_of(key, NULL, 0));
}

TEST(siphash_depends_on_every_byte_of_its_key)
{
    for (unsigned i = 0; i < sizeof key; i++) {
        uint8_t other[SIP_SIPHASH_KEY];

        memcpy(other, key, sizeof other);
        other[i] ^= 1;
        CHECK(sip_siphash_of(other, "x", 1) != sip_siphash_of(key, "x", 1));
    }
}

TEST(secrets_are_compared_whole_and_wiped_exactly)
{
    char a[] = "0123456789", b[] = "0123456789";

    CHECK(sip_secret_equal(a, b, 10));
    for (int i = 0; i < 10; i++) {
        b[i] ^= 1;
        CHECK(!sip_secret_equal(a, b, 10));
        b[i] ^= 1;
    }
    CHECK(sip_secret_equal("x", "y", 0));
    sip_wipe(a + 2, 3);
    CHECK(memcmp(a, "01\0\0\0" "56789", 10) == 0);
}

TESTS(T(hashes_agree_with_the_examples_of_their_standards) T(hashes_of_a_million_letters_a)
      T(hashes_of_every_length_agree_with_another_implementation)
      T(hashes_do_not_depend_on_how_the_input_is_cut) T(hashes_differ_when_one_bit_differs)
      T(final_leaves_nothing_in_the_context)
      T(siphash_agrees_with_the_paper_and_its_reference_vectors)
      T(siphash_of_every_length_agrees_with_another_implementation)
      T(siphash_does_not_depend_on_how_the_input_is_cut)
      T(siphash_of_pieces_is_that_of_their_lengths_and_words) T(siphash_of_nothing_looks_at_nothing)
      T(siphash_depends_on_every_byte_of_its_key) T(secrets_are_compared_whole_and_wiped_exactly))
