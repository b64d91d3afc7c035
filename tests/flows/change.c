/* Re-INVITEs: hold, resume, glare, refusals, late offers, in both directions (RFC 3261 §14).
 *
 *     alice                          bob
 *       |<============ RTP ============>|
 *       |---- INVITE (a=sendonly) ----->|   hold
 *       |<----------- 200 OK -----------|
 *       |------------- ACK ------------>|
 */
#include "stage.h"

static struct sip_call is_up(struct stage *s)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");

    sent(s, 0, "INVITE", "sip:bob@example.net");
    reply_with(s, 10, "INVITE", 200, .body = stage_answer);
    sent(s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(s, 10, "answered", 200);
    return call;
}

static void bob_ends(struct stage *s, uint64_t t)
{
    ask(s, t, "BYE");
    answered(s, t, 200, "BYE");
    heard(s, t, "ended", SIP_END_REMOTE);
    quiet(s);
}

static int offer(struct stage *s, struct sip_call call, const char *sdp)
{
    struct sip_call_message message = {0};

    message.body = stage_body(sdp);
    return sip_call_offer(s->ua, s->now, call, &message);
}

static int accept(struct stage *s, struct sip_call call, const char *sdp)
{
    struct sip_call_message message = {0};

    message.body = stage_body(sdp);
    return sip_call_accept(s->ua, s->now, call, &message);
}

TEST(alice_holds_and_resumes)                          /* §14.1; RFC 3264 §8.4 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    pass(&s, 1000);
    returns(&s, offer(&s, call, stage_hold), 0);
    returns(&s, offer(&s, call, stage_hold), SIP_ESTATE);   /* one at a time */
    sent(&s, 1000, "INVITE", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "2 INVITE");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    carries(&s, stage_hold);
    reply_with(&s, 1010, "INVITE", 200, .body = stage_answer);
    sent(&s, 1010, "ACK", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "2 ACK");
    CHECK_STR(sip_str(heard(&s, 1010, "changed", 200)->body), stage_answer);

    pass(&s, 5000);
    returns(&s, offer(&s, call, stage_offer), 0);
    sent(&s, 5000, "INVITE", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "3 INVITE");
    reply_with(&s, 5010, "INVITE", 200, .contact = "<sip:bob@192.0.2.9>", .body = stage_answer);
    sent(&s, 5010, "ACK", "sip:bob@192.0.2.9");        /* §12.2.1.2: the new remote target */
    heard(&s, 5010, "changed", 200);
    again(&s, 5510);                                   /* its ACK was lost */
    sent(&s, 5510, "ACK", "sip:bob@192.0.2.9");
    says(&s, "CSeq", "3 ACK");
    is_repeated(&s);
    bob_ends(&s, 6000);
}

TEST(bob_holds_and_resumes)                            /* §14.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    const struct told *told;

    ask_with(&s, 1000, "INVITE", .body = stage_hold);
    told = heard(&s, 1000, "offered", 0);
    CHECK(told->offer);
    CHECK_STR(sip_str(told->body), stage_hold);
    returns(&s, accept(&s, call, stage_answer), 0);
    answered(&s, 1000, 200, "INVITE");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    carries(&s, stage_answer);
    answered(&s, 1500, 200, "INVITE");                 /* §13.3.1.4: until its ACK */
    is_repeated(&s);
    ask(&s, 1510, "ACK");
    ask_with(&s, 2000, "INVITE", .body = stage_offer);
    heard(&s, 2000, "offered", 0);
    answered(&s, 2200, 100, "INVITE");                 /* the host asks somebody */
    returns(&s, accept(&s, call, stage_answer), 0);
    answered(&s, 2200, 200, "INVITE");
    ask(&s, 2210, "ACK");
    silent(&s, 40000);
    bob_ends(&s, 40000);
}

TEST(refused_change_leaves_the_session)                /* §14.1: 488 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    returns(&s, offer(&s, call, stage_hold), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    reply(&s, 20, "INVITE", 488);
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 20, "unchanged", 488);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    returns(&s, offer(&s, call, stage_offer), 0);      /* and another can be tried */
    sent(&s, 20, "INVITE", "sip:bob@192.0.2.7");
    reply_with(&s, 30, "INVITE", 200, .body = stage_answer);
    sent(&s, 30, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 30, "changed", 200);
    bob_ends(&s, 40);
}

TEST(host_refuses_a_change)                            /* §14.2: 488, the call goes on */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    ask_with(&s, 1000, "INVITE", .body = stage_hold);
    heard(&s, 1000, "offered", 0);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 1000, 488, "INVITE");
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), SIP_ESTATE);
    returns(&s, accept(&s, call, stage_answer), SIP_ESTATE);
    ask(&s, 1010, "ACK");
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    bob_ends(&s, 2000);
}

TEST(host_never_answers_a_change)                      /* sip/call.h: offer_wait 30 s, then 488 */
{
    struct stage s = stage_udp();

    is_up(&s);
    ask_with(&s, 1000, "INVITE", .body = stage_hold);
    heard(&s, 1000, "offered", 0);
    answered(&s, 1200, 100, "INVITE");
    answered(&s, 31000, 488, "INVITE");
    heard(&s, 31000, "unchanged", 488);
    ask(&s, 31010, "ACK");
    bob_ends(&s, 32000);
}

TEST(changes_cross_and_get_491)                        /* §14.1, §14.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    returns(&s, offer(&s, call, stage_hold), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    ask_with(&s, 20, "INVITE", .body = stage_hold);
    answered(&s, 20, 491, "INVITE");
    reply(&s, 20, "INVITE", 491);
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 20, "unchanged", 491);
    ask(&s, 30, "ACK");
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    bob_ends(&s, 1000);
}

TEST(second_change_of_bobs_gets_500_with_retry_after)  /* §14.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    ask_with(&s, 1000, "INVITE", .body = stage_hold);
    heard(&s, 1000, "offered", 0);
    ask_with(&s, 1010, "INVITE", .body = stage_offer);
    answered(&s, 1010, 500, "INVITE");
    CHECK(header(&s, "Retry-After")[0] != '\0');
    ask(&s, 1015, "ACK");
    returns(&s, accept(&s, call, stage_answer), 0);
    answered(&s, 1015, 200, "INVITE");
    ask_with(&s, 1020, "ACK", .cseq = 1);
    bob_ends(&s, 2000);
}

TEST(re_invite_before_the_first_answer)                /* §14.2: 491 while our INVITE is open */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 180);
    heard(&s, 10, "progress", 180);
    ask_with(&s, 20, "INVITE", .body = stage_offer);
    answered(&s, 20, 491, "INVITE");
    ask(&s, 25, "ACK");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 25, "CANCEL", "sip:bob@example.net");
    heard(&s, 25, "ended", SIP_END_LOCAL);
    reply(&s, 30, "CANCEL", 200);
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:bob@example.net");
    quiet(&s);
}

TEST(re_invite_while_the_first_waits_for_the_host)     /* §14.2: 500 with Retry-After */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    ask_with(&s, 10, "INVITE", .body = stage_offer);
    answered(&s, 10, 500, "INVITE");
    CHECK(header(&s, "Retry-After")[0] != '\0');
    ask(&s, 15, "BYE");
    answered(&s, 15, 200, "BYE");
    answered(&s, 15, 487, "INVITE");                   /* §15.1.2 */
    heard(&s, 15, "ended", SIP_END_REMOTE);
    pass(&s, 60000);                                   /* bob never acknowledges */
    quiet(&s);
}

TEST(late_offer_of_alice)                              /* §14.1: no offer in the re-INVITE */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    const struct told *told;

    returns(&s, sip_call_offer(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    lacks(&s, "Content-Type");
    reply_with(&s, 20, "INVITE", 200, .body = stage_offer);
    told = heard(&s, 20, "changed", 200);
    CHECK(told->offer);
    returns(&s, offer(&s, call, stage_hold), SIP_ESTATE);
    silent(&s, 400);
    returns(&s, accept(&s, call, stage_answer), 0);
    sent(&s, 400, "ACK", "sip:bob@192.0.2.7");
    carries(&s, stage_answer);
    again(&s, 520);
    sent(&s, 520, "ACK", "sip:bob@192.0.2.7");
    is_repeated(&s);
    bob_ends(&s, 600);
}

TEST(late_offer_of_bob)                                /* §14.2: our 2xx offers, his ACK answers */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    ask(&s, 1000, "INVITE");
    CHECK(!heard(&s, 1000, "offered", 0)->offer);
    returns(&s, accept(&s, call, stage_offer), 0);
    answered(&s, 1000, 200, "INVITE");
    carries(&s, stage_offer);
    ask_with(&s, 1010, "ACK", .body = stage_answer);
    CHECK_STR(sip_str(heard(&s, 1010, "changed", 0)->body), stage_answer);
    bob_ends(&s, 2000);
}

TEST(change_that_nobody_answers_ends_the_call)         /* §14.1: 408 ends the dialog */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    returns(&s, offer(&s, call, stage_hold), 0);
    for (uint64_t t = 10; t < 32010; t = 2 * (t - 10) + 510)
        sent(&s, t, "INVITE", "sip:bob@192.0.2.7");
    sent(&s, 32010, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 32010, "ended", SIP_END_TIMEOUT);
    reply(&s, 32020, "BYE", 481);
    quiet(&s);
}

TEST(change_in_a_dialog_bob_has_lost_ends_the_call)    /* §12.2.1.2, §14.1: 481 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    returns(&s, offer(&s, call, stage_hold), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    reply(&s, 20, "INVITE", 481);
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 20, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 20, "ended", SIP_END_REMOTE);
    reply(&s, 30, "BYE", 481);
    quiet(&s);
}

TEST(bob_cancels_his_change)                           /* §9.2: 487, the call goes on */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    ask_with(&s, 1000, "INVITE", .body = stage_hold);
    heard(&s, 1000, "offered", 0);
    ask(&s, 1010, "CANCEL");
    answered(&s, 1010, 200, "CANCEL");
    answered(&s, 1010, 487, "INVITE");
    heard(&s, 1010, "unchanged", 487);
    ask(&s, 1020, "ACK");
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    bob_ends(&s, 2000);
}

TEST(change_answers_a_challenge)                       /* §22.3 in a dialog: the next CSeq */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    returns(&s, offer(&s, call, stage_hold), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    reply_with(&s, 20, "INVITE", 407,
               .headers = "Proxy-Authenticate: Digest realm=\"example.net\", nonce=\"n1\", "
                          "qop=\"auth\"\n");
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    sent(&s, 20, "INVITE", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "3 INVITE");
    mentions(&s, "Proxy-Authorization", "nonce=\"n1\"");
    carries(&s, stage_hold);
    reply_with(&s, 30, "INVITE", 200, .body = stage_answer);
    sent(&s, 30, "ACK", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "3 ACK");
    mentions(&s, "Proxy-Authorization", "nonce=\"n1\"");
    heard(&s, 30, "changed", 200);
    bob_ends(&s, 40);
}

TEST(change_meets_a_stale_nonce_twice_at_most)         /* RFC 7616 §3.3; never a loop */
{
    static const char *const asks[] = {
        "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n0\", qop=\"auth\"\n",
        "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", stale=true\n",
        "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=true\n",
        "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n3\", qop=\"auth\", stale=true\n",
    };
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);

    returns(&s, offer(&s, call, stage_hold), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    for (int i = 0; i < 4; i++) {
        reply_with(&s, 20, "INVITE", 407, .headers = asks[i]);
        sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
        if (i < 3)
            sent(&s, 20, "INVITE", "sip:bob@192.0.2.7");
    }
    heard(&s, 20, "unchanged", 407);
    bob_ends(&s, 40);
}

#define LIST                                                                                       \
    T(alice_holds_and_resumes)                                                                     \
    T(bob_holds_and_resumes)                                                                       \
    T(refused_change_leaves_the_session)                                                           \
    T(host_refuses_a_change)                                                                       \
    T(host_never_answers_a_change)                                                                 \
    T(changes_cross_and_get_491)                                                                   \
    T(second_change_of_bobs_gets_500_with_retry_after)                                             \
    T(re_invite_before_the_first_answer)                                                           \
    T(re_invite_while_the_first_waits_for_the_host)                                                \
    T(late_offer_of_alice)                                                                         \
    T(late_offer_of_bob)                                                                           \
    T(change_that_nobody_answers_ends_the_call)                                                    \
    T(change_in_a_dialog_bob_has_lost_ends_the_call)                                               \
    T(bob_cancels_his_change)                                                                      \
    T(change_answers_a_challenge)                                                                  \
    T(change_meets_a_stale_nonce_twice_at_most)

FLOWS(LIST)
