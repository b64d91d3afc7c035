#include "auth/digest.h"
#include "base/wipe.h"

static const char *const names[SIP_ALGORITHM_COUNT] = {
    "", "MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess", "SHA-512-256-sess",
};

enum sip_algorithm sip_algorithm_of(struct sip_str name)
{
    for (unsigned i = SIP_MD5; i < SIP_ALGORITHM_COUNT; i++)
        if (sip_str_is(name, names[i]))
            return (enum sip_algorithm)i;
    return SIP_ALGORITHM_OTHER;
}

struct sip_str sip_algorithm_name(enum sip_algorithm algorithm)
{
    return sip_str(names[(unsigned)algorithm < SIP_ALGORITHM_COUNT ? algorithm : 0]);
}

bool sip_algorithm_is_sess(enum sip_algorithm algorithm)
{
    return algorithm >= SIP_MD5_SESS;
}

enum sip_algorithm sip_algorithm_plain(enum sip_algorithm algorithm)
{
    return sip_algorithm_is_sess(algorithm)
               ? (enum sip_algorithm)(algorithm - SIP_MD5_SESS + SIP_MD5)
               : algorithm;
}

size_t sip_hash_len(enum sip_algorithm algorithm)
{
    return sip_algorithm_plain(algorithm) == SIP_MD5 ? 2 * SIP_MD5_SIZE : 2 * SIP_SHA256_SIZE;
}

void sip_hash_init(struct sip_hash *hash, enum sip_algorithm algorithm)
{
    hash->algorithm = sip_algorithm_plain(algorithm);
    if (hash->algorithm == SIP_MD5)
        sip_md5_init(&hash->as.md5);
    else if (hash->algorithm == SIP_SHA_256)
        sip_sha256_init(&hash->as.sha256);
    else
        sip_sha512_256_init(&hash->as.sha512_256);
}

void sip_hash_text(struct sip_hash *hash, struct sip_str text)
{
    if (hash->algorithm == SIP_MD5)
        sip_md5_update(&hash->as.md5, text.at, text.len);
    else if (hash->algorithm == SIP_SHA_256)
        sip_sha256_update(&hash->as.sha256, text.at, text.len);
    else
        sip_sha512_256_update(&hash->as.sha512_256, text.at, text.len);
}

void sip_hash_raw(struct sip_hash *hash, struct sip_str raw)
{
    for (int byte; (byte = sip_raw_next(&raw)) >= 0;) {
        char c = (char)byte;

        sip_hash_text(hash, sip_bytes(&c, 1));
    }
}

void sip_hash_colon(struct sip_hash *hash)
{
    sip_hash_text(hash, sip_bytes(":", 1));
}

size_t sip_hash_final(struct sip_hash *hash, char out[SIP_HASH_TEXT])
{
    size_t len = sip_hash_len(hash->algorithm);
    uint8_t bytes[SIP_HASH_TEXT / 2];

    if (hash->algorithm == SIP_MD5)
        sip_md5_final(&hash->as.md5, bytes);
    else if (hash->algorithm == SIP_SHA_256)
        sip_sha256_final(&hash->as.sha256, bytes);
    else
        sip_sha512_256_final(&hash->as.sha512_256, bytes);
    sip_hex_write(out, bytes, len / 2);
    sip_wipe(bytes, sizeof bytes);
    return len;
}

void sip_hex_write(char *out, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
}
