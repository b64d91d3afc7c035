/* Messages made from a request that was sent: its Via, its ACK, its CANCEL. */
#include "base/memory.h"
#include "transaction/transaction.h"

struct sip_str sip_via_line(struct sip_stack *stack, const struct sip_way *way, uint64_t branch,
                            char out[SIP_VIA_MAX])
{
    static const struct sip_str none = {NULL, 0};
    struct sip_writer w;
    long len;

    sip_writer_init(&w, out, SIP_VIA_MAX);
    sip_way_via(stack, way, branch, &w);
    len = sip_writer_done(&w);
    return len < 0 ? none : sip_bytes(out, (size_t)len);
}

size_t sip_start_line(struct sip_str message)
{
    const char *end = memchr(message.at, '\n', message.len);

    return end ? (size_t)(end - message.at) + 1 : message.len;
}

/* The request as it was sent, parsed into the stack's `own`. */
static const struct sip_message *parsed(struct sip_stack *stack, const struct transaction *t)
{
    struct sip_fault ignored;
    struct sip_str text = sip_transaction_text(stack, t);

    if (!text.len || sip_message_parse(&stack->own, text, SIP_DATAGRAM, &ignored) <= 0)
        return NULL;
    return &stack->own;
}

/* Start line, the one Via, and Route: what takes it the same way (§9.1, §17.1.1.3). */
static void write_way(struct sip_writer *w, const struct sip_message *request, const char *method)
{
    sip_write_request_line(w, sip_str(method), request->uri);
    sip_write_copy(w, request, &request->fields[request->first[SIP_HEADER_VIA] - 1]);
    sip_write_copy_all(w, request, SIP_HEADER_ROUTE);
    sip_write_number(w, SIP_HEADER_MAX_FORWARDS, 70);
    sip_write_copy_all(w, request, SIP_HEADER_FROM);
}

/* Call-ID, CSeq with the request's number, and what ends the message. */
static struct sip_str finish(struct sip_stack *stack, struct sip_writer *w,
                             const struct sip_message *request, const char *method,
                             struct sip_str lines)
{
    static const struct sip_str none = {NULL, 0};
    struct sip_cseq cseq;
    struct sip_fault ignored;
    long len;

    if (sip_cseq_parse(&cseq, sip_message_value(request, SIP_HEADER_CSEQ), &ignored))
        return none;
    sip_write_copy_all(w, request, SIP_HEADER_CALL_ID);
    sip_write_cseq(w, cseq.number, sip_str(method));
    sip_write_lines(w, lines);
    sip_write_body(w, none, none);
    len = sip_writer_done(w);
    return len < 0 ? none : sip_bytes(stack->scratch, (size_t)len);
}

struct sip_str sip_client_ack(struct sip_stack *stack, const struct transaction *t,
                              const struct sip_received *response)
{
    static const struct sip_str none = {NULL, 0};
    const struct sip_message *request = parsed(stack, t);
    struct sip_writer w;

    if (!request)
        return none;
    sip_writer_init(&w, stack->scratch, stack->config.limits.message_max);
    write_way(&w, request, "ACK");
    sip_write_copy_all(&w, response->message, SIP_HEADER_TO);
    sip_write_copy_all(&w, request, SIP_HEADER_AUTHORIZATION); /* §22.1 */
    sip_write_copy_all(&w, request, SIP_HEADER_PROXY_AUTHORIZATION);
    return finish(stack, &w, request, "ACK", none);
}

static struct sip_str cancel_of(struct sip_stack *stack, const struct transaction *invite,
                                struct sip_str lines)
{
    static const struct sip_str none = {NULL, 0};
    const struct sip_message *request = parsed(stack, invite);
    struct sip_writer w;

    if (!request)
        return none;
    sip_writer_init(&w, stack->scratch, stack->config.limits.message_max);
    write_way(&w, request, "CANCEL");
    sip_write_copy_all(&w, request, SIP_HEADER_TO);
    return finish(stack, &w, request, "CANCEL", lines);
}

/* A transaction for the CANCEL in scratch: same branch, same way, nobody to tell (§9.1). */
static int start_cancel(struct sip_stack *stack, const struct transaction *invite,
                        struct sip_str text)
{
    uint32_t index;
    struct transaction *t = sip_transaction_open(stack, OTHER_CLIENT, false, &index);

    if (!t)
        return SIP_EFULL;
    t->text = sip_stack_keep(stack, text, false);
    if (!t->text) {
        sip_transaction_end(stack, index);
        return SIP_EFULL;
    }
    t->text_len = (uint32_t)text.len;
    t->muted = true;
    t->way = invite->way;
    t->method = sip_method_hash(stack, sip_str("CANCEL"));
    t->of.client.branch = invite->of.client.branch;
    sip_client_enter(stack, index);
    sip_transaction_enter(stack, index, TRYING);
    sip_client_send(stack, index, false);
    return 0;
}

int sip_client_cancel(struct sip_stack *stack, uint64_t now, struct sip_client invite,
                      struct sip_str lines)
{
    struct transaction *t = sip_client_at(stack, invite);
    struct sip_str text;
    bool aside;
    int error;

    sip_stack_time(stack, now);
    if (!t)
        return SIP_EGONE;
    if (t->machine != INVITE_CLIENT || t->state != PROCEEDING || t->cancelled)
        return SIP_ESTATE;
    text = cancel_of(stack, t, lines);
    if (!text.len)
        return SIP_ESIZE;
    aside = t->aside;
    sip_client_give_back(stack, invite); /* it is for this */
    error = start_cancel(stack, t, text);
    if (error && aside)
        t->aside = sip_stack_set_aside(stack);
    if (error)
        return error;
    t->cancelled = true;
    t->end_at = stack->now + 64 * (uint64_t)stack->config.timers.t1_ms;
    sip_transaction_wake(stack, sip_handle_index(invite.id));
    return 0;
}
