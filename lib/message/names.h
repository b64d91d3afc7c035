/* The known header names and their fields, for those who know their insides. */
#ifndef SIP_MESSAGE_NAMES_H
#define SIP_MESSAGE_NAMES_H

#include "sip/message.h"

/* 1 + index of the first field with a known id, 0 = none (values.c). */
size_t sip_first_field(const struct sip_message *, enum sip_header);

/* True when there is more than one field with this id. */
static inline bool sip_is_repeated(const struct sip_message *message, unsigned id)
{
    return id < SIP_HEADER_COUNT && (message->repeated[id / 32] >> (id & 31) & 1);
}

/* True when the grammar of a header allows that nothing is in it (header.c), as with those that
 * nobody knows. */
bool sip_header_may_be_empty(enum sip_header);

/* What sip_header_name() gives may be read in pieces of so many bytes, beyond the end of the
 * name. */
#define SIP_NAME_PIECE 16

#endif
