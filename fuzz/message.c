/* Any bytes as a message, as a datagram and as a stream: parsed, checked, walked, written again.
 *
 * What is accepted survives being written: the copy says the same, judged by the same rules, and
 * written once more it has the same bytes. With fewer exceptions (sip/tolerance.h) no more is
 * accepted, and with those that were needed no less. */
#include "value.h"
#include "sip/message.h"

enum { FIELDS_MAX = 64, COPY_MAX = 1 << 17, BYTES_MAX = 1 << 14 };

struct parsed {
    struct sip_message message;
    struct sip_field fields[FIELDS_MAX + 2];
    struct sip_fault fault;
    long taken;
};

static void parse(struct parsed *got, struct sip_str bytes, enum sip_framing framing,
                  unsigned tolerate)
{
    got->fault.reason = SIP_REASON_NONE;
    got->fault.offset = 0;
    sip_message_init(&got->message, got->fields, FIELDS_MAX + 2);
    got->message.tolerate = (uint16_t)tolerate;
    got->taken = sip_message_parse(&got->message, bytes, framing, &got->fault);
    require(got->taken <= (long)bytes.len && (got->taken >= 0 || got->taken == SIP_EBAD));
    require(got->taken != 0 || framing == SIP_STREAM);
    require((got->taken < 0) == (got->fault.reason != SIP_REASON_NONE));
    require(got->fault.reason < SIP_REASON_COUNT && got->fault.offset <= bytes.len);
    require((got->message.tolerated & ~tolerate) == 0);
}

/* --- what is in a message --- */

/* Every view lies in the bytes that were given. */
static void walk(const struct sip_message *message)
{
    for (int id = 0; id < SIP_HEADER_COUNT; id++) {
        struct sip_values values;
        struct sip_str value;
        size_t rounds = 0;

        sip_values_begin(&values, message, (enum sip_header)id);
        while (sip_values_next(&values, &value)) {
            require(is_inside(value, message->bytes));
            require(++rounds <= message->bytes.len);
        }
        require(is_inside(sip_message_value(message, (enum sip_header)id), message->bytes));
    }
    require(is_inside(message->method_name, message->bytes));
    require(is_inside(message->uri, message->bytes));
    require(is_inside(message->reason, message->bytes));
    require(is_inside(message->body, message->bytes));
}

static bool same_values(const struct sip_message *a, const struct sip_message *b, int id)
{
    struct sip_values of_a, of_b;
    struct sip_str one, other;

    sip_values_begin(&of_a, a, (enum sip_header)id);
    sip_values_begin(&of_b, b, (enum sip_header)id);
    while (sip_values_next(&of_a, &one))
        if (!sip_values_next(&of_b, &other) || !same_text(one, other))
            return false;
    return !sip_values_next(&of_b, &other);
}

static bool same_message(const struct sip_message *a, const struct sip_message *b)
{
    if (a->status != b->status || a->method != b->method ||
        !sip_str_equal(a->method_name, b->method_name) || !sip_str_equal(a->uri, b->uri) ||
        !sip_str_equal(a->body, b->body))
        return false;
    if (a->reason.len > 0 && !sip_str_equal(a->reason, b->reason)) /* an empty one gets a phrase */
        return false;
    for (int id = 0; id < SIP_HEADER_COUNT; id++)
        if (id != SIP_HEADER_CONTENT_LENGTH && !same_values(a, b, id))
            return false;
    return true;
}

/* --- its copy --- */

static long write(const struct sip_message *message, char *out)
{
    struct sip_writer writer;

    sip_writer_init(&writer, out, COPY_MAX);
    if (message->status)
        sip_write_status_line(&writer, message->status, message->reason);
    else
        sip_write_request_line(&writer, message->method_name, message->uri);
    sip_write_fields_except(&writer, message, NULL, 0);
    sip_write_copy_all(&writer, message, SIP_HEADER_CONTENT_TYPE); /* which may be folded */
    sip_write_body(&writer, sip_str(NULL), message->body);
    return sip_writer_done(&writer);
}

/* A message that breaks a rule breaks it again. */
static void check_both(const struct sip_message *a, const struct sip_message *b)
{
    struct sip_essentials one, other;
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0}, again = fault;

    if (sip_message_check(a, &one, &fault) != 0 && fault.header == SIP_HEADER_CONTENT_LENGTH)
        return; /* two that say the same: the copy has one */
    if (sip_message_check(b, &other, &again) == 0 && fault.reason != SIP_REASON_NONE) {
        /* A display name without quotes is let pass on one line, and not when it is folded. */
        require(other.tolerated & SIP_TOLERATE_BARE_NAME);
        return;
    }
    if ((fault.header == SIP_HEADER_FROM || fault.header == SIP_HEADER_TO) &&
        (fault.header != again.header || fault.reason != again.reason))
        return; /* the same name: what is wrong behind it is found then */
    require(fault.reason == again.reason);
    require(fault.header == again.header ||
            fault.reason == SIP_REPEATED); /* another may be first */
    if (fault.reason == SIP_REASON_NONE) {
        require(one.cseq.number == other.cseq.number && one.via.port == other.via.port);
        require(same_text(one.call_id, other.call_id) && same_text(one.to.uri, other.to.uri));
        require(same_text(one.from.tag, other.from.tag) && same_text(one.to.tag, other.to.tag));
        require(same_text(one.via.branch, other.via.branch));
    }
    require(sip_message_check_values(a, &fault) == sip_message_check_values(b, &again));
}

static void copy(const struct sip_message *message)
{
    static char once[COPY_MAX], twice[COPY_MAX];
    static struct parsed again;
    long len = write(message, once);
    struct sip_str bytes;

    if (len < 0) { /* a tab in the Request-URI, which the check refuses */
        require(len == SIP_EHEADER);
        return;
    }
    bytes = exact_copy(sip_bytes(once, (size_t)len));
    parse(&again, bytes, SIP_STREAM, message->tolerate);
    require(again.taken == len);
    require(same_message(message, &again.message));
    require(write(&again.message, twice) == len && memcmp(once, twice, (size_t)len) == 0);
    check_both(message, &again.message);
    exact_free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct parsed got, other;
    struct sip_essentials essentials;
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};
    struct sip_str bytes = sip_bytes(data, size), cut;
    uint32_t chance = chance_of(bytes);

    if (size > BYTES_MAX)
        return 0;
    parse(&got, bytes, SIP_STREAM, SIP_TOLERATE_DEFAULT);
    cut = exact_copy(cut_at(bytes, size ? chance % size : 0));
    parse(&other, cut, chance & 1024 ? SIP_STREAM : SIP_DATAGRAM, SIP_TOLERATE_DEFAULT);
    exact_free(cut);
    parse(&got, bytes, SIP_DATAGRAM, SIP_TOLERATE_DEFAULT);
    parse(&other, bytes, SIP_DATAGRAM, got.taken > 0 ? got.message.tolerated : chance >> 11);
    require((other.taken > 0) == (got.taken > 0));
    if (!got.message.has_head)
        return 0;
    walk(&got.message);
    if (got.taken > 0)
        copy(&got.message);
    if (sip_message_check(&got.message, &essentials, &fault) != 0)
        require(fault.reason && fault.offset <= got.message.bytes.len);
    if (sip_message_check_values(&got.message, &fault) != 0)
        require(fault.reason && fault.offset <= got.message.bytes.len);
    return 0;
}
