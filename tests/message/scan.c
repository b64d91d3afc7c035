#include "message/rows.h"
#include "message/scan.h"

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define UNRESERVED ALNUM "-_.!~*'()"

TEST(each_byte_is_in_the_classes_of_the_grammar) /* RFC 3261 §25.1 */
{
    static const struct {
        unsigned class;
        const char *members;
    } rows[] = {
        {SCAN_ALPHA, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
        {SCAN_DIGIT, "0123456789"},
        {SCAN_HEX, "0123456789ABCDEFabcdef"},
        {SCAN_LABEL, ALNUM "-"},
        {SCAN_TOKEN, ALNUM "-.!%*_+`'~"},
        {SCAN_WORD, ALNUM "-.!%*_+`'~()<>:\\\"/[]?{}"},
        {SCAN_SCHEME, ALNUM "+-."},
        {SCAN_USER, UNRESERVED "&=+$,;?/"},
        {SCAN_PASSWORD, UNRESERVED "&=+$,"},
        {SCAN_PARAM, UNRESERVED "[]/:&+$"},
        {SCAN_HNV, UNRESERVED "[]/?:+$"},
        {SCAN_URIC, UNRESERVED ";/?:@&=+$,"},
        {SCAN_WSP, " \t"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int byte = 0; byte < 256; byte++)
            CHECK_INT(sip_scan_is(byte, rows[i].class),
                      byte != 0 && strchr(rows[i].members, byte) != NULL);
    for (int byte = 0; byte < 256; byte++) {
        bool white = byte == ' ' || byte == '\t', print = byte >= 0x21 && byte <= 0x7e;
        CHECK_INT(sip_scan_is(byte, SCAN_QDTEXT),
                  white || (print && byte != '"' && byte != '\\'));
        CHECK_INT(sip_scan_is(byte, SCAN_CTEXT),
                  white || (print && byte != '(' && byte != ')' && byte != '\\'));
    }
    CHECK(!sip_scan_is(SCAN_END, ~0u));
}

TEST(span_ends_at_the_first_other_byte_wherever_it_is)
{
    for (size_t len = 0; len < 20; len++)
        for (size_t from = 0; from <= len; from++)
            for (size_t other = from; other <= len; other++) {
                char *text = malloc(len + 1);
                memset(text, 'a', len);
                if (other < len)
                    text[other] = ';';
                char *block = exact_block(text, len);
                struct scan s = sip_scan_of(sip_bytes(block, len));
                CHECK_INT(sip_scan_span(&s, from, SCAN_TOKEN), other);
                free(block);
                free(text);
            }
}

/* LWS = [*WSP CRLF] 1*WSP */
TEST(white_space_may_have_one_fold)
{
    static const struct {
        const char *text;
        size_t end; /* behind the LWS, 0 where there is none */
    } rows[] = {
        {" x", 1},        {"\tx", 1},      {" \t x", 3},        {"\r\n x", 3},
        {" \r\n\tx", 4},  {"\r\n  \tx", 5}, {"\r\nx", 0},       {"\r\n", 0},
        {" \r\nx", 1},    {" \r\n", 1},    {"\rx", 0},          {"\n x", 0},
        {"\r x", 0},      {"x", 0},        {"", 0},             {"\r\n \r\n x", 3},
        {" \r", 1},       {"\r\n\r\n x", 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].text);
        char *block = exact_block(rows[i].text, len);
        struct scan s = sip_scan_of(sip_bytes(block, len)), t = s;
        CHECK_INT(sip_scan_lws(&s, SIP_BAD_TOKEN), rows[i].end > 0);
        CHECK_INT(s.at, rows[i].end);
        sip_scan_sws(&t);
        CHECK_INT(t.at, rows[i].end);
        free(block);
    }
}

TEST(helpers_move_only_on_success)
{
    struct scan s = sip_scan_of(sip_str(" ; \"x"));
    struct sip_param param;
    struct sip_str text;

    CHECK(!sip_scan_param(&s, &param));
    CHECK_INT(s.at, 0);
    CHECK_INT(s.wrong, 3);
    CHECK_INT(s.reason, SIP_BAD_PARAMETER);
    CHECK(!sip_scan_around(&s, '=', SIP_BAD_TOKEN));
    CHECK_INT(s.at, 0);
    CHECK_INT(s.wrong, 1);
    CHECK(sip_scan_around(&s, ';', SIP_BAD_TOKEN));
    CHECK_INT(s.at, 3);
    CHECK(!sip_scan_quoted(&s, &text));
    CHECK_INT(s.at, 3);
    CHECK_INT(s.wrong, 5);
    CHECK_INT(s.reason, SIP_BAD_QUOTES);
}

TEST(pieces_that_are_not_there_are_told)
{
    struct scan s = sip_scan_of(sip_str("x(y"));
    struct sip_str text = {NULL, 0}, word = {"tag", 3};

    CHECK(!sip_scan_comment(&s, &text));
    CHECK(s.wrong == 0 && s.reason == SIP_BAD_BRACKETS && !text.at);
    s.at = 1;
    CHECK(!sip_scan_comment(&s, &text));
    CHECK(s.wrong == 3 && s.reason == SIP_BAD_QUOTES && !text.at && s.at == 1);
    CHECK(!sip_scan_reference(&s, &text));
    CHECK(s.wrong == 1 && s.reason == SIP_BAD_HOST && !text.at && s.at == 1);
    sip_scan_take_params(&s, 0, &text); /* no SEMI: no parameters */
    CHECK(!text.at);
    sip_scan_take_params(&s, 3, &text);
    CHECK(!text.at);
    s = sip_scan_of(sip_str("tagTAGta"));
    CHECK(sip_scan_same(&s, sip_scan_slice(&s, 0, 3), word));
    CHECK(sip_scan_same(&s, sip_scan_slice(&s, 3, 6), word));
    CHECK(!sip_scan_same(&s, sip_scan_slice(&s, 4, 7), word));
}

TESTS(T(each_byte_is_in_the_classes_of_the_grammar)
      T(span_ends_at_the_first_other_byte_wherever_it_is) T(white_space_may_have_one_fold)
      T(helpers_move_only_on_success) T(pieces_that_are_not_there_are_told))
