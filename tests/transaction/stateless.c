/* Messages without a transaction: the ACK for a 2xx (§13.2.2.4), a stateless proxy (§16.11). */
#include "transaction/wire.h"

static unsigned where(const struct wire *w)
{
    return last(w)->path.remote.bytes[3];
}

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

static void forwards_to_a_name(struct wire *w, const char *what, const struct sip_received *r)
{
    (void)what;
    w->counter = sip_forward_request(w->stack, w->now, r, sip_str("sip:example.net"));
}

TEST(request_for_a_name_is_not_forwarded)
{
    struct wire w;

    wire_open(&w, NULL);
    w.hook = forwards_to_a_name;
    w.pass_over = true;
    asks(&w, 0, "OPTIONS");
    CHECK_INT(w.counter, SIP_ENAME);
    CHECK_INT(w.sent_count, 0);
    wire_end(&w);
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

TESTS(T(ack_for_a_2xx_goes_out_once_and_can_be_sent_again) T(request_for_a_name_is_not_forwarded)
          T(stateless_proxy_forwards_copies_alike) T(forwarded_request_says_where_it_came_from))
