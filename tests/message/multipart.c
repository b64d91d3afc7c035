/* Bodies inside bodies: RFC 2046 §5.1.1, RFC 5621, RFC 3420. */
#include <stdlib.h>

#include "message/rows.h"
#include "sip/multipart.h"

static char *block;
static struct sip_fault told;

/* A copy in a heap block of its size. */
static struct sip_str exact(const char *text, size_t len)
{
    free(block);
    block = exact_block(text, len);
    return sip_bytes(block, len);
}

static struct sip_media_type type_of(const char *text)
{
    struct sip_media_type type;

    memset(&type, 0, sizeof type);
    CHECK_INT(sip_media_type_parse(&type, sip_str(text), NULL), 0);
    return type;
}

/* All parts as "head|body;", or "!" and the offset of the fault. */
static const char *parts_in(const char *type_text, const char *text, size_t len)
{
    static char out[500];
    struct sip_media_type type = type_of(type_text);
    struct sip_parts parts;
    struct sip_part part;
    size_t used = 0;
    int got;

    out[0] = 0;
    if (sip_parts_begin(&parts, &type, exact(text, len), &told) != 0) {
        snprintf(out, sizeof out, "!%u", (unsigned)told.offset);
        return out;
    }
    while ((got = sip_parts_next(&parts, &part, &told)) == 1)
        used += (size_t)snprintf(out + used, sizeof out - used, "%.*s|%.*s;", (int)part.head.len,
                                 part.head.at, (int)part.body.len, part.body.at);
    if (got < 0)
        snprintf(out + used, sizeof out - used, "!%u", (unsigned)told.offset);
    CHECK(got < 0 || sip_parts_next(&parts, &part, &told) == 0); /* and stays there */
    return out;
}

#define MIXED "multipart/mixed;boundary=b1"

TEST(parts_stand_between_boundaries) /* RFC 2046 §5.1.1 */
{
    static const struct {
        const char *type, *body, *parts;
    } rows[] = {
        {MIXED, "--b1\r\nContent-Type: a/b\r\n\r\none\r\n--b1\r\n\r\ntwo\r\n\r\n--b1--\r\n",
         "Content-Type: a/b\r\n|one;|two\r\n;"},
        {MIXED, "preamble\r\n--b1\r\n\r\nx\r\n--b1-- \t\r\nepilogue --b1\r\n--b1\r\n", "|x;"},
        {MIXED, "--b1 \t\r\n\r\nx\r\n--b1--", "|x;"},
        {MIXED, "--b1\r\n--b1--", "|;"},
        {MIXED, "--b1\r\n\r\n--b1--", "|;"},
        {MIXED, "--b1\r\nA: b\r\n\r\n--b1--", "A: b\r\n|;"},
        {MIXED, "--b1\r\nA: b\r\n--b1--", "|A: b;"}, /* the CRLF is the boundary's */
        {MIXED, "--b1\r\n\r\nx\r\n--b12\r\n--b\r\ny --b1\r\n\n--b1\r\n--b1--",
         "|x\r\n--b12\r\n--b\r\ny --b1\r\n\n--b1;"},
        {MIXED, "--b1\r\nno header\r\n\r\nx\r\n--b1--", "|no header\r\n\r\nx;"},
        {MIXED, "--b1\r\nA: b\r\n\rx\r\n--b1--", "A: b\r\n|\rx;"},
        {MIXED, "--b1\r\n\r\n-b1\r\n- -b1\r\n-\r\n--\r\n--b1--", "|-b1\r\n- -b1\r\n-\r\n--;"},
        {MIXED, "\n--b1\r\n\r\n--b1\r\n\r\nx\r\n--b1--", "|x;"}, /* a line ends in CRLF */
        {MIXED, "\r\n--b1\r\n\r\nx\r\n--b1--", "|x;"},
        {MIXED, "--b1\r\n\r\nx\r\n--b1--x\r\n--b1-- ", "|x\r\n--b1--x;"},
        {MIXED, "--b1\r\n\r\nx\r\n--b1--\r", "!18"},
        {"multipart/mixed;boundary=\"a b\"", "--a b\r\n\r\nx\r\n--a b--", "|x;"},
        {"multipart/mixed;boundary=\"(=?:/,.)'_-+\"", "--(=?:/,.)'_-+\r\n\r\nx\r\n--(=?:/,.)'_-+--",
         "|x;"},
        /* refused */
        {"multipart/mixed", "--b1\r\n\r\nx\r\n--b1--", "!0"},
        {"multipart/mixed;boundary=\"\"", "--\r\n\r\nx\r\n----", "!0"},
        {"multipart/mixed;boundary=\"a \"", "--a \r\n\r\nx\r\n--a --", "!0"},
        {"multipart/mixed;boundary=\"a\\\"\"", "--a\r\n\r\nx\r\n--a--", "!0"},
        {MIXED, "no boundary", "!11"},
        {MIXED, "--b1--\r\n", "!0"},
        {MIXED, " --b1\r\n\r\nx\r\n--b1--", "!12"}, /* a line begins behind a CRLF */
        {MIXED, "--b1\r\n\r\none\r\n--b1\r\n\r\ntwo\r\n", "|one;!26"},
        {MIXED, "--b1\r\n\r\none\r\n--b1-\r\n", "!20"},
        {MIXED, "--b1\n\nx\n--b1--", "!14"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = parts_in(rows[i].type, rows[i].body, strlen(rows[i].body));

        CHECK(strcmp(got, rows[i].parts) == 0);
        if (strcmp(got, rows[i].parts) != 0)
            printf("  %s\n  gives %s\n", rows[i].body, got);
        for (size_t cut = 0; cut < strlen(rows[i].body); cut++)
            parts_in(rows[i].type, rows[i].body, cut);
    }
}

TEST(a_boundary_has_seventy_bytes) /* RFC 2046 §5.1.1 */
{
    char type[200], body[400];

    for (int len = 69; len <= 71; len++) {
        snprintf(
            type, sizeof type, "multipart/mixed;boundary=%.*s", len,
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        snprintf(body, sizeof body, "--%s\r\n\r\nx\r\n--%s--", type + 25, type + 25);
        CHECK(strcmp(parts_in(type, body, strlen(body)), len <= 70 ? "|x;" : "!0") == 0);
    }
}

TEST(parts_may_have_parts) /* RFC 5621 §3.1: walked by another walk */
{
    struct sip_media_type type = type_of("multipart/mixed;boundary=b1");
    struct sip_parts outer, inner;
    struct sip_part part, within;
    struct sip_str value;

    CHECK_INT(sip_parts_begin(&outer, &type,
                              sip_str("--b1\r\nContent-Type: multipart/alternative;\r\n boundary=b2"
                                      "\r\ncontent-id : <a@b>\r\n\r\n--b2\r\n\r\nx\r\n--b2\r\n\r\ny"
                                      "\r\n--b2--\r\n--b1--\r\n"),
                              NULL),
              0);
    CHECK_INT(sip_parts_next(&outer, &part, NULL), 1);
    value = sip_lines_find(part.head, "content-type");
    CHECK_STR(sip_lines_find(part.head, "Content-ID"), "<a@b>");
    CHECK(sip_lines_find(part.head, "Content-Disposition").at == NULL);
    CHECK_INT(sip_media_type_parse(&type, value, NULL), 0);
    CHECK_INT(sip_parts_begin(&inner, &type, part.body, NULL), 0);
    CHECK_INT(sip_parts_next(&inner, &within, NULL), 1);
    CHECK_STR(within.body, "x");
    CHECK_INT(sip_parts_next(&inner, &within, NULL), 1);
    CHECK_STR(within.body, "y");
    CHECK_INT(sip_parts_next(&inner, &within, NULL), 0);
    CHECK_INT(sip_parts_next(&outer, &part, NULL), 0);
    CHECK_INT(sip_parts_begin(&outer, &type, sip_str("--b1--"), NULL), SIP_EBAD);
}

TEST(lines_are_cut_in_name_and_value) /* RFC 3261 §7.3.1 */
{
    static const char *const bad[] = {
        "A",         "A:",         "A: b",         "A: b\r",    "A: b\n", ": b\r\n",
        " A: b\r\n", "A b: c\r\n", "A: b\x01\r\n", "A: b\r\n ", "\r\n",   ""};
    struct sip_str rest = exact("To : \t a \r\nl:\r\nX-Own: a\r\n b\r\n", 29);
    struct sip_line line;

    CHECK(sip_line_next(&rest, &line));
    CHECK_INT(line.id, SIP_HEADER_TO);
    CHECK_STR(line.name, "To");
    CHECK_STR(line.value, "a");
    CHECK(sip_line_next(&rest, &line));
    CHECK_INT(line.id, SIP_HEADER_CONTENT_LENGTH);
    CHECK_STR(line.value, "");
    CHECK(sip_line_next(&rest, &line));
    CHECK_INT(line.id, SIP_HEADER_OTHER);
    CHECK_STR(line.value, "a\r\n b");
    CHECK(!sip_line_next(&rest, &line) && rest.len == 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rest = exact(bad[i], strlen(bad[i]));
        CHECK(!sip_line_next(&rest, &line) && rest.len == strlen(bad[i]));
    }
}

PARSE_ROW(fragment, struct sip_fragment, sip_fragment_parse(&got, value, fault))

TEST(fragments_begin_with_a_line_or_not) /* RFC 3420 §2.1 */
{
    static const struct row rows[] = {
        GOOD("SIP/2.0 200 OK\r\n"),
        GOOD("SIP/2.0 100 Trying"), /* many leave the CRLF out */
        GOOD("SIP/2.0 603 \r\nTo: x\r\n\r\nbody"),
        GOOD("SIP/2.0 180\r\n"), /* and the SP before a phrase that is empty */
        GOOD("INVITE sip:bob@b.example SIP/2.0\r\nFrom: a"),
        GOOD("From: <sip:a>\r\nTo: b\r\n c\r\n"),
        GOOD("\r\nbody"),
        BAD("SIP/2.0 99 x\r\n", SIP_BAD_STATUS, 10),
        BAD("SIP/2.0 700 x\r\n", SIP_BAD_STATUS, 8),
        BAD("SIP/2.0 0200 x\r\n", SIP_BAD_STATUS, 8),
        BAD("SIP/2.0 200x\r\n", SIP_BAD_STATUS, 11),
        BAD("SIP/2.0 200 OK\n", SIP_BAD_LINE_END, 14),
        BAD("INVITE  SIP/2.0\r\n", SIP_BAD_START_LINE, 7),
        BAD("INVITE a b SIP/2.0\r\n", SIP_BAD_START_LINE, 8),
        BAD("IN@ITE a SIP/2.0\r\n", SIP_BAD_METHOD, 2),
        BAD("no header\r\n", SIP_BAD_HEADER_NAME, 0),
        BAD("To: a\r\nFrom b\r\n", SIP_BAD_HEADER_NAME, 7),
        BAD("To: a\nFrom: b\r\n", SIP_BAD_HEADER_NAME, 0),
    };
    struct sip_fragment got;

    CHECK_ROWS(parse_fragment, rows);
    CHECK_INT(sip_fragment_parse(&got, sip_str("SIP/2.0 503 Bad day\r\nTo: x\r\n\r\nab"), NULL), 0);
    CHECK_INT(got.status, 503);
    CHECK_STR(got.reason, "Bad day");
    CHECK_STR(sip_lines_find(got.head, "to"), "x");
    CHECK_STR(got.body, "ab");
    CHECK(!got.method_name.at);
    CHECK_INT(sip_fragment_parse(&got, sip_str("BYE sip:a SIP/2.0\r\n"), NULL), 0);
    CHECK_STR(got.method_name, "BYE");
    CHECK_STR(got.uri, "sip:a");
    CHECK(got.status == 0 && !got.body.at && got.head.len == 0);
}

TESTS(T(parts_stand_between_boundaries) T(a_boundary_has_seventy_bytes) T(parts_may_have_parts)
          T(lines_are_cut_in_name_and_value) T(fragments_begin_with_a_line_or_not))
