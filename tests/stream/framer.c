/* Framing: RFC 3261 §7.5, §18.3; RFC 5626 §3.5.1. A connection is played by feeding pieces; what
 * the framer does not consume is kept, in a heap block of exactly its length, and passed again. */
#include "sip/framer.h"
#include "sip/message.h"
#include "test.h"

#include <stdlib.h>

#define HEADS "Via: SIP/2.0/TCP h;branch=z9hG4bK1\r\n"
#define FIRST "OPTIONS sip:a SIP/2.0\r\n" HEADS "Content-Length: 5\r\n\r\nhello"
#define SECOND "SIP/2.0 200 OK\r\n" HEADS "l : 0\r\n\r\n"

/* --- a connection --- */

struct connection {
    struct sip_framer framer;
    char *rest; /* what the framer left */
    size_t rest_len;
    char seen[4096]; /* what was told: M message, T too long, P ping, Q pong, B broken */
    size_t told;
    size_t lengths[64]; /* of messages and heads */
    size_t stored_max;  /* the longest rest */
    struct sip_fault fault;
    unsigned sum; /* over all bytes of all messages, in order */
};

static struct connection opened(bool by_us, size_t message_max)
{
    struct connection c;

    memset(&c, 0, sizeof c);
    c.framer.opened = by_us;
    c.framer.message_max = message_max;
    return c;
}

static void note(struct connection *c, char kind, struct sip_str message)
{
    if (c->told < 64)
        c->lengths[c->told] = message.len;
    if (c->told < sizeof c->seen - 1)
        c->seen[c->told++] = kind;
    for (size_t i = 0; i < message.len; i++)
        c->sum = c->sum * 31 + (unsigned char)message.at[i];
}

static void feed(struct connection *c, const char *bytes, size_t len)
{
    static const char letters[] = {[SIP_FRAME_MESSAGE] = 'M', [SIP_FRAME_TOO_LONG] = 'T',
                                   [SIP_FRAME_PING] = 'P',    [SIP_FRAME_PONG] = 'Q',
                                   [SIP_FRAME_BROKEN] = 'B'};
    size_t all = c->rest_len + len, at = 0;
    char *block = malloc(all ? all : 1);

    if (c->rest_len)
        memcpy(block, c->rest, c->rest_len);
    if (len)
        memcpy(block + c->rest_len, bytes, len);
    for (;;) {
        struct sip_framed frame;
        enum sip_frame kind = sip_framer_next(&c->framer, sip_bytes(block + at, all - at), &frame);

        CHECK(frame.consumed <= all - at);
        CHECK((frame.message.at != NULL) ==
              (kind == SIP_FRAME_MESSAGE || kind == SIP_FRAME_TOO_LONG));
        at += frame.consumed;
        if (kind == SIP_FRAME_INCOMPLETE)
            break;
        note(c, letters[kind], frame.message);
        if (kind == SIP_FRAME_BROKEN) {
            c->fault = frame.fault;
            break;
        }
    }
    free(c->rest);
    c->rest_len = all - at;
    c->rest = malloc(c->rest_len ? c->rest_len : 1);
    memcpy(c->rest, block + at, c->rest_len);
    free(block);
    if (c->rest_len > c->stored_max)
        c->stored_max = c->rest_len;
}

static void end(struct connection *c)
{
    free(c->rest);
    c->rest = NULL;
}

static struct connection play(bool by_us, size_t message_max, const char *text)
{
    struct connection c = opened(by_us, message_max);

    feed(&c, text, strlen(text));
    end(&c);
    return c;
}

/* --- messages --- */

TEST(several_messages_in_one_read_come_one_by_one_and_leave_nothing) /* §18.3 */
{
    struct connection c = play(false, 0, FIRST SECOND FIRST);

    CHECK_STR(sip_str(c.seen), "MMM");
    CHECK_INT(c.lengths[0], strlen(FIRST));
    CHECK_INT(c.lengths[1], strlen(SECOND));
    CHECK_INT(c.stored_max, 0);
}

TEST(whole_message_lies_where_it_was_received)
{
    static const char bytes[] = "\r\n" FIRST;
    struct sip_framer framer = {0};
    struct sip_framed frame;

    CHECK_INT(sip_framer_next(&framer, sip_str(bytes), &frame), SIP_FRAME_MESSAGE);
    CHECK(frame.message.at == bytes + 2);
    CHECK_INT(frame.message.len, strlen(FIRST));
    CHECK_INT(frame.consumed, strlen(bytes));
    CHECK_INT(sip_framer_next(&framer, sip_bytes(bytes, 0), &frame), SIP_FRAME_INCOMPLETE);
    CHECK_INT(sip_framer_next(&framer, sip_bytes(NULL, 0), &frame), SIP_FRAME_INCOMPLETE);
}

TEST(stream_split_at_any_two_points_gives_the_same)
{
    static const char text[] = FIRST SECOND "\r\n\r\n" FIRST;
    struct connection whole = play(false, 0, text);
    size_t len = sizeof text - 1;

    CHECK_STR(sip_str(whole.seen), "MMPM");
    for (size_t a = 0; a <= len; a++) {
        for (size_t b = a; b <= len; b += 3) {
            struct connection c = opened(false, 0);

            feed(&c, text, a);
            feed(&c, text + a, b - a);
            feed(&c, text + b, len - b);
            CHECK(strcmp(c.seen, whole.seen) == 0 && c.sum == whole.sum && c.rest_len == 0);
            end(&c);
        }
    }
}

TEST(one_byte_at_a_time_gives_the_same_and_searches_each_byte_once)
{
    static const char text[] = FIRST SECOND FIRST;
    struct connection whole = play(true, 0, text), c = opened(true, 0);

    for (size_t i = 0; i < sizeof text - 1; i++) {
        feed(&c, text + i, 1);
        if (c.rest_len && c.framer.need == 0)
            CHECK_INT(c.framer.searched, c.rest_len);
    }
    CHECK_STR(sip_str(c.seen), "MMM");
    CHECK_INT(c.sum, whole.sum);
    end(&c);
}

TEST(length_of_a_message_is_known_when_its_head_is)
{
    struct sip_framer framer = {0};
    struct sip_framed frame;

    CHECK_INT(sip_framer_next(&framer, sip_bytes(FIRST, strlen(FIRST) - 6), &frame),
              SIP_FRAME_INCOMPLETE);
    CHECK_INT(framer.need, 0);
    CHECK_INT(sip_framer_next(&framer, sip_bytes(FIRST, strlen(FIRST) - 5), &frame),
              SIP_FRAME_INCOMPLETE);
    CHECK_INT(framer.need, strlen(FIRST));
    CHECK_INT(frame.consumed, 0);
}

/* --- the benchmark's messages, from small to 64 KB --- */

static const char *const files[] = {
    "1_invite",     "2_200ok_rr",  "3_register_auth",  "4_ack",          "5_notify_xml",
    "6_100trying",  "g_hdr_10",    "g_hdr_100",        "g_hdr_1000",     "g_rr_10",
    "g_rr_100",     "g_rr_1000",   "g_via_10",         "g_via_100",      "g_via_1000",
    "g_viacomma_10", "g_viacomma_100", "g_viacomma_1000", "p_angles64k", "p_commaquote64k",
    "p_commas64k",  "p_contacts64k", "p_folds64k",     "p_openquote64k", "p_params64k",
    "p_quotes64k",  "p_uriparams64k",
};

static char *read_file(const char *name, size_t *len)
{
    static char bytes[70000];
    char path[512];
    int tests = (int)(strstr(__FILE__, "stream/framer.c") - __FILE__);
    FILE *file;

    snprintf(path, sizeof path, "%.*sbench/messages/%s.sip", tests, __FILE__, name);
    file = fopen(path, "rb");
    *len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    CHECK(*len > 0);
    return bytes;
}

TEST(each_benchmark_message_split_anywhere_is_as_long_as_the_parser_says)
{
    static struct sip_field fields[2000];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t len, step;
        char *bytes = read_file(files[i], &len);
        struct sip_message message;
        struct sip_fault fault = {0};
        long parsed;

        sip_message_init(&message, fields, 2000);
        parsed = sip_message_parse(&message, sip_bytes(bytes, len), SIP_STREAM, &fault);
        step = len < 2500 ? 1 : len / 97; /* every byte of a small one, else 97 places */
        for (size_t at = 0; at <= len; at += step) {
            struct connection c = opened(false, 70000);

            feed(&c, bytes, at);
            feed(&c, bytes + at, len - at);
            if (parsed > 0) {
                CHECK_STR(sip_str(c.seen), "M");
                CHECK_INT(c.lengths[0], parsed);
            } else {
                CHECK_STR(sip_str(c.seen), "B");
                CHECK_INT(c.fault.reason, fault.reason);
            }
            end(&c);
        }
        if (test_failures) {
            printf("  %s\n", files[i]);
            break;
        }
    }
}

/* --- keep-alives --- */

TEST(keep_alives_are_told_by_who_opened_the_connection) /* RFC 5626 §3.5.1, §4.4.1 */
{
    static const struct {
        const char *bytes, *accepted, *opened, *slowly; /* slowly: one byte a read, opened */
    } rows[] = {
        {"\r\n", "", "Q", "Q"},
        {"\r\n\r\n", "P", "P", "QQ"},
        {"\r\n\r\n\r\n", "P", "PQ", "QQQ"},
        {"\r\n\r\n\r\n\r\n", "PP", "PP", "QQQQ"},
        {"\r\n" SECOND, "M", "QM", "QM"},       /* §7.5: ignored before a start line */
        {"\r\n\r\n" SECOND, "PM", "PM", "QQM"},
        {SECOND "\r\n" SECOND, "MM", "MQM", "MQM"},
        {SECOND "\r\n\r\n" SECOND "\r\n\r\n", "MPMP", "MPMP", "MQQMQQ"},
        {"\r", "", "", ""},
        {"\r\n\r", "", "Q", "Q"},
        {"\n", "B", "B", "B"},
        {"\r\r\n", "B", "B", "B"},
        {"\r\n\n", "B", "QB", "QB"},
        {"\rOPTIONS", "B", "B", "B"},
        {" \r\n", "B", "B", "B"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct connection accepted = play(false, 0, rows[i].bytes);
        struct connection by_us = play(true, 0, rows[i].bytes);
        struct connection slowly = opened(true, 0), slowly_accepted = opened(false, 0);

        for (const char *at = rows[i].bytes; *at; at++) {
            if (!slowly.framer.broken)
                feed(&slowly, at, 1);
            if (!slowly_accepted.framer.broken)
                feed(&slowly_accepted, at, 1);
        }
        CHECK_STR(sip_str(accepted.seen), rows[i].accepted);
        CHECK_STR(sip_str(slowly_accepted.seen), rows[i].accepted);
        CHECK_STR(sip_str(by_us.seen), rows[i].opened);
        CHECK_STR(sip_str(slowly.seen), rows[i].slowly);
        if (test_failures)
            printf("  in row %zu\n", i);
        end(&slowly), end(&slowly_accepted);
    }
}

TEST(idle_connection_leaves_nothing_to_keep)
{
    struct connection c = opened(false, 0);

    feed(&c, "\r", 1);
    CHECK_INT(c.rest_len, 0);
    feed(&c, "\n\r", 2);
    CHECK_INT(c.rest_len, 0);
    feed(&c, "\n", 1);
    CHECK_INT(c.rest_len, 0);
    CHECK_STR(sip_str(c.seen), "P");
    end(&c);
}

/* --- limits --- */

TEST(message_of_the_limit_passes_and_one_byte_more_is_too_long)
{
    struct connection c = play(false, strlen(FIRST), FIRST SECOND);

    CHECK_STR(sip_str(c.seen), "MM");
    c = play(false, strlen(FIRST) - 1, FIRST SECOND);
    CHECK_STR(sip_str(c.seen), "TM");
    CHECK_INT(c.lengths[0], strlen(FIRST) - 5); /* the head alone */
    CHECK_INT(c.lengths[1], strlen(SECOND));
}

TEST(body_over_the_limit_is_skipped_by_count_however_it_comes) /* §21.4.14 */
{
    static const char head[] = "INVITE sip:a SIP/2.0\r\nContent-Length: 3000000\r\n\r\n";
    static const char beginning[] = "MESSAGE sip:a SIP/2.0\r\nl:600\r\n\r\nxxx";
    char block[1000];
    struct connection c = opened(false, 500);

    memset(block, '\n', sizeof block);
    feed(&c, head, sizeof head - 1);
    CHECK_STR(sip_str(c.seen), "T");
    for (int i = 0; i < 3000; i++) {
        feed(&c, block, 1000);
        CHECK_INT(c.rest_len, 0);
    }
    feed(&c, SECOND, strlen(SECOND));
    CHECK_STR(sip_str(c.seen), "TM");
    CHECK_INT(c.stored_max, 0);
    end(&c);

    c = opened(false, 500); /* with the head, some of the body; with the rest, the next message */
    memset(block, 'x', sizeof block);
    feed(&c, beginning, sizeof beginning - 1);
    CHECK_STR(sip_str(c.seen), "T");
    feed(&c, block, 597);
    feed(&c, "\r\n\r\n" SECOND, 4 + strlen(SECOND));
    CHECK_STR(sip_str(c.seen), "TPM");
    end(&c);
}

TEST(head_of_the_limit_passes_and_one_byte_more_breaks) /* DESIGN section 6 */
{
    static const char text[] = "OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n";
    size_t len = sizeof text - 1;
    struct connection c = play(false, len, text);

    CHECK_STR(sip_str(c.seen), "M");
    c = play(false, len - 1, text);
    CHECK_STR(sip_str(c.seen), "B");
    CHECK_INT(c.fault.reason, SIP_HEAD_TOO_LONG);
    CHECK_INT(c.fault.offset, len - 1);
    c = opened(false, len - 1);
    feed(&c, text, len - 2);
    CHECK_STR(sip_str(c.seen), "");
    feed(&c, text + len - 2, 1);
    CHECK_STR(sip_str(c.seen), "B");
    end(&c);
}

TEST(head_never_has_more_than_65535_bytes)
{
    static char text[65535 + 10];
    static const char front[] = "OPTIONS sip:a SIP/2.0\r\nl: 0\r\nS: ";

    for (size_t len = 65535; len <= 65536; len++) {
        struct connection c = opened(false, 100000);

        memset(text, 'x', sizeof text);
        memcpy(text, front, sizeof front - 1);
        memcpy(text + len - 4, "\r\n\r\n", 4);
        feed(&c, text, len);
        CHECK_STR(sip_str(c.seen), len == 65535 ? "M" : "B");
        end(&c);
    }
}

/* --- what breaks a stream --- */

#define START "OPTIONS sip:a SIP/2.0\r\n"

static const struct {
    const char *text;
    int reason;     /* 0 = one message of the whole text */
    const char *at; /* where the fault stands */
} rows[] = {
    {START "Content-Length: 0\r\n\r\n", 0, 0},
    {START "CONTENT-LENGTH:0\r\n\r\n", 0, 0},
    {START "content-length \t: \t 3 \t\r\n\r\nabc", 0, 0},
    {START "L:3\r\n\r\nabc", 0, 0},
    {START "l:\r\n 3\r\n\r\nabc", 0, 0}, /* §7.3.1: folded */
    {START "l:\r\n\t\r\n 3\r\n \r\n\r\nabc", 0, 0},
    {START "l: 0003\r\n\r\nabc", 0, 0},
    {START "l: 3\r\nContent-Length: 3\r\n\r\nabc", 0, 0}, /* the check refuses it, with a 400 */
    {START "l: 3\r\nContent-Length: 03\r\n\r\nabc", 0, 0},
    {START "S: Content-Length: 9\r\nl: 3\r\n\r\nabc", 0, 0},
    {START "S: a\r\n l: 9\r\nl: 3\r\n\r\nabc", 0, 0}, /* within a fold it is no header */
    {START "Content-Lengths: 9\r\nl: 3\r\n\r\nabc", 0, 0},
    {START "xl: 9\r\nl: 3\r\n\r\nabc", 0, 0},
    {START "l: 2\r\n\r\n\r\n", 0, 0},
    {"sip/2.0 200 OK\r\nl: 0\r\n\r\n", 0, 0}, /* §7.1: case-insensitive */
    {"INVITE sip:a SIP/3.0\r\nl: 0\r\n\r\n", 0, 0}, /* 505 is the layers' to say */
    {START "l: 3\r\nContent-Length: 4\r\n\r\nabcd", SIP_CONFLICT, " 4"},
    {START "l: 3, 3\r\n\r\nabc", SIP_BAD_NUMBER, " 3, 3"},
    {START "l: \r\n\r\n", SIP_BAD_NUMBER, " \r\n\r\n"},
    {START "l:\r\n\r\n", SIP_BAD_NUMBER, "\r\n\r\n"},
    {START "l: -1\r\n\r\n", SIP_BAD_NUMBER, " -1"},
    {START "l: +1\r\n\r\n", SIP_BAD_NUMBER, " +1"},
    {START "l: 3x\r\n\r\nabc", SIP_BAD_NUMBER, " 3x"},
    {START "l: 1\r\n 2\r\n\r\n", SIP_BAD_NUMBER, " 1"},
    {START "l: 4294967296\r\n\r\n", SIP_BAD_NUMBER, " 4294967296"},
    {START "l: 18446744073709551616\r\n\r\n", SIP_BAD_NUMBER, " 18446744073709551616"},
    {START "S: x\r\n\r\n", SIP_MISSING, "\r\n"}, /* §18.3, §20.14: MUST with streams */
    {START "\r\n", SIP_MISSING, "\r\n"},
    {START "S: x\n\r\n", SIP_BAD_LINE_END, "\n\r\n"},
    {"OPTIONS sip:a SIP/2.0\n", SIP_BAD_LINE_END, "\n"},
    {"GET / HTTP/1.1\r\n", SIP_BAD_START_LINE, "GET"},
    {"OPTIONS sip:a\r\n", SIP_BAD_START_LINE, "OPT"},
    {"OPTIONS sip:aSIP/2.0\r\n", SIP_BAD_START_LINE, "OPT"},
    {"\x16\x03\x01", SIP_BAD_START_LINE, "\x16"}, /* a TLS hello */
    {":", SIP_BAD_START_LINE, ":"},
    {"{", SIP_BAD_START_LINE, "{"},
};

static size_t last_of(const char *text, const char *at)
{
    size_t found = strlen(text);

    for (size_t i = 0; text[i]; i++)
        if (strncmp(text + i, at, strlen(at)) == 0)
            found = i;
    return found;
}

TEST(each_row_is_a_message_or_breaks_the_stream) /* §18.3, §20.14, §7.3.1 */
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct connection c = play(false, 0, rows[i].text);

        CHECK_STR(sip_str(c.seen), rows[i].reason ? "B" : "M");
        CHECK_INT(c.fault.reason, rows[i].reason);
        if (rows[i].reason)
            CHECK_INT(c.fault.offset, last_of(rows[i].text, rows[i].at));
        else
            CHECK_INT(c.lengths[0], strlen(rows[i].text));
        if (test_failures) {
            printf("  in row %zu: %s\n", i, rows[i].text);
            break;
        }
    }
}

TEST(rows_agree_with_the_parser) /* sip_message_parse(SIP_STREAM) finds the same end */
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_field fields[10];
        struct sip_message message;
        struct sip_fault fault = {0};
        long parsed;

        sip_message_init(&message, fields, 10);
        parsed = sip_message_parse(&message, sip_str(rows[i].text), SIP_STREAM, &fault);
        if (rows[i].reason == 0) /* or it is refused for what the layers answer: SIP/3.0 */
            CHECK(parsed == (long)strlen(rows[i].text) || fault.reason == SIP_BAD_VERSION);
        else
            CHECK(parsed <= 0);
        if (rows[i].reason == SIP_CONFLICT || rows[i].reason == SIP_BAD_NUMBER ||
            rows[i].reason == SIP_MISSING)
            CHECK_INT(fault.reason, rows[i].reason);
        if (test_failures) {
            printf("  in row %zu: %s\n", i, rows[i].text);
            break;
        }
    }
}

TEST(rows_come_out_the_same_one_byte_at_a_time)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct connection whole = play(false, 0, rows[i].text), c = opened(false, 0);

        for (const char *at = rows[i].text; *at && !c.framer.broken; at++)
            feed(&c, at, 1);
        CHECK_STR(sip_str(c.seen), whole.seen);
        CHECK_INT(c.fault.reason, whole.fault.reason);
        CHECK_INT(c.fault.offset, whole.fault.offset);
        end(&c);
    }
}

TEST(broken_stream_stays_broken)
{
    struct connection c = opened(false, 0);

    feed(&c, "{", 1);
    feed(&c, FIRST, strlen(FIRST));
    CHECK_STR(sip_str(c.seen), "BB");
    end(&c);
}

TESTS(T(several_messages_in_one_read_come_one_by_one_and_leave_nothing)
      T(whole_message_lies_where_it_was_received)
      T(stream_split_at_any_two_points_gives_the_same)
      T(one_byte_at_a_time_gives_the_same_and_searches_each_byte_once)
      T(length_of_a_message_is_known_when_its_head_is)
      T(each_benchmark_message_split_anywhere_is_as_long_as_the_parser_says)
      T(keep_alives_are_told_by_who_opened_the_connection)
      T(idle_connection_leaves_nothing_to_keep)
      T(message_of_the_limit_passes_and_one_byte_more_is_too_long)
      T(body_over_the_limit_is_skipped_by_count_however_it_comes)
      T(head_of_the_limit_passes_and_one_byte_more_breaks)
      T(head_never_has_more_than_65535_bytes)
      T(each_row_is_a_message_or_breaks_the_stream)
      T(rows_agree_with_the_parser)
      T(rows_come_out_the_same_one_byte_at_a_time)
      T(broken_stream_stays_broken))
