/* What the typed parsers read in a value, as one text: two values are equal when their texts are.
 * Strings come unfolded, one space for each fold (RFC 3261 §7.3.1). A value that is refused says
 * why. */
#ifndef TYPED_H
#define TYPED_H

#include "sip/fields_call.h"
#include "sip/fields_content.h"
#include "sip/fields_event.h"
#include "sip/fields_ims.h"
#include "sip/fields_reach.h"
#include "sip/uri.h"

#include <stdbool.h>
#include <stdio.h>

#define TYPED_MAX (1 << 21)

struct typed {
    char at[TYPED_MAX];
    size_t len;
};

static inline void typed_byte(struct typed *out, char c)
{
    if (out->len < sizeof out->at)
        out->at[out->len++] = c;
}

static inline bool typed_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Control bytes that stand escaped become a space when written (sip/writer.h). */
static inline bool typed_is_escape(struct sip_str text, size_t at)
{
    unsigned char next = at + 1 < text.len ? (unsigned char)text.at[at + 1] : 'x';

    return text.at[at] == '\\' && ((next < ' ' && next != '\t') || next == 0x7f);
}

static inline void typed_text(struct typed *out, struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (typed_is_escape(text, i)) {
            typed_byte(out, ' ');
            i++;
        } else if (text.at[i] == '\r') {
            while (out->len && typed_is_space(out->at[out->len - 1]))
                out->len--;
            while (i + 1 < text.len && typed_is_space(text.at[i + 1]))
                i++;
            typed_byte(out, ' ');
        } else {
            typed_byte(out, text.at[i]);
        }
    }
    typed_byte(out, text.at ? '|' : '-');
}

static inline void typed_number(struct typed *out, unsigned long number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lu|", number);

    for (int i = 0; i < len; i++)
        typed_byte(out, digits[i]);
}

static inline void typed_parts(struct typed *out, const struct sip_address *address)
{
    typed_text(out, address->display);
    typed_text(out, address->uri);
    typed_text(out, address->params);
    typed_text(out, address->tag);
    typed_number(out, address->brackets);
}

static inline void typed_sequence(struct typed *out, const struct sip_cseq *cseq)
{
    typed_number(out, cseq->number);
    typed_number(out, (unsigned)cseq->method);
    typed_text(out, cseq->method_name);
}

#define S(member) typed_text(out, got.member);
#define N(member) typed_number(out, (unsigned long)got.member);
#define A(member) typed_number(out, got.member.given), typed_number(out, got.member.value);
#define ADDRESS   typed_parts(out, &got.address);

/* X(name, type, parser, its members) */
#define TYPED_VALUES(X)                                                                            \
    X(via, struct sip_via, sip_via_parse,                                                          \
      S(transport) S(host) N(port) S(params) S(branch) S(received) S(maddr) N(has_rport) N(rport)) \
    X(address, struct sip_address, sip_address_parse, typed_parts(out, &got);)                   \
    X(name_addr, struct sip_address, sip_name_addr_parse, typed_parts(out, &got);)               \
    X(cseq, struct sip_cseq, sip_cseq_parse, typed_sequence(out, &got);)                           \
    X(call_id, struct sip_str, sip_call_id_parse, typed_text(out, got);)                           \
    X(media_type, struct sip_media_type, sip_media_type_parse, S(type) S(subtype) S(params))       \
    X(media_range, struct sip_media_type, sip_media_range_parse, S(type) S(subtype) S(params))     \
    X(token, struct sip_str, sip_token_parse, typed_text(out, got);)                               \
    X(token_value, struct sip_token_value, sip_token_value_parse, S(token) S(params))              \
    X(retry_after, struct sip_retry_after, sip_retry_after_parse,                                  \
      N(seconds) S(comment) S(params) N(duration_s))                                               \
    X(warning, struct sip_warning, sip_warning_parse, N(code) S(agent) S(text))                    \
    X(date, struct sip_date, sip_date_parse,                                                       \
      N(year) N(month) N(day) N(hour) N(minute) N(second))                                         \
    X(auth, struct sip_auth, sip_auth_parse, S(scheme) S(fields))                                  \
    X(auth_info, struct sip_auth, sip_auth_info_parse, S(scheme) S(fields))                        \
    X(event, struct sip_event, sip_event_parse, S(type) S(package) S(id) S(params))                \
    X(event_type, struct sip_str, sip_event_type_parse, typed_text(out, got);)                     \
    X(subscription_state, struct sip_subscription_state, sip_subscription_state_parse,             \
      N(state) S(name) S(reason) A(expires_s) A(retry_after_s) S(params))                          \
    X(rack, struct sip_rack, sip_rack_parse, N(rseq) typed_sequence(out, &got.cseq);)              \
    X(session_expires, struct sip_session_expires, sip_session_expires_parse,                      \
      N(interval_s) S(refresher) S(params))                                                        \
    X(replaces, struct sip_replaces, sip_replaces_parse,                                           \
      S(call_id) S(to_tag) S(from_tag) N(early_only) S(params))                                    \
    X(join, struct sip_join, sip_join_parse, S(call_id) S(to_tag) S(from_tag) S(params))           \
    X(target_dialog, struct sip_target_dialog, sip_target_dialog_parse,                            \
      S(call_id) S(remote_tag) S(local_tag) S(params))                                             \
    X(referred_by, struct sip_referred_by, sip_referred_by_parse, ADDRESS S(cid))                  \
    X(refer_sub, struct sip_refer_sub, sip_refer_sub_parse, N(wanted) S(params))                   \
    X(answer_mode, struct sip_answer_mode, sip_answer_mode_parse, S(mode) N(require) S(params))    \
    X(reason_value, struct sip_reason_value, sip_reason_value_parse,                               \
      S(protocol) A(cause) S(text) S(params))                                                      \
    X(diversion, struct sip_diversion, sip_diversion_parse,                                        \
      ADDRESS S(reason) A(counter) A(limit) S(privacy) S(screen))                                  \
    X(history_info, struct sip_history_info, sip_history_info_parse,                               \
      ADDRESS S(index) S(rc) S(mp) S(np))                                                          \
    X(privacy, unsigned, sip_privacy_parse, typed_number(out, got);)                               \
    X(resource_priority, struct sip_resource_priority, sip_resource_priority_parse,                \
      S(name_space) S(priority))                                                                   \
    X(user_to_user, struct sip_user_to_user, sip_user_to_user_parse,                               \
      S(data) S(purpose) S(content) S(encoding) S(params))                                         \
    X(session_id, struct sip_session_id, sip_session_id_parse, S(local) S(remote) S(params))       \
    X(identity, struct sip_identity, sip_identity_parse,                                           \
      S(digest) S(info) S(alg) S(ppt) S(params))                                                   \
    X(preference, struct sip_preference, sip_preference_parse,                                     \
      N(require) N(is_explicit) S(params))                                                         \
    X(directive, enum sip_directive, sip_directive_parse, typed_number(out, (unsigned)got);)       \
    X(security, struct sip_security, sip_security_parse,                                           \
      S(mechanism) A(q) S(d_alg) S(d_qop) S(d_ver) S(params))                                      \
    X(served_user, struct sip_served_user, sip_served_user_parse, ADDRESS S(sescase) S(regstate))  \
    X(visited_network, struct sip_visited_network, sip_visited_network_parse, S(id) S(params))     \
    X(access_network, struct sip_access_network, sip_access_network_parse,                         \
      S(type) N(network_provided) S(cgi_3gpp) S(utran_cell_id_3gpp) S(params))                     \
    X(charging_addresses, struct sip_charging_addresses, sip_charging_addresses_parse,             \
      S(ccf) S(ecf) S(ccf_2) S(ecf_2) S(params))                                                   \
    X(charging_vector, struct sip_charging_vector, sip_charging_vector_parse,                      \
      S(icid) S(icid_generated_at) S(orig_ioi) S(term_ioi) S(transit_ioi) S(params))               \
    X(disposition, struct sip_disposition, sip_disposition_parse, S(type) S(handling) S(params))   \
    X(accept_encoding, struct sip_choice, sip_accept_encoding_parse, S(name) A(q) S(params))       \
    X(accept_language, struct sip_choice, sip_accept_language_parse, S(name) A(q) S(params))       \
    X(language, struct sip_str, sip_language_parse, typed_text(out, got);)                         \
    X(info_uri, struct sip_info_uri, sip_info_uri_parse, S(uri) S(purpose) S(params))              \
    X(timestamp, struct sip_timestamp, sip_timestamp_parse, S(time) S(delay))                      \
    X(mime_version, struct sip_mime_version, sip_mime_version_parse, N(major) N(minor))            \
    X(contact, struct sip_contact_value, sip_contact_value_parse,                                  \
      ADDRESS A(q) A(expires_s) S(instance) A(reg_id) S(pub_gruu) S(temp_gruu))                    \
    X(uri, struct sip_uri, sip_uri_parse,                                                          \
      N(scheme) S(user) S(password) S(host) N(port) S(params) S(headers) S(rest))

#define TYPED_FUNCTION(name, type, parse, members)                                                 \
    static inline void typed_##name(struct typed *out, struct sip_str value)                       \
    {                                                                                              \
        struct sip_fault fault;                                                                    \
        type got;                                                                                  \
                                                                                                   \
        if (parse(&got, value, &fault) != 0)                                                       \
            typed_number(out, (unsigned)fault.reason);                                             \
        else {                                                                                     \
            members                                                                                \
        }                                                                                          \
    }
TYPED_VALUES(TYPED_FUNCTION)
#undef TYPED_FUNCTION

static inline void typed_uint(struct typed *out, struct sip_str value)
{
    struct sip_fault fault;
    uint32_t number = 0;

    typed_number(out, sip_number_parse(&number, value, UINT32_MAX, &fault) == 0);
    typed_number(out, number);
}

static inline void typed_products(struct typed *out, struct sip_str value)
{
    struct sip_product got;

    while (sip_product_next(&value, &got)) {
        S(name) S(version) S(comment)
    }
    typed_text(out, value); /* what is no product */
}

/* Who reads a header's values; the text as it is for those that are any text. */
typedef void typed_reader(struct typed *, struct sip_str value);

static typed_reader *const typed_of[SIP_HEADER_COUNT] = {
    [SIP_HEADER_ACCEPT] = typed_media_range,
    [SIP_HEADER_ACCEPT_CONTACT] = typed_preference,
    [SIP_HEADER_ACCEPT_ENCODING] = typed_accept_encoding,
    [SIP_HEADER_ACCEPT_LANGUAGE] = typed_accept_language,
    [SIP_HEADER_ACCEPT_RESOURCE_PRIORITY] = typed_resource_priority,
    [SIP_HEADER_ALERT_INFO] = typed_info_uri,
    [SIP_HEADER_ALLOW] = typed_token,
    [SIP_HEADER_ALLOW_EVENTS] = typed_event_type,
    [SIP_HEADER_ANSWER_MODE] = typed_answer_mode,
    [SIP_HEADER_AUTHENTICATION_INFO] = typed_auth_info,
    [SIP_HEADER_AUTHORIZATION] = typed_auth,
    [SIP_HEADER_CALL_ID] = typed_call_id,
    [SIP_HEADER_CALL_INFO] = typed_info_uri,
    [SIP_HEADER_CONTACT] = typed_contact,
    [SIP_HEADER_CONTENT_DISPOSITION] = typed_disposition,
    [SIP_HEADER_CONTENT_ENCODING] = typed_token,
    [SIP_HEADER_CONTENT_LANGUAGE] = typed_language,
    [SIP_HEADER_CONTENT_TYPE] = typed_media_type,
    [SIP_HEADER_CSEQ] = typed_cseq,
    [SIP_HEADER_DATE] = typed_date,
    [SIP_HEADER_DIVERSION] = typed_diversion,
    [SIP_HEADER_ERROR_INFO] = typed_info_uri,
    [SIP_HEADER_EVENT] = typed_event,
    [SIP_HEADER_EXPIRES] = typed_uint,
    [SIP_HEADER_FEATURE_CAPS] = typed_preference,
    [SIP_HEADER_FLOW_TIMER] = typed_uint,
    [SIP_HEADER_FROM] = typed_address,
    [SIP_HEADER_HISTORY_INFO] = typed_history_info,
    [SIP_HEADER_IDENTITY] = typed_identity,
    [SIP_HEADER_INFO_PACKAGE] = typed_token_value,
    [SIP_HEADER_IN_REPLY_TO] = typed_call_id,
    [SIP_HEADER_JOIN] = typed_join,
    [SIP_HEADER_MAX_BREADTH] = typed_uint,
    [SIP_HEADER_MAX_FORWARDS] = typed_uint,
    [SIP_HEADER_MIME_VERSION] = typed_mime_version,
    [SIP_HEADER_MIN_EXPIRES] = typed_uint,
    [SIP_HEADER_MIN_SE] = typed_session_expires,
    [SIP_HEADER_PATH] = typed_name_addr,
    [SIP_HEADER_PRIORITY] = typed_token,
    [SIP_HEADER_PRIVACY] = typed_privacy,
    [SIP_HEADER_PRIV_ANSWER_MODE] = typed_answer_mode,
    [SIP_HEADER_PROXY_AUTHENTICATE] = typed_auth,
    [SIP_HEADER_PROXY_AUTHORIZATION] = typed_auth,
    [SIP_HEADER_PROXY_REQUIRE] = typed_token,
    [SIP_HEADER_P_ACCESS_NETWORK_INFO] = typed_access_network,
    [SIP_HEADER_P_ASSERTED_IDENTITY] = typed_address,
    [SIP_HEADER_P_ASSOCIATED_URI] = typed_name_addr,
    [SIP_HEADER_P_CALLED_PARTY_ID] = typed_name_addr,
    [SIP_HEADER_P_CHARGING_FUNCTION_ADDRESSES] = typed_charging_addresses,
    [SIP_HEADER_P_CHARGING_VECTOR] = typed_charging_vector,
    [SIP_HEADER_P_EARLY_MEDIA] = typed_token,
    [SIP_HEADER_P_PREFERRED_IDENTITY] = typed_address,
    [SIP_HEADER_P_SERVED_USER] = typed_served_user,
    [SIP_HEADER_P_VISITED_NETWORK_ID] = typed_visited_network,
    [SIP_HEADER_RACK] = typed_rack,
    [SIP_HEADER_REASON] = typed_reason_value,
    [SIP_HEADER_RECORD_ROUTE] = typed_address,
    [SIP_HEADER_RECV_INFO] = typed_token_value,
    [SIP_HEADER_REFERRED_BY] = typed_referred_by,
    [SIP_HEADER_REFER_SUB] = typed_refer_sub,
    [SIP_HEADER_REFER_TO] = typed_address,
    [SIP_HEADER_REJECT_CONTACT] = typed_preference,
    [SIP_HEADER_REPLACES] = typed_replaces,
    [SIP_HEADER_REPLY_TO] = typed_address,
    [SIP_HEADER_REQUEST_DISPOSITION] = typed_directive,
    [SIP_HEADER_REQUIRE] = typed_token,
    [SIP_HEADER_RESOURCE_PRIORITY] = typed_resource_priority,
    [SIP_HEADER_RETRY_AFTER] = typed_retry_after,
    [SIP_HEADER_ROUTE] = typed_address,
    [SIP_HEADER_RSEQ] = typed_uint,
    [SIP_HEADER_SECURITY_CLIENT] = typed_security,
    [SIP_HEADER_SECURITY_SERVER] = typed_security,
    [SIP_HEADER_SECURITY_VERIFY] = typed_security,
    [SIP_HEADER_SERVER] = typed_products,
    [SIP_HEADER_SERVICE_ROUTE] = typed_name_addr,
    [SIP_HEADER_SESSION_EXPIRES] = typed_session_expires,
    [SIP_HEADER_SESSION_ID] = typed_session_id,
    [SIP_HEADER_SIP_ETAG] = typed_token,
    [SIP_HEADER_SIP_IF_MATCH] = typed_token,
    [SIP_HEADER_SUBSCRIPTION_STATE] = typed_subscription_state,
    [SIP_HEADER_SUPPORTED] = typed_token,
    [SIP_HEADER_TARGET_DIALOG] = typed_target_dialog,
    [SIP_HEADER_TIMESTAMP] = typed_timestamp,
    [SIP_HEADER_TO] = typed_address,
    [SIP_HEADER_UNSUPPORTED] = typed_token,
    [SIP_HEADER_USER_AGENT] = typed_products,
    [SIP_HEADER_USER_TO_USER] = typed_user_to_user,
    [SIP_HEADER_VIA] = typed_via,
    [SIP_HEADER_WARNING] = typed_warning,
    [SIP_HEADER_WWW_AUTHENTICATE] = typed_auth,
};

#undef S
#undef N
#undef A
#undef ADDRESS

/* The value of a header of this kind, as read and as it stands there. */
static inline void typed_value(struct typed *out, enum sip_header id, struct sip_str value)
{
    if (typed_of[id])
        typed_of[id](out, value);
    typed_text(out, value);
    typed_byte(out, '\n');
}

#endif
