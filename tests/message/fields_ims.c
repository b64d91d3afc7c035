/* Values of RFC 3329, 5502 and 7315. */
#include "message/kinds.h"
#include "sip/fields_ims.h"

KIND(security)
KIND(served_user)
KIND(visited_network)
KIND(access_network)
KIND(charging_addresses)
KIND(charging_vector)

TEST(security_mechanisms_have_a_preference) /* RFC 3329 §2.2 */
{
    static const struct row rows[] = {
        GOOD("tls;q=0.2"),
        GOOD("digest;d-alg=SHA-256;d-qop=auth-int;d-ver=\"0000000000000000000000000000abcd\""),
        GOOD("ipsec-3gpp;alg=hmac-sha-1-96;spi-c=98765432;port-s=8642"),
        BAD("tls;q=2", SIP_BAD_NUMBER, 6),
        BAD("tls;q", SIP_BAD_PARAMETER, 5),
        BAD("digest;d-ver=0", SIP_BAD_QUOTES, 13),
        BAD("tls,digest", SIP_TRAILING, 3),
    };
    struct sip_security got;

    CHECK_KIND(security, rows);
    CHECK_INT(sip_security_parse(&got, sip_str("digest;d-qop=auth;q=0.1;d-alg=MD5"), NULL), 0);
    CHECK_STR(got.mechanism, "digest");
    CHECK(got.q.given && got.q.value == 100);
    CHECK_STR(got.d_alg, "MD5");
    CHECK_STR(got.d_qop, "auth");
}

TEST(served_user_has_a_case_and_a_state) /* RFC 5502 §7.2 */
{
    static const struct row rows[] = {
        GOOD("<sip:user@example.com>; sescase=orig; regstate=reg"),
        GOOD("sip:user@example.com"),
        BAD("<sip:user@example.com>;sescase", SIP_BAD_PARAMETER, 30),
        BAD("<sip:user@example.com>;regstate=\"reg\"", SIP_BAD_TOKEN, 32),
    };
    struct sip_served_user got;

    CHECK_KIND(served_user, rows);
    CHECK_INT(sip_served_user_parse(&got, sip_str(rows[0].value), NULL), 0);
    CHECK_STR(got.sescase, "orig");
    CHECK_STR(got.regstate, "reg");
}

TEST(networks_have_a_name_or_a_type) /* RFC 7315 §5.3, §5.4 */
{
    static const struct row visited[] = {
        GOOD("other.net"),
        GOOD("\"Visited network number 1\";x=y"),
        BAD("Visited network", SIP_TRAILING, 8),
        BAD("\"x", SIP_BAD_QUOTES, 2),
    };
    static const struct row access[] = {
        GOOD("3GPP-UTRAN-TDD; utran-cell-id-3gpp=234151D0FCE11"),
        GOOD("ADSL2+;dsl-location=\"a;b\";network-provided"),
        GOOD("IEEE-802.11;i-wlan-node-id=00e0;local-time-zone=\"UTC+01:00\";np-x"),
        GOOD("3GPP-UTRAN;\"any; thing\";network-provided"), /* extension-access-info */
        GOOD("3GPP-UTRAN;x ; \"\" ; [::1];cgi-3gpp=1"),
        BAD("3GPP-UTRAN;\"any", SIP_BAD_QUOTES, 15),
        BAD("3GPP-UTRAN;[::1", SIP_BAD_HOST, 15),
        BAD("3GPP-UTRAN;\"any\"=1", SIP_TRAILING, 16),
        BAD("3GPP-UTRAN;=1", SIP_BAD_PARAMETER, 11),
        BAD("3GPP-GERAN;cgi-3gpp", SIP_BAD_PARAMETER, 19),
        BAD("3GPP-GERAN;cgi-3gpp=[::1]", SIP_BAD_TOKEN, 20),
        BAD("3GPP-GERAN;network-provided=1", SIP_TRAILING, 27),
        BAD("3GPP-GERAN;local-time-zone=UTC", SIP_BAD_QUOTES, 27),
    };
    struct sip_access_network got;
    struct sip_writer writer;
    char room[100];

    CHECK_KIND(visited_network, visited);
    CHECK_KIND(access_network, access);
    CHECK_INT(sip_access_network_parse(&got, sip_str(access[1].value), NULL), 0);
    CHECK_STR(got.type, "ADSL2+");
    CHECK_STR(got.dsl_location, "\"a;b\"");
    CHECK(got.network_provided && !got.cgi_3gpp.at);
    CHECK_INT(sip_access_network_parse(&got, sip_str(access[3].value), NULL), 0);
    CHECK(got.network_provided);
    CHECK_STR(got.params, "\"any; thing\";network-provided");
    check_written(&access_network, access[3].value,
                  "3GPP-UTRAN;network-provided;\"any; thing\"");
    got.params = sip_str("\"a");
    CHECK_INT(WRITTEN(sip_write_access_network, &got), SIP_EINVAL);
    got.params = sip_str(";a");
    CHECK_INT(WRITTEN(sip_write_access_network, &got), SIP_EINVAL);
}

TEST(charging_values_are_parameters_alone) /* RFC 7315 §5.5, §5.6 */
{
    static const struct row addresses[] = {
        GOOD("ccf=192.1.1.1; ccf-2=192.1.1.2"),  GOOD("ecf=[5555::b99:c88:d77:e66];x"),
        GOOD("ccf;ecf-2=\"\""), /* a generic-param may be without a value */
        BAD(";ccf=1", SIP_BAD_TOKEN, 0),         BAD("ccf=1;ccf=2", SIP_REPEATED, 6),
        BAD("ccf=;ecf=1", SIP_BAD_PARAMETER, 4), BAD("ccf=1;", SIP_BAD_PARAMETER, 6),
    };
    static const struct row vectors[] = {
        GOOD("icid-value=1234bc9876e; icid-generated-at=192.0.6.8; orig-ioi=home1.net"),
        GOOD("icid-value=\"AyretyU0dm+6O2IrT5tAFrbHLso=\";transit-ioi=\"a.1,void\";term-ioi=b"),
        BAD("orig-ioi=home1.net", SIP_BAD_PARAMETER, 18),
        BAD("icid-value", SIP_BAD_PARAMETER, 10),
        BAD("icid-value=1;icid-generated-at=-", SIP_BAD_HOST, 31),
        BAD("icid-value=1;transit-ioi=a.1", SIP_BAD_QUOTES, 25),
    };
    struct sip_charging_vector got;
    struct sip_charging_addresses two;
    struct sip_writer writer;
    char room[100];

    CHECK_KIND(charging_addresses, addresses);
    CHECK_KIND(charging_vector, vectors);
    CHECK_INT(sip_charging_addresses_parse(&two, sip_str("ccf-2=b;ccf=a"), NULL), 0);
    CHECK_STR(two.ccf, "a");
    CHECK_STR(two.ccf_2, "b");
    CHECK_INT(sip_charging_vector_parse(&got, sip_str("orig-ioi=a;icid-value=7"), NULL), 0);
    CHECK_STR(got.icid, "7");
    CHECK_STR(got.orig_ioi, "a");
    check_written(&charging_vector, "orig-ioi=a;x;icid-value=7", "icid-value=7;orig-ioi=a;x");
    got.icid = sip_str("");
    CHECK_INT(WRITTEN(sip_write_charging_vector, &got), SIP_EINVAL);
}

TESTS(T(security_mechanisms_have_a_preference) T(served_user_has_a_case_and_a_state)
          T(networks_have_a_name_or_a_type) T(charging_values_are_parameters_alone))
