#include "base/buffers.h"

/* A buffer is a slot whose bytes follow its struct sip_slot. Its number holds the class in the
 * lowest bit and is one more, so that 0 is none. */
static uint32_t number_of(enum sip_buffer_class kind, uint32_t index)
{
    return 1 + (index << 1 | (uint32_t)kind);
}

static uint32_t index_of(uint32_t buffer)
{
    return (buffer - 1) >> 1;
}

static enum sip_buffer_class class_of(uint32_t buffer)
{
    return (buffer - 1) & 1 ? SIP_LARGE : SIP_SMALL;
}

static uint32_t slot_size(uint32_t room)
{
    return (uint32_t)sizeof(struct sip_slot) + room;
}

static size_t room_of(const struct sip_slots *slots)
{
    return slots->size - sizeof(struct sip_slot);
}

size_t sip_buffers_size(uint32_t small, uint32_t large, uint32_t large_size)
{
    return sip_slots_size(small, slot_size(SIP_BUFFER_SMALL), false) +
           sip_slots_size(large, slot_size(large_size), false);
}

size_t sip_buffers_init(struct sip_buffers *buffers, void *memory, uint32_t small, uint32_t large,
                        uint32_t large_size)
{
    char *at = memory;

    at +=
        sip_slots_init(&buffers->classes[SIP_SMALL], at, small, slot_size(SIP_BUFFER_SMALL), false);
    at += sip_slots_init(&buffers->classes[SIP_LARGE], at, large, slot_size(large_size), false);
    for (int kind = 0; kind < SIP_BUFFER_CLASSES; kind++)
        sip_slots_wipe_only(&buffers->classes[kind], sizeof(struct sip_slot));
    return (size_t)(at - (char *)memory);
}

uint32_t sip_buffers_take_class(struct sip_buffers *buffers, enum sip_buffer_class kind,
                                bool from_reserve)
{
    uint32_t index;

    if (!sip_slots_take(&buffers->classes[kind], &index, from_reserve))
        return 0;
    return number_of(kind, index);
}

uint32_t sip_buffers_take(struct sip_buffers *buffers, size_t size, bool from_reserve)
{
    uint32_t buffer;

    if (size <= SIP_BUFFER_SMALL) {
        buffer = sip_buffers_take_class(buffers, SIP_SMALL, from_reserve);
        if (buffer)
            return buffer;
        from_reserve = false; /* what was set aside among the large ones is for large messages */
    }
    if (size > room_of(&buffers->classes[SIP_LARGE]))
        return 0;
    return sip_buffers_take_class(buffers, SIP_LARGE, from_reserve);
}

void sip_buffers_free(struct sip_buffers *buffers, uint32_t buffer)
{
    if (buffer)
        sip_slots_free(&buffers->classes[class_of(buffer)], index_of(buffer));
}

char *sip_buffers_at(const struct sip_buffers *buffers, uint32_t buffer)
{
    char *slot;

    if (!buffer)
        return NULL;
    slot = sip_slots_at(&buffers->classes[class_of(buffer)], index_of(buffer));
    return slot + sizeof(struct sip_slot);
}

size_t sip_buffers_room(const struct sip_buffers *buffers, uint32_t buffer)
{
    return buffer ? room_of(&buffers->classes[class_of(buffer)]) : 0;
}
