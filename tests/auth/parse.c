/* Challenges and credentials as text: RFC 7616 §3.3 and §3.4, RFC 3261 §20.7 and §20.44. */
#include "text.h"

#define REALM "Digest realm=\"a\", nonce=\"n\""

static int challenge(struct sip_challenge *got, const char *text, struct sip_fault *fault)
{
    struct sip_str value = exact(text, strlen(text));
    int error = sip_challenge_parse(got, SIP_HEADER_WWW_AUTHENTICATE, value, fault);

    release(value); /* the views are not looked at by the callers */
    return error;
}

TEST(challenge_has_all_its_parameters)
{
    struct sip_challenge got;
    struct sip_fault fault;
    struct sip_str value = sip_str("digest\r\n realm = \"say \\\"hi\\\"\", DOMAIN=\"sip:a sip:b\" "
                                   ",nonce=\"\", opaque=\"\\\\\","
                                   "stale=TRUE,algorithm=sha-512-256,\r\n\tqop=\"auth-int , "
                                   "auth\",charset=UTF-8,userhash=true");

    CHECK_INT(sip_challenge_parse(&got, SIP_HEADER_PROXY_AUTHENTICATE, value, &fault), 0);
    CHECK_INT(got.header, SIP_HEADER_PROXY_AUTHENTICATE);
    CHECK(got.supported && got.has_algorithm && got.has_qop && got.auth && got.auth_int);
    CHECK(got.stale && got.userhash);
    CHECK(sip_str_equal(got.value, value));
    CHECK_STR(got.realm, "say \\\"hi\\\"");
    CHECK_STR(got.domain, "sip:a sip:b");
    CHECK_STR(got.nonce, "");
    CHECK(got.nonce.at != NULL);
    CHECK_STR(got.opaque, "\\\\");
    CHECK_INT(got.algorithm, SIP_SHA_512_256);
}

TEST(challenge_of_two_parameters_means_md5_without_qop) /* RFC 7616 §3.3, RFC 2069 */
{
    struct sip_challenge got;

    CHECK_INT(challenge(&got, REALM, NULL), 0);
    CHECK(got.supported && !got.has_algorithm && !got.has_qop && !got.stale && !got.userhash);
    CHECK(!got.opaque.at && !got.domain.at);
    CHECK_INT(got.algorithm, SIP_MD5);
}

TEST(challenge_that_is_not_known_is_not_supported_but_no_error) /* RFC 8760 §2.4 */
{
    static const struct {
        const char *text;
        bool supported;
    } rows[] = {
        {REALM ", algorithm=MD5", true},
        {REALM ", algorithm=\"MD5\"", true}, /* quotes taken alike: RFC 7235 §2.2 */
        {REALM ", algorithm=SHA-512", false},
        {REALM ", algorithm=AKAv1-MD5", false}, /* RFC 3310 */
        {REALM ", algorithm=SHA-256, qop=\"auth\"", true},
        {REALM ", algorithm=SHA-256, qop=auth", true},
        {REALM ", qop=\"auth-int\"", false}, /* we cannot */
        {REALM ", qop=\"auth-int,auth\"", true},
        {REALM ", qop=\"auth-conf,auth,x\"", true}, /* unknown options are ignored */
        {REALM ", qop=\"auth-conf\"", false},
        {REALM ", qop=\"AUTH\"", true},
        {REALM ", algorithm=MD5-sess, qop=\"auth\"", true},
        {REALM ", algorithm=MD5-sess", false}, /* needs a cnonce: RFC 3261 §22.4 number 8 */
        {REALM ", stale=maybe", true},
        {"Basic realm=\"a\"", false}, /* RFC 3261 §22.1: never */
        {"Digestive realm=\"a\", nonce=\"n\"", false},
        {"Digest realm=a, nonce=n", true},
        {"Digest realm=\"a\\\x01\", nonce=\"n\"", false}, /* could not be written back */
        {"Digest realm=\"a\", nonce=\"n\\\x01\"", false},
        {REALM ", opaque=\"\\\x7f\"", false},
        {REALM ", domain=\"\\\x01\"", true}, /* is not written */
        {"Digest realm=\"a\\x\", nonce=\"n\"", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_challenge got;

        CHECK_INT(challenge(&got, rows[i].text, NULL), 0);
        if (got.supported != rows[i].supported)
            printf("%s\n", rows[i].text);
        CHECK_INT(got.supported, rows[i].supported);
    }
}

TEST(challenge_that_breaks_the_grammar_is_refused_where_it_does)
{
    static const struct {
        const char *text;
        enum sip_reason reason;
        unsigned offset;
    } rows[] = {
        {"", SIP_EMPTY_VALUE, 0},
        {"Digest", SIP_BAD_TOKEN, 6},
        {"Digest realm=\"a\"", SIP_MISSING, 16},
        {"Digest nonce=\"n\"", SIP_MISSING, 16},
        {REALM ", realm=\"a\"", SIP_REPEATED, 29},
        {REALM ", Nonce=\"n\"", SIP_REPEATED, 29},
        {REALM ", realm=\"a\", nonce=\"n\"", SIP_REPEATED, 29}, /* the first of them */
        {REALM ", stale=true, stale=true", SIP_REPEATED, 41},
        {REALM ", qop=\"\"", SIP_BAD_TOKEN, 34},
        {REALM ", qop=\"auth,\"", SIP_BAD_TOKEN, 39},
        {REALM ", qop=\",auth\"", SIP_BAD_TOKEN, 34},
        {REALM ", qop=\"auth auth-int\"", SIP_BAD_TOKEN, 39},
        {REALM ", qop=\"auth;x\"", SIP_BAD_TOKEN, 38},
        {"Digest realm=\"a\" nonce=\"n\"", SIP_TRAILING, 17},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_challenge got;
        struct sip_fault fault = {0};

        memset(&got, 0x55, sizeof got);
        CHECK_INT(challenge(&got, rows[i].text, &fault), SIP_EBAD);
        if (fault.reason != rows[i].reason || fault.offset != rows[i].offset)
            printf("%s: %s at %u\n", rows[i].text, sip_reason_name(fault.reason), fault.offset);
        CHECK_INT(fault.reason, rows[i].reason);
        CHECK_INT(fault.offset, rows[i].offset);
        CHECK_INT(fault.header, SIP_HEADER_WWW_AUTHENTICATE);
        CHECK_INT(((unsigned char *)&got)[0], 0x55);
        CHECK_INT(((unsigned char *)&got)[sizeof got - 1], 0x55);
        CHECK_INT(challenge(&got, rows[i].text, NULL), SIP_EBAD);
    }
}

/* Each limit of sip/digest.h: as long as allowed, and one more. */
TEST(values_at_their_limit_are_taken_and_one_byte_more_is_refused)
{
    static const struct {
        const char *before;
        unsigned max;
        const char *after;
    } challenges[] =
        {
            {"Digest nonce=\"n\", realm=\"", SIP_REALM_MAX, "\""},
            {"Digest realm=\"a\", nonce=\"", SIP_NONCE_MAX, "\""},
            {"Digest realm=\"a\", nonce=", SIP_NONCE_MAX, ""},
            {REALM ", opaque=\"", SIP_OPAQUE_MAX, "\""},
        },
      credentials[] = {
          {"Digest realm=\"a\", nonce=\"n\", uri=\"u\", response=\"0\", username=\"",
           SIP_USERNAME_MAX, "\""},
          {"Digest username=\"a\", realm=\"a\", nonce=\"n\", response=\"0\", uri=\"",
           SIP_DIGEST_URI_MAX, "\""},
          {"Digest username=\"a\", realm=\"a\", nonce=\"n\", uri=\"u\", response=\"", 64, "\""},
          {"Digest username=\"a\", realm=\"a\", nonce=\"n\", uri=\"u\", response=\"0\", qop=auth, "
           "nc=00000001, "
           "cnonce=\"",
           SIP_CNONCE_MAX, "\""},
      };

    for (size_t i = 0; i < COUNT(challenges); i++)
        for (unsigned more = 0; more <= 1; more++) {
            struct sip_fault fault = {0};
            struct sip_challenge got;
            const char *text =
                repeated(challenges[i].before, 'a', challenges[i].max + more, challenges[i].after);

            CHECK_INT(challenge(&got, text, &fault), more ? SIP_EBAD : 0);
            CHECK_INT(fault.reason, more ? SIP_BAD_PARAMETER : 0);
            CHECK_INT(fault.offset, more ? strlen(challenges[i].before) + challenges[i].max : 0);
        }
    for (size_t i = 0; i < COUNT(credentials); i++)
        for (unsigned more = 0; more <= 1; more++) {
            struct sip_fault fault = {0};
            struct sip_credentials got;
            const char *text = repeated(credentials[i].before, 'a', credentials[i].max + more,
                                        credentials[i].after);

            CHECK_INT(sip_credentials_parse(&got, SIP_HEADER_AUTHORIZATION, sip_str(text), &fault),
                      more ? SIP_EBAD : 0);
            CHECK_INT(fault.reason, more ? SIP_BAD_PARAMETER : 0);
            CHECK_INT(fault.offset, more ? strlen(credentials[i].before) + credentials[i].max : 0);
        }
}

#define NAMED "Digest username=\"bob\", realm=\"a\", nonce=\"n\", uri=\"sip:a\", response=\"0a\""
#define QOP   ", qop=auth, nc=0000000a, cnonce=\"c\""

TEST(credentials_have_all_their_parameters)
{
    struct sip_credentials got;
    struct sip_str value =
        sip_str(NAMED QOP ", algorithm=SHA-256-sess, opaque=\"o\", userhash=true");

    CHECK_INT(sip_credentials_parse(&got, SIP_HEADER_AUTHORIZATION, value, NULL), 0);
    CHECK(got.supported && got.has_qop && got.userhash);
    CHECK_INT(got.header, SIP_HEADER_AUTHORIZATION);
    CHECK_INT(got.algorithm, SIP_SHA_256_SESS);
    CHECK_INT(got.count, 10);
    CHECK_STR(got.username, "bob");
    CHECK_STR(got.realm, "a");
    CHECK_STR(got.nonce, "n");
    CHECK_STR(got.uri, "sip:a");
    CHECK_STR(got.response, "0a");
    CHECK_STR(got.cnonce, "c");
    CHECK_STR(got.opaque, "o");
}

TEST(credentials_are_taken_or_refused_by_their_grammar)
{
    static const struct {
        const char *text;
        bool supported;
        enum sip_reason reason;
        unsigned offset;
    } rows[] = {
        {NAMED, true, 0, 0}, /* RFC 2069 */
        {NAMED QOP, true, 0, 0},
        {NAMED ", algorithm=MD5-sess", false, 0, 0}, /* no cnonce */
        {NAMED ", algorithm=SHA3-256", false, 0, 0},
        {NAMED ", qop=auth-int, nc=00000001, cnonce=\"c\"", false, 0, 0},
        {NAMED ", qop=\"auth\", nc=\"00000001\", cnonce=c", true, 0, 0}, /* RFC 7235 §2.2 */
        {"Digest username=\"a\", realm=\"a\", nonce=\"\", uri=\"u\", response=\"\"", true, 0,
         0},                                              /* RFC 8760 §2.7 */
        {"Basic dXNlcg==", false, SIP_BAD_PARAMETER, 13}, /* no auth-param: RFC 3261 §25.1 */
        {"Basic user=a", false, 0, 0},
        {"Digest realm=\"a\", nonce=\"n\", uri=\"u\", response=\"0\"", false, SIP_MISSING, 50},
        {"Digest username=\"a\", nonce=\"n\", uri=\"u\", response=\"0\"", false, SIP_MISSING, 53},
        {"Digest username=\"a\", realm=\"a\", uri=\"u\", response=\"0\"", false, SIP_MISSING, 53},
        {"Digest username=\"a\", realm=\"a\", nonce=\"n\", response=\"0\"", false, SIP_MISSING, 55},
        {"Digest username=\"a\", realm=\"a\", nonce=\"n\", uri=\"u\"", false, SIP_MISSING, 50},
        {NAMED ", username=\"bob\"", false, SIP_REPEATED, 73},
        {NAMED ", qop=auth, nc=00000001", false, SIP_MISSING, 94},
        {NAMED ", qop=auth, cnonce=\"c\"", false, SIP_MISSING, 93},
        {NAMED ", cnonce=\"c\"", false, SIP_CONFLICT, 81}, /* RFC 2617 §3.2.2 */
        {NAMED ", nc=00000001", false, SIP_CONFLICT, 76},
        {NAMED ", qop=auth, cnonce=c, nc=1", false, SIP_BAD_NUMBER, 97},
        {NAMED ", qop=auth, cnonce=c, nc=000000001", false, SIP_BAD_NUMBER, 104},
        {NAMED ", qop=auth, cnonce=c, nc=0000000A", false, SIP_BAD_NUMBER, 103}, /* LHEX */
        {NAMED ", qop=auth, cnonce=c, nc=0000000g", false, SIP_BAD_NUMBER, 103},
        {NAMED ", qop=auth, cnonce=c, nc=00000000", false, SIP_BAD_NUMBER, 103}, /* counts from 1 */
        {NAMED ", qop=auth, cnonce=c, nc=ffffffff", true, 0, 0},
        {"Digest username=\"a\", realm=\"a\", nonce=\"n\", uri=\"u\", response=\"0A\"", false,
         SIP_BAD_TOKEN, 63},
        {"Digest username=\"a\", realm=\"a\", nonce=\"n\", uri=\"u\", response=\"0g\"", false,
         SIP_BAD_TOKEN, 63},
        {"Digest username=\"a\", realm=\"a\", nonce=\"n\", uri=\"u\", response=\"g0\"", false,
         SIP_BAD_TOKEN, 62},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_str value = exact(rows[i].text, strlen(rows[i].text));
        struct sip_fault fault = {0};
        struct sip_credentials got = {0};

        CHECK_INT(sip_credentials_parse(&got, SIP_HEADER_PROXY_AUTHORIZATION, value, &fault),
                  rows[i].reason ? SIP_EBAD : 0);
        if (fault.reason != rows[i].reason || fault.offset != rows[i].offset ||
            got.supported != rows[i].supported)
            printf("%s: %s at %u\n", rows[i].text, sip_reason_name(fault.reason), fault.offset);
        CHECK_INT(fault.reason, rows[i].reason);
        CHECK_INT(fault.offset, rows[i].offset);
        CHECK_INT(fault.header, rows[i].reason ? SIP_HEADER_PROXY_AUTHORIZATION : 0);
        CHECK_INT(got.supported, rows[i].supported);
        CHECK_INT(sip_credentials_parse(&got, SIP_HEADER_AUTHORIZATION, value, NULL),
                  rows[i].reason ? SIP_EBAD : 0);
        release(value);
    }
}

TEST(credentials_name_a_user_plainly_or_by_hash) /* RFC 7616 §3.4.4 */
{
    static const struct {
        const char *username, *rest, *user;
        bool named;
    } rows[] = {
        {"bob", "", "bob", true},
        {"bob", "", "bo", false},
        {"b\\ob", "", "bob", true},
        {"efcb8098359783c904e43ff8be9a5d67", ", userhash=true", "bob", true},
        {"\\efcb8098359783c904e43ff8be9a5d6\\7", ", userhash=true", "bob", true},
        {"efcb8098359783c904e43ff8be9a5d67", "", "bob", false},
        {"efcb8098359783c904e43ff8be9a5d67", ", userhash=true", "bo", false},
        {"bob", ", userhash=true", "bob", false},
        {"bob", ", userhash=true, algorithm=X", "bob", true}, /* nobody can tell its hash */
        {"bob", ", userhash=false", "bob", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_credentials got;
        char text[200];

        snprintf(text, sizeof text,
                 "Digest username=\"%s\", realm=\"a\", nonce=\"n\", uri=\"u\", response=\"0\"%s",
                 rows[i].username, rows[i].rest);
        CHECK_INT(sip_credentials_parse(&got, SIP_HEADER_AUTHORIZATION, sip_str(text), NULL), 0);
        CHECK_INT(sip_credentials_name(&got, sip_str(rows[i].user)), rows[i].named);
    }
}

/* A cut value is a shorter valid one, or refused at or before the cut, the output untouched. */
TEST(cut_values_do_no_harm)
{
    static const char *const texts[] = {
        "Digest realm=\"a \\\"b\\\"\r\n c\", nonce=\"n\\\\\", opaque=\"\", stale=true, "
        "algorithm=MD5, qop=\"auth, auth-int\"",
        NAMED QOP ", algorithm=SHA-256, opaque=\"\\\"\", userhash=true",
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t len = 0; len <= strlen(texts[i]); len++) {
            struct sip_str value = exact(texts[i], len);
            struct sip_fault fault = {0};
            struct sip_challenge challenge_got = {0};
            struct sip_credentials credentials_got = {0};
            int error =
                sip_challenge_parse(&challenge_got, SIP_HEADER_WWW_AUTHENTICATE, value, &fault);

            CHECK(error == 0 || (challenge_got.header == 0 && fault.offset <= len && fault.reason));
            CHECK(error == 0 || len < strlen(texts[i]));
            error =
                sip_credentials_parse(&credentials_got, SIP_HEADER_AUTHORIZATION, value, &fault);
            CHECK(error == 0 || (credentials_got.header == 0 && fault.offset <= len));
            CHECK(error == 0 || len < strlen(texts[i]) || i == 0);
            release(value);
        }
}

TEST(raw_texts_are_read_without_escapes_and_folds) /* RFC 3261 §25.1, §7.3.1 */
{
    static const struct {
        const char *raw, *plain;
    } rows[] = {
        {"", ""},         {"abc", "abc"},       {"a\\\"b", "a\"b"},     {"\\\\", "\\"},
        {"\\a", "a"},     {"a\\", "a\\"},       {"a\r\n b", "a b"},     {"a \t\r\n \t b", "a b"},
        {"a\rb c", "a\rb c"}, {"a\r\n", "a\r\n"}, {"a\n b", "a\n b"},
        {"a\r\r\n b", "a\r b"}, {"a ", "a "}, {"a\r", "a\r"}, {" \r\n", " \r\n"},
        {"a  b", "a  b"}, {"a\r\nb", "a\r\nb"}, {"\\\r\n b", "\r\n b"}, {"\r\n ", " "},
    };

    char nul[4];

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_str raw = exact(rows[i].raw, strlen(rows[i].raw)),
                       plain = sip_str(rows[i].plain);
        char out[16];
        long len = sip_raw_copy(raw, out, sizeof out);

        CHECK(sip_str_equal(sip_bytes(out, (size_t)len), plain));
        CHECK(sip_raw_is(raw, plain));
        CHECK_INT(sip_raw_copy(raw, out, plain.len), plain.len);
        if (plain.len > 0) {
            CHECK_INT(sip_raw_copy(raw, out, plain.len - 1), -1);
            CHECK(!sip_raw_is(raw, sip_bytes(plain.at, plain.len - 1)));
        }
        CHECK(sip_raw_equal(raw, raw));
        release(raw);
    }
    CHECK(sip_raw_equal(sip_str("a\\b"), sip_str("ab")));
    CHECK(!sip_raw_is(sip_bytes("a\0b", 3), sip_str("a"))); /* NUL is a byte like others */
    CHECK(sip_raw_is(sip_bytes("a\0b", 3), sip_bytes("a\0b", 3)));
    CHECK(!sip_raw_equal(sip_bytes("a\0b", 3), sip_bytes("a\0c", 3)));
    CHECK_INT(sip_raw_copy(sip_bytes("a\0b", 3), nul, sizeof nul), 3);
    CHECK(memcmp(nul, "a\0b", 3) == 0);
    CHECK(!sip_raw_equal(sip_str("ab"), sip_str("abc")));
    CHECK(!sip_raw_equal(sip_str("abc"), sip_str("ab")));
    CHECK(!sip_raw_is(sip_str("ab"), sip_str("aB")));
}

TEST(algorithms_have_names)
{
    for (int i = 0; i <= SIP_ALGORITHM_COUNT; i++) {
        struct sip_str name = sip_algorithm_name((enum sip_algorithm)i);

        CHECK_INT(sip_algorithm_of(name), i < SIP_ALGORITHM_COUNT ? i : 0);
        CHECK_INT(name.len > 0, i > 0 && i < SIP_ALGORITHM_COUNT);
    }
    CHECK_INT(sip_algorithm_of(sip_str("md5-SESS")), SIP_MD5_SESS);
    CHECK_INT(sip_algorithm_of(sip_str("SHA-512")), SIP_ALGORITHM_OTHER);
}

TESTS(T(challenge_has_all_its_parameters)
      T(challenge_of_two_parameters_means_md5_without_qop)
      T(challenge_that_is_not_known_is_not_supported_but_no_error)
      T(challenge_that_breaks_the_grammar_is_refused_where_it_does)
      T(values_at_their_limit_are_taken_and_one_byte_more_is_refused)
      T(credentials_have_all_their_parameters)
      T(credentials_are_taken_or_refused_by_their_grammar)
      T(credentials_name_a_user_plainly_or_by_hash)
      T(cut_values_do_no_harm)
      T(raw_texts_are_read_without_escapes_and_folds)
      T(algorithms_have_names))
