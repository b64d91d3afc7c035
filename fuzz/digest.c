/* Digest: a client of ours answers any challenge, a server of ours checks any credentials, and the
 * two of them talk to each other about any names and passwords.
 *
 * An answer to a foreign challenge is right for a server that knows the password, but for its
 * nonce; nobody who does not know the secret finds a nonce; what our two sides say to each other is
 * right once, a replay the second time, old at last, and wrong with anything changed. */
#include "choices.h"
#include "sip/digest_server.h"

enum { VALUE_MAX = 4000, ROOM = 16000, FIELDS_MAX = 16 };

static const struct sip_str invite = {"INVITE", 6}, target = {"sip:bob@example.net", 19};
static const struct sip_str cnonce = {"0a4f113b0a4f113b", 16};

static struct sip_login login_of(const char *password)
{
    struct sip_login login = {0};

    login.username = sip_str("alice");
    login.password = sip_str(password);
    return login;
}

static bool parse(struct sip_message *message, struct sip_field *fields, struct sip_str bytes)
{
    struct sip_fault fault;

    sip_message_init(message, fields, FIELDS_MAX);
    return sip_message_parse(message, bytes, SIP_DATAGRAM, &fault) == (long)bytes.len;
}

/* A request with what the client answered, parsed. */
static bool ask(struct sip_message *request, struct sip_field *fields, char *room,
                const struct sip_answer *answer)
{
    struct sip_writer writer;
    long len;
    int result;

    sip_writer_init(&writer, room, ROOM);
    sip_write_request_line(&writer, answer->method, answer->uri);
    result = sip_write_answer(&writer, answer);
    require(result == 0 || result == SIP_EINVAL || result == SIP_ESIZE);
    sip_write_body(&writer, sip_str(NULL), sip_bytes("", 0));
    len = sip_writer_done(&writer);
    require(len > 0 || result != 0 || len == SIP_EHEADER);
    return result == 0 && len > 0 && parse(request, fields, sip_bytes(room, (size_t)len));
}

/* --- any challenge --- */

static void play_challenge(struct sip_str value, enum sip_header header)
{
    static char room[ROOM], realm[SIP_REALM_MAX];
    struct sip_field fields[FIELDS_MAX];
    struct sip_message request;
    struct sip_challenge challenge;
    struct sip_credentials credentials;
    struct sip_fault fault;
    struct sip_login login = login_of("secret"), other = login_of("guessed");
    struct sip_answer answer = {&challenge, &login, invite, target, cnonce, 1};
    struct sip_digest_server server = {.without_qop = true};
    struct sip_digest_request asked = {
        .credentials = &credentials, .method = invite, .uri = target};
    long len;

    if (sip_challenge_parse(&challenge, header, value, &fault) != 0 || !challenge.supported)
        return;
    require(sip_login_fits(&login, &challenge));
    if (!ask(&request, fields, room, &answer))
        return;
    require(sip_challenge_tried(&challenge, &request));
    len = sip_raw_copy(challenge.realm, realm, sizeof realm);
    require(len >= 0);
    server.realm = sip_bytes(realm, (size_t)len);
    server.algorithms[0] = (uint8_t)challenge.algorithm;
    header = header == SIP_HEADER_WWW_AUTHENTICATE ? SIP_HEADER_AUTHORIZATION
                                                   : SIP_HEADER_PROXY_AUTHORIZATION;
    if (challenge.nonce.len == 0) /* which no server may send */
        return;
    require(sip_digest_find(&server, &request, header, &credentials, &fault) == SIP_DIGEST_RIGHT);
    require(sip_credentials_name(&credentials, login.username));
    asked.login = &login;
    require(sip_digest_check(&server, &asked) == SIP_DIGEST_STALE);
    asked.login = &other;
    require(sip_digest_check(&server, &asked) == SIP_DIGEST_WRONG);
    asked.login = NULL;
    require(sip_digest_check(&server, &asked) == SIP_DIGEST_WRONG);
}

/* --- any credentials --- */

static void play_credentials(struct sip_str value, enum sip_header header)
{
    static char room[ROOM];
    struct sip_field fields[FIELDS_MAX];
    struct sip_message request;
    struct sip_credentials credentials;
    struct sip_fault fault;
    struct sip_writer writer;
    struct sip_login login = login_of("secret");
    struct sip_digest_server server = {.realm = {"atlanta.example.com", 19}, .without_qop = true};
    struct sip_digest_request asked = {
        .credentials = &credentials, .method = invite, .uri = target};
    enum sip_verdict verdict;
    long len;

    server.algorithms[0] = (uint8_t)(1 + chance_of(value) % (SIP_ALGORITHM_COUNT - 1));
    server.algorithms[1] = SIP_MD5;
    sip_writer_init(&writer, room, sizeof room);
    sip_write_request_line(&writer, invite, target);
    sip_write_header(&writer, header, value);
    sip_write_body(&writer, sip_str(NULL), sip_bytes("", 0));
    len = sip_writer_done(&writer);
    if (len <= 0 || !parse(&request, fields, sip_bytes(room, (size_t)len)))
        return;
    verdict = sip_digest_find(&server, &request, header, &credentials, &fault);
    require(verdict == SIP_DIGEST_RIGHT || verdict == SIP_DIGEST_ABSENT ||
            verdict == SIP_DIGEST_MALFORMED);
    if (verdict != SIP_DIGEST_RIGHT)
        return;
    require(sip_nonce_check(&server, &asked.nonce, credentials.nonce) == SIP_NONCE_FOREIGN);
    for (unsigned known = 0; known < 2; known++) {
        asked.login = known ? &login : NULL;
        verdict = sip_digest_check(&server, &asked);
        require(verdict == SIP_DIGEST_WRONG || (known && verdict == SIP_DIGEST_STALE));
    }
}

/* --- our two sides --- */

struct sides {
    struct sip_digest_server server;
    struct sip_nonce_counts counts;
    struct sip_nonce_set sets[2];
    struct sip_login login;
    struct sip_nonce_args nonce;
    char challenged[ROOM], asking[ROOM], confirmed[ROOM];
};

static void choose(struct sides *sides, struct choices *talk)
{
    memset(sides, 0, sizeof *sides);
    sip_nonce_counts_init(&sides->counts, sides->sets, 2);
    sides->server.counts = &sides->counts;
    for (unsigned i = 0; i < 3; i++)
        sides->server.algorithms[i] = (uint8_t)(1 + byte_of(talk) % (SIP_ALGORITHM_COUNT - 1));
    sides->server.userhash = byte_of(talk) & 1;
    sides->server.realm = text_of(talk, 60);
    sides->login.username = text_of(talk, 60);
    sides->login.password = text_of(talk, 60);
    sides->nonce.tag = text_of(talk, 20);
    sides->nonce.now = (uint64_t)byte_of(talk) << (byte_of(talk) % 40);
    sides->nonce.unique = byte_of(talk);
}

/* The 401 of the server, and the challenge that the client takes from it. */
static void challenge_of(struct sides *sides, struct sip_message *response,
                         struct sip_field *fields, struct sip_challenge *challenge)
{
    struct sip_challenges walk;
    struct sip_writer writer;
    long len;

    sip_writer_init(&writer, sides->challenged, ROOM);
    sip_write_status_line(&writer, 401, sip_str(NULL));
    sip_write_challenges(&writer, &sides->server, &sides->nonce, SIP_HEADER_WWW_AUTHENTICATE,
                         false);
    sip_write_body(&writer, sip_str(NULL), sip_bytes("", 0));
    len = sip_writer_done(&writer);
    require(len > 0 && parse(response, fields, sip_bytes(sides->challenged, (size_t)len)));
    sip_challenges_begin(&walk, response, &sides->login, 1);
    require(sip_challenges_next(&walk, challenge) && walk.login == &sides->login);
    require(sip_raw_is(challenge->realm, sides->server.realm) && walk.refused == 0);
}

/* The 200 proves that the server knows the password too. */
static void confirm(struct sides *sides, const struct sip_digest_request *asked,
                    const struct sip_answer *answer)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_confirmation confirmation;
    struct sip_message response;
    struct sip_writer writer;
    long len;

    sip_writer_init(&writer, sides->confirmed, ROOM);
    sip_write_status_line(&writer, 200, sip_str(NULL));
    sip_write_confirmation(&writer, asked, sip_str("next"));
    sip_write_body(&writer, sip_str(NULL), sip_bytes("", 0));
    len = sip_writer_done(&writer);
    require(len > 0 && parse(&response, fields, sip_bytes(sides->confirmed, (size_t)len)));
    require(sip_confirmation_parse(&confirmation, answer,
                                   sip_message_value(&response, SIP_HEADER_AUTHENTICATION_INFO),
                                   NULL) == 0);
    require(confirmation.proved && sip_raw_is(confirmation.nextnonce, sip_str("next")));
}

static void play_talk(struct choices *talk)
{
    static struct sides sides;
    struct sip_field fields[FIELDS_MAX], other_fields[FIELDS_MAX];
    struct sip_message response, request;
    struct sip_challenge challenge;
    struct sip_credentials credentials;
    struct sip_fault fault;
    struct sip_answer answer = {&challenge, &sides.login, invite, target, cnonce, 1};
    struct sip_digest_request asked = {
        .credentials = &credentials, .method = invite, .uri = target};
    struct sip_login other = login_of("");

    choose(&sides, talk);
    challenge_of(&sides, &response, fields, &challenge);
    require(ask(&request, other_fields, sides.asking, &answer));
    require(sip_digest_find(&sides.server, &request, SIP_HEADER_AUTHORIZATION, &credentials,
                            &fault) == SIP_DIGEST_RIGHT);
    require(sip_credentials_name(&credentials, sides.login.username));
    asked.login = &other;
    asked.nonce = sides.nonce;
    require(sip_digest_check(&sides.server, &asked) == SIP_DIGEST_WRONG);
    asked.login = &sides.login;
    asked.nonce.now += byte_of(talk) * 1000u;
    require(sip_digest_check(&sides.server, &asked) == SIP_DIGEST_RIGHT);
    confirm(&sides, &asked, &answer);
    require(sip_digest_check(&sides.server, &asked) == SIP_DIGEST_REPLAY);
    asked.method = sip_str("BYE");
    require(sip_digest_check(&sides.server, &asked) == SIP_DIGEST_WRONG);
    asked.method = invite;
    asked.nonce.now = sides.nonce.now + 301 * 1000;
    require(sip_digest_check(&sides.server, &asked) == SIP_DIGEST_STALE);
}

/* --- Authentication-Info --- */

static void play_confirmation(struct sip_str value)
{
    static const char text[] = "Digest realm=\"a\", nonce=\"b\", qop=\"auth\", algorithm=SHA-256";
    struct sip_login login = login_of("secret");
    struct sip_confirmation confirmation;
    struct sip_challenge challenge;
    struct sip_answer answer = {&challenge, &login, invite, target, cnonce, 1};
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};

    require(sip_challenge_parse(&challenge, SIP_HEADER_WWW_AUTHENTICATE, sip_str(text), NULL) == 0);
    if (sip_confirmation_parse(&confirmation, &answer, value, &fault) == 0)
        require(!confirmation.proved && is_inside(confirmation.nextnonce, value));
    else
        require(fault.reason > SIP_REASON_NONE && fault.offset <= value.len);
}

/* The first byte chooses. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sip_str value = sip_bytes(data + 1, size - 1);
    struct choices talk = {data + 1, data + size, 0, {0}};

    if (size == 0 || size > VALUE_MAX)
        return 0;
    switch (data[0] % 6) {
    case 0:
    case 1:
        play_challenge(value,
                       data[0] % 6 ? SIP_HEADER_WWW_AUTHENTICATE : SIP_HEADER_PROXY_AUTHENTICATE);
        break;
    case 2:
    case 3:
        play_credentials(value, data[0] % 6 == 2 ? SIP_HEADER_AUTHORIZATION
                                                 : SIP_HEADER_PROXY_AUTHORIZATION);
        break;
    case 4:
        play_confirmation(value);
        break;
    default:
        play_talk(&talk);
    }
    return 0;
}
