/* The texts of a dialog, one behind the other. */
#include "base/memory.h"
#include "dialog/dialog.h"

static char *text_at(const struct sip_stack *stack, const struct dialog *d)
{
    return d->buffer ? sip_buffers_at(&stack->buffers, d->buffer) : (char *)d->text;
}

/* Where a text begins: behind those before it. */
static size_t offset_of(const struct dialog *d, enum dialog_text which)
{
    size_t offset = 0;

    for (unsigned i = 0; i < (unsigned)which; i++)
        offset += d->len[i];
    return offset;
}

struct sip_str sip_dialog_text(const struct sip_stack *stack, const struct dialog *d,
                               enum dialog_text which)
{
    return sip_bytes(text_at(stack, d) + offset_of(d, which), d->len[which]);
}

/* Moves into a buffer, or a larger one, when `len` bytes do not fit. */
static int make_room(struct sip_stack *stack, struct dialog *d, size_t len)
{
    size_t room = d->buffer ? sip_buffers_room(&stack->buffers, d->buffer) : sizeof d->text;
    uint32_t buffer;

    if (len <= room)
        return 0;
    buffer = len > UINT16_MAX ? 0 : sip_stack_buffer(stack, len, false);
    if (!buffer)
        return SIP_ESIZE;
    memcpy(sip_buffers_at(&stack->buffers, buffer), text_at(stack, d), offset_of(d, TEXTS));
    sip_stack_unkeep(stack, d->buffer);
    d->buffer = buffer;
    return 0;
}

int sip_dialog_set_names(struct sip_stack *stack, struct dialog *d,
                         const struct sip_str names[TARGET])
{
    size_t len = 0;
    char *at;

    for (unsigned i = 0; i < TARGET; i++)
        len += names[i].len;
    if (make_room(stack, d, len))
        return SIP_ESIZE;
    at = text_at(stack, d);
    for (unsigned i = 0; i < TARGET; i++) {
        if (names[i].len)
            memcpy(at, names[i].at, names[i].len);
        at += names[i].len;
        d->len[i] = (uint16_t)names[i].len;
    }
    return 0;
}

int sip_dialog_set_way(struct sip_stack *stack, struct dialog *d, const struct sip_str *target,
                       const struct sip_message *routes_of)
{
    size_t names = offset_of(d, TARGET), target_len = target ? target->len : d->len[TARGET];
    long routes_len = routes_of ? sip_route_set_len(routes_of) : d->len[ROUTES];
    char *at;

    if (routes_len < 0)
        return SIP_EBAD;
    if (make_room(stack, d, names + target_len + (size_t)routes_len))
        return SIP_ESIZE;
    at = text_at(stack, d) + names;
    if (routes_of)
        sip_route_set_write(routes_of, d->caller, at + target_len, (size_t)routes_len);
    else
        memmove(at + target_len, at + d->len[TARGET], (size_t)routes_len);
    if (target)
        memcpy(at, target->at, target_len);
    d->len[TARGET] = (uint16_t)target_len;
    d->len[ROUTES] = (uint16_t)routes_len;
    return 0;
}
