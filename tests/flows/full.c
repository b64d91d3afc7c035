/* What is full: a flow for each row of the table in DESIGN.md, section 6. The running calls are
 * unharmed each time.
 *
 *      bob                           alice, calls = 1
 *       |------------ INVITE ---------->|
 *       |<--------- 180 Ringing --------|
 *       |-------- another INVITE ------>|
 *       |<-------- 486 Busy Here -------|
 */
#include "stage.h"

static struct sip_call bob_calls(struct stage *s, uint64_t t)
{
    struct sip_call call;

    invite(s, t);
    call = heard(s, t, "incoming", 0)->call;
    returns(s, sip_call_accept(s->ua, s->now, call, NULL), 0);
    answered(s, t, 200, "INVITE");
    ask(s, t, "ACK");
    heard(s, t, "confirmed", 0);
    return call;
}

static struct sip_call alice_calls(struct stage *s, uint64_t t)
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

static void bob_ends(struct stage *s, int number, uint64_t t)
{
    talk(s, number);
    ask(s, t, "BYE");
    answered(s, t, 200, "BYE");
    heard(s, t, "ended", SIP_END_REMOTE);
}

static int start(struct stage *s)
{
    struct sip_call_args args = {0};
    struct sip_call call;
    int got;

    args.to = sip_str("sip:carol@example.net");
    args.account = s->account;
    got = sip_call_start(s->ua, s->now, &args, &call);
    CHECK((call.id == 0) == (got != 0));
    return got;
}

static void two_calls(struct sip_config *config)
{
    config->stack.limits.calls = 2;
}

TEST(calls_are_full)                                   /* 486; SIP_EFULL, and which limit */
{
    struct stage s = stage_with(two_calls);

    bob_calls(&s, 0);
    alice_calls(&s, 10);
    invite(&s, 20);
    answered(&s, 20, 486, "INVITE");
    lacks(&s, "Retry-After");
    ask(&s, 20, "ACK");
    returns(&s, start(&s), SIP_EFULL);
    CHECK(usage(&s, "calls").refused >= 2);
    ask_text(&s, 25, "OPTIONS sip:alice@192.0.2.1 SIP/2.0\n"       /* §11.2: as an INVITE now */
                     "Via: SIP/2.0/UDP 192.0.2.7;branch={branch}\nMax-Forwards: 70\n"
                     "From: <sip:bob@example.net>;tag=1\nTo: <sip:alice@example.net>\n"
                     "Call-ID: x\nCSeq: 1 OPTIONS\n");
    answered(&s, 25, 486, "OPTIONS");
    bob_ends(&s, 0, 30);
    bob_ends(&s, 1, 40);
    quiet(&s);
}

static void one_comes_in(struct sip_config *config)
{
    config->stack.limits.calls = 3;
    config->stack.limits.calls_incoming = 1;
}

TEST(incoming_calls_have_a_limit_of_their_own)         /* calls_incoming */
{
    struct stage s = stage_with(one_comes_in);

    bob_calls(&s, 0);
    invite(&s, 10);
    answered(&s, 10, 486, "INVITE");
    alice_calls(&s, 20);
    bob_ends(&s, 0, 30);
    bob_ends(&s, 2, 40);
    invite(&s, 50);                                    /* there is room again */
    heard(&s, 50, "incoming", 0);
    ask(&s, 60, "CANCEL");
    answered(&s, 60, 200, "CANCEL");
    answered(&s, 60, 487, "INVITE");
    heard(&s, 60, "ended", SIP_END_CANCELLED);
    ask(&s, 70, "ACK");
    quiet(&s);
}

static void one_is_reserved(struct sip_config *config)
{
    config->stack.limits.calls = 2;
    config->stack.limits.calls_reserved_out = 1;
}

TEST(emergency_call_finds_a_slot)                      /* calls_reserved_out */
{
    struct stage s = stage_with(one_is_reserved);

    bob_calls(&s, 0);
    invite(&s, 10);
    answered(&s, 10, 486, "INVITE");
    alice_calls(&s, 20);
    bob_ends(&s, 0, 30);
    bob_ends(&s, 2, 40);
    quiet(&s);
}

static void one_rings(struct sip_config *config)
{
    config->stack.limits.calls = 3;
    config->stack.limits.ringing_unverified = 1;
}

TEST(strangers_ring_one_at_a_time)                     /* DESIGN rule 10: ringing_unverified */
{
    struct stage s = stage_with(one_rings);
    struct sip_call call;

    invite_with(&s, 0, .source = "198.51.100.1:5060");
    call = heard(&s, 0, "incoming", 0)->call;
    invite_with(&s, 10, .source = "198.51.100.2:5060");
    answered(&s, 10, 486, "INVITE");
    talk(&s, 0);
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 200, "INVITE");
    ask_with(&s, 20, "ACK", .source = "198.51.100.1:5060");
    heard(&s, 20, "confirmed", 0);
    invite_with(&s, 30, .source = "198.51.100.2:5060"); /* nobody is ringing now */
    heard(&s, 30, "incoming", 0);
    ask(&s, 40, "CANCEL");
    answered(&s, 40, 200, "CANCEL");
    answered(&s, 40, 487, "INVITE");
    heard(&s, 40, "ended", SIP_END_CANCELLED);
    ask(&s, 40, "ACK");
    bob_ends(&s, 0, 50);
    quiet(&s);
}

static void few_transactions(struct sip_config *config)
{
    config->stack.limits.calls = 8;
    config->stack.limits.transactions = 4;
    config->stack.limits.refusals_per_s = 3;
}

TEST(transactions_are_full)                            /* stateless 503, so many a second */
{
    struct stage s = stage_with(few_transactions);
    int refused = 0;

    invite(&s, 0);
    heard(&s, 0, "incoming", 0);
    invite(&s, 0);
    heard(&s, 0, "incoming", 0); /* two, and as many set aside for their end */
    for (int i = 0; i < 6; i++) {
        invite(&s, 10);
        if (i < 3) {
            answered(&s, 10, 503, "INVITE");
            lacks(&s, "Retry-After");                  /* a proxy would take us out of service */
            refused++;
        }
    }
    silent(&s, 20);                                    /* the rest is dropped: they repeat */
    ask_text(&s, 30, "MESSAGE sip:alice@192.0.2.1 SIP/2.0\n"
                     "Via: SIP/2.0/UDP 192.0.2.7;branch={branch}\nMax-Forwards: 70\n"
                     "From: <sip:bob@example.net>;tag=1\nTo: <sip:alice@example.net>\n"
                     "Call-ID: x\nCSeq: 1 MESSAGE\n");
    silent(&s, 40);
    CHECK(usage(&s, "transactions").refused > 0);
    returns(&s, start(&s), SIP_EFULL);
    pass(&s, 1010);
    invite(&s, 1010);                                  /* the next second */
    answered(&s, 1010, 503, "INVITE");
    for (int i = 0; i < 2; i++) {                      /* both calls end all the same */
        talk(&s, i);
        ask(&s, 1020, "CANCEL");
        answered(&s, 1020, 200, "CANCEL");
        answered(&s, 1020, 487, "INVITE");
        heard(&s, 1020, "ended", SIP_END_CANCELLED);
        ask(&s, 1020, "ACK");
    }
    quiet(&s);
}

static void few_buffers(struct sip_config *config)
{
    config->stack.limits.calls = 2;
    config->stack.limits.buffers_large = 1;
}

TEST(large_buffers_are_full_in_a_dialog) /* in: 500 with Retry-After; out: SIP_EFULL */
{
    static char body[700];
    struct stage s = stage_with(few_buffers);
    struct sip_call call = alice_calls(&s, 0), other;
    struct sip_call_message offer = {0};
    const char *wait;

    pass(&s, 33000);                                   /* the INVITE's copy of the ACK is gone */
    invite(&s, 33000);
    other = heard(&s, 33000, "incoming", 0)->call;     /* it has the one buffer */
    talk(&s, 0);
    ask_with(&s, 33010, "INVITE", .body = stage_hold);
    answered(&s, 33010, 500, "INVITE");
    wait = header(&s, "Retry-After");
    CHECK(wait[0] >= '0' && wait[0] <= '9' && strlen(wait) <= 2);
    ask(&s, 33010, "ACK");
    memset(body, 'v', sizeof body);
    offer.body.type = sip_str("application/sdp");      /* too long for a small buffer */
    offer.body.bytes = sip_bytes(body, sizeof body);
    returns(&s, sip_call_offer(s.ua, s.now, call, &offer), SIP_EFULL);
    silent(&s, 33100);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    talk(&s, 1);
    returns(&s, sip_call_decline(s.ua, s.now, other, NULL), 0);
    answered(&s, 33100, 486, "INVITE");
    heard(&s, 33100, "ended", SIP_END_REFUSED);
    ask(&s, 33110, "ACK");
    bob_ends(&s, 0, 33120);
    quiet(&s);
}

static void one_request(struct sip_config *config)
{
    config->stack.limits.requests = 1;
}

TEST(requests_are_full)                                /* in a dialog 500, out of one dropped */
{
    struct stage s = stage_with(one_request);
    struct sip_request_args args = {0};
    struct sip_request request;
    const struct told *told;
    struct sip_call call = alice_calls(&s, 0);

    ask(&s, 10, "INFO");
    told = heard(&s, 10, "request", 0);
    ask(&s, 20, "INFO");
    answered(&s, 20, 500, "INFO");
    CHECK(header(&s, "Retry-After")[0] != '\0');
    args.method = sip_str("INFO");
    args.call = call;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EFULL);
    returns(&s, sip_request_reply(s.ua, s.now, told->request, NULL), 0);
    answered(&s, 20, 200, "INFO");
    bob_ends(&s, 0, 30);
    quiet(&s);
}

static void long_contact(struct sip_config *config)
{
    config->stack.limits.calls = 2;
    config->stack.limits.buffers_large = 2;
    config->stack.limits.buffers_small = 3;
}

static const char *contact_of(size_t len)
{
    static char contact[1000];
    int n = snprintf(contact, sizeof contact, "<sip:");

    memset(contact + n, 'b', len);
    snprintf(contact + (size_t)n + len, sizeof contact - (size_t)n - len, "@192.0.2.7>");
    return contact;
}

TEST(dialogs_text_takes_a_buffer_when_it_is_long) /* DESIGN section 6: inline up to 384 bytes */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .contact = contact_of(500));
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 200, "INVITE");
    ask(&s, 10, "ACK");
    heard(&s, 10, "confirmed", 0);
    ask_with(&s, 20, "INVITE", .contact = contact_of(700));        /* target refresh */
    heard(&s, 20, "offered", 0);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 20, 488, "INVITE");
    ask(&s, 30, "ACK");
    ask_with(&s, 40, "INVITE", .contact = "<sip:bob@192.0.2.7>");
    heard(&s, 40, "offered", 0);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 40, 488, "INVITE");
    ask(&s, 50, "ACK");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 50, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 50, "ended", SIP_END_LOCAL);
    reply(&s, 60, "BYE", 200);
    quiet(&s);
}

TEST(dialogs_text_fits_nowhere)                        /* 500 */
{
    struct stage s = stage_with(long_contact);
    struct sip_call call = alice_calls(&s, 0);

    invite_with(&s, 10, .contact = contact_of(500));   /* one buffer each for INVITE and dialog */
    heard(&s, 10, "incoming", 0);
    talk(&s, 0);
    ask_with(&s, 20, "INVITE", .contact = contact_of(600));
    answered(&s, 20, 500, "INVITE");
    ask(&s, 20, "ACK");
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    talk(&s, 1);
    ask(&s, 30, "CANCEL");
    answered(&s, 30, 200, "CANCEL");
    answered(&s, 30, 487, "INVITE");
    heard(&s, 30, "ended", SIP_END_CANCELLED);
    ask(&s, 40, "ACK");
    talk(&s, 0);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 40, "BYE", "sip:bob@192.0.2.7");
    heard(&s, 40, "ended", SIP_END_LOCAL);
    reply(&s, 50, "BYE", 200);
    quiet(&s);
}

static void one_dialog(struct sip_config *config)
{
    config->stack.limits.calls = 2;
    config->stack.limits.dialogs = 1;
}

TEST(answer_that_fits_nowhere_gets_ack_and_bye)        /* the call ends with `limit` */
{
    struct stage s = stage_with(one_dialog);

    alice_calls(&s, 0);
    pass(&s, 10);
    stage_call(&s, "sip:carol@example.net");
    sent(&s, 10, "INVITE", "sip:carol@example.net");
    reply_with(&s, 20, "INVITE", 200, .contact = "<sip:carol@192.0.2.30>", .body = stage_answer);
    sent(&s, 20, "ACK", "sip:carol@192.0.2.30");
    sent(&s, 20, "BYE", "sip:carol@192.0.2.30");
    CHECK_INT(heard(&s, 20, "ended", SIP_END_LIMIT)->status, 200);
    reply(&s, 30, "BYE", 200);
    bob_ends(&s, 0, 40);
    quiet(&s);
}

TEST(fork_that_fits_nowhere_gets_ack_and_bye)          /* §13.2.2.4 */
{
    struct stage s = stage_with(one_dialog);

    alice_calls(&s, 0);
    reply_with(&s, 10, "INVITE", 200, .tag = "a", .contact = "<sip:bob@192.0.2.9>",
               .headers = "Record-Route: <sip:198.51.100.2;lr>, <sip:192.0.2.2:5080;lr>\n");
    sent(&s, 10, "ACK", "sip:bob@192.0.2.9");
    went_to(&s, "192.0.2.2:5080");
    says(&s, "CSeq", "1 ACK");
    mentions(&s, "To", ";tag=a");
    sent(&s, 10, "BYE", "sip:bob@192.0.2.9");
    says(&s, "Route", "<sip:192.0.2.2:5080;lr>, <sip:198.51.100.2;lr>");
    says(&s, "CSeq", "2 BYE");
    reply(&s, 20, "BYE", 200);
    ask(&s, 30, "BYE");                                /* bob's first answer is unharmed */
    answered(&s, 30, 481, "BYE");
    ask_with(&s, 40, "BYE", .him = "<sip:bob@example.net>;tag=bob");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(host_says_too_much)                               /* SIP_ESIZE, nothing is sent */
{
    static char body[2000];
    struct stage s = stage_udp();
    struct sip_call_message message = {0};
    struct sip_call_args args = {0};
    struct sip_call call, out;

    memset(body, 'v', sizeof body);
    message.body.type = sip_str("application/sdp");
    message.body.bytes = sip_bytes(body, sizeof body);
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    args.body = message.body;
    returns(&s, sip_call_start(s.ua, s.now, &args, &out), SIP_ESIZE);
    CHECK(out.id == 0);
    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_ring(s.ua, s.now, call, &message), SIP_ESIZE);
    returns(&s, sip_call_accept(s.ua, s.now, call, &message), SIP_ESIZE);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_RINGING);
    message.body = stage_body(stage_answer);
    returns(&s, sip_call_accept(s.ua, s.now, call, &message), 0);
    answered(&s, 0, 200, "INVITE");
    ask(&s, 10, "ACK");
    heard(&s, 10, "confirmed", 0);
    message.body.bytes = sip_bytes(body, sizeof body);
    returns(&s, sip_call_offer(s.ua, s.now, call, &message), SIP_ESIZE);
    bob_ends(&s, 0, 20);
    quiet(&s);
}

TEST(message_from_bob_is_too_large)                    /* 513, head or body */
{
    static char body[1400];
    struct stage s = stage_udp();

    memset(body, 'v', sizeof body - 1);
    alice_calls(&s, 0);
    invite_with(&s, 10, .body = body);
    answered(&s, 10, 513, "INVITE");
    ask(&s, 10, "ACK");
    talk(&s, 0);
    ask_with(&s, 20, "INVITE", .body = body);
    answered(&s, 20, 513, "INVITE");
    ask(&s, 20, "ACK");
    bob_ends(&s, 0, 30);
    quiet(&s);
}

TEST(accounts_and_registrations_are_full)              /* SIP_EFULL */
{
    struct stage s = stage_udp();
    struct sip_account_args args = {0};
    struct sip_registration_args registration = {0};
    struct sip_registration made;
    struct sip_account other, third;

    args.aor = sip_str("sip:carol@example.net");
    returns(&s, sip_account_add(s.ua, s.now, &args, &other), 0);
    returns(&s, sip_account_add(s.ua, s.now, &args, &third), SIP_EFULL);
    CHECK(third.id == 0);
    returns(&s, sip_account_remove(s.ua, s.now, other), 0);
    stage_register(&s, 3600);
    stage_register(&s, 3600);
    registration.account = s.account;
    returns(&s, sip_registration_start(s.ua, s.now, &registration, &made), SIP_EFULL);
    CHECK(made.id == 0);
    returns(&s, sip_ua_stop(s.ua, s.now), 0);
    forget(&s, 100000);
    quiet(&s);
}

#define LIST                                                                                       \
    T(calls_are_full)                                                                              \
    T(incoming_calls_have_a_limit_of_their_own)                                                    \
    T(emergency_call_finds_a_slot)                                                                 \
    T(strangers_ring_one_at_a_time)                                                                \
    T(transactions_are_full)                                                                       \
    T(large_buffers_are_full_in_a_dialog)                                                          \
    T(requests_are_full)                                                                           \
    T(dialogs_text_takes_a_buffer_when_it_is_long)                                                 \
    T(dialogs_text_fits_nowhere)                                                                   \
    T(answer_that_fits_nowhere_gets_ack_and_bye)                                                   \
    T(fork_that_fits_nowhere_gets_ack_and_bye)                                                     \
    T(host_says_too_much)                                                                          \
    T(message_from_bob_is_too_large)                                                               \
    T(accounts_and_registrations_are_full)

FLOWS(LIST)
