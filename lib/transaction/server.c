/* Server transactions: keeping a request, answering it, repeating the answer. */
#include "base/memory.h"
#include "transaction/transaction.h"

struct transaction *sip_server_at(const struct sip_stack *stack, struct sip_server server)
{
    struct transaction *t = sip_stack_find(stack, SIP_KIND_TRANSACTION, server.id);

    return t && !sip_transaction_is_client(t) ? t : NULL;
}

const struct sip_path *sip_server_path(const struct sip_stack *stack, struct sip_server server)
{
    const struct transaction *t = sip_server_at(stack, server);

    return t ? &t->way.path : NULL;
}

static struct sip_str kept_of(const struct sip_stack *stack, const struct transaction *t)
{
    static const struct sip_str none = {NULL, 0};

    return t->kept ? sip_bytes(sip_buffers_at(&stack->buffers, t->kept), t->kept_len) : none;
}

/* --- sending --- */

/* §18.2.2: when the connection of the request is gone, the response goes over one to the address it
 * came from and the port of the topmost Via. */
static bool reconnect(struct sip_stack *stack, struct transaction *t)
{
    struct sip_target target = {t->way.path.protocol, t->way.path.remote};
    struct sip_way way;

    if (!t->way.flow.id || sip_stack_find(stack, SIP_KIND_FLOW, t->way.flow.id))
        return t->way.flow.id != 0;
    target.addr.port = t->sent_by_port;
    if (!target.addr.port || sip_way_open(stack, &target, &way))
        return false;
    t->way.flow = way.flow;
    return true;
}

void sip_server_send(struct sip_stack *stack, uint32_t index, struct sip_str response, bool again)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    if ((t->way.flow.id && !reconnect(stack, t)) ||
        sip_way_send(stack, &t->way, response, again) < 0)
        sip_transaction_lost(stack, index);
}

void sip_server_send_kept(struct sip_stack *stack, uint32_t index)
{
    const struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);

    if (t->kept)
        sip_server_send(stack, index, kept_of(stack, t), true);
    else if (t->state == PROCEEDING)
        sip_server_say_trying(stack, index);
}

void sip_server_forget(struct sip_stack *stack, struct transaction *t)
{
    sip_stack_unkeep(stack, t->kept);
    t->kept = t->kept_len = 0;
}

/* --- writing --- */

/* What a response copies from its request: written anew from the INVITE, or as it was kept. */
static int write_fixed(struct sip_stack *stack, const struct transaction *t, struct sip_writer *w,
                       struct sip_str tag)
{
    struct sip_str text = sip_transaction_text(stack, t);
    struct sip_received request = {0};
    struct sip_essentials head;
    struct sip_fault ignored;

    if (t->machine == OTHER_SERVER) {
        sip_write_lines(w, text);
        return 0;
    }
    if (sip_message_parse(&stack->own, text, SIP_DATAGRAM, &ignored) <= 0 ||
        sip_message_check(&stack->own, &head, &ignored))
        return SIP_ESTATE;
    request.message = &stack->own;
    request.head = &head;
    request.path = t->way.path; /* all of it that the Via names: `received`, and `rport` if asked */
    sip_reply_fixed(w, &request, tag);
    return 0;
}

/* Takes the Record-Route lines from `begin` on out again: they stand in responses that make a
 * dialog, and in no others (§20, table 2). */
static void drop_record_route(struct sip_writer *w, size_t begin)
{
    static const char name[] = "Record-Route:";
    size_t to = begin, line;

    if (w->error || w->used > w->size)
        return;
    for (size_t from = begin; from < w->used; from += line) {
        line = sip_start_line(sip_bytes(w->at + from, w->used - from));
        if (line >= sizeof name - 1 && !memcmp(w->at + from, name, sizeof name - 1))
            continue;
        memmove(w->at + to, w->at + from, line);
        to += line;
    }
    w->used = to;
}

/* The response in the stack's scratch: its length, SIP_ESIZE, or what the writer found. */
static long build(struct sip_stack *stack, const struct transaction *t,
                  const struct sip_reply *reply)
{
    struct sip_str tag = {t->of.server.tag, reply->status > 100 ? SIP_TAG_LEN : 0};
    struct sip_writer w;
    size_t begin;
    int error;

    sip_writer_init(&w, stack->scratch, stack->config.limits.message_max);
    sip_write_status_line(&w, reply->status, reply->reason);
    begin = w.used;
    error = write_fixed(stack, t, &w, tag);
    if (error)
        return error;
    if (reply->status == 100 || reply->status >= 300)
        drop_record_route(&w, begin);
    sip_write_lines(&w, reply->lines);
    sip_write_body(&w, reply->type, reply->body);
    return sip_writer_done(&w);
}

void sip_server_say_trying(struct sip_stack *stack, uint32_t index)
{
    struct transaction *t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    struct sip_reply trying = {0};
    long len;

    trying.status = 100;
    len = build(stack, t, &trying);
    if (len > 0)
        sip_server_send(stack, index, sip_bytes(stack->scratch, (size_t)len), false);
}

/* --- start --- */

static void make_tag(struct sip_stack *stack, struct transaction *t)
{
    uint64_t number = sip_stack_unique(stack);

    for (unsigned i = 0; i < SIP_TAG_LEN; i++)
        t->of.server.tag[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
}

#define BARE_MAX 128 /* status line and end of an answer without anything of the TU's */

/* An INVITE whole, in a large buffer that its final response can take over; else the fixed part.
 * What could never be answered for its size is SIP_ESIZE. */
static int keep_request(struct sip_stack *stack, struct transaction *t,
                        const struct sip_received *request)
{
    struct sip_str text = request->message->bytes;
    size_t max = stack->config.limits.message_max;
    struct sip_writer w;
    long len;

    sip_writer_init(&w, stack->scratch, max - BARE_MAX);
    sip_reply_fixed(&w, request, sip_bytes(t->of.server.tag, SIP_TAG_LEN));
    len = sip_writer_done(&w);
    if (len < 0)
        return (int)len;
    if (t->machine == INVITE_SERVER) {
        t->text = sip_stack_buffer(stack, text.len > max ? text.len : max, false);
        if (!t->text)
            return SIP_EFULL;
        memcpy(sip_buffers_at(&stack->buffers, t->text), text.at, text.len);
    } else {
        text = sip_bytes(stack->scratch, (size_t)len);
        t->text = sip_stack_buffer(stack, text.len + BARE_MAX, false); /* an answer fits, too */
        if (!t->text)
            return SIP_EFULL;
        memcpy(sip_buffers_at(&stack->buffers, t->text), text.at, text.len);
    }
    t->text_len = (uint32_t)text.len;
    return 0;
}

static uint16_t port_of(const struct sip_received *request)
{
    uint8_t protocol = request->path.protocol;
    uint16_t port = request->head->via.port;

    return port ? port : protocol == SIP_TLS || protocol == SIP_WSS ? 5061 : 5060;
}

int sip_server_start(struct sip_stack *stack, uint64_t now, const struct sip_received *request,
                     struct sip_server *server)
{
    const struct sip_message *message = request->message;
    struct transaction *t;
    uint32_t index;
    int error;

    server->id = 0;
    sip_stack_time(stack, now);
    if (message->status || message->method == SIP_ACK || message->method == SIP_CANCEL)
        return SIP_EMETHOD;
    if (sip_server_find(stack, request) != SIP_NO_SLOT)
        return SIP_ESTATE;
    t = sip_transaction_open(stack, message->method == SIP_INVITE ? INVITE_SERVER : OTHER_SERVER,
                             false, &index);
    if (!t)
        return SIP_EFULL;
    make_tag(stack, t);
    error = keep_request(stack, t, request);
    if (error) {
        sip_transaction_end(stack, index);
        return error;
    }
    sip_way_back(stack, request, &t->way);
    t->sent_by_port = port_of(request);
    sip_server_enter(stack, index, request);
    sip_transaction_enter(stack, index, t->machine == INVITE_SERVER ? PROCEEDING : TRYING);
    server->id = sip_stack_handle(stack, SIP_KIND_TRANSACTION, index);
    return 0;
}

/* --- answering --- */

static void keep_in(struct sip_stack *stack, struct transaction *t, uint32_t buffer,
                    struct sip_str response)
{
    memcpy(sip_buffers_at(&stack->buffers, buffer), response.at, response.len);
    if (t->kept != buffer)
        sip_stack_unkeep(stack, t->kept);
    t->kept = buffer;
    t->kept_len = (uint32_t)response.len;
}

static bool holds(const struct sip_stack *stack, uint32_t buffer, struct sip_str response)
{
    return buffer && sip_buffers_room(&stack->buffers, buffer) >= response.len;
}

/* Without a buffer a provisional response is sent all the same; a copy of the INVITE gets 100. */
static void keep_provisional(struct sip_stack *stack, struct transaction *t,
                             struct sip_str response)
{
    uint32_t buffer = t->kept;

    if (!holds(stack, buffer, response))
        buffer = sip_stack_buffer(stack, response.len, false);
    if (buffer)
        keep_in(stack, t, buffer, response);
    else
        sip_server_forget(stack, t);
}

/* A final response goes into the smallest buffer there is for it: the one of the provisional, a
 * small one, or that of the request, which is needed no more. */
static int keep_final(struct sip_stack *stack, struct transaction *t, struct sip_str response)
{
    uint32_t buffer = t->kept;

    if (!holds(stack, buffer, response))
        buffer = t->machine == INVITE_SERVER && response.len <= SIP_BUFFER_SMALL
                     ? sip_buffers_take_class(&stack->buffers, SIP_SMALL, false)
                     : 0;
    if (!buffer && holds(stack, t->text, response))
        buffer = t->text;
    if (!buffer)
        buffer = sip_stack_buffer(stack, response.len, false);
    if (!buffer)
        return SIP_EFULL;
    keep_in(stack, t, buffer, response);
    if (buffer != t->text)
        sip_stack_unkeep(stack, t->text);
    t->text = t->text_len = 0;
    return 0;
}

/* RFC 4320: to a non-INVITE no provisional response but 100, and that not before a client has
 * slowed down unless the transport is reliable; never 408. */
static int allowed(const struct transaction *t, uint16_t status)
{
    if (status < 100 || status > 699)
        return SIP_EINVAL;
    if (t->state != PROCEEDING && t->state != TRYING)
        return SIP_ESTATE;
    if (t->machine == INVITE_SERVER)
        return 0;
    if (status == 408 || (status > 100 && status < 200))
        return SIP_EINVAL;
    if (status == 100 && t->state == TRYING &&
        !sip_protocol_reliable((enum sip_protocol)t->way.path.protocol))
        return SIP_ESTATE;
    return 0;
}

int sip_server_reply(struct sip_stack *stack, uint64_t now, struct sip_server server,
                     const struct sip_reply *reply)
{
    struct transaction *t = sip_server_at(stack, server);
    uint16_t status = reply->status;
    struct cause cause = {NULL, {NULL, 0}};
    int error;
    long len;

    sip_stack_time(stack, now);
    if (!t)
        return SIP_EGONE;
    error = allowed(t, status);
    if (error)
        return error;
    len = build(stack, t, reply);
    if (len < 0)
        return (int)len;
    cause.said = sip_bytes(stack->scratch, (size_t)len);
    if (status >= 200)
        error = keep_final(stack, t, cause.said);
    else if (status > 100)
        keep_provisional(stack, t, cause.said);
    if (error)
        return error;
    if (t->state == PROCEEDING)
        t->again_at = SIP_NEVER; /* no 100 any more */
    sip_transaction_step(stack, sip_handle_index(server.id),
                         status < 200   ? SAY_1XX
                         : status < 300 ? SAY_2XX
                                        : SAY_300_699,
                         &cause);
    return 0;
}

int sip_server_repeat(struct sip_stack *stack, uint64_t now, struct sip_server server)
{
    struct transaction *t = sip_server_at(stack, server);

    sip_stack_time(stack, now);
    if (!t)
        return SIP_EGONE;
    if (!t->kept || (t->state != PROCEEDING && t->state != ACCEPTED))
        return SIP_ESTATE;
    sip_server_send_kept(stack, sip_handle_index(server.id));
    return 0;
}

void sip_server_settled(struct sip_stack *stack, struct sip_server server)
{
    struct transaction *t = sip_server_at(stack, server);

    if (!t || t->state != ACCEPTED)
        return;
    t->settled = true;
    t->again_at = SIP_NEVER;
    sip_server_forget(stack, t);
    sip_transaction_linger(stack, sip_handle_index(server.id));
    sip_transaction_wake(stack, sip_handle_index(server.id));
}

/* --- CANCEL --- */

/* 200 with the To tag of the INVITE's responses, and nothing kept: a copy of the CANCEL gets the
 * same (§9.2). */
static void answer_cancel(struct sip_stack *stack, const struct transaction *t,
                          const struct sip_received *cancel)
{
    static const struct sip_str none = {NULL, 0};
    struct sip_writer w;
    struct sip_way way;
    long len;

    sip_writer_init(&w, stack->scratch, stack->config.limits.message_max);
    sip_write_status_line(&w, 200, none);
    sip_reply_fixed(&w, cancel, sip_bytes(t->of.server.tag, SIP_TAG_LEN));
    sip_write_body(&w, none, none);
    len = sip_writer_done(&w);
    if (len <= 0)
        return;
    sip_way_back(stack, cancel, &way);
    sip_way_send(stack, &way, sip_bytes(stack->scratch, (size_t)len), false);
}

static void cancel_unmatched(struct sip_stack *stack, const struct sip_received *cancel)
{
    struct sip_reply gone = {0};

    if (stack->user->cancel) {
        stack->user->cancel(stack->user_data, stack, cancel);
        return;
    }
    gone.status = 481;
    sip_reply_once(stack, stack->now, cancel, &gone);
}

void sip_server_take_cancel(struct sip_stack *stack, const struct sip_received *cancel)
{
    const struct sip_user *user = stack->user;
    uint32_t index = sip_server_find(stack, cancel);
    struct sip_reply terminated = {0};
    struct sip_server invite;
    const struct transaction *t;

    if (index == SIP_NO_SLOT) {
        cancel_unmatched(stack, cancel);
        return;
    }
    t = sip_stack_at(stack, SIP_KIND_TRANSACTION, index);
    invite.id = sip_stack_handle(stack, SIP_KIND_TRANSACTION, index);
    answer_cancel(stack, t, cancel);
    if (t->machine != INVITE_SERVER || t->state != PROCEEDING)
        return;
    if (user->cancelled) {
        user->cancelled(stack->user_data, stack, invite, cancel);
        return;
    }
    terminated.status = 487;
    sip_server_reply(stack, stack->now, invite, &terminated);
}

/* --- queries --- */

struct sip_str sip_server_tag(const struct sip_stack *stack, struct sip_server server)
{
    static const struct sip_str none = {NULL, 0};
    const struct transaction *t = sip_server_at(stack, server);

    return t ? sip_bytes(t->of.server.tag, SIP_TAG_LEN) : none;
}

struct sip_str sip_server_request(const struct sip_stack *stack, struct sip_server server)
{
    static const struct sip_str none = {NULL, 0};
    const struct transaction *t = sip_server_at(stack, server);

    return t && t->machine == INVITE_SERVER ? sip_transaction_text(stack, t) : none;
}

struct sip_str sip_server_response(const struct sip_stack *stack, struct sip_server server)
{
    static const struct sip_str none = {NULL, 0};
    const struct transaction *t = sip_server_at(stack, server);

    return t ? kept_of(stack, t) : none;
}

int sip_server_own(struct sip_stack *stack, struct sip_server server, uint64_t owner)
{
    struct transaction *t = sip_server_at(stack, server);

    if (!t)
        return SIP_EGONE;
    t->of.server.owner = owner;
    return 0;
}

uint64_t sip_server_owner(const struct sip_stack *stack, struct sip_server server)
{
    const struct transaction *t = sip_server_at(stack, server);

    return t ? t->of.server.owner : 0;
}
