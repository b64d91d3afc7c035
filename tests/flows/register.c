/* Registrations as RFC 3665 section 2 draws them, the registrar being bob.
 *
 *     alice                       registrar
 *       |----------- REGISTER ---------->|
 *       |<------- 401 Unauthorized ------|
 *       |----------- REGISTER ---------->|   with credentials, the next CSeq
 *       |<------------ 200 OK -----------|
 */
#include "stage.h"

static const char challenge[] =
    "WWW-Authenticate: Digest realm=\"atlanta.example.com\", qop=\"auth\","
    " nonce=\"ea9c8e88df84f1cec4341ae6cbe5a359\", opaque=\"\", stale=FALSE, algorithm=MD5\n";

/* Registers and unregisters; what lies between is each flow's own. */
static void unregister(struct stage *s, uint64_t t, struct sip_registration registration)
{
    forget(s, t);
    returns(s, sip_registration_stop(s->ua, s->now, registration), 0);
    sent(s, t, "REGISTER", "sip:example.net");
    says(s, "Contact", "<sip:alice@192.0.2.1:5060>;expires=0");   /* §10.2.2 */
    reply(s, t + 10, "REGISTER", 200);
    heard(s, t + 10, "registration ended", 0);
}

TEST(registration_answers_the_registrars_challenge)    /* RFC 3665 §2.1; RFC 3261 §10.2, §22.2 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 7200);

    sent(&s, 0, "REGISTER", "sip:example.net");        /* the domain alone */
    went_to(&s, "192.0.2.2:5060");
    says(&s, "CSeq", "1 REGISTER");
    says(&s, "To", "<sip:alice@example.net>");
    mentions(&s, "From", "<sip:alice@example.net>;tag=");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>;expires=7200");
    lacks(&s, "Authorization");
    reply_with(&s, 20, "REGISTER", 401, .headers = challenge);
    sent(&s, 20, "REGISTER", "sip:example.net");
    says(&s, "CSeq", "2 REGISTER");
    mentions(&s, "Authorization", "Digest username=\"alice\"");
    mentions(&s, "Authorization", "realm=\"atlanta.example.com\"");
    mentions(&s, "Authorization", "nonce=\"ea9c8e88df84f1cec4341ae6cbe5a359\"");
    mentions(&s, "Authorization", "uri=\"sip:example.net\"");
    mentions(&s, "Authorization", "nc=00000001");
    mentions(&s, "Authorization", "opaque=\"\"");
    reply(&s, 40, "REGISTER", 200);
    heard(&s, 40, "registered", 7200);
    unregister(&s, 5000, registration);
    quiet(&s);
}

TEST(registration_keeps_other_phones_bindings)         /* RFC 3665 §2.2; RFC 3261 §10.2.4 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    /* Our own expires is the one behind our Contact, whatever the others have. */
    reply_with(&s, 20, "REGISTER", 200,
               .contact = "\"Desk\" <sip:alice@198.51.100.4>;expires=40, "
                          "<sip:alice@192.0.2.1:5060>;expires=1800;q=0.5, "
                          "<mailto:alice@example.net>;expires=4294967295");
    heard(&s, 20, "registered", 1800);
    unregister(&s, 5000, registration);
    quiet(&s);
}

TEST(bindings_are_fetched_and_left_alone)              /* RFC 3665 §2.3; RFC 3261 §10.2.3 */
{
    struct stage s = stage_udp();
    struct sip_registration_args args = {0};
    struct sip_registration registration;

    args.account = s.account;
    args.fetch_only = true;
    returns(&s, sip_registration_start(s.ua, s.now, &args, &registration), 0);
    sent(&s, 0, "REGISTER", "sip:example.net");
    lacks(&s, "Contact");
    lacks(&s, "Expires");
    reply_with(&s, 20, "REGISTER", 200, .contact = "<sip:alice@198.51.100.4>;expires=40");
    heard(&s, 20, "registered", 0);
    heard(&s, 20, "registration ended", 0);
    returns(&s, sip_registration_refresh(s.ua, s.now, registration), SIP_EGONE);
    quiet(&s);
}

TEST(binding_is_removed_with_credentials)              /* RFC 3665 §2.4; RFC 3261 §10.2.2 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 20, "REGISTER", 200);
    heard(&s, 20, "registered", 3600);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), SIP_ESTATE);
    returns(&s, sip_registration_refresh(s.ua, s.now, registration), SIP_ESTATE);
    sent(&s, 20, "REGISTER", "sip:example.net");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>;expires=0");
    says(&s, "CSeq", "2 REGISTER");
    reply_with(&s, 30, "REGISTER", 401, .headers = challenge);
    sent(&s, 30, "REGISTER", "sip:example.net");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>;expires=0");
    mentions(&s, "Authorization", "nc=00000001");
    reply(&s, 40, "REGISTER", 200);
    heard(&s, 40, "registration ended", 0);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), SIP_EGONE);
    quiet(&s);
}

TEST(registration_with_a_wrong_password_ends_its_tries) /* RFC 3665 §2.5; RFC 3261 §22.1 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);
    const struct told *failed;

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 20, "REGISTER", 401, .headers = challenge);
    sent(&s, 20, "REGISTER", "sip:example.net");
    reply_with(&s, 40, "REGISTER", 401,
               .headers = "WWW-Authenticate: Digest realm=\"atlanta.example.com\", qop=\"auth\","
                          " nonce=\"cf7056dea1d1d3a7d9c1e0e2b0b3d5a1\", algorithm=MD5\n");
    failed = heard(&s, 40, "registration failed", 401);
    CHECK_INT(failed->retry_in_s, 0);
    silent(&s, 100000000);                             /* until something changes */

    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    heard(&s, 100000000, "registration ended", 0);     /* nothing is bound: nothing to remove */
    quiet(&s);
}

TEST(registration_goes_on_with_another_password)       /* §22.1; sip/registration.h */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);
    struct sip_login login = {0};

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 20, "REGISTER", 401, .headers = challenge);
    sent(&s, 20, "REGISTER", "sip:example.net");
    reply_with(&s, 40, "REGISTER", 401, .headers = challenge);
    heard(&s, 40, "registration failed", 401);
    pass(&s, 60000);
    login.username = sip_str("alice");
    login.password = sip_str("the right one");
    returns(&s, sip_account_login(s.ua, s.now, s.account, &login), 0);
    sent(&s, 60000, "REGISTER", "sip:example.net");
    reply_with(&s, 60010, "REGISTER", 401, .headers = challenge);
    sent(&s, 60010, "REGISTER", "sip:example.net");
    mentions(&s, "Authorization", "response=\"");
    reply(&s, 60020, "REGISTER", 200);
    heard(&s, 60020, "registered", 3600);
    unregister(&s, 70000, registration);
    quiet(&s);
}

static void without_login(struct sip_account_args *args)
{
    memset(&args->login, 0, sizeof args->login);
}

TEST(registration_asks_for_credentials_and_waits)      /* §22.2; sip/registration.h */
{
    struct stage s = stage_as(without_login);
    struct sip_registration registration = stage_register(&s, 3600);
    struct sip_login login = {0};

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 20, "REGISTER", 401, .headers = challenge);
    CHECK_STR(sip_str(heard(&s, 20, "registration challenged", 401)->realm),
              "atlanta.example.com");
    pass(&s, 30000);
    login.username = sip_str("alice");
    login.realm = sip_str("atlanta.example.com");
    login.password = sip_str("secret");
    returns(&s, sip_account_login(s.ua, s.now, s.account, &login), 0);
    sent(&s, 30000, "REGISTER", "sip:example.net");
    reply_with(&s, 30020, "REGISTER", 401, .headers = challenge);
    sent(&s, 30020, "REGISTER", "sip:example.net");
    mentions(&s, "Authorization", "username=\"alice\"");
    reply(&s, 30040, "REGISTER", 200);
    heard(&s, 30040, "registered", 3600);
    unregister(&s, 70000, registration);
    quiet(&s);
}

TEST(registration_waits_a_minute_for_credentials)      /* sip/registration.h, credentials_wait */
{
    struct stage s = stage_as(without_login);
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 20, "REGISTER", 401, .headers = challenge);
    heard(&s, 20, "registration challenged", 401);
    CHECK_INT(heard(&s, 60020, "registration failed", 401)->retry_in_s, 0);
    silent(&s, 90000000);
    returns(&s, sip_registration_refresh(s.ua, s.now, registration), 0);
    sent(&s, 90000000, "REGISTER", "sip:example.net");
    reply(&s, 90000020, "REGISTER", 200);
    heard(&s, 90000020, "registered", 3600);
    unregister(&s, 90000100, registration);
    quiet(&s);
}

#define LIST                                                                                       \
    T(registration_answers_the_registrars_challenge)                                               \
    T(registration_keeps_other_phones_bindings)                                                    \
    T(bindings_are_fetched_and_left_alone)                                                         \
    T(binding_is_removed_with_credentials)                                                         \
    T(registration_with_a_wrong_password_ends_its_tries)                                           \
    T(registration_goes_on_with_another_password)                                                  \
    T(registration_asks_for_credentials_and_waits)                                                 \
    T(registration_waits_a_minute_for_credentials)

FLOWS(LIST)
