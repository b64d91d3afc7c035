/* Digest authentication as a server does it (RFC 7616, RFC 8760, RFC 3261 §22): pure functions.
 *
 * Write challenges with sip_write_challenges(), find credentials with sip_digest_find(), look the
 * user up, and ask sip_digest_check(). Nothing is kept between calls but nonce counts, in memory
 * the host places. */
#ifndef SIP_DIGEST_SERVER_H
#define SIP_DIGEST_SERVER_H

#include "sip/digest.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
