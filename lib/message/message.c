/* One pass from bytes to the header table: RFC 3261 §7, §18.3 and the first rules of §25.1.
 *
 * Where lines end is known from the control bytes; here each line is cut in name and value.
 * Positions count from the start line. A position at or behind `limit` means that the line could
 * not be read; `reason` then says why, or nothing when bytes are missing. */
#include "sip/message.h"
#include "sip/error.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "message/controls.h"
#include "message/letters.h"
#include "message/match.h"
#include "message/wide.h"

#define HEAD_MAX 65535u               /* offsets have 16 bits */
#define BODY_MAX UINT32_C(0x7fff0000) /* so that head and body are fewer than LONG_MAX bytes */
#define NOWHERE  SIZE_MAX

struct split {
    struct sip_message *message;
    const char *at;       /* the start line */
    size_t limit;         /* bytes at `at` that can be of the head */
    size_t plain;         /* up to here two more follow each of them */
    bool lone_lf;         /* may end a line */
    enum sip_reason late; /* a fault of the start line that is told when the head has been read */
    size_t late_offset;
    enum sip_reason reason;
    enum sip_header header;
    size_t offset;
    struct sip_controls controls;
};

static size_t refuse(struct split *s, size_t offset, enum sip_reason reason)
{
    s->reason = reason;
    s->offset = offset;
    return NOWHERE;
}

/* The start line is wrong, but the fields behind it may serve for an answer. */
static void refuse_late(struct split *s, size_t offset, enum sip_reason reason)
{
    s->late = reason;
    s->late_offset = offset;
}

/* The byte at `at` cannot stand there: as a control byte that is no line end anywhere, else for
 * `reason`. */
static size_t refuse_byte(struct split *s, size_t at, enum sip_reason reason)
{
    bool odd = at < s->limit && sip_is_control(s->at[at]) && s->at[at] != '\r' && s->at[at] != '\n';

    return refuse(s, at, odd ? SIP_BAD_CONTROL : reason);
}

/* --- where lines end --- */

/* sip_next_control() where it is not asked for each field. */
static SIP_COLD size_t next_control(struct split *s, size_t from)
{
    return sip_next_control(&s->controls, from);
}

/* 1 when the LF at `at` is taken for a line end: not where a fold would begin, which no value
 * parser knows of. */
static size_t lone_lf(struct split *s, size_t at)
{
    if (!s->lone_lf || (at + 1 < s->limit && sip_is_blank(s->at[at + 1])))
        return 0;
    s->message->tolerated |= SIP_TOLERATE_BARE_LF;
    return 1;
}

/* The one place that says what ends a line: how many bytes at `at` do, 0 when the first cannot,
 * NOWHERE when that is not known yet. */
static SIP_HOT size_t line_end(struct split *s, size_t at)
{
    if (at >= s->limit)
        return NOWHERE;
    if (s->at[at] != '\r')
        return s->at[at] == '\n' ? lone_lf(s, at) : 0;
    at++;
    if (at >= s->limit)
        return NOWHERE;
    return s->at[at] == '\n' ? 2 : 0;
}

static size_t refuse_line_end(struct split *s, size_t at)
{
    return refuse_byte(s, at, SIP_BAD_LINE_END);
}

/* The control byte at `at` may be there when it is escaped: quoted-pair (§25.1). Whether that is
 * inside quotes is asked when the field has been read to its end. */
static bool may_be_escaped(const struct split *s, size_t at)
{
    return at > 0 && at < s->limit && s->at[at - 1] == '\\' && s->at[at] != '\r' &&
           s->at[at] != '\n';
}

/* Where the first control byte outside of a quoted-pair stands from `at` to `end`, else `end`.
 * Folds, the only other control bytes there are, have been looked at already. */
static size_t unescaped_control(const struct split *s, size_t at, size_t end)
{
    bool quoted = false;

    for (; at < end; at++) {
        char c = s->at[at];

        if (c == '\\' && quoted)
            at++;
        else if (c == '"')
            quoted = !quoted;
        else if (sip_is_control(c) && c != '\r' && c != '\n')
            return at;
    }
    return end;
}

/* Where the field goes on whose value begins at `value`, or the next one begins, when it has a fold
 * or control bytes; `*field_end` is the first of them, and becomes where its last line end
 * stands. */
static size_t odd_field_end(struct split *s, size_t value, size_t *field_end)
{
    size_t end = *field_end, next;
    bool escapes = false;

    for (;;) {
        size_t taken = line_end(s, end);

        if (taken == 0 && may_be_escaped(s, end)) {
            escapes = true;
            end = next_control(s, end + 1);
            continue;
        }
        if (taken == 0)
            return refuse_line_end(s, end);
        next = taken == NOWHERE ? NOWHERE : end + taken;
        if (next >= s->limit)
            return NOWHERE;
        if (!sip_is_blank(s->at[next]))
            break;
        end = next_control(s, next);
    }
    if (escapes) {
        size_t bad = unescaped_control(s, value, end);
        if (bad < end)
            return refuse(s, bad, SIP_BAD_CONTROL);
    }
    *field_end = end;
    return next;
}

/* White space of any kind: at the edges of a value that has been found well-formed there is no
 * other control byte. */
static SIP_HOT bool is_edge(char c)
{
    return (unsigned char)c <= ' ';
}

/* True when a field ends at `end` and goes on nowhere: CR LF and no white space (§7.3.1). */
static SIP_HOT bool is_plain_end(const struct split *s, size_t end)
{
    return end < s->plain && s->at[end] == '\r' && s->at[end + 1] == '\n' &&
           !is_edge(s->at[end + 2]);
}

/* --- the start line --- */

static bool same_letters(const struct split *s, size_t at, const char *upper, size_t len)
{
    for (size_t i = 0; i < len; i++, at++)
        if (at >= s->limit || sip_lower(s->at[at]) != sip_lower(upper[i]))
            return false;
    return true;
}

/* "SIP/2.0" in capital letters, and eight bytes to look at; nearly always so. */
static inline bool is_our_version(const struct split *s, size_t at)
{
    if (!SIP_OPTIMIZE_SIZE && s->limit >= 8 && at <= s->limit - 8 &&
        ((sip_load_64(s->at + at) ^ sip_load_64("SIP/2.0")) << 8) == 0)
        return true;
    return same_letters(s, at, "SIP/2.0", 7);
}

/* SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT, of which 2.0 is ours; its letters ignore case
 * (§7.1). False when it is none. */
static bool read_version(struct split *s, size_t at, size_t end)
{
    size_t begin = at, dot;

    if (end - at == 7 && is_our_version(s, at))
        return true;
    if (end - at < 4 || !same_letters(s, at, "SIP/", 4))
        return false;
    for (at += 4; at < end && sip_is_digit(s->at[at]); at++)
        ;
    dot = at;
    if (dot == begin + 4 || dot >= end || s->at[dot] != '.')
        return false;
    for (at = dot + 1; at < end && sip_is_digit(s->at[at]); at++)
        ;
    if (at < end || at == dot + 1)
        return false;
    refuse_late(s, begin, SIP_BAD_VERSION);
    return true;
}

/* A line that is no Request-Line behind its method: when it ends in our version and maybe white
 * space, it was meant as one and gets its answer (400, §21.4.1), else the message is none. */
static size_t read_broken_line(struct split *s, size_t uri, size_t wrong, size_t end)
{
    size_t last = end;

    while (last > uri && sip_is_blank(s->at[last - 1]))
        last--;
    if (last - uri < 8 || !same_letters(s, last - 8, " SIP/2.0", 8))
        return refuse(s, wrong, SIP_BAD_START_LINE);
    if (wrong == last - 7) /* nothing is wrong but the white space behind it */
        wrong = last;
    refuse_late(s, wrong, SIP_BAD_START_LINE);
    s->message->uri = sip_view(s->at + uri, last - 8 - uri);
    return end;
}

/* Method = token, and the SP behind it at `*method`. */
static bool is_method(struct split *s, size_t end, size_t *method)
{
    size_t at = 0;

    while (at < end && sip_is_token(s->at[at]))
        at++;
    *method = at;
    if (at > 0 && at < end && s->at[at] == ' ')
        return true;
    refuse(s, at, at == 0 ? SIP_BAD_START_LINE : SIP_BAD_METHOD);
    return false;
}

/* Request-Line = Method SP Request-URI SP SIP-Version (§7.1). */
static size_t read_request_line(struct split *s, size_t end)
{
    struct sip_message *message = s->message;
    size_t method = sip_find_near(s->at, 0, end, s->limit, ' '), uri, version;
    enum sip_method id = sip_method_of(sip_view(s->at, method < end ? method : 0));

    if (id == SIP_METHOD_OTHER && !is_method(s, end, &method))
        return NOWHERE;
    message->method_name = sip_view(s->at, method);
    message->method = id;
    uri = method + 1;
    version = sip_find(s->at, uri, end, ' ');
    if (version == uri || version >= end)
        return read_broken_line(s, uri, version, end);
    if (!read_version(s, version + 1, end))
        return read_broken_line(s, uri, version + 1, end);
    message->uri = sip_view(s->at + uri, version - uri);
    return end;
}

/* Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (§7.2). */
static size_t read_status_line(struct split *s, size_t end)
{
    size_t at = sip_find(s->at, 0, end, ' ');
    unsigned status = 0;

    if (at >= end || !read_version(s, 0, at))
        return refuse(s, 0, SIP_BAD_START_LINE);
    at++;
    for (unsigned i = 0; i < 3; i++, at++) {
        if (at >= end || !sip_is_digit(s->at[at]))
            return refuse(s, at, SIP_BAD_STATUS);
        status = status * 10 + (unsigned)(s->at[at] - '0');
    }
    if (at >= end || s->at[at] != ' ')
        return refuse(s, at, SIP_BAD_STATUS);
    if (status < 100 || status > 699)
        return refuse(s, at - 3, SIP_BAD_STATUS);
    s->message->status = (uint16_t)status;
    s->message->reason = sip_view(s->at + at + 1, end - at - 1);
    return end;
}

/* Reads the start line and returns where the first field begins. */
static size_t read_start_line(struct split *s)
{
    size_t end = sip_next_control(&s->controls, 0);
    size_t taken = line_end(s, end);
    size_t read;

    if (taken == NOWHERE)
        return NOWHERE;
    if (taken == 0)
        return refuse_line_end(s, end);
    if (end >= 4 && s->at[3] == '/' && same_letters(s, 0, "SIP", 3))
        read = read_status_line(s, end);
    else
        read = read_request_line(s, end);
    return read == NOWHERE ? NOWHERE : end + taken;
}

/* --- the fields --- */

static size_t skip_blanks(const struct split *s, size_t at, size_t end)
{
    while (at < end && sip_is_blank(s->at[at]))
        at++;
    return at;
}

/* A field: its id, the length of its name, and where its colon stands. */
struct name {
    unsigned id;
    size_t len;
    size_t colon;
};

/* A name that is not in the table as it stands, or is none: token *( SP / HTAB ) ":". */
static struct name read_odd_name(struct split *s, size_t begin, size_t end)
{
    struct name name = {SIP_HEADER_OTHER, 0, NOWHERE};
    size_t at = begin;

    while (at < end && sip_is_token(s->at[at]))
        at++;
    name.len = at - begin;
    at = skip_blanks(s, at, end);
    if (at >= s->limit)
        return name;
    if (name.len == 0 || at >= end || s->at[at] != ':') {
        refuse_byte(s, at, SIP_BAD_HEADER_NAME);
        return name;
    }
    if (SIP_OPTIMIZE_SIZE || at > begin + name.len) /* white space kept it from being found */
        name.id = sip_header_match(s->at + begin, name.len, s->limit - begin);
    name.colon = at;
    return name;
}

/* The name that begins at `begin`; the first control byte behind it is at `end`. Its colon is
 * NOWHERE when it is none. */
static SIP_HOT struct name read_name(struct split *s, size_t begin, size_t end)
{
    size_t colon = SIP_OPTIMIZE_SIZE ? end : sip_find_near(s->at, begin, end, s->limit, ':');
    struct name name = {SIP_HEADER_OTHER, colon - begin, colon};

    if (colon < end)
        name.id = sip_header_match_here(s->at + begin, name.len, s->limit - begin);
    return name.id != SIP_HEADER_OTHER ? name : read_odd_name(s, begin, end);
}

/* Puts the field in the table, its value without the white space and folds around it. */
static SIP_HOT bool keep_field(struct split *s, size_t begin, struct name name, size_t end)
{
    struct sip_message *message = s->message;
    size_t count = message->fields_count, value = name.colon + 1;
    struct sip_field *field;

    if (count >= message->fields_max)
        return false;
    field = &message->fields[count];
    field->id = (uint16_t)name.id;
    field->name = (uint16_t)begin;
    while (value < end && is_edge(s->at[value]))
        value++;
    field->name_len = (uint16_t)name.len;
    while (end > value && is_edge(s->at[end - 1]))
        end--;
    field->value = (uint16_t)value;
    field->value_len = (uint16_t)(end - value);
    if (end <= value)
        message->has_empty = true;
    message->fields_count = (uint16_t)(count + 1);
    if (message->first[name.id] == 0)
        message->first[name.id] = (uint8_t)(count < 254 ? count + 1 : 255);
    else
        message->repeated[name.id / 32] |= UINT32_C(1) << (name.id & 31);
    return true;
}

/* No room for a field. An answer can do without it, unless it is a Via (§8.2.6.2). */
static size_t refuse_field(struct split *s, size_t begin, struct name name, size_t next)
{
    if (name.id == SIP_HEADER_VIA)
        return refuse(s, begin, SIP_TOO_MANY_HEADERS);
    if (s->late == SIP_REASON_NONE)
        refuse_late(s, begin, SIP_TOO_MANY_HEADERS);
    return next;
}

/* message-header = header-name *( SP / HTAB ) ":" SWS header-value, folded or not (§7.3.1). Returns
 * where the next one begins. */
static SIP_HOT size_t read_field(struct split *s, size_t begin)
{
    size_t end = sip_next_control(&s->controls, begin), next;
    struct name name = read_name(s, begin, end);

    if (name.colon >= s->limit)
        return NOWHERE;
    if (!SIP_OPTIMIZE_SIZE && is_plain_end(s, end)) {
        next = end + 2;
    } else {
        next = odd_field_end(s, name.colon + 1, &end);
        if (next >= s->limit) {
            s->header = (enum sip_header)name.id;
            return NOWHERE;
        }
    }
    if (!keep_field(s, begin, name, end))
        return refuse_field(s, begin, name, next);
    return next;
}

/* Reads start line and fields; returns the length of the head, the empty line included. */
static size_t read_head(struct split *s)
{
    size_t at = read_start_line(s);

    while (at < s->limit) {
        if ((unsigned char)s->at[at] <= '\r') { /* no name begins so */
            size_t taken = line_end(s, at);

            if (taken == NOWHERE)
                return NOWHERE;
            if (taken > 0)
                return at + taken;
        }
        at = read_field(s, at);
    }
    return NOWHERE;
}

/* --- the body --- */

static bool refuse_length(struct split *s, size_t offset, enum sip_reason reason)
{
    s->header = SIP_HEADER_CONTENT_LENGTH;
    refuse(s, offset, reason);
    return false;
}

/* Content-Length = 1*DIGIT (§20.14). */
static bool read_length(struct split *s, const struct sip_field *field, uint32_t *length)
{
    size_t at = field->value, end = at + field->value_len;
    uint64_t number = 0;

    if (field->value_len == 0)
        return refuse_length(s, field->value, SIP_BAD_NUMBER);
    for (; at < end && at < s->limit; at++) {
        uint32_t digit = (uint32_t)(unsigned char)s->at[at] - '0';

        if (digit > 9)
            return refuse_length(s, at, SIP_BAD_NUMBER);
        number = number * 10 + digit;
        if (number > BODY_MAX)
            return refuse_length(s, field->value, SIP_BAD_NUMBER);
    }
    *length = (uint32_t)number;
    return true;
}

/* All Content-Length fields must say the same (§18.3). False when they do not, or one is no
 * number. */
static bool read_lengths(struct split *s, uint32_t *length)
{
    const struct sip_message *message = s->message;
    bool found = false;
    size_t first = message->first[SIP_HEADER_CONTENT_LENGTH]; /* or a field before it */

    for (size_t i = first; i > 0 && i <= message->fields_count && i <= message->fields_max; i++) {
        const struct sip_field *field = &message->fields[i - 1];
        uint32_t other = 0;

        if (field->id != SIP_HEADER_CONTENT_LENGTH)
            continue;
        if (!read_length(s, field, &other))
            return false;
        if (found && other != *length)
            return refuse_length(s, field->value, SIP_CONFLICT);
        found = true;
        *length = other;
    }
    return true;
}

/* Finds the body behind the `head` bytes of the head, `rest` bytes after it (§18.3). Returns the
 * length of the message, or NOWHERE. */
static size_t read_body(struct split *s, size_t head, size_t rest, enum sip_framing framing)
{
    struct sip_message *message = s->message;
    bool given = message->first[SIP_HEADER_CONTENT_LENGTH] != 0;
    uint32_t length = 0;
    size_t taken;

    if (!read_lengths(s, &length))
        return NOWHERE;
    if (!given && framing == SIP_STREAM) {
        refuse_length(s, head - 2, SIP_MISSING);
        return NOWHERE;
    }
    message->body_length = length;
    if (length > rest) {
        if (framing == SIP_DATAGRAM)
            refuse_length(s, head + rest, SIP_BODY_SHORT);
        return NOWHERE;
    }
    taken = given ? length : rest;
    message->body = sip_view(s->at + head, taken);
    message->bytes.len = head + taken;
    return head + taken;
}

/* --- the whole --- */

void sip_message_init(struct sip_message *message, struct sip_field *fields, uint16_t max)
{
    memset(message, 0, sizeof *message);
    message->fields = fields;
    message->fields_max = max;
    message->tolerate = SIP_TOLERATE_DEFAULT;
}

/* As new, but for what the caller chose. */
static void start_over(struct sip_message *message)
{
    uint16_t tolerate = message->tolerate;

    if (!message->bytes.at) /* it is new */
        return;
    sip_message_init(message, message->fields, message->fields_max);
    message->tolerate = tolerate;
}

static size_t skip_line_ends(struct sip_str bytes)
{
    size_t at = 0;

    while (bytes.len - at >= 2 && bytes.at[at] == '\r' && bytes.at[at + 1] == '\n')
        at += 2;
    return at;
}

/* Says why parsing stopped: SIP_EBAD, or 0 for a stream that may still bring what is missing.
 * `skipped` bytes stood before the `len` bytes of the message. */
static long stopped(struct split *s, size_t skipped, size_t len, enum sip_framing framing,
                    struct sip_fault *fault)
{
    if (s->reason == SIP_REASON_NONE) {
        if (!s->message->has_head && len > s->limit)
            refuse(s, s->limit, SIP_HEAD_TOO_LONG);
        else if (framing == SIP_STREAM)
            return 0;
        else
            refuse(s, len, len == 0 ? SIP_BAD_START_LINE : SIP_HEAD_SHORT);
        if (s->reason == SIP_HEAD_SHORT)
            s->header = SIP_HEADER_OTHER;
    }
    fault->reason = s->reason;
    fault->header = s->header;
    fault->offset = (uint32_t)(skipped + s->offset);
    return SIP_EBAD;
}

long sip_message_parse(struct sip_message *message, struct sip_str bytes, enum sip_framing framing,
                       struct sip_fault *fault)
{
    size_t skipped = skip_line_ends(bytes);
    size_t len = bytes.len - skipped, head, whole;
    struct split s;

    s.message = message;
    s.at = len > 0 ? bytes.at + skipped : "";
    s.limit = len < HEAD_MAX ? len : HEAD_MAX;
    s.plain = s.limit > 2 ? s.limit - 2 : 0;
    s.late = SIP_REASON_NONE;
    s.late_offset = 0;
    s.reason = SIP_REASON_NONE;
    s.header = SIP_HEADER_OTHER;
    s.offset = 0;
    s.controls.bytes = s.at;
    s.controls.limit = s.limit;
    s.controls.next = 0;
    s.controls.block = 0;
    s.controls.mask = 0;
    start_over(message);
    s.lone_lf = framing == SIP_DATAGRAM && (message->tolerate & SIP_TOLERATE_BARE_LF);
    message->bytes = sip_view(s.at, len);
    head = read_head(&s);
    if (head == NOWHERE)
        return stopped(&s, skipped, len, framing, fault);
    message->has_head = true;
    if (s.late == SIP_TOO_MANY_HEADERS) { /* Content-Length may be one of them */
        refuse(&s, s.late_offset, s.late);
        return stopped(&s, skipped, len, framing, fault);
    }
    whole = read_body(&s, head, len - head, framing);
    if (whole != NOWHERE && s.late != SIP_REASON_NONE)
        refuse(&s, s.late_offset, s.late);
    if (s.reason != SIP_REASON_NONE || whole == NOWHERE)
        return stopped(&s, skipped, len, framing, fault);
    return (long)(skipped + whole);
}
