/* Values of single header fields: sip/fields.h and its sisters. */
#include "proof.h"
#include "sip/fields.h"
#include "sip/fields_call.h"
#include "sip/fields_content.h"
#include "sip/fields_event.h"
#include "sip/fields_ims.h"
#include "sip/fields_reach.h"

static void via(struct sip_str text)
{
    struct sip_leniency leniency = any_leniency();
    struct sip_via got;
    struct sip_fault fault;

    sip_via_accept(&got, text, &leniency, &fault);
    PARSES(struct sip_via, sip_via_parse);
}
PROOF(via)

static void address(struct sip_str text)
{
    struct sip_leniency leniency = any_leniency();
    struct sip_address got;
    struct sip_fault fault;

    sip_address_accept(&got, text, &leniency, &fault);
    PARSES(struct sip_address, sip_address_parse);
    PARSES(struct sip_address, sip_name_addr_parse);
}
PROOF(address)

static void words(struct sip_str text)
{
    uint32_t number;
    struct sip_fault fault;

    sip_number_parse(&number, text, Frama_C_unsigned_int_interval(0, UINT32_MAX), &fault);
    sip_qvalue(text);
    PARSES(struct sip_cseq, sip_cseq_parse);
    PARSES(struct sip_str, sip_call_id_parse);
    PARSES(struct sip_media_type, sip_media_type_parse);
    PARSES(struct sip_media_type, sip_media_range_parse);
    PARSES(struct sip_token_value, sip_token_value_parse);
    PARSES(struct sip_retry_after, sip_retry_after_parse);
    PARSES(struct sip_warning, sip_warning_parse);
    PARSES(struct sip_date, sip_date_parse);
    PARSES(struct sip_str, sip_token_parse);
}
PROOF(words)

static void auth(struct sip_str text)
{
    PARSES(struct sip_auth, sip_auth_parse);
    PARSES(struct sip_auth, sip_auth_info_parse);
}
PROOF(auth)

static void dialogs(struct sip_str text)
{
    PARSES(struct sip_replaces, sip_replaces_parse);
    PARSES(struct sip_join, sip_join_parse);
    PARSES(struct sip_target_dialog, sip_target_dialog_parse);
    PARSES(struct sip_refer_sub, sip_refer_sub_parse);
    PARSES(struct sip_answer_mode, sip_answer_mode_parse);
    PARSES(struct sip_reason_value, sip_reason_value_parse);
    PARSES(struct sip_resource_priority, sip_resource_priority_parse);
    PARSES(struct sip_user_to_user, sip_user_to_user_parse);
    PARSES(struct sip_session_id, sip_session_id_parse);
    PARSES(unsigned, sip_privacy_parse);
}
PROOF(dialogs)

static void addresses(struct sip_str text)
{
    PARSES(struct sip_referred_by, sip_referred_by_parse);
    PARSES(struct sip_diversion, sip_diversion_parse);
    PARSES(struct sip_history_info, sip_history_info_parse);
    PARSES(struct sip_identity, sip_identity_parse);
    PARSES(struct sip_info_uri, sip_info_uri_parse);
    PARSES(struct sip_contact_value, sip_contact_value_parse);
    PARSES(struct sip_served_user, sip_served_user_parse);
}
PROOF(addresses)

static void content(struct sip_str text)
{
    PARSES(struct sip_disposition, sip_disposition_parse);
    PARSES(struct sip_choice, sip_accept_encoding_parse);
    PARSES(struct sip_choice, sip_accept_language_parse);
    PARSES(struct sip_str, sip_language_parse);
    PARSES(struct sip_timestamp, sip_timestamp_parse);
    PARSES(struct sip_mime_version, sip_mime_version_parse);
    PARSES(struct sip_event, sip_event_parse);
    PARSES(struct sip_str, sip_event_type_parse);
    PARSES(struct sip_subscription_state, sip_subscription_state_parse);
    PARSES(struct sip_rack, sip_rack_parse);
    PARSES(struct sip_session_expires, sip_session_expires_parse);
}
PROOF(content)

static void network(struct sip_str text)
{
    struct sip_via via = {.params = text};
    struct sip_overload got;
    struct sip_fault fault;

    sip_overload_parse(&got, &via, &fault);
    PARSES(struct sip_security, sip_security_parse);
    PARSES(struct sip_visited_network, sip_visited_network_parse);
    PARSES(struct sip_access_network, sip_access_network_parse);
    PARSES(struct sip_charging_addresses, sip_charging_addresses_parse);
    PARSES(struct sip_charging_vector, sip_charging_vector_parse);
    PARSES(struct sip_preference, sip_preference_parse);
    PARSES(enum sip_directive, sip_directive_parse);
}
PROOF(network)
