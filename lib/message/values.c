/* Values of a parsed message by header, and the elements of comma lists (RFC 3261 §7.3.1). */
#include "sip/message.h"
#include "base/bytes.h"
#include "message/letters.h"
#include "message/names.h"
#include "message/wide.h"

static const struct sip_str nothing = {NULL, 0};

static inline struct sip_str value_of(const struct sip_message *message,
                                      const struct sip_field *field)
{
    struct sip_str value = {message->bytes.at + field->value, field->value_len};

    return value;
}

size_t sip_first_field(const struct sip_message *message, enum sip_header id)
{
    size_t first = (unsigned)id < SIP_HEADER_COUNT ? message->first[id] : 0;

    if (first < 255)
        return first;
    while (first <= message->fields_count && message->fields[first - 1].id != (unsigned)id)
        first++;
    return first <= message->fields_count ? first : 0;
}

struct sip_str sip_message_value(const struct sip_message *message, enum sip_header id)
{
    size_t first = id != SIP_HEADER_OTHER ? sip_first_field(message, id) : 0;

    return first > 0 ? value_of(message, &message->fields[first - 1]) : nothing;
}

struct sip_str sip_message_named(const struct sip_message *message, struct sip_str name)
{
    for (size_t i = 0; i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];

        if (field->id == SIP_HEADER_OTHER &&
            sip_str_same(name, sip_bytes(message->bytes.at + field->name, field->name_len)))
            return value_of(message, field);
    }
    return nothing;
}

void sip_values_begin(struct sip_values *values, const struct sip_message *message,
                      enum sip_header id)
{
    unsigned row = (unsigned)id < SIP_HEADER_COUNT ? (unsigned)id : SIP_HEADER_OTHER;

    values->message = message;
    values->id = (enum sip_header)row;
    values->next =
        message->first[row] > 0 ? (uint16_t)(message->first[row] - 1) : message->fields_count;
    values->rest = nothing;
}

bool sip_values_next(struct sip_values *values, struct sip_str *value)
{
    const struct sip_message *message = values->message;

    if (values->rest.len > 0) /* it begins with an element */
        return sip_list_next(&values->rest, value);
    while (values->next < message->fields_count) {
        const struct sip_field *field = &message->fields[values->next++];

        if (field->id != values->id)
            continue;
        if (!sip_is_repeated(message, values->id)) /* the others need not be looked at */
            values->next = message->fields_count;
        if (!(sip_header_flags(values->id) & SIP_LIST)) {
            *value = value_of(message, field);
            return true;
        }
        values->rest = value_of(message, field);
        if (sip_list_next(&values->rest, value))
            return true;
    }
    return false;
}

/* --- comma lists --- */

/* Behind the quoted string that begins at `at`, or the end when it has none. */
static size_t skip_quotes(struct sip_str text, size_t at)
{
    for (at++; at < text.len; at++) {
        if (text.at[at] == '"')
            return at + 1;
        if (text.at[at] == '\\')
            at++;
    }
    return text.len;
}

/* Behind the angle bracket that closes the one at `at`, or the end when none does. */
static size_t skip_brackets(struct sip_str text, size_t at)
{
    at = sip_find(text.at, at, text.len, '>');
    return at < text.len ? at + 1 : text.len;
}

/* Behind the comment that begins at `at`, comments inside it included, or the end. */
static size_t skip_comment(struct sip_str text, size_t at)
{
    size_t depth = 0;

    for (; at < text.len; at++) {
        if (text.at[at] == '\\')
            at++;
        else if (text.at[at] == '(')
            depth++;
        else if (text.at[at] == ')' && --depth == 0)
            return at + 1;
    }
    return text.len;
}

/* A comment stands apart; a parenthesis at `at` that is inside a word is a letter of it, as in
 * <sip:a(b)c@host>. */
static bool begins_comment(struct sip_str text, size_t at)
{
    return at == 0 || sip_is_space(text.at[at - 1]);
}

/* The bytes at which a scan for the end of an element stops: " ( , < */
static inline bool is_stop(char c)
{
    unsigned from_quote = (unsigned)(unsigned char)c - '"';

    return from_quote <= '<' - '"' &&
           (UINT32_C(1) << from_quote &
            (UINT32_C(1) | UINT32_C(1) << ('(' - '"') | UINT32_C(1) << (',' - '"') |
             UINT32_C(1) << ('<' - '"'))) != 0;
}

/* Where the element that begins at `at` ends: at its comma, or the end. */
static size_t comma_or_end(struct sip_str text, size_t at)
{
    for (;;) {
        while (at < text.len && !is_stop(text.at[at]))
            at++;
        if (at >= text.len)
            return text.len;
        if (text.at[at] == ',')
            return at;
        if (text.at[at] == '"')
            at = skip_quotes(text, at);
        else if (text.at[at] == '<')
            at = skip_brackets(text, at);
        else if (begins_comment(text, at))
            at = skip_comment(text, at);
        else
            at++;
    }
}

/* The same; most values have no comma at all. */
static inline size_t element_end(struct sip_str text, size_t at)
{
    return sip_find(text.at, at, text.len, ',') < text.len ? comma_or_end(text, at) : text.len;
}

static inline size_t skip_space(struct sip_str text, size_t at)
{
    while (at < text.len && (unsigned char)text.at[at] <= ' ' && sip_is_space(text.at[at]))
        at++;
    return at;
}

bool sip_list_next(struct sip_str *rest, struct sip_str *value)
{
    struct sip_str text = *rest;
    size_t begin = skip_space(text, 0), end, next;

    if (begin >= text.len)
        return false;
    end = element_end(text, begin);
    next = end < text.len ? skip_space(text, end + 1) : end;
    /* A comma behind which nothing comes stays, alone: it stands for the empty element it ends. */
    if (next >= text.len && end < text.len && !(begin == end && text.len == 1)) {
        rest->at = text.at + end;
        rest->len = 1;
    } else {
        rest->at = text.at + next;
        rest->len = text.len - next;
    }
    while (end > begin && (unsigned char)text.at[end - 1] <= ' ' && sip_is_space(text.at[end - 1]))
        end--;
    value->at = text.at + begin;
    value->len = end - begin;
    return true;
}

bool sip_message_lists(const struct sip_message *message, enum sip_header id, const char *token)
{
    struct sip_values values;
    struct sip_str value;

    sip_values_begin(&values, message, id);
    while (sip_values_next(&values, &value))
        if (value.len > 0 && sip_str_is(value, token))
            return true;
    return false;
}
