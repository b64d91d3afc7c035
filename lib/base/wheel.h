/* Deadlines: a hierarchical timing wheel over numbered nodes, so that cost does not grow with the
 * number of timers. Six levels of 64 lists cover 2^36 ms; later deadlines wait on the last level.
 *
 * Each object has one node and so one deadline: the earliest of whatever it waits for. Due nodes
 * come out in the order of (deadline, the moment it was set), however far the time jumps. */
#ifndef SIP_BASE_WHEEL_H
#define SIP_BASE_WHEEL_H

#include "sip/str.h"

#define SIP_WHEEL_LEVELS 6
#define SIP_WHEEL_LISTS 64
#define SIP_WHEEL_LOOKS 32 /* nodes that asking for the deadline looks at, at most */

struct sip_node {
    uint64_t at;    /* the deadline */
    uint32_t order; /* when it was set, among equals; may wrap, see before() */
    uint32_t next, prev;
    uint16_t list;  /* 1 + level * 64 + list; one above those = due; 0 = not waiting */
};

struct sip_wheel {
    struct sip_node *nodes;
    uint32_t count;
    uint32_t waiting;
    uint64_t now;   /* the lists hold what is later; all else is in `due` or has come out */
    uint32_t order;
    uint64_t occupied[SIP_WHEEL_LEVELS]; /* a bit for each list that is not empty */
    uint32_t first[SIP_WHEEL_LEVELS * SIP_WHEEL_LISTS];
    uint32_t due;   /* sorted list of what is due; `prev` of the first is the last */
};

/* `nodes` is not touched here: each node is reset by its owner before it is used. */
void sip_wheel_init(struct sip_wheel *, struct sip_node *nodes, uint32_t count, uint64_t now);

/* Makes a node of unknown content one that does not wait. */
void sip_wheel_reset(struct sip_wheel *, uint32_t node);

/* Sets or moves the deadline of a node; one not after the wheel's time is due at once (if it is in
 * the past, this walks over what is due after it). UINT64_MAX clears. */
void sip_wheel_set(struct sip_wheel *, uint32_t node, uint64_t at);
void sip_wheel_clear(struct sip_wheel *, uint32_t node);

/* The earliest deadline, UINT64_MAX when none waits. Where more than SIP_WHEEL_LOOKS nodes share
 * the earliest list, the beginning of that list, which is never later: sip_wheel_take() then finds
 * nothing but spreads them over lists of shorter spans, and the next answer is closer. */
uint64_t sip_wheel_deadline(const struct sip_wheel *);

/* Takes out the earliest node with a deadline not after `now`, or returns UINT32_MAX. */
uint32_t sip_wheel_take(struct sip_wheel *, uint64_t now);

#endif
