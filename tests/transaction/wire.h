/* A stack of transactions on a wire that is an array, with a clock that only the test moves, a peer
 * of plain text, and a transaction user that writes down what it is told.
 *
 *     struct wire w;
 *     wire_open(&w, NULL);
 *     start(&w, "INVITE", 7);
 *     sent(&w, 0, "INVITE");          the clock runs to 0; the next message sent is this, at 0
 *     answer(&w, 20, "INVITE", 180);  the peer answers the last INVITE at 20
 *     heard(&w, 20, "180 for 7");     the next thing the user is told
 *     quiet(&w);                      runs until nothing is due: no slot, no buffer is in use
 *
 * Each message sent also passes strict.c. */
#ifndef WIRE_H
#define WIRE_H

#include "reader.h"
#include "sip/transaction.h"
#include "strict.h"
#include "test.h"
#include <stdarg.h>
#include <stdlib.h>

#ifndef WIRE_SENT /* messages and calls that one test may see */
#define WIRE_SENT  400
#define WIRE_HEARD 200
#endif
#define WIRE_TICKS 100000

struct wire_message {
    uint64_t at;
    uint64_t flow;
    struct sip_path path;
    size_t len;
    char *bytes;
};

struct wire_heard {
    uint64_t at;
    char text[80];
};

struct wire {
    struct sip_stack *stack;
    void *memory;
    uint64_t now;
    struct wire_message sent[WIRE_SENT];
    int sent_count, sent_seen;
    struct wire_heard heard[WIRE_HEARD];
    int heard_count, heard_seen;
    struct sip_client client; /* the last one told of */
    struct sip_server server; /* the last one opened */
    struct sip_path source;   /* of what the peer sends */
    struct sip_flow flow;     /* of what the peer sends; null: datagrams */
    uint32_t random;
    uint64_t connecting; /* the flow that was last begun */
    uint16_t dead_port;  /* sending there fails */
    bool pass_over;      /* requests get no transaction */
    int start_error;     /* of sip_server_start() */
    bool merged;
    void (*hook)(struct wire *, const char *what, const struct sip_received *);
    int counter; /* the test's own */
};

/* --- the transport --- */

static inline struct sip_addr wire_addr(unsigned last, uint16_t port)
{
    struct sip_addr addr = {0};

    addr.family = SIP_IPV4;
    addr.bytes[0] = 192;
    addr.bytes[2] = 2;
    addr.bytes[3] = (uint8_t)last;
    addr.port = port;
    return addr;
}

static inline void wire_take(struct wire *w, struct sip_str bytes, const struct sip_path *path,
                             uint64_t flow)
{
    struct wire_message *m = &w->sent[w->sent_count];
    char why[200];

    if (w->sent_count == WIRE_SENT) {
        printf("the wire is full\n");
        exit(1);
    }
    m->at = sip_stack_now(w->stack);
    m->flow = flow;
    if (path)
        m->path = *path;
    m->len = bytes.len;
    m->bytes = malloc(bytes.len + 1);
    memcpy(m->bytes, bytes.at, bytes.len);
    m->bytes[bytes.len] = 0;
    if (strict_check(m->bytes, m->len, why, sizeof why)) {
        test_failures++;
        printf("sent a message that is not well formed: %s\n%s\n", why, m->bytes);
    }
    w->sent_count++;
}

static inline int wire_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct wire *w = host;

    if (w->dead_port && path->remote.port == w->dead_port)
        return -1;
    wire_take(w, bytes, path, 0);
    return 0;
}

/* Several messages may come in one piece. */
static inline long wire_write(void *host, struct sip_flow flow, struct sip_str bytes)
{
    for (size_t at = 0, len; at < bytes.len; at += len) {
        struct sip_str rest = sip_bytes(bytes.at + at, bytes.len - at);

        len = 4;
        while (len < rest.len && memcmp(rest.at + len - 4, "\r\n\r\n", 4))
            len++;
        len += strtoul(reader_header(rest.at, len, "Content-Length", 0), NULL, 10);
        len = len < rest.len ? len : rest.len;
        wire_take(host, sip_bytes(rest.at, len), NULL, flow.id);
    }
    return (long)bytes.len;
}

static inline int wire_connect(void *host, struct sip_flow flow, const struct sip_path *path,
                               struct sip_str name)
{
    struct wire *w = host;
    (void)name;

    if (w->dead_port && path->remote.port == w->dead_port)
        return -1;
    w->connecting = flow.id;
    return 0;
}

static inline void wire_close(void *host, struct sip_flow flow)
{
    (void)host;
    (void)flow;
}

static inline int wire_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host;
    *local = wire_addr(1, 5060);
    local->family = path->remote.family; /* 192.0.2.1 or c000:201:: and more, which is longer */
    if (local->family == SIP_IPV6)
        memset(local->bytes, 0xab, sizeof local->bytes);
    return 0;
}

static inline int wire_random(void *host, void *bytes, size_t count)
{
    struct wire *w = host;
    uint8_t *at = bytes;

    for (size_t i = 0; i < count; i++)
        at[i] = (uint8_t)((w->random = w->random * 1103515245u + 12345u) >> 16);
    return 0;
}

/* --- the transaction user --- */

static inline void wire_note(struct wire *w, const char *format, ...)
{
    struct wire_heard *h = &w->heard[w->heard_count++];
    va_list list;

    if (w->heard_count == WIRE_HEARD)
        exit(1);
    h->at = sip_stack_now(w->stack);
    va_start(list, format);
    vsnprintf(h->text, sizeof h->text, format, list);
    va_end(list);
}

static inline void wire_hook(struct wire *w, const char *what, const struct sip_received *r)
{
    if (w->hook)
        w->hook(w, what, r);
}

static inline void tu_request(void *user, struct sip_stack *stack, const struct sip_received *r)
{
    struct wire *w = user;

    wire_note(w, "%.*s", (int)r->message->method_name.len, r->message->method_name.at);
    w->merged = sip_server_merged(stack, r);
    if (!w->pass_over)
        w->start_error = sip_server_start(stack, w->now, r, &w->server);
    wire_hook(w, "request", r);
}

static inline void tu_ack(void *user, struct sip_stack *stack, const struct sip_received *r)
{
    (void)stack;
    wire_note(user, "ACK");
    wire_hook(user, "ack", r);
}

static inline void tu_cancelled(void *user, struct sip_stack *stack, struct sip_server server,
                                const struct sip_received *r)
{
    struct wire *w = user;

    wire_note(w, "cancelled for %d", (int)sip_server_owner(stack, server));
    w->server = server;
    wire_hook(w, "cancelled", r);
}

static inline void tu_response(void *user, struct sip_stack *stack, struct sip_client client,
                               uint64_t owner, const struct sip_received *r)
{
    struct wire *w = user;

    (void)stack;
    w->client = client;
    wire_note(w, "%u for %d", r->message->status, (int)owner);
    wire_hook(w, "response", r);
}

static inline void tu_failed(void *user, struct sip_stack *stack, struct sip_client client,
                             uint64_t owner, uint16_t status, const char *why)
{
    struct wire *w = user;

    (void)stack;
    w->client = client;
    wire_note(w, "failed %u for %d: %s", status, (int)owner, why);
    wire_hook(w, "failed", NULL);
}

static inline void tu_unacknowledged(void *user, struct sip_stack *stack, struct sip_server server,
                                     uint64_t owner)
{
    (void)stack;
    (void)server;
    wire_note(user, "unacknowledged for %d", (int)owner);
}

static inline void tu_stray(void *user, struct sip_stack *stack, const struct sip_received *r)
{
    (void)stack;
    wire_note(user, "stray %u", r->message->status);
    wire_hook(user, "stray", r);
}

static const struct sip_user wire_user = {
    .request = tu_request,
    .ack = tu_ack,
    .cancelled = tu_cancelled,
    .response = tu_response,
    .failed = tu_failed,
    .unacknowledged = tu_unacknowledged,
    .stray = tu_stray,
};

/* --- the stage --- */

static inline void wire_open_with(struct wire *w, const struct sip_limits *limits,
                                  const struct sip_user *user)
{
    struct sip_stack_config config = {0};
    size_t size;
    int error;

    memset(w, 0, sizeof *w);
    w->random = 1;
    w->source.protocol = SIP_UDP;
    w->source.local = wire_addr(1, 5060);
    w->source.remote = wire_addr(2, 5060);
    config.transport.host = w;
    config.transport.send = wire_send;
    config.transport.write = wire_write;
    config.transport.connect = wire_connect;
    config.transport.close = wire_close;
    config.transport.local = wire_local;
    config.transport.random = wire_random;
    if (limits)
        config.limits = *limits;
    size = sip_stack_size(&config);
    w->memory = malloc(size);
    memset(w->memory, 0xa5, size);
    error = sip_stack_init(&w->stack, w->memory, size, &config, 0);
    CHECK_INT(error, 0);
    CHECK_INT(sip_transactions_join(w->stack, user, w), 0);
}

static inline void wire_open(struct wire *w, const struct sip_limits *limits)
{
    wire_open_with(w, limits, &wire_user);
}

static inline void wire_end(struct wire *w)
{
    for (int i = 0; i < w->sent_count; i++)
        free(w->sent[i].bytes);
    free(w->memory);
}

/* The clock runs to `at`, stopping at each deadline. */
static inline void run(struct wire *w, uint64_t at)
{
    for (int i = 0; i < WIRE_TICKS && sip_stack_deadline(w->stack) <= at; i++) {
        uint64_t next = sip_stack_deadline(w->stack);

        if (next > w->now)
            w->now = next;
        sip_stack_tick(w->stack, w->now);
    }
    if (at > w->now)
        w->now = at;
}

static inline const char *wire_name(const struct wire_message *m)
{
    static char status[16];

    if (!reader_status(m->bytes, m->len))
        return reader_method(m->bytes, m->len);
    snprintf(status, sizeof status, "%d", reader_status(m->bytes, m->len));
    return status;
}

/* The message that sent() last saw. */
static inline const struct wire_message *last(const struct wire *w)
{
    return &w->sent[w->sent_seen > 0 ? w->sent_seen - 1 : 0];
}

static inline void wire_sent(struct wire *w, uint64_t at, const char *what, const char *file,
                             int line)
{
    const struct wire_message *m;

    run(w, at);
    if (w->sent_seen == w->sent_count) {
        test_failures++;
        printf("%s:%d: nothing was sent, wanted %s at %d\n", file, line, what, (int)at);
        return;
    }
    m = &w->sent[w->sent_seen++];
    if (m->at != at || strcmp(wire_name(m), what)) {
        test_failures++;
        printf("%s:%d: %s was sent at %d, wanted %s at %d\n", file, line, wire_name(m), (int)m->at,
               what, (int)at);
    }
}
#define sent(w, at, what) wire_sent(w, at, what, __FILE__, __LINE__)

static inline void wire_heard(struct wire *w, uint64_t at, const char *what, const char *file,
                              int line)
{
    const struct wire_heard *h;

    run(w, at);
    if (w->heard_seen == w->heard_count) {
        test_failures++;
        printf("%s:%d: nothing was heard, wanted \"%s\" at %d\n", file, line, what, (int)at);
        return;
    }
    h = &w->heard[w->heard_seen++];
    if (h->at != at || strcmp(h->text, what)) {
        test_failures++;
        printf("%s:%d: \"%s\" was heard at %d, wanted \"%s\" at %d\n", file, line, h->text,
               (int)h->at, what, (int)at);
    }
}
#define heard(w, at, what) wire_heard(w, at, what, __FILE__, __LINE__)

/* Up to `until` nothing is sent and nobody is told anything. */
static inline void wire_silence(struct wire *w, uint64_t until, const char *file, int line)
{
    run(w, until);
    if (w->sent_seen < w->sent_count) {
        const struct wire_message *m = &w->sent[w->sent_seen];

        test_failures++;
        printf("%s:%d: %s was sent at %d\n", file, line, wire_name(m), (int)m->at);
    }
    if (w->heard_seen < w->heard_count) {
        test_failures++;
        printf("%s:%d: \"%s\" was heard at %d\n", file, line, w->heard[w->heard_seen].text,
               (int)w->heard[w->heard_seen].at);
    }
    w->sent_seen = w->sent_count;
    w->heard_seen = w->heard_count;
}
#define silence(w, until) wire_silence(w, until, __FILE__, __LINE__)

static inline uint32_t used(const struct wire *w, const char *pool)
{
    struct sip_pool_usage usage;

    for (unsigned i = 0; sip_stack_usage(w->stack, i, &usage); i++)
        if (!strcmp(usage.name, pool))
            return usage.used;
    return UINT32_MAX;
}

static inline void wire_quiet(struct wire *w, const char *file, int line)
{
    struct sip_pool_usage usage;

    wire_silence(w, w->now + 1000000, file, line);
    if (sip_stack_deadline(w->stack) != SIP_NEVER) {
        test_failures++;
        printf("%s:%d: still waiting for %d\n", file, line, (int)sip_stack_deadline(w->stack));
    }
    for (unsigned i = 0; sip_stack_usage(w->stack, i, &usage); i++)
        if (usage.used && strcmp(usage.name, "flows")) {
            test_failures++;
            printf("%s:%d: %d %s still in use\n", file, line, (int)usage.used, usage.name);
        }
    wire_end(w);
}
#define quiet(w) wire_quiet(w, __FILE__, __LINE__)

/* --- the peer --- */

/* Arrives in a heap block of exactly its size. */
static inline void arrives(struct wire *w, uint64_t at, const char *text)
{
    struct sip_packet packet = {0};
    size_t len = strlen(text);
    char *block = malloc(len ? len : 1);

    run(w, at);
    memcpy(block, text, len);
    if (w->flow.id) {
        sip_stack_bytes(w->stack, w->now, w->flow, sip_bytes(block, len));
    } else {
        packet.bytes = sip_bytes(block, len);
        packet.path = w->source;
        sip_stack_datagram(w->stack, w->now, &packet);
    }
    free(block);
}

/* The last message sent with this name; NULL when there is none. */
static inline const struct wire_message *latest(const struct wire *w, const char *name)
{
    for (int i = w->sent_count - 1; i >= 0; i--)
        if (!strcmp(wire_name(&w->sent[i]), name))
            return &w->sent[i];
    return NULL;
}

/* A response to `m` as a peer writes it. `to_tag` NULL: the To as it came. */
static inline const char *response_to(const struct wire_message *m, int status, const char *to_tag)
{
    static char text[3000];
    int len = snprintf(text, sizeof text, "SIP/2.0 %d Whatever\r\n", status);

    for (int i = 0; i < reader_count(m->bytes, m->len, "Via"); i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "Via: %s\r\n",
                        reader_header(m->bytes, m->len, "Via", i));
    len += snprintf(text + len, sizeof text - (size_t)len, "From: %s\r\nTo: %s%s%s\r\n",
                    reader_header(m->bytes, m->len, "From", 0),
                    reader_header(m->bytes, m->len, "To", 0), to_tag ? ";tag=" : "",
                    to_tag ? to_tag : "");
    snprintf(text + len, sizeof text - (size_t)len,
             "Call-ID: %s\r\nCSeq: %s\r\n%sContent-Length: 0\r\n\r\n",
             reader_header(m->bytes, m->len, "Call-ID", 0),
             reader_header(m->bytes, m->len, "CSeq", 0),
             status < 300 ? "Contact: <sip:bob@192.0.2.2>\r\n" : "");
    return text;
}

static inline void answer_as(struct wire *w, uint64_t at, const char *name, int status,
                             const char *to_tag)
{
    const struct wire_message *m;

    run(w, at);
    m = latest(w, name);
    CHECK(m != NULL);
    if (m)
        arrives(w, at, response_to(m, status, status > 100 ? to_tag : NULL));
}

static inline void answer(struct wire *w, uint64_t at, const char *name, int status)
{
    answer_as(w, at, name, status, "peer");
}

/* A request as a peer writes it. What is NULL or 0 has the default in brackets. */
struct asked {
    const char *method;      /* [INVITE] */
    const char *branch;      /* [z9hG4bKpeer]; "" : none at all */
    const char *sent_by;     /* [192.0.2.2] */
    const char *uri;         /* [sip:alice@192.0.2.1] */
    const char *to_tag;      /* [none] */
    const char *from_tag;    /* [peer] */
    const char *cseq_method; /* [the method] */
    int cseq;                /* [1] */
    const char *lines;       /* further lines */
    const char *body;
};

static inline const char *request_text(const struct asked *a)
{
    static char text[6000];
    const char *method = a->method ? a->method : "INVITE";
    const char *branch = a->branch ? a->branch : "z9hG4bKpeer";

    snprintf(text, sizeof text,
             "%s %s SIP/2.0\r\n"
             "Via: SIP/2.0/UDP %s%s%s\r\n"
             "Max-Forwards: 70\r\n"
             "From: Bob <sip:bob@example.net>;tag=%s\r\n"
             "To: <sip:alice@example.com>%s%s\r\n"
             "Call-ID: c1@192.0.2.2\r\n"
             "CSeq: %d %s\r\n"
             "%s%s"
             "Content-Length: %d\r\n\r\n%s",
             method, a->uri ? a->uri : "sip:alice@192.0.2.1", a->sent_by ? a->sent_by : "192.0.2.2",
             *branch ? ";branch=" : "", branch, a->from_tag ? a->from_tag : "peer",
             a->to_tag ? ";tag=" : "", a->to_tag ? a->to_tag : "", a->cseq ? a->cseq : 1,
             a->cseq_method ? a->cseq_method : method,
             strcmp(method, "CANCEL") ? "Contact: <sip:bob@192.0.2.2>\r\n" : "",
             a->lines ? a->lines : "", a->body ? (int)strlen(a->body) : 0, a->body ? a->body : "");
    return text;
}

static inline void asks(struct wire *w, uint64_t at, const char *method)
{
    struct asked a = {0};

    a.method = method;
    arrives(w, at, request_text(&a));
}

static inline void asks_with(struct wire *w, uint64_t at, const struct asked *a)
{
    arrives(w, at, request_text(a));
}

/* --- the user's side --- */

static inline const char *our_request(const char *method, const char *uri, const char *lines)
{
    static char text[6000];
    static int number;

    number++;
    snprintf(text, sizeof text,
             "%s %s SIP/2.0\r\n"
             "Max-Forwards: 70\r\n"
             "From: Alice <sip:alice@example.com>;tag=ours\r\n"
             "To: <sip:bob@example.net>%s\r\n"
             "Call-ID: c%d@example.com\r\n"
             "CSeq: 7 %s\r\n"
             "Contact: <sip:alice@192.0.2.1>\r\n"
             "%s"
             "Content-Length: 0\r\n\r\n",
             method, uri, strcmp(method, "ACK") ? "" : ";tag=peer", number, method, lines);
    return text;
}

/* Starts a request in an exact heap block; `args` may be NULL. */
static inline int starts(struct wire *w, const char *text, const struct sip_client_args *args,
                         struct sip_client *client)
{
    struct sip_client_args all = {0};
    size_t len = strlen(text);
    char *block = malloc(len);
    int error;

    if (args)
        all = *args;
    memcpy(block, text, len);
    all.request = sip_bytes(block, len);
    error = sip_client_start(w->stack, w->now, &all, client);
    free(block);
    return error;
}

static inline struct sip_client start(struct wire *w, const char *method, uint64_t owner)
{
    struct sip_client_args args = {0};
    struct sip_client client;

    args.owner = owner;
    CHECK_INT(starts(w, our_request(method, "sip:bob@192.0.2.2", ""), &args, &client), 0);
    return client;
}

static inline int reply(struct wire *w, int status)
{
    struct sip_reply r = {0};

    r.status = (uint16_t)status;
    if (status > 100 && status < 300)
        r.lines = sip_str("Contact: <sip:alice@192.0.2.1>\r\n");
    return sip_server_reply(w->stack, w->now, w->server, &r);
}

static inline void replies(struct wire *w, uint64_t at, int status)
{
    run(w, at);
    CHECK_INT(reply(w, status), 0);
}

static inline const char *header(const struct wire_message *m, const char *name)
{
    return reader_header(m->bytes, m->len, name, 0);
}

static inline const char *branch_of(const struct wire_message *m)
{
    return reader_param(header(m, "Via"), "branch");
}

#endif
