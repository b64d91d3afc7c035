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

/* X(ID, "Name", 'compact form or 0', flags, grammar): RFC 3261 §20, the order of its sections; then
 * its extensions, by number. The grammar is what lib/message/check_values.c judges values by. A new
 * header is a row here, and `python3 tests/message/header_slots.py` run once; a grammar that is not
 * there yet is a line and its parser more. */
#define SIP_HEADERS(X)                                                                             \
    X(ACCEPT, "Accept", 0, SIP_LIST, media_range)                                                  \
    X(ACCEPT_ENCODING, "Accept-Encoding", 0, SIP_LIST, accept_encoding)                            \
    X(ACCEPT_LANGUAGE, "Accept-Language", 0, SIP_LIST, accept_language)                            \
    X(ALERT_INFO, "Alert-Info", 0, SIP_LIST, info_uri)                                             \
    X(ALLOW, "Allow", 0, SIP_LIST, token)                                                          \
    X(AUTHENTICATION_INFO, "Authentication-Info", 0, SIP_SINGLE, auth_info)                        \
    X(AUTHORIZATION, "Authorization", 0, 0, auth)                                                  \
    X(CALL_ID, "Call-ID", 'i', SIP_SINGLE, call_id)                                                \
    X(CALL_INFO, "Call-Info", 0, SIP_LIST, info_uri)                                               \
    X(CONTACT, "Contact", 'm', SIP_LIST, contact)                                                  \
    X(CONTENT_DISPOSITION, "Content-Disposition", 0, SIP_SINGLE, disposition)                      \
    X(CONTENT_ENCODING, "Content-Encoding", 'e', SIP_LIST, token)                                  \
    X(CONTENT_LANGUAGE, "Content-Language", 0, SIP_LIST, language)                                 \
    X(CONTENT_LENGTH, "Content-Length", 'l', SIP_SINGLE, text)                                     \
    X(CONTENT_TYPE, "Content-Type", 'c', SIP_SINGLE, media_type)                                   \
    X(CSEQ, "CSeq", 0, SIP_SINGLE, cseq)                                                           \
    X(DATE, "Date", 0, SIP_SINGLE, date)                                                           \
    X(ERROR_INFO, "Error-Info", 0, SIP_LIST, info_uri)                                             \
    X(EXPIRES, "Expires", 0, SIP_SINGLE, number_32)                                                \
    X(FROM, "From", 'f', SIP_SINGLE, address)                                                      \
    X(IN_REPLY_TO, "In-Reply-To", 0, SIP_LIST, call_id)                                            \
    X(MAX_FORWARDS, "Max-Forwards", 0, SIP_SINGLE, number_8)                                       \
    X(MIME_VERSION, "MIME-Version", 0, SIP_SINGLE, mime_version)                                   \
    X(MIN_EXPIRES, "Min-Expires", 0, SIP_SINGLE, number_32)                                        \
    X(ORGANIZATION, "Organization", 0, SIP_SINGLE, text)                                           \
    X(PRIORITY, "Priority", 0, SIP_SINGLE, token)                                                  \
    X(PROXY_AUTHENTICATE, "Proxy-Authenticate", 0, 0, auth)                                        \
    X(PROXY_AUTHORIZATION, "Proxy-Authorization", 0, 0, auth)                                      \
    X(PROXY_REQUIRE, "Proxy-Require", 0, SIP_LIST, token)                                          \
    X(RECORD_ROUTE, "Record-Route", 0, SIP_LIST, address)                                          \
    X(REPLY_TO, "Reply-To", 0, SIP_SINGLE, address)                                                \
    X(REQUIRE, "Require", 0, SIP_LIST, token)                                                      \
    X(RETRY_AFTER, "Retry-After", 0, SIP_SINGLE, retry_after)                                      \
    X(ROUTE, "Route", 0, SIP_LIST, address)                                                        \
    X(SERVER, "Server", 0, SIP_SINGLE, products)                                                   \
    X(SUBJECT, "Subject", 's', SIP_SINGLE, text)                                                   \
    X(SUPPORTED, "Supported", 'k', SIP_LIST, token)                                                \
    X(TIMESTAMP, "Timestamp", 0, SIP_SINGLE, timestamp)                                            \
    X(TO, "To", 't', SIP_SINGLE, address)                                                          \
    X(UNSUPPORTED, "Unsupported", 0, SIP_LIST, token)                                              \
    X(USER_AGENT, "User-Agent", 0, SIP_SINGLE, products)                                           \
    X(VIA, "Via", 'v', SIP_LIST, via)                                                              \
    X(WARNING, "Warning", 0, SIP_LIST, warning)                                                    \
    X(WWW_AUTHENTICATE, "WWW-Authenticate", 0, 0, auth)                                            \
    X(REASON, "Reason", 0, SIP_LIST, reason_value)                                                 \
    X(EVENT, "Event", 'o', SIP_SINGLE, event)                                                      \
    X(RSEQ, "RSeq", 0, SIP_SINGLE, number_32) /* RFC 3262 */                                       \
    X(RACK, "RAck", 0, SIP_SINGLE, rack)                                                           \
    X(ALLOW_EVENTS, "Allow-Events", 'u', SIP_LIST, event_type) /* RFC 6665 */                      \
    X(SUBSCRIPTION_STATE, "Subscription-State", 0, SIP_SINGLE, subscription_state)                 \
    X(PRIVACY, "Privacy", 0, SIP_SINGLE, privacy) /* RFC 3323 */                                   \
    X(P_ASSERTED_IDENTITY, "P-Asserted-Identity", 0, SIP_LIST, address) /* RFC 3325 */             \
    X(P_PREFERRED_IDENTITY, "P-Preferred-Identity", 0, SIP_LIST, address)                          \
    X(PATH, "Path", 0, SIP_LIST, name_addr) /* RFC 3327 */                                         \
    X(SECURITY_CLIENT, "Security-Client", 0, SIP_LIST, security) /* RFC 3329 */                    \
    X(SECURITY_SERVER, "Security-Server", 0, SIP_LIST, security)                                   \
    X(SECURITY_VERIFY, "Security-Verify", 0, SIP_LIST, security)                                   \
    X(REFER_TO, "Refer-To", 'r', SIP_SINGLE, address) /* RFC 3515 */                               \
    X(SERVICE_ROUTE, "Service-Route", 0, SIP_LIST, name_addr) /* RFC 3608 */                       \
    X(ACCEPT_CONTACT, "Accept-Contact", 'a', SIP_LIST, preference) /* RFC 3841 */                  \
    X(REJECT_CONTACT, "Reject-Contact", 'j', SIP_LIST, preference)                                 \
    X(REQUEST_DISPOSITION, "Request-Disposition", 'd', SIP_LIST, directive)                        \
    X(REPLACES, "Replaces", 0, SIP_SINGLE, replaces) /* RFC 3891 */                                \
    X(REFERRED_BY, "Referred-By", 'b', SIP_SINGLE, referred_by) /* RFC 3892 */                     \
    X(SIP_ETAG, "SIP-ETag", 0, SIP_SINGLE, token) /* RFC 3903 */                                   \
    X(SIP_IF_MATCH, "SIP-If-Match", 0, SIP_SINGLE, token)                                          \
    X(JOIN, "Join", 0, SIP_SINGLE, join) /* RFC 3911 */                                            \
    X(SESSION_EXPIRES, "Session-Expires", 'x', SIP_SINGLE, session_expires) /* RFC 4028 */         \
    X(MIN_SE, "Min-SE", 0, SIP_SINGLE, session_expires)                                            \
    X(RESOURCE_PRIORITY, "Resource-Priority", 0, SIP_LIST, resource_priority) /* RFC 4412 */       \
    X(ACCEPT_RESOURCE_PRIORITY, "Accept-Resource-Priority", 0, SIP_LIST, resource_priority)        \
    X(REFER_SUB, "Refer-Sub", 0, SIP_SINGLE, refer_sub) /* RFC 4488 */                             \
    X(TARGET_DIALOG, "Target-Dialog", 0, SIP_SINGLE, target_dialog) /* RFC 4538 */                 \
    X(P_EARLY_MEDIA, "P-Early-Media", 0, SIP_LIST, token) /* RFC 5009 */                           \
    X(ANSWER_MODE, "Answer-Mode", 0, SIP_SINGLE, answer_mode) /* RFC 5373 */                       \
    X(PRIV_ANSWER_MODE, "Priv-Answer-Mode", 0, SIP_SINGLE, answer_mode)                            \
    X(MAX_BREADTH, "Max-Breadth", 0, SIP_SINGLE, number_32) /* RFC 5393 */                         \
    X(P_SERVED_USER, "P-Served-User", 0, SIP_SINGLE, served_user) /* RFC 5502 */                   \
    X(FLOW_TIMER, "Flow-Timer", 0, SIP_SINGLE, number_32) /* RFC 5626 */                           \
    X(DIVERSION, "Diversion", 0, SIP_LIST, diversion) /* RFC 5806 */                               \
    X(INFO_PACKAGE, "Info-Package", 0, SIP_SINGLE, token_value) /* RFC 6086 */                     \
    X(RECV_INFO, "Recv-Info", 0, SIP_LIST, token_value)                                            \
    X(FEATURE_CAPS, "Feature-Caps", 0, SIP_LIST, preference) /* RFC 6809 */                        \
    X(HISTORY_INFO, "History-Info", 0, SIP_LIST, history_info) /* RFC 7044 */                      \
    X(P_ASSOCIATED_URI, "P-Associated-URI", 0, SIP_LIST, name_addr) /* RFC 7315 */                 \
    X(P_CALLED_PARTY_ID, "P-Called-Party-ID", 0, SIP_SINGLE, name_addr)                            \
    X(P_VISITED_NETWORK_ID, "P-Visited-Network-ID", 0, SIP_LIST, visited_network)                  \
    X(P_ACCESS_NETWORK_INFO, "P-Access-Network-Info", 0, SIP_LIST, access_network)                 \
    X(P_CHARGING_FUNCTION_ADDRESSES, "P-Charging-Function-Addresses", 0, SIP_LIST, charging_hosts)\
    X(P_CHARGING_VECTOR, "P-Charging-Vector", 0, SIP_SINGLE, charging_vector)                      \
    X(USER_TO_USER, "User-to-User", 0, SIP_LIST, user_to_user) /* RFC 7433 */                      \
    X(SESSION_ID, "Session-ID", 0, SIP_SINGLE, session_id) /* RFC 7989 */                          \
    X(IDENTITY, "Identity", 'y', 0, identity) /* RFC 8224 */                                       \
    X(IDENTITY_INFO, "Identity-Info", 'n', SIP_SINGLE, info_uri) /* RFC 4474; no longer sent */

enum sip_header {
    SIP_HEADER_OTHER = 0, /* a name not in the table */
#define SIP_HEADER_ENUM_(id, name, compact, flags, grammar) SIP_HEADER_##id,
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
