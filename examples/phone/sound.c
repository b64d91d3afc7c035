#include "phone/sound.h"

#include <stdio.h>
#include <string.h>

static void schedule(struct sound *sound);

static void audio_due(void *host, uint64_t now)
{
    struct sound *sound = host;

    audio_tick(sound->audio, now);
    schedule(sound);
}

static void audio_came(void *host, int fd)
{
    struct sound *sound = host;

    (void)fd;
    audio_readable(sound->audio, sip_posix_now());
    schedule(sound);
}

static void schedule(struct sound *sound)
{
    sip_posix_timer(sound->posix, audio_deadline(sound->audio), audio_due, sound);
}

static bool may_send(enum sip_sdp_direction direction)
{
    return direction == SIP_SDP_SENDRECV || direction == SIP_SDP_SENDONLY;
}

static bool may_receive(enum sip_sdp_direction direction)
{
    return direction == SIP_SDP_SENDRECV || direction == SIP_SDP_RECVONLY;
}

/* Who holds says nothing, though SENDONLY would allow it: we have no music. What may come by our
 * last offer is listened to before the answer to it is there (RFC 3264 §5.1). */
static void direct(struct sound *sound)
{
    bool send = sound->talking && may_send(sound->agreed) && !sound_held_here(sound);

    audio_direction(sound->audio, send, may_receive(sound->agreed) || !sound_held_here(sound));
    schedule(sound);
}

static void take_stream(struct sound *sound, const struct sip_sdp_stream *stream)
{
    char address[SIP_ADDR_TEXT + 1];

    sound->agreed = stream->direction;
    sound->wanted = sound->session.direction;
    if (stream->remote.family) {
        address[sip_addr_text(&stream->remote, address)] = '\0';
        audio_remote(sound->audio, address, stream->remote.port,
                     (enum g711)stream->codec->payload_type);
    }
    direct(sound);
}

bool sound_open(struct sound *sound, const struct sound_args *args, char *why, size_t why_size)
{
    char address[SIP_ADDR_TEXT + 1];
    struct audio_args audio = {.local = address, .play = args->play, .record = args->record};

    address[sip_addr_text(args->local, address)] = '\0';
    *sound = (struct sound){.posix = args->posix};
    sound->audio = audio_open(&audio, why, why_size);
    if (!sound->audio)
        return false;
    description_begin(&sound->session, sip_posix_now(), args->local, audio_port(sound->audio));
    audio_direction(sound->audio, false, true);
    sip_posix_watch(sound->posix, audio_fd(sound->audio), audio_came, sound);
    return true;
}

void sound_close(struct sound *sound)
{
    if (!sound->audio)
        return;
    sip_posix_unwatch(sound->posix, audio_fd(sound->audio));
    sip_posix_timer(sound->posix, SIP_NEVER, audio_due, sound);
    if (audio_close(sound->audio) < 0)
        perror("phone: the recording");
    sound->audio = NULL;
}

struct sip_body sound_offer(struct sound *sound, bool hold)
{
    sound->session.direction = hold ? SIP_SDP_SENDONLY : SIP_SDP_SENDRECV;
    direct(sound);
    sound->said = description_offer(&sound->session, sound->text);
    return sound->said;
}

struct sip_body sound_answer(struct sound *sound, struct sip_body offer)
{
    struct sip_sdp_stream stream;

    sound->said = description_answer(&sound->session, offer, &stream, sound->text);
    if (sound->said.bytes.at)
        take_stream(sound, &stream);
    return sound->said;
}

bool sound_agree(struct sound *sound, struct sip_body answer)
{
    struct sip_sdp_stream stream;

    if (sip_sdp_accept_bytes(&sound->session, answer.bytes, &stream) <= 0)
        return false;
    take_stream(sound, &stream);
    return true;
}

void sound_keep(struct sound *sound)
{
    sound->session.direction = sound->wanted;
    direct(sound);
}

void sound_talk(struct sound *sound)
{
    sound->talking = true;
    direct(sound);
}

bool sound_held_here(const struct sound *sound)
{
    return sound->session.direction == SIP_SDP_SENDONLY;
}

bool sound_held_there(const struct sound *sound)
{
    return !may_send(sound->agreed);
}
