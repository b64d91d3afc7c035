/* When no slot is free: which of the transactions that only wait for repeats is missed least? */
#include "transaction/transaction.h"

/* The order in which they are given up, 0 = never. A client that has its answer misses nothing (K),
 * or lets a peer repeat one (D); a server would take a copy of a request for a new one (J), an ACK for
 * a stray one (I); after a 2xx a fork or a late copy of the INVITE is caught (M, L), which is only
 * given up when its ACK was sent or came. */
static unsigned rank(const struct transaction *t)
{
    if (t->state == COMPLETED && t->machine == OTHER_CLIENT)
        return 1;
    if (t->state == COMPLETED && t->machine == INVITE_CLIENT)
        return 2;
    if (t->state == COMPLETED && t->machine == OTHER_SERVER)
        return 3;
    if (t->state == CONFIRMED)
        return 4;
    if (t->state == ACCEPTED && t->settled)
        return t->machine == INVITE_CLIENT ? 5 : 6;
    return 0;
}

static bool sooner(const struct transaction *t, const struct transaction *best)
{
    unsigned mine = rank(t), theirs = rank(best);

    return mine < theirs || (mine == theirs && t->end_at < best->end_at);
}

bool sip_transaction_yield(struct sip_stack *stack)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];
    const struct transaction *best = NULL;
    uint32_t chosen = 0;

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct transaction *t = sip_slots_at(pool, i);

        if (t->slot.generation % 2 == 0 || rank(t) == 0 || (best && !sooner(t, best)))
            continue;
        best = t;
        chosen = i;
    }
    if (!best)
        return false;
    sip_transaction_end(stack, chosen);
    return true;
}
