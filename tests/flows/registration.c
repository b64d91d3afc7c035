/* A registration over time: refreshed before it expires, mended after a failure (RFC 3261 §10.2,
 * RFC 5626 §4.5, the table of sip/registration.h).
 *
 *     alice                       registrar
 *       |----------- REGISTER ---------->|
 *       |<------- 200, expires=E --------|
 *       :            0.75 to 0.9 E       :
 *       |----------- REGISTER ---------->|   same Call-ID, the next CSeq
 */
#include "stage.h"

static void stop(struct stage *s, struct sip_registration registration, bool bound)
{
    forget(s, s->now);
    returns(s, sip_registration_stop(s->ua, s->now, registration), 0);
    if (bound) {
        sent(s, s->now, "REGISTER", "sip:example.net");
        reply(s, s->now, "REGISTER", 200);
    }
    heard(s, s->now, "registration ended", 0);
    quiet(s);
}

TEST(registration_is_refreshed_in_time_with_jitter)    /* §10.2.4 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 0);
    uint64_t first, second;
    char call_id[128];

    sent(&s, 0, "REGISTER", "sip:example.net");
    mentions(&s, "Contact", ";expires=3600");
    snprintf(call_id, sizeof call_id, "%s", header(&s, "Call-ID"));
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);

    sent_between(&s, 2700000, 3240000, "REGISTER", "sip:example.net");
    says(&s, "Call-ID", call_id);
    says(&s, "CSeq", "2 REGISTER");
    first = s.now;
    reply(&s, first, "REGISTER", 200);
    heard(&s, first, "registered", 3600);
    sent_between(&s, first + 2700000, first + 3240000, "REGISTER", "sip:example.net");
    says(&s, "CSeq", "3 REGISTER");
    second = s.now - first;
    CHECK(second != first);                            /* thousands of phones spread */
    reply(&s, s.now, "REGISTER", 200);
    heard(&s, s.now, "registered", 3600);
    stop(&s, registration, true);
}

TEST(registration_follows_the_shorter_expiry_granted)  /* §10.2.4, §10.3 step 7 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 0, "REGISTER", 200, .contact = "<sip:alice@192.0.2.1:5060>;expires=60");
    heard(&s, 0, "registered", 60);
    sent_between(&s, 45000, 54000, "REGISTER", "sip:example.net");
    mentions(&s, "Contact", ";expires=3600");          /* what we want stays */
    reply_with(&s, s.now, "REGISTER", 200,             /* a registrar that rewrites Contacts */
               .contact = "<sip:ALICE@nat.example:1024>, <sip:a@198.51.100.4>;expires=40",
               .headers = "Expires: 90\n");
    heard(&s, s.now, "registered", 90);
    stop(&s, registration, true);
}

TEST(interval_too_brief_is_raised_once)                /* §10.2.8, §21.4.17 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 60);

    sent(&s, 0, "REGISTER", "sip:example.net");
    mentions(&s, "Contact", ";expires=60");
    reply_with(&s, 10, "REGISTER", 423, .headers = "Min-Expires: 1800\n");
    sent(&s, 10, "REGISTER", "sip:example.net");
    mentions(&s, "Contact", ";expires=1800");
    says(&s, "CSeq", "2 REGISTER");
    reply_with(&s, 20, "REGISTER", 423, .headers = "Min-Expires: 7200\n");   /* it moves */
    CHECK(heard(&s, 20, "registration failed", 423)->retry_in_s >= 150);
    stop(&s, registration, false);
}

TEST(retry_after_is_honoured)                          /* §20.33 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 10, "REGISTER", 503, .headers = "Retry-After: 120\n");
    CHECK(heard(&s, 10, "registration failed", 503)->retry_in_s >= 120);
    sent_between(&s, 120010, 180000, "REGISTER", "sip:example.net");
    reply(&s, s.now, "REGISTER", 200);
    heard(&s, s.now, "registered", 3600);
    stop(&s, registration, true);
}

TEST(retry_after_is_believed_up_to_an_hour)            /* §20.33 */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 7200);

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 10, "REGISTER", 503, .headers = "Retry-After: 4294967295\n");
    CHECK_INT(heard(&s, 10, "registration failed", 503)->retry_in_s, 3600);
    sent_between(&s, 3600010, 3600010, "REGISTER", "sip:example.net");
    reply(&s, s.now, "REGISTER", 200);
    heard(&s, s.now, "registered", 7200);
    stop(&s, registration, true);
}

TEST(server_failure_backs_off_doubling)                /* RFC 5626 §4.5: 30 s up to 1,800 s */
{
    static const uint32_t waits[] = {30, 60, 120, 240, 480, 960, 1800, 1800};
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        uint64_t failed_at = s.now;

        reply(&s, s.now, "REGISTER", 500);
        heard(&s, failed_at, "registration failed", 500);
        sent_between(&s, failed_at + waits[i] * 500, failed_at + waits[i] * 1000, "REGISTER",
                     "sip:example.net");
    }
    reply(&s, s.now, "REGISTER", 200);                 /* it works again: the next wait is short */
    heard(&s, s.now, "registered", 3600);
    returns(&s, sip_registration_refresh(s.ua, s.now, registration), 0);
    sent(&s, s.now, "REGISTER", "sip:example.net");
    reply(&s, s.now, "REGISTER", 500);
    CHECK(heard(&s, s.now, "registration failed", 500)->retry_in_s <= 30);
    stop(&s, registration, true);
}

TEST(refusal_is_tried_again_slowly)                    /* sip/registration.h: 300 s up to 3,600 s */
{
    static const uint32_t waits[] = {300, 600, 1200, 2400, 3600, 3600};
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        uint64_t failed_at = s.now;

        reply(&s, s.now, "REGISTER", i & 1 ? 403 : 404);
        heard(&s, failed_at, "registration failed", i & 1 ? 403 : 404);
        sent_between(&s, failed_at + waits[i] * 500, failed_at + waits[i] * 1000, "REGISTER",
                     "sip:example.net");
    }
    reply(&s, s.now, "REGISTER", 603);                 /* §21.6: nowhere */
    CHECK_INT(heard(&s, s.now, "registration failed", 603)->retry_in_s, 0);
    silent(&s, s.now + 90000000);
    stop(&s, registration, false);
}

TEST(silent_registrar_is_a_timeout)                    /* §17.1.2.2 timer F, §8.1.3.1 */
{
    static const uint32_t at[] = {500,   1500,  3500,  7500,  11500,
                                  15500, 19500, 23500, 27500, 31500};
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        sent(&s, at[i], "REGISTER", "sip:example.net");
        is_repeated(&s);
    }
    heard(&s, 32000, "registration failed", 408);
    stop(&s, registration, false);
}

static void with_two_servers(struct sip_account_args *args)
{
    args->servers[1] = sip_str("sip:192.0.2.3");
}

TEST(next_server_takes_over)                           /* RFC 3263 §4.3; RFC 3261 §21.5.4 */
{
    struct stage s = stage_as(with_two_servers);
    struct sip_registration registration = stage_register(&s, 3600);
    char branch[256];

    sent(&s, 0, "REGISTER", "sip:example.net");
    went_to(&s, "192.0.2.2:5060");
    snprintf(branch, sizeof branch, "%s", header(&s, "Via"));
    reply(&s, 10, "REGISTER", 503);
    sent(&s, 10, "REGISTER", "sip:example.net");
    went_to(&s, "192.0.2.3:5060");
    CHECK(strcmp(branch, header(&s, "Via")) != 0);     /* a new transaction */
    reply(&s, 20, "REGISTER", 200);
    heard(&s, 20, "registered", 3600);
    stop(&s, registration, true);
}

TEST(dead_way_is_told_by_the_next_tick)                /* §18.4, §8.1.3.1: 503 */
{
    struct stage s = stage_udp();
    struct sip_registration registration;

    break_wire(&s, true);
    registration = stage_register(&s, 3600);
    heard(&s, 0, "registration failed", 503);
    break_wire(&s, false);
    sent_between(&s, 15000, 30000, "REGISTER", "sip:example.net");
    reply(&s, s.now, "REGISTER", 200);
    heard(&s, s.now, "registered", 3600);
    stop(&s, registration, true);
}

static void with_a_name(struct sip_account_args *args)
{
    args->servers[0] = sip_str("sip:registrar.example.net");
}

TEST(name_without_a_resolver_is_a_503)                 /* sip/registration.h */
{
    struct stage s = stage_as(with_a_name);
    struct sip_registration registration = stage_register(&s, 3600);

    heard(&s, 0, "registration failed", 503);
    stop(&s, registration, false);
}

TEST(stop_while_asking_waits_for_the_answer)           /* §10.2: one REGISTER at a time */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    silent(&s, 100);
    reply(&s, 100, "REGISTER", 200);
    sent(&s, 100, "REGISTER", "sip:example.net");
    mentions(&s, "Contact", ";expires=0");
    pass(&s, 32099);                                   /* the registrar is gone */
    heard(&s, 32100, "registration ended", 0);
    quiet(&s);
}

TEST(only_binding_there_is_counts_as_ours)             /* §10.2.4: rewritten, without Expires */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);
    const struct told *told;

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 0, "REGISTER", 200, .contact = "<sip:alice@198.51.100.4:1024>;expires=77");
    told = heard(&s, 0, "registered", 77);
    CHECK(told->account.id == s.account.id);
    CHECK(told->registration.id == registration.id);
    stop(&s, registration, true);
}

TEST(registrar_that_grants_nothing_is_asked_again)     /* §10.3 step 8 without our Contact */
{
    struct stage s = stage_udp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 0, "REGISTER", 200, .contact = "");
    heard(&s, 0, "registered", 0);
    sent_between(&s, 15000, 30000, "REGISTER", "sip:example.net");
    reply(&s, s.now, "REGISTER", 200);
    heard(&s, s.now, "registered", 3600);
    stop(&s, registration, true);
}

TEST(registrations_do_not_share_a_call_id)             /* §10.2.4, §8.1.1.4 */
{
    struct stage s = stage_udp();
    struct sip_registration first = stage_register(&s, 3600), second;
    char call_id[128], from[256];

    sent(&s, 0, "REGISTER", "sip:example.net");
    snprintf(call_id, sizeof call_id, "%s", header(&s, "Call-ID"));
    snprintf(from, sizeof from, "%s", header(&s, "From"));
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);
    second = stage_register(&s, 3600);
    sent(&s, 0, "REGISTER", "sip:example.net");
    CHECK(strcmp(call_id, header(&s, "Call-ID")) != 0);
    CHECK(strcmp(from, header(&s, "From")) != 0);
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);
    returns(&s, sip_registration_stop(s.ua, s.now, first), 0);
    sent(&s, 0, "REGISTER", "sip:example.net");
    says(&s, "Call-ID", call_id);
    talk(&s, 0);
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registration ended", 0);
    talk(&s, 1);
    stop(&s, second, true);
}

#define LIST                                                                                       \
    T(registration_is_refreshed_in_time_with_jitter)                                               \
    T(registration_follows_the_shorter_expiry_granted)                                             \
    T(interval_too_brief_is_raised_once)                                                           \
    T(retry_after_is_honoured)                                                                     \
    T(retry_after_is_believed_up_to_an_hour)                                                       \
    T(server_failure_backs_off_doubling)                                                           \
    T(refusal_is_tried_again_slowly)                                                               \
    T(silent_registrar_is_a_timeout)                                                               \
    T(next_server_takes_over)                                                                      \
    T(dead_way_is_told_by_the_next_tick)                                                           \
    T(name_without_a_resolver_is_a_503)                                                            \
    T(stop_while_asking_waits_for_the_answer)                                                      \
    T(only_binding_there_is_counts_as_ours)                                                        \
    T(registrar_that_grants_nothing_is_asked_again)                                                \
    T(registrations_do_not_share_a_call_id)

FLOWS(LIST)
