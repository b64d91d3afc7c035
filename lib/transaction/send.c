/* Messages without a transaction: an ACK for a 2xx (§13.2.2.4), what a stateless proxy forwards. */
#include "base/memory.h"
#include "transaction/transaction.h"

/* The request with our Via behind its start line, in `room`. The request may begin at the same place:
 * then what follows the start line moves first. */
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
    via = sip_via_line(stack, &way, args->branch ? args->branch : sip_stack_unique(stack), line);
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

/* --- what a stateless proxy forwards (§16.11) --- */

uint64_t sip_forward_branch(const struct sip_stack *stack, const struct sip_received *request)
{
    const struct sip_essentials *head = request->head;
    struct sip_str pieces[] = {head->via.branch, head->via.host, head->call_id, head->from.tag,
                               sip_bytes(&head->cseq.number, sizeof head->cseq.number)};

    return sip_stack_hash(stack, pieces, sizeof pieces / sizeof *pieces);
}

/* Where the Via below ours says that the response goes (§18.2.2, RFC 3581 §4). */
static int way_by_via(struct sip_stack *stack, const struct sip_message *response,
                      struct sip_way *way)
{
    struct sip_target target = {0};
    struct sip_fault ignored;
    struct sip_values vias;
    struct sip_str value;
    struct sip_via via;

    sip_values_begin(&vias, response, SIP_HEADER_VIA);
    if (!sip_values_next(&vias, &value) || !sip_values_next(&vias, &value) ||
        sip_via_parse(&via, value, &ignored) ||
        sip_addr_parse(&target.addr, via.received.len ? via.received : via.host))
        return SIP_EBAD;
    target.protocol = (uint8_t)sip_protocol_of(via.transport);
    target.addr.port = via.rport ? via.rport : via.port;
    if (!target.addr.port)
        target.addr.port = target.protocol == SIP_TLS || target.protocol == SIP_WSS ? 5061 : 5060;
    return target.protocol == SIP_PROTOCOL_NONE ? SIP_EBAD
           : sip_way_open(stack, &target, way)  ? SIP_ESYSTEM
                                                : 0;
}

int sip_send_response(struct sip_stack *stack, uint64_t now, const struct sip_received *received)
{
    static const enum sip_header via_only[] = {SIP_HEADER_VIA};
    const struct sip_message *response = received->message;
    struct sip_values vias;
    struct sip_str value;
    struct sip_writer w;
    struct sip_way way;
    int error;
    long len;

    sip_stack_time(stack, now);
    error = way_by_via(stack, response, &way);
    if (error)
        return error == SIP_EBAD ? error : 0;
    sip_writer_init(&w, stack->scratch, stack->config.limits.message_max);
    sip_write_status_line(&w, response->status, response->reason);
    sip_values_begin(&vias, response, SIP_HEADER_VIA);
    sip_values_next(&vias, &value);
    while (sip_values_next(&vias, &value)) {
        sip_write_begin(&w, SIP_HEADER_VIA);
        sip_write_received(&w, value);
        sip_write_end(&w);
    }
    sip_write_fields_except(&w, response, via_only, 1);
    sip_write_body(&w, sip_message_value(response, SIP_HEADER_CONTENT_TYPE), response->body);
    len = sip_writer_done(&w);
    if (len < 0)
        return (int)len;
    sip_way_send(stack, &way, sip_bytes(stack->scratch, (size_t)len), false);
    return 0;
}
