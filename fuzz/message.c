/* Any bytes as a message, as a datagram and as a stream: parsed, checked, walked, written again.
 * What is accepted must survive being written: the copy says the same.
 *
 * clang -fsanitize=fuzzer,address,undefined -Iinclude -Ilib, with lib/message and lib/base. */
#include <stdlib.h>
#include <string.h>

#include "sip/message.h"
#include "sip/writer.h"

#define FIELDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* Every view lies in the bytes that were given. */
static void inside(const struct sip_message *message, struct sip_str part)
{
    require(part.at == NULL || (part.at >= message->bytes.at &&
                                part.at + part.len <= message->bytes.at + message->bytes.len));
}

static void walk(const struct sip_message *message)
{
    for (int id = 0; id < SIP_HEADER_COUNT; id++) {
        struct sip_values values;
        struct sip_str value;
        size_t rounds = 0;

        sip_values_begin(&values, message, (enum sip_header)id);
        while (sip_values_next(&values, &value)) {
            inside(message, value);
            require(++rounds <= message->bytes.len);
        }
        inside(message, sip_message_value(message, (enum sip_header)id));
    }
    inside(message, message->method_name);
    inside(message, message->uri);
    inside(message, message->reason);
    inside(message, message->body);
}

/* Writes the message and reads the copy: the same fields in the same order. */
static void copy(const struct sip_message *message)
{
    static char memory[1 << 18];
    struct sip_field fields[FIELDS_MAX + 1];
    struct sip_message again;
    struct sip_fault fault;
    struct sip_writer writer;
    size_t ours = 0;
    long len;

    sip_writer_init(&writer, memory, sizeof memory);
    if (message->status)
        sip_write_status_line(&writer, message->status, message->reason);
    else
        sip_write_request_line(&writer, message->method_name, message->uri);
    sip_write_fields_except(&writer, message, NULL, 0);
    sip_write_body(&writer, sip_bytes("", 0), message->body);
    len = sip_writer_done(&writer);
    if (len < 0) /* a tab in the Request-URI, which the check refuses */
        return;
    sip_message_init(&again, fields, FIELDS_MAX + 1);
    require(sip_message_parse(&again, sip_bytes(memory, (size_t)len), SIP_STREAM, &fault) == len);
    require(again.method == message->method && again.status == message->status);
    require(sip_str_equal(again.body, message->body));
    for (size_t i = 0; i < message->fields_count; i++) {
        unsigned id = message->fields[i].id;

        if (id != SIP_HEADER_CONTENT_LENGTH && id != SIP_HEADER_CONTENT_TYPE)
            require(again.fields[ours++].id == id);
    }
    require(ours + 1 == again.fields_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_message message;
    struct sip_essentials essentials;
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};
    struct sip_str bytes = {(const char *)data, size};
    long taken;

    sip_message_init(&message, fields, FIELDS_MAX);
    taken = sip_message_parse(&message, bytes, SIP_STREAM, &fault);
    require(taken <= (long)size && (taken >= 0 || (fault.reason && fault.offset <= size)));
    taken = sip_message_parse(&message, bytes, SIP_DATAGRAM, &fault);
    require(taken != 0 && taken <= (long)size && (taken > 0 || fault.offset <= size));
    if (!message.has_head)
        return 0;
    walk(&message);
    if (taken > 0)
        copy(&message);
    if (sip_message_check(&message, &essentials, &fault) != 0)
        require(fault.reason && fault.offset <= message.bytes.len);
    if (sip_message_check_values(&message, &fault) != 0)
        require(fault.reason && fault.offset <= message.bytes.len);
    return 0;
}
