/* Dialogs: Call-ID and tags, sequence numbers, remote target, route set (RFC 3261 §12).
 *
 * dialog.c keeps them, text.c their texts (inline, or in one buffer when longer), route.c knows
 * what a route set does to a request (§12.2.1.1). Not done here: sending, usages, when a dialog
 * ends. */
#ifndef SIP_DIALOG_DIALOG_H
#define SIP_DIALOG_DIALOG_H

#include "sip/dialog.h"
#include "transport/stack.h"

/* In this order in the slot; only the last two change while a dialog lives. */
enum dialog_text { CALL_ID, LOCAL_TAG, REMOTE_TAG, LOCAL_URI, REMOTE_URI, TARGET, ROUTES, TEXTS };

#define SIP_DIALOG_TEXT 384

struct dialog {
    struct sip_slot slot;
    struct sip_flow flow;
    uint64_t owner;
    struct sip_path path;
    uint32_t local_cseq, remote_cseq; /* 0 = none yet */
    uint32_t rseq;                    /* of the last reliable provisional (RFC 3262); 0 = none */
    uint32_t buffer;                  /* 0: the texts are inline */
    uint16_t len[TEXTS];
    uint8_t state; /* enum sip_dialog_state */
    bool caller;
    bool agreed; /* the owner's note: offer and answer are done before the 2xx */
    char text[SIP_DIALOG_TEXT];
};

_Static_assert(sizeof(struct dialog) <= SIP_SIZE_DIALOG, "SIP_SIZE_DIALOG");

struct dialog *sip_dialog_at(const struct sip_stack *, struct sip_dialog);

/* RSeq of the last reliable provisional in it (RFC 3262), either side's; 0 = none. */
static inline uint32_t sip_dialog_rseq(const struct sip_stack *stack, struct sip_dialog dialog)
{
    const struct dialog *d = sip_dialog_at(stack, dialog);

    return d ? d->rseq : 0;
}

static inline const struct sip_path *sip_dialog_path(const struct sip_stack *stack,
                                                     struct sip_dialog dialog)
{
    return &sip_dialog_at(stack, dialog)->path;
}

static inline bool sip_dialog_is_agreed(const struct sip_stack *stack, struct sip_dialog dialog)
{
    const struct dialog *d = sip_dialog_at(stack, dialog);

    return d && d->agreed;
}

/* Where requests to `peer` go: to its Contact, a SIP or SIPS URI (§8.1.1.8). An INVITE of RFC 2543
 * that has none (its branch tells) may be answered all the same: its From is the address of the
 * caller (RFC 2543 §11.4). False when there is no such URI. */
bool sip_dialog_target(const struct sip_received *peer, struct sip_str *target);

/* --- text.c --- */

struct sip_str sip_dialog_text(const struct sip_stack *, const struct dialog *, enum dialog_text);

/* Stores the texts that never change. SIP_ESIZE when they fit nowhere. */
int sip_dialog_set_names(struct sip_stack *, struct dialog *, const struct sip_str names[TARGET]);

/* Stores a new target (NULL: as it is) and the route set of a message (NULL: as it is). SIP_ESIZE
 * when they fit nowhere, SIP_EBAD for a malformed Record-Route; nothing has changed then. */
int sip_dialog_set_way(struct sip_stack *, struct dialog *, const struct sip_str *target,
                       const struct sip_message *routes_of);

/* --- route.c --- */

/* The bytes of the route set that the Record-Route of a message make; -1 when one is malformed. */
long sip_route_set_len(const struct sip_message *);
/* Writes them, in order or (for the caller, §12.1.2) reversed. */
void sip_route_set_write(const struct sip_message *, bool reversed, char *out, size_t len);

/* The first URI of a route set, or {NULL, 0}. */
struct sip_str sip_route_first(struct sip_str routes);

/* Any URI as Request-URI: without headers and the method parameter, which may not stand there
 * (§19.1.1, table 1); and the line. */
void sip_write_request_uri(struct sip_writer *, struct sip_str uri);
void sip_write_first_line(struct sip_writer *, struct sip_str method, struct sip_str uri);

/* Request line and Route of a request (§12.2.1.1). */
struct route {
    struct sip_str target, routes;
};
void sip_route_write(struct sip_writer *, struct sip_str method, const struct route *);

#endif
