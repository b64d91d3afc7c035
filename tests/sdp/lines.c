/* Any line of a description as a view, and written again: RFC 8866 §5, §9. */
#include <stdlib.h>

#include "sip/error.h"
#include "sip/sdp_lines.h"
#include "test.h"

#define S(text) sip_str(text)

static char *block;
static char out[3000];
static struct sip_writer writer;

/* `text` in a block of just its size. */
static struct sip_str exact(const char *text)
{
    size_t len = strlen(text);

    free(block);
    block = malloc(len ? len : 1);
    memcpy(block, text, len);
    return sip_bytes(block, len);
}

static void start(void)
{
    sip_writer_init(&writer, out, sizeof out);
}

static struct sip_str written(void)
{
    long len = sip_writer_done(&writer);

    CHECK(len > 0);
    return sip_bytes(out, len > 0 ? (size_t)len : 0);
}

struct row {
    const char *value;
    const char *line; /* what is written; NULL: refused */
    unsigned offset;  /* where */
};

/* Reads the values of rows into `got`, writes what it got, and reads that again. */
#define CHECK_LINES(type, parse, write, rows)                                                      \
    for (size_t row_ = 0; row_ < sizeof(rows) / sizeof *(rows); row_++) {                          \
        type before;                                                                               \
        struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 999};                         \
        int failures = test_failures;                                                              \
        memset(&got, 0x5a, sizeof got);                                                            \
        memset(&before, 0x5a, sizeof before);                                                      \
        CHECK_INT(parse(&got, exact((rows)[row_].value), &fault),                                  \
                  (rows)[row_].line ? SIP_OK : SIP_EBAD);                                          \
        if (!(rows)[row_].line) {                                                                  \
            CHECK(memcmp(&got, &before, sizeof got) == 0);                                         \
            CHECK_INT(fault.reason, SIP_BAD_SDP_VALUE);                                            \
            CHECK_INT(fault.offset, (rows)[row_].offset);                                          \
            CHECK_INT(parse(&got, exact((rows)[row_].value), NULL), SIP_EBAD);                     \
        } else {                                                                                   \
            start();                                                                               \
            write;                                                                                 \
            CHECK_STR(written(), (rows)[row_].line);                                               \
            CHECK_INT(parse(&got, sip_bytes(out + 2, writer.used - 4), NULL), SIP_OK);             \
            start();                                                                               \
            write;                                                                                 \
            CHECK_STR(written(), (rows)[row_].line);                                               \
        }                                                                                          \
        if (test_failures > failures)                                                              \
            printf("  value: %s\n", (rows)[row_].value);                                           \
    }

#define REFUSED(write)                                                                             \
    start();                                                                                       \
    write;                                                                                         \
    CHECK_INT(sip_writer_done(&writer), SIP_EINVAL);

TEST(lines_and_attributes_are_walked) /* §5.13 */
{
    struct sip_str rest = exact("a=rtpmap:0 PCMU/8000\r\nb=AS:64\na=sendonly\r\nx\r\n\r\na=x:\r\na=:y");
    struct sip_str all = rest, value;
    struct sip_sdp_line line;
    struct sip_param attribute;

    CHECK(sip_sdp_next_any_line(&rest, &line) && line.type == 'a');
    CHECK_STR(line.value, "rtpmap:0 PCMU/8000");
    CHECK(sip_sdp_next_any_line(&rest, &line) && line.type == 'b');
    CHECK_STR(line.value, "AS:64");
    CHECK(sip_sdp_next_any_line(&rest, &line) && line.type == 'a');
    CHECK(sip_sdp_next_any_line(&rest, &line)); /* what is no line is left out */
    CHECK_STR(line.value, "x:");
    CHECK(sip_sdp_next_any_line(&rest, &line));
    CHECK(!sip_sdp_next_any_line(&rest, &line));
    rest = S(NULL);
    CHECK(!sip_sdp_next_any_line(&rest, &line) && !sip_sdp_next_any_attribute(&rest, &attribute));

    rest = all;
    CHECK(sip_sdp_next_any_attribute(&rest, &attribute));
    CHECK_STR(attribute.name, "rtpmap");
    CHECK_STR(attribute.value, "0 PCMU/8000");
    CHECK(sip_sdp_next_any_attribute(&rest, &attribute));
    CHECK_STR(attribute.name, "sendonly");
    CHECK(!attribute.value.at);
    CHECK(sip_sdp_next_any_attribute(&rest, &attribute));
    CHECK(attribute.value.at && attribute.value.len == 0);
    CHECK(sip_sdp_next_any_attribute(&rest, &attribute) && attribute.name.len == 0);
    CHECK(!sip_sdp_next_any_attribute(&rest, &attribute));

    rest = exact("a=candidate:1\r\na=x\r\na=candidate:2\r\n");
    CHECK(sip_sdp_next_attribute(&rest, "candidate", &value));
    CHECK_STR(value, "1");
    CHECK(sip_sdp_next_attribute(&rest, "candidate", &value));
    CHECK_STR(value, "2");
    CHECK(!sip_sdp_next_attribute(&rest, "candidate", &value));
}

TEST(origins_have_six_words) /* §5.2 */
{
    static const struct row rows[] = {
        {"jdoe 3724394400 3724394405 IN IP4 198.51.100.1",
         "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n", 0},
        {"- 99999999999999999999 0 IN IP6 2001:db8::1",
         "o=- 99999999999999999999 0 IN IP6 2001:db8::1\r\n", 0},
        {"", NULL, 0},
        {" 1 1 IN IP4 h", NULL, 0},
        {"j x 1 IN IP4 h", NULL, 2},
        {"j 1 x IN IP4 h", NULL, 4},
        {"j 1 1 I/N IP4 h", NULL, 6},
        {"j 1 1 IN IP:4 h", NULL, 9},
        {"j 1 1 IN IP4", NULL, 12},
        {"j 1 1 IN IP4 ", NULL, 13},
        {"j 1 1 IN IP4 h\x01", NULL, 13},
        {"j 1 1 IN IP4 h\x7f", NULL, 13},
        {"j 1 1 IN IP4 h x", NULL, 15},
    };
    struct sip_sdp_origin got;

    CHECK_LINES(struct sip_sdp_origin, sip_sdp_origin_parse, sip_sdp_write_origin(&writer, &got),
                rows)
    CHECK_INT(sip_sdp_origin_parse(&got, S(rows[0].value), NULL), 0);
    CHECK_STR(got.user, "jdoe");
    CHECK_STR(got.session_id, "3724394400");
    CHECK_STR(got.version, "3724394405");
    CHECK_STR(got.network_type, "IN");
    CHECK_STR(got.address_type, "IP4");
    CHECK_STR(got.address, "198.51.100.1");
    got.address = S("a b");
    REFUSED(sip_sdp_write_origin(&writer, &got))
    got.address = S("a\tb");
    REFUSED(sip_sdp_write_origin(&writer, &got))
    got.address = S(NULL);
    REFUSED(sip_sdp_write_origin(&writer, &got))
    got.address = S("a\r\nb");
    start();
    sip_sdp_write_origin(&writer, &got);
    CHECK_INT(sip_writer_done(&writer), SIP_EHEADER);
}

TEST(contacts_have_a_name_before_or_behind) /* §5.6 */
{
    static const struct row rows[] = {
        {"j.doe@example.com (Jane Doe)", "e=j.doe@example.com (Jane Doe)\r\n", 0},
        {"Jane Doe <j.doe@example.com>", "e=j.doe@example.com (Jane Doe)\r\n", 0},
        {"j.doe@example.com", "e=j.doe@example.com\r\n", 0},
        {"+1 617 555-6011", "e=+1 617 555-6011\r\n", 0},
        {"+1 617 555-6011(Jane)", "e=+1 617 555-6011 (Jane)\r\n", 0},
        {"", NULL, 0},
        {"()", NULL, 1},
        {"a ()", NULL, 3},
        {"(x)", NULL, 0},
        {"<a@b>", NULL, 0},
        {"x <>", NULL, 3},
        {"x)", NULL, 1},
        {"a (b) (c)", NULL, 0},
        {"a <b> c", NULL, 0},
        {"a<b (c)", NULL, 0},
        {"a ( )", NULL, 0},
    };
    struct sip_sdp_contact got;

    CHECK_LINES(struct sip_sdp_contact, sip_sdp_contact_parse,
                sip_sdp_write_contact(&writer, 'e', &got), rows)
    CHECK_INT(sip_sdp_contact_parse(&got, S(rows[1].value), NULL), 0);
    CHECK_STR(got.address, "j.doe@example.com");
    CHECK_STR(got.name, "Jane Doe");
    start();
    sip_sdp_write_contact(&writer, 'p', &got);
    CHECK_STR(written(), "p=j.doe@example.com (Jane Doe)\r\n");
    REFUSED(sip_sdp_write_contact(&writer, 'x', &got))
    got.name = S("a(b");
    REFUSED(sip_sdp_write_contact(&writer, 'e', &got))
    got.name = S("");
    got.address = S("a>b");
    REFUSED(sip_sdp_write_contact(&writer, 'e', &got))
    got.address = S("");
    REFUSED(sip_sdp_write_contact(&writer, 'e', &got))
}

TEST(connections_have_a_ttl_and_a_number_of_addresses) /* §5.7 */
{
    static const struct row rows[] = {
        {"IN IP4 198.51.100.1", "c=IN IP4 198.51.100.1\r\n", 0},
        {"IN IP4 233.252.0.1/127", "c=IN IP4 233.252.0.1/127\r\n", 0},
        {"IN IP4 233.252.0.1/0/3", "c=IN IP4 233.252.0.1/0/3\r\n", 0},
        {"IN IP6 ff00::db8:0:101/3", "c=IN IP6 ff00::db8:0:101/3\r\n", 0},
        {"IN IP6 ff00::db8:0:101", "c=IN IP6 ff00::db8:0:101\r\n", 0},
        {"X Y a/b/c", "c=X Y a/b/c\r\n", 0},
        {"", NULL, 0},
        {"IN", NULL, 2},
        {"IN IP4", NULL, 6},
        {"IN IP4 ", NULL, 7},
        {"I,N IP4 h", NULL, 0},
        {"IN I/4 h", NULL, 3},
        {"IN IP4 h x", NULL, 7},
        {"IN IP4 /1", NULL, 7},
        {"IN IP4 h/256", NULL, 8},
        {"IN IP4 h/", NULL, 8},
        {"IN IP4 h/1/", NULL, 8},
        {"IN IP4 h/1/0", NULL, 8},
        {"IN IP4 h/1/01", NULL, 8},
        {"IN IP4 h/1/2/3", NULL, 8},
        {"IN IP4 h/1/65536", NULL, 8},
        {"IN IP6 h/1/2", NULL, 8},
    };
    struct sip_sdp_connection got, bad;

    CHECK_LINES(struct sip_sdp_connection, sip_sdp_connection_parse,
                sip_sdp_write_connection_line(&writer, &got), rows)
    CHECK_INT(sip_sdp_connection_parse(&got, S(rows[2].value), NULL), 0);
    CHECK_STR(got.address, "233.252.0.1");
    CHECK(got.ttl.given && got.ttl.value == 0 && got.count.given && got.count.value == 3);
    bad = got;
    bad.ttl.value = 256;
    REFUSED(sip_sdp_write_connection_line(&writer, &bad))
    bad = got;
    bad.ttl.given = false;
    REFUSED(sip_sdp_write_connection_line(&writer, &bad))
    bad = got;
    bad.count.value = 0;
    REFUSED(sip_sdp_write_connection_line(&writer, &bad))
    bad.count.value = 65536;
    REFUSED(sip_sdp_write_connection_line(&writer, &bad))
    bad = got;
    bad.address_type = S("IP6");
    REFUSED(sip_sdp_write_connection_line(&writer, &bad))
    bad.count.given = false;
    REFUSED(sip_sdp_write_connection_line(&writer, &bad))
}

TEST(bandwidths_have_a_type) /* §5.8, RFC 3890 */
{
    static const struct row rows[] = {
        {"X-YZ:128", "b=X-YZ:128\r\n", 0},
        {"TIAS:4294967295", "b=TIAS:4294967295\r\n", 0},
        {"AS:0", "b=AS:0\r\n", 0},
        {"", NULL, 0},
        {"AS", NULL, 2},
        {"AS:", NULL, 3},
        {":1", NULL, 0},
        {"A S:1", NULL, 0},
        {"AS:1k", NULL, 3},
        {"AS:4294967296", NULL, 3},
    };
    struct sip_sdp_bandwidth got;

    CHECK_LINES(struct sip_sdp_bandwidth, sip_sdp_bandwidth_parse,
                sip_sdp_write_bandwidth(&writer, &got), rows)
    got.type = S("");
    REFUSED(sip_sdp_write_bandwidth(&writer, &got))
}

TEST(times_are_seconds_since_1900) /* §5.9 */
{
    static const struct row rows[] = {
        {"3724394400 3724398000", "t=3724394400 3724398000\r\n", 0},
        {"0 0", "t=0 0\r\n", 0},
        {"1000000000 18446744073709551615", "t=1000000000 18446744073709551615\r\n", 0},
        {"", NULL, 0},
        {"0", NULL, 1},
        {"0 ", NULL, 2},
        {"x 0", NULL, 0},
        {"0 /", NULL, 2},
        {"0 :", NULL, 2},
        {"0 0 0", NULL, 2},
        {"18446744073709551616 0", NULL, 0},
        {"0 184467440737095516150", NULL, 2},
    };
    struct sip_sdp_time got;

    CHECK_LINES(struct sip_sdp_time, sip_sdp_time_parse, sip_sdp_write_time(&writer, &got), rows)
    got.start_s = 999999999; /* ten digits at least */
    REFUSED(sip_sdp_write_time(&writer, &got))
    got.start_s = 0;
    got.stop_s = 1;
    REFUSED(sip_sdp_write_time(&writer, &got))
}

TEST(repeats_have_units) /* §5.10 */
{
    static const struct row rows[] = {
        {"604800 3600 0 90000", "r=604800 3600 0 90000\r\n", 0},
        {"7d 1h 0 25h", "r=604800 3600 0 90000\r\n", 0},
        {"1m 2s 49710d", "r=60 2 4294944000\r\n", 0},
        {"", NULL, 0},
        {"0 1 0", NULL, 0},
        {"7d", NULL, 2},
        {"7d x", NULL, 3},
        {"7d 1h", NULL, 5},
        {"7d 1h ", NULL, 6},
        {"7d 1h 0 x", NULL, 8},
        {"7d 1h d", NULL, 6},
        {"7d 1h 49711d", NULL, 6},
        {"7d 1h 4294967296", NULL, 6},
    };
    struct sip_sdp_repeat got;
    struct sip_str rest;
    uint32_t offset = 0;

    CHECK_LINES(struct sip_sdp_repeat, sip_sdp_repeat_parse, sip_sdp_write_repeat(&writer, &got),
                rows)
    CHECK_INT(sip_sdp_repeat_parse(&got, S(rows[1].value), NULL), 0);
    CHECK(got.interval_s == 604800 && got.duration_s == 3600);
    rest = got.offsets;
    CHECK(sip_sdp_next_offset(&rest, &offset) && offset == 0);
    CHECK(sip_sdp_next_offset(&rest, &offset) && offset == 90000);
    CHECK(!sip_sdp_next_offset(&rest, &offset) && !rest.at);
    got.offsets = S("0 x");
    REFUSED(sip_sdp_write_repeat(&writer, &got))
    got.offsets = S(NULL);
    REFUSED(sip_sdp_write_repeat(&writer, &got))
    got.offsets = S("0");
    got.interval_s = 0;
    REFUSED(sip_sdp_write_repeat(&writer, &got))
}

TEST(zones_come_in_pairs) /* §5.11 */
{
    struct sip_str rest = exact("3730928400 -1h 3749680800 0");
    struct sip_sdp_zone zones[3];
    static const char *const bad[] = {"1", "x 0", "0 x", "0 --1", "0 -", "0 ", "0 24856d",
                                      "0 2147483648"};

    CHECK(sip_sdp_next_zone(&rest, &zones[0]));
    CHECK(zones[0].time_s == 3730928400 && zones[0].offset_s == -3600);
    CHECK(sip_sdp_next_zone(&rest, &zones[1]));
    CHECK(zones[1].time_s == 3749680800 && zones[1].offset_s == 0);
    CHECK(!sip_sdp_next_zone(&rest, &zones[2]) && !rest.at);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rest = exact(bad[i]);
        CHECK(!sip_sdp_next_zone(&rest, &zones[2]) && rest.at == block);
    }
    zones[2].time_s = 0;
    zones[2].offset_s = INT32_MAX;
    start();
    sip_sdp_write_zones(&writer, zones, 3);
    CHECK_STR(written(), "z=3730928400 -3600 3749680800 0 0 2147483647\r\n");
    zones[2].offset_s = INT32_MIN;
    start();
    sip_sdp_write_zones(&writer, zones + 2, 1);
    CHECK_STR(written(), "z=0 -2147483648\r\n");
    REFUSED(sip_sdp_write_zones(&writer, zones, 0))
    zones[0].time_s = 5;
    REFUSED(sip_sdp_write_zones(&writer, zones, 1))
}

TEST(keys_have_a_method) /* §5.12 */
{
    static const struct row rows[] = {
        {"prompt", "k=prompt\r\n", 0},
        {"clear:a:b c", "k=clear:a:b c\r\n", 0},
        {"", NULL, 0},
        {":a", NULL, 0},
        {"a b:c", NULL, 0},
        {"clear:", NULL, 6},
    };
    struct sip_param got;

    CHECK_LINES(struct sip_param, sip_sdp_key_parse, sip_sdp_write_key(&writer, &got), rows)
    got.name = S("clear");
    got.value = S("");
    REFUSED(sip_sdp_write_key(&writer, &got))
    got.name = S("");
    REFUSED(sip_sdp_write_key(&writer, &got))
}

static const char everything[] = "v=0\r\n"
                                 "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
                                 "s=SDP Seminar\r\n"
                                 "i=A Seminar on the session description protocol\r\n"
                                 "u=https://www.example.com/seminars/sdp.pdf\r\n"
                                 "e=j.doe@example.com (Jane Doe)\r\n"
                                 "p=+1 617 555-6011\r\n"
                                 "c=IN IP4 233.252.0.1/127\r\n"
                                 "b=X-YZ:128\r\n"
                                 "t=3724394400 3724398000\r\n"
                                 "r=7d 1h 0 25h\r\n"
                                 "z=3730928400 -1h 3749680800 0\r\n"
                                 "k=prompt\r\n"
                                 "a=recvonly\r\n"
                                 "m=audio 49170 RTP/AVP 0\r\n"
                                 "i=the voice\r\n"
                                 "c=IN IP4 233.252.0.1/127\r\n"
                                 "c=IN IP4 233.252.0.2/127\r\n"
                                 "b=AS:64\r\n"
                                 "k=clear:x\r\n"
                                 "a=rtpmap:0 PCMU/8000\r\n"
                                 "m=video 51372/2 RTP/AVP 99\r\n"
                                 "c=IN IP6 2001:db8::2\r\n"
                                 "a=rtpmap:99 h263-1998/90000\r\n";

static struct sip_sdp_media table[4];

static struct sip_sdp parsed(const char *text)
{
    struct sip_fault fault;
    struct sip_sdp sdp;

    sip_sdp_init(&sdp, table, 4);
    CHECK_INT(sip_sdp_parse(&sdp, exact(text), &fault), 0);
    return sdp;
}

TEST(description_is_written_as_it_was_read) /* §5 */
{
    struct sip_sdp sdp = parsed(everything);
    char lf[sizeof everything];
    size_t len = 0;

    start();
    sip_sdp_write(&writer, &sdp);
    CHECK_STR(written(), everything);
    for (size_t size = 0; size < sizeof everything - 1; size++) {
        char *small = malloc(size ? size : 1);

        sip_writer_init(&writer, small, size);
        sip_sdp_write(&writer, &sdp);
        CHECK_INT(sip_writer_done(&writer), SIP_ESIZE);
        free(small);
    }
    for (size_t i = 0; i < sizeof everything; i++)
        if (everything[i] != '\r')
            lf[len++] = everything[i];
    sdp = parsed(lf);
    CHECK_INT(sdp.used, SIP_SDP_BARE_LF);
    start();
    sip_sdp_write(&writer, &sdp);
    CHECK_STR(written(), everything);
}

TEST(media_lines_are_written_from_their_members) /* §5.14 */
{
    struct sip_sdp sdp = parsed(everything);

    sdp.media[1].port = 0;
    sdp.media[1].ports = 0;
    start();
    sip_sdp_write_media(&writer, &sdp.media[1]);
    CHECK_STR(written(), "m=video 0 RTP/AVP 99\r\n");
    sdp.media[1].formats = S("");
    REFUSED(sip_sdp_write_media(&writer, &sdp.media[1]))
    sdp.media[0].protocol = S("RTP AVP");
    REFUSED(sip_sdp_write_media(&writer, &sdp.media[0]))
    sdp.media[0].kind = S("");
    REFUSED(sip_sdp_write_media(&writer, &sdp.media[0]))
}

TEST(stranger_reads_all_of_a_description) /* §5: each line has its view */
{
    struct sip_sdp sdp = parsed(everything);
    struct sip_str rest = sdp.lines, value;
    struct sip_sdp_connection connection;
    struct sip_sdp_line line;
    unsigned lines = 0, connections = 0;

    while (sip_sdp_next_any_line(&rest, &line))
        lines++;
    CHECK_INT(lines, 14);
    rest = sdp.media[0].lines;
    while (sip_sdp_next_line(&rest, 'c', &value)) {
        CHECK_INT(sip_sdp_connection_parse(&connection, value, NULL), 0);
        CHECK(connection.ttl.value == 127);
        connections++;
    }
    CHECK_INT(connections, 2);
    CHECK_INT(sdp.media[1].ports, 2);
    CHECK_STR(sdp.media[1].address, "2001:db8::2");
}

TESTS(T(lines_and_attributes_are_walked) T(origins_have_six_words)
      T(contacts_have_a_name_before_or_behind)
      T(connections_have_a_ttl_and_a_number_of_addresses) T(bandwidths_have_a_type)
      T(times_are_seconds_since_1900) T(repeats_have_units) T(zones_come_in_pairs)
      T(keys_have_a_method) T(description_is_written_as_it_was_read)
      T(media_lines_are_written_from_their_members) T(stranger_reads_all_of_a_description))
