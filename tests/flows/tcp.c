/* Calls and registrations on a stream (RFC 3261 §18): no retransmissions but of the 2xx, Contacts
 * with transport=tcp, one connection for all, and its end.
 *
 *     alice                          bob
 *       |======= connection ===========>|
 *       |------------ INVITE ---------->|
 *       |<----------- 200 OK -----------|
 *       |------------- ACK ------------>|
 */
#include "stage.h"

TEST(call_over_a_stream)                               /* §18.1.1, §18.2.2 */
{
    struct stage s = stage_tcp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "192.0.2.2:5060");
    mentions(&s, "Via", "SIP/2.0/TCP 192.0.2.1:5060");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060;transport=tcp>");
    silent(&s, 5000);                                  /* §17.1.1.2: no timer A on a stream */
    reply(&s, 5000, "INVITE", 180);
    heard(&s, 5000, "progress", 180);
    reply_with(&s, 6000, "INVITE", 200, .body = stage_answer,
               .contact = "<sip:bob@192.0.2.2;transport=tcp>");
    sent(&s, 6000, "ACK", "sip:bob@192.0.2.2;transport=tcp");
    heard(&s, 6000, "answered", 200);
    CHECK_INT(usage(&s, "flows").used, 1);             /* the same connection */
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 6000, "BYE", "sip:bob@192.0.2.2;transport=tcp");
    heard(&s, 6000, "ended", SIP_END_LOCAL);
    reply(&s, 6010, "BYE", 200);
    drop_connections(&s, 40000);
    quiet(&s);
}

TEST(registration_over_a_stream)                       /* §10.2, §18.1.1 */
{
    struct stage s = stage_tcp();
    struct sip_registration registration = stage_register(&s, 3600);

    sent(&s, 0, "REGISTER", "sip:example.net");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060;transport=tcp>;expires=3600");
    silent(&s, 1000);
    reply(&s, 1000, "REGISTER", 200);
    heard(&s, 1000, "registered", 3600);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    sent(&s, 1000, "REGISTER", "sip:example.net");
    reply(&s, 1010, "REGISTER", 200);
    heard(&s, 1010, "registration ended", 0);
    drop_connections(&s, 2000);
    quiet(&s);
}

TEST(connection_ends_before_the_answer)                /* §18.4, §8.1.3.1: 503 */
{
    struct stage s = stage_tcp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    drop_connections(&s, 1000);
    CHECK_INT(heard(&s, 1000, "ended", SIP_END_NETWORK)->status, 503);
    quiet(&s);
}

TEST(dialog_survives_its_connection)                   /* §18.1.1: the next request opens another */
{
    struct stage s = stage_tcp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .body = stage_answer,
               .contact = "<sip:bob@192.0.2.2;transport=tcp>");
    sent(&s, 10, "ACK", "sip:bob@192.0.2.2;transport=tcp");
    heard(&s, 10, "answered", 200);
    drop_connections(&s, 1000);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    CHECK_INT(usage(&s, "flows").used, 0);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 1000, "BYE", "sip:bob@192.0.2.2;transport=tcp");
    heard(&s, 1000, "ended", SIP_END_LOCAL);
    reply(&s, 1010, "BYE", 200);
    drop_connections(&s, 2000);
    quiet(&s);
}

TEST(connection_that_cannot_be_opened)                 /* §18.4 */
{
    struct stage s = stage_tcp();

    break_wire(&s, true);
    stage_call(&s, "sip:bob@example.net");
    heard(&s, 0, "ended", SIP_END_NETWORK);
    quiet(&s);
}

TEST(our_2xx_is_repeated_on_a_stream_too)              /* §13.3.1.4 */
{
    struct stage s = stage_tcp();
    struct sip_registration registration = stage_register(&s, 3600);
    struct sip_call call;

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);
    invite(&s, 10);                                    /* on the connection that registered */
    call = heard(&s, 10, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 200, "INVITE");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060;transport=tcp>");
    answered(&s, 510, 200, "INVITE");
    is_repeated(&s);
    ask(&s, 600, "ACK");
    heard(&s, 600, "confirmed", 0);
    ask(&s, 700, "BYE");
    answered(&s, 700, 200, "BYE");
    heard(&s, 700, "ended", SIP_END_REMOTE);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    sent(&s, 700, "REGISTER", "sip:example.net");
    talk(&s, 0);
    reply(&s, 710, "REGISTER", 200);
    heard(&s, 710, "registration ended", 0);
    drop_connections(&s, 2000);
    quiet(&s);
}

TEST(refusal_is_not_repeated_on_a_stream)              /* §17.2.1: no timer G; timer I is 0 */
{
    struct stage s = stage_tcp();
    struct sip_registration registration = stage_register(&s, 3600);
    struct sip_call call;

    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 0, "REGISTER", 200);
    heard(&s, 0, "registered", 3600);
    invite(&s, 10);
    call = heard(&s, 10, "incoming", 0)->call;
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 486, "INVITE");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    silent(&s, 5000);
    ask(&s, 5000, "ACK");
    CHECK_INT(usage(&s, "transactions").used, 0);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    sent(&s, 5000, "REGISTER", "sip:example.net");
    talk(&s, 0);
    reply(&s, 5010, "REGISTER", 200);
    heard(&s, 5010, "registration ended", 0);
    drop_connections(&s, 6000);
    quiet(&s);
}

#define LIST                                                                                       \
    T(call_over_a_stream)                                                                          \
    T(registration_over_a_stream)                                                                  \
    T(connection_ends_before_the_answer)                                                           \
    T(dialog_survives_its_connection)                                                              \
    T(connection_that_cannot_be_opened)                                                            \
    T(our_2xx_is_repeated_on_a_stream_too)                                                         \
    T(refusal_is_not_repeated_on_a_stream)

FLOWS(LIST)
