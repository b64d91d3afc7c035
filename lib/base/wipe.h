/* Handling of secrets: forgetting them, and comparing without telling by the time it takes. */
#ifndef SIP_BASE_WIPE_H
#define SIP_BASE_WIPE_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrites `len` bytes with zeros, also where the compiler can tell that nobody reads them. */
void sip_wipe(void *at, size_t len);

/* True when both have the same `len` bytes; takes the same time wherever they differ. */
bool sip_secret_equal(const void *a, const void *b, size_t len);

#endif
