/* Reading again, in a layer above, what sip_message_check() has let pass (sip/tolerance.h). */
#ifndef SIP_MESSAGE_LENIENT_H
#define SIP_MESSAGE_LENIENT_H

#include "sip/message.h"

/* An address of `message`, with what its host lets pass. */
static inline int sip_address_in(const struct sip_message *message, struct sip_str value,
                                 struct sip_address *address)
{
    struct sip_leniency leniency = {message->tolerate, 0};
    struct sip_fault ignored;

    return sip_address_accept(address, value, &leniency, &ignored);
}

/* A URI that was read before. */
static inline int sip_uri_again(struct sip_uri *uri, struct sip_str text)
{
    struct sip_leniency leniency = {SIP_TOLERATE_DEFAULT, 0};
    struct sip_fault ignored;

    return sip_uri_accept(uri, text, &leniency, &ignored);
}

#endif
