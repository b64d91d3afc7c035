/* Messages are changed while they are copied: RFC 3261 §16.3, §16.6, §16.7, §18.2.1. */
#include <stdlib.h>

#include "test.h"
#include "sip/edit.h"
#include "sip/error.h"

static const char request[] = "INVITE sip:bob@example.com SIP/2.0\r\n"
                              "Via: SIP/2.0/UDP a.example;rport;branch=z9hG4bK1, SIP/2.0/TCP\r\n"
                              " b.example;branch=z9hG4bK2\r\n"
                              "f: <sip:a@example.com>;tag=1\r\n"
                              "Route: <sip:p1.example;lr>\r\n"
                              "Max-Forwards: 70\r\n"
                              "X-Own: 1, 2\r\n"
                              "Route: <sip:p2.example;lr>, <sip:p3.example;lr>\r\n"
                              "Subject: a,\r\n  b\r\n"
                              "x-own: 3\r\n"
                              "c: text/plain\r\n"
                              "Content-Length: 4\r\n"
                              "\r\n"
                              "body";

static const char response[] = "SIP/2.0 200 Fine\r\n"
                               "v: SIP/2.0/UDP a.example;branch=z9hG4bK1,"
                               "SIP/2.0/TCP b.example;branch=z9hG4bK2\r\n"
                               "Content-Length: 0\r\n"
                               "\r\n";

static struct sip_field fields[20];
static struct sip_message message;
static char *bytes, *out;
static size_t len;

static void take(const char *text, size_t size)
{
    struct sip_fault fault;

    free(bytes);
    bytes = malloc(size);
    memcpy(bytes, text, size);
    sip_message_init(&message, fields, 20);
    CHECK_INT(sip_message_parse(&message, sip_bytes(bytes, size), SIP_DATAGRAM, &fault), size);
}

/* Applies the edits into a block of just the size that is needed, and tries all smaller ones; what
 * they do must not depend on their order, nor on who writes. */
static long edit(const struct sip_edit *edits, size_t count)
{
    struct sip_writer writer;
    long needed;

    free(out);
    out = malloc(2000);
    needed = sip_message_edit(&message, edits, count, out, 2000);
    if (needed < 0)
        return needed;
    for (size_t size = 0; size < (size_t)needed; size++) {
        out = realloc(out, size ? size : 1);
        CHECK_INT(sip_message_edit(&message, edits, count, out, size), SIP_ESIZE);
    }
    out = realloc(out, (size_t)needed);
    CHECK_INT(sip_message_edit(&message, edits, count, out, (size_t)needed), needed);
    sip_writer_init(&writer, NULL, 0);
    sip_write_edited(&writer, &message, edits, count);
    CHECK_INT(writer.used, needed);
    len = (size_t)needed;
    return needed;
}

static struct sip_str edited(const struct sip_edit *edits, size_t count)
{
    long needed = edit(edits, count);

    CHECK(needed > 0);
    return sip_bytes(out, needed > 0 ? len : 0);
}

/* Where `text` begins in what was edited last, or NULL. */
static const char *place_of(const char *text)
{
    for (size_t i = 0; i + strlen(text) <= len; i++)
        if (memcmp(out + i, text, strlen(text)) == 0)
            return out + i;
    return NULL;
}

#define S(text) sip_str(text)
#define VIA_A "Via: SIP/2.0/UDP a.example;rport;branch=z9hG4bK1, "
#define VIA_B "SIP/2.0/TCP b.example;branch=z9hG4bK2\r\n"
#define FROM  "From: <sip:a@example.com>;tag=1\r\n"
#define REST  "X-Own: 1, 2\r\n"                                                                    \
              "Route: <sip:p2.example;lr>, <sip:p3.example;lr>\r\n"                                \
              "Subject: a, b\r\n"                                                                  \
              "x-own: 3\r\n"                                                                       \
              "Content-Type: text/plain\r\n"
#define BODY  "Content-Length: 4\r\n\r\nbody"
#define START "INVITE sip:bob@example.com SIP/2.0\r\n"

TEST(message_without_edits_is_the_same_in_full_form) /* §7.3 */
{
    struct sip_edit none[1] = {{SIP_EDIT_NONE, SIP_HEADER_OTHER, {NULL, 0}, {NULL, 0}, NULL}};

    take(request, sizeof request - 1);
    CHECK_STR(edited(NULL, 0), START VIA_A VIA_B FROM "Route: <sip:p1.example;lr>\r\n"
                                                      "Max-Forwards: 70\r\n" REST BODY);
    CHECK_STR(edited(none, 1), START VIA_A VIA_B FROM "Route: <sip:p1.example;lr>\r\n"
                                                      "Max-Forwards: 70\r\n" REST BODY);
}

TEST(proxy_forwards_a_request_in_one_go) /* §16.6 */
{
    struct sip_addr source;
    struct sip_edit edits[6];

    sip_addr_parse(&source, S("192.0.2.9"));
    source.port = 5071;
    edits[0] = sip_edit_uri(S("sip:bob@192.0.2.4"));
    edits[1] = sip_edit_hop();
    edits[2] = sip_edit_pop(SIP_HEADER_ROUTE);
    edits[3] = sip_edit_push(SIP_HEADER_RECORD_ROUTE, S("<sip:192.0.2.1;lr>"));
    edits[4] = sip_edit_source(&source);
    edits[5] = sip_edit_push(SIP_HEADER_VIA, S("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK3"));
    take(request, sizeof request - 1);
    CHECK_STR(edited(edits, 6),
              "INVITE sip:bob@192.0.2.4 SIP/2.0\r\n"
              "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK3\r\n"
              "Record-Route: <sip:192.0.2.1;lr>\r\n"
              "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1;received=192.0.2.9;rport=5071, " VIA_B
              FROM "Max-Forwards: 69\r\n" REST BODY);
}

TEST(proxy_takes_its_via_from_a_response) /* §16.7 step 3 */
{
    struct sip_edit pops[3] = {sip_edit_pop(SIP_HEADER_VIA), sip_edit_pop(SIP_HEADER_VIA),
                               sip_edit_pop(SIP_HEADER_VIA)};

    take(response, sizeof response - 1);
    CHECK_STR(edited(pops, 1), "SIP/2.0 200 Fine\r\nVia: " VIA_B "Content-Length: 0\r\n\r\n");
    CHECK_STR(edited(pops, 2), "SIP/2.0 200 Fine\r\nContent-Length: 0\r\n\r\n");
    CHECK_STR(edited(pops, 3), "SIP/2.0 200 Fine\r\nContent-Length: 0\r\n\r\n");
}

TEST(values_are_popped_one_by_one_from_wherever_they_stand) /* §7.3.1, §16.4 */
{
    static const char *const left[] = {
        "<sip:p1.example;lr>", "<sip:p2.example;lr>, <sip:p3.example;lr>", "<sip:p3.example;lr>", "",
    };
    struct sip_edit pops[4];

    take(request, sizeof request - 1);
    for (size_t i = 0; i < 4; i++) {
        const char *route;

        pops[i] = sip_edit_pop(SIP_HEADER_ROUTE);
        edited(pops, i);
        route = place_of("Route: ");
        CHECK((route != NULL) == (i < 3));
        if (route)
            CHECK(strncmp(route + 7, left[i], strlen(left[i])) == 0);
    }
    pops[0] = sip_edit_pop(SIP_HEADER_SUBJECT); /* no list: its comma separates nothing */
    edited(pops, 1);
    CHECK(len > 0 && !place_of("Subject"));
}

TEST(header_without_values_is_popped_whole)
{
    static const char text[] = "BYE sip:a SIP/2.0\r\nRoute: \r\nRoute: ,<sip:b>\r\n\r\n";
    struct sip_edit pops[2] = {sip_edit_pop(SIP_HEADER_ROUTE), sip_edit_pop(SIP_HEADER_ROUTE)};

    take(text, sizeof text - 1);
    CHECK_STR(edited(pops, 1), "BYE sip:a SIP/2.0\r\nRoute: <sip:b>\r\nContent-Length: 0\r\n\r\n");
    CHECK_STR(edited(pops, 2), "BYE sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n");
}

TEST(headers_are_replaced_removed_and_appended)
{
    struct sip_edit edits[8];

    edits[0] = sip_edit_replace(SIP_HEADER_ROUTE, S("<sip:p9.example;lr>"));
    edits[1] = sip_edit_replace(SIP_HEADER_USER_AGENT, S("proxy"));
    edits[2] = sip_edit_remove(SIP_HEADER_MAX_FORWARDS);
    edits[3] = sip_edit_remove(SIP_HEADER_VIA);
    edits[4] = sip_edit_push(SIP_HEADER_VIA, S("SIP/2.0/UDP c"));
    edits[5] = sip_edit_append(SIP_HEADER_DIVERSION, S("<sip:a>\r\n ;reason=x"));
    edits[6] = sip_edit_append(SIP_HEADER_DIVERSION, S("<sip:b>"));
    edits[7] = sip_edit_remove(SIP_HEADER_SUBJECT);
    take(request, sizeof request - 1);
    CHECK_STR(edited(edits, 8), START "Via: SIP/2.0/UDP c\r\n" FROM "Route: <sip:p9.example;lr>\r\n"
                                      "X-Own: 1, 2\r\n"
                                      "x-own: 3\r\n"
                                      "Content-Type: text/plain\r\n"
                                      "User-Agent: proxy\r\n"
                                      "Diversion: <sip:a> ;reason=x\r\n"
                                      "Diversion: <sip:b>\r\n" BODY);
}

TEST(headers_without_an_id_are_edited_by_name) /* §7.3.1: whatever the case */
{
    struct sip_edit edits[3];

    take(request, sizeof request - 1);
    edits[0] = sip_edit_named(SIP_EDIT_POP, S("X-OWN"), S(NULL));
    edits[1] = sip_edit_named(SIP_EDIT_PUSH, S("X-Own"), S("0"));
    edits[2] = sip_edit_named(SIP_EDIT_APPEND, S("X-More"), S("4"));
    CHECK_STR(edited(edits, 3), START "X-Own: 0\r\n" VIA_A VIA_B FROM
                                      "Route: <sip:p1.example;lr>\r\n"
                                      "Max-Forwards: 70\r\n"
                                      "Route: <sip:p2.example;lr>, <sip:p3.example;lr>\r\n"
                                      "Subject: a, b\r\n"
                                      "x-own: 3\r\n"
                                      "Content-Type: text/plain\r\n"
                                      "X-More: 4\r\n" BODY);
    edits[0] = sip_edit_named(SIP_EDIT_REPLACE, S("x-own"), S("9"));
    edits[1] = sip_edit_named(SIP_EDIT_REPLACE, S("x-other"), S("8"));
    edits[2] = sip_edit_named(SIP_EDIT_REMOVE, S("x-none"), S(NULL));
    edited(edits, 3);
    CHECK(place_of("x-own: 9\r\nRoute") && place_of("x-other: 8\r\nCont"));
    CHECK(!place_of("x-own: 3"));
}

TEST(hops_are_counted_down_to_nothing) /* §16.3 step 3, §16.6 step 3, §20.22 */
{
    static const struct {
        const char *line;
        const char *written;
        int error;
    } rows[] = {
        {"Max-Forwards: 255\r\n", "Max-Forwards: 254\r\n", 0},
        {"Max-Forwards: 1\r\n", "Max-Forwards: 0\r\n", 0},
        {"", "Max-Forwards: 70\r\n", 0},
        {"Max-Forwards: 0\r\n", "", SIP_ESTATE},
        {"Max-Forwards: 256\r\n", "", SIP_EINVAL},
        {"Max-Forwards: x\r\n", "", SIP_EINVAL},
        {"Max-Forwards: \r\n", "", SIP_EINVAL},
    };
    struct sip_edit hop = sip_edit_hop();
    char text[200];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int size = snprintf(text, sizeof text, "BYE sip:a SIP/2.0\r\n%s\r\n", rows[i].line);

        take(text, (size_t)size);
        if (rows[i].error) {
            CHECK_INT(edit(&hop, 1), rows[i].error);
            continue;
        }
        edited(&hop, 1);
        CHECK(place_of(rows[i].written));
    }
    take(response, sizeof response - 1);
    CHECK_INT(edit(&hop, 1), SIP_EINVAL);
}

TEST(source_is_noted_where_the_via_does_not_tell_it) /* §18.2.1, RFC 3581 §4 */
{
    static const struct {
        const char *via;
        const char *written; /* NULL: refused */
    } rows[] = {
        {"SIP/2.0/UDP 192.0.2.9:1;branch=b", "SIP/2.0/UDP 192.0.2.9:1;branch=b\r\n"},
        {"SIP/2.0/UDP h;branch=b;x", "SIP/2.0/UDP h;branch=b;x;received=192.0.2.9\r\n"},
        {"SIP/2.0/UDP 192.0.2.9;rport", "SIP/2.0/UDP 192.0.2.9;received=192.0.2.9;rport=7\r\n"},
        {"SIP/2.0/UDP h;received=1.2.3.4;rport=9", "SIP/2.0/UDP h;received=192.0.2.9;rport=7\r\n"},
        {"SIP/2.0/UDP a, SIP/2.0/UDP b", "SIP/2.0/UDP a;received=192.0.2.9, SIP/2.0/UDP b\r\n"},
        {"SIP/2.0/UDP", NULL},
        {"", NULL},
    };
    struct sip_addr source;
    struct sip_edit edits[2];
    char text[200];

    sip_addr_parse(&source, S("192.0.2.9"));
    source.port = 7;
    edits[0] = sip_edit_source(&source);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int size = snprintf(text, sizeof text, "BYE sip:a SIP/2.0\r\nVia: %s\r\n\r\n", rows[i].via);

        take(text, (size_t)size);
        CHECK_INT(edit(edits, 1) > 0, rows[i].written != NULL);
        if (rows[i].written)
            CHECK(place_of(rows[i].written));
        else
            CHECK_INT(edit(edits, 1), SIP_EINVAL);
    }
    take(request, sizeof request - 1);
    edits[0].source = NULL;
    CHECK_INT(edit(edits, 1), SIP_EINVAL);
    edits[0].source = &source;
    edits[1] = sip_edit_remove(SIP_HEADER_VIA);
    CHECK_INT(edit(edits, 2), SIP_EINVAL); /* there is none to note it in */
}

TEST(body_is_changed_with_its_length) /* §7.4 */
{
    struct sip_edit edits[2] = {sip_edit_body(sip_bytes("v=0\r\n", 5)),
                                sip_edit_replace(SIP_HEADER_CONTENT_TYPE, S("application/sdp"))};

    take(request, sizeof request - 1);
    edited(edits, 2);
    CHECK(place_of("Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"));
    take(response, sizeof response - 1);
    edited(edits, 1);
    CHECK(place_of("Content-Length: 5\r\n\r\nv=0\r\n"));
}

TEST(edits_that_make_no_sense_are_refused)
{
    struct sip_edit many[SIP_EDITS_MAX + 1], two[2];
    struct sip_edit_bad {
        struct sip_edit edit;
        int error;
    } rows[] = {
        {sip_edit_push(SIP_HEADER_CONTENT_LENGTH, S("1")), SIP_EINVAL},
        {sip_edit_remove(SIP_HEADER_CONTENT_LENGTH), SIP_EINVAL},
        {sip_edit_push(SIP_HEADER_COUNT, S("1")), SIP_EINVAL},
        {sip_edit_push(SIP_HEADER_OTHER, S("1")), SIP_EHEADER}, /* without a name */
        {sip_edit_named(SIP_EDIT_PUSH, S("a b"), S("1")), SIP_EHEADER},
        {sip_edit_named(SIP_EDIT_PUSH, S("l"), S("1")), SIP_EINVAL}, /* it has an id */
        {sip_edit_named(SIP_EDIT_HOP, S("x"), S("1")), SIP_EINVAL},
        {sip_edit_named(SIP_EDIT_SOURCE, S("x"), S("1")), SIP_EINVAL},
        {sip_edit_push(SIP_HEADER_SUBJECT, S("a\r\nX: y")), SIP_EHEADER},
        {sip_edit_append(SIP_HEADER_SUBJECT, S("a\nb")), SIP_EHEADER},
        {sip_edit_replace(SIP_HEADER_SUBJECT, sip_bytes("a\0b", 3)), SIP_EHEADER},
        {sip_edit_uri(S("sip:a b")), SIP_EHEADER},
        {sip_edit_uri(S("")), SIP_EINVAL},
    };

    take(request, sizeof request - 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_INT(edit(&rows[i].edit, 1), rows[i].error);
    two[0] = two[1] = sip_edit_replace(SIP_HEADER_SUBJECT, S("a"));
    CHECK_INT(edit(two, 2), SIP_EINVAL);
    two[1] = sip_edit_replace(SIP_HEADER_SERVER, S("a"));
    CHECK(edit(two, 2) > 0);
    two[0] = sip_edit_named(SIP_EDIT_REPLACE, S("X-A"), S("a"));
    two[1] = sip_edit_named(SIP_EDIT_REPLACE, S("x-a"), S("b"));
    CHECK_INT(edit(two, 2), SIP_EINVAL);
    two[1] = sip_edit_named(SIP_EDIT_REPLACE, S("x-b"), S("b"));
    CHECK(edit(two, 2) > 0);
    for (size_t i = 0; i <= SIP_EDITS_MAX; i++)
        many[i] = sip_edit_append(SIP_HEADER_REASON, S("SIP"));
    CHECK(edit(many, SIP_EDITS_MAX) > 0);
    CHECK_INT(edit(many, SIP_EDITS_MAX + 1), SIP_EINVAL);
    take(response, sizeof response - 1);
    two[0] = sip_edit_uri(S("sip:a"));
    CHECK_INT(edit(two, 1), SIP_EINVAL);
}

TEST(edited_message_may_have_compact_names) /* §7.3.3 */
{
    struct sip_edit edits[2] = {sip_edit_push(SIP_HEADER_VIA, S("SIP/2.0/UDP c")),
                                sip_edit_pop(SIP_HEADER_ROUTE)};
    struct sip_writer writer;
    char block[600];

    take(request, sizeof request - 1);
    sip_writer_init(&writer, block, sizeof block);
    writer.compact = true;
    sip_write_edited(&writer, &message, edits, 2);
    CHECK_STR(sip_bytes(block, (size_t)sip_writer_done(&writer)),
              START "v: SIP/2.0/UDP c\r\n"
                    "v: SIP/2.0/UDP a.example;rport;branch=z9hG4bK1, " VIA_B
                    "f: <sip:a@example.com>;tag=1\r\n"
                    "Max-Forwards: 70\r\n"
                    "X-Own: 1, 2\r\n"
                    "Route: <sip:p2.example;lr>, <sip:p3.example;lr>\r\n"
                    "s: a, b\r\n"
                    "x-own: 3\r\n"
                    "c: text/plain\r\n"
                    "l: 4\r\n\r\nbody");
}

TESTS(T(message_without_edits_is_the_same_in_full_form) T(proxy_forwards_a_request_in_one_go)
      T(proxy_takes_its_via_from_a_response)
      T(values_are_popped_one_by_one_from_wherever_they_stand)
      T(header_without_values_is_popped_whole) T(headers_are_replaced_removed_and_appended)
      T(headers_without_an_id_are_edited_by_name) T(hops_are_counted_down_to_nothing)
      T(source_is_noted_where_the_via_does_not_tell_it) T(body_is_changed_with_its_length)
      T(edits_that_make_no_sense_are_refused) T(edited_message_may_have_compact_names))
