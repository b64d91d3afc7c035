/* The way of a message up: parse, check, refuse what cannot be taken, hand it to the layer above.
 */
#include "base/memory.h"
#include "message/lenient.h"
#include "transport/receive.h"

#define WARNING_MAX 160

/* What can be read of a head that breaks a rule; reply.c has something well-formed for the rest.
 * False without a Via: nobody can say where the answer goes (§18.2.2), or to whom. */
static bool salvage(const struct sip_message *message, struct sip_essentials *head)
{
    struct sip_leniency leniency = {message->tolerate, 0};
    struct sip_str vias = sip_message_value(message, SIP_HEADER_VIA), via = vias;
    struct sip_fault ignored;

    memset(head, 0, sizeof *head);
    sip_list_next(&vias, &via);
    if (sip_via_accept(&head->via, via, &leniency, &ignored))
        return false;
    if (sip_address_in(message, sip_message_value(message, SIP_HEADER_FROM), &head->from))
        memset(&head->from, 0, sizeof head->from);
    if (sip_address_in(message, sip_message_value(message, SIP_HEADER_TO), &head->to))
        memset(&head->to, 0, sizeof head->to);
    if (sip_cseq_parse(&head->cseq, sip_message_value(message, SIP_HEADER_CSEQ), &ignored)) {
        head->cseq.number = 0;
        head->cseq.method_name = message->method_name;
    }
    if (sip_call_id_parse(&head->call_id, sip_message_value(message, SIP_HEADER_CALL_ID), &ignored))
        head->call_id = sip_bytes(NULL, 0);
    return true;
}

/* §8.2: the Warning names the header, what is wrong, and where (§20.43, code 399). */
static void answer_bad(struct sip_stack *stack, const struct sip_received *received,
                       uint16_t status, const struct sip_fault *fault)
{
    char text[WARNING_MAX], line[WARNING_MAX + 32];
    struct sip_reply reply = {0};
    struct sip_writer w;
    long len;

    sip_writer_init(&w, text, sizeof text);
    sip_write_piece(&w, sip_header_name(fault->header));
    sip_write_text(&w, fault->header ? ": " : "");
    sip_write_text(&w, sip_reason_text(fault->reason));
    sip_write_text(&w, " (offset ");
    sip_write_decimal(&w, fault->offset);
    sip_write_text(&w, ")");
    len = sip_writer_done(&w);
    reply.status = status;
    if (len > 0) {
        struct sip_str said = sip_bytes(text, (size_t)len);

        sip_writer_init(&w, line, sizeof line);
        sip_write_begin(&w, SIP_HEADER_WARNING);
        sip_write_text(&w, "399 libsip ");
        sip_write_quoted(&w, said);
        sip_write_end(&w);
        len = sip_writer_done(&w);
        if (len > 0)
            reply.lines = sip_bytes(line, (size_t)len);
    }
    sip_reply_once(stack, stack->now, received, &reply);
}

void sip_receive_refuse(struct sip_stack *stack, const struct sip_received *received,
                        uint16_t status, const struct sip_fault *fault)
{
    struct sip_received answered = *received;
    struct sip_essentials head;

    sip_stack_trace_refused(stack, &received->path, received->message->bytes, fault);
    if (received->message->status || received->message->method == SIP_ACK ||
        !salvage(received->message, &head)) {
        stack->counters.dropped++;
        return;
    }
    answered.head = &head;
    answer_bad(stack, &answered, status, fault);
}

/* Bytes between messages that keep a path open (RFC 5626 §3.5.1), and what some phones send. */
static bool keeps_alive(struct sip_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.at[i] != '\r' && bytes.at[i] != '\n' && bytes.at[i] != 0)
            return false;
    return bytes.len <= 4;
}

/* What makes a message too long: its head alone, or the body that it says it has. */
static void too_long(const struct sip_message *message, uint32_t most, struct sip_fault *fault)
{
    const struct sip_field *end = message->fields + message->fields_count;
    bool head = !message->has_head || (uint32_t)end[-1].value + end[-1].value_len > most;
    struct sip_str length = sip_message_value(message, SIP_HEADER_CONTENT_LENGTH);

    fault->reason = head ? SIP_HEAD_TOO_LONG : SIP_BODY_TOO_LONG;
    fault->header = head ? SIP_HEADER_OTHER : SIP_HEADER_CONTENT_LENGTH;
    fault->offset = head || !length.at ? most : (uint32_t)(length.at - message->bytes.at);
}

static uint16_t status_for(enum sip_reason reason)
{
    if (reason == SIP_BAD_VERSION)
        return 505; /* §21.5.6 */
    return reason == SIP_TOO_MANY_HEADERS ? 513 /* §21.5.7 */ : 400;
}

void sip_receive(struct sip_stack *stack, const struct sip_arrival *arrival, struct sip_str bytes)
{
    struct sip_message *message = &stack->message;
    struct sip_essentials head;
    struct sip_received received = {0};
    struct sip_fault fault;
    long used;

    received.message = message;
    received.path = arrival->path;
    received.flow = arrival->flow;
    received.verified = arrival->flow.id || sip_stack_is_verified(stack, &arrival->path);
    used = sip_message_parse(message, bytes, arrival->too_long ? SIP_STREAM : SIP_DATAGRAM, &fault);
    if (used < 0 && !message->has_head) {
        sip_stack_trace_refused(stack, &arrival->path, bytes, &fault);
        stack->counters.dropped++;
        return;
    }
    if (used < 0) {
        sip_receive_refuse(stack, &received, status_for(fault.reason), &fault);
        return;
    }
    if (used > 0 && sip_message_check(message, &head, &fault)) { /* else some may be cut off */
        sip_receive_refuse(stack, &received, 400, &fault);
        return;
    }
    received.head = &head;
    if (used == 0 || (!message->status && (size_t)used > stack->config.limits.message_max)) {
        too_long(message, stack->config.limits.message_max, &fault);
        sip_receive_refuse(stack, &received, 513, &fault); /* §21.5.7 */
        return;
    }
    stack->counters.received++;
    for (unsigned i = 0; i < SIP_TOLERANCE_COUNT; i++)
        stack->counters.tolerated[i] += head.tolerated >> i & 1;
    sip_stack_trace_message(stack, SIP_TRACE_RECEIVED, &received.path, message->bytes);
    if (!stack->upper)
        stack->counters.dropped++;
    else if (message->status)
        stack->upper->response(stack, &received);
    else
        stack->upper->request(stack, &received);
}

int sip_stack_datagram(struct sip_stack *stack, uint64_t now, const struct sip_packet *packet)
{
    struct sip_arrival arrival = {0};

    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    arrival.path = packet->path;
    arrival.too_long = packet->truncated;
    if (!keeps_alive(packet->bytes))
        sip_receive(stack, &arrival, packet->bytes);
    sip_stack_leave(stack);
    return 0;
}

int sip_stack_unreachable(struct sip_stack *stack, uint64_t now, const struct sip_path *path)
{
    struct sip_flow none = {0};

    if (!sip_stack_enter(stack, now))
        return SIP_ESTATE;
    if (stack->upper)
        stack->upper->lost(stack, none, path);
    sip_stack_leave(stack);
    return 0;
}
