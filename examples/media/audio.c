#define _POSIX_C_SOURCE 200809L

#include "media/audio.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/jitter.h"
#include "media/rtp.h"
#include "media/tone.h"
#include "media/wav.h"

enum {
    FRAME_MS = 20,
    FRAME = WAV_RATE * FRAME_MS / 1000,
    PER_MS = WAV_RATE / 1000,
    BEHIND_MAX_MS = 200,       /* ticks later than this leave frames out in place of a burst */
    APART_MAX = 2 * WAV_RATE,  /* a timestamp further than this from the arrival is not believed */
    READS_MAX = 64,
    BIND_TRIES = 50,
    DATAGRAM_MAX = 2048
};

struct address {
    struct sockaddr_storage at;
    socklen_t len;
};

/* What leaves: frame n is due at `start` + 20 n and carries the timestamp `timestamp` + 160 n. */
struct sender {
    bool on, started, marker;
    uint64_t start, frame;
    uint32_t ssrc, timestamp;
    uint16_t sequence;
    struct wav file;
    bool has_file;
};

/* What came: `written` samples stand in the recording, the last frame began at `base`. */
struct receiver {
    bool on, has_ssrc, placed;
    uint32_t ssrc, base_timestamp;
    uint64_t first_arrival, base, written;
    struct jitter jitter;
    struct wav_writer file;
    bool failed;
};

struct audio {
    int fd;
    uint16_t port;
    enum g711 codec;
    bool has_remote, has_source;
    struct address remote;     /* negotiated */
    struct address source;     /* the first that sent RTP */
    struct sender sender;
    struct receiver receiver;
    struct audio_counts counts;
};

static bool same_address(const struct address *a, const struct address *b)
{
    const struct sockaddr_in *a4 = (const void *)&a->at, *b4 = (const void *)&b->at;
    const struct sockaddr_in6 *a6 = (const void *)&a->at, *b6 = (const void *)&b->at;

    if (a->at.ss_family != b->at.ss_family)
        return false;
    if (a->at.ss_family == AF_INET)
        return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
    return a6->sin6_port == b6->sin6_port &&
           memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof a6->sin6_addr) == 0;
}

static int numeric_address(struct address *address, const char *text, uint16_t port)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    char service[8];

    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(text, service, &hints, &found) != 0)
        return -1;
    memcpy(&address->at, found->ai_addr, found->ai_addrlen);
    address->len = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

static uint16_t bound_port(int fd)
{
    struct address bound = {.len = sizeof bound.at};

    if (getsockname(fd, (struct sockaddr *)&bound.at, &bound.len) < 0)
        return 0;
    if (bound.at.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)(const void *)&bound.at)->sin6_port);
    return ntohs(((const struct sockaddr_in *)(const void *)&bound.at)->sin_port);
}

/* One socket on that port, 0 meaning any; -1 with errno. */
static int bind_once(const char *local, uint16_t port)
{
    struct address address;

    if (numeric_address(&address, local, port) < 0) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(address.at.ss_family, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&address.at, address.len) < 0 ||
        fcntl(fd, F_SETFL, O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* Any port the system gives, until it is an even one; the neighbour of an odd one is often free. */
static int bind_even(const char *local)
{
    for (int i = 0; i < BIND_TRIES; i++) {
        int fd = bind_once(local, 0);

        if (fd < 0 || bound_port(fd) % 2 == 0)
            return fd;
        uint16_t below = (uint16_t)(bound_port(fd) - 1);
        close(fd);
        fd = bind_once(local, below);
        if (fd >= 0)
            return fd;
    }
    errno = EADDRINUSE;
    return -1;
}

static int fill_random(struct sender *sender)
{
    FILE *file = fopen("/dev/urandom", "rb");
    uint32_t words[3];
    size_t got = file ? fread(words, sizeof words, 1, file) : 0;

    if (file)
        fclose(file);
    if (got != 1)
        return -1;
    sender->ssrc = words[0];
    sender->timestamp = words[1];
    sender->sequence = (uint16_t)words[2];
    return 0;
}

static int open_socket(struct audio *audio, const struct audio_args *args, char *why, size_t size)
{
    if (args->port % 2) {
        snprintf(why, size, "RTP port %u is not an even number", args->port);
        return -1;
    }
    audio->fd = args->port ? bind_once(args->local, args->port) : bind_even(args->local);
    if (audio->fd < 0) {
        snprintf(why, size, "RTP on %s port %u: %s", args->local, args->port, strerror(errno));
        return -1;
    }
    audio->port = bound_port(audio->fd);
    return 0;
}

static int open_files(struct audio *audio, const struct audio_args *args, char *why, size_t size)
{
    if (fill_random(&audio->sender) < 0) {
        snprintf(why, size, "no random bytes from /dev/urandom");
        return -1;
    }
    if (args->play) {
        if (wav_read(args->play, &audio->sender.file, why, size) < 0)
            return -1;
        audio->sender.has_file = true;
    }
    if (args->record && wav_create(&audio->receiver.file, args->record) < 0) {
        snprintf(why, size, "%s: %s", args->record, strerror(errno));
        return -1;
    }
    return 0;
}

struct audio *audio_open(const struct audio_args *args, char *why, size_t why_size)
{
    struct audio *audio = calloc(1, sizeof *audio);

    if (!audio) {
        snprintf(why, why_size, "no memory for audio");
        return NULL;
    }
    audio->fd = -1;
    audio->sender.on = audio->receiver.on = true;
    if (open_socket(audio, args, why, why_size) < 0 || open_files(audio, args, why, why_size) < 0) {
        audio_close(audio);
        return NULL;
    }
    return audio;
}

uint16_t audio_port(const struct audio *audio)
{
    return audio->port;
}

int audio_fd(const struct audio *audio)
{
    return audio->fd;
}

struct audio_counts audio_counts(const struct audio *audio)
{
    struct audio_counts counts = audio->counts;

    counts.lost = audio->receiver.jitter.lost;
    counts.late = audio->receiver.jitter.late;
    return counts;
}

int audio_remote(struct audio *audio, const char *address, uint16_t port, enum g711 codec)
{
    struct address remote = {.len = 0}, local = {.len = sizeof local.at};

    if (numeric_address(&remote, address, port) < 0 ||
        getsockname(audio->fd, (struct sockaddr *)&local.at, &local.len) < 0 ||
        remote.at.ss_family != local.at.ss_family)
        return -1;
    if (!audio->has_remote || !same_address(&remote, &audio->remote))
        audio->has_source = false;
    audio->remote = remote;
    audio->has_remote = true;
    audio->codec = codec;
    return 0;
}

/* Puts one frame where its timestamp says. After a jump of the timestamps, or for another source,
 * the arrival says it. What would stand before the end of the recording is cut off. */
static void record_frame(struct receiver *receiver, const struct jitter_frame *frame)
{
    if (receiver->written == 0)
        receiver->first_arrival = frame->arrival;
    int64_t heard = (int64_t)((frame->arrival - receiver->first_arrival) * PER_MS);
    int64_t at = (int64_t)receiver->base + (int32_t)(frame->timestamp - receiver->base_timestamp);
    int64_t written = (int64_t)receiver->written;

    if (!receiver->placed || at - heard > APART_MAX || heard - at > APART_MAX)
        at = heard > written ? heard : written;
    receiver->placed = true;
    receiver->base = (uint64_t)(at > 0 ? at : 0);
    receiver->base_timestamp = frame->timestamp + (uint32_t)(at < 0 ? -at : 0);
    size_t cut = at < written ? (size_t)(written - at) : 0;
    if (cut >= frame->count)
        return;
    size_t silence = at > written ? (size_t)(at - written) : 0;
    size_t count = frame->count - cut;
    if (receiver->file.file && (wav_silence(&receiver->file, silence) < 0 ||
                                wav_write(&receiver->file, frame->samples + cut, count) < 0))
        receiver->failed = true;
    receiver->written += silence + count;
}

static void record_ready(struct receiver *receiver, uint64_t now)
{
    const struct jitter_frame *frame;

    while ((frame = jitter_take(&receiver->jitter, now)))
        record_frame(receiver, frame);
}

void audio_direction(struct audio *audio, bool send, bool receive)
{
    if (receive != audio->receiver.on) {
        record_ready(&audio->receiver, UINT64_MAX);
        jitter_restart(&audio->receiver.jitter);
    }
    if (!send)
        audio->sender.marker = true;
    audio->sender.on = send;
    audio->receiver.on = receive;
}

/* Symmetric RTP with a latch: the negotiated source always, else the first. */
static bool from_peer(struct audio *audio, const struct address *from)
{
    if (audio->has_remote && same_address(from, &audio->remote))
        return true;
    if (!audio->has_source) {
        audio->source = *from;
        audio->has_source = true;
    }
    return same_address(from, &audio->source);
}

static bool is_known_sound(const struct rtp *rtp)
{
    return (rtp->payload_type == G711_PCMU || rtp->payload_type == G711_PCMA) &&
           rtp->payload_len > 0 && rtp->payload_len <= JITTER_SAMPLES;
}

static void take_datagram(struct audio *audio, uint64_t now, const struct address *from,
                          const uint8_t *bytes, size_t len)
{
    struct receiver *receiver = &audio->receiver;
    struct rtp rtp;

    if (!receiver->on)
        return;
    if (!rtp_parse(&rtp, bytes, len) || !is_known_sound(&rtp) || !from_peer(audio, from)) {
        audio->counts.refused++;
        return;
    }
    audio->counts.received++;
    if (receiver->has_ssrc && rtp.ssrc != receiver->ssrc) {    /* another stream: RFC 3550 §8.2 */
        record_ready(receiver, UINT64_MAX);
        jitter_restart(&receiver->jitter);
        receiver->placed = false;
    }
    receiver->has_ssrc = true;
    receiver->ssrc = rtp.ssrc;
    struct jitter_frame *frame = jitter_place(&receiver->jitter, now, rtp.sequence);
    if (frame) {
        frame->timestamp = rtp.timestamp;
        frame->count = rtp.payload_len;
        g711_decode((enum g711)rtp.payload_type, frame->samples, rtp.payload, rtp.payload_len);
    }
    record_ready(receiver, now);
}

void audio_readable(struct audio *audio, uint64_t now)
{
    uint8_t bytes[DATAGRAM_MAX];

    for (int i = 0; i < READS_MAX; i++) {
        struct address from = {.len = sizeof from.at};
        struct sockaddr *at = (struct sockaddr *)&from.at;
        ssize_t len = recvfrom(audio->fd, bytes, sizeof bytes, 0, at, &from.len);

        if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (len >= 0)    /* else the peer's port is closed: its next packet tells more */
            take_datagram(audio, now, &from, bytes, (size_t)len);
    }
}

/* The samples of frame `number`: the file, silence after its end, or the tone. */
static void frame_samples(const struct sender *sender, uint64_t number, int16_t samples[FRAME])
{
    uint64_t at = number * FRAME;

    if (!sender->has_file) {
        tone_fill(samples, FRAME, at);
        return;
    }
    size_t left = at < sender->file.count ? sender->file.count - (size_t)at : 0;
    memset(samples, 0, FRAME * sizeof *samples);
    if (left)
        memcpy(samples, sender->file.samples + at, (left < FRAME ? left : FRAME) * sizeof *samples);
}

static void send_frame(struct audio *audio)
{
    struct sender *sender = &audio->sender;
    uint8_t packet[RTP_HEAD + FRAME];
    int16_t samples[FRAME];
    struct rtp rtp = {
        .payload_type = (uint8_t)audio->codec,
        .marker = sender->marker,
        .sequence = sender->sequence++,
        .timestamp = sender->timestamp + (uint32_t)(sender->frame * FRAME),
        .ssrc = sender->ssrc,
    };

    frame_samples(sender, sender->frame, samples);
    rtp_write(packet, &rtp);
    g711_encode(audio->codec, packet + RTP_HEAD, samples, FRAME);
    if (sendto(audio->fd, packet, sizeof packet, 0, (const struct sockaddr *)&audio->remote.at,
               audio->remote.len) == (ssize_t)sizeof packet)
        audio->counts.sent++;
    sender->marker = false;
}

static bool is_sending(const struct audio *audio)
{
    return audio->sender.on && audio->has_remote;
}

static uint64_t next_due(const struct sender *sender)
{
    return sender->started ? sender->start + sender->frame * FRAME_MS : 0;
}

void audio_tick(struct audio *audio, uint64_t now)
{
    struct sender *sender = &audio->sender;

    record_ready(&audio->receiver, now);
    if (!is_sending(audio))
        return;
    if (!sender->started) {
        sender->started = sender->marker = true;
        sender->start = now;
    }
    if (now > next_due(sender) + BEHIND_MAX_MS) {    /* a pause: sound went on without being sent */
        sender->frame = (now - sender->start) / FRAME_MS;
        sender->marker = true;
    }
    for (; next_due(sender) <= now; sender->frame++)
        send_frame(audio);
}

uint64_t audio_deadline(const struct audio *audio)
{
    uint64_t record = jitter_deadline(&audio->receiver.jitter);
    uint64_t send = is_sending(audio) ? next_due(&audio->sender) : UINT64_MAX;

    return send < record ? send : record;
}

int audio_close(struct audio *audio)
{
    int result = 0;

    if (!audio)
        return 0;
    record_ready(&audio->receiver, UINT64_MAX);
    if (wav_close(&audio->receiver.file) < 0 || audio->receiver.failed)
        result = -1;
    if (audio->fd >= 0)
        close(audio->fd);
    free(audio->sender.file.samples);
    free(audio);
    return result;
}
