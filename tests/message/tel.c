/* tel: URIs: RFC 3966. */
#include "message/rows.h"
#include "sip/tel.h"

PARSE_ROW(tel, struct sip_tel, sip_tel_parse(&got, value, fault))
PARSE_ROW(user, struct sip_tel, sip_tel_of_user(&got, value, fault))

TEST(tel_uris_follow_the_grammar) /* RFC 3966 §3, §6 */
{
    static const struct row rows[] = {
        GOOD("tel:+1-201-555-0123"),
        GOOD("tel:7042;phone-context=example.com"),
        GOOD("tel:863-1234;phone-context=+1-914-555"),
        GOOD("TEL:+358-555-1234567;isub=1411;postd=pp22"),
        GOOD("tel:+1(201)555.0123;ext=(12)3;x"),
        GOOD("tel:*21#ab;phone-context=pbx.example.com."),
        GOOD("tel:+1;x=%41[/]"),
        BAD("tel:7042", SIP_BAD_PARAMETER, 8), /* a local number has its context */
        BAD("tel:+", SIP_BAD_URI, 5),
        BAD("tel:+-()", SIP_BAD_URI, 8),
        BAD("tel:", SIP_BAD_URI, 4),
        BAD("tel:+1a", SIP_BAD_URI, 6), /* hexadecimal digits are local */
        BAD("tel:+1#", SIP_BAD_URI, 6),
        BAD("tel:1 2;phone-context=a", SIP_BAD_URI, 5),
        BAD("tel:1;phone-context", SIP_BAD_PARAMETER, 19),
        BAD("tel:1;phone-context=", SIP_BAD_PARAMETER, 20),
        BAD("tel:1;phone-context=+", SIP_BAD_URI, 21),
        BAD("tel:1;phone-context=-a", SIP_BAD_HOST, 20),
        BAD("tel:1;phone-context=[::1]", SIP_BAD_HOST, 20),
        BAD("tel:1;phone-context=a;phone-context=a", SIP_REPEATED, 22), /* §3 */
        BAD("tel:+1;ext=1;ext=1", SIP_REPEATED, 13),
        BAD("tel:+1;ext=a", SIP_BAD_PARAMETER, 11),
        BAD("tel:+1;ext", SIP_BAD_PARAMETER, 10),
        BAD("tel:+1;", SIP_BAD_PARAMETER, 7),
        BAD("tel:+1;a_b=1", SIP_BAD_URI, 8), /* pname has letters, digits and "-" */
        BAD("tel:+1;a=%4", SIP_BAD_ESCAPE, 11),
        BAD("sip:+1", SIP_BAD_URI, 0),
        BAD("tel", SIP_BAD_URI, 3),
    };
    static const struct row users[] = {
        GOOD("+358-555-1234567;postd=pp22"), /* RFC 3261 §19.1.6 */
        BAD("alice", SIP_BAD_URI, 1),
        BAD("tel:+1", SIP_BAD_URI, 0),
    };

    CHECK_ROWS(parse_tel, rows);
    CHECK_ROWS(parse_user, users);
}

TEST(tel_uris_have_their_parts)
{
    struct sip_tel tel;

    CHECK_INT(sip_tel_parse(&tel, sip_str("tel:+1-2;ext=3;isub=4;x=5"), NULL), 0);
    CHECK(tel.global);
    CHECK_STR(tel.number, "+1-2");
    CHECK_STR(tel.extension, "3");
    CHECK_STR(tel.subaddress, "4");
    CHECK_STR(tel.params, "ext=3;isub=4;x=5");
    CHECK(!tel.context.at);
    CHECK_INT(sip_tel_parse(&tel, sip_str("tel:12;phone-context=a.b"), NULL), 0);
    CHECK(!tel.global && !tel.extension.at);
    CHECK_STR(tel.context, "a.b");
}

TEST(tel_uris_are_compared_without_separators) /* §4 */
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"tel:+1-201-555-0123", "tel:+12015550123", true},
        {"tel:+1-201-555-0123", "TEL:+1(201)5550123", true},
        {"tel:+1;ext=1-2;x=y", "tel:+1;X=Y;ext=12", true},
        {"tel:1;phone-context=A.b", "tel:1;phone-context=a.B", true},
        {"tel:1;phone-context=+1-2", "tel:1;phone-context=+12", true},
        {"tel:aB#;phone-context=a", "tel:Ab#;phone-context=a", true},
        {"tel:+1", "tel:+12", false},
        {"tel:+12", "tel:+1", false},
        {"tel:+1", "tel:1;phone-context=a", false},
        {"tel:1;phone-context=a", "tel:1;phone-context=b", false},
        {"tel:+1;ext=1", "tel:+1;ext=2", false},
        {"tel:+1;ext=1", "tel:+1", false},
        {"tel:+1;x", "tel:+1;x=1", false},
        {"tel:+1;x=1-2", "tel:+1;x=12", false},
        {"tel:+1;x=1;x=1", "tel:+1;x=1", false},
        {"tel:1;phone-context=a-b", "tel:1;phone-context=ab", false}, /* a name, not a number */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_tel a, b;

        CHECK_INT(sip_tel_parse(&a, sip_str(rows[i].a), NULL), 0);
        CHECK_INT(sip_tel_parse(&b, sip_str(rows[i].b), NULL), 0);
        CHECK(sip_tel_equal(&a, &b) == rows[i].same);
        CHECK(sip_tel_equal(&b, &a) == rows[i].same);
        CHECK(sip_tel_equal(&a, &a));
        if (sip_tel_equal(&a, &b) != rows[i].same)
            printf("  %s, %s\n", rows[i].a, rows[i].b);
    }
}

TESTS(T(tel_uris_follow_the_grammar) T(tel_uris_have_their_parts)
          T(tel_uris_are_compared_without_separators))
