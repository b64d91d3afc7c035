/* The lists hold nodes with a deadline after `now`; `due` holds the others, sorted.
 *
 * A deadline is read as digits of six bits. Its level is the highest digit in which it differs from
 * `now`, its list the value of that digit. So all lists of a level end before those of the next one
 * begin, and the lowest bit of the lowest level that has one names the list that comes first. Every
 * time `now` enters the span of a list, its nodes move to lower levels or become due: a node moves
 * at most six times in its life.
 *
 * A deadline that differs above the sixth digit waits in list 0 of the last level, where no other
 * can be: a list there has a larger digit than `now`. */
#include "base/wheel.h"
#include "base/memory.h"

#define NOBODY     UINT32_MAX
#define DIGIT_BITS 6
#define LAST_LEVEL (SIP_WHEEL_LEVELS - 1)
#define FAR_LIST   (LAST_LEVEL * SIP_WHEEL_LISTS)
#define DUE        (1 + SIP_WHEEL_LEVELS * SIP_WHEEL_LISTS) /* in `node.list` */
#define SPAN_MASK  ((UINT64_C(1) << (SIP_WHEEL_LEVELS * DIGIT_BITS)) - 1)

void sip_wheel_init(struct sip_wheel *wheel, struct sip_node *nodes, uint32_t count, uint64_t now)
{
    memset(wheel, 0, sizeof *wheel);
    memset(wheel->first, 0xff, sizeof wheel->first); /* NOBODY */
    wheel->nodes = nodes;
    wheel->count = count;
    wheel->now = now;
    wheel->due = NOBODY;
}

void sip_wheel_reset(struct sip_wheel *wheel, uint32_t node)
{
    wheel->nodes[node].list = 0;
}

/* `order` counts in a circle: of two nodes with the same deadline, the one set up to 2^31 sets
 * earlier comes first. Wider apart only their order among each other is lost. */
static bool before(const struct sip_node *a, const struct sip_node *b)
{
    return a->at != b->at ? a->at < b->at : b->order - a->order - 1 < UINT32_C(1) << 31;
}

static unsigned lowest_bit(uint64_t bits)
{
    unsigned bit = (uint32_t)bits ? 0 : 32;
    uint32_t word = (uint32_t)(bits >> bit);

    for (unsigned half = 16; half; half >>= 1) {
        if (word << (32 - half) == 0) {
            word >>= half;
            bit += half;
        }
    }
    return bit;
}

/* --- lists --- */

static void list_add(struct sip_wheel *wheel, unsigned list, uint32_t index)
{
    struct sip_node *node = &wheel->nodes[index];

    node->list = (uint16_t)(1 + list);
    node->prev = NOBODY;
    node->next = wheel->first[list];
    if (node->next != NOBODY)
        wheel->nodes[node->next].prev = index;
    wheel->first[list] = index;
    wheel->occupied[list / SIP_WHEEL_LISTS] |= UINT64_C(1) << (list % SIP_WHEEL_LISTS);
}

static void list_empty(struct sip_wheel *wheel, unsigned list)
{
    wheel->first[list] = NOBODY;
    wheel->occupied[list / SIP_WHEEL_LISTS] &= ~(UINT64_C(1) << (list % SIP_WHEEL_LISTS));
}

static void list_remove(struct sip_wheel *wheel, uint32_t index)
{
    struct sip_node *node = &wheel->nodes[index];
    unsigned list = node->list - 1u;

    if (node->next != NOBODY)
        wheel->nodes[node->next].prev = node->prev;
    if (node->prev != NOBODY)
        wheel->nodes[node->prev].next = node->next;
    else if (node->next != NOBODY)
        wheel->first[list] = node->next;
    else
        list_empty(wheel, list);
}

/* The list for a deadline after `now`. */
static unsigned list_for(const struct sip_wheel *wheel, uint64_t at)
{
    uint64_t differing = (at ^ wheel->now) >> DIGIT_BITS;
    unsigned level = 0;

    while (differing) {
        differing >>= DIGIT_BITS;
        level++;
    }
    if (level > LAST_LEVEL)
        return FAR_LIST;
    return level * SIP_WHEEL_LISTS + (unsigned)(at >> (level * DIGIT_BITS)) % SIP_WHEEL_LISTS;
}

/* --- due: sorted; `prev` of the first is the last --- */

/* Walks back from the end: a deadline of this moment is last already. */
static void due_add(struct sip_wheel *wheel, uint32_t index)
{
    struct sip_node *node = &wheel->nodes[index], *first;
    uint32_t after;

    node->list = DUE;
    node->next = NOBODY;
    node->prev = index;
    if (wheel->due == NOBODY) {
        wheel->due = index;
        return;
    }
    first = &wheel->nodes[wheel->due];
    if (before(node, first)) {
        node->prev = first->prev;
        node->next = wheel->due;
        first->prev = index;
        wheel->due = index;
        return;
    }
    after = first->prev;
    while (before(node, &wheel->nodes[after]))
        after = wheel->nodes[after].prev;
    node->prev = after;
    node->next = wheel->nodes[after].next;
    wheel->nodes[after].next = index;
    wheel->nodes[node->next == NOBODY ? wheel->due : node->next].prev = index;
}

static void due_remove(struct sip_wheel *wheel, uint32_t index)
{
    struct sip_node *node = &wheel->nodes[index];
    uint32_t last = wheel->nodes[wheel->due].prev;

    if (wheel->due == index)
        wheel->due = node->next;
    else
        wheel->nodes[node->prev].next = node->next;
    if (node->next != NOBODY)
        wheel->nodes[node->next].prev = node->prev;
    else if (wheel->due != NOBODY)
        last = node->prev;
    if (wheel->due != NOBODY)
        wheel->nodes[wheel->due].prev = last;
}

static uint32_t merged(struct sip_node *nodes, uint32_t a, uint32_t b)
{
    uint32_t first = NOBODY, *link = &first;

    while (a != NOBODY && b != NOBODY) {
        uint32_t *smaller = before(&nodes[b], &nodes[a]) ? &b : &a;
        *link = *smaller;
        link = &nodes[*smaller].next;
        *smaller = *link;
    }
    *link = a != NOBODY ? a : b;
    return first;
}

/* Merge sort of a chain by `next`: bin n holds a sorted chain of 2^n nodes or none. */
static uint32_t sorted(struct sip_node *nodes, uint32_t chain)
{
    uint32_t bins[32], carry;
    unsigned used = 0, bin;

    while (chain != NOBODY) {
        carry = chain;
        chain = nodes[carry].next;
        nodes[carry].next = NOBODY;
        for (bin = 0; bin < used && bins[bin] != NOBODY; bin++) {
            carry = merged(nodes, bins[bin], carry);
            bins[bin] = NOBODY;
        }
        bins[bin] = carry;
        if (bin == used)
            used++;
    }
    carry = NOBODY;
    for (bin = 0; bin < used; bin++)
        carry = merged(nodes, bins[bin], carry);
    return carry;
}

/* Makes a chain the list of what is due, which is empty. */
static void due_set(struct sip_wheel *wheel, uint32_t chain)
{
    uint32_t last = NOBODY;

    wheel->due = sorted(wheel->nodes, chain);
    for (uint32_t node = wheel->due; node != NOBODY; node = wheel->nodes[node].next) {
        wheel->nodes[node].list = DUE;
        wheel->nodes[node].prev = last;
        last = node;
    }
    if (last != NOBODY)
        wheel->nodes[wheel->due].prev = last;
}

/* --- time --- */

struct span {
    unsigned list;
    uint64_t begin, last; /* what it may hold */
};

/* The list that comes first, or false when none holds anything. */
static bool first_span(const struct sip_wheel *wheel, struct span *span)
{
    for (unsigned level = 0; level < SIP_WHEEL_LEVELS; level++) {
        uint64_t bits = wheel->occupied[level];
        unsigned shift = level * DIGIT_BITS, digit;

        if (level == LAST_LEVEL)
            bits &= ~UINT64_C(1);
        if (!bits)
            continue;
        digit = lowest_bit(bits);
        span->list = level * SIP_WHEEL_LISTS + digit;
        span->begin = wheel->now >> shift >> DIGIT_BITS << DIGIT_BITS;
        span->begin = (span->begin | digit) << shift;
        span->last = span->begin + (UINT64_C(1) << shift) - 1;
        return true;
    }
    if (wheel->first[FAR_LIST] == NOBODY)
        return false;
    span->list = FAR_LIST;
    span->begin = (wheel->now | SPAN_MASK) + 1;
    span->last = UINT64_MAX;
    return true;
}

/* Moves `now` into the span and sorts its nodes into what is due by then and what is not. */
static void enter(struct sip_wheel *wheel, const struct span *span, uint64_t now)
{
    uint32_t node = wheel->first[span->list], next, chain = NOBODY;

    wheel->now = now;
    list_empty(wheel, span->list);
    for (; node != NOBODY; node = next) {
        next = wheel->nodes[node].next;
        if (wheel->nodes[node].at > now) {
            list_add(wheel, list_for(wheel, wheel->nodes[node].at), node);
        } else {
            wheel->nodes[node].next = chain;
            chain = node;
        }
    }
    due_set(wheel, chain);
}

/* Moves `now` forward to the first list with something due, or to `to` when there is none: what is
 * due later stays where it is, so that `due` remains short. */
static void advance(struct sip_wheel *wheel, uint64_t to)
{
    struct span span;

    while (wheel->due == NOBODY && wheel->now < to) {
        if (first_span(wheel, &span) && span.begin <= to)
            enter(wheel, &span, span.last < to ? span.last : to);
        else
            wheel->now = to;
    }
}

void sip_wheel_set(struct sip_wheel *wheel, uint32_t node, uint64_t at)
{
    sip_wheel_clear(wheel, node);
    if (at == UINT64_MAX)
        return;
    wheel->nodes[node].at = at;
    wheel->nodes[node].order = wheel->order++;
    if (at <= wheel->now)
        due_add(wheel, node);
    else
        list_add(wheel, list_for(wheel, at), node);
    wheel->waiting++;
}

void sip_wheel_clear(struct sip_wheel *wheel, uint32_t node)
{
    if (wheel->nodes[node].list == 0)
        return;
    if (wheel->nodes[node].list == DUE)
        due_remove(wheel, node);
    else
        list_remove(wheel, node);
    wheel->nodes[node].list = 0;
    wheel->waiting--;
}

uint64_t sip_wheel_deadline(const struct sip_wheel *wheel)
{
    uint64_t earliest = UINT64_MAX;
    uint32_t node;
    struct span span;

    if (wheel->due != NOBODY)
        return wheel->nodes[wheel->due].at;
    if (!first_span(wheel, &span))
        return UINT64_MAX;
    node = wheel->first[span.list];
    for (int looked = 0; node != NOBODY; looked++) {
        if (looked == SIP_WHEEL_LOOKS)
            return span.begin;
        if (wheel->nodes[node].at < earliest)
            earliest = wheel->nodes[node].at;
        node = wheel->nodes[node].next;
    }
    return earliest;
}

uint32_t sip_wheel_take(struct sip_wheel *wheel, uint64_t now)
{
    uint32_t node;

    advance(wheel, now);
    node = wheel->due;
    if (node == NOBODY || wheel->nodes[node].at > now)
        return NOBODY;
    sip_wheel_clear(wheel, node);
    return node;
}
