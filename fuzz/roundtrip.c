/* Messages made of the fuzzer's choices: written, parsed, and the same as what was to be written.
 * All that the writer takes is well-formed, every typed value comes back, and to write the parsed
 * message again gives the same bytes. The kinds of values are made in roundtrip_made.c. */
#include "roundtrip.h"
#include "sip/error.h"
#include "sip/message.h"

enum { FIELDS_MAX = 64, EXTRAS_MAX = 12, MESSAGE_MAX = 1 << 15, RESULT_MAX = 1024 };

/* What a message was to say. */
struct plan {
    struct choices *choices;
    struct sip_str method, uri, reason, body, type;
    uint16_t status;
    struct sip_via via;
    struct sip_address from, to;
    struct sip_str call_id;
    uint32_t number, hops;
    unsigned extras;
    const struct made *made[EXTRAS_MAX];
    union {
        char bytes[RESULT_MAX];
        uint64_t number;
        void *pointer;
    } values[EXTRAS_MAX];
};

/* --- planning --- */

static void plan_start(struct plan *plan)
{
    struct choices *c = plan->choices;
    unsigned method = byte_of(c) % (SIP_METHOD_COUNT + 2);

    plan->status = chance(c) ? (uint16_t)(100 + number_of(c) % 600) : 0;
    plan->method = sip_method_text((enum sip_method)(method % SIP_METHOD_COUNT));
    if (plan->method.len == 0)
        plan->method = made_token(c);
    plan->uri = made_uri(c);
    plan->reason = text_of(c, 30);
}

static void plan_mandatory(struct plan *plan)
{
    struct choices *c = plan->choices;

    plan->via.transport = made_token(c);
    plan->via.host = made_host(c);
    plan->via.port = (uint16_t)number_of(c);
    plan->via.branch = made_token(c);
    plan->from.display = chance(c) ? text_of(c, 30) : sip_str(NULL);
    plan->from.uri = made_uri(c);
    plan->from.tag = made_token(c);
    plan->to.display = chance(c) ? text_of(c, 30) : sip_str(NULL);
    plan->to.uri = made_uri(c);
    plan->call_id = made_token(c);
    plan->number = number_of(c) & SIP_CSEQ_MAX;
    plan->hops = byte_of(c);
}

static void plan_message(struct plan *plan, struct choices *c)
{
    uint64_t singles[2] = {0, 0};

    memset(plan, 0, sizeof *plan);
    plan->choices = c;
    plan_start(plan);
    plan_mandatory(plan);
    for (unsigned i = byte_of(c) % (EXTRAS_MAX + 1); i > 0; i--) {
        const struct made *made = made_kind(byte_of(c));
        uint64_t bit = UINT64_C(1) << (made->header & 63);

        if (sip_header_flags(made->header) & SIP_SINGLE) {
            if (singles[made->header >> 6 & 1] & bit)
                continue;
            singles[made->header >> 6 & 1] |= bit;
        }
        plan->made[plan->extras] = made;
        require(made->kind->size <= RESULT_MAX);
        made->make(c, plan->values[plan->extras++].bytes);
    }
    plan->type = chance(c) ? sip_str("text/plain") : sip_str(NULL);
    plan->body = text_of(c, 200);
}

/* --- writing --- */

static struct sip_str tag_param(struct plan *plan, struct sip_str tag)
{
    char *room = room_for(plan->choices, tag.len + 5);

    memcpy(room, ";tag=", 5);
    memcpy(room + 5, tag.at, tag.len);
    return sip_bytes(room, tag.len + 5);
}

static void write_via(struct sip_writer *writer, const struct sip_via *via)
{
    sip_write_begin(writer, SIP_HEADER_VIA);
    sip_write_text(writer, "SIP/2.0/");
    sip_write_piece(writer, via->transport);
    sip_write_text(writer, " ");
    sip_write_piece(writer, via->host);
    if (via->port) {
        sip_write_text(writer, ":");
        sip_write_decimal(writer, via->port);
    }
    sip_write_text(writer, ";branch=z9hG4bK");
    sip_write_piece(writer, via->branch);
    sip_write_end(writer);
}

static long write_plan(struct plan *plan, struct sip_str from_params, char *out, size_t size)
{
    struct sip_writer writer;

    sip_writer_init(&writer, out, size);
    if (plan->status)
        sip_write_status_line(&writer, plan->status, plan->reason);
    else
        sip_write_request_line(&writer, plan->method, plan->uri);
    write_via(&writer, &plan->via);
    sip_write_address(&writer, SIP_HEADER_FROM, plan->from.display, plan->from.uri, from_params);
    sip_write_address(&writer, SIP_HEADER_TO, plan->to.display, plan->to.uri, sip_str(NULL));
    sip_write_header(&writer, SIP_HEADER_CALL_ID, plan->call_id);
    sip_write_cseq(&writer, plan->number, plan->method);
    sip_write_number(&writer, SIP_HEADER_MAX_FORWARDS, plan->hops);
    for (unsigned i = 0; i < plan->extras; i++) {
        sip_write_begin(&writer, plan->made[i]->header);
        plan->made[i]->kind->write(&writer, plan->values[i].bytes);
        sip_write_end(&writer);
    }
    sip_write_body(&writer, plan->type, plan->body);
    return sip_writer_done(&writer);
}

/* --- comparing --- */

static void compare_address(const struct sip_address *planned, const struct sip_address *got)
{
    char plain[100];
    long len = sip_unquote(got->display, plain, sizeof plain);

    require(len >= 0 && sip_str_equal(sip_bytes(plain, (size_t)len), planned->display));
    require(sip_str_equal(planned->uri, got->uri));
    require(sip_str_equal(planned->tag, got->tag) && got->brackets);
}

static void compare_head(const struct plan *plan, const struct sip_message *message)
{
    struct sip_essentials got;
    struct sip_fault fault;

    require(message->status == plan->status);
    if (plan->status)
        require(sip_str_equal(message->reason, plan->reason));
    else
        require(sip_str_equal(message->method_name, plan->method) &&
                sip_str_equal(message->uri, plan->uri) &&
                message->method == sip_method_of(plan->method));
    require(sip_message_check(message, &got, &fault) == 0);
    require(got.tolerated == 0 && sip_message_check_values(message, &fault) == 0);
    require(sip_str_equal(got.via.transport, plan->via.transport));
    require(sip_str_equal(got.via.host, plan->via.host) && got.via.port == plan->via.port);
    require(got.via.branch.len == plan->via.branch.len + 7);
    compare_address(&plan->from, &got.from);
    compare_address(&plan->to, &got.to);
    require(sip_str_equal(got.call_id, plan->call_id) && got.cseq.number == plan->number);
    require(sip_str_equal(got.cseq.method_name, plan->method));
    require(got.has_max_forwards && got.max_forwards == plan->hops);
}

static void compare_extras(const struct plan *plan, const struct sip_message *message)
{
    static struct eye planned, found;
    const unsigned first = 6;

    require(message->fields_count == first + plan->extras + (plan->type.len > 0) + 1);
    for (unsigned i = 0; i < plan->extras; i++) {
        const struct sip_field *field = &message->fields[first + i];
        struct sip_str value = sip_bytes(message->bytes.at + field->value, field->value_len);
        union {
            char bytes[RESULT_MAX];
            uint64_t number;
            void *pointer;
        } got;

        require(field->id == plan->made[i]->header);
        require(plan->made[i]->kind->parse(&got, value, NULL) == 0);
        look(&planned, plan->made[i]->kind, plan->values[i].bytes, sip_bytes(NULL, 0));
        look(&found, plan->made[i]->kind, &got, value);
        require(says(&planned, &found));
    }
    require(sip_str_equal(message->body, plan->body));
}

/* Copied field by field, a message stays what it is. */
static void copy(const struct sip_message *message, struct sip_str type)
{
    char *out = malloc(message->bytes.len);
    struct sip_writer writer;

    require(out != NULL);
    sip_writer_init(&writer, out, message->bytes.len);
    if (message->status)
        sip_write_status_line(&writer, message->status, message->reason);
    else
        sip_write_request_line(&writer, message->method_name, message->uri);
    sip_write_fields_except(&writer, message, NULL, 0);
    sip_write_body(&writer, type, message->body);
    require(sip_writer_done(&writer) == (long)message->bytes.len);
    require(memcmp(out, message->bytes.at, message->bytes.len) == 0);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char out[MESSAGE_MAX];
    static struct choices choices;
    static struct plan plan;
    struct sip_field fields[FIELDS_MAX];
    struct sip_message message;
    struct sip_fault fault;
    struct sip_str bytes, from_params;
    long len;

    choices.at = data;
    choices.end = data + size;
    choices.used = 0;
    plan_message(&plan, &choices);
    from_params = tag_param(&plan, plan.from.tag);
    len = write_plan(&plan, from_params, out, sizeof out);
    require(len > 0);
    bytes = exact_copy(sip_bytes(out, (size_t)len));
    require(write_plan(&plan, from_params, out, (size_t)len - 1) == SIP_ESIZE);
    sip_message_init(&message, fields, FIELDS_MAX);
    message.tolerate = SIP_TOLERATE_NOTHING;
    require(sip_message_parse(&message, bytes, SIP_DATAGRAM, &fault) == len);
    require(sip_message_parse(&message, bytes, SIP_STREAM, &fault) == len);
    compare_head(&plan, &message);
    compare_extras(&plan, &message);
    copy(&message, plan.type);
    exact_free(bytes);
    return 0;
}
