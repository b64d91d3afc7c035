/* Fail-over to the next target (RFC 3263 §4.3), what happens when a pool is full, and messages without
 * a transaction (§16.11, §13.2.2.4). */
#include "transaction/wire.h"

/* --- fail-over --- */

static struct sip_target targets[3];

static struct sip_client start_many(struct wire *w, const char *method, size_t count)
{
    struct sip_client_args args = {0};
    struct sip_client client;

    for (unsigned i = 0; i < 3; i++) {
        targets[i].protocol = SIP_UDP;
        targets[i].addr = wire_addr(10 + i, (uint16_t)(5060 + i));
    }
    args.owner = 7;
    args.targets = targets;
    args.targets_count = count;
    CHECK_INT(starts(w, our_request(method, "sip:bob@example.net", ""), &args, &client), 0);
    return client;
}

static unsigned where(const struct wire *w)
{
    return last(w)->path.remote.bytes[3];
}

TEST(timeout_without_any_response_tries_the_next_target)
{
    char first[100];
    struct wire w;

    wire_open(&w, NULL);
    start_many(&w, "OPTIONS", 2);
    sent(&w, 0, "OPTIONS");
    CHECK_INT(where(&w), 10);
    snprintf(first, sizeof first, "%s", branch_of(last(&w)));
    run(&w, 31999);
    w.sent_seen = w.sent_count;
    sent(&w, 32000, "OPTIONS");
    CHECK_INT(where(&w), 11);
    CHECK(strcmp(first, branch_of(last(&w)))); /* a new branch: another transaction */
    CHECK_INT(reader_count(last(&w)->bytes, last(&w)->len, "Via"), 1);
    sent(&w, 32500, "OPTIONS"); /* its timers begin anew */
    CHECK_INT(where(&w), 11);
    answer(&w, 33000, "OPTIONS", 200);
    heard(&w, 33000, "200 for 7");
    quiet(&w);
}

TEST(timeout_after_a_provisional_does_not) /* RFC 3263 §4.3: it has responded */
{
    struct wire w;

    wire_open(&w, NULL);
    start_many(&w, "OPTIONS", 2);
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "OPTIONS", 100);
    heard(&w, 10, "100 for 7");
    run(&w, 32000);
    w.sent_seen = w.sent_count;
    CHECK_INT(where(&w), 10);
    heard(&w, 32000, "failed 408 for 7: timeout");
    quiet(&w);
}

TEST(status_503_tries_the_next_target)
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    client = start_many(&w, "OPTIONS", 3);
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "OPTIONS", 503);
    sent(&w, 10, "OPTIONS");
    CHECK_INT(where(&w), 11);
    answer(&w, 20, "OPTIONS", 503);
    sent(&w, 20, "OPTIONS");
    CHECK_INT(where(&w), 12);
    answer(&w, 30, "OPTIONS", 503); /* the last one's is told */
    heard(&w, 30, "503 for 7");
    CHECK_INT(w.client.id, client.id); /* one handle all the time */
    quiet(&w);
}

TEST(other_refusals_are_told_at_once)
{
    struct wire w;

    wire_open(&w, NULL);
    start_many(&w, "OPTIONS", 2);
    sent(&w, 0, "OPTIONS");
    answer(&w, 10, "OPTIONS", 500);
    heard(&w, 10, "500 for 7");
    quiet(&w);
}

TEST(invite_acknowledges_the_503_it_leaves_behind)
{
    const struct wire_message *first;
    char refusal[3000];
    struct wire w;

    wire_open(&w, NULL);
    start_many(&w, "INVITE", 2);
    sent(&w, 0, "INVITE");
    first = last(&w);
    strcpy(refusal, response_to(first, 503, "peer"));
    arrives(&w, 10, refusal);
    sent(&w, 10, "ACK");
    CHECK_INT(where(&w), 10);
    CHECK(!strcmp(branch_of(last(&w)), branch_of(first)));
    sent(&w, 10, "INVITE");
    CHECK_INT(where(&w), 11);
    arrives(&w, 400, refusal); /* a copy: the old branch still answers it */
    sent(&w, 400, "ACK");
    CHECK_INT(where(&w), 10);
    CHECK(!strcmp(branch_of(last(&w)), branch_of(first)));
    answer(&w, 450, "INVITE", 180);
    heard(&w, 450, "180 for 7");
    answer(&w, 460, "INVITE", 200);
    heard(&w, 460, "200 for 7");
    quiet(&w);
}

TEST(dead_targets_are_passed_over)
{
    struct wire w;

    wire_open(&w, NULL);
    w.dead_port = 5060;
    start_many(&w, "INVITE", 2);
    CHECK_INT(w.sent_count, 0); /* no call is told of it inside */
    sent(&w, 0, "INVITE");      /* at the next tick */
    CHECK_INT(where(&w), 11);
    answer(&w, 10, "INVITE", 486);
    sent(&w, 10, "ACK");
    heard(&w, 10, "486 for 7");
    w.dead_port = 5061;
    start_many(&w, "INVITE", 2);
    sent(&w, 10, "INVITE");
    sip_stack_unreachable(w.stack, w.now, &last(&w)->path);
    heard(&w, 10, "failed 503 for 7: transport error"); /* both are */
    quiet(&w);
}

TEST(lost_stream_moves_on_to_udp_with_its_via)
{
    struct sip_client_args args = {0};
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    targets[0].protocol = SIP_TCP;
    targets[0].addr = wire_addr(10, 5060);
    targets[1].protocol = SIP_UDP;
    targets[1].addr = wire_addr(11, 5060);
    args.owner = 7;
    args.targets = targets;
    args.targets_count = 2;
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:bob@example.net", ""), &args, &client), 0);
    sip_stack_closed(w.stack, w.now, sip_client_flow(w.stack, client)); /* refused */
    sent(&w, 0, "OPTIONS");
    CHECK(strstr(header(last(&w), "Via"), "SIP/2.0/UDP "));
    CHECK_INT(where(&w), 11);
    sent(&w, 500, "OPTIONS"); /* unreliable now: E runs */
    answer(&w, 600, "OPTIONS", 200);
    heard(&w, 600, "200 for 7");
    quiet(&w);
}

TEST(cancelled_invite_does_not_move_on)
{
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    client = start_many(&w, "INVITE", 2);
    sent(&w, 0, "INVITE");
    answer(&w, 10, "INVITE", 180);
    heard(&w, 10, "180 for 7");
    CHECK_INT(sip_client_cancel(w.stack, w.now, client, (struct sip_str){NULL, 0}), 0);
    sent(&w, 10, "CANCEL");
    answer(&w, 20, "CANCEL", 200);
    answer(&w, 30, "INVITE", 503);
    sent(&w, 30, "ACK");
    heard(&w, 30, "503 for 7");
    quiet(&w);
}

TEST(without_a_slot_for_targets_only_the_first_is_used)
{
    struct sip_limits limits = {0};
    struct wire w;

    limits.resolving = 1;
    limits.transactions = 8;
    wire_open(&w, &limits);
    start_many(&w, "OPTIONS", 2);
    sent(&w, 0, "OPTIONS");
    CHECK_INT(used(&w, "resolving"), 1);
    start_many(&w, "INVITE", 2);
    sent(&w, 0, "INVITE");
    answer(&w, 10, "INVITE", 503);
    sent(&w, 10, "ACK");
    heard(&w, 10, "503 for 7"); /* told: the second was not kept */
    answer(&w, 20, "OPTIONS", 200);
    heard(&w, 20, "200 for 7");
    CHECK_INT(used(&w, "resolving"), 0); /* given back with the answer */
    quiet(&w);
}

TEST(next_hop_and_route_and_uri_say_where) /* §8.1.2 */
{
    struct sip_client_args args = {0};
    struct sip_client client;
    struct wire w;

    wire_open(&w, NULL);
    args.owner = 7;
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:b@192.0.2.20:5066", ""), &args, &client), 0);
    sent(&w, 0, "OPTIONS");
    CHECK_INT(where(&w), 20);
    CHECK_INT(last(&w)->path.remote.port, 5066);
    CHECK_INT(starts(&w,
                     our_request("OPTIONS", "sip:b@192.0.2.20",
                                 "Route: <sip:192.0.2.21;lr>, <sip:192.0.2.22;lr>\r\n"),
                     &args, &client),
              0);
    sent(&w, 0, "OPTIONS");
    CHECK_INT(where(&w), 21);
    args.next_hop = sip_str("sip:192.0.2.23");
    CHECK_INT(starts(&w,
                     our_request("OPTIONS", "sip:b@192.0.2.20", "Route: <sip:192.0.2.21;lr>\r\n"),
                     &args, &client),
              0);
    sent(&w, 0, "OPTIONS");
    CHECK_INT(where(&w), 23);
    run(&w, 40000);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TEST(flow_is_used_while_it_lives)
{
    struct sip_client_args args = {0};
    struct sip_client client;
    struct sip_path path;
    struct wire w;

    wire_open(&w, NULL);
    path = w.source;
    path.protocol = SIP_TCP;
    sip_stack_accepted(w.stack, 0, &path, &args.flow);
    args.owner = 7;
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:b@example.net", ""), &args, &client), 0);
    sent(&w, 0, "OPTIONS");
    CHECK(last(&w)->flow == args.flow.id);
    w.flow = args.flow;
    answer(&w, 0, "OPTIONS", 200);
    heard(&w, 0, "200 for 7");
    sip_stack_closed(w.stack, 0, args.flow);
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:b@example.net", ""), &args, &client), 0);
    heard(&w, 0, "failed 503 for 7: transport error");
    args.targets = targets; /* where to when it is gone */
    args.targets_count = 1;
    targets[0].protocol = SIP_UDP;
    targets[0].addr = wire_addr(10, 5060);
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:b@example.net", ""), &args, &client), 0);
    sent(&w, 0, "OPTIONS");
    CHECK_INT(where(&w), 10);
    w.flow.id = 0;
    answer(&w, 0, "OPTIONS", 200);
    heard(&w, 0, "200 for 7");
    quiet(&w);
}

/* --- full pools --- */

/* A transaction of each lingering kind in a pool of six; what is left after `extra` more start? */
static void linger_six(struct wire *w)
{
    struct sip_limits limits = {0};
    struct sip_client client;

    limits.transactions = 6;
    limits.buffers_small = limits.buffers_large = 8;
    wire_open(w, &limits);
    start(w, "OPTIONS", 1); /* K */
    answer(w, 10, "OPTIONS", 200);
    start(w, "INVITE", 2); /* D */
    answer(w, 20, "INVITE", 486);
    asks_with(w, 30, &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKj"}); /* J */
    reply(w, 200);
    asks_with(w, 40, &(struct asked){.branch = "z9hG4bKi", .cseq = 2}); /* I */
    reply(w, 486);
    asks_with(w, 45, &(struct asked){.method = "ACK", .branch = "z9hG4bKi", .cseq = 2});
    client = start(w, "INVITE", 5); /* M */
    answer(w, 50, "INVITE", 200);
    sip_client_settled(w->stack, client);
    asks_with(w, 60, &(struct asked){.branch = "z9hG4bKl", .cseq = 3}); /* L */
    reply(w, 200);
    sip_server_settled(w->stack, w->server);
    w->sent_seen = w->sent_count;
    w->heard_seen = w->heard_count;
    CHECK_INT(used(w, "transactions"), 6);
}

TEST(lingering_transactions_give_way_in_order) /* K, D, J, I, then M, then L */
{
    struct wire w;
    struct sip_client client;

    linger_six(&w);
    for (int taken = 1; taken <= 6; taken++) {
        start(&w, "MESSAGE", 9);
        sent(&w, 60, "MESSAGE");
        CHECK_INT(used(&w, "transactions"), 6);
        w.heard_seen = w.heard_count;
        /* what the lingering ones are for tells which are left */
        answer(&w, 60, "OPTIONS", 200);
        CHECK_INT(w.heard_count - w.heard_seen, taken >= 1); /* stray */
        w.heard_seen = w.heard_count;
        asks_with(&w, 60, &(struct asked){.method = "ACK", .branch = "z9hG4bKi", .cseq = 2});
        CHECK_INT(w.heard_count - w.heard_seen, taken >= 4);
        w.heard_seen = w.heard_count;
        w.sent_seen = w.sent_count;
        w.pass_over = true;
        asks_with(&w, 60, &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKj"});
        CHECK_INT(w.sent_count - w.sent_seen, taken < 3);
        CHECK_INT(w.heard_count - w.heard_seen, taken >= 3);
        w.heard_seen = w.heard_count;
        asks_with(&w, 60, &(struct asked){.branch = "z9hG4bKl", .cseq = 3});
        CHECK_INT(w.heard_count - w.heard_seen, taken >= 6);
        w.heard_seen = w.heard_count;
        w.sent_seen = w.sent_count;
    }
    CHECK_INT(starts(&w, our_request("MESSAGE", "sip:bob@192.0.2.2", ""), NULL, &client),
              SIP_EFULL); /* those that work are never taken */
    run(&w, 100000);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TEST(oldest_of_a_kind_goes_first)
{
    struct sip_limits limits = {0};
    struct wire w;

    limits.transactions = 2;
    wire_open(&w, &limits);
    start(&w, "OPTIONS", 1);
    answer(&w, 10, "OPTIONS", 200);
    start(&w, "FOO", 2);
    answer(&w, 20, "FOO", 200);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    start(&w, "MESSAGE", 3);
    sent(&w, 20, "MESSAGE");
    answer(&w, 30, "FOO", 200); /* absorbed: the younger is there */
    silence(&w, 30);
    answer(&w, 30, "OPTIONS", 200);
    heard(&w, 30, "stray 200");
    answer(&w, 40, "MESSAGE", 200);
    heard(&w, 40, "200 for 3");
    quiet(&w);
}

TEST(those_that_ended_in_time_are_not_given_up_again)
{
    struct sip_limits limits = {0};
    struct wire w;

    limits.transactions = 3;
    wire_open(&w, &limits);
    for (uint64_t i = 0; i < 6; i++) { /* K of the first and the middle one ends by itself */
        start(&w, "OPTIONS", i);
        answer(&w, i * 2000, "OPTIONS", 200);
    }
    CHECK_INT(used(&w, "transactions"), 3);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
    wire_open(&w, &limits);
    for (uint64_t i = 0; i < 6; i++) {
        start(&w, "OPTIONS", i);
        answer(&w, i * 6000, "OPTIONS", 200);
        start(&w, "OPTIONS", i);
        answer(&w, i * 6000, "OPTIONS", 200);
        start(&w, "OPTIONS", i);
        answer(&w, i * 6000, "OPTIONS", 200);
        start(&w, "OPTIONS", i); /* takes the oldest of three that are younger than those before */
        answer(&w, i * 6000, "OPTIONS", 200);
        CHECK_INT(used(&w, "transactions"), 3);
    }
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TEST(unacknowledged_2xx_never_give_way)
{
    struct sip_limits limits = {0};
    struct sip_client client;
    struct wire w;

    limits.transactions = 2;
    limits.buffers_large = 4;
    wire_open(&w, &limits);
    start(&w, "INVITE", 1);
    answer(&w, 10, "INVITE", 200);
    asks(&w, 20, "INVITE");
    replies(&w, 20, 200);
    CHECK_INT(starts(&w, our_request("OPTIONS", "sip:bob@192.0.2.2", ""), NULL, &client),
              SIP_EFULL);
    sip_server_settled(w.stack, w.server);
    start(&w, "OPTIONS", 3);
    answer(&w, 30, "OPTIONS", 200);
    run(&w, 40000);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TEST(full_pools_refuse_requests_and_change_nothing)
{
    struct sip_limits limits = {0};
    struct wire w;

    limits.transactions = 1;
    wire_open(&w, &limits);
    asks(&w, 0, "OPTIONS");
    heard(&w, 0, "OPTIONS");
    CHECK_INT(w.start_error, 0);
    asks_with(&w, 1, &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKtwo"});
    heard(&w, 1, "OPTIONS");
    CHECK_INT(w.start_error, SIP_EFULL);
    CHECK_INT(w.server.id, 0);
    run(&w, 100);
    silence(&w, 100);
    wire_end(&w);

    limits.transactions = 4;
    limits.buffers_large = 1;
    wire_open(&w, &limits);
    asks(&w, 0, "INVITE");
    asks_with(&w, 0, &(struct asked){.branch = "z9hG4bKtwo"});
    CHECK_INT(w.start_error, SIP_EFULL); /* no buffer for the second */
    CHECK_INT(used(&w, "transactions"), 1);
    wire_end(&w);
}

TEST(final_response_needs_no_buffer_but_its_requests)
{
    static char body[900];
    struct sip_limits limits = {0};
    struct sip_reply r = {0};
    struct sip_server options;
    struct wire w;

    memset(body, 'x', sizeof body);
    limits.buffers_small = limits.buffers_large = 1;
    wire_open(&w, &limits);
    asks(&w, 0, "INVITE"); /* takes the large one */
    asks_with(&w, 0,
              &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKo"}); /* the small one */
    options = w.server;
    asks_with(&w, 0, &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKp"});
    CHECK_INT(w.start_error, SIP_EFULL);
    w.heard_seen = w.heard_count;
    r.status = 200;
    r.type = sip_str("text/plain");
    r.body = sip_bytes(body, sizeof body);
    CHECK_INT(sip_server_reply(w.stack, 0, options, &r), SIP_EFULL); /* and nothing sent */
    silence(&w, 0);
    r.type.len = r.body.len = 0;
    CHECK_INT(sip_server_reply(w.stack, 0, options, &r), 0);
    sent(&w, 0, "200");
    asks_with(&w, 0, &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKo"});
    sent(&w, 0, "200");
    asks(&w, 10, "INVITE"); /* no buffer for a provisional: copies get 100 */
    sent(&w, 10, "100");
    wire_end(&w);
}

TEST(answer_takes_the_place_of_its_invite)
{
    static char body[900];
    struct sip_limits limits = {0};
    struct sip_reply r = {0};
    struct wire w;

    memset(body, 'x', sizeof body);
    limits.buffers_small = limits.buffers_large = 1;
    wire_open(&w, &limits);
    asks(&w, 0, "INVITE");
    heard(&w, 0, "INVITE");
    replies(&w, 0, 180);
    sent(&w, 0, "180");
    CHECK_INT(used(&w, "buffers_small"), 1);
    r.status = 200;
    r.lines = sip_str("Contact: <sip:alice@192.0.2.1>\r\n");
    r.type = sip_str("text/plain");
    r.body = sip_bytes(body, sizeof body);
    CHECK_INT(sip_server_reply(w.stack, 0, w.server, &r), 0);
    CHECK_INT(used(&w, "buffers_small"), 0);
    CHECK_INT(used(&w, "buffers_large"), 1);
    CHECK(sip_server_request(w.stack, w.server).at == NULL);
    sent(&w, 0, "200");
    sent(&w, 500, "200");
    sip_server_settled(w.stack, w.server);
    CHECK_INT(used(&w, "buffers_large"), 0);
    quiet(&w);
}

TEST(reply_longer_than_the_message_limit_is_refused)
{
    struct sip_limits limits = {0};
    struct sip_reply r = {0};
    static char body[800];
    struct wire w;

    limits.message_max = 700;
    wire_open(&w, &limits);
    asks(&w, 0, "OPTIONS");
    heard(&w, 0, "OPTIONS");
    r.status = 200;
    r.body = sip_bytes(body, sizeof body);
    CHECK_INT(sip_server_reply(w.stack, 0, w.server, &r), SIP_ESIZE);
    silence(&w, 0);
    replies(&w, 0, 500);
    sent(&w, 0, "500");
    quiet(&w);
}

/* --- without a transaction --- */

TEST(ack_for_a_2xx_goes_out_once_and_can_be_sent_again) /* §13.2.2.4 */
{
    struct sip_client_args args = {0};
    struct sip_sent once = {0};
    char room[600];
    struct wire w;

    wire_open(&w, NULL);
    args.request = sip_str(our_request("ACK", "sip:bob@192.0.2.2:5070", ""));
    once.text = sip_bytes(room, sizeof room);
    CHECK_INT(sip_send_request(w.stack, 0, &args, &once), 0);
    sent(&w, 0, "ACK");
    CHECK_INT(last(&w)->path.remote.port, 5070);
    CHECK_INT(once.text.len, last(&w)->len);
    CHECK_INT(sip_send_again(w.stack, 500, &once), 0);
    sent(&w, 500, "ACK");
    CHECK(!strcmp(branch_of(last(&w)), branch_of(&w.sent[0])));
    CHECK_INT(sip_send_request(w.stack, 500, &args, NULL), 0);
    sent(&w, 500, "ACK");
    CHECK(strcmp(branch_of(last(&w)), branch_of(&w.sent[0])));
    once.text = sip_bytes(room, 100);
    CHECK_INT(sip_send_request(w.stack, 500, &args, &once), SIP_ESIZE);
    args.request = sip_str(our_request("ACK", "sip:bob@example.net", ""));
    CHECK_INT(sip_send_request(w.stack, 500, &args, NULL), SIP_ENAME);
    args.request = sip_str("nothing");
    CHECK_INT(sip_send_request(w.stack, 500, &args, NULL), SIP_EBAD);
    w.dead_port = 5070; /* nobody is told */
    args.request = sip_str(our_request("ACK", "sip:bob@192.0.2.2:5070", ""));
    CHECK_INT(sip_send_request(w.stack, 500, &args, NULL), 0);
    quiet(&w);
}

static void forwards(struct wire *w, const char *what, const struct sip_received *r)
{
    w->counter = !strcmp(what, "stray")
                     ? sip_forward_response(w->stack, w->now, r)
                     : sip_forward_request(w->stack, w->now, r, sip_str("sip:192.0.2.40"));
}

static void cancel_forwards(void *user, struct sip_stack *stack, const struct sip_received *r)
{
    (void)stack;
    forwards(user, "cancel", r);
}

static void forward_open(struct wire *w)
{
    static struct sip_user user;

    user = wire_user;
    user.cancel = cancel_forwards;
    wire_open_with(w, NULL, &user);
    w->hook = forwards;
    w->pass_over = true;
}

TEST(stateless_proxy_forwards_copies_alike) /* §16.11 */
{
    struct asked a = {.sent_by = "192.0.2.2:5070"};
    char branch[100];
    struct wire w;

    forward_open(&w);
    asks_with(&w, 0, &a);
    sent(&w, 0, "INVITE");
    CHECK_INT(where(&w), 40);
    CHECK_INT(reader_count(last(&w)->bytes, last(&w)->len, "Via"), 2);
    CHECK(!strcmp(header(last(&w), "Max-Forwards"), "69"));
    snprintf(branch, sizeof branch, "%s", branch_of(last(&w)));
    asks_with(&w, 500, &a);
    sent(&w, 500, "INVITE");
    CHECK(!strcmp(branch, branch_of(last(&w))));
    a.method = "CANCEL";
    asks_with(&w, 600, &a);
    sent(&w, 600, "CANCEL");
    CHECK(!strcmp(branch, branch_of(last(&w))));
    w.source.remote = wire_addr(40, 5060);
    answer(&w, 700, "INVITE", 487);
    sent(&w, 700, "487");
    CHECK_INT(where(&w), 2);
    CHECK_INT(last(&w)->path.remote.port, 5070);
    CHECK_INT(reader_count(last(&w)->bytes, last(&w)->len, "Via"), 1);
    CHECK(!strcmp(branch_of(last(&w)), "z9hG4bKpeer"));
    w.source.remote = wire_addr(2, 5070);
    a.method = "ACK";
    a.to_tag = "peer";
    asks_with(&w, 800, &a);
    sent(&w, 800, "ACK");
    CHECK(!strcmp(branch, branch_of(last(&w))));
    a.branch = "z9hG4bKother";
    a.method = "INVITE";
    asks_with(&w, 900, &a);
    sent(&w, 900, "INVITE");
    CHECK(strcmp(branch, branch_of(last(&w)))); /* another request */
    CHECK_INT(w.counter, 0);
    w.dead_port = 5060;
    a.branch = "z9hG4bKdead";
    a.to_tag = NULL;
    asks_with(&w, 1000, &a);
    CHECK_INT(w.counter, 0); /* a datagram that is lost */
    w.source.remote = wire_addr(40, 5060);
    w.dead_port = 5070;
    answer(&w, 1100, "INVITE", 486);
    CHECK_INT(w.counter, 0);
    w.dead_port = 0;
    a.sent_by = NULL;
    w.source.remote = wire_addr(2, 5060);
    asks_with(&w, 1200, &a);
    sent(&w, 1200, "INVITE");
    answer(&w, 1300, "INVITE", 486);
    sent(&w, 1300, "486");
    CHECK_INT(last(&w)->path.remote.port, 5060); /* §18.2.2: the default */
    CHECK_INT(used(&w, "transactions"), 0);
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TEST(forwarded_request_says_where_it_came_from) /* §18.2.1, §16.3 */
{
    struct asked a = {.method = "OPTIONS",
                      .sent_by = "bob.example.net;rport",
                      .body = "text",
                      .lines = "Content-Type: text/plain\r\n"};

    char response[3000], *at;
    struct wire w;

    forward_open(&w);
    w.source.remote.port = 40000;
    asks_with(&w, 0, &a);
    sent(&w, 0, "OPTIONS");
    CHECK(!strcmp(reader_param(reader_header(last(&w)->bytes, last(&w)->len, "Via", 1), "received"),
                  "192.0.2.2"));
    CHECK(!strcmp(header(last(&w), "Content-Length"), "4"));
    strcpy(response, response_to(last(&w), 200, "peer"));
    arrives(&w, 10, response);
    sent(&w, 10, "200");
    CHECK_INT(last(&w)->path.remote.port, 40000); /* rport (RFC 3581 §4) */
    CHECK_INT(where(&w), 2);
    at = strstr(response, "Via: SIP/2.0/UDP bob");
    memmove(at, strstr(at, "\n") + 1, strlen(strstr(at, "\n") + 1) + 1);
    arrives(&w, 20, response); /* ours is the last Via: for whom? */
    CHECK_INT(w.counter, SIP_EBAD);
    strcpy(response, request_text(&a));
    at = strstr(response, "Max-Forwards: 70");
    memcpy(at + 14, "00", 2);
    arrives(&w, 30, response);
    CHECK_INT(w.counter, SIP_ESTATE); /* 483 */
    memcpy(at + 14, "01", 2);
    arrives(&w, 40, response);
    sent(&w, 40, "OPTIONS");
    CHECK(!strcmp(header(last(&w), "Max-Forwards"), "0"));
    memmove(at, at + 18, strlen(at + 18) + 1);
    arrives(&w, 50, response);
    sent(&w, 50, "OPTIONS");
    CHECK(!strcmp(header(last(&w), "Max-Forwards"), "70")); /* §16.6 step 3 */
    w.heard_seen = w.heard_count;
    quiet(&w);
}

TESTS(T(timeout_without_any_response_tries_the_next_target) T(timeout_after_a_provisional_does_not)
          T(status_503_tries_the_next_target) T(other_refusals_are_told_at_once)
              T(invite_acknowledges_the_503_it_leaves_behind) T(dead_targets_are_passed_over)
                  T(lost_stream_moves_on_to_udp_with_its_via) T(cancelled_invite_does_not_move_on)
                      T(without_a_slot_for_targets_only_the_first_is_used) T(
                          next_hop_and_route_and_uri_say_where) T(flow_is_used_while_it_lives)
                          T(lingering_transactions_give_way_in_order) T(oldest_of_a_kind_goes_first)
                              T(those_that_ended_in_time_are_not_given_up_again)
                                  T(unacknowledged_2xx_never_give_way)
                                      T(full_pools_refuse_requests_and_change_nothing)
                                          T(final_response_needs_no_buffer_but_its_requests) T(
                                              answer_takes_the_place_of_its_invite)
                                              T(reply_longer_than_the_message_limit_is_refused) T(
                                                  ack_for_a_2xx_goes_out_once_and_can_be_sent_again)
                                                  T(stateless_proxy_forwards_copies_alike)
                                                      T(forwarded_request_says_where_it_came_from))
