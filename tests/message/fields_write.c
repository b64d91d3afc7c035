/* What was parsed is written again: RFC 3261 §7.3.3, §18.2.1, §19.1.1, §20, RFC 3581, RFC 3966. */
#include "message/kinds.h"
#include "sip/fields_write.h"

#define S(text) sip_str(text)

KIND(via)
KIND(retry_after)
KIND(warning)
KIND(date)
KIND(auth)
KIND(uri)
KIND(tel)
KIND_OF(auth_info, struct sip_auth, sip_auth_info_parse, sip_write_auth)
KIND_OF(address, struct sip_address, sip_address_parse, sip_write_address_value)
KIND_OF(media_range, struct sip_media_type, sip_media_range_parse, sip_write_media_type)

static char room[600];
static struct sip_writer writer;

static void check_pairs(const struct kind *kind, const char *const (*rows)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_rewritten(kind, rows[i][0]);
        check_written(kind, rows[i][0], rows[i][1]);
    }
}

#define CHECK_PAIRS(kind, rows) check_pairs(&(kind), rows, sizeof(rows) / sizeof *(rows))

TEST(vias_are_written_again) /* RFC 3261 §20.42, RFC 3581 §3 */
{
    static const char *const rows[][2] = {
        {"SIP/2.0/UDP a", "SIP/2.0/UDP a"},
        {"SIP / 2.0 / TLS [2001:db8::1] : 5061", "SIP/2.0/TLS [2001:db8::1]:5061"},
        {"SIP/2.0/UDP a;rport;branch=z9hG4bK1", "SIP/2.0/UDP a;branch=z9hG4bK1;rport"},
        {"SIP/2.0/UDP a;rport=5;received=192.0.2.1;x=\"y\";ttl=9;z",
         "SIP/2.0/UDP a;x=\"y\";ttl=9;z;received=192.0.2.1;rport=5"},
        {"SIP/2.0/UDP a;MADDR=b;received=::1", "SIP/2.0/UDP a;maddr=b;received=::1"},
        {"SIP/2.0/UDP a;received=[::1];Branch=1", "SIP/2.0/UDP a;branch=1;received=[::1]"},
    };
    struct sip_via made = {0};

    CHECK_PAIRS(via, rows);
    made.transport = S("UDP");
    made.host = S("a");
    made.branch = S("z9hG4bK1");
    CHECK_INT(WRITTEN(sip_write_via, &made), 29);
#define BAD_VIA(member, text)                                                                      \
    {                                                                                              \
        struct sip_via bad = made;                                                                 \
        bad.member = S(text);                                                                      \
        CHECK_INT(WRITTEN(sip_write_via, &bad), SIP_EINVAL);                                       \
    }
    BAD_VIA(transport, "")
    BAD_VIA(transport, "U/P")
    BAD_VIA(host, "")
    BAD_VIA(host, "a b")
    BAD_VIA(branch, "a;b")
    BAD_VIA(branch, "")
    BAD_VIA(maddr, "a,b")
    BAD_VIA(received, "::1::")
    BAD_VIA(params, ";x")
    BAD_VIA(params, "x=\"")
}

TEST(tolerated_vias_are_written_as_they_came) /* sip/tolerance.h */
{
    static const char *const rows[] = {
        "SIP/2.0/UDP [fe80::1%eth0]:5060;branch=1",
        "SIP/2.0/UDP a;received=host.example",
    };

    for (size_t i = 0; i < 2; i++) {
        struct sip_leniency all = {SIP_TOLERATE_DEFAULT, 0};
        struct sip_via got;

        CHECK_INT(sip_via_accept(&got, S(rows[i]), &all, NULL), 0);
        CHECK_INT(WRITTEN(sip_write_via, &got), strlen(rows[i]));
        CHECK_STR(sip_bytes(room, writer.used), rows[i]);
    }
}

TEST(via_is_stamped_with_its_source) /* RFC 3261 §18.2.1, RFC 3581 §4 */
{
    static const struct {
        const char *via, *source, *written;
    } rows[] = {
        {"SIP/2.0/UDP 192.0.2.9", "192.0.2.9", "SIP/2.0/UDP 192.0.2.9"},
        {"SIP/2.0/UDP 192.0.2.8", "192.0.2.9", "SIP/2.0/UDP 192.0.2.8;received=192.0.2.9"},
        {"SIP/2.0/UDP a", "192.0.2.9", "SIP/2.0/UDP a;received=192.0.2.9"},
        {"SIP/2.0/UDP [2001:db8:0::1]", "2001:db8::1", "SIP/2.0/UDP [2001:db8:0::1]"},
        {"SIP/2.0/UDP [2001:db8::1]", "2001:db8::2",
         "SIP/2.0/UDP [2001:db8::1];received=2001:db8::2"},
        {"SIP/2.0/UDP 192.0.2.9", "2001:db8::2", "SIP/2.0/UDP 192.0.2.9;received=2001:db8::2"},
        {"SIP/2.0/UDP 192.0.2.9;rport", "192.0.2.9",
         "SIP/2.0/UDP 192.0.2.9;received=192.0.2.9;rport=777"},
        {"SIP/2.0/UDP 192.0.2.9;received=1.1.1.1", "192.0.2.9", "SIP/2.0/UDP 192.0.2.9"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = malloc(SIP_ADDR_TEXT);
        struct sip_addr source;
        struct sip_via got;

        CHECK_INT(sip_addr_parse(&source, S(rows[i].source)), 0);
        source.port = 777;
        CHECK_INT(sip_via_parse(&got, S(rows[i].via), NULL), 0);
        sip_via_stamp(&got, &source, text);
        CHECK(WRITTEN(sip_write_via, &got) > 0);
        CHECK_STR(sip_bytes(room, writer.used), rows[i].written);
        free(text);
    }
}

TEST(addresses_are_written_again) /* §20.10, §20.20 */
{
    static const char *const rows[][2] = {
        {"sip:a@b;tag=1", "<sip:a@b>;tag=1"},
        {"<sip:a@b;lr>;x;tag=1;y=\"2\"", "<sip:a@b;lr>;tag=1;x;y=\"2\""},
        {"Bob  Smith <sip:a@b>", "Bob  Smith <sip:a@b>"},
        {"\"Bob, \\\"Jr\\\"\"<tel:+1>", "\"Bob, \\\"Jr\\\"\" <tel:+1>"},
        {"\"\" <sip:a>", "\"\" <sip:a>"},
    };
    struct sip_address made = {0};

    CHECK_PAIRS(address, rows);
    made.uri = S("sip:a#b@c"); /* let pass, and passed on */
    made.display = S("Bob, Jr");
    made.tag = S("9");
    CHECK(WRITTEN(sip_write_address_value, &made) > 0);
    CHECK_STR(sip_bytes(room, writer.used), "\"Bob, Jr\" <sip:a#b@c>;tag=9");
    made.display = S("\"Bob");
    CHECK(WRITTEN(sip_write_address_value, &made) > 0);
    CHECK_STR(sip_bytes(room, writer.used), "\"\\\"Bob\" <sip:a#b@c>;tag=9");
    made.display = S("\"Bob\" x");
    CHECK(WRITTEN(sip_write_address_value, &made) > 0);
    CHECK_STR(sip_bytes(room, writer.used), "\"\\\"Bob\\\" x\" <sip:a#b@c>;tag=9");
    made.uri = S("sip:a>b@c");
    CHECK_INT(WRITTEN(sip_write_address_value, &made), SIP_EINVAL);
    made.uri = S("sip:c");
    made.tag = S("a b");
    CHECK_INT(WRITTEN(sip_write_address_value, &made), SIP_EINVAL);
}

TEST(delays_and_warnings_are_written_again) /* §20.33, §20.43 */
{
    static const char *const delays[][2] = {
        {"18000;duration=3600", "18000;duration=3600"},
        {"120 (I'm in a meeting)", "120 (I'm in a meeting)"},
        {"5(a);x;duration=0", "5 (a);duration=0;x"},
        {"4294967295", "4294967295"},
    };
    static const char *const warnings[][2] = {
        {"307 isi.edu \"x\"", "307 isi.edu \"x\""},
        {"100 [::1]:5060  \"\\\"\"", "100 [::1]:5060 \"\\\"\""},
        {"999 a:1 \"\"", "999 a:1 \"\""},
        {"301 ~x \"\"", "301 ~x \"\""},
    };
    struct sip_retry_after delay = {3, {NULL, 0}, {NULL, 0}, 7};
    struct sip_warning made = {399, {"a", 1}, {"\"\"", 2}};

    CHECK_PAIRS(retry_after, delays);
    CHECK_PAIRS(warning, warnings);
    CHECK_INT(WRITTEN(sip_write_retry_after, &delay), 12); /* 3;duration=7 */
    delay.comment = S("x");
    CHECK_INT(WRITTEN(sip_write_retry_after, &delay), SIP_EINVAL);
    made.code = 99;
    CHECK_INT(WRITTEN(sip_write_warning, &made), SIP_EINVAL);
    made.code = 1000;
    CHECK_INT(WRITTEN(sip_write_warning, &made), SIP_EINVAL);
    made.code = 399;
    CHECK_INT(WRITTEN(sip_write_warning, &made), 8);
    made.agent = S("a b");
    CHECK_INT(WRITTEN(sip_write_warning, &made), SIP_EINVAL);
    made.agent = S("[::1]x");
    CHECK_INT(WRITTEN(sip_write_warning, &made), SIP_EINVAL);
    made.agent = S("[::1");
    CHECK_INT(WRITTEN(sip_write_warning, &made), SIP_EINVAL);
    made.agent = S("a");
    made.text = S("x");
    CHECK_INT(WRITTEN(sip_write_warning, &made), SIP_EINVAL);
}

TEST(dates_know_their_day_of_the_week) /* §20.17 */
{
    static const char *const rows[][2] = {
        {"Sat, 13 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 23:29:00 GMT"}, /* §20.17 */
        {"sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37 GMT"}, /* RFC 1123 */
        {"Mon, 29 Feb 2000 00:00:00 GMT", "Tue, 29 Feb 2000 00:00:00 GMT"},
        {"Mon, 28 Feb 1900 00:00:00 GMT", "Wed, 28 Feb 1900 00:00:00 GMT"},
        {"Mon, 01 Mar 1900 00:00:00 GMT", "Thu, 01 Mar 1900 00:00:00 GMT"},
        {"Mon, 29 Feb 2024 00:00:00 GMT", "Thu, 29 Feb 2024 00:00:00 GMT"},
        {"Mon, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"Mon, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"Mon, 01 Jan 0000 00:00:00 GMT", "Sat, 01 Jan 0000 00:00:00 GMT"},
        {"Mon, 20 Nov 2026 14:30:55 GMT", "Fri, 20 Nov 2026 14:30:55 GMT"},
    };
    static const struct sip_date bad[] = {
        {2010, 0, 1, 0, 0, 0},  {2010, 13, 1, 0, 0, 0}, {2010, 1, 0, 0, 0, 0},
        {2010, 1, 32, 0, 0, 0}, {2010, 4, 31, 0, 0, 0}, {2010, 2, 29, 0, 0, 0},
        {2100, 2, 29, 0, 0, 0}, {2010, 1, 1, 24, 0, 0}, {2010, 1, 1, 0, 60, 0},
        {2010, 1, 1, 0, 0, 60}, {10000, 1, 1, 0, 0, 0},
    };

    CHECK_PAIRS(date, rows);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT(WRITTEN(sip_write_date, &bad[i]), SIP_EINVAL);
    for (unsigned month = 1; month <= 12; month++) { /* each last day is one, the next is none */
        struct sip_date day = {2023, (uint8_t)month, 28, 0, 0, 0};

        while (WRITTEN(sip_write_date, &day) > 0)
            day.day++;
        CHECK_INT(day.day, month == 2 ? 29 : 31 + (month % 7 % 2 == 1 || month == 7));
    }
}

TEST(credentials_are_written_again) /* §20.6, §20.7, §20.44 */
{
    static const char *const rows[][2] = {
        {"Digest realm=\"a\",nonce=\"b\" , qop=\"auth,auth-int\"",
         "Digest realm=\"a\", nonce=\"b\", qop=\"auth,auth-int\""},
        {"Other x=1", "Other x=1"},
    };
    static const char *const info[][2] = {
        {"nextnonce=\"a\",nc=00000001", "nextnonce=\"a\", nc=00000001"},
    };
    struct sip_auth made = {{"Digest", 6}, {"a=b", 3}};

    CHECK_PAIRS(auth, rows);
    CHECK_PAIRS(auth_info, info);
    CHECK_INT(WRITTEN(sip_write_auth, &made), 10);
    made.scheme = S("Di gest");
    CHECK_INT(WRITTEN(sip_write_auth, &made), SIP_EINVAL);
    made.scheme = S("Digest");
    made.fields = S("a=b,c");
    CHECK_INT(WRITTEN(sip_write_auth, &made), SIP_EINVAL);
    made.fields = S(NULL);
    CHECK_INT(WRITTEN(sip_write_auth, &made), SIP_EINVAL);
}

TEST(products_are_written_again) /* §20.35, §20.41 */
{
    struct sip_str rest = S("Phone/1.0 (a (b)) x");
    struct sip_product product, bad = {{"a b", 3}, {NULL, 0}, {NULL, 0}};

    sip_writer_init(&writer, room, sizeof room);
    while (sip_product_next(&rest, &product)) {
        if (writer.used > 0)
            sip_write_text(&writer, " ");
        sip_write_product(&writer, &product);
    }
    CHECK_STR(sip_bytes(room, (size_t)sip_writer_done(&writer)), "Phone/1.0 (a (b)) x");
    CHECK_INT(WRITTEN(sip_write_product, &bad), SIP_EINVAL);
    bad.name = S("a");
    bad.version = S("1 2");
    CHECK_INT(WRITTEN(sip_write_product, &bad), SIP_EINVAL);
    bad.comment = S("(a");
    CHECK_INT(WRITTEN(sip_write_product, &bad), SIP_EINVAL);
}

TEST(media_ranges_are_written_again) /* §20.1 */
{
    static const char *const rows[][2] = {
        {"*/*;q=0.3", "*/*;q=0.3"},
        {"text / html; level=1 ;x", "text/html;level=1;x"},
    };

    CHECK_PAIRS(media_range, rows);
}

TEST(uris_are_written_again) /* §19.1.1, §19.1.3 */
{
    static const char *const rows[][2] = {
        {"sip:alice@atlanta.com", "sip:alice@atlanta.com"},
        {"sip:alice:secretword@atlanta.com;transport=tcp",
         "sip:alice:secretword@atlanta.com;transport=tcp"},
        {"sips:alice@atlanta.com?subject=project%20x&priority=urgent",
         "sips:alice@atlanta.com?subject=project%20x&priority=urgent"},
        {"sip:+1-212-555-1212:1234@gateway.com;user=phone",
         "sip:+1-212-555-1212:1234@gateway.com;user=phone"},
        {"SIP:alice@[2001:db8::1]:5070;lr;maddr=[::1]", "sip:alice@[2001:db8::1]:5070;lr;maddr=[::1]"},
        {"sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
         "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com"},
        {"sip:alice;day=tuesday@atlanta.com", "sip:alice;day=tuesday@atlanta.com"},
        {"sip:a:@b", "sip:a:@b"}, /* an empty password is one */
        {"tel:+1-201-555-0123;ext=9", "tel:+1-201-555-0123;ext=9"},
        {"urn:service:sos", "urn:service:sos"},
        {"nobodyKnowsThisScheme:totallyopaquecontent", "nobodyKnowsThisScheme:totallyopaquecontent"},
    };
    static const char odd[] = "sip:a#^:b:c@d.example;x";
    struct sip_leniency all = {SIP_TOLERATE_DEFAULT, 0};
    struct sip_uri made = {0};

    CHECK_PAIRS(uri, rows);
    CHECK_INT(sip_uri_accept(&made, S(odd), &all, NULL), 0);
    CHECK_INT(WRITTEN(sip_write_uri, &made), strlen(odd));
    CHECK_STR(sip_bytes(room, writer.used), odd);
}

TEST(no_member_of_a_uri_ends_it) /* §19.1.1 */
{
    static const struct sip_uri good = {.scheme = SIP_SCHEME_SIP, .host = {"h", 1}};
    static const struct sip_uri other = {
        .scheme = SIP_SCHEME_OTHER, .scheme_name = {"urn", 3}, .rest = {"a:b", 3}};
    struct sip_uri odd = other;

    CHECK_INT(WRITTEN(sip_write_uri, &good), 5);
    CHECK_INT(WRITTEN(sip_write_uri, &other), 7);
#define BAD_URI(from, member, text)                                                                \
    {                                                                                              \
        struct sip_uri bad = from;                                                                 \
        bad.member = S(text);                                                                      \
        CHECK_INT(WRITTEN(sip_write_uri, &bad), SIP_EINVAL);                                       \
    }
    BAD_URI(good, user, "a@b")
    BAD_URI(good, user, "a:b")
    BAD_URI(good, user, "a b")
    BAD_URI(good, user, "a>b")
    BAD_URI(good, user, "a\x7f")
    BAD_URI(good, password, "a@b")
    BAD_URI(good, host, "")
    BAD_URI(good, host, "a;lr")
    BAD_URI(good, host, "a@b")
    BAD_URI(good, params, "a?b")
    BAD_URI(good, params, "a<b")
    BAD_URI(good, headers, "a\"b")
    BAD_URI(other, scheme_name, "")
    BAD_URI(other, scheme_name, "a:b")
    BAD_URI(other, rest, "")
    BAD_URI(other, rest, "a b")
    odd.scheme = (enum sip_scheme)77;
    CHECK_INT(WRITTEN(sip_write_uri, &odd), 7);
}

TEST(tel_uris_are_written_in_order) /* RFC 3966 §3 */
{
    static const char *const rows[][2] = {
        {"tel:+1-201-555-0123", "tel:+1-201-555-0123"},
        {"TEL:7042;phone-context=example.com", "tel:7042;phone-context=example.com"},
        {"tel:863-1234;x=y;phone-context=+1-914-555;z;ext=4;isub=5",
         "tel:863-1234;ext=4;isub=5;phone-context=+1-914-555;x=y;z"},
    };
    struct sip_tel made = {.global = true, .number = {"+1", 2}};

    CHECK_PAIRS(tel, rows);
    CHECK_INT(WRITTEN(sip_write_tel, &made), 6);
#define BAD_TEL(member, value)                                                                     \
    {                                                                                              \
        struct sip_tel bad = made;                                                                 \
        bad.member = value;                                                                        \
        CHECK_INT(WRITTEN(sip_write_tel, &bad), SIP_EINVAL);                                       \
    }
    BAD_TEL(global, false)
    BAD_TEL(number, S(""))
    BAD_TEL(number, S("1"))
    BAD_TEL(number, S("+1;x"))
    BAD_TEL(extension, S("1;x"))
    BAD_TEL(subaddress, S("1 2"))
    BAD_TEL(context, S("a?"))
    BAD_TEL(params, S(";a"))
    BAD_TEL(params, S("a=b>"))
    made.global = false;
    made.number = S("1");
    CHECK_INT(WRITTEN(sip_write_tel, &made), SIP_EINVAL); /* without a context */
    made.context = S("a");
    CHECK(WRITTEN(sip_write_tel, &made) > 0);
}

TESTS(T(vias_are_written_again) T(tolerated_vias_are_written_as_they_came)
      T(via_is_stamped_with_its_source) T(addresses_are_written_again)
      T(delays_and_warnings_are_written_again) T(dates_know_their_day_of_the_week)
      T(credentials_are_written_again) T(products_are_written_again)
      T(media_ranges_are_written_again) T(uris_are_written_again) T(no_member_of_a_uri_ends_it)
      T(tel_uris_are_written_in_order))
