/* The media part of the examples: ITU-T G.711, WAV files, RTP (RFC 3550), the jitter buffer, and
 * one audio session against another over loopback in virtual time. */
#define _POSIX_C_SOURCE 200809L

#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/audio.h"
#include "media/g711.h"
#include "media/jitter.h"
#include "media/rtp.h"
#include "media/tone.h"
#include "media/wav.h"

/* Values of the standard's tables 1 and 2: all bits of the code as sent, samples scaled to 16
 * bits. */
TEST(g711_knows_the_values_of_the_standard)
{
    static const struct {
        enum g711 codec;
        uint8_t code;
        int sample;
    } rows[] = {
        {G711_PCMU, 0x80, 32124},  {G711_PCMU, 0x00, -32124},    /* table 2: 8031 of 8159 */
        {G711_PCMU, 0x8f, 16764},  {G711_PCMU, 0x9f, 8316},      /* 4191, 2079 */
        {G711_PCMU, 0xef, 132},    {G711_PCMU, 0xfe, 8},         /* 33, 2 */
        {G711_PCMU, 0xff, 0},      {G711_PCMU, 0x7e, -8},
        {G711_PCMA, 0xaa, 32256},  {G711_PCMA, 0x2a, -32256},    /* table 1: 4032 of 4096 */
        {G711_PCMA, 0xa5, 16896},  {G711_PCMA, 0xd5, 8},         /* 2112, 1 */
        {G711_PCMA, 0x55, -8},     {G711_PCMA, 0xd4, 24},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(g711_to_linear(rows[i].codec, rows[i].code), rows[i].sample);
        CHECK_INT(g711_from_linear(rows[i].codec, (int16_t)rows[i].sample), rows[i].code);
    }
    CHECK_INT(g711_to_linear(G711_PCMU, 0x7f), 0);      /* the other zero, never sent */
    CHECK_INT(g711_from_linear(G711_PCMU, 3), 0xff);    /* decision value 1 of 14 bits is 4 of 16 */
    CHECK_INT(g711_from_linear(G711_PCMU, 4), 0xfe);
    CHECK_INT(g711_from_linear(G711_PCMA, 15), 0xd5);
    CHECK_INT(g711_from_linear(G711_PCMA, 16), 0xd4);
    CHECK_INT(g711_from_linear(G711_PCMA, -1), 0x55);
    CHECK_INT(g711_from_linear(G711_PCMU, 32767), 0x80);
    CHECK_INT(g711_from_linear(G711_PCMU, -32768), 0x00);
    CHECK_INT(g711_from_linear(G711_PCMA, -32768), 0x2a);
}

TEST(g711_takes_each_code_round_and_each_sample_to_the_nearest_value)
{
    static const enum g711 codecs[] = {G711_PCMU, G711_PCMA};

    for (int i = 0; i < 2; i++) {
        int before = -40000;

        for (int code = 0; code < 256; code++) {
            int16_t sample = g711_to_linear(codecs[i], (uint8_t)code);
            if (codecs[i] == G711_PCMA || code != 0x7f)
                CHECK_INT(g711_from_linear(codecs[i], sample), code);
        }
        for (int sample = -32768; sample < 32768; sample++) {
            int got = g711_to_linear(codecs[i], g711_from_linear(codecs[i], (int16_t)sample));
            int off = abs(got - sample), part = abs(sample) / 32;    /* half of a sixteenth */

            if (got < before || (off > part + 8 && abs(sample) < 32636))
                CHECK_INT(got, sample);
            before = got;
        }
    }
}

static const uint8_t good_wav[] = "RIFF\x2e\0\0\0WAVE"
                                  "fmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
                                  "LIST\3\0\0\0abc\0"
                                  "data\4\0\0\0\1\0\xff\xff";
enum { GOOD_WAV = sizeof good_wav - 1 };

static int parse_exact(const uint8_t *bytes, size_t len, struct wav *wav, char *why)
{
    uint8_t *block = malloc(len ? len : 1);
    int result;

    memcpy(block, bytes, len);
    result = wav_parse(block, len, wav, why, 160);
    free(block);
    return result;
}

TEST(wav_reads_what_phones_use_and_passes_over_unknown_chunks)
{
    struct wav wav = {NULL, 0};
    char why[160] = "";

    CHECK_INT(parse_exact(good_wav, GOOD_WAV, &wav, why), 0);
    CHECK_INT(wav.count, 2);
    CHECK_INT(wav.samples[0], 1);
    CHECK_INT(wav.samples[1], -1);
    free(wav.samples);
    for (size_t len = 0; len < GOOD_WAV; len++)
        CHECK_INT(parse_exact(good_wav, len, &wav, why), -1);
}

#define WANTED "must be PCM, 1 channel, 8000 Hz, 16 bits; is"

TEST(wav_refuses_any_other_format_and_says_which_it_is)
{
    static const struct {
        size_t at;
        uint8_t byte;
        const char *why;
    } rows[] = {
        {0, 'X', "not a WAV file"},
        {8, 'X', "not a WAV file"},
        {12, 'x', "not a WAV file: data before the format"},
        {16, 15, "not a WAV file: its format chunk is cut short"},
        {19, 1, "not a whole WAV file: a chunk is longer than the file"},
        {20, 6, WANTED " format 6, 1 channels, 8000 Hz, 16 bits"},
        {22, 2, WANTED " format 1, 2 channels, 8000 Hz, 16 bits"},
        {25, 0x3f, WANTED " format 1, 1 channels, 16192 Hz, 16 bits"},
        {34, 8, WANTED " format 1, 1 channels, 8000 Hz, 8 bits"},
        {48, 'D', "not a whole WAV file: it has no data"},
        {52, 5, "not a whole WAV file: a chunk is longer than the file"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[GOOD_WAV];
        struct wav wav = {NULL, 7};
        char why[160] = "";

        memcpy(bytes, good_wav, GOOD_WAV);
        bytes[rows[i].at] = rows[i].byte;
        CHECK_INT(parse_exact(bytes, GOOD_WAV, &wav, why), -1);
        CHECK(strcmp(why, rows[i].why) == 0);
        CHECK_INT(wav.count, 7);
    }
}

TEST(rtp_reads_back_what_it_writes)                    /* RFC 3550 §5.1 */
{
    uint8_t packet[RTP_HEAD + 1] = {0};
    struct rtp in = {.payload_type = 8, .marker = true, .sequence = 0xfffe,
                     .timestamp = 0x80000001u, .ssrc = 0xdeadbeefu};
    struct rtp out;

    rtp_write(packet, &in);
    CHECK(memcmp(packet, "\x80\x88\xff\xfe\x80\0\0\1\xde\xad\xbe\xef", RTP_HEAD) == 0);
    CHECK(rtp_parse(&out, packet, sizeof packet));
    CHECK_INT(out.payload_type, 8);
    CHECK(out.marker);
    CHECK_INT(out.sequence, 0xfffe);
    CHECK_INT(out.timestamp, 0x80000001u);
    CHECK_INT(out.ssrc, 0xdeadbeefu);
    CHECK(out.payload == packet + RTP_HEAD);
    CHECK_INT(out.payload_len, 1);
}

/* Reads from an exact block; -1 when it is not RTP, else the payload's length. */
static int rtp_payload(const char *bytes, size_t len)
{
    uint8_t *block = malloc(len ? len : 1);
    struct rtp rtp;
    int result;

    memcpy(block, bytes, len);
    result = rtp_parse(&rtp, block, len) ? (int)rtp.payload_len : -1;
    free(block);
    return result;
}

#define HEAD(first) first "\0\0\1\0\0\0\2\0\0\0\3"

TEST(rtp_refuses_what_contradicts_itself)              /* RFC 3550 §5.1, §5.3.1 */
{
    CHECK_INT(rtp_payload(HEAD("\x80"), 12), 0);
    CHECK_INT(rtp_payload(HEAD("\x80"), 11), -1);
    CHECK_INT(rtp_payload(HEAD("\x40"), 12), -1);                     /* version 1 */
    CHECK_INT(rtp_payload(HEAD("\x81") "cccc", 16), 0);               /* one contributing source */
    CHECK_INT(rtp_payload(HEAD("\x81") "cccc", 15), -1);
    CHECK_INT(rtp_payload(HEAD("\x90") "ee\0\1xxxxp", 21), 1);        /* extension of one word */
    CHECK_INT(rtp_payload(HEAD("\x90") "ee\0\1xxxx", 19), -1);
    CHECK_INT(rtp_payload(HEAD("\x90") "ee\0", 15), -1);
    CHECK_INT(rtp_payload(HEAD("\xa0") "pp\0\2", 16), 2);             /* two bytes of padding */
    CHECK_INT(rtp_payload(HEAD("\xa0") "pp\0\5", 16), -1);            /* more than there is */
    CHECK_INT(rtp_payload(HEAD("\xa0") "pp\0\0", 16), -1);            /* it counts itself */
    CHECK_INT(rtp_payload("", 0), -1);
}

static bool put(struct jitter *jitter, uint64_t now, uint16_t sequence)
{
    return jitter_place(jitter, now, sequence) != NULL;
}

static int take(struct jitter *jitter, uint64_t now)
{
    const struct jitter_frame *frame = jitter_take(jitter, now);

    return frame ? frame->sequence : -1;
}

/* A buffer whose first packet, 65533, has come out. */
static struct jitter running(void)
{
    struct jitter jitter = {.started = false};

    CHECK(put(&jitter, 1000, 65533));
    CHECK_INT(take(&jitter, 1059), -1);    /* one before it may still come */
    CHECK_INT(jitter_deadline(&jitter), 1060);
    CHECK_INT(take(&jitter, 1060), 65533);
    CHECK_INT(jitter_deadline(&jitter), (long long)UINT64_MAX);
    return jitter;
}

TEST(jitter_puts_swapped_packets_back_in_order_over_the_wrap)
{
    struct jitter jitter = running();

    CHECK(put(&jitter, 1100, 0));
    CHECK(put(&jitter, 1105, 65535));
    CHECK_INT(take(&jitter, 1110), -1);
    CHECK(put(&jitter, 1110, 65534));
    CHECK_INT(take(&jitter, 1110), 65534);
    CHECK_INT(take(&jitter, 1110), 65535);
    CHECK_INT(take(&jitter, 1110), 0);
    CHECK_INT(take(&jitter, 1110), -1);
    CHECK_INT(jitter.lost, 0);
    CHECK_INT(jitter.late, 0);
}

TEST(jitter_waits_60_ms_for_a_missing_packet_then_counts_it_lost)
{
    struct jitter jitter = running();

    CHECK(put(&jitter, 1100, 0));
    CHECK_INT(take(&jitter, 1159), -1);
    CHECK_INT(take(&jitter, 1160), 0);
    CHECK_INT(jitter.lost, 2);
    CHECK(!put(&jitter, 1161, 65535));
    CHECK_INT(jitter.late, 1);
}

TEST(jitter_drops_a_second_copy_and_gives_way_when_full)
{
    struct jitter jitter = running();

    CHECK(put(&jitter, 1100, 1));
    CHECK(!put(&jitter, 1100, 1));
    CHECK_INT(jitter.late, 1);
    for (uint16_t i = 2; i <= JITTER_FRAMES; i++) {
        CHECK_INT(take(&jitter, 1100), -1);
        CHECK(put(&jitter, 1100, i));
    }
    CHECK(!put(&jitter, 1100, 30));
    CHECK_INT(take(&jitter, 1100), 1);    /* full: no more waiting for 65534, 65535, 0 */
    CHECK_INT(jitter.lost, 3);
    CHECK_INT(take(&jitter, 1100), 2);
}

TEST(jitter_begins_anew_when_numbers_jump_far)         /* RFC 3550 §A.1 */
{
    struct jitter jitter = running();

    CHECK(put(&jitter, 1100, 30000));
    CHECK_INT(take(&jitter, 1160), 30000);
    CHECK_INT(jitter.lost, 0);
}

TEST(tone_is_whole_after_any_time)
{
    int16_t first[160], later[160];
    int32_t peak = 0;

    tone_fill(first, 160, 0);
    tone_fill(later, 160, 8000ull * 86400 * 365);
    CHECK(memcmp(first, later, sizeof first) == 0);
    for (int i = 0; i < 160; i++)
        peak = abs(first[i]) > peak ? abs(first[i]) : peak;
    CHECK(peak > 3200 && peak < 3300);
}

/* Two sessions on loopback. Time is virtual: each tick of one is heard by the other at once. */
struct pair {
    char played[64], recorded[64];
    struct audio *sender, *receiver;
    uint64_t now;
};

enum { PLAYED = 16000 };

/* What is played: each sample says where it stands, coarsely enough for G.711. */
static int16_t played_sample(size_t at)
{
    return (int16_t)(1000 + 100 * (int)(at / 160));
}

static struct audio *open_audio(const char *play, const char *record)
{
    struct audio_args args = {.local = "127.0.0.1", .play = play, .record = record};
    char why[200] = "";
    struct audio *audio = audio_open(&args, why, sizeof why);

    if (!audio)
        printf("%s\n", why);
    return audio;
}

static struct pair pair_open(void)
{
    struct pair pair = {.now = 5000};
    struct wav_writer file;

    strcpy(pair.played, "/tmp/media-played-XXXXXX");
    strcpy(pair.recorded, "/tmp/media-recorded-XXXXXX");
    close(mkstemp(pair.played));
    close(mkstemp(pair.recorded));
    CHECK_INT(wav_create(&file, pair.played), 0);
    for (size_t i = 0; i < PLAYED; i++) {
        int16_t sample = played_sample(i);
        CHECK_INT(wav_write(&file, &sample, 1), 0);
    }
    CHECK_INT(wav_close(&file), 0);
    pair.sender = open_audio(pair.played, NULL);
    pair.receiver = open_audio(NULL, pair.recorded);
    CHECK(pair.sender && pair.receiver);
    CHECK_INT(audio_port(pair.receiver) % 2, 0);
    CHECK_INT(audio_remote(pair.sender, "127.0.0.1", audio_port(pair.receiver), G711_PCMU), 0);
    return pair;
}

static void pair_run(struct pair *pair, uint64_t until)
{
    for (; pair->now < until; pair->now += 5) {
        if (audio_deadline(pair->sender) <= pair->now)
            audio_tick(pair->sender, pair->now);
        audio_readable(pair->receiver, pair->now);
        if (audio_deadline(pair->receiver) <= pair->now)
            audio_tick(pair->receiver, pair->now);
    }
}

/* Closes both and reads the recording; the caller frees its samples. */
static struct wav pair_close(struct pair *pair)
{
    struct wav wav = {NULL, 0};
    char why[200] = "";

    audio_close(pair->sender);
    CHECK_INT(audio_close(pair->receiver), 0);
    CHECK_INT(wav_read(pair->recorded, &wav, why, sizeof why), 0);
    unlink(pair->played);
    unlink(pair->recorded);
    return wav;
}

/* How many samples of a range are what was played there. */
static size_t samples_as_played(const struct wav *wav, size_t from, size_t to)
{
    size_t good = 0;

    for (size_t i = from; i < to && i < wav->count; i++)
        good += abs(wav->samples[i] - played_sample(i)) <= played_sample(i) / 32 + 8;
    return good;
}

TEST(audio_records_the_file_that_was_sent_in_place_and_then_silence)
{
    struct pair pair = pair_open();

    pair_run(&pair, 5000 + 2500);
    struct audio_counts sent = audio_counts(pair.sender), heard = audio_counts(pair.receiver);
    CHECK_INT(sent.sent, 125);
    CHECK_INT(heard.received, 125);
    CHECK_INT(heard.lost, 0);
    struct wav wav = pair_close(&pair);
    CHECK_INT(wav.count, 20000);
    CHECK_INT(samples_as_played(&wav, 0, PLAYED), PLAYED);
    for (size_t i = PLAYED; i < wav.count; i++)
        if (wav.samples[i] != 0)
            CHECK_INT(wav.samples[i], 0);
    free(wav.samples);
}

TEST(audio_on_hold_leaves_a_gap_and_the_file_runs_on)
{
    struct pair pair = pair_open();

    pair_run(&pair, 5500);
    audio_direction(pair.sender, false, true);
    CHECK_INT(audio_deadline(pair.sender), (long long)UINT64_MAX);
    pair_run(&pair, 6500);
    audio_direction(pair.sender, true, true);
    pair_run(&pair, 7000);
    CHECK_INT(audio_counts(pair.receiver).lost, 0);
    CHECK_INT(audio_counts(pair.receiver).received, 50);
    struct wav wav = pair_close(&pair);
    CHECK_INT(wav.count, 16000);
    CHECK_INT(samples_as_played(&wav, 0, 4000), 4000);
    CHECK_INT(samples_as_played(&wav, 4000, 12000), 0);
    CHECK_INT(samples_as_played(&wav, 12000, 16000), 4000);
    free(wav.samples);
}

TEST(audio_that_does_not_receive_throws_away_and_counts_no_loss)
{
    struct pair pair = pair_open();

    pair_run(&pair, 5500);
    audio_direction(pair.receiver, true, false);
    pair_run(&pair, 6000);
    audio_direction(pair.receiver, true, true);
    pair_run(&pair, 6500);
    CHECK_INT(audio_counts(pair.receiver).lost, 0);
    CHECK_INT(audio_counts(pair.receiver).received, 50);
    struct wav wav = pair_close(&pair);
    CHECK_INT(samples_as_played(&wav, 0, 4000), 4000);
    CHECK_INT(samples_as_played(&wav, 4000, 8000), 0);
    CHECK_INT(samples_as_played(&wav, 8000, 12000), 4000);
    free(wav.samples);
}

TEST(audio_catches_up_after_a_late_tick_and_does_not_drift)
{
    struct pair pair = pair_open();

    pair_run(&pair, 5100);
    pair.now = 5177;                             /* frames due at 5100 to 5160 leave together */
    pair_run(&pair, 5195);
    CHECK_INT(audio_counts(pair.sender).sent, 10);
    CHECK_INT(audio_deadline(pair.sender), 5200);
    struct wav wav = pair_close(&pair);
    free(wav.samples);
}

TEST(audio_listens_to_the_first_source_and_to_no_other)
{
    struct pair pair = pair_open();
    struct audio *stranger = open_audio(NULL, NULL);

    CHECK_INT(audio_remote(stranger, "127.0.0.1", audio_port(pair.receiver), G711_PCMA), 0);
    pair_run(&pair, 5020);
    audio_tick(stranger, 5000);
    pair_run(&pair, 5040);
    CHECK_INT(audio_counts(pair.receiver).received, 2);
    CHECK_INT(audio_counts(pair.receiver).refused, 1);

    CHECK_INT(audio_remote(pair.receiver, "127.0.0.1", audio_port(stranger), G711_PCMA), 0);
    audio_tick(stranger, 5020);                  /* now it is the negotiated one */
    audio_direction(pair.sender, false, false);
    pair_run(&pair, 5060);
    CHECK_INT(audio_counts(pair.receiver).received, 3);
    CHECK_INT(audio_counts(pair.receiver).lost, 0);
    audio_close(stranger);
    struct wav wav = pair_close(&pair);
    free(wav.samples);
}

/* Sends a frame of PCMU by hand, all samples equal, from the sender's socket. */
static void send_by_hand(struct pair *pair, uint32_t ssrc, uint16_t sequence, uint32_t timestamp,
                         uint8_t code)
{
    uint8_t packet[RTP_HEAD + 160];
    struct rtp rtp = {.sequence = sequence, .timestamp = timestamp, .ssrc = ssrc};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(audio_port(pair->receiver))};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rtp_write(packet, &rtp);
    memset(packet + RTP_HEAD, code, 160);
    sendto(audio_fd(pair->sender), packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to);
    audio_readable(pair->receiver, pair->now);
    audio_tick(pair->receiver, pair->now);
}

TEST(audio_mends_order_leaves_silence_for_loss_and_follows_another_ssrc)    /* RFC 3550 §8.2 */
{
    static const int16_t wanted[] = {8, 24, 40, 0, 56, 0, 0, 0, 0, 0, 72};
    struct pair pair = pair_open();

    send_by_hand(&pair, 1, 65534, 0xffffff00u, 0xfe);
    send_by_hand(&pair, 1, 0, 0xffffff00u + 320, 0xfa);     /* these two swapped places */
    send_by_hand(&pair, 1, 65535, 0xffffff00u + 160, 0xfc);
    send_by_hand(&pair, 1, 2, 0xffffff00u + 640, 0xf8);     /* 1 is lost */
    pair.now += 200;                                        /* the tenth frame of the recording */
    send_by_hand(&pair, 2, 9, 77, 0xf6);
    CHECK_INT(audio_counts(pair.receiver).received, 5);
    CHECK_INT(audio_counts(pair.receiver).lost, 1);
    CHECK_INT(audio_counts(pair.receiver).refused, 0);
    struct wav wav = pair_close(&pair);
    CHECK_INT(wav.count, 11 * 160);
    for (size_t i = 0; i < wav.count; i++)
        if (wav.samples[i] != wanted[i / 160])
            CHECK_INT(wav.samples[i], wanted[i / 160]);
    free(wav.samples);
}

TEST(audio_says_why_it_cannot_be_opened)
{
    static const struct {
        struct audio_args args;
        const char *why;
    } rows[] = {
        {{.local = "127.0.0.1", .port = 40001}, "RTP port 40001 is not an even number"},
        {{.local = "localhost."}, "RTP on localhost. port 0: Invalid argument"},
        {{.local = "127.0.0.1", .play = "/nowhere.wav"}, "/nowhere.wav: No such file or directory"},
        {{.local = "127.0.0.1", .play = "/dev/null"}, "/dev/null: not a WAV file"},
        {{.local = "127.0.0.1", .record = "/nowhere/x"}, "/nowhere/x: No such file or directory"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char why[200] = "";

        CHECK(audio_open(&rows[i].args, why, sizeof why) == NULL);
        CHECK(strcmp(why, rows[i].why) == 0);
    }
    struct audio *audio = open_audio(NULL, NULL);
    CHECK_INT(audio_remote(audio, "::1", 4000, G711_PCMU), -1);
    CHECK_INT(audio_remote(audio, "example.net", 4000, G711_PCMU), -1);
    CHECK_INT(audio_close(audio), 0);
    CHECK_INT(audio_close(NULL), 0);
}

TESTS(T(g711_knows_the_values_of_the_standard)
      T(g711_takes_each_code_round_and_each_sample_to_the_nearest_value)
      T(wav_reads_what_phones_use_and_passes_over_unknown_chunks)
      T(wav_refuses_any_other_format_and_says_which_it_is)
      T(rtp_reads_back_what_it_writes)
      T(rtp_refuses_what_contradicts_itself)
      T(jitter_puts_swapped_packets_back_in_order_over_the_wrap)
      T(jitter_waits_60_ms_for_a_missing_packet_then_counts_it_lost)
      T(jitter_drops_a_second_copy_and_gives_way_when_full)
      T(jitter_begins_anew_when_numbers_jump_far)
      T(tone_is_whole_after_any_time)
      T(audio_records_the_file_that_was_sent_in_place_and_then_silence)
      T(audio_on_hold_leaves_a_gap_and_the_file_runs_on)
      T(audio_that_does_not_receive_throws_away_and_counts_no_loss)
      T(audio_catches_up_after_a_late_tick_and_does_not_drift)
      T(audio_listens_to_the_first_source_and_to_no_other)
      T(audio_mends_order_leaves_silence_for_loss_and_follows_another_ssrc)
      T(audio_says_why_it_cannot_be_opened))
