#include <ctype.h>

#include "wide.h"
#include "fuzz.h"
#include "message/wide.h"
#include "sip/message.h"
#include "sip/writer.h"

enum { FIELDS_MAX = 64, WRITTEN_MAX = 4 * WIDE_MAX };

static void put(struct record *record, const void *bytes, size_t len)
{
    require(len <= sizeof record->at - record->used);
    if (len > 0)
        memcpy(record->at + record->used, bytes, len);
    record->used += len;
}

static void put_number(struct record *record, uint64_t number)
{
    put(record, &number, sizeof number);
}

static void put_text(struct record *record, struct sip_str text)
{
    put_number(record, text.at ? text.len + 1 : 0);
    put(record, text.at, text.len);
}

static void put_fault(struct record *record, const struct sip_fault *fault)
{
    put_number(record, fault->reason);
    put_number(record, fault->header);
    put_number(record, fault->offset);
}

/* --- many bytes at a time (message/wide.h) against one by one --- */

static size_t first_of(struct sip_str bytes, size_t at, char byte)
{
    while (at < bytes.len && bytes.at[at] != byte)
        at++;
    return at;
}

static size_t first_special(struct sip_str bytes, size_t at)
{
    while (at < bytes.len &&
           (isalnum((unsigned char)bytes.at[at]) || bytes.at[at] == '-' || bytes.at[at] == '.'))
        at++;
    return at;
}

/* A control byte is always told; others may be. */
static void look_controls(struct sip_str bytes)
{
    bool any = false;

    for (size_t at = 0; at < bytes.len; at++) {
        size_t block = at - at % SIP_WIDE_CONTROLS;
        bool control = sip_is_control(bytes.at[at]);

        any |= control;
        if (control && bytes.len - block >= SIP_WIDE_CONTROLS)
            require(sip_wide_controls(bytes.at + block) >> (at - block) & 1);
    }
    require(!any || sip_may_have_control(bytes.at, bytes.len));
}

static void look_bytes(struct sip_str bytes)
{
    size_t step = bytes.len / 7 + 1;

    look_controls(bytes);
    for (size_t at = 0; at < bytes.len; at += step) {
        require(sip_find(bytes.at, at, bytes.len, '\n') == first_of(bytes, at, '\n'));
        require(sip_skip_plain(bytes.at, at, bytes.len) <= first_special(bytes, at));
    }
}

/* --- a message --- */

static void look_essentials(struct record *record, const struct sip_essentials *got)
{
    put_text(record, got->via.transport);
    put_text(record, got->via.host);
    put_text(record, got->via.params);
    put_text(record, got->via.branch);
    put_text(record, got->from.display);
    put_text(record, got->from.uri);
    put_text(record, got->from.tag);
    put_text(record, got->to.uri);
    put_text(record, got->to.params);
    put_text(record, got->cseq.method_name);
    put_text(record, got->call_id);
    put_number(record, got->cseq.number);
    put_number(record, got->tolerated);
    put_number(record, got->max_forwards);
}

static void look_written(struct record *record, const struct sip_message *message)
{
    static char out[WRITTEN_MAX];
    struct sip_writer writer;

    sip_writer_init(&writer, out, sizeof out);
    sip_write_piece(&writer, message->uri);
    sip_write_fields_except(&writer, message, NULL, 0);
    put_number(record, (uint64_t)sip_writer_done(&writer));
    put(record, out, writer.used < sizeof out ? writer.used : 0);
}

static void look_message(struct record *record, struct sip_str bytes, enum sip_framing framing)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_essentials essentials;
    struct sip_message message;
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};

    sip_message_init(&message, fields, FIELDS_MAX);
    put_number(record, (uint64_t)sip_message_parse(&message, bytes, framing, &fault));
    put_fault(record, &fault);
    put_number(record, message.has_head);
    if (!message.has_head)
        return;
    put(record, fields, message.fields_count * sizeof *fields);
    put_text(record, message.method_name);
    put_text(record, message.uri);
    put_text(record, message.reason);
    put_text(record, message.body);
    put_number(record, message.tolerated);
    if (sip_message_check(&message, &essentials, &fault) == 0)
        look_essentials(record, &essentials);
    put_fault(record, &fault);
    sip_message_check_values(&message, &fault);
    put_fault(record, &fault);
    look_written(record, &message);
}

/* --- a value --- */

static void look_value(struct record *record, struct sip_str value)
{
    struct sip_address address = {0};
    struct sip_via via = {0};
    struct sip_uri uri = {0};
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};

    put_number(record, (uint64_t)sip_address_parse(&address, value, &fault));
    put_text(record, address.uri);
    put_fault(record, &fault);
    put_number(record, (uint64_t)sip_via_parse(&via, value, &fault));
    put_text(record, via.params);
    put_fault(record, &fault);
    put_number(record, (uint64_t)sip_uri_parse(&uri, value, &fault));
    put_text(record, uri.host);
    put_fault(record, &fault);
}

void sip_look(struct record *record, struct sip_str bytes)
{
    record->used = 0;
    look_bytes(bytes);
    look_message(record, bytes, chance_of(bytes) & 1 ? SIP_DATAGRAM : SIP_STREAM);
    look_value(record, bytes);
}
