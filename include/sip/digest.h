/* Digest authentication (RFC 7616, RFC 8760, RFC 3261 §22): pure functions for both sides.
 *
 * A client walks the challenges of a 401 or 407 with sip_challenges_next() and answers each with
 * sip_write_answer(); the server's side is sip/digest_server.h. Nothing is kept between calls. Of
 * qop, "auth" and none at all are done, "auth-int" is not.
 *
 * Views called *raw* are the text between the quotes as it stands in the message, escapes and all;
 * sip_raw_copy() and sip_raw_is() resolve them. What hosts hand in is always plain text. */
#ifndef SIP_DIGEST_H
#define SIP_DIGEST_H

#include "sip/error.h"
#include "sip/fault.h"
#include "sip/message.h"
#include "sip/str.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longer values are refused: SIP_BAD_PARAMETER when parsed, SIP_ESIZE when handed in. */
#define SIP_USERNAME_MAX 255
#define SIP_REALM_MAX 255
#define SIP_NONCE_MAX 512
#define SIP_CNONCE_MAX 256
#define SIP_OPAQUE_MAX 512
#define SIP_DIGEST_URI_MAX 1024

enum sip_algorithm {
    SIP_ALGORITHM_OTHER, /* none that this library knows */
    SIP_MD5,
    SIP_SHA_256,
    SIP_SHA_512_256,
    SIP_MD5_SESS,
    SIP_SHA_256_SESS,
    SIP_SHA_512_256_SESS,
    SIP_ALGORITHM_COUNT
};

/* The algorithm of a name ("SHA-256"), ignoring case, and its name; an empty one for OTHER. */
SIP_API enum sip_algorithm sip_algorithm_of(struct sip_str name);
SIP_API struct sip_str sip_algorithm_name(enum sip_algorithm);

/* Who someone is in one realm: a user name with a password or with H(A1), in lower-case
 * hexadecimal, for some of the algorithms. Plain text, borrowed during the call. */
struct sip_login {
    struct sip_str username;
    struct sip_str realm;      /* {NULL, 0}: whatever the other side names */
    struct sip_str password;   /* {NULL, 0}: none is known, only hashes. Empty is a password */
    struct sip_str md5;        /* H(A1) = hash of username ":" realm ":" password; goes before */
    struct sip_str sha256;     /*         the password where it is given */
    struct sip_str sha512_256;
};

/* Computes H(A1) in hexadecimal from username, realm and password, for hosts that store hashes
 * instead of passwords. `out` holds SIP_HASH_TEXT bytes. Returns the length, 32 or 64, without a
 * NUL; SIP_EINVAL when there is no password or no such algorithm. */
#define SIP_HASH_TEXT 64
SIP_API int sip_login_hash(const struct sip_login *, enum sip_algorithm, char *out);

/* --- client --- */

/* WWW-Authenticate or Proxy-Authenticate (RFC 7616 §3.3). The views are raw. */
struct sip_challenge {
    enum sip_header header; /* SIP_HEADER_WWW_AUTHENTICATE or _PROXY_AUTHENTICATE */
    bool supported;         /* Digest, a known algorithm, and a qop that has "auth" or is missing;
                               where false, pass over it (RFC 8760 §2.4) */
    struct sip_str value;   /* all of it, to be copied and parsed again later */
    struct sip_str realm;
    struct sip_str domain; /* {NULL, 0} where not given, as all below */
    struct sip_str nonce;
    struct sip_str opaque;
    enum sip_algorithm algorithm; /* SIP_MD5 when none is named */
    bool has_algorithm;
    bool has_qop; /* false: the response of RFC 2069 */
    bool auth, auth_int;
    bool stale;    /* the credentials were right, only the nonce is old */
    bool userhash; /* the user name is to be sent hashed (RFC 7616 §3.4.4) */
};

/* Parses the value of `header`. A scheme or algorithm that is not known is no error but clears
 * `supported`; of another scheme only `value` is set. Realm and nonce must be there, no parameter
 * twice; quoted and bare values are taken alike (RFC 7235 §2.2). Returns 0, or SIP_EBAD with
 * `*fault` filled and `*challenge` untouched. */
SIP_API int sip_challenge_parse(struct sip_challenge *challenge, enum sip_header header,
                                struct sip_str value, struct sip_fault *fault);

/* Walks the challenges of a response that are to be answered: of each realm one, the topmost that
 * is supported and that a login fits (RFC 8760 §2.4); WWW- and Proxy-Authenticate apart. `login`
 * tells which; a realm that no login fits comes too, with `login` null, so that somebody can be
 * asked. What is malformed is passed over and counted. */
struct sip_challenges {
    const struct sip_message *response;
    const struct sip_login *logins;
    size_t logins_count;
    uint16_t next;                 /* field to look at */
    const struct sip_login *login; /* that fits what was stored last */
    unsigned refused;              /* malformed ones so far */
    struct sip_fault fault;        /* of the last of them */
};

/* `logins` stay the caller's and in use as long as the walk; the first that fits is taken. */
SIP_API void sip_challenges_begin(struct sip_challenges *, const struct sip_message *response,
                                  const struct sip_login *logins, size_t count);

/* Stores the next in `*challenge`, whose views point into the response; false at the end. */
SIP_API bool sip_challenges_next(struct sip_challenges *, struct sip_challenge *challenge);

/* True when `request` carries credentials for the realm of the challenge that it got back: to try
 * again with the same ones is forbidden unless the challenge is `stale` (RFC 3261 §22.1). */
SIP_API bool sip_challenge_tried(const struct sip_challenge *, const struct sip_message *request);

/* True when the login has the challenge's realm, or none, and a password or the right H(A1). */
SIP_API bool sip_login_fits(const struct sip_login *, const struct sip_challenge *);

/* What an answer is made of; all are borrowed. */
struct sip_answer {
    const struct sip_challenge *challenge; /* a supported one */
    const struct sip_login *login;         /* one that fits */
    struct sip_str method;
    struct sip_str uri;    /* the Request-URI as it is sent */
    struct sip_str cnonce; /* printable, 16 or more random characters; one for all of a nonce */
    uint32_t count;        /* of requests with this nonce: 1 in the first. The same credentials
                              repeat only in the ACK to their INVITE and in retransmissions */
};

/* Writes the Authorization or Proxy-Authorization line (RFC 7616 §3.4). Returns 0, or with nothing
 * written SIP_EINVAL (something missing, not supported, or not printable) or SIP_ESIZE. What the
 * writer has to say, it keeps. */
SIP_API int sip_write_answer(struct sip_writer *, const struct sip_answer *);

/* Authentication-Info (RFC 7616 §3.5), optional for both sides. */
struct sip_confirmation {
    struct sip_str nextnonce; /* raw; {NULL, 0} if none: use it in place of the nonce, count 1 */
    bool proved;              /* the server has proved with rspauth that it knows the secret */
};

/* Parses `value`, of the 2xx to the request that carried `answer`. An rspauth that is wrong gives
 * SIP_EBAD with the reason SIP_CONFLICT. */
SIP_API int sip_confirmation_parse(struct sip_confirmation *, const struct sip_answer *answer,
                                   struct sip_str value, struct sip_fault *fault);

/* --- raw texts --- */

/* Copies without escapes. Returns the length, or -1 when it does not fit in `size`. */
SIP_API long sip_raw_copy(struct sip_str raw, char *out, size_t size);

/* True when the text is `plain` once its escapes are resolved; when two raw texts are the same. */
SIP_API bool sip_raw_is(struct sip_str raw, struct sip_str plain);
SIP_API bool sip_raw_equal(struct sip_str, struct sip_str);

#ifdef __cplusplus
}
#endif

#endif
