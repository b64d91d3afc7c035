#include "ua/call.h"
#include "base/memory.h"
#include "dialog/dialog.h"

_Static_assert(sizeof(struct sip_call_slot) <= SIP_SIZE_CALL, "SIP_SIZE_CALL");

#define REMIND_MS 60000 /* §13.3.1.1 */

static const char *const phase_name[] = {"calling",  "proceeding", "parked", "answering",
                                         "incoming", "accepted",   "up",     "over"};
static const char *const change_name[] = {"none", "ours", "asked", "theirs", "agreed"};

/* --- admission: a call that was admitted can be ended --- */

void sip_call_unreserve(struct sip_ua *ua, struct sip_call_slot *call)
{
    if (call->reserved)
        sip_stack_give_back(ua->stack);
    call->reserved = false;
}

const char *sip_call_limit(const struct sip_ua *ua, bool verified)
{
    const struct sip_limits *limits = &ua->stack->config.limits;
    uint32_t used = ua->stack->pools[SIP_KIND_CALL].used;

    if (used >= limits->calls)
        return "calls";
    if (used + limits->calls_reserved_out >= limits->calls)
        return "calls_reserved_out";
    if (ua->incoming >= limits->calls_incoming)
        return "calls_incoming";
    if (!verified && ua->ringing_unverified >= limits->ringing_unverified)
        return "ringing_unverified";
    return NULL;
}

struct sip_call_slot *sip_call_admit(struct sip_ua *ua, bool incoming, uint64_t *id)
{
    uint32_t index;
    struct sip_call_slot *call = sip_stack_take(ua->stack, SIP_KIND_CALL, &index, false);

    if (!call)
        return NULL;
    if (!sip_stack_set_aside(ua->stack)) {
        sip_stack_trace_limit(ua->stack, "transactions");
        sip_stack_free(ua->stack, SIP_KIND_CALL, index);
        return NULL;
    }
    call->reserved = true;
    call->came_in = incoming;
    call->deadline = call->remind_at = SIP_NEVER;
    ua->incoming += incoming;
    *id = sip_stack_handle(ua->stack, SIP_KIND_CALL, index);
    return call;
}

uint16_t sip_call_prospect(const struct sip_ua *ua)
{
    return ua->state == AGENT_RUNNING && !sip_call_limit(ua, true) ? 200 : 486;
}

static void unring(struct sip_ua *ua, struct sip_call_slot *call)
{
    ua->ringing_unverified -= call->unverified;
    call->unverified = false;
}

void sip_call_unadmit(struct sip_ua *ua, uint64_t id)
{
    static const struct sip_dialog none = {0};
    struct sip_call_slot *call = sip_call_find(ua, id);

    sip_call_unreserve(ua, call);
    unring(ua, call);
    ua->incoming -= call->came_in;
    sip_call_end_early(ua, call, none);
    sip_stack_unkeep(ua->stack, call->ack);
    sip_stack_unkeep(ua->stack, call->plan);
    sip_challenge_unkeep(ua, &call->parked);
    sip_account_release(ua, call->account);
    sip_stack_free(ua->stack, SIP_KIND_CALL, sip_handle_index(id));
}

/* --- phases --- */

static void wake(struct sip_ua *ua, uint64_t id)
{
    const struct sip_call_slot *call = sip_call_find(ua, id);
    uint64_t at = call->deadline < call->remind_at ? call->deadline : call->remind_at;

    if (call->fork.id || call->urgent.id || sip_reliable_is_due(call))
        at = ua->stack->now;
    sip_stack_wake(ua->stack, SIP_KIND_CALL, sip_handle_index(id), at);
}

void sip_call_enter(struct sip_ua *ua, uint64_t id, enum sip_call_phase phase, uint64_t deadline)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (call->phase != phase)
        sip_stack_trace_state(ua->stack, "call", id, phase_name[call->phase], phase_name[phase]);
    call->phase = (uint8_t)phase;
    call->deadline = deadline;
    if (phase != INCOMING)
        unring(ua, call);
    if (phase == INCOMING)
        call->remind_at = ua->stack->now + REMIND_MS;
    else if (!call->ack)
        call->remind_at = SIP_NEVER;
    wake(ua, id);
}

void sip_call_remind_at(struct sip_ua *ua, uint64_t id, uint64_t at)
{
    sip_call_find(ua, id)->remind_at = at;
    wake(ua, id);
}

void sip_call_change_to(struct sip_ua *ua, uint64_t id, enum sip_call_change change,
                        uint64_t deadline)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (call->change != change)
        sip_stack_trace_state(ua->stack, "session", id, change_name[call->change],
                              change_name[change]);
    call->change = (uint8_t)change;
    if (call->phase == UP) /* before, it is that of the INVITE */
        call->deadline = deadline;
    wake(ua, id);
}

/* --- telling --- */

struct sip_body sip_body_of(const struct sip_message *message)
{
    struct sip_body body = {{NULL, 0}, {NULL, 0}};

    if (message->body.len) {
        body.type = sip_message_value(message, SIP_HEADER_CONTENT_TYPE);
        body.bytes = message->body;
    }
    return body;
}

bool sip_has_session(const struct sip_message *message)
{
    struct sip_str disposition = sip_message_value(message, SIP_HEADER_CONTENT_DISPOSITION);
    struct sip_str content = sip_message_value(message, SIP_HEADER_CONTENT_TYPE);
    struct sip_token_value how;
    struct sip_media_type type;
    struct sip_fault ignored;

    if (!message->body.len || sip_media_type_parse(&type, content, &ignored) ||
        (disposition.len && (sip_token_value_parse(&how, disposition, &ignored) ||
                             !sip_str_is(how.token, "session"))))
        return false;
    return sip_str_is(type.type, "multipart") ||
           (sip_str_is(type.type, "application") && sip_str_is(type.subtype, "sdp"));
}

void sip_call_tell(struct sip_ua *ua, uint64_t id, enum sip_call_kind kind,
                   struct sip_call_event *event)
{
    const struct sip_call_slot *call = sip_call_find(ua, id);

    event->kind = kind;
    event->call.id = id;
    event->account = call->account;
    event->host = call->host;
    event->now = ua->stack->now;
    if (!event->dialog.id)
        event->dialog = call->dialog;
    if (event->received && !event->body.bytes.at)
        event->body = sip_body_of(event->received->message);
    if (ua->config.events.call)
        ua->config.events.call(ua->config.events.host, ua, event);
}

/* The text of a Reason header (RFC 3326), or the phrase of the response. */
static struct sip_str reason_of(const struct sip_received *received)
{
    struct sip_token_value reason;
    struct sip_fault ignored;
    struct sip_str value;

    if (!received)
        return sip_bytes(NULL, 0);
    value = sip_message_value(received->message, SIP_HEADER_REASON);
    if (!value.len || sip_token_value_parse(&reason, value, &ignored))
        return received->message->reason;
    value = sip_params_find(reason.params, "text");
    return value.len >= 2 && *value.at == '"' ? sip_bytes(value.at + 1, value.len - 2) : value;
}

static void tell_end(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};

    event.end = (enum sip_end)call->end;
    event.status = call->status;
    event.reason = reason_of(received);
    event.received = received;
    sip_call_tell(ua, id, SIP_CALL_ENDED, &event);
    sip_call_unadmit(ua, id);
    sip_ua_settle(ua);
}

void sip_call_finish_later(struct sip_ua *ua, uint64_t id, enum sip_end end, uint16_t status)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    call->end = (uint8_t)end;
    call->status = status;
    sip_call_enter(ua, id, OVER, ua->stack->now);
}

void sip_call_finish(struct sip_ua *ua, uint64_t id, enum sip_end end, uint16_t status,
                     const struct sip_received *received)
{
    sip_call_finish_later(ua, id, end, status);
    tell_end(ua, id, received);
}

/* --- leaving --- */

void sip_call_end_early(struct sip_ua *ua, struct sip_call_slot *call, struct sip_dialog but)
{
    for (int i = 0; i < SIP_EARLY_MAX; i++) {
        if (call->early[i].id && call->early[i].id != but.id)
            sip_dialog_end(ua->stack, call->early[i]);
        call->early[i].id = 0;
    }
    call->asked.id = 0;
    if (call->dialog.id && call->dialog.id != but.id)
        sip_dialog_end(ua->stack, call->dialog);
    call->dialog = but;
}

void sip_call_refuse(struct sip_ua *ua, struct sip_call_slot *call,
                     const struct sip_refusal *refusal, uint16_t status)
{
    struct sip_answering answer = {0};

    answer.status = status;
    if (refusal) {
        answer.reason = refusal->reason;
        answer.said.extras = &refusal->headers;
    }
    sip_answer_surely(ua, call->server, &answer);
    call->server.id = 0;
}

static void leave_change(struct sip_ua *ua, struct sip_call_slot *call)
{
    if (call->changing.id && call->updating)
        sip_client_own(ua->stack, call->changing, SIP_OWNER_LEFT);
    else if (call->changing.id)
        sip_leave_invite(ua, call->changing, false, NULL);
}

static void leave_up(struct sip_ua *ua, struct sip_call_slot *call,
                     const struct sip_extras *extras)
{
    struct sip_dialog dialog = call->dialog;

    call->dialog.id = 0;
    leave_change(ua, call);
    if (call->change == CHANGE_THEIRS)
        sip_call_refuse(ua, call, NULL, 487); /* §15.1.2 */
    if (call->client.id)
        sip_client_own(ua->stack, call->client, SIP_OWNER_LEFT);
    if (call->phase == ACCEPTED || call->change == CHANGE_AGREED)
        sip_leave_after_ack(ua, dialog, call->server);
    else
        sip_leave_dialog(ua, dialog, extras);
}

static const struct sip_body nothing = {{NULL, 0}, {NULL, 0}};

void sip_call_leave(struct sip_ua *ua, uint64_t id, const struct sip_refusal *refusal,
                    uint16_t status)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    const struct sip_extras *extras = refusal ? &refusal->headers : NULL;

    if (call->fork.id)
        sip_call_drop_fork(ua, id);
    if (call->urgent.id)
        sip_urgent_answer(ua, call, 487, NULL);
    if (call->phase == CALLING || call->phase == PROCEEDING) {
        sip_leave_invite(ua, call->client, call->reserved, extras);
        call->reserved = false;
        return;
    }
    if (call->phase == ANSWERING || call->change == CHANGE_ASKED)
        sip_call_out_ack(ua, id, &nothing); /* the 2xx has an offer: §13.2.2.4 */
    sip_call_unreserve(ua, call);           /* it is for this */
    switch ((enum sip_call_phase)call->phase) {
    case INCOMING:
        sip_call_refuse(ua, call, refusal, status);
        break;
    case ANSWERING:
    case ACCEPTED:
    case UP:
        leave_up(ua, call, extras);
        break;
    case CALLING:
    case PROCEEDING:
    case PARKED:
    case OVER:
        break;
    }
}

/* --- the host's side --- */

int sip_call_hang_up(struct sip_ua *ua, uint64_t now, struct sip_call handle,
                     const struct sip_refusal *refusal)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);
    uint16_t status = refusal && refusal->status ? refusal->status : 486;
    int error;

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (call->phase == OVER)
        return SIP_ESTATE;
    if (status < 300 || status > 699)
        return SIP_EINVAL;
    error = sip_refusal_check(ua, refusal);
    if (error)
        return error;
    sip_call_leave(ua, handle.id, refusal, status);
    sip_call_finish_later(ua, handle.id, SIP_END_LOCAL,
                          call->phase == INCOMING ? status : call->status);
    return 0;
}

int sip_call_accept(struct sip_ua *ua, uint64_t now, struct sip_call handle,
                    const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (call->phase == OVER)
        return SIP_ESTATE;
    if (message && sip_extras_check(&message->headers))
        return SIP_EHEADER;
    if (message && message->status && (message->status < 200 || message->status > 299))
        return SIP_EINVAL;
    if (call->urgent.id)
        return sip_urgent_answer(ua, call, 200, message);
    if (call->asked.id)
        return sip_reliable_accept(ua, handle.id, message);
    if (call->phase == INCOMING)
        return sip_call_in_accept(ua, handle.id, message);
    if (call->phase == ANSWERING)
        return sip_call_out_accept(ua, handle.id, message);
    if (call->phase == UP)
        return sip_call_change_accept(ua, handle.id, message);
    return SIP_ESTATE;
}

static int decline_urgent(struct sip_ua *ua, struct sip_call_slot *call,
                          const struct sip_refusal *refusal)
{
    struct sip_call_message message = {0};

    if (!refusal)
        return sip_urgent_answer(ua, call, 488, NULL);
    message.reason = refusal->reason;
    message.headers = refusal->headers;
    return sip_urgent_answer(ua, call, refusal->status ? refusal->status : 488, &message);
}

int sip_call_decline(struct sip_ua *ua, uint64_t now, struct sip_call handle,
                     const struct sip_refusal *refusal)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);
    uint16_t status = refusal && refusal->status ? refusal->status : 486;
    int error;

    sip_stack_time(ua->stack, now);
    if (!call)
        return SIP_EGONE;
    if (status < 300 || status > 699)
        return SIP_EINVAL;
    error = sip_refusal_check(ua, refusal);
    if (error)
        return error;
    if (call->urgent.id)
        return decline_urgent(ua, call, refusal);
    if (call->phase == UP)
        return sip_call_change_decline(ua, handle.id, refusal);
    if (call->phase != INCOMING)
        return SIP_ESTATE;
    sip_call_leave(ua, handle.id, refusal, status);
    sip_call_finish_later(ua, handle.id, SIP_END_REFUSED, status);
    return 0;
}

/* --- queries --- */

enum sip_call_state sip_call_state(const struct sip_ua *ua, struct sip_call handle)
{
    const struct sip_call_slot *call = sip_call_find(ua, handle.id);

    if (!call)
        return SIP_CALL_GONE;
    switch ((enum sip_call_phase)call->phase) {
    case CALLING:
    case PROCEEDING:
    case PARKED:
    case ANSWERING:
        return SIP_CALL_CALLING;
    case INCOMING:
        return SIP_CALL_RINGING;
    case ACCEPTED:
    case UP:
        return SIP_CALL_UP;
    case OVER:
        return SIP_CALL_ENDING;
    }
    return SIP_CALL_GONE;
}

void *sip_call_host(const struct sip_ua *ua, struct sip_call handle)
{
    const struct sip_call_slot *call = sip_call_find(ua, handle.id);

    return call ? call->host : NULL;
}

int sip_call_set_host(struct sip_ua *ua, struct sip_call handle, void *host)
{
    struct sip_call_slot *call = sip_call_find(ua, handle.id);

    if (!call)
        return SIP_EGONE;
    call->host = host;
    return 0;
}

struct sip_dialog sip_call_dialog(const struct sip_ua *ua, struct sip_call handle)
{
    const struct sip_call_slot *call = sip_call_find(ua, handle.id);
    const struct sip_dialog none = {0};

    return call ? call->dialog : none;
}

struct sip_account sip_call_account(const struct sip_ua *ua, struct sip_call handle)
{
    const struct sip_call_slot *call = sip_call_find(ua, handle.id);
    const struct sip_account none = {0};

    return call ? call->account : none;
}

struct sip_str sip_call_invite(const struct sip_ua *ua, struct sip_call handle)
{
    const struct sip_call_slot *call = sip_call_find(ua, handle.id);

    return call && call->phase == INCOMING ? sip_server_request(ua->stack, call->server)
                                           : sip_bytes(NULL, 0);
}

/* --- dispatch --- */

void sip_call_response(struct sip_ua *ua, uint64_t owner, struct sip_client client,
                       const struct sip_received *received)
{
    const struct sip_call_slot *call = sip_call_find(ua, owner);

    if (!call)
        return;
    if (received->head->cseq.method == SIP_PRACK)
        sip_reliable_response(ua, owner, client, received);
    else if (call->client.id == client.id)
        sip_call_out_response(ua, owner, client, received);
    else if (call->changing.id == client.id && call->updating)
        sip_update_response(ua, owner, client, received);
    else if (call->changing.id == client.id)
        sip_call_change_response(ua, owner, client, received);
}

void sip_call_failed(struct sip_ua *ua, uint64_t owner, struct sip_client client, uint16_t status)
{
    struct sip_call_slot *call = sip_call_find(ua, owner);

    if (!call)
        return;
    if (call->changing.id == client.id && call->updating) {
        sip_update_failed(ua, owner, status);
        return;
    }
    if (call->changing.id == client.id) {
        sip_call_change_failed(ua, owner, status);
        return;
    }
    if (call->client.id != client.id || call->phase > PROCEEDING)
        return;
    if (sip_call_try_next(ua, owner, sip_client_request(ua->stack, client)))
        return;
    call->client.id = 0;
    sip_call_finish(ua, owner, status == 408 ? SIP_END_TIMEOUT : SIP_END_NETWORK, status, NULL);
}

static void answer_bye(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_answering answer = {0};
    struct sip_server server;

    answer.status = 200;
    if (sip_server_start(ua->stack, ua->stack->now, received, &server))
        sip_answer_stateless(ua, received, 200, answer.reason);
    else
        sip_answer_surely(ua, server, &answer);
}

/* BYE: the usage is over (§15.1.2). Without a free slot it is answered all the same. */
static void take_bye(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    bool ringing = call->phase == CALLING || call->phase == PROCEEDING;

    if (!ringing)
        sip_call_unreserve(ua, call); /* it is for this */
    answer_bye(ua, received);
    if (call->urgent.id)
        sip_urgent_answer(ua, call, 487, NULL);
    if (call->phase == INCOMING || call->change == CHANGE_THEIRS)
        sip_call_refuse(ua, call, NULL, 487);
    if (call->server.id)
        sip_server_settled(ua->stack, call->server);
    leave_change(ua, call);
    if (call->fork.id)
        sip_call_drop_fork(ua, id);
    if (ringing) { /* its 2xx was lost */
        sip_leave_invite(ua, call->client, call->reserved, NULL);
        call->reserved = false;
    } else if (call->client.id) {
        sip_client_own(ua->stack, call->client, SIP_OWNER_LEFT);
    }
    if (call->phase == OVER) /* the host was first */
        return;
    sip_call_finish(ua, id, SIP_END_REMOTE, call->status, received);
}

/* One of several dialogs of our INVITE says BYE: the others go on (§13.2.2.4). False when it is the
 * only one. */
static bool bye_of_one(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    int other = 0;

    if (dialog.id == call->fork.id) {
        call->fork.id = 0;
        return true;
    }
    while (other < SIP_EARLY_MAX && !call->early[other].id)
        other++;
    if (other == SIP_EARLY_MAX)
        return false;
    if (dialog.id == call->dialog.id) {
        call->dialog = call->early[other];
        call->early[other].id = 0;
    }
    for (int i = 0; i < SIP_EARLY_MAX; i++)
        if (call->early[i].id == dialog.id)
            call->early[i].id = 0;
    if (call->asked.id == dialog.id)
        call->asked.id = 0;
    return true;
}

void sip_call_request(struct sip_ua *ua, uint64_t owner, struct sip_dialog dialog,
                      const struct sip_received *received)
{
    const struct sip_call_slot *of = sip_call_find(ua, owner);
    struct sip_call call = {owner};

    if (!of) {
        sip_leave_request(ua, dialog, received);
    } else if (received->message->method == SIP_BYE && bye_of_one(ua, owner, dialog)) {
        answer_bye(ua, received);
        sip_dialog_end(ua->stack, dialog);
    } else if (received->message->method == SIP_BYE) {
        take_bye(ua, owner, received);
    } else if (received->message->method == SIP_UPDATE) {
        sip_update_received(ua, owner, dialog, received);
    } else if (received->message->method == SIP_PRACK) {
        sip_reliable_pracked(ua, owner, dialog, received);
    } else if (received->message->method == SIP_INVITE && dialog.id != of->dialog.id) {
        sip_serve_later(ua, received); /* the host has not decided yet */
    } else if (received->message->method == SIP_INVITE) {
        sip_call_change_request(ua, owner, received);
    } else {
        sip_request_received(ua, received, call, sip_call_account(ua, call));
    }
}

/* A provisional again, each minute, or when no PRACK comes for it; or no 2xx can come again, and its
 * ACK is kept no longer. */
static void remind(struct sip_ua *ua, uint64_t id)
{
    struct sip_call_slot *call = sip_call_find(ua, id);

    call->remind_at = SIP_NEVER;
    if (call->phase == INCOMING && sip_dialog_rseq(ua->stack, call->dialog)) {
        sip_reliable_fire(ua, id);
        return;
    }
    if (call->phase == INCOMING) {
        call->remind_at = ua->stack->now + REMIND_MS;
        sip_call_remind(ua, id);
    } else {
        sip_stack_unkeep(ua->stack, call->ack);
        call->ack = 0;
    }
    wake(ua, id);
}

void sip_call_fire(struct sip_stack *stack, uint32_t index)
{
    struct sip_ua *ua = sip_ua_of(stack);
    uint64_t id = sip_stack_handle(stack, SIP_KIND_CALL, index);
    struct sip_call_slot *call = sip_call_find(ua, id);

    if (call->fork.id) {
        sip_call_drop_fork(ua, id);
        wake(ua, id);
        return;
    }
    if (call->urgent.id) { /* the host did not answer it in the event */
        sip_urgent_refuse(ua, call);
        wake(ua, id);
        return;
    }
    if (sip_reliable_is_due(call)) {
        sip_reliable_release(ua, id);
        return;
    }
    if (call->phase == OVER) {
        tell_end(ua, id, NULL);
        return;
    }
    if (call->remind_at <= stack->now) {
        remind(ua, id);
        return;
    }
    if (call->deadline > stack->now) {
        wake(ua, id);
        return;
    }
    if (call->phase == UP) {
        sip_call_change_expired(ua, id);
        return;
    }
    if (call->phase == INCOMING) { /* nobody took it: §21.4.18, or §13.3.1 */
        uint16_t status = call->expires ? 487 : 480;

        sip_call_leave(ua, id, NULL, status);
        sip_call_finish(ua, id, SIP_END_EXPIRED, status, NULL);
        return;
    }
    sip_call_leave(ua, id, NULL, 0);
    sip_call_finish(ua, id, call->phase == PARKED ? SIP_END_REFUSED : SIP_END_TIMEOUT,
                    call->status, NULL);
}

static void each(struct sip_ua *ua, void (*act)(struct sip_ua *, uint64_t id, uint64_t),
                 uint64_t with)
{
    struct sip_slots *pool = &ua->stack->pools[SIP_KIND_CALL];

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct sip_slot *slot = sip_slots_at(pool, i);

        if (slot->generation & 1)
            act(ua, sip_stack_handle(ua->stack, SIP_KIND_CALL, i), with);
    }
}

static void stop_one(struct sip_ua *ua, uint64_t id, uint64_t with)
{
    struct sip_call call = {id};

    (void)with;
    sip_call_hang_up(ua, ua->stack->now, call, NULL);
}

void sip_calls_stop(struct sip_ua *ua)
{
    each(ua, stop_one, 0);
}

/* A login came: parked INVITEs of this account go on. */
static void login_one(struct sip_ua *ua, uint64_t id, uint64_t account)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call handle = {id};
    struct sip_login login;

    if (call->phase == PARKED && call->account.id == account &&
        sip_account_get_login(sip_account_find(ua, call->account), &login))
        sip_call_login(ua, ua->stack->now, handle, &login);
}

void sip_calls_login(struct sip_ua *ua, struct sip_account account)
{
    each(ua, login_one, account.id);
}
