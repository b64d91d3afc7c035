/* What is owed to the wire after a call: its slot is gone, the dialog's lives until it is quiet.
 *
 *   an INVITE without an answer: CANCEL after the first 1xx (§9.1); a 2xx that crosses it gets
 *   ACK and BYE (§13.2.2.4). A dialog: BYE, with one digest answer. A 2xx of ours without its ACK:
 *   BYE when the ACK has come, or nobody sent one for 64*T1 (§15).
 *
 * The owner of such a dialog is SIP_OWNER_LEFT, with how often there was no room for the BYE above
 * its lowest byte, or the server transaction whose ACK it waits for.
 */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "transaction/transaction.h"
#include "ua/agent.h"

#define TRY_AGAIN_MS 1000
#define TRIES_MOST 32 /* then BYE is said once, without a transaction */

static const struct sip_body nothing = {{NULL, 0}, {NULL, 0}};

/* --- dialogs --- */

static void end_dialog(struct sip_ua *ua, struct sip_dialog dialog)
{
    sip_dialog_end(ua->stack, dialog);
    sip_ua_settle(ua);
}

static bool is_left(uint64_t owner)
{
    return owner >> 56 == 0 && (owner & 0xff) == SIP_OWNER_LEFT;
}

static void say_bye(struct sip_ua *ua, struct sip_dialog dialog, const struct sip_extras *extras)
{
    struct sip_said said = {0};
    struct sip_dialog_view view;
    struct sip_client client;
    int error;

    said.extras = extras;
    if (sip_dialog_look(ua->stack, dialog, &view))
        return;
    if (!is_left(view.owner))
        view.owner = SIP_OWNER_LEFT;
    sip_dialog_own(ua->stack, dialog, view.owner + 256);
    error = sip_inside_send(ua, dialog, sip_method_text(SIP_BYE), &said, dialog.id, &client);
    if (error == SIP_ESIZE && extras) {
        said.extras = NULL;
        error = sip_inside_send(ua, dialog, sip_method_text(SIP_BYE), &said, dialog.id, &client);
    }
    if (error == SIP_EFULL && view.owner >> 8 < TRIES_MOST) {
        sip_stack_wake(ua->stack, SIP_KIND_DIALOG, sip_handle_index(dialog.id),
                       ua->stack->now + TRY_AGAIN_MS);
    } else if (error) {
        sip_inside_once(ua, dialog, sip_method_text(SIP_BYE));
        end_dialog(ua, dialog);
    }
}

void sip_leave_dialog(struct sip_ua *ua, struct sip_dialog dialog, const struct sip_extras *extras)
{
    say_bye(ua, dialog, extras);
}

void sip_leave_fire(struct sip_stack *stack, uint32_t index)
{
    struct sip_dialog dialog = {sip_stack_handle(stack, SIP_KIND_DIALOG, index)};

    say_bye(sip_ua_of(stack), dialog, NULL);
}

static bool answer_challenge(struct sip_ua *ua, struct sip_dialog dialog, struct sip_client client,
                             const struct sip_received *received)
{
    struct sip_challenge_answer answer = {0};
    struct sip_client again;
    uint8_t stale = UINT8_MAX - 1; /* not a second time */

    answer.response = received;
    answer.client = client;
    answer.account = sip_inside_account(ua, dialog);
    answer.dialog = dialog;
    answer.owner = dialog.id;
    answer.stale = &stale;
    return sip_challenge_take(ua, &answer, &again) == SIP_CHALLENGE_ANSWERED;
}

/* --- our 2xx waits for its ACK --- */

void sip_leave_after_ack(struct sip_ua *ua, struct sip_dialog dialog, struct sip_server server)
{
    sip_dialog_own(ua->stack, dialog, server.id);
    if (sip_server_own(ua->stack, server, dialog.id))
        say_bye(ua, dialog, NULL); /* nobody waits any more */
}

void sip_leave_acked(struct sip_ua *ua, struct sip_dialog dialog)
{
    struct sip_dialog_view view;

    if (sip_dialog_look(ua->stack, dialog, &view) || is_left(view.owner))
        return;
    sip_server_settled(ua->stack, sip_server_of(view.owner));
    say_bye(ua, dialog, NULL);
}

void sip_leave_unacknowledged(struct sip_ua *ua, uint64_t owner)
{
    struct sip_dialog dialog = {owner};
    struct sip_dialog_view view;

    if (!sip_dialog_look(ua->stack, dialog, &view))
        say_bye(ua, dialog, NULL);
}

/* --- INVITEs --- */

/* One that rings and cannot be cancelled for want of room is not waited for without end. */
static void cancel(struct sip_ua *ua, struct sip_client client, struct sip_str lines)
{
    struct sip_str none = {NULL, 0};
    int error = sip_client_cancel(ua->stack, ua->stack->now, client, lines);

    if (error == SIP_ESIZE && lines.len)
        error = sip_client_cancel(ua->stack, ua->stack->now, client, none);
    if (error)
        sip_client_limit(ua->stack, client);
}

void sip_leave_invite(struct sip_ua *ua, struct sip_client client, bool reserved,
                      const struct sip_extras *extras)
{
    struct sip_str lines = {NULL, 0};
    struct sip_writer w;

    sip_client_own(ua->stack, client, SIP_OWNER_LEAVING);
    if (reserved)
        sip_client_set_aside(ua->stack, client);
    sip_writer_init(&w, ua->stack->aside, ua->stack->config.limits.message_max / 2);
    sip_write_extras(&w, extras);
    if (sip_writer_done(&w) > 0)
        lines = sip_bytes(ua->stack->aside, w.used);
    cancel(ua, client, lines);
}

/* --- a 2xx that no dialog can be kept for: ACK and BYE are written from it --- */

static bool way_of(struct sip_ua *ua, const struct sip_received *received, struct route *route)
{
    struct sip_str contact = sip_message_value(received->message, SIP_HEADER_CONTACT), first;
    long len = sip_route_set_len(received->message);
    struct sip_address address;
    struct sip_fault ignored;

    if (len < 0 || (size_t)len > ua->stack->config.limits.message_max / 2 ||
        !sip_list_next(&contact, &first) || sip_address_parse(&address, first, &ignored))
        return false;
    sip_route_set_write(received->message, true, ua->stack->aside, (size_t)len);
    route->target = address.uri;
    route->routes = sip_bytes(ua->stack->aside, (size_t)len);
    return true;
}

static long write_unkept(struct sip_ua *ua, const struct sip_received *received,
                         const struct route *route, enum sip_method method)
{
    uint32_t cseq = received->head->cseq.number + (method == SIP_ACK ? 0 : 1);
    struct sip_writer w;

    sip_writer_init(&w, ua->stack->scratch, ua->stack->config.limits.message_max);
    sip_route_write(&w, sip_method_text(method), route);
    sip_write_number(&w, SIP_HEADER_MAX_FORWARDS, 70);
    sip_write_copy_all(&w, received->message, SIP_HEADER_FROM);
    sip_write_copy_all(&w, received->message, SIP_HEADER_TO);
    sip_write_copy_all(&w, received->message, SIP_HEADER_CALL_ID);
    sip_write_cseq(&w, cseq, sip_method_text(method));
    sip_write_body(&w, nothing.type, nothing.bytes);
    return sip_writer_done(&w);
}

void sip_leave_unkept(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_client_args args = {0};
    struct sip_target target;
    struct sip_client client;
    struct route route;
    long len;

    if (!way_of(ua, received, &route))
        return;
    args.next_hop = route.routes.len ? sip_route_first(route.routes) : route.target;
    args.owner = SIP_OWNER_LEFT;
    if (sip_way_resolve(ua->stack, args.next_hop, &target, 1) == SIP_ENAME) {
        target.protocol = received->path.protocol;
        target.addr = received->path.remote;
        args.flow = received->flow;
        args.targets = &target;
        args.targets_count = 1;
    }
    len = write_unkept(ua, received, &route, SIP_ACK);
    args.request = sip_bytes(ua->stack->scratch, len > 0 ? (size_t)len : 0);
    if (len < 0 || sip_send_request(ua->stack, ua->stack->now, &args, NULL))
        return;
    len = write_unkept(ua, received, &route, SIP_BYE);
    args.request = sip_bytes(ua->stack->scratch, len > 0 ? (size_t)len : 0);
    if (len > 0)
        sip_client_start(ua->stack, ua->stack->now, &args, &client);
}

/* The 2xx of a fork or a cancelled INVITE: ACK and BYE (§13.2.2.4). */
static void take_stray(struct sip_ua *ua, struct sip_client client,
                       const struct sip_received *received)
{
    struct sip_dialog dialog = sip_dialog_find(ua->stack, received);
    bool known = dialog.id != 0;

    if (!known && sip_dialog_start_caller(ua->stack, received->message, received, &dialog)) {
        sip_client_give_back(ua->stack, client);
        sip_leave_unkept(ua, received);
        return;
    }
    sip_stack_unkeep(ua->stack,
                     sip_inside_ack(ua, dialog, received->head->cseq.number, NULL, &nothing));
    sip_client_settled(ua->stack, client);
    sip_client_give_back(ua->stack, client); /* the BYE takes over what the CANCEL did not need */
    if (!known)
        say_bye(ua, dialog, NULL);
}

/* --- what comes --- */

void sip_leave_response(struct sip_ua *ua, uint64_t owner, struct sip_client client,
                        const struct sip_received *received)
{
    struct sip_dialog dialog = {owner};
    struct sip_str none = {NULL, 0};
    uint16_t status = received->message->status;

    if (owner == SIP_OWNER_LEAVING || owner == SIP_OWNER_LEFT) {
        if (status < 200 && owner == SIP_OWNER_LEAVING)
            cancel(ua, client, none);
        else if (status / 100 == 2 && received->head->cseq.method == SIP_INVITE)
            take_stray(ua, client, received);
        return;
    }
    if (status < 200 ||
        ((status == 401 || status == 407) && answer_challenge(ua, dialog, client, received)))
        return;
    end_dialog(ua, dialog);
}

void sip_leave_failed(struct sip_ua *ua, uint64_t owner)
{
    struct sip_dialog dialog = {owner};

    if (owner != SIP_OWNER_LEAVING && owner != SIP_OWNER_LEFT)
        end_dialog(ua, dialog);
}

void sip_leave_request(struct sip_ua *ua, struct sip_dialog dialog,
                       const struct sip_received *received)
{
    struct sip_str none = {NULL, 0};
    struct sip_dialog_view view;

    if (received->message->method != SIP_BYE) {
        sip_answer_stateless(ua, received, 481, none);
        return;
    }
    sip_answer_stateless(ua, received, 200, none);
    if (!sip_dialog_look(ua->stack, dialog, &view) && !is_left(view.owner)) {
        sip_server_settled(ua->stack, sip_server_of(view.owner));
        end_dialog(ua, dialog);
    }
}
