/* Seeded walks: requests, answers, cancels, lost ways and late ticks in any order, from outside and from
 * inside the user's functions, with pools that are often full. Whatever happens: a client's last call
 * comes exactly once, nothing is told of what was given up, and in the end nothing is in use.
 *
 * `transaction_random SEED` replays one walk (0x...). */
#define WIRE_SENT  6000
#define WIRE_HEARD 6000
#include "transaction/wire.h"
#include "transaction/transaction.h"

#define WALKS   400
#define STEPS   250
#define CLIENTS 600
#define SERVERS 600

static uint32_t state;

static unsigned dice(unsigned sides)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 10) % sides;
}

/* What became of each request that was started. */
static struct {
    struct sip_client handle;
    bool invite, given_up, over;
} clients[CLIENTS];
static unsigned clients_count;

static struct sip_server servers[SERVERS];
static unsigned servers_count;
static struct sip_flow flow;
static unsigned depth;

static void act(struct wire *w);

/* --- what the user does --- */

static const char *const methods[] = {"INVITE", "INVITE", "OPTIONS", "FOO", "BAR"};
static const char *const uris[] = {"sip:bob@192.0.2.2", "sip:bob@192.0.2.3:5061",
                                   "sip:bob@192.0.2.2;transport=tcp", "sip:bob@example.net"};

static void start_any(struct wire *w)
{
    struct sip_client_args args = {0};
    struct sip_target targets[4];
    const char *method = methods[dice(5)];
    struct sip_client client;

    if (clients_count == CLIENTS)
        return;
    args.owner = clients_count;
    args.targets = targets;
    args.targets_count = dice(4);
    if (dice(8) == 0)
        args.flow = flow;
    for (unsigned i = 0; i < 4; i++) {
        targets[i].protocol = dice(4) ? SIP_UDP : SIP_TCP;
        targets[i].addr = wire_addr(2 + dice(3), (uint16_t)(5060 + dice(2)));
    }
    if (starts(w, our_request(method, uris[dice(4)], ""), &args, &client))
        return;
    clients[clients_count].handle = client;
    clients[clients_count].invite = !strcmp(method, "INVITE");
    clients[clients_count].given_up = clients[clients_count].over = false;
    clients_count++;
}

static void change_client(struct wire *w)
{
    unsigned i = clients_count ? dice(clients_count) : 0;
    struct sip_client client = clients_count ? clients[i].handle : (struct sip_client){0};
    struct sip_str none = {NULL, 0};

    switch (dice(5)) {
    case 0:
        sip_client_abandon(w->stack, w->now, client);
        if (clients_count)
            clients[i].given_up = true;
        break;
    case 1:
        sip_client_settled(w->stack, client);
        break;
    case 2:
        if (sip_stack_set_aside(w->stack))
            sip_client_set_aside(w->stack, client);
        break;
    default:
        sip_client_cancel(w->stack, w->now, client, none);
    }
    (void)sip_client_request(w->stack, client);
    (void)sip_client_path(w->stack, client);
}

static void change_server(struct wire *w)
{
    static const uint16_t statuses[] = {100, 180, 183, 200, 200, 302, 404, 408, 486, 503, 600};
    struct sip_server server = servers_count ? servers[dice(servers_count)] : w->server;
    struct sip_reply r = {0};

    r.status = statuses[dice(11)];
    if (r.status > 100 && r.status < 300)
        r.lines = sip_str("Contact: <sip:alice@192.0.2.1>\r\n");
    if (dice(4) == 0 && r.status >= 200) {
        static char body[500];

        r.type = sip_str("text/plain");
        r.body = sip_bytes(memset(body, 'b', sizeof body), dice(sizeof body));
    }
    if (dice(5) == 0)
        sip_server_settled(w->stack, server);
    else if (dice(8) == 0)
        sip_server_repeat(w->stack, w->now, server);
    else
        sip_server_reply(w->stack, w->now, server, &r);
    (void)sip_server_tag(w->stack, server);
    (void)sip_server_response(w->stack, server);
}

/* --- what the user is told --- */

static void last_call(struct wire *w, bool more_may_follow)
{
    for (unsigned i = 0; i < clients_count; i++) {
        if (clients[i].handle.id != w->client.id)
            continue;
        CHECK(!clients[i].over);
        CHECK(!clients[i].given_up);
        clients[i].over = !more_may_follow;
        if (more_may_follow)
            clients[i].invite = false; /* a 2xx came: the last call it needs */
        return;
    }
    CHECK(false && "a client that nobody started");
}

static void hears(struct wire *w, const char *what, const struct sip_received *r)
{
    if (!strcmp(what, "failed"))
        last_call(w, false);
    if (!strcmp(what, "response")) {
        bool invite = r->head->cseq.method == SIP_INVITE;
        uint16_t status = r->message->status;

        if (status >= 200 && (!invite || status >= 300))
            last_call(w, false);
        else if (status >= 200)
            last_call(w, true);
    }
    if (!strcmp(what, "request") && !w->start_error && servers_count < SERVERS)
        servers[servers_count++] = w->server;
    CHECK_INT(sip_stack_tick(w->stack, w->now), SIP_ESTATE); /* no reports in here */
    if (depth < 2 && dice(2)) {
        depth++;
        act(w);
        depth--;
    }
}

/* --- what the wire brings --- */

static void answer_any(struct wire *w)
{
    static const int statuses[] = {100, 180, 183, 200, 200, 302, 404, 486, 503, 503, 600};
    const struct wire_message *m;
    int status = statuses[dice(11)];

    if (!w->sent_count)
        return;
    m = &w->sent[dice(4) ? (unsigned)w->sent_count - 1 - dice((unsigned)w->sent_count) / 4
                         : dice((unsigned)w->sent_count)];
    if (!reader_status(m->bytes, m->len) && strcmp(reader_method(m->bytes, m->len), "ACK"))
        arrives(w, w->now, response_to(m, status, status > 100 ? (dice(3) ? "one" : "two") : NULL));
}

static void ask_any(struct wire *w)
{
    static const char *const asked[] = {"INVITE", "INVITE", "ACK", "CANCEL", "OPTIONS", "UPDATE"};
    static char branch[20];
    struct asked a = {0};

    snprintf(branch, sizeof branch, "z9hG4bK%u", dice(6));
    a.method = asked[dice(6)];
    a.branch = dice(6) ? branch : "";
    a.cseq = 1 + (int)dice(3);
    a.to_tag = !strcmp(a.method, "ACK") ? "t" : NULL;
    if (dice(10) == 0)
        a.sent_by = "192.0.2.2:5070";
    asks_with(w, w->now, &a);
}

static void break_any(struct wire *w)
{
    struct sip_path path = w->source;

    switch (dice(5)) {
    case 0:
        w->dead_port = w->dead_port ? 0 : (uint16_t)(5060 + dice(2));
        break;
    case 1:
        path.remote = wire_addr(2 + dice(3), (uint16_t)(5060 + dice(2)));
        sip_stack_unreachable(w->stack, w->now, &path);
        break;
    case 2:
        if (w->connecting)
            sip_stack_closed(w->stack, w->now, (struct sip_flow){w->connecting});
        break;
    case 3:
        sip_stack_closed(w->stack, w->now, flow);
        path.protocol = SIP_TCP;
        path.remote.port = (uint16_t)(40000 + dice(100));
        sip_stack_accepted(w->stack, w->now, &path, &flow);
        break;
    default:
        if (w->connecting)
            sip_stack_connected(w->stack, w->now, (struct sip_flow){w->connecting}, NULL);
    }
}

static void act(struct wire *w)
{
    switch (dice(4)) {
    case 0:
        start_any(w);
        break;
    case 1:
        change_client(w);
        break;
    default:
        change_server(w);
    }
}

static void step(struct wire *w)
{
    static const unsigned spans[] = {0, 10, 200, 500, 4000, 33000};

    w->flow.id = dice(6) ? 0 : dice(2) ? flow.id : w->connecting;
    switch (dice(8)) {
    case 0:
    case 1:
        answer_any(w);
        break;
    case 2:
        ask_any(w);
        break;
    case 3:
        if (dice(3) == 0)
            break_any(w);
        break;
    case 4:
    case 5:
        run(w, w->now + spans[dice(6)]);
        break;
    default:
        act(w);
    }
}

/* --- a walk --- */

static void close_flows(struct wire *w)
{
    for (uint32_t i = 0; i < w->stack->pools[SIP_KIND_FLOW].touched; i++) {
        struct sip_flow some = {sip_stack_handle(w->stack, SIP_KIND_FLOW, i)};

        sip_flow_close(w->stack, w->now, some); /* SIP_EGONE when it is free */
    }
}

static void walk(uint32_t seed)
{
    static struct wire w;
    struct sip_limits limits = {0};

    state = seed;
    clients_count = servers_count = depth = 0;
    flow.id = 0;
    limits.transactions = 1 + dice(12);
    limits.resolving = 1 + dice(3);
    limits.buffers_small = 1 + dice(6);
    limits.buffers_large = 1 + dice(6);
    limits.flows = 1 + dice(3);
    wire_open(&w, &limits);
    w.hook = hears;
    for (int i = 0; i < STEPS && w.sent_count < WIRE_SENT - 500 && w.heard_count < 5500; i++)
        step(&w);
    depth = 2;                                   /* from now on the user only listens */
    for (unsigned i = 0; i < clients_count; i++) /* and lets nothing ring for ever */
        if (clients[i].invite && !clients[i].over && !clients[i].given_up) {
            sip_client_abandon(w.stack, w.now, clients[i].handle);
            clients[i].given_up = true;
        }
    for (unsigned i = 0; i < servers_count; i++) {
        struct sip_reply r = {0};

        r.status = 500;
        sip_server_reply(w.stack, w.now, servers[i], &r);
        sip_server_settled(w.stack, servers[i]);
    }
    run(&w, w.now + 500000);
    close_flows(&w);
    run(&w, w.now + 500000);
    for (unsigned i = 0; i < clients_count; i++)
        CHECK(clients[i].over || clients[i].given_up || !clients[i].invite);
    CHECK_INT(w.stack->pools[SIP_KIND_TRANSACTION].reserved, 0);
    CHECK_INT(w.stack->buffers.classes[SIP_SMALL].reserved, 0);
    w.sent_seen = w.sent_count;
    w.heard_seen = w.heard_count;
    quiet(&w);
}

static uint32_t only;

TEST(walks_end_with_nothing_in_use)
{
    for (uint32_t seed = 1; seed <= WALKS; seed++) {
        int before = test_failures;

        walk(only ? only : seed);
        if (test_failures > before)
            printf("walk 0x%x\n", (unsigned)(only ? only : seed));
        if (only)
            return;
    }
}

static const struct test all_tests[] = {T(walks_end_with_nothing_in_use){NULL, NULL}};

int main(int argc, char **argv)
{
    if (argc > 1)
        only = (uint32_t)strtoul(argv[1], NULL, 0);
    return test_run(all_tests, 1, argv);
}
