/* Framing of streams: RFC 3261 §7.5, §18.3; keep-alives of RFC 5626 §3.5.1.
 *
 * The head's end is searched once, byte for byte of what is new; then Content-Length is looked for
 * in the head, in the same way as sip_message_parse() reads it. */
#include "sip/framer.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "message/letters.h"

#define HEAD_MAX 65535u
#define BODY_MAX UINT32_C(0x7fff0000) /* as in sip_message_parse() */

static size_t message_max(const struct sip_framer *f)
{
    return f->message_max ? f->message_max : HEAD_MAX;
}

static size_t head_max(const struct sip_framer *f)
{
    return message_max(f) < HEAD_MAX ? message_max(f) : HEAD_MAX;
}

static void start_over(struct sip_framer *f)
{
    f->searched = 0;
    f->need = 0;
    f->start_seen = false;
}

static enum sip_frame break_off(struct sip_framer *f, struct sip_framed *frame,
                                enum sip_reason reason, size_t offset)
{
    f->broken = true;
    frame->fault.reason = reason;
    frame->fault.header = SIP_HEADER_OTHER;
    frame->fault.offset = (uint32_t)offset;
    frame->consumed = 0; /* the offset counts from the start of what was passed */
    return SIP_FRAME_BROKEN;
}

/* --- between messages --- */

static bool at_crlf(struct sip_str bytes, size_t at)
{
    return bytes.len - at >= 2 && bytes.at[at] == '\r' && bytes.at[at + 1] == '\n';
}

/* Takes CR and LF off the front, the state of one split anywhere being in `newlines`: four are a
 * ping; on a connection that we opened two are a pong, unless two more are there already.
 * SIP_FRAME_MESSAGE means that a message begins at `frame->consumed`. */
static enum sip_frame take_newlines(struct sip_framer *f, struct sip_str bytes,
                                    struct sip_framed *frame)
{
    size_t at = frame->consumed;
    enum sip_frame kind = SIP_FRAME_INCOMPLETE;

    while (at < bytes.len && kind == SIP_FRAME_INCOMPLETE) {
        char expected = f->newlines % 2 ? '\n' : '\r';

        if (bytes.at[at] == expected) {
            f->newlines++;
            at++;
        } else if (expected == '\n') {
            return break_off(f, frame, SIP_BAD_LINE_END, at);
        } else {
            kind = SIP_FRAME_MESSAGE;
        }
        if (f->newlines == 4)
            kind = SIP_FRAME_PING;
        else if (f->opened && f->newlines == 2 && !at_crlf(bytes, at))
            kind = SIP_FRAME_PONG;
    }
    if (kind != SIP_FRAME_INCOMPLETE)
        f->newlines = 0;
    frame->consumed = at;
    return kind;
}

/* --- the head --- */

/* True when the line has " SIP/" in it or begins with "SIP/": anything else, such as a request of
 * HTTP, is no message whose end could be found. */
static bool is_start_line(struct sip_str line)
{
    for (size_t i = 0; line.len - i >= 4; i++)
        if ((i == 0 || line.at[i - 1] == ' ') &&
            sip_str_same(sip_bytes(line.at + i, 4), sip_str("SIP/")))
            return true;
    return false;
}

/* Searches on for the empty line that ends the head; stores the head's length, 0 when it is not
 * there yet. */
static enum sip_reason find_head(struct sip_framer *f, struct sip_str bytes, size_t *head,
                                 size_t *wrong)
{
    size_t limit = bytes.len < head_max(f) ? bytes.len : head_max(f);

    *head = 0;
    *wrong = 0;
    if (!sip_is_token(bytes.at[0]))
        return SIP_BAD_START_LINE;
    while (f->searched < limit) {
        const char *end = memchr(bytes.at + f->searched, '\n', limit - f->searched);
        size_t at = end ? (size_t)(end - bytes.at) : limit;

        f->searched = end ? at + 1 : limit;
        if (!end)
            break;
        *wrong = at;
        if (at == 0 || bytes.at[at - 1] != '\r')
            return SIP_BAD_LINE_END;
        if (!f->start_seen && !is_start_line(sip_bytes(bytes.at, at - 1)))
            return *wrong = 0, SIP_BAD_START_LINE;
        f->start_seen = true;
        if (at >= 3 && bytes.at[at - 2] == '\n') {
            *head = at + 1;
            return SIP_REASON_NONE;
        }
    }
    *wrong = limit;
    return limit == head_max(f) ? SIP_HEAD_TOO_LONG : SIP_REASON_NONE;
}

/* Content-Length = 1*DIGIT, white space and folds around it (§20.14, §7.3.1). */
static bool read_length(struct sip_str value, uint32_t *length)
{
    uint64_t number = 0;
    size_t at = 0;

    while (value.len > at && sip_is_space(value.at[value.len - 1]))
        value.len--;
    while (at < value.len && sip_is_space(value.at[at]))
        at++;
    if (at == value.len)
        return false;
    for (; at < value.len; at++) {
        if (!sip_is_digit(value.at[at]))
            return false;
        number = number * 10 + (unsigned)(value.at[at] - '0');
        if (number > BODY_MAX)
            return false;
    }
    *length = (uint32_t)number;
    return true;
}

/* Where the header that begins at `at` ends: behind its last fold, before the CRLF. */
static size_t header_end(struct sip_str head, size_t at)
{
    for (;;) {
        const char *end = memchr(head.at + at, '\n', head.len - at);

        if (!end)
            return head.len;
        at = (size_t)(end - head.at) + 1;
        if (at >= head.len || !sip_is_blank(head.at[at]))
            return at;
    }
}

/* The value of `header` when it is a Content-Length, "l" included (§7.3.3), else {NULL, 0}. */
static struct sip_str content_length(struct sip_str header)
{
    struct sip_str none = {NULL, 0};
    size_t name = 0, colon;

    if (header.len == 0 || (sip_lower(header.at[0]) != 'c' && sip_lower(header.at[0]) != 'l'))
        return none;
    while (name < header.len && sip_is_token(header.at[name]))
        name++;
    for (colon = name; colon < header.len && sip_is_blank(header.at[colon]);)
        colon++;
    if (colon == header.len || header.at[colon] != ':' ||
        sip_header_of(sip_bytes(header.at, name)) != SIP_HEADER_CONTENT_LENGTH)
        return none;
    return sip_bytes(header.at + colon + 1, header.len - colon - 1);
}

/* Reads Content-Length: there, and the same wherever it stands (§18.3). */
static enum sip_reason find_length(struct sip_str head, uint32_t *length, size_t *wrong)
{
    bool found = false;

    for (size_t at = header_end(head, 0), end; at < head.len; at = end) {
        struct sip_str value;
        uint32_t number;

        end = header_end(head, at);
        value = content_length(sip_bytes(head.at + at, end - at));
        if (!value.at)
            continue;
        *wrong = (size_t)(value.at - head.at);
        if (!read_length(value, &number))
            return SIP_BAD_NUMBER;
        if (found && number != *length)
            return SIP_CONFLICT;
        *length = number;
        found = true;
    }
    *wrong = head.len - 2;
    return found ? SIP_REASON_NONE : SIP_MISSING;
}

/* --- the message --- */

/* `bytes` begin with the head of a message that is longer than the limit. */
static enum sip_frame skip_body(struct sip_framer *f, struct sip_str bytes, size_t head,
                                struct sip_framed *frame)
{
    size_t length = f->need - head;
    size_t there = bytes.len - head < length ? bytes.len - head : length;

    frame->message = sip_bytes(bytes.at, head);
    frame->consumed += head + there;
    start_over(f);
    f->skip = length - there;
    return SIP_FRAME_TOO_LONG;
}

static enum sip_frame take_message(struct sip_framer *f, struct sip_str bytes,
                                   struct sip_framed *frame)
{
    enum sip_reason reason;
    uint32_t length = 0;
    size_t head, wrong;

    if (f->need == 0) {
        reason = find_head(f, bytes, &head, &wrong);
        if (reason != SIP_REASON_NONE)
            return break_off(f, frame, reason, frame->consumed + wrong);
        if (head == 0)
            return SIP_FRAME_INCOMPLETE;
        reason = find_length(sip_bytes(bytes.at, head), &length, &wrong);
        if (reason != SIP_REASON_NONE) {
            break_off(f, frame, reason, frame->consumed + wrong);
            frame->fault.header = SIP_HEADER_CONTENT_LENGTH;
            return SIP_FRAME_BROKEN;
        }
        f->need = head + length;
        if (f->need > message_max(f))
            return skip_body(f, bytes, head, frame);
    }
    if (bytes.len < f->need)
        return SIP_FRAME_INCOMPLETE;
    frame->message = sip_bytes(bytes.at, f->need);
    frame->consumed += f->need;
    start_over(f);
    return SIP_FRAME_MESSAGE;
}

enum sip_frame sip_framer_next(struct sip_framer *f, struct sip_str bytes, struct sip_framed *frame)
{
    enum sip_frame kind;

    memset(frame, 0, sizeof *frame);
    if (f->broken)
        return break_off(f, frame, SIP_BAD_START_LINE, 0);
    frame->consumed = f->skip < bytes.len ? f->skip : bytes.len;
    f->skip -= frame->consumed;
    if (f->searched == 0) {
        kind = take_newlines(f, bytes, frame);
        if (kind != SIP_FRAME_MESSAGE)
            return kind;
    } else if (frame->consumed == bytes.len) {
        return SIP_FRAME_INCOMPLETE;
    }
    return take_message(
        f, sip_bytes(bytes.at + frame->consumed, bytes.len - frame->consumed), frame);
}
