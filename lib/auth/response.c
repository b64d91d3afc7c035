#include "auth/digest.h"
#include "base/memory.h"
#include "base/wipe.h"

struct sip_str sip_login_stored(const struct sip_login *login, enum sip_algorithm algorithm)
{
    enum sip_algorithm plain = sip_algorithm_plain(algorithm);
    struct sip_str stored = plain == SIP_MD5       ? login->md5
                            : plain == SIP_SHA_256 ? login->sha256
                                                   : login->sha512_256;

    return stored.at && stored.len == sip_hash_len(algorithm) ? stored : sip_str(NULL);
}

/* H( unq(username) ":" unq(realm) ":" passwd ) (RFC 7616 §3.4.2). */
static size_t hash_login(const struct sip_login *login, enum sip_algorithm algorithm,
                         struct sip_str raw_realm, char out[SIP_HASH_TEXT])
{
    struct sip_hash hash;

    sip_hash_init(&hash, algorithm);
    sip_hash_text(&hash, login->username);
    sip_hash_colon(&hash);
    sip_hash_raw(&hash, raw_realm);
    sip_hash_colon(&hash);
    sip_hash_text(&hash, login->password);
    return sip_hash_final(&hash, out);
}

int sip_login_hash(const struct sip_login *login, enum sip_algorithm algorithm, char *out)
{
    struct sip_hash hash;

    if (!login->password.at || algorithm <= SIP_ALGORITHM_OTHER || algorithm >= SIP_ALGORITHM_COUNT)
        return SIP_EINVAL;
    sip_hash_init(&hash, algorithm);
    sip_hash_text(&hash, login->username);
    sip_hash_colon(&hash);
    sip_hash_text(&hash, login->realm);
    sip_hash_colon(&hash);
    sip_hash_text(&hash, login->password);
    return (int)sip_hash_final(&hash, out);
}

/* H(A1) (RFC 7616 §3.4.2). The hash of a -sess algorithm is made from the hexadecimal text. */
static void hash_a1(const struct sip_digest_input *in, char out[SIP_HASH_TEXT])
{
    struct sip_str stored = sip_login_stored(in->login, in->algorithm);
    size_t len = hash_login(in->login, in->algorithm, in->realm, out);
    struct sip_hash hash;

    if (stored.at)
        memcpy(out, stored.at, stored.len);
    if (!sip_algorithm_is_sess(in->algorithm))
        return;
    sip_hash_init(&hash, in->algorithm);
    sip_hash_text(&hash, sip_bytes(out, len));
    sip_hash_colon(&hash);
    sip_hash_raw(&hash, in->nonce);
    sip_hash_colon(&hash);
    sip_hash_raw(&hash, in->cnonce);
    sip_hash_final(&hash, out);
}

/* H( Method ":" request-uri ) (RFC 7616 §3.4.3). */
static size_t hash_a2(const struct sip_digest_input *in, char out[SIP_HASH_TEXT])
{
    struct sip_hash hash;

    sip_hash_init(&hash, in->algorithm);
    sip_hash_text(&hash, in->method);
    sip_hash_colon(&hash);
    sip_hash_raw(&hash, in->uri);
    return sip_hash_final(&hash, out);
}

/* nc ":" unq(cnonce) ":" unq(qop) ":" */
static void hash_qop(struct sip_hash *hash, const struct sip_digest_input *in)
{
    uint8_t count[4];
    char nc[8];

    for (unsigned i = 0; i < 4; i++)
        count[i] = (uint8_t)(in->count >> (24 - 8 * i));
    sip_hex_write(nc, count, 4);
    sip_hash_text(hash, sip_bytes(nc, 8));
    sip_hash_colon(hash);
    sip_hash_raw(hash, in->cnonce);
    sip_hash_text(hash, sip_bytes(":auth:", 6));
}

/* KD ( H(A1), unq(nonce) ":" nc ":" unq(cnonce) ":" unq(qop) ":" H(A2) ) (RFC 7616 §3.4.1);
 * without qop KD ( H(A1), unq(nonce) ":" H(A2) ) (RFC 2617 §3.2.2.1). */
size_t sip_digest_response(const struct sip_digest_input *in, char out[SIP_HASH_TEXT])
{
    char a2[SIP_HASH_TEXT];
    struct sip_hash hash;
    size_t len = hash_a2(in, a2);

    hash_a1(in, out);
    sip_hash_init(&hash, in->algorithm);
    sip_hash_text(&hash, sip_bytes(out, len));
    sip_hash_colon(&hash);
    sip_hash_raw(&hash, in->nonce);
    sip_hash_colon(&hash);
    if (in->has_qop)
        hash_qop(&hash, in);
    sip_hash_text(&hash, sip_bytes(a2, len));
    return sip_hash_final(&hash, out);
}

size_t sip_username_hash(enum sip_algorithm algorithm, struct sip_str username,
                         struct sip_str raw_realm, char out[SIP_HASH_TEXT])
{
    struct sip_hash hash;

    sip_hash_init(&hash, algorithm);
    sip_hash_text(&hash, username);
    sip_hash_colon(&hash);
    sip_hash_raw(&hash, raw_realm);
    return sip_hash_final(&hash, out);
}
