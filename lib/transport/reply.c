/* Responses: what all of them copy from the request, and those that nothing is kept for. */
#include "sip/fields_content.h"
#include "sip/fields_write.h"
#include "transport/stack.h"

/* The topmost Via with where the request really came from (§18.2.1, RFC 3581 §4); what the client
 * itself claimed there is left out. */
static void write_top_via(struct sip_writer *w, const struct sip_received *received)
{
    struct sip_via via = received->head->via;
    char source[SIP_ADDR_TEXT];

    sip_via_stamp(&via, &received->path.remote, source);
    sip_write_begin(w, SIP_HEADER_VIA);
    sip_write_via(w, &via);
    sip_write_end(w);
}

void sip_reply_vias(struct sip_writer *w, const struct sip_received *received)
{
    struct sip_values vias;
    struct sip_str via;

    write_top_via(w, received);
    sip_values_begin(&vias, received->message, SIP_HEADER_VIA);
    sip_values_next(&vias, &via);
    while (sip_values_next(&vias, &via)) {
        if (via.len == 0)
            continue;
        sip_write_begin(w, SIP_HEADER_VIA);
        sip_write_received(w, via);
        sip_write_end(w);
    }
}

/* A copy of what the request says, or where that was found unreadable (a refusal, see receive.c)
 * something that is well-formed: the client knows its transaction by the Via (§17.1.3). */
static void write_copy(struct sip_writer *w, const struct sip_received *received,
                       enum sip_header header, bool readable)
{
    sip_write_begin(w, header);
    if (readable)
        sip_write_received(w, sip_message_value(received->message, header));
    else if (header == SIP_HEADER_CALL_ID)
        sip_write_text(w, "unreadable@anonymous.invalid");
    else
        sip_write_text(w, "<sip:anonymous@anonymous.invalid>"); /* RFC 3323 §4.1.1.3 */
}

static void write_from(struct sip_writer *w, const struct sip_received *received)
{
    bool readable = received->head->from.uri.at != NULL;

    write_copy(w, received, SIP_HEADER_FROM, readable);
    sip_write_text(w, readable ? "" : ";tag=unreadable"); /* §8.1.1.3: there is always one */
    sip_write_end(w);
}

static void write_to(struct sip_writer *w, const struct sip_received *received, struct sip_str tag)
{
    write_copy(w, received, SIP_HEADER_TO, received->head->to.uri.at != NULL);
    if (tag.len && !received->head->to.tag.len) {
        sip_write_text(w, ";tag=");
        sip_write_piece(w, tag);
    }
    sip_write_end(w);
}

static void write_call_id(struct sip_writer *w, const struct sip_received *received)
{
    write_copy(w, received, SIP_HEADER_CALL_ID, received->head->call_id.at != NULL);
    sip_write_end(w);
}

/* As the request has it, leading zeros too; else what receive.c found for it. */
static void write_cseq(struct sip_writer *w, const struct sip_received *received)
{
    struct sip_str value = sip_message_value(received->message, SIP_HEADER_CSEQ);
    struct sip_cseq cseq;
    struct sip_fault ignored;

    sip_write_begin(w, SIP_HEADER_CSEQ);
    if (!sip_cseq_parse(&cseq, value, &ignored)) {
        sip_write_received(w, value);
    } else {
        sip_write_decimal(w, received->head->cseq.number);
        sip_write_text(w, " ");
        sip_write_piece(w, received->head->cseq.method_name);
    }
    sip_write_end(w);
}

/* Given back as it is (§8.2.6.1), if it is one. */
static void write_timestamp(struct sip_writer *w, struct sip_str value)
{
    struct sip_timestamp timestamp;
    struct sip_fault ignored;

    if (!sip_timestamp_parse(&timestamp, value, &ignored))
        sip_write_header(w, SIP_HEADER_TIMESTAMP, value);
}

/* `routes`: Record-Route stands in responses that make a dialog, and in no others (§20, table
 * 2). */
static void write_fixed(struct sip_writer *w, const struct sip_received *received,
                        struct sip_str tag, bool routes)
{
    const struct sip_message *request = received->message;

    sip_reply_vias(w, received);
    if (routes)
        sip_write_copy_all(w, request, SIP_HEADER_RECORD_ROUTE);
    write_from(w, received);
    write_to(w, received, tag);
    write_call_id(w, received);
    write_cseq(w, received);
    write_timestamp(w, sip_message_value(request, SIP_HEADER_TIMESTAMP));
}

void sip_reply_fixed(struct sip_writer *w, const struct sip_received *received, struct sip_str tag)
{
    write_fixed(w, received, tag, true);
}

/* The same for the same request, and not to be guessed (§8.2.7). */
static struct sip_str tag_of(struct sip_stack *stack, const struct sip_received *received,
                             char text[16])
{
    const struct sip_essentials *head = received->head;
    struct sip_str pieces[] = {head->call_id, head->from.tag, head->via.branch};
    uint64_t tag = sip_stack_hash(stack, pieces, sizeof pieces / sizeof *pieces);

    for (int i = 0; i < 16; i++)
        text[i] = "0123456789abcdef"[tag >> (60 - 4 * i) & 15];
    return sip_bytes(text, 16);
}

static long build(struct sip_stack *stack, const struct sip_received *received,
                  const struct sip_reply *reply)
{
    static const struct sip_str nothing = {NULL, 0};
    struct sip_writer w;
    char tag[16];

    sip_writer_init(&w, stack->scratch, stack->config.limits.message_max);
    sip_write_status_line(&w, reply->status, reply->reason);
    write_fixed(&w, received, reply->status > 100 ? tag_of(stack, received, tag) : nothing,
                reply->status > 100 && reply->status < 300);
    sip_write_lines(&w, reply->lines);
    sip_write_body(&w, reply->type, reply->body);
    return sip_writer_done(&w);
}

/* Leaves out what an answer can be without: the body, then the last line, so that of several
 * challenges the first remain. False when nothing is left. */
static bool shorten(struct sip_reply *reply)
{
    static const struct sip_str nothing = {NULL, 0};
    size_t len = reply->lines.len;

    if (reply->body.at) {
        reply->type = reply->body = nothing;
        return true;
    }
    if (len == 0)
        return false;
    do
        len--;
    while (len > 0 && reply->lines.at[len - 1] != '\n');
    reply->lines.len = len;
    return true;
}

int sip_reply_once(struct sip_stack *stack, uint64_t now, const struct sip_received *received,
                   const struct sip_reply *reply)
{
    size_t most = received->verified ? SIZE_MAX : 2 * received->message->bytes.len;
    struct sip_reply said = *reply;
    struct sip_way way;
    long len;

    sip_stack_time(stack, now);
    if (received->message->status || received->message->method == SIP_ACK || reply->status < 100 ||
        reply->status > 699)
        return SIP_EINVAL;
    len = build(stack, received, &said);
    while (len < 0 || (size_t)len > most) {
        if (!shorten(&said))
            return SIP_ESIZE;
        len = build(stack, received, &said);
    }
    stack->counters.refused += reply->status >= 300;
    sip_way_back(stack, received, &way);
    sip_way_send(stack, &way, sip_bytes(stack->scratch, (size_t)len), false);
    return 0;
}
