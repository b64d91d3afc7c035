/* Which transaction does a message belong to? (RFC 3261 §17.1.3, §17.2.3, §8.2.2.2) */
#include "base/bytes.h"
#include "base/memory.h"
#include "transaction/transaction.h"

#define COOKIE     "z9hG4bK"
#define COOKIE_LEN 7
#define HOST_MAX   255

/* Equality of two 64-bit keyed hashes counts as equality of what was hashed: who does not know the
 * key finds no two texts with the same hash, and chance needs 2^32 transactions at once. */

uint32_t sip_method_hash(const struct sip_stack *stack, struct sip_str method)
{
    return (uint32_t)sip_stack_hash(stack, &method, 1);
}

static struct sip_slots *pool_of(struct sip_stack *stack)
{
    return &stack->pools[SIP_KIND_TRANSACTION];
}

/* --- clients --- */

static uint64_t client_key(const struct sip_stack *stack, uint64_t branch, uint32_t method)
{
    struct sip_str pieces[] = {sip_bytes(&branch, sizeof branch),
                               sip_bytes(&method, sizeof method)};

    return sip_stack_hash(stack, pieces, 2);
}

void sip_client_enter(struct sip_stack *stack, uint32_t index)
{
    const struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    sip_slots_enter(pool_of(stack), index, client_key(stack, t->of.client.branch, t->method));
}

#define PORT_DEFAULT 5060

/* §18.1.2: the sent-by of the topmost Via must be what we wrote there. */
static bool is_sent_by_us(const struct transaction *t, const struct sip_via *via)
{
    const struct sip_addr *local = &t->way.path.local;
    struct sip_addr named;

    return !sip_addr_parse(&named, via->host) && named.family == local->family &&
           !memcmp(named.bytes, local->bytes, named.family == SIP_IPV4 ? 4 : 16) &&
           (via->port ? via->port : PORT_DEFAULT) == (local->port ? local->port : PORT_DEFAULT);
}

/* §17.1.3: the branch is ours, and the method tells an INVITE from its CANCEL. */
static uint32_t find_client(const struct sip_stack *stack, const struct sip_received *response)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];
    uint64_t branch = sip_way_branch(response->head->via.branch);
    uint32_t method = sip_method_hash(stack, response->head->cseq.method_name);
    uint32_t index;

    if (!branch)
        return SIP_NO_SLOT;
    index = sip_slots_first(pool, client_key(stack, branch, method));
    for (; index != SIP_NO_SLOT; index = sip_slots_next(pool, index)) {
        const struct transaction *t = sip_slots_at(pool, index);

        if (sip_transaction_is_client(t) && t->of.client.branch == branch &&
            t->method == method && is_sent_by_us(t, &response->head->via))
            return index;
    }
    return SIP_NO_SLOT;
}

/* --- servers: all copies of a request share From tag, Call-ID and CSeq number, and so do its ACK
 * and its CANCEL. Under that key stand merged requests (§8.2.2.2) too; what §17.2.3 compares beyond
 * it is the identity. --- */

static uint64_t server_key(const struct sip_stack *stack, const struct sip_essentials *head)
{
    struct sip_str pieces[] = {head->from.tag, head->call_id,
                               sip_bytes(&head->cseq.number, sizeof head->cseq.number)};

    return sip_stack_hash(stack, pieces, 3);
}

static bool has_cookie(const struct sip_via *via)
{
    return via->branch.len > COOKIE_LEN && !memcmp(via->branch.at, COOKIE, COOKIE_LEN);
}

static struct sip_str lowered(struct sip_str host, char out[HOST_MAX])
{
    if (host.len > HOST_MAX) /* no host name is that long (RFC 1035 §2.3.4) */
        return host;
    for (size_t i = 0; i < host.len; i++)
        out[i] = (char)sip_lower(host.at[i]);
    return sip_bytes(out, host.len);
}

/* Branch and sent-by; without the cookie of RFC 3261, the named exception for clients of RFC 2543:
 * Request-URI, To tag and the whole topmost Via. */
static uint64_t identity_of(const struct sip_stack *stack, const struct sip_received *request,
                            struct sip_str to_tag)
{
    const struct sip_via *via = &request->head->via;
    char host[HOST_MAX];
    struct sip_str pieces[] = {via->branch,
                               lowered(via->host, host),
                               sip_bytes(&via->port, sizeof via->port),
                               request->message->uri,
                               to_tag,
                               via->transport,
                               via->params};

    return sip_stack_hash(stack, pieces, has_cookie(via) ? 3 : 7);
}

void sip_server_enter(struct sip_stack *stack, uint32_t index, const struct sip_received *request)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    t->method = sip_method_hash(stack, request->message->method_name);
    t->of.server.identity = identity_of(stack, request, request->head->to.tag);
    sip_slots_enter(pool_of(stack), index, server_key(stack, request->head));
}

/* An ACK of RFC 2543 carries the To tag of our response, which its INVITE did not have. */
static bool acknowledges(const struct sip_stack *stack, const struct transaction *t,
                         const struct sip_received *ack)
{
    static const struct sip_str none = {NULL, 0};

    return ack->message->method == SIP_ACK && !has_cookie(&ack->head->via) &&
           sip_str_equal(ack->head->to.tag, sip_bytes(t->of.server.tag, SIP_TAG_LEN)) &&
           t->of.server.identity == identity_of(stack, ack, none);
}

/* `method` 0: any. */
static uint32_t find_server(const struct sip_stack *stack, const struct sip_received *request,
                            uint32_t method)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];
    uint64_t identity = identity_of(stack, request, request->head->to.tag);
    uint32_t index = sip_slots_first(pool, server_key(stack, request->head));

    for (; index != SIP_NO_SLOT; index = sip_slots_next(pool, index)) {
        const struct transaction *t = sip_slots_at(pool, index);

        if (sip_transaction_is_client(t) || (method && t->method != method))
            continue;
        if (t->of.server.identity == identity || acknowledges(stack, t, request))
            return index;
    }
    return SIP_NO_SLOT;
}

uint32_t sip_server_find(const struct sip_stack *stack, const struct sip_received *request)
{
    switch (request->message->method) {
    case SIP_ACK:
        return find_server(stack, request, sip_method_hash(stack, sip_str("INVITE")));
    case SIP_CANCEL: /* §9.2: as if its method were anything but CANCEL and ACK */
        return find_server(stack, request, 0);
    default:
        return find_server(stack, request, sip_method_hash(stack, request->message->method_name));
    }
}

bool sip_server_merged(const struct sip_stack *stack, const struct sip_received *request)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];
    uint32_t method = sip_method_hash(stack, request->message->method_name);
    uint64_t identity = identity_of(stack, request, request->head->to.tag);
    uint32_t index;

    if (request->head->to.tag.len)
        return false;
    index = sip_slots_first(pool, server_key(stack, request->head));
    for (; index != SIP_NO_SLOT; index = sip_slots_next(pool, index)) {
        const struct transaction *t = sip_slots_at(pool, index);

        if (!sip_transaction_is_client(t) && t->method == method &&
            t->of.server.identity != identity)
            return true;
    }
    return false;
}

/* --- what comes from below --- */

static void take_new(struct sip_stack *stack, const struct sip_received *request)
{
    const struct sip_user *user = stack->user;
    struct sip_reply reply = {0};

    if (request->message->method == SIP_ACK) {
        if (user->ack)
            user->ack(stack->user_data, stack, request);
        return;
    }
    if (user->request) {
        user->request(stack->user_data, stack, request);
        return;
    }
    reply.status = 501;
    sip_reply_once(stack, stack->now, request, &reply);
}

static void take_request(struct sip_stack *stack, const struct sip_received *request)
{
    struct cause cause = {request, {NULL, 0}};
    bool ack = request->message->method == SIP_ACK;
    const struct transaction *t;
    uint32_t index;

    if (request->message->method == SIP_CANCEL) {
        sip_server_take_cancel(stack, request);
        return;
    }
    index = sip_server_find(stack, request);
    if (index == SIP_NO_SLOT) {
        take_new(stack, request);
        return;
    }
    t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    if (!ack || t->state != ACCEPTED)
        stack->counters.absorbed++;
    sip_transaction_step(stack, index, ack ? GOT_ACK : GOT_REQUEST, &cause);
}

/* A user agent's requests have one Via, and so have the responses to them (§8.1.3.3). */
static bool is_misrouted(const struct sip_stack *stack, const struct sip_message *response)
{
    struct sip_values vias;
    struct sip_str via;

    if (stack->user->forwards)
        return false;
    sip_values_begin(&vias, response, SIP_HEADER_VIA);
    sip_values_next(&vias, &via);
    return sip_values_next(&vias, &via);
}

static void take_response(struct sip_stack *stack, const struct sip_received *response)
{
    struct cause cause = {response, {NULL, 0}};
    uint16_t status = response->message->status;
    uint32_t index = find_client(stack, response);
    enum event event = status < 200 ? GOT_1XX : status < 300 ? GOT_2XX : GOT_300_699;

    if (index == SIP_NO_SLOT) {
        if (stack->user->stray)
            stack->user->stray(stack->user_data, stack, response);
        else
            stack->counters.dropped++;
        return;
    }
    if (is_misrouted(stack, response->message)) {
        stack->counters.dropped++;
        return;
    }
    if (status == 503 && sip_client_divert(stack, index, response))
        return;
    if (!sip_transaction_step(stack, index, event, &cause))
        stack->counters.absorbed++;
}

/* A stream is gone: for all that still wait on it. Datagrams do not arrive: for requests that
 * nobody has answered yet (§18.4; such a report is easily forged). */
static void take_lost(struct sip_stack *stack, struct sip_flow flow, const struct sip_path *path)
{
    const struct sip_slots *pool = &stack->pools[SIP_KIND_TRANSACTION];

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct transaction *t = sip_slots_at(pool, i);

        if (t->slot.generation % 2 == 0 || !sip_transaction_is_client(t) || t->state >= ACCEPTED ||
            t->way.flow.id != flow.id)
            continue;
        if (flow.id || (t->state != PROCEEDING && t->way.path.protocol == path->protocol &&
                        sip_addr_equal(&t->way.path.remote, &path->remote)))
            sip_transaction_lost(stack, i);
    }
}

static const struct sip_upper upper = {take_request, take_response, take_lost,
                                       sip_transaction_yield};

int sip_transactions_join(struct sip_stack *stack, const struct sip_user *table, void *user)
{
    if (!table)
        return SIP_EINVAL;
    if (stack->upper)
        return SIP_ESTATE;
    stack->user = table;
    stack->user_data = user;
    stack->upper = &upper;
    stack->fire[SIP_KIND_TRANSACTION] = sip_transaction_fire;
    return 0;
}
