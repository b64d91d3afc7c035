/* What no bit of sip/tolerance.h lets pass, with any of them set: lengths that disagree, NUL in a
 * head, and a second value where there can be one, above all where it says who talks or where a
 * message ends (RFC 3261 §7.3.1, §18.3, §25.1). */
#include "sip/message.h"
#include "test.h"
#include "torture/files.h"

#include <stdlib.h>

#define MASKS (1u << SIP_TOLERANCE_COUNT)

static struct sip_field fields[40];
static struct sip_fault fault;

/* 0 when the bytes are taken whole, in a block of their own and with `mask` tolerated. */
static int refusal(const char *bytes, size_t len, enum sip_framing framing, unsigned mask)
{
    char *block = files_copy(bytes, len);
    struct sip_essentials essentials;
    struct sip_message message;
    long taken;

    memset(&fault, 0, sizeof fault);
    sip_message_init(&message, fields, sizeof fields / sizeof *fields);
    message.tolerate = (uint16_t)mask;
    taken = sip_message_parse(&message, sip_bytes(block, len), framing, &fault);
    if (taken >= 0 && (taken == 0 || sip_message_check(&message, &essentials, &fault) == 0))
        fault.reason = SIP_REASON_NONE;
    free(block);
    return taken == 0 ? -1 : (int)fault.reason; /* -1: not complete */
}

#define LINE "INVITE sip:bob@biloxi.example SIP/2.0\r\n"
#define VIA  "Via: SIP/2.0/UDP a.example;branch=z9hG4bK7\r\n"
#define FROM "From: \"A\" <sip:a@a.example>;tag=1\r\n"
#define TO   "To: <sip:b@b.example>\r\n"
#define REST "Call-ID: 1@a\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:a@192.0.2.1>\r\n"
#define TYPE "Content-Type: application/sdp\r\n"
#define ALL  LINE VIA FROM TO REST TYPE

/* The lines are behind all that must be there once. */
static const struct {
    const char *lines;
    enum sip_reason reason; /* of a datagram; a stream is refused too */
    enum sip_header header;
} seconds[] = {
    {"Content-Length: 1\r\nContent-Length: 2\r\n", SIP_CONFLICT, SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length: 2\r\nl: 1\r\n", SIP_CONFLICT, SIP_HEADER_CONTENT_LENGTH},
    {"l: 1\r\nSubject: x\r\nCONTENT-LENGTH : 01\r\nl: 0\r\n", SIP_CONFLICT,
     SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length: 1\r\nl: 1\r\n", SIP_REPEATED,
     SIP_HEADER_CONTENT_LENGTH}, /* though they agree */
    {"Content-Length: 1, 2\r\n", SIP_BAD_NUMBER, SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length: 1 2\r\n", SIP_BAD_NUMBER, SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length: 1\r\n 2\r\n", SIP_BAD_NUMBER, SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length: 1\r\nContent-Length: x\r\n", SIP_BAD_NUMBER, SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length: -1\r\n", SIP_BAD_NUMBER, SIP_HEADER_CONTENT_LENGTH},
    {"Content-Length:\r\n", SIP_BAD_NUMBER, SIP_HEADER_CONTENT_LENGTH},
    {"l: 1\r\nf: <sip:c@c.example>;tag=1\r\n", SIP_REPEATED, SIP_HEADER_FROM},
    {"l: 1\r\nt: <sip:c@c.example>\r\n", SIP_REPEATED, SIP_HEADER_TO},
    {"l: 1\r\ni: 2@a\r\n", SIP_REPEATED, SIP_HEADER_CALL_ID},
    {"l: 1\r\ncseq: 2 INVITE\r\n", SIP_REPEATED, SIP_HEADER_CSEQ},
    {"l: 1\r\nmax-forwards: 69\r\n", SIP_REPEATED, SIP_HEADER_MAX_FORWARDS},
    {"l: 1\r\nc: text/plain\r\n", SIP_REPEATED, SIP_HEADER_CONTENT_TYPE},
};

TEST(second_value_is_refused_whatever_is_tolerated)
{
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        for (unsigned mask = 0; mask < MASKS; mask++) {
            char text[700];
            size_t len = (size_t)snprintf(text, sizeof text, ALL "%s\r\nx", seconds[i].lines);
            int failures = test_failures;

            CHECK_INT(refusal(text, len, SIP_DATAGRAM, mask), seconds[i].reason);
            CHECK_INT(fault.header, seconds[i].header);
            CHECK(refusal(text, len, SIP_STREAM, mask) > 0);
            if (test_failures > failures)
                printf("  with %#x: %s", mask, seconds[i].lines);
        }
}

TEST(every_single_header_stands_once) /* §7.3.1, whatever it is; two different texts of any kind */
{
    unsigned singles = 0;

    for (int id = 1; id < SIP_HEADER_COUNT; id++) {
        struct sip_str name = sip_header_name((enum sip_header)id);
        char text[900];
        size_t len;

        if (!(sip_header_flags((enum sip_header)id) & SIP_SINGLE) ||
            id == SIP_HEADER_CONTENT_LENGTH) /* its own rows are above */
            continue;
        len = (size_t)snprintf(text, sizeof text, ALL "%.*s: 1\r\n%.*s: 2\r\nl: 1\r\n\r\nx",
                               (int)name.len, name.at, (int)name.len, name.at);
        CHECK_INT(refusal(text, len, SIP_DATAGRAM, SIP_TOLERATE_DEFAULT), SIP_REPEATED);
        CHECK_INT(fault.header, id);
        if (test_failures)
            printf("  %.*s\n", (int)name.len, name.at);
        singles++;
    }
    CHECK(singles > 40);
}

TEST(second_parameter_that_says_who_is_refused)
{
    static const struct {
        const char *text;
        enum sip_reason reason;
    } rows[] = {
        {LINE VIA "From: <sip:a@a.example>;tag=1;tag=2\r\n" TO REST, SIP_REPEATED},
        {LINE VIA FROM "To: <sip:b@b.example>;tag=1;TAG=1\r\n" REST, SIP_REPEATED},
        {LINE VIA FROM "To: <sip:b@b.example>, <sip:c@c.example>\r\n" REST, SIP_TRAILING},
        {LINE "v: SIP/2.0/UDP a;branch=z9hG4bK7;branch=z9hG4bK8\r\n" FROM TO REST, SIP_REPEATED},
        {LINE
         "v: SIP/2.0/UDP a;received=192.0.2.1;branch=z9hG4bK7;received=192.0.2.2\r\n" FROM TO REST,
         SIP_REPEATED},
        {LINE "v: SIP/2.0/UDP a;rport;branch=z9hG4bK7;rport=5\r\n" FROM TO REST, SIP_REPEATED},
        {LINE VIA FROM TO "Call-ID: 1@a, 2@a\r\nCSeq: 1 INVITE\r\n", SIP_BAD_TOKEN},
        {LINE VIA FROM TO "Call-ID: 1@a\r\nCSeq: 1 INVITE, 2 INVITE\r\n", SIP_BAD_TOKEN},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned mask = 0; mask < MASKS; mask++) {
            char text[700];
            size_t len = (size_t)snprintf(text, sizeof text, "%sl: 0\r\n\r\n", rows[i].text);
            int got = refusal(text, len, SIP_DATAGRAM, mask | SIP_TOLERATE_NO_MAX_FORWARDS);

            if (got != (int)rows[i].reason)
                printf("  with %#x: row %zu\n", mask, i);
            CHECK_INT(got, rows[i].reason);
        }
}

TEST(nul_is_refused_anywhere_in_a_head) /* §25.1; a body is bytes */
{
    static const char text[] = ALL "Subject: a \"quoted\"\r\n and folded\r\nX-Other: y\r\n"
                                   "Content-Length: 4\r\n\r\nbody";
    size_t len = sizeof text - 1, head = len - 4;
    char *with = malloc(len + 1);

    CHECK_INT(refusal(text, len, SIP_DATAGRAM, SIP_TOLERATE_NOTHING), SIP_REASON_NONE);
    for (size_t at = 0; at < head; at++)
        for (unsigned mask = 0; mask < MASKS; mask += MASKS - 1) {
            memcpy(with, text, at);
            with[at] = 0;
            memcpy(with + at + 1, text + at, len - at);
            CHECK(refusal(with, len + 1, SIP_DATAGRAM, mask) > 0); /* put in before the byte */
            CHECK(refusal(with, len + 1, SIP_STREAM, mask) > 0);
            memcpy(with + at, text + at, len - at);
            with[at] = 0;
            CHECK(refusal(with, len, SIP_DATAGRAM, mask) > 0); /* in place of it */
            CHECK(refusal(with, len, SIP_STREAM, mask) > 0);
            if (test_failures)
                printf("  at %zu\n", at);
        }
    memcpy(with, text, len);
    memset(with + head, 0, 4);
    CHECK_INT(refusal(with, len, SIP_STREAM, SIP_TOLERATE_NOTHING), SIP_REASON_NONE);
    free(with);
}

TEST(nul_is_a_byte_of_a_text_behind_a_backslash) /* §25.1 quoted-pair = "\" (%x00-09 ...) */
{
    static const char text[] =
        LINE VIA "From: \"A\\\0B\" <sip:a@a.example>;tag=1\r\n" TO REST "l: 0\r\n\r\n";

    CHECK_INT(refusal(text, sizeof text - 1, SIP_DATAGRAM, SIP_TOLERATE_NOTHING), SIP_REASON_NONE);
}

TESTS(T(second_value_is_refused_whatever_is_tolerated) T(every_single_header_stands_once)
          T(second_parameter_that_says_who_is_refused) T(nul_is_refused_anywhere_in_a_head)
              T(nul_is_a_byte_of_a_text_behind_a_backslash))
