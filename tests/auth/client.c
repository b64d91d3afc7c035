/* The client's side of digest: which challenges are answered, and the answers byte for byte. */
#include "text.h"

#define MUFASA_NONCE  "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define MUFASA_CNONCE "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
#define MUFASA_OPAQUE "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
#define MUFASA                                                                                     \
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", nonce=\"" MUFASA_NONCE        \
    "\", opaque=\"" MUFASA_OPAQUE "\""
#define MUFASA_NO_QOP "Digest realm=\"http-auth@example.org\", nonce=\"" MUFASA_NONCE "\""

#define DOE                                                                                        \
    "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, "                      \
    "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "                                     \
    "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true"

static struct sip_login login_of(const char *username, const char *password)
{
    struct sip_login login = {.username = sip_str(username), .password = sip_str(password)};

    return login;
}

static struct sip_challenge challenge_of(enum sip_header header, const char *text)
{
    struct sip_challenge challenge = {0};

    CHECK_INT(sip_challenge_parse(&challenge, header, sip_str(text), NULL), 0);
    return challenge;
}

/* The line that answers `challenge`, in a block that lives until the next call. */
static struct sip_str answer_line(const char *challenge_text, const struct sip_login *login,
                                  const char *method, const char *uri, uint32_t count,
                                  const char *cnonce)
{
    static char line[2048];
    struct sip_challenge challenge = challenge_of(SIP_HEADER_WWW_AUTHENTICATE, challenge_text);
    struct sip_answer answer = {.challenge = &challenge,
                                .login = login,
                                .method = sip_str(method),
                                .uri = sip_str(uri),
                                .cnonce = sip_str(cnonce),
                                .count = count};
    struct sip_writer writer;

    sip_writer_init(&writer, line, sizeof line);
    CHECK_INT(sip_write_answer(&writer, &answer), 0);
    return written(&writer);
}

/* The value of "response" in a line. */
static struct sip_str response_in(struct sip_str line)
{
    static const char before[] = ", response=\"";

    for (size_t i = 0; i + sizeof before < line.len; i++)
        if (memcmp(line.at + i, before, sizeof before - 1) == 0) {
            const char *at = line.at + i + sizeof before - 1;

            return sip_bytes(at, (size_t)((const char *)memchr(at, '"', 100) - at));
        }
    return sip_str("none");
}

/* Each row was computed by another implementation; the first three are in the RFCs. */
TEST(responses_agree_with_the_examples_of_the_rfcs)
{
    static const struct {
        const char *challenge, *username, *password, *method, *uri, *cnonce;
        uint32_t count;
        const char *response;
    } rows[] = {
        /* RFC 7616 §3.9.1 */
        {MUFASA ", algorithm=MD5", "Mufasa", "Circle of Life", "GET", "/dir/index.html",
         MUFASA_CNONCE, 1, "8ca523f5e9506fed4657c9700eebdbec"},
        {MUFASA ", algorithm=SHA-256", "Mufasa", "Circle of Life", "GET", "/dir/index.html",
         MUFASA_CNONCE, 1, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
        /* RFC 7616 §3.9.2, whose text has another hash by mistake */
        {DOE, "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?", "GET", "/doe.json",
         "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", 1,
         "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"},
        /* RFC 2617 §3.5 */
        {"Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
         "Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b", 1,
         "6629fae49393a05397450978507c4ef1"},
        {"Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
         "Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b", 0x12abcdef,
         "6ae2958f73db20bb6f7bca497e007831"},
        /* RFC 2069 §2.4, with the response of its erratum */
        {"Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
         "Mufasa", "CircleOfLife", "GET", "/dir/index.html", "", 0,
         "1949323746fe6a43ef61f9606e7febea"},
        /* -sess: RFC 7616 §3.4.2 */
        {MUFASA ", algorithm=MD5-sess", "Mufasa", "Circle of Life", "GET", "/dir/index.html",
         MUFASA_CNONCE, 1, "e783283f46242139c486a698fec7211d"},
        {MUFASA ", algorithm=SHA-256-sess", "Mufasa", "Circle of Life", "GET", "/dir/index.html",
         MUFASA_CNONCE, 1, "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7"},
        {"Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256-sess, "
         "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\"",
         "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?", "GET", "/doe.json",
         "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", 1,
         "5df408eedb9260fa5576d1e23d63a441d1c1c3740df0bbfba5ded9233f6de306"},
        {MUFASA_NO_QOP ", algorithm=SHA-256", "Mufasa", "Circle of Life", "GET", "/dir/index.html",
         "", 0, "a1306b0595a6c7fe96c448631fb5cfbd5107bd1fe1da729d978dd7446b812363"},
        /* unq(): escapes and folds do not enter the hash (§3.4.5) */
        {"Digest realm=\"say \\\"hi\\\" \\\\o/\", qop=\"auth\", nonce=\"n\\\"1\"", "a\"b\\c", "p",
         "INVITE", "sip:x@y", "c", 10, "d59bded7e487d024e9ee4b111c19e309"},
        {"Digest realm=\"two\r\n words\", qop=\"auth\", nonce=\"n\"", "bob", "p", "REGISTER",
         "sip:y", "c", 1, "f7f4dc7fd4cb93aee836ba1945708cb7"},
        /* the challenge of RFC 3261 §22.2 */
        {"Digest realm=\"biloxi.com\", qop=\"auth,auth-int\", "
         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
         "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
         "bob", "zanzibar", "INVITE", "sip:bob@biloxi.com", "0a4f113b", 1,
         "89eb0059246c02b2f6ee02c7961d5ea3"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_login login = login_of(rows[i].username, rows[i].password);

        CHECK_STR(response_in(answer_line(rows[i].challenge, &login, rows[i].method, rows[i].uri,
                                          rows[i].count, rows[i].cnonce)),
                  rows[i].response);
    }
}

TEST(answer_has_each_parameter_in_its_form) /* RFC 7616 §3.4 */
{
    struct sip_login mufasa = login_of("Mufasa", "Circle of Life");

    CHECK_STR(answer_line(MUFASA ", algorithm=SHA-256", &mufasa, "GET", "/dir/index.html", 1,
                          MUFASA_CNONCE),
              "Authorization: Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
              "nonce=\"" MUFASA_NONCE "\", uri=\"/dir/index.html\", "
              "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", "
              "algorithm=SHA-256, cnonce=\"" MUFASA_CNONCE "\", qop=auth, nc=00000001, "
              "opaque=\"" MUFASA_OPAQUE "\"\r\n");
}

TEST(answer_without_qop_has_no_cnonce_and_no_count) /* RFC 3261 §22.4 number 8 */
{
    struct sip_login mufasa = login_of("Mufasa", "CircleOfLife");

    CHECK_STR(answer_line("Digest realm=\"testrealm@host.com\", "
                          "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
                          &mufasa, "GET", "/dir/index.html", 7, "unused"),
              "Authorization: Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
              "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
              "response=\"1949323746fe6a43ef61f9606e7febea\"\r\n");
}

TEST(answer_hides_the_user_name_where_the_server_asks_for_that) /* RFC 7616 §3.4.4, §3.9.2 */
{
    struct sip_login doe = login_of("J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?");

    CHECK_STR(answer_line(DOE, &doe, "GET", "/doe.json", 1,
                          "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"),
              "Authorization: Digest "
              "username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\", "
              "realm=\"api@example.org\", nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
              "uri=\"/doe.json\", "
              "response=\"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5\", "
              "algorithm=SHA-512-256, cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v\", "
              "qop=auth, nc=00000001, opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", "
              "userhash=true\r\n");
}

TEST(answer_gives_escapes_back_and_folds_as_one_space) /* RFC 3261 §7.3.1 */
{
    static const struct {
        const char *raw, *written;
    } rows[] = {
        {"two words", "two words"},       {"two \t\r\n\twords\\\"\\\\", "two words\\\"\\\\"},
        {"a\\ \r\n b", "a\\  b"}, /* an escaped space, then a fold */
        {"a\r\n b\r\n c\r\n ", "a b c "}, {"\r\n a", " a"},
    };
    struct sip_login login = login_of("a\"b\\c", "p");

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_credentials sent;
        char text[100], wanted[200], first[100];
        struct sip_str line;

        snprintf(text, sizeof text, "Digest realm=\"%s\", nonce=\"x\\y\"", rows[i].raw);
        snprintf(wanted, sizeof wanted,
                 "Authorization: Digest username=\"a\\\"b\\\\c\", realm=\"%s\", nonce=\"x\\y\", ",
                 rows[i].written);
        line = answer_line(text, &login, "BYE", "sip:x", 0, "");
        CHECK(line.len > strlen(wanted) && memcmp(line.at, wanted, strlen(wanted)) == 0);

        CHECK_INT(sip_credentials_parse(&sent, SIP_HEADER_AUTHORIZATION,
                                        sip_bytes(line.at + 15, line.len - 17), NULL),
                  0);
        CHECK(sip_raw_equal(sent.realm, sip_str(rows[i].raw)));
        snprintf(first, sizeof first, "%.*s", (int)sent.response.len, sent.response.at);
        snprintf(text, sizeof text, "Digest realm=\"%s\", nonce=\"xy\"", rows[i].written);
        CHECK_STR(response_in(answer_line(text, &login, "BYE", "sip:x", 0, "")), first);
    }
}

TEST(answer_to_a_proxy_goes_to_the_proxy) /* RFC 3261 §22.3 */
{
    struct sip_challenge challenge =
        challenge_of(SIP_HEADER_PROXY_AUTHENTICATE, "Digest realm=\"a\", nonce=\"n\"");
    struct sip_login login = login_of("bob", "");
    struct sip_answer answer = {.challenge = &challenge,
                                .login = &login,
                                .method = sip_str("INVITE"),
                                .uri = sip_str("sip:b")};
    struct sip_writer writer;
    char line[400];

    sip_writer_init(&writer, line, sizeof line);
    CHECK_INT(sip_write_answer(&writer, &answer), 0);
    CHECK(memcmp(line, "Proxy-Authorization: Digest username=\"bob\", realm=\"a\"", 51) == 0);
}

TEST(answers_from_stored_hashes_are_those_of_the_password)
{
    static const char *const algorithms[] = {"MD5",      "SHA-256",      "SHA-512-256",
                                             "MD5-sess", "SHA-256-sess", "SHA-512-256-sess"};

    for (size_t i = 0; i < COUNT(algorithms); i++) {
        struct sip_login password = login_of("alice", "pw-alice"), stored = {0}, wrong = {0};
        char text[200], first[2048], hash[SIP_HASH_TEXT];
        struct sip_str line;
        int len;

        snprintf(text, sizeof text,
                 "Digest realm=\"sip.test\", nonce=\"n\", qop=\"auth\", algorithm=%s",
                 algorithms[i]);
        line = answer_line(text, &password, "REGISTER", "sip:sip.test", 1, "c");
        snprintf(first, sizeof first, "%.*s", (int)line.len, line.at);

        password.realm = sip_str("sip.test");
        len = sip_login_hash(&password, sip_algorithm_of(sip_str(algorithms[i])), hash);
        CHECK_INT(len, i % 3 == 0 ? 32 : 64);
        stored.username = wrong.username = sip_str("alice");
        *(i % 3 == 0   ? &stored.md5
          : i % 3 == 1 ? &stored.sha256
                       : &stored.sha512_256) = sip_bytes(hash, (size_t)len);
        CHECK_STR(answer_line(text, &stored, "REGISTER", "sip:sip.test", 1, "c"), first);
        stored.password = sip_str("the hash goes before this");
        CHECK_STR(answer_line(text, &stored, "REGISTER", "sip:sip.test", 1, "c"), first);
    }
}

TEST(stored_hashes_agree_with_another_implementation)
{
    struct sip_login alice = login_of("alice", "pw-alice");
    char hash[SIP_HASH_TEXT];

    alice.realm = sip_str("sip.test");
    CHECK_INT(sip_login_hash(&alice, SIP_MD5, hash), 32);
    CHECK_STR(sip_bytes(hash, 32), "01aeefe61ad6c64c786c7c80fe8b2168");
    CHECK_INT(sip_login_hash(&alice, SIP_SHA_256, hash), 64);
    CHECK_STR(sip_bytes(hash, 64),
              "1e9baab352ff3b8ea92a570daf1a04e59fdcc57982eb375a76c2d28959e1fe59");
    CHECK_INT(sip_login_hash(&alice, SIP_SHA_512_256, hash), 64);
    CHECK_STR(sip_bytes(hash, 64),
              "11cfde9bf5fda79129c35f94814cd6ff9caf04a41168b504393df5170370cc5d");
    CHECK_INT(sip_login_hash(&alice, SIP_ALGORITHM_OTHER, hash), SIP_EINVAL);
    CHECK_INT(sip_login_hash(&alice, SIP_ALGORITHM_COUNT, hash), SIP_EINVAL);
    alice.password = sip_str(NULL);
    CHECK_INT(sip_login_hash(&alice, SIP_MD5, hash), SIP_EINVAL);
}

TEST(answer_is_refused_where_something_is_missing_or_would_not_fit)
{
    static const struct {
        const char *challenge, *username, *password, *method, *uri, *cnonce;
        uint32_t count;
        int error;
    } rows[] = {
#define Q "Digest realm=\"a\", nonce=\"n\", qop=\"auth\""
        {Q, "bob", "", "BYE", "sip:b", "c", 1, 0},
        {Q, NULL, "p", "BYE", "sip:b", "c", 1, SIP_EINVAL},
        {Q, "", "p", "BYE", "sip:b", "c", 1, SIP_EINVAL},
        {Q, "bob", NULL, "BYE", "sip:b", "c", 1, SIP_EINVAL},
        {Q, "bob", "p", NULL, "sip:b", "c", 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", NULL, "c", 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", "sip:b", NULL, 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", "sip:b", "", 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", "sip:b", "c", 0, SIP_EINVAL},
        {"Digest realm=\"a\", nonce=\"n\"", "bob", "p", "BYE", "sip:b", NULL, 0,
         0}, /* no qop: not needed */
        {Q, "bob\r\nEvil: 1", "p", "BYE", "sip:b", "c", 1, SIP_EINVAL},
        {Q, "b\"ob", "p", "BYE", "sip:b", "c", 1, 0},         /* gets its escape */
        {Q, "bob", "p\r\n\x01\"", "BYE", "sip:b", "c", 1, 0}, /* goes into the hash only */
        {Q, "bob", "p", "BYE", "sip:\"b", "c", 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", "sip:b\n", "c", 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", "sip:b", "c\"", 1, SIP_EINVAL},
        {Q, "bob", "p", "BYE", "sip:b", "c\\", 1, SIP_EINVAL},
        {Q ", algorithm=X", "bob", "p", "BYE", "sip:b", "c", 1, SIP_EINVAL},
        {"Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\"", "bob", "p", "BYE", "sip:b", "c", 1,
         SIP_EINVAL},
        {"Basic realm=\"a\"", "bob", "p", "BYE", "sip:b", "c", 1, SIP_EINVAL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_login login = login_of(rows[i].username, rows[i].password);
        struct sip_challenge challenge =
            challenge_of(SIP_HEADER_WWW_AUTHENTICATE, rows[i].challenge);
        struct sip_answer answer = {.challenge = &challenge,
                                    .login = &login,
                                    .method = sip_str(rows[i].method),
                                    .uri = sip_str(rows[i].uri),
                                    .cnonce = sip_str(rows[i].cnonce),
                                    .count = rows[i].count};
        struct sip_writer writer;
        char line[400];

        sip_writer_init(&writer, line, sizeof line);
        if (sip_write_answer(&writer, &answer) != rows[i].error)
            printf("row %zu\n", i);
        sip_writer_init(&writer, line, sizeof line);
        CHECK_INT(sip_write_answer(&writer, &answer), rows[i].error);
        CHECK_INT(writer.used > 0, rows[i].error == 0);
        CHECK_INT(writer.error, 0);
    }
}

TEST(answer_is_refused_beyond_the_limits)
{
    static const struct {
        unsigned username, uri, cnonce;
        int error;
    } rows[] = {
        {SIP_USERNAME_MAX, SIP_DIGEST_URI_MAX, SIP_CNONCE_MAX, 0},
        {SIP_USERNAME_MAX + 1, 1, 1, SIP_ESIZE},
        {1, SIP_DIGEST_URI_MAX + 1, 1, SIP_ESIZE},
        {1, 1, SIP_CNONCE_MAX + 1, SIP_ESIZE},
    };
    char letters[2000], line[4096];

    memset(letters, 'a', sizeof letters);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_login login = {.username = sip_bytes(letters, rows[i].username),
                                  .password = sip_str("p")};
        struct sip_challenge challenge = challenge_of(SIP_HEADER_WWW_AUTHENTICATE, Q);
        struct sip_answer answer = {.challenge = &challenge,
                                    .login = &login,
                                    .method = sip_str("BYE"),
                                    .uri = sip_bytes(letters, rows[i].uri),
                                    .cnonce = sip_bytes(letters, rows[i].cnonce),
                                    .count = 1};
        struct sip_writer writer;

        sip_writer_init(&writer, line, sizeof line);
        CHECK_INT(sip_write_answer(&writer, &answer), rows[i].error);
        CHECK_INT(writer.used > 0, rows[i].error == 0);
    }
}

TEST(answer_that_does_not_fit_says_how_long_it_would_be)
{
    struct sip_login mufasa = login_of("Mufasa", "Circle of Life");
    struct sip_challenge challenge = challenge_of(SIP_HEADER_WWW_AUTHENTICATE, MUFASA);
    struct sip_answer answer = {.challenge = &challenge,
                                .login = &mufasa,
                                .method = sip_str("GET"),
                                .uri = sip_str("/dir/index.html"),
                                .cnonce = sip_str("c"),
                                .count = 1};
    size_t whole = answer_line(MUFASA, &mufasa, "GET", "/dir/index.html", 1, "c").len;

    for (size_t size = 0; size <= whole; size++) {
        char *block = malloc(size ? size : 1);
        struct sip_writer writer;

        sip_writer_init(&writer, block, size);
        CHECK_INT(sip_write_answer(&writer, &answer), 0);
        CHECK_INT(writer.used, whole);
        CHECK_INT(sip_writer_done(&writer), size < whole ? (long)SIP_ESIZE : (long)whole);
        free(block);
    }
}

/* --- which challenges are answered: RFC 8760 §2.4, RFC 3261 §22.3 --- */

#define WWW(realm, rest)   "WWW-Authenticate: Digest realm=\"" realm "\", nonce=\"n\"" rest "\r\n"
#define PROXY(realm, rest) "Proxy-Authenticate: Digest realm=\"" realm "\", nonce=\"n\"" rest "\r\n"
#define SHA                ", qop=\"auth\", algorithm=SHA-256"
#define SHA5               ", qop=\"auth\", algorithm=SHA-512-256"
#define MD5                ", qop=\"auth\", algorithm=MD5"

TEST(one_challenge_of_each_realm_is_answered)
{
    static const char hash[] = "01aeefe61ad6c64c786c7c80fe8b2168";
    struct sip_login logins[] = {
        {.username = sip_str("any"), .password = sip_str("p")},
        {.username = sip_str("bob"), .realm = sip_str("b"), .password = sip_str("p")},
        {.username = sip_str("carol"), .realm = sip_str("c"), .md5 = sip_str(hash)},
        {.username = sip_str("short"), .realm = sip_str("c"), .sha256 = sip_str(hash)},
    };
    static const struct {
        const char *lines;
        unsigned first, last; /* logins that are there */
        const char *chosen;   /* W or P, realm, algorithm, login */
        unsigned refused;
    } rows[] = {
        {WWW("a", SHA) WWW("a", MD5), 0, 0, "Wa2any ", 0},
        {WWW("a", MD5) WWW("a", SHA), 0, 0, "Wa1any ", 0}, /* the server's order */
        {WWW("a", ", algorithm=X") WWW("a", SHA5) WWW("a", MD5), 0, 0, "Wa3any ", 0},
        {WWW("a", ", qop=\"auth-int\"") WWW("a", MD5), 0, 0, "Wa1any ", 0},
        {"WWW-Authenticate: Basic realm=\"a\"\r\n" WWW("a", MD5), 0, 0, "Wa1any ", 0},
        {"WWW-Authenticate: Digest realm=\"a\"\r\n" WWW("a", MD5), 0, 0, "Wa1any ",
         1}, /* malformed */
        {WWW("a", "; x") WWW("a", "") "WWW-Authenticate: Digest\r\n", 0, 0, "Wa1any ", 2},
        {WWW("a", ", algorithm=X"), 0, 0, "", 0},
        {"", 0, 0, "", 0},
        {WWW("a", SHA) PROXY("b", SHA) WWW("a", MD5) PROXY("b", MD5) PROXY("d", MD5), 0, 1,
         "Wa2any Pb2any Pd1any ", 0},
        {PROXY("a", SHA) WWW("a", MD5), 0, 0, "Pa2any Wa1any ", 0}, /* two servers, one realm */
        {WWW("a", SHA) WWW("b", SHA), 1, 1, "Wa2- Wb2bob ", 0},
        {WWW("c", SHA) WWW("c", MD5), 1, 2, "Wc1carol ", 0}, /* only that hash is known */
        {WWW("c", MD5) WWW("c", SHA), 1, 2, "Wc1carol ", 0},
        {WWW("c", SHA) WWW("c", SHA5), 1, 3, "Wc2- ", 0}, /* a hash of the wrong length */
        {WWW("c", SHA) WWW("c", MD5) WWW("c", SHA5), 0, 2, "Wc2any ", 0},
        {WWW("\\b", MD5), 1, 1, "Wb1bob ", 0}, /* the same realm, escaped */
        {WWW("b", MD5) WWW("\\b", SHA), 1, 1, "Wb1bob ", 0},
        {WWW("B", MD5), 1, 1, "WB1- ", 0}, /* realms have case */
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct parsed response;
        struct sip_challenges walk;
        struct sip_challenge challenge;
        char text[200] = "";

        parse(&response, "SIP/2.0 401 Unauthorized", rows[i].lines);
        sip_challenges_begin(&walk, &response.message, logins + rows[i].first,
                             rows[i].last - rows[i].first + 1);
        while (sip_challenges_next(&walk, &challenge)) {
            char realm[8] = "";

            sip_raw_copy(challenge.realm, realm, sizeof realm - 1);
            CHECK(challenge.supported);
            snprintf(text + strlen(text), sizeof text - strlen(text), "%c%s%d%.*s ",
                     challenge.header == SIP_HEADER_WWW_AUTHENTICATE ? 'W' : 'P', realm,
                     challenge.algorithm, walk.login ? (int)walk.login->username.len : 1,
                     walk.login ? walk.login->username.at : "-");
        }
        CHECK_STR(sip_str(text), rows[i].chosen);
        CHECK_INT(walk.refused, rows[i].refused);
        CHECK_INT(walk.fault.reason != 0, rows[i].refused > 0);
        CHECK(!walk.login);
        CHECK(!sip_challenges_next(&walk, &challenge));
    }
}

TEST(without_logins_the_topmost_of_each_realm_comes)
{
    struct parsed response;
    struct sip_challenges walk;
    struct sip_challenge challenge;

    parse(&response, "SIP/2.0 407 Proxy Authentication Required", PROXY("a", SHA) PROXY("a", MD5));
    sip_challenges_begin(&walk, &response.message, NULL, 0);
    CHECK(sip_challenges_next(&walk, &challenge));
    CHECK_INT(challenge.algorithm, SIP_SHA_256);
    CHECK(!walk.login);
    CHECK(!sip_challenges_next(&walk, &challenge));
}

TEST(first_field_of_a_response_counts_like_any_other)
{
    static const char text[] = "SIP/2.0 401 Unauthorized\r\n" WWW("a", SHA) WWW("a", MD5)
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n";
    struct sip_message response;
    struct sip_field fields[8];
    struct sip_challenges walk;
    struct sip_challenge challenge;
    struct sip_fault fault;

    sip_message_init(&response, fields, COUNT(fields));
    CHECK(sip_message_parse(&response, sip_str(text), SIP_DATAGRAM, &fault) > 0);
    sip_challenges_begin(&walk, &response, NULL, 0);
    CHECK(sip_challenges_next(&walk, &challenge));
    CHECK_INT(challenge.algorithm, SIP_SHA_256);
    CHECK(!sip_challenges_next(&walk, &challenge));
}

TEST(challenge_knows_whether_its_request_had_credentials) /* RFC 3261 §22.1 */
{
    static const struct {
        const char *line;
        bool www, proxy;
    } rows[] = {
#define HAVE(realm)                                                                                \
    "Digest username=\"u\", realm=\"" realm "\", nonce=\"n\", uri=\"u\", response=\"0\"\r\n"
        {"", false, false},
        {"Authorization: " HAVE("a"), true, false},
        {"Proxy-Authorization: " HAVE("a"), false, true},
        {"Authorization: " HAVE("b"), false, false},
        {"Authorization: " HAVE("b") "Authorization: " HAVE("\\a"), true, false},
        {"Authorization: Digest realm=\"a\"\r\n", false, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_challenge www = challenge_of(SIP_HEADER_WWW_AUTHENTICATE, Q);
        struct sip_challenge proxy = challenge_of(SIP_HEADER_PROXY_AUTHENTICATE, Q);
        struct parsed request;

        parse(&request, "INVITE sip:b SIP/2.0", rows[i].line);
        CHECK_INT(sip_challenge_tried(&www, &request.message), rows[i].www);
        CHECK_INT(sip_challenge_tried(&proxy, &request.message), rows[i].proxy);
    }
}

/* --- Authentication-Info: RFC 7616 §3.5 --- */

#define PROOF "86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0"

TEST(server_proves_itself_or_is_refused)
{
    static const struct {
        const char *text;
        enum sip_reason reason;
        bool proved;
        const char *nextnonce;
    } rows[] = {
        {"qop=auth, rspauth=\"" PROOF "\", cnonce=\"" MUFASA_CNONCE "\", nc=00000001", 0, true, ""},
        {"nextnonce=\"nx\"", 0, false, "nx"},
        {"nextnonce=\"n\\x\", rspauth=\"" PROOF "\"", 0, true, "n\\x"},
        {"qop=auth-int, rspauth=\"00\"", 0, false, ""}, /* cannot tell */
        {"rspauth=\"86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a1\"",
         SIP_CONFLICT, false, ""},
        {"rspauth=\"86d3b2\"", SIP_CONFLICT, false, ""},
        {"rspauth=\"\"", SIP_CONFLICT, false, ""},
        {"rspauth=\"" PROOF "\", cnonce=\"x\"", SIP_CONFLICT, false, ""},
        {"rspauth=\"" PROOF "\", nc=00000002", SIP_CONFLICT, false, ""},
        {"rspauth=\"" PROOF "\", nc=1", SIP_CONFLICT, false, ""},
        {"rspauth=\"" PROOF "\", rspauth=\"" PROOF "\"", SIP_REPEATED, false, ""},
        {"nextnonce", SIP_BAD_PARAMETER, false, ""},
    };
    struct sip_login mufasa = login_of("Mufasa", "Circle of Life");
    struct sip_challenge challenge =
        challenge_of(SIP_HEADER_WWW_AUTHENTICATE, MUFASA ", algorithm=SHA-256");
    struct sip_answer answer = {.challenge = &challenge,
                                .login = &mufasa,
                                .method = sip_str("GET"),
                                .uri = sip_str("/dir/index.html"),
                                .cnonce = sip_str(MUFASA_CNONCE),
                                .count = 1};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_confirmation got = {{"untouched", 9}, false};
        struct sip_fault fault = {0};
        int error = sip_confirmation_parse(&got, &answer, sip_str(rows[i].text), &fault);

        CHECK_INT(error, rows[i].reason ? SIP_EBAD : 0);
        CHECK_INT(fault.reason, rows[i].reason);
        CHECK_INT(fault.header, rows[i].reason ? SIP_HEADER_AUTHENTICATION_INFO : 0);
        CHECK_INT(got.proved, rows[i].proved);
        CHECK_STR(got.nextnonce, error ? "untouched" : rows[i].nextnonce);
    }
}

TESTS(T(responses_agree_with_the_examples_of_the_rfcs)
      T(answer_has_each_parameter_in_its_form)
      T(answer_without_qop_has_no_cnonce_and_no_count)
      T(answer_hides_the_user_name_where_the_server_asks_for_that)
      T(answer_gives_escapes_back_and_folds_as_one_space)
      T(answer_to_a_proxy_goes_to_the_proxy)
      T(answers_from_stored_hashes_are_those_of_the_password)
      T(stored_hashes_agree_with_another_implementation)
      T(answer_is_refused_where_something_is_missing_or_would_not_fit)
      T(answer_is_refused_beyond_the_limits)
      T(answer_that_does_not_fit_says_how_long_it_would_be)
      T(one_challenge_of_each_realm_is_answered)
      T(without_logins_the_topmost_of_each_realm_comes)
      T(first_field_of_a_response_counts_like_any_other)
      T(challenge_knows_whether_its_request_had_credentials)
      T(server_proves_itself_or_is_refused))
