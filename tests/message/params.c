#include "message/rows.h"
#include "sip/fields.h"

/* The list as "name=value|name|": what the walk says, and "!" where it stops before the end. */
static void walk(const char *list, char *out)
{
    size_t len = strlen(list);
    char *block = exact_block(list, len);
    struct sip_str rest = sip_bytes(block, len);
    struct sip_param param;

    *out = 0;
    while (sip_params_next(&rest, &param))
        sprintf(out + strlen(out), "%.*s%s%.*s|", (int)param.name.len, param.name.at,
                param.value.at ? "=" : "", (int)param.value.len,
                param.value.at ? param.value.at : "");
    if (rest.len > 0)
        strcat(out, "!");
    free(block);
}

TEST(params_are_walked_in_order)
{
    static const struct {
        const char *list, *walked;
    } rows[] = {
        {"", ""},
        {"lr", "lr|"},
        {"a=b", "a=b|"},
        {"a=b;c;d=e", "a=b|c|d=e|"},
        {"a = b ; c", "a=b|c|"},
        {"a\r\n =\r\n b;c", "a=b|c|"},
        {"a=\"x;y=\\\"z\";c", "a=\"x;y=\\\"z\"|c|"},
        {"a=\"\";c", "a=\"\"|c|"},
        {"a=[::1];c", "a=[::1]|c|"},
        {"received=2001:db8::1;c", "received=2001:db8::1|c|"},
        {"info=<https://a.example/x;y>;c", "info=<https://a.example/x;y>|c|"}, /* RFC 8224 §4 */
        {"info=<https://a.example/x", "!"},
        {"gr=urn:uuid:f8-1d;c=%20", "gr=urn:uuid:f8-1d|c=%20|"},
        {"[]/:&+$=()", "[]/:&+$=()|"},
        {";a", "!"},
        {"a;;b", "a|!"},
        {"a=;b", "!"},
        {"a=\"x;b", "!"},
        {"a b;c", "!"},
        {"=a", "!"},
        {"a=b,c", "!"},
    };
    char out[100];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        walk(rows[i].list, out);
        CHECK_STR(sip_str(out), rows[i].walked);
        for (size_t cut = 0; cut < strlen(rows[i].list); cut++) {
            struct sip_param param;
            char *block = exact_block(rows[i].list, cut);
            struct sip_str rest = sip_bytes(block, cut);
            while (sip_params_next(&rest, &param))
                CHECK(param.name.len > 0 && param.name.at + param.name.len <= block + cut);
            free(block);
        }
    }
}

TEST(params_of_nothing_have_no_next)
{
    struct sip_str rest = {NULL, 0};
    struct sip_param param;

    CHECK(!sip_params_next(&rest, &param));
    CHECK(sip_params_find(rest, "a").at == NULL);
}

TEST(params_find_ignores_case_and_takes_the_whole_name)
{
    struct sip_str list = sip_str("transport=TCP;lr;Q=\"a;lr=x\";tagg=1;tag=2");

    CHECK_STR(sip_params_find(list, "Transport"), "TCP");
    CHECK_STR(sip_params_find(list, "q"), "\"a;lr=x\"");
    CHECK_STR(sip_params_find(list, "tag"), "2");
    CHECK(sip_params_find(list, "lr").at != NULL);
    CHECK_INT(sip_params_find(list, "lr").len, 0);
    CHECK(sip_params_find(list, "lr").at == list.at + strlen("transport=TCP;lr"));
    CHECK(sip_params_find(list, "ta").at == NULL);
    CHECK(sip_params_find(list, "TCP").at == NULL);
}

TEST(auth_fields_are_walked_in_order) /* RFC 3261 §20.44 */
{
    struct sip_auth auth;
    struct sip_param field;

    CHECK_INT(sip_auth_parse(&auth, sip_str("Digest realm=\"a, b=\\\"c\\\"\" ,\r\n"
                                            " nonce = \"x\",algorithm=MD5"), NULL), 0);
    CHECK_STR(auth.scheme, "Digest");
    CHECK(sip_auth_next(&auth.fields, &field));
    CHECK_STR(field.name, "realm");
    CHECK_STR(field.value, "\"a, b=\\\"c\\\"\"");
    CHECK(sip_auth_next(&auth.fields, &field));
    CHECK_STR(field.name, "nonce");
    CHECK_STR(field.value, "\"x\"");
    CHECK(sip_auth_next(&auth.fields, &field));
    CHECK_STR(field.name, "algorithm");
    CHECK_STR(field.value, "MD5");
    CHECK(!sip_auth_next(&auth.fields, &field));
    CHECK_STR(field.value, "MD5");
}

TEST(auth_fields_that_are_no_list_end_the_walk)
{
    static const char *const bad[] = {"", "a", "a=", "a=b c=d", "a=b;c=d", ",a=b", "a=\"b", "a=b "};
    struct sip_param field;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t len = strlen(bad[i]);
        char *block = exact_block(bad[i], len);
        struct sip_str rest = sip_bytes(block, len);
        CHECK(!sip_auth_next(&rest, &field) && rest.len == len);
        free(block);
    }
}

TEST(unquote_takes_quotes_and_escapes_away) /* §25.1 quoted-string */
{
    static const struct {
        const char *value, *text;
    } rows[] = {
        {"\"\"", ""},
        {"\"a b\"", "a b"},
        {"\"a\\\"b\\\\c\\d\"", "a\"b\\cd"},
        {"token", "token"},
        {"a\\b", "a\\b"},
        {"\"", "\""},
        {"\"\\\"", "\\"},
        {"\"a", "\"a"},
        {"\"a \r\n \t b\"", "a  b"}, /* a fold means one SP, the SP before it stays */
        {"\"a\r\n b\"", "a b"},
        {"\"a\r\nb\"", "a\r\nb"}, /* no fold, and nothing a parser lets through */
        {"\"\\\r\"", "\r"},
        {"\"a\r b\"", "a\r b"},
        {"\"a\r\n\"", "a\r\n"},
        {"", ""},
    };
    char out[16];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].value), wanted = strlen(rows[i].text);
        char *block = exact_block(rows[i].value, len);
        CHECK_INT(sip_unquote(sip_bytes(block, len), out, sizeof out), wanted);
        CHECK_STR(sip_bytes(out, wanted), rows[i].text);
        char *small = malloc(wanted + 1);
        CHECK_INT(sip_unquote(sip_bytes(block, len), small, wanted), wanted);
        if (wanted > 0)
            CHECK_INT(sip_unquote(sip_bytes(block, len), small, wanted - 1), -1);
        free(small);
        free(block);
    }
}

TEST(qvalue_is_in_thousandths) /* §25.1 qvalue */
{
    static const struct {
        const char *value;
        int thousandths;
    } rows[] = {
        {"0", 0},        {"1", 1000},     {"0.", 0},      {"1.", 1000},   {"0.5", 500},
        {"0.33", 330},   {"0.001", 1},    {"0.999", 999}, {"1.0", 1000},  {"1.000", 1000},
        {"1.001", -1},   {"1.1", -1},     {"0.0001", -1}, {"1.0000", -1}, {"", -1},
        {".5", -1},      {"2", -1},       {"00", -1},     {"01", -1},     {"0,5", -1},
        {"0.5x", -1},    {"0.5 ", -1},    {"-0", -1},     {"0.:", -1},    {"0./", -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].value);
        char *block = exact_block(rows[i].value, len);
        CHECK_INT(sip_qvalue(sip_bytes(block, len)), rows[i].thousandths);
        free(block);
    }
}

TESTS(T(params_are_walked_in_order) T(params_of_nothing_have_no_next)
      T(params_find_ignores_case_and_takes_the_whole_name) T(auth_fields_are_walked_in_order)
      T(auth_fields_that_are_no_list_end_the_walk)
      T(unquote_takes_quotes_and_escapes_away) T(qvalue_is_in_thousandths))
