/* Bytes with a length: how every text enters and leaves the library. */
#ifndef SIP_STR_H
#define SIP_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define SIP_API __attribute__((visibility("default")))
#else
#define SIP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A view of `len` bytes at `at`: never NUL-terminated, never owned. Who gave it says how long it
 * lives. Nothing at all is {NULL, 0}; an empty text has a non-null `at` and `len` 0. */
struct sip_str {
    const char *at;
    size_t len;
};

/* The bytes of a NUL-terminated text, without the NUL; NULL gives {NULL, 0}. Copies nothing. */
SIP_API struct sip_str sip_str(const char *text);

/* `len` bytes at `at` as a view. Copies nothing. */
SIP_API struct sip_str sip_bytes(const void *at, size_t len);

/* True when both have the same bytes; `sip_str_is` ignores the case of ASCII letters, as SIP does
 * for tokens (RFC 3261 §7.3.1). */
SIP_API bool sip_str_equal(struct sip_str, struct sip_str);
SIP_API bool sip_str_is(struct sip_str, const char *text);

#ifdef __cplusplus
}
#endif

#endif
