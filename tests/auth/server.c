/* The server's side of digest: challenges, nonces, verdicts. */
#include "exchange.h"

/* --- what is written --- */

TEST(challenges_come_in_the_servers_order_with_one_nonce) /* RFC 8760 §2.3, RFC 7616 §3.3 */
{
#define NONCE "00000000000f4240000000000000007b"
    char first[SIP_NONCE_TEXT];
    struct sip_nonce_args args;
    char wanted[1024];

    start(&x);
    args = nonce_args(&x, 123);
    sip_nonce_write(&x.server, &args, first);
    CHECK(memcmp(first, NONCE, 32) == 0);
    challenge(&x, 123, false);
    snprintf(wanted, sizeof wanted,
             "WWW-Authenticate: Digest realm=\"sip.test\", nonce=\"%.48s\", algorithm=SHA-256, "
             "qop=\"auth\"\r\n"
             "WWW-Authenticate: Digest realm=\"sip.test\", nonce=\"%.48s\", algorithm=MD5, "
             "qop=\"auth\"\r\n",
             first, first);
    CHECK_STR(sip_str(x.line), wanted);

    x.server.algorithms[0] = SIP_SHA_512_256;
    x.server.userhash = true;
    x.server.realm = sip_str("say \"hi\"");
    args = nonce_args(&x, 123);
    sip_nonce_write(&x.server, &args, first);
    challenge(&x, 123, true);
    snprintf(wanted, sizeof wanted,
             "WWW-Authenticate: Digest realm=\"say \\\"hi\\\"\", nonce=\"%.48s\", "
             "algorithm=SHA-512-256, "
             "qop=\"auth\", stale=true, userhash=true\r\n",
             first);
    CHECK_STR(sip_str(x.line), wanted);
    CHECK(x.challenge.stale && x.challenge.userhash);
}

TEST(list_of_algorithms_ends_with_its_first_unknown_or_its_last)
{
    static const struct {
        uint8_t algorithms[4];
        unsigned count;
    } rows[] = {
        {{SIP_MD5, SIP_SHA_256, SIP_SHA_512_256, SIP_MD5_SESS}, 4},
        {{SIP_MD5, SIP_SHA_256, 0, SIP_MD5_SESS}, 2},
        {{SIP_SHA_512_256_SESS, SIP_ALGORITHM_COUNT, SIP_MD5}, 1},
        {{0xff, SIP_MD5}, 0},
        {{0, SIP_SHA_512_256}, 2}, /* none: the usual two */
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_nonce_args args;
        struct sip_writer writer;
        unsigned lines = 0;

        start(&x);
        x.server.userhash = true; /* the byte behind the list, which is none of it */
        memcpy(x.server.algorithms, rows[i].algorithms, 4);
        args = nonce_args(&x, 1);
        sip_writer_init(&writer, x.line, sizeof x.line);
        sip_write_challenges(&writer, &x.server, &args, SIP_HEADER_PROXY_AUTHENTICATE, false);
        for (size_t at = 0; at < writer.used; at++)
            lines += x.line[at] == '\n';
        CHECK_INT(lines, rows[i].count);
    }
}

TEST(every_algorithm_is_offered_answered_and_found_right)
{
    for (unsigned algorithm = SIP_MD5; algorithm < SIP_ALGORITHM_COUNT; algorithm++)
        for (int userhash = 0; userhash <= 1; userhash++) {
            start(&x);
            x.server.algorithms[0] = (uint8_t)algorithm;
            x.server.userhash = userhash;
            challenge(&x, 1, false);
            CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
            CHECK_INT(x.credentials.algorithm, algorithm);
            CHECK_INT(x.credentials.userhash, userhash);
            CHECK(sip_credentials_name(&x.credentials, sip_str("alice")));
            CHECK(!sip_credentials_name(&x.credentials, sip_str("bob")));
            CHECK(!sip_credentials_name(&x.credentials, sip_str("alic")));
        }
}

TEST(server_that_keeps_hashes_finds_the_same)
{
    for (unsigned algorithm = SIP_MD5; algorithm < SIP_ALGORITHM_COUNT; algorithm++) {
        struct sip_login stored = {.username = sip_str("alice")};
        char hash[SIP_HASH_TEXT];
        size_t len;

        start(&x);
        x.server.algorithms[0] = (uint8_t)algorithm;
        challenge(&x, 1, false);
        x.login.realm = sip_str("sip.test");
        len = (size_t)sip_login_hash(&x.login, (enum sip_algorithm)algorithm, hash);
        stored.md5 = sip_bytes(hash, len < 32 ? len : 32);
        stored.sha256 = stored.sha512_256 = sip_bytes(hash, len);
        x.known = &stored;
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
        hash[0] ^= 1;
        x.count++;
        CHECK_INT(sent(&x), SIP_DIGEST_WRONG);
        memset(&stored.md5, 0, sizeof stored.md5); /* nothing known: never right */
        memset(&stored.sha256, 0, sizeof stored.sha256);
        memset(&stored.sha512_256, 0, sizeof stored.sha512_256);
        CHECK_INT(sent(&x), SIP_DIGEST_WRONG);
    }
}

/* --- nonces --- */

TEST(nonce_is_fresh_until_its_time_is_over)
{
    struct sip_nonce_args args;
    char nonce[SIP_NONCE_TEXT] = "";
    struct sip_str raw = sip_bytes(nonce, sizeof nonce);

    start(&x);
    args = nonce_args(&x, 5);
    sip_nonce_write(&x.server, &args, nonce);
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FRESH);
    args.unique = 0; /* not looked at */
    args.now = x.now + MAX_S * 1000;
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FRESH);
    args.now++;
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_OLD);
    args.now = UINT64_MAX;
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_OLD);
    args.now = x.now - 1; /* from before this clock was started */
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_OLD);
    x.server.nonce_max_s = 0; /* 300 */
    args.now = x.now + 300000;
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FRESH);
    args.now++;
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_OLD);
}

TEST(nonce_of_others_is_foreign)
{
    static const char *const others[] = {"", "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                                         "000000000000000000000000000000000000000000000000"};
    struct sip_nonce_args args, tagged;
    char nonce[SIP_NONCE_TEXT + 1] = "";
    struct sip_str raw = sip_bytes(nonce, SIP_NONCE_TEXT);

    start(&x);
    args = nonce_args(&x, UINT64_MAX);
    sip_nonce_write(&x.server, &args, nonce);
    for (size_t i = 0; i < SIP_NONCE_TEXT; i++) { /* each digit counts, and how it is written */
        char kept = nonce[i];

        nonce[i] = kept == '0' ? '1' : '0';
        CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FOREIGN);
        nonce[i] = (char)(kept - 0x20 >= 'A' ? kept - 0x20 : 'g');
        CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FOREIGN);
        nonce[i] = kept;
        CHECK_INT(sip_nonce_check(&x.server, &args, sip_bytes(nonce, i)), SIP_NONCE_FOREIGN);
    }
    nonce[SIP_NONCE_TEXT] = '0';
    CHECK_INT(sip_nonce_check(&x.server, &args, sip_bytes(nonce, sizeof nonce)), SIP_NONCE_FOREIGN);
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT(sip_nonce_check(&x.server, &args, sip_str(others[i])), SIP_NONCE_FOREIGN);

    tagged = args;
    tagged.tag = sip_str("192.0.2.1");
    CHECK_INT(sip_nonce_check(&x.server, &tagged, raw), SIP_NONCE_FOREIGN);
    x.server.realm = sip_str("sip.tes");
    tagged.tag = sip_str("t");
    CHECK_INT(sip_nonce_check(&x.server, &tagged, raw), SIP_NONCE_FOREIGN);
    x.server.realm = sip_str("sip.test");
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FRESH);
    x.server.secret[15] ^= 1;
    CHECK_INT(sip_nonce_check(&x.server, &args, raw), SIP_NONCE_FOREIGN);
}

TEST(nonces_differ_when_anything_differs)
{
    char a[SIP_NONCE_TEXT], b[SIP_NONCE_TEXT];
    struct sip_nonce_args args;

    start(&x);
    args = nonce_args(&x, 5);
    sip_nonce_write(&x.server, &args, a);
    args.unique++;
    sip_nonce_write(&x.server, &args, b);
    CHECK(memcmp(a, b, sizeof a) != 0);
    args.unique--;
    args.now++;
    sip_nonce_write(&x.server, &args, b);
    CHECK(memcmp(a, b, sizeof a) != 0);
}

/* --- verdicts --- */

TEST(wrong_password_and_unknown_user_get_the_same_verdict)
{
    struct sip_login other = {.username = sip_str("alice"), .password = sip_str("pw-alicf")};

    start(&x);
    challenge(&x, 1, false);
    x.known = &other;
    CHECK_INT(sent(&x), SIP_DIGEST_WRONG);
    x.known = NULL;
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.known = &x.login;
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT); /* the wrong ones have not used the nonce */
}

TEST(decoy_of_unknown_users_is_no_password)
{
    start(&x);
    x.login.username = sip_str("nobody");
    x.login.password = sip_str("decoy-decoy");
    challenge(&x, 1, false);
    x.known = NULL;
    CHECK_INT(sent(&x), SIP_DIGEST_WRONG);
    x.known = &(struct sip_login){.username = sip_str("nobody")}; /* nor of one without a secret */
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.known = NULL;
    x.credentials.userhash = true; /* a hash that is too short */
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
}

TEST(response_depends_on_all_that_it_covers)
{
    static char longer[] = "0a4f113b0";
    struct sip_credentials kept;

    start(&x);
    challenge(&x, 1, false);
    CHECK_INT(answered(&x), SIP_DIGEST_RIGHT);
    kept = x.credentials;
    x.method = "INVITE";
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.method = "REGISTER";
    x.credentials.uri = sip_str("sip:sip.tesu");
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.credentials = kept;
    x.credentials.count = 2;
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.credentials = kept;
    x.credentials.cnonce = sip_str(longer);
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.credentials = kept;
    x.credentials.response.len--;
    CHECK_INT(verdict(&x), SIP_DIGEST_WRONG);
    x.credentials = kept;
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT);
}

TEST(right_answer_to_an_old_or_foreign_nonce_is_stale) /* RFC 7616 §3.3 */
{
    start(&x);
    challenge(&x, 1, false);
    x.now += MAX_S * 1000 + 1;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE);
    x.known = NULL;
    CHECK_INT(sent(&x), SIP_DIGEST_WRONG); /* only who knows the password learns that it is right */
    x.known = &x.login;
    challenge(&x, 2, true);
    CHECK(x.challenge.stale);
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    x.server.secret[0] ^= 1; /* started anew */
    x.count++;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE);
    x.server.secret[0] ^= 1;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    x.tag = sip_str("another");
    x.count++;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE);
}

TEST(digest_uri_need_not_be_the_request_uri_but_the_host_learns_it) /* RFC 8760 §2.6 number 6 */
{
    static const struct {
        const char *digest, *request;
        enum sip_verdict verdict;
    } rows[] = {
        {"sip:sip.test", "sip:sip.test", SIP_DIGEST_RIGHT},
        {"sip:SIP.test", "sip:sip.test", SIP_DIGEST_RIGHT}, /* §19.1.4 */
        {"sip:bob@sip.test", "sip:%62ob@sip.test", SIP_DIGEST_RIGHT},
        {"sip:Bob@sip.test", "sip:bob@sip.test", SIP_DIGEST_OTHER_URI},
        {"sip:bob@sip.test", "sip:bob@192.0.2.7", SIP_DIGEST_OTHER_URI},
        {"sips:sip.test", "sip:sip.test", SIP_DIGEST_OTHER_URI},
        {"tel:+1", "tel:+1", SIP_DIGEST_RIGHT},
        {"TEL:+1", "tel:+1", SIP_DIGEST_RIGHT},
        {"tel:+1", "tel:+2", SIP_DIGEST_OTHER_URI},
        {"/not/a/uri", "sip:sip.test", SIP_DIGEST_OTHER_URI},
        {"sip:sip.test", "/not/a/uri", SIP_DIGEST_OTHER_URI},
        {"/not/a/uri", "/not/a/uri", SIP_DIGEST_RIGHT},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        start(&x);
        challenge(&x, i, false);
        x.uri = rows[i].digest;
        x.request_uri = rows[i].request;
        CHECK_INT(sent(&x), rows[i].verdict);
        CHECK_INT(verdict(&x), SIP_DIGEST_REPLAY); /* it counted either way */
    }
}

TEST(credentials_without_qop_are_refused_unless_the_host_takes_them) /* RFC 3261 §22.4 number 8 */
{
    start(&x);
    x.server.algorithms[0] = SIP_MD5;
    challenge(&x, 1, false);
    x.challenge.has_qop = false; /* a client of RFC 2069 does not know it */
    CHECK_INT(sent(&x), SIP_DIGEST_MALFORMED);
    x.server.without_qop = true;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    CHECK_INT(sent(&x), SIP_DIGEST_REPLAY); /* without a count a nonce serves once */
    x.challenge.has_qop = true;
    CHECK_INT(sent(&x), SIP_DIGEST_REPLAY); /* which was as count 1 */
    x.count = 2;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    x.challenge.has_qop = false;
    x.login.password = sip_str("pw-bob");
    x.known = &(struct sip_login){.username = sip_str("alice"), .password = sip_str("pw-alice")};
    CHECK_INT(sent(&x), SIP_DIGEST_WRONG);
}

TEST(digest_uri_may_have_escapes_of_a_quoted_text)
{
    start(&x);
    challenge(&x, 1, false);
    CHECK_INT(answered(&x), SIP_DIGEST_RIGHT);
    x.credentials.uri = sip_str("sip:sip\\.test");
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT);
}

/* --- finding --- */

#define OURS(rest)                                                                                 \
    "Authorization: Digest username=\"u\", realm=\"sip.test\", uri=\"u\", " rest "\r\n"
#define THEIRS                                                                                     \
    "Authorization: Digest username=\"u\", realm=\"other\", nonce=\"n\", uri=\"u\", "              \
    "response=\"0\"\r\n"

TEST(credentials_of_our_realm_are_found_among_others) /* RFC 3261 §22.3 */
{
    static const struct {
        const char *lines;
        enum sip_verdict verdict;
        const char *nonce;
    } rows[] = {
        {"", SIP_DIGEST_ABSENT, ""},
        {THEIRS, SIP_DIGEST_ABSENT, ""},
        {OURS("nonce=\"1\", response=\"0\""), SIP_DIGEST_RIGHT, "1"},
        {THEIRS OURS("nonce=\"1\", response=\"0\"") OURS("nonce=\"2\", response=\"0\""),
         SIP_DIGEST_RIGHT, "1"},
        {"Proxy-" OURS("nonce=\"1\", response=\"0\""), SIP_DIGEST_ABSENT, ""},
        {OURS("nonce=\"1\", response=\"\""), SIP_DIGEST_ABSENT,
         ""}, /* not challenged yet: RFC 8760 §2.7 */
        {OURS("nonce=\"\", response=\"0\""), SIP_DIGEST_ABSENT, ""},
        {OURS("nonce=\"1\", response=\"0\", algorithm=SHA-512-256"), SIP_DIGEST_ABSENT,
         ""}, /* not offered */
        {OURS("nonce=\"1\", response=\"0\", algorithm=SHA-256"), SIP_DIGEST_RIGHT, "1"},
        {OURS("nonce=\"1\", response=\"0\", algorithm=X") OURS("nonce=\"2\", response=\"0\""),
         SIP_DIGEST_RIGHT, "2"},
        {"Authorization: Basic user=x\r\n", SIP_DIGEST_ABSENT, ""}, /* RFC 3261 §22.1 */
        {OURS("nonce=\"1\""), SIP_DIGEST_MALFORMED, ""},
        {OURS("nonce=\"1\"") THEIRS, SIP_DIGEST_MALFORMED, ""},
        {OURS("nonce=\"1\"") OURS("nonce=\"2\", response=\"0\""), SIP_DIGEST_RIGHT, "2"},
        {OURS("nonce=\"1\", response=\"0\", qop=auth-int, cnonce=\"c\", nc=00000001"),
         SIP_DIGEST_ABSENT, ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sip_credentials got = {0};
        struct sip_fault fault = {0};

        start(&x);
        parse(&x.request, "REGISTER sip:sip.test SIP/2.0", rows[i].lines);
        CHECK_INT(
            sip_digest_find(&x.server, &x.request.message, SIP_HEADER_AUTHORIZATION, &got, &fault),
            rows[i].verdict);
        CHECK_STR(got.nonce, rows[i].nonce);
        if (rows[i].verdict == SIP_DIGEST_MALFORMED)
            CHECK_INT(fault.header, SIP_HEADER_AUTHORIZATION);
    }
}

TEST(credentials_that_find_would_not_return_are_absent)
{
    start(&x);
    challenge(&x, 1, false);
    CHECK_INT(answered(&x), SIP_DIGEST_RIGHT);
    x.server.realm = sip_str("other");
    CHECK_INT(verdict(&x), SIP_DIGEST_ABSENT);
    x.server.realm = sip_str("sip.test");
    x.server.algorithms[0] = SIP_MD5;
    CHECK_INT(verdict(&x), SIP_DIGEST_ABSENT);
}

/* --- Authentication-Info: RFC 7616 §3.5 --- */

TEST(server_proves_that_it_knows_the_secret_too)
{
    struct sip_confirmation confirmation = {{NULL, 0}, false};
    struct sip_digest_request request;
    struct sip_answer answer;
    struct sip_writer writer;
    struct sip_str value;

    start(&x);
    challenge(&x, 1, false);
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    request = request_of(&x);
    sip_writer_init(&writer, x.line, sizeof x.line);
    sip_write_confirmation(&writer, &request, sip_str("next"));
    answer = (struct sip_answer){.challenge = &x.challenge,
                                 .login = &x.login,
                                 .method = sip_str(x.method),
                                 .uri = sip_str(x.uri),
                                 .cnonce = sip_str("0a4f113b"),
                                 .count = 1};
    value = written(&writer);
    CHECK(value.len > 23 && memcmp(value.at, "Authentication-Info: ", 21) == 0);
    value = sip_bytes(value.at + 21, value.len - 23);
    CHECK_INT(sip_confirmation_parse(&confirmation, &answer, value, NULL), 0);
    CHECK(confirmation.proved);
    CHECK_STR(confirmation.nextnonce, "next");
    answer.uri = sip_str("sip:else");
    CHECK_INT(sip_confirmation_parse(&confirmation, &answer, value, NULL), SIP_EBAD);

    request.login = NULL;
    sip_writer_init(&writer, x.line, sizeof x.line);
    sip_write_confirmation(&writer, &request, sip_str("next"));
    CHECK_INT(writer.used, 0); /* there is nothing to prove it by */

    request = request_of(&x);
    sip_writer_init(&writer, x.line, sizeof x.line);
    sip_write_confirmation(&writer, &request, sip_str("n"));
    value = written(&writer);
    CHECK_INT(sip_confirmation_parse(&confirmation, &answer,
                                     sip_bytes(value.at + 21, value.len - 23), NULL),
              SIP_EBAD); /* of another uri, as before */
    answer.uri = sip_str(x.uri);
    CHECK_INT(sip_confirmation_parse(&confirmation, &answer,
                                     sip_bytes(value.at + 21, value.len - 23), NULL),
              0);
    CHECK_STR(confirmation.nextnonce, "n");

    sip_writer_init(&writer, x.line, sizeof x.line);
    sip_write_confirmation(&writer, &request, sip_str(NULL));
    value = written(&writer);
    CHECK(value.len > 23);
    answer.uri = sip_str(x.uri);
    CHECK_INT(sip_confirmation_parse(&confirmation, &answer,
                                     sip_bytes(value.at + 21, value.len - 23), NULL),
              0);
    CHECK(confirmation.proved && !confirmation.nextnonce.at);

    x.credentials.has_qop = false; /* RFC 2069 knows no such thing */
    sip_writer_init(&writer, x.line, sizeof x.line);
    sip_write_confirmation(&writer, &request, sip_str("next"));
    CHECK_INT(writer.used, 0);
}

TESTS(T(challenges_come_in_the_servers_order_with_one_nonce)
      T(list_of_algorithms_ends_with_its_first_unknown_or_its_last)
      T(every_algorithm_is_offered_answered_and_found_right)
      T(server_that_keeps_hashes_finds_the_same)
      T(nonce_is_fresh_until_its_time_is_over)
      T(nonce_of_others_is_foreign)
      T(nonces_differ_when_anything_differs)
      T(wrong_password_and_unknown_user_get_the_same_verdict)
      T(decoy_of_unknown_users_is_no_password)
      T(response_depends_on_all_that_it_covers)
      T(right_answer_to_an_old_or_foreign_nonce_is_stale)
      T(digest_uri_need_not_be_the_request_uri_but_the_host_learns_it)
      T(credentials_without_qop_are_refused_unless_the_host_takes_them)
      T(digest_uri_may_have_escapes_of_a_quoted_text)
      T(credentials_of_our_realm_are_found_among_others)
      T(credentials_that_find_would_not_return_are_absent)
      T(server_proves_that_it_knows_the_secret_too))
