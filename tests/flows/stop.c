/* sip_ua_stop(): BYE to all calls, unregister, nothing new; `stopped` is the last event of all
 * (DESIGN section 5, sip/ua.h).
 *
 *     alice                          bob
 *       |       (sip_ua_stop)           |
 *       |------------- BYE ------------>|
 *       |----- REGISTER, expires=0 ---->|
 *       |<----------- 200 OK -----------|   both
 *       |        (stopped)              |
 */
#include "stage.h"

static struct sip_call is_up(struct stage *s, uint64_t t)
{
    struct sip_call call;

    pass(s, t);
    call = stage_call(s, "sip:bob@example.net");
    sent(s, t, "INVITE", "sip:bob@example.net");
    reply_with(s, t, "INVITE", 200, .body = stage_answer);
    sent(s, t, "ACK", "sip:bob@192.0.2.7");
    heard(s, t, "answered", 200);
    return call;
}

TEST(idle_agent_stops_at_the_next_tick)
{
    struct stage s = stage_udp();

    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    returns(&s, sip_ua_stop(s.ua, s.now), SIP_ESTATE);
    heard(&s, 0, "stopped", 0);
    quiet(&s);
}

TEST(calls_get_bye_and_bindings_are_removed)
{
    struct stage s = stage_udp();

    stage_register(&s, 3600);
    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);
    is_up(&s, 10);
    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    sent(&s, 10, "BYE", "sip:bob@192.0.2.7");
    sent(&s, 10, "REGISTER", "sip:example.net");
    mentions(&s, "Contact", ";expires=0");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "BYE", 200);
    silent(&s, 30);
    reply(&s, 30, "REGISTER", 200);
    heard(&s, 30, "registration ended", 0);
    heard(&s, 30, "stopped", 0);
    quiet(&s);
}

TEST(stopping_takes_64_t1_at_most)                     /* nobody answers */
{
    struct stage s = stage_udp();

    stage_register(&s, 3600);
    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);
    is_up(&s, 10);
    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    heard(&s, 10, "ended", SIP_END_LOCAL);
    pass(&s, 32010);
    heard(&s, 32010, "registration ended", 0);
    heard(&s, 32010, "stopped", 0);
    forget(&s, 100000);
    quiet(&s);
}

TEST(nothing_new_is_taken_while_stopping)
{
    struct stage s = stage_udp();
    struct sip_call_args call_args = {0};
    struct sip_registration_args registration_args = {0};
    struct sip_request_args request_args = {0};
    struct sip_call call;
    struct sip_registration registration;
    struct sip_request request;

    is_up(&s, 0);
    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    sent(&s, 0, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 0, "ended", SIP_END_LOCAL);
    call_args.to = request_args.to = sip_str("sip:bob@example.net");
    call_args.account = registration_args.account = request_args.account = s.account;
    request_args.method = sip_str("MESSAGE");
    returns(&s, sip_call_start(s.ua, s.now, &call_args, &call), SIP_ESTATE);
    returns(&s, sip_registration_start(s.ua, s.now, &registration_args, &registration),
            SIP_ESTATE);
    returns(&s, sip_request_start(s.ua, s.now, &request_args, &request), SIP_ESTATE);
    CHECK(call.id == 0 && registration.id == 0 && request.id == 0);
    invite(&s, 10);
    answered(&s, 10, 480, "INVITE");
    ask(&s, 10, "ACK");
    ask_text(&s, 15, "MESSAGE sip:alice@192.0.2.1 SIP/2.0\n"
                     "Via: SIP/2.0/UDP 192.0.2.7;branch={branch}\nMax-Forwards: 70\n"
                     "From: <sip:bob@example.net>;tag=1\nTo: <sip:alice@example.net>\n"
                     "Call-ID: x\nCSeq: 1 MESSAGE\n");
    pass(&s, 15);
    talk(&s, 0);
    reply(&s, 20, "BYE", 200);
    heard(&s, 20, "stopped", 0);
    quiet(&s);
}

TEST(calls_in_every_state_are_left)                    /* §9.1, §15 */
{
    struct stage s = stage_udp();
    struct sip_call in;

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 0, "INVITE", 180);
    heard(&s, 0, "progress", 180);
    invite(&s, 10);
    in = heard(&s, 10, "incoming", 0)->call;
    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    sent(&s, 10, "CANCEL", "sip:bob@example.net");
    answered(&s, 10, 486, "INVITE");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    heard(&s, 10, "ended", SIP_END_LOCAL);
    returns(&s, sip_call_accept(s.ua, s.now, in, NULL), SIP_EGONE);
    ask(&s, 20, "ACK");
    talk(&s, 0);
    reply(&s, 20, "CANCEL", 200);
    reply(&s, 20, "INVITE", 487);
    forget(&s, 100000);
    quiet(&s);
}

TEST(stopped_agent_hears_nothing)                      /* sip/ua.h: the last event of all */
{
    struct stage s = stage_udp();

    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    heard(&s, 0, "stopped", 0);
    invite(&s, 10);
    pass(&s, 10);
    ask(&s, 20, "BYE");
    pass(&s, 1000);
    quiet(&s);
}

#define LIST                                                                                       \
    T(idle_agent_stops_at_the_next_tick)                                                           \
    T(calls_get_bye_and_bindings_are_removed)                                                      \
    T(stopping_takes_64_t1_at_most)                                                                \
    T(nothing_new_is_taken_while_stopping)                                                         \
    T(calls_in_every_state_are_left)                                                               \
    T(stopped_agent_hears_nothing)

FLOWS(LIST)
