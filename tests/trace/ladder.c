/* The ladder: records drawn, written as lines, read back, merged. */
#include "sip/ladder.h"
#include "test.h"

#include <stdlib.h>

static char drawn[8192];
static size_t drawn_len;

static void collect(void *host, struct sip_str line)
{
    (void)host;
    CHECK(line.len <= SIP_LADDER_LINE && line.at[line.len - 1] == '\n');
    CHECK(memchr(line.at, '\n', line.len - 1) == NULL);
    if (drawn_len + line.len < sizeof drawn) {
        memcpy(drawn + drawn_len, line.at, line.len);
        drawn_len += line.len;
    }
    drawn[drawn_len] = '\0';
}

static struct sip_addr addr(const char *host, uint16_t port)
{
    struct sip_addr got;

    CHECK_INT(sip_addr_parse(&got, sip_str(host)), 0);
    got.port = port;
    return got;
}

static struct sip_ladder_column columns[4];

static struct sip_ladder ladder_of_three(void)
{
    struct sip_ladder ladder = {0};

    columns[0] = (struct sip_ladder_column){"alice", addr("192.0.2.1", 5060)};
    columns[1] = (struct sip_ladder_column){"pbx", addr("192.0.2.2", 5060)};
    columns[2] = (struct sip_ladder_column){"bob", addr("2001:db8::3", 0)};
    columns[3] = (struct sip_ladder_column){"pbx", addr("2001:db8::2", 5060)};
    ladder.write = collect;
    ladder.columns = columns;
    ladder.column_count = 4;
    drawn_len = 0;
    drawn[0] = '\0';
    return ladder;
}

static struct sip_trace record(enum sip_trace_kind kind, uint64_t now, const char *bytes)
{
    static struct sip_addr local, remote;
    struct sip_trace got = {0};

    local = addr("192.0.2.1", 5060);
    remote = addr("192.0.2.2", 5060);
    got.kind = kind;
    got.now = now;
    got.local = &local;
    got.remote = &remote;
    got.bytes = sip_str(bytes);
    return got;
}

static struct sip_trace state(uint64_t now)
{
    struct sip_trace got = {0};

    got.kind = SIP_TRACE_STATE;
    got.now = now;
    got.what = "call";
    got.id = 7;
    got.from = "inviting";
    got.to = "proceeding";
    return got;
}

#define INVITE "INVITE sip:bob@sip.test SIP/2.0\r\nVia: x\r\nCSeq: 1 INVITE\r\n\r\n"
#define RINGING "SIP/2.0 180 Ringing\r\nCSeq : 1 INVITE\r\n\r\n"
#define OK_BYE "SIP/2.0 200 OK\r\ncseq:2 BYE\r\n\r\n"

/* --- drawing --- */

TEST(messages_become_arrows_between_columns)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_trace r;

    ladder.start = 1000;
    sip_ladder_head(&ladder);
    r = record(SIP_TRACE_SENT, 1000, INVITE);
    sip_ladder_trace(&ladder, &r);
    r = record(SIP_TRACE_RECEIVED, 1042, RINGING);
    sip_ladder_trace(&ladder, &r);
    r = record(SIP_TRACE_RECEIVED, 13345, OK_BYE);
    sip_ladder_trace(&ladder, &r);
    CHECK_STR(sip_str(drawn),
              "      time  alice                         pbx                           bob\n"
              "     0.000  |---------- INVITE ---------->|                             |\n"
              "     0.042  |<--- 180 Ringing (INVITE) ---|                             |\n"
              "    12.345  |<------- 200 OK (BYE) -------|                             |\n");
}

TEST(arrows_cross_columns_in_between_and_find_any_address_of_a_name)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_addr bob = addr("2001:db8::3", 40000), pbx6 = addr("2001:db8::2", 5060);
    struct sip_trace r = record(SIP_TRACE_SENT, 5, INVITE);

    r.remote = &bob; /* port 0 in the table: any */
    sip_ladder_trace(&ladder, &r);
    r = record(SIP_TRACE_RECEIVED, 5, INVITE);
    r.remote = &bob;
    sip_ladder_trace(&ladder, &r);
    r.local = &pbx6;
    sip_ladder_trace(&ladder, &r);
    CHECK_STR(sip_str(drawn),
              "     0.005  |------------------------- INVITE ------------------------->|\n"
              "     0.005  |<------------------------- INVITE -------------------------|\n"
              "     0.005  |                             |<---------- INVITE ----------|\n");
}

TEST(ends_without_a_column_are_named_by_address)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_addr other = addr("192.0.2.9", 5080), other_port = addr("192.0.2.2", 5062);
    struct sip_trace r = record(SIP_TRACE_SENT, 5, INVITE);

    r.remote = &other;
    sip_ladder_trace(&ladder, &r);
    r.kind = SIP_TRACE_RECEIVED;
    sip_ladder_trace(&ladder, &r);
    r.remote = &other_port;
    sip_ladder_trace(&ladder, &r);
    CHECK_STR(sip_str(drawn), "     0.005  alice ---------- INVITE ----------> 192.0.2.9:5080\n"
                              "     0.005  192.0.2.9:5080 ---------- INVITE ----------> alice\n"
                              "     0.005  192.0.2.2:5062 ---------- INVITE ----------> alice\n");
}

TEST(refused_bytes_show_their_reason)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_fault fault = {SIP_BAD_URI, SIP_HEADER_TO, 5};
    struct sip_trace r = record(SIP_TRACE_REFUSED, 5, "INVITE sip:\r\n");

    r.fault = &fault;
    sip_ladder_trace(&ladder, &r);
    CHECK_STR(sip_str(drawn),
              "     0.005  |<--- refused: SIP_BAD_URI ---|                             |\n");
}

TEST(details_are_drawn_only_when_asked_for)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_trace s = state(70000), timer = {0}, limit = {0};

    sip_ladder_trace(&ladder, &s);
    CHECK_STR(sip_str(drawn), "");
    ladder.details = true;
    sip_ladder_trace(&ladder, &s);
    timer.kind = SIP_TRACE_TIMER;
    timer.what = "INVITE client transaction";
    timer.id = 3;
    timer.name = "A";
    sip_ladder_trace(&ladder, &timer);
    limit.kind = SIP_TRACE_LIMIT;
    limit.name = "calls";
    sip_ladder_trace(&ladder, &limit);
    CHECK_STR(sip_str(drawn), "    70.000  call 7: inviting -> proceeding\n"
                              "     0.000  INVITE client transaction 3: timer A\n"
                              "     0.000  limit calls\n");
}

TEST(times_have_three_places)
{
    static const struct {
        uint64_t now;
        const char *shown;
    } rows[] = {
        {0, "     0.000  "},       {9, "     0.009  "},          {10, "     0.010  "},
        {99, "     0.099  "},      {100, "     0.100  "},        {999, "     0.999  "},
        {1000, "     1.000  "},    {99999999, " 99999.999  "},   {999999999, "999999.999  "},
        {9999999999u, "9999999.999  "},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_ladder ladder = ladder_of_three();
        struct sip_trace s = state(rows[i].now);

        ladder.details = true;
        sip_ladder_trace(&ladder, &s);
        CHECK(strncmp(drawn, rows[i].shown, strlen(rows[i].shown)) == 0);
        CHECK(strcmp(drawn + strlen(rows[i].shown), "call 7: inviting -> proceeding\n") == 0);
    }
}

TEST(labels_are_cut_to_their_arrow)
{
    static const struct {
        const char *text, *drawn;
    } rows[] = {
        {"SIP/2.0 407 Proxy Authentication Required (1 INVITE)", "-- 407 Proxy Authenticati -->"},
        {"SIP/2.0 401 Unauthorized (1 INVITE)", "----- 401 Unauthorized ----->"},
        {"SIP/2.0 200 Ok (1 REGISTER)", "---- 200 Ok (REGISTER) ----->"},
        {"SIP/2.0 1234567 90 (1 REGISTER)", "-- 1234567 90 (REGISTER) --->"}, /* 21 */
        {"SIP/2.0 12345678 90 (1 REGISTER)", "-- 12345678 90 (REGISTER) -->"}, /* 22 */
        {"SIP/2.0 123456789 90 (1 REGISTER)", "------- 123456789 90 ------->"},
        {"INVITE", "---------- INVITE ---------->"},
        {"INVITE (1 INVITE)", "---------- INVITE ---------->"},
        {"", "-------------  ------------->"},
        {")", "------------ ) ------------->"},
        {"()", "------------ () ------------>"},
        {" ()", "-------------  ------------->"},
        {"A (1 )", "------------ A ------------->"},
        {"SIP/2.0 200 (1 )", "----------- 200 ------------>"},
        {"SIP/2.0 200 (1)", "--------- 200 (1) ---------->"}, /* no method in it */
        {"SIP/2.0 ", "--------- SIP/2.0 ---------->"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_ladder ladder = ladder_of_three();
        struct sip_ladder_entry entry = {0};
        char *block = malloc(strlen(rows[i].text) + 1);

        entry.mark = '>';
        entry.local = columns[0].addr;
        entry.remote = columns[1].addr;
        memcpy(block, rows[i].text, strlen(rows[i].text));
        entry.text = sip_bytes(block, strlen(rows[i].text));
        sip_ladder_draw(&ladder, &entry);
        free(block);
        CHECK(strstr(drawn, rows[i].drawn) == drawn + 13);
        if (test_failures) {
            printf("  in row %zu: %s", i, drawn);
            break;
        }
    }
}

TEST(columns_with_long_names_stay_in_line)
{
    struct sip_ladder ladder = ladder_of_three();

    columns[0].name = "somebody with a name of more than 30 letters";
    sip_ladder_head(&ladder);
    CHECK_STR(sip_str(drawn), "      time  somebody with a name of more  pbx                           bob\n");
}

TEST(addresses_of_ipv6_are_compared_to_their_last_byte)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_addr other = addr("2001:db8::4", 5060);
    struct sip_trace r = record(SIP_TRACE_SENT, 5, INVITE);

    r.remote = &other;
    sip_ladder_trace(&ladder, &r);
    CHECK(strstr(drawn, "[2001:db8::4]:5060") != NULL);
}

TEST(time_before_the_start_is_zero_and_any_time_fits)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_trace s = state(5);

    ladder.details = true;
    ladder.start = 6;
    sip_ladder_trace(&ladder, &s);
    ladder.start = 0;
    s.now = UINT64_MAX;
    sip_ladder_trace(&ladder, &s);
    CHECK_STR(sip_str(drawn), "     0.000  call 7: inviting -> proceeding\n"
                              "18446744073709551.615  call 7: inviting -> proceeding\n");
}

/* --- lines for files --- */

static struct sip_str line_of(const struct sip_trace *r, const char *who)
{
    static char *block;
    static char whole[SIP_LADDER_LINE];
    size_t len = sip_ladder_line(r, who, whole, sizeof whole);

    free(block);
    block = malloc(len);
    CHECK(len > 0 && len <= sizeof whole);
    memcpy(block, whole, len);
    return sip_bytes(block, len);
}

TEST(records_become_lines_and_are_read_back)
{
    struct sip_trace r = record(SIP_TRACE_SENT, 12345, INVITE), s = state(12347);
    struct sip_ladder_entry entry;
    struct sip_str line = line_of(&r, "alice");

    CHECK_STR(line, "12345 alice > 192.0.2.1:5060 192.0.2.2:5060 "
                    "INVITE sip:bob@sip.test SIP/2.0 (1 INVITE)\n");
    CHECK(sip_ladder_read(line, &entry));
    CHECK_INT(entry.now, 12345);
    CHECK_STR(entry.who, "alice");
    CHECK_INT(entry.mark, '>');
    CHECK(sip_addr_equal(&entry.local, r.local));
    CHECK(sip_addr_equal(&entry.remote, r.remote));
    CHECK_STR(entry.text, "INVITE sip:bob@sip.test SIP/2.0 (1 INVITE)");

    line = line_of(&s, "alice");
    CHECK_STR(line, "12347 alice * call 7: inviting -> proceeding\n");
    CHECK(sip_ladder_read(line, &entry));
    CHECK_INT(entry.mark, '*');
    CHECK_INT(entry.local.family, SIP_FAMILY_NONE);
    CHECK_STR(entry.text, "call 7: inviting -> proceeding");
    CHECK_STR(line_of(&s, NULL), "12347 - * call 7: inviting -> proceeding\n");
}

TEST(ipv6_addresses_survive_a_line)
{
    struct sip_addr local = addr("2001:db8::1", 5060);
    struct sip_trace r = record(SIP_TRACE_RECEIVED, 1, RINGING);
    struct sip_ladder_entry entry;
    struct sip_str line;

    r.local = &local;
    line = line_of(&r, "a");
    CHECK_STR(line, "1 a < [2001:db8::1]:5060 192.0.2.2:5060 SIP/2.0 180 Ringing (1 INVITE)\n");
    CHECK(sip_ladder_read(line, &entry));
    CHECK(sip_addr_equal(&entry.local, &local));
}

TEST(bytes_of_a_peer_cannot_break_a_line)
{
    struct sip_trace r = record(SIP_TRACE_REFUSED, 1, "INV\tI\x1b[2J\rTE\x7f sip:\n2 x > y");
    struct sip_fault fault = {SIP_BAD_CONTROL, SIP_HEADER_OTHER, 3};

    r.fault = &fault;
    CHECK_STR(line_of(&r, "a"),
              "1 a ! 192.0.2.1:5060 192.0.2.2:5060 SIP_BAD_CONTROL INV?I?[2J?TE? sip:\n");
    r.bytes = sip_bytes("", 0);
    CHECK_STR(line_of(&r, "a"), "1 a ! 192.0.2.1:5060 192.0.2.2:5060 SIP_BAD_CONTROL \n");
}

TEST(long_lines_are_cut_and_keep_their_end)
{
    static char invite[3000];
    struct sip_trace r;

    memset(invite, 'x', sizeof invite - 1);
    memcpy(invite, "INVITE sip:", 11);
    r = record(SIP_TRACE_SENT, 1, invite);
    for (size_t size = 1; size < 100; size++) {
        char *block = malloc(size);
        size_t len = sip_ladder_line(&r, "alice", block, size);

        CHECK_INT(len, size);
        CHECK_INT(block[len - 1], '\n');
        free(block);
    }
    CHECK_INT(sip_ladder_line(&r, "alice", NULL, 0), 0);
}

TEST(what_is_no_line_is_not_read)
{
    static const struct {
        const char *line;
        bool good;
    } rows[] = {
        {"1 a > 192.0.2.1:1 192.0.2.2:2 X", true},
        {"1 a > 192.0.2.1:1 192.0.2.2:2 ", true},
        {"1 a > 192.0.2.1:1 192.0.2.2:2 X\r\n", true},
        {"1 a * limit calls", true},
        {"1 a > 192.0.2.1:1 192.0.2.2:2", false},
        {"1 a > 192.0.2.1 192.0.2.2:2 X", false},
        {"1 a > 192.0.2.1: 192.0.2.2:2 X", false},
        {"1 a > 192.0.2.1:65536 192.0.2.2:2 X", false},
        {"1 a > host:1 192.0.2.2:2 X", false},
        {"1 a ? 192.0.2.1:1 192.0.2.2:2 X", false},
        {"1 a >> 192.0.2.1:1 192.0.2.2:2 X", false},
        {"1  > 192.0.2.1:1 192.0.2.2:2 X", false},
        {"x a > 192.0.2.1:1 192.0.2.2:2 X", false},
        {"12345678901234567890 a * X", false},
        {"1234567890123456789 a * X", true},
        {" a * X", false},
        {"1 a *", false},
        {"", false},
        {"\n", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_ladder_entry entry, before;
        size_t len = strlen(rows[i].line);
        char *block = malloc(len ? len : 1);

        memset(&entry, 0x5a, sizeof entry);
        before = entry;
        memcpy(block, rows[i].line, len);
        CHECK_INT(sip_ladder_read(sip_bytes(block, len), &entry), rows[i].good);
        CHECK((memcmp(&entry, &before, sizeof entry) != 0) == rows[i].good);
        for (size_t cut = 0; cut < len; cut++)
            sip_ladder_read(sip_bytes(block, cut), &entry);
        free(block);
        if (test_failures) {
            printf("  in row %zu\n", i);
            break;
        }
    }
}

static struct sip_ladder_entry read_line(const char *line)
{
    struct sip_ladder_entry entry = {0};

    CHECK(sip_ladder_read(sip_str(line), &entry));
    return entry;
}

TEST(one_message_told_by_both_sides_is_known_as_one)
{
    struct sip_ladder_entry sent = read_line("1 a > 192.0.2.1:1 192.0.2.2:2 X (1 X)");
    struct sip_ladder_entry got = read_line("2 b < 192.0.2.2:2 192.0.2.1:1 X (1 X)");
    struct sip_ladder_entry other_text = read_line("2 b < 192.0.2.2:2 192.0.2.1:1 X (2 X)");
    struct sip_ladder_entry other_port = read_line("2 b < 192.0.2.2:3 192.0.2.1:1 X (1 X)");
    struct sip_ladder_entry other_host = read_line("2 b < 192.0.2.2:2 192.0.2.3:1 X (1 X)");

    CHECK(sip_ladder_same(&sent, &got));
    CHECK(!sip_ladder_same(&got, &sent));
    CHECK(!sip_ladder_same(&sent, &sent));
    CHECK(!sip_ladder_same(&sent, &other_text));
    CHECK(!sip_ladder_same(&sent, &other_port));
    CHECK(!sip_ladder_same(&sent, &other_host));
}

TEST(read_entries_are_drawn_like_records)
{
    struct sip_ladder ladder = ladder_of_three();
    struct sip_ladder_entry entry =
        read_line("12345 alice > 192.0.2.1:5060 192.0.2.2:5060 SIP/2.0 200 OK (9 REGISTER)");

    sip_ladder_draw(&ladder, &entry);
    entry = read_line("12345 alice * limit calls");
    sip_ladder_draw(&ladder, &entry);
    ladder.details = true;
    sip_ladder_draw(&ladder, &entry);
    CHECK_STR(sip_str(drawn), "    12.345  |---- 200 OK (REGISTER) ----->|                             |\n"
                              "    12.345  alice: limit calls\n");
}

TEST(more_names_than_columns_fall_back_to_flat_lines)
{
    struct sip_ladder_column many[10];
    static char names[10][2];
    struct sip_ladder ladder = ladder_of_three();
    struct sip_addr local = addr("192.0.2.100", 9), remote = addr("192.0.2.101", 9);
    struct sip_trace r = record(SIP_TRACE_SENT, 1, INVITE);

    for (int i = 0; i < 10; i++) {
        names[i][0] = (char)('a' + i);
        many[i].name = names[i];
        many[i].addr = addr("192.0.2.100", (uint16_t)(i + 1));
    }
    ladder.columns = many;
    ladder.column_count = 10;
    many[1].addr = remote;
    r.local = &local;
    r.remote = &remote;
    sip_ladder_trace(&ladder, &r); /* the ninth name has no column */
    CHECK_STR(sip_str(drawn), "     0.001  i ---------- INVITE ----------> b\n");
    drawn_len = 0;
    local.port = 8;
    sip_ladder_trace(&ladder, &r);
    CHECK(strstr(drawn, "     0.001  |  ") == drawn && strstr(drawn, "|<----") != NULL);
}

TESTS(T(messages_become_arrows_between_columns)
      T(arrows_cross_columns_in_between_and_find_any_address_of_a_name)
      T(ends_without_a_column_are_named_by_address)
      T(refused_bytes_show_their_reason)
      T(details_are_drawn_only_when_asked_for)
      T(times_have_three_places)
      T(labels_are_cut_to_their_arrow)
      T(columns_with_long_names_stay_in_line)
      T(addresses_of_ipv6_are_compared_to_their_last_byte)
      T(time_before_the_start_is_zero_and_any_time_fits)
      T(records_become_lines_and_are_read_back)
      T(ipv6_addresses_survive_a_line)
      T(bytes_of_a_peer_cannot_break_a_line)
      T(long_lines_are_cut_and_keep_their_end)
      T(what_is_no_line_is_not_read)
      T(one_message_told_by_both_sides_is_known_as_one)
      T(read_entries_are_drawn_like_records)
      T(more_names_than_columns_fall_back_to_flat_lines))
