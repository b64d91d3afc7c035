/* Names and ids of headers and methods: RFC 3261 §7.3.1, §7.3.3, §20; reasons and errors. */
#include <stdlib.h>

#include "test.h"
#include "sip/error.h"
#include "sip/fault.h"
#include "sip/header.h"

/* §20 and §7.3.3, RFC 3326, RFC 6665, and the extensions. */
static const struct {
    const char *name;
    char compact;
    enum sip_header id;
    unsigned flags;
} known[] = {
    {"Accept", 0, SIP_HEADER_ACCEPT, SIP_LIST},
    {"Accept-Encoding", 0, SIP_HEADER_ACCEPT_ENCODING, SIP_LIST},
    {"Accept-Language", 0, SIP_HEADER_ACCEPT_LANGUAGE, SIP_LIST},
    {"Alert-Info", 0, SIP_HEADER_ALERT_INFO, SIP_LIST},
    {"Allow", 0, SIP_HEADER_ALLOW, SIP_LIST},
    {"Authentication-Info", 0, SIP_HEADER_AUTHENTICATION_INFO, SIP_SINGLE},
    {"Authorization", 0, SIP_HEADER_AUTHORIZATION, 0}, /* its commas separate fields, §20.7 */
    {"Call-ID", 'i', SIP_HEADER_CALL_ID, SIP_SINGLE},
    {"Call-Info", 0, SIP_HEADER_CALL_INFO, SIP_LIST},
    {"Contact", 'm', SIP_HEADER_CONTACT, SIP_LIST},
    {"Content-Disposition", 0, SIP_HEADER_CONTENT_DISPOSITION, SIP_SINGLE},
    {"Content-Encoding", 'e', SIP_HEADER_CONTENT_ENCODING, SIP_LIST},
    {"Content-Language", 0, SIP_HEADER_CONTENT_LANGUAGE, SIP_LIST},
    {"Content-Length", 'l', SIP_HEADER_CONTENT_LENGTH, SIP_SINGLE},
    {"Content-Type", 'c', SIP_HEADER_CONTENT_TYPE, SIP_SINGLE},
    {"CSeq", 0, SIP_HEADER_CSEQ, SIP_SINGLE},
    {"Date", 0, SIP_HEADER_DATE, SIP_SINGLE},
    {"Error-Info", 0, SIP_HEADER_ERROR_INFO, SIP_LIST},
    {"Event", 'o', SIP_HEADER_EVENT, SIP_SINGLE},
    {"Expires", 0, SIP_HEADER_EXPIRES, SIP_SINGLE},
    {"From", 'f', SIP_HEADER_FROM, SIP_SINGLE},
    {"In-Reply-To", 0, SIP_HEADER_IN_REPLY_TO, SIP_LIST},
    {"Max-Forwards", 0, SIP_HEADER_MAX_FORWARDS, SIP_SINGLE},
    {"MIME-Version", 0, SIP_HEADER_MIME_VERSION, SIP_SINGLE},
    {"Min-Expires", 0, SIP_HEADER_MIN_EXPIRES, SIP_SINGLE},
    {"Organization", 0, SIP_HEADER_ORGANIZATION, SIP_SINGLE},
    {"Priority", 0, SIP_HEADER_PRIORITY, SIP_SINGLE},
    {"Proxy-Authenticate", 0, SIP_HEADER_PROXY_AUTHENTICATE, 0},
    {"Proxy-Authorization", 0, SIP_HEADER_PROXY_AUTHORIZATION, 0},
    {"Proxy-Require", 0, SIP_HEADER_PROXY_REQUIRE, SIP_LIST},
    {"Reason", 0, SIP_HEADER_REASON, SIP_LIST},
    {"Record-Route", 0, SIP_HEADER_RECORD_ROUTE, SIP_LIST},
    {"Reply-To", 0, SIP_HEADER_REPLY_TO, SIP_SINGLE},
    {"Require", 0, SIP_HEADER_REQUIRE, SIP_LIST},
    {"Retry-After", 0, SIP_HEADER_RETRY_AFTER, SIP_SINGLE},
    {"Route", 0, SIP_HEADER_ROUTE, SIP_LIST},
    {"Server", 0, SIP_HEADER_SERVER, SIP_SINGLE},
    {"Subject", 's', SIP_HEADER_SUBJECT, SIP_SINGLE},
    {"Supported", 'k', SIP_HEADER_SUPPORTED, SIP_LIST},
    {"Timestamp", 0, SIP_HEADER_TIMESTAMP, SIP_SINGLE},
    {"To", 't', SIP_HEADER_TO, SIP_SINGLE},
    {"Unsupported", 0, SIP_HEADER_UNSUPPORTED, SIP_LIST},
    {"User-Agent", 0, SIP_HEADER_USER_AGENT, SIP_SINGLE},
    {"Via", 'v', SIP_HEADER_VIA, SIP_LIST},
    {"Warning", 0, SIP_HEADER_WARNING, SIP_LIST},
    {"WWW-Authenticate", 0, SIP_HEADER_WWW_AUTHENTICATE, 0},
    /* The extensions, as their RFCs' grammars have them; see sip/header.h for which. */
    {"RSeq", 0, SIP_HEADER_RSEQ, SIP_SINGLE},
    {"RAck", 0, SIP_HEADER_RACK, SIP_SINGLE},
    {"Allow-Events", 'u', SIP_HEADER_ALLOW_EVENTS, SIP_LIST},
    {"Subscription-State", 0, SIP_HEADER_SUBSCRIPTION_STATE, SIP_SINGLE},
    {"Privacy", 0, SIP_HEADER_PRIVACY, SIP_SINGLE},
    {"P-Asserted-Identity", 0, SIP_HEADER_P_ASSERTED_IDENTITY, SIP_LIST},
    {"P-Preferred-Identity", 0, SIP_HEADER_P_PREFERRED_IDENTITY, SIP_LIST},
    {"Path", 0, SIP_HEADER_PATH, SIP_LIST},
    {"Security-Client", 0, SIP_HEADER_SECURITY_CLIENT, SIP_LIST},
    {"Security-Server", 0, SIP_HEADER_SECURITY_SERVER, SIP_LIST},
    {"Security-Verify", 0, SIP_HEADER_SECURITY_VERIFY, SIP_LIST},
    {"Refer-To", 'r', SIP_HEADER_REFER_TO, SIP_SINGLE},
    {"Service-Route", 0, SIP_HEADER_SERVICE_ROUTE, SIP_LIST},
    {"Accept-Contact", 'a', SIP_HEADER_ACCEPT_CONTACT, SIP_LIST},
    {"Reject-Contact", 'j', SIP_HEADER_REJECT_CONTACT, SIP_LIST},
    {"Request-Disposition", 'd', SIP_HEADER_REQUEST_DISPOSITION, SIP_LIST},
    {"Replaces", 0, SIP_HEADER_REPLACES, SIP_SINGLE},
    {"Referred-By", 'b', SIP_HEADER_REFERRED_BY, SIP_SINGLE},
    {"SIP-ETag", 0, SIP_HEADER_SIP_ETAG, SIP_SINGLE},
    {"SIP-If-Match", 0, SIP_HEADER_SIP_IF_MATCH, SIP_SINGLE},
    {"Join", 0, SIP_HEADER_JOIN, SIP_SINGLE},
    {"Session-Expires", 'x', SIP_HEADER_SESSION_EXPIRES, SIP_SINGLE},
    {"Min-SE", 0, SIP_HEADER_MIN_SE, SIP_SINGLE},
    {"Resource-Priority", 0, SIP_HEADER_RESOURCE_PRIORITY, SIP_LIST},
    {"Accept-Resource-Priority", 0, SIP_HEADER_ACCEPT_RESOURCE_PRIORITY, SIP_LIST},
    {"Refer-Sub", 0, SIP_HEADER_REFER_SUB, SIP_SINGLE},
    {"Target-Dialog", 0, SIP_HEADER_TARGET_DIALOG, SIP_SINGLE},
    {"P-Early-Media", 0, SIP_HEADER_P_EARLY_MEDIA, SIP_LIST},
    {"Answer-Mode", 0, SIP_HEADER_ANSWER_MODE, SIP_SINGLE},
    {"Priv-Answer-Mode", 0, SIP_HEADER_PRIV_ANSWER_MODE, SIP_SINGLE},
    {"Max-Breadth", 0, SIP_HEADER_MAX_BREADTH, SIP_SINGLE},
    {"P-Served-User", 0, SIP_HEADER_P_SERVED_USER, SIP_SINGLE},
    {"Flow-Timer", 0, SIP_HEADER_FLOW_TIMER, SIP_SINGLE},
    {"Diversion", 0, SIP_HEADER_DIVERSION, SIP_LIST},
    {"Info-Package", 0, SIP_HEADER_INFO_PACKAGE, SIP_SINGLE},
    {"Recv-Info", 0, SIP_HEADER_RECV_INFO, SIP_LIST},
    {"Feature-Caps", 0, SIP_HEADER_FEATURE_CAPS, SIP_LIST},
    {"History-Info", 0, SIP_HEADER_HISTORY_INFO, SIP_LIST},
    {"P-Associated-URI", 0, SIP_HEADER_P_ASSOCIATED_URI, SIP_LIST},
    {"P-Called-Party-ID", 0, SIP_HEADER_P_CALLED_PARTY_ID, SIP_SINGLE},
    {"P-Visited-Network-ID", 0, SIP_HEADER_P_VISITED_NETWORK_ID, SIP_LIST},
    {"P-Access-Network-Info", 0, SIP_HEADER_P_ACCESS_NETWORK_INFO, SIP_LIST},
    {"P-Charging-Function-Addresses", 0, SIP_HEADER_P_CHARGING_FUNCTION_ADDRESSES, SIP_LIST},
    {"P-Charging-Vector", 0, SIP_HEADER_P_CHARGING_VECTOR, SIP_SINGLE},
    {"User-to-User", 0, SIP_HEADER_USER_TO_USER, SIP_LIST},
    {"Session-ID", 0, SIP_HEADER_SESSION_ID, SIP_SINGLE},
    {"Identity", 'y', SIP_HEADER_IDENTITY, 0},
    {"Identity-Info", 'n', SIP_HEADER_IDENTITY_INFO, SIP_SINGLE},
};

#define KNOWN (sizeof known / sizeof known[0])

/* The id of a name in a heap block of exactly its size. */
static enum sip_header id_of(const char *name)
{
    size_t len = strlen(name);
    char *copy = malloc(len ? len : 1);
    enum sip_header id;

    memcpy(copy, name, len);
    id = sip_header_of(sip_bytes(copy, len));
    free(copy);
    return id;
}

TEST(every_header_of_the_rfc_is_known_by_its_names) /* §20, §7.3.3 */
{
    for (size_t i = 0; i < KNOWN; i++) {
        char letter[2] = {known[i].compact, 0};

        if (id_of(known[i].name) != known[i].id)
            printf("%s is not known\n", known[i].name);
        CHECK_INT(id_of(known[i].name), known[i].id);
        CHECK_STR(sip_header_name(known[i].id), known[i].name);
        CHECK_INT(sip_header_flags(known[i].id), known[i].flags);
        if (known[i].compact)
            CHECK_INT(id_of(letter), known[i].id);
        CHECK_INT(sip_header_compact(known[i].id), known[i].compact);
    }
}

TEST(every_name_and_method_has_a_slot_of_its_own)
{
    CHECK_INT(sip_header_compact(SIP_HEADER_OTHER), 0);
    CHECK_INT(sip_header_compact(SIP_HEADER_COUNT), 0);
    for (int id = 1; id < SIP_HEADER_COUNT; id++)
        CHECK_INT(sip_header_of(sip_header_name((enum sip_header)id)), id);
    for (int id = 1; id < SIP_METHOD_COUNT; id++)
        CHECK_INT(sip_method_of(sip_method_text((enum sip_method)id)), id);
}

TEST(header_names_ignore_case) /* §7.3.1 */
{
    for (size_t i = 0; i < KNOWN; i++)
        for (unsigned style = 0; style < 3; style++) {
            char name[32];
            size_t len = strlen(known[i].name);

            for (size_t k = 0; k <= len; k++) {
                char c = known[i].name[k];
                bool upper = style == 0 || (style == 1 && k % 2);
                if (upper && c >= 'a' && c <= 'z')
                    c = (char)(c - 32);
                else if (!upper && c >= 'A' && c <= 'Z')
                    c = (char)(c + 32);
                name[k] = c;
            }
            CHECK_INT(id_of(name), known[i].id);
        }
    CHECK_INT(id_of("V"), SIP_HEADER_VIA);
}

TEST(one_byte_off_is_another_name)
{
    for (size_t i = 0; i < KNOWN; i++) {
        char name[32];
        size_t len = strlen(known[i].name);

        for (size_t k = 0; k < len; k++) {
            strcpy(name, known[i].name);
            name[k] = name[k] == '-' ? '\r' : (char)(name[k] ^ 0x40);
            CHECK_INT(id_of(name), SIP_HEADER_OTHER);
            strcpy(name, known[i].name);
            name[k] = '_';
            CHECK_INT(id_of(name), SIP_HEADER_OTHER);
            strcpy(name, known[i].name);
            name[k] = 0;
            CHECK(k == 1 || id_of(name) != known[i].id); /* one letter may be its compact form */
        }
        strcpy(name, known[i].name);
        strcat(name, "s");
        CHECK_INT(id_of(name), SIP_HEADER_OTHER);
    }
}

TEST(only_these_letters_are_compact_forms) /* §7.3.3 */
{
    for (int c = 0; c < 256; c++) {
        char letter = (char)c;
        enum sip_header id = sip_header_of(sip_bytes(&letter, 1));
        bool found = c != 0 && strchr("icelfmsktvouradjbxynICELFMSKTVOURADJBXYN", c) != NULL;

        CHECK_INT(id != SIP_HEADER_OTHER, found);
    }
    CHECK_INT(sip_header_of(sip_str("")), SIP_HEADER_OTHER);
    CHECK_INT(sip_header_of(sip_str(NULL)), SIP_HEADER_OTHER);
}

TEST(methods_are_known_exactly_as_written) /* §7.1 */
{
    static const char *const names[] = {"INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS",
                                        "PRACK", "UPDATE", "INFO", "MESSAGE", "SUBSCRIBE",
                                        "NOTIFY", "PUBLISH", "REFER"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        CHECK_INT(sip_method_of(sip_str(names[i])), SIP_INVITE + (int)i);
        CHECK_STR(sip_method_text((enum sip_method)(SIP_INVITE + (int)i)), names[i]);
    }
    CHECK_INT(sip_method_of(sip_str("invite")), SIP_METHOD_OTHER);
    CHECK_INT(sip_method_of(sip_str("INVITED")), SIP_METHOD_OTHER);
    CHECK_INT(sip_method_of(sip_str("INVIT")), SIP_METHOD_OTHER);
    CHECK_INT(sip_method_of(sip_str("RE%47IST%45R")), SIP_METHOD_OTHER); /* RFC 4475 §3.1.1.5 */
    CHECK_INT(sip_method_of(sip_str("")), SIP_METHOD_OTHER);
    CHECK_INT(sip_method_of(sip_str(NULL)), SIP_METHOD_OTHER);
}

TEST(ids_out_of_range_have_no_name)
{
    CHECK_STR(sip_header_name(SIP_HEADER_OTHER), "");
    CHECK_STR(sip_header_name(SIP_HEADER_COUNT), "");
    CHECK_STR(sip_header_name((enum sip_header)1000), "");
    CHECK_INT(sip_header_flags(SIP_HEADER_OTHER), 0);
    CHECK_INT(sip_header_flags(SIP_HEADER_COUNT), 0);
    CHECK_STR(sip_method_text(SIP_METHOD_OTHER), "");
    CHECK_STR(sip_method_text(SIP_METHOD_COUNT), "");
}

TEST(each_reason_has_a_name_a_text_and_a_section)
{
    for (int reason = 1; reason < SIP_REASON_COUNT; reason++) {
        CHECK(strncmp(sip_reason_name((enum sip_reason)reason), "SIP_", 4) == 0);
        CHECK(strlen(sip_reason_text((enum sip_reason)reason)) > 5);
        CHECK(strncmp(sip_reason_section((enum sip_reason)reason), "RFC ", 4) == 0);
    }
    CHECK(strcmp(sip_reason_name(SIP_BAD_SDP_ORDER), "SIP_BAD_SDP_ORDER") == 0);
    CHECK(strcmp(sip_reason_name(SIP_REASON_COUNT), "SIP_REASON_NONE") == 0);
    CHECK(sip_reason_text((enum sip_reason)1000) != NULL);
    CHECK(sip_reason_section(SIP_REASON_NONE) != NULL);
}

TEST(each_error_has_a_text)
{
#define HAS_TEXT(name, text)                                                                       \
    CHECK((int)name < 0);                                                                          \
    CHECK(strcmp(sip_strerror(name), text) == 0);
    SIP_ERRORS(HAS_TEXT)
    CHECK(strcmp(sip_strerror(SIP_OK), "no error") == 0);
    CHECK(strcmp(sip_strerror(404), "unknown error") == 0);
    CHECK(strcmp(sip_strerror(-100), "unknown error") == 0);
}

TESTS(T(every_header_of_the_rfc_is_known_by_its_names)
      T(every_name_and_method_has_a_slot_of_its_own) T(header_names_ignore_case)
      T(one_byte_off_is_another_name) T(only_these_letters_are_compact_forms)
      T(methods_are_known_exactly_as_written) T(ids_out_of_range_have_no_name)
      T(each_reason_has_a_name_a_text_and_a_section) T(each_error_has_a_text))
