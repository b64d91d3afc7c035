#include "transport/flow.h"
#include "base/memory.h"
#include "transport/receive.h"

/* An idle flow holds no buffer: `inbox` while a message has begun and is not complete, `outbox`
 * while the host does not take all, or the connection is not up. */
enum flow_state { CONNECTING, UP };

struct flow {
    struct sip_slot slot;
    struct sip_path path;
    struct sip_framer framer;
    enum flow_state state;
    uint32_t inbox, inbox_len;
    uint32_t outbox, outbox_len;
};

_Static_assert(sizeof(struct flow) <= SIP_SIZE_FLOW, "SIP_SIZE_FLOW");

static const char *const state_name[] = {"connecting", "up"};

static struct flow *find(const struct sip_stack *stack, struct sip_flow flow)
{
    return sip_stack_find(stack, SIP_KIND_FLOW, flow.id);
}

static uint64_t key_of(const struct sip_stack *stack, const struct sip_path *path)
{
    struct sip_str pieces[] = {sip_bytes(&path->protocol, sizeof path->protocol),
                               sip_bytes(path->remote.bytes, sizeof path->remote.bytes),
                               sip_bytes(&path->remote.port, sizeof path->remote.port)};

    return sip_stack_hash(stack, pieces, sizeof pieces / sizeof *pieces);
}

static struct flow *make(struct sip_stack *stack, const struct sip_path *path, bool opened,
                         struct sip_flow *handle)
{
    uint32_t index;
    struct flow *flow = sip_stack_take(stack, SIP_KIND_FLOW, &index, false);

    if (!flow)
        return NULL;
    flow->path = *path;
    flow->framer.message_max = stack->config.limits.message_max;
    flow->framer.opened = opened;
    flow->state = opened ? CONNECTING : UP;
    sip_slots_enter(&stack->pools[SIP_KIND_FLOW], index, key_of(stack, path));
    handle->id = sip_stack_handle(stack, SIP_KIND_FLOW, index);
    sip_stack_trace_state(stack, "flow", handle->id, "none", state_name[flow->state]);
    return flow;
}

static long write_out(struct sip_stack *stack, struct sip_flow flow, struct sip_str bytes)
{
    const struct sip_transport *wire = &stack->config.transport;
    bool busy = sip_stack_outside(stack);
    long taken = wire->write(wire->host, flow, bytes);

    stack->busy = busy;
    return taken;
}

static int connect_to(struct sip_stack *stack, struct sip_flow flow, const struct sip_path *path)
{
    const struct sip_transport *wire = &stack->config.transport;
    struct sip_str no_name = {NULL, 0};
    bool busy = sip_stack_outside(stack);
    int error = wire->connect(wire->host, flow, path, no_name);

    stack->busy = busy;
    return error;
}

static void close_out(struct sip_stack *stack, struct sip_flow flow)
{
    const struct sip_transport *wire = &stack->config.transport;
    bool busy = sip_stack_outside(stack);

    wire->close(wire->host, flow);
    stack->busy = busy;
}

/* Ends a flow and wakes what it concerns; tells the host to close it unless the host told us. */
static void end(struct sip_stack *stack, struct sip_flow handle, bool close)
{
    struct flow *flow = find(stack, handle);
    struct sip_path path = flow->path;

    sip_stack_trace_state(stack, "flow", handle.id, state_name[flow->state], "closed");
    sip_stack_unkeep(stack, flow->inbox);
    sip_stack_unkeep(stack, flow->outbox);
    sip_stack_free(stack, SIP_KIND_FLOW, sip_handle_index(handle.id));
    if (close)
        close_out(stack, handle);
    if (stack->upper)
        stack->upper->lost(stack, handle, &path);
}

int sip_flow_to(struct sip_stack *stack, const struct sip_path *path, struct sip_flow *handle)
{
    struct sip_slots *pool = &stack->pools[SIP_KIND_FLOW];
    uint32_t index = sip_slots_first(pool, key_of(stack, path));

    for (; index != SIP_NO_SLOT; index = sip_slots_next(pool, index)) {
        struct flow *flow = sip_slots_at(pool, index);

        if (flow->path.protocol == path->protocol &&
            sip_addr_equal(&flow->path.remote, &path->remote)) {
            handle->id = sip_stack_handle(stack, SIP_KIND_FLOW, index);
            return 0;
        }
    }
    if (!make(stack, path, true, handle))
        return SIP_EFULL;
    if (connect_to(stack, *handle, path) < 0) {
        sip_stack_free(stack, SIP_KIND_FLOW, sip_handle_index(handle->id));
        handle->id = 0;
        return SIP_ESYSTEM;
    }
    return 0;
}

const struct sip_path *sip_flow_path(const struct sip_stack *stack, struct sip_flow handle)
{
    const struct flow *flow = find(stack, handle);

    return flow ? &flow->path : NULL;
}

/* --- out --- */

/* Keeps bytes for later; a message that does not fit whole is none at all. */
static bool queue(struct sip_stack *stack, struct flow *flow, struct sip_str bytes)
{
    if (!flow->outbox)
        flow->outbox = sip_buffers_take_class(&stack->buffers, SIP_LARGE, false);
    if (!flow->outbox)
        return false;
    if (bytes.len > sip_buffers_room(&stack->buffers, flow->outbox) - flow->outbox_len)
        return false;
    memcpy(sip_buffers_at(&stack->buffers, flow->outbox) + flow->outbox_len, bytes.at, bytes.len);
    flow->outbox_len += (uint32_t)bytes.len;
    return true;
}

int sip_flow_write(struct sip_stack *stack, struct sip_flow handle, struct sip_str message)
{
    struct flow *flow = find(stack, handle);
    long taken = 0;

    if (!flow)
        return SIP_EGONE;
    if (flow->state == UP && !flow->outbox)
        taken = write_out(stack, handle, message);
    if (taken >= 0 && (size_t)taken >= message.len)
        return 0;
    if (taken >= 0 &&
        queue(stack, flow, sip_bytes(message.at + taken, message.len - (size_t)taken)))
        return 0;
    if (taken >= 0)
        sip_stack_trace_limit(stack, "bytes waiting on a stream");
    end(stack, handle, true); /* never half a message (lib/README.md, "What is full") */
    return SIP_EGONE;
}

static void flush(struct sip_stack *stack, struct sip_flow handle)
{
    struct flow *flow = find(stack, handle);
    char *waiting;
    long taken;

    if (!flow || flow->state != UP || !flow->outbox)
        return;
    waiting = sip_buffers_at(&stack->buffers, flow->outbox);
    taken = write_out(stack, handle, sip_bytes(waiting, flow->outbox_len));
    if (taken < 0) {
        end(stack, handle, true);
        return;
    }
    if ((size_t)taken >= flow->outbox_len) {
        sip_stack_unkeep(stack, flow->outbox);
        flow->outbox = flow->outbox_len = 0;
        return;
    }
    flow->outbox_len -= (uint32_t)taken;
    memmove(waiting, waiting + taken, flow->outbox_len);
}

/* --- in --- */

/* Keeps the begin of a message until the rest comes. The buffer it was in before, if any, is
 * `inbox`; bytes may lie in it. */
static bool keep(struct sip_stack *stack, struct flow *flow, struct sip_str rest, uint32_t inbox)
{
    size_t wanted = flow->framer.need > rest.len ? flow->framer.need : rest.len + 1;

    if (wanted > stack->config.limits.message_max)
        wanted = stack->config.limits.message_max;
    if (wanted < rest.len)
        wanted = rest.len;
    if (inbox && sip_buffers_room(&stack->buffers, inbox) >= wanted) {
        memmove(sip_buffers_at(&stack->buffers, inbox), rest.at, rest.len);
        flow->inbox = inbox;
    } else {
        flow->inbox = sip_stack_buffer(stack, wanted, false);
        if (flow->inbox)
            memcpy(sip_buffers_at(&stack->buffers, flow->inbox), rest.at, rest.len);
        sip_stack_unkeep(stack, inbox);
    }
    flow->inbox_len = (uint32_t)rest.len;
    return flow->inbox != 0;
}

/* Takes one message or keep-alive off `*bytes`. False when the flow is over or more must come. */
static bool take_frame(struct sip_stack *stack, struct sip_flow handle, struct sip_str *bytes)
{
    struct flow *flow = find(stack, handle);
    struct sip_arrival arrival = {0};
    struct sip_framed frame;
    enum sip_frame kind;

    if (!flow || bytes->len == 0)
        return false;
    kind = sip_framer_next(&flow->framer, *bytes, &frame);
    bytes->at += frame.consumed;
    bytes->len -= frame.consumed;
    switch (kind) {
    case SIP_FRAME_INCOMPLETE:
        return false;
    case SIP_FRAME_MESSAGE:
    case SIP_FRAME_TOO_LONG:
        arrival.path = flow->path;
        arrival.flow = handle;
        arrival.too_long = kind == SIP_FRAME_TOO_LONG;
        sip_receive(stack, &arrival, frame.message);
        return true;
    case SIP_FRAME_PING:
        sip_flow_write(stack, handle, sip_str("\r\n"));
        return true;
    case SIP_FRAME_PONG:
        return true;
    case SIP_FRAME_BROKEN:
        sip_stack_trace_refused(stack, &flow->path, *bytes, &frame.fault);
        stack->counters.dropped++;
        end(stack, handle, true);
        return false;
    }
    return false;
}

/* Frames what came, and keeps what is left of it: in events the host may end the flow, so that it
 * is looked up again after each message. `inbox` holds the bytes, or is 0 when the host does. */
static void frame(struct sip_stack *stack, struct sip_flow handle, struct sip_str bytes,
                  uint32_t inbox)
{
    struct flow *flow;

    while (take_frame(stack, handle, &bytes))
        ;
    flow = find(stack, handle);
    if (flow && bytes.len) {
        if (!keep(stack, flow, bytes, inbox))
            end(stack, handle, true);
        return;
    }
    sip_stack_unkeep(stack, inbox);
}

/* Adds to the message that has begun as much as the inbox holds. */
static void append(struct sip_stack *stack, struct sip_flow handle, struct sip_str *bytes)
{
    struct flow *flow = find(stack, handle);
    uint32_t inbox = flow->inbox, len = flow->inbox_len;
    size_t room = sip_buffers_room(&stack->buffers, inbox) - len;
    size_t some = bytes->len < room ? bytes->len : room;
    char *at = sip_buffers_at(&stack->buffers, inbox);

    memcpy(at + len, bytes->at, some);
    bytes->at += some;
    bytes->len -= some;
    flow->inbox = flow->inbox_len = 0;
    frame(stack, handle, sip_bytes(at, len + some), inbox);
}

/* --- reports --- */

int sip_stack_accepted(struct sip_stack *stack, uint64_t now, const struct sip_path *path,
                       struct sip_flow *flow)
{
    struct flow *made;

    flow->id = 0;
    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    made = make(stack, path, false, flow);
    sip_stack_leave(stack);
    return made ? 0 : SIP_EFULL;
}

int sip_stack_connected(struct sip_stack *stack, uint64_t now, struct sip_flow handle,
                        const struct sip_addr *local)
{
    struct flow *flow;
    (void)local; /* Via and Contact name the address on which we listen, from transport.local */

    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    flow = find(stack, handle);
    if (flow && flow->state == CONNECTING) {
        flow->state = UP;
        sip_stack_trace_state(stack, "flow", handle.id, "connecting", "up");
        flush(stack, handle);
    }
    sip_stack_leave(stack);
    return flow ? 0 : SIP_EGONE;
}

int sip_stack_bytes(struct sip_stack *stack, uint64_t now, struct sip_flow handle,
                    struct sip_str bytes)
{
    struct flow *flow;

    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    flow = find(stack, handle);
    if (!flow) {
        sip_stack_leave(stack);
        return SIP_EGONE;
    }
    while (flow && flow->inbox && bytes.len) {
        if (flow->inbox_len >= sip_buffers_room(&stack->buffers, flow->inbox)) {
            end(stack, handle, true); /* longer than any message may be */
            break;
        }
        append(stack, handle, &bytes);
        flow = find(stack, handle);
    }
    flow = find(stack, handle);
    if (flow && bytes.len)
        frame(stack, handle, bytes, 0);
    sip_stack_leave(stack);
    return 0;
}

int sip_stack_writable(struct sip_stack *stack, uint64_t now, struct sip_flow handle)
{
    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    flush(stack, handle);
    sip_stack_leave(stack);
    return 0;
}

int sip_stack_closed(struct sip_stack *stack, uint64_t now, struct sip_flow handle)
{
    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    if (find(stack, handle))
        end(stack, handle, false);
    sip_stack_leave(stack);
    return 0;
}

int sip_flow_close(struct sip_stack *stack, uint64_t now, struct sip_flow handle)
{
    sip_stack_time(stack, now);
    if (!find(stack, handle))
        return SIP_EGONE;
    end(stack, handle, true);
    return 0;
}
