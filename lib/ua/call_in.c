/* INVITEs of peers (RFC 3261 §13.3): admission, ringing, answer, refusal, CANCEL. */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "message/lenient.h"
#include "transport/receive.h"
#include "ua/call.h"

static struct sip_str to_user(struct sip_str uri_text)
{
    struct sip_uri uri;

    return sip_uri_again(&uri, uri_text) ? sip_bytes(NULL, 0) : uri.user;
}

void sip_call_contact(struct sip_ua *ua, const struct sip_call_slot *call,
                      struct sip_answering *answer)
{
    struct sip_dialog_view view;

    answer->account = call->account;
    if (sip_dialog_look(ua->stack, call->dialog, &view))
        return;
    answer->said.contact = answer->said.allow = true; /* §12.1.1 */
    answer->path = sip_dialog_path(ua->stack, call->dialog);
    answer->user = to_user(view.local_uri);
}

int sip_call_in_reply(struct sip_ua *ua, struct sip_call_slot *call, uint16_t status,
                      const struct sip_call_message *message, struct sip_str lines)
{
    struct sip_answering answer = {0};

    answer.status = status;
    answer.said.lines = lines;
    if (message) {
        answer.reason = message->reason;
        answer.said.extras = &message->headers;
        answer.said.body = &message->body;
    }
    if (status < 300)
        sip_call_contact(ua, call, &answer);
    answer.said.allow = (status >= 200 && status < 300) || lines.len; /* RFC 3311 §4 */
    return sip_answer(ua, call->server, &answer);
}

/* --- admission --- */

/* How long the peer wants its INVITE to be tried (§13.3.1, Expires): when it does not say, for
 * ever; 0: it is over already. */
static uint32_t expires_of(const struct sip_message *invite)
{
    struct sip_str value = sip_message_value(invite, SIP_HEADER_EXPIRES);
    struct sip_fault ignored;
    uint32_t seconds;

    return sip_number_parse(&seconds, value, UINT32_MAX, &ignored) ? UINT32_MAX : seconds;
}

static bool start_dialog(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (sip_dialog_start_callee(ua->stack, received, sip_server_tag(ua->stack, call->server),
                                &call->dialog)) {
        call->dialog.id = 0;
        return false;
    }
    sip_dialog_own(ua->stack, call->dialog, id);
    sip_server_own(ua->stack, call->server, id);
    return true;
}

/* An INVITE names one Contact, a SIP URI (§8.1.1.8, §12.1.1), or is of RFC 2543; else it is
 * refused. */
static bool has_contact(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_fault fault = {SIP_MISSING, SIP_HEADER_CONTACT, 0};
    struct sip_address contact;
    struct sip_values values;
    struct sip_str value, target;
    struct sip_uri uri;

    sip_values_begin(&values, received->message, SIP_HEADER_CONTACT);
    if (!sip_values_next(&values, &value)) {
        if (sip_dialog_target(received, &target))
            return true;
    } else {
        fault.offset = (uint32_t)(value.at - received->message->bytes.at);
        fault.reason = SIP_BAD_URI;
        if (!sip_address_in(received->message, value, &contact) &&
            !sip_uri_again(&uri, contact.uri) &&
            (uri.scheme == SIP_SCHEME_SIP || uri.scheme == SIP_SCHEME_SIPS)) {
            if (!sip_values_next(&values, &value))
                return true;
            fault.reason = SIP_REPEATED;
        }
    }
    sip_receive_refuse(ua->stack, received, 400, &fault);
    return false;
}

static void ring_host(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};
    uint32_t wait_s = ua->config.ring_max_s, expires_s = expires_of(received->message);

    call->their_cseq = received->head->cseq.number;
    call->offered = sip_has_session(received->message);
    sip_reliable_read(call, received->message);
    sip_update_hear(call, received->message);
    if (expires_s < wait_s) {
        wait_s = expires_s;
        call->expires = true;
    }
    sip_call_enter(ua, id, INCOMING, ua->stack->now + (uint64_t)wait_s * 1000);
    event.received = received;
    event.offer = call->offered;
    sip_call_tell(ua, id, SIP_CALL_INCOMING, &event);
}

void sip_call_invited(struct sip_ua *ua, const struct sip_received *received)
{
    const char *limit = sip_call_limit(ua, received->verified);
    struct sip_str none = {NULL, 0};
    struct sip_call_slot *call;
    uint64_t id;

    if (!ua->config.events.call || ua->state != AGENT_RUNNING) {
        sip_answer_stateless(ua, received, 480, none);
        return;
    }
    if (!has_contact(ua, received) || !sip_reliable_invited(ua, received))
        return;
    if (limit) {
        ua->stack->pools[SIP_KIND_CALL].refused++;
        sip_stack_trace_limit(ua->stack, limit);
        sip_answer_stateless(ua, received, 486, none);
        return;
    }
    call = sip_call_admit(ua, true, &id);
    if (!call) {
        sip_serve_full(ua, received);
        return;
    }
    call->account = sip_account_for(ua, received);
    sip_account_hold(ua, call->account);
    call->unverified = !received->verified;
    ua->ringing_unverified += call->unverified;
    if (sip_server_start(ua->stack, ua->stack->now, received, &call->server)) {
        sip_call_unadmit(ua, id);
        sip_serve_full(ua, received);
        return;
    }
    if (!start_dialog(ua, id, received)) {
        sip_call_refuse(ua, call, NULL, 500);
        sip_call_unadmit(ua, id);
        return;
    }
    ring_host(ua, id, received);
}

/* --- the host's answers --- */

int sip_call_ring(struct sip_ua *ua, uint64_t now, struct sip_call handle,
                  const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);
    uint16_t status = message && message->status ? message->status : 180;

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (call->phase != INCOMING || call->pending || call->held)
        return SIP_ESTATE;
    if (status < 101 || status > 199)
        return SIP_EINVAL;
    if (message && sip_extras_check(&message->headers))
        return SIP_EHEADER;
    if (sip_reliable_wanted(ua, call, message))
        return sip_reliable_ring(ua, handle.id, status, message);
    return sip_call_in_reply(ua, call, status, message, sip_bytes(NULL, 0));
}

void sip_call_remind(struct sip_ua *ua, uint64_t id)
{
    const struct sip_call_slot *call = sip_call_find(ua, id);

    sip_server_repeat(ua->stack, ua->stack->now, call->server);
}

int sip_call_in_accept(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    const struct sip_call_slot *call = sip_call_find(ua, id);

    if (call->held || (call->pending && call->described))
        return sip_reliable_hold(ua, id, message);
    return sip_call_in_answer(ua, id, message);
}

int sip_call_in_answer(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    uint16_t status = message && message->status ? message->status : 200;
    int error = sip_call_in_reply(ua, call, status, message, sip_bytes(NULL, 0));

    if (error)
        return error;
    call->status = status;
    sip_dialog_confirm(ua->stack, call->dialog, NULL);
    sip_call_enter(ua, id, ACCEPTED, SIP_NEVER);
    return 0;
}

/* --- what the peer does then --- */

void sip_call_acked(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};

    if (!call || received->head->cseq.number != call->their_cseq)
        return;
    event.received = received;
    if (call->phase == ACCEPTED) {
        sip_server_settled(ua->stack, call->server);
        call->server.id = 0;
        sip_call_enter(ua, id, UP, SIP_NEVER);
        sip_call_tell(ua, id, SIP_CALL_CONFIRMED, &event);
    } else if (call->change == CHANGE_AGREED) {
        sip_server_settled(ua->stack, call->server);
        call->server.id = 0;
        sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
        if (received->message->body.len)
            sip_call_tell(ua, id, SIP_CALL_CHANGED, &event);
    }
}

/* "Reason: SIP;cause=200": another phone of the user took the call (RFC 3326 §3.1). */
static bool is_elsewhere(const struct sip_message *cancel)
{
    struct sip_token_value reason;
    struct sip_fault ignored;
    struct sip_values values;
    struct sip_str value;

    sip_values_begin(&values, cancel, SIP_HEADER_REASON);
    while (sip_values_next(&values, &value))
        if (!sip_token_value_parse(&reason, value, &ignored) && sip_str_is(reason.token, "SIP") &&
            sip_str_is(sip_params_find(reason.params, "cause"), "200"))
            return true;
    return false;
}

void sip_call_cancelled(struct sip_ua *ua, uint64_t id, struct sip_server server,
                        const struct sip_received *cancel)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};

    if (!call || call->server.id != server.id)
        return;
    if (call->phase == INCOMING) {
        sip_call_leave(ua, id, NULL, 487);
        sip_call_finish(ua, id, is_elsewhere(cancel->message) ? SIP_END_ELSEWHERE
                                                              : SIP_END_CANCELLED,
                        487, cancel);
    } else if (call->change == CHANGE_THEIRS) {
        sip_call_refuse(ua, call, NULL, 487);
        sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
        event.status = 487;
        sip_call_tell(ua, id, SIP_CALL_UNCHANGED, &event);
    }
}

/* No ACK for 64*T1: the session should be ended (§13.3.1.4). */
void sip_call_unacknowledged(struct sip_ua *ua, uint64_t id, struct sip_server server)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (!call || call->server.id != server.id)
        return;
    call->server.id = 0;
    if (call->phase == ACCEPTED)
        sip_call_enter(ua, id, UP, SIP_NEVER);
    sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
    sip_call_leave(ua, id, NULL, 0);
    sip_call_finish(ua, id, SIP_END_TIMEOUT, call->status, NULL);
}
