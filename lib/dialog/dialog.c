#include "dialog/dialog.h"
#include "message/lenient.h"
#include "base/memory.h"

static const char *const state_name[] = {"early", "confirmed"};

struct dialog *sip_dialog_at(const struct sip_stack *stack, struct sip_dialog dialog)
{
    return sip_stack_find(stack, SIP_KIND_DIALOG, dialog.id);
}

static uint64_t key_of(const struct sip_stack *stack, const struct sip_dialog_name *name)
{
    struct sip_str pieces[] = {name->call_id, name->local_tag, name->remote_tag};

    return sip_stack_hash(stack, pieces, 3);
}

/* --- start --- */

/* The URI of the first Contact, which has to be a SIP or SIPS URI (§8.1.1.8); false without one. */
static bool contact_of(const struct sip_message *message, struct sip_str *target)
{
    struct sip_address contact;
    struct sip_values contacts;
    struct sip_str value;
    struct sip_uri uri;

    sip_values_begin(&contacts, message, SIP_HEADER_CONTACT);
    if (!sip_values_next(&contacts, &value) || sip_address_in(message, value, &contact) ||
        sip_uri_again(&uri, contact.uri) ||
        (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS))
        return false;
    *target = contact.uri;
    return true;
}

bool sip_dialog_target(const struct sip_received *peer, struct sip_str *target)
{
    struct sip_str from = peer->head->from.uri;
    struct sip_uri uri;

    if (contact_of(peer->message, target))
        return true;
    if (peer->message->method != SIP_INVITE || !(peer->head->tolerated & SIP_TOLERATE_OLD_BRANCH) ||
        sip_message_value(peer->message, SIP_HEADER_CONTACT).at || sip_uri_again(&uri, from) ||
        (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS))
        return false;
    *target = from;
    return true;
}

/* A slot with the texts of `names` and the way that `peer` shows, or an error and no slot. */
static int make(struct sip_stack *stack, const struct sip_str names[TARGET], bool caller,
                const struct sip_received *peer, struct sip_dialog *dialog)
{
    struct sip_dialog_name name = {names[CALL_ID], names[LOCAL_TAG], names[REMOTE_TAG]};
    struct sip_str target;
    struct dialog *d;
    uint32_t index;
    int error;

    if (!sip_dialog_target(peer, &target))
        return SIP_EBAD;
    d = sip_stack_take(stack, SIP_KIND_DIALOG, &index, false);
    if (!d)
        return SIP_EFULL;
    d->caller = caller;
    error = sip_dialog_set_names(stack, d, names);
    if (!error)
        error = sip_dialog_set_way(stack, d, &target, peer->message);
    if (error) {
        sip_stack_unkeep(stack, d->buffer);
        sip_stack_free(stack, SIP_KIND_DIALOG, index);
        return error;
    }
    d->path = peer->path;
    d->flow = peer->flow;
    sip_slots_enter(&stack->pools[SIP_KIND_DIALOG], index, key_of(stack, &name));
    dialog->id = sip_stack_handle(stack, SIP_KIND_DIALOG, index);
    return 0;
}

static void become(struct sip_stack *stack, struct sip_dialog dialog, enum sip_dialog_state state,
                   const char *from)
{
    sip_dialog_at(stack, dialog)->state = (uint8_t)state;
    sip_stack_trace_state(stack, "dialog", dialog.id, from, state_name[state]);
}

int sip_dialog_start_caller(struct sip_stack *stack, const struct sip_message *request,
                            const struct sip_received *response, struct sip_dialog *dialog)
{
    uint16_t status = response->message->status;
    struct sip_str names[TARGET];
    struct sip_address from, to;
    struct sip_fault ignored;
    struct sip_cseq cseq;
    int error;

    dialog->id = 0;
    if (sip_address_in(request, sip_message_value(request, SIP_HEADER_FROM), &from) ||
        sip_address_in(request, sip_message_value(request, SIP_HEADER_TO), &to) ||
        sip_cseq_parse(&cseq, sip_message_value(request, SIP_HEADER_CSEQ), &ignored))
        return SIP_EBAD;
    if (status <= 100 || status > 299)
        return SIP_EBAD;
    if (status < 200 && !response->head->to.tag.len) /* §12.1; a 2xx of RFC 2543 may have none */
        return SIP_EBAD;
    names[CALL_ID] = sip_message_value(request, SIP_HEADER_CALL_ID);
    names[LOCAL_TAG] = from.tag;
    names[REMOTE_TAG] = response->head->to.tag;
    names[LOCAL_URI] = from.uri;
    names[REMOTE_URI] = to.uri;
    error = make(stack, names, true, response, dialog);
    if (error)
        return error;
    sip_dialog_at(stack, *dialog)->local_cseq = cseq.number;
    become(stack, *dialog, status < 200 ? SIP_DIALOG_EARLY : SIP_DIALOG_CONFIRMED, "none");
    return 0;
}

int sip_dialog_start_callee(struct sip_stack *stack, const struct sip_received *request,
                            struct sip_str local_tag, struct sip_dialog *dialog)
{
    const struct sip_essentials *head = request->head;
    struct sip_str names[TARGET];
    int error;

    names[CALL_ID] = head->call_id;
    names[LOCAL_TAG] = local_tag;
    names[REMOTE_TAG] = head->from.tag; /* none from a peer of RFC 2543 */
    names[LOCAL_URI] = head->to.uri;
    names[REMOTE_URI] = head->from.uri;
    dialog->id = 0;
    error = make(stack, names, false, request, dialog);
    if (error)
        return error;
    sip_dialog_at(stack, *dialog)->remote_cseq = head->cseq.number;
    become(stack, *dialog, SIP_DIALOG_EARLY, "none");
    return 0;
}

void sip_dialog_end(struct sip_stack *stack, struct sip_dialog dialog)
{
    struct dialog *d = sip_dialog_at(stack, dialog);

    if (!d)
        return;
    sip_stack_trace_state(stack, "dialog", dialog.id, state_name[d->state], "over");
    sip_stack_unkeep(stack, d->buffer);
    sip_stack_free(stack, SIP_KIND_DIALOG, sip_handle_index(dialog.id));
}

/* --- finding --- */

struct sip_dialog sip_dialog_named(const struct sip_stack *stack,
                                   const struct sip_dialog_name *name)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_DIALOG];
    uint32_t index = sip_slots_first(pool, key_of(stack, name));
    struct sip_dialog found = {0};

    for (; index != SIP_NO_SLOT; index = sip_slots_next(pool, index)) {
        const struct dialog *d = sip_slots_at(pool, index);

        if (sip_str_equal(sip_dialog_text(stack, d, CALL_ID), name->call_id) &&
            sip_str_equal(sip_dialog_text(stack, d, LOCAL_TAG), name->local_tag) &&
            sip_str_equal(sip_dialog_text(stack, d, REMOTE_TAG), name->remote_tag)) {
            found.id = sip_stack_handle(stack, SIP_KIND_DIALOG, index);
            break;
        }
    }
    return found;
}

/* Ours is the From tag of a response and the To tag of a request (§12). */
struct sip_dialog sip_dialog_find(const struct sip_stack *stack,
                                  const struct sip_received *received)
{
    const struct sip_essentials *head = received->head;
    bool response = received->message->status != 0;
    struct sip_dialog_name name = {
        head->call_id,
        response ? head->from.tag : head->to.tag,
        response ? head->to.tag : head->from.tag,
    };

    return sip_dialog_named(stack, &name);
}

int sip_dialog_look(const struct sip_stack *stack, struct sip_dialog dialog,
                    struct sip_dialog_view *view)
{
    const struct dialog *d = sip_dialog_at(stack, dialog);

    if (!d)
        return SIP_EGONE;
    view->state = (enum sip_dialog_state)d->state;
    view->caller = d->caller;
    view->call_id = sip_dialog_text(stack, d, CALL_ID);
    view->local_uri = sip_dialog_text(stack, d, LOCAL_URI);
    view->local_tag = sip_dialog_text(stack, d, LOCAL_TAG);
    view->remote_uri = sip_dialog_text(stack, d, REMOTE_URI);
    view->remote_tag = sip_dialog_text(stack, d, REMOTE_TAG);
    view->target = sip_dialog_text(stack, d, TARGET);
    view->routes = sip_dialog_text(stack, d, ROUTES);
    view->local_cseq = d->local_cseq;
    view->remote_cseq = d->remote_cseq;
    view->path = d->path;
    view->flow = d->flow;
    view->owner = d->owner;
    return 0;
}

int sip_dialog_own(struct sip_stack *stack, struct sip_dialog dialog, uint64_t owner)
{
    struct dialog *d = sip_dialog_at(stack, dialog);

    if (!d)
        return SIP_EGONE;
    d->owner = owner;
    return 0;
}

/* --- what messages change --- */

int sip_dialog_confirm(struct sip_stack *stack, struct sip_dialog dialog,
                       const struct sip_received *response)
{
    struct dialog *d = sip_dialog_at(stack, dialog);
    struct sip_str target;
    bool contact;

    if (!d)
        return SIP_EGONE;
    if (d->state != SIP_DIALOG_CONFIRMED)
        become(stack, dialog, SIP_DIALOG_CONFIRMED, state_name[d->state]);
    if (!response)
        return 0;
    d->path = response->path;
    d->flow = response->flow;
    contact = contact_of(response->message, &target);
    return sip_dialog_set_way(stack, d, contact ? &target : NULL, response->message);
}

int sip_dialog_take(struct sip_stack *stack, struct sip_dialog dialog,
                    const struct sip_received *request)
{
    struct dialog *d = sip_dialog_at(stack, dialog);
    uint32_t number = request->head->cseq.number;

    if (!d)
        return SIP_EGONE;
    if (number < d->remote_cseq)
        return SIP_ESTATE;
    d->remote_cseq = number;
    d->path = request->path;
    d->flow = request->flow;
    return 0;
}

int sip_dialog_refresh(struct sip_stack *stack, struct sip_dialog dialog,
                       const struct sip_received *received)
{
    struct dialog *d = sip_dialog_at(stack, dialog);
    struct sip_str target;
    int error = 0;

    if (!d)
        return SIP_EGONE;
    if (contact_of(received->message, &target))
        error = sip_dialog_set_way(stack, d, &target, NULL);
    if (error)
        return error;
    d->path = received->path;
    d->flow = received->flow;
    return 0;
}

/* --- requests --- */

/* The next number; the first is chosen anywhere below 2^15 (§8.1.1.5). */
static uint32_t next_cseq(struct sip_stack *stack, struct dialog *d)
{
    if (d->local_cseq == 0 || d->local_cseq >= SIP_CSEQ_MAX)
        d->local_cseq = (uint32_t)sip_stack_unique(stack) & 0x7fff;
    return ++d->local_cseq;
}

uint32_t sip_dialog_next_cseq(struct sip_stack *stack, struct sip_dialog dialog)
{
    struct dialog *d = sip_dialog_at(stack, dialog);

    return d ? next_cseq(stack, d) : 0;
}

static void write_party(struct sip_writer *w, enum sip_header id, struct sip_str uri,
                        struct sip_str tag)
{
    sip_write_begin(w, id);
    sip_write_text(w, "<");
    sip_write_piece(w, uri);
    sip_write_text(w, ">");
    if (tag.len) { /* §12.2.1.1: a null tag is left out */
        sip_write_text(w, ";tag=");
        sip_write_piece(w, tag);
    }
    sip_write_end(w);
}

int sip_dialog_write(struct sip_stack *stack, struct sip_dialog dialog, struct sip_writer *w,
                     struct sip_str method, uint32_t cseq)
{
    struct dialog *d = sip_dialog_at(stack, dialog);
    enum sip_method id = sip_method_of(method);
    struct route route;

    if (!d)
        return SIP_EGONE;
    if (id != SIP_ACK && id != SIP_CANCEL)
        cseq = next_cseq(stack, d);
    route.target = sip_dialog_text(stack, d, TARGET);
    route.routes = sip_dialog_text(stack, d, ROUTES);
    sip_route_write(w, method, &route);
    sip_write_number(w, SIP_HEADER_MAX_FORWARDS, 70);
    write_party(w, SIP_HEADER_FROM, sip_dialog_text(stack, d, LOCAL_URI),
                sip_dialog_text(stack, d, LOCAL_TAG));
    write_party(w, SIP_HEADER_TO, sip_dialog_text(stack, d, REMOTE_URI),
                sip_dialog_text(stack, d, REMOTE_TAG));
    sip_write_header(w, SIP_HEADER_CALL_ID, sip_dialog_text(stack, d, CALL_ID));
    sip_write_cseq(w, cseq, method);
    return 0;
}

struct sip_str sip_dialog_next_hop(const struct sip_stack *stack, struct sip_dialog dialog)
{
    const struct dialog *d = sip_dialog_at(stack, dialog);
    struct sip_str none = {NULL, 0}, routes;

    if (!d)
        return none;
    routes = sip_dialog_text(stack, d, ROUTES);
    return routes.len ? sip_route_first(routes) : sip_dialog_text(stack, d, TARGET);
}
