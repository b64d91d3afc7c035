#include "message/rows.h"
#include "sip/fields.h"

PARSE_ROW(cseq, struct sip_cseq, sip_cseq_parse(&got, value, fault))
PARSE_ROW(media_type, struct sip_media_type, sip_media_type_parse(&got, value, fault))
PARSE_ROW(media_range, struct sip_media_type, sip_media_range_parse(&got, value, fault))
PARSE_ROW(token_value, struct sip_token_value, sip_token_value_parse(&got, value, fault))
PARSE_ROW(retry_after, struct sip_retry_after, sip_retry_after_parse(&got, value, fault))
PARSE_ROW(warning, struct sip_warning, sip_warning_parse(&got, value, fault))
PARSE_ROW(date, struct sip_date, sip_date_parse(&got, value, fault))
PARSE_ROW(auth, struct sip_auth, sip_auth_parse(&got, value, fault))
PARSE_ROW(auth_info, struct sip_auth, sip_auth_info_parse(&got, value, fault))
PARSE_ROW(byte, uint32_t, sip_number_parse(&got, value, 255, fault))
PARSE_ROW(number, uint32_t, sip_number_parse(&got, value, UINT32_MAX, fault))
PARSE_ROW(call_id, struct sip_str, sip_call_id_parse(&got, value, fault))

TEST(cseq_follows_the_grammar) /* RFC 3261 §20.16 */
{
    static const struct row rows[] = {
        GOOD("1 INVITE"),
        GOOD("0 INVITE"),
        GOOD("0009\r\n  INVITE"), /* RFC 4475 §3.1.1.1 */
        GOOD("2147483647 INVITE"),
        BAD("2147483648 INVITE", SIP_BAD_NUMBER, 9), /* §8.1.1.5 */
        BAD("36893488147419103232 REGISTER", SIP_BAD_NUMBER, 9), /* RFC 4475 §3.1.2.4 */
        BAD("INVITE", SIP_BAD_NUMBER, 0),
        BAD("-1 INVITE", SIP_BAD_NUMBER, 0),
        BAD(" 1 INVITE", SIP_BAD_NUMBER, 0),
        BAD("1", SIP_BAD_TOKEN, 1),
        BAD("1 ", SIP_BAD_TOKEN, 2),
        BAD("1INVITE", SIP_BAD_TOKEN, 1),
        BAD("1 INVITE ", SIP_BAD_TOKEN, 8),
        BAD("1 INVITE;x", SIP_BAD_TOKEN, 8),
        BAD("1 \r\nINVITE", SIP_BAD_TOKEN, 2),
        GOOD("1 !interesting-Method0123456789_*+`.%indeed'~"), /* RFC 4475 §3.1.1.2 */
        BAD("1 \"INVITE\"", SIP_BAD_TOKEN, 2),
    };
    CHECK_ROWS(parse_cseq, rows);
}

TEST(cseq_has_its_parts)
{
    struct sip_cseq cseq;

    CHECK_INT(sip_cseq_parse(&cseq, sip_str("63104 OPTIONS"), NULL), 0);
    CHECK_INT(cseq.number, 63104);
    CHECK_INT(cseq.method, SIP_OPTIONS);
    CHECK_STR(cseq.method_name, "OPTIONS");
    CHECK_INT(sip_cseq_parse(&cseq, sip_str("1 options"), NULL), 0);
    CHECK_INT(cseq.method, SIP_METHOD_OTHER); /* §7.1: methods are case-sensitive */
}

TEST(numbers_have_their_range) /* §20.14, §20.19, §20.22 */
{
    static const struct row bytes[] = {
        GOOD("0"),
        GOOD("255"),
        GOOD("0068"), /* RFC 4475 §3.1.1.1 */
        BAD("256", SIP_BAD_NUMBER, 2),
        BAD("1000", SIP_BAD_NUMBER, 3),
        BAD("-1", SIP_BAD_NUMBER, 0),
        BAD("1 ", SIP_BAD_NUMBER, 1),
        BAD("1.5", SIP_BAD_NUMBER, 1),
        BAD("x", SIP_BAD_NUMBER, 0),
        BAD("1;x", SIP_BAD_NUMBER, 1),
    };
    static const struct row numbers[] = {
        GOOD("4294967295"),
        BAD("4294967296", SIP_BAD_NUMBER, 9),
        BAD("42949672950", SIP_BAD_NUMBER, 10),
        BAD("18446744073709551616", SIP_BAD_NUMBER, 10), /* 2**64 is not 0 */
        BAD("18446744073709551617", SIP_BAD_NUMBER, 10),
        GOOD("00000000000000000000000000004294967295"),
    };
    uint32_t number = 0;

    CHECK_ROWS(parse_byte, bytes);
    CHECK_ROWS(parse_number, numbers);
    CHECK_INT(sip_number_parse(&number, sip_str("4294967295"), UINT32_MAX, NULL), 0);
    CHECK_INT(number, 4294967295u);
}

TEST(call_id_is_one_word_or_two) /* §20.8 */
{
    static const struct row rows[] = {
        GOOD("a84b4c76e66710@pc33.atlanta.com"),
        GOOD("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        GOOD("-.!%*_+`'~()<>:\\\"/[]?{}@-.!%*_+`'~()<>:\\\"/[]?{}"),
        BAD("a@", SIP_BAD_TOKEN, 2),
        BAD("@a", SIP_BAD_TOKEN, 0),
        BAD("a@b@c", SIP_BAD_TOKEN, 3),
        BAD("a b", SIP_BAD_TOKEN, 1),
        BAD("a ", SIP_BAD_TOKEN, 1),
        BAD("a;b", SIP_BAD_TOKEN, 1),
        BAD("a,b", SIP_BAD_TOKEN, 1),
        BAD("a=b", SIP_BAD_TOKEN, 1),
        BAD("a\xc3\xa4", SIP_BAD_TOKEN, 1),
    };
    struct sip_str call_id;

    CHECK_ROWS(parse_call_id, rows);
    CHECK_INT(sip_call_id_parse(&call_id, sip_str("a@b"), NULL), 0);
    CHECK_STR(call_id, "a@b");
}

TEST(media_type_follows_the_grammar) /* §20.15 */
{
    static const struct row rows[] = {
        GOOD("application/sdp"),
        GOOD("text / html ; charset = ISO-8859-4"),
        GOOD("multipart/mixed;boundary=\"a;b\";x=y"),
        GOOD("multipart/mixed\r\n ; boundary=7a9cbec02ceef655"),
        BAD("text", SIP_BAD_TOKEN, 4),
        BAD("text/", SIP_BAD_TOKEN, 5),
        BAD("/html", SIP_BAD_TOKEN, 0),
        BAD("text/html/x", SIP_TRAILING, 9),
        BAD("text html", SIP_BAD_TOKEN, 5),
        BAD("text/html;", SIP_BAD_PARAMETER, 10),
        BAD("text/html;charset", SIP_BAD_PARAMETER, 17), /* m-parameter has a value */
        BAD("text/html;charset=", SIP_BAD_PARAMETER, 18),
        BAD("text/html;a=[::1]", SIP_BAD_PARAMETER, 12),
        BAD("text/html;a=\"b", SIP_BAD_QUOTES, 14),
        BAD("text/html ", SIP_TRAILING, 10),
        BAD("text/html, text/plain", SIP_TRAILING, 9),
    };
    struct sip_media_type media;

    CHECK_ROWS(parse_media_type, rows);
    CHECK_INT(sip_media_type_parse(&media, sip_str("Text / HTML ; a=b;c=d"), NULL), 0);
    CHECK_STR(media.type, "Text");
    CHECK_STR(media.subtype, "HTML");
    CHECK_STR(media.params, "a=b;c=d");
    CHECK_INT(sip_media_type_parse(&media, sip_str("text/html"), NULL), 0);
    CHECK(!media.params.at);
}

TEST(media_range_follows_the_grammar) /* §20.1 */
{
    static const struct row rows[] = {
        GOOD("application/sdp;level=1"),
        GOOD("*/*"),
        GOOD("text/*;q=0.5;x"),
        BAD("*/html", SIP_BAD_TOKEN, 2),
        BAD("*", SIP_BAD_TOKEN, 1),
        BAD("*/*;q=2", SIP_BAD_NUMBER, 6),
        BAD("*/*;q=\"1\"", SIP_BAD_NUMBER, 6),
        BAD("*/*;q", SIP_BAD_PARAMETER, 5),
        BAD("*/*;q=1.001", SIP_BAD_NUMBER, 10),
        BAD("*/*;q=0.1234", SIP_BAD_NUMBER, 11),
        BAD("*/*;", SIP_BAD_PARAMETER, 4),
        BAD("*/*;a=", SIP_BAD_PARAMETER, 6),
    };
    struct sip_media_type range;

    CHECK_ROWS(parse_media_range, rows);
    CHECK_INT(sip_media_range_parse(&range, sip_str("text/*;q=0.5;x"), NULL), 0);
    CHECK_STR(range.subtype, "*");
    CHECK_STR(range.params, "q=0.5;x");
}

TEST(token_value_follows_the_grammar) /* §20.11, RFC 6665 §8.4, RFC 3326 §2 */
{
    static const struct row rows[] = {
        GOOD("session"),
        GOOD("session;handling=optional"),
        GOOD("presence.winfo ; id=2 ; x"),
        GOOD("SIP ;cause=200 ;text=\"Call completed elsewhere\""),
        BAD(";handling=optional", SIP_BAD_TOKEN, 0),
        BAD("session;", SIP_BAD_PARAMETER, 8),
        BAD("session x", SIP_TRAILING, 8),
        BAD("session,x", SIP_TRAILING, 7),
        BAD("session;a=", SIP_BAD_PARAMETER, 10),
        BAD("\"session\"", SIP_BAD_TOKEN, 0),
    };
    struct sip_token_value value;

    CHECK_ROWS(parse_token_value, rows);
    CHECK_INT(sip_token_value_parse(&value, sip_str("a ; b = c ;d"), NULL), 0);
    CHECK_STR(value.token, "a");
    CHECK_STR(value.params, "b = c ;d");
    CHECK_INT(sip_token_value_parse(&value, sip_str("a"), NULL), 0);
    CHECK(!value.params.at);
}

TEST(retry_after_follows_the_grammar) /* §20.33 */
{
    static const struct row rows[] = {
        GOOD("18000;duration=3600"),
        GOOD("120 (I'm in a meeting)"),
        GOOD("120(x)"),
        GOOD("120 (a (nested (comment) here) \\( \"x) ;duration = 60"),
        GOOD("120 ()"),
        GOOD("120 (f\xc3\xbcr)"),
        GOOD("120 (a\r\n b)"),
        BAD("120 (a", SIP_BAD_QUOTES, 6),
        BAD("120 (a (b)", SIP_BAD_QUOTES, 10),
        BAD("120 (a))", SIP_TRAILING, 7),
        BAD("120 a", SIP_TRAILING, 4),
        BAD("120 (a) b", SIP_TRAILING, 8),
        BAD("120 (f\xfc)", SIP_BAD_UTF8, 7),
        BAD("120 (a\x7f)", SIP_BAD_CONTROL, 6),
        BAD("x", SIP_BAD_NUMBER, 0),
        BAD("4294967296", SIP_BAD_NUMBER, 9),
        BAD("1;duration=x", SIP_BAD_NUMBER, 11),
        BAD("1;duration=1x", SIP_BAD_NUMBER, 12),
        BAD("1;duration", SIP_BAD_PARAMETER, 10),
        BAD("1;", SIP_BAD_PARAMETER, 2),
    };
    struct sip_retry_after retry;

    CHECK_ROWS(parse_retry_after, rows);
    CHECK_INT(sip_retry_after_parse(&retry, sip_str("120 (a (b)) ;x;duration=60"), NULL), 0);
    CHECK_INT(retry.seconds, 120);
    CHECK_STR(retry.comment, "(a (b))");
    CHECK_STR(retry.params, "x;duration=60");
    CHECK_INT(retry.duration_s, 60);
    CHECK_INT(sip_retry_after_parse(&retry, sip_str("5"), NULL), 0);
    CHECK(!retry.comment.at && !retry.params.at && retry.duration_s == 0);
}

TEST(comments_may_be_as_deep_as_they_are_long) /* no recursion */
{
    enum { DEPTH = 30000 };
    char *deep = malloc(2 * DEPTH + 1);
    struct sip_retry_after retry;

    deep[0] = '1';
    memset(deep + 1, '(', DEPTH);
    memset(deep + 1 + DEPTH, ')', DEPTH);
    CHECK_INT(sip_retry_after_parse(&retry, sip_bytes(deep, 2 * DEPTH + 1), NULL), 0);
    CHECK_INT(retry.comment.len, 2 * DEPTH);
    CHECK_INT(sip_retry_after_parse(&retry, sip_bytes(deep, 2 * DEPTH), NULL), SIP_EBAD);
    free(deep);
}

TEST(warning_follows_the_grammar) /* §20.43 */
{
    static const struct row rows[] = {
        GOOD("307 isi.edu \"Session parameter 'foo' not understood\""),
        GOOD("301 isi.edu:5060 \"x\""),
        GOOD("301 [::1]:5060 \"x\""),
        GOOD("301 a_pseudonym \"x\""),
        GOOD("301 1.2.3 \"x\""), /* a token */
        GOOD("399 h\r\n \"x\""),
        BAD("099 h \"x\"", SIP_BAD_NUMBER, 0),
        BAD("39 h \"x\"", SIP_BAD_NUMBER, 2),
        BAD("3999 h \"x\"", SIP_BAD_NUMBER, 3),
        BAD("399", SIP_BAD_NUMBER, 3),
        BAD("399 h", SIP_BAD_TOKEN, 5),
        BAD("399 h x", SIP_BAD_QUOTES, 6),
        BAD("399 h \"x", SIP_BAD_QUOTES, 8),
        BAD("399 h \"x\" y", SIP_TRAILING, 9),
        BAD("399 \"x\"", SIP_BAD_TOKEN, 4),
        BAD("399 h: \"x\"", SIP_BAD_PORT, 6),
        BAD("399 1.2.3:5 \"x\"", SIP_BAD_HOST, 9),
        BAD("399 [::1 \"x\"", SIP_BAD_HOST, 8),
    };
    struct sip_warning warning;

    CHECK_ROWS(parse_warning, rows);
    CHECK_INT(sip_warning_parse(&warning, sip_str("370 h.de:5 \"a \\\"b\""), NULL), 0);
    CHECK_INT(warning.code, 370);
    CHECK_STR(warning.agent, "h.de:5");
    CHECK_STR(warning.text, "\"a \\\"b\"");
}

TEST(date_follows_the_grammar) /* §20.17 */
{
    static const struct row rows[] = {
        GOOD("Sat, 13 Nov 2010 23:29:00 GMT"),
        GOOD("sat, 13 nOV 2010 23:29:00 gmt"), /* names of a grammar have no case */
        GOOD("Sat,\r\n 13 Nov 2010 23:29:00 GMT"),
        BAD("Sat, 13 Nov 2010 23:29:00 EST", SIP_BAD_DATE, 26), /* RFC 4475 §3.1.2.13 */
        BAD("Sat, 13 Nov 2010 23:29:00 GMT+1", SIP_TRAILING, 29),
        BAD("Sat, 13 Nov 2010 23:29:00", SIP_BAD_DATE, 25),
        BAD("Sat, 13 Nov 2010 23:29:00GMT", SIP_BAD_DATE, 25),
        BAD("Sat 13 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 3),
        BAD("Sat,13 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 4),
        BAD("Say, 13 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 2),
        BAD("13 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 0),
        BAD("Sat, 1 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 6),
        GOOD("Sat, 01 Jan 0000 00:00:00 GMT"),
        GOOD("Sat, 31 Dec 9999 23:59:59 GMT"),
        BAD("Sat, 00 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 6),
        BAD("Sat, 32 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 6),
        BAD("Sat, 41 Nov 2010 23:29:00 GMT", SIP_BAD_DATE, 5),
        BAD("Sat, 13 Nob 2010 23:29:00 GMT", SIP_BAD_DATE, 10),
        BAD("Sat, 13 Nov 10 23:29:00 GMT", SIP_BAD_DATE, 14),
        BAD("Sat, 13 Nov 20100 23:29:00 GMT", SIP_BAD_DATE, 16),
        BAD("Sat, 13 Nov 2010 24:29:00 GMT", SIP_BAD_DATE, 18),
        BAD("Sat, 13 Nov 2010 30:29:00 GMT", SIP_BAD_DATE, 17),
        BAD("Sat, 13 Nov 2010 23:60:00 GMT", SIP_BAD_DATE, 20),
        BAD("Sat, 13 Nov 2010 23:29:60 GMT", SIP_BAD_DATE, 23),
        BAD("Sat, 13 Nov 2010 23:29 GMT", SIP_BAD_DATE, 22),
        BAD("Sat, 13 Nov 2010 23.29:00 GMT", SIP_BAD_DATE, 19),
        BAD("Sat, 13 Nov 2010 23:29.00 GMT", SIP_BAD_DATE, 22),
        BAD("Sat, 13-Nov-2010 23:29:00 GMT", SIP_BAD_DATE, 7),
    };
    struct sip_date date;

    CHECK_ROWS(parse_date, rows);
    CHECK_INT(sip_date_parse(&date, sip_str("Fri, 09 Feb 2024 03:04:05 GMT"), NULL), 0);
    CHECK_INT(date.year, 2024);
    CHECK_INT(date.month, 2);
    CHECK_INT(date.day, 9);
    CHECK_INT(date.hour, 3);
    CHECK_INT(date.minute, 4);
    CHECK_INT(date.second, 5);
}

TEST(date_knows_all_names)
{
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct sip_date date;
    char text[40];

    for (int i = 0; i < 12; i++) {
        sprintf(text, "%s, 13 %s 2010 23:29:00 GMT", weekdays[i % 7], months[i]);
        CHECK_INT(sip_date_parse(&date, sip_str(text), NULL), 0);
        CHECK_INT(date.month, i + 1);
    }
}

TEST(auth_follows_the_grammar) /* §20.7, §20.44 */
{
    static const struct row rows[] = {
        GOOD("Digest realm=\"a\", nonce=\"b\""),
        GOOD("Digest realm=\"a\",nonce=\"b\",stale=FALSE,qop=\"auth,auth-int\""),
        GOOD("Digest  username = \"x\" ,\r\n nc=00000001"),
        GOOD("NoOneKnowsThisScheme opaque-data=here"), /* RFC 4475 §3.3.7 */
        BAD("Digest", SIP_BAD_TOKEN, 6),
        BAD("Digest ", SIP_BAD_PARAMETER, 7),
        BAD("Digest realm", SIP_BAD_PARAMETER, 12),
        BAD("Digest realm=", SIP_BAD_PARAMETER, 13),
        BAD("Digest realm=\"a", SIP_BAD_QUOTES, 15),
        BAD("Digest realm=\"a\" nonce=\"b\"", SIP_TRAILING, 17),
        BAD("Digest realm=\"a\";nonce=\"b\"", SIP_TRAILING, 16),
        BAD("Digest realm=\"a\",", SIP_BAD_PARAMETER, 17),
        BAD("Digest realm=\"a\",,nonce=\"b\"", SIP_BAD_PARAMETER, 17),
        BAD("Digest nonce=a=", SIP_TRAILING, 14),
        BAD("Digest uri=sip:h", SIP_TRAILING, 14),
        BAD("realm=\"a\"", SIP_BAD_TOKEN, 5),
        BAD("Basic QWxhZGRpbjpvcGVu", SIP_BAD_PARAMETER, 22), /* §22.1: no Basic */
    };
    struct sip_auth auth;

    CHECK_ROWS(parse_auth, rows);
    CHECK_INT(sip_auth_parse(&auth, sip_str("digest a=b, c=d"), NULL), 0);
    CHECK_STR(auth.scheme, "digest");
    CHECK_STR(auth.fields, "a=b, c=d");
}

TEST(auth_info_follows_the_grammar) /* §20.6 */
{
    static const struct row rows[] = {
        GOOD("nextnonce=\"47364c23432d2e131a5fb210812c\""),
        GOOD("qop=auth, rspauth=\"\", cnonce=\"x\",nc=00000001"),
        BAD("Digest qop=auth", SIP_BAD_PARAMETER, 7),
        BAD("qop=auth,", SIP_BAD_PARAMETER, 9),
        BAD("qop", SIP_BAD_PARAMETER, 3),
    };
    struct sip_auth auth;

    CHECK_ROWS(parse_auth_info, rows);
    CHECK_INT(sip_auth_info_parse(&auth, sip_str("nc=1"), NULL), 0);
    CHECK(!auth.scheme.at);
    CHECK_STR(auth.fields, "nc=1");
}

TEST(faults_name_the_header_where_it_is_one)
{
    struct sip_fault fault;
    struct sip_cseq cseq;
    struct sip_str text;
    struct sip_date date;
    struct sip_auth auth;

    CHECK_INT(sip_cseq_parse(&cseq, sip_str("x"), &fault), SIP_EBAD);
    CHECK_INT(fault.header, SIP_HEADER_CSEQ);
    CHECK_INT(sip_call_id_parse(&text, sip_str("@"), &fault), SIP_EBAD);
    CHECK_INT(fault.header, SIP_HEADER_CALL_ID);
    CHECK_INT(sip_date_parse(&date, sip_str("x"), &fault), SIP_EBAD);
    CHECK_INT(fault.header, SIP_HEADER_DATE);
    CHECK_INT(sip_auth_parse(&auth, sip_str("x"), &fault), SIP_EBAD);
    CHECK_INT(fault.header, SIP_HEADER_OTHER);
}

TEST(quoted_strings_take_the_utf8_of_the_grammar) /* §25.1 UTF8-NONASCII */
{
    static const struct row rows[] = {
        GOOD("a=\"\xc2\x80\xdf\xbf\""),
        GOOD("a=\"\xc0\x80\""),
        GOOD("a=\"\xe0\xa0\x80\""),
        GOOD("a=\"\xe2\x82\xac\""),
        GOOD("a=\"\xf0\x9f\x93\x9e\""),
        GOOD("a=\"\xf8\x88\x80\x80\x80\""),     /* longer than today's UTF-8, as RFC 2279 was */
        GOOD("a=\"\xfc\x84\x80\x80\x80\x80\""),
        GOOD("a=\"\xfd\x88\x80\x80\x80\x80\""),
        BAD("a=\"\x80\"", SIP_BAD_UTF8, 3),
        BAD("a=\"\xfe\x80\"", SIP_BAD_UTF8, 3),
        BAD("a=\"\xff\"", SIP_BAD_UTF8, 3),
        BAD("a=\"\xc2\xc2\x80\"", SIP_BAD_UTF8, 4),
        BAD("a=\"\xe2\x82\"", SIP_BAD_UTF8, 5),
        BAD("a=\"\xf0\x9f\x93\"", SIP_BAD_UTF8, 6),
        BAD("a=\"\xf0\x9f\x93", SIP_BAD_UTF8, 6),
        BAD("a=\"\xfb\x80\x80\x80\"", SIP_BAD_UTF8, 7),
        BAD("a=\"\\\xc2\x80\"", SIP_BAD_QUOTES, 4),
        BAD("a=\"\\\x80\"", SIP_BAD_QUOTES, 4),
        GOOD("a=\"\\\x7f\""),
    };
    CHECK_ROWS(parse_auth_info, rows);
}

TESTS(T(cseq_follows_the_grammar) T(cseq_has_its_parts) T(numbers_have_their_range)
      T(call_id_is_one_word_or_two) T(media_type_follows_the_grammar)
      T(media_range_follows_the_grammar) T(token_value_follows_the_grammar)
      T(retry_after_follows_the_grammar) T(comments_may_be_as_deep_as_they_are_long)
      T(warning_follows_the_grammar) T(date_follows_the_grammar) T(date_knows_all_names)
      T(auth_follows_the_grammar) T(auth_info_follows_the_grammar)
      T(faults_name_the_header_where_it_is_one) T(quoted_strings_take_the_utf8_of_the_grammar))
