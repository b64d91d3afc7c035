/* Digest authentication (RFC 7616, RFC 8760, RFC 3261 §22): pure functions for both sides.
 *
 * A client walks the challenges of a 401 or 407 with sip_challenges_next() and answers each with
 * sip_write_answer(). A server writes challenges with sip_write_challenges(), finds credentials
 * with sip_digest_find(), looks the user up, and asks sip_digest_check(). Nothing is kept between
 * calls but nonce counts, in memory the host places. Of qop, "auth" and none at all are done,
 * "auth-int" is not.
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

/* --- server --- */

/* Nonce counts, to catch replays (RFC 7616 §3.4): an entry for each nonce that was used with the
 * right password. Where a set is full, the oldest nonce falls out and is refused as stale from then
 * on. The host places the sets and looks not inside: one for every four users is plenty. */
#define SIP_NONCE_SET 8
struct sip_nonce_set {
    uint64_t floor; /* nonces that were issued before and are not below have fallen out */
    struct sip_nonce_used {
        uint64_t mark, issued;
        uint32_t highest, seen; /* count, and a bit for each of the 32 up to it */
    } used[SIP_NONCE_SET];
};

struct sip_nonce_counts {
    struct sip_nonce_set *sets;
    uint32_t count;
};

/* Empties `count` sets, which stay the caller's and in use. */
SIP_API void sip_nonce_counts_init(struct sip_nonce_counts *, struct sip_nonce_set *sets,
                                   uint32_t count);

/* One realm of a server; the host fills it and keeps it. */
struct sip_digest_server {
    struct sip_str realm;
    uint8_t secret[16];    /* random, new with each start of the clock `now` */
    uint32_t nonce_max_s;  /* how long a nonce is good; 0 = 300 */
    uint8_t algorithms[4]; /* offered, best first, up to the first 0; all 0 = SHA-256, then MD5 */
    bool userhash;         /* offer hashed user names */
    bool without_qop;      /* accept clients of RFC 2069: each nonce then serves once */
    struct sip_nonce_counts *counts; /* NULL or empty: replays within nonce_max_s are not caught */
};

/* What goes into a nonce besides the secret and the realm. */
struct sip_nonce_args {
    uint64_t now;        /* ms, the clock of all calls */
    uint64_t unique;     /* random: different in any two nonces of one millisecond */
    struct sip_str tag;  /* whatever a nonce shall be bound to, given again to each check */
};

/* Writes a nonce of SIP_NONCE_TEXT characters, no NUL. It carries its time and a keyed hash. */
#define SIP_NONCE_TEXT 48
SIP_API void sip_nonce_write(const struct sip_digest_server *, const struct sip_nonce_args *,
                             char *out);

enum sip_nonce_state { SIP_NONCE_FRESH, SIP_NONCE_OLD, SIP_NONCE_FOREIGN };

/* Whose and how old a nonce is (raw), from the nonce alone; `args->unique` is not looked at. Costs
 * one keyed hash: what to do first with requests of strangers. */
SIP_API enum sip_nonce_state sip_nonce_check(const struct sip_digest_server *,
                                             const struct sip_nonce_args *, struct sip_str nonce);

/* Writes one `header` (SIP_HEADER_WWW_AUTHENTICATE for a 401, SIP_HEADER_PROXY_AUTHENTICATE for a
 * 407) for each algorithm, best first, all with one new nonce (RFC 8760 §2.3). `stale` tells the
 * client that its password was right: for the verdicts SIP_DIGEST_STALE and _REPLAY. */
SIP_API void sip_write_challenges(struct sip_writer *, const struct sip_digest_server *,
                                  const struct sip_nonce_args *, enum sip_header header,
                                  bool stale);

/* Authorization or Proxy-Authorization (RFC 7616 §3.4). The views are raw. */
struct sip_credentials {
    enum sip_header header;
    bool supported; /* Digest, a known algorithm, qop "auth" or none */
    struct sip_str username;
    struct sip_str realm;
    struct sip_str nonce;
    struct sip_str uri;
    struct sip_str response; /* hexadecimal */
    struct sip_str cnonce;   /* {NULL, 0} without qop */
    struct sip_str opaque;
    enum sip_algorithm algorithm;
    bool has_qop;
    bool userhash; /* `username` is the hash of the name */
    uint32_t count; /* nc; 0 without qop */
};

/* Parses the value of `header`, as sip_challenge_parse() does. username, realm, nonce, uri and
 * response must be there, cnonce and nc exactly when qop is. */
SIP_API int sip_credentials_parse(struct sip_credentials *, enum sip_header header,
                                  struct sip_str value, struct sip_fault *fault);

/* True when the credentials name this user, plainly or by its hash. */
SIP_API bool sip_credentials_name(const struct sip_credentials *, struct sip_str username);

enum sip_verdict {
    SIP_DIGEST_RIGHT,
    SIP_DIGEST_OTHER_URI, /* right, but `uri` is not the Request-URI: a proxy may have changed it;
                             for the host to judge (RFC 8760 §2.6 number 6), else 400 */
    SIP_DIGEST_ABSENT,    /* none for this realm, or of an algorithm not offered: challenge */
    SIP_DIGEST_WRONG,     /* challenge again, or 403 */
    SIP_DIGEST_STALE,     /* right, but the nonce is old, not ours or has fallen out: `stale` */
    SIP_DIGEST_REPLAY,    /* right, but this nonce count was used before: `stale` */
    SIP_DIGEST_MALFORMED  /* 400 (RFC 7616 §3.4) */
};

/* Looks in all fields `header` (SIP_HEADER_AUTHORIZATION or SIP_HEADER_PROXY_AUTHORIZATION) of a
 * request for credentials of the server's realm. Returns SIP_DIGEST_RIGHT when they are in
 * `*credentials`, not yet checked; SIP_DIGEST_ABSENT; or SIP_DIGEST_MALFORMED with `*fault`. */
SIP_API enum sip_verdict sip_digest_find(const struct sip_digest_server *,
                                         const struct sip_message *request, enum sip_header header,
                                         struct sip_credentials *, struct sip_fault *fault);

struct sip_digest_request {
    struct sip_nonce_args nonce; /* now and tag */
    const struct sip_credentials *credentials;
    const struct sip_login *login; /* of the user they name; NULL for one that does not exist */
    struct sip_str method;
    struct sip_str uri; /* the Request-URI */
};

/* Says whether the sender knows the secret. A user that does not exist costs the same time as a
 * wrong password and gives the same verdict. Ask once for each request, not for its
 * retransmissions, never for ACK and CANCEL (RFC 3261 §22.1): it counts the nonce's use. */
SIP_API enum sip_verdict sip_digest_check(const struct sip_digest_server *,
                                          const struct sip_digest_request *);

/* Writes Authentication-Info with rspauth, for the 2xx to a request found right; with `nextnonce`
 * unless it is empty. Writes nothing for one without qop. */
SIP_API void sip_write_confirmation(struct sip_writer *, const struct sip_digest_request *,
                                    struct sip_str nextnonce);

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
