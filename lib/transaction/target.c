/* Where a request goes (RFC 3261 §8.1.2), and the targets left for fail-over (RFC 3263 §4.3). */
#include "base/memory.h"
#include "transaction/transaction.h"
#include "transport/flow.h"

struct targets {
    struct sip_slot slot;
    uint8_t count;
    uint8_t next;
    struct sip_target at[SIP_TARGETS_MAX];
};

_Static_assert(sizeof(struct targets) <= SIP_SIZE_RESOLVING, "SIP_SIZE_RESOLVING");

static struct targets *find(const struct sip_stack *stack, uint64_t handle)
{
    return sip_stack_find(stack, SIP_KIND_RESOLVING, handle);
}

/* Keeps targets for later; 0 when there are none or no slot is free: then only the first is
 * used. */
static uint64_t keep(struct sip_stack *stack, const struct sip_target *targets, size_t count)
{
    struct targets *kept;
    uint32_t index;

    if (count > SIP_TARGETS_MAX)
        count = SIP_TARGETS_MAX;
    if (count == 0)
        return 0;
    kept = sip_stack_take(stack, SIP_KIND_RESOLVING, &index, false);
    if (!kept)
        return 0;
    kept->count = (uint8_t)count;
    memcpy(kept->at, targets, count * sizeof *targets);
    return sip_stack_handle(stack, SIP_KIND_RESOLVING, index);
}

void sip_target_free(struct sip_stack *stack, uint64_t rest)
{
    if (find(stack, rest))
        sip_stack_free(stack, SIP_KIND_RESOLVING, sip_handle_index(rest));
}

bool sip_target_next(struct sip_stack *stack, uint64_t rest, struct sip_way *way)
{
    struct targets *kept = find(stack, rest);

    while (kept && kept->next < kept->count)
        if (!sip_way_open(stack, &kept->at[kept->next++], way))
            return true;
    return false;
}

/* The URI that says where: the topmost Route, else the Request-URI (§8.1.2). */
static struct sip_str hop_of(const struct sip_client_args *args, const struct sip_message *request)
{
    struct sip_address route;
    struct sip_fault ignored;
    struct sip_values routes;
    struct sip_str value;

    if (args->next_hop.len)
        return args->next_hop;
    sip_values_begin(&routes, request, SIP_HEADER_ROUTE);
    if (sip_values_next(&routes, &value) && !sip_address_parse(&route, value, &ignored))
        return route.uri;
    return request->uri;
}

static int way_of_flow(struct sip_stack *stack, struct sip_flow flow, struct sip_way *way)
{
    const struct sip_path *path = sip_flow_path(stack, flow);

    if (!path)
        return SIP_ESYSTEM;
    way->path = *path;
    way->flow = flow;
    if (way->path.local.family == SIP_FAMILY_NONE &&
        sip_stack_local(stack, &way->path, &way->path.local) < 0)
        return SIP_ESYSTEM;
    return 0;
}

int sip_target_first(struct sip_stack *stack, const struct sip_client_args *args,
                     const struct sip_message *request, struct sip_way *way, uint64_t *rest)
{
    struct sip_target resolved[SIP_TARGETS_MAX];
    const struct sip_target *targets = args->targets;
    size_t count = args->targets_count;
    int found;

    *rest = 0;
    memset(way, 0, sizeof *way);
    if (args->flow.id) {
        *rest = keep(stack, targets, count);
        return way_of_flow(stack, args->flow, way);
    }
    if (count == 0) {
        found = sip_way_resolve_for(stack, hop_of(args, request), request->uri, resolved,
                                    SIP_TARGETS_MAX);
        if (found <= 0)
            return found < 0 ? found : SIP_ENAME;
        targets = resolved;
        count = (size_t)found;
    }
    *rest = keep(stack, targets + 1, count - 1);
    return sip_way_open(stack, &targets[0], way) ? SIP_ESYSTEM : 0;
}
