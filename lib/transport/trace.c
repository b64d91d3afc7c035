/* What the layers tell the tracer, if there is one. */
#include "base/memory.h"
#include "transport/stack.h"

static void tell(struct sip_stack *stack, struct sip_trace *trace)
{
    bool busy = sip_stack_outside(stack);

    trace->now = stack->now;
    stack->config.tracer.trace(stack->config.tracer.host, trace);
    stack->busy = busy;
}

void sip_stack_trace_message(struct sip_stack *stack, enum sip_trace_kind kind,
                             const struct sip_path *path, struct sip_str bytes)
{
    struct sip_trace trace = {0};

    if (!stack->config.tracer.trace)
        return;
    trace.kind = kind;
    trace.local = &path->local;
    trace.remote = &path->remote;
    trace.protocol = path->protocol;
    trace.bytes = sip_trace_mask(bytes, stack->masked, stack->config.limits.message_max);
    tell(stack, &trace);
}

void sip_stack_trace_refused(struct sip_stack *stack, const struct sip_path *path,
                             struct sip_str bytes, const struct sip_fault *fault)
{
    struct sip_trace trace = {0};

    stack->refusals[fault->reason]++;
    if (!stack->config.tracer.trace)
        return;
    trace.kind = SIP_TRACE_REFUSED;
    trace.local = &path->local;
    trace.remote = &path->remote;
    trace.protocol = path->protocol;
    trace.bytes = sip_trace_mask(bytes, stack->masked, stack->config.limits.message_max);
    trace.fault = fault;
    tell(stack, &trace);
}

void sip_stack_trace_state(struct sip_stack *stack, const char *what, uint64_t id,
                           const char *from, const char *to)
{
    struct sip_trace trace = {0};

    if (!stack->config.tracer.trace)
        return;
    trace.kind = SIP_TRACE_STATE;
    trace.what = what;
    trace.id = id;
    trace.from = from;
    trace.to = to;
    tell(stack, &trace);
}

void sip_stack_trace_timer(struct sip_stack *stack, const char *what, uint64_t id,
                           const char *letter)
{
    struct sip_trace trace = {0};

    if (!stack->config.tracer.trace)
        return;
    trace.kind = SIP_TRACE_TIMER;
    trace.what = what;
    trace.id = id;
    trace.name = letter;
    tell(stack, &trace);
}

void sip_stack_trace_limit(struct sip_stack *stack, const char *name)
{
    struct sip_trace trace = {0};

    if (!stack->config.tracer.trace)
        return;
    trace.kind = SIP_TRACE_LIMIT;
    trace.name = name;
    tell(stack, &trace);
}
