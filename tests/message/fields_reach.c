/* How an agent is reached and what it can do: RFC 3840, 3841, 5626, 5627, 6809, 7339, 8599. */
#include "message/kinds.h"
#include "sip/fields_reach.h"

KIND(contact_value)
KIND(preference)
PARSE_ROW(directive, enum sip_directive, sip_directive_parse(&got, value, fault))

static int overload_of(struct sip_overload *overload, struct sip_str params,
                       struct sip_fault *fault)
{
    struct sip_via via;

    memset(&via, 0, sizeof via);
    via.params = params;
    if (params.len == 0) { /* no parameters are good ones; the rows want a refusal */
        fault->reason = SIP_EMPTY_VALUE;
        fault->offset = 0;
        return SIP_EBAD;
    }
    return sip_overload_parse(overload, &via, fault);
}
PARSE_ROW(overload, struct sip_overload, overload_of(&got, value, fault))

TEST(contact_has_its_parameters) /* RFC 3261 §20.10, RFC 5626 §10, RFC 5627 §9 */
{
    static const struct row rows[] = {
        GOOD("\"Mr. Watson\" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600"),
        GOOD("<sip:callee@192.0.2.1;ob>;reg-id=1;+sip.instance=\"<urn:uuid:00000000-0000-1000-"
             "8000-000A95A0E128>\";audio;methods=\"INVITE,ACK\""),
        GOOD("sip:a@b;expires=0;q=1.000"),
        GOOD("<sip:a@b>;pub-gruu=\"sip:a@b;gr=urn:uuid:f81d\";temp-gruu=\"sip:x@b;gr\""),
        BAD("<sip:a@b>;q=1.1", SIP_BAD_NUMBER, 14),
        BAD("<sip:a@b>;q=0.1234", SIP_BAD_NUMBER, 17),
        BAD("<sip:a@b>;q=", SIP_BAD_NUMBER, 12),
        BAD("<sip:a@b>;expires=-1", SIP_BAD_NUMBER, 18),
        BAD("<sip:a@b>;reg-id=0", SIP_BAD_NUMBER, 18),
        BAD("<sip:a@b>;reg-id=2147483648", SIP_BAD_NUMBER, 26),
        BAD("<sip:a@b>;+sip.instance=urn:x", SIP_BAD_QUOTES, 24),
        BAD("<sip:a@b>;+sip.instance=\"urn:x\"", SIP_BAD_BRACKETS, 25),
        BAD("<sip:a@b>;+sip.instance=\"<>\"", SIP_BAD_URI, 26),
        BAD("<sip:a@b>;+sip.instance=\"<urn:x\"", SIP_BAD_BRACKETS, 31),
        BAD("<sip:a@b>;+sip.instance=\"<urn:x> \"", SIP_BAD_QUOTES, 32),
        BAD("<sip:a@b>;q=1;q=1", SIP_REPEATED, 14),
        BAD("*", SIP_BAD_URI, 1),
    };
    struct sip_contact_value got;
    struct sip_writer writer;
    char room[100];

    CHECK_KIND(contact_value, rows);
    CHECK_INT(sip_contact_value_parse(&got, sip_str("<sip:a@b>;q=0.05;reg-id=7;expires=60"), NULL),
              0);
    CHECK(got.q.given && got.q.value == 50);
    CHECK(got.expires_s.given && got.expires_s.value == 60);
    CHECK(got.reg_id.given && got.reg_id.value == 7);
    CHECK(!got.instance.at && !got.pub_gruu.at && !got.temp_gruu.at);
    check_written(&contact_value, "<sip:a@b>;q=0.050", "<sip:a@b>;q=0.05");
    check_written(&contact_value, "<sip:a@b>;q=0.", "<sip:a@b>;q=0");
    check_written(&contact_value, "<sip:a@b>;q=1.", "<sip:a@b>;q=1");
    check_written(&contact_value, "<sip:a@b>;q=0.7;x", "<sip:a@b>;q=0.7;x");
    got.q.value = 1001;
    CHECK_INT(WRITTEN(sip_write_contact_value, &got), SIP_EINVAL);
    got.q.value = 1000;
    CHECK(WRITTEN(sip_write_contact_value, &got) > 0);
    got.reg_id.value = 0;
    CHECK_INT(WRITTEN(sip_write_contact_value, &got), SIP_EINVAL);
    got.reg_id.value = 2147483648u;
    CHECK_INT(WRITTEN(sip_write_contact_value, &got), SIP_EINVAL);
    got.reg_id.value = 1;
    got.instance = sip_str("\"urn:x\"");
    CHECK_INT(WRITTEN(sip_write_contact_value, &got), SIP_EINVAL);
}

TEST(preferences_stand_behind_a_star) /* RFC 3841 §10 */
{
    static const struct row rows[] = {
        GOOD("*;audio;require"),
        GOOD("*"),
        GOOD("* ; mobility=\"fixed\" ;explicit;require"),
        GOOD("*;+sip.pns=\"acme\""),                /* RFC 8599 §4.1.2 */
        BAD("*;require;require", SIP_REPEATED, 10), /* there must not be more than one */
        BAD("**", SIP_TRAILING, 1),
        BAD("audio", SIP_BAD_TOKEN, 0),
        BAD("*;", SIP_BAD_PARAMETER, 2),
    };
    struct sip_preference got;

    CHECK_KIND(preference, rows);
    CHECK_INT(sip_preference_parse(&got, sip_str("*;audio;require"), NULL), 0);
    CHECK(got.require && !got.is_explicit);
    CHECK_STR(got.params, "audio;require");
}

TEST(features_are_told_from_other_parameters) /* RFC 3840 §9 */
{
    struct sip_str rest =
        sip_str("q=0.5;Audio;x=\"y\";methods=\"INVITE,!BYE\";+sip.rendering;"
                "+sip.instance=\"<urn:a>\";video=TRUE;description=\"<a b>\";+1=\"z\"");
    struct sip_feature got;

    CHECK(sip_feature_next(&rest, &got));
    CHECK_STR(got.tag, "Audio");
    CHECK(!got.values.at && !got.string.at);
    CHECK(sip_feature_next(&rest, &got));
    CHECK_STR(got.tag, "methods");
    CHECK_STR(got.values, "INVITE,!BYE");
    CHECK(!got.string.at);
    CHECK(sip_feature_next(&rest, &got));
    CHECK_STR(got.tag, "+sip.rendering");
    CHECK(sip_feature_next(&rest, &got));
    CHECK_STR(got.tag, "+sip.instance");
    CHECK_STR(got.string, "urn:a");
    CHECK(!got.values.at);
    CHECK(sip_feature_next(&rest, &got)); /* video=TRUE lacks its quotes */
    CHECK_STR(got.tag, "description");
    CHECK_STR(got.string, "a b");
    CHECK(!sip_feature_next(&rest, &got));
    rest = sip_str("audio=\"\";video=a;text=\"<\";data=\"<a\";class=\"<>\"");
    CHECK(sip_feature_next(&rest, &got)); /* the first whose value is in its quotes and brackets */
    CHECK_STR(got.tag, "class");
    CHECK(got.string.at && got.string.len == 0);
}

TEST(feature_values_are_tokens_booleans_and_numbers) /* RFC 3840 §9 */
{
    static const struct {
        const char *text;
        enum sip_feature_kind kind;
        bool negated;
        const char *part;
    } good[] = {
        {"INVITE", SIP_FEATURE_TOKEN, false, "INVITE"},
        {"!business", SIP_FEATURE_TOKEN, true, "business"},
        {"TRUE", SIP_FEATURE_BOOLEAN, false, "TRUE"},
        {"!false", SIP_FEATURE_BOOLEAN, true, "false"},
        {"#=10", SIP_FEATURE_NUMBER, false, "#=10"},
        {"#>=-10.5", SIP_FEATURE_NUMBER, false, "#>=-10.5"},
        {"!#<=+10.", SIP_FEATURE_NUMBER, true, "#<=+10."},
        {"#1:10", SIP_FEATURE_NUMBER, false, "#1:10"},
    };
    static const char *const bad[] = {"",    "!",   "!!a", "a!b", "#",  "#10",  "#>10", "#=",
                                      "#1:", "#=+", "a b", "a,",  ",a", "#=1x", "\"a\""};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t len = strlen(good[i].text);
        char *block = exact_block(good[i].text, len);
        struct sip_str rest = sip_bytes(block, len);
        struct sip_feature_value got;

        CHECK(sip_feature_value_next(&rest, &got));
        CHECK(got.kind == good[i].kind && got.negated == good[i].negated && rest.len == 0);
        CHECK_STR(got.text, good[i].part);
        free(block);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t len = strlen(bad[i]);
        char *block = exact_block(bad[i], len);
        struct sip_str rest = sip_bytes(block, len);
        struct sip_feature_value got;

        CHECK(!sip_feature_value_next(&rest, &got));
        free(block);
    }
}

TEST(feature_values_are_walked)
{
    struct sip_str rest = sip_str("INVITE,#=1,!BYE");
    struct sip_feature_value got;
    unsigned count = 0;

    while (sip_feature_value_next(&rest, &got))
        count++;
    CHECK_INT(count, 3);
    CHECK_STR(got.text, "BYE");
}

TEST(directives_are_twelve_words) /* RFC 3841 §10 */
{
    static const struct row rows[] = {
        GOOD("proxy"),
        GOOD("No-Fork"),
        BAD("no-proxy", SIP_BAD_TOKEN, 0),
        BAD("fork,queue", SIP_TRAILING, 4),
        BAD("fork;x", SIP_TRAILING, 4),
    };
    struct sip_writer writer;
    char room[200];

    CHECK_ROWS(parse_directive, rows);
    for (unsigned bit = SIP_DIRECTIVE_PROXY; bit <= SIP_DIRECTIVE_NO_QUEUE; bit *= 2) {
        enum sip_directive got;
        long len = WRITTEN(sip_write_directives, bit);

        CHECK(len > 0 && sip_directive_parse(&got, sip_bytes(room, (size_t)len), NULL) == 0 &&
              got == bit);
    }
    CHECK_INT(WRITTEN(sip_write_directives, SIP_DIRECTIVE_PROXY | SIP_DIRECTIVE_NO_RECURSE), 17);
    CHECK_STR(sip_bytes(room, 17), "proxy, no-recurse");
    CHECK_INT(WRITTEN(sip_write_directives, 0), SIP_EINVAL);
}

TEST(push_parameters_are_the_uris) /* RFC 8599 §8 */
{
    struct sip_writer writer;
    struct sip_push got;
    struct sip_uri uri;
    char room[200];

    CHECK_INT(sip_uri_parse(&uri, sip_str("sip:alice@a;PN-Provider=acme;pn-param=x.y;pn-prid=Z%3D"),
                            NULL),
              0);
    CHECK(sip_push_of(&uri, &got));
    CHECK_STR(got.provider, "acme");
    CHECK_STR(got.param, "x.y");
    CHECK_STR(got.prid, "Z%3D");
    CHECK(!got.purr.at);
    CHECK_INT(WRITTEN(sip_write_push, &got), 43);
    CHECK_STR(sip_bytes(room, 43), ";pn-provider=acme;pn-param=x.y;pn-prid=Z%3D");
    got.prid = sip_str("Z=");
    CHECK_INT(WRITTEN(sip_write_push, &got), SIP_EINVAL);
    CHECK_INT(sip_uri_parse(&uri, sip_str("sip:alice@a;pn-provider"), NULL), 0);
    CHECK(sip_push_of(&uri, &got)); /* §4.1.2: which services are there? */
    CHECK_STR(got.provider, "");
    CHECK_INT(WRITTEN(sip_write_push, &got), 12);
    CHECK_INT(sip_uri_parse(&uri, sip_str("sip:alice@a;pn-prid=x"), NULL), 0);
    CHECK(!sip_push_of(&uri, &got));
}

TEST(overload_is_told_in_the_via) /* RFC 7339 §9 */
{
    static const struct row rows[] = {
        GOOD("branch=z9hG4bK2d4790.1;received=192.0.2.111;oc=20;oc-algo=\"loss\";oc-validity=500;"
             "oc-seq=1282321615.782"),
        GOOD("oc;oc-algo=\"loss,A\""),
        GOOD("branch=1"),
        GOOD("oc-seq=123456789012.12345"),
        BAD("oc=x", SIP_BAD_NUMBER, 3),
        BAD("oc=1x", SIP_BAD_NUMBER, 4),
        BAD("oc=4294967296", SIP_BAD_NUMBER, 12),
        BAD("oc-algo=loss", SIP_BAD_QUOTES, 8),
        BAD("oc-seq=1", SIP_BAD_NUMBER, 8),
        BAD("oc-seq=1234567890123.1", SIP_BAD_NUMBER, 19),
        BAD("oc-seq=1.123456", SIP_BAD_NUMBER, 14),
        BAD("oc-seq=1.2.3", SIP_BAD_NUMBER, 10),
        BAD("oc;oc", SIP_REPEATED, 3),
    };
    struct sip_writer writer;
    struct sip_overload got;
    struct sip_via via;
    char room[200];

    CHECK_ROWS(parse_overload, rows);
    CHECK_INT(sip_via_parse(&via,
                            sip_str("SIP/2.0/TCP a;branch=z9;oc=20;oc-algo=\"loss\";"
                                    "oc-validity=0;oc-seq=1.7"),
                            NULL),
              0);
    CHECK_INT(sip_overload_parse(&got, &via, NULL), 0);
    CHECK(got.supported && got.oc.given && got.oc.value == 20);
    CHECK(got.validity_ms.given && got.validity_ms.value == 0);
    CHECK_STR(got.algorithms, "\"loss\"");
    CHECK_STR(got.sequence, "1.7");
    CHECK_INT(WRITTEN(sip_write_overload, &got), 46);
    CHECK_STR(sip_bytes(room, 46), ";oc=20;oc-algo=\"loss\";oc-validity=0;oc-seq=1.7");
    got.sequence = sip_str("1");
    CHECK_INT(WRITTEN(sip_write_overload, &got), SIP_EINVAL);
    CHECK_INT(sip_via_parse(&via, sip_str("SIP/2.0/TCP a;oc"), NULL), 0);
    CHECK_INT(sip_overload_parse(&got, &via, NULL), 0);
    CHECK(got.supported && !got.oc.given && !got.validity_ms.given);
    CHECK_INT(WRITTEN(sip_write_overload, &got), 3);
    CHECK_INT(sip_via_parse(&via, sip_str("SIP/2.0/TCP a"), NULL), 0);
    CHECK_INT(sip_overload_parse(&got, &via, NULL), 0);
    CHECK(!got.supported);
    CHECK_INT(WRITTEN(sip_write_overload, &got), 0);
}

TEST(no_parameters_at_all_have_no_feature) /* "*" alone (RFC 3841 §10) */
{
    struct sip_str rest = {NULL, 0};
    struct sip_feature got;

    CHECK(!sip_feature_next(&rest, &got));
    CHECK(rest.at == NULL && rest.len == 0);
}

TESTS(T(no_parameters_at_all_have_no_feature) T(contact_has_its_parameters)
          T(preferences_stand_behind_a_star) T(features_are_told_from_other_parameters)
              T(feature_values_are_tokens_booleans_and_numbers) T(feature_values_are_walked)
                  T(directives_are_twelve_words) T(push_parameters_are_the_uris)
                      T(overload_is_told_in_the_via))
