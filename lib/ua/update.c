/* Offers that cannot wait: UPDATE in both directions (RFC 3311), and the offer in a PRACK (RFC 3262
 * §5). What comes in is answered in the event, or refused at the next tick. */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "ua/call.h"

static const struct sip_str none = {NULL, 0};

/* --- theirs --- */

/* Our Contact, as it is on the way of the request: it may belong to another early dialog. */
static void add_contact(struct sip_ua *ua, const struct sip_call_slot *call,
                        struct sip_server server, struct sip_answering *answer)
{
    const struct sip_path *path = sip_server_path(ua->stack, server);

    sip_call_contact(ua, call, answer);
    if (path)
        answer->path = path;
}

int sip_urgent_answer(struct sip_ua *ua, struct sip_call_slot *call, uint16_t status,
                      const struct sip_call_message *message)
{
    struct sip_answering answer = {0};
    int error = 0;

    answer.status = status;
    if (message) {
        answer.reason = message->reason;
        answer.said.extras = &message->headers;
        answer.said.body = &message->body;
    }
    if (status < 300 && (!message || !message->body.bytes.at))
        return SIP_EINVAL; /* RFC 3264 §4: an offer wants an answer */
    if (status < 300 && call->updated)
        add_contact(ua, call, call->urgent, &answer);
    if (status >= 300)
        sip_answer_surely(ua, call->urgent, &answer);
    else
        error = sip_answer(ua, call->urgent, &answer);
    if (!error)
        call->urgent.id = 0;
    return error;
}

/* What the host did not answer in the event (RFC 3311 §5.2). */
void sip_urgent_refuse(struct sip_ua *ua, struct sip_call_slot *call)
{
    sip_urgent_answer(ua, call, call->updated ? 504 : 488, NULL);
}

/* Whose offer has no answer yet: an offer that crosses it is refused (§5.2). */
enum open { OPEN_NONE, OPEN_OURS, OPEN_THEIRS };

static enum open open_offer(const struct sip_ua *ua, const struct sip_call_slot *call,
                            struct sip_dialog dialog)
{
    if (call->urgent.id || call->asked.id || call->change == CHANGE_THEIRS ||
        call->change == CHANGE_ASKED || call->phase == ANSWERING)
        return OPEN_THEIRS;
    if (call->change == CHANGE_OURS || (call->change == CHANGE_AGREED && !call->offered))
        return OPEN_OURS;
    if (call->phase == INCOMING && !call->agreed)
        return call->offered ? OPEN_THEIRS : OPEN_OURS;
    if (call->phase == ACCEPTED && !call->offered && !call->agreed)
        return OPEN_OURS;
    if (call->phase == PROCEEDING && !sip_dialog_is_agreed(ua->stack, dialog))
        return OPEN_OURS;
    return OPEN_NONE;
}

bool sip_urgent_take(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog,
                     const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    enum open open = open_offer(ua, call, dialog);
    bool update = received->message->method == SIP_UPDATE;
    struct sip_server server;

    if (open == OPEN_OURS) {
        sip_answer_stateless(ua, received, 491, none);
        return false;
    }
    if (open == OPEN_THEIRS || (update && sip_dialog_refresh(ua->stack, dialog, received)) ||
        sip_server_start(ua->stack, ua->stack->now, received, &server)) {
        sip_serve_later(ua, received);
        return false;
    }
    call->urgent = server;
    call->updated = update;
    return true;
}

void sip_urgent_ask(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog,
                    const struct sip_received *received)
{
    struct sip_call_event event = {0};

    sip_call_remind_at(ua, id, sip_call_find(ua, id)->remind_at); /* the tick comes now */
    event.dialog = dialog;
    event.received = received;
    event.offer = true;
    sip_call_tell(ua, id, SIP_CALL_OFFERED, &event);
}

/* Without an offer it refreshes the target, and is answered at once. */
static void refresh(struct sip_ua *ua, const struct sip_call_slot *call,
                    const struct sip_received *received)
{
    struct sip_answering answer = {0};
    struct sip_server server;

    if (sip_server_start(ua->stack, ua->stack->now, received, &server)) {
        sip_serve_later(ua, received);
        return;
    }
    answer.status = 200;
    add_contact(ua, call, server, &answer);
    sip_answer_surely(ua, server, &answer);
}

void sip_update_received(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog,
                         const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    bool offer = sip_has_session(received->message);

    if (call->phase == OVER) {
        sip_answer_stateless(ua, received, 481, none);
    } else if (offer) {
        if (sip_urgent_take(ua, id, dialog, received))
            sip_urgent_ask(ua, id, dialog, received);
    } else if (call->urgent.id || sip_dialog_refresh(ua->stack, dialog, received)) {
        sip_serve_later(ua, received);
    } else {
        refresh(ua, call, received);
    }
}

/* --- ours --- */

void sip_update_hear(struct sip_call_slot *call, const struct sip_message *message)
{
    if (message->first[SIP_HEADER_ALLOW])
        call->updates = sip_message_lists(message, SIP_HEADER_ALLOW, "UPDATE");
}

/* Where an offer of ours belongs: of several early dialogs in the first that has a session. */
static struct sip_dialog with_session(const struct sip_ua *ua, const struct sip_call_slot *call)
{
    if (!sip_dialog_is_agreed(ua->stack, call->dialog))
        for (int i = 0; i < SIP_EARLY_MAX; i++)
            if (sip_dialog_is_agreed(ua->stack, call->early[i]))
                return call->early[i];
    return call->dialog;
}

int sip_update_offer(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_dialog dialog = with_session(ua, call);
    struct sip_said said = {0};
    int error;

    if (!call->updates || call->change != CHANGE_NONE || call->pending ||
        open_offer(ua, call, dialog) != OPEN_NONE)
        return SIP_ESTATE;
    if (!message || !message->body.bytes.at)
        return SIP_EINVAL;
    said.contact = said.allow = true;
    said.extras = &message->headers;
    said.body = &message->body;
    error = sip_inside_send(ua, dialog, sip_method_text(SIP_UPDATE), &said, id, &call->changing);
    if (error)
        return error;
    call->updating = true;
    call->stale = 0;
    sip_call_change_to(ua, id, CHANGE_OURS, SIP_NEVER);
    return 0;
}

static void over(struct sip_ua *ua, uint64_t id, enum sip_call_kind kind, uint16_t status,
                 const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_event event = {0};

    if (received)
        event.dialog = sip_dialog_find(ua->stack, received);
    call->changing.id = 0;
    call->updating = false;
    sip_call_change_to(ua, id, CHANGE_NONE, SIP_NEVER);
    event.status = status;
    event.received = received;
    sip_call_tell(ua, id, kind, &event);
}

void sip_update_response(struct sip_ua *ua, uint64_t id, struct sip_client client,
                         const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    uint16_t status = received->message->status;
    struct sip_dialog dialog = sip_dialog_find(ua->stack, received);
    struct sip_dialog_view view;

    if (status < 200 || call->phase == OVER)
        return;
    if (sip_dialog_look(ua->stack, dialog, &view) || view.owner != id) { /* of a fork that lost */
        over(ua, id, SIP_CALL_UNCHANGED, status < 300 ? 481 : status, received);
    } else if (status < 300) {
        sip_dialog_refresh(ua->stack, dialog, received);
        over(ua, id, SIP_CALL_CHANGED, status, received);
    } else if ((status != 401 && status != 407) ||
               !sip_call_challenged(ua, id, client, received, &call->changing)) {
        over(ua, id, SIP_CALL_UNCHANGED, status, received);
    }
}

void sip_update_failed(struct sip_ua *ua, uint64_t id, uint16_t status)
{
    if (sip_call_find(ua, id)->phase != OVER)
        over(ua, id, SIP_CALL_UNCHANGED, status, NULL);
}
