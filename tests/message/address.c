#include "message/rows.h"
#include "sip/fields.h"

PARSE_ROW(address, struct sip_address, sip_address_parse(&got, value, fault))

static struct sip_address address_of(const char *text)
{
    struct sip_address address = {0};
    CHECK_INT(sip_address_parse(&address, sip_str(text), NULL), 0);
    return address;
}

TEST(address_has_its_parts) /* RFC 3261 §20.20 */
{
    struct sip_address got = address_of("\"A. G. Bell\" <sip:agb@bell.com;lr?a=b> ;tag=a48s;x");

    CHECK_STR(got.display, "\"A. G. Bell\"");
    CHECK_STR(got.uri, "sip:agb@bell.com;lr?a=b");
    CHECK_STR(got.params, "tag=a48s;x");
    CHECK_STR(got.tag, "a48s");
    CHECK(got.brackets);
}

TEST(address_parts_that_are_missing_are_null)
{
    struct sip_address got = address_of("<sip:h>");

    CHECK(!got.display.at && !got.params.at && !got.tag.at);
    CHECK(got.brackets);
}

TEST(address_without_brackets_owns_the_parameters) /* §20.10 */
{
    struct sip_address bare = address_of("sip:+1@h;user=phone;tag=887s");
    struct sip_address bracketed = address_of("<sip:+1@h;user=phone>;tag=887s");

    CHECK_STR(bare.uri, "sip:+1@h");
    CHECK_STR(bare.params, "user=phone;tag=887s");
    CHECK_STR(bare.tag, "887s");
    CHECK(!bare.brackets);
    CHECK_STR(bracketed.uri, "sip:+1@h;user=phone");
    CHECK_STR(bracketed.params, "tag=887s");
}

TEST(address_display_of_tokens_is_without_the_space_behind_it)
{
    CHECK_STR(address_of("Bob  Smith \r\n <sip:h>").display, "Bob  Smith");
    CHECK_STR(address_of("caller<sip:h>").display, "caller");
    CHECK_STR(address_of("\"\"<sip:h>").display, "\"\"");
}

TEST(address_tag_is_found_among_parameters)
{
    CHECK_STR(address_of("<sip:h>;a=\";tag=x\";TAG = y ;z").tag, "y");
    CHECK(!address_of("<sip:h;tag=x>").tag.at);
    CHECK(!address_of("<sip:h>;tagg=x").tag.at);
}

TEST(address_name_and_brackets_follow_the_grammar) /* §25.1 name-addr */
{
    static const struct row rows[] = {
        GOOD("<sip:h>"),
        GOOD(" <sip:h> "), /* LAQUOT and RAQUOT bring their white space */
        BAD("<sip:h", SIP_BAD_BRACKETS, 6),
        BAD("<sip:h;tag=1", SIP_BAD_BRACKETS, 12),
        BAD("sip:h>", SIP_BAD_HOST, 5),
        BAD("<>", SIP_BAD_URI, 1),
        BAD("<", SIP_BAD_URI, 1),
        BAD("< sip:h>", SIP_BAD_URI, 1),
        BAD("<sip:h >", SIP_BAD_HOST, 6),
        BAD("<sip:h>>", SIP_TRAILING, 7),
        BAD("<<sip:h>>", SIP_BAD_URI, 1),
        BAD("<sip:h>x", SIP_TRAILING, 7),
        BAD("<sip:h>,<sip:h>", SIP_TRAILING, 7), /* one element, not a list */
        BAD("<h>", SIP_BAD_URI, 2),
        BAD("<alice@h>", SIP_BAD_URI, 6),
        GOOD("<tel:+1>"),
        GOOD("<http://h/x?y,z>"),
        BAD("<sip:a b@h>", SIP_BAD_HOST, 6),
        BAD("<sip:a_ b@h>", SIP_BAD_URI, 7),
        BAD("<sip:a_>", SIP_BAD_HOST, 6),
        GOOD("Bob <sip:h>"),
        GOOD("Bob Q. Smith-Jones <sip:h>"),
        GOOD("Bob\r\n\tSmith <sip:h>"),
        GOOD("Bob<sip:h>"), /* RFC 4475 §3.1.1.6 */
        BAD("Bob, Smith <sip:h>", SIP_BAD_TOKEN, 3),
        BAD("Bob (x) <sip:h>", SIP_BAD_TOKEN, 4),
        BAD("Bob@x <sip:h>", SIP_BAD_TOKEN, 3),
        BAD("B\xc3\xb6" "b <sip:h>", SIP_BAD_TOKEN, 1),
        BAD("Bob", SIP_BAD_URI, 3),
        BAD("Bob ", SIP_BAD_URI, 4),
        BAD("Bob sip:h", SIP_BAD_TOKEN, 7),
        BAD("*", SIP_BAD_URI, 1), /* for the caller to know */
        GOOD("\"Bob\" <sip:h>"),
        GOOD("\"Bob\"<sip:h>"),
        GOOD(" \"Bob\"\r\n <sip:h>"),
        GOOD("\"B\xc3\xb6\x62\" <sip:h>"),
        BAD("\"B\xf6\x62\" <sip:h>", SIP_BAD_UTF8, 3),
        BAD("\"B\xc3\" <sip:h>", SIP_BAD_UTF8, 3),
        GOOD("\"a\\\"b\\\\\" <sip:h>"),
        BAD("\"a\\\" <sip:h>", SIP_BAD_QUOTES, 12),
        BAD("\"Bob <sip:h>", SIP_BAD_QUOTES, 12),
        BAD("\"Bob\" x <sip:h>", SIP_BAD_TOKEN, 6),
        BAD("\"Bob\" sip:h", SIP_BAD_TOKEN, 6),
        BAD("\"Bob\"", SIP_BAD_URI, 5),
        BAD("x \"Bob\" <sip:h>", SIP_BAD_TOKEN, 2),
        BAD("\"a\x01\" <sip:h>", SIP_BAD_CONTROL, 2),
        BAD("\"a\r\nb\" <sip:h>", SIP_BAD_CONTROL, 2),
        GOOD("\"a\r\n b\" <sip:h>"),
        {"\"a\\\0\\\x07\\\x7f\" <sip:h>", SIP_REASON_NONE, 0, 17}, /* RFC 4475 §3.1.1.2 */
        {"\"a\0\" <sip:h>", SIP_BAD_CONTROL, 2, 12},
        BAD("\"a\\\r\n b\" <sip:h>", SIP_BAD_QUOTES, 3),
    };
    CHECK_ROWS(parse_address, rows);
}

TEST(address_without_brackets_follows_the_grammar) /* §25.1 addr-spec, §20.10 */
{
    static const struct row rows[] = {
        GOOD("sip:h"),
        GOOD("sip:a@h"),
        GOOD("sip:a@h ;tag=x"),
        GOOD("sip:a@h\r\n ;tag=x"),
        GOOD("tel:+1"),
        GOOD("sip:[::1]:5060;tag=x"),
        BAD("sip:a@h?b=c", SIP_BAD_URI, 7), /* RFC 4475 §3.1.2.12 */
        BAD("sip:a?b@h", SIP_BAD_URI, 5),
        BAD("sip:a,b@h", SIP_BAD_URI, 5),
        BAD("sip:a;b@h", SIP_TRAILING, 7), /* the parameters begin at ";" */
        BAD("sip:a;b=@h", SIP_BAD_PARAMETER, 8),
        BAD("sip:a@h x", SIP_TRAILING, 8),
        BAD("sip:a@h ", SIP_TRAILING, 8),
        BAD("sip:", SIP_BAD_HOST, 4),
        BAD("sip:;tag=x", SIP_BAD_HOST, 4),
        BAD(" sip:h", SIP_BAD_TOKEN, 1),
    };
    CHECK_ROWS(parse_address, rows);
}

TEST(address_parameters_follow_the_grammar) /* §25.1 generic-param, tag-param */
{
    static const struct row rows[] = {
        GOOD("<sip:h>;tag=x"),
        GOOD("<sip:h> ; tag = x"),
        BAD("<sip:h>;tag", SIP_BAD_PARAMETER, 11),
        BAD("<sip:h>;tag=", SIP_BAD_PARAMETER, 12),
        BAD("<sip:h>;tag=\"x\"", SIP_BAD_TOKEN, 12),
        BAD("<sip:h>;tag=[::1]", SIP_BAD_TOKEN, 12),
        BAD("<sip:h>;tag=x@y", SIP_TRAILING, 13),
        BAD("<sip:h>;tag=x;Tag=x", SIP_REPEATED, 14), /* §7.3.1 */
        BAD("<sip:h>;", SIP_BAD_PARAMETER, 8),
        BAD("<sip:h>;;tag=x", SIP_BAD_PARAMETER, 8), /* RFC 4475 §3.1.2.1 */
        BAD("<sip:h>;tag=x;", SIP_BAD_PARAMETER, 14),
        GOOD("<sip:h>;q=0.5;expires=60;+sip.instance=\"<urn:uuid:x>\";ob"),
        GOOD("<sip:h>;a=[2001:db8::1];b=1.2.3.4;c=h.de"),
        BAD("<sip:h>;a=[2001:db8", SIP_BAD_HOST, 19),
        BAD("<sip:h>;a=<x>", SIP_BAD_PARAMETER, 10),
        BAD("<sip:h>;a=\"x", SIP_BAD_QUOTES, 12),
        BAD("<sip:h>;a=\"x\"y", SIP_TRAILING, 13),
        BAD("<sip:h>;a b", SIP_TRAILING, 10),
    };
    CHECK_ROWS(parse_address, rows);
}

TESTS(T(address_has_its_parts) T(address_parts_that_are_missing_are_null)
      T(address_without_brackets_owns_the_parameters)
      T(address_display_of_tokens_is_without_the_space_behind_it)
      T(address_tag_is_found_among_parameters) T(address_name_and_brackets_follow_the_grammar)
      T(address_without_brackets_follows_the_grammar) T(address_parameters_follow_the_grammar))
