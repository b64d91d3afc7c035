/* Client transactions on a virtual wire (RFC 3261 §17.1, RFC 6026 §7.2, §9.1). Times are absolute. */
#include "transaction/wire.h"

TEST(invite_is_sent_seven_times_then_given_up) /* §17.1.1.2: timers A and B */
{
    static const int times[] = {0, 500, 1500, 3500, 7500, 15500, 31500};
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "INVITE", 7);
    for (int i = 0; i < 7; i++)
        sent(&w, (uint64_t)times[i], "INVITE");
    heard(&w, 32000, "failed 408 for 7: timeout");
    CHECK_INT(sip_stack_counters(w.stack)->retransmitted, 6);
    quiet(&w);
}

TEST(other_requests_are_sent_eleven_times_then_given_up) /* §17.1.2.2: timers E and F */
{
    static const int times[] = {0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500};
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "OPTIONS", 7);
    for (int i = 0; i < 11; i++)
        sent(&w, (uint64_t)times[i], "OPTIONS");
    heard(&w, 32000, "failed 408 for 7: timeout");
    quiet(&w);
}

TEST(timers_follow_configured_t1_t2_t4)
{
    struct sip_stack_config config = {0};
    struct wire w;

    wire_open(&w, NULL); /* only for its transport */
    config.transport.host = &w;
    config.transport.send = wire_send;
    config.transport.local = wire_local;
    config.transport.random = wire_random;
    config.timers.t1_ms = 100;
    config.timers.t2_ms = 300;
    config.timers.t4_ms = 700;
    free(w.memory);
    w.memory = malloc(sip_stack_size(&config));
    CHECK_INT(sip_stack_init(&w.stack, w.memory, sip_stack_size(&config), &config, 0), 0);
    CHECK_INT(sip_transactions_join(w.stack, &wire_user, &w), 0);
    start(&w, "OPTIONS", 7);
    sent(&w, 0, "OPTIONS");
    sent(&w, 100, "OPTIONS");
    sent(&w, 300, "OPTIONS");
    sent(&w, 600, "OPTIONS");
    answer(&w, 650, "OPTIONS", 200);
    heard(&w, 650, "200 for 7");
    CHECK_INT(sip_stack_deadline(w.stack), 1350); /* K is T4 */
    quiet(&w);
}

TEST(late_ticks_do_not_move_the_times)
{
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    w.now = 600; /* the host was busy at 500 */
    sip_stack_tick(w.stack, 600);
    CHECK_INT(w.sent[w.sent_seen++].at, 600);
    sent(&w, 1500, "INVITE");
    w.now = 20000; /* it slept over two: one is made up for, not both */
    sip_stack_tick(w.stack, 20000);
    CHECK_INT(w.sent_count - w.sent_seen, 1);
    w.sent_seen = w.sent_count;
    heard(&w, 32000, "failed 408 for 7: timeout");
    w.sent_seen = w.sent_count;
    quiet(&w);
}

TEST(provisional_stops_invite_retransmission) /* §17.1.1.2 */
{
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    sent(&w, 500, "INVITE");
    answer(&w, 600, "INVITE", 100);
    heard(&w, 600, "100 for 7");
    answer(&w, 700, "INVITE", 180);
    heard(&w, 700, "180 for 7");
    answer(&w, 800, "INVITE", 180);
    heard(&w, 800, "180 for 7"); /* repeated ones too */
    silence(&w, 400000);         /* no timer B once it rings */
    answer(&w, 400000, "INVITE", 486);
    sent(&w, 400000, "ACK");
    heard(&w, 400000, "486 for 7");
    quiet(&w);
}

TEST(provisional_slows_other_retransmission_to_t2) /* §17.1.2.2 */
{
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "OPTIONS", 7);
    sent(&w, 0, "OPTIONS");
    sent(&w, 500, "OPTIONS");
    answer(&w, 600, "OPTIONS", 100);
    heard(&w, 600, "100 for 7");
    for (int at = 1500; at < 32000; at += 4000) /* E as it ran, then each T2 */
        sent(&w, (uint64_t)at, "OPTIONS");
    heard(&w, 32000, "failed 408 for 7: timeout");
    quiet(&w);
}

TEST(final_response_to_other_request_is_told_once) /* §17.1.2.2: timer K absorbs copies */
{
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "OPTIONS", 7);
    sent(&w, 0, "OPTIONS");
    answer(&w, 100, "OPTIONS", 200);
    heard(&w, 100, "200 for 7");
    CHECK_INT(used(&w, "buffers_small"), 0); /* the text is not kept any longer */
    answer(&w, 200, "OPTIONS", 200);
    answer(&w, 5099, "OPTIONS", 404);
    CHECK_INT(sip_stack_counters(w.stack)->absorbed, 2);
    silence(&w, 5099);
    CHECK_INT(used(&w, "transactions"), 1);
    silence(&w, 5100); /* T4 later it is gone */
    CHECK_INT(used(&w, "transactions"), 0);
    answer(&w, 5200, "OPTIONS", 200);
    heard(&w, 5200, "stray 200");
    quiet(&w);
}

TEST(refused_invite_is_acknowledged_and_each_copy_again) /* §17.1.1.2, §17.1.1.3 */
{
    static const char lines[] =
        "Route: <sip:192.0.2.9;lr>\r\nRoute: <sip:p2.example.net;lr>\r\n"
        "Proxy-Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", "
        "uri=\"sip:bob@example.net\", "
        "response=\"0123456789abcdef0123456789abcdef\"\r\n"
        "Subject: not for the ACK\r\n";
    struct sip_client_args args = {0};
    const struct wire_message *invite, *ack;
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    args.owner = 7;
    starts(&w, our_request("INVITE", "sip:bob@example.net;x=1", lines), &args, &client);
    sent(&w, 0, "INVITE");
    invite = last(&w);
    CHECK_INT(invite->path.remote.bytes[3], 9); /* to the topmost Route (§8.1.2) */
    answer(&w, 100, "INVITE", 486);
    sent(&w, 100, "ACK");
    heard(&w, 100, "486 for 7");
    ack = last(&w);
    CHECK(!strcmp(reader_target(ack->bytes, ack->len), "sip:bob@example.net;x=1"));
    CHECK_INT(reader_count(ack->bytes, ack->len, "Via"), 1);
    CHECK(!strcmp(header(ack, "Via"), header(invite, "Via")));
    CHECK(!strcmp(header(ack, "To"), "<sip:bob@example.net>;tag=peer"));
    CHECK(!strcmp(header(ack, "From"), header(invite, "From")));
    CHECK(!strcmp(header(ack, "Call-ID"), header(invite, "Call-ID")));
    CHECK(!strcmp(header(ack, "CSeq"), "7 ACK"));
    CHECK_INT(reader_count(ack->bytes, ack->len, "Route"), 2);
    CHECK(!strcmp(header(ack, "Route"), "<sip:192.0.2.9;lr>"));
    CHECK_INT(reader_count(ack->bytes, ack->len, "Proxy-Authorization"), 1); /* §22.1 */
    CHECK_INT(reader_count(ack->bytes, ack->len, "Subject"), 0);
    CHECK_INT(ack->path.remote.bytes[3], 9);
    answer(&w, 600, "INVITE", 486);
    sent(&w, 600, "ACK");
    CHECK_INT(last(&w)->len, ack->len);
    CHECK(!memcmp(last(&w)->bytes, ack->bytes, ack->len));
    answer(&w, 700, "INVITE", 180); /* late, and no news */
    answer(&w, 800, "INVITE", 200);
    silence(&w, 32099);
    CHECK_INT(used(&w, "transactions"), 1);
    silence(&w, 32100); /* D is 32 s */
    CHECK_INT(used(&w, "transactions"), 0);
    quiet(&w);
}

TEST(ack_takes_the_invites_buffer_when_no_small_one_is_free)
{
    struct sip_limits limits = {0};
    char lines[700];
    struct sip_client_args args = {0};
    struct sip_client client;
    struct wire w;

    limits.buffers_small = 1;
    limits.buffers_large = 1;
    wire_open(&w, &limits);
    start(&w, "OPTIONS", 1); /* takes the small one */
    sent(&w, 0, "OPTIONS");
    memset(lines, 'x', sizeof lines);
    memcpy(lines, "Subject: ", 9);
    memcpy(lines + sizeof lines - 3, "\r\n", 3);
    args.owner = 7;
    CHECK_INT(starts(&w, our_request("INVITE", "sip:bob@192.0.2.2", lines), &args, &client), 0);
    sent(&w, 0, "INVITE");
    answer(&w, 100, "INVITE", 600);
    sent(&w, 100, "ACK");
    heard(&w, 100, "600 for 7");
    answer(&w, 200, "INVITE", 600);
    sent(&w, 200, "ACK");
    answer(&w, 300, "OPTIONS", 200);
    heard(&w, 300, "200 for 1");
    quiet(&w);
}

TEST(each_2xx_is_told_and_none_acknowledged) /* RFC 6026 §7.2 */
{
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    answer(&w, 100, "INVITE", 200);
    heard(&w, 100, "200 for 7");
    CHECK_INT(used(&w, "buffers_small") + used(&w, "buffers_large"), 0);
    answer(&w, 600, "INVITE", 200);
    heard(&w, 600, "200 for 7");
    answer_as(&w, 700, "INVITE", 200, "fork");
    heard(&w, 700, "200 for 7");
    answer(&w, 800, "INVITE", 183);
    answer(&w, 900, "INVITE", 486);
    silence(&w, 32099);
    CHECK_INT(used(&w, "transactions"), 1);
    silence(&w, 32100); /* M is 64*T1 after the first */
    CHECK_INT(used(&w, "transactions"), 0);
    quiet(&w);
}

static void read_request(struct wire *w, const char *what, const struct sip_received *r)
{
    struct sip_str text = sip_client_request(w->stack, w->client);

    (void)r;
    if (!strcmp(what, "response") || !strcmp(what, "failed"))
        w->counter += text.len > 6 && !memcmp(text.at, "INVITE", 6);
}

TEST(request_can_be_read_inside_the_last_call)
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    w.hook = read_request;
    client = start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    CHECK_INT(sip_client_request(w.stack, client).len, last(&w)->len); /* with its Via */
    CHECK_INT(sip_client_path(w.stack, client)->remote.port, 5060);
    answer(&w, 100, "INVITE", 486);
    CHECK_INT(w.counter, 1);
    CHECK(sip_client_request(w.stack, client).at == NULL);
    start(&w, "INVITE", 8);
    run(&w, 40000);
    CHECK_INT(w.counter, 2);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TEST(classes_of_statuses_end_where_the_rfc_ends_them) /* §7.2 */
{
    static const struct {
        int status;
        bool final, acked; /* of an INVITE */
    } rows[] = {{100, false, false}, {199, false, false}, {200, true, false}, {299, true, false},
                {300, true, true},   {399, true, true},   {699, true, true}};
    struct wire w;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wire_open(&w, NULL);
        start(&w, "INVITE", 7);
        sent(&w, 0, "INVITE");
        CHECK_INT(sip_stack_counters(w.stack)->retransmitted, 0);
        answer(&w, 0, "INVITE", rows[i].status);
        CHECK_INT(w.heard_count, 1);
        CHECK_INT(latest(&w, "ACK") != NULL, rows[i].acked);
        CHECK_INT(sip_client_request(w.stack, w.client).at == NULL, rows[i].final);
        wire_end(&w);
    }
}

TEST(branches_are_unique_and_carry_the_cookie) /* §8.1.1.7 */
{
    struct wire w;
    char first[100];

    wire_open(&w, NULL);
    start(&w, "OPTIONS", 1);
    start(&w, "OPTIONS", 2);
    sent(&w, 0, "OPTIONS");
    snprintf(first, sizeof first, "%s", branch_of(last(&w)));
    CHECK(!strncmp(first, "z9hG4bK", 7) && strlen(first) > 7);
    sent(&w, 0, "OPTIONS");
    CHECK(strcmp(first, branch_of(last(&w))));
    answer(&w, 100, "OPTIONS", 200);
    heard(&w, 100, "200 for 2"); /* found by its branch */
    w.sent_count--;
    answer(&w, 200, "OPTIONS", 200);
    heard(&w, 200, "200 for 1");
    free(w.sent[w.sent_count].bytes);
    quiet(&w);
}

TEST(response_must_match_branch_and_method) /* §17.1.3 */
{
    struct wire w;
    char text[3000], *at;

    wire_open(&w, NULL);
    start(&w, "OPTIONS", 7);
    sent(&w, 0, "OPTIONS");
    strcpy(text, response_to(last(&w), 200, "peer"));
    at = strstr(text, "z9hG4bK");
    at[22] = at[22] == '0' ? '1' : '0';
    arrives(&w, 100, text);
    heard(&w, 100, "stray 200");
    strcpy(text, response_to(last(&w), 200, "peer"));
    memcpy(strstr(text, "7 OPTIONS"), "7 PUBLISH", 9);
    arrives(&w, 100, text);
    heard(&w, 100, "stray 200");
    arrives(&w, 100, response_to(last(&w), 200, "peer"));
    heard(&w, 100, "200 for 7");
    quiet(&w);
}

TEST(requests_that_may_not_start_change_nothing)
{
    struct sip_client_args args = {0};
    struct sip_client client = {1};
    struct sip_limits limits = {0};
    static char longer[2000];
    struct wire w;

    limits.transactions = 1;
    limits.message_max = 1000;
    wire_open(&w, &limits);
    CHECK_INT(starts(&w, our_request("ACK", "sip:bob@192.0.2.2", ""), NULL, &client), SIP_EMETHOD);
    CHECK_INT(starts(&w, our_request("CANCEL", "sip:bob@192.0.2.2", ""), NULL, &client),
              SIP_EMETHOD);
    CHECK_INT(starts(&w, "no SIP at all\r\n\r\n", NULL, &client), SIP_EBAD);
    CHECK_INT(starts(&w, "SIP/2.0 200 OK\r\n\r\n", NULL, &client), SIP_EBAD);
    CHECK_INT(starts(&w, our_request("OPTIONS", "tel:+1", ""), NULL, &client), SIP_EURI);
    memset(longer, 'x', sizeof longer);
    memcpy(longer, "Subject: ", 9);
    memcpy(longer + 800, "\r\n", 3);
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:bob@192.0.2.2", longer), NULL, &client),
              SIP_ESIZE);
    CHECK_INT(client.id, 0);
    CHECK_INT(used(&w, "transactions"), 0);
    silence(&w, 0);
    { /* a request and its Via of 1,000 bytes are just not too long */
        size_t most =
            1000 - strlen("Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK\r\n") - 16;
        char *text = malloc(1001);

        for (int over = 1; over >= 0; over--) {
            strcpy(text, our_request("OPTIONS", "sip:bob@192.0.2.2", ""));
            memmove(strstr(text, "Content-Length"), "Subject: ", 10);
            while (strlen(text) < most - 23 + (size_t)over)
                strcat(text, "x");
            strcat(text, "\r\nContent-Length: 0\r\n\r\n");
            CHECK_INT(starts(&w, text, NULL, &client), over ? SIP_ESIZE : 0);
        }
        free(text);
        sent(&w, 0, "OPTIONS");
        CHECK_INT(last(&w)->len, 1000);
        sip_client_abandon(w.stack, 0, client);
    }
    args.owner = 7;
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:bob@192.0.2.2", ""), &args, &client), 0);
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:bob@192.0.2.2", ""), &args, &client),
              SIP_EFULL);
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "OPTIONS", 200);
    heard(&w, 10, "200 for 7");
    quiet(&w);
}

TEST(name_that_nobody_resolves_fails_at_the_next_tick)
{
    struct sip_client_args args = {0};
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    args.owner = 7;
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:bob@example.net", ""), &args, &client), 0);
    CHECK(client.id != 0);
    CHECK_INT(sip_stack_deadline(w.stack), 0);
    heard(&w, 0, "failed 503 for 7: no resolver");
    quiet(&w);
}

TEST(failed_send_is_told_by_the_next_tick) /* §17.1.4 */
{
    struct wire w;

    wire_open(&w, NULL);
    w.dead_port = 5060;
    start(&w, "INVITE", 7);
    CHECK_INT(w.heard_count, 0);
    heard(&w, 0, "failed 503 for 7: transport error");
    start(&w, "OPTIONS", 8);
    heard(&w, 0, "failed 503 for 8: transport error");
    w.dead_port = 0;
    start(&w, "INVITE", 9);
    sent(&w, 0, "INVITE");
    w.dead_port = 5060; /* the network goes away between two copies */
    heard(&w, 500, "failed 503 for 9: transport error");
    quiet(&w);
}

TEST(unreachable_peer_fails_what_it_has_not_answered) /* §18.4 */
{
    struct sip_path path;
    struct wire w;

    wire_open(&w, NULL);
    start(&w, "INVITE", 7);
    start(&w, "OPTIONS", 8);
    start(&w, "INVITE", 9);
    sent(&w, 0, "INVITE");
    sent(&w, 0, "OPTIONS");
    sent(&w, 0, "INVITE");
    answer(&w, 10, "INVITE", 180);
    heard(&w, 10, "180 for 9");
    path = last(&w)->path;
    path.remote.port++; /* somebody else */
    sip_stack_unreachable(w.stack, w.now, &path);
    silence(&w, 10);
    path.remote.port--;
    sip_stack_unreachable(w.stack, w.now, &path);
    heard(&w, 10, "failed 503 for 7: transport error");
    heard(&w, 10, "failed 503 for 8: transport error");
    silence(&w, 20);
    answer(&w, 30, "INVITE", 486); /* a forged report does not end a call that rings */
    sent(&w, 30, "ACK");
    heard(&w, 30, "486 for 9");
    quiet(&w);
}

TEST(abandoned_transaction_is_silent)
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    client = start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    sip_client_abandon(w.stack, w.now, client);
    sip_client_abandon(w.stack, w.now, client); /* over: nothing happens */
    CHECK(sip_client_path(w.stack, client) == NULL);
    CHECK_INT(sip_client_own(w.stack, client, 1), SIP_EGONE);
    answer(&w, 10, "INVITE", 180);
    heard(&w, 10, "stray 180");
    quiet(&w);
}

static void abandons(struct wire *w, const char *what, const struct sip_received *r)
{
    (void)r;
    if (strcmp(what, "response") && strcmp(what, "failed"))
        return;
    sip_client_abandon(w->stack, w->now, w->client);
    if (w->counter-- > 0)
        start(w, "OPTIONS", 8); /* into the slot that was just given back */
}

TEST(user_may_end_it_and_start_another_inside_any_call)
{
    static const int statuses[] = {100, 180, 200, 302, 486, 503, 600};
    struct wire w;

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct sip_limits limits = {0};

        limits.transactions = 1;
        wire_open(&w, &limits);
        w.hook = abandons;
        w.counter = 1;
        start(&w, i & 1 ? "OPTIONS" : "INVITE", 7);
        sent(&w, 0, i & 1 ? "OPTIONS" : "INVITE");
        answer(&w, 10, i & 1 ? "OPTIONS" : "INVITE", statuses[i]);
        w.heard_seen = w.heard_count;
        w.sent_seen = w.sent_count;
        answer(&w, 20, "OPTIONS", 200);
        heard(&w, 20, "200 for 8");
        quiet(&w);
    }
    wire_open(&w, NULL);
    w.hook = abandons;
    w.counter = 1;
    start(&w, "INVITE", 7);
    run(&w, 32000);
    w.sent_seen = w.sent_count;
    heard(&w, 32000, "failed 408 for 7: timeout");
    answer(&w, 32010, "OPTIONS", 200);
    heard(&w, 32010, "200 for 8");
    quiet(&w);
}

/* --- CANCEL --- */

static int cancel(struct wire *w, struct sip_client invite)
{
    return sip_client_cancel(w->stack, w->now, invite,
                             sip_str("Reason: SIP;cause=200;text=\"elsewhere\"\r\n"));
}

TEST(cancel_waits_for_a_provisional_and_copies_the_invite) /* §9.1 */
{
    static const char lines[] = "Route: <sip:192.0.2.9;lr>\r\nRequire: 100rel\r\n";
    struct sip_client_args args = {0};
    struct sip_client client;
    const struct wire_message *invite, *m;
    struct wire w;

    wire_open(&w, NULL);
    args.owner = 7;
    starts(&w, our_request("INVITE", "sip:bob@example.net", lines), &args, &client);
    sent(&w, 0, "INVITE");
    invite = last(&w);
    CHECK_INT(cancel(&w, client), SIP_ESTATE); /* MUST NOT be sent before */
    answer(&w, 100, "INVITE", 100);
    heard(&w, 100, "100 for 7");
    CHECK_INT(cancel(&w, client), 0);
    sent(&w, 100, "CANCEL");
    m = last(&w);
    CHECK(!strcmp(reader_target(m->bytes, m->len), "sip:bob@example.net"));
    CHECK_INT(reader_count(m->bytes, m->len, "Via"), 1);
    CHECK(!strcmp(header(m, "Via"), header(invite, "Via")));
    CHECK(!strcmp(header(m, "To"), header(invite, "To"))); /* without the peer's tag */
    CHECK(!strcmp(header(m, "From"), header(invite, "From")));
    CHECK(!strcmp(header(m, "Call-ID"), header(invite, "Call-ID")));
    CHECK(!strcmp(header(m, "CSeq"), "7 CANCEL"));
    CHECK(!strcmp(header(m, "Route"), "<sip:192.0.2.9;lr>"));
    CHECK(!strcmp(header(m, "Reason"), "SIP;cause=200;text=\"elsewhere\""));
    CHECK_INT(reader_count(m->bytes, m->len, "Require"), 0);
    CHECK_INT(m->path.remote.bytes[3], 9);
    CHECK_INT(cancel(&w, client), SIP_ESTATE); /* once */
    sent(&w, 600, "CANCEL");                   /* a transaction of its own */
    answer(&w, 700, "CANCEL", 200);
    answer(&w, 710, "INVITE", 487);
    sent(&w, 710, "ACK");
    heard(&w, 710, "487 for 7");
    CHECK_INT(cancel(&w, client), SIP_ESTATE);
    quiet(&w);
}

TEST(cancel_without_effect_ends_the_invite_after_64_t1) /* §9.1 */
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    client = start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    answer(&w, 100, "INVITE", 180);
    heard(&w, 100, "180 for 7");
    run(&w, 1000);
    CHECK_INT(cancel(&w, client), 0);
    sent(&w, 1000, "CANCEL");
    answer(&w, 1010, "CANCEL", 200);
    answer(&w, 2000, "INVITE", 180); /* still alive, and no reprieve */
    heard(&w, 2000, "180 for 7");
    heard(&w, 33000, "failed 408 for 7: timeout");
    CHECK_INT(cancel(&w, client), SIP_EGONE);
    quiet(&w);
}

TEST(cancel_that_nobody_answers_is_not_told)
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    client = start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    answer(&w, 0, "INVITE", 180);
    heard(&w, 0, "180 for 7");
    cancel(&w, client);
    heard(&w, 32000,
          "failed 408 for 7: timeout"); /* the INVITE; the CANCEL ends at the same time */
    w.sent_seen = w.sent_count;
    quiet(&w);
}

TEST(cancel_crosses_a_2xx) /* §9.1: no effect */
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    client = start(&w, "INVITE", 7);
    sent(&w, 0, "INVITE");
    answer(&w, 10, "INVITE", 180);
    heard(&w, 10, "180 for 7");
    CHECK_INT(cancel(&w, client), 0);
    sent(&w, 10, "CANCEL");
    answer(&w, 20, "INVITE", 200);
    heard(&w, 20, "200 for 7");
    answer(&w, 30, "CANCEL", 481);
    quiet(&w);
}

TEST(cancel_is_for_invite_alone)
{
    struct sip_client client, none = {0};
    struct wire w;

    wire_open(&w, NULL);
    client = start(&w, "OPTIONS", 7);
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "OPTIONS", 100);
    heard(&w, 10, "100 for 7");
    CHECK_INT(cancel(&w, client), SIP_ESTATE);
    CHECK_INT(cancel(&w, none), SIP_EGONE);
    answer(&w, 20, "OPTIONS", 200);
    heard(&w, 20, "200 for 7");
    quiet(&w);
}

/* --- streams --- */

static struct sip_client start_tcp(struct wire *w, const char *method, uint64_t owner)
{
    struct sip_client_args args = {0};
    struct sip_client client;

    args.owner = owner;
    CHECK_INT(starts(w, our_request(method, "sip:bob@192.0.2.2;transport=tcp", ""), &args, &client),
              0);
    w->flow = sip_client_flow(w->stack, client);
    sip_stack_connected(w->stack, w->now, w->flow, NULL);
    return client;
}

TEST(stream_is_written_to_once) /* §17.1.1.2, §17.1.2.2: reliable transports */
{
    struct wire w;

    wire_open(&w, NULL);
    start_tcp(&w, "INVITE", 7);
    start_tcp(&w, "OPTIONS", 8);
    sent(&w, 0, "INVITE");
    sent(&w, 0, "OPTIONS");
    CHECK(strstr(header(last(&w), "Via"), "SIP/2.0/TCP "));
    silence(&w, 20000);
    answer(&w, 20000, "INVITE", 486);
    sent(&w, 20000, "ACK"); /* also on a reliable transport */
    heard(&w, 20000, "486 for 7");
    run(&w, 20000);
    CHECK_INT(used(&w, "transactions"), 1); /* D is 0 */
    answer(&w, 20000, "OPTIONS", 200);
    heard(&w, 20000, "200 for 8");
    run(&w, 20000);
    CHECK_INT(used(&w, "transactions"), 0); /* K is 0 */
    start_tcp(&w, "INVITE", 9);
    sent(&w, 20000, "INVITE");
    heard(&w, 52000, "failed 408 for 9: timeout"); /* B runs on any transport */
    start_tcp(&w, "INVITE", 10);
    sent(&w, 52000, "INVITE");
    answer(&w, 52000, "INVITE", 200);
    heard(&w, 52000, "200 for 10");
    run(&w, 83999);
    CHECK_INT(used(&w, "transactions"), 1); /* M too */
    run(&w, 84000);
    CHECK_INT(used(&w, "transactions"), 0);
    quiet(&w);
}

TEST(lost_stream_fails_what_waits_on_it)
{
    struct wire w;

    wire_open(&w, NULL);
    start_tcp(&w, "INVITE", 7);
    start_tcp(&w, "OPTIONS", 8);
    sent(&w, 0, "INVITE");
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "INVITE", 180);
    heard(&w, 10, "180 for 7");
    sip_stack_closed(w.stack, w.now, w.flow);
    CHECK_INT(w.heard_count, w.heard_seen); /* not inside the report */
    heard(&w, 10, "failed 503 for 7: transport error");
    heard(&w, 10, "failed 503 for 8: transport error");
    quiet(&w);
}

/* --- cut and crossed --- */

TEST(cut_responses_are_never_taken)
{
    struct wire w;
    char text[3000];

    wire_open(&w, NULL);
    start(&w, "OPTIONS", 7);
    sent(&w, 0, "OPTIONS");
    strcpy(text, response_to(last(&w), 200, "peer"));
    for (size_t len = 0; len < strlen(text); len++) {
        char cut[3000];

        memcpy(cut, text, len);
        cut[len] = 0;
        arrives(&w, 0, cut);
    }
    silence(&w, 0);
    arrives(&w, 10, text);
    heard(&w, 10, "200 for 7");
    quiet(&w);
}

TESTS(T(invite_is_sent_seven_times_then_given_up) T(
    other_requests_are_sent_eleven_times_then_given_up) T(timers_follow_configured_t1_t2_t4)
          T(late_ticks_do_not_move_the_times) T(provisional_stops_invite_retransmission)
              T(provisional_slows_other_retransmission_to_t2) T(
                  final_response_to_other_request_is_told_once)
                  T(refused_invite_is_acknowledged_and_each_copy_again) T(
                      ack_takes_the_invites_buffer_when_no_small_one_is_free)
                      T(each_2xx_is_told_and_none_acknowledged) T(
                          request_can_be_read_inside_the_last_call)
                          T(classes_of_statuses_end_where_the_rfc_ends_them) T(
                              branches_are_unique_and_carry_the_cookie)
                              T(response_must_match_branch_and_method) T(
                                  requests_that_may_not_start_change_nothing)
                                  T(name_that_nobody_resolves_fails_at_the_next_tick) T(
                                      failed_send_is_told_by_the_next_tick)
                                      T(unreachable_peer_fails_what_it_has_not_answered) T(
                                          abandoned_transaction_is_silent)
                                          T(user_may_end_it_and_start_another_inside_any_call) T(
                                              cancel_waits_for_a_provisional_and_copies_the_invite)
                                              T(cancel_without_effect_ends_the_invite_after_64_t1)
                                                  T(cancel_that_nobody_answers_is_not_told)
                                                      T(cancel_crosses_a_2xx)
                                                          T(cancel_is_for_invite_alone) T(
                                                              stream_is_written_to_once)
                                                              T(lost_stream_fails_what_waits_on_it)
                                                                  T(cut_responses_are_never_taken))
