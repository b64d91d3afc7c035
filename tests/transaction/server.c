/* Server transactions on a virtual wire (RFC 3261 §17.2, §9.2, §8.2.2.2, RFC 6026 §7.1, RFC 4320).
 * Times are absolute. */
#include "transaction/wire.h"

TEST(invite_gets_100_after_200_ms_of_silence) /* §17.2.1 */
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    silence(&w, 199);
    sent(&w, 200, "100");
    CHECK(!strcmp(header(last(&w), "To"), "<sip:alice@example.com>")); /* no tag */
    asks(&w, 500, "INVITE"); /* a copy gets the last provisional */
    sent(&w, 500, "100");
    replies(&w, 600, 180);
    sent(&w, 600, "180");
    asks(&w, 700, "INVITE");
    sent(&w, 700, "180");
    CHECK(!memcmp(last(&w)->bytes, w.sent[w.sent_seen - 2].bytes, last(&w)->len));
    replies(&w, 800, 486);
    sent(&w, 800, "486");
    asks(&w, 800, "ACK");
    quiet(&w);
}

TEST(answer_within_200_ms_saves_the_100)
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 199, 180);
    sent(&w, 199, "180");
    silence(&w, 60000);
    replies(&w, 60000, 200);
    sent(&w, 60000, "200");
    sip_server_settled(w.stack, w.server);
    quiet(&w);
}

TEST(refusal_is_repeated_until_its_ack_comes) /* §17.2.1: timers G, H, I */
{
    static const int times[] = {500, 1500, 3500, 7500, 11500};
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 0, 486);
    sent(&w, 0, "486");
    for (int i = 0; i < 5; i++)
        sent(&w, (uint64_t)times[i], "486");
    asks(&w, 12000, "INVITE"); /* a copy gets it too */
    sent(&w, 12000, "486");
    asks(&w, 12100, "ACK");
    CHECK_INT(used(&w, "buffers_small") + used(&w, "buffers_large"), 0);
    asks(&w, 12200, "ACK");    /* absorbed */
    asks(&w, 12300, "INVITE"); /* so late: no answer any more */
    silence(&w, 17099);
    CHECK_INT(used(&w, "transactions"), 1);
    silence(&w, 17100); /* I is T4 */
    CHECK_INT(used(&w, "transactions"), 0);
    quiet(&w);
}

TEST(refusal_without_ack_is_given_up_after_64_t1) /* §17.2.1: timer H */
{
    struct wire w;
    int copies = 0;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 0, 600);
    run(&w, 31999);
    CHECK_INT(used(&w, "transactions"), 1);
    for (int i = 0; i < w.sent_count; i++)
        copies += !strcmp(wire_name(&w.sent[i]), "600");
    CHECK_INT(copies, 11); /* 0, 0.5, 1.5, 3.5, 7.5, then each 4 s up to 31.5 */
    run(&w, 32000);
    CHECK_INT(used(&w, "transactions"), 0);
    w.sent_seen = w.sent_count;
    quiet(&w);
}

TEST(accepted_invite_is_repeated_until_the_user_has_the_ack) /* §13.3.1.4 */
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 100, 200);
    sent(&w, 100, "200");
    sent(&w, 600, "200");
    asks(&w, 700, "INVITE"); /* RFC 6026 §7.1: absorbed without an answer */
    silence(&w, 1599);
    sent(&w, 1600, "200");
    CHECK(sip_server_response(w.stack, w.server).len == last(&w)->len);
    {
        struct asked ack = {.method = "ACK", .branch = "z9hG4bKack", .to_tag = "any"};

        asks_with(&w, 1700, &ack);
        heard(&w, 1700, "ACK"); /* it belongs to a dialog: always told */
    }
    sip_server_settled(w.stack, w.server);
    CHECK(sip_server_response(w.stack, w.server).at == NULL);
    CHECK_INT(used(&w, "buffers_small") + used(&w, "buffers_large"), 0);
    asks(&w, 2000, "INVITE"); /* a late copy is still known */
    silence(&w, 32099);
    CHECK_INT(used(&w, "transactions"), 1);
    silence(&w, 32100); /* L */
    CHECK_INT(used(&w, "transactions"), 0);
    quiet(&w);
}

TEST(accepted_invite_without_ack_is_told) /* §13.3.1.4 */
{
    static const int times[] = {0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500};
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    sip_server_own(w.stack, w.server, 5);
    replies(&w, 0, 200);
    for (int i = 0; i < 11; i++)
        sent(&w, (uint64_t)times[i], "200");
    heard(&w, 32000, "unacknowledged for 5");
    quiet(&w);
}

TEST(acks_of_old_clients_reach_the_user_when_accepted) /* RFC 6026 §6: no cookie, so it matches */
{
    struct asked a = {.branch = ""};
    struct asked ack = {.method = "ACK", .branch = ""};
    struct wire w;
    char tag[20];

    wire_open(&w, NULL);
    asks_with(&w, 0, &a);
    heard(&w, 0, "INVITE");
    snprintf(tag, sizeof tag, "%.16s", sip_server_tag(w.stack, w.server).at);
    ack.to_tag = tag;
    replies(&w, 0, 200);
    sent(&w, 0, "200");
    CHECK(strstr(header(last(&w), "To"), tag));
    asks_with(&w, 100, &ack);
    heard(&w, 100, "ACK");
    sip_server_settled(w.stack, w.server);
    quiet(&w);
}

TEST(other_request_is_answered_again_for_64_t1) /* §17.2.2: timer J */
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "OPTIONS");
    heard(&w, 0, "OPTIONS");
    asks(&w, 50, "OPTIONS"); /* Trying: discarded */
    silence(&w, 50);
    replies(&w, 100, 200);
    sent(&w, 100, "200");
    CHECK_INT(reply(&w, 404), SIP_ESTATE); /* another final is discarded */
    asks(&w, 500, "OPTIONS");
    sent(&w, 500, "200");
    CHECK_INT(sip_stack_counters(w.stack)->absorbed, 2);
    asks(&w, 32099, "OPTIONS");
    sent(&w, 32099, "200");
    run(&w, 32100);
    CHECK_INT(used(&w, "transactions"), 0);
    CHECK_INT(reply(&w, 404), SIP_EGONE);
    quiet(&w);
}

TEST(other_request_gets_100_when_timer_e_is_t2) /* RFC 4320 §4.1 */
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "OPTIONS");
    heard(&w, 0, "OPTIONS");
    run(&w, 1000);
    CHECK_INT(reply(&w, 100), SIP_ESTATE); /* MUST NOT be sent before */
    CHECK_INT(reply(&w, 183), SIP_EINVAL); /* never */
    silence(&w, 3499);
    sent(&w, 3500, "100");
    asks(&w, 3600, "OPTIONS");
    sent(&w, 3600, "100");
    CHECK_INT(reply(&w, 408), SIP_EINVAL); /* RFC 4320 §4.2 */
    replies(&w, 5000, 200);
    sent(&w, 5000, "200");
    quiet(&w);
}

TEST(responses_say_what_the_request_said) /* §8.2.6.2, §18.2.1 */
{
    static const char lines[] = "Via: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKtwo\r\n"
                                "Record-Route: <sip:192.0.2.3;lr>\r\n"
                                "Record-Route: <sip:192.0.2.4;lr>\r\n";
    struct asked a = {.sent_by = "bob.example.net:5070;rport", .lines = lines, .body = "v=0\r\n"};
    const struct wire_message *m;
    struct sip_reply r = {0};
    struct wire w;

    for (int invite = 0; invite < 2; invite++) {
        a.method = invite ? "INVITE" : "OPTIONS";
        wire_open(&w, NULL);
        asks_with(&w, 0, &a);
        heard(&w, 0, a.method);
        CHECK_INT(sip_server_request(w.stack, w.server).len, invite ? strlen(request_text(&a)) : 0);
        r.status = 488;
        r.reason = sip_str("Not like that");
        r.lines = sip_str("Warning: 399 alice \"no\"\r\n");
        r.type = sip_str("text/plain");
        r.body = sip_str("why");
        CHECK_INT(sip_server_reply(w.stack, w.now, w.server, &r), 0);
        sent(&w, 0, "488");
        m = last(&w);
        CHECK(!strcmp(reader_start_line(m->bytes, m->len), "SIP/2.0 488 Not like that"));
        CHECK_INT(reader_count(m->bytes, m->len, "Via"), 2);
        CHECK(!strcmp(reader_param(header(m, "Via"), "received"), "192.0.2.2"));
        CHECK(!strcmp(reader_param(header(m, "Via"), "rport"), "5060"));
        CHECK(strstr(reader_header(m->bytes, m->len, "Via", 1), "z9hG4bKtwo"));
        CHECK_INT(reader_count(m->bytes, m->len, "Record-Route"),
                  0); /* only where a dialog begins */
        CHECK(!strncmp(header(m, "To"), "<sip:alice@example.com>;tag=", 28));
        CHECK(!strncmp(header(m, "To") + 28, sip_server_tag(w.stack, w.server).at, 16));
        CHECK(!strcmp(header(m, "Warning"), "399 alice \"no\""));
        CHECK(!strcmp(header(m, "Content-Length"), "3"));
        CHECK_INT(m->path.remote.port, 5060); /* rport: where it came from (RFC 3581 §4) */
        a.lines = NULL;
        a.body = NULL;
        if (invite) {
            a.method = "ACK";
            asks_with(&w, 10, &a);
        }
        a.lines = lines;
        quiet(&w);
    }
}

TEST(dialog_making_responses_copy_record_route) /* §12.1.1 */
{
    struct asked a = {0};
    static const int statuses[] = {180, 200};
    struct wire w;

    for (int i = 0; i < 4; i++) {
        a.method = i & 1 ? "SUBSCRIBE" : "INVITE";
        a.lines = i & 1
                      ? "Event: presence\r\nRecord-Route: <sip:192.0.2.3;lr>\r\n"
                      : "Record-Route: <sip:192.0.2.3;lr>\r\nRecord-Route: <sip:192.0.2.4;lr>\r\n";
        wire_open(&w, NULL);
        asks_with(&w, 0, &a);
        heard(&w, 0, a.method);
        if (i & 1) {
            struct sip_reply r = {0};

            r.status = 200;
            r.lines = sip_str("Contact: <sip:alice@192.0.2.1>\r\nExpires: 60\r\n");
            CHECK_INT(sip_server_reply(w.stack, 0, w.server, &r), 0);
        } else {
            replies(&w, 0, statuses[i / 2]);
        }
        CHECK_INT(reader_count(w.sent[0].bytes, w.sent[0].len, "Record-Route"), i & 1 ? 1 : 2);
        wire_end(&w);
    }
}

TEST(without_rport_the_answer_goes_to_the_sent_by_port) /* §18.2.2 */
{
    struct asked a = {.method = "OPTIONS", .sent_by = "192.0.2.2:5099"};
    struct wire w;

    wire_open(&w, NULL);
    w.source.remote.port = 40000;
    asks_with(&w, 0, &a);
    heard(&w, 0, "OPTIONS");
    replies(&w, 0, 200);
    sent(&w, 0, "200");
    CHECK_INT(last(&w)->path.remote.port, 5099);
    quiet(&w);
}

TEST(header_injection_through_a_reply_is_refused)
{
    struct sip_reply r = {0};
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "OPTIONS");
    heard(&w, 0, "OPTIONS");
    r.status = 200;
    r.reason = sip_str("OK\r\nEvil: yes");
    CHECK(sip_server_reply(w.stack, w.now, w.server, &r) < 0);
    r.reason = sip_str("OK");
    r.lines = sip_str("no line end");
    CHECK(sip_server_reply(w.stack, w.now, w.server, &r) < 0);
    r.lines.len = 0;
    r.status = 99;
    CHECK_INT(sip_server_reply(w.stack, w.now, w.server, &r), SIP_EINVAL);
    r.status = 700;
    CHECK_INT(sip_server_reply(w.stack, w.now, w.server, &r), SIP_EINVAL);
    silence(&w, 0);
    replies(&w, 0, 200);
    sent(&w, 0, "200");
    quiet(&w);
}

/* --- matching, §17.2.3 --- */

/* Does a second request reach the user when the first is `a` and the second `b`? */
static bool is_new(const struct asked *a, const struct asked *b)
{
    struct wire w;
    bool told;

    wire_open(&w, NULL);
    asks_with(&w, 0, a);
    asks_with(&w, 0, b);
    told = w.heard_count == 2;
    wire_end(&w);
    return told;
}

TEST(requests_match_by_branch_sent_by_and_method)
{
    struct asked a = {.method = "OPTIONS", .sent_by = "Host.Example.net:5060"};
    struct asked b = a;

    CHECK(!is_new(&a, &b));
    b.sent_by = "hOST.example.NET:5060"; /* host names are compared without case */
    CHECK(!is_new(&a, &b));
    b.sent_by = "host.example.net:5061";
    CHECK(is_new(&a, &b));
    b.sent_by = "host.example.org:5060";
    CHECK(is_new(&a, &b));
    b = a;
    b.branch = "z9hG4bKpeer2";
    CHECK(is_new(&a, &b));
    b = a;
    b.method = "MESSAGE";
    CHECK(is_new(&a, &b));
    b.method = "FOO";
    a.method = "BAR"; /* unknown methods too are told apart */
    CHECK(is_new(&a, &b));
    a = (struct asked){.method = "OPTIONS"};
    b = a;
    b.uri = "sip:somebody@192.0.2.1"; /* not compared where there is a cookie */
    b.to_tag = "t";
    CHECK(!is_new(&a, &b));
}

TEST(requests_of_old_clients_match_by_what_rfc_2543_has) /* §17.2.3 */
{
    struct asked a = {.method = "OPTIONS", .branch = ""};
    struct asked b = a;

    for (int i = 0; i < 2; i++) {
        a.branch = b.branch = i ? "z9hG4bK" : ""; /* the cookie alone says nothing */
        CHECK(!is_new(&a, &b));
        b.uri = "sip:somebody@192.0.2.1";
        CHECK(is_new(&a, &b));
        b = a;
        b.to_tag = "t";
        CHECK(is_new(&a, &b));
        b = a;
        b.from_tag = "other";
        CHECK(is_new(&a, &b));
        b = a;
        b.cseq = 2;
        CHECK(is_new(&a, &b));
        b = a;
        b.method = "MESSAGE";
        CHECK(is_new(&a, &b));
        b = a;
        b.sent_by = "192.0.2.2:5070";
        CHECK(is_new(&a, &b));
        b = a;
    }
}

TEST(ack_of_an_old_client_ends_the_repeats_with_our_tag_only)
{
    struct asked a = {.branch = ""};
    struct asked ack = {.method = "ACK", .branch = "", .to_tag = "somebody-elses"};
    struct wire w;
    char tag[20];

    wire_open(&w, NULL);
    asks_with(&w, 0, &a);
    heard(&w, 0, "INVITE");
    replies(&w, 0, 486);
    sent(&w, 0, "486");
    asks_with(&w, 100, &ack);
    heard(&w, 100, "ACK"); /* not for this transaction */
    sent(&w, 500, "486");
    snprintf(tag, sizeof tag, "%.16s", sip_server_tag(w.stack, w.server).at);
    ack.to_tag = tag;
    asks_with(&w, 600, &ack);
    quiet(&w);
}

TEST(merged_request_is_told_from_a_copy) /* §8.2.2.2 */
{
    struct asked a = {.method = "OPTIONS"}, b = {.method = "OPTIONS", .branch = "z9hG4bKother"};
    struct wire w;

    wire_open(&w, NULL);
    asks_with(&w, 0, &a);
    heard(&w, 0, "OPTIONS");
    CHECK(!w.merged);
    asks_with(&w, 10, &b);
    heard(&w, 10, "OPTIONS");
    CHECK(w.merged);
    CHECK_INT(reply(&w, 482), 0);
    sent(&w, 10, "482");
    b.branch = "z9hG4bKthird";
    b.to_tag = "t"; /* in a dialog nothing is merged */
    asks_with(&w, 20, &b);
    heard(&w, 20, "OPTIONS");
    CHECK(!w.merged);
    b.to_tag = NULL;
    b.cseq = 2;
    asks_with(&w, 30, &b);
    heard(&w, 30, "OPTIONS");
    CHECK(!w.merged);
    b.branch = "z9hG4bKfourth";
    b.cseq = 1;
    b.from_tag = "other";
    asks_with(&w, 40, &b);
    heard(&w, 40, "OPTIONS");
    CHECK(!w.merged);
    b.branch = "z9hG4bKfifth";
    b.from_tag = NULL;
    b.method = "MESSAGE"; /* CSeq has the method in it */
    asks_with(&w, 50, &b);
    heard(&w, 50, "MESSAGE");
    CHECK(!w.merged);
    wire_end(&w);
}

/* --- CANCEL, §9.2 --- */

TEST(cancel_is_answered_and_told)
{
    struct wire w;
    const struct wire_message *ok;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    sip_server_own(w.stack, w.server, 5);
    replies(&w, 10, 180);
    sent(&w, 10, "180");
    asks(&w, 20, "CANCEL");
    sent(&w, 20, "200");
    ok = last(&w);
    CHECK(!strcmp(header(ok, "CSeq"), "1 CANCEL"));
    CHECK(!strncmp(header(ok, "To") + 28, sip_server_tag(w.stack, w.server).at, 16)); /* the same */
    heard(&w, 20, "cancelled for 5");
    asks(&w, 25, "CANCEL"); /* a copy */
    sent(&w, 25, "200");
    heard(&w, 25, "cancelled for 5");
    replies(&w, 30, 487);
    sent(&w, 30, "487");
    asks(&w, 35, "CANCEL"); /* too late: answered, no effect */
    sent(&w, 35, "200");
    silence(&w, 40);
    asks(&w, 40, "ACK");
    quiet(&w);
}

TEST(cancel_after_the_answer_has_no_effect)
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 10, 200);
    sent(&w, 10, "200");
    asks(&w, 20, "CANCEL");
    sent(&w, 20, "200");
    CHECK(!strcmp(header(last(&w), "CSeq"), "1 CANCEL"));
    sip_server_settled(w.stack, w.server);
    quiet(&w);
}

TEST(cancel_that_matches_nothing_gets_481)
{
    struct asked a = {.method = "CANCEL", .branch = "z9hG4bKnobody"};
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    asks_with(&w, 10, &a);
    sent(&w, 10, "481");
    a.branch = NULL;
    a.sent_by = "192.0.2.66"; /* somebody else who saw the branch */
    asks_with(&w, 20, &a);
    sent(&w, 20, "481");
    replies(&w, 30, 603);
    sent(&w, 30, "603");
    asks(&w, 40, "ACK");
    quiet(&w);
}

TEST(cancel_of_other_requests_is_answered_without_effect)
{
    struct asked a = {.method = "CANCEL"};
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "OPTIONS");
    heard(&w, 0, "OPTIONS");
    asks_with(&w, 10, &a);
    sent(&w, 10, "200");
    CHECK(!strcmp(header(last(&w), "CSeq"), "1 CANCEL"));
    replies(&w, 20, 200);
    sent(&w, 20, "200");
    CHECK(!strcmp(header(last(&w), "CSeq"), "1 OPTIONS"));
    quiet(&w);
}

/* --- defaults of a user with no functions --- */

TEST(user_without_functions_takes_the_defaults)
{
    static const struct sip_user nobody = {0};
    struct wire w;

    wire_open_with(&w, NULL, &nobody);
    asks(&w, 0, "OPTIONS");
    sent(&w, 0, "501");
    CHECK_INT(used(&w, "transactions"), 0);
    asks(&w, 0, "ACK");
    arrives(&w, 0, response_to(last(&w), 200, NULL));
    CHECK_INT(sip_stack_counters(w.stack)->dropped, 1);
    start(&w, "OPTIONS", 1);
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "OPTIONS", 200);
    start(&w, "INVITE", 1);
    run(&w, 40000);
    w.sent_seen = w.sent_count;
    quiet(&w);
}

static void opens(void *user, struct sip_stack *stack, const struct sip_received *r)
{
    struct wire *w = user;

    sip_server_start(stack, w->now, r, &w->server);
}

TEST(cancelled_invite_gets_487_when_nobody_cares)
{
    static const struct sip_user user = {.request = opens};
    struct wire w;

    wire_open_with(&w, NULL, &user);
    asks(&w, 0, "INVITE");
    asks(&w, 10, "CANCEL");
    sent(&w, 10, "200");
    sent(&w, 10, "487");
    asks(&w, 20, "ACK");
    quiet(&w);
}

TEST(joining_happens_once)
{
    struct wire w;

    wire_open(&w, NULL);
    CHECK_INT(sip_transactions_join(w.stack, &wire_user, &w), SIP_ESTATE);
    CHECK_INT(sip_transactions_join(w.stack, NULL, &w), SIP_EINVAL);
    quiet(&w);
}

/* --- transport errors --- */

TEST(failed_response_leaves_the_transaction) /* RFC 6026 §8.8 */
{
    struct wire w;

    wire_open(&w, NULL);
    w.dead_port = 5060;
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 10, 180);
    silence(&w, 20);
    w.dead_port = 0; /* the way is there again */
    asks(&w, 500, "INVITE");
    sent(&w, 500, "180");
    replies(&w, 600, 486);
    sent(&w, 600, "486");
    asks(&w, 700, "ACK");
    asks(&w, 800, "OPTIONS");
    heard(&w, 800, "OPTIONS");
    w.dead_port = 5060;
    replies(&w, 900, 200);
    w.dead_port = 0;
    asks(&w, 1300, "OPTIONS");
    sent(&w, 1300, "200");
    quiet(&w);
}

TEST(response_takes_a_new_connection_when_the_old_is_gone) /* §18.2.2 */
{
    struct asked a = {.sent_by = "192.0.2.2:5080"};
    struct sip_path path;
    struct sip_flow first;
    struct wire w;

    for (int port = 5080; port <= 5081; port++) {
        wire_open(&w, NULL);
        path = w.source;
        path.protocol = SIP_TCP;
        path.remote.port = 49152;
        sip_stack_accepted(w.stack, 0, &path, &first);
        w.flow = first;
        asks_with(&w, 0, &a);
        heard(&w, 0, "INVITE");
        sip_stack_closed(w.stack, 5, first);
        w.dead_port =
            port == 5080 ? 0 : 5080; /* nobody listens there: nothing is sent, nothing breaks */
        replies(&w, 10, 486);
        w.flow.id = w.connecting;
        if (port == 5080) {
            CHECK(w.connecting && w.connecting != first.id);
            sip_stack_connected(w.stack, w.now, w.flow, NULL);
            sent(&w, 10, "486");
            asks_with(&w, 20, &(struct asked){.method = "ACK", .sent_by = "192.0.2.2:5080"});
        }
        quiet(&w);
    }
}

TEST(stream_refusal_is_sent_once_and_waits_for_its_ack) /* §17.2.1: G does not run, H does */
{
    struct sip_path path;
    struct wire w;

    wire_open(&w, NULL);
    path = w.source;
    path.protocol = SIP_TCP;
    sip_stack_accepted(w.stack, 0, &path, &w.flow);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 0, 486);
    sent(&w, 0, "486");
    CHECK(last(&w)->flow == w.flow.id); /* §18.2.2: on the connection it came on */
    CHECK_INT(used(&w, "flows"), 1);
    silence(&w, 31999);
    CHECK_INT(used(&w, "transactions"), 1);
    run(&w, 32000);
    CHECK_INT(used(&w, "transactions"), 0);
    asks(&w, 40000, "OPTIONS");
    heard(&w, 40000, "OPTIONS");
    CHECK_INT(reply(&w, 100), 0); /* RFC 4320 §4.1: at any time where nothing gets lost */
    sent(&w, 40000, "100");
    replies(&w, 40000, 200);
    sent(&w, 40000, "200");
    run(&w, 40000);
    CHECK_INT(used(&w, "transactions"), 0); /* J is 0 */
    asks_with(&w, 41000, &(struct asked){.branch = "z9hG4bKtwo"});
    heard(&w, 41000, "INVITE");
    replies(&w, 41000, 200);
    sent(&w, 41000, "200");
    sent(&w, 41500, "200"); /* a 2xx is repeated on any transport (§13.3.1.4) */
    sip_server_settled(w.stack, w.server);
    quiet(&w);
}

TEST(user_may_repeat_a_provisional) /* §13.3.1.1 */
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    CHECK_INT(sip_server_repeat(w.stack, w.now, w.server), SIP_ESTATE);
    replies(&w, 0, 180);
    sent(&w, 0, "180");
    run(&w, 60000);
    CHECK_INT(sip_server_repeat(w.stack, w.now, w.server), 0);
    sent(&w, 60000, "180");
    replies(&w, 60000, 603);
    sent(&w, 60000, "603");
    CHECK_INT(sip_server_repeat(w.stack, w.now, w.server), SIP_ESTATE);
    asks(&w, 60010, "ACK");
    CHECK_INT(sip_server_repeat(w.stack, w.now, w.server), SIP_ESTATE);
    quiet(&w);
    wire_open(&w, NULL);
    w.server.id = 0;
    CHECK_INT(sip_server_repeat(w.stack, w.now, w.server), SIP_EGONE);
    quiet(&w);
}

static void opens_again(struct wire *w, const char *what, const struct sip_received *r)
{
    struct sip_server other = {1};

    (void)what;
    w->counter = sip_server_start(w->stack, w->now, r, &other);
    CHECK_INT(other.id, 0);
}

TEST(ack_and_cancel_and_known_requests_open_nothing)
{
    struct asked ack = {.method = "ACK", .branch = "z9hG4bKack", .to_tag = "any"};
    struct wire w;

    wire_open(&w, NULL);
    w.hook = opens_again;
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    CHECK_INT(w.start_error, 0);
    CHECK_INT(w.counter, SIP_ESTATE);
    asks_with(&w, 0, &ack);
    heard(&w, 0, "ACK");
    CHECK_INT(w.counter, SIP_EMETHOD);
    w.counter = 0;
    asks(&w, 0, "CANCEL");
    heard(&w, 0, "cancelled for 0");
    CHECK_INT(w.counter, SIP_EMETHOD);
    w.counter = 0;
    arrives(&w, 0, response_to(latest(&w, "200"), 200, NULL));
    heard(&w, 0, "stray 200");
    CHECK_INT(w.counter, SIP_EMETHOD);
    CHECK_INT(used(&w, "transactions"), 1);
    wire_end(&w);
}

TEST(copies_are_counted_once)
{
    struct wire w;

    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    replies(&w, 0, 486);
    CHECK_INT(sip_stack_counters(w.stack)->retransmitted, 0);
    asks(&w, 0, "INVITE");
    CHECK_INT(sip_stack_counters(w.stack)->retransmitted, 1);
    CHECK_INT(sip_stack_counters(w.stack)->absorbed, 1);
    asks(&w, 0, "ACK");
    CHECK_INT(sip_stack_counters(w.stack)->absorbed, 2);
    wire_end(&w);
    wire_open(&w, NULL);
    asks(&w, 0, "INVITE");
    replies(&w, 0, 200);
    asks(&w, 0, "ACK"); /* of a client that keeps the branch: told, not absorbed */
    CHECK_INT(sip_stack_counters(w.stack)->absorbed, 0);
    CHECK_INT(w.heard_count, 2);
    wire_end(&w);
}

TESTS(
    T(invite_gets_100_after_200_ms_of_silence) T(answer_within_200_ms_saves_the_100) T(
        refusal_is_repeated_until_its_ack_comes) T(refusal_without_ack_is_given_up_after_64_t1)
        T(accepted_invite_is_repeated_until_the_user_has_the_ack) T(
            accepted_invite_without_ack_is_told) T(acks_of_old_clients_reach_the_user_when_accepted)
            T(other_request_is_answered_again_for_64_t1) T(
                other_request_gets_100_when_timer_e_is_t2) T(responses_say_what_the_request_said)
                T(dialog_making_responses_copy_record_route) T(
                    without_rport_the_answer_goes_to_the_sent_by_port)
                    T(header_injection_through_a_reply_is_refused) T(
                        requests_match_by_branch_sent_by_and_method)
                        T(requests_of_old_clients_match_by_what_rfc_2543_has) T(
                            ack_of_an_old_client_ends_the_repeats_with_our_tag_only)
                            T(merged_request_is_told_from_a_copy) T(cancel_is_answered_and_told) T(
                                cancel_after_the_answer_has_no_effect)
                                T(cancel_that_matches_nothing_gets_481) T(
                                    cancel_of_other_requests_is_answered_without_effect)
                                    T(user_without_functions_takes_the_defaults) T(
                                        cancelled_invite_gets_487_when_nobody_cares)
                                        T(joining_happens_once) T(
                                            failed_response_leaves_the_transaction)
                                            T(response_takes_a_new_connection_when_the_old_is_gone) T(
                                                stream_refusal_is_sent_once_and_waits_for_its_ack)
                                                T(user_may_repeat_a_provisional) T(
                                                    ack_and_cancel_and_known_requests_open_nothing)
                                                    T(copies_are_counted_once))
