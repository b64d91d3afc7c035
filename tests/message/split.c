/* The one pass from bytes to the table: RFC 3261 §7, §18.3, §7.3.1, §7.5. */
#include <stdlib.h>

#include "test.h"
#include "sip/error.h"
#include "sip/message.h"
#include "message/controls.h"

#define FIELDS 16

static struct sip_field fields[FIELDS];
static struct sip_message message;
static struct sip_fault fault;
static char *copy; /* the bytes of the last message, in a heap block of exactly their size */

static long parse(const char *text, size_t len, enum sip_framing framing)
{
    free(copy);
    copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    fault.reason = SIP_REASON_NONE;
    fault.header = SIP_HEADER_OTHER;
    fault.offset = 0;
    sip_message_init(&message, fields, FIELDS);
    message.tolerate = SIP_TOLERATE_NOTHING;
    return sip_message_parse(&message, sip_bytes(copy, len), framing, &fault);
}

static long datagram(const char *text)
{
    return parse(text, strlen(text), SIP_DATAGRAM);
}

static long stream(const char *text)
{
    return parse(text, strlen(text), SIP_STREAM);
}

static struct sip_str name_at(size_t i)
{
    return sip_bytes(message.bytes.at + fields[i].name, fields[i].name_len);
}

static struct sip_str value_at(size_t i)
{
    return sip_bytes(message.bytes.at + fields[i].value, fields[i].value_len);
}

#define REQUEST "OPTIONS sip:bob@example.com SIP/2.0\r\n"

TEST(request_is_cut_into_its_parts) /* §7.1 */
{
    const char *text = "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
                       "v: SIP/2.0/UDP 192.0.2.1\r\n"
                       "X-Own:\ttext \r\n"
                       "Content-Length: 5\r\n"
                       "\r\n"
                       "v=0\r\nbehind";

    CHECK_INT(datagram(text), strlen(text) - 6);
    CHECK_INT(message.status, 0);
    CHECK_INT(message.method, SIP_INVITE);
    CHECK_STR(message.method_name, "INVITE");
    CHECK_STR(message.uri, "sip:bob@biloxi.example.com");
    CHECK(message.reason.at == NULL);
    CHECK_STR(message.body, "v=0\r\n");
    CHECK_INT(message.bytes.len, strlen(text) - 6);
    CHECK_INT(message.fields_count, 3);
    CHECK_INT(fields[0].id, SIP_HEADER_VIA);
    CHECK_STR(name_at(0), "v");
    CHECK_STR(value_at(0), "SIP/2.0/UDP 192.0.2.1");
    CHECK_INT(fields[1].id, SIP_HEADER_OTHER);
    CHECK_STR(name_at(1), "X-Own");
    CHECK_STR(value_at(1), "text");
    CHECK_INT(message.first[SIP_HEADER_VIA], 1);
    CHECK_INT(message.first[SIP_HEADER_CONTENT_LENGTH], 3);
    CHECK_INT(message.first[SIP_HEADER_TO], 0);
    CHECK(message.has_head);
}

TEST(response_is_cut_into_its_parts) /* §7.2 */
{
    CHECK(datagram("SIP/2.0 486 Busy Here\r\nl: 0\r\n\r\n") > 0);
    CHECK_INT(message.status, 486);
    CHECK_INT(message.method, SIP_METHOD_OTHER);
    CHECK(message.method_name.at == NULL && message.uri.at == NULL);
    CHECK_STR(message.reason, "Busy Here");
    CHECK_STR(message.body, "");
}

struct start_line {
    const char *line;
    enum sip_reason reason; /* SIP_REASON_NONE: accepted */
    unsigned offset;
};

static void check_start_line(const struct start_line *row)
{
    char text[200];
    long got;
    bool good;

    snprintf(text, sizeof text, "%sl: 0\r\n\r\n", row->line);
    got = datagram(text);
    good = fault.reason == row->reason && fault.offset == row->offset &&
           got == (row->reason ? SIP_EBAD : (long)strlen(text));
    if (!good)
        printf("%s -> %ld %s at %u\n", row->line, got, sip_reason_name(fault.reason),
               (unsigned)fault.offset);
    CHECK(good);
}

TEST(request_lines_are_exact) /* §7.1, §25.1 */
{
    static const struct start_line rows[] = {
        {"OPTIONS sip:a SIP/2.0\r\n", SIP_REASON_NONE, 0},
        {"options sip:a sip/2.0\r\n", SIP_REASON_NONE, 0}, /* the version ignores case */
        {"!interesting-Method0123456789_*+`.%indeed'~ sip:a SIP/2.0\r\n", SIP_REASON_NONE, 0},
        {"OPT(ONS sip:a SIP/2.0\r\n", SIP_BAD_METHOD, 3},
        {" OPTIONS sip:a SIP/2.0\r\n", SIP_BAD_START_LINE, 0},
        {"OPTIONS  sip:a SIP/2.0\r\n", SIP_BAD_START_LINE, 8},
        {"OPTIONS sip:a  SIP/2.0\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a; lr SIP/2.0\r\n", SIP_BAD_START_LINE, 15},
        {"OPTIONS sip:a SIP/2.0 \r\n", SIP_BAD_START_LINE, 21},
        {"OPTIONS sip:a\r\n", SIP_BAD_START_LINE, 13},
        {"OPTIONS\r\n", SIP_BAD_METHOD, 7},
        {"OPTIONS sip:a SIP/7.0\r\n", SIP_BAD_VERSION, 14},
        {"OPTIONS sip:a SIP/2.00\r\n", SIP_BAD_VERSION, 14},
        {"OPTIONS sip:a SIP/2.\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a SIP/.0\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a SIP/2\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a SIP/2x0\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a SIP/2.x\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a SIP/12.34\r\n", SIP_BAD_VERSION, 14},
        {"OPTIONS sip:a SIP/\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a SIP\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a S\r\n", SIP_BAD_START_LINE, 14},
        {"OPTIONS sip:a \r\n", SIP_BAD_START_LINE, 14},
        {"GET/ sip:a SIP/2.0\r\n", SIP_BAD_METHOD, 3},
        {"SIP sip:a SIP/2.0\r\n", SIP_REASON_NONE, 0},
        {"OPTIONS sip:a HTTP/1.1\r\n", SIP_BAD_START_LINE, 14},
        {"hello\r\n", SIP_BAD_METHOD, 5},
        {"OPTIONS sip:a SIP/2.0\n", SIP_BAD_LINE_END, 21},
        {"OPTIONS sip:a SIP/2.0\rX: y\r\n", SIP_BAD_LINE_END, 21},
        {"OPTIONS sip:\x01 SIP/2.0\r\n", SIP_BAD_CONTROL, 12},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_start_line(&rows[i]);
}

TEST(status_lines_are_exact) /* §7.2, §25.1 */
{
    static const struct start_line rows[] = {
        {"SIP/2.0 200 OK\r\n", SIP_REASON_NONE, 0},
        {"SIP/2.0 100 \r\n", SIP_REASON_NONE, 0}, /* RFC 4475 §3.1.1.13 */
        {"SIP/2.0 699 \xc3\xa4\ttext\r\n", SIP_REASON_NONE, 0},
        {"SIP/2.0 100\r\n", SIP_BAD_STATUS, 11},
        {"SIP/2.0 10\r\n", SIP_BAD_STATUS, 10},
        {"SIP/2.0 1\r\n", SIP_BAD_STATUS, 9},
        {"SIP/2.0 \r\n", SIP_BAD_STATUS, 8},
        {"SIP/ 200 OK\r\n", SIP_BAD_START_LINE, 0},
        {"SIP/2 200 OK\r\n", SIP_BAD_START_LINE, 0},
        {"sIp/2.0 200 OK\r\n", SIP_REASON_NONE, 0},
        {"SIP/2.0 99 Low\r\n", SIP_BAD_STATUS, 10},
        {"SIP/2.0 099 Low\r\n", SIP_BAD_STATUS, 8},
        {"SIP/2.0 700 High\r\n", SIP_BAD_STATUS, 8},
        {"SIP/2.0 4294967301 better not\r\n", SIP_BAD_STATUS, 11}, /* RFC 4475 §3.1.2.19 */
        {"SIP/2.0  200 OK\r\n", SIP_BAD_STATUS, 8},
        {"SIP/2.0200 OK\r\n", SIP_BAD_STATUS, 11},
        {"SIP/1.0 200 OK\r\n", SIP_BAD_VERSION, 0},
        {"SIP/x 200 OK\r\n", SIP_BAD_START_LINE, 0},
        {"SIP/2.0\r\n", SIP_BAD_START_LINE, 0},
        {"SIP/2.0 200 O\x7fK\r\n", SIP_BAD_CONTROL, 13},
        {"SIP/2.0 200 O\\\x07K\r\n", SIP_BAD_CONTROL, 14}, /* quoted-pair only in a field */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_start_line(&rows[i]);
}

TEST(fields_are_exact) /* §7.3.1, §25.1 */
{
    static const struct {
        const char *field;
        enum sip_reason reason;
        unsigned offset; /* behind the request line */
        const char *name, *value;
    } rows[] = {
        {"Subject: lunch\r\n", 0, 0, "Subject", "lunch"},
        {"Subject:lunch\r\n", 0, 0, "Subject", "lunch"},
        {"Subject \t :  lunch \t\r\n", 0, 0, "Subject", "lunch"},
        {"Subject:\r\n", 0, 0, "Subject", ""},
        {"Subject: \t \r\n", 0, 0, "Subject", ""},
        {"Subject:\r\n lunch\r\n", 0, 0, "Subject", "lunch"},
        {"Subject: a\r\n\tb\r\n  c\r\n", 0, 0, "Subject", "a\r\n\tb\r\n  c"},
        {"Subject: a\r\n \r\n", 0, 0, "Subject", "a"},
        {"Subject: \xe2\x82\xac\r\n", 0, 0, "Subject", "\xe2\x82\xac"},
        {"!%*_+`'~.-: :\r\n", 0, 0, "!%*_+`'~.-", ":"},
        {"Subject : a : b\r\n", 0, 0, "Subject", "a : b"},
        {"X: \"\\\x01\\\x7f\"\r\n", 0, 0, "X", "\"\\\x01\\\x7f\""}, /* quoted-pair */
        {"X: \"\\\x01\r\n y\"\r\n", 0, 0, "X", "\"\\\x01\r\n y\""},
        {"X: \\\x01\r\n", SIP_BAD_CONTROL, 4, 0, 0},
        {"X: \"a\" \\\x01\r\n", SIP_BAD_CONTROL, 8, 0, 0},
        {"X: \"\\\\\x01\"\r\n", SIP_BAD_CONTROL, 6, 0, 0}, /* the backslash is escaped itself */
        {"X: \"\x01\"\r\n", SIP_BAD_CONTROL, 4, 0, 0},
        {"X: \"\\\x01\x01\"\r\n", SIP_BAD_CONTROL, 6, 0, 0},
        {"X: \"\\\x01\n\"\r\n", SIP_BAD_LINE_END, 6, 0, 0},
        {"X: \"\\\n\"\r\n", SIP_BAD_LINE_END, 5, 0, 0},
        {"X: \"\\\r\"\r\n", SIP_BAD_LINE_END, 5, 0, 0},
        {"X: \"\\\x01\r\"\r\n", SIP_BAD_LINE_END, 6, 0, 0},
        {"X: \"\\\x01\" \x02\r\n", SIP_BAD_CONTROL, 8, 0, 0},
        {"X: \"\\\x01\\\x02\\\x03\"\r\n", 0, 0, "X", "\"\\\x01\\\x02\\\x03\""},
        {": lunch\r\n", SIP_BAD_HEADER_NAME, 0, 0, 0},
        {"{: lunch\r\n", SIP_BAD_HEADER_NAME, 0, 0, 0}, /* "{" is behind "z" */
        {" lunch: x\r\n", SIP_BAD_HEADER_NAME, 1, 0, 0}, /* no fold behind the start line */
        {"Subject lunch\r\n", SIP_BAD_HEADER_NAME, 8, 0, 0},
        {"Subject\r\n", SIP_BAD_HEADER_NAME, 7, 0, 0},
        {"Sub(ject: x\r\n", SIP_BAD_HEADER_NAME, 3, 0, 0},
        {"S\xc3\xbcjet: x\r\n", SIP_BAD_HEADER_NAME, 1, 0, 0},
        {"Sub\x01ject: x\r\n", SIP_BAD_CONTROL, 3, 0, 0},
        {"Subject\r\n : x\r\n", SIP_BAD_HEADER_NAME, 7, 0, 0}, /* HCOLON begins without a fold */
        {"Subject: x\n", SIP_BAD_LINE_END, 10, 0, 0},
        {"Subject: x\ry\r\n", SIP_BAD_LINE_END, 10, 0, 0},
        {"Subject: x\r\r\n", SIP_BAD_LINE_END, 10, 0, 0},
        {"Subject: x\n y\r\n", SIP_BAD_LINE_END, 10, 0, 0},
        {"Subject: x\x7f\r\n", SIP_BAD_CONTROL, 10, 0, 0},
        {"Subject: \x1b[0m\r\n", SIP_BAD_CONTROL, 9, 0, 0},
        {"\n", SIP_BAD_HEADER_NAME, 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        long got;
        bool good;

        snprintf(text, sizeof text, REQUEST "%sl: 0\r\n\r\n", rows[i].field);
        got = datagram(text);
        if (rows[i].name)
            good = got == (long)strlen(text) && message.fields_count == 2 &&
                   sip_str_equal(name_at(0), sip_str(rows[i].name)) &&
                   sip_str_equal(value_at(0), sip_str(rows[i].value));
        else
            good = got == SIP_EBAD && fault.reason == rows[i].reason &&
                   fault.offset == strlen(REQUEST) + rows[i].offset;
        if (!good)
            printf("%s -> %ld %s at %d\n", rows[i].field, got, sip_reason_name(fault.reason),
                   (int)fault.offset - (int)strlen(REQUEST));
        CHECK(good);
    }
}

TEST(nul_is_refused_in_a_head_and_kept_in_a_body) /* §25.1 */
{
    static const char head[] = REQUEST "Subject: a\0b\r\nl: 0\r\n\r\n";
    static const char body[] = REQUEST "l: 3\r\n\r\na\0b";

    CHECK_INT(parse(head, sizeof head - 1, SIP_DATAGRAM), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_CONTROL);
    CHECK_INT(fault.header, SIP_HEADER_SUBJECT);
    CHECK_INT(fault.offset, strlen(REQUEST) + 10);
    CHECK_INT(parse(body, sizeof body - 1, SIP_DATAGRAM), (long)sizeof body - 1);
    CHECK_INT(message.body.len, 3);
}

TEST(line_ends_before_the_start_line_are_skipped) /* §7.5 */
{
    CHECK_INT(datagram("\r\n\r\n" REQUEST "l: 0\r\n\r\n"), 4 + strlen(REQUEST) + 8);
    CHECK_INT(message.bytes.len, strlen(REQUEST) + 8);
    CHECK_STR(message.uri, "sip:bob@example.com");
    CHECK_INT(datagram("\r\n\r\nOPT(IONS x SIP/2.0\r\n\r\n"), SIP_EBAD);
    CHECK_INT(fault.offset, 7); /* counts what was skipped */
    CHECK_INT(datagram("\r" REQUEST "\r\n"), SIP_EBAD);
    CHECK_INT(stream("\r\n\r\n"), 0);
    CHECK(!message.has_head);
    CHECK_INT(datagram("\r\n\r\n"), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_START_LINE);
    CHECK_INT(datagram(""), SIP_EBAD);
    CHECK_INT(stream(""), 0);
    sip_message_init(&message, fields, FIELDS);
    CHECK_INT(sip_message_parse(&message, sip_str(NULL), SIP_STREAM, &fault), 0);
}

TEST(content_length_ends_the_body) /* §18.3, §20.14 */
{
    static const struct {
        const char *rest;
        enum sip_framing framing;
        enum sip_reason reason;
        int body;    /* its length when accepted, -1 incomplete */
        bool answer; /* has_head */
    } rows[] = {
        {"l: 3\r\n\r\nabc", SIP_DATAGRAM, 0, 3, true},
        {"l: 003\r\n\r\nabc", SIP_DATAGRAM, 0, 3, true},
        {"l: 0\r\n\r\nabc", SIP_DATAGRAM, 0, 0, true},
        {"l: 09\r\n\r\nabcdefghi", SIP_DATAGRAM, 0, 9, true},
        {"l: 19\r\n\r\nabcdefghijklmnopqrstuvwxyz", SIP_STREAM, 0, 19, true},
        {"l: :\r\n\r\nabcdefghij", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: /\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: 2\r\n\r\nabc", SIP_DATAGRAM, 0, 2, true},
        {"l: 2\r\nContent-Length: 2\r\n\r\nabc", SIP_DATAGRAM, 0, 2, true}, /* the check refuses */
        {"\r\nabc", SIP_DATAGRAM, 0, 3, true}, /* none: up to the end */
        {"\r\nabc", SIP_STREAM, SIP_MISSING, 0, true},
        {"l: 4\r\n\r\nabc", SIP_DATAGRAM, SIP_BODY_SHORT, 0, true},
        {"l: 4\r\n\r\nabc", SIP_STREAM, 0, -1, true},
        {"l: 3\r\n\r\nabc", SIP_STREAM, 0, 3, true},
        {"l: 2\r\nl: 3\r\n\r\nabc", SIP_DATAGRAM, SIP_CONFLICT, 0, true},
        {"l: 2\r\nl: 3\r\n\r\nabc", SIP_STREAM, SIP_CONFLICT, 0, true},
        {"l: -1\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: +1\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: 1 2\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: 1,1\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: \r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: 0x1\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: 4294967297\r\n\r\nabc", SIP_DATAGRAM, SIP_BAD_NUMBER, 0, true},
        {"l: 4294967297\r\n\r\nabc", SIP_STREAM, SIP_BAD_NUMBER, 0, true},
        {"l: 18446744073709551617\r\n\r\nabc", SIP_STREAM, SIP_BAD_NUMBER, 0, true},
        {"l: 2147418112\r\n\r\nabc", SIP_STREAM, 0, -1, true},
        {"l: 2147418113\r\n\r\nabc", SIP_STREAM, SIP_BAD_NUMBER, 0, true},
        {"l: 0\r\n", SIP_STREAM, 0, -1, false},
        {"l: 0\r\n", SIP_DATAGRAM, SIP_HEAD_SHORT, 0, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        long got, wanted;

        snprintf(text, sizeof text, REQUEST "%s", rows[i].rest);
        got = parse(text, strlen(text), rows[i].framing);
        wanted = rows[i].reason ? SIP_EBAD : rows[i].body < 0 ? 0
                 : (long)(strstr(text, "\r\n\r\n") + 4 - text) + rows[i].body;
        if (got != wanted || fault.reason != rows[i].reason || message.has_head != rows[i].answer)
            printf("%s -> %ld %s\n", rows[i].rest, got, sip_reason_name(fault.reason));
        CHECK_INT(got, wanted);
        CHECK_INT(fault.reason, rows[i].reason);
        CHECK_INT(message.has_head, rows[i].answer);
        if (got > 0)
            CHECK_INT(message.body.len, rows[i].body);
        if (rows[i].reason && rows[i].reason != SIP_HEAD_SHORT)
            CHECK_INT(fault.header, rows[i].reason == SIP_BODY_SHORT ? SIP_HEADER_CONTENT_LENGTH
                                                                      : fault.header);
    }
}

TEST(a_message_may_be_parsed_into_again)
{
    static const char text[] = "SIP/2.0 200 OK\r\nTo: <sip:b>\r\nl: 0\r\n\r\n";

    CHECK(datagram("INVITE sip:a SIP/2.0\r\nFrom: <sip:a>\r\nX: y\r\nl: 2\r\n\r\nok") > 0);
    message.tolerate = SIP_TOLERATE_BARE_LF;
    CHECK_INT(sip_message_parse(&message, sip_str(text), SIP_DATAGRAM, &fault), (long)strlen(text));
    CHECK_INT(message.fields_count, 2);
    CHECK_INT(message.first[SIP_HEADER_FROM], 0); /* nothing of the first is left */
    CHECK_INT(message.first[SIP_HEADER_TO], 1);
    CHECK(message.status == 200 && message.method == SIP_METHOD_OTHER && !message.uri.at);
    CHECK(message.body.len == 0 && message.body_length == 0);
    CHECK_INT(message.tolerate, SIP_TOLERATE_BARE_LF); /* but what the caller chose */
    CHECK_INT(sip_message_parse(&message, sip_str("SIP"), SIP_STREAM, &fault), 0);
    CHECK(message.fields_count == 0 && message.status == 0 && !message.has_head);
}

TEST(another_version_leaves_the_message_usable) /* §21.5.6 */
{
    const char *text = "OPTIONS sip:a SIP/3.0\r\nTo: <sip:b>\r\nl: 2\r\n\r\nok!";

    CHECK_INT(stream(text), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_VERSION);
    CHECK(message.has_head);
    CHECK_INT(message.method, SIP_OPTIONS);
    CHECK_INT(message.fields_count, 2);
    CHECK_INT(message.bytes.len, strlen(text) - 1); /* where the next one begins */
    CHECK_INT(stream("OPTIONS sip:a SIP/3.0\r\nTo\r\n\r\n"), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_HEADER_NAME);
    CHECK(!message.has_head);
    CHECK_INT(stream("OPTIONS sip:a SIP/3.0\r\nl: 2\r\n\r\nx"), 0);
    CHECK(message.has_head);
    CHECK_INT(message.body_length, 2);
}

TEST(broken_request_line_leaves_the_fields_usable) /* §21.4.1, RFC 4475 §3.1.2.8 to §3.1.2.10 */
{
    static const struct {
        const char *line, *uri;
        bool usable;
    } rows[] = {
        {"OPTIONS  sip:a SIP/2.0\r\n", " sip:a", true},
        {"OPTIONS sip:a; lr SIP/2.0\r\n", "sip:a; lr", true},
        {"OPTIONS sip:a SIP/2.0 \t\r\n", "sip:a", true},
        {"OPTIONS  SIP/2.0\r\n", "", true},
        {"OPTIONS SIP/2.0\r\n", NULL, false},
        {"OPTIONS sip:a  HTTP/1.0\r\n", NULL, false},
        {"OPTIONS sip:a  SIP/3.0\r\n", NULL, false},
        {"OPTIONS \r\n", NULL, false},
        {"OPTIONS  \r\n", NULL, false},
        {"a b\r\n", NULL, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];

        snprintf(text, sizeof text, "%sTo: <sip:b>\r\n\r\n", rows[i].line);
        CHECK_INT(datagram(text), SIP_EBAD);
        CHECK_INT(fault.reason, SIP_BAD_START_LINE);
        CHECK_INT(message.has_head, rows[i].usable);
        if (!rows[i].usable)
            continue;
        CHECK_INT(message.method, SIP_OPTIONS);
        CHECK_STR(message.uri, rows[i].uri);
        CHECK_STR(sip_message_value(&message, SIP_HEADER_TO), "<sip:b>");
    }
}

TEST(one_field_more_than_the_table_holds_is_refused) /* §7.3 */
{
    char text[400] = REQUEST;

    for (int i = 0; i < FIELDS; i++)
        strcat(text, "A: b\r\n");
    strcat(text, "\r\n");
    CHECK_INT(datagram(text), (long)strlen(text));
    CHECK_INT(message.fields_count, FIELDS);
    text[strlen(text) - 2] = 0;
    strcat(text, "A: b\r\n\r\n");
    CHECK_INT(datagram(text), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_TOO_MANY_HEADERS);
    CHECK_INT(fault.offset, strlen(REQUEST) + FIELDS * 6);
    CHECK(message.has_head); /* §21.5.7: 513 */
    CHECK_INT(message.fields_count, FIELDS);
    text[strlen(text) - 2] = 0;
    CHECK_INT(parse(text, strlen(text), SIP_STREAM), 0);
    strcat(text, "A: b\r\nv: SIP/2.0/UDP b\r\n\r\n");
    CHECK_INT(datagram(text), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_TOO_MANY_HEADERS);
    CHECK_INT(fault.offset, strlen(REQUEST) + (FIELDS + 2) * 6);
    CHECK(!message.has_head); /* §8.2.6.2: no answer without it */
}

TEST(head_may_have_65535_bytes_and_no_more) /* §21.4.11 */
{
    size_t lead = strlen(REQUEST) + 3;
    char *text = malloc(70000);

    for (size_t head = 65530; head < 65545; head++) {
        memset(text, 'x', 70000);
        memcpy(text, REQUEST "X: ", lead);
        memcpy(text + head - 4, "\r\n\r\n", 4);
        if (head <= 65535) {
            CHECK_INT(parse(text, head + 7, SIP_DATAGRAM), (long)head + 7);
            CHECK_INT(message.body.len, 7);
            CHECK_INT(fields[0].value_len, head - 4 - lead);
        } else {
            CHECK_INT(parse(text, head + 7, SIP_DATAGRAM), SIP_EBAD);
            CHECK_INT(fault.reason, SIP_HEAD_TOO_LONG);
            CHECK_INT(parse(text, head + 7, SIP_STREAM), SIP_EBAD);
            CHECK_INT(fault.reason, SIP_HEAD_TOO_LONG);
            CHECK(!message.has_head);
        }
        CHECK_INT(parse(text, 65535 < head - 1 ? 65535 : head - 1, SIP_STREAM), 0);
    }
    free(text);
}

TEST(body_may_be_longer_than_a_head)
{
    const char *head = REQUEST "l: 100000\r\n\r\n";
    size_t len = strlen(head);
    char *text = malloc(len + 100000);

    memset(text, 'b', len + 100000);
    memcpy(text, head, len);
    CHECK_INT(parse(text, len + 100000, SIP_STREAM), (long)len + 100000);
    CHECK_INT(message.body.len, 100000);
    CHECK_INT(parse(text, len + 99999, SIP_STREAM), 0);
    free(text);
}

TEST(message_cut_at_each_length_is_incomplete_or_refused)
{
    const char *text = "\r\nINVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
                       "Via: SIP/2.0/UDP 192.0.2.1\r\n  ;branch=z9hG4bK\r\n"
                       "To: \"a\\\x07\" <sip:bob@biloxi.example.com>\r\n"
                       "Subject:\r\n"
                       "Content-Length: 5\r\n\r\nv=0\r\n";
    size_t len = strlen(text), head = len - 5;

    CHECK_INT(stream(text), (long)len);
    CHECK_INT(datagram(text), (long)len);
    for (size_t cut = 0; cut < len; cut++) {
        CHECK_INT(parse(text, cut, SIP_STREAM), 0);
        CHECK_INT(message.has_head, cut >= head);
        CHECK_INT(parse(text, cut, SIP_DATAGRAM), SIP_EBAD);
        CHECK_INT(message.has_head, cut >= head);
        CHECK_INT(fault.offset, cut);
        if (cut >= head)
            CHECK_INT(fault.reason, SIP_BODY_SHORT);
    }
}

/* --- the vector scan and its plain twin --- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Each is asked for again where line ends and folds begin: behind what was found, or a byte later. */
static void twins_agree(const char *bytes, size_t len, size_t step)
{
    struct sip_controls controls = {bytes, len, 0, 0, 0};
    size_t at = 0, found;

    do {
        found = sip_next_control(&controls, at);
        if (found != sip_find_control(bytes, at, len))
            CHECK_INT(found, sip_find_control(bytes, at, len));
        at = found + step;
    } while (at < len);
}

TEST(vector_scan_finds_what_the_plain_one_finds)
{
    static const char likely[] = "\r\n\r\n\t \x1f\x20\x7f\x80\xff~\0:ab";
    uint32_t seed = 1;

    for (unsigned round = 0; round < 4000; round++) {
        size_t len = next_random(&seed) % 300;
        char *bytes = malloc(len ? len : 1);

        for (size_t i = 0; i < len; i++)
            bytes[i] = round % 3 == 0   ? (char)next_random(&seed)
                       : round % 3 == 1 ? likely[next_random(&seed) % (sizeof likely - 1)]
                       : next_random(&seed) % 20 ? 'x' : likely[next_random(&seed) % 4];
        twins_agree(bytes, len, 1 + round % 2);
        free(bytes);
    }
}

TEST(vector_scan_knows_each_byte_at_each_place)
{
    char *bytes = malloc(130);

    for (int c = 0; c < 256; c++)
        for (size_t place = 0; place < 130; place++) {
            memset(bytes, 'x', 130);
            bytes[place] = (char)c;
            twins_agree(bytes, 130, 1);
        }
    free(bytes);
}

TEST(vector_scan_takes_nothing_but_control_bytes)
{
    char *bytes = malloc(65535);

    memset(bytes, 0, 65535);
    twins_agree(bytes, 65535, 1);
    for (size_t i = 0; i < 65535; i += 2)
        bytes[i] = 'x';
    twins_agree(bytes, 65535, 1);
    free(bytes);
}

TESTS(T(request_is_cut_into_its_parts) T(response_is_cut_into_its_parts)
      T(request_lines_are_exact) T(status_lines_are_exact)
      T(fields_are_exact) T(nul_is_refused_in_a_head_and_kept_in_a_body)
      T(line_ends_before_the_start_line_are_skipped) T(content_length_ends_the_body)
      T(a_message_may_be_parsed_into_again)
      T(another_version_leaves_the_message_usable)
      T(broken_request_line_leaves_the_fields_usable)
      T(one_field_more_than_the_table_holds_is_refused) T(head_may_have_65535_bytes_and_no_more)
      T(body_may_be_longer_than_a_head) T(message_cut_at_each_length_is_incomplete_or_refused)
      T(vector_scan_finds_what_the_plain_one_finds) T(vector_scan_knows_each_byte_at_each_place)
      T(vector_scan_takes_nothing_but_control_bytes))
