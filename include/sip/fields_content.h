/* Typed header values about content and presentation (RFC 3261 §20): Content-*, Accept-*, *-Info,
 * Timestamp, MIME-Version.
 *
 * Parsers as in sip/fields.h, writers as in sip/fields_event.h. Elements of In-Reply-To:
 * sip_call_id_parse(). Priority and elements of Content-Encoding: sip_token_parse(). Subject and
 * Organization are text. */
#ifndef SIP_FIELDS_CONTENT_H
#define SIP_FIELDS_CONTENT_H

#include "sip/fields.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Content-Disposition (§20.11). */
struct sip_disposition {
    struct sip_str type;     /* "session", "render" ... */
    struct sip_str handling; /* "optional", "required" ...; none means required */
    struct sip_str params;
};

SIP_API int sip_disposition_parse(struct sip_disposition *, struct sip_str value,
                                  struct sip_fault *);
SIP_API void sip_write_disposition(struct sip_writer *, const struct sip_disposition *);

/* Writers of the media types of sip/fields.h. */
SIP_API void sip_write_media_type(struct sip_writer *, const struct sip_media_type *);

/* An element of Accept-Encoding (§20.2) or Accept-Language (§20.3). */
struct sip_choice {
    struct sip_str name; /* "gzip", "en-us", "*" */
    struct sip_amount q; /* in thousandths; without one it counts as 1000 */
    struct sip_str params;
};

SIP_API int sip_accept_encoding_parse(struct sip_choice *, struct sip_str value,
                                      struct sip_fault *);
SIP_API int sip_accept_language_parse(struct sip_choice *, struct sip_str value,
                                      struct sip_fault *);
SIP_API void sip_write_choice(struct sip_writer *, const struct sip_choice *);

/* An element of Content-Language (§20.13): language-tag. */
SIP_API int sip_language_parse(struct sip_str *, struct sip_str value, struct sip_fault *);

/* An element of Alert-Info (§20.4), Call-Info (§20.9), Error-Info (§20.18). */
struct sip_info_uri {
    struct sip_str uri;     /* without its brackets; known to be well-formed */
    struct sip_str purpose; /* of Call-Info: "icon", "info", "card" ... */
    struct sip_str params;
};

SIP_API int sip_info_uri_parse(struct sip_info_uri *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_info_uri(struct sip_writer *, const struct sip_info_uri *);

/* Timestamp (§20.38): numbers as they are written, as they are to be given back. */
struct sip_timestamp {
    struct sip_str time;  /* "54.32" */
    struct sip_str delay; /* {NULL, 0} if none; may be empty, or begin with its dot */
};

SIP_API int sip_timestamp_parse(struct sip_timestamp *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_timestamp(struct sip_writer *, const struct sip_timestamp *);

/* MIME-Version (§20.24). */
struct sip_mime_version {
    uint32_t major, minor;
};

SIP_API int sip_mime_version_parse(struct sip_mime_version *, struct sip_str value,
                                   struct sip_fault *);
SIP_API void sip_write_mime_version(struct sip_writer *, const struct sip_mime_version *);

/* Server, User-Agent (§20.35, §20.41): a product with its version, or a comment. */
struct sip_product {
    struct sip_str name;
    struct sip_str version;
    struct sip_str comment; /* with its parentheses; then there is no name */
};

/* Stores the next one; `*rest` starts as the value and shrinks. False at the end or where the value
 * breaks the grammar, which what is left in `*rest` shows. */
SIP_API bool sip_product_next(struct sip_str *rest, struct sip_product *product);

#ifdef __cplusplus
}
#endif

#endif
