/* Writers of the typed values of sip/fields.h, sip/uri.h and sip/tel.h.
 *
 * Writers as in sip/fields_event.h: each adds one value between sip_write_begin() and
 * sip_write_end(), so that what was parsed is written again and parsed the same; a member that its
 * grammar does not allow makes the message SIP_EINVAL. CSeq has sip_write_cseq(), a number
 * sip_write_decimal(), a Call-ID or token sip_write_piece(), elements of Accept
 * sip_write_media_type(). */
#ifndef SIP_FIELDS_WRITE_H
#define SIP_FIELDS_WRITE_H

#include "sip/addr.h"
#include "sip/fields_content.h"
#include "sip/tel.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Via (RFC 3261 §20.42, RFC 3581): the members, and of `params` those parameters that are no
 * members. */
SIP_API void sip_write_via(struct sip_writer *, const struct sip_via *);

/* Notes in a Via just received where it really came from: `received` when the host differs, and
 * both `received` and `rport` when the sender asks with ";rport" (RFC 3261 §18.2.1, RFC 3581 §4);
 * what it claimed there itself is dropped. `text` gets the address, SIP_ADDR_TEXT bytes that have
 * to live as long as `via`. */
SIP_API void sip_via_stamp(struct sip_via *via, const struct sip_addr *source, char *text);

/* From, To, Route, Refer-To ...: always in angle brackets; a display name that is neither tokens
 * nor in quotes gets its quotes. */
SIP_API void sip_write_address_value(struct sip_writer *, const struct sip_address *);

/* Retry-After (§20.33). */
SIP_API void sip_write_retry_after(struct sip_writer *, const struct sip_retry_after *);

/* Warning (§20.43). */
SIP_API void sip_write_warning(struct sip_writer *, const struct sip_warning *);

/* Date (§20.17): the day of the week is reckoned here. SIP_EINVAL for a day that no month has. */
SIP_API void sip_write_date(struct sip_writer *, const struct sip_date *);

/* WWW-Authenticate, Authorization ..., and Authentication-Info, which has no scheme (§20.6). */
SIP_API void sip_write_auth(struct sip_writer *, const struct sip_auth *);

/* One product or comment of Server and User-Agent (§20.35); a space has to stand between two. */
SIP_API void sip_write_product(struct sip_writer *, const struct sip_product *);

/* A URI (§19.1.1), as a Request-URI or in angle brackets. A member may hold what the parser leaves
 * in it, escapes and tolerated bytes included, and nothing that ends it or the URI. */
SIP_API void sip_write_uri(struct sip_writer *, const struct sip_uri *);

/* A tel: URI, its parameters in the order of RFC 3966 §3. */
SIP_API void sip_write_tel(struct sip_writer *, const struct sip_tel *);

#ifdef __cplusplus
}
#endif

#endif
