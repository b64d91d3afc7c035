/* The server's side of digest: nonces, verdicts, replays. Time is a number of the test's. */
#include "text.h"

#define MAX_S 60

/* A request from a client that answers a challenge of `server`. */
struct exchange {
    struct sip_digest_server server;
    struct sip_nonce_counts counts;
    struct sip_nonce_set sets[4];
    uint64_t now;
    struct sip_str tag;
    struct sip_login login;  /* the client's */
    struct sip_login *known; /* the server's */
    const char *method, *uri, *request_uri;
    uint32_t count;
    struct parsed response, request;
    struct sip_challenge challenge;
    struct sip_credentials credentials;
    char line[1024];
};

static void start(struct exchange *x)
{
    memset(x, 0, sizeof *x);
    x->server.realm = sip_str("sip.test");
    memcpy(x->server.secret, "0123456789abcdef", 16);
    x->server.nonce_max_s = MAX_S;
    x->server.counts = &x->counts;
    sip_nonce_counts_init(&x->counts, x->sets, COUNT(x->sets));
    x->now = 1000000;
    x->login.username = sip_str("alice");
    x->login.password = sip_str("pw-alice");
    x->known = &x->login;
    x->method = "REGISTER";
    x->uri = x->request_uri = "sip:sip.test";
    x->count = 1;
}

static struct sip_nonce_args nonce_args(const struct exchange *x, uint64_t unique)
{
    struct sip_nonce_args args = {x->now, unique, x->tag};

    return args;
}

/* The server writes challenges, the client chooses. */
static void challenge(struct exchange *x, uint64_t unique, bool stale)
{
    struct sip_nonce_args args = nonce_args(x, unique);
    struct sip_challenges walk;
    struct sip_writer writer;

    sip_writer_init(&writer, x->line, sizeof x->line - 1);
    sip_write_challenges(&writer, &x->server, &args, SIP_HEADER_WWW_AUTHENTICATE, stale);
    CHECK(sip_writer_done(&writer) > 0);
    x->line[writer.used] = 0;
    parse(&x->response, "SIP/2.0 401 Unauthorized", x->line);
    sip_challenges_begin(&walk, &x->response.message, &x->login, 1);
    CHECK(sip_challenges_next(&walk, &x->challenge));
    CHECK(walk.login == &x->login);
    CHECK(!sip_challenges_next(&walk, &(struct sip_challenge){0}));
    x->count = 1;
}

/* The client answers, the server finds. */
static enum sip_verdict answered(struct exchange *x)
{
    struct sip_answer answer = {.challenge = &x->challenge,
                                .login = &x->login,
                                .method = sip_str(x->method),
                                .uri = sip_str(x->uri),
                                .cnonce = sip_str("0a4f113b"),
                                .count = x->count};
    struct sip_fault fault = {0};
    struct sip_writer writer;

    sip_writer_init(&writer, x->line, sizeof x->line - 1);
    CHECK_INT(sip_write_answer(&writer, &answer), 0);
    CHECK(sip_writer_done(&writer) > 0);
    x->line[writer.used] = 0;
    parse(&x->request, "REGISTER sip:sip.test SIP/2.0", x->line);
    return sip_digest_find(&x->server, &x->request.message, SIP_HEADER_AUTHORIZATION,
                           &x->credentials, &fault);
}

static struct sip_digest_request request_of(const struct exchange *x)
{
    struct sip_digest_request request = {.nonce = nonce_args(x, 0),
                                         .credentials = &x->credentials,
                                         .login = x->known,
                                         .method = sip_str(x->method),
                                         .uri = sip_str(x->request_uri)};

    return request;
}

static enum sip_verdict verdict(const struct exchange *x)
{
    struct sip_digest_request request = request_of(x);

    return sip_digest_check(&x->server, &request);
}

/* All of it, with the nonce that is there. */
static enum sip_verdict sent(struct exchange *x)
{
    CHECK_INT(answered(x), SIP_DIGEST_RIGHT);
    return verdict(x);
}

static struct exchange x; /* one at a time */

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
    x.login.password = sip_str("pw-bob");
    x.known = &(struct sip_login){.username = sip_str("alice"), .password = sip_str("pw-alice")};
    CHECK_INT(sent(&x), SIP_DIGEST_WRONG);
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

/* --- replays: RFC 7616 §3.4 nc --- */

TEST(each_nonce_count_is_taken_once)
{
    start(&x);
    challenge(&x, 1, false);
    for (x.count = 1; x.count <= 100; x.count++) {
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
        CHECK_INT(verdict(&x), SIP_DIGEST_REPLAY);
    }
}

TEST(requests_may_overtake_each_other_within_32_counts)
{
    static const struct {
        uint32_t count;
        enum sip_verdict verdict;
    } rows[] = {
        {40, SIP_DIGEST_RIGHT},         {9, SIP_DIGEST_RIGHT},
        {9, SIP_DIGEST_REPLAY},         {8, SIP_DIGEST_REPLAY}, /* 32 behind: not remembered */
        {39, SIP_DIGEST_RIGHT},         {40, SIP_DIGEST_REPLAY},
        {39, SIP_DIGEST_REPLAY},        {71, SIP_DIGEST_RIGHT},
        {40, SIP_DIGEST_REPLAY},        {41, SIP_DIGEST_RIGHT},
        {39, SIP_DIGEST_REPLAY},        {103, SIP_DIGEST_RIGHT},
        {72, SIP_DIGEST_RIGHT},         {71, SIP_DIGEST_REPLAY},
        {0xffffffff, SIP_DIGEST_RIGHT}, {0xffffffff, SIP_DIGEST_REPLAY},
        {0xffffffe0, SIP_DIGEST_RIGHT}, {0xffffffdf, SIP_DIGEST_REPLAY},
        {1, SIP_DIGEST_REPLAY},
    };

    start(&x);
    challenge(&x, 1, false);
    for (size_t i = 0; i < COUNT(rows); i++) {
        x.count = rows[i].count;
        CHECK_INT(sent(&x), rows[i].verdict);
    }
}

TEST(without_a_table_replays_pass_until_the_nonce_is_old)
{
    start(&x);
    x.counts.count = 0;
    challenge(&x, 1, false);
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT);
    x.server.counts = NULL;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    CHECK_INT(verdict(&x), SIP_DIGEST_RIGHT);
    x.now += MAX_S * 1000 + 1;
    CHECK_INT(verdict(&x), SIP_DIGEST_STALE);
}

TEST(nonce_that_falls_out_of_a_full_table_is_stale)
{
    struct sip_challenge first, second;
    struct sip_str kept_value;
    static char kept[2][512];

    start(&x);
    x.counts.count = 1; /* one set of SIP_NONCE_SET */
    for (unsigned i = 0; i < SIP_NONCE_SET; i++) {
        challenge(&x, i, false);
        if (i < 2) { /* the client keeps the texts of the two first */
            kept_value = x.challenge.value;
            memcpy(kept[i], kept_value.at, kept_value.len);
            CHECK_INT(sip_challenge_parse(i ? &second : &first, SIP_HEADER_WWW_AUTHENTICATE,
                                          sip_bytes(kept[i], kept_value.len), NULL),
                      0);
        }
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
        x.now++;
    }
    x.challenge = first;
    x.count = 2;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT); /* full, and all are there */

    challenge(&x, 99, false);
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT); /* one more: the first falls out */
    x.challenge = first;
    x.count = 3;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE); /* a new count */
    x.count = 1;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE); /* and an old one are alike */
    x.challenge = second;
    x.count = 2;
    CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    x.count = 1;
    CHECK_INT(sent(&x), SIP_DIGEST_REPLAY);
}

TEST(nonce_older_than_a_full_table_is_stale_at_its_first_use)
{
    struct sip_challenge late;
    static char kept[512];

    start(&x);
    x.counts.count = 1;
    challenge(&x, 1000, false);
    memcpy(kept, x.challenge.value.at, x.challenge.value.len);
    CHECK_INT(sip_challenge_parse(&late, SIP_HEADER_WWW_AUTHENTICATE,
                                  sip_bytes(kept, x.challenge.value.len), NULL),
              0);
    for (unsigned i = 0; i < SIP_NONCE_SET; i++) {
        x.now++;
        challenge(&x, i, false);
        CHECK_INT(sent(&x), SIP_DIGEST_RIGHT);
    }
    x.challenge = late;
    CHECK_INT(sent(&x), SIP_DIGEST_STALE);
}

/* No order of uses lets one pair of nonce and count pass twice. */
TEST(no_nonce_count_passes_twice_whatever_falls_out)
{
    enum { NONCES = 60, COUNTS = 4 };
    static char kept[NONCES][512];
    static bool passed[NONCES][COUNTS + 1];
    uint32_t random = 1, right = 0, stale = 0;
    struct sip_challenge challenges[NONCES];

    start(&x);
    x.counts.count = 3;
    memset(passed, 0, sizeof passed);
    for (unsigned i = 0; i < NONCES; i++) {
        challenge(&x, i, false);
        memcpy(kept[i], x.challenge.value.at, x.challenge.value.len);
        CHECK_INT(sip_challenge_parse(&challenges[i], SIP_HEADER_WWW_AUTHENTICATE,
                                      sip_bytes(kept[i], x.challenge.value.len), NULL),
                  0);
        x.now += i % 3; /* some in the same millisecond */
    }
    for (unsigned step = 0; step < 3000; step++) {
        unsigned i;
        enum sip_verdict got;

        random = random * 1664525 + 1013904223;
        i = (random >> 16) % NONCES;
        x.challenge = challenges[i];
        x.count = 1 + (random >> 24) % COUNTS;
        got = sent(&x);
        CHECK(got == SIP_DIGEST_RIGHT || got == SIP_DIGEST_STALE || got == SIP_DIGEST_REPLAY);
        if (got == SIP_DIGEST_RIGHT) {
            CHECK(!passed[i][x.count]);
            passed[i][x.count] = true;
            right++;
        }
        stale += got == SIP_DIGEST_STALE;
    }
    CHECK(right >= 3 * SIP_NONCE_SET && stale > 0);
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
      T(credentials_of_our_realm_are_found_among_others)
      T(credentials_that_find_would_not_return_are_absent)
      T(each_nonce_count_is_taken_once)
      T(requests_may_overtake_each_other_within_32_counts)
      T(without_a_table_replays_pass_until_the_nonce_is_old)
      T(nonce_that_falls_out_of_a_full_table_is_stale)
      T(nonce_older_than_a_full_table_is_stale_at_its_first_use)
      T(no_nonce_count_passes_twice_whatever_falls_out)
      T(server_proves_that_it_knows_the_secret_too))
