#include "record/fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct fields *fields, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    if (fields->room - fields->used < 64) {
        fields->room = fields->room * 2 + 1024;
        fields->line = realloc(fields->line, fields->room);
        if (!fields->line)
            abort();
    }
    fields->used +=
        (size_t)vsnprintf(fields->line + fields->used, fields->room - fields->used, format, list);
    va_end(list);
}

void fields_forget(struct fields *fields)
{
    while (fields->text_count)
        free(fields->texts[--fields->text_count]);
    fields->used = 0;
    fields->bad = false;
}

void fields_write(struct fields *fields, char mark, const char *name)
{
    fields_forget(fields);
    fields->reading = false;
    append(fields, "%c %.40s", mark, name);
}

void fields_read(struct fields *fields, char *line)
{
    fields_forget(fields);
    fields->reading = true;
    fields->line = line;
    fields->used = 2 + strcspn(line + 2, " ");
}

bool fields_named(const char *line, char mark, const char *name)
{
    size_t len = strlen(name);

    return line[0] == mark && line[1] == ' ' && memcmp(line + 2, name, len) == 0 &&
           (line[2 + len] == ' ' || line[2 + len] == '\0');
}

/* The next value that is read, or NULL. */
static const char *next(struct fields *fields)
{
    if (fields->line[fields->used] != ' ') {
        fields->bad = true;
        return NULL;
    }
    return fields->line + ++fields->used;
}

void fields_signed(struct fields *fields, int64_t *value)
{
    const char *at = fields->reading ? next(fields) : NULL;
    char *end;

    if (!fields->reading) {
        append(fields, " %" PRId64, *value);
    } else if (at) {
        *value = strtoll(at, &end, 10);
        fields->used += (size_t)(end - at);
    }
}

void fields_number(struct fields *fields, uint64_t *value)
{
    const char *at = fields->reading ? next(fields) : NULL;
    char *end;

    if (!fields->reading) {
        append(fields, " %" PRIu64, *value);
    } else if (at) {
        *value = strtoull(at, &end, 10);
        fields->used += (size_t)(end - at);
    }
}

void fields_u32(struct fields *fields, uint32_t *value)
{
    uint64_t wide = *value;

    fields_number(fields, &wide);
    *value = (uint32_t)wide;
}

void fields_u16(struct fields *fields, uint16_t *value)
{
    uint64_t wide = *value;

    fields_number(fields, &wide);
    *value = (uint16_t)wide;
}

void fields_u8(struct fields *fields, uint8_t *value)
{
    uint64_t wide = *value;

    fields_number(fields, &wide);
    *value = (uint8_t)wide;
}

void fields_bool(struct fields *fields, bool *value)
{
    uint64_t wide = *value;

    fields_number(fields, &wide);
    *value = wide != 0;
}

static void write_str(struct fields *fields, struct sip_str text)
{
    append(fields, text.at ? " \"" : " -");
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c == '\r' || c == '\n')
            append(fields, c == '\r' ? "\\r" : "\\n");
        else if (c == '"' || c == '\\')
            append(fields, "\\%c", c);
        else if (c < 32 || c > 126)
            append(fields, "\\x%02x", c);
        else
            append(fields, "%c", c);
    }
    if (text.at)
        append(fields, "\"");
}

/* The byte behind a backslash; `*at` comes to stand behind it. */
static char read_escape(const char **at)
{
    const char *c = (*at)++;
    char hex[3] = {0};

    if (*c == 'r' || *c == 'n')
        return *c == 'r' ? '\r' : '\n';
    if (*c != 'x' || !c[1] || !c[2])
        return *c;
    memcpy(hex, c + 1, 2);
    *at += 2;
    return (char)strtoul(hex, NULL, 16);
}

static struct sip_str read_str(struct fields *fields)
{
    const char *at = next(fields), *start = at;
    struct sip_str text = {NULL, 0};
    char *room;

    if (at && *at == '"' && fields->text_count < FIELDS_TEXTS) {
        room = malloc(strlen(at));
        if (!room)
            abort();
        fields->texts[fields->text_count++] = room;
        for (at++; *at && *at != '"';) {
            if (*at == '\\' && at[1])
                at++, room[text.len++] = read_escape(&at);
            else
                room[text.len++] = *at++;
        }
        text.at = room;
        room[text.len] = '\0';
    }
    if (!at || !*at || (!text.at && *at != '-'))
        fields->bad = true;
    else
        fields->used += (size_t)(at - start) + 1;
    return text;
}

void fields_str(struct fields *fields, struct sip_str *value)
{
    if (fields->reading)
        *value = read_str(fields);
    else
        write_str(fields, *value);
}

void fields_text(struct fields *fields, const char **value)
{
    struct sip_str text = sip_str(*value);

    fields_str(fields, &text);
    *value = text.at;
}

void fields_addr(struct fields *fields, struct sip_addr *value)
{
    char room[SIP_ADDR_TEXT];
    struct sip_str text = {NULL, 0};
    uint16_t port = value->port;
    uint32_t scope = value->scope;

    if (!fields->reading && value->family)
        text = sip_bytes(room, sip_addr_text(value, room));
    fields_str(fields, &text);
    fields_u16(fields, &port);
    fields_u32(fields, &scope);
    if (!fields->reading)
        return;
    *value = (struct sip_addr){0};
    if (text.at && sip_addr_parse(value, text) < 0)
        fields->bad = true;
    value->port = port;
    value->scope = scope;
}

void fields_path(struct fields *fields, struct sip_path *value)
{
    fields_u8(fields, &value->protocol);
    fields_addr(fields, &value->local);
    fields_addr(fields, &value->remote);
}

void fields_body(struct fields *fields, struct sip_body *value)
{
    fields_str(fields, &value->type);
    fields_str(fields, &value->bytes);
}

static void fields_limits(struct fields *fields, struct sip_limits *value)
{
    uint32_t *all[] = {
        &value->accounts,       &value->registrations,      &value->calls,
        &value->calls_incoming, &value->calls_reserved_out, &value->ringing_unverified,
        &value->dialogs,        &value->requests,           &value->transactions,
        &value->flows,          &value->resolving,          &value->buffers_small,
        &value->buffers_large,  &value->message_max,        &value->headers_max,
        &value->refusals_per_s, &value->fires_per_tick,
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        fields_u32(fields, all[i]);
}

void fields_config(struct fields *fields, struct sip_config *value)
{
    fields_limits(fields, &value->stack.limits);
    fields_u32(fields, &value->stack.timers.t1_ms);
    fields_u32(fields, &value->stack.timers.t2_ms);
    fields_u32(fields, &value->stack.timers.t4_ms);
    fields_text(fields, &value->user_agent);
    fields_text(fields, &value->methods);
    fields_text(fields, &value->supported);
    fields_text(fields, &value->accept);
    fields_u32(fields, &value->ring_max_s);
    fields_u32(fields, &value->offer_wait_s);
    fields_u32(fields, &value->request_wait_s);
    fields_u32(fields, &value->credentials_wait_s);
}

void fields_account(struct fields *fields, struct sip_account_args *value)
{
    fields_str(fields, &value->aor);
    fields_str(fields, &value->display);
    for (size_t i = 0; i < SIP_ACCOUNT_SERVERS; i++)
        fields_str(fields, &value->servers[i]);
    fields_str(fields, &value->login.username);
    fields_str(fields, &value->login.realm);
    fields_str(fields, &value->login.password);
    fields_str(fields, &value->login.md5);
    fields_str(fields, &value->login.sha256);
    fields_str(fields, &value->login.sha512_256);
    fields_str(fields, &value->contact_user);
    fields_str(fields, &value->contact);
}

static void fields_extras(struct fields *fields, struct sip_extras *value)
{
    uint64_t count = value->count;

    fields_number(fields, &count);
    if (count > FIELDS_EXTRAS) {
        fields->bad = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct sip_extra extra = {{NULL, 0}, {NULL, 0}};

        if (!fields->reading)
            extra = value->at[i];
        fields_str(fields, &extra.name);
        fields_str(fields, &extra.value);
        fields->extras[i] = extra;
    }
    fields_str(fields, &value->lines);
    value->at = fields->extras;
    value->count = count;
}

void fields_registration(struct fields *fields, struct sip_registration_args *value)
{
    fields_number(fields, &value->account.id);
    fields_u32(fields, &value->expires_s);
    fields_extras(fields, &value->headers);
    fields_bool(fields, &value->fetch_only);
}

static void fields_targets(struct fields *fields, struct sip_call_args *value)
{
    uint64_t count = value->targets_count;

    fields_number(fields, &count);
    if (count > FIELDS_TARGETS) {
        fields->bad = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!fields->reading)
            fields->targets[i] = value->targets[i];
        fields_u8(fields, &fields->targets[i].protocol);
        fields_addr(fields, &fields->targets[i].addr);
    }
    value->targets = fields->targets;
    value->targets_count = count;
}

void fields_call(struct fields *fields, struct sip_call_args *value)
{
    fields_str(fields, &value->to);
    fields_number(fields, &value->account.id);
    fields_body(fields, &value->body);
    fields_extras(fields, &value->headers);
    fields_str(fields, &value->from);
    fields_str(fields, &value->from_display);
    fields_str(fields, &value->to_header);
    fields_str(fields, &value->contact);
    fields_str(fields, &value->next_hop);
    fields_targets(fields, value);
    fields_number(fields, &value->flow.id);
    fields_u32(fields, &value->expires_s);
}

void fields_message(struct fields *fields, struct sip_call_message *value)
{
    fields_u16(fields, &value->status);
    fields_str(fields, &value->reason);
    fields_extras(fields, &value->headers);
    fields_body(fields, &value->body);
}

void fields_refusal(struct fields *fields, struct sip_refusal *value)
{
    fields_u16(fields, &value->status);
    fields_str(fields, &value->reason);
    fields_extras(fields, &value->headers);
}

static void write_received(struct fields *fields, const struct sip_received *received)
{
    struct sip_str bytes = received ? received->message->bytes : sip_str(NULL);
    struct sip_path path = received ? received->path : (struct sip_path){0};

    fields_str(fields, &bytes);
    fields_path(fields, &path);
}

void fields_call_event(struct fields *fields, const struct sip_call_event *event)
{
    struct sip_call_event copy = *event;
    uint32_t kind = event->kind, end = event->end;

    fields_u32(fields, &kind);
    fields_number(fields, &copy.call.id);
    fields_number(fields, &copy.account.id);
    fields_number(fields, &copy.now);
    fields_u16(fields, &copy.status);
    fields_u32(fields, &end);
    fields_str(fields, &copy.reason);
    fields_str(fields, &copy.realm);
    fields_body(fields, &copy.body);
    fields_bool(fields, &copy.offer);
    fields_number(fields, &copy.dialog.id);
    write_received(fields, event->received);
}

void fields_registration_event(struct fields *fields, const struct sip_registration_event *event)
{
    struct sip_registration_event copy = *event;
    uint32_t kind = event->kind;

    fields_u32(fields, &kind);
    fields_number(fields, &copy.registration.id);
    fields_number(fields, &copy.account.id);
    fields_number(fields, &copy.now);
    fields_u16(fields, &copy.status);
    fields_u32(fields, &copy.expires_s);
    fields_u32(fields, &copy.retry_in_s);
    fields_str(fields, &copy.realm);
    write_received(fields, event->received);
}
