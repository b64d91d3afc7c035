/* Values of events and timers: RFC 3262, 4028, 6665. */
#include "message/kinds.h"
#include "sip/fields_event.h"

KIND(event)
KIND(subscription_state)
KIND(rack)
KIND(session_expires)
KIND(token_value)
PARSE_ROW(event_type, struct sip_str, sip_event_type_parse(&got, value, fault))
PARSE_ROW(token, struct sip_str, sip_token_parse(&got, value, fault))

TEST(event_has_a_package_templates_and_an_id) /* RFC 6665 §8.4 */
{
    static const struct row rows[] = {
        GOOD("presence"),
        GOOD("presence.winfo"),
        GOOD("presence.winfo.winfo ; id=7"),
        GOOD("refer;id=93809824"),
        GOOD("dialog;sla;ma"),
        GOOD("talk;x=\"a;id=3\";ID=4"),
        BAD(".winfo", SIP_BAD_TOKEN, 0),
        BAD("presence.", SIP_BAD_TOKEN, 9),
        BAD("presence..winfo", SIP_BAD_TOKEN, 9),
        BAD("presence;id", SIP_BAD_PARAMETER, 11),
        BAD("presence;id=", SIP_BAD_TOKEN, 12),
        BAD("presence;id=\"1\"", SIP_BAD_TOKEN, 12),
        BAD("presence;id=1;id=2", SIP_REPEATED, 14), /* RFC 3261 §7.3.1 */
        BAD("presence,dialog", SIP_TRAILING, 8),
        BAD("presence;", SIP_BAD_PARAMETER, 9),
        BAD(";id=1", SIP_BAD_TOKEN, 0),
    };
    struct sip_event got;

    CHECK_KIND(event, rows);
    CHECK_INT(sip_event_parse(&got, sip_str("presence.winfo;x=1;id=7;y"), NULL), 0);
    CHECK_STR(got.type, "presence.winfo");
    CHECK_STR(got.package, "presence");
    CHECK_STR(got.id, "7");
    CHECK_STR(got.params, "x=1;id=7;y");
    check_written(&event, "presence.winfo;x=1 ; id = 7\r\n ;y", "presence.winfo;id=7;x=1;y");
    CHECK_INT(sip_event_parse(&got, sip_str("a"), NULL), 0);
    CHECK_STR(got.package, "a");
    CHECK(!got.id.at && !got.params.at);
}

TEST(event_types_are_without_parameters) /* RFC 6665 §8.4: Allow-Events */
{
    static const struct row rows[] = {
        GOOD("spirits-INDPs"),
        GOOD("presence.winfo"),
        BAD("presence;id=1", SIP_TRAILING, 8),
        BAD("a.", SIP_BAD_TOKEN, 2),
        BAD("a b", SIP_TRAILING, 1),
    };
    static const struct row tokens[] = {
        GOOD("non-urgent"), /* Priority, §20.26 */
        GOOD("dx200"),      /* SIP-ETag, RFC 3903 §12 */
        BAD("non urgent", SIP_TRAILING, 3),
        BAD("\"urgent\"", SIP_BAD_TOKEN, 0),
        BAD("urgent;q=1", SIP_TRAILING, 6),
    };

    CHECK_ROWS(parse_event_type, rows);
    CHECK_ROWS(parse_token, tokens);
}

TEST(subscription_state_has_its_reason_and_times) /* RFC 6665 §8.4 */
{
    static const struct row rows[] = {
        GOOD("active;expires=3600"),
        GOOD("pending"),
        GOOD("Terminated;reason=noresource"),
        GOOD("terminated;reason=probation;retry-after=4294967295"),
        GOOD("waiting;x"),
        BAD("active;expires=x", SIP_BAD_NUMBER, 15),
        BAD("active;expires", SIP_BAD_PARAMETER, 14),
        BAD("active;expires=4294967296", SIP_BAD_NUMBER, 24),
        BAD("active;expires=1;expires=1", SIP_REPEATED, 17),
        BAD("active;expires=1 2", SIP_TRAILING, 17),
        BAD("terminated;reason=\"x\"", SIP_BAD_TOKEN, 18),
        BAD("terminated reason=x", SIP_TRAILING, 11),
    };
    struct sip_subscription_state got;

    CHECK_KIND(subscription_state, rows);
    CHECK_INT(sip_subscription_state_parse(
                  &got, sip_str("TERMINATED;retry-after=7;reason=giveup;expires=0"), NULL),
              0);
    CHECK_INT(got.state, SIP_SUBSTATE_TERMINATED);
    CHECK_STR(got.reason, "giveup");
    CHECK(got.expires_s.given && got.expires_s.value == 0);
    CHECK(got.retry_after_s.given && got.retry_after_s.value == 7);
    CHECK_INT(sip_subscription_state_parse(&got, sip_str("active"), NULL), 0);
    CHECK_INT(got.state, SIP_SUBSTATE_ACTIVE);
    CHECK(!got.expires_s.given && !got.retry_after_s.given && !got.reason.at);
    CHECK_INT(sip_subscription_state_parse(&got, sip_str("pending"), NULL), 0);
    CHECK_INT(got.state, SIP_SUBSTATE_PENDING);
    CHECK_INT(sip_subscription_state_parse(&got, sip_str("waiting"), NULL), 0);
    CHECK_INT(got.state, SIP_SUBSTATE_OTHER);
}

TEST(rack_is_two_numbers_and_a_method) /* RFC 3262 §7.2 */
{
    static const struct row rows[] = {
        GOOD("776656 1 INVITE"),
        GOOD("4294967295 2147483647 INVITE"),
        GOOD("1\r\n 0 INVITE"),
        BAD("0 1 INVITE", SIP_BAD_NUMBER, 1), /* §7.1: from 1 */
        BAD("4294967296 1 INVITE", SIP_BAD_NUMBER, 9),
        BAD("1 2147483648 INVITE", SIP_BAD_NUMBER, 11),
        BAD("1 INVITE", SIP_BAD_NUMBER, 2),
        BAD("1 1", SIP_BAD_TOKEN, 3),
        BAD("1 1 INVITE x", SIP_BAD_TOKEN, 10),
        BAD("1 1 INVITE;x", SIP_BAD_TOKEN, 10),
    };
    struct sip_rack got;
    struct sip_writer writer;
    char room[100];

    CHECK_KIND(rack, rows);
    CHECK_INT(sip_rack_parse(&got, sip_str("7 8 INVITE"), NULL), 0);
    CHECK(got.rseq == 7 && got.cseq.number == 8 && got.cseq.method == SIP_INVITE);
    got.rseq = 0;
    CHECK_INT(WRITTEN(sip_write_rack, &got), SIP_EINVAL);
    got.rseq = 1;
    got.cseq.number = SIP_CSEQ_MAX + 1u;
    CHECK_INT(WRITTEN(sip_write_rack, &got), SIP_EINVAL);
    got.cseq.number = SIP_CSEQ_MAX;
    CHECK(WRITTEN(sip_write_rack, &got) > 0);
    got.cseq.method_name = sip_str("INV ITE");
    CHECK_INT(WRITTEN(sip_write_rack, &got), SIP_EINVAL);
}

TEST(session_expires_names_the_refresher) /* RFC 4028 §4, §5 */
{
    static const struct row rows[] = {
        GOOD("4000;refresher=uac"),
        GOOD("1800 ; refresher = uas ; x"),
        GOOD("90"),
        BAD("90;refresher", SIP_BAD_PARAMETER, 12),
        BAD("90;refresher=uac;refresher=uac", SIP_REPEATED, 17),
        BAD("refresher=uac", SIP_BAD_NUMBER, 0),
        BAD("4294967296", SIP_BAD_NUMBER, 9),
        BAD("90 s", SIP_TRAILING, 3),
    };
    struct sip_session_expires got;

    CHECK_KIND(session_expires, rows);
    CHECK_INT(sip_session_expires_parse(&got, sip_str("1800;refresher=uas"), NULL), 0);
    CHECK_INT(got.interval_s, 1800);
    CHECK_STR(got.refresher, "uas");
}

TEST(what_a_host_fills_in_wrongly_is_not_written)
{
    static const char *const no_lists[] = {";", "a=1;;", "a=1;", "a=", "a=(", "a=<b", "a=\"b", "a b"};
    struct sip_event bad = {0};
    struct sip_token_value token = {0};
    struct sip_writer writer;
    char room[200];

    bad.type = sip_str("presence");
    CHECK_INT(WRITTEN(sip_write_event, &bad), 8);
    bad.id = sip_str("7;x=1");
    CHECK_INT(WRITTEN(sip_write_event, &bad), SIP_EINVAL);
    bad.id = sip_str(" ");
    CHECK_INT(WRITTEN(sip_write_event, &bad), SIP_EINVAL);
    bad.id = sip_str("7");
    CHECK_INT(WRITTEN(sip_write_event, &bad), 13);
    writer.error = SIP_EHEADER; /* the first error is kept */
    sip_write_token_value(&writer, &token);
    CHECK_INT(sip_writer_done(&writer), SIP_EHEADER);
    for (size_t i = 0; i < sizeof no_lists / sizeof *no_lists; i++) {
        bad.params = sip_str(no_lists[i]);
        CHECK_INT(WRITTEN(sip_write_event, &bad), SIP_EINVAL);
    }
    bad.params = sip_str("a=<sip:b>;c=\"d\";e");
    CHECK_INT(WRITTEN(sip_write_event, &bad), 31);
    CHECK_STR(sip_bytes(room, 31), "presence;id=7;a=<sip:b>;c=\"d\";e");
    bad.params = sip_str("a=1\r\nX: y");
    CHECK(WRITTEN(sip_write_event, &bad) < 0);
    bad.params = sip_str(NULL);
    bad.type = sip_str("pre sence");
    CHECK_INT(WRITTEN(sip_write_event, &bad), SIP_EINVAL);
    CHECK_INT(WRITTEN(sip_write_token_value, &token), SIP_EINVAL);
}

TEST(tokens_with_parameters_are_written_again) /* RFC 6086 §10.1 */
{
    static const struct row rows[] = {GOOD("nortel"), GOOD("foo;bar=\"b;az\";x"),
                                      BAD("foo;bar=", SIP_BAD_PARAMETER, 8)};

    CHECK_KIND(token_value, rows);
    check_written(&token_value, "foo ; bar = 1", "foo;bar=1");
}

TESTS(T(event_has_a_package_templates_and_an_id) T(event_types_are_without_parameters)
          T(subscription_state_has_its_reason_and_times) T(rack_is_two_numbers_and_a_method)
              T(session_expires_names_the_refresher) T(what_a_host_fills_in_wrongly_is_not_written)
                  T(tokens_with_parameters_are_written_again))
