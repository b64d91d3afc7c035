/* Every value of every header against its grammar: for those who judge messages, not for those who
 * act on them. */
#include "message/names.h"
#include "sip/error.h"
#include "sip/fields_call.h"
#include "sip/fields_content.h"
#include "sip/fields_event.h"
#include "sip/fields_ims.h"
#include "sip/fields_reach.h"
#include "sip/message.h"

/* Takes one value, of a comma list one element. */
typedef int judge(struct sip_str value, struct sip_fault *fault);

/* A judge that parses and forgets what it got. */
#define JUDGE(name, type, parse)                                                                   \
    static int name(struct sip_str value, struct sip_fault *fault)                                 \
    {                                                                                              \
        type got;                                                                                  \
        return parse(&got, value, fault);                                                          \
    }

JUDGE(via, struct sip_via, sip_via_parse)
JUDGE(address, struct sip_address, sip_address_parse)
JUDGE(name_addr, struct sip_address, sip_name_addr_parse)
JUDGE(cseq, struct sip_cseq, sip_cseq_parse)
JUDGE(call_id, struct sip_str, sip_call_id_parse)
JUDGE(media_type, struct sip_media_type, sip_media_type_parse)
JUDGE(media_range, struct sip_media_type, sip_media_range_parse)
JUDGE(token, struct sip_str, sip_token_parse)
JUDGE(token_value, struct sip_token_value, sip_token_value_parse)
JUDGE(retry_after, struct sip_retry_after, sip_retry_after_parse)
JUDGE(warning, struct sip_warning, sip_warning_parse)
JUDGE(date, struct sip_date, sip_date_parse)
JUDGE(auth, struct sip_auth, sip_auth_parse)
JUDGE(auth_info, struct sip_auth, sip_auth_info_parse)
JUDGE(event, struct sip_event, sip_event_parse)
JUDGE(event_type, struct sip_str, sip_event_type_parse)
JUDGE(subscription_state, struct sip_subscription_state, sip_subscription_state_parse)
JUDGE(rack, struct sip_rack, sip_rack_parse)
JUDGE(session_expires, struct sip_session_expires, sip_session_expires_parse)
JUDGE(replaces, struct sip_replaces, sip_replaces_parse)
JUDGE(join, struct sip_join, sip_join_parse)
JUDGE(target_dialog, struct sip_target_dialog, sip_target_dialog_parse)
JUDGE(referred_by, struct sip_referred_by, sip_referred_by_parse)
JUDGE(refer_sub, struct sip_refer_sub, sip_refer_sub_parse)
JUDGE(answer_mode, struct sip_answer_mode, sip_answer_mode_parse)
JUDGE(reason_value, struct sip_reason_value, sip_reason_value_parse)
JUDGE(diversion, struct sip_diversion, sip_diversion_parse)
JUDGE(history_info, struct sip_history_info, sip_history_info_parse)
JUDGE(privacy, unsigned, sip_privacy_parse)
JUDGE(resource_priority, struct sip_resource_priority, sip_resource_priority_parse)
JUDGE(user_to_user, struct sip_user_to_user, sip_user_to_user_parse)
JUDGE(session_id, struct sip_session_id, sip_session_id_parse)
JUDGE(identity, struct sip_identity, sip_identity_parse)
JUDGE(preference, struct sip_preference, sip_preference_parse)
JUDGE(directive, enum sip_directive, sip_directive_parse)
JUDGE(security, struct sip_security, sip_security_parse)
JUDGE(served_user, struct sip_served_user, sip_served_user_parse)
JUDGE(visited_network, struct sip_visited_network, sip_visited_network_parse)
JUDGE(access_network, struct sip_access_network, sip_access_network_parse)
JUDGE(charging_hosts, struct sip_charging_addresses, sip_charging_addresses_parse)
JUDGE(charging_vector, struct sip_charging_vector, sip_charging_vector_parse)
JUDGE(disposition, struct sip_disposition, sip_disposition_parse)
JUDGE(accept_encoding, struct sip_choice, sip_accept_encoding_parse)
JUDGE(accept_language, struct sip_choice, sip_accept_language_parse)
JUDGE(language, struct sip_str, sip_language_parse)
JUDGE(info_uri, struct sip_info_uri, sip_info_uri_parse)
JUDGE(timestamp, struct sip_timestamp, sip_timestamp_parse)
JUDGE(mime_version, struct sip_mime_version, sip_mime_version_parse)

/* "*" or addresses (§20.10). */
static int contact(struct sip_str value, struct sip_fault *fault)
{
    struct sip_contact_value got;

    if (value.len == 1 && value.at[0] == '*')
        return 0;
    return sip_contact_value_parse(&got, value, fault);
}

/* 0 to 255 (§20.22). */
static int number_8(struct sip_str value, struct sip_fault *fault)
{
    uint32_t number;

    return sip_number_parse(&number, value, 255, fault);
}

/* 0 to 2**32 - 1 (§20.19). */
static int number_32(struct sip_str value, struct sip_fault *fault)
{
    uint32_t number;

    return sip_number_parse(&number, value, UINT32_MAX, fault);
}

/* Products and comments, up to the end (§20.35). */
static int products(struct sip_str value, struct sip_fault *fault)
{
    struct sip_str rest = value;
    struct sip_product product;

    while (sip_product_next(&rest, &product))
        continue;
    if (value.len > 0 && rest.len == 0)
        return 0;
    fault->reason = value.len > 0 ? SIP_BAD_TOKEN : SIP_EMPTY_VALUE;
    fault->header = SIP_HEADER_OTHER;
    fault->offset = (uint32_t)(value.len - rest.len);
    return SIP_EBAD;
}

/* Any text. */
static int text(struct sip_str value, struct sip_fault *fault)
{
    (void)value;
    (void)fault;
    return 0;
}

/* Who judges the values of a header: the last column of SIP_HEADERS. */
static judge *const judges[SIP_HEADER_COUNT] = {NULL,
#define ROW(id, name, compact, flags, grammar) grammar,
                                                SIP_HEADERS(ROW)
#undef ROW
};

/* The value, or each element of a comma list, of one field; `*wrong` is the one that is refused. */
static int parse_field(const struct sip_field *field, struct sip_str whole, struct sip_str *wrong,
                       struct sip_fault *fault)
{
    judge *take = field->id < SIP_HEADER_COUNT ? judges[field->id] : NULL;
    struct sip_str rest = whole;

    *wrong = whole;
    if (!take || (whole.len == 0 && sip_header_may_be_empty((enum sip_header)field->id)))
        return 0;
    if (whole.len == 0 || !(sip_header_flags((enum sip_header)field->id) & SIP_LIST))
        return take(whole, fault);
    while (sip_list_next(&rest, wrong))
        if (take(*wrong, fault) != 0)
            return SIP_EBAD;
    return 0;
}

int sip_message_check_values(const struct sip_message *message, struct sip_fault *fault)
{
    for (size_t i = 0; i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];
        struct sip_str value = sip_bytes(message->bytes.at + field->value, field->value_len);
        struct sip_str wrong;

        if (parse_field(field, value, &wrong, fault) != 0) {
            fault->header = (enum sip_header)field->id;
            fault->offset += (uint32_t)(wrong.at - message->bytes.at);
            return SIP_EBAD;
        }
    }
    return 0;
}
