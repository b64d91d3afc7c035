/* Values about content: RFC 3261 §20. */
#include "message/kinds.h"
#include "sip/fields_content.h"

KIND(disposition)
KIND(media_type)
KIND(info_uri)
KIND(timestamp)
KIND(mime_version)
KIND_OF(encoding, struct sip_choice, sip_accept_encoding_parse, sip_write_choice)
KIND_OF(language, struct sip_choice, sip_accept_language_parse, sip_write_choice)
PARSE_ROW(tag, struct sip_str, sip_language_parse(&got, value, fault))

TEST(disposition_may_be_optional) /* §20.11 */
{
    static const struct row rows[] = {
        GOOD("session"),
        GOOD("early-session;handling=optional"),
        GOOD("icon ; size=\"1\" ; handling = x"),
        BAD("session;handling", SIP_BAD_PARAMETER, 16),
        BAD("session;handling=\"optional\"", SIP_BAD_TOKEN, 17),
    };
    struct sip_disposition got;

    CHECK_KIND(disposition, rows);
    CHECK_INT(sip_disposition_parse(&got, sip_str(rows[1].value), NULL), 0);
    CHECK_STR(got.type, "early-session");
    CHECK_STR(got.handling, "optional");
}

TEST(media_types_are_written_again) /* §20.15 */
{
    static const struct row rows[] = {GOOD("application/sdp"),
                                      GOOD("multipart/mixed ; boundary=\"a b\""),
                                      BAD("text", SIP_BAD_TOKEN, 4)};

    CHECK_KIND(media_type, rows);
}

TEST(choices_have_a_weight) /* §20.2, §20.3 */
{
    static const struct row encodings[] = {
        GOOD("gzip"),
        GOOD("*;q=0"),
        GOOD("identity;q=0.5;x"),
        BAD("gzip;q=1.5", SIP_BAD_NUMBER, 9),
        BAD("gzip,x", SIP_TRAILING, 4),
    };
    static const struct row languages[] = {
        GOOD("da"),
        GOOD("en-gb;q=0.8"),
        GOOD("*;q=0.1"),
        GOOD("es-419"),
        BAD("**", SIP_TRAILING, 1),
        BAD("en-", SIP_BAD_TOKEN, 3),
        BAD("-en", SIP_BAD_TOKEN, 0),
        BAD("e1", SIP_TRAILING, 1),
        BAD("abcdefghi", SIP_BAD_TOKEN, 8),
        BAD("en;q=a", SIP_BAD_NUMBER, 5),
        BAD("*-gb", SIP_TRAILING, 1),
    };
    struct sip_choice got;

    CHECK_KIND(encoding, encodings);
    CHECK_KIND(language, languages);
    CHECK_INT(sip_accept_language_parse(&got, sip_str("en-gb;q=0.8"), NULL), 0);
    CHECK_STR(got.name, "en-gb");
    CHECK(got.q.given && got.q.value == 800);
    CHECK_INT(sip_accept_encoding_parse(&got, sip_str("gzip"), NULL), 0);
    CHECK(!got.q.given);
}

TEST(language_tags_have_short_parts) /* §20.13 */
{
    static const struct row rows[] = {
        GOOD("fr"),
        GOOD("i-cherokee"),
        BAD("fr;q=1", SIP_TRAILING, 2),
        BAD("*", SIP_BAD_TOKEN, 0),
        BAD("i-cherokees", SIP_BAD_TOKEN, 10),
    };
    CHECK_ROWS(parse_tag, rows);
}

TEST(info_uris_are_in_brackets) /* §20.4, §20.9, §20.18 */
{
    static const struct row rows[] = {
        GOOD("<http://wwww.example.com/alice/photo.jpg> ;purpose=icon"),
        GOOD("<http://www.example.com/alice/>;purpose=info;x"),
        GOOD(" <urn:alert:source:internal>"), /* LAQUOT is SWS "<" */
        GOOD("<sip:not-in-service-recording@atlanta.com>"),
        BAD("http://www.example.com/", SIP_BAD_BRACKETS, 0),
        BAD("<http://www.example.com/", SIP_BAD_BRACKETS, 24),
        BAD("<>", SIP_BAD_URI, 1),
        BAD("<www.example.com>", SIP_BAD_URI, 16),
        BAD("A <http://a/>", SIP_BAD_BRACKETS, 0),
        BAD("<http://a/>;purpose", SIP_BAD_PARAMETER, 19),
    };
    struct sip_info_uri got;
    struct sip_writer writer;
    char room[100];

    CHECK_KIND(info_uri, rows);
    CHECK_INT(sip_info_uri_parse(&got, sip_str("<http://a/>;purpose=card"), NULL), 0);
    CHECK_STR(got.uri, "http://a/");
    CHECK_STR(got.purpose, "card");
    got.uri = sip_str("http://a/>");
    CHECK_INT(WRITTEN(sip_write_info_uri, &got), SIP_EINVAL);
}

TEST(timestamps_are_decimal_numbers) /* §20.38 */
{
    static const struct row rows[] = {
        GOOD("54"),
        GOOD("54.32"),
        GOOD("54. 0.5"),
        GOOD("1\r\n .5"),
        GOOD("1 "), /* a delay may be empty */
        BAD(".5", SIP_BAD_NUMBER, 0),
        BAD("5x", SIP_BAD_NUMBER, 1),
        BAD("5 x", SIP_BAD_NUMBER, 2),
        BAD("5 1.5.5", SIP_BAD_NUMBER, 5),
        BAD("5 1 1", SIP_BAD_NUMBER, 3),
    };
    struct sip_timestamp got;

    CHECK_KIND(timestamp, rows);
    CHECK_INT(sip_timestamp_parse(&got, sip_str("54.32 0.5"), NULL), 0);
    CHECK_STR(got.time, "54.32");
    CHECK_STR(got.delay, "0.5");
    CHECK_INT(sip_timestamp_parse(&got, sip_str("54"), NULL), 0);
    CHECK(!got.delay.at);
}

TEST(mime_versions_are_two_numbers) /* §20.24 */
{
    static const struct row rows[] = {
        GOOD("1.0"),
        GOOD("01.4294967295"),
        BAD("1", SIP_BAD_NUMBER, 1),
        BAD("1.", SIP_BAD_NUMBER, 2),
        BAD(".0", SIP_BAD_NUMBER, 0),
        BAD("1.0.0", SIP_BAD_NUMBER, 3),
        BAD("1. 0", SIP_BAD_NUMBER, 2),
    };
    struct sip_mime_version got;

    CHECK_KIND(mime_version, rows);
    CHECK_INT(sip_mime_version_parse(&got, sip_str("1.2"), NULL), 0);
    CHECK(got.major == 1 && got.minor == 2);
}

TEST(products_and_comments_take_turns) /* §20.35, §20.41 */
{
    static const char *const good[] = {"a", "a/1", "a / 1 b", "a (b) c/2", "(a)(b)c", "a/1(x (y))"};
    static const char *const bad[] = {"a/", "a/1/2", "a (b", "a;b", "\"a\"", "a b?"};
    struct sip_str rest = sip_str("Phone/1.2 (x;y) libsip");
    struct sip_product got;

    CHECK(sip_product_next(&rest, &got));
    CHECK_STR(got.name, "Phone");
    CHECK_STR(got.version, "1.2");
    CHECK(sip_product_next(&rest, &got));
    CHECK_STR(got.comment, "(x;y)");
    CHECK(!got.name.at);
    CHECK(sip_product_next(&rest, &got));
    CHECK_STR(got.name, "libsip");
    CHECK(!got.version.at);
    CHECK(!sip_product_next(&rest, &got) && rest.len == 0);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        for (size_t len = strlen(good[i]), cut = len + 1; cut-- > 0;) {
            char *block = exact_block(good[i], cut);
            rest = sip_bytes(block, cut);
            while (sip_product_next(&rest, &got))
                continue;
            CHECK(cut < len || rest.len == 0);
            free(block);
        }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rest = sip_str(bad[i]);
        while (sip_product_next(&rest, &got))
            continue;
        CHECK(rest.len > 0);
    }
}

TESTS(T(disposition_may_be_optional) T(media_types_are_written_again) T(choices_have_a_weight)
          T(language_tags_have_short_parts) T(info_uris_are_in_brackets)
              T(timestamps_are_decimal_numbers) T(mime_versions_are_two_numbers)
                  T(products_and_comments_take_turns))
