/* Re-INVITEs in both directions (RFC 3261 §14): one change of the session at a time. */
#include "base/memory.h"
#include "ua/call.h"

static const struct sip_body nothing = {{NULL, 0}, {NULL, 0}};

/* --- ours --- */

int sip_call_offer(struct sip_ua *ua, uint64_t now, struct sip_call handle,
                   const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);
    struct sip_said said = {0};
    int error;

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (call->phase == OVER || call->change != CHANGE_NONE || call->urgent.id)
        return SIP_ESTATE;
    if (message && sip_extras_check(&message->headers))
        return SIP_EHEADER;
    if (call->phase == PROCEEDING || call->phase == INCOMING)
        return sip_update_offer(ua, handle.id, message);
    if (call->phase != UP)
        return SIP_ESTATE;
    said.contact = said.allow = true;
    if (message) {
        said.extras = &message->headers;
        said.body = &message->body;
    }
    error = sip_inside_send(ua, call->dialog, sip_method_text(SIP_INVITE), &said, handle.id,
                            &call->changing);
    if (error)
        return error;
    call->offered = message && message->body.bytes.at;
    call->updating = false;
    call->stale = 0;
    sip_call_change_to(ua, handle.id, CHANGE_OURS, SIP_NEVER);
    return 0;
}

static void unchanged(struct sip_ua *ua, uint64_t id, uint16_t status,
                      const struct sip_received *received)
{
    struct sip_call_event event = {0};

    sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
    event.status = status;
    event.received = received;
    sip_call_tell(ua, id, SIP_CALL_UNCHANGED, &event);
}

static void changed(struct sip_ua *ua, uint64_t id, struct sip_client client,
                    const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_str invite = sip_client_request(ua->stack, client);
    struct sip_call_event event = {0};

    sip_dialog_refresh(ua->stack, call->dialog, received);
    event.status = received->message->status;
    event.received = received;
    event.offer = !call->offered && sip_has_session(received->message);
    if (event.offer) {
        sip_call_keep_invite(ua, call, invite);
        call->invite_cseq = received->head->cseq.number;
        sip_call_change_to(ua, id, CHANGE_ASKED,
                           ua->stack->now + (uint64_t)ua->config.offer_wait_s * 1000);
    } else {
        sip_call_ack(ua, id, received->head->cseq.number, invite, &nothing);
        sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
    }
    sip_call_tell(ua, id, SIP_CALL_CHANGED, &event);
}

bool sip_call_challenged(struct sip_ua *ua, uint64_t id, struct sip_client client,
                         const struct sip_received *received, struct sip_client *again)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_challenge_answer answer = {0};

    answer.response = received;
    answer.client = client;
    answer.account = sip_account_find(ua, call->account);
    answer.dialog = sip_dialog_find(ua->stack, received);
    answer.owner = id;
    answer.stale = &call->stale;
    return sip_challenge_take(ua, &answer, again) == SIP_CHALLENGE_ANSWERED;
}

void sip_call_change_response(struct sip_ua *ua, uint64_t id, struct sip_client client,
                              const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    uint16_t status = received->message->status;

    if (call->phase != UP || status < 200)
        return;
    if (call->change != CHANGE_OURS) { /* a copy of the 2xx: the ACK was lost */
        if (status < 300 && call->ack && received->head->cseq.number == call->invite_cseq)
            sip_inside_ack_again(ua, call->ack);
        return;
    }
    if (status < 300) {
        changed(ua, id, client, received);
    } else if ((status == 401 || status == 407) &&
               sip_call_challenged(ua, id, client, received, &call->changing)) {
        return;
    } else if (status == 408 || status == 481) { /* §14.1, §12.2.1.2: the dialog is dead */
        sip_call_leave(ua, id, NULL, 0);
        sip_call_finish(ua, id, status == 481 ? SIP_END_REMOTE : SIP_END_TIMEOUT, call->status,
                        received);
    } else {
        unchanged(ua, id, status, received);
    }
}

void sip_call_change_failed(struct sip_ua *ua, uint64_t id, uint16_t status)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    call->changing.id = 0;
    if (call->phase != UP || call->change != CHANGE_OURS)
        return;
    if (status != 408) {
        unchanged(ua, id, status, NULL);
        return;
    }
    sip_call_leave(ua, id, NULL, 0);
    sip_call_finish(ua, id, SIP_END_TIMEOUT, call->status, NULL);
}

/* --- theirs --- */

/* A refusal that keeps nothing: 491 while a change of ours is open (§14.2), 500 while another of
 * theirs is, with a time to wait. */
static void refuse_now(struct sip_ua *ua, const struct sip_received *received, bool glare)
{
    struct sip_str none = {NULL, 0};

    if (glare)
        sip_answer_stateless(ua, received, 491, none);
    else
        sip_serve_later(ua, received);
}

void sip_call_change_request(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};
    bool ours = call->phase == CALLING || call->phase == PROCEEDING || call->phase == PARKED ||
                call->phase == ANSWERING || call->change == CHANGE_OURS ||
                call->change == CHANGE_ASKED;

    if (call->phase != UP || call->change != CHANGE_NONE || call->urgent.id) {
        refuse_now(ua, received, ours);
        return;
    }
    if (sip_dialog_refresh(ua->stack, call->dialog, received) ||
        sip_server_start(ua->stack, ua->stack->now, received, &call->server)) {
        call->server.id = 0;
        sip_serve_later(ua, received);
        return;
    }
    sip_server_own(ua->stack, call->server, id);
    call->their_cseq = received->head->cseq.number;
    call->offered = sip_has_session(received->message);
    if (!ua->config.events.call) {
        sip_call_refuse(ua, call, NULL, 488);
        return;
    }
    sip_call_change_to(ua, id, CHANGE_THEIRS,
                       ua->stack->now + (uint64_t)ua->config.offer_wait_s * 1000);
    event.received = received;
    event.offer = call->offered;
    sip_call_tell(ua, id, SIP_CALL_OFFERED, &event);
}

int sip_call_change_accept(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    int error;

    if (call->change == CHANGE_ASKED) {
        error = sip_call_out_answer(ua, id, message);
        if (!error)
            sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
        return error;
    }
    if (call->change != CHANGE_THEIRS)
        return SIP_ESTATE;
    error = sip_call_in_reply(ua, call, message && message->status ? message->status : 200,
                              message, sip_bytes(NULL, 0));
    if (!error)
        sip_call_change_to(ua, id, CHANGE_AGREED, SIP_NEVER);
    return error;
}

int sip_call_change_decline(struct sip_ua *ua, uint64_t id, const struct sip_refusal *refusal)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (call->change != CHANGE_THEIRS)
        return SIP_ESTATE;
    sip_call_refuse(ua, call, refusal, refusal && refusal->status ? refusal->status : 488);
    sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
    return 0;
}

/* The host did not answer in time: 488 to an offer of the peer; an offer in a 2xx cannot be refused
 * but by ending the call. */
void sip_call_change_expired(struct sip_ua *ua, uint64_t id)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (call->change == CHANGE_THEIRS) {
        sip_call_change_decline(ua, id, NULL);
        unchanged(ua, id, 488, NULL);
    } else if (call->change == CHANGE_ASKED) {
        sip_call_out_ack(ua, id, &nothing);
        sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
        sip_call_leave(ua, id, NULL, 0);
        sip_call_finish(ua, id, SIP_END_TIMEOUT, call->status, NULL);
    }
}
