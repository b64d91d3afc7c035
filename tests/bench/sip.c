/* libsip under the benchmark. */
#include "bench.h"
#include "sip/digest_server.h"
#include "sip/message.h"
#include "sip/writer.h"

#include <stdlib.h>

#define FIELDS_MAX 2048

/* What was parsed ends here, so that no compiler leaves it out. */
static volatile unsigned sink;

static struct sip_field fields[FIELDS_MAX];

static bool parse(struct sip_message *message, const struct bench_message *bytes)
{
    struct sip_str text = {bytes->at, bytes->len};
    struct sip_fault fault;

    sip_message_init(message, fields, FIELDS_MAX);
    return sip_message_parse(message, text, SIP_DATAGRAM, &fault) > 0;
}

static bool split(const struct bench_message *bytes)
{
    struct sip_message message;

    return parse(&message, bytes);
}

/* --- full: what a user agent always needs (shared/NUMBERS.md) --- */

/* All Via but the first, which sip_message_check() has read. */
static bool read_vias(const struct sip_message *message, struct sip_fault *fault)
{
    struct sip_values values;
    struct sip_via via;
    struct sip_str value;

    sip_values_begin(&values, message, SIP_HEADER_VIA);
    if (!sip_values_next(&values, &value))
        return false;
    while (sip_values_next(&values, &value)) {
        if (sip_via_parse(&via, value, fault) != 0)
            return false;
        sink += via.port;
    }
    return true;
}

static bool read_addresses(const struct sip_message *message, enum sip_header id,
                           struct sip_fault *fault)
{
    struct sip_values values;
    struct sip_address address;
    struct sip_str value;

    sip_values_begin(&values, message, id);
    while (sip_values_next(&values, &value)) {
        if (value.len == 1 && value.at[0] == '*')
            continue;
        if (sip_address_parse(&address, value, fault) != 0)
            return false;
        sink += (unsigned)address.uri.len;
    }
    return true;
}

static bool read_credentials(const struct sip_message *message, enum sip_header id,
                             struct sip_fault *fault)
{
    struct sip_values values;
    struct sip_credentials credentials;
    struct sip_str value;

    sip_values_begin(&values, message, id);
    while (sip_values_next(&values, &value)) {
        if (sip_credentials_parse(&credentials, id, value, fault) != 0)
            return false;
        sink += (unsigned)credentials.response.len;
    }
    return true;
}

static bool read_seconds(const struct sip_message *message, enum sip_header id,
                         struct sip_fault *fault)
{
    struct sip_str value = sip_message_value(message, id);
    uint32_t seconds = 0;

    if (value.at && sip_number_parse(&seconds, value, UINT32_MAX, fault) != 0)
        return false;
    sink += seconds;
    return true;
}

/* Start line, Request-URI, topmost Via, From, To, CSeq, Call-ID and Max-Forwards are read by the
 * check, Content-Length when the body is found. */
static bool read_all(const struct sip_message *message)
{
    struct sip_essentials essentials;
    struct sip_fault fault;

    if (sip_message_check(message, &essentials, &fault) != 0)
        return false;
    sink += essentials.cseq.number;
    return read_vias(message, &fault) && read_addresses(message, SIP_HEADER_CONTACT, &fault) &&
           read_addresses(message, SIP_HEADER_RECORD_ROUTE, &fault) &&
           read_seconds(message, SIP_HEADER_EXPIRES, &fault) &&
           read_credentials(message, SIP_HEADER_AUTHORIZATION, &fault) &&
           read_credentials(message, SIP_HEADER_PROXY_AUTHORIZATION, &fault);
}

static bool full(const struct bench_message *bytes)
{
    struct sip_message message;

    return parse(&message, bytes) && read_all(&message);
}

/* --- write --- */

static struct sip_message *parsed;
static char out[1 << 17];

/* Parsed outside of what is measured; each message has a table of its own. */
static bool keep_parsed(const struct bench_message *bytes, size_t index, size_t count)
{
    struct sip_message *message;
    struct sip_str text = {bytes->at, bytes->len};
    struct sip_fault fault;

    if (!parsed)
        parsed = calloc(count, sizeof *parsed);
    message = &parsed[index];
    sip_message_init(message, calloc(FIELDS_MAX, sizeof *fields), FIELDS_MAX);
    return sip_message_parse(message, text, SIP_DATAGRAM, &fault) > 0;
}

static void write_first_line(struct sip_writer *writer, const struct sip_message *message)
{
    if (message->status)
        sip_write_status_line(writer, message->status, message->reason);
    else
        sip_write_request_line(writer, message->method_name, message->uri);
}

/* Forwards: the first line and a copy of every field, folds undone. */
static bool copy(const struct bench_message *bytes)
{
    const struct sip_message *message = &parsed[bench_index(bytes)];
    struct sip_writer writer;

    sip_writer_init(&writer, out, sizeof out);
    write_first_line(&writer, message);
    sip_write_fields_except(&writer, message, NULL, 0);
    sip_write_body(&writer, sip_message_value(message, SIP_HEADER_CONTENT_TYPE), message->body);
    return sip_writer_done(&writer) > 0;
}

static bool write_field(struct sip_writer *writer, const struct sip_message *message,
                        const struct sip_field *field)
{
    struct sip_str value = {message->bytes.at + field->value, field->value_len};
    struct sip_str name = {message->bytes.at + field->name, field->name_len};
    uint32_t number;

    switch (field->id) {
    case SIP_HEADER_CONTENT_TYPE:
    case SIP_HEADER_CONTENT_LENGTH:
        return true; /* come with the body */
    case SIP_HEADER_MAX_FORWARDS:
    case SIP_HEADER_EXPIRES:
        if (sip_number_parse(&number, value, UINT32_MAX, NULL) != 0)
            return false;
        sip_write_number(writer, (enum sip_header)field->id, number);
        return true;
    case SIP_HEADER_OTHER:
        sip_write_named(writer, name, value);
        return true;
    default:
        sip_write_header(writer, (enum sip_header)field->id, value);
        return true;
    }
}

/* Makes a message anew from values: every name and value is checked and written. */
static bool write_again(const struct bench_message *bytes)
{
    const struct sip_message *message = &parsed[bench_index(bytes)];
    struct sip_writer writer;

    sip_writer_init(&writer, out, sizeof out);
    write_first_line(&writer, message);
    for (size_t i = 0; i < message->fields_count; i++)
        if (!write_field(&writer, message, &message->fields[i]))
            return false;
    sip_write_body(&writer, sip_message_value(message, SIP_HEADER_CONTENT_TYPE), message->body);
    return sip_writer_done(&writer) > 0;
}

const struct bench_work bench_works[] = {
    {"split", split, NULL},      {"full", full, NULL}, {"write", write_again, keep_parsed},
    {"copy", copy, keep_parsed}, {NULL, NULL, NULL},
};
