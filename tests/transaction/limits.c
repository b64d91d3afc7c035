/* What happens when a pool is full: who gives way, who is refused, and what was set aside. */
#include "transaction/wire.h"
#include "transaction/transaction.h"

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

TEST(what_was_set_aside_is_for_those_who_may_use_it)
{
    struct sip_str none = {NULL, 0};
    struct sip_client_args args = {0};
    struct sip_limits limits = {0};
    struct sip_client client, invite;
    struct wire w;

    limits.transactions = 2;
    limits.buffers_small = limits.buffers_large = 2;
    for (int cancel = 0; cancel < 2; cancel++) {
        struct sip_slots *large, *slots;

        wire_open(&w, &limits);
        args.reserved = false;
        large = &w.stack->buffers.classes[SIP_LARGE];
        slots = &w.stack->pools[SIP_KIND_TRANSACTION];
        CHECK(sip_slots_reserve(large, 2)); /* out of the way */
        invite = start(&w, "INVITE", 7);
        sent(&w, 0, "INVITE");
        answer(&w, 0, "INVITE", 180);
        CHECK(sip_stack_set_aside(w.stack)); /* a slot and a buffer */
        if (cancel)
            sip_client_set_aside(w.stack, invite);
        CHECK_INT(starts(&w, our_request("FOO", "sip:bob@192.0.2.2", ""), &args, &client),
                  SIP_EFULL);
        CHECK_INT(slots->reserved, 1);
        if (cancel) {
            CHECK_INT(sip_client_cancel(w.stack, 0, invite, none), 0);
            sent(&w, 0, "CANCEL");
        } else {
            args.reserved = true;
            CHECK_INT(starts(&w, our_request("FOO", "sip:bob@192.0.2.2", ""), &args, &client), 0);
            sent(&w, 0, "FOO");
        }
        CHECK_INT(slots->reserved, 0);
        CHECK_INT(w.stack->buffers.classes[SIP_SMALL].reserved, 0);
        wire_end(&w);
    }
}

TEST(what_was_set_aside_stays_so_when_starting_fails)
{
    struct sip_str none = {NULL, 0};
    struct sip_client_args args = {.reserved = true};
    struct sip_limits limits = {0};
    struct sip_client client, invite;
    struct sip_slots *slots;
    struct wire w;

    limits.transactions = 2;
    limits.buffers_small = 1;
    limits.buffers_large = 1;
    wire_open(&w, &limits);
    slots = &w.stack->pools[SIP_KIND_TRANSACTION];
    CHECK(sip_slots_reserve(slots, 1));
    CHECK(sip_slots_reserve(&w.stack->buffers.classes[SIP_LARGE], 1));
    invite = start(&w, "INVITE", 7); /* takes the only buffer */
    sent(&w, 0, "INVITE");
    answer(&w, 0, "INVITE", 180);
    CHECK(sip_buffers_take_class(&w.stack->buffers, SIP_LARGE, true) != 0);
    CHECK_INT(sip_client_cancel(w.stack, 0, invite, none), SIP_EFULL);
    CHECK_INT(starts(&w, our_request("FOO", "sip:bob@192.0.2.2", ""), &args, &client), SIP_EFULL);
    CHECK_INT(slots->reserved, 1);
    CHECK_INT(used(&w, "transactions"), 1);
    wire_end(&w);
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

TESTS(T(lingering_transactions_give_way_in_order) T(oldest_of_a_kind_goes_first)
          T(those_that_ended_in_time_are_not_given_up_again) T(unacknowledged_2xx_never_give_way)
              T(what_was_set_aside_is_for_those_who_may_use_it)
                  T(what_was_set_aside_stays_so_when_starting_fails)
                      T(full_pools_refuse_requests_and_change_nothing)
                          T(final_response_needs_no_buffer_but_its_requests)
                              T(answer_takes_the_place_of_its_invite)
                                  T(reply_longer_than_the_message_limit_is_refused))
