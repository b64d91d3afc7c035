/* What is let pass though the grammar forbids it: each bit on and off, and what none lets pass. */
#include <stdlib.h>

#include "message/lenient.h"
#include "sip/error.h"
#include "sip/message.h"
#include "test.h"

static struct sip_field fields[20];
static struct sip_message message;
static struct sip_essentials essentials;
static struct sip_fault fault;
static char *copy;

/* Parses and checks a datagram of its own heap block, with `tolerate`. */
static int take(const char *text, uint16_t tolerate)
{
    size_t len = strlen(text);
    long taken;

    free(copy);
    copy = malloc(len);
    memcpy(copy, text, len);
    memset(&essentials, 0, sizeof essentials);
    sip_message_init(&message, fields, 20);
    CHECK_INT(message.tolerate, SIP_TOLERATE_DEFAULT);
    message.tolerate = tolerate;
    taken = sip_message_parse(&message, sip_bytes(copy, len), SIP_DATAGRAM, &fault);
    CHECK_INT(message.tolerate, tolerate);
    return taken < 0 ? (int)taken : sip_message_check(&message, &essentials, &fault);
}

#define LINE "INVITE sip:bob@biloxi.example SIP/2.0\r\n"
#define VIA  "Via: SIP/2.0/UDP a.example;branch=z9hG4bK7\r\n"
#define FROM "From: <sip:a@a.example>;tag=1\r\n"
#define TO   "To: <sip:b@b.example>\r\n"
#define REST "Call-ID: 1\r\nCSeq: 1 INVITE\r\n"
#define END  "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"

TEST(each_exception_is_a_bit)
{
    static const struct {
        const char *text;
        unsigned bits;
        enum sip_reason reason; /* without the bits */
        enum sip_header header;
    } rows[] = {
        /* RFC 3261 §7: lines end in CRLF */
        {LINE VIA FROM TO REST "Max-Forwards: 70\nContent-Length: 0\r\n\r\n", SIP_TOLERATE_BARE_LF,
         SIP_BAD_LINE_END, SIP_HEADER_MAX_FORWARDS},
        {"INVITE sip:b SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bK7\nFrom: <sip:a>\nTo: <sip:b>\n"
         "Call-ID: 1\nCSeq: 1 INVITE\nMax-Forwards: 70\nl: 4\n\nbody",
         SIP_TOLERATE_BARE_LF, SIP_BAD_LINE_END, SIP_HEADER_OTHER},
        {LINE VIA FROM TO REST "Max-Forwards: 70\r\nContent-Length: 0\r\n\n", SIP_TOLERATE_BARE_LF,
         SIP_BAD_HEADER_NAME, SIP_HEADER_OTHER},
        /* §8.1.1.6 */
        {LINE VIA FROM TO REST "Content-Length: 0\r\n\r\n", SIP_TOLERATE_NO_MAX_FORWARDS,
         SIP_MISSING, SIP_HEADER_MAX_FORWARDS},
        {LINE VIA FROM TO REST "Max-Forwards:\r\nContent-Length: 0\r\n\r\n",
         SIP_TOLERATE_EMPTY_VALUE | SIP_TOLERATE_NO_MAX_FORWARDS, SIP_EMPTY_VALUE,
         SIP_HEADER_MAX_FORWARDS},
        {LINE VIA FROM TO REST "Expires:\r\nSubject:\r\nX-New: \r\n" END, SIP_TOLERATE_EMPTY_VALUE,
         SIP_EMPTY_VALUE, SIP_HEADER_EXPIRES}, /* §20.19; the others may be empty */
        /* §8.1.1.7 */
        {LINE "v: SIP/2.0/UDP a;branch=z9hG4b\r\n" FROM TO REST END, SIP_TOLERATE_OLD_BRANCH,
         SIP_BAD_PARAMETER, SIP_HEADER_VIA},
        {LINE "v: SIP/2.0/UDP a\r\n" FROM TO REST END, SIP_TOLERATE_OLD_BRANCH, SIP_BAD_PARAMETER,
         SIP_HEADER_VIA},
        /* §19.1.2, §25.1 */
        {"INVITE sip:*21#@b.example SIP/2.0\r\n" VIA FROM TO REST END, SIP_TOLERATE_ODD_USER,
         SIP_BAD_URI, SIP_HEADER_OTHER},
        {LINE VIA "From: <sip:a#1:p^w@a.example;x=y>;tag=1\r\n" TO REST END, SIP_TOLERATE_ODD_USER,
         SIP_BAD_HOST, SIP_HEADER_FROM},
        {LINE VIA FROM "To: sip:b\xc3\xbc@b.example;x=y\r\n" REST END, SIP_TOLERATE_ODD_USER,
         SIP_BAD_HOST, SIP_HEADER_TO},
        {LINE VIA FROM "To: <sip:10%@b.example>\r\n" REST END, SIP_TOLERATE_ODD_USER,
         SIP_BAD_ESCAPE, SIP_HEADER_TO},
        /* RFC 5954 §4.1 */
        {LINE "v: SIP/2.0/UDP [fe80::1%eth0]:5060;branch=z9hG4bK7\r\n" FROM TO REST END,
         SIP_TOLERATE_IPV6_ZONE, SIP_BAD_HOST, SIP_HEADER_VIA},
        {LINE VIA "From: <sip:a@[fe80::1%25eth0]>;tag=1\r\n" TO REST END, SIP_TOLERATE_IPV6_ZONE,
         SIP_BAD_HOST, SIP_HEADER_FROM},
        /* §25.1 display-name */
        {LINE VIA "From: J\xc3\xb6rg (2) M. <sip:a@a.example>;tag=1\r\n" TO REST END,
         SIP_TOLERATE_BARE_NAME, SIP_BAD_TOKEN, SIP_HEADER_FROM},
        {LINE VIA FROM "To: b@b.example <sip:b#@b.example>\r\n" REST END,
         SIP_TOLERATE_BARE_NAME | SIP_TOLERATE_ODD_USER, SIP_BAD_TOKEN, SIP_HEADER_TO},
        /* §25.1 via-received */
        {LINE "v: SIP/2.0/UDP a;received=nat.example;branch=z9hG4bK7\r\n" FROM TO REST END,
         SIP_TOLERATE_RECEIVED_NAME, SIP_BAD_HOST, SIP_HEADER_VIA},
    };
    unsigned all = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int failures = test_failures;

        all |= rows[i].bits;
        CHECK_INT(take(rows[i].text, SIP_TOLERATE_DEFAULT), 0);
        CHECK_INT(essentials.tolerated, rows[i].bits);
        CHECK_INT(take(rows[i].text, (uint16_t)rows[i].bits), 0);
        CHECK_INT(take(rows[i].text, SIP_TOLERATE_DEFAULT & ~rows[i].bits), SIP_EBAD);
        CHECK_INT(fault.reason, rows[i].reason);
        CHECK_INT(fault.header, rows[i].header);
        CHECK_INT(take(rows[i].text, SIP_TOLERATE_NOTHING), SIP_EBAD);
        if (test_failures > failures)
            printf("  row %zu\n", i);
    }
    CHECK_INT(all, SIP_TOLERATE_DEFAULT); /* none is without a row */
}

TEST(a_branch_is_blamed_or_the_host_without_one) /* §8.1.1.7 */
{
    static const struct {
        const char *via;
        unsigned at; /* in the value; 0: not refused */
    } rows[] = {
        {"SIP/2.0/UDP a;branch=z9hG4bK", 0},      {"SIP/2.0/UDP a;branch=Z9HG4BKx;x", 0},
        {"SIP/2.0/UDP a;x;branch=z9hG4b", 23},    {"SIP/2.0/UDP a;branch=z9hG4bk", 0},
        {"SIP/2.0/UDP a;branch=xz9hG4bK", 21},    {"SIP/2.0/UDP a;branch=1", 21},
        {"SIP/2.0/UDP host:5060;x", 12},
    };
    char text[300];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, LINE "v: %s\r\n" FROM TO REST END, rows[i].via);
        CHECK_INT(take(text, SIP_TOLERATE_NOTHING), rows[i].at ? SIP_EBAD : 0);
        if (rows[i].at)
            CHECK_INT(fault.offset, strlen(LINE) + 3 + rows[i].at);
    }
}

TEST(what_needs_no_exception_uses_none)
{
    static const char *const good[] = {
        LINE VIA FROM TO REST END,
        LINE
        "VIA   :SIP/2.0/UDP a;branch=z9hG4bK7;received=[::1]\r\n" FROM TO REST END, /* §7.3.1 */
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n" FROM TO REST
        "l: 0\r\n\r\n",                                            /* the Via is ours */
        LINE VIA "From: a <sip:a>\r\n" TO REST "Subject:\r\n" END, /* §20.36: may be empty */
        LINE VIA FROM TO REST "Organization:\r\n" END,             /* §25.1: as well */
    };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CHECK_INT(take(good[i], SIP_TOLERATE_DEFAULT), 0);
        CHECK_INT(essentials.tolerated, 0);
        CHECK_INT(take(good[i], SIP_TOLERATE_NOTHING), 0);
    }
}

TEST(some_things_are_never_tolerated)
{
    static const struct {
        const char *text;
        enum sip_reason reason;
    } rows[] = {
        {LINE VIA FROM TO REST "l: 0\r\nContent-Length: 1\r\n\r\nx", SIP_CONFLICT}, /* §18.3 */
        {LINE VIA FROM TO REST "l: 0\r\nContent-Length: 0\r\n\r\n", SIP_REPEATED},
        {LINE VIA FROM TO REST "Content-Length:\r\n\r\n", SIP_BAD_NUMBER},
        {LINE VIA FROM FROM TO REST END, SIP_REPEATED},
        {LINE VIA FROM TO TO REST END, SIP_REPEATED},
        {LINE VIA FROM TO REST "i: 2\r\n" END, SIP_REPEATED},
        {LINE VIA FROM TO REST "CSeq: 2 INVITE\r\n" END, SIP_REPEATED},
        {LINE VIA FROM TO REST "Subject: a\rb\r\n" END, SIP_BAD_LINE_END},
        {LINE VIA FROM TO REST "Subject: a\n b\r\n" END, SIP_BAD_LINE_END}, /* a fold is CRLF */
        {LINE VIA FROM TO REST "Subject: a\x01"
                               "b\r\n" END,
         SIP_BAD_CONTROL},
        {LINE VIA "From: a\"b <sip:a>\r\n" TO REST END, SIP_BAD_TOKEN},
        {LINE VIA "From: (a > b) <sip:a>\r\n" TO REST END, SIP_BAD_TOKEN},
        {LINE VIA "From: <sip:a b@c>\r\n" TO REST END, SIP_BAD_HOST},
        {LINE VIA "From: <sip:a@b@c>\r\n" TO REST END, SIP_BAD_HOST},
        {LINE VIA "From: <sip:#:p@>\r\n" TO REST END, SIP_BAD_HOST},
        {LINE VIA "From: <sip:[::1%]>\r\n" TO REST END, SIP_BAD_HOST},
        {LINE "v: SIP/2.0/UDP a;received=-;branch=z9hG4bK7\r\n" FROM TO REST END, SIP_BAD_HOST},
    };
    static const char nul[] = LINE VIA FROM TO REST "Subject: a\0b\r\n" END;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int failures = test_failures;

        CHECK_INT(take(rows[i].text, SIP_TOLERATE_DEFAULT), SIP_EBAD);
        CHECK_INT(fault.reason, rows[i].reason);
        if (test_failures > failures)
            printf("  row %zu\n", i);
    }
    sip_message_init(&message, fields, 20);
    CHECK_INT(sip_message_parse(&message, sip_bytes(nul, sizeof nul - 1), SIP_DATAGRAM, &fault),
              SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_CONTROL);
}

TEST(a_stream_wants_its_line_ends) /* where a message ends must not be a matter of opinion */
{
    static const char text[] = LINE VIA FROM TO REST "Max-Forwards: 70\nl: 0\r\n\r\n";

    sip_message_init(&message, fields, 20);
    CHECK_INT(sip_message_parse(&message, sip_str(text), SIP_STREAM, &fault), SIP_EBAD);
    CHECK_INT(fault.reason, SIP_BAD_LINE_END);
}

TEST(what_was_tolerated_is_read_rightly)
{
    struct sip_leniency leniency = {SIP_TOLERATE_DEFAULT, 0};
    struct sip_address address;
    struct sip_uri uri;
    struct sip_via via;

    CHECK_INT(sip_uri_accept(&uri, sip_str("sip:*2#1:a#b@h.example:5070;x=y?z=1"), &leniency, NULL),
              0);
    CHECK_STR(uri.user, "*2#1");
    CHECK_STR(uri.password, "a#b");
    CHECK_STR(uri.host, "h.example");
    CHECK_INT(uri.port, 5070);
    CHECK_STR(uri.params, "x=y");
    CHECK_STR(uri.headers, "z=1");
    CHECK_INT(leniency.tolerated, SIP_TOLERATE_ODD_USER);
    CHECK_INT(sip_address_accept(&address, sip_str("A. (b) <sip:c>;tag=1"), &leniency, NULL), 0);
    CHECK_STR(address.display, "A. (b)");
    CHECK_STR(address.uri, "sip:c");
    CHECK_STR(address.tag, "1");
    CHECK_INT(leniency.tolerated, SIP_TOLERATE_ODD_USER | SIP_TOLERATE_BARE_NAME);
    CHECK_INT(
        sip_via_accept(&via, sip_str("SIP/2.0/UDP [fe80::1%1]:5;received=a.b"), &leniency, NULL),
        0);
    CHECK_STR(via.host, "[fe80::1%1]");
    CHECK_INT(via.port, 5);
    CHECK_STR(via.received, "a.b");
}

/* What could end a URI or a line earlier is let pass nowhere. */
TEST(odd_users_have_bounds)
{
    static const struct {
        const char *uri;
        enum sip_reason reason;
        unsigned offset;
    } rows[] = {
        {"sip:a#\x7e@h", SIP_REASON_NONE, 0},
        {"sip:a#\x7f@h", SIP_BAD_HOST, 5},
        {"sip:a#!@h", SIP_REASON_NONE, 0},
        {"sip:a# @h", SIP_BAD_HOST, 5},
        {"sip:a#<@h", SIP_BAD_HOST, 5},
        {"sip:a#>@h", SIP_BAD_HOST, 5},
        {"sip:a#\"@h", SIP_BAD_HOST, 5},
        {"sip:a#", SIP_BAD_HOST, 5},
        {"sip:#@h", SIP_REASON_NONE, 0},
        {"sip:@#@h", SIP_BAD_HOST, 4}, /* a user has a byte */
        {"sip::#@h", SIP_BAD_HOST, 4},
        {"sips:a#:@h", SIP_REASON_NONE, 0},
        {"tel:a#@h", SIP_BAD_URI, 5}, /* only users of sip: and sips: */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_leniency leniency = {SIP_TOLERATE_DEFAULT, 0};
        struct sip_uri uri;
        int got = sip_uri_accept(&uri, sip_str(rows[i].uri), &leniency, &fault);

        CHECK_INT(got, rows[i].reason ? SIP_EBAD : 0);
        CHECK_INT(leniency.tolerated, got ? 0 : SIP_TOLERATE_ODD_USER);
        if (got)
            CHECK(fault.reason == rows[i].reason && fault.offset == rows[i].offset);
    }
}

TEST(bare_names_have_bounds)
{
    static const struct {
        const char *address, *name; /* NULL: refused at `offset` */
        unsigned offset;
    } rows[] = {
        {"a\tb. (c) <sip:h>", "a\tb. (c)", 0}, {"a@ <sip:h>", "a@", 0},
        {"(a)\t<sip:h>", "(a)", 0},            {"\x80 <sip:h>", "\x80", 0},
        {"a (\x7e <sip:h>", "a (\x7e", 0},     {"a (\x7f <sip:h>", NULL, 2},
        {"a (\x1f <sip:h>", NULL, 2},          {"a (\" <sip:h>", NULL, 2},
        {"a (> <sip:h>", NULL, 2},             {"a (", NULL, 2},
        {"a (<sip:h", NULL, 9},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_leniency leniency = {SIP_TOLERATE_DEFAULT, 0};
        struct sip_address address;
        int got = sip_address_accept(&address, sip_str(rows[i].address), &leniency, &fault);

        CHECK_INT(got, rows[i].name ? 0 : SIP_EBAD);
        if (rows[i].name)
            CHECK_STR(address.display, rows[i].name);
        else
            CHECK_INT(fault.offset, rows[i].offset);
    }
}

TEST(what_was_let_pass_is_read_again) /* by the layers above */
{
    struct sip_address address;
    struct sip_uri uri;

    CHECK_INT(take(LINE VIA FROM "To: (b) <sip:b#@b.example>\r\n" REST END, SIP_TOLERATE_DEFAULT),
              0);
    CHECK_INT(sip_address_in(&message, sip_message_value(&message, SIP_HEADER_TO), &address), 0);
    CHECK_INT(sip_uri_again(&uri, address.uri), 0);
    CHECK_STR(uri.user, "b#");
    message.tolerate = SIP_TOLERATE_ODD_USER;
    CHECK(sip_address_in(&message, sip_message_value(&message, SIP_HEADER_TO), &address) != 0);
    CHECK(sip_uri_again(&uri, sip_str("sip:b b@b.example")) != 0);
}

TEST(tolerant_parsers_read_within_their_bytes) /* each cut, in a block of its length */
{
    static const char *const values[] = {
        "\xc3\xb6 (2) <sip:a#1:p^w@[fe80::1%eth0]:5060;x=y?a=b>;tag=1",
        "sip:b%@[fe80::1%25eth0];x=y",
        "SIP/2.0/UDP [fe80::1%eth0]:5060;received=nat.example;branch=1",
    };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t len = 1; len <= strlen(values[i]); len++) {
            struct sip_leniency leniency = {SIP_TOLERATE_DEFAULT, 0};
            char *block = malloc(len);
            struct sip_address address;
            struct sip_uri uri;
            struct sip_via via;

            memcpy(block, values[i], len);
            sip_address_accept(&address, sip_bytes(block, len), &leniency, &fault);
            sip_uri_accept(&uri, sip_bytes(block, len), &leniency, &fault);
            sip_via_accept(&via, sip_bytes(block, len), &leniency, &fault);
            CHECK(fault.offset <= len);
            free(block);
        }
}

TESTS(T(each_exception_is_a_bit) T(a_branch_is_blamed_or_the_host_without_one)
      T(what_needs_no_exception_uses_none)
          T(some_things_are_never_tolerated) T(a_stream_wants_its_line_ends)
              T(what_was_tolerated_is_read_rightly) T(odd_users_have_bounds) T(bare_names_have_bounds)
                  T(what_was_let_pass_is_read_again) T(tolerant_parsers_read_within_their_bytes))
