/* INVITEs of ours (RFC 3261 §13.2): answers, forks, redirection, credentials. */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "message/lenient.h"
#include "ua/call.h"

#define EXPIRES_DEFAULT 180u
#define EXPIRES_MOST 3600u
#define CONTACTS_MOST 16 /* of one 3xx that are looked at */
#define FOLLOW_DEFAULT 5

/* --- starting --- */

static int send_invite(struct sip_ua *ua, uint64_t id, const struct sip_call_args *args)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_account_slot *account = sip_account_find(ua, args->account);
    struct sip_outgoing out = {0};

    out.method = sip_method_text(SIP_INVITE);
    out.uri = args->to;
    out.to = args->to_header;
    out.from = args->from.len || !account ? args->from : sip_account_text(account, ACCOUNT_AOR);
    out.from_display = args->from_display.at || !account
                           ? args->from_display
                           : sip_account_text(account, ACCOUNT_DISPLAY);
    out.contact = args->contact;
    out.account = account;
    out.call_id = sip_stack_unique(ua->stack);
    out.from_tag = sip_stack_unique(ua->stack);
    out.cseq = 1;
    out.has_contact = true;
    out.contact_expires_s = UINT32_MAX;
    out.expires_s = UINT32_MAX;
    if (ua->config.reliable == SIP_RELIABLE_REQUIRED)
        out.lines = sip_str("Require: 100rel\r\n"); /* RFC 3262 §4 */
    out.extras = &args->headers;
    out.body = &args->body;
    out.next_hop = args->next_hop;
    out.targets = args->targets;
    out.targets_count = args->targets_count;
    out.flow = args->flow;
    out.owner = id;
    return sip_outgoing_send(ua, &out, &call->client);
}

static bool is_callable(struct sip_str text)
{
    struct sip_fault ignored;
    struct sip_uri uri;

    return !sip_uri_parse(&uri, text, &ignored) &&
           (uri.scheme == SIP_SCHEME_SIP || uri.scheme == SIP_SCHEME_SIPS);
}

int sip_call_start(struct sip_ua *ua, uint64_t now, const struct sip_call_args *args,
                   struct sip_call *handle)
{
    struct sip_call_slot *call;
    uint32_t expires_s = args->expires_s ? args->expires_s : EXPIRES_DEFAULT;
    uint64_t id;
    int error;

    handle->id = 0;
    sip_stack_time(ua->stack, now);
    if (args->account.id && !sip_account_find(ua, args->account))
        return SIP_EGONE;
    if (ua->state != AGENT_RUNNING)
        return SIP_ESTATE;
    if (!is_callable(args->to) ||
        ((args->from.len || !args->account.id) && !is_callable(args->from)) ||
        (args->to_header.len && !is_callable(args->to_header)) ||
        (args->contact.len && !is_callable(args->contact)))
        return SIP_EURI;
    if (sip_extras_check(&args->headers))
        return SIP_EHEADER;
    if (expires_s > EXPIRES_MOST)
        return SIP_EINVAL;
    call = sip_call_admit(ua, false, &id);
    if (!call)
        return SIP_EFULL;
    call->host = args->host;
    call->account = args->account;
    call->offered = args->body.bytes.at != NULL;
    sip_account_hold(ua, call->account);
    error = send_invite(ua, id, args);
    if (error) {
        sip_call_unadmit(ua, id);
        return error;
    }
    sip_call_enter(ua, id, CALLING, ua->stack->now + (uint64_t)expires_s * 1000);
    handle->id = id;
    return 0;
}

/* --- acknowledging (§13.2.2.4) --- */

static const struct sip_body nothing = {{NULL, 0}, {NULL, 0}};

void sip_call_ack(struct sip_ua *ua, uint64_t id, uint32_t cseq, struct sip_str invite,
                  const struct sip_body *body)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    sip_stack_unkeep(ua->stack, call->ack);
    call->ack = sip_inside_ack(ua, call->dialog, cseq, sip_read_own(ua, invite), body);
    call->remind_at = ua->stack->now + 64 * (uint64_t)ua->stack->config.timers.t1_ms;
    call->invite_cseq = cseq;
    sip_client_settled(ua->stack, call->changing.id && !call->updating ? call->changing
                                                                         : call->client);
}

void sip_call_keep_invite(struct sip_ua *ua, struct sip_call_slot *call, struct sip_str invite)
{
    struct sip_way unused = {0};
    uint32_t buffer = sip_stack_buffer(ua->stack, sizeof unused + invite.len, false);

    if (!buffer)
        return; /* the ACK then goes without */
    memcpy(sip_buffers_at(&ua->stack->buffers, buffer) + sizeof unused, invite.at, invite.len);
    call->parked.buffer = buffer;
    call->parked.request_len = (uint16_t)invite.len;
}

void sip_call_out_ack(struct sip_ua *ua, uint64_t id, const struct sip_body *body)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    sip_call_ack(ua, id, call->invite_cseq, sip_parked_request(ua, &call->parked), body);
    sip_challenge_unkeep(ua, &call->parked);
}

int sip_call_out_answer(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    const struct sip_call_slot *call = sip_call_find(ua, id);
    int error;

    if (!message || !message->body.bytes.at)
        return SIP_EINVAL; /* an offer wants an answer: RFC 3264 §4 */
    error = sip_inside_ack_check(ua, call->dialog, call->invite_cseq, &message->body);
    if (!error)
        sip_call_out_ack(ua, id, &message->body);
    return error;
}

int sip_call_out_accept(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    int error = sip_call_out_answer(ua, id, message);

    if (error)
        return error;
    sip_call_enter(ua, id, UP, SIP_NEVER);
    return 0;
}

/* --- early dialogs --- */

/* The dialog of a response to our INVITE: one that is known, or a new one. A response names all
 * that a dialog takes from the request. */
static struct sip_dialog dialog_of(struct sip_ua *ua, uint64_t id,
                                   const struct sip_received *received)
{
    struct sip_dialog dialog = sip_dialog_find(ua->stack, received);

    if (dialog.id || !received->head->to.tag.len)
        return dialog;
    if (sip_dialog_start_caller(ua->stack, received->message, received, &dialog))
        dialog.id = 0;
    else
        sip_dialog_own(ua->stack, dialog, id);
    return dialog;
}

/* Remembers an early dialog; one too many is not kept, and told without. */
static struct sip_dialog remember(struct sip_ua *ua, struct sip_call_slot *call,
                                  struct sip_dialog dialog)
{
    struct sip_dialog none = {0};

    if (!dialog.id || dialog.id == call->dialog.id)
        return dialog;
    if (!call->dialog.id) {
        call->dialog = dialog;
        return dialog;
    }
    for (int i = 0; i < SIP_EARLY_MAX; i++)
        if (call->early[i].id == dialog.id)
            return dialog;
    for (int i = 0; i < SIP_EARLY_MAX; i++) {
        if (!call->early[i].id) {
            call->early[i] = dialog;
            return dialog;
        }
    }
    sip_stack_trace_limit(ua->stack, "early dialogs of one call");
    sip_dialog_end(ua->stack, dialog);
    return none;
}

static void progress(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};

    if (call->phase == CALLING) {
        sip_account_reached(ua, call->account, &received->path);
        sip_call_enter(ua, id, PROCEEDING, call->deadline);
    }
    if (received->message->status == 100)
        return;
    sip_update_hear(call, received->message);
    event.dialog = remember(ua, call, dialog_of(ua, id, received));
    event.status = received->message->status;
    event.received = received;
    event.reliable = sip_reliable_is(ua, received);
    if (event.reliable && !sip_reliable_progress(ua, id, event.dialog, received))
        return;
    event.offer = event.reliable && call->asked.id == event.dialog.id;
    sip_call_tell(ua, id, SIP_CALL_PROGRESS, &event);
}

/* --- 2xx --- */

static void answered(struct sip_ua *ua, uint64_t id, struct sip_client client,
                     const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_str invite = sip_client_request(ua->stack, client);
    struct sip_call_event event = {0};
    struct sip_dialog dialog = sip_dialog_find(ua->stack, received);
    bool offered;

    if (!dialog.id) { /* room for it, if for nothing else */
        sip_call_end_early(ua, call, dialog);
        dialog = dialog_of(ua, id, received);
    }
    sip_call_end_early(ua, call, dialog);
    call->status = received->message->status;
    sip_update_hear(call, received->message);
    offered = call->offered || sip_dialog_is_agreed(ua->stack, dialog);
    if (!dialog.id || sip_dialog_confirm(ua->stack, dialog, received)) {
        sip_client_own(ua->stack, client, SIP_OWNER_LEFT);
        sip_call_unreserve(ua, call);
        sip_leave_unkept(ua, received);
        sip_call_finish(ua, id, SIP_END_LIMIT, call->status, received);
        return;
    }
    event.status = call->status;
    event.received = received;
    event.offer = !offered && sip_has_session(received->message);
    if (event.offer) {
        call->invite_cseq = received->head->cseq.number;
        sip_call_keep_invite(ua, call, invite);
        sip_call_enter(ua, id, ANSWERING,
                       ua->stack->now + (uint64_t)ua->config.offer_wait_s * 1000);
    } else {
        sip_call_ack(ua, id, received->head->cseq.number, invite, &nothing);
        sip_call_enter(ua, id, UP, SIP_NEVER);
    }
    sip_call_tell(ua, id, SIP_CALL_ANSWERED, &event);
}

/* Another 2xx: a copy of one we know, or the answer of another fork. */
static void answered_again(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};
    struct sip_dialog known = sip_dialog_find(ua->stack, received);
    struct sip_dialog dialog = known.id ? known : dialog_of(ua, id, received);

    if (known.id && known.id == call->dialog.id && call->phase == ANSWERING)
        return; /* its ACK waits for the host */
    if (known.id && known.id == call->dialog.id && call->ack &&
        received->head->cseq.number == call->invite_cseq) {
        sip_inside_ack_again(ua, call->ack);
        return;
    }
    if (!dialog.id) {
        sip_leave_unkept(ua, received);
        return;
    }
    sip_stack_unkeep(ua->stack,
                     sip_inside_ack(ua, dialog, received->head->cseq.number, NULL, &nothing));
    if (known.id)
        return;
    if (call->fork.id || sip_dialog_confirm(ua->stack, dialog, received)) {
        sip_leave_dialog(ua, dialog, NULL);
        return;
    }
    call->fork = dialog;
    sip_call_enter(ua, id, (enum sip_call_phase)call->phase, call->deadline);
    event.dialog = dialog;
    event.status = received->message->status;
    event.received = received;
    sip_call_tell(ua, id, SIP_CALL_FORKED, &event);
}

void sip_call_drop_fork(struct sip_ua *ua, uint64_t id)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_dialog fork = call->fork;

    call->fork.id = 0;
    sip_leave_dialog(ua, fork, NULL);
}

int sip_call_take(struct sip_ua *ua, uint64_t now, struct sip_call handle)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);
    struct sip_dialog old;

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (!call->fork.id || call->phase != UP || call->change != CHANGE_NONE)
        return SIP_ESTATE;
    old = call->dialog;
    call->dialog = call->fork;
    call->fork.id = 0;
    sip_stack_unkeep(ua->stack, call->ack); /* copies of that 2xx get a new ACK */
    call->ack = 0;
    sip_leave_dialog(ua, old, NULL);
    return 0;
}

/* --- 3xx (§8.1.3.4): the Contacts, best q first, each once --- */

static bool is_planned(const struct sip_ua *ua, const struct sip_call_slot *call,
                       const struct sip_uri *uri)
{
    const char *at = sip_buffers_at(&ua->stack->buffers, call->plan);
    struct sip_uri other;

    for (size_t i = 0; i + 2 <= call->plan_len;) {
        size_t len = (size_t)(uint8_t)at[i] << 8 | (uint8_t)at[i + 1];

        if (!sip_uri_again(&other, sip_bytes(at + i + 2, len)) && sip_uri_equal(&other, uri))
            return true;
        i += 2 + len;
    }
    return false;
}

static void plan_one(struct sip_ua *ua, struct sip_call_slot *call, struct sip_str text)
{
    struct sip_uri uri;
    char *at;

    if (!call->plan)
        call->plan = sip_stack_buffer(ua->stack, SIP_BUFFER_SMALL, false);
    if (!call->plan || sip_uri_again(&uri, text) ||
        (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS) ||
        is_planned(ua, call, &uri))
        return;
    if (text.len + 2 > sip_buffers_room(&ua->stack->buffers, call->plan) - call->plan_len) {
        sip_stack_trace_limit(ua->stack, "contacts of a redirection");
        return;
    }
    at = sip_buffers_at(&ua->stack->buffers, call->plan) + call->plan_len;
    at[0] = (char)(text.len >> 8);
    at[1] = (char)(text.len & 255);
    memcpy(at + 2, text.at, text.len);
    call->plan_len = (uint16_t)(call->plan_len + 2 + text.len);
}

static int quality_of(const struct sip_address *contact)
{
    int q = sip_qvalue(sip_params_find(contact->params, "q"));

    return q < 0 ? 1000 : q; /* none given counts as the best */
}

/* The Contact with the highest q below `*q`, or as good and behind place `*after`. */
static bool next_best(const struct sip_message *message, int *q, int *after, struct sip_str *uri)
{
    struct sip_address contact;
    struct sip_values values;
    struct sip_str value;
    int best = -1, best_at = -1, at = 0;

    sip_values_begin(&values, message, SIP_HEADER_CONTACT);
    for (; sip_values_next(&values, &value) && at < CONTACTS_MOST; at++) {
        int quality;

        if (sip_address_in(message, value, &contact))
            continue;
        quality = quality_of(&contact);
        if (quality <= best || quality > *q || (quality == *q && at <= *after))
            continue;
        best = quality;
        best_at = at;
        *uri = contact.uri;
    }
    *q = best;
    *after = best_at;
    return best >= 0;
}

static void plan(struct sip_ua *ua, struct sip_call_slot *call, const struct sip_message *message)
{
    struct sip_str uri;
    int q = 1000, after = -1;

    while (next_best(message, &q, &after, &uri))
        plan_one(ua, call, uri);
}

static void redirected(struct sip_ua *ua, uint64_t id, struct sip_client client,
                       const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    const struct sip_message *invite = sip_read_own(ua, sip_client_request(ua->stack, client));
    struct sip_call_event event = {0};
    bool first = call->plan == 0;

    if (first && invite) {
        plan_one(ua, call, invite->uri); /* where we have been */
        call->plan_next = call->plan_len;
    }
    plan(ua, call, received->message);
    if (!first && call->tries_left) { /* the host has said how far to follow */
        if (sip_call_try_next(ua, id, sip_client_request(ua->stack, client)))
            return;
    }
    event.status = received->message->status;
    event.received = received;
    sip_call_finish_later(ua, id, SIP_END_REFUSED, event.status);
    sip_call_tell(ua, id, SIP_CALL_REDIRECTED, &event);
}

bool sip_call_try_next(struct sip_ua *ua, uint64_t id, struct sip_str request)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    const struct sip_account_slot *account = sip_account_find(ua, call->account);
    const struct sip_dialog none = {0};
    uint64_t deadline = call->phase == OVER ? ua->stack->now + EXPIRES_DEFAULT * 1000
                                            : call->deadline;

    while (request.len && call->tries_left && call->plan_next < call->plan_len) {
        const char *at = sip_buffers_at(&ua->stack->buffers, call->plan) + call->plan_next;
        struct sip_again again = {0};

        again.request = request;
        again.uri = sip_bytes(at + 2, (size_t)(uint8_t)at[0] << 8 | (uint8_t)at[1]);
        if (account)
            again.next_hop = sip_account_text(account, ACCOUNT_SERVER);
        again.owner = id;
        call->plan_next = (uint16_t)(call->plan_next + 2 + again.uri.len);
        call->tries_left--;
        if (!sip_again_send(ua, &again, &call->client)) {
            sip_call_end_early(ua, call, none);
            call->status = 0; /* that one was not the final one */
            sip_call_enter(ua, id, CALLING, deadline);
            return true;
        }
    }
    return false;
}

int sip_call_follow(struct sip_ua *ua, uint64_t now, struct sip_call handle, unsigned most)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);
    struct sip_str request;

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    request = sip_client_request(ua->stack, call->client);
    if (call->phase != OVER || call->status / 100 != 3 || !call->plan || !request.len ||
        ua->state != AGENT_RUNNING)
        return SIP_ESTATE;
    if (!most)
        most = FOLLOW_DEFAULT;
    call->tries_left = (uint8_t)(most < UINT8_MAX ? most : UINT8_MAX);
    return sip_call_try_next(ua, handle.id, request) ? 0 : SIP_ESTATE;
}

/* --- 401 and 407 --- */

static void park(struct sip_ua *ua, uint64_t id, const struct sip_challenge_answer *answer)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};
    const struct sip_received *received = answer->response;

    if (sip_challenge_park(ua, answer, &call->parked)) {
        sip_call_finish(ua, id, SIP_END_REFUSED, received->message->status, received);
        return;
    }
    call->status = received->message->status;
    sip_call_enter(ua, id, PARKED,
                   ua->stack->now + (uint64_t)ua->config.credentials_wait_s * 1000);
    event.status = call->status;
    event.realm = answer->realm;
    event.received = received;
    sip_call_tell(ua, id, SIP_CALL_CHALLENGED, &event);
}

static void challenged(struct sip_ua *ua, uint64_t id, struct sip_client client,
                       const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    const struct sip_dialog none = {0};
    struct sip_challenge_answer answer = {0};

    answer.response = received;
    answer.client = client;
    answer.account = sip_account_find(ua, call->account);
    answer.owner = id;
    answer.stale = &call->stale;
    switch (sip_challenge_take(ua, &answer, &call->client)) {
    case SIP_CHALLENGE_ANSWERED:
        sip_call_end_early(ua, call, none);
        sip_call_enter(ua, id, CALLING, call->deadline);
        return;
    case SIP_CHALLENGE_NO_LOGIN:
        sip_call_end_early(ua, call, none); /* §12.3 */
        park(ua, id, &answer);
        return;
    case SIP_CHALLENGE_FULL:
        sip_call_finish(ua, id, SIP_END_LIMIT, received->message->status, received);
        return;
    case SIP_CHALLENGE_REFUSED:
        sip_call_finish(ua, id, SIP_END_REFUSED, received->message->status, received);
        return;
    }
}

int sip_call_login(struct sip_ua *ua, uint64_t now, struct sip_call handle,
                   const struct sip_login *login)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (call->phase != PARKED)
        return SIP_ESTATE;
    switch (sip_challenge_unpark(ua, &call->parked, login, handle.id, &call->client)) {
    case SIP_CHALLENGE_ANSWERED:
        sip_challenge_unkeep(ua, &call->parked);
        call->status = 0;
        sip_call_enter(ua, handle.id, CALLING, ua->stack->now + EXPIRES_DEFAULT * 1000);
        return 0;
    case SIP_CHALLENGE_NO_LOGIN:
        return SIP_EINVAL;
    default:
        return SIP_EFULL;
    }
}

/* --- any response to the INVITE --- */

/* A response of ours that names the dialog of another call: somebody on the way plays games. */
static bool is_foreign(const struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_dialog_view view;

    return !sip_dialog_look(ua->stack, sip_dialog_find(ua->stack, received), &view) &&
           view.owner != id && view.owner >> 56 == SIP_KIND_CALL;
}

void sip_call_out_response(struct sip_ua *ua, uint64_t id, struct sip_client client,
                           const struct sip_received *received)
{
    const struct sip_call_slot *call = sip_call_find(ua, id);
    uint16_t status = received->message->status;

    if (status < 300 && is_foreign(ua, id, received))
        return;

    if (status / 100 == 2 && (call->phase == UP || call->phase == ANSWERING)) {
        answered_again(ua, id, received);
        return;
    }
    if (call->phase != CALLING && call->phase != PROCEEDING)
        return;
    if (status < 200)
        progress(ua, id, received);
    else if (status < 300)
        answered(ua, id, client, received);
    else if (status == 401 || status == 407)
        challenged(ua, id, client, received);
    else if (status < 400)
        redirected(ua, id, client, received);
    else if (status >= 600 || /* nobody else is asked: §21.6 */
             !sip_call_try_next(ua, id, sip_client_request(ua->stack, client)))
        sip_call_finish(ua, id, SIP_END_REFUSED, status, received);
}
