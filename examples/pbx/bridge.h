/* The back-to-back user agent: connects a caller with the phones of the user he wants.
 *
 * A bridge has one leg to the caller and one to each phone. All phones ring; the first answer wins,
 * the others are told that the call was completed elsewhere (RFC 3326). Session descriptions pass
 * through unread, so the sound goes from phone to phone. */
#ifndef PBX_BRIDGE_H
#define PBX_BRIDGE_H

#include <sip/sip.h>

#include "pbx/locations.h"

enum { BRIDGES_MAX = 64, LEG_TEXT = 2048 };

struct bridge;

/* One call of ours, or none: then `call` is null. */
struct leg {
    struct sip_call call;
    struct bridge *bridge;
    size_t described;           /* bytes of ... */
    char description[LEG_TEXT]; /* what the phone said last about its session */
};

struct bridge {
    struct pbx *pbx;
    struct leg caller;
    struct leg phones[BINDINGS_PER_USER];
    struct leg *answered; /* the phone that won, or NULL */
    struct leg *asking;   /* the leg whose re-INVITE waits for the other's answer, or NULL */
    uint16_t status;      /* the refusal that the caller gets when no phone is left; 0: none yet */
    bool late;            /* the INVITE had no offer: the answer comes with the caller's ACK */
};

struct bridges {
    struct bridge at[BRIDGES_MAX];
};

/* Tells callers who wait for an answer that they will get none. */
void bridges_stop(struct pbx *pbx, uint64_t now);

/* For struct sip_events. */
void bridge_event(void *pbx, struct sip_ua *ua, const struct sip_call_event *event);

#endif
