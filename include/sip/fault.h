/* Why bytes were refused: a stable reason, the header, and the offset of the first wrong byte. */
#ifndef SIP_FAULT_H
#define SIP_FAULT_H

#include "sip/header.h"
#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, text, section): one row per reason; the number of a reason never changes. */
#define SIP_REASONS(X)                                                                             \
    X(SIP_BAD_START_LINE, "start line is neither a request line nor a status line", "RFC 3261 §7") \
    X(SIP_BAD_METHOD, "method is not a token", "RFC 3261 §7.1")                                    \
    X(SIP_BAD_URI, "not a valid URI", "RFC 3261 §19.1")                                            \
    X(SIP_BAD_VERSION, "version is not SIP/2.0", "RFC 3261 §7.1")                                  \
    X(SIP_BAD_STATUS, "status is not a number from 100 to 699", "RFC 3261 §7.2")                   \
    X(SIP_BAD_LINE_END, "line does not end in CRLF", "RFC 3261 §7")                                \
    X(SIP_BAD_HEADER_NAME, "header name is not a token followed by a colon", "RFC 3261 §7.3.1")    \
    X(SIP_BAD_CONTROL, "control byte in a head", "RFC 3261 §25.1")                                 \
    X(SIP_TOO_MANY_HEADERS, "more headers than the header table holds", "RFC 3261 §7.3")           \
    X(SIP_HEAD_TOO_LONG, "head is longer than 65,535 bytes or the configured limit",               \
      "RFC 3261 §21.4.11")                                                                         \
    X(SIP_BODY_TOO_LONG, "body is longer than the configured limit", "RFC 3261 §21.4.11")          \
    X(SIP_BODY_SHORT, "more bytes than the datagram holds", "RFC 3261 §18.3")                      \
    X(SIP_MISSING, "mandatory header is missing", "RFC 3261 §8.1.1")                               \
    X(SIP_REPEATED, "header may stand only once", "RFC 3261 §7.3.1")                               \
    X(SIP_CONFLICT, "two values of one header disagree", "RFC 3261 §18.3")                         \
    X(SIP_CSEQ_MISMATCH, "names another method than the request line", "RFC 3261 §8.1.1.5")       \
    X(SIP_BAD_TOKEN, "not a token", "RFC 3261 §25.1")                                              \
    X(SIP_BAD_NUMBER, "not a number in its range", "RFC 3261 §25.1")                               \
    X(SIP_BAD_QUOTES, "quoted string without its end", "RFC 3261 §25.1")                           \
    X(SIP_BAD_BRACKETS, "angle bracket without its partner", "RFC 3261 §20.10")                    \
    X(SIP_BAD_PARAMETER, "malformed parameter", "RFC 3261 §25.1")                                  \
    X(SIP_BAD_HOST, "not a host name or address", "RFC 3261 §25.1")                                \
    X(SIP_BAD_PORT, "port is not a number from 1 to 65,535", "RFC 3261 §25.1")                     \
    X(SIP_BAD_ESCAPE, "percent sign without two hexadecimal digits", "RFC 3261 §19.1.2")           \
    X(SIP_BAD_DATE, "not a date of the form of RFC 1123", "RFC 3261 §20.17")                       \
    X(SIP_EMPTY_VALUE, "value is empty", "RFC 3261 §25.1")                                         \
    X(SIP_TRAILING, "bytes behind the end of the value", "RFC 3261 §25.1")                         \
    X(SIP_BAD_UTF8, "not valid UTF-8", "RFC 3261 §25.1")                                           \
    X(SIP_BAD_SDP_LINE, "line is not of the form type=value", "RFC 8866 §5")                       \
    X(SIP_BAD_SDP_ORDER, "line is missing or out of order", "RFC 8866 §5")                         \
    X(SIP_BAD_SDP_VALUE, "malformed value", "RFC 8866 §9")                                         \
    X(SIP_SDP_TOO_MANY, "more media, formats or attributes than the table holds", "RFC 8866 §5")   \
    X(SIP_BAD_MULTIPART, "boundary does not begin or end the parts", "RFC 2046 §5.1.1")            \
    X(SIP_HEAD_SHORT, "datagram ends before the empty line behind its head", "RFC 3261 §7")

enum sip_reason {
    SIP_REASON_NONE = 0,
#define SIP_REASON_ENUM_(name, text, section) name,
    SIP_REASONS(SIP_REASON_ENUM_)
#undef SIP_REASON_ENUM_
    SIP_REASON_COUNT
};

/* Filled by a parser that refuses; untouched by one that accepts. `offset` counts bytes from the
 * start of what the parser was given, and names the first byte that cannot be right. */
struct sip_fault {
    enum sip_reason reason;
    enum sip_header header; /* SIP_HEADER_OTHER where no known header is concerned */
    uint32_t offset;
};

/* The name of the constant, what it means, and the RFC section that says so; never NULL. */
SIP_API const char *sip_reason_name(enum sip_reason);
SIP_API const char *sip_reason_text(enum sip_reason);
SIP_API const char *sip_reason_section(enum sip_reason);

#ifdef __cplusplus
}
#endif

#endif
