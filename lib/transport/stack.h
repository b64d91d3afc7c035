/* The block and what every layer above shares: pools, deadlines, buffers, flows, trace.
 *
 * RFC 3261 §18. Reports of the host come in here, are framed, parsed and checked, and go up through
 * the `struct sip_upper` that the layer above gave at joining. The pools of all layers are cut from
 * one block by kind; a layer knows the struct behind its kind, the stack only its size.
 * Resolving names is not done here (lib/locate will); numeric hosts are. */
#ifndef SIP_TRANSPORT_STACK_H
#define SIP_TRANSPORT_STACK_H

#include "base/buffers.h"
#include "base/slots.h"
#include "base/wheel.h"
#include "sip/framer.h"
#include "sip/reply.h"
#include "sip/size.h"
#include "sip/stack.h"
#include "sip/writer.h"

enum sip_kind {
    SIP_KIND_FLOW = 1, /* 0 is no handle */
    SIP_KIND_RESOLVING,
    SIP_KIND_TRANSACTION,
    SIP_KIND_DIALOG,
    SIP_KIND_ACCOUNT,
    SIP_KIND_REGISTRATION,
    SIP_KIND_CALL,
    SIP_KIND_REQUEST,
    SIP_KIND_UA, /* one slot: the user agent itself, for its deadline */
    SIP_KINDS
};

/* What the layer above is told. Each is called as the last act of a report. */
struct sip_upper {
    void (*request)(struct sip_stack *, const struct sip_received *);
    void (*response)(struct sip_stack *, const struct sip_received *);
    /* A stream is gone, or datagrams to `path->remote` do not arrive. Tells nobody at once: wakes
     * what it concerns. */
    void (*lost)(struct sip_stack *, struct sip_flow, const struct sip_path *);
    /* Something is full: gives up the transaction that is missed least, one with a buffer if that
     * is what is wanted; false when there is none. Tells nobody. */
    bool (*yield)(struct sip_stack *, bool buffer);
};

struct sip_stack {
    struct sip_stack_config config; /* limits and timers filled in */
    uint64_t now;
    bool busy;                      /* inside a report */
    struct sip_slots pools[SIP_KINDS];
    uint32_t node_base[SIP_KINDS];  /* node of slot 0 of each kind in the wheel */
    void (*fire[SIP_KINDS])(struct sip_stack *, uint32_t index);
    struct sip_wheel wheel;
    struct sip_buffers buffers;
    uint8_t secret[16];
    uint64_t unique;                /* counts what sip_stack_unique() gave */
    const struct sip_upper *upper;
    const struct sip_user *user;    /* of sip/transaction.h, and what it is called with */
    void *user_data;
    char *scratch;                  /* message_max bytes, for the message being built */
    char *aside;                    /* message_max / 2 bytes, for lines that go into it */
    char *masked;                   /* the same, for what a tracer is shown; NULL without one */
    uint32_t linger_first[7], linger_last[7]; /* of lib/transaction/linger.c: 1 + index, 0 = none */
    uint64_t verified[16];          /* hashes of sources that receive what is sent to them */
    uint32_t verified_next;
    struct sip_message message;     /* the message being received */
    struct sip_message own;         /* one of our own that is read again */
    struct sip_counters counters;
    uint32_t refusals[SIP_REASON_COUNT];
    uint32_t refusals_left;         /* stateless 503 in the second that ends at refusals_until */
    uint64_t refusals_until;
};

/* --- reports --- */

/* Begins a report of the host; false inside another one: the host broke the contract. */
bool sip_stack_enter(struct sip_stack *, uint64_t now);
void sip_stack_leave(struct sip_stack *);

/* Around each call of a transport or trace function: a report made inside is refused there too. */
static inline bool sip_stack_outside(struct sip_stack *stack)
{
    bool busy = stack->busy;

    stack->busy = true;
    return busy;
}

/* transport.local: our own address towards `path->remote`. */
int sip_stack_local(struct sip_stack *, const struct sip_path *path, struct sip_addr *);

/* --- time --- */

/* Takes the host's time; returns the largest one seen. */
uint64_t sip_stack_time(struct sip_stack *, uint64_t now);

/* --- slots; a handle is kind << 56 | index << 32 | generation --- */

/* A cleared slot, its deadline not set; NULL when none is free, which is counted and traced. */
void *sip_stack_take(struct sip_stack *, enum sip_kind, uint32_t *index, bool from_reserve);
void sip_stack_free(struct sip_stack *, enum sip_kind, uint32_t index);
void *sip_stack_at(const struct sip_stack *, enum sip_kind, uint32_t index);
void *sip_stack_find(const struct sip_stack *, enum sip_kind, uint64_t handle); /* NULL: over */
uint64_t sip_stack_handle(const struct sip_stack *, enum sip_kind, uint32_t index);
static inline uint32_t sip_handle_index(uint64_t handle)
{
    return (uint32_t)(handle >> 32) & 0xffffffu;
}

/* Sets the slot's one deadline; SIP_NEVER clears it. fire[kind] is called when it is due. */
void sip_stack_wake(struct sip_stack *, enum sip_kind, uint32_t index, uint64_t at);

/* --- buffers --- */

/* 0 when there is none: counted and traced. Large enough for `size`. */
uint32_t sip_stack_buffer(struct sip_stack *, size_t size, bool from_reserve);
/* Copies `text` into a new buffer. */
uint32_t sip_stack_keep(struct sip_stack *, struct sip_str text, bool from_reserve);
void sip_stack_unkeep(struct sip_stack *, uint32_t buffer);

/* One transaction and one small buffer for the end of what is admitted now, and what was set aside
 * given back, to be used for it or because it ended otherwise. */
bool sip_stack_set_aside(struct sip_stack *);
void sip_stack_give_back(struct sip_stack *);

/* --- secrets --- */

/* 64 bits that nobody outside can guess and that never repeat: branches, tags, Call-IDs. */
uint64_t sip_stack_unique(struct sip_stack *);
/* A keyed hash over `count` pieces, never 0; pieces cannot run into each other. */
uint64_t sip_stack_hash(const struct sip_stack *, const struct sip_str *pieces, size_t count);

bool sip_stack_is_verified(const struct sip_stack *, const struct sip_path *);

/* --- ways: where a message goes, and sending it --- */

struct sip_way {
    struct sip_path path;
    struct sip_flow flow; /* null for datagrams */
};

/* The targets a URI stands for: numeric hosts only. Returns how many were stored (at most `max`),
 * SIP_ENAME for a name, SIP_EURI for what is no sip URI (RFC 3263 §4). */
int sip_way_resolve(struct sip_stack *, struct sip_str uri, struct sip_target *, size_t max);
/* The same for the next hop of a request: of one with a SIPS Request-URI any URI counts as SIPS
 * (RFC 3261 §8.1.2). */
int sip_way_resolve_for(struct sip_stack *, struct sip_str uri, struct sip_str request_uri,
                        struct sip_target *, size_t max);
bool sip_way_is_secure(struct sip_str uri);

/* The way to a target: fills in our own address; for streams finds the connection there is
 * (§18.1.1) or begins one. Negative: none. */
int sip_way_open(struct sip_stack *, const struct sip_target *, struct sip_way *);

/* The way for the responses to a request just received (§18.2.2, RFC 3581 §4). */
void sip_way_back(struct sip_stack *, const struct sip_received *, struct sip_way *);

/* Sends a whole message; `again` when it is a retransmission. Negative: the way is dead. */
int sip_way_send(struct sip_stack *, const struct sip_way *, struct sip_str message, bool again);

/* Writes our Via for a request on this way (§18.1.1, RFC 3581 §3): "z9hG4bK" and `branch` in
 * hex. */
void sip_way_via(struct sip_stack *, const struct sip_way *, uint64_t branch, struct sip_writer *);

/* The branch number in a response's Via if it is one that sip_way_via() wrote, else 0. */
uint64_t sip_way_branch(struct sip_str branch);

/* --- responses --- */

/* Copies into a response what §8.2.6.2 takes from a request: Via with received and rport (§18.2.1),
 * From, To with `tag` unless it has one or `tag` is empty, Call-ID, CSeq, and Record-Route in
 * order. */
void sip_reply_fixed(struct sip_writer *, const struct sip_received *, struct sip_str tag);

/* Of these the Vias alone. */
void sip_reply_vias(struct sip_writer *, const struct sip_received *);

/* --- trace --- */

void sip_stack_trace_message(struct sip_stack *, enum sip_trace_kind, const struct sip_path *,
                             struct sip_str bytes);
/* Bytes that came were refused; counts the reason too. */
void sip_stack_trace_refused(struct sip_stack *, const struct sip_path *, struct sip_str bytes,
                             const struct sip_fault *);
/* `what` changed from one state to another; `id` is its handle. */
void sip_stack_trace_state(struct sip_stack *, const char *what, uint64_t id, const char *from,
                           const char *to);
void sip_stack_trace_timer(struct sip_stack *, const char *what, uint64_t id, const char *letter);
void sip_stack_trace_limit(struct sip_stack *, const char *name);

#endif
