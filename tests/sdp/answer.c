/* Offer and answer: RFC 3264. Alice is the helper; bob's descriptions are plain text. */
#include "sip/sdp.h"
#include "test.h"

#include <stdlib.h>

static const struct sip_codec codecs[] = {
    {"PCMA", 8000, 1, 8, NULL},
    {"PCMU", 8000, 0, 0, NULL},
    {"opus", 48000, 2, 96, "useinbandfec=1"},
    {"telephone-event", 8000, 1, 101, "0-15"},
    {"telephone-event", 48000, 1, 102, NULL},
};

static struct sip_sdp_session alice(void)
{
    struct sip_sdp_session session = {0};

    session.id = 77;
    sip_addr_parse(&session.local, sip_str("192.0.2.1"));
    session.local.port = 4000;
    session.codecs = codecs;
    session.codec_count = 5;
    return session;
}

static struct sip_sdp_media table[10];

static struct sip_sdp bob(const char *media)
{
    static char *block;
    static const char head[] = "v=0\r\no=bob 5 9 IN IP4 h\r\ns=-\r\nc=IN IP4 198.51.100.2\r\n"
                               "t=3724394400 0\r\n";
    struct sip_fault fault = {0};
    struct sip_sdp sdp;
    size_t len = sizeof head - 1 + strlen(media);

    free(block);
    block = malloc(len);
    memcpy(block, head, sizeof head - 1);
    memcpy(block + sizeof head - 1, media, len - (sizeof head - 1));
    sip_sdp_init(&sdp, table, 10);
    CHECK_INT(sip_sdp_parse(&sdp, sip_bytes(block, len), &fault), 0);
    return sdp;
}

static char out[2048];

static struct sip_str offer(struct sip_sdp_session *session)
{
    long len = sip_sdp_offer(session, out, sizeof out - 1);

    CHECK(len > 0);
    out[len > 0 ? len : 0] = '\0';
    return sip_str(out);
}

static struct sip_sdp_stream stream;

static struct sip_str answer(struct sip_sdp_session *session, const char *media)
{
    struct sip_sdp sdp = bob(media);
    long len;

    memset(&stream, 0x5a, sizeof stream);
    len = sip_sdp_answer(session, &sdp, &stream, out, sizeof out - 1);
    out[len > 0 ? len : 0] = '\0';
    return sip_str(out);
}

static int accept(struct sip_sdp_session *session, const char *media)
{
    struct sip_sdp sdp = bob(media);

    memset(&stream, 0x5a, sizeof stream);
    return sip_sdp_accept(session, &sdp, &stream);
}

static struct sip_str addr_text(const struct sip_addr *addr)
{
    static char text[64];
    size_t len = addr->family ? sip_addr_text(addr, text) : 0;

    len += (size_t)snprintf(text + len, sizeof text - len, ":%u", addr->port);
    return sip_bytes(text, len);
}

/* --- offers --- */

TEST(offer_lists_all_codecs_in_the_order_of_the_host) /* §5, §5.1 */
{
    struct sip_sdp_session session = alice();

    session.ptime_ms = 20;
    CHECK_STR(offer(&session), "v=0\r\n"
                               "o=- 77 1 IN IP4 192.0.2.1\r\n"
                               "s=-\r\n"
                               "c=IN IP4 192.0.2.1\r\n"
                               "t=0 0\r\n"
                               "m=audio 4000 RTP/AVP 8 0 96 101 102\r\n"
                               "a=rtpmap:8 PCMA/8000\r\n"
                               "a=rtpmap:0 PCMU/8000\r\n"
                               "a=rtpmap:96 opus/48000/2\r\n"
                               "a=fmtp:96 useinbandfec=1\r\n"
                               "a=rtpmap:101 telephone-event/8000\r\n"
                               "a=fmtp:101 0-15\r\n"
                               "a=rtpmap:102 telephone-event/48000\r\n"
                               "a=ptime:20\r\n"
                               "a=sendrecv\r\n");
}

TEST(version_rises_by_one_when_something_changed_and_not_otherwise) /* §8 */
{
    struct sip_sdp_session session = alice();

    offer(&session);
    CHECK_INT(session.version, 1);
    offer(&session);
    CHECK_INT(session.version, 1);
    session.direction = SIP_SDP_SENDONLY;
    CHECK(strstr(offer(&session).at, "o=- 77 2 IN"));
    CHECK(strstr(out, "a=sendonly\r\n"));
    session.local.port = 4002;
    CHECK(strstr(offer(&session).at, "o=- 77 3 IN"));
    session.direction = SIP_SDP_SENDRECV;
    CHECK(strstr(offer(&session).at, "o=- 77 4 IN"));
    answer(&session, "m=audio 9 RTP/AVP 8\r\n");
    CHECK_INT(session.version, 5);
    answer(&session, "m=audio 10 RTP/AVP 8\r\n"); /* the offer changed, the answer did not */
    CHECK_INT(session.version, 5);
    session.version = 9999999999u;
    session.ptime_ms = 30;
    CHECK(strstr(offer(&session).at, "o=- 77 10000000000 IN"));
}

TEST(session_id_fits_a_signed_number_of_64_bits) /* §5 */
{
    struct sip_sdp_session session = alice();

    session.id = UINT64_MAX;
    CHECK(strstr(offer(&session).at, "o=- 4611686018427387903 1 IN"));
}

TEST(ipv6_session_says_so)
{
    struct sip_sdp_session session = alice();

    sip_addr_parse(&session.local, sip_str("2001:db8::1"));
    session.local.port = 4000;
    CHECK(strstr(offer(&session).at, "o=- 77 1 IN IP6 2001:db8::1\r\n"));
    CHECK(strstr(out, "c=IN IP6 2001:db8::1\r\n"));
}

TEST(offer_that_does_not_fit_changes_nothing)
{
    struct sip_sdp_session session = alice(), before;
    size_t whole;

    before = session;
    whole = offer(&session).len;
    for (size_t size = 0; size < whole; size++) {
        struct sip_sdp_session again = before;
        char *block = malloc(size ? size : 1);

        CHECK_INT(sip_sdp_offer(&again, block, size), SIP_ESIZE);
        CHECK(memcmp(&again, &before, sizeof again) == 0);
        free(block);
    }
    CHECK_INT(sip_sdp_offer(&before, out, whole), whole);
}

TEST(offer_that_only_its_version_makes_too_long_changes_nothing)
{
    struct sip_sdp_session session = alice(), before;
    size_t whole = offer(&session).len;

    session.version = 9;
    session.ptime_ms = 20;
    whole += strlen("a=ptime:20\r\n");
    before = session;
    CHECK_INT(sip_sdp_offer(&session, out, whole), SIP_ESIZE); /* "9" would fit, "10" does not */
    CHECK(memcmp(&session, &before, sizeof session) == 0);
    CHECK_INT(sip_sdp_offer(&session, out, whole + 1), whole + 1);
    CHECK_INT(session.version, 10);
}

static long try_offer(struct sip_sdp_session session, const struct sip_codec *list, size_t count)
{
    session.codecs = list;
    session.codec_count = count;
    return sip_sdp_offer(&session, out, sizeof out);
}

TEST(fields_of_the_host_that_make_no_description_are_refused)
{
    static const struct sip_codec wrong[] = {
        {"PCMA", 8000, 1, 128, NULL}, /* RFC 3550 §5.1: seven bits */
        {"PCMA", 8000, 1, 0, NULL},   /* the type of the other */
        {"PC/MA", 8000, 1, 8, NULL},
        {"PC MA", 8000, 1, 8, NULL},
        {"/PCMA", 8000, 1, 8, NULL},
        {"PCMA/", 8000, 1, 8, NULL},
        {"", 8000, 1, 8, NULL},
        {NULL, 8000, 1, 8, NULL},
        {"PCMA", 0, 1, 8, NULL},
        {"PCMA", 8000, 1, 8, "x\r\na=evil"},
    };
    struct sip_sdp sdp = bob("m=audio 5000 RTP/AVP 8\r\n");
    struct sip_sdp_session session;
    struct sip_codec list[17];

    for (unsigned i = 0; i < 17; i++)
        list[i] = (struct sip_codec){"PCMA", 8000, 1, (uint8_t)i, NULL};
    CHECK(try_offer(alice(), list, 1) > 0);
    CHECK(try_offer(alice(), list, 16) > 0);
    CHECK_INT(try_offer(alice(), list, 17), SIP_EINVAL);
    CHECK_INT(try_offer(alice(), list, 0), SIP_EINVAL);
    CHECK_INT(try_offer(alice(), NULL, 1), SIP_EINVAL);
    CHECK_INT(try_offer(alice(), &codecs[3], 2), SIP_EINVAL); /* events alone are no voice */
    CHECK_INT(try_offer((struct sip_sdp_session){0}, list, 1), SIP_EINVAL); /* no address */
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        list[1] = wrong[i];
        CHECK_INT(try_offer(alice(), list, 2), SIP_EINVAL);
    }
    list[1] = (struct sip_codec){"PCMA", 8000, 1, 1, NULL};
    CHECK(try_offer(alice(), list, 3) > 0);
    list[1].payload_type = list[2].payload_type;
    CHECK_INT(try_offer(alice(), list, 3), SIP_EINVAL);
    session = alice();
    session.direction = (enum sip_sdp_direction)4;
    CHECK_INT(try_offer(session, list, 1), SIP_EINVAL);
    session = alice();
    session.local.port = 0; /* an offer may take the stream out, an answer needs a place for it */
    CHECK(try_offer(session, list, 1) > 0);
    CHECK_INT(sip_sdp_answer(&session, &sdp, &stream, out, sizeof out), SIP_EINVAL);
    session = alice();
    session.streams = SIP_SDP_STREAMS_MAX;
    CHECK(try_offer(session, list, 1) > 0);
    session.streams++;
    CHECK_INT(try_offer(session, list, 1), SIP_EINVAL);
    CHECK_INT(sip_sdp_answer(&session, &sdp, &stream, out, sizeof out), SIP_EINVAL);
    session = alice();
    offer(&session);
    session.codecs = NULL; /* lost since the offer */
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 8\r\n"), SIP_ESTATE);
    list[1] = (struct sip_codec){"PCMA", 8000, 1, 127, "x"};
    CHECK(try_offer(alice(), list, 2) > 0);
}

/* --- answers that we write --- */

TEST(answer_takes_the_first_of_the_offer_under_its_number) /* §6.1 */
{
    struct sip_sdp_session session = alice();

    CHECK_STR(answer(&session, "m=audio 5000 RTP/AVP 18 97 0 8 110\r\n"
                               "a=rtpmap:97 opus/48000/2\r\n"
                               "a=fmtp:97 stereo=1\r\n"
                               "a=rtpmap:110 telephone-event/48000\r\n"
                               "a=ptime:40\r\n"),
              "v=0\r\n"
              "o=- 77 1 IN IP4 192.0.2.1\r\n"
              "s=-\r\n"
              "c=IN IP4 192.0.2.1\r\n"
              "t=3724394400 0\r\n" /* §6: equal to that of the offer */
              "m=audio 4000 RTP/AVP 97 110\r\n"
              "a=rtpmap:97 opus/48000/2\r\n"
              "a=fmtp:97 useinbandfec=1\r\n"
              "a=rtpmap:110 telephone-event/48000\r\n"
              "a=sendrecv\r\n");
    CHECK(stream.codec == &codecs[2]);
    CHECK_INT(stream.send_type, 97);
    CHECK_INT(stream.receive_type, 97);
    CHECK_INT(stream.event_send_type, 110);
    CHECK_INT(stream.event_receive_type, 110);
    CHECK_INT(stream.ptime_ms, 40);
    CHECK_STR(stream.fmtp, "stereo=1");
    CHECK_STR(stream.host, "198.51.100.2");
    CHECK_STR(addr_text(&stream.remote), "198.51.100.2:5000");
    CHECK_STR(addr_text(&stream.remote_rtcp), "198.51.100.2:5001");
    CHECK_INT(stream.direction, SIP_SDP_SENDRECV);
}

TEST(own_order_prefers_by_the_list_of_the_host) /* §6.1: MAY */
{
    struct sip_sdp_session session = alice();

    session.own_order = true;
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0 8\r\n").at, "RTP/AVP 8\r\n"));
    CHECK(stream.codec == &codecs[0]);
    session.answer_all = true;
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0 8\r\n").at, "RTP/AVP 8 0\r\n"));
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 8 0\r\n").at, "RTP/AVP 8 0\r\n"));
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 101 0 96 8\r\na=rtpmap:96 opus/48000/2\r\n"
                                  "a=rtpmap:101 telephone-event/8000\r\n")
                     .at,
                 "RTP/AVP 8 0 96 101\r\n"));
    session.own_order = false;
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0 8\r\n").at, "RTP/AVP 0 8\r\n"));
    CHECK(stream.codec == &codecs[1]);
}

TEST(codec_names_ignore_case_and_rates_and_channels_do_not) /* RFC 4855 §3 */
{
    static const struct {
        const char *media;
        int codec; /* -1 = none */
    } rows[] = {
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma/8000\r\n", 0},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma/8000/1\r\n", 0},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma/16000\r\n", -1},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma/8000/2\r\n", -1},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcm/8000\r\n", -1},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:96 pcma/8000\r\n", -1},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 opus/48000\r\n", -1},
        {"m=audio 1 RTP/AVP 8\r\na=rtpmap:8 PCMU/8000\r\n", 1}, /* odd, but it says so */
        {"m=audio 1 RTP/AVP 8\r\na=rtpmap:0 PCMU/8000\r\n", 0},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma\r\na=rtpmap:97 pcmu/8000\r\n", 1},
        {"m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma/8000\r\na=rtpmap:97 pcmu/8000\r\n", 0},
        {"m=audio 1 RTP/AVP 101 0\r\na=rtpmap:101 telephone-event/8000\r\n", 1},
        {"m=audio 1 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n", -1}, /* no voice */
        {"m=audio 1 RTP/AVP 18 4\r\n", -1},
        {"m=audio 1 RTP/AVP 128 256 x 0\r\n", 1},
        {"m=audio 0 RTP/AVP 0\r\n", -1},
        {"m=video 1 RTP/AVP 0\r\n", -1},
        {"m=audio 1 RTP/SAVP 0\r\n", -1},
        {"m=audio 1 udp 0\r\n", -1},
        {"m=audio 1 RTP/AVP 0\r\nc=IN IP4 233.252.0.1/127\r\n", -1}, /* §6.2 is not ours */
        {"m=audio 1 RTP/AVP 0\r\nc=IN IP4 223.252.0.1\r\n", 1},
        {"m=audio 1 RTP/AVP 0\r\nc=IN IP6 ff02::1\r\n", -1},
        {"m=audio 1 RTP/AVP 0\r\nc=IN IP6 fe02::1\r\n", 1},
        {"", -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_sdp_session session = alice();
        struct sip_sdp_session before = session;
        struct sip_sdp sdp = bob(rows[i].media);
        long len = sip_sdp_answer(&session, &sdp, &stream, out, sizeof out);

        if (rows[i].codec < 0) {
            CHECK_INT(len, 0); /* 488: RFC 3261 §13.3.1.3 */
            CHECK(memcmp(&session, &before, sizeof session) == 0);
        } else {
            CHECK(len > 0 && stream.codec == &codecs[rows[i].codec]);
        }
        if (test_failures) {
            printf("  in row %zu\n", i);
            break;
        }
    }
}

TEST(other_media_are_rejected_in_their_places) /* §6 */
{
    struct sip_sdp_session session = alice();

    CHECK(strstr(answer(&session, "m=video 6000 RTP/AVPF 31 34\r\na=rtpmap:31 H261/90000\r\n"
                                  "m=audio 5000 RTP/SAVP 0\r\n"
                                  "m=audio 5002 RTP/AVP 18\r\n"
                                  "m=audio 5004 RTP/AVP 0\r\n"
                                  "m=audio 5006 RTP/AVP 0\r\n"
                                  "m=message 5008 TCP/MSRP *\r\n")
                     .at,
                 "t=3724394400 0\r\n"
                 "m=video 0 RTP/AVPF 31\r\n"
                 "m=audio 0 RTP/SAVP 0\r\n"
                 "m=audio 0 RTP/AVP 18\r\n"
                 "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
                 "m=audio 0 RTP/AVP 0\r\n"
                 "m=message 0 TCP/MSRP *\r\n"));
    CHECK_INT(stream.remote.port, 5004);
    CHECK_INT(session.stream, 3);

    /* §8: our next offer has at least as many, at the same places. */
    CHECK(strstr(offer(&session).at, "t=0 0\r\n"
                                     "m=video 0 RTP/AVP 31\r\n"
                                     "m=audio 0 RTP/AVP 0\r\n"
                                     "m=audio 0 RTP/AVP 0\r\n"
                                     "m=audio 4000 RTP/AVP 8 0 96 101 102\r\n"));
    CHECK(strstr(out, "a=sendrecv\r\nm=audio 0 RTP/AVP 0\r\nm=message 0 TCP/MSRP *\r\n"));
    CHECK_INT(session.version, 2);
}

TEST(more_media_than_can_be_remembered_are_refused)
{
    struct sip_sdp_session session = alice(), before = session;
    struct sip_sdp sdp = bob("m=audio 1 RTP/AVP 0\r\nm=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\n"
                             "m=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\n");

    CHECK_INT(sdp.media_count, SIP_SDP_STREAMS_MAX);
    CHECK(sip_sdp_answer(&session, &sdp, &stream, out, sizeof out) > 0);
    session = before;
    sdp = bob("m=audio 1 RTP/AVP 0\r\nm=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\n"
              "m=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\nm=a 1 b 1\r\n");
    CHECK_INT(sip_sdp_answer(&session, &sdp, &stream, out, sizeof out), SIP_EFULL);
    CHECK(memcmp(&session, &before, sizeof session) == 0);
}

TEST(answer_that_does_not_fit_changes_nothing)
{
    struct sip_sdp sdp = bob("m=audio 5000 RTP/AVP 0\r\nm=video 1 RTP/AVP 31\r\n");
    struct sip_sdp_session session = alice(), before = session;
    struct sip_sdp_stream untouched;
    long whole = sip_sdp_answer(&session, &sdp, &stream, out, sizeof out);

    memset(&untouched, 0x77, sizeof untouched);
    for (long size = 0; size < whole; size++) {
        struct sip_sdp_session again = before;
        char *block = malloc(size ? (size_t)size : 1);

        memset(&stream, 0x77, sizeof stream);
        CHECK_INT(sip_sdp_answer(&again, &sdp, &stream, block, (size_t)size), SIP_ESIZE);
        CHECK(memcmp(&again, &before, sizeof again) == 0);
        CHECK(memcmp(&stream, &untouched, sizeof stream) == 0);
        free(block);
    }
    CHECK(whole > 100);
}

/* --- directions --- */

#define SR SIP_SDP_SENDRECV
#define SO SIP_SDP_SENDONLY
#define RO SIP_SDP_RECVONLY
#define IN SIP_SDP_INACTIVE

static const char *const names[] = {"sendrecv", "sendonly", "recvonly", "inactive"};

TEST(answer_mirrors_the_direction_within_what_we_want) /* §6.1 */
{
    static const uint8_t wanted[4][4] = {
        /* theirs:  sendrecv sendonly recvonly inactive      ours: */
        [SR] = {SR, RO, SO, IN},
        [SO] = {SO, IN, SO, IN},
        [RO] = {RO, RO, IN, IN},
        [IN] = {IN, IN, IN, IN},
    };

    for (unsigned ours = 0; ours < 4; ours++) {
        for (unsigned theirs = 0; theirs < 4; theirs++) {
            struct sip_sdp_session session = alice();
            char media[100], line[32];

            session.direction = (enum sip_sdp_direction)ours;
            snprintf(media, sizeof media, "m=audio 5000 RTP/AVP 0\r\na=%s\r\n", names[theirs]);
            snprintf(line, sizeof line, "\r\na=%s\r\n", names[wanted[ours][theirs]]);
            CHECK(strstr(answer(&session, media).at, line));
            CHECK_INT(stream.direction, wanted[ours][theirs]);
            CHECK_INT(session.direction, ours);

            /* the same table from the other side: our offer, their answer */
            offer(&session);
            CHECK_INT(accept(&session, media), 1);
            CHECK_INT(stream.direction, wanted[ours][theirs]);
        }
    }
}

TEST(mirror_and_common_agree_with_their_definition)
{
    CHECK_INT(sip_sdp_mirror(SR), SR);
    CHECK_INT(sip_sdp_mirror(SO), RO);
    CHECK_INT(sip_sdp_mirror(RO), SO);
    CHECK_INT(sip_sdp_mirror(IN), IN);
    CHECK_INT(sip_sdp_common(SO, RO), IN);
    CHECK_INT(sip_sdp_common(SR, RO), RO);
    CHECK_INT(sip_sdp_common(SO, SR), SO);
}

TEST(hold_by_address_of_zeros_is_understood) /* §8.4, RFC 2543 */
{
    struct sip_sdp_session session = alice();

    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n").at,
                 "a=recvonly\r\n"));
    CHECK_INT(stream.direction, RO);
    CHECK_INT(stream.remote.family, SIP_FAMILY_NONE); /* neither RTP nor RTCP may be sent */
    CHECK_INT(stream.remote_rtcp.family, SIP_FAMILY_NONE);
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0\r\nc=IN IP6 ::\r\na=recvonly\r\n").at,
                 "a=inactive\r\n"));
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 0.0.0.1\r\n").at,
                 "a=sendrecv\r\n"));
    CHECK_INT(stream.remote.family, SIP_IPV4);
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0\r\nc=IN IP6 ::1\r\n").at,
                 "a=sendrecv\r\n"));
    CHECK_INT(stream.remote.family, SIP_IPV6);
}

TEST(hold_and_resume_keep_the_session) /* §8.4 */
{
    struct sip_sdp_session session = alice();

    offer(&session);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 8\r\n"), 1);
    session.direction = SO;
    CHECK(strstr(offer(&session).at, "o=- 77 2 IN"));
    CHECK(strstr(out, "a=sendonly\r\n"));
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 8\r\na=recvonly\r\n"), 1);
    CHECK_INT(stream.direction, SO);
    session.direction = SR;
    CHECK(strstr(offer(&session).at, "o=- 77 3 IN"));
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 8\r\n"), 1);
    CHECK_INT(stream.direction, SR);
}

/* --- answers that we read --- */

TEST(answer_of_the_peer_names_the_codec_to_send) /* §7 */
{
    struct sip_sdp_session session = alice();

    offer(&session);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 99 0 100\r\n"
                               "a=rtpmap:99 PCMA/8000\r\n"
                               "a=rtpmap:100 telephone-event/8000\r\n"
                               "a=ptime:20.5\r\n"),
              1);
    CHECK(stream.codec == &codecs[0]);
    CHECK_INT(stream.send_type, 99); /* §5.1: MUST send with the numbers of the answer */
    CHECK_INT(stream.receive_type, 8);
    CHECK_INT(stream.event_send_type, 100);
    CHECK_INT(stream.event_receive_type, 101);
    CHECK_INT(stream.ptime_ms, 20);
    CHECK_STR(addr_text(&stream.remote), "198.51.100.2:5000");
}

TEST(events_need_the_clock_of_the_codec) /* RFC 4733 §2.1 */
{
    struct sip_sdp_session session = alice();

    offer(&session);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 0 102\r\n"
                               "a=rtpmap:102 telephone-event/48000\r\n"),
              1);
    CHECK_INT(stream.event_send_type, SIP_SDP_NO_TYPE);
    CHECK_INT(stream.event_receive_type, SIP_SDP_NO_TYPE);
}

TEST(rejected_and_foreign_answers_are_told_apart) /* §6, §7 */
{
    struct sip_sdp_session session = alice(), before;

    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 0\r\n"), SIP_ESTATE); /* no offer yet */
    offer(&session);
    before = session;
    CHECK_INT(accept(&session, "m=audio 0 RTP/AVP 0\r\n"), 0);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 18\r\n"), 0);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/SAVP 0\r\n"), 0);
    CHECK_INT(accept(&session, ""), SIP_EBAD);
    CHECK_INT(accept(&session, "m=video 5000 RTP/AVP 0\r\n"), SIP_EBAD);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n"), SIP_EBAD);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 0\r\n"), 1);
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 0\r\n"), 1); /* 183 and 200 say the same */
    CHECK(memcmp(&session, &before, sizeof session) == 0);
    answer(&session, "m=audio 5000 RTP/AVP 0\r\n");
    CHECK_INT(accept(&session, "m=audio 5000 RTP/AVP 0\r\n"), SIP_ESTATE); /* that offer is over */
}

TEST(second_stream_of_the_session_is_ours_when_the_peer_made_it_so) /* §8 */
{
    struct sip_sdp_session session = alice();

    answer(&session, "m=video 1 RTP/AVP 31\r\nm=audio 5000 RTP/AVP 0\r\n");
    offer(&session);
    CHECK_INT(accept(&session, "m=video 0 RTP/AVP 31\r\nm=audio 5002 RTP/AVP 8\r\n"), 1);
    CHECK_INT(stream.remote.port, 5002);
    CHECK_INT(accept(&session, "m=audio 5002 RTP/AVP 8\r\nm=video 0 RTP/AVP 31\r\n"), SIP_EBAD);
}

TEST(rtcp_goes_to_the_next_port_or_where_the_peer_says) /* §5.1, RFC 3605 §2.1 */
{
    static const struct {
        const char *line, *rtcp;
    } rows[] = {
        {"", "198.51.100.2:5001"},
        {"a=rtcp:53020\r\n", "198.51.100.2:53020"},
        {"a=rtcp:53020 IN IP4 192.0.2.99\r\n", "192.0.2.99:53020"},
        {"a=rtcp:53020 IN IP6 2001:db8::9\r\n", "2001:db8::9:53020"},
        {"a=rtcp:53020 IN IP4 name.example\r\n", ":0"},
        {"a=rtcp:53020 IN IP4\r\n", ":0"},
        {"a=rtcp:53020 \r\n", ":0"},
        {"a=rtcp:0\r\n", ":0"},
        {"a=rtcp:65536\r\n", ":0"},
        {"a=rtcp\r\n", ":0"},
    };
    struct sip_sdp_session session = alice();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char media[128];

        snprintf(media, sizeof media, "m=audio 5000 RTP/AVP 0\r\n%s", rows[i].line);
        answer(&session, media);
        CHECK_STR(addr_text(&stream.remote_rtcp), rows[i].rtcp);
    }
    answer(&session, "m=audio 65535 RTP/AVP 0\r\n");
    CHECK_INT(stream.remote_rtcp.family, SIP_FAMILY_NONE);
}

TEST(name_as_address_is_left_to_the_host)
{
    struct sip_sdp_session session = alice();

    answer(&session, "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 media.example.com\r\n");
    CHECK_STR(stream.host, "media.example.com");
    CHECK_INT(stream.remote.family, SIP_FAMILY_NONE);
    CHECK_INT(stream.direction, SR);
}

TEST(formats_listed_many_times_count_once)
{
    struct sip_sdp_session session = alice();
    char media[4000] = "m=audio 5000 RTP/AVP";

    for (int i = 0; i < 900; i++)
        strcat(media, i % 2 ? " 8" : " 35");
    strcat(media, "\r\n");
    session.answer_all = true;
    CHECK(strstr(answer(&session, media).at, "m=audio 4000 RTP/AVP 8\r\n"));
    CHECK(stream.codec == &codecs[0]);
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 127 8\r\na=rtpmap:127 PCMA/8000\r\n").at,
                 "m=audio 4000 RTP/AVP 127\r\n"));
}

TEST(every_codec_of_a_full_list_is_taken_once)
{
    struct sip_sdp_session session = alice();
    struct sip_codec list[SIP_SDP_CODECS_MAX];
    char media[600] = "m=audio 5000 RTP/AVP", wanted[200] = "m=audio 4000 RTP/AVP";
    struct sip_sdp_stream first;

    for (unsigned i = 0; i < SIP_SDP_CODECS_MAX; i++) {
        list[i] = (struct sip_codec){"X", 1000 + i, 1, (uint8_t)(96 + i), NULL};
        snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), " %u", 100 + i);
    }
    strcat(wanted, "\r\n");
    for (unsigned i = 0; i <= SIP_SDP_CODECS_MAX; i++) /* the last is the first again */
        snprintf(media + strlen(media), sizeof media - strlen(media), " %u", 100 + i);
    for (unsigned i = 0; i <= SIP_SDP_CODECS_MAX; i++)
        snprintf(media + strlen(media), sizeof media - strlen(media), "\r\na=rtpmap:%u X/%u", 100 + i,
                 1000 + i % SIP_SDP_CODECS_MAX);
    strcat(media, "\r\n");
    session.codecs = list;
    session.codec_count = SIP_SDP_CODECS_MAX;
    session.answer_all = true;
    CHECK(strstr(answer(&session, media).at, wanted));
    first = stream;
    CHECK(first.codec == &list[0]);
    CHECK_INT(first.send_type, 100);
}

TEST(payload_type_and_codec_make_one_pair_only)
{
    static const struct sip_codec list[] = {
        {"PCMU", 8000, 1, 0, NULL},
        {"PCMA", 8000, 1, 8, NULL},
        {"PCMA", 8000, 1, 96, "x=1"}, /* the same to a peer who does not look at fmtp */
    };
    struct sip_sdp_session session = alice();

    session.codecs = list;
    session.codec_count = 3;
    session.answer_all = true;
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 8 8 8\r\n").at, "RTP/AVP 8\r\n"));
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 8 97\r\na=rtpmap:97 PCMA/8000\r\n").at,
                 "RTP/AVP 8 97\r\n"));
    CHECK(strstr(answer(&session, "m=audio 5000 RTP/AVP 0 8 97 98 99\r\na=rtpmap:97 PCMA/8000\r\n"
                                  "a=rtpmap:98 PCMA/8000\r\na=rtpmap:99 PCMU/8000\r\n")
                     .at,
                 "RTP/AVP 0 8 97\r\n"));
}

TEST(rtpmap_of_any_length_does_no_harm)
{
    struct sip_sdp_session session = alice();
    size_t len = 0x10000;
    char *media = malloc(len + 100), *name;

    name = media + sprintf(media, "m=audio 5000 RTP/AVP 0\r\na=rtpmap:0 ");
    memset(name, 'x', len);
    strcpy(name + len, "/8000\r\n");
    CHECK(strstr(answer(&session, media).at, "m=audio 4000 RTP/AVP 0\r\n")); /* passed over */
    strcpy(name + 0xffff - 7, "/8000\r\n");
    answer(&session, media);
    CHECK_STR(sip_str(out), ""); /* "0 " and "/8000" make it 65535 long: still no codec of ours */
    free(media);
}

TEST(writer_refuses_what_would_end_a_line)
{
    struct sip_writer w;

    sip_writer_init(&w, out, sizeof out);
    sip_sdp_write_line(&w, 'i', sip_str("one"));
    sip_sdp_write_attribute(&w, "label", sip_str("1"));
    sip_sdp_write_attribute(&w, "rtcp-mux", (struct sip_str){NULL, 0});
    CHECK_STR(sip_bytes(out, (size_t)sip_writer_done(&w)), "i=one\r\na=label:1\r\na=rtcp-mux\r\n");
    sip_sdp_write_line(&w, 'i', sip_str("one\r\na=two"));
    CHECK(sip_writer_done(&w) < 0);
    sip_writer_init(&w, out, sizeof out);
    sip_sdp_write_attribute(&w, "label", sip_bytes("a\0b", 3));
    CHECK(sip_writer_done(&w) < 0);
}

TESTS(T(offer_lists_all_codecs_in_the_order_of_the_host)
      T(version_rises_by_one_when_something_changed_and_not_otherwise)
      T(session_id_fits_a_signed_number_of_64_bits)
      T(ipv6_session_says_so)
      T(offer_that_does_not_fit_changes_nothing)
      T(offer_that_only_its_version_makes_too_long_changes_nothing)
      T(fields_of_the_host_that_make_no_description_are_refused)
      T(answer_takes_the_first_of_the_offer_under_its_number)
      T(own_order_prefers_by_the_list_of_the_host)
      T(codec_names_ignore_case_and_rates_and_channels_do_not)
      T(other_media_are_rejected_in_their_places)
      T(more_media_than_can_be_remembered_are_refused)
      T(answer_that_does_not_fit_changes_nothing)
      T(answer_mirrors_the_direction_within_what_we_want)
      T(mirror_and_common_agree_with_their_definition)
      T(hold_by_address_of_zeros_is_understood)
      T(hold_and_resume_keep_the_session)
      T(answer_of_the_peer_names_the_codec_to_send)
      T(events_need_the_clock_of_the_codec)
      T(rejected_and_foreign_answers_are_told_apart)
      T(second_stream_of_the_session_is_ours_when_the_peer_made_it_so)
      T(rtcp_goes_to_the_next_port_or_where_the_peer_says)
      T(name_as_address_is_left_to_the_host)
      T(formats_listed_many_times_count_once)
      T(every_codec_of_a_full_list_is_taken_once)
      T(payload_type_and_codec_make_one_pair_only)
      T(rtpmap_of_any_length_does_no_harm)
      T(writer_refuses_what_would_end_a_line))
