/* When no slot is free: which of the transactions that only wait for repeats is missed least? */
#include "transaction/transaction.h"

/* The order in which they are given up, 0 = never. A client that has its answer misses nothing (K),
 * or lets a peer repeat one (D); a server would take a copy of a request for a new one (J), an ACK
 * for a stray one (I); after a 2xx a fork or a late copy of the INVITE is caught (M, L), which is
 * only given up when its ACK was sent or came. */
enum { STAYS, WAITS_K, WAITS_D, WAITS_J, WAITS_I, WAITS_M, WAITS_L, RANKS };

static uint8_t rank(const struct transaction *t)
{
    if (sip_transaction_is_client(t) && t->text)
        return STAYS; /* the TU is being told, and reads the request */
    if (t->state == COMPLETED && t->machine == OTHER_CLIENT)
        return WAITS_K;
    if (t->state == COMPLETED && t->machine == INVITE_CLIENT)
        return WAITS_D;
    if (t->state == COMPLETED && t->machine == OTHER_SERVER)
        return WAITS_J;
    if (t->state == CONFIRMED)
        return WAITS_I;
    if (t->state == ACCEPTED && t->settled)
        return t->machine == INVITE_CLIENT ? WAITS_M : WAITS_L;
    return STAYS;
}

/* A list per rank, the oldest first, so that a full pool costs a flood of requests no search. Links
 * are 1 + index, 0 at the ends. */
static uint32_t *link_of(struct sip_stack *stack, uint32_t link, bool forward, uint8_t list)
{
    struct transaction *t;

    if (!link)
        return forward ? &stack->linger_first[list] : &stack->linger_last[list];
    t = sip_stack_at(stack, SIP_KIND_TRANSACTION, link - 1);
    return forward ? &t->linger_next : &t->linger_prev;
}

void sip_transaction_linger_no_more(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    if (!t->lingers)
        return;
    *link_of(stack, t->linger_prev, true, t->lingers) = t->linger_next;
    *link_of(stack, t->linger_next, false, t->lingers) = t->linger_prev;
    t->lingers = STAYS;
}

void sip_transaction_linger(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    uint8_t list = rank(t);

    if (list == t->lingers)
        return;
    sip_transaction_linger_no_more(stack, index);
    if (list == STAYS)
        return;
    t->lingers = list;
    t->linger_next = 0;
    t->linger_prev = stack->linger_last[list];
    *link_of(stack, t->linger_prev, true, list) = index + 1;
    stack->linger_last[list] = index + 1;
}

/* Buffers are held by those that repeat an ACK (D) or a response (J). */
bool sip_transaction_yield(struct sip_stack *stack, bool buffer)
{
    for (uint8_t list = WAITS_K; list < RANKS; list++) {
        if (buffer && list != WAITS_D && list != WAITS_J)
            continue;
        if (stack->linger_first[list]) {
            sip_transaction_end(stack, stack->linger_first[list] - 1);
            return true;
        }
    }
    return false;
}
