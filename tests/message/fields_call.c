/* Values about calls: RFC 3323 to 8224. */
#include "message/kinds.h"
#include "sip/fields_call.h"

KIND(replaces)
KIND(join)
KIND(target_dialog)
KIND(referred_by)
KIND(refer_sub)
KIND(answer_mode)
KIND(reason_value)
KIND(diversion)
KIND(history_info)
KIND(resource_priority)
KIND(user_to_user)
KIND(session_id)
KIND(identity)
PARSE_ROW(name_addr, struct sip_address, sip_name_addr_parse(&got, value, fault))
PARSE_ROW(privacy, unsigned, sip_privacy_parse(&got, value, fault))

TEST(routes_are_in_brackets) /* RFC 3327 §4, RFC 3608 §5, RFC 7315 §5.1 */
{
    static const struct row rows[] = {
        GOOD("<sip:P1.EXAMPLEVISITED.COM;lr>"),
        GOOD("Proxy <sip:p3@[2001:db8::1];lr>;x=y"),
        GOOD("<tel:+1-201-555-0123>"),
        BAD("sip:p1.example.com;lr", SIP_BAD_BRACKETS, 0),
        BAD("<sip:p1.example.com", SIP_BAD_BRACKETS, 19),
        BAD("<sip:p1.example.com>;", SIP_BAD_PARAMETER, 21),
        BAD("<sip:p1.example.com>,", SIP_TRAILING, 20),
    };
    struct sip_address got;

    CHECK_ROWS(parse_name_addr, rows);
    CHECK_INT(sip_name_addr_parse(&got, sip_str("<sip:a;lr>;ob"), NULL), 0);
    CHECK_STR(got.uri, "sip:a;lr");
    CHECK_STR(got.params, "ob");
}

TEST(replaces_names_a_dialog) /* RFC 3891 §6.1 */
{
    static const struct row rows[] = {
        GOOD("98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff"),
        GOOD("12adf2f34456gs5 ;to-tag=12345 ;from-tag=54321 ;early-only"),
        GOOD("a@b;to-tag=0;from-tag=1;x=\"y\""),
        BAD("a@b;to-tag=0", SIP_BAD_PARAMETER, 12),
        BAD("a@b;from-tag=0", SIP_BAD_PARAMETER, 14),
        BAD("a@b", SIP_BAD_PARAMETER, 3),
        BAD("a@b;to-tag=0;to-tag=0;from-tag=1", SIP_REPEATED, 13),
        BAD("a@b;to-tag=0;from-tag=1;early-only=yes", SIP_TRAILING, 34),
        BAD("a@b;to-tag=\"0\";from-tag=1", SIP_BAD_TOKEN, 11),
        BAD(";to-tag=0;from-tag=1", SIP_BAD_TOKEN, 0),
    };
    struct sip_replaces got;

    CHECK_KIND(replaces, rows);
    CHECK_INT(sip_replaces_parse(&got, sip_str("a@b;early-only;to-tag=1;from-tag=2"), NULL), 0);
    CHECK_STR(got.call_id, "a@b");
    CHECK_STR(got.to_tag, "1");
    CHECK_STR(got.from_tag, "2");
    CHECK(got.early_only);
    CHECK_INT(sip_replaces_parse(&got, sip_str("a@b;to-tag=1;from-tag=2"), NULL), 0);
    CHECK(!got.early_only);
}

TEST(join_and_target_dialog_name_one_too) /* RFC 3911 §7.1, RFC 4538 §7 */
{
    static const struct row joins[] = {
        GOOD("12adf2f34456gs5;to-tag=12345;from-tag=54321"),
        GOOD("a;to-tag=0;from-tag=1;early-only=no"), /* early-only means nothing here */
        BAD("a;to-tag=0", SIP_BAD_PARAMETER, 10),
        BAD("a@;to-tag=0;from-tag=1", SIP_BAD_TOKEN, 2),
    };
    static const struct row targets[] = {
        GOOD("fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544"),
        BAD("fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-", SIP_BAD_PARAMETER, 53),
        BAD("a;local-tag=1;remote-tag", SIP_BAD_PARAMETER, 24),
    };
    struct sip_target_dialog got;

    CHECK_KIND(join, joins);
    CHECK_KIND(target_dialog, targets);
    CHECK_INT(sip_target_dialog_parse(&got, sip_str("a;local-tag=1;remote-tag=2"), NULL), 0);
    CHECK_STR(got.local_tag, "1");
    CHECK_STR(got.remote_tag, "2");
}

TEST(referred_by_may_have_a_cid) /* RFC 3892 §5 */
{
    static const struct row rows[] = {
        GOOD("<sips:r@ref.example>;cid=\"2UWQFN309shb3@ref.example\""),
        GOOD("sip:r@ref.example;cid=\"a@b\";x"),
        GOOD("\"R. \\\"Ef\\\" \" <sip:r@ref.example?Subject=a>"),
        BAD("<sip:r@ref.example>;cid=a@b", SIP_BAD_QUOTES, 24),
        BAD("<sip:r@ref.example>;cid", SIP_BAD_PARAMETER, 23),
        BAD("<sip:r@ref.example> x", SIP_TRAILING, 20),
    };
    struct sip_referred_by got;

    CHECK_KIND(referred_by, rows);
    CHECK_INT(sip_referred_by_parse(&got, sip_str("Bob <sip:b@c>;x=1;cid=\"a@b\""), NULL), 0);
    CHECK_STR(got.address.display, "Bob");
    CHECK_STR(got.address.uri, "sip:b@c");
    CHECK_STR(got.address.params, "x=1;cid=\"a@b\"");
    CHECK_STR(got.cid, "\"a@b\"");
    check_written(&referred_by, "sip:b@c;x=1;cid=\"a@b\"", "<sip:b@c>;cid=\"a@b\";x=1");
}

TEST(refer_sub_is_true_or_false) /* RFC 4488 §4 */
{
    static const struct row rows[] = {
        GOOD("true"),
        GOOD("FALSE;x=1"),
        BAD("yes", SIP_BAD_TOKEN, 0),
        BAD("truely", SIP_BAD_TOKEN, 0),
        BAD("true,false", SIP_TRAILING, 4),
    };
    struct sip_refer_sub got;

    CHECK_KIND(refer_sub, rows);
    CHECK_INT(sip_refer_sub_parse(&got, sip_str("true"), NULL), 0);
    CHECK(got.wanted);
    CHECK_INT(sip_refer_sub_parse(&got, sip_str("false"), NULL), 0);
    CHECK(!got.wanted);
}

TEST(answer_mode_may_be_required) /* RFC 5373 §4.1 */
{
    static const struct row rows[] = {
        GOOD("Auto;require"),
        GOOD("Manual"),
        GOOD("auto;x=1"),
        BAD("Auto;require=1", SIP_TRAILING, 12),
        BAD("Auto Manual", SIP_TRAILING, 5),
    };
    struct sip_answer_mode got;

    CHECK_KIND(answer_mode, rows);
    CHECK_INT(sip_answer_mode_parse(&got, sip_str("Auto;require"), NULL), 0);
    CHECK_STR(got.mode, "Auto");
    CHECK(got.require);
}

TEST(reason_has_a_cause_and_a_text) /* RFC 3326 §2 */
{
    static const struct row rows[] = {
        GOOD("SIP ;cause=200 ;text=\"Call completed elsewhere\""),
        GOOD("Q.850 ;cause=16 ;text=\"Terminated\""),
        GOOD("X;cause=4294967295"),
        BAD("SIP;cause=x", SIP_BAD_NUMBER, 10),
        BAD("SIP;cause=\"200\"", SIP_BAD_NUMBER, 10),
        BAD("SIP;text=Busy", SIP_BAD_QUOTES, 9),
        BAD("SIP;cause=1;cause=2", SIP_REPEATED, 12),
        BAD("SIP,Q.850", SIP_TRAILING, 3),
    };
    struct sip_reason_value got;

    CHECK_KIND(reason_value, rows);
    CHECK_INT(sip_reason_value_parse(&got, sip_str("Q.850;text=\"x\";cause=16"), NULL), 0);
    CHECK_STR(got.protocol, "Q.850");
    CHECK(got.cause.given && got.cause.value == 16);
    CHECK_STR(got.text, "\"x\"");
}

TEST(diversion_counts_and_says_why) /* RFC 5806 §7 */
{
    static const struct row rows[] = {
        GOOD("<tel:+19195551002>;reason=user-busy;privacy=\"full\";counter=4"),
        GOOD("\"Bob\" <sip:bob@b.example>;reason=\"x y\";limit=99;screen=no;ext"),
        GOOD("<sip:a@b>"),
        BAD("sip:a@b;reason=unknown", SIP_BAD_BRACKETS, 0),
        BAD("<sip:a@b>;counter=100", SIP_BAD_NUMBER, 20),
        BAD("<sip:a@b>;counter", SIP_BAD_PARAMETER, 17),
        BAD("<sip:a@b>;reason=[::1]", SIP_BAD_TOKEN, 17),
    };
    struct sip_diversion got;

    CHECK_KIND(diversion, rows);
    CHECK_INT(sip_diversion_parse(&got, sip_str(rows[0].value), NULL), 0);
    CHECK_STR(got.address.uri, "tel:+19195551002");
    CHECK_STR(got.reason, "user-busy");
    CHECK_STR(got.privacy, "\"full\"");
    CHECK(got.counter.value == 4 && !got.limit.given && !got.screen.at);
    check_written(&diversion, "A <sip:a@b> ;x=1; counter=04", "A <sip:a@b>;counter=4;x=1");
}

TEST(history_info_has_its_index) /* RFC 7044 §5 */
{
    static const struct row rows[] = {
        GOOD("<sip:bob@biloxi.example.com;p=x>;index=1.1;mp=1"),
        GOOD("<sip:bob@192.0.2.3?Reason=SIP%3Bcause%3D302>;index=1.2.10;rc=1.2;np=1"),
        BAD("<sip:a@b>;index=1.", SIP_BAD_NUMBER, 18),
        BAD("<sip:a@b>;index=.1", SIP_BAD_NUMBER, 16),
        BAD("<sip:a@b>;index=1..2", SIP_BAD_NUMBER, 18),
        BAD("<sip:a@b>;index=1a", SIP_TRAILING, 17),
        BAD("<sip:a@b>;rc", SIP_BAD_PARAMETER, 12),
        BAD("sip:a@b;index=1", SIP_BAD_BRACKETS, 0),
    };
    struct sip_history_info got;

    CHECK_KIND(history_info, rows);
    CHECK_INT(sip_history_info_parse(&got, sip_str(rows[1].value), NULL), 0);
    CHECK_STR(got.index, "1.2.10");
    CHECK_STR(got.rc, "1.2");
    CHECK_STR(got.np, "1");
    CHECK(!got.mp.at);
}

TEST(privacy_is_a_set) /* RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §10.1 */
{
    static const struct row rows[] = {
        GOOD("id"),
        GOOD("header;session ; user;critical;history;new;newer"),
        BAD("id;ID", SIP_REPEATED, 3),
        BAD("id;", SIP_BAD_TOKEN, 3),
        BAD(";id", SIP_BAD_TOKEN, 0),
        BAD("id,user", SIP_TRAILING, 2),
        BAD("id user", SIP_TRAILING, 3),
    };
    struct sip_writer writer;
    char room[100];
    unsigned got = 0;

    CHECK_ROWS(parse_privacy, rows);
    CHECK_INT(sip_privacy_parse(&got, sip_str("User;none;x"), NULL), 0);
    CHECK_INT(got, SIP_PRIVACY_USER | SIP_PRIVACY_NONE | SIP_PRIVACY_OTHER);
    CHECK_INT(WRITTEN(sip_write_privacy, SIP_PRIVACY_ID | SIP_PRIVACY_CRITICAL), 11);
    CHECK_STR(sip_bytes(room, 11), "critical;id");
    for (unsigned bits = 1; bits < SIP_PRIVACY_OTHER; bits++) {
        long len = WRITTEN(sip_write_privacy, bits);

        CHECK(len > 0 && sip_privacy_parse(&got, sip_bytes(room, (size_t)len), NULL) == 0);
        CHECK_INT(got, bits);
    }
    CHECK_INT(WRITTEN(sip_write_privacy, 0), SIP_EINVAL);
    CHECK_INT(WRITTEN(sip_write_privacy, SIP_PRIVACY_OTHER), SIP_EINVAL);
}

TEST(resource_priority_is_two_words) /* RFC 4412 §3.1 */
{
    static const struct row rows[] = {
        GOOD("dsn.flash-override"),          GOOD("wps.3"),
        BAD("dsn", SIP_BAD_TOKEN, 3),        BAD("dsn.", SIP_BAD_TOKEN, 4),
        BAD(".flash", SIP_BAD_TOKEN, 0),     BAD("dsn.flash.x", SIP_TRAILING, 9),
        BAD("dsn.flash x", SIP_TRAILING, 9), BAD("dsn flash", SIP_BAD_TOKEN, 3),
    };
    struct sip_resource_priority got;

    CHECK_KIND(resource_priority, rows);
    CHECK_INT(sip_resource_priority_parse(&got, sip_str("dsn.flash"), NULL), 0);
    CHECK_STR(got.name_space, "dsn");
    CHECK_STR(got.priority, "flash");
}

TEST(user_to_user_says_how_it_is_encoded) /* RFC 7433 §4.1 */
{
    static const struct row rows[] = {
        GOOD("56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar"),
        GOOD("\"a text\";x"),
        BAD("56a3;encoding=\"hex\"", SIP_BAD_TOKEN, 14),
        BAD("56a3;purpose", SIP_BAD_PARAMETER, 12),
        BAD("\"56a3", SIP_BAD_QUOTES, 5),
        BAD("56/a3", SIP_TRAILING, 2),
    };
    struct sip_user_to_user got;

    CHECK_KIND(user_to_user, rows);
    CHECK_INT(sip_user_to_user_parse(&got, sip_str(rows[0].value), NULL), 0);
    CHECK_STR(got.data, "56a390f3d2b7310023a2");
    CHECK_STR(got.encoding, "hex");
    CHECK_STR(got.purpose, "foo");
    CHECK_STR(got.content, "bar");
}

#define UUID "ab30317f1a784dc48ff824d0d3715d86"

TEST(session_id_is_two_times_32_digits) /* RFC 7989 §5 */
{
    static const struct row rows[] = {
        GOOD(UUID ";remote=00000000000000000000000000000000"),
        GOOD(UUID),
        GOOD(UUID ";x=y;remote=" UUID),
        BAD("ab30317f1a784dc48ff824d0d3715d8", SIP_BAD_TOKEN, 31),
        BAD(UUID "0", SIP_TRAILING, 32),
        BAD("AB30317f1a784dc48ff824d0d3715d86", SIP_BAD_TOKEN, 0),
        BAD("gb30317f1a784dc48ff824d0d3715d86", SIP_BAD_TOKEN, 0),
        BAD(UUID ";remote=0", SIP_BAD_TOKEN, 41),
        BAD(UUID ";remote=" UUID "0", SIP_BAD_TOKEN, 72),
    };
    struct sip_session_id got;
    struct sip_writer writer;
    char room[100];

    CHECK_KIND(session_id, rows);
    CHECK_INT(sip_session_id_parse(&got, sip_str(rows[2].value), NULL), 0);
    CHECK_STR(got.local, UUID);
    CHECK_STR(got.remote, UUID);
    CHECK_INT(WRITTEN(sip_write_session_id, &got), 76);
    got.remote = sip_str("1");
    CHECK_INT(WRITTEN(sip_write_session_id, &got), SIP_EINVAL);
    got.remote = got.local;
    got.local = sip_str("1");
    CHECK_INT(WRITTEN(sip_write_session_id, &got), SIP_EINVAL);
}

TEST(identity_points_to_its_certificate) /* RFC 8224 §4 */
{
    static const struct row rows[] = {
        GOOD("sv5CTo05KqpSmtHt3dcEiO/1CWTSZtnG3iV+1nmurLXV/HmtyNS7Ltrg9dlxkWzo="
             ";info=<https://biloxi.example.org/biloxi.cer>;alg=ES256"),
        GOOD("eyJhbGciOiJFUzI1NiJ9..c2ln_b-Q;info=<https://c.example/p.pem>;ppt=\"shaken\""),
        GOOD("r5mwreLuyDRYBi/0TiPwEsY3rEVsk=="), /* as RFC 4475 §3.1.1.11 has it */
        BAD("abc;alg=", SIP_BAD_TOKEN, 8),
        BAD("abc;info=https://c.example/", SIP_BAD_BRACKETS, 9),
        BAD("abc;info=<https://c.example/", SIP_BAD_BRACKETS, 28),
        BAD("a,c;info=<https://c.example/>", SIP_TRAILING, 1),
        BAD(";info=<https://c.example/>", SIP_BAD_TOKEN, 0),
    };
    struct sip_identity got;

    CHECK_KIND(identity, rows);
    CHECK_INT(sip_identity_parse(&got, sip_str(rows[1].value), NULL), 0);
    CHECK_STR(got.digest, "eyJhbGciOiJFUzI1NiJ9..c2ln_b-Q");
    CHECK_STR(got.info, "https://c.example/p.pem");
    CHECK_STR(got.ppt, "\"shaken\"");
    CHECK(!got.alg.at);
}

TESTS(T(routes_are_in_brackets) T(replaces_names_a_dialog) T(join_and_target_dialog_name_one_too)
          T(referred_by_may_have_a_cid) T(refer_sub_is_true_or_false) T(answer_mode_may_be_required)
              T(reason_has_a_cause_and_a_text) T(diversion_counts_and_says_why)
                  T(history_info_has_its_index) T(privacy_is_a_set)
                      T(resource_priority_is_two_words) T(user_to_user_says_how_it_is_encoded)
                          T(session_id_is_two_times_32_digits)
                              T(identity_points_to_its_certificate))
