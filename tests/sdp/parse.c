/* Session descriptions: RFC 8866 §5, §9; each row's neighbour is one byte away. */
#include "sip/sdp.h"
#include "sip/sdp_lines.h"
#include "test.h"

#include <stdlib.h>

#define MEDIA_MAX 4

static struct sip_sdp_media table[MEDIA_MAX];

/* Parses from a heap block of exactly the length, kept until the next call. */
static int parse_bytes(struct sip_sdp *sdp, const char *text, size_t len, struct sip_fault *fault)
{
    static char *block;

    free(block);
    block = malloc(len ? len : 1);
    memcpy(block, text, len);
    sip_sdp_init(sdp, table, MEDIA_MAX);
    return sip_sdp_parse(sdp, sip_bytes(block, len), fault);
}

static int parse(struct sip_sdp *sdp, const char *text, struct sip_fault *fault)
{
    return parse_bytes(sdp, text, strlen(text), fault);
}

#define HEAD "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\n"
#define CALL HEAD "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"

static const char example[] = /* RFC 8866 §5 */
    "v=0\r\n"
    "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
    "s=Call to John Smith\r\n"
    "i=SDP Offer #1\r\n"
    "u=http://www.jdoe.example.com/home.html\r\n"
    "e=Jane Doe <jane@jdoe.example.com>\r\n"
    "p=+1 617 555-6011\r\n"
    "c=IN IP4 198.51.100.1\r\n"
    "t=0 0\r\n"
    "m=audio 49170 RTP/AVP 0\r\n"
    "m=audio 49180 RTP/AVP 0\r\n"
    "m=video 51372 RTP/AVP 99\r\n"
    "c=IN IP6 2001:db8::2\r\n"
    "a=rtpmap:99 h263-1998/90000\r\n";

TEST(example_of_the_rfc_is_read_whole) /* RFC 8866 §5 */
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    CHECK_INT(parse(&sdp, example, &fault), 0);
    CHECK_STR(sdp.user, "jdoe");
    CHECK_STR(sdp.session_id, "3724394400");
    CHECK_STR(sdp.version, "3724394405");
    CHECK_STR(sdp.origin, "198.51.100.1");
    CHECK_STR(sdp.name, "Call to John Smith");
    CHECK_STR(sdp.time, "0 0");
    CHECK_INT(sdp.media_count, 3);
    CHECK_STR(sdp.media[0].kind, "audio");
    CHECK_INT(sdp.media[0].port, 49170);
    CHECK_STR(sdp.media[0].protocol, "RTP/AVP");
    CHECK_STR(sdp.media[0].formats, "0");
    CHECK_STR(sdp.media[0].address, "198.51.100.1");
    CHECK_STR(sdp.media[0].lines, "");
    CHECK_INT(sdp.media[1].port, 49180);
    CHECK_STR(sdp.media[1].address_type, "IP4");
    CHECK_STR(sdp.media[2].kind, "video");
    CHECK_STR(sdp.media[2].address, "2001:db8::2");
    CHECK_STR(sdp.media[2].address_type, "IP6");
    CHECK_STR(sip_sdp_attribute(sdp.media[2].lines, "rtpmap"), "99 h263-1998/90000");
    CHECK_INT(memcmp(sdp.media[2].kind.at - 2 - sdp.media[2].offset, "v=0", 3), 0);
}

TEST(every_cut_of_a_description_is_refused_or_a_shorter_one)
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    for (size_t len = 0; len < sizeof example - 1; len++) {
        bool whole_lines = len > 0 && example[len - 1] == '\n';
        const char *t = strstr(example, "t=0 0\r\n");
        bool behind_time = len >= (size_t)(t - example) + 7;

        memset(&fault, 0xff, sizeof fault);
        if (parse_bytes(&sdp, example, len, &fault) == 0)
            CHECK(whole_lines && behind_time);
        else
            CHECK(fault.offset <= len && !(whole_lines && behind_time));
    }
}

TEST(lines_may_end_in_lf_alone) /* RFC 8866 §5: parsers SHOULD accept it */
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    CHECK_INT(parse(&sdp,
                    "v=0\no=- 1 2 IN IP4 h\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 8 RTP/AVP 0\n"
                    "a=sendonly\n",
                    &fault),
              0);
    CHECK_INT(sdp.media[0].direction, SIP_SDP_SENDONLY);
    CHECK_STR(sdp.media[0].formats, "0");
    CHECK(sip_sdp_attribute(sdp.media[0].lines, "sendonly").at != NULL);
}

static const struct {
    const char *text;
    int reason;      /* 0 = must pass */
    const char *at;  /* where the fault stands: the first of these bytes; NULL = the end */
} rows[] = {
    {CALL, 0, 0}, /* no media at all: RFC 3264 §5 */
    {"", SIP_BAD_SDP_ORDER, NULL},
    {"v=0\r\n", SIP_BAD_SDP_ORDER, NULL},
    {"v=1\r\n", SIP_BAD_SDP_VALUE, "1"},
    {"v=00\r\n", SIP_BAD_SDP_VALUE, "00"},
    {"o=- 1 1 IN IP4 h\r\n", SIP_BAD_SDP_ORDER, "o="},
    {"\r\n" CALL, SIP_BAD_SDP_LINE, "\r\nv"},
    {CALL "\r\na=x\r\n", SIP_BAD_SDP_LINE, "\r\na=x"},
    {CALL "\na=x\r\n", SIP_BAD_SDP_LINE, "\na=x"},
    {CALL "a", SIP_BAD_SDP_LINE, NULL},
    {CALL "a =b\r\n", SIP_BAD_SDP_LINE, " =b"},
    {CALL "a=b", SIP_BAD_SDP_LINE, NULL},
    {CALL "a=b\rc\r\n", SIP_BAD_SDP_LINE, "\rc"},
    {CALL "a=\rc\r\n", SIP_BAD_SDP_LINE, "\rc"},
    {CALL "a=b\r\r\n", SIP_BAD_SDP_LINE, "\r\r\n"},
    {CALL "x=1\r\n", SIP_BAD_SDP_ORDER, "x="}, /* §5: unknown letters MUST be refused */
    {CALL "V=0\r\n", SIP_BAD_SDP_ORDER, "V="}, /* §5: case-significant */
    /* o= */
    {"v=0\r\no=- 1 1 IN IP4\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {"v=0\r\no=- 1 x IN IP4 h\r\n", SIP_BAD_SDP_VALUE, "x IN"},
    {"v=0\r\no=- -1 1 IN IP4 h\r\n", SIP_BAD_SDP_VALUE, "-1"},
    {"v=0\r\no=a b 1 1 IN IP4 h\r\n", SIP_BAD_SDP_VALUE, "b 1"},
    {"v=0\r\no=-  1 1 IN IP4 h\r\n", SIP_BAD_SDP_VALUE, " 1 1"},
    {"v=0\r\no=- 1 1 IN IP4 h \r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {"v=0\r\no=- 99999999999999999999999 1 IN IP4 h\r\ns= \r\nt=0 0\r\n", 0, 0},
    /* s= */
    {"v=0\r\no=- 1 1 IN IP4 h\r\nt=0 0\r\n", SIP_BAD_SDP_ORDER, "t="},
    /* i=, u=, e=, p=: any text */
    {HEAD "i=a b\r\nu=c\r\ne=d\r\np=e\r\nt=0 0\r\nk=f\r\n", 0, 0},
    {HEAD "i=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "u=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "e=\n", SIP_BAD_SDP_VALUE, "\n"},
    {HEAD "p=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "t=0 0\r\nk=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {"v=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    /* t=, r=, z= */
    {HEAD "t=0\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "t=0 0 0\r\n", SIP_BAD_SDP_VALUE, "0\r\n"},
    {HEAD "t=3724394400 3724398000\r\n", 0, 0},
    {HEAD "t=372439440 0\r\n", SIP_BAD_SDP_VALUE, "372439440"}, /* nine digits */
    {HEAD "t=372439440x 0\r\n", SIP_BAD_SDP_VALUE, "372439440x"},
    {HEAD "t=0724394400 0\r\n", SIP_BAD_SDP_VALUE, "0724394400"},
    {HEAD "t=1 0\r\n", SIP_BAD_SDP_VALUE, "1 0"},
    {HEAD "t=00 0\r\n", SIP_BAD_SDP_VALUE, "00 0"},
    {HEAD "t=3724394400 3724398000\r\nr=604800 3600 0 90000\r\nr=7d 1h 0 25h\r\n", 0, 0},
    {HEAD "t=0 0\r\nr=10080m 3600s 0s 25h\r\n", 0, 0},
    {HEAD "t=0 0\r\nr=7d 1h\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "t=0 0\r\nr=0d 1h 0\r\n", SIP_BAD_SDP_VALUE, "0d"},
    {HEAD "t=0 0\r\nr=7y 1h 25\r\n", SIP_BAD_SDP_VALUE, "7y"},
    {HEAD "t=0 0\r\nr=7d 1h 25y\r\n", SIP_BAD_SDP_VALUE, "25y"},
    {HEAD "t=0 0\r\nr=7d 1h 0\r\nz=3730928400 -1h 3749680800 0\r\n", 0, 0},
    {HEAD "t=0 0\r\nz=3730928400 -1h\r\n", 0, 0},
    {HEAD "t=0 0\r\nz=3730928400 \r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "t=0 0\r\nz=37309284x0 1h\r\n", SIP_BAD_SDP_VALUE, "37309284x0"},
    {HEAD "t=0 0\r\nz=3730928400 1h 37496808x0 0\r\n", SIP_BAD_SDP_VALUE, "37496808x0"},
    {HEAD "t=0 0\r\nz=3730928400\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "t=0 0\r\nz=3730928400 --1h\r\n", SIP_BAD_SDP_VALUE, "--1h"},
    {HEAD "t=0 0\r\nz=3730928400 -1y\r\n", SIP_BAD_SDP_VALUE, "-1y"},
    {HEAD "t=0 0\r\nz=3730928400 -\r\n", SIP_BAD_SDP_VALUE, "-\r\n"},
    {HEAD "t=0 0\r\nt=0 0\r\n", 0, 0},
    {HEAD "r=7d 1h 0\r\nt=0 0\r\n", SIP_BAD_SDP_ORDER, "r="},
    {HEAD "t=0 0\r\nz=3730928400 1h\r\nr=7d 1h 0\r\n", SIP_BAD_SDP_ORDER, "r="},
    /* c= */
    {HEAD "c=IN IP4 192.0.2.1\r\nt=0 0\r\n", 0, 0},
    {HEAD "c=IN IP4 233.252.0.1/127/3\r\nt=0 0\r\n", 0, 0},
    {HEAD "c=IN IP4\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "c=IN IP4 \r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "c=IN IP4 a b\r\n", SIP_BAD_SDP_VALUE, "b\r\n"},
    {HEAD "c=I@N IP4 a\r\n", SIP_BAD_SDP_VALUE, "I@N"},
    {HEAD "c=IN IP4 a\tb\r\n", SIP_BAD_SDP_VALUE, "a\tb"},
    {HEAD "c=IN IP4 a\x7f\r\n", SIP_BAD_SDP_VALUE, "a\x7f"},
    {HEAD "c=IN IP4 \xc3\xa4\r\nt=0 0\r\n", 0, 0},
    {HEAD "c=IN IP4 a\r\nc=IN IP4 b\r\n", SIP_BAD_SDP_ORDER, "c=IN IP4 b"},
    {HEAD "t=0 0\r\nc=IN IP4 a\r\n", SIP_BAD_SDP_ORDER, "c="},
    /* b=, k=, a= */
    {HEAD "b=AS:64\r\nb=X-Y:0\r\nt=0 0\r\nk=prompt\r\na=x\r\n", 0, 0},
    {HEAD "b=AS\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "b=AS:\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {HEAD "b=AS:6k\r\n", SIP_BAD_SDP_VALUE, "6k"},
    {HEAD "b=:64\r\n", SIP_BAD_SDP_VALUE, ":64"},
    {HEAD "t=0 0\r\na=x\r\nk=prompt\r\n", SIP_BAD_SDP_ORDER, "k="},
    {HEAD "t=0 0\r\nb=AS:64\r\n", SIP_BAD_SDP_ORDER, "b="},
    {CALL "a=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {CALL "a=\n", SIP_BAD_SDP_VALUE, "\n"},
    {CALL "a\n", SIP_BAD_SDP_LINE, "\n"},
    {CALL "a=!#$%&'*+-.^_`{|}~09azAZ\r\n", 0, 0},
    {CALL "a=a@b\r\n", SIP_BAD_SDP_VALUE, "a@b"},
    {CALL "a=x:\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {CALL "a=x: \r\n", 0, 0},
    {CALL "a=:x\r\n", SIP_BAD_SDP_VALUE, ":x"},
    {CALL "a=x y\r\n", SIP_BAD_SDP_VALUE, "x y"},
    {CALL "a=X-1.y_z:any \x80\xff\x01 bytes\r\n", 0, 0},
    /* m= */
    {CALL "m=audio 0 RTP/AVP 0\r\n", 0, 0},
    {CALL "m=audio 65535 RTP/AVP 0 8 101\r\n", 0, 0},
    {CALL "m=audio 65536 RTP/AVP 0\r\n", SIP_BAD_SDP_VALUE, "65536"},
    {CALL "m=audio -1 RTP/AVP 0\r\n", SIP_BAD_SDP_VALUE, "-1"},
    {CALL "m=audio 49170/2 RTP/AVP 31\r\n", 0, 0},
    {CALL "m=audio 49170/0 RTP/AVP 31\r\n", SIP_BAD_SDP_VALUE, "49170/0"},
    {CALL "m=audio 49170/ RTP/AVP 31\r\n", SIP_BAD_SDP_VALUE, "49170/"},
    {CALL "m=audio 49170 RTP/AVP\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {CALL "m=audio 49170 RTP/AVP \r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {CALL "m=audio 49170 RTP/AVP 0 \r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {CALL "m=audio 49170 RTP/AVP 0  8\r\n", SIP_BAD_SDP_VALUE, " 8"},
    {CALL "m=audio 49170 RTP//AVP 0\r\n", SIP_BAD_SDP_VALUE, "RTP//"},
    {CALL "m=audio 49170 / 0\r\n", SIP_BAD_SDP_VALUE, "/ 0"},
    {CALL "m=au:dio 49170 RTP/AVP 0\r\n", SIP_BAD_SDP_VALUE, "au:dio"},
    {CALL "m=\r\n", SIP_BAD_SDP_VALUE, "\r\n"},
    {CALL "m=message 9 TCP/MSRP *\r\n", 0, 0},
    {CALL "m=audio 1 RTP/AVP 0\r\ni=x\r\nc=IN IP4 a\r\nc=IN IP4 b\r\nb=AS:1\r\nk=prompt\r\na=x\r\n", 0, 0},
    {CALL "m=audio 1 RTP/AVP 0\r\na=x\r\nc=IN IP4 a\r\n", SIP_BAD_SDP_ORDER, "c=IN IP4 a\r"},
    {CALL "m=audio 1 RTP/AVP 0\r\nt=0 0\r\n", SIP_BAD_SDP_ORDER, "t=0 0\r\n"},
    {CALL "m=audio 1 RTP/AVP 0\r\ns=-\r\n", SIP_BAD_SDP_ORDER, "s=-\r\n"},
    {HEAD "m=audio 1 RTP/AVP 0\r\n", SIP_BAD_SDP_ORDER, "m="}, /* t= missing */
    /* §5.7: a c= for each media */
    {HEAD "t=0 0\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 a\r\n", 0, 0},
    {HEAD "t=0 0\r\nm=audio 1 RTP/AVP 0\r\n", SIP_BAD_SDP_ORDER, "m="},
    {HEAD "t=0 0\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 a\r\nm=video 1 RTP/AVP 31\r\n", SIP_BAD_SDP_ORDER, "m=video"},
    /* the table */
    {CALL "m=a 1 b 1\r\nm=a 1 b 2\r\nm=a 1 b 3\r\nm=a 1 b 4\r\n", 0, 0},
    {CALL "m=a 1 b 1\r\nm=a 1 b 2\r\nm=a 1 b 3\r\nm=a 1 b 4\r\nm=a 1 b 5\r\n", SIP_SDP_TOO_MANY, "m=a 1 b 5"},
};

/* The last place where `at` stands, so that rows need not repeat what is before it. */
static size_t last_of(const char *text, const char *at)
{
    size_t found = strlen(text);

    for (size_t i = 0; at && text[i]; i++)
        if (strncmp(text + i, at, strlen(at)) == 0)
            found = i;
    return found;
}

TEST(each_row_passes_or_is_refused_at_its_first_wrong_byte) /* RFC 8866 §5, §9 */
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_sdp sdp, before;
        struct sip_fault fault = {0};
        int result;

        memset(&sdp, 0x5a, sizeof sdp);
        result = parse(&sdp, rows[i].text, &fault);
        CHECK_INT(result, rows[i].reason ? SIP_EBAD : 0);
        CHECK_INT(fault.reason, rows[i].reason);
        if (rows[i].reason && rows[i].at)
            CHECK_INT(fault.offset, last_of(rows[i].text, rows[i].at));
        if (rows[i].reason) {
            sip_sdp_init(&before, table, MEDIA_MAX);
            CHECK(memcmp(&sdp, &before, sizeof sdp) == 0);
        }
        if (test_failures) {
            printf("  in row %zu: %s\n", i, rows[i].text);
            break;
        }
    }
}

TEST(each_row_is_safe_when_cut_at_any_byte)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t len = 0; len < strlen(rows[i].text); len++) {
            struct sip_sdp sdp;
            struct sip_fault fault = {0};

            if (parse_bytes(&sdp, rows[i].text, len, &fault) < 0)
                CHECK(fault.reason != 0 && fault.offset <= len);
        }
    }
}

TEST(nul_is_refused)
{
    struct sip_fault fault = {0};
    struct sip_sdp sdp;

    CHECK_INT(parse_bytes(&sdp, CALL "a=x:a\0b\r\n", sizeof CALL - 1 + 9, &fault), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_SDP_LINE);
    CHECK_INT(fault.offset, sizeof CALL - 1 + 5);
}

static int parse_refusing(struct sip_sdp *sdp, unsigned exceptions, const char *text)
{
    struct sip_fault fault = {0};
    int result;

    sip_sdp_init(sdp, table, MEDIA_MAX);
    sdp->refused = (uint8_t)exceptions;
    result = sip_sdp_parse(sdp, sip_str(text), &fault);
    return result < 0 ? (int)fault.reason : 0;
}

TEST(media_may_have_several_ports) /* RFC 8866 §5.14 */
{
    struct sip_sdp sdp;

    CHECK_INT(parse_refusing(&sdp, 0, CALL "m=video 49170/2 RTP/AVP 31\r\n"), 0);
    CHECK_INT(sdp.media[sdp.media_count - 1].ports, 2);
    CHECK_INT(parse_refusing(&sdp, 0, CALL "m=video 49170/65535 RTP/AVP 31\r\n"), 0);
    CHECK_INT(sdp.media[sdp.media_count - 1].ports, 65535);
    CHECK_INT(parse_refusing(&sdp, 0, CALL "m=video 49170 RTP/AVP 31\r\n"), 0);
    CHECK_INT(sdp.media[sdp.media_count - 1].ports, 1);
    CHECK_INT(parse_refusing(&sdp, 0, CALL "m=video 49170/65536 RTP/AVP 31\r\n"),
              SIP_BAD_SDP_VALUE);
    CHECK_INT(parse_refusing(&sdp, 0, CALL "m=video 49170/0 RTP/AVP 31\r\n"), SIP_BAD_SDP_VALUE);
    CHECK_INT(parse_refusing(&sdp, 0, CALL "m=video 49170/02 RTP/AVP 31\r\n"),
              SIP_BAD_SDP_VALUE);
}

TEST(exceptions_are_noted_and_can_be_refused) /* RFC 8866 §5.3, §9 */
{
    static const char no_name[] = "v=0\r\no=- 1 1 IN IP4 h\r\ns=\r\nt=0 0\r\n";
    static const char blank[] = CALL "a=x\r\n\r\n\n\r\n";
    struct sip_sdp sdp;

    CHECK_INT(parse_refusing(&sdp, 0, CALL), 0);
    CHECK_INT(sdp.used, 0);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_EMPTY_LINES, no_name), 0);
    CHECK_INT(sdp.used, SIP_SDP_EMPTY_NAME);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_EMPTY_NAME, no_name), SIP_BAD_SDP_VALUE);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_EMPTY_NAME, blank), 0);
    CHECK_INT(sdp.used, SIP_SDP_EMPTY_LINES);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_EMPTY_LINES, blank), SIP_BAD_SDP_LINE);
    CHECK_INT(parse_refusing(&sdp, 0, "\r\n"), SIP_BAD_SDP_LINE);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_EMPTY_NAME, CALL "a=x\na=y\r\n"), 0); /* §5 */
    CHECK_INT(sdp.used, SIP_SDP_BARE_LF);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_BARE_LF, CALL "a=x\na=y\r\n"), SIP_BAD_SDP_LINE);
    CHECK_INT(parse_refusing(&sdp, SIP_SDP_BARE_LF, CALL "a=x\r\na=y\r\n"), 0);
    CHECK_INT(parse_refusing(&sdp, 0, CALL "\r\r\n"), SIP_BAD_SDP_LINE);
}

TEST(direction_is_of_the_media_else_of_the_session_else_sendrecv) /* RFC 8866 §6.7 */
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    CHECK_INT(parse(&sdp,
                    CALL "a=recvonly\r\n"
                         "m=audio 1 RTP/AVP 0\r\na=sendonly\r\na=inactive\r\n"
                         "m=audio 2 RTP/AVP 0\r\n"
                         "m=audio 3 RTP/AVP 0\r\na=inactive\r\n"
                         "m=audio 4 RTP/AVP 0\r\na=sendrecv\r\n",
                    &fault),
              0);
    CHECK_INT(sdp.media[0].direction, SIP_SDP_SENDONLY); /* the first counts */
    CHECK_INT(sdp.media[1].direction, SIP_SDP_RECVONLY);
    CHECK_INT(sdp.media[2].direction, SIP_SDP_INACTIVE);
    CHECK_INT(sdp.media[3].direction, SIP_SDP_SENDRECV);
    CHECK_INT(parse(&sdp, CALL "m=audio 1 RTP/AVP 0\r\na=sendonlyx\r\na=recvonl\r\na=Inactive\r\n",
                    &fault),
              0);
    CHECK_INT(sdp.media[0].direction, SIP_SDP_SENDRECV);
}

TEST(first_connection_of_a_media_counts) /* RFC 8866 §5.7 */
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    CHECK_INT(parse(&sdp,
                    CALL "m=audio 1 RTP/AVP 0\r\nc=IN IP4 a\r\nc=IN IP4 b\r\n"
                         "m=audio 2 RTP/AVP 0\r\n",
                    &fault),
              0);
    CHECK_STR(sdp.media[0].address, "a");
    CHECK_STR(sdp.media[1].address, "192.0.2.1");
}

TEST(first_time_counts) /* RFC 3264 §6: the answer repeats it */
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    CHECK_INT(parse(&sdp, HEAD "t=0 0\r\nt=3724394400 0\r\n", &fault), 0);
    CHECK_STR(sdp.time, "0 0");
}

TEST(attributes_are_found_by_whole_name)
{
    struct sip_fault fault;
    struct sip_sdp sdp;
    struct sip_str rest, value;

    CHECK_INT(parse(&sdp,
                    CALL "a=tool:x\r\nm=audio 1 RTP/AVP 0\r\nb=AS:1\r\na=ptimes:9\r\na=ptime:20\r\n"
                         "a=ptime:30\r\na=rtcp-mux\r\n",
                    &fault),
              0);
    CHECK_STR(sip_sdp_attribute(sdp.lines, "tool"), "x");
    CHECK(sip_sdp_attribute(sdp.lines, "ptime").at == NULL);
    CHECK_STR(sip_sdp_attribute(sdp.media[0].lines, "ptime"), "20");
    CHECK(sip_sdp_attribute(sdp.media[0].lines, "Ptime").at == NULL);
    CHECK(sip_sdp_attribute(sdp.media[0].lines, "ptim").at == NULL);
    CHECK(sip_sdp_attribute(sdp.media[0].lines, "rtcp-mux").at != NULL);
    CHECK_INT(sip_sdp_attribute(sdp.media[0].lines, "rtcp-mux").len, 0);
    rest = sdp.media[0].lines;
    CHECK(sip_sdp_next_line(&rest, 'a', &value));
    CHECK_STR(value, "ptimes:9");
    rest = sdp.lines;
    CHECK(sip_sdp_next_line(&rest, 'v', &value));
    CHECK_STR(value, "0");
    CHECK(!sip_sdp_next_line(&rest, 'v', &value));
    CHECK_INT(parse(&sdp, "v=0\r\no=- 1 1 IN IP4 h\r\ns=\r\nt=0 0\r\n", &fault), 0);
    rest = sdp.lines;
    CHECK(sip_sdp_next_line(&rest, 's', &value) && value.at && value.len == 0);
}

TEST(text_that_is_no_line_is_passed_over)
{
    static const char text[] = "\r\n\na\na\r\nab=1\na-1\na=2\r\n=3\na=4";
    struct sip_str rest = sip_str(text), value;
    struct sip_sdp_line line;

    CHECK(sip_sdp_next_line(&rest, 'a', &value));
    CHECK_STR(value, "2");
    CHECK(sip_sdp_next_line(&rest, 'a', &value)); /* the last may lack its line end */
    CHECK_STR(value, "4");
    CHECK(!sip_sdp_next_line(&rest, 'a', &value));
    CHECK(!sip_sdp_next_line(&rest, 'a', &value)); /* and stays at its end */
    rest = (struct sip_str){NULL, 0};
    CHECK(!sip_sdp_next_line(&rest, 'a', &value));
    rest = sip_str(text);
    CHECK(sip_sdp_next_any_line(&rest, &line));
    CHECK_STR(line.value, "2");
    CHECK(sip_sdp_next_any_line(&rest, &line));
    CHECK_STR(line.value, "4");
    CHECK(!sip_sdp_next_any_line(&rest, &line));
    CHECK(!sip_sdp_next_any_line(&rest, &line));
    for (size_t len = 0; len < sizeof text; len++) { /* the end is anywhere */
        char *exact = malloc(len ? len : 1);

        memcpy(exact, text, len);
        rest = sip_bytes(exact, len);
        while (sip_sdp_next_line(&rest, 'a', &value))
            CHECK(value.at >= exact + 2 && value.at + value.len <= exact + len);
        rest = sip_bytes(exact, len);
        while (sip_sdp_next_any_line(&rest, &line))
            CHECK(line.value.at >= exact + 2 && line.value.at + line.value.len <= exact + len);
        free(exact);
    }
}

/* What the first format of a media is found to be, "name/rate/channels fmtp". */
static const char *described(const char *media)
{
    static char text[200];
    struct sip_fault fault;
    struct sip_sdp sdp;
    struct sip_sdp_format got;
    struct sip_str rest, format;

    snprintf(text, sizeof text, "%s", CALL);
    snprintf(text + strlen(text), sizeof text - strlen(text), "m=audio 1 RTP/AVP 0\r\n%s", media);
    CHECK_INT(parse(&sdp, text, &fault), 0);
    rest = sdp.media[0].formats;
    CHECK(sip_sdp_next_format(&rest, &format));
    if (!sip_sdp_describe(&sdp.media[0], format, &got))
        return "";
    CHECK_INT(got.payload_type, 0);
    snprintf(text, sizeof text, "%.*s/%u/%u %.*s", (int)got.name.len, got.name.at, got.clock_rate,
             got.channels, (int)got.fmtp.len, got.fmtp.len ? got.fmtp.at : "");
    return text;
}

TEST(rtpmap_that_breaks_its_grammar_says_nothing) /* RFC 8866 §6.6, §6.15 */
{
    static const struct {
        const char *lines, *wanted;
    } cases[] = {
        {"a=rtpmap:0 X/1\r\n", "X/1/1 "},
        {"a=rtpmap:0 X/4294967295/255\r\n", "X/4294967295/255 "},
        {"a=rtpmap:0 X/1/1\r\na=rtpmap:0 Y/2\r\n", "X/1/1 "}, /* the first */
        {"a=rtpmap:0 X\r\na=rtpmap:0 Y/2\r\n", "Y/2/1 "},     /* that is one */
        {"a=rtpmap\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 \r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/0\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/4294967296\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/1x\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/1/\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/1/0\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/1/256\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X/1/2/\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 /1\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0 X(/1\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:0  X/1\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:x X/1\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:128 X/1\r\n", "PCMU/8000/1 "},
        {"a=rtpmap:127 X/1\r\n", "PCMU/8000/1 "},
        {"a=rtpmaps:0 X/1\r\n", "PCMU/8000/1 "},
        {"a=fmtp:0 a b\r\n", "PCMU/8000/1 a b"},
        {"a=fmtp:0 a\r\na=fmtp:0 b\r\n", "PCMU/8000/1 a"},
        {"a=fmtp:0\r\na=fmtp:0 b\r\n", "PCMU/8000/1 b"}, /* the first with parameters */
        {"a=fmtp:x a\r\n", "PCMU/8000/1 "},
        {"a=fmtp:00 a\r\n", "PCMU/8000/1 a"},
        {"a=fmtp:128 a\r\n", "PCMU/8000/1 "},
        {"a=fmtp\r\n", "PCMU/8000/1 "},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(sip_str(described(cases[i].lines)), cases[i].wanted);
}

TEST(formats_are_walked_and_described) /* RFC 8866 §6.6, §6.15; RFC 3551 §6 */
{
    struct sip_fault fault;
    struct sip_sdp sdp;
    struct sip_str rest, format;
    struct sip_sdp_format got;
    char seen[64] = "";

    CHECK_INT(parse(&sdp,
                    CALL "m=audio 1 RTP/AVP 0 8 96 97 98 99 100 101 10 127 128 x\r\n"
                         "a=rtpmap:8 X-8/8000\r\na=rtpmap:96 L16/44100/2\r\na=rtpmap:97 opus\r\n"
                         "a=rtpmap:98 a/0\r\na=rtpmap:99 a/8000/0\r\na=rtpmap:100 a/8000/1/2\r\n"
                         "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15,66\r\na=fmtp:10 z\r\n"
                         "a=rtpmap:127 L/1\r\na=rtpmap:128 L/1\r\na=fmtp:127 y\r\n",
                    &fault),
              0);
    rest = sdp.media[0].formats;
    while (sip_sdp_next_format(&rest, &format)) {
        memset(&got, 0, sizeof got);
        if (sip_sdp_describe(&sdp.media[0], format, &got))
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.*s ", (int)format.len,
                     format.at);
        if (got.payload_type == 8)
            CHECK_STR(got.name, "X-8"); /* an rtpmap beats the static table */
        if (got.payload_type == 96)
            CHECK(got.channels == 2 && got.clock_rate == 44100 && got.fmtp.at == NULL);
        if (got.payload_type == 101)
            CHECK_STR(got.fmtp, "0-15,66");
        if (got.payload_type == 127)
            CHECK_STR(got.fmtp, "y");
        if (got.payload_type == 10)
            CHECK(got.channels == 2 && sip_str_is(got.name, "L16") && got.fmtp.len == 1);
    }
    CHECK_STR(sip_str(seen), "0 8 96 101 10 127 ");
    rest = sip_str("");
    CHECK(!sip_sdp_next_format(&rest, &format));
}

TESTS(T(example_of_the_rfc_is_read_whole)
      T(every_cut_of_a_description_is_refused_or_a_shorter_one)
      T(lines_may_end_in_lf_alone)
      T(each_row_passes_or_is_refused_at_its_first_wrong_byte)
      T(each_row_is_safe_when_cut_at_any_byte)
      T(nul_is_refused)
      T(media_may_have_several_ports) T(exceptions_are_noted_and_can_be_refused)
      T(direction_is_of_the_media_else_of_the_session_else_sendrecv)
      T(first_connection_of_a_media_counts)
      T(first_time_counts)
      T(attributes_are_found_by_whole_name)
      T(text_that_is_no_line_is_passed_over)
      T(rtpmap_that_breaks_its_grammar_says_nothing)
      T(formats_are_walked_and_described))
