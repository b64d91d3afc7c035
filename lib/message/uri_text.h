/* Text of a URI, read escape by escape: "%61" is "a" (RFC 3261 §19.1.4). */
#ifndef SIP_MESSAGE_URI_TEXT_H
#define SIP_MESSAGE_URI_TEXT_H

#include "sip/str.h"

enum sip_case { SIP_CASE_MATTERS, SIP_CASE_IGNORED };

/* Takes the character of `text` at `*at`, which is not behind its end. The low eight bits are the
 * byte meant; an escaped byte of the "reserved" set, which differs from the byte itself, has
 * SIP_URI_ESCAPED set. */
#define SIP_URI_ESCAPED 0x100u
unsigned sip_uri_text_next(struct sip_str text, size_t *at);

/* True when both mean the same by §19.1.4. */
bool sip_uri_text_same(struct sip_str, struct sip_str, enum sip_case);

#endif
