/* Digest authentication for both sides (RFC 7616, RFC 8760, RFC 3261 §22), without any memory of
 * its own: what must be remembered is in the arguments.
 *
 *   raw.c          quoted texts as they stand in a message, read without their escapes
 *   hash.c         one face for the three algorithms
 *   response.c     H(A1), H(A2) and the response (RFC 7616 §3.4.1 to 3.4.3)
 *   params.c       the parameters of all five headers, by name
 *   challenge.c    WWW-/Proxy-Authenticate: parsed, and chosen by the client
 *   answer.c       the client's Authorization and what it makes of Authentication-Info
 *   credentials.c  Authorization, parsed by the server
 *   nonce.c        nonces that prove their origin and age, and the table of their counts
 *   server.c       challenges and verdicts
 *
 * Not here: auth-int, and when to try again (ua). Texts are hashed piece by piece, so that no
 * buffer limits them; hashes of secrets are wiped where they stood. */
#ifndef SIP_AUTH_DIGEST_H
#define SIP_AUTH_DIGEST_H

#include "base/md5.h"
#include "base/sha256.h"
#include "base/sha512.h"
#include "sip/digest_server.h"

/* --- raw.c --- */

/* Takes the next byte off a raw text: an escape gives the byte behind it, a fold one space
 * (RFC 3261 §7.3.1). Returns -1 at the end. */
int sip_raw_next(struct sip_str *raw);

/* Writes `, name="raw"`, escapes as they stand and folds as one space. */
void sip_write_raw(struct sip_writer *, const char *name, struct sip_str raw);

/* True when a text can stand in quotes: at least one byte, no control byte; and, where it is going
 * to be copied as raw, neither quote nor backslash. */
bool sip_text_fits(struct sip_str text);
bool sip_raw_fits(struct sip_str text);

/* True when there is no escaped control byte in it, which a quoted-string may hold but the writer
 * would refuse. */
bool sip_raw_printable(struct sip_str raw);

/* --- hash.c --- */

struct sip_hash {
    enum sip_algorithm algorithm;
    union {
        struct sip_md5 md5;
        struct sip_sha256 sha256;
        struct sip_sha512_256 sha512_256;
    } as;
};

/* The algorithm without "-sess", and whether it is one with. */
enum sip_algorithm sip_algorithm_plain(enum sip_algorithm);
bool sip_algorithm_is_sess(enum sip_algorithm);

/* How many hexadecimal digits a hash has: 32 or 64. */
size_t sip_hash_len(enum sip_algorithm);

void sip_hash_init(struct sip_hash *, enum sip_algorithm);
void sip_hash_text(struct sip_hash *, struct sip_str text);
void sip_hash_raw(struct sip_hash *, struct sip_str raw);
void sip_hash_colon(struct sip_hash *);

/* Writes the hash in lower-case hexadecimal, wipes the context, returns the length. */
size_t sip_hash_final(struct sip_hash *, char out[SIP_HASH_TEXT]);

/* Writes `count` bytes in lower-case hexadecimal. */
void sip_hex_write(char *out, const uint8_t *bytes, size_t count);

/* --- response.c --- */

/* What a response is computed from; `method` is plain and empty for an rspauth, the rest raw. */
struct sip_digest_input {
    enum sip_algorithm algorithm;
    const struct sip_login *login;
    struct sip_str realm, nonce, cnonce, uri, method;
    uint32_t count;
    bool has_qop;
};

/* The H(A1) that the login has for an algorithm; {NULL, 0} if none, or none of the right length. */
struct sip_str sip_login_stored(const struct sip_login *, enum sip_algorithm);

/* Writes the response in hexadecimal and returns its length. Takes the same steps whether the login
 * has a password or H(A1). */
size_t sip_digest_response(const struct sip_digest_input *, char out[SIP_HASH_TEXT]);

/* Writes `, cnonce="...", qop=auth, nc=...` (RFC 7616 §3.4). */
void sip_write_qop(struct sip_writer *, struct sip_str raw_cnonce, uint32_t count);

/* Writes the hash that stands for a user name (RFC 7616 §3.4.4), and returns its length. */
size_t sip_username_hash(enum sip_algorithm, struct sip_str username, struct sip_str raw_realm,
                         char out[SIP_HASH_TEXT]);

#endif
