#include "message/rows.h"
#include "sip/uri.h"

PARSE_ROW(uri, struct sip_uri, sip_uri_parse(&got, value, fault))

static struct sip_uri uri_of(const char *text)
{
    struct sip_uri uri = {0};
    CHECK_INT(sip_uri_parse(&uri, sip_str(text), NULL), 0);
    return uri;
}

TEST(uri_has_its_parts) /* RFC 3261 §19.1.1 */
{
    struct sip_uri uri = uri_of("sips:alice:secret@atlanta.com:5061;transport=tcp;lr?to=a&x=");

    CHECK_INT(uri.scheme, SIP_SCHEME_SIPS);
    CHECK_STR(uri.scheme_name, "sips");
    CHECK_STR(uri.user, "alice");
    CHECK_STR(uri.password, "secret");
    CHECK_STR(uri.host, "atlanta.com");
    CHECK_INT(uri.port, 5061);
    CHECK_STR(uri.params, "transport=tcp;lr");
    CHECK_STR(uri.headers, "to=a&x=");
    CHECK(!uri.rest.at);
}

TEST(uri_parts_that_are_missing_are_null)
{
    struct sip_uri uri = uri_of("sip:[2001:db8::1]");

    CHECK_INT(uri.scheme, SIP_SCHEME_SIP);
    CHECK_STR(uri.host, "[2001:db8::1]");
    CHECK_INT(uri.port, 0);
    CHECK(!uri.user.at && !uri.password.at && !uri.params.at && !uri.headers.at && !uri.rest.at);
}

TEST(uri_password_may_be_empty_but_is_there) /* §25.1: password = *( ... ) */
{
    struct sip_uri uri = uri_of("sip:alice:@h");

    CHECK(uri.password.at != NULL);
    CHECK_INT(uri.password.len, 0);
}

TEST(uri_of_another_scheme_is_kept_whole) /* §19.1, §25.1 absoluteURI */
{
    struct sip_uri tel = uri_of("tel:+1-201-555-0123;phone-context=x"), http = uri_of("HTTP://h/?q");

    CHECK_INT(tel.scheme, SIP_SCHEME_TEL);
    CHECK_STR(tel.rest, "+1-201-555-0123;phone-context=x");
    CHECK(!tel.host.at && !tel.params.at);
    CHECK_INT(http.scheme, SIP_SCHEME_OTHER);
    CHECK_STR(http.scheme_name, "HTTP");
    CHECK_STR(http.rest, "//h/?q");
}

TEST(uri_user_and_host_follow_the_grammar) /* §25.1 */
{
    static const struct row rows[] = {
        GOOD("sip:h"),
        GOOD("SIP:h"),
        BAD("sip", SIP_BAD_URI, 3),
        BAD("sip:", SIP_BAD_HOST, 4),
        BAD(":h", SIP_BAD_URI, 0),
        BAD("1sip:h", SIP_BAD_URI, 0),
        BAD("s_p:h", SIP_BAD_URI, 1),
        BAD(" sip:h", SIP_BAD_URI, 0),
        BAD("sip :h", SIP_BAD_URI, 3),
        BAD("sip: h", SIP_BAD_HOST, 4),
        BAD("<sip:h>", SIP_BAD_URI, 0),
        BAD("alice@h", SIP_BAD_URI, 5),
        GOOD("sip:a@h"),
        BAD("sip:@h", SIP_BAD_HOST, 4),
        BAD("sip::pw@h", SIP_BAD_HOST, 4),
        GOOD("sip:a:@h"),
        GOOD("sip:a:&=+$,-_.!~*'()0@h"),
        BAD("sip:a:b;c@h", SIP_BAD_URI, 7),
        BAD("sip:a:b:c@h", SIP_BAD_URI, 7),
        BAD("sip:a@b@h", SIP_BAD_HOST, 7),
        GOOD("sip:az09-_.!~*'()&=+$,;?/@h"),
        BAD("sip:a[@h", SIP_BAD_HOST, 5),
        BAD("sip:a#@h", SIP_BAD_HOST, 5), /* a telephone-subscriber's "#" has to be escaped */
        GOOD("sip:%23a@h"),
        BAD("sip:a\"@h", SIP_BAD_HOST, 5),
        BAD("sip:a\xc3\xa4@h", SIP_BAD_HOST, 5),
        BAD("sip:a_\"@h", SIP_BAD_URI, 6), /* "a_" begins a user, not a host */
        BAD("sip:a_", SIP_BAD_HOST, 5),
        GOOD("sip:%61%fF%00@h"),
        BAD("sip:%6@h", SIP_BAD_ESCAPE, 6),
        BAD("sip:%g1@h", SIP_BAD_ESCAPE, 5),
        BAD("sip:a:%6@h", SIP_BAD_ESCAPE, 8),
        GOOD("sip:+1-212-555-1212:1234@gateway.com;user=phone"),
        GOOD("sip:alice;day=tuesday@atlanta.com"),
        GOOD("sip:h;a=b@x"), /* all before "@" is the user */
        GOOD("sip:h:65535"),
        BAD("sip:h:65536", SIP_BAD_PORT, 10),
        GOOD("sip:h:0001"),
        BAD("sip:h:0", SIP_BAD_PORT, 7),
        BAD("sip:h:", SIP_BAD_PORT, 6),
        BAD("sip:h:1a", SIP_BAD_PORT, 7),
        BAD("sip:h:;lr", SIP_BAD_PORT, 6),
        BAD("sip:h:99999999999999999999999", SIP_BAD_PORT, 10),
    };
    CHECK_ROWS(parse_uri, rows);
}

TEST(uri_host_is_a_name_or_an_address) /* §25.1 hostname, RFC 5954 §4.1 */
{
    static const struct row rows[] = {
        GOOD("sip:a.b-c.d9"),
        GOOD("sip:example.com."),
        BAD("sip:example.com..", SIP_BAD_HOST, 16),
        BAD("sip:example..com", SIP_BAD_HOST, 12),
        BAD("sip:.com", SIP_BAD_HOST, 4),
        BAD("sip:.", SIP_BAD_HOST, 4),
        BAD("sip:-a.com", SIP_BAD_HOST, 4),
        BAD("sip:a-.com", SIP_BAD_HOST, 6),
        BAD("sip:a-", SIP_BAD_HOST, 6),
        GOOD("sip:a--b"),
        BAD("sip:a_b", SIP_BAD_HOST, 5),
        GOOD("sip:1.com"),
        GOOD("sip:1-2.3.c4"),
        BAD("sip:com.1", SIP_BAD_HOST, 9), /* toplabel begins with a letter */
        BAD("sip:com.1a", SIP_BAD_HOST, 10),
        GOOD("sip:192.0.2.1"),
        BAD("sip:192.0.2", SIP_BAD_HOST, 11),
        BAD("sip:192.0.2.1.", SIP_BAD_HOST, 14),
        BAD("sip:192.0.2.1.2", SIP_BAD_HOST, 15),
        GOOD("sip:192.0.2.1.de"),
        GOOD("sip:255.255.255.255"),
        BAD("sip:255.255.255.256", SIP_BAD_HOST, 19),
        BAD("sip:444.555.666.777", SIP_BAD_HOST, 19), /* RFC 5954 §4.1 */
        BAD("sip:192.0.02.1", SIP_BAD_HOST, 14),
        GOOD("sip:0.0.0.0"),
        GOOD("sip:[::]"),
        GOOD("sip:[::1]:5060"),
        GOOD("sip:[2001:db8::192.0.2.1]"),
        BAD("sip:[2001:db8:::192.0.2.1]", SIP_BAD_HOST, 15), /* RFC 5954 §3.1 */
        BAD("sip:2001:db8::10", SIP_BAD_URI, 12), /* RFC 5118 §4.2: brackets are missing */
        BAD("sip:[2001:db8::10", SIP_BAD_HOST, 17),
        BAD("sip:[2001:db8::10;lr", SIP_BAD_HOST, 17),
        BAD("sip:[]", SIP_BAD_HOST, 5),
        BAD("sip:[192.0.2.1]", SIP_BAD_HOST, 8),
        BAD("sip:[fe80::1%25eth0]", SIP_BAD_HOST, 12),
        BAD("sip:[::1]x", SIP_BAD_HOST, 9),
        BAD("sip:[v1.a]", SIP_BAD_HOST, 5),
    };
    CHECK_ROWS(parse_uri, rows);
}

/* What is around a host may let more of it be looked at at once; that tells nothing else of it. */
TEST(uri_host_is_judged_alike_wherever_it_stands) /* §25.1 hostname */
{
    static const struct row hosts[] = {
        GOOD("a.b-c.d9"),
        GOOD("a--b"),
        GOOD("1-2.3.c4"),
        GOOD("a.b."),
        GOOD("a.long-label-in-a-name-of-33.bytes"),
        GOOD("192.0.2.1"),
        BAD("-a.com", SIP_BAD_HOST, 0),
        BAD("a-.com", SIP_BAD_HOST, 2),
        BAD("a.-com", SIP_BAD_HOST, 2),
        BAD("a-", SIP_BAD_HOST, 2),
        BAD("a.com-", SIP_BAD_HOST, 6),
        BAD(".com", SIP_BAD_HOST, 0),
        BAD("a..com", SIP_BAD_HOST, 2),
        BAD("com.1a", SIP_BAD_HOST, 6),
        BAD("a.long-label-in-a-name-of-33.bytes-", SIP_BAD_HOST, 35),
    };
    char text[200];

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts * 40 * 40; i++) {
        int user = (int)(i % 40), params = (int)(i / 40 % 40);
        const struct row *host = &hosts[i / 1600];
        struct sip_fault fault;
        int len = snprintf(text, sizeof text, "sip:%.*s@%s;%.*s", user + 1,
                           "a-b.c-d.e-f.g-h.i-j.k-l.m-n.o-p.q-r.s-t.u-v.w", host->value, params + 1,
                           "A-B.C-D.E-F.G-H.I-J.K-L.M-N.O-P.Q-R.S-T.U-V.W");

        CHECK_INT(run_exact(parse_uri, text, (size_t)len, &fault), host->reason ? SIP_EBAD : 0);
        if (host->reason)
            CHECK_INT(fault.offset, sizeof "sip:@" + (size_t)user + host->offset);
    }
}

TEST(uri_parameters_follow_the_grammar) /* §25.1 uri-parameters, §19.1.1 */
{
    static const struct row rows[] = {
        GOOD("sip:h;a"),
        BAD("sip:h;", SIP_BAD_PARAMETER, 6),
        BAD("sip:h;;a", SIP_BAD_PARAMETER, 6),
        BAD("sip:h;a;", SIP_BAD_PARAMETER, 8),
        GOOD("sip:h;a=b"),
        BAD("sip:h;a=", SIP_BAD_PARAMETER, 8),
        BAD("sip:h;=b", SIP_BAD_PARAMETER, 6),
        BAD("sip:h;a=b=c", SIP_BAD_PARAMETER, 9),
        BAD("sip:h; a", SIP_BAD_PARAMETER, 6), /* RFC 4475 §3.1.2.11: no LWS in a URI */
        BAD("sip:h ;a", SIP_BAD_HOST, 5),
        GOOD("sip:h;[]/:&+$-_.!~*'()=[]/:&+$-_.!~*'()"),
        BAD("sip:h;a=b,c", SIP_BAD_PARAMETER, 9),
        BAD("sip:h;a=\"b\"", SIP_BAD_PARAMETER, 8),
        GOOD("sip:h;%41=%42"),
        BAD("sip:h;a=%4", SIP_BAD_ESCAPE, 10),
        GOOD("sip:h;lr"),
        GOOD("sip:h;lr=on"), /* an other-param */
        GOOD("sip:h;transport=Other"),
        BAD("sip:h;transport", SIP_BAD_PARAMETER, 15),
        BAD("sip:h;transport=a/b", SIP_BAD_TOKEN, 17),
        GOOD("sip:h;ttl=255"),
        GOOD("sip:h;ttl=0"),
        BAD("sip:h;ttl=256", SIP_BAD_NUMBER, 12),
        BAD("sip:h;ttl=1x", SIP_BAD_NUMBER, 11),
        BAD("sip:h;ttl", SIP_BAD_PARAMETER, 9),
        GOOD("sip:h;maddr=239.255.255.1"),
        GOOD("sip:h;maddr=[::1]"),
        BAD("sip:h;maddr=[::1", SIP_BAD_HOST, 16),
        BAD("sip:h;maddr=::1", SIP_BAD_URI, 13),
        BAD("sip:h;maddr=1.2.3", SIP_BAD_HOST, 17),
        GOOD("sip:h;user=phone"),
        BAD("sip:h;user=[]", SIP_BAD_TOKEN, 11),
        GOOD("sip:h;method=INVITE"),
        BAD("sip:h;method=:", SIP_BAD_TOKEN, 13),
        BAD("sip:h;lr;LR", SIP_REPEATED, 9), /* §19.1.1: once */
        BAD("sip:h;ttl=1;a;ttl=1", SIP_REPEATED, 14),
        BAD("sip:h;transport=udp;Transport=tcp", SIP_REPEATED, 20),
        GOOD("sip:h;x;x"), /* of unknown ones nobody asks which counts */
    };
    CHECK_ROWS(parse_uri, rows);
}

TEST(uri_headers_follow_the_grammar) /* §25.1 headers */
{
    static const struct row rows[] = {
        GOOD("sip:h?a=b"),
        GOOD("sip:h?a="),
        BAD("sip:h?a", SIP_BAD_URI, 7),
        BAD("sip:h?", SIP_BAD_URI, 6),
        BAD("sip:h?=b", SIP_BAD_URI, 6),
        GOOD("sip:h?a=b&c=d"),
        BAD("sip:h?a=b&", SIP_BAD_URI, 10),
        BAD("sip:h?a=b&c", SIP_BAD_URI, 11),
        BAD("sip:h?a=b=c", SIP_BAD_URI, 9),
        BAD("sip:h?a=b;c", SIP_BAD_URI, 9),
        GOOD("sip:h?[]/?:+$-_.!~*'()=[]/?:+$-_.!~*'()"),
        BAD("sip:h?a=%2", SIP_BAD_ESCAPE, 10),
        BAD("sip:h?a=,", SIP_BAD_URI, 8),
        GOOD("sip:h:1;lr?a=b"),
        GOOD("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com"), /* §19.1.3 */
        GOOD("sip:%61lice@h?subject=project%20x&priority=urgent"),
    };
    CHECK_ROWS(parse_uri, rows);
}

TEST(uri_of_another_scheme_follows_the_grammar) /* §25.1 absoluteURI */
{
    static const struct row rows[] = {
        GOOD("tel:+1"),
        BAD("tel:", SIP_BAD_URI, 4),
        BAD("tel:1 2", SIP_BAD_URI, 5),
        BAD("tel:1#2", SIP_BAD_URI, 5),
        GOOD("mailto:a@b?subject=%20"),
        BAD("mailto:a%2", SIP_BAD_ESCAPE, 10),
        GOOD("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        GOOD("soap.beep://192.0.2.103:3002"), /* RFC 4475 §3.3.4 */
        GOOD("x+y-z.9:;/?:@&=+$,a"),
        GOOD("http:/"),
        GOOD("http://"),
        GOOD("http://h/a;b/c?d/e"),
        GOOD("http://[2001:db8::1]/x"),
        GOOD("http://u:p@[::1]:80?x"),
        GOOD("http://[::1]"),
        BAD("http://[::1", SIP_BAD_HOST, 11),
        BAD("http://[::1]x", SIP_BAD_URI, 12),
        BAD("http://[::1]:x", SIP_BAD_PORT, 13),
        BAD("http://h/[::1]", SIP_BAD_URI, 9),
        BAD("http://h[::1]", SIP_BAD_URI, 8),
        BAD("http:[::1]", SIP_BAD_URI, 5),
        BAD("http://u@h/@[::1]", SIP_BAD_URI, 12),
        BAD("http://@[::1]", SIP_BAD_URI, 8),
        GOOD("http://u/?v:@[::1]/"), /* a user may hold these */
        BAD("http://h/{}", SIP_BAD_URI, 9),
        BAD("http://h/<", SIP_BAD_URI, 9),
        BAD("http://h/\x80", SIP_BAD_URI, 9),
    };
    CHECK_ROWS(parse_uri, rows);
}

TEST(uri_parameter_is_found_whatever_its_case)
{
    struct sip_uri uri = uri_of("sip:h;lr;Transport=TCP;%74tl=5;x=y");

    CHECK_STR(sip_uri_param(&uri, "transport"), "TCP");
    CHECK_STR(sip_uri_param(&uri, "ttl"), "5"); /* §19.1.4: %74 is "t" */
    CHECK(sip_uri_param(&uri, "lr").at != NULL);
    CHECK_INT(sip_uri_param(&uri, "lr").len, 0);
    CHECK(sip_uri_param(&uri, "l").at == NULL);
    CHECK(sip_uri_param(&uri, "y").at == NULL);
    uri = uri_of("sip:h");
    CHECK(sip_uri_param(&uri, "lr").at == NULL);
}

TEST(uri_unescape_decodes_what_is_escaped) /* §19.1.2 */
{
    char out[8];

    CHECK_INT(sip_uri_unescape(sip_str("%61%4a.b"), out, sizeof out), 4);
    CHECK_STR(sip_bytes(out, 4), "aJ.b");
    CHECK_INT(sip_uri_unescape(sip_str("%40%3B"), out, sizeof out), 2);
    CHECK_STR(sip_bytes(out, 2), "@;");
    CHECK_INT(sip_uri_unescape(sip_str("a%4"), out, sizeof out), 3);
    CHECK_INT(sip_uri_unescape(sip_str("%zz"), out, sizeof out), 3);
    CHECK_INT(sip_uri_unescape(sip_str("%4g"), out, sizeof out), 3);
    CHECK_INT(sip_uri_unescape(sip_str("%:4"), out, sizeof out), 3);
    CHECK_INT(sip_uri_unescape(sip_str("%/4"), out, sizeof out), 3);
    CHECK_INT(sip_uri_unescape(sip_str("%`4"), out, sizeof out), 3);
    CHECK_INT(sip_uri_unescape(sip_str("12345678"), out, sizeof out), 8);
    CHECK_INT(sip_uri_unescape(sip_str("123456789"), out, sizeof out), -1);
    CHECK_INT(sip_uri_unescape(sip_str("%31"), out, 0), -1);
    CHECK_INT(sip_uri_unescape(sip_str(""), out, 0), 0);
}

/* --- equality --- */

struct pair {
    const char *a, *b;
    bool equal;
};

static void check_pair(const struct pair *pair)
{
    struct sip_uri a = uri_of(pair->a), b = uri_of(pair->b);

    int failures = test_failures;

    CHECK_INT(sip_uri_equal(&a, &b), pair->equal);
    CHECK_INT(sip_uri_equal(&b, &a), pair->equal);
    CHECK(sip_uri_equal(&a, &a) && sip_uri_equal(&b, &b));
    if (test_failures > failures)
        printf("  %s\n  %s\n", pair->a, pair->b);
}

#define CHECK_PAIRS(pairs)                                                                         \
    for (size_t pair_ = 0; pair_ < sizeof(pairs) / sizeof *(pairs); pair_++)                       \
        check_pair(&(pairs)[pair_])

TEST(uri_equality_answers_the_examples_of_the_rfc) /* RFC 3261 §19.1.4 */
{
    static const struct pair pairs[] = {
        {"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true},
        {"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true},
        {"sip:carol@chicago.com", "sip:carol@chicago.com;security=on", true},
        {"sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on", true},
        {"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
         "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true},
        {"sip:alice@atlanta.com?subject=project%20x&priority=urgent",
         "sip:alice@atlanta.com?priority=urgent&subject=project%20x", true},
        {"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false},
        {"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false},
        {"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false},
        {"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false},
        {"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false},
        {"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false},
        {"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false},
    };
    CHECK_PAIRS(pairs);
}

TEST(uri_equality_compares_addresses_not_their_text) /* RFC 5954 §4.2 */
{
    static const struct pair pairs[] = {
        {"sip:bob@[::ffff:192.0.2.128]", "sip:bob@[::ffff:c000:280]", true},
        {"sip:bob@[2001:db8::9:1]", "sip:bob@[2001:db8::9:01]", true},
        {"sip:bob@[0:0:0:0:0:FFFF:129.144.52.38]", "sip:bob@[::FFFF:129.144.52.38]", true},
        {"sip:bob@[2001:db8::9:1]", "sip:bob@[2001:db8::9:10]", false},
        {"sip:bob@[::ffff:192.0.2.128]", "sip:bob@192.0.2.128", false},
        {"sip:h;maddr=[::1]", "sip:h;maddr=[0:0::0:1]", true},
        {"sip:h;maddr=[::1]", "sip:h;maddr=[::2]", false},
    };
    CHECK_PAIRS(pairs);
}

TEST(uri_equality_knows_escapes_and_case) /* §19.1.4 */
{
    static const struct pair pairs[] = {
        {"sip:a@h", "sips:a@h", false},
        {"sip:a@h", "SIP:a@H", true},
        {"sip:a@h", "sip:h", false},
        {"sip:a:pw@h", "sip:a@h", false},
        {"sip:a:@h", "sip:a@h", false},
        {"sip:a:pw@h", "sip:a:PW@h", false},
        {"sip:a:%70w@h", "sip:a:pw@h", true},
        {"sip:%41@h", "sip:A@h", true},
        {"sip:%41@h", "sip:a@h", false},
        {"sip:%7Ea@h", "sip:%7ea@h", true},
        {"sip:a%3bb@h", "sip:a;b@h", false}, /* ";" is reserved: its escape is something else */
        {"sip:a%3bb@h", "sip:a%3Bb@h", true},
        {"sip:a%2fb@h", "sip:a/b@h", false},
        {"sip:a%2Eb@h", "sip:a.b@h", true},
        {"sip:a%00@h", "sip:a@h", false},
        {"sip:a%0a@h", "sip:a%0A@h", true},
        {"sip:a%a0@h", "sip:a%A0@h", true},
        {"sip:a%39@h", "sip:a9@h", true},
        {"sip:%6f%6F@h", "sip:oo@h", true},
        {"sip:a%c3%a4@h", "sip:a%C3%A4@h", true},
        {"sip:ab@h", "sip:a@h", false},
        {"sip:h:5060", "sip:h:05060", true},
        {"sip:h;%6dethod=A", "sip:h;Method=a", true},
        {"sip:h;p=%41", "sip:h;P=a", true},
        {"sip:h;p=%3A", "sip:h;p=:", false},
        {"sip:h.", "sip:h", false},
    };
    CHECK_PAIRS(pairs);
}

TEST(uri_equality_wants_some_parameters_on_both_sides) /* §19.1.4 */
{
    static const struct pair pairs[] = {
        {"sip:h;user=ip", "sip:h", false},
        {"sip:h;ttl=1", "sip:h", false},
        {"sip:h;method=INVITE", "sip:h", false},
        {"sip:h;maddr=h", "sip:h", false},
        {"sip:h;transport=udp", "sip:h", false},
        {"sip:h;%74tl=1", "sip:h", false},
        {"sip:h;x;ttl=1", "sip:h;x;y", false},
        {"sip:h;lr", "sip:h", true},
        {"sip:h;lr", "sip:h;lr=on", false}, /* in both, and not the same */
        {"sip:h;x;y", "sip:h;y;z", true},
        {"sip:h;x=1;y", "sip:h;y;x=2", false},
        {"sip:h;user=phone;x=1", "sip:h;y=2;user=PHONE", true},
        {"sip:h;x=%61", "sip:h;X=A", true},
        {"sip:h;x=[::1]", "sip:h;x=[0::1]", false}, /* of these only maddr is a host */
        {"sip:h;maddr=[::1]", "sip:h;%6daddr=[0::1]", true},
        {"sip:h;a=1;b=2;c=3", "sip:h;c=3;a=1;b=2", true},
        {"sip:h;a=1;b=2;c=3", "sip:h;c=4;a=1;b=2", false},
    };
    CHECK_PAIRS(pairs);
}

TEST(uri_equality_ignores_no_header) /* §19.1.4 */
{
    static const struct pair pairs[] = {
        {"sip:h?a=1", "sip:h?A=1", true},
        {"sip:h?a=1", "sip:h?a=2", false},
        {"sip:h?a=x", "sip:h?a=X", true}, /* §7.3.1 */
        {"sip:h?a=1&b=2", "sip:h?a=1", false},
        {"sip:h?a=1&a=1", "sip:h?a=1", false},
        {"sip:h?a=1&a=2", "sip:h?a=2&a=1", true},
        {"sip:h?a=1&a=1&b=2", "sip:h?a=1&b=2&b=2", false},
        {"sip:h?a=", "sip:h?a=1", false},
        {"sip:h?body=x", "sip:h?body=X", false},
        {"sip:h?Call-ID=x", "sip:h?call-id=X", false}, /* §20.8 */
        {"sip:h?i=x", "sip:h?i=X", false},
        {"sip:h?ii=x", "sip:h?ii=X", true},
        {"sip:h?a=1&b=2", "sip:h?b=1&a=2", false},
    };
    struct sip_uri a = uri_of("sip:h"), b = a;

    CHECK_PAIRS(pairs);
    a.headers = sip_str("a&b=1"); /* which no parser takes */
    b.headers = sip_str("b=1&A");
    CHECK(sip_uri_equal(&a, &b));
    b.headers = sip_str("b=1&a=");
    CHECK(!sip_uri_equal(&a, &b));
}

TEST(uri_equality_of_other_schemes_is_by_byte)
{
    static const struct pair pairs[] = {
        {"tel:+123", "TEL:+123", true},
        {"tel:+123", "tel:+124", false},
        {"urn:a", "urx:a", false},
        {"tel:abc", "sip:abc", false},
    };
    CHECK_PAIRS(pairs);
}

/* "sip:h" with `count` parameters and headers, the first ones last when `turned`. */
static void many(char *out, char separator, int count, bool turned)
{
    strcpy(out, "sip:h");
    for (int i = 0; i < count; i++)
        sprintf(out + strlen(out), "%cp%d=x", i == 0 && separator == '&' ? '?' : separator,
                turned ? count - i : i + 1);
}

TEST(uri_with_too_many_parts_is_equal_only_to_the_same_ones) /* 32 of each are compared */
{
    static const char separators[] = ";&";

    for (int i = 0; i < 2; i++) {
        char a[600], b[600];
        struct pair pair = {a, b, true};
        many(a, separators[i], 32, false);
        many(b, separators[i], 32, true);
        check_pair(&pair);
        many(a, separators[i], 33, false);
        many(b, separators[i], 33, true);
        pair.equal = false;
        check_pair(&pair);
        many(b, separators[i], 33, false);
        pair.equal = true;
        check_pair(&pair);
        many(b, separators[i], 32, false);
        pair.equal = false;
        check_pair(&pair);
    }
}

TESTS(T(uri_has_its_parts) T(uri_parts_that_are_missing_are_null)
      T(uri_password_may_be_empty_but_is_there) T(uri_of_another_scheme_is_kept_whole)
      T(uri_user_and_host_follow_the_grammar) T(uri_host_is_a_name_or_an_address)
      T(uri_host_is_judged_alike_wherever_it_stands) T(uri_parameters_follow_the_grammar) T(uri_headers_follow_the_grammar)
      T(uri_of_another_scheme_follows_the_grammar) T(uri_parameter_is_found_whatever_its_case)
      T(uri_unescape_decodes_what_is_escaped) T(uri_equality_answers_the_examples_of_the_rfc)
      T(uri_equality_compares_addresses_not_their_text) T(uri_equality_knows_escapes_and_case)
      T(uri_equality_wants_some_parameters_on_both_sides) T(uri_equality_ignores_no_header)
      T(uri_equality_of_other_schemes_is_by_byte)
      T(uri_with_too_many_parts_is_equal_only_to_the_same_ones))
