/* Values of events and calls: sip/fields_event.h, sip/fields_call.h. */
#include "value.h"
#include "sip/fields_call.h"
#include "sip/fields_event.h"

static void write_text(struct sip_writer *writer, const struct sip_str *text)
{
    sip_write_received(writer, *text);
}

/* The writer has no words for SIP_PRIVACY_OTHER. */
static void write_privacy(struct sip_writer *writer, const unsigned *privacy)
{
    if (*privacy != SIP_PRIVACY_OTHER)
        sip_write_privacy(writer, *privacy & ~(unsigned)SIP_PRIVACY_OTHER);
    if (*privacy & SIP_PRIVACY_OTHER)
        sip_write_text(writer, *privacy == SIP_PRIVACY_OTHER ? "other" : ";other");
}

KIND(event, TEXT(type) TEXT(package) TEXT(id) PARAMS(params))
KIND(subscription_state,
     NUMBER(state) TEXT(name) TEXT(reason) AMOUNT(expires_s) AMOUNT(retry_after_s) PARAMS(params))
KIND(rack, NUMBER(rseq) NUMBER(cseq.number) NUMBER(cseq.method) TEXT(cseq.method_name))
KIND(session_expires, NUMBER(interval_s) TEXT(refresher) PARAMS(params))
KIND(token_value, TEXT(token) PARAMS(params))
KIND_OF(event_type, struct sip_str, sip_event_type_parse, write_text, look_text(eye, *got);)
KIND_OF(token, struct sip_str, sip_token_parse, write_text, look_text(eye, *got);)
KIND(replaces, TEXT(call_id) TEXT(to_tag) TEXT(from_tag) NUMBER(early_only) PARAMS(params))
KIND(join, TEXT(call_id) TEXT(to_tag) TEXT(from_tag) PARAMS(params))
KIND(target_dialog, TEXT(call_id) TEXT(remote_tag) TEXT(local_tag) PARAMS(params))
KIND(referred_by, ADDRESS(address) TEXT(cid))
KIND(refer_sub, NUMBER(wanted) PARAMS(params))
KIND(answer_mode, TEXT(mode) NUMBER(require) PARAMS(params))
KIND(reason_value, TEXT(protocol) AMOUNT(cause) TEXT(text) PARAMS(params))
KIND(diversion,
     ADDRESS(address) TEXT(reason) AMOUNT(counter) AMOUNT(limit) TEXT(privacy) TEXT(screen))
KIND(history_info, ADDRESS(address) TEXT(index) TEXT(rc) TEXT(mp) TEXT(np))
KIND(resource_priority, TEXT(name_space) TEXT(priority))
KIND(user_to_user, TEXT(data) TEXT(purpose) TEXT(content) TEXT(encoding) PARAMS(params))
KIND(session_id, TEXT(local) TEXT(remote) PARAMS(params))
KIND(identity, TEXT(digest) TEXT(info) TEXT(alg) TEXT(ppt) PARAMS(params))
KIND_OF(privacy, unsigned, sip_privacy_parse, write_privacy, look_number(eye, *got);)

GROUP(&event, &subscription_state, &rack, &session_expires, &token_value, &event_type, &token,
      &replaces, &join, &target_dialog, &referred_by, &refer_sub, &answer_mode, &reason_value,
      &diversion, &history_info, &resource_priority, &user_to_user, &session_id, &identity,
      &privacy)
