/* The phone as its parts see it: phone.c registers and ends, call.c makes and takes calls,
 * commands.c reads what the user types, sound.c is heard and hears. */
#ifndef PHONE_PHONE_H
#define PHONE_PHONE_H

#include <sip/posix.h>
#include <sip/sip.h>

#include "phone/call.h"
#include "phone/options.h"

struct phone {
    struct phone_options options;
    struct sip_posix *posix;
    struct sip_ua *ua;
    struct sip_addr here; /* our address on the side of the server */
    struct sip_account account;
    struct call call;
    bool registered;
    bool call_wanted;    /* --call waits for the registration */
    bool called_in_vain; /* --call was not answered, so far */
    bool input_over;     /* nobody types any more */
    bool stopped;
};

/* Ends calls and registration; the program ends when all is said. */
void phone_leave(struct phone *phone);

/* Leaves when there is nothing more to wait for. */
void phone_idle(struct phone *phone);

/* One event as a line on standard output; one complaint as a line on standard error. */
void phone_say(const char *format, ...);
void phone_complain(const char *format, ...);

#endif
