/* INVITEs of bob before their answer: 100 in time, ringing, refusals, waiting too long
 * (RFC 3261 §13.3, §17.2.1), RFC 3665 section 3 as bob's phone sees it.
 *
 *      bob                           alice
 *       |------------ INVITE ---------->|
 *       |<--------- 100 Trying ---------|   after 200 ms
 *       |<--------- 180 Ringing --------|
 *       |<-------- 486 Busy Here -------|   repeated until
 *       |------------- ACK ------------>|
 */
#include "stage.h"

TEST(trying_is_said_when_the_host_takes_its_time)      /* §17.2.1: 200 ms */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    silent(&s, 199);
    answered(&s, 200, 100, "INVITE");
    lacks(&s, "Contact");
    says(&s, "To", "<sip:alice@example.net>");         /* §8.2.6.2: no tag in a 100 */
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 200, 180, "INVITE");
    again(&s, 700);                                    /* his INVITE again: the last provisional */
    answered(&s, 700, 180, "INVITE");
    is_repeated(&s);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 700, 486, "INVITE");
    lacks(&s, "Contact");
    CHECK_INT(heard(&s, 700, "ended", SIP_END_REFUSED)->status, 486);
    ask(&s, 710, "ACK");
    quiet(&s);
}

TEST(answer_copies_what_it_must)                       /* §8.2.6.2, §18.2.1, RFC 3581 §4, §12.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    ask_text(&s, 0,
             "INVITE sip:alice@192.0.2.1 SIP/2.0\n"
             "Via: SIP/2.0/UDP proxy.example.net;branch=z9hG4bK-p1;rport\n"
             "Via: SIP/2.0/UDP phone.example.net;branch=z9hG4bK-p2, "
             "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK-p3\n"
             "Record-Route: <sip:192.0.2.2;lr>\n"
             "Record-Route: <sip:198.51.100.2;lr>, <sip:198.51.100.3;lr>\n"
             "Max-Forwards: 68\n"
             "From: Bob <sip:bob@example.net>;tag=b1\n"
             "To: \"Alice \\\"A\\\"\" <sip:alice@example.net>;x=y\n"
             "Call-ID: 1@phone.example.net\n"
             "CSeq: 314159 INVITE\n"
             "Contact: <sip:bob@192.0.2.7:5070>\n");
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    went_to(&s, "192.0.2.7:5060");
    says(&s, "Via", "SIP/2.0/UDP proxy.example.net;branch=z9hG4bK-p1;"
                    "received=192.0.2.7;rport=5060");
    mentions(&s, "From", "<sip:bob@example.net>;tag=b1");
    mentions(&s, "To", "\"Alice \\\"A\\\"\" <sip:alice@example.net>");
    mentions(&s, "To", "x=y");
    mentions(&s, "To", ";tag=");
    says(&s, "CSeq", "314159 INVITE");
    says(&s, "Call-ID", "1@phone.example.net");
    says(&s, "Record-Route", "<sip:192.0.2.2;lr>");
    CHECK(strstr(header_number(&s, "Record-Route", 1), "<sip:198.51.100.2;lr>"));
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 486, "INVITE");
    heard(&s, 0, "ended", SIP_END_LOCAL);
    ask_text(&s, 10,
             "ACK sip:alice@192.0.2.1 SIP/2.0\n"
             "Via: SIP/2.0/UDP proxy.example.net;branch=z9hG4bK-p1;rport\n"
             "From: Bob <sip:bob@example.net>;tag=b1\n"
             "To: <sip:alice@example.net>;tag=whatever\n"
             "Call-ID: 1@phone.example.net\n"
             "CSeq: 314159 ACK\n");
    quiet(&s);
}

TEST(refusal_is_repeated_until_its_ack)                /* §17.2.1 timers G, H, I */
{
    static const uint32_t at[] = {500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500};
    struct stage s = stage_udp();
    struct sip_refusal refusal = {0};
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    refusal.status = 600;
    refusal.reason = sip_str("Not today");
    returns(&s, sip_call_decline(s.ua, s.now, call, &refusal), 0);
    returns(&s, sip_call_decline(s.ua, s.now, call, &refusal), SIP_ESTATE);
    answered(&s, 0, 600, "INVITE");
    CHECK_STR(sip_str(start_line(&s)), "SIP/2.0 600 Not today");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        answered(&s, at[i], 600, "INVITE");            /* he never says ACK */
        is_repeated(&s);
    }
    quiet(&s);
    CHECK_INT(s.now, 32000);                           /* timer H: 64*T1 */
}

TEST(call_that_rings_too_long_is_unavailable) /* §21.4.18; ring_max, provisionals §13.3.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    answered(&s, 60000, 180, "INVITE");                /* a 1xx each minute */
    is_repeated(&s);
    answered(&s, 120000, 180, "INVITE");
    answered_between(&s, 179999, 180000, 180, "INVITE");
    answered(&s, 180000, 480, "INVITE");
    CHECK_INT(heard(&s, 180000, "ended", SIP_END_EXPIRED)->status, 480);
    ask(&s, 180010, "ACK");
    quiet(&s);
}

TEST(invite_expires_as_its_caller_said)                /* §13.3.1: Expires; 487 */
{
    struct stage s = stage_udp();

    invite_with(&s, 0, .headers = "Expires: 10\n");
    heard(&s, 0, "incoming", 0);
    answered(&s, 200, 100, "INVITE");
    answered(&s, 10000, 487, "INVITE");
    heard(&s, 10000, "ended", SIP_END_EXPIRED);
    ask(&s, 10010, "ACK");
    quiet(&s);
}

TEST(invite_that_is_over_already_expires_at_once)      /* §13.3.1: Expires: 0 */
{
    struct stage s = stage_udp();

    invite_with(&s, 0, .headers = "Expires: 0\n");
    heard(&s, 0, "incoming", 0);
    answered(&s, 0, 487, "INVITE");
    heard(&s, 0, "ended", SIP_END_EXPIRED);
    ask(&s, 10, "ACK");
    quiet(&s);
}

TEST(caller_is_redirected)                             /* §8.3, §13.3.1.2: a refusal with 302 */
{
    struct stage s = stage_udp();
    struct sip_refusal refusal = {0};
    struct sip_extra contact = {{NULL, 0}, {NULL, 0}};
    struct sip_call call;

    contact.name = sip_str("Contact");
    contact.value = sip_str("<sip:alice@198.51.100.8>;q=0.7");
    refusal.status = 302;
    refusal.headers.at = &contact;
    refusal.headers.count = 1;
    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_decline(s.ua, s.now, call, &refusal), 0);
    answered(&s, 0, 302, "INVITE");
    says(&s, "Contact", "<sip:alice@198.51.100.8>;q=0.7");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    ask(&s, 10, "ACK");
    quiet(&s);
}

TEST(early_media_comes_before_the_answer)              /* §13.3.1.1: 183 with a session */
{
    struct stage s = stage_udp();
    struct sip_call_message early = {0};
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    early.status = 183;
    early.body = stage_body(stage_answer);
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 183, "INVITE");
    carries(&s, stage_answer);
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>"); /* §12.1.1 */
    early.status = 200;
    returns(&s, sip_call_ring(s.ua, s.now, call, &early), SIP_EINVAL);
    returns(&s, sip_call_accept(s.ua, s.now, call, &early), 0);
    answered(&s, 0, 200, "INVITE");
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), SIP_ESTATE);
    ask(&s, 10, "ACK");
    heard(&s, 10, "confirmed", 0);
    ask(&s, 20, "BYE");
    answered(&s, 20, 200, "BYE");
    heard(&s, 20, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(bob_gives_up_by_cancel)                           /* RFC 3665 §3.8; RFC 3261 §9.2 */
{
    struct stage s = stage_udp();
    struct sip_call call;
    char tag[256];

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    snprintf(tag, sizeof tag, "%s", header(&s, "To"));
    ask(&s, 5000, "CANCEL");
    answered(&s, 5000, 200, "CANCEL");
    says(&s, "To", tag);                               /* §9.2: the same tag */
    answered(&s, 5000, 487, "INVITE");
    CHECK_INT(heard(&s, 5000, "ended", SIP_END_CANCELLED)->status, 487);
    ask(&s, 5010, "ACK");
    quiet(&s);
}

TEST(another_phone_took_the_call)                      /* RFC 3326 §3.1 */
{
    struct stage s = stage_udp();
    const struct told *ended;

    invite(&s, 0);
    heard(&s, 0, "incoming", 0);
    ask_with(&s, 100, "CANCEL",
             .headers = "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\n");
    answered(&s, 100, 200, "CANCEL");
    answered(&s, 100, 487, "INVITE");
    ended = heard(&s, 100, "ended", SIP_END_ELSEWHERE);
    CHECK_STR(sip_str(ended->reason), "Call completed elsewhere");
    ask(&s, 110, "ACK");
    quiet(&s);
}

#define LIST                                                                                       \
    T(trying_is_said_when_the_host_takes_its_time)                                                 \
    T(answer_copies_what_it_must)                                                                  \
    T(refusal_is_repeated_until_its_ack)                                                           \
    T(call_that_rings_too_long_is_unavailable)                                                     \
    T(invite_expires_as_its_caller_said)                                                           \
    T(invite_that_is_over_already_expires_at_once)                                                 \
    T(caller_is_redirected)                                                                        \
    T(early_media_comes_before_the_answer)                                                         \
    T(bob_gives_up_by_cancel)                                                                      \
    T(another_phone_took_the_call)

FLOWS(LIST)
