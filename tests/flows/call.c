/* Calls, RFC 3665 section 3, as alice's phone and as bob's see them.
 *
 *     alice                          bob
 *       |------------ INVITE ---------->|
 *       |<--------- 180 Ringing --------|
 *       |<----------- 200 OK -----------|
 *       |------------- ACK ------------>|
 *       |<============ RTP ============>|
 *       |<------------ BYE -------------|
 *       |----------- 200 OK ----------->|
 */
#include "stage.h"

TEST(call_is_answered_and_ended_by_bob)                /* RFC 3665 §3.1; RFC 3261 §13.2, §15.1.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "192.0.2.2:5060");
    says(&s, "CSeq", "1 INVITE");
    says(&s, "Max-Forwards", "70");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    carries(&s, stage_offer);
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);
    reply_with(&s, 2000, "INVITE", 200, .body = stage_answer);
    sent(&s, 2000, "ACK", "sip:bob@192.0.2.7");        /* §13.2.2.4: to the Contact of the 200 */
    went_to(&s, "192.0.2.7:5060");
    says(&s, "CSeq", "1 ACK");
    heard(&s, 2000, "answered", 200);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);

    ask(&s, 9000, "BYE");
    answered(&s, 9000, 200, "BYE");
    heard(&s, 9000, "ended", SIP_END_REMOTE);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
}

TEST(call_of_bob_is_answered_and_ended_by_alice)       /* RFC 3665 §3.1; RFC 3261 §13.3, §15.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call;
    struct sip_call_message answer = {0};

    invite(&s, 10);
    call = heard(&s, 10, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 180, "INVITE");
    mentions(&s, "To", ";tag=");
    answer.body = stage_body(stage_answer);
    pass(&s, 3000);
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    answered(&s, 3000, 200, "INVITE");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    carries(&s, stage_answer);
    ask(&s, 3040, "ACK");
    heard(&s, 3040, "confirmed", 0);

    pass(&s, 9000);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 9000, "BYE", "sip:bob@192.0.2.7");
    mentions(&s, "CSeq", " BYE");
    heard(&s, 9000, "ended", SIP_END_LOCAL);
    reply(&s, 9020, "BYE", 200);
    quiet(&s);
}

TEST(call_cancel_crosses_answer)                       /* §9.1, §13.2.2.4, §15.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 20, "INVITE", 180);
    heard(&s, 20, "progress", 180);

    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 20, "CANCEL", "sip:bob@example.net");
    heard(&s, 20, "ended", SIP_END_LOCAL);             /* the host is done with it */

    reply(&s, 25, "INVITE", 200);                      /* the wire is not */
    sent(&s, 25, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 25, "BYE", "sip:bob@192.0.2.7");

    reply(&s, 45, "CANCEL", 200);
    reply(&s, 45, "BYE", 200);
    quiet(&s);
}

#define LIST                                                                                       \
    T(call_is_answered_and_ended_by_bob)                                                           \
    T(call_of_bob_is_answered_and_ended_by_alice)                                                  \
    T(call_cancel_crosses_answer)

FLOWS(LIST)
