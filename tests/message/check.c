/* What is demanded of any message: RFC 3261 §7, §8.1.1, §18.3, §20. */
#include <stdlib.h>

#include "test.h"
#include "sip/error.h"
#include "sip/message.h"

#define FIELDS 32

static struct sip_field fields[FIELDS];
static struct sip_message message;
static struct sip_essentials essentials;
static struct sip_fault fault;
static char *copy;

/* Parses and checks; 0, or the error of the check. */
static int check(const char *text)
{
    size_t len = strlen(text);

    free(copy);
    copy = malloc(len);
    memcpy(copy, text, len);
    sip_message_init(&message, fields, FIELDS);
    CHECK_INT(sip_message_parse(&message, sip_bytes(copy, len), SIP_DATAGRAM, &fault), (long)len);
    fault.reason = SIP_REASON_NONE;
    fault.header = SIP_HEADER_OTHER;
    fault.offset = 0;
    memset(&essentials, 0x55, sizeof essentials);
    return sip_message_check(&message, &essentials, &fault);
}

#define VIA "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds;rport\r\n"
#define MAX_FORWARDS "Max-Forwards: 70\r\n"
#define TO "To: Bob <sip:bob@biloxi.com>\r\n"
#define FROM "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
#define CALL_ID "Call-ID: a84b4c76e66710@pc33.atlanta.com\r\n"
#define CSEQ "CSeq: 314159 INVITE\r\n"
#define REQUEST "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
#define END "Content-Length: 0\r\n\r\n"

TEST(essentials_are_read_once_for_all) /* §8.1.1 */
{
    CHECK_INT(check(REQUEST VIA "v: SIP/2.0/TCP b\r\n" MAX_FORWARDS TO FROM CALL_ID CSEQ END), 0);
    CHECK_STR(essentials.via.host, "pc33.atlanta.com");
    CHECK_STR(essentials.via.branch, "z9hG4bK776asdhds");
    CHECK(essentials.via.has_rport);
    CHECK_STR(essentials.to.uri, "sip:bob@biloxi.com");
    CHECK_STR(essentials.from.tag, "1928301774");
    CHECK_STR(essentials.call_id, "a84b4c76e66710@pc33.atlanta.com");
    CHECK_INT(essentials.cseq.number, 314159);
    CHECK_INT(essentials.cseq.method, SIP_INVITE);
    CHECK_INT(essentials.max_forwards, 70);
    CHECK(essentials.has_max_forwards);
}

TEST(topmost_via_is_the_first_element) /* §7.3.1, §18.2.1 */
{
    CHECK_INT(check(REQUEST "Via: SIP/2.0/UDP a;branch=1 , SIP/2.0/UDP b;branch=2\r\n" TO FROM
                            CALL_ID CSEQ END), 0);
    CHECK_STR(essentials.via.host, "a");
    CHECK_STR(essentials.via.branch, "1");
}

TEST(request_without_max_forwards_counts_as_70) /* §16.3 */
{
    CHECK_INT(check(REQUEST VIA TO FROM CALL_ID CSEQ END), 0);
    CHECK_INT(essentials.max_forwards, 70);
    CHECK(!essentials.has_max_forwards);
    CHECK_INT(check(REQUEST VIA TO FROM CALL_ID CSEQ "Max-Forwards: 0\r\n" END), 0);
    CHECK_INT(essentials.max_forwards, 0);
    CHECK(essentials.has_max_forwards);
}

TEST(response_may_answer_any_method) /* §8.2.6.2 */
{
    CHECK_INT(check("SIP/2.0 200 OK\r\n" VIA TO FROM CALL_ID "CSeq: 1 X-ODD\r\n" END), 0);
    CHECK_STR(essentials.cseq.method_name, "X-ODD");
}

TEST(faults_are_told_with_header_and_offset)
{
    static const struct {
        const char *text;
        enum sip_reason reason;
        enum sip_header header;
        const char *at; /* the fault lies where this first stands */
    } rows[] = {
        {REQUEST TO FROM CALL_ID CSEQ "l: 0\r\n\r\n", SIP_MISSING, SIP_HEADER_VIA, "\r\n\r\n"},
        {REQUEST VIA FROM CALL_ID CSEQ "l: 0\r\n\r\n", SIP_MISSING, SIP_HEADER_TO, "\r\n\r\n"},
        {REQUEST VIA TO CALL_ID CSEQ "l: 0\r\n\r\n", SIP_MISSING, SIP_HEADER_FROM, "\r\n\r\n"},
        {REQUEST VIA TO FROM CSEQ "l: 0\r\n\r\n", SIP_MISSING, SIP_HEADER_CALL_ID, "\r\n\r\n"},
        {REQUEST VIA TO FROM CALL_ID "l: 0\r\n\r\n", SIP_MISSING, SIP_HEADER_CSEQ, "\r\n\r\n"},
        {REQUEST "\r\n", SIP_MISSING, SIP_HEADER_VIA, NULL},
        {"SIP/2.0 200 OK\r\n" VIA TO FROM CALL_ID END, SIP_MISSING, SIP_HEADER_CSEQ, "\r\n\r\n"},
        {REQUEST VIA TO FROM CALL_ID CSEQ "t: <sip:x@y>\r\n" END, SIP_REPEATED, SIP_HEADER_TO,
         "t: <sip:x"}, /* the compact form is the same header */
        {REQUEST VIA TO FROM CALL_ID CSEQ "f: <sip:x@y>\r\n" END, SIP_REPEATED, SIP_HEADER_FROM,
         "f: <sip:x"},
        {REQUEST VIA TO FROM CALL_ID CSEQ "CSEQ: 1 INVITE\r\n" END, SIP_REPEATED, SIP_HEADER_CSEQ,
         "CSEQ"},
        {REQUEST VIA TO FROM CALL_ID CSEQ "i: x\r\n" END, SIP_REPEATED, SIP_HEADER_CALL_ID,
         "i: x\r"},
        {REQUEST VIA TO FROM CALL_ID CSEQ "l: 0\r\n" END, SIP_REPEATED, SIP_HEADER_CONTENT_LENGTH,
         "Content-L"},
        {REQUEST VIA TO FROM CALL_ID CSEQ "Expires: 1\r\nExpires: 1\r\n" END, SIP_REPEATED,
         SIP_HEADER_EXPIRES, "Expires: 1\r\nC"},
        {REQUEST VIA TO FROM CALL_ID "CSeq: 1 BYE\r\n" END, SIP_CSEQ_MISMATCH, SIP_HEADER_CSEQ,
         "BYE"},
        {REQUEST VIA TO FROM CALL_ID "CSeq: 1 invite\r\n" END, SIP_CSEQ_MISMATCH, SIP_HEADER_CSEQ,
         "invite"}, /* methods are case-sensitive */
        {REQUEST VIA TO FROM CALL_ID "CSeq: 1 INVITES\r\n" END, SIP_CSEQ_MISMATCH,
         SIP_HEADER_CSEQ, "INVITES"},
        {REQUEST VIA TO FROM CALL_ID "CSeq: 2147483648 INVITE\r\n" END, SIP_BAD_NUMBER,
         SIP_HEADER_CSEQ, NULL},
        {REQUEST VIA TO FROM CALL_ID CSEQ "Max-Forwards: 256\r\n" END, SIP_BAD_NUMBER,
         SIP_HEADER_MAX_FORWARDS, NULL},
        {REQUEST VIA TO FROM CALL_ID CSEQ "Max-Forwards: x\r\n" END, SIP_BAD_NUMBER,
         SIP_HEADER_MAX_FORWARDS, NULL},
        {REQUEST "Via: SIP/2.0/UDP ?\r\n" TO FROM CALL_ID CSEQ END, SIP_BAD_HOST, SIP_HEADER_VIA,
         "?"},
        {REQUEST "Via:\r\n" TO FROM CALL_ID CSEQ END, SIP_EMPTY_VALUE, SIP_HEADER_VIA, NULL},
        {REQUEST VIA "To: <sip:bob@biloxi.com\r\n" FROM CALL_ID CSEQ END, SIP_BAD_BRACKETS,
         SIP_HEADER_TO, NULL},
        {REQUEST VIA TO "From: \"A <sip:a@b>\r\n" CALL_ID CSEQ END, SIP_BAD_QUOTES,
         SIP_HEADER_FROM, NULL},
        {REQUEST VIA TO FROM "Call-ID: a@b@c\r\n" CSEQ END, SIP_BAD_TOKEN, SIP_HEADER_CALL_ID,
         "@c"},
        {"INVITE <sip:bob@biloxi.com> SIP/2.0\r\n" VIA TO FROM CALL_ID CSEQ END, SIP_BAD_URI,
         SIP_HEADER_OTHER, "<sip"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int got = check(rows[i].text);
        bool good = got == SIP_EBAD && fault.reason == rows[i].reason &&
                    fault.header == rows[i].header &&
                    (!rows[i].at ||
                     fault.offset == (size_t)(strstr(rows[i].text, rows[i].at) - rows[i].text));

        if (!good)
            printf("row %d: %d %s header %d offset %u\n%s", (int)i, got,
                   sip_reason_name(fault.reason), (int)fault.header, (unsigned)fault.offset,
                   rows[i].text);
        CHECK(good);
        CHECK_INT(*(unsigned char *)&essentials, 0x55); /* untouched */
        CHECK(message.has_head);
    }
}

TEST(offsets_count_from_the_start_line)
{
    CHECK_INT(check("\r\n\r\n" REQUEST VIA TO FROM CALL_ID "CSeq: 1 BYE\r\n" END), SIP_EBAD);
    CHECK_STR(sip_bytes(message.bytes.at + fault.offset, 3), "BYE");
}

TEST(a_field_behind_255_others_is_found) /* where `first` cannot tell where exactly */
{
    static struct sip_field many[300];

    for (unsigned before = 249; before <= 260; before++)
        for (unsigned repeated = 0; repeated < 2; repeated++) {
            static char text[4000];
            size_t len = (size_t)sprintf(text, "%s", REQUEST VIA TO FROM CALL_ID CSEQ);

            for (unsigned i = 5; i < before; i++)
                len += (size_t)sprintf(text + len, "A1: %u\r\n", i);
            len += (size_t)sprintf(text + len, "Expires: 7\r\nSubject: x\r\n%s" END,
                                   repeated ? "Expires: 7\r\n" : "");
            sip_message_init(&message, many, 300);
            CHECK_INT(sip_message_parse(&message, sip_bytes(text, len), SIP_STREAM, &fault),
                      (long)len);
            CHECK_STR(sip_message_value(&message, SIP_HEADER_EXPIRES), "7");
            CHECK_STR(sip_message_value(&message, SIP_HEADER_SUBJECT), "x");
            CHECK_STR(sip_message_value(&message, SIP_HEADER_CONTENT_LENGTH), "0");
            CHECK(sip_message_value(&message, SIP_HEADER_DATE).at == NULL);
            CHECK_INT(sip_message_check(&message, &essentials, &fault), repeated ? SIP_EBAD : 0);
            CHECK(!repeated || fault.header == SIP_HEADER_EXPIRES);
            message.fields_count = 3; /* a caller who takes less of the table finds less */
            CHECK(sip_message_value(&message, SIP_HEADER_FROM).at != NULL);
            CHECK(before < 254 || sip_message_value(&message, SIP_HEADER_EXPIRES).at == NULL);
        }
}

/* --- all values --- */

static bool values_are(enum sip_reason reason, const char *lines)
{
    char text[600];
    int got;

    snprintf(text, sizeof text, REQUEST "%s" END, lines);
    check(text);
    fault.reason = SIP_REASON_NONE;
    got = sip_message_check_values(&message, &fault);
    return got == (reason ? SIP_EBAD : 0) && fault.reason == reason;
}

TEST(every_value_of_every_field_is_judged) /* §20 */
{
    CHECK(values_are(0, "Allow: INVITE, ACK\r\nAllow:\r\nSupported:\r\nX-Own: ,,;\r\nSubject: ,,\r\n"));
    CHECK(values_are(0, "Contact: *\r\nRoute: <sip:a;lr>,<sip:b>\r\nDate: "
                        "Sat, 13 Nov 2010 23:29:00 GMT\r\nExpires: 4294967295\r\n"));
    CHECK(values_are(SIP_BAD_NUMBER, "Expires: 4294967296\r\n"));
    CHECK(values_are(SIP_EMPTY_VALUE, "Allow: INVITE,,ACK\r\n"));
    CHECK(values_are(SIP_EMPTY_VALUE, "Require:\r\n"));
    CHECK(values_are(SIP_EMPTY_VALUE, "Contact: <sip:a@b>,\r\n"));
    CHECK(values_are(SIP_BAD_DATE, "Date: Sat, 13 Nov 2010 23:29:00 EST\r\n"));
    CHECK(!values_are(0, "Route: *\r\n")); /* only Contact has it (§20.10) */
    CHECK(values_are(SIP_BAD_URI, "Contact: x\r\n"));
    CHECK(values_are(SIP_BAD_URI, "Contact: **\r\n"));
    CHECK(values_are(0, "Server: a/1 (b) c\r\nUser-Agent: (x)\r\n"));
    CHECK(values_are(SIP_EMPTY_VALUE, "Server:\r\n"));
    CHECK(values_are(SIP_BAD_TOKEN, "User-Agent: a/1 (b) c/d (e\r\n"));
    CHECK_INT(fault.header, SIP_HEADER_USER_AGENT);
    CHECK_STR(sip_bytes(message.bytes.at + fault.offset, 5), "(e\r\nC");
    CHECK(!values_are(0, "Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b, SIP/2.0/UDP ?\r\n"));
    CHECK_INT(fault.header, SIP_HEADER_VIA);
    CHECK(message.bytes.at[fault.offset] == '?');
}

/* §20.1 to §20.3, §20.5, §20.37, RFC 4412 §3.2, RFC 5009 §8, RFC 6086 §10.1, RFC 7315 §5.1 */
TEST(only_these_lists_may_be_empty)
{
    static const char *const empty[] = {
        "Accept", "Accept-Encoding", "Accept-Language", "Accept-Resource-Priority", "Allow",
        "P-Associated-URI", "P-Early-Media", "Recv-Info", "Supported",
    };
    char line[100];

    for (int id = SIP_HEADER_OTHER + 1; id < SIP_HEADER_COUNT; id++) {
        struct sip_str name = sip_header_name((enum sip_header)id);
        bool may_be = false;

        if (!(sip_header_flags((enum sip_header)id) & SIP_LIST))
            continue;
        for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
            may_be |= sip_str_is(name, empty[i]);
        snprintf(line, sizeof line, "%.*s:\r\n", (int)name.len, name.at);
        if (!values_are(may_be ? SIP_REASON_NONE : SIP_EMPTY_VALUE, line)) {
            printf("  %s", line);
            CHECK(false);
        }
    }
}

TEST(a_field_of_an_unknown_id_has_no_judge)
{
    CHECK(values_are(SIP_BAD_NUMBER, "Expires: x\r\n"));
    fields[0].id = SIP_HEADER_COUNT;
    CHECK_INT(sip_message_check_values(&message, &fault), 0);
}

TESTS(T(essentials_are_read_once_for_all) T(topmost_via_is_the_first_element)
      T(request_without_max_forwards_counts_as_70) T(response_may_answer_any_method)
      T(faults_are_told_with_header_and_offset) T(offsets_count_from_the_start_line)
      T(a_field_behind_255_others_is_found)
      T(every_value_of_every_field_is_judged) T(only_these_lists_may_be_empty)
      T(a_field_of_an_unknown_id_has_no_judge))
