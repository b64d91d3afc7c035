/* Header field names: an id for each known one, and the table that all parsers and writers share.
 */
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

/* X(ID, "Name", 'compact form or 0', flags): RFC 3261 §20, the order of its sections; then its
 * extensions, by number. A row more needs lib/message/header.c printed anew, see there, and a row
 * in lib/message/check_values.c. */
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
    X(EVENT, "Event", 'o', SIP_SINGLE)                                                             \
    X(RSEQ, "RSeq", 0, SIP_SINGLE) /* RFC 3262 */                                                  \
    X(RACK, "RAck", 0, SIP_SINGLE)                                                                 \
    X(ALLOW_EVENTS, "Allow-Events", 'u', SIP_LIST) /* RFC 6665 */                                  \
    X(SUBSCRIPTION_STATE, "Subscription-State", 0, SIP_SINGLE)                                     \
    X(PRIVACY, "Privacy", 0, SIP_SINGLE) /* RFC 3323 */                                            \
    X(P_ASSERTED_IDENTITY, "P-Asserted-Identity", 0, SIP_LIST) /* RFC 3325 */                      \
    X(P_PREFERRED_IDENTITY, "P-Preferred-Identity", 0, SIP_LIST)                                   \
    X(PATH, "Path", 0, SIP_LIST) /* RFC 3327 */                                                    \
    X(SECURITY_CLIENT, "Security-Client", 0, SIP_LIST) /* RFC 3329 */                              \
    X(SECURITY_SERVER, "Security-Server", 0, SIP_LIST)                                             \
    X(SECURITY_VERIFY, "Security-Verify", 0, SIP_LIST)                                             \
    X(REFER_TO, "Refer-To", 'r', SIP_SINGLE) /* RFC 3515 */                                        \
    X(SERVICE_ROUTE, "Service-Route", 0, SIP_LIST) /* RFC 3608 */                                  \
    X(ACCEPT_CONTACT, "Accept-Contact", 'a', SIP_LIST) /* RFC 3841 */                              \
    X(REJECT_CONTACT, "Reject-Contact", 'j', SIP_LIST)                                             \
    X(REQUEST_DISPOSITION, "Request-Disposition", 'd', SIP_LIST)                                   \
    X(REPLACES, "Replaces", 0, SIP_SINGLE) /* RFC 3891 */                                          \
    X(REFERRED_BY, "Referred-By", 'b', SIP_SINGLE) /* RFC 3892 */                                  \
    X(SIP_ETAG, "SIP-ETag", 0, SIP_SINGLE) /* RFC 3903 */                                          \
    X(SIP_IF_MATCH, "SIP-If-Match", 0, SIP_SINGLE)                                                 \
    X(JOIN, "Join", 0, SIP_SINGLE) /* RFC 3911 */                                                  \
    X(SESSION_EXPIRES, "Session-Expires", 'x', SIP_SINGLE) /* RFC 4028 */                          \
    X(MIN_SE, "Min-SE", 0, SIP_SINGLE)                                                             \
    X(RESOURCE_PRIORITY, "Resource-Priority", 0, SIP_LIST) /* RFC 4412 */                          \
    X(ACCEPT_RESOURCE_PRIORITY, "Accept-Resource-Priority", 0, SIP_LIST)                           \
    X(REFER_SUB, "Refer-Sub", 0, SIP_SINGLE) /* RFC 4488 */                                        \
    X(TARGET_DIALOG, "Target-Dialog", 0, SIP_SINGLE) /* RFC 4538 */                                \
    X(P_EARLY_MEDIA, "P-Early-Media", 0, SIP_LIST) /* RFC 5009 */                                  \
    X(ANSWER_MODE, "Answer-Mode", 0, SIP_SINGLE) /* RFC 5373 */                                    \
    X(PRIV_ANSWER_MODE, "Priv-Answer-Mode", 0, SIP_SINGLE)                                         \
    X(MAX_BREADTH, "Max-Breadth", 0, SIP_SINGLE) /* RFC 5393 */                                    \
    X(P_SERVED_USER, "P-Served-User", 0, SIP_SINGLE) /* RFC 5502 */                                \
    X(FLOW_TIMER, "Flow-Timer", 0, SIP_SINGLE) /* RFC 5626 */                                      \
    X(DIVERSION, "Diversion", 0, SIP_LIST) /* RFC 5806 */                                          \
    X(INFO_PACKAGE, "Info-Package", 0, SIP_SINGLE) /* RFC 6086 */                                  \
    X(RECV_INFO, "Recv-Info", 0, SIP_LIST)                                                         \
    X(FEATURE_CAPS, "Feature-Caps", 0, SIP_LIST) /* RFC 6809 */                                    \
    X(HISTORY_INFO, "History-Info", 0, SIP_LIST) /* RFC 7044 */                                    \
    X(P_ASSOCIATED_URI, "P-Associated-URI", 0, SIP_LIST) /* RFC 7315 */                            \
    X(P_CALLED_PARTY_ID, "P-Called-Party-ID", 0, SIP_SINGLE)                                       \
    X(P_VISITED_NETWORK_ID, "P-Visited-Network-ID", 0, SIP_LIST)                                   \
    X(P_ACCESS_NETWORK_INFO, "P-Access-Network-Info", 0, SIP_LIST)                                 \
    X(P_CHARGING_FUNCTION_ADDRESSES, "P-Charging-Function-Addresses", 0, SIP_LIST)                 \
    X(P_CHARGING_VECTOR, "P-Charging-Vector", 0, SIP_SINGLE)                                       \
    X(USER_TO_USER, "User-to-User", 0, SIP_LIST) /* RFC 7433 */                                    \
    X(SESSION_ID, "Session-ID", 0, SIP_SINGLE) /* RFC 7989 */                                      \
    X(IDENTITY, "Identity", 'y', 0) /* RFC 8224 */

enum sip_header {
    SIP_HEADER_OTHER = 0, /* a name not in the table */
#define SIP_HEADER_ENUM_(id, name, compact, flags) SIP_HEADER_##id,
    SIP_HEADERS(SIP_HEADER_ENUM_)
#undef SIP_HEADER_ENUM_
    SIP_HEADER_COUNT
};

/* X(ID): methods known by name (RFC 3261 §7.1 and its extensions); their names are case-sensitive.
 */
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

/* The compact form of a name, a small letter (RFC 3261 §7.3.3); 0 for a header without one. */
SIP_API char sip_header_compact(enum sip_header);

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
