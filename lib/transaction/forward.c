/* Forwarding without state (RFC 3261 §16.11): what a request and a response look like one hop
 * on. */
#include "sip/edit.h"
#include "sip/multipart.h"
#include "transaction/transaction.h"

/* The same for each copy of a request, for its CANCEL and for the ACK of a refusal: they share
 * these. */
static uint64_t branch_of(const struct sip_stack *stack, const struct sip_received *request)
{
    const struct sip_essentials *head = request->head;
    struct sip_str pieces[] = {head->via.branch, head->via.host, head->call_id, head->from.tag,
                               sip_bytes(&head->cseq.number, sizeof head->cseq.number)};

    return sip_stack_hash(stack, pieces, sizeof pieces / sizeof *pieces);
}

/* One hop on (§16.6): our Via above all others, the topmost of which tells where the request came
 * from (§18.2.1). */
static long write_request(struct sip_stack *stack, const struct sip_received *request,
                          struct sip_str via)
{
    struct sip_edit edits[3];
    struct sip_line line;

    if (!sip_line_next(&via, &line))
        return SIP_ESIZE;
    edits[0] = sip_edit_push(SIP_HEADER_VIA, line.value);
    edits[1] = sip_edit_source(&request->path.remote);
    edits[2] = sip_edit_hop();
    return sip_message_edit(request->message, edits, 3, stack->scratch,
                            stack->config.limits.message_max);
}

int sip_forward_request(struct sip_stack *stack, uint64_t now, const struct sip_received *request,
                        struct sip_str next_hop)
{
    struct sip_client_args args = {0};
    char line[SIP_VIA_MAX];
    struct sip_way way;
    uint64_t rest;
    int error;
    long len;

    sip_stack_time(stack, now);
    if (request->message->status)
        return SIP_EINVAL;
    if (request->head->has_max_forwards && request->head->max_forwards == 0) /* §16.3 step 3 */
        return SIP_ESTATE;
    args.next_hop = next_hop;
    error = sip_target_first(stack, &args, request->message, &way, &rest);
    sip_target_free(stack, rest);
    if (error)
        return error == SIP_ESYSTEM ? 0 : error;
    len = write_request(stack, request, sip_via_line(stack, &way, branch_of(stack, request), line));
    if (len < 0)
        return (int)len;
    sip_way_send(stack, &way, sip_bytes(stack->scratch, (size_t)len), false);
    return 0;
}

/* Where the Via below ours says that the response goes (§18.2.2, RFC 3581 §4). */
static int way_by_via(struct sip_stack *stack, struct sip_str value, struct sip_way *way)
{
    struct sip_target target = {0};
    struct sip_fault ignored;
    struct sip_via via;
    uint16_t port;

    if (sip_via_parse(&via, value, &ignored) ||
        sip_addr_parse(&target.addr, via.received.len ? via.received : via.host))
        return SIP_EBAD;
    target.protocol = (uint8_t)sip_protocol_of(via.transport);
    if (target.protocol == SIP_PROTOCOL_NONE)
        return SIP_EBAD;
    port = target.protocol == SIP_TLS || target.protocol == SIP_WSS ? 5061 : 5060;
    target.addr.port = via.rport ? via.rport : via.port ? via.port : port;
    return sip_way_open(stack, &target, way) ? SIP_ESYSTEM : 0;
}

int sip_forward_response(struct sip_stack *stack, uint64_t now, const struct sip_received *received)
{
    const struct sip_edit ours = sip_edit_pop(SIP_HEADER_VIA); /* §16.7 step 3 */
    struct sip_values vias;
    struct sip_str via;
    struct sip_way way;
    int error;
    long len;

    sip_stack_time(stack, now);
    if (!received->message->status)
        return SIP_EINVAL;
    sip_values_begin(&vias, received->message, SIP_HEADER_VIA);
    if (!sip_values_next(&vias, &via) || !sip_values_next(&vias, &via))
        return SIP_EBAD;
    error = way_by_via(stack, via, &way);
    if (error)
        return error == SIP_ESYSTEM ? 0 : error;
    len = sip_message_edit(received->message, &ours, 1, stack->scratch,
                           stack->config.limits.message_max);
    if (len < 0)
        return (int)len;
    sip_way_send(stack, &way, sip_bytes(stack->scratch, (size_t)len), false);
    return 0;
}
