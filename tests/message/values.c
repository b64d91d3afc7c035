/* Values by header and the elements of comma lists: RFC 3261 §7.3.1. */
#include <stdlib.h>

#include "test.h"
#include "sip/message.h"

#define FIELDS 16

static struct sip_field fields[FIELDS];
static struct sip_message message;
static char *copy;

static void given(const char *lines)
{
    struct sip_fault fault;
    char text[600];
    size_t len;

    snprintf(text, sizeof text, "OPTIONS sip:bob@example.com SIP/2.0\r\n%sl: 0\r\n\r\n", lines);
    len = strlen(text);
    free(copy);
    copy = malloc(len);
    memcpy(copy, text, len);
    sip_message_init(&message, fields, FIELDS);
    CHECK_INT(sip_message_parse(&message, sip_bytes(copy, len), SIP_DATAGRAM, &fault), (long)len);
}

/* All values of the header, each followed by '|'. */
static struct sip_str all_values(enum sip_header id)
{
    static char out[600];
    struct sip_values values;
    struct sip_str value;
    size_t len = 0;

    sip_values_begin(&values, &message, id);
    while (sip_values_next(&values, &value)) {
        memcpy(out + len, value.at, value.len);
        len += value.len;
        out[len++] = '|';
    }
    CHECK(!sip_values_next(&values, &value)); /* the end stays the end */
    return sip_bytes(out, len);
}

TEST(list_elements_end_at_commas_that_separate) /* §7.3.1, §25.1 */
{
    static const struct {
        const char *list, *elements; /* each followed by '|' */
    } rows[] = {
        {"", ""},
        {" \t ", ""},
        {"a", "a|"},
        {"a,b", "a|b|"},
        {" a\t, b ,c ", "a|b|c|"},
        {"a b,c", "a b|c|"},
        {"a,\r\n b", "a|b|"},
        {"a\r\n ,b", "a|b|"},
        {"a,,b", "a||b|"},
        {"a, ,b", "a||b|"},
        {"a,", "a||"},
        {"a, ", "a||"},
        {"a,,", "a||"}, /* a comma that is left alone is one empty element */
        {",a", "|a|"},
        {"\"a,b\",c", "\"a,b\"|c|"},
        {"\"a\\\",b\",c", "\"a\\\",b\"|c|"},
        {"\"a\\\\\",b", "\"a\\\\\"|b|"},
        {"\"a<\",b>", "\"a<\"|b>|"},
        {"x;y=\"a,b\" , c", "x;y=\"a,b\"|c|"},
        {"<sip:a,b@c>,d", "<sip:a,b@c>|d|"},
        {"<sip:a\"b@c>,d\"e", "<sip:a\"b@c>|d\"e|"}, /* no quotes inside brackets */
        {"a (one, two),b", "a (one, two)|b|"},
        {"a (one (two), \\) three),b", "a (one (two), \\) three)|b|"},
        {"sip:a(b@c,sip:d", "sip:a(b@c|sip:d|"}, /* a letter of a user name (§25.1 mark) */
        {"\"open,a", "\"open,a|"},
        {"<open,a", "<open,a|"},
        {"x (open,a", "x (open,a|"},
        {"\"ends\\", "\"ends\\|"},
        {"x (ends\\", "x (ends\\|"},
        {"a)b,c>d", "a)b|c>d|"},
        {"(a,b),c", "(a,b)|c|"},
        {"a,(b,c) d", "a|(b,c) d|"},
        {"a\t(b,c)\r\n (d,e)", "a\t(b,c)\r\n (d,e)|"},
        {"a(b,c)", "a(b|c)|"},
        {"((a),b),c)", "((a),b)|c)|"},
        {"(a\\),b),c", "(a\\),b)|c|"},
        {"\x01 a\x02 ,\x03,\x1f", "\x01 a\x02|\x03|\x1f|"}, /* only white space is trimmed */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i].list), used = 0;
        char *bytes = malloc(len ? len : 1), out[200];
        struct sip_str rest = sip_bytes(bytes, len), value;

        memcpy(bytes, rows[i].list, len);
        while (used < sizeof out - 50 && sip_list_next(&rest, &value)) {
            CHECK(value.at >= bytes && value.at + value.len <= bytes + len);
            memcpy(out + used, value.at, value.len);
            used += value.len;
            out[used++] = '|';
        }
        CHECK_STR(sip_bytes(out, used), rows[i].elements);
        free(bytes);
    }
}

TEST(a_lone_comma_stands_for_an_empty_element)
{
    struct sip_str rest = sip_str(","), value;

    CHECK(sip_list_next(&rest, &value));
    CHECK_STR(value, "");
    CHECK(!sip_list_next(&rest, &value));
}

TEST(list_cut_at_each_length_ends)
{
    const char *list = "\"a\\\",b\" <sip:x,y@z>;q=\"1,\" (c, \\) (d)) , ,\r\n e,";
    size_t len = strlen(list);

    for (size_t cut = 0; cut <= len; cut++) {
        char *bytes = malloc(cut ? cut : 1);
        struct sip_str rest = sip_bytes(bytes, cut), value;
        size_t rounds = 0;

        memcpy(bytes, list, cut);
        while (sip_list_next(&rest, &value) && rounds < 20)
            rounds++;
        CHECK(rounds <= 4);
        free(bytes);
    }
}

TEST(values_come_in_the_order_in_which_they_stand) /* §7.3.1 */
{
    given("Route: <sip:a>, <sip:b>\r\nVia: x\r\nRoute:\r\nroute: <sip:c>,\r\n <sip:d>\r\n"
          "Subject: a, b\r\nX-Own: one\r\nAuthorization: Digest a=b, c=d\r\nx-own: two\r\n"
          "authorization: Basic x\r\nm: <sip:e>, <sip:f>\r\n");
    CHECK_STR(all_values(SIP_HEADER_ROUTE), "<sip:a>|<sip:b>|<sip:c>|<sip:d>|");
    CHECK_STR(all_values(SIP_HEADER_SUBJECT), "a, b|");
    CHECK_STR(all_values(SIP_HEADER_AUTHORIZATION), "Digest a=b, c=d|Basic x|");
    CHECK_STR(all_values(SIP_HEADER_CONTACT), "<sip:e>|<sip:f>|");
    CHECK_STR(all_values(SIP_HEADER_TO), "");
    CHECK_STR(all_values(SIP_HEADER_COUNT), "one|two|"); /* taken as OTHER */
    CHECK_STR(sip_message_value(&message, SIP_HEADER_ROUTE), "<sip:a>, <sip:b>");
    CHECK_STR(sip_message_value(&message, SIP_HEADER_SUBJECT), "a, b");
    CHECK(sip_message_value(&message, SIP_HEADER_TO).at == NULL);
    CHECK(sip_message_value(&message, SIP_HEADER_OTHER).at == NULL);
    CHECK(sip_message_value(&message, SIP_HEADER_COUNT).at == NULL);
}

TEST(an_empty_value_is_not_a_missing_one)
{
    given("Subject:\r\nX-Own: \r\n");
    CHECK(sip_message_value(&message, SIP_HEADER_SUBJECT).at != NULL);
    CHECK_STR(sip_message_value(&message, SIP_HEADER_SUBJECT), "");
    CHECK(sip_message_named(&message, sip_str("x-own")).at != NULL);
    CHECK_STR(all_values(SIP_HEADER_SUBJECT), "|");
}

TEST(unknown_headers_are_found_by_name) /* §7.3.1: whatever the case */
{
    given("X-Own: one\r\nX-Other: two\r\nx-own: three\r\nSubject: lunch\r\n");
    CHECK_STR(sip_message_named(&message, sip_str("x-OWN")), "one");
    CHECK_STR(sip_message_named(&message, sip_str("X-Other")), "two");
    CHECK(sip_message_named(&message, sip_str("X-Oth")).at == NULL);
    CHECK(sip_message_named(&message, sip_str("Subject")).at == NULL); /* it is in the table */
}

TEST(a_token_is_found_in_any_field_of_a_list) /* §20.37 */
{
    given("Supported: timer, 100rel\r\nSubject: x\r\nk: path,,\"replaces\"\r\nSupported:\r\n"
          "k: Outbound\r\n");
    CHECK(sip_message_lists(&message, SIP_HEADER_SUPPORTED, "timer"));
    CHECK(sip_message_lists(&message, SIP_HEADER_SUPPORTED, "100REL"));
    CHECK(sip_message_lists(&message, SIP_HEADER_SUPPORTED, "path"));
    CHECK(sip_message_lists(&message, SIP_HEADER_SUPPORTED, "outbound"));
    CHECK(!sip_message_lists(&message, SIP_HEADER_SUPPORTED, "replaces")); /* quoted: no token */
    CHECK(!sip_message_lists(&message, SIP_HEADER_SUPPORTED, "100"));
    CHECK(!sip_message_lists(&message, SIP_HEADER_SUPPORTED, ""));
    CHECK(!sip_message_lists(&message, SIP_HEADER_REQUIRE, "timer"));
}

TESTS(T(list_elements_end_at_commas_that_separate) T(a_lone_comma_stands_for_an_empty_element)
      T(list_cut_at_each_length_ends) T(values_come_in_the_order_in_which_they_stand)
      T(an_empty_value_is_not_a_missing_one) T(unknown_headers_are_found_by_name)
      T(a_token_is_found_in_any_field_of_a_list))
