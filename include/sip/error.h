/* Errors of calls: negative numbers that a function returns to its caller.
 *
 * What the wire did wrong is an `enum sip_reason` (sip/fault.h); what the peer or the network
 * answered is a positive SIP status. One `int` never carries two of them. */
#ifndef SIP_ERROR_H
#define SIP_ERROR_H

#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, text): the texts are those of sip_strerror(). */
#define SIP_ERRORS(X)                                                                              \
    X(SIP_EINVAL, "an argument is missing or out of range")                                        \
    X(SIP_ESTATE, "not allowed at this moment")                                                    \
    X(SIP_EGONE, "the handle is over")                                                             \
    X(SIP_EFULL, "a configured limit is reached")                                                  \
    X(SIP_ESIZE, "longer than the configured size")                                                \
    X(SIP_EURI, "not a URI this can be sent to")                                                   \
    X(SIP_EHEADER, "a header that may not be set, or with bytes no header may hold")               \
    X(SIP_EMETHOD, "not a method that may be sent this way")                                       \
    X(SIP_EBAD, "bytes that break the grammar; the fault says where")                              \
    X(SIP_EMEMORY, "the block is smaller than the configuration needs")                            \
    X(SIP_ERANDOM, "no source of random bytes")                                                    \
    X(SIP_ENAME, "a name where only a numeric address can be used")                                \
    X(SIP_ESYSTEM, "the operating system refused; errno says why")

enum sip_error {
    SIP_OK = 0,
    SIP_ERROR_FIRST_ = -100, /* so that errors never look like small counts */
#define SIP_ERROR_ENUM_(name, text) name,
    SIP_ERRORS(SIP_ERROR_ENUM_)
#undef SIP_ERROR_ENUM_
};

/* A short English text for a value of `enum sip_error`; never NULL. Static, lives for ever. */
SIP_API const char *sip_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
