/* What is owed to the wire is said, whatever the host or the peer has done: a refusal though its
 * texts cannot be written, a CANCEL though all slots are taken, last events before `stopped`.
 *
 *     alice                          bob
 *       |----------- INVITE ---------->|
 *       |   (given up)                 |
 *       |<------------ 180 ------------|
 *       |----------- CANCEL ---------->|   nobody else took its slot meanwhile
 */
#include "stage.h"

static struct sip_refusal saying(const char *reason)
{
    struct sip_refusal refusal = {0};

    refusal.reason = sip_str(reason);
    return refusal;
}

TEST(refusal_that_cannot_be_written_is_an_error)       /* sip/ua.h: nothing was sent */
{
    struct stage s = stage_udp();
    struct sip_refusal bad = saying("No\r\nVia: x"), good = saying("No");
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_decline(s.ua, s.now, call, &bad), SIP_EHEADER);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, &bad), SIP_EHEADER);
    returns(&s, sip_call_decline(s.ua, s.now, call, &good), 0);
    answered(&s, 0, 486, "INVITE");
    CHECK_STR(sip_str(start_line(&s)), "SIP/2.0 486 No");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    ask(&s, 10, "ACK");
    quiet(&s);
}

TEST(bye_is_said_without_what_does_not_fit)            /* §15.1.1 */
{
    static char text[700];
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    struct sip_extra extra;
    struct sip_refusal refusal = {0};

    memset(text, 'x', sizeof text);
    extra.name = sip_str("X-Text");
    extra.value = sip_bytes(text, sizeof text);
    refusal.headers.at = &extra;
    refusal.headers.count = 1;
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .contact = "<sip:0123456789012345678901234567890123456789"
               "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
               "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
               "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
               "@192.0.2.7>", .headers = "Record-Route: <sip:0123456789012345678901234567890123456"
               "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
               "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
               "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
               "@192.0.2.2;lr>\n");
    pass(&s, 10);
    heard(&s, 10, "answered", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, &refusal), 0);
    sent(&s, 10, "BYE", NULL);
    lacks(&s, "X-Text");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "BYE", 200);
    quiet(&s);
}

static void few_transactions(struct sip_config *config)
{
    config->stack.limits.calls = 2;
    config->stack.limits.transactions = 4;
    config->stack.limits.requests = 8;
    config->stack.limits.buffers_small = 12;
    config->stack.limits.buffers_large = 12;
}

TEST(cancel_that_waits_for_a_1xx_keeps_its_slot)       /* §9.1; DESIGN rule 2 */
{
    struct stage s = stage_with(few_transactions);
    struct sip_call call = stage_call(&s, "sip:bob@example.net");
    struct sip_request_args args = {0};
    struct sip_request request;
    int error = 0;

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    heard(&s, 0, "ended", SIP_END_LOCAL);
    args.method = sip_str("MESSAGE");
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    while (!error)
        error = sip_request_start(s.ua, s.now, &args, &request);
    returns(&s, error, SIP_EFULL);
    pass(&s, 10);
    reply(&s, 10, "INVITE", 180);
    sent(&s, 10, "CANCEL", "sip:bob@example.net");
    reply(&s, 20, "CANCEL", 200);
    reply(&s, 20, "INVITE", 487);
    sent(&s, 20, "ACK", "sip:bob@example.net");
    forget(&s, 33000);
    quiet(&s);
}

TEST(reinvite_that_rings_ends_with_its_call)           /* §15.1.2: 487 is not sure to come */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    returns(&s, sip_call_offer(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "INVITE", "sip:bob@192.0.2.7");
    reply(&s, 20, "INVITE", 100);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 20, "CANCEL", "sip:bob@192.0.2.7");
    sent(&s, 20, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 20, "ended", SIP_END_LOCAL);
    reply(&s, 30, "BYE", 200);
    reply(&s, 30, "CANCEL", 200);                      /* and never a final answer */
    quiet(&s);
}

TEST(bye_of_one_fork_leaves_the_others)                /* §12.3, §15 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 180, .tag = "a");
    heard(&s, 10, "progress", 180);
    reply_with(&s, 20, "INVITE", 180, .tag = "b");
    heard(&s, 20, "progress", 180);
    ask_with(&s, 30, "BYE", .him = "<sip:bob@example.net>;tag=a");
    answered(&s, 30, 200, "BYE");
    silent(&s, 40);
    reply_with(&s, 40, "INVITE", 200, .tag = "b");
    sent(&s, 40, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 40, "answered", 200);
    ask_with(&s, 50, "BYE", .him = "<sip:bob@example.net>;tag=b");
    answered(&s, 50, 200, "BYE");
    heard(&s, 50, "ended", SIP_END_REMOTE);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
}

TEST(stopped_comes_after_all_last_events)              /* sip/ua.h, sip_ua_stop() */
{
    struct stage s = stage_udp();
    struct sip_request_args args = {0};
    struct sip_request request;

    stage_register(&s, 3600);
    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 10, "REGISTER", 200);
    heard(&s, 10, "registered", 3600);
    args.method = sip_str("MESSAGE");
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    sent(&s, 10, "MESSAGE", "sip:bob@example.net");
    reply(&s, 20, "MESSAGE", 100);
    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    sent(&s, 20, "REGISTER", "sip:example.net");       /* nobody answers any more */
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>;expires=0");
    pass(&s, 30000);
    heard(&s, 32010, "request answered", 408);
    pass(&s, 32020);
    heard(&s, 32020, "registration ended", 0);
    heard(&s, 32020, "stopped", 0);
}

TEST(request_too_long_to_be_answered_holds_nothing)    /* §18.1.1, §21.5.7 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0,
             "INVITE sip:a@h SIP/2.0\n"
             "Via: SIP/2.0/UDP 192.0.2.7;branch={branch}\n"
             "Via: SIP/2.0/UDP a;x=01234567890123456789012345678901234567890123456789012345678901"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "01234567890123456789012345678901234567890123456789012345678901234567890123456789012"
             "0123456789012345678901234567890123456789012345678901234567890123456789012\n"
             "f:<sip:b@h>;tag=1\nt:<sip:a@h>\ni:1\nCSeq:1 INVITE\nm:<sip:b@192.0.2.7>\n\n");
    pass(&s, 10);
    forget(&s, 10);
    CHECK_INT(usage(&s, "transactions").used, 0);
    quiet(&s);
}

TEST(uri_with_headers_is_called_without_them)          /* §19.1.1, table 1 */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net;user=phone;method=BYE?Subject=x");

    sent(&s, 0, "INVITE", "sip:bob@example.net;user=phone");
    says(&s, "To", "<sip:bob@example.net;user=phone>");
    reply(&s, 10, "INVITE", 486);
    sent(&s, 10, "ACK", "sip:bob@example.net;user=phone");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
}

TEST(sips_uri_never_goes_over_udp)                     /* §8.1.2, §26.2.2 */
{
    struct stage s = stage_udp();                      /* whose server has a SIP URI */
    struct sip_call call = stage_call(&s, "sips:bob@example.net");

    heard(&s, 0, "ended", SIP_END_NETWORK);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
}

TEST(body_without_a_type_is_not_sent)                  /* §20.15 */
{
    struct stage s = stage_udp();
    struct sip_call_message message = {0};
    struct sip_call_args args = {0};
    struct sip_call call;

    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    args.body = stage_body(stage_offer);
    args.body.type = sip_str("");
    if (!is_squeezed())
        returns(&s, sip_call_start(s.ua, s.now, &args, &call), SIP_EINVAL);
    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    message.body = args.body;
    returns(&s, sip_call_accept(s.ua, s.now, call, &message), SIP_EINVAL);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 486, "INVITE");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    ask(&s, 10, "ACK");
    quiet(&s);
}

#define LIST                                                                                       \
    T(refusal_that_cannot_be_written_is_an_error)                                                  \
    T(bye_is_said_without_what_does_not_fit)                                                       \
    T(cancel_that_waits_for_a_1xx_keeps_its_slot)                                                  \
    T(reinvite_that_rings_ends_with_its_call)                                                      \
    T(bye_of_one_fork_leaves_the_others)                                                           \
    T(stopped_comes_after_all_last_events)                                                         \
    T(request_too_long_to_be_answered_holds_nothing)                                               \
    T(uri_with_headers_is_called_without_them)                                                     \
    T(sips_uri_never_goes_over_udp)                                                                \
    T(body_without_a_type_is_not_sent)

FLOWS(LIST)
