/* Client transactions: sending a request, its retransmissions, the next target, the ACK. */
#include "base/memory.h"
#include "transaction/transaction.h"

struct transaction *sip_client_at(const struct sip_stack *stack, struct sip_client client)
{
    struct transaction *t = sip_stack_find(stack, SIP_KIND_TRANSACTION, client.id);

    return t && sip_transaction_is_client(t) ? t : NULL;
}

struct sip_str sip_transaction_text(const struct sip_stack *stack, const struct transaction *t)
{
    static const struct sip_str none = {NULL, 0};

    return t->text ? sip_bytes(sip_buffers_at(&stack->buffers, t->text), t->text_len) : none;
}

void sip_client_send(struct sip_stack *stack, uint32_t index, bool again)
{
    const struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    if (sip_way_send(stack, &t->way, sip_transaction_text(stack, t), again) < 0)
        sip_transaction_lost(stack, index);
}

static enum state first_state(const struct transaction *t)
{
    return t->machine == INVITE_CLIENT ? CALLING : TRYING;
}

/* --- the text and its Via --- */

/* Copies the request with `via` in the place of `out_len` bytes behind its start line. The request
 * may be the very text that is kept: then what follows moves first. */
static int place(struct sip_stack *stack, struct transaction *t, struct sip_str request,
                 struct sip_str via, bool reserved)
{
    size_t line = sip_start_line(request), out_len = t->of.client.via_len;
    size_t len = request.len - out_len + via.len;
    uint32_t old = t->text;
    char *at;

    if (len > stack->config.limits.message_max)
        return SIP_ESIZE;
    if (!old || sip_buffers_room(&stack->buffers, old) < len) {
        uint32_t buffer = sip_stack_buffer(stack, len, reserved);

        if (!buffer)
            return SIP_EFULL;
        t->text = buffer;
    }
    at = sip_buffers_at(&stack->buffers, t->text);
    memmove(at + line + via.len, request.at + line + out_len, request.len - line - out_len);
    memmove(at, request.at, line);
    if (via.len)
        memcpy(at + line, via.at, via.len);
    if (old != t->text)
        sip_stack_unkeep(stack, old);
    t->text_len = (uint32_t)len;
    t->of.client.via_len = (uint32_t)via.len;
    return 0;
}

/* A new branch and with it a new transaction, as far as the peer can tell. */
static int stamp(struct sip_stack *stack, uint32_t index, struct sip_str request, bool reserved)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    uint64_t branch = sip_stack_unique(stack);
    char line[SIP_VIA_MAX];
    struct sip_str via = sip_via_line(stack, &t->way, branch, line);
    int error = place(stack, t, request, via, reserved);

    if (error)
        return error;
    t->of.client.branch = branch;
    sip_client_enter(stack, index);
    return 0;
}

/* --- start --- */

/* A request that may have a transaction, parsed into the stack's `own`. */
static int read_request(struct sip_stack *stack, struct sip_str request)
{
    const struct sip_message *own = &stack->own;
    struct sip_fault ignored;

    if (sip_message_parse(&stack->own, request, SIP_DATAGRAM, &ignored) <= 0 || own->status)
        return SIP_EBAD;
    return own->method == SIP_ACK || own->method == SIP_CANCEL ? SIP_EMETHOD : 0;
}

/* Takes slot and buffer; all or nothing, what was set aside included. */
static int open_with(struct sip_stack *stack, const struct sip_client_args *args,
                     const struct transaction *model, uint32_t *index)
{
    struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];
    uint32_t reserved = pool->reserved;
    struct transaction *t = sip_transaction_open(stack, model->machine, args->reserved, index);
    int error;

    if (!t)
        return SIP_EFULL;
    t->way = model->way;
    t->method = model->method;
    t->unnamed = model->unnamed;
    t->of.client.owner = args->owner;
    error = stamp(stack, *index, stack->own.bytes, args->reserved);
    if (error) {
        sip_transaction_end(stack, *index);
        sip_slots_reserve(pool, reserved - pool->reserved);
    }
    return error;
}

int sip_client_start(struct sip_stack *stack, uint64_t now, const struct sip_client_args *args,
                     struct sip_client *client)
{
    const struct sip_message *request = &stack->own;
    struct transaction model = {0}, *t;
    uint64_t rest;
    uint32_t index;
    int unreached, error;

    client->id = 0;
    sip_stack_time(stack, now);
    error = read_request(stack, args->request);
    if (error)
        return error;
    unreached = sip_target_first(stack, args, request, &model.way, &rest);
    if (unreached == SIP_EURI)
        return SIP_EURI;
    model.machine = request->method == SIP_INVITE ? INVITE_CLIENT : OTHER_CLIENT;
    model.method = sip_method_hash(stack, request->method_name);
    model.unnamed = unreached == SIP_ENAME;
    error = open_with(stack, args, &model, &index);
    if (error) {
        sip_target_free(stack, rest);
        return error;
    }
    t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    t->of.client.targets = rest;
    client->id = sip_stack_handle(stack, SIP_KIND_TRANSACTION, index);
    sip_transaction_enter(stack, index, first_state(t));
    if (unreached)
        sip_transaction_lost(stack, index);
    else
        sip_client_send(stack, index, false);
    return 0;
}

/* --- the next target (RFC 3263 §4.3) --- */

/* Sends the same request with a new branch on the way that is now the transaction's. */
static void begin_again(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    t->lost = false;
    sip_transaction_enter(stack, index, first_state(t));
    if (stamp(stack, index, sip_transaction_text(stack, t), false))
        sip_transaction_lost(stack, index);
    else
        sip_client_send(stack, index, false);
}

bool sip_client_next(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    if (!sip_target_next(stack, t->of.client.targets, &t->way))
        return false;
    begin_again(stack, index);
    return true;
}

/* The branch that a 503 ended waits in a slot of its own, to ACK copies of that 503; when no slot
 * is free they remain unanswered. */
static void leave_behind(struct sip_stack *stack, const struct transaction *t, struct sip_str ack)
{
    struct transaction *old;
    uint32_t index;

    if (sip_slots_spare(&stack->pools[SIP_KIND_TRANSACTION]) == 0)
        return;
    old = sip_transaction_open(stack, INVITE_CLIENT, false, &index);
    old->way = t->way;
    old->method = t->method;
    old->muted = old->told = true;
    old->of.client.branch = t->of.client.branch;
    old->kept = sip_buffers_take_class(&stack->buffers, SIP_SMALL, false);
    if (!old->kept || ack.len > SIP_BUFFER_SMALL) {
        sip_transaction_end(stack, index);
        return;
    }
    memcpy(sip_buffers_at(&stack->buffers, old->kept), ack.at, ack.len);
    old->kept_len = (uint32_t)ack.len;
    sip_client_enter(stack, index);
    sip_transaction_enter(stack, index, COMPLETED);
}

bool sip_client_divert(struct sip_stack *stack, uint32_t index, const struct sip_received *response)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    struct sip_way way;

    if (t->state >= ACCEPTED || t->cancelled || !sip_target_next(stack, t->of.client.targets, &way))
        return false;
    if (t->machine == INVITE_CLIENT) {
        struct sip_str ack = sip_client_ack(stack, t, response);

        if (ack.len && sip_way_send(stack, &t->way, ack, false) >= 0)
            leave_behind(stack, t, ack);
    }
    t->way = way;
    begin_again(stack, index);
    return true;
}

/* --- the end --- */

static void keep_ack(struct sip_stack *stack, struct transaction *t, struct sip_str ack)
{
    memcpy(sip_buffers_at(&stack->buffers, t->kept), ack.at, ack.len);
    t->kept_len = (uint32_t)ack.len;
}

void sip_client_acknowledge(struct sip_stack *stack, uint32_t index,
                            const struct sip_received *response)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    bool again = t->kept != 0;
    struct sip_str ack;

    if (again) {
        ack = sip_bytes(sip_buffers_at(&stack->buffers, t->kept), t->kept_len);
    } else {
        ack = sip_client_ack(stack, t, response);
        if (!ack.len)
            return;
        if (ack.len <= SIP_BUFFER_SMALL &&
            !sip_protocol_reliable((enum sip_protocol)t->way.path.protocol))
            t->kept = sip_buffers_take_class(&stack->buffers, SIP_SMALL, false);
        if (t->kept)
            keep_ack(stack, t, ack);
    }
    if (sip_way_send(stack, &t->way, ack, again) < 0)
        sip_transaction_lost(stack, index);
}

void sip_client_release(struct sip_stack *stack, uint32_t index,
                        const struct sip_received *response)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    struct sip_client client = {sip_stack_handle(stack, SIP_KIND_TRANSACTION, index)};
    struct sip_str ack = {NULL, 0};

    sip_client_give_back(stack, client);
    sip_target_free(stack, t->of.client.targets);
    t->of.client.targets = 0;
    if (!t->text)
        return;
    if (t->machine == INVITE_CLIENT && t->state == COMPLETED && !t->kept && t->end_at > stack->now)
        ack = sip_client_ack(stack, t, response);
    if (ack.len && ack.len <= sip_buffers_room(&stack->buffers, t->text)) {
        t->kept = t->text; /* no small one was free */
        keep_ack(stack, t, ack);
    } else {
        sip_stack_unkeep(stack, t->text);
    }
    t->text = t->text_len = 0;
    sip_transaction_linger(stack, index);
}

void sip_client_abandon(struct sip_stack *stack, uint64_t now, struct sip_client client)
{
    sip_stack_time(stack, now);
    if (sip_client_at(stack, client))
        sip_transaction_end(stack, sip_handle_index(client.id));
}

void sip_client_set_aside(struct sip_stack *stack, struct sip_client client)
{
    struct transaction *t = sip_client_at(stack, client);

    if (!t || t->aside || t->state >= ACCEPTED)
        sip_stack_give_back(stack);
    else
        t->aside = true;
}

void sip_client_give_back(struct sip_stack *stack, struct sip_client client)
{
    struct transaction *t = sip_client_at(stack, client);

    if (!t || !t->aside)
        return;
    t->aside = false;
    sip_stack_give_back(stack);
}

void sip_client_limit(struct sip_stack *stack, struct sip_client client)
{
    struct transaction *t = sip_client_at(stack, client);

    if (!t || t->machine != INVITE_CLIENT || t->state != PROCEEDING || t->end_at != SIP_NEVER)
        return;
    t->end_at = stack->now + 64 * (uint64_t)stack->config.timers.t1_ms;
    sip_transaction_wake(stack, sip_handle_index(client.id));
}

void sip_client_settled(struct sip_stack *stack, struct sip_client client)
{
    struct transaction *t = sip_client_at(stack, client);

    if (!t)
        return;
    t->settled = true;
    sip_transaction_linger(stack, sip_handle_index(client.id));
}

int sip_client_own(struct sip_stack *stack, struct sip_client client, uint64_t owner)
{
    struct transaction *t = sip_client_at(stack, client);

    if (!t)
        return SIP_EGONE;
    t->of.client.owner = owner;
    return 0;
}

/* --- queries --- */

struct sip_str sip_client_request(const struct sip_stack *stack, struct sip_client client)
{
    static const struct sip_str none = {NULL, 0};
    const struct transaction *t = sip_client_at(stack, client);

    return t ? sip_transaction_text(stack, t) : none;
}

const struct sip_path *sip_client_path(const struct sip_stack *stack, struct sip_client client)
{
    const struct transaction *t = sip_client_at(stack, client);

    return t ? &t->way.path : NULL;
}

struct sip_flow sip_client_flow(const struct sip_stack *stack, struct sip_client client)
{
    static const struct sip_flow none = {0};
    const struct transaction *t = sip_client_at(stack, client);

    return t ? t->way.flow : none;
}
