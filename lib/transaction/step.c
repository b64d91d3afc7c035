/* One step along an arrow of the tables, and the clock that makes steps. */
#include "base/memory.h"
#include "transaction/transaction.h"

static struct transaction *at(const struct sip_stack *stack, uint32_t index)
{
    return sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
}

struct transaction *sip_transaction_open(struct sip_stack *stack, enum machine machine,
                                         bool reserved, uint32_t *index)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];
    struct transaction *t;

    if (sip_slots_spare(pool) == 0 && !(reserved && pool->reserved > 0))
        sip_transaction_yield(stack, false);
    t = sip_stack_take(stack, SIP_KIND_TRANSACTION, index, reserved);
    if (!t)
        return NULL;
    t->machine = (uint8_t)machine;
    t->again_at = t->end_at = SIP_NEVER;
    return t;
}

void sip_transaction_end(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = at(stack, index);

    if (t->state != TERMINATED)
        sip_stack_trace_state(stack, sip_machine_name(t->machine),
                              sip_stack_handle(stack, SIP_KIND_TRANSACTION, index),
                              sip_machine_state(t->state), sip_machine_state(TERMINATED));
    if (sip_transaction_is_client(t))
        sip_target_free(stack, t->of.client.targets);
    if (t->aside)
        sip_stack_give_back(stack);
    sip_transaction_linger_no_more(stack, index);
    sip_stack_unkeep(stack, t->text);
    sip_stack_unkeep(stack, t->kept);
    sip_stack_free(stack, SIP_KIND_TRANSACTION, index);
}

/* --- time --- */

/* How long Timer E takes to reach T2 (RFC 4320 §4.1): 3.5 s with the defaults. */
static uint64_t until_t2(const struct sip_timers *timers)
{
    uint64_t span = timers->t1_ms, at_ms = span;

    while (2 * span < timers->t2_ms) {
        span *= 2;
        at_ms += span;
    }
    return at_ms;
}

static uint64_t span_ms(const struct sip_stack *stack, enum span span)
{
    const struct sip_timers *timers = &stack->config.timers;
    uint64_t t1_64 = 64 * (uint64_t)timers->t1_ms;

    switch (span) {
    case NOT:
    case KEPT:
        break;
    case T1:
    case T1_U:
        return timers->t1_ms;
    case T4_U:
        return timers->t4_ms;
    case T1_64:
    case T1_64_U:
        return t1_64;
    case D_32S_U:
        return t1_64 > 32000 ? t1_64 : 32000; /* §17.1.1.2: at least 32 s, whatever our T1 is */
    case MS_200:
        return 200;
    case E_TO_T2:
        return until_t2(timers);
    }
    return 0;
}

static bool only_unreliable(enum span span)
{
    return span == T1_U || span == T4_U || span == T1_64_U || span == D_32S_U;
}

void sip_transaction_wake(struct sip_stack *stack, uint32_t index)
{
    const struct transaction *t = at(stack, index);
    uint64_t when = t->again_at < t->end_at ? t->again_at : t->end_at;

    sip_stack_wake(stack, SIP_KIND_TRANSACTION, index, t->lost ? stack->now : when);
}

/* When a timer fires that starts now; `unneeded` where a reliable transport needs none. */
static uint64_t due_at(const struct sip_stack *stack, const struct transaction *t, enum span span,
                       uint64_t unneeded)
{
    if (span == NOT)
        return SIP_NEVER;
    if (only_unreliable(span) && sip_protocol_reliable((enum sip_protocol)t->way.path.protocol))
        return unneeded;
    return stack->now + span_ms(stack, span);
}

void sip_transaction_enter(struct sip_stack *stack, uint32_t index, enum state state)
{
    struct transaction *t = at(stack, index);
    const struct waits *waits = sip_machine_waits(t->machine, state);

    sip_stack_trace_state(stack, sip_machine_name(t->machine),
                          sip_stack_handle(stack, SIP_KIND_TRANSACTION, index),
                          sip_machine_state(t->state), sip_machine_state(state));
    t->state = (uint8_t)state;
    if (waits->again_span != KEPT) {
        t->again_ms = (uint32_t)span_ms(stack, waits->again_span);
        t->again_at = due_at(stack, t, waits->again_span, SIP_NEVER);
    }
    if (waits->end_span != KEPT)
        t->end_at = due_at(stack, t, waits->end_span, stack->now);
    sip_transaction_linger(stack, index);
    sip_transaction_wake(stack, index);
}

/* The repeating timer has fired: when does it fire next? Counted from when it was due, so that the
 * times stay those of the RFC however late the host ticks. */
static void pace(struct sip_stack *stack, struct transaction *t, unsigned does)
{
    uint32_t t2_ms = stack->config.timers.t2_ms;

    if (!(does & (DOUBLE | DOUBLE_T2 | HOLD_T2))) {
        t->again_at = SIP_NEVER;
        return;
    }
    t->again_ms = does & HOLD_T2 ? t2_ms : 2 * t->again_ms;
    if ((does & DOUBLE_T2) && t->again_ms > t2_ms)
        t->again_ms = t2_ms;
    t->again_at += t->again_ms;
    if (t->again_at <= stack->now)
        t->again_at = stack->now + t->again_ms;
}

void sip_transaction_lost(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = at(stack, index);

    t->lost = true;
    sip_transaction_wake(stack, index);
}

static enum event take_due(struct sip_stack *stack, struct transaction *t)
{
    const struct waits *waits = sip_machine_waits(t->machine, t->state);

    if (t->lost) {
        t->lost = false;
        return NET_ERROR;
    }
    if (t->end_at <= stack->now) {
        t->end_at = SIP_NEVER;
        return waits->end;
    }
    return t->again_at <= stack->now ? waits->again : NOTHING;
}

void sip_transaction_fire(struct sip_stack *stack, uint32_t index)
{
    static const struct cause nothing = {NULL, {NULL, 0}};
    struct transaction *t = at(stack, index);
    enum event due = take_due(stack, t);

    if (due == NOTHING) {
        sip_transaction_wake(stack, index);
        return;
    }
    sip_stack_trace_timer(stack, sip_machine_name(t->machine),
                          sip_stack_handle(stack, SIP_KIND_TRANSACTION, index),
                          sip_machine_event(due));
    if (!sip_transaction_step(stack, index, due, &nothing))
        sip_transaction_wake(stack, index);
}

/* --- telling --- */

static void tell_client(struct sip_stack *stack, uint64_t id, unsigned does,
                        const struct sip_received *received)
{
    const struct sip_user *user = stack->user;
    const struct transaction *t = sip_stack_find(stack, SIP_KIND_TRANSACTION, id);
    struct sip_client client = {id};
    uint64_t owner = t->of.client.owner;

    if ((does & TELL) && user->response)
        user->response(stack->user_data, stack, client, owner, received);
    if ((does & TIMEOUT) && user->failed)
        user->failed(stack->user_data, stack, client, owner, 408, "timeout");
    if ((does & FAILURE) && user->failed)
        user->failed(stack->user_data, stack, client, owner, 503,
                     t->unnamed ? "no resolver" : "transport error");
}

static void tell_server(struct sip_stack *stack, uint64_t id, unsigned does,
                        const struct sip_received *received)
{
    const struct sip_user *user = stack->user;
    const struct transaction *t = sip_stack_find(stack, SIP_KIND_TRANSACTION, id);
    struct sip_server server = {id};

    if ((does & TELL) && user->ack)
        user->ack(stack->user_data, stack, received);
    if ((does & UNACKED) && !t->settled && user->unacknowledged)
        user->unacknowledged(stack->user_data, stack, server, t->of.server.owner);
}

/* The last act of a step. The TU may have ended this transaction meanwhile, or anything else. */
static void tell(struct sip_stack *stack, uint32_t index, unsigned does,
                 const struct sip_received *received)
{
    uint64_t id = sip_stack_handle(stack, SIP_KIND_TRANSACTION, index);
    struct transaction *t = at(stack, index);
    bool client = sip_transaction_is_client(t);

    if (client && t->state >= ACCEPTED)
        t->told = true;
    if (client && !t->muted)
        tell_client(stack, id, does, received);
    else if (!client)
        tell_server(stack, id, does, received);
    t = sip_stack_find(stack, SIP_KIND_TRANSACTION, id);
    if (!t)
        return;
    if (t->state == TERMINATED)
        sip_transaction_end(stack, index);
    else if (client && t->told)
        sip_client_release(stack, index, received);
}

/* --- the step --- */

static void act(struct sip_stack *stack, uint32_t index, unsigned does, const struct cause *cause)
{
    if (does & SEND)
        sip_client_send(stack, index, true);
    if (does & ACK)
        sip_client_acknowledge(stack, index, cause->received);
    if (does & REPLY)
        sip_server_send(stack, index, cause->said, false);
    if (does & REPEAT)
        sip_server_send_kept(stack, index);
    if (does & SAY_TRYING)
        sip_server_say_trying(stack, index);
    if (does & FORGET)
        sip_server_forget(stack, at(stack, index));
}

bool sip_transaction_step(struct sip_stack *stack, uint32_t index, enum event event,
                          const struct cause *cause)
{
    struct transaction *t = at(stack, index);
    const struct waits *waits = sip_machine_waits(t->machine, t->state);
    const struct arrow *arrow = sip_machine_arrow(t->machine, t->state, event);

    if (arrow->to == NOWHERE)
        return false;
    if ((arrow->does & NEXT) && sip_client_next(stack, index))
        return true;
    if (event == waits->again)
        pace(stack, t, arrow->does);
    act(stack, index, arrow->does, cause);
    if (arrow->to != t->state)
        sip_transaction_enter(stack, index, arrow->to);
    else
        sip_transaction_wake(stack, index);
    tell(stack, index, arrow->does, cause->received);
    return true;
}
