/* The sound of one call: what both sides agree on (sip/sdp.h), and the RTP that follows from it
 * (media/audio.h), which it keeps going on the loop by itself. */
#ifndef PHONE_SOUND_H
#define PHONE_SOUND_H

#include <sip/posix.h>
#include <sip/sip.h>

#include "description.h"
#include "media/audio.h"

struct sound {
    struct sip_posix *posix;
    struct audio *audio; /* NULL: closed */
    struct sip_sdp_session session;
    enum sip_sdp_direction agreed;
    enum sip_sdp_direction wanted; /* by us, when that was agreed */
    bool talking;                  /* the call is answered */
    struct sip_body said;          /* our last description, in `text` */
    char text[DESCRIPTION_MAX];
};

struct sound_args {
    struct sip_posix *posix;
    const struct sip_addr *local; /* where RTP is received; its port does not count */
    const char *play, *record;    /* WAV files, or NULL */
};

/* Opens socket and files. Returns false with one line in `why` when something is not to be had. */
bool sound_open(struct sound *sound, const struct sound_args *args, char *why, size_t why_size);

/* Ends it; harmless on one that is not open. */
void sound_close(struct sound *sound);

/* Our offer; with `hold` one that asks the peer to be silent. The body lives until the next one,
 * and as `said`. */
struct sip_body sound_offer(struct sound *sound, bool hold);

/* The answer to an offer of the peer; an empty body when there is no codec in common. */
struct sip_body sound_answer(struct sound *sound, struct sip_body offer);

/* Takes the peer's answer to our offer; false when nothing can be done with it. */
bool sound_agree(struct sound *sound, struct sip_body answer);

/* The peer refused our offer: all stays as it was. */
void sound_keep(struct sound *sound);

/* The call is answered: from now on we are heard. */
void sound_talk(struct sound *sound);

/* Who holds the call. */
bool sound_held_here(const struct sound *sound);
bool sound_held_there(const struct sound *sound);

#endif
