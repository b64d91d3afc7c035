/* One text for each reason to refuse: it is refused for just that, with its header, offset and
 * section, and its neighbour passes. */
#include <stdint.h>
#include <stdlib.h>

#include "sip/error.h"
#include "sip/message.h"
#include "sip/multipart.h"
#include "sip/sdp.h"
#include "sip/stack.h"
#include "test.h"

#define LINE     "INVITE sip:bob@b.example SIP/2.0\r\n"
#define VIA      "Via: SIP/2.0/UDP a.example;branch=z9hG4bK7\r\n"
#define FROM     "From: <sip:a@a.example>;tag=1\r\n"
#define TO       "To: <sip:b@b.example>\r\n"
#define CALL_ID  "Call-ID: 1\r\n"
#define FORWARDS "Max-Forwards: 70\r\n"
#define CSEQ     "CSeq: 1 INVITE\r\n"
#define FIELDS   VIA FROM TO CALL_ID FORWARDS CSEQ
#define END      "Content-Length: 0\r\n\r\n"
#define SDP      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
#define TIME     "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
#define AUDIO    "m=audio 4000 RTP/AVP 0\r\n"

enum { FIELDS_MAX = 8, HEAD_MAX = 65535, LIMIT = 700 };

/* --- who judges: 0 or SIP_EBAD --- */

typedef int judge(const char *text, size_t len, struct sip_fault *fault);

/* As a datagram: its head, what must be there, and each value. */
static int message(const char *text, size_t len, struct sip_fault *fault)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_essentials essentials;
    struct sip_message got;

    sip_message_init(&got, fields, FIELDS_MAX);
    if (sip_message_parse(&got, sip_bytes(text, len), SIP_DATAGRAM, fault) < 0 ||
        sip_message_check(&got, &essentials, fault) != 0)
        return SIP_EBAD;
    return sip_message_check_values(&got, fault);
}

static int session(const char *text, size_t len, struct sip_fault *fault)
{
    struct sip_sdp_media media[2];
    struct sip_sdp got;

    sip_sdp_init(&got, media, 2);
    return sip_sdp_parse(&got, sip_bytes(text, len), fault);
}

static int parts(const char *text, size_t len, struct sip_fault *fault)
{
    struct sip_media_type type = {sip_str("multipart"), sip_str("mixed"), sip_str("boundary=b")};
    struct sip_parts walk;
    struct sip_part part;
    int more = sip_parts_begin(&walk, &type, sip_bytes(text, len), fault);

    if (more == 0)
        while ((more = sip_parts_next(&walk, &part, fault)) > 0)
            continue;
    return more;
}

static int ignore(void *host, const struct sip_path *path, struct sip_str bytes)
{
    (void)host, (void)path, (void)bytes;
    return 0;
}

static int no_address(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host, (void)path, (void)local;
    return -1;
}

static int zeros(void *host, void *bytes, size_t count)
{
    (void)host;
    memset(bytes, 0, count);
    return 0;
}

static void keep_fault(void *host, const struct sip_trace *trace)
{
    if (trace->fault)
        *(struct sip_fault *)host = *trace->fault;
}

/* As what a stack with messages of at most LIMIT bytes is given. */
static int stack(const char *text, size_t len, struct sip_fault *fault)
{
    static uint8_t block[40000];
    struct sip_stack_config config = {0};
    struct sip_packet packet = {0};
    struct sip_stack *got;

    config.transport.send = ignore;
    config.transport.local = no_address;
    config.transport.random = zeros;
    config.limits.flows = SIP_NONE_AT_ALL;
    config.limits.message_max = LIMIT;
    config.tracer.trace = keep_fault;
    config.tracer.host = fault;
    CHECK_INT(sip_stack_init(&got, block, sizeof block, &config, 0), 0);
    packet.bytes = sip_bytes(text, len);
    packet.path.protocol = SIP_UDP;
    CHECK_INT(sip_addr_parse(&packet.path.remote, sip_str("192.0.2.7")), 0);
    packet.path.local = packet.path.remote;
    CHECK_INT(sip_stack_datagram(got, 0, &packet), 0);
    return sip_stack_counters(got)->received == 1 ? 0 : SIP_EBAD;
}

/* --- the texts --- */

/* before, then what is good there or bad, then behind. The fault is `at` bytes into the bad part. */
struct text {
    enum sip_reason reason;
    judge *judge;
    const char *before, *good, *bad, *behind;
    enum sip_header header;
    unsigned at;
    const char *section;
    size_t filled; /* with 'a' before `behind`: good up to so many bytes, bad up to one more */
};

#define OTHER SIP_HEADER_OTHER

static const struct text texts[] = {
    {SIP_BAD_START_LINE, message, "INVITE ", "", " ", "sip:b SIP/2.0\r\n" FIELDS END, OTHER, 0,
     "RFC 3261 §7", 0},
    {SIP_BAD_METHOD, message, "", "INVITE", "INV(ITE", " sip:b SIP/2.0\r\n" FIELDS END, OTHER, 3,
     "RFC 3261 §7.1", 0},
    {SIP_BAD_URI, message, "INVITE ", "sip:b", "<sip:b>", " SIP/2.0\r\n" FIELDS END, OTHER, 0,
     "RFC 3261 §19.1", 0},
    {SIP_BAD_VERSION, message, "INVITE sip:b ", "SIP/2.0", "SIP/3.0", "\r\n" FIELDS END, OTHER, 0,
     "RFC 3261 §7.1", 0},
    {SIP_BAD_STATUS, message, "SIP/2.0 ", "699", "700", " No\r\n" FIELDS END, OTHER, 0,
     "RFC 3261 §7.2", 0},
    {SIP_BAD_LINE_END, message, LINE FIELDS "Subject: a", "\r\n", "\r\r\n", END,
     SIP_HEADER_SUBJECT, 0, "RFC 3261 §7", 0},
    {SIP_BAD_HEADER_NAME, message, LINE FIELDS, "Subject", "Sub ject", ": a\r\n" END, OTHER, 4,
     "RFC 3261 §7.3.1", 0},
    {SIP_BAD_CONTROL, message, LINE FIELDS "Subject: a", "\t", "\v", "\r\n" END,
     SIP_HEADER_SUBJECT, 0, "RFC 3261 §25.1", 0},
    {SIP_TOO_MANY_HEADERS, message, LINE FIELDS "X-A: 1\r\n", "", "X-A: 2\r\n", END, OTHER, 8,
     "RFC 3261 §7.3", 0},
    {SIP_HEAD_TOO_LONG, message, LINE FIELDS "Subject: ", "", "", "\r\n" END, OTHER, HEAD_MAX,
     "RFC 3261 §21.4.11", HEAD_MAX},
    {SIP_BODY_TOO_LONG, stack, LINE FIELDS "Content-Length: ", "499\r\n\r\n", "500\r\n\r\n", "",
     SIP_HEADER_CONTENT_LENGTH, 0, "RFC 3261 §21.4.11", LIMIT},
    {SIP_BODY_SHORT, message, LINE FIELDS "Content-Length: ", "0\r\n\r\n", "1\r\n\r\n", "",
     SIP_HEADER_CONTENT_LENGTH, 5, "RFC 3261 §18.3", 0},
    {SIP_MISSING, message, LINE VIA FROM TO CSEQ "Max-Forwards: 70", "\r\nCall-ID: 1", "",
     "\r\n\r\n", SIP_HEADER_CALL_ID, 0, "RFC 3261 §8.1.1", 0},
    {SIP_REPEATED, message, LINE FIELDS, "k: timer\r\n", "t: <sip:c>\r\n", END, SIP_HEADER_TO, 0,
     "RFC 3261 §7.3.1", 0},
    {SIP_CONFLICT, message, LINE FIELDS "Content-Length: 0\r\n", "", "l: 1\r\n", "\r\nx",
     SIP_HEADER_CONTENT_LENGTH, 3, "RFC 3261 §18.3", 0},
    {SIP_CSEQ_MISMATCH, message, LINE VIA FROM TO CALL_ID FORWARDS "CSeq: 1 ", "INVITE", "BYE",
     "\r\n" END, SIP_HEADER_CSEQ, 0, "RFC 3261 §8.1.1.5", 0},
    {SIP_BAD_TOKEN, message, LINE VIA FROM TO FORWARDS CSEQ "Call-ID: ", "1@a", "1@a@a",
     "\r\n" END, SIP_HEADER_CALL_ID, 3, "RFC 3261 §25.1", 0},
    {SIP_BAD_NUMBER, message, LINE VIA FROM TO CALL_ID CSEQ "Max-Forwards: ", "255", "256",
     "\r\n" END, SIP_HEADER_MAX_FORWARDS, 2, "RFC 3261 §25.1", 0},
    {SIP_BAD_QUOTES, message, LINE VIA TO CALL_ID FORWARDS CSEQ "From: ", "\"A\" <sip:a>",
     "\"A <sip:a>", "\r\n" END, SIP_HEADER_FROM, 10, "RFC 3261 §25.1", 0},
    {SIP_BAD_BRACKETS, message, LINE VIA FROM CALL_ID FORWARDS CSEQ "To: ", "<sip:b>", "<sip:b",
     "\r\n" END, SIP_HEADER_TO, 6, "RFC 3261 §20.10", 0},
    {SIP_BAD_PARAMETER, message, LINE VIA FROM CALL_ID FORWARDS CSEQ "To: <sip:b>", ";tag=1",
     ";tag=", "\r\n" END, SIP_HEADER_TO, 5, "RFC 3261 §25.1", 0},
    {SIP_BAD_HOST, message, LINE "Via: SIP/2.0/UDP ", "a-b", "a-",
     ";branch=z9hG4bK7\r\n" FROM TO CALL_ID FORWARDS CSEQ END, SIP_HEADER_VIA, 2, "RFC 3261 §25.1",
     0},
    {SIP_BAD_PORT, message, LINE "Via: SIP/2.0/UDP a", ":65535", ":65536",
     ";branch=z9hG4bK7\r\n" FROM TO CALL_ID FORWARDS CSEQ END, SIP_HEADER_VIA, 5, "RFC 3261 §25.1",
     0},
    {SIP_BAD_ESCAPE, message, LINE FIELDS "Contact: <sip:", "%41", "%4g", "@b>\r\n" END,
     SIP_HEADER_CONTACT, 2, "RFC 3261 §19.1.2", 0},
    {SIP_BAD_DATE, message, LINE FIELDS "Date: Sat, 13 Nov 2010 23:", "59", "60",
     ":00 GMT\r\n" END, SIP_HEADER_DATE, 0, "RFC 3261 §20.17", 0},
    {SIP_EMPTY_VALUE, message, LINE VIA FROM TO FORWARDS CSEQ "Call-ID:", "1", "", "\r\n" END,
     SIP_HEADER_CALL_ID, 0, "RFC 3261 §25.1", 0},
    {SIP_TRAILING, message, LINE FIELDS "Event: presence", ";x", " x", "\r\n" END,
     SIP_HEADER_EVENT, 1, "RFC 3261 §25.1", 0},
    {SIP_BAD_UTF8, message, LINE FIELDS "Warning: 399 a \"", "\xc3\xbc", "\xc3u", "\"\r\n" END,
     SIP_HEADER_WARNING, 1, "RFC 3261 §25.1", 0},
    {SIP_BAD_SDP_LINE, session, SDP, "i=a\r\n", "i a\r\n", TIME, OTHER, 1, "RFC 8866 §5", 0},
    {SIP_BAD_SDP_ORDER, session, SDP TIME, "a=x\r\n", "i=x\r\n", AUDIO, OTHER, 0, "RFC 8866 §5", 0},
    {SIP_BAD_SDP_VALUE, session, SDP TIME "m=audio ", "65535", "65536", " RTP/AVP 0\r\n", OTHER, 0,
     "RFC 8866 §9", 0},
    {SIP_SDP_TOO_MANY, session, SDP TIME AUDIO AUDIO, "", AUDIO, "", OTHER, 0, "RFC 8866 §5", 0},
    {SIP_BAD_MULTIPART, parts, "--b\r\n\r\npart\r\n", "--b--", "--b-", "\r\n", OTHER, 6,
     "RFC 2046 §5.1.1", 0},
    {SIP_HEAD_SHORT, message, LINE FIELDS, "\r\n", "", "", OTHER, 0, "RFC 3261 §7", 0},
};

static char *append(char *end, const char *text)
{
    size_t len = strlen(text);

    memcpy(end, text, len);
    return end + len;
}

/* The text in a heap block of its own; `*len` is its length. */
static char *made(const struct text *text, bool good, size_t *len)
{
    const char *part = good ? text->good : text->bad;
    size_t least = strlen(text->before) + strlen(part) + strlen(text->behind);
    size_t filling = text->filled ? text->filled + !good - least : 0;
    char *block = malloc(least + filling), *end = append(append(block, text->before), part);

    memset(end, 'a', filling);
    append(end + filling, text->behind);
    *len = least + filling;
    return block;
}

static void judged(const struct text *text)
{
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_COUNT, 0};
    int failures = test_failures;
    size_t len;
    char *block = made(text, true, &len);

    CHECK_INT(text->judge(block, len, &fault), 0);
    CHECK_INT(fault.reason, SIP_REASON_NONE);
    free(block);
    block = made(text, false, &len);
    CHECK_INT(text->judge(block, len, &fault), SIP_EBAD);
    CHECK_INT(fault.reason, text->reason);
    CHECK_INT(fault.header, text->header);
    CHECK_INT(fault.offset, text->at < HEAD_MAX ? strlen(text->before) + text->at : HEAD_MAX);
    CHECK_STR(sip_str(sip_reason_section(text->reason)), text->section);
    if (test_failures > failures)
        printf("  %s: %s at %u\n", sip_reason_name(text->reason), sip_reason_name(fault.reason),
               (unsigned)fault.offset);
    free(block);
}

TEST(each_reason_is_given_where_it_is_due)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        judged(&texts[i]);
}

TEST(no_reason_is_without_a_text)
{
    for (int reason = SIP_REASON_NONE + 1; reason < SIP_REASON_COUNT; reason++) {
        size_t i = 0;

        while (i < sizeof texts / sizeof *texts && texts[i].reason != (enum sip_reason)reason)
            i++;
        if (i == sizeof texts / sizeof *texts)
            printf("  %s\n", sip_reason_name((enum sip_reason)reason));
        CHECK(i < sizeof texts / sizeof *texts);
    }
}

TESTS(T(each_reason_is_given_where_it_is_due) T(no_reason_is_without_a_text))
