#include "message/rows.h"
#include "sip/fields.h"

PARSE_ROW(via, struct sip_via, sip_via_parse(&got, value, fault))

TEST(via_has_its_parts) /* RFC 3261 §20.42 */
{
    struct sip_via via;
    const char *text = "SIP / 2.0 / UDP first.example.com: 4000;ttl=16\r\n"
                       " ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1;received=192.0.2.1;rport=99;x=\"a;b\"";

    CHECK_INT(sip_via_parse(&via, sip_str(text), NULL), 0);
    CHECK_STR(via.transport, "UDP");
    CHECK_STR(via.host, "first.example.com");
    CHECK_INT(via.port, 4000);
    CHECK_STR(via.params, strchr(text, ';') + 1);
    CHECK_STR(via.branch, "z9hG4bKa7c6a8dlze.1");
    CHECK_STR(via.received, "192.0.2.1");
    CHECK_STR(via.maddr, "224.2.0.1");
    CHECK(via.has_rport);
    CHECK_INT(via.rport, 99);
    CHECK_STR(sip_params_find(via.params, "ttl"), "16");
    CHECK_STR(sip_params_find(via.params, "x"), "\"a;b\"");
}

TEST(via_parts_that_are_missing_are_null)
{
    struct sip_via via;

    CHECK_INT(sip_via_parse(&via, sip_str("SIP/2.0/TLS [::1]"), NULL), 0);
    CHECK_STR(via.host, "[::1]");
    CHECK_INT(via.port, 0);
    CHECK(!via.params.at && !via.branch.at && !via.received.at && !via.maddr.at);
    CHECK(!via.has_rport);
}

TEST(via_rport_may_be_without_a_value) /* RFC 3581 §3 */
{
    struct sip_via via;

    CHECK_INT(sip_via_parse(&via, sip_str("SIP/2.0/UDP h;rport;branch=b"), NULL), 0);
    CHECK(via.has_rport);
    CHECK_INT(via.rport, 0);
    CHECK_STR(via.branch, "b");
}

TEST(via_fault_names_the_header)
{
    struct sip_fault fault;
    struct sip_via via;

    CHECK_INT(sip_via_parse(&via, sip_str("SIP/2.0/UDP"), &fault), SIP_EBAD);
    CHECK_INT(fault.header, SIP_HEADER_VIA);
}

TEST(via_protocol_and_sent_by_follow_the_grammar) /* §25.1 sent-protocol, sent-by */
{
    static const struct row rows[] = {
        GOOD("SIP/2.0/UDP h"),
        GOOD("sip/2.0/udp h"),
        GOOD("SIP / 2.0 / UDP h"),
        GOOD("SIP\t/\r\n 2.0/\r\n\tUDP \r\n h"),
        BAD("SIP/2.0/UDP", SIP_BAD_HOST, 11),
        BAD("SIP/2.0/UDP ", SIP_BAD_HOST, 12),
        BAD("SIP/2.0/ h;x", SIP_BAD_HOST, 10), /* that is transport "h" */
        BAD("SIP/2.0 UDP h", SIP_BAD_VERSION, 8),
        BAD("SIP/2.0", SIP_BAD_VERSION, 7),
        BAD("SIP", SIP_BAD_VERSION, 3),
        BAD("SIP//UDP h", SIP_BAD_TOKEN, 4),
        BAD("SIP/2.0// h", SIP_BAD_TOKEN, 8),
        BAD("/2.0/UDP h", SIP_BAD_TOKEN, 0),
        BAD(" SIP/2.0/UDP h", SIP_BAD_TOKEN, 0),
        BAD("SIP/7.0/UDP h", SIP_BAD_VERSION, 4), /* §8.1.1.7, RFC 4475 §3.1.2.16 */
        BAD("SIP/2.00/UDP h", SIP_BAD_VERSION, 4),
        BAD("HTTP/2.0/UDP h", SIP_BAD_VERSION, 0),
        GOOD("SIP/2.0/UNKNOWN h"), /* RFC 4475 §3.1.1.10 */
        BAD("SIP/2.0/U;P h", SIP_BAD_HOST, 9),
        GOOD("SIP/2.0/UDP h:1"),
        GOOD("SIP/2.0/UDP h : 1"),
        GOOD("SIP/2.0/UDP h\r\n :\r\n 65535"),
        BAD("SIP/2.0/UDP h:65536", SIP_BAD_PORT, 18),
        BAD("SIP/2.0/UDP h:", SIP_BAD_PORT, 14),
        BAD("SIP/2.0/UDP h:0", SIP_BAD_PORT, 15),
        BAD("SIP/2.0/UDP h:;branch=b", SIP_BAD_PORT, 14),
        BAD("SIP/2.0/UDP h:5060 :1", SIP_TRAILING, 19),
        GOOD("SIP/2.0/UDP 192.0.2.1:5060"),
        BAD("SIP/2.0/UDP 192.0.2.256", SIP_BAD_HOST, 23),
        GOOD("SIP/2.0/UDP [2001:db8::9:1]:6050"),
        BAD("SIP/2.0/UDP 2001:db8::9:1", SIP_BAD_HOST, 16),
        BAD("SIP/2.0/UDP [2001:db8::9:1", SIP_BAD_HOST, 26),
        BAD("SIP/2.0/UDP a_b", SIP_TRAILING, 13),
        BAD("SIP/2.0/UDP h h", SIP_TRAILING, 14),
        BAD("SIP/2.0/UDP h ", SIP_TRAILING, 14),
        BAD("SIP/2.0/UDP h,SIP/2.0/UDP h", SIP_TRAILING, 13), /* one element, not a list */
    };
    CHECK_ROWS(parse_via, rows);
}

TEST(via_parameters_follow_the_grammar) /* §25.1 via-params */
{
    static const struct row rows[] = {
        GOOD("SIP/2.0/UDP h;branch=z9hG4bK"),
        GOOD("SIP/2.0/UDP h ; branch = z9hG4bK"),
        GOOD("SIP/2.0/UDP h\r\n ;\r\n branch\r\n =\r\n b"),
        BAD("SIP/2.0/UDP h;branch=", SIP_BAD_TOKEN, 21),
        BAD("SIP/2.0/UDP h;branch", SIP_BAD_PARAMETER, 20),
        BAD("SIP/2.0/UDP h;branch=\"b\"", SIP_BAD_TOKEN, 21),
        BAD("SIP/2.0/UDP h;branch=a@b", SIP_TRAILING, 22),
        BAD("SIP/2.0/UDP h;branch=a=b", SIP_TRAILING, 22),
        BAD("SIP/2.0/UDP h;branch=a;Branch=a", SIP_REPEATED, 23), /* §7.3.1 */
        BAD("SIP/2.0/UDP h;", SIP_BAD_PARAMETER, 14),
        BAD("SIP/2.0/UDP h;;", SIP_BAD_PARAMETER, 14), /* RFC 4475 §3.1.2.1 */
        BAD("SIP/2.0/UDP h;=a", SIP_BAD_PARAMETER, 14),
        GOOD("SIP/2.0/UDP h;ttl=0"),
        GOOD("SIP/2.0/UDP h;ttl=255"),
        BAD("SIP/2.0/UDP h;ttl=256", SIP_BAD_NUMBER, 20),
        BAD("SIP/2.0/UDP h;ttl=0001", SIP_BAD_NUMBER, 21), /* ttl = 1*3DIGIT */
        BAD("SIP/2.0/UDP h;ttl=1x", SIP_TRAILING, 19),
        BAD("SIP/2.0/UDP h;ttl", SIP_BAD_PARAMETER, 17),
        BAD("SIP/2.0/UDP h;ttl=", SIP_BAD_NUMBER, 18),
        GOOD("SIP/2.0/UDP h;maddr=example.com"),
        GOOD("SIP/2.0/UDP h;maddr=[ff02::1]"),
        BAD("SIP/2.0/UDP h;maddr=ff02::1", SIP_TRAILING, 24),
        BAD("SIP/2.0/UDP h;maddr=", SIP_BAD_HOST, 20),
        BAD("SIP/2.0/UDP h;maddr", SIP_BAD_PARAMETER, 19),
        GOOD("SIP/2.0/UDP h;received=192.0.2.1"),
        GOOD("SIP/2.0/UDP h;received=2001:db8::9:255"),   /* RFC 5118 §4.5 */
        GOOD("SIP/2.0/UDP h;received=[2001:db8::9:255]"), /* RFC 5118 §4.5 */
        BAD("SIP/2.0/UDP h;received=[2001:db8::9:255", SIP_BAD_HOST, 39),
        BAD("SIP/2.0/UDP h;received=[192.0.2.1]", SIP_BAD_HOST, 27),
        BAD("SIP/2.0/UDP h;received=example.com", SIP_BAD_HOST, 24),
        BAD("SIP/2.0/UDP h;received=192.0.2.256", SIP_TRAILING, 33),
        BAD("SIP/2.0/UDP h;received=120.", SIP_BAD_HOST, 27),
        BAD("SIP/2.0/UDP h;received", SIP_BAD_PARAMETER, 22),
        GOOD("SIP/2.0/UDP h;rport"),
        GOOD("SIP/2.0/UDP h;rport=9988"),
        BAD("SIP/2.0/UDP h;rport=", SIP_BAD_PORT, 20),
        BAD("SIP/2.0/UDP h;rport=0", SIP_BAD_PORT, 21),
        BAD("SIP/2.0/UDP h;rport=65536", SIP_BAD_PORT, 24),
        BAD("SIP/2.0/UDP h;rport=1x", SIP_TRAILING, 21),
        BAD("SIP/2.0/UDP h;rport;rport=1", SIP_REPEATED, 20),
        GOOD("SIP/2.0/UDP h;x;y=z;keep=\"a\\\"b;\";z=[::1]"),
        BAD("SIP/2.0/UDP h;x=\"a", SIP_BAD_QUOTES, 18),
        BAD("SIP/2.0/UDP h;x=[::1", SIP_BAD_HOST, 20),
        BAD("SIP/2.0/UDP h;x=:", SIP_BAD_PARAMETER, 16),
        BAD("SIP/2.0/UDP h;x y", SIP_TRAILING, 16),
    };
    CHECK_ROWS(parse_via, rows);
}

TESTS(T(via_has_its_parts) T(via_parts_that_are_missing_are_null)
      T(via_rport_may_be_without_a_value) T(via_fault_names_the_header)
      T(via_protocol_and_sent_by_follow_the_grammar) T(via_parameters_follow_the_grammar))
