/* Messages are built in bounds and without injection: RFC 3261 §7, §7.3.1, §20.10, §25.1. */
#include <stdlib.h>

#include "test.h"
#include "sip/error.h"
#include "sip/writer.h"

static struct sip_writer writer;
static char memory[2000];

static void start(void)
{
    memset(memory, '#', sizeof memory);
    sip_writer_init(&writer, memory, sizeof memory);
}

static struct sip_str written(void)
{
    return sip_bytes(memory, writer.used);
}

#define S(text) sip_str(text)

/* One of each kind of line. */
static void write_all(struct sip_writer *w)
{
    struct sip_addr v6 = {SIP_IPV6, {0x20, 1, 0xd, 0xb8, [15] = 1}, 5061, 0};

    sip_write_request_line(w, S("INVITE"), S("sip:bob@example.com"));
    sip_write_begin(w, SIP_HEADER_VIA);
    sip_write_text(w, "SIP/2.0/UDP ");
    sip_write_host(w, &v6);
    sip_write_piece(w, S(";branch=z9hG4bK"));
    sip_write_hex(w, "\x00\xab\x7f", 3);
    sip_write_end(w);
    sip_write_header(w, SIP_HEADER_CALL_ID, S("1@x"));
    sip_write_cseq(w, 2147483647, S("INVITE"));
    sip_write_number(w, SIP_HEADER_MAX_FORWARDS, 70);
    sip_write_address(w, SIP_HEADER_TO, S("Bo\"b\\"), S("sip:bob@example.com"), S(";tag=1"));
    sip_write_address(w, SIP_HEADER_FROM, S(NULL), S("sip:a@b"), S(NULL));
    sip_write_named(w, S("X-Own"), S(""));
    sip_write_body(w, S("text/plain"), sip_bytes("a\r\n\0b", 5));
}

static const char all[] = "INVITE sip:bob@example.com SIP/2.0\r\n"
                          "Via: SIP/2.0/UDP [2001:db8::1]:5061;branch=z9hG4bK00ab7f\r\n"
                          "Call-ID: 1@x\r\n"
                          "CSeq: 2147483647 INVITE\r\n"
                          "Max-Forwards: 70\r\n"
                          "To: \"Bo\\\"b\\\\\" <sip:bob@example.com>;tag=1\r\n"
                          "From: <sip:a@b>\r\n"
                          "X-Own: \r\n"
                          "Content-Type: text/plain\r\n"
                          "Content-Length: 5\r\n"
                          "\r\n"
                          "a\r\n\0b";

TEST(message_is_written_line_by_line) /* §7, §20 */
{
    start();
    write_all(&writer);
    CHECK_INT(sip_writer_done(&writer), (long)sizeof all - 1);
    CHECK(memcmp(memory, all, sizeof all - 1) == 0);
    CHECK_INT(memory[sizeof all - 1], '#');
}

TEST(writer_counts_on_when_memory_ends)
{
    for (size_t size = 0; size < sizeof all - 1; size++) {
        char *block = malloc(size ? size : 1);

        sip_writer_init(&writer, block, size);
        write_all(&writer);
        CHECK_INT(sip_writer_done(&writer), SIP_ESIZE);
        CHECK_INT(writer.used, sizeof all - 1);
        free(block);
    }
    sip_writer_init(&writer, NULL, 0);
    write_all(&writer);
    CHECK_INT(sip_writer_done(&writer), SIP_ESIZE);
}

TEST(memory_may_be_just_enough)
{
    char *block = malloc(sizeof all - 1);

    sip_writer_init(&writer, block, sizeof all - 1);
    write_all(&writer);
    CHECK_INT(sip_writer_done(&writer), (long)sizeof all - 1);
    CHECK(memcmp(block, all, sizeof all - 1) == 0);
    free(block);
}

/* A piece in a heap block of its own size, freed when the next one is made. */
static struct sip_str exact(const char *text)
{
    static char *blocks[4];
    static unsigned next;
    size_t len = strlen(text);

    free(blocks[next]);
    blocks[next] = malloc(len);
    memcpy(blocks[next], text, len);
    next = (next + 1) % 4;
    return sip_bytes(blocks[next ? next - 1 : 3], len);
}

TEST(pieces_are_read_up_to_their_end)
{
    start();
    sip_write_request_line(&writer, exact("BYE"), exact("sip:a@example.com;transport=udp"));
    sip_write_named(&writer, exact("X"), exact("a value of more than sixteen bytes"));
    sip_write_cseq(&writer, 1, exact("BYE"));
    sip_write_address(&writer, SIP_HEADER_TO, exact("Bob"), exact("sip:b"), exact(";tag=1"));
    sip_write_address(&writer, SIP_HEADER_FROM, exact("\\"), exact("sip:c"), exact(";x"));
    sip_write_body(&writer, exact("a/b"), exact("body"));
    CHECK_STR(written(), "BYE sip:a@example.com;transport=udp SIP/2.0\r\n"
                         "X: a value of more than sixteen bytes\r\n"
                         "CSeq: 1 BYE\r\n"
                         "To: \"Bob\" <sip:b>;tag=1\r\n"
                         "From: \"\\\\\" <sip:c>;x\r\n"
                         "Content-Type: a/b\r\nContent-Length: 4\r\n\r\nbody");
    CHECK_INT(sip_writer_done(&writer), (long)writer.used);
}

TEST(status_line_has_the_given_or_the_usual_phrase) /* §7.2, §21 */
{
    start();
    sip_write_status_line(&writer, 486, S(NULL));
    CHECK_STR(written(), "SIP/2.0 486 Busy Here\r\n");
    start();
    sip_write_status_line(&writer, 200, S("Sure thing"));
    CHECK_STR(written(), "SIP/2.0 200 Sure thing\r\n");
    CHECK_INT(sip_writer_done(&writer), (long)writer.used);
    for (unsigned status = 0; status < 800; status++) {
        start();
        sip_write_status_line(&writer, (uint16_t)status, S(NULL));
        CHECK_INT(sip_writer_done(&writer) > 0, status >= 100 && status <= 699);
    }
}

TEST(statuses_have_texts) /* §21, §8.1.3.2 */
{
    static const struct {
        uint16_t status;
        const char *text;
    } rows[] = {
        {100, "Trying"}, {183, "Session Progress"}, {200, "OK"}, {302, "Moved Temporarily"},
        {401, "Unauthorized"}, {404, "Not Found"}, {407, "Proxy Authentication Required"},
        {423, "Interval Too Brief"}, {480, "Temporarily Unavailable"},
        {481, "Call/Transaction Does Not Exist"}, {487, "Request Terminated"},
        {488, "Not Acceptable Here"}, {491, "Request Pending"}, {501, "Not Implemented"},
        {503, "Service Unavailable"}, {505, "Version Not Supported"}, {513, "Message Too Large"},
        {603, "Decline"}, {606, "Not Acceptable"},
        /* unknown ones as x00, 1xx as 183 */
        {150, "Session Progress"}, {299, "OK"}, {399, "Multiple Choices"}, {499, "Bad Request"},
        {599, "Server Internal Error"}, {699, "Busy Everywhere"},
        {0, "Error"}, {99, "Error"}, {700, "Error"}, {65535, "Error"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_STR(sip_str(sip_status_text(rows[i].status)), rows[i].text);
}

TEST(no_piece_of_a_head_can_end_a_line) /* §25.1 */
{
    static const char *const bad[] = {"\r", "\n", "\r\n", "a\r\nX: y", "a\r\n b", "a\nb", "\x01",
                                      "\x1f", "a\x7f", "\x1b[0m"};
    struct sip_str nul = sip_bytes("a\0b", 3);

    for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
        struct sip_str piece = i ? S(bad[i - 1]) : nul;

#define REFUSED(call)                                                                              \
    start();                                                                                       \
    call;                                                                                          \
    CHECK(sip_writer_done(&writer) == SIP_EHEADER || sip_writer_done(&writer) == SIP_EINVAL);
        REFUSED(sip_write_request_line(&writer, piece, S("sip:a")))
        REFUSED(sip_write_request_line(&writer, S("BYE"), piece))
        REFUSED(sip_write_status_line(&writer, 200, piece))
        REFUSED(sip_write_header(&writer, SIP_HEADER_SUBJECT, piece))
        REFUSED(sip_write_named(&writer, piece, S("x")))
        REFUSED(sip_write_named(&writer, S("X"), piece))
        REFUSED(sip_write_cseq(&writer, 1, piece))
        REFUSED(sip_write_address(&writer, SIP_HEADER_TO, piece, S("sip:a"), S("")))
        REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), piece, S("")))
        REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S("sip:a"), piece))
        REFUSED(sip_write_piece(&writer, piece))
        REFUSED(sip_write_quoted(&writer, piece))
        REFUSED(sip_write_body(&writer, piece, S("x")))
        if (i && !strstr(bad[i - 1], "\r\n b")) {
            REFUSED(sip_write_received(&writer, piece))
        }
    }
    start();
    sip_write_piece(&writer, S("\ttab and \xc3\xbc"));
    sip_write_header(&writer, SIP_HEADER_SUBJECT, S("\ttab and \xc3\xbc"));
    sip_write_header(&writer, SIP_HEADER_SUBJECT, S(""));
    CHECK(sip_writer_done(&writer) > 0);
    CHECK_STR(written(), "\ttab and \xc3\xbc" "Subject: \ttab and \xc3\xbc\r\nSubject: \r\n");
}

TEST(names_and_uris_stay_what_they_are) /* §7.1, §7.3.1, §20.10 */
{
    REFUSED(sip_write_named(&writer, S(""), S("x")))
    REFUSED(sip_write_named(&writer, S("A:B"), S("x")))
    REFUSED(sip_write_named(&writer, S("A B"), S("x")))
    REFUSED(sip_write_header(&writer, SIP_HEADER_OTHER, S("x")))
    REFUSED(sip_write_header(&writer, SIP_HEADER_COUNT, S("x")))
    REFUSED(sip_write_request_line(&writer, S(""), S("sip:a")))
    REFUSED(sip_write_request_line(&writer, S("A B"), S("sip:a")))
    REFUSED(sip_write_request_line(&writer, S("BYE"), S("")))
    REFUSED(sip_write_request_line(&writer, S("BYE"), S("sip:a SIP/2.0")))
    REFUSED(sip_write_cseq(&writer, 2147483648u, S("BYE")))
    REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S(""), S("")))
    REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S("sip:a>;tag=b"), S("")))
    REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S("<sip:a"), S("")))
    REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S("sip:a b"), S("")))
    REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S("sip:a\tb"), S("")))
    REFUSED(sip_write_address(&writer, SIP_HEADER_TO, S(""), S("sip:a\"b"), S("")))
    REFUSED(sip_write_request_line(&writer, S("BYE"), S("sip:a\tSIP/2.0")))
}

TEST(lines_of_others_are_checked_again) /* §7.3.1 */
{
    static const char *const rows[][2] = {
        {"", ""},
        {"A: b\r\n", "A: b\r\n"},
        {"A:b\r\nX-Own: \t c: d \r\n", "A: b\r\nX-Own: c: d \r\n"},
        {"A:\r\nB: \t\r\n", "A: \r\nB: \r\n"},
        {"A: b", NULL}, {"A: b\r", NULL}, {"A: b\n", NULL}, {"\n", NULL}, {"\r\n", NULL},
        {"A b\r\n", NULL}, {"A b: c\r\n", NULL}, {": c\r\n", NULL}, {"A: b\rc\r\n", NULL},
        {"A b\r\nC: d\r\n", NULL}, /* the colon of the next line */
        {"A: b\r\n c\r\n", NULL}, /* a fold of ours would be a mistake */
        {"A: b\r\nC: d", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i][0]);
        char *bytes = malloc(len ? len : 1);

        memcpy(bytes, rows[i][0], len);
        start();
        sip_write_lines(&writer, sip_bytes(bytes, len));
        if (rows[i][1])
            CHECK_STR(written(), rows[i][1]);
        CHECK_INT(sip_writer_done(&writer), rows[i][1] ? (long)strlen(rows[i][1]) : SIP_EHEADER);
        free(bytes);
    }
}

TEST(first_error_is_kept)
{
    start();
    sip_write_status_line(&writer, 99, S("x"));
    sip_write_piece(&writer, S("\n"));
    sip_write_piece(&writer, S("fine"));
    CHECK_INT(sip_writer_done(&writer), SIP_EINVAL);
}

TEST(numbers_are_written_in_full)
{
    static const struct {
        uint64_t value;
        const char *text;
    } rows[] = {
        {0, "0"}, {9, "9"}, {10, "10"}, {4294967295u, "4294967295"},
        {UINT64_C(4294967296), "4294967296"}, {UINT64_C(10000000000), "10000000000"},
        {UINT64_C(9999999999999999999), "9999999999999999999"},
        {UINT64_C(10000000000000000000), "10000000000000000000"},
        {UINT64_MAX, "18446744073709551615"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start();
        sip_write_decimal(&writer, rows[i].value);
        CHECK_STR(written(), rows[i].text);
    }
}

TEST(quotes_are_escaped) /* §25.1 quoted-string */
{
    static const char *const rows[][2] = {
        {"", "\"\""}, {"a b", "\"a b\""}, {"\"", "\"\\\"\""}, {"\\", "\"\\\\\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""}, {"\\\"\\", "\"\\\\\\\"\\\\\""},
        {"\xc3\xbc", "\"\xc3\xbc\""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start();
        sip_write_quoted(&writer, S(rows[i][0]));
        CHECK_STR(written(), rows[i][1]);
    }
}

TEST(hosts_have_brackets_and_ports_as_due) /* §19.1.1, RFC 5952 */
{
    struct sip_addr v4 = {SIP_IPV4, {192, 0, 2, 1}, 0, 0}, none = {0};

    start();
    sip_write_host(&writer, &v4);
    v4.port = 5060;
    sip_write_text(&writer, " ");
    sip_write_host(&writer, &v4);
    CHECK_STR(written(), "192.0.2.1 192.0.2.1:5060");
    sip_write_host(&writer, &none);
    CHECK_INT(sip_writer_done(&writer), SIP_EINVAL);
}

/* --- copies of what a peer wrote --- */

static const char received[] = "INVITE sip:bob@example.com SIP/2.0\r\n"
                               "v: SIP/2.0/UDP a\r\n"
                               "Route: <sip:r1>,\r\n <sip:r2>\r\n"
                               "VIA: SIP/2.0/UDP b \r\n \t ;branch=1\r\n"
                               "x-own \t:  text\r\n\t \r\n"
                               "To: \"a\\\x01\x62\\\"\" <sip:b>\r\n"
                               "c: text/plain\r\n"
                               "l: 2\r\n\r\nhi";

static struct sip_field fields[16];
static struct sip_message message;

static void receive(void)
{
    struct sip_fault fault;

    sip_message_init(&message, fields, 16);
    CHECK(sip_message_parse(&message, S(received), SIP_DATAGRAM, &fault) > 0);
}

TEST(copied_fields_have_full_names_and_no_folds) /* §7.3.1, §7.3.3 */
{
    receive();
    start();
    sip_write_copy_all(&writer, &message, SIP_HEADER_VIA);
    sip_write_copy_all(&writer, &message, SIP_HEADER_SUBJECT);
    sip_write_copy_all(&writer, &message, SIP_HEADER_COUNT);
    CHECK_STR(written(), "Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b ;branch=1\r\n");
    CHECK(sip_writer_done(&writer) > 0);
}

TEST(request_is_sent_again_with_what_changes) /* §16.6, §8.1.3.4 */
{
    static const enum sip_header skip[] = {SIP_HEADER_VIA};

    receive();
    start();
    sip_write_request_line(&writer, message.method_name, S("sip:carol@example.com"));
    sip_write_header(&writer, SIP_HEADER_VIA, S("SIP/2.0/UDP me"));
    sip_write_fields_except(&writer, &message, skip, 1);
    sip_write_body(&writer, sip_message_value(&message, SIP_HEADER_CONTENT_TYPE), message.body);
    CHECK_STR(written(), "INVITE sip:carol@example.com SIP/2.0\r\n"
                         "Via: SIP/2.0/UDP me\r\n"
                         "Route: <sip:r1>, <sip:r2>\r\n"
                         "x-own: text\r\n"
                         "To: \"a b\\\"\" <sip:b>\r\n"
                         "Content-Type: text/plain\r\n"
                         "Content-Length: 2\r\n\r\nhi");
    CHECK(sip_writer_done(&writer) > 0);
}

TEST(names_are_compact_on_request) /* §7.3.3 */
{
    start();
    writer.compact = true;
    write_all(&writer);
    CHECK(sip_writer_done(&writer) > 0);
    CHECK_STR(sip_bytes(memory, writer.used - 5), "INVITE sip:bob@example.com SIP/2.0\r\n"
                         "v: SIP/2.0/UDP [2001:db8::1]:5061;branch=z9hG4bK00ab7f\r\n"
                         "i: 1@x\r\n"
                         "CSeq: 2147483647 INVITE\r\n"
                         "Max-Forwards: 70\r\n"
                         "t: \"Bo\\\"b\\\\\" <sip:bob@example.com>;tag=1\r\n"
                         "f: <sip:a@b>\r\n"
                         "X-Own: \r\n"
                         "c: text/plain\r\n"
                         "l: 5\r\n"
                         "\r\n");
}

TEST(line_may_begin_with_any_name) /* §7.3.1 */
{
    start();
    sip_write_begin_named(&writer, S("X-Own"));
    sip_write_decimal(&writer, 7);
    sip_write_end(&writer);
    CHECK_STR(written(), "X-Own: 7\r\n");
    CHECK(sip_writer_done(&writer) > 0);
    REFUSED(sip_write_begin_named(&writer, S("X:")))
    REFUSED(sip_write_begin_named(&writer, S("")))
}

TEST(folds_of_a_peer_become_one_space) /* §7.3.1 */
{
    static const char *const rows[][2] = {
        {"", ""}, {"a", "a"}, {"a\r\n b", "a b"}, {"a \t\r\n\t  b", "a b"},
        {"a\r\n \r\n b", "a b"}, {"a\r\n b\r\n c", "a b c"}, {"\r\n a", " a"}, {"a\r\n ", "a "},
        {"\\\x01", " "}, {"\"\\\x7f\\\x01z\"", "\"  z\""},
        {"a\r\nb", NULL}, {"a\r\n", NULL}, {"a\r b", NULL}, {"a\n b", NULL}, {"\x01", NULL},
        {"\\\r", NULL}, {"\\\n", NULL}, {"a\r\n b\r\nX: y", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i][0]);
        char *bytes = malloc(len ? len : 1);

        memcpy(bytes, rows[i][0], len);
        start();
        sip_write_received(&writer, sip_bytes(bytes, len));
        if (rows[i][1])
            CHECK_STR(written(), rows[i][1]);
        CHECK_INT(sip_writer_done(&writer), rows[i][1] ? (long)strlen(rows[i][1]) : SIP_EHEADER);
        free(bytes);
    }
}

TESTS(T(message_is_written_line_by_line) T(writer_counts_on_when_memory_ends)
      T(memory_may_be_just_enough) T(pieces_are_read_up_to_their_end)
      T(status_line_has_the_given_or_the_usual_phrase) T(statuses_have_texts)
      T(no_piece_of_a_head_can_end_a_line) T(names_and_uris_stay_what_they_are)
      T(lines_of_others_are_checked_again)
      T(first_error_is_kept) T(numbers_are_written_in_full) T(quotes_are_escaped)
      T(hosts_have_brackets_and_ports_as_due) T(copied_fields_have_full_names_and_no_folds)
      T(request_is_sent_again_with_what_changes) T(folds_of_a_peer_become_one_space)
      T(names_are_compact_on_request) T(line_may_begin_with_any_name))
