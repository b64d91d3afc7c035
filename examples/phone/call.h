/* The phone's call. There is one at a time: the library answers 486 to whoever calls meanwhile, for
 * the configuration has one call slot. */
#ifndef PHONE_CALL_H
#define PHONE_CALL_H

#include <sip/sip.h>

#include "phone/sound.h"

struct phone;

enum call_state { CALL_NONE, CALL_OUT, CALL_IN, CALL_UP };
enum call_change { CALL_SAME, CALL_HOLD, CALL_RESUME };

struct call {
    struct sip_call handle;
    enum call_state state;
    enum call_change change; /* what our open re-INVITE asks for */
    unsigned number;         /* counts the calls of this program */
    bool ringing;
    bool held_there; /* as the user was told last */
    struct sound sound;
};

/* What a user does. Each returns NULL, or why it cannot be done. */
const char *call_start(struct phone *phone, const char *uri);
const char *call_answer(struct phone *phone);
const char *call_reject(struct phone *phone, unsigned status);
const char *call_hang_up(struct phone *phone);
const char *call_hold(struct phone *phone);
const char *call_resume(struct phone *phone);

/* "none", "calling", "ringing", "up", "held". */
const char *call_status(const struct call *call);

/* What happens: for struct sip_events. */
void call_event(void *phone, struct sip_ua *ua, const struct sip_call_event *event);

#endif
