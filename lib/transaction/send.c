/* Requests without a transaction: an ACK for a 2xx (§13.2.2.4). */
#include "base/memory.h"
#include "transaction/transaction.h"

/* The request with our Via behind its start line, in `room`. The request may begin at the same
 * place: then what follows the start line moves first. */
static struct sip_str with_via(struct sip_str request, struct sip_str via, char *room)
{
    size_t line = sip_start_line(request);

    memmove(room + line + via.len, request.at + line, request.len - line);
    memmove(room, request.at, line);
    memcpy(room + line, via.at, via.len);
    return sip_bytes(room, request.len + via.len);
}

int sip_send_request(struct sip_stack *stack, uint64_t now, const struct sip_client_args *args,
                     struct sip_sent *sent)
{
    char line[SIP_VIA_MAX];
    struct sip_fault ignored;
    struct sip_str via, text = {stack->scratch, stack->config.limits.message_max};
    struct sip_way way;
    uint64_t rest;
    int error;

    sip_stack_time(stack, now);
    if (sip_message_parse(&stack->own, args->request, SIP_DATAGRAM, &ignored) <= 0 ||
        stack->own.status)
        return SIP_EBAD;
    error = sip_target_first(stack, args, &stack->own, &way, &rest);
    sip_target_free(stack, rest); /* nobody hears of a failure, so there is no next one */
    if (error)
        return error;
    if (sent)
        text = sent->text;
    via = sip_via_line(stack, &way, sip_stack_unique(stack), line);
    if (stack->own.bytes.len + via.len > text.len)
        return SIP_ESIZE;
    text = with_via(stack->own.bytes, via, (char *)text.at);
    if (sent) {
        sent->path = way.path;
        sent->flow = way.flow;
        sent->text = text;
    }
    sip_way_send(stack, &way, text, false);
    return 0;
}

int sip_send_again(struct sip_stack *stack, uint64_t now, const struct sip_sent *sent)
{
    struct sip_way way = {sent->path, sent->flow};

    sip_stack_time(stack, now);
    sip_way_send(stack, &way, sent->text, true);
    return 0;
}
