/* Header field names: an id for each known one, and the table that all parsers and writers share. */
#ifndef SIP_HEADER_H
#define SIP_HEADER_H

#include "sip/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a header field may look like in one message (RFC 3261 §7.3.1, §20). */
enum sip_header_flags {
    SIP_SINGLE = 1, /* at most once */
    SIP_LIST = 2    /* several values may be joined with commas */
};

/* X(ID, "Name", 'compact form or 0', flags): RFC 3261 §20, the order of its sections. */
#define SIP_HEADERS(X)                                                                             \
    X(ACCEPT, "Accept", 0, SIP_LIST)                                                               \
    X(ACCEPT_ENCODING, "Accept-Encoding", 0, SIP_LIST)                                             \
    X(ACCEPT_LANGUAGE, "Accept-Language", 0, SIP_LIST)                                             \
    X(ALERT_INFO, "Alert-Info", 0, SIP_LIST)                                                       \
    X(ALLOW, "Allow", 0, SIP_LIST)                                                                 \
    X(AUTHENTICATION_INFO, "Authentication-Info", 0, SIP_SINGLE)                                   \
    X(AUTHORIZATION, "Authorization", 0, 0)                                                        \
    X(CALL_ID, "Call-ID", 'i', SIP_SINGLE)                                                         \
    X(CALL_INFO, "Call-Info", 0, SIP_LIST)                                                         \
    X(CONTACT, "Contact", 'm', SIP_LIST)                                                           \
    X(CONTENT_DISPOSITION, "Content-Disposition", 0, SIP_SINGLE)                                   \
    X(CONTENT_ENCODING, "Content-Encoding", 'e', SIP_LIST)                                         \
    X(CONTENT_LANGUAGE, "Content-Language", 0, SIP_LIST)                                           \
    X(CONTENT_LENGTH, "Content-Length", 'l', SIP_SINGLE)                                           \
    X(CONTENT_TYPE, "Content-Type", 'c', SIP_SINGLE)                                               \
    X(CSEQ, "CSeq", 0, SIP_SINGLE)                                                                 \
    X(DATE, "Date", 0, SIP_SINGLE)                                                                 \
    X(ERROR_INFO, "Error-Info", 0, SIP_LIST)                                                       \
    X(EXPIRES, "Expires", 0, SIP_SINGLE)                                                           \
    X(FROM, "From", 'f', SIP_SINGLE)                                                               \
    X(IN_REPLY_TO, "In-Reply-To", 0, SIP_LIST)                                                     \
    X(MAX_FORWARDS, "Max-Forwards", 0, SIP_SINGLE)                                                 \
    X(MIME_VERSION, "MIME-Version", 0, SIP_SINGLE)                                                 \
    X(MIN_EXPIRES, "Min-Expires", 0, SIP_SINGLE)                                                   \
    X(ORGANIZATION, "Organization", 0, SIP_SINGLE)                                                 \
    X(PRIORITY, "Priority", 0, SIP_SINGLE)                                                         \
    X(PROXY_AUTHENTICATE, "Proxy-Authenticate", 0, 0)                                              \
    X(PROXY_AUTHORIZATION, "Proxy-Authorization", 0, 0)                                            \
    X(PROXY_REQUIRE, "Proxy-Require", 0, SIP_LIST)                                                 \
    X(RECORD_ROUTE, "Record-Route", 0, SIP_LIST)                                                   \
    X(REPLY_TO, "Reply-To", 0, SIP_SINGLE)                                                         \
    X(REQUIRE, "Require", 0, SIP_LIST)                                                             \
    X(RETRY_AFTER, "Retry-After", 0, SIP_SINGLE)                                                   \
    X(ROUTE, "Route", 0, SIP_LIST)                                                                 \
    X(SERVER, "Server", 0, SIP_SINGLE)                                                             \
    X(SUBJECT, "Subject", 's', SIP_SINGLE)                                                         \
    X(SUPPORTED, "Supported", 'k', SIP_LIST)                                                       \
    X(TIMESTAMP, "Timestamp", 0, SIP_SINGLE)                                                       \
    X(TO, "To", 't', SIP_SINGLE)                                                                   \
    X(UNSUPPORTED, "Unsupported", 0, SIP_LIST)                                                     \
    X(USER_AGENT, "User-Agent", 0, SIP_SINGLE)                                                     \
    X(VIA, "Via", 'v', SIP_LIST)                                                                   \
    X(WARNING, "Warning", 0, SIP_LIST)                                                             \
    X(WWW_AUTHENTICATE, "WWW-Authenticate", 0, 0)                                                  \
    X(REASON, "Reason", 0, SIP_LIST)                                                               \
    X(EVENT, "Event", 'o', SIP_SINGLE)

enum sip_header {
    SIP_HEADER_OTHER = 0, /* a name not in the table */
#define SIP_HEADER_ENUM_(id, name, compact, flags) SIP_HEADER_##id,
    SIP_HEADERS(SIP_HEADER_ENUM_)
#undef SIP_HEADER_ENUM_
    SIP_HEADER_COUNT
};

/* X(ID): methods known by name (RFC 3261 §7.1 and its extensions); their names are case-sensitive. */
#define SIP_METHODS(X)                                                                             \
    X(INVITE) X(ACK) X(BYE) X(CANCEL) X(REGISTER) X(OPTIONS) X(PRACK) X(UPDATE) X(INFO)            \
    X(MESSAGE) X(SUBSCRIBE) X(NOTIFY) X(PUBLISH) X(REFER)

enum sip_method {
    SIP_METHOD_OTHER = 0, /* a method without an id; its text is in the message */
#define SIP_METHOD_ENUM_(id) SIP_##id,
    SIP_METHODS(SIP_METHOD_ENUM_)
#undef SIP_METHOD_ENUM_
    SIP_METHOD_COUNT
};

/* The id of a name, whatever its case, long or compact; SIP_HEADER_OTHER when unknown. */
SIP_API enum sip_header sip_header_of(struct sip_str name);

/* The full name of a header, empty for SIP_HEADER_OTHER. Static, lives for ever. */
SIP_API struct sip_str sip_header_name(enum sip_header);

/* The SIP_SINGLE and SIP_LIST bits of a header; 0 for SIP_HEADER_OTHER. */
SIP_API unsigned sip_header_flags(enum sip_header);

/* The id of a method name, exactly as written; SIP_METHOD_OTHER when unknown. */
SIP_API enum sip_method sip_method_of(struct sip_str name);

/* The name of a method, empty for SIP_METHOD_OTHER. Static, lives for ever. */
SIP_API struct sip_str sip_method_text(enum sip_method);

#ifdef __cplusplus
}
#endif

#endif
