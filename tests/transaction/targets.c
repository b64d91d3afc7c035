/* Where a request goes (RFC 3261 §8.1.2), and fail-over to the next target (RFC 3263 §4.3). */
#include "transaction/wire.h"

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

TEST(longer_via_of_the_next_target_takes_another_buffer)
{
    struct sip_client_args args = {0};
    struct sip_client client;
    char text[640];
    struct wire w;

    wire_open(&w, NULL);
    targets[0].protocol = targets[1].protocol = SIP_UDP;
    targets[0].addr = targets[1].addr = wire_addr(10, 5060);
    targets[1].addr.family = SIP_IPV6;
    args.owner = 7;
    args.targets = targets;
    args.targets_count = 2;
    strcpy(text, our_request("OPTIONS", "sip:bob@example.net", ""));
    memmove(strstr(text, "Content-Length"), "Subject: ", 10);
    while (strlen(text) < 640 - 73 - 23)
        strcat(text, "x");
    strcat(text, "\r\nContent-Length: 0\r\n\r\n");
    CHECK_INT(starts(&w, text, &args, &client), 0);
    CHECK_INT(used(&w, "buffers_small"), 1);
    sent(&w, 0, "OPTIONS");
    CHECK(last(&w)->len > 630 && last(&w)->len <= 640);
    answer(&w, 10, "OPTIONS", 503);
    sent(&w, 10, "OPTIONS");
    CHECK(strstr(header(last(&w), "Via"), "SIP/2.0/UDP [abab:"));
    CHECK_INT(used(&w, "buffers_small"), 0);
    CHECK_INT(used(&w, "buffers_large"), 1);
    CHECK_INT(reader_count(last(&w)->bytes, last(&w)->len, "Via"), 1);
    answer(&w, 20, "OPTIONS", 200);
    heard(&w, 20, "200 for 7");
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

TESTS(T(timeout_without_any_response_tries_the_next_target) T(timeout_after_a_provisional_does_not)
          T(status_503_tries_the_next_target) T(other_refusals_are_told_at_once)
              T(invite_acknowledges_the_503_it_leaves_behind) T(dead_targets_are_passed_over)
                  T(lost_stream_moves_on_to_udp_with_its_via)
                      T(longer_via_of_the_next_target_takes_another_buffer)
                          T(cancelled_invite_does_not_move_on)
                              T(without_a_slot_for_targets_only_the_first_is_used)
                                  T(next_hop_and_route_and_uri_say_where)
                                      T(flow_is_used_while_it_lives))
