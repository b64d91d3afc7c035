/* Messages into the caller's buffer (RFC 3261 §7, §25.1). Every byte of a head goes through
 * put_clean(), put_received() or a literal of this file, so that none can end a line but ours. */
#include "sip/writer.h"
#include "sip/error.h"
#include "base/memory.h"
#include "message/layout.h"
#include "message/letters.h"
#include "message/match.h"
#include "message/names.h"
#include "message/wide.h"

void sip_writer_init(struct sip_writer *writer, void *memory, size_t size)
{
    writer->at = memory;
    writer->size = size;
    writer->used = 0;
    writer->error = SIP_OK;
    writer->compact = false;
}

static void fail(struct sip_writer *writer, int error)
{
    if (writer->error == SIP_OK)
        writer->error = error;
}

/* --- bytes --- */

static inline bool has_room(const struct sip_writer *writer, size_t len)
{
    return writer->used <= writer->size && len <= writer->size - writer->used;
}

static inline void put(struct sip_writer *writer, const char *bytes, size_t len)
{
    if (len > 0 && has_room(writer, len))
        memcpy(writer->at + writer->used, bytes, len);
    writer->used += len;
}

#define PUT_LITERAL(writer, text) put(writer, text, sizeof text - 1)

/* The first control byte from `at` on, else the length: looked for when there may be one. */
static size_t find_control(struct sip_str piece, size_t at)
{
    return sip_find_control(piece.at, at, piece.len);
}

static SIP_HOT void put_clean(struct sip_writer *writer, struct sip_str piece)
{
    if (sip_may_have_control(piece.at, piece.len) && find_control(piece, 0) < piece.len)
        fail(writer, SIP_EHEADER);
    put(writer, piece.at, piece.len);
}

/* Where the fold that has its CR at `at` ends, with all folds and white space behind it; `at` when
 * it is none. */
static size_t skip_fold(struct sip_str piece, size_t at)
{
    if (piece.len - at < 3 || piece.at[at] != '\r' || piece.at[at + 1] != '\n' ||
        !sip_is_blank(piece.at[at + 2]))
        return at;
    for (at += 3; at < piece.len && sip_is_space(piece.at[at]); at++)
        ;
    return at;
}

/* Where the control byte at `at` that is half of a quoted-pair (§25.1) ends; `at` when it is
 * not. */
static size_t skip_escaped(struct sip_str piece, size_t at)
{
    char c = piece.at[at];

    return at > 0 && piece.at[at - 1] == '\\' && c != '\r' && c != '\n' ? at + 1 : at;
}

/* What a peer wrote: folds become one space, escaped control bytes too. */
static void put_received(struct sip_writer *writer, struct sip_str piece)
{
    size_t begin = 0, at;

    if (!sip_may_have_control(piece.at, piece.len)) {
        put(writer, piece.at, piece.len);
        return;
    }
    at = find_control(piece, 0);
    while (at < piece.len) {
        size_t next = skip_fold(piece, at), end = at;

        if (next > at) {
            while (end > begin && sip_is_blank(piece.at[end - 1]))
                end--;
        } else {
            next = skip_escaped(piece, at);
            end = at > begin ? at - 1 : at;
        }
        if (next == at) {
            fail(writer, SIP_EHEADER);
            break;
        }
        put(writer, piece.at + begin, end - begin);
        PUT_LITERAL(writer, " ");
        begin = next;
        at = find_control(piece, next);
    }
    put(writer, piece.at + begin, piece.len - begin);
}

static bool is_token(struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!sip_is_token(text.at[i]))
            return false;
    return text.len > 0;
}

/* --- numbers --- */

/* 64-bit numbers without dividing them: targets of 32 bits have no such instruction. */
static size_t digits_of_64(char *out, uint64_t value)
{
    static const uint64_t powers[20] = {UINT64_C(10000000000000000000),
                                        UINT64_C(1000000000000000000),
                                        UINT64_C(100000000000000000),
                                        UINT64_C(10000000000000000),
                                        UINT64_C(1000000000000000),
                                        UINT64_C(100000000000000),
                                        UINT64_C(10000000000000),
                                        UINT64_C(1000000000000),
                                        UINT64_C(100000000000),
                                        UINT64_C(10000000000),
                                        1000000000,
                                        100000000,
                                        10000000,
                                        1000000,
                                        100000,
                                        10000,
                                        1000,
                                        100,
                                        10,
                                        1};
    size_t len = 0;

    for (size_t i = 0; i < 20; i++) {
        char digit = '0';

        for (; value >= powers[i]; value -= powers[i])
            digit++;
        if (digit > '0' || len > 0)
            out[len++] = digit;
    }
    return len;
}

void sip_write_decimal(struct sip_writer *writer, uint64_t value)
{
    char digits[20];
    size_t begin = sizeof digits;
    uint32_t rest = (uint32_t)value;

    if (value > UINT32_MAX) {
        put(writer, digits, digits_of_64(digits, value));
        return;
    }
    do {
        digits[--begin] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    put(writer, digits + begin, sizeof digits - begin);
}

void sip_write_hex(struct sip_writer *writer, const void *bytes, size_t count)
{
    static const char digit[16] = "0123456789abcdef";
    const unsigned char *at = bytes;

    for (size_t i = 0; i < count; i++) {
        char pair[2] = {digit[at[i] >> 4], digit[at[i] & 15]};
        put(writer, pair, 2);
    }
}

/* --- whole lines --- */

void sip_write_request_line(struct sip_writer *writer, struct sip_str method, struct sip_str uri)
{
    if (!is_token(method) || uri.len == 0)
        fail(writer, SIP_EINVAL);
    if (sip_find(uri.at, 0, uri.len, ' ') < uri.len || sip_find(uri.at, 0, uri.len, '\t') < uri.len)
        fail(writer, SIP_EHEADER);
    put_clean(writer, method);
    PUT_LITERAL(writer, " ");
    put_clean(writer, uri);
    PUT_LITERAL(writer, " SIP/2.0\r\n");
}

void sip_write_status_line(struct sip_writer *writer, uint16_t status, struct sip_str reason)
{
    if (status < 100 || status > 699)
        fail(writer, SIP_EINVAL);
    PUT_LITERAL(writer, "SIP/2.0 ");
    sip_write_decimal(writer, status);
    PUT_LITERAL(writer, " ");
    put_clean(writer, reason.len > 0 ? reason : sip_str(sip_status_text(status)));
    PUT_LITERAL(writer, "\r\n");
}

/* A known name and what stands behind it. Names are copied in whole pieces: what is behind theirs
 * may be read, and what is behind ours is written next. */
static SIP_HOT void put_name(struct sip_writer *writer, enum sip_header id)
{
    struct sip_str name = sip_header_name_here(id);
    char letter = writer->compact ? sip_header_compact(id) : 0;

    if (name.len == 0)
        fail(writer, SIP_EINVAL);
    if (letter) {
        put(writer, &letter, 1);
    } else if (!SIP_OPTIMIZE_SIZE && has_room(writer, name.len + SIP_NAME_PIECE)) {
        for (size_t i = 0; i < name.len; i += SIP_NAME_PIECE)
            memcpy(writer->at + writer->used + i, name.at + i, SIP_NAME_PIECE);
        writer->used += name.len;
    } else {
        put(writer, name.at, name.len);
    }
    PUT_LITERAL(writer, ": ");
}

void sip_write_begin_named(struct sip_writer *writer, struct sip_str name)
{
    if (!is_token(name))
        fail(writer, SIP_EHEADER);
    put_clean(writer, name);
    PUT_LITERAL(writer, ": ");
}

void sip_write_begin(struct sip_writer *writer, enum sip_header id)
{
    put_name(writer, id);
}

void sip_write_end(struct sip_writer *writer)
{
    PUT_LITERAL(writer, "\r\n");
}

/* A whole line for which there is room, asked for once. */
static SIP_HOT void put_line(struct sip_writer *writer, struct sip_str name, struct sip_str value)
{
    char *to = writer->at + writer->used;

    if (sip_may_have_control(value.at, value.len) && find_control(value, 0) < value.len)
        fail(writer, SIP_EHEADER);
    for (size_t i = 0; i < name.len; i += SIP_NAME_PIECE)
        memcpy(to + i, name.at + i, SIP_NAME_PIECE);
    memcpy(to + name.len, ": ", 2);
    if (value.len > 0)
        memcpy(to + name.len + 2, value.at, value.len);
    memcpy(to + name.len + 2 + value.len, "\r\n", 2);
    writer->used += name.len + value.len + 4;
}

void sip_write_header(struct sip_writer *writer, enum sip_header id, struct sip_str value)
{
    struct sip_str name = sip_header_name_here(id);

    if (!SIP_OPTIMIZE_SIZE && !writer->compact && name.len > 0 &&
        value.len < SIZE_MAX - 2 * SIP_NAME_PIECE - name.len &&
        has_room(writer, name.len + value.len + SIP_NAME_PIECE + 4)) {
        put_line(writer, name, value);
        return;
    }
    put_name(writer, id);
    put_clean(writer, value);
    PUT_LITERAL(writer, "\r\n");
}

void sip_write_named(struct sip_writer *writer, struct sip_str name, struct sip_str value)
{
    sip_write_begin_named(writer, name);
    put_clean(writer, value);
    sip_write_end(writer);
}

void sip_write_number(struct sip_writer *writer, enum sip_header id, uint32_t value)
{
    sip_write_begin(writer, id);
    sip_write_decimal(writer, value);
    sip_write_end(writer);
}

void sip_write_cseq(struct sip_writer *writer, uint32_t number, struct sip_str method)
{
    if (number > SIP_CSEQ_MAX || !is_token(method))
        fail(writer, SIP_EINVAL);
    sip_write_begin(writer, SIP_HEADER_CSEQ);
    sip_write_decimal(writer, number);
    PUT_LITERAL(writer, " ");
    put_clean(writer, method);
    sip_write_end(writer);
}

/* --- copies --- */

void sip_write_copy(struct sip_writer *writer, const struct sip_message *message,
                    const struct sip_field *field)
{
    const char *bytes = message->bytes.at;

    if (field->id == SIP_HEADER_OTHER)
        sip_write_begin_named(writer, sip_bytes(bytes + field->name, field->name_len));
    else
        put_name(writer, (enum sip_header)field->id);
    put_received(writer, sip_bytes(bytes + field->value, field->value_len));
    PUT_LITERAL(writer, "\r\n");
}

void sip_write_copy_all(struct sip_writer *writer, const struct sip_message *message,
                        enum sip_header id)
{
    size_t first = (unsigned)id < SIP_HEADER_COUNT ? message->first[id] : 0;

    for (size_t i = first; i > 0 && i <= message->fields_count; i++)
        if (message->fields[i - 1].id == (unsigned)id)
            sip_write_copy(writer, message, &message->fields[i - 1]);
}

static bool is_among(unsigned id, const enum sip_header *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (id == (unsigned)list[i])
            return true;
    return false;
}

void sip_write_fields_except(struct sip_writer *writer, const struct sip_message *message,
                             const enum sip_header *skip, size_t count)
{
    for (size_t i = 0; i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];

        if (field->id != SIP_HEADER_CONTENT_TYPE && field->id != SIP_HEADER_CONTENT_LENGTH &&
            !is_among(field->id, skip, count))
            sip_write_copy(writer, message, field);
    }
}

/* --- pieces --- */

void sip_write_piece(struct sip_writer *writer, struct sip_str piece)
{
    put_clean(writer, piece);
}

void sip_write_text(struct sip_writer *writer, const char *text)
{
    put_clean(writer, sip_str(text));
}

void sip_write_received(struct sip_writer *writer, struct sip_str piece)
{
    put_received(writer, piece);
}

/* quoted-string (§25.1): a quote or backslash inside gets its backslash. */
void sip_write_quoted(struct sip_writer *writer, struct sip_str unquoted)
{
    size_t begin = 0;

    PUT_LITERAL(writer, "\"");
    for (size_t i = 0; i < unquoted.len; i++) {
        if (unquoted.at[i] != '"' && unquoted.at[i] != '\\')
            continue;
        put_clean(writer, sip_bytes(unquoted.at + begin, i - begin));
        PUT_LITERAL(writer, "\\");
        begin = i;
    }
    if (unquoted.len > begin)
        put_clean(writer, sip_bytes(unquoted.at + begin, unquoted.len - begin));
    PUT_LITERAL(writer, "\"");
}

void sip_write_host(struct sip_writer *writer, const struct sip_addr *addr)
{
    char text[SIP_ADDR_TEXT];
    size_t len;

    if (addr->family != SIP_IPV4 && addr->family != SIP_IPV6) {
        fail(writer, SIP_EINVAL);
        return;
    }
    len = sip_addr_text(addr, text);
    if (addr->family == SIP_IPV6)
        PUT_LITERAL(writer, "[");
    put_clean(writer, sip_bytes(text, len));
    if (addr->family == SIP_IPV6)
        PUT_LITERAL(writer, "]");
    if (addr->port != 0) {
        PUT_LITERAL(writer, ":");
        sip_write_decimal(writer, addr->port);
    }
}

void sip_write_address(struct sip_writer *writer, enum sip_header id, struct sip_str display,
                       struct sip_str uri, struct sip_str params)
{
    if (uri.len == 0)
        fail(writer, SIP_EINVAL);
    for (size_t i = 0; i < uri.len; i++)
        if (uri.at[i] == '<' || uri.at[i] == '>' || uri.at[i] == '"' || sip_is_blank(uri.at[i]))
            fail(writer, SIP_EHEADER); /* the URI could end before its end */
    sip_write_begin(writer, id);
    if (display.len > 0) {
        sip_write_quoted(writer, display);
        PUT_LITERAL(writer, " ");
    }
    PUT_LITERAL(writer, "<");
    put_clean(writer, uri);
    PUT_LITERAL(writer, ">");
    put_clean(writer, params);
    sip_write_end(writer);
}

/* --- the end of the message --- */

void sip_write_body(struct sip_writer *writer, struct sip_str type, struct sip_str bytes)
{
    if (type.len > 0)
        sip_write_header(writer, SIP_HEADER_CONTENT_TYPE, type);
    sip_write_begin(writer, SIP_HEADER_CONTENT_LENGTH);
    sip_write_decimal(writer, bytes.len);
    PUT_LITERAL(writer, "\r\n\r\n");
    put(writer, bytes.at, bytes.len);
}

long sip_writer_done(const struct sip_writer *writer)
{
    if (writer->error != SIP_OK)
        return writer->error;
    return writer->used > writer->size ? SIP_ESIZE : (long)writer->used;
}
