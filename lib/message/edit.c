/* Edits of a message while it is copied (RFC 3261 §16.6, §16.7): one walk over its fields, and for
 * each a look at the list. */
#include "base/bytes.h"
#include "message/known.h"
#include "sip/edit.h"
#include "sip/error.h"
#include "sip/fields_write.h"

/* What is being done; a bit for each edit whose time is over. */
struct run {
    struct sip_writer *writer;
    const struct sip_message *message;
    const struct sip_edit *edits;
    size_t count;
    uint32_t done;
};

static bool is_done(const struct run *run, size_t i)
{
    return run->done >> i & 1;
}

static void set_done(struct run *run, size_t i)
{
    run->done |= UINT32_C(1) << i;
}

/* True for an edit of fields, when it is of the header `id` or, without an id, of `name`. */
static bool concerns(const struct sip_edit *edit, unsigned id, struct sip_str name)
{
    return (unsigned)edit->header == id &&
           (id != SIP_HEADER_OTHER || sip_str_same(edit->name, name));
}

/* The first edit of this kind for a header that is not done; `count` when there is none. */
static size_t find(const struct run *run, enum sip_edit_kind kind, unsigned id, struct sip_str name)
{
    size_t i = 0;

    while (i < run->count &&
           (run->edits[i].kind != kind || is_done(run, i) || !concerns(&run->edits[i], id, name)))
        i++;
    return i;
}

static void write_name(struct sip_writer *writer, unsigned id, struct sip_str name)
{
    if (id == SIP_HEADER_OTHER)
        sip_write_begin_named(writer, name);
    else
        sip_write_begin(writer, (enum sip_header)id);
}

static void write_line(struct run *run, const struct sip_edit *edit)
{
    write_name(run->writer, edit->header, edit->name);
    sip_write_received(run->writer, edit->value);
    sip_write_end(run->writer);
}

static void write_hops(struct run *run, uint32_t hops)
{
    if (hops == 0)
        sip_write_fail(run->writer, SIP_ESTATE); /* §16.3 step 3 */
    sip_write_number(run->writer, SIP_HEADER_MAX_FORWARDS, hops > 0 ? hops - 1 : 0);
}

static void edit_hops(struct run *run, struct sip_str value)
{
    uint32_t hops = 0;

    if (sip_number_parse(&hops, value, 255, NULL)) /* §20.22 */
        sip_write_fail(run->writer, SIP_EINVAL);
    else
        write_hops(run, hops);
}

/* The topmost Via, which is first in `value`, and what else stands there. */
static void edit_source(struct run *run, const struct sip_addr *source, struct sip_str value)
{
    struct sip_leniency all = {SIP_TOLERATE_DEFAULT, 0};
    struct sip_str first = value;
    struct sip_via via;
    char text[SIP_ADDR_TEXT];

    sip_list_next(&value, &first);
    if (!source || sip_via_accept(&via, first, &all, NULL)) {
        sip_write_fail(run->writer, SIP_EINVAL);
        return;
    }
    sip_via_stamp(&via, source, text);
    sip_write_begin(run->writer, SIP_HEADER_VIA);
    sip_write_via(run->writer, &via);
    if (value.len > 0) {
        sip_write_text(run->writer, ", ");
        sip_write_received(run->writer, value);
    }
    sip_write_end(run->writer);
}

/* Takes from `*value` as many values as are to be popped; false when nothing is left of it. */
static bool pop(struct run *run, unsigned id, struct sip_str name, struct sip_str *value)
{
    bool list = sip_header_flags((enum sip_header)id) & SIP_LIST;
    struct sip_str ignored;
    size_t i;

    while ((i = find(run, SIP_EDIT_POP, id, name)) < run->count) {
        if (list && !sip_list_next(value, &ignored)) /* nothing is in it that would count */
            return false;
        set_done(run, i);
        if (!list || value->len == 0)
            return false;
    }
    return true;
}

/* One field of the message on its way. */
static void copy_field(struct run *run, const struct sip_field *field)
{
    struct sip_str name = sip_bytes(run->message->bytes.at + field->name, field->name_len);
    struct sip_str value = sip_bytes(run->message->bytes.at + field->value, field->value_len);
    struct sip_str whole = value;
    size_t i;

    if (field->id == SIP_HEADER_CONTENT_LENGTH ||
        find(run, SIP_EDIT_REMOVE, field->id, name) < run->count)
        return;
    for (i = 0; i < run->count; i++) {
        if (run->edits[i].kind != SIP_EDIT_REPLACE || !concerns(&run->edits[i], field->id, name))
            continue;
        if (!is_done(run, i))
            write_line(run, &run->edits[i]);
        set_done(run, i);
        return;
    }
    if (!pop(run, field->id, name, &value))
        return;
    if ((i = find(run, SIP_EDIT_HOP, field->id, name)) < run->count) {
        set_done(run, i);
        edit_hops(run, value);
    } else if ((i = find(run, SIP_EDIT_SOURCE, field->id, name)) < run->count) {
        set_done(run, i);
        edit_source(run, run->edits[i].source, value);
    } else if (value.len == whole.len) {
        sip_write_copy(run->writer, run->message, field);
    } else {
        write_name(run->writer, field->id, name);
        sip_write_received(run->writer, value);
        sip_write_end(run->writer);
    }
}

/* True for an edit that means something. */
static bool is_sound(const struct run *run, size_t i)
{
    const struct sip_edit *edit = &run->edits[i];
    bool request = run->message->status == 0;

    switch (edit->kind) {
    case SIP_EDIT_NONE:
    case SIP_EDIT_BODY:
        return true;
    case SIP_EDIT_URI:
        return request;
    case SIP_EDIT_HOP:
        return request && edit->header == SIP_HEADER_MAX_FORWARDS;
    case SIP_EDIT_SOURCE:
        return edit->header == SIP_HEADER_VIA;
    case SIP_EDIT_REPLACE:
        for (size_t k = 0; k < i; k++)
            if (run->edits[k].kind == SIP_EDIT_REPLACE &&
                concerns(&run->edits[k], edit->header, edit->name))
                return false;
        break;
    default:
        break;
    }
    return (unsigned)edit->header < SIP_HEADER_COUNT && edit->header != SIP_HEADER_CONTENT_LENGTH &&
           (edit->header != SIP_HEADER_OTHER || sip_header_of(edit->name) == SIP_HEADER_OTHER);
}

/* The start line, and what goes above the fields. Also finds the body. */
static void write_top(struct run *run, struct sip_str *body)
{
    const struct sip_message *message = run->message;
    struct sip_str uri = message->uri;

    for (size_t i = 0; i < run->count; i++) {
        if (!is_sound(run, i))
            sip_write_fail(run->writer, SIP_EINVAL);
        if (run->edits[i].kind == SIP_EDIT_URI)
            uri = run->edits[i].value;
        if (run->edits[i].kind == SIP_EDIT_BODY)
            *body = run->edits[i].value;
    }
    if (message->status)
        sip_write_status_line(run->writer, message->status, message->reason);
    else
        sip_write_request_line(run->writer, message->method_name, uri);
    for (size_t i = run->count; i > 0; i--)
        if (run->edits[i - 1].kind == SIP_EDIT_PUSH)
            write_line(run, &run->edits[i - 1]);
}

/* What goes below the fields. */
static void write_bottom(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct sip_edit *edit = &run->edits[i];

        if (edit->kind == SIP_EDIT_APPEND || (edit->kind == SIP_EDIT_REPLACE && !is_done(run, i)))
            write_line(run, edit);
        else if (edit->kind == SIP_EDIT_HOP && !is_done(run, i))
            sip_write_number(run->writer, SIP_HEADER_MAX_FORWARDS, 70); /* §16.6 step 3 */
        else if (edit->kind == SIP_EDIT_SOURCE && !is_done(run, i))
            sip_write_fail(run->writer, SIP_EINVAL);
    }
}

void sip_write_edited(struct sip_writer *writer, const struct sip_message *message,
                      const struct sip_edit *edits, size_t count)
{
    struct run run = {writer, message, edits, count, 0};
    struct sip_str body = message->body;

    if (count > SIP_EDITS_MAX) {
        sip_write_fail(writer, SIP_EINVAL);
        return;
    }
    write_top(&run, &body);
    for (size_t i = 0; i < message->fields_count; i++)
        copy_field(&run, &message->fields[i]);
    write_bottom(&run);
    sip_write_body(writer, (struct sip_str){NULL, 0}, body);
}

long sip_message_edit(const struct sip_message *message, const struct sip_edit *edits, size_t count,
                      char *out, size_t size)
{
    struct sip_writer writer;

    sip_writer_init(&writer, out, size);
    sip_write_edited(&writer, message, edits, count);
    return sip_writer_done(&writer);
}
