#include "message/rows.h"
#include "sip/addr.h"

static int parse(struct sip_addr *addr, const char *text)
{
    size_t len = strlen(text);
    char *block = exact_block(text, len);
    int result = sip_addr_parse(addr, sip_bytes(block, len));

    free(block);
    return result;
}

TEST(addr_of_ipv4_has_four_bytes)
{
    struct sip_addr addr;

    memset(&addr, 0x5a, sizeof addr);
    CHECK_INT(parse(&addr, "192.0.2.255"), 0);
    CHECK_INT(addr.family, SIP_IPV4);
    CHECK(memcmp(addr.bytes, "\xc0\0\2\xff\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0);
    CHECK_INT(addr.port, 0);
    CHECK_INT(addr.scope, 0);
}

TEST(addr_of_ipv6_has_sixteen_bytes)
{
    struct sip_addr addr;

    memset(&addr, 0x5a, sizeof addr);
    CHECK_INT(parse(&addr, "[2001:DB8:0:ab::192.0.2.1]"), 0);
    CHECK_INT(addr.family, SIP_IPV6);
    CHECK(memcmp(addr.bytes, "\x20\1\x0d\xb8\0\0\0\xab\0\0\0\0\xc0\0\2\1", 16) == 0);
    CHECK_INT(addr.port, 0);
    CHECK_INT(addr.scope, 0);
}

TEST(zone_of_a_link_local_address_is_its_scope) /* RFC 4007 §11, RFC 5954 */
{
    static const struct {
        const char *host;
        int result;
        uint32_t scope;
    } rows[] = {
        {"fe80::1%3", 0, 3}, {"[fe80::1%3]", 0, 3}, {"febf::1%4294967295", 0, UINT32_MAX},
        {"fe80::1", 0, 0}, {"fe80::1%0", 0, 0}, {"[fe80::1]", 0, 0},
        {"fe80::1%eth0", SIP_ENAME, 0}, {"[fe80::1%en-0.1]", SIP_ENAME, 0},
        {"fe80::1%3x", SIP_ENAME, 0}, {"fe80::1%4294967296", SIP_ENAME, 0},
        {"fe80::1%", SIP_EINVAL, 0}, {"[fe80::1%]", SIP_EINVAL, 0}, {"[fe80::1%3", SIP_EINVAL, 0},
        {"fe80::1%3]", SIP_EINVAL, 0}, {"fe80::1%a/b", SIP_EINVAL, 0}, {"fe80::1%3:4", SIP_EINVAL, 0},
        {"fec0::1%3", SIP_EINVAL, 0}, {"fe7f::1%3", SIP_EINVAL, 0}, {"ff80::1%3", SIP_EINVAL, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_addr addr, before;
        int failures = test_failures;

        memset(&addr, 0x5a, sizeof addr);
        before = addr;
        CHECK_INT(parse(&addr, rows[i].host), rows[i].result);
        if (rows[i].result)
            CHECK(memcmp(&addr, &before, sizeof addr) == 0);
        else
            CHECK(addr.family == SIP_IPV6 && addr.scope == rows[i].scope && addr.port == 0);
        if (test_failures > failures)
            printf("  %s\n", rows[i].host);
    }
}

TEST(addr_that_is_refused_is_left_alone)
{
    struct sip_addr addr, before;

    memset(&addr, 0x5a, sizeof addr);
    memset(&before, 0x5a, sizeof before);
    CHECK_INT(parse(&addr, "example.com"), SIP_ENAME);
    CHECK_INT(parse(&addr, "1::2::3"), SIP_EINVAL);
    CHECK_INT(parse(&addr, ""), SIP_EINVAL);
    CHECK(memcmp(&addr, &before, sizeof addr) == 0);
}

/* `text` is NULL where the result is an error. */
struct row_of_addr {
    const char *host, *text;
    int error;
};

static void check_addr(const struct row_of_addr *row)
{
    struct sip_addr addr, again;
    char *out = malloc(SIP_ADDR_TEXT);
    int failures = test_failures, result = parse(&addr, row->host);

    CHECK_INT(result, row->error);
    if (result == 0 && row->text) {
        size_t len = sip_addr_text(&addr, out);
        CHECK(len <= SIP_ADDR_TEXT);
        CHECK_STR(sip_bytes(out, len), row->text);
        CHECK_INT(sip_addr_parse(&again, sip_bytes(out, len)), 0);
        CHECK(sip_addr_equal(&addr, &again));
    }
    for (size_t cut = 0; cut < strlen(row->host); cut++) {
        char *block = exact_block(row->host, cut);
        sip_addr_parse(&again, sip_bytes(block, cut));
        free(block);
    }
    if (test_failures > failures)
        printf("  host: %s\n", row->host);
    free(out);
}

#define CHECK_ADDRS(rows)                                                                          \
    for (size_t row_ = 0; row_ < sizeof(rows) / sizeof *(rows); row_++)                            \
        check_addr(&(rows)[row_])

TEST(addr_text_of_ipv4_follows_the_grammar) /* RFC 5954 §4.1 dec-octet */
{
    static const struct row_of_addr rows[] = {
        {"0.0.0.0", "0.0.0.0", 0},
        {"255.255.255.255", "255.255.255.255", 0},
        {"9.10.99.100", "9.10.99.100", 0},
        {"199.200.249.250", "199.200.249.250", 0},
        {"1.2.3.256", NULL, SIP_EINVAL},
        {"1.2.3.260", NULL, SIP_EINVAL},
        {"1.2.3.300", NULL, SIP_EINVAL},
        {"1.2.3.1000", NULL, SIP_EINVAL},
        {"1.2.3.04", NULL, SIP_EINVAL},
        {"00.2.3.4", NULL, SIP_EINVAL},
        {"1.2.3", NULL, SIP_EINVAL},
        {"1.2.3.", NULL, SIP_EINVAL},
        {"1.2.3.4.", NULL, SIP_EINVAL},
        {"1.2.3.4.5", NULL, SIP_EINVAL},
        {"1..3.4", NULL, SIP_EINVAL},
        {".1.2.3.4", NULL, SIP_EINVAL},
        {" 1.2.3.4", NULL, SIP_EINVAL},
        {"1.2.3.4 ", NULL, SIP_EINVAL},
        {"1.2.3.+4", NULL, SIP_EINVAL},
        {"[1.2.3.4]", NULL, SIP_EINVAL},
        {"1.2.3.4:5", NULL, SIP_EINVAL},
        {":.2.3.4", NULL, SIP_EINVAL}, /* ":" is behind "9" */
        {"1:.2.3.4", NULL, SIP_EINVAL},
        {"12:.2.3.4", NULL, SIP_EINVAL},
        {"1.2.3./", NULL, SIP_EINVAL},
        {"1.2.3.25:", NULL, SIP_EINVAL},
        {"1.2.3.4a", NULL, SIP_EINVAL},
        {"1.2.3.a4", NULL, SIP_ENAME},
    };
    CHECK_ADDRS(rows);
}

TEST(addr_text_of_ipv6_follows_the_grammar) /* RFC 5954 §4.1 IPv6address */
{
    static const struct row_of_addr rows[] = {
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", 0},
        {"1:2:3:4:5:6:7", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6:7:8:9", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6:7:8:", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6:7:", NULL, SIP_EINVAL},
        {":1:2:3:4:5:6:7:8", NULL, SIP_EINVAL},
        {"::", "::", 0},
        {":", NULL, SIP_EINVAL},
        {":::", NULL, SIP_EINVAL},
        {"::1", "::1", 0},
        {"1::", "1::", 0},
        {"::1:", NULL, SIP_EINVAL},
        {":1::", NULL, SIP_EINVAL},
        {"1::2::3", NULL, SIP_EINVAL},
        {"1:::2", NULL, SIP_EINVAL},
        {"1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8", 0},
        {"1:2:3::4:5:6:7", "1:2:3:0:4:5:6:7", 0},
        {"1::2:3:4:5:6:7:8", NULL, SIP_EINVAL}, /* "::" stands for one group at least */
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", 0},
        {"::1:2:3:4:5:6:7:8", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", 0},
        {"1:2:3:4:5:6:7:8::", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6:7::8", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6::8", "1:2:3:4:5:6:0:8", 0},
        {"0001::0a", "1::a", 0},
        {"00001::a", NULL, SIP_EINVAL},
        {"12345::", NULL, SIP_EINVAL},
        {"g::", NULL, SIP_EINVAL},
        {"FFFF:abcd:EF09::", "ffff:abcd:ef09::", 0},
        {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", 0},
        {"1:2:3:4:5:1.2.3.4", NULL, SIP_EINVAL},
        {"1:2:3:4:5:6:7:1.2.3.4", NULL, SIP_EINVAL},
        {"1:2:3:4:5::1.2.3.4", "1:2:3:4:5:0:102:304", 0},
        {"1:2:3:4:5:6::1.2.3.4", NULL, SIP_EINVAL},
        {"::1.2.3.4", "::102:304", 0},
        {"1::1.2.3.4:5", NULL, SIP_EINVAL},
        {"::1.2.3.256", NULL, SIP_EINVAL},
        {"::1.2.3", NULL, SIP_EINVAL},
        {"::12345.2.3.4", NULL, SIP_EINVAL},
        {"::ffff:192.0.2.128", "::ffff:192.0.2.128", 0},
        {"2001:db8:::192.0.2.1", NULL, SIP_EINVAL}, /* RFC 5954 §3.1 */
        {"[::1]", "::1", 0},
        {"[::1", NULL, SIP_EINVAL},
        {"::1]", NULL, SIP_EINVAL},
        {"[]", NULL, SIP_EINVAL},
        {"[", NULL, SIP_EINVAL},
        {"[::1]:5", NULL, SIP_EINVAL},
        {"[h]", NULL, SIP_EINVAL},
        {"2001:db8::1%3", NULL, SIP_EINVAL}, /* no link-local one */
    };
    CHECK_ADDRS(rows);
}

TEST(addr_text_is_the_canonical_one) /* RFC 5952 §4, §5 */
{
    static const struct row_of_addr rows[] = {
        {"2001:0db8::0001", "2001:db8::1", 0},             /* §4.1 */
        {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1", 0},      /* §4.2.1 */
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 0}, /* §4.2.2: one group stays */
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1", 0},        /* §4.2.3: the longest */
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 0},  /* §4.2.3: the first of equals */
        {"0:0:1:0:0:0:0:0", "0:0:1::", 0},
        {"0:0:1:0:0:1:0:0", "::1:0:0:1:0:0", 0},
        {"2001:DB8::ABCD", "2001:db8::abcd", 0},           /* §4.3 */
        {"::ffff:c000:280", "::ffff:192.0.2.128", 0},      /* §5 */
        {"::fffe:c000:280", "::fffe:c000:280", 0},
        {"0:0:0:0:0:1:0:0", "::1:0:0", 0},
        {"1000:100:10:1::f000", "1000:100:10:1::f000", 0},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0},
    };
    CHECK_ADDRS(rows);
}

TEST(addr_name_is_told_from_nonsense)
{
    static const struct row_of_addr rows[] = {
        {"example.com", NULL, SIP_ENAME},
        {"localhost", NULL, SIP_ENAME},
        {"example.com.", NULL, SIP_ENAME},
        {"abc", NULL, SIP_ENAME},
        {"a_b", NULL, SIP_EINVAL},
        {"example.com:5060", NULL, SIP_EINVAL},
        {"-a", NULL, SIP_EINVAL},
        {"1", NULL, SIP_EINVAL},
        {"", NULL, SIP_EINVAL},
    };
    CHECK_ADDRS(rows);
}

TEST(addr_without_a_family_has_no_text)
{
    struct sip_addr none = {0};
    char out[SIP_ADDR_TEXT];

    CHECK_INT(sip_addr_text(&none, out), 0);
}

TEST(addr_is_equal_when_all_that_counts_is)
{
    struct sip_addr a, b;

    CHECK_INT(parse(&a, "192.0.2.1"), 0);
    b = a;
    CHECK(sip_addr_equal(&a, &b));
    b.bytes[4] = 1; /* of an IPv4 address the first four count */
    CHECK(sip_addr_equal(&a, &b));
    b.bytes[3] = 2;
    CHECK(!sip_addr_equal(&a, &b));
    b = a;
    b.port = 1;
    CHECK(!sip_addr_equal(&a, &b));
    b = a;
    b.scope = 1;
    CHECK(!sip_addr_equal(&a, &b));
    b = a;
    b.family = SIP_IPV6;
    CHECK(!sip_addr_equal(&a, &b));
    a.family = SIP_IPV6;
    CHECK(sip_addr_equal(&a, &b));
    b.bytes[15] = 1;
    CHECK(!sip_addr_equal(&a, &b));
    a.family = b.family = 0; /* no address at all */
    b.bytes[0] = (uint8_t)~a.bytes[0];
    CHECK(sip_addr_equal(&a, &b));
}

TESTS(T(addr_of_ipv4_has_four_bytes) T(addr_of_ipv6_has_sixteen_bytes)
      T(zone_of_a_link_local_address_is_its_scope)
      T(addr_that_is_refused_is_left_alone) T(addr_text_of_ipv4_follows_the_grammar)
      T(addr_text_of_ipv6_follows_the_grammar) T(addr_text_is_the_canonical_one)
      T(addr_name_is_told_from_nonsense) T(addr_without_a_family_has_no_text)
      T(addr_is_equal_when_all_that_counts_is))
