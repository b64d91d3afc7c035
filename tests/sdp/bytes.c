/* Offer and answer from body to body: RFC 3264, RFC 3261 §13.2.1. */
#include "sip/sdp.h"
#include "test.h"

#include <stdlib.h>

static const struct sip_codec codecs[] = {
    {"PCMA", 8000, 1, 8, NULL},
    {"telephone-event", 8000, 1, 101, "0-15"},
};

#define HEAD "v=0\r\no=bob 5 9 IN IP4 h\r\ns=-\r\nc=IN IP4 198.51.100.2\r\nt=0 0\r\n"
#define AUDIO "m=audio 9 RTP/AVP 8\r\n"

static struct sip_sdp_stream stream;
static char out[600];

static struct sip_sdp_session alice(void)
{
    struct sip_sdp_session session = {0};

    session.id = 77;
    sip_addr_parse(&session.local, sip_str("192.0.2.1"));
    session.local.port = 4000;
    session.codecs = codecs;
    session.codec_count = 2;
    return session;
}

static long answer(struct sip_sdp_session *session, const char *offer)
{
    size_t len = strlen(offer);
    char *block = malloc(len ? len : 1);
    long got;

    memcpy(block, offer, len);
    memset(&stream, 0x5a, sizeof stream);
    got = sip_sdp_answer_bytes(session, sip_bytes(block, len), &stream, out, sizeof out - 1);
    out[got > 0 ? got : 0] = '\0';
    stream.fmtp = stream.host = (struct sip_str){NULL, 0}; /* of the block */
    free(block);
    return got;
}

static int accept(struct sip_sdp_session *session, const char *text)
{
    memset(&stream, 0x5a, sizeof stream);
    return sip_sdp_accept_bytes(session, sip_str(text), &stream);
}

TEST(offer_is_answered_in_one_call) /* RFC 3264 §6 */
{
    struct sip_sdp_session session = alice();

    CHECK(answer(&session, HEAD AUDIO) > 0);
    CHECK_STR(sip_str(out), "v=0\r\no=- 77 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                            "t=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
                            "a=sendrecv\r\n");
    CHECK(stream.codec == &codecs[0] && stream.send_type == 8);
    CHECK(stream.remote.family == SIP_IPV4 && stream.remote.port == 9);
    CHECK_INT(session.offered, 0);
}

TEST(call_without_an_offer_gets_ours) /* RFC 3261 §13.2.1 */
{
    struct sip_sdp_session session = alice();

    CHECK(answer(&session, "") > 0);
    CHECK(strstr(out, "m=audio 4000 RTP/AVP 8 101\r\n"));
    CHECK_INT(((const unsigned char *)&stream)[0], 0x5a); /* untouched */
    CHECK(session.offered > 0);
    CHECK_INT(accept(&session, HEAD AUDIO), 1);
    CHECK(stream.codec == &codecs[0] && stream.direction == SIP_SDP_SENDRECV);
}

TEST(offer_that_cannot_be_answered_says_which_way) /* RFC 3261 §13.3.1.3 */
{
    static const char many[] = HEAD AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO;
    struct sip_sdp_session session = alice(), before = session;

    CHECK_INT(answer(&session, HEAD "m=audio 9 RTP/AVP 0\r\n"), 0);
    CHECK_INT(answer(&session, HEAD "m=audio 9 RTP/AVP\r\n"), SIP_EBAD);
    CHECK_INT(answer(&session, "hello"), SIP_EBAD);
    CHECK_INT(answer(&session, many), SIP_EFULL);
    CHECK(memcmp(&session, &before, sizeof session) == 0);
    session.codec_count = 0;
    CHECK_INT(answer(&session, HEAD AUDIO), SIP_EINVAL);
    CHECK_INT(answer(&session, ""), SIP_EINVAL);
}

TEST(answer_is_read_in_one_call) /* RFC 3264 §7 */
{
    struct sip_sdp_session session = alice();

    CHECK_INT(accept(&session, HEAD AUDIO), SIP_ESTATE); /* nothing was offered */
    CHECK(sip_sdp_offer(&session, out, sizeof out) > 0);
    CHECK_INT(accept(&session, ""), SIP_EBAD);
    CHECK_INT(accept(&session, HEAD), SIP_EBAD); /* another number of media */
    CHECK_INT(accept(&session, HEAD AUDIO AUDIO), SIP_EBAD);
    CHECK_INT(accept(&session, HEAD AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO), SIP_EBAD);
    CHECK_INT(accept(&session, HEAD "m=audio 0 RTP/AVP 8\r\n"), 0);
    CHECK_INT(((const unsigned char *)&stream)[0], 0x5a);
    CHECK_INT(accept(&session, HEAD AUDIO), 1);
    CHECK_STR(stream.host, "198.51.100.2");
}

TESTS(T(offer_is_answered_in_one_call) T(call_without_an_offer_gets_ours)
      T(offer_that_cannot_be_answered_says_which_way) T(answer_is_read_in_one_call))
