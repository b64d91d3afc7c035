/* The sound of one call: G.711 over RTP on one UDP socket (RFC 3550, RFC 3551).
 *
 * Sends a WAV file (its end is followed by silence) or a tone, and records what comes back. The
 * caller owns the loop and the time: it polls audio_fd() until audio_deadline(), calls
 * audio_readable() when there is something to read and audio_tick() when the deadline has come.
 * `now` is milliseconds of a clock that never goes back (CLOCK_MONOTONIC).
 *
 * A frame of 20 ms leaves at each 20th millisecond after the first, however late the ticks are, so
 * sound does not drift. The file runs on while sending is off, like a microphone on a held call.
 * What is received stands in the recording where its RTP timestamp says: packets that swapped
 * places are put back, lost ones and pauses are silence.
 *
 * The first source that sends RTP is listened to, and the negotiated address always (a NAT may
 * change what the peer announced); sound goes to the negotiated address only. There is no RTCP. */
#ifndef MEDIA_AUDIO_H
#define MEDIA_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/g711.h"

struct audio;

struct audio_args {
    const char *local;     /* numeric address to bind */
    uint16_t port;         /* an even number; 0: any even port that is free (RFC 3550 §11) */
    const char *play;      /* WAV file to send; NULL: the tone */
    const char *record;    /* WAV file to write; NULL: none */
};

struct audio_counts {
    uint64_t sent;
    uint64_t received;     /* RTP of a codec we have, from the peer, while receiving is on */
    uint64_t lost;         /* numbers never seen in time */
    uint64_t late;         /* of the received: too late, or a second copy */
    uint64_t refused;      /* not RTP, another codec, another source */
};

/* Opens socket and files. NULL with one line in `why` when something is not to be had. */
struct audio *audio_open(const struct audio_args *args, char *why, size_t why_size);

/* The port to offer in SDP. */
uint16_t audio_port(const struct audio *audio);

/* Where to send and which codec, as negotiated; may change during the call. Returns 0, or -1 when
 * `address` is not a numeric address of the socket's family. Nothing is sent before. */
int audio_remote(struct audio *audio, const char *address, uint16_t port, enum g711 codec);

/* Hold: what of sending and receiving is on. Both are at first. What comes while receiving is off
 * is thrown away and not counted. */
void audio_direction(struct audio *audio, bool send, bool receive);

int audio_fd(const struct audio *audio);
void audio_readable(struct audio *audio, uint64_t now);
void audio_tick(struct audio *audio, uint64_t now);

/* When audio_tick() is due; UINT64_MAX: not before something is received or changed. */
uint64_t audio_deadline(const struct audio *audio);

struct audio_counts audio_counts(const struct audio *audio);

/* Finishes the recording and frees all. Returns 0, or -1 when the recording could not be written;
 * NULL is taken and is fine. */
int audio_close(struct audio *audio);

#endif
