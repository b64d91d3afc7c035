/* The verbs: what was sent, what bob says, what the host wants. */
#include "reader.h"
#include "stage_inside.h"

/* --- what was sent --- */

static bool is_sent(const struct seen *seen, int status, const char *method, const char *uri)
{
    if (reader_status(seen->bytes, seen->len) != status)
        return false;
    if (status) {
        const char *cseq = strchr(reader_header(seen->bytes, seen->len, "CSeq", 0), ' ');

        return cseq && strcmp(cseq + 1, method) == 0;
    }
    return strcmp(reader_method(seen->bytes, seen->len), method) == 0 &&
           (!uri || strcmp(reader_target(seen->bytes, seen->len), uri) == 0);
}

static void tell_mismatch(const char *file, int line, const struct inside *in, int status,
                          const char *method, const char *uri)
{
    char wanted[128];

    snprintf(wanted, sizeof wanted, status ? "%s %d %s" : "%s%.0d %s", status ? "answer" : method,
             status, status ? method : uri ? uri : "");
    if (in->wire_read == in->wire_count)
        fails_at(file, line, "wanted %s, nothing was sent", wanted);
    else
        fails_at(file, line, "wanted %s, sent at %llu: %s (%s)", wanted,
                 (unsigned long long)in->wire[in->wire_read].time,
                 reader_start_line(in->wire[in->wire_read].bytes, in->wire[in->wire_read].len),
                 reader_header(in->wire[in->wire_read].bytes, in->wire[in->wire_read].len, "CSeq",
                               0));
}

void sent_at(const char *file, int line, struct stage *s, uint64_t from, uint64_t to, int status,
             const char *method, const char *uri)
{
    struct inside *in = s->in;
    int found;

    if (from == to)
        stage_run_to(in, to);
    while (from != to && in->wire_read == in->wire_count && stage_step(in, to))
        ;
    s->now = in->now;
    for (found = in->wire_read; found < in->wire_count; found++)
        if (is_sent(&in->wire[found], status, method, uri))
            break;
    if (found != in->wire_read || found == in->wire_count)
        tell_mismatch(file, line, in, status, method, uri);
    if (found == in->wire_count)
        return;
    if (in->wire[found].time < from || in->wire[found].time > to)
        fails_at(file, line, "%s %d was sent at %llu", method, status,
                 (unsigned long long)in->wire[found].time);
    in->last = &in->wire[found];
    in->wire_read = found + 1;
}

const char *header_number(const struct stage *s, const char *name, int number)
{
    const struct seen *last = s->in->last;

    return last ? reader_header(last->bytes, last->len, name, number) : "";
}

const char *header(const struct stage *s, const char *name)
{
    return header_number(s, name, 0);
}

const char *start_line(const struct stage *s)
{
    return s->in->last ? reader_start_line(s->in->last->bytes, s->in->last->len) : "";
}

size_t size_of_last(const struct stage *s)
{
    return s->in->last ? s->in->last->len : 0;
}

static const char *destination(const struct seen *seen)
{
    static char text[SIP_ADDR_TEXT + 8];
    size_t len = sip_addr_text(&seen->path.remote, text);

    snprintf(text + len, sizeof text - len, ":%u", seen->path.remote.port);
    return text;
}

static bool was_sent_before(const struct inside *in, const struct seen *last)
{
    for (const struct seen *seen = in->wire; seen < last; seen++)
        if (seen->len == last->len && memcmp(seen->bytes, last->bytes, last->len) == 0)
            return true;
    return false;
}

static void body_is(const char *file, int line, const struct seen *last, const char *wanted)
{
    size_t len;
    const char *body = reader_body(last->bytes, last->len, &len);

    if (len != strlen(wanted) || memcmp(body, wanted, len))
        fails_at(file, line, "the body is \"%.*s\", wanted \"%s\"", (int)len, body, wanted);
}

void says_at(const char *file, int line, const struct stage *s, const char *name, const char *value,
             int how)
{
    const struct seen *last = s->in->last;
    const char *got = name ? header(s, name) : "";

    if (!last) {
        fails_at(file, line, "nothing was asked for");
        return;
    }
    if (how == 'e' && strcmp(got, value))
        fails_at(file, line, "%s is \"%s\", wanted \"%s\"", name, got, value);
    else if (how == 'm' && !strstr(got, value))
        fails_at(file, line, "%s is \"%s\", without \"%s\"", name, got, value);
    else if (how == 'l' && reader_count(last->bytes, last->len, name))
        fails_at(file, line, "%s is there: \"%s\"", name, got);
    else if (how == 'b')
        body_is(file, line, last, value);
    else if (how == 't' && strcmp(destination(last), value))
        fails_at(file, line, "it went to %s, wanted %s", destination(last), value);
    else if (how == 'r' && !was_sent_before(s->in, last))
        fails_at(file, line, "nothing like it was sent before");
}

/* --- bob --- */

static void come_to(struct stage *s, uint64_t t)
{
    stage_run_to(s->in, t);
    s->now = s->in->now;
}

/* What bob sends wakes a host that sleeps: it is reported before the next tick. */
static void bob_comes(struct stage *s, uint64_t t)
{
    if (s->in->asleep)
        s->now = s->in->now = t;
    else
        come_to(s, t);
}

static void arrive(struct stage *s)
{
    stage_deliver(s->in, &s->in->datagram_path, s->in->datagram, s->in->datagram_len);
    s->now = s->in->now;
}

static const struct seen *last_request(const struct inside *in, const char *method, bool of_talk)
{
    const struct bob_talk *talk = &in->bob.talks[in->bob.on];

    for (const struct seen *seen = in->wire + in->wire_count; seen-- > in->wire;)
        if (strcmp(reader_method(seen->bytes, seen->len), method) == 0 &&
            (!of_talk || strcmp(reader_header(seen->bytes, seen->len, "Call-ID", 0),
                                talk->call_id) == 0))
            return seen;
    return NULL;
}

/* "192.0.2.7:5060" */
static void parse_source(struct sip_addr *addr, const char *source)
{
    const char *colon = strrchr(source, ':');
    unsigned port = 5060;

    sip_addr_parse(addr, sip_bytes(source, (size_t)(colon - source)));
    sscanf(colon + 1, "%u", &port);
    addr->port = (uint16_t)port;
}

void reply_as(struct stage *s, uint64_t t, const char *method, int status, struct bob_says says)
{
    struct inside *in = s->in;
    const struct seen *request;

    bob_comes(s, t);
    request = last_request(in, method, true);
    if (!request)
        request = last_request(in, method, false);
    if (!request && in->plays_on)
        return;
    if (!request) {
        fails_at(__FILE__, __LINE__, "bob has no %s to answer with %d", method, status);
        return;
    }
    in->datagram_len = bob_replies(&in->bob, in->datagram, request->bytes, request->len, status,
                                   &says);
    in->datagram_path = request->path;
    if (says.source)
        parse_source(&in->datagram_path.remote, says.source);
    arrive(s);
}

static void from_bob(struct inside *in, const char *source, const char *arrives)
{
    bool streams = in->config.stack.transport.write != NULL;

    memset(&in->datagram_path, 0, sizeof in->datagram_path);
    in->datagram_path.protocol = streams ? SIP_TCP : SIP_UDP;
    parse_source(&in->datagram_path.local, arrives ? arrives : "192.0.2.1:5060");
    parse_source(&in->datagram_path.remote, source ? source : "192.0.2.7:5060");
}

void ask_as(struct stage *s, uint64_t t, const char *method, struct bob_says says)
{
    struct inside *in = s->in;

    bob_comes(s, t);
    in->datagram_len = bob_asks(&in->bob, in->datagram, method, &says);
    from_bob(in, says.source, says.arrives);
    arrive(s);
}

void ask_text(struct stage *s, uint64_t t, const char *text)
{
    struct inside *in = s->in;

    bob_comes(s, t);
    in->datagram_len = bob_fills(&in->bob, in->datagram, text);
    from_bob(in, NULL, NULL);
    arrive(s);
}

void again(struct stage *s, uint64_t t)
{
    come_to(s, t);
    arrive(s);
}

void talk(struct stage *s, int number)
{
    if (number >= s->in->bob.count && s->in->plays_on)
        return;
    if (number >= s->in->bob.count)
        fails_at(__FILE__, __LINE__, "there is no talk %d", number);
    else
        s->in->bob.on = number;
}

/* --- time --- */

void silent_at(const char *file, int line, struct stage *s, uint64_t t)
{
    struct inside *in = s->in;

    come_to(s, t);
    if (in->wire_read != in->wire_count)
        fails_at(file, line, "sent at %llu: %s",
                 (unsigned long long)in->wire[in->wire_read].time,
                 reader_start_line(in->wire[in->wire_read].bytes, in->wire[in->wire_read].len));
    if (in->told_read != in->told_count)
        fails_at(file, line, "told at %llu: %s",
                 (unsigned long long)in->told[in->told_read].time, in->told[in->told_read].what);
}

void pass(struct stage *s, uint64_t t)
{
    come_to(s, t);
    s->in->wire_read = s->in->wire_count;
}

void forget(struct stage *s, uint64_t t)
{
    pass(s, t);
    s->in->told_read = s->in->told_count;
}

void sleep_until(struct stage *s, uint64_t t)
{
    s->now = s->in->now = t;
    s->in->asleep = true;
}

void in_one_batch(struct stage *s, uint64_t t)
{
    sleep_until(s, t);
    s->in->in_batch = true;
}

void drop_connections(struct stage *s, uint64_t t)
{
    struct inside *in = s->in;

    come_to(s, t);
    for (int i = 0; i < in->connecting_count; i++)
        if (in->up[i])
            sip_stack_closed(s->stack, s->now, (struct sip_flow){in->up[i]});
    memset(in->connecting, 0, sizeof in->connecting);
    memset(in->up, 0, sizeof in->up);
    in->connecting_count = 0;
    in->outgoing_len = 0;
    come_to(s, t);
}

bool block_has(const struct stage *s, const char *text)
{
    const struct inside *in = s->in;
    size_t len = strlen(text);

    for (size_t i = 0; i + len <= in->block_size; i++)
        if (memcmp(in->block + i, text, len) == 0)
            return true;
    return false;
}

void narrow_wire(struct stage *s, size_t bytes)
{
    struct inside *in = s->in;

    in->wire_room = bytes;
    for (int i = 0; bytes == SIZE_MAX && i < FLOWS_MAX; i++)
        if (in->up[i])
            sip_stack_writable(s->stack, s->now, (struct sip_flow){in->up[i]});
}

int closed_connections(const struct stage *s)
{
    return s->in->closed;
}

void stream(struct stage *s, uint64_t t, const char *bytes, size_t len)
{
    bob_comes(s, t);
    from_bob(s->in, NULL, NULL);
    stage_deliver(s->in, &s->in->datagram_path, bytes, len);
    s->now = s->in->now;
}

void play_on(struct stage *s)
{
    s->in->plays_on = true;
}

void break_wire(struct stage *s, bool broken)
{
    s->in->broken = broken;
}

struct sip_pool_usage usage(const struct stage *s, const char *name)
{
    struct sip_pool_usage pool;

    for (unsigned i = 0; sip_stack_usage(s->stack, i, &pool); i++)
        if (strcmp(pool.name, name) == 0)
            return pool;
    memset(&pool, 0, sizeof pool);
    fails_at(__FILE__, __LINE__, "there is no pool %s", name);
    return pool;
}

/* --- what the host wants --- */

struct sip_body stage_body(const char *sdp)
{
    struct sip_body body = {{NULL, 0}, {NULL, 0}};

    if (sdp) {
        body.type = sip_str("application/sdp");
        body.bytes = sip_str(sdp);
    }
    return body;
}

struct sip_call stage_call_with(struct stage *s, const char *to,
                                void (*change)(struct sip_call_args *))
{
    struct sip_call_args args = {0};
    struct sip_call call;

    args.to = sip_str(to);
    args.account = s->account;
    args.body = stage_body(stage_offer);
    if (change)
        change(&args);
    returns(s, sip_call_start(s->ua, s->now, &args, &call), 0);
    return call;
}

struct sip_call stage_call(struct stage *s, const char *to)
{
    return stage_call_with(s, to, NULL);
}

struct sip_registration stage_register(struct stage *s, uint32_t expires_s)
{
    struct sip_registration_args args = {0};
    struct sip_registration registration;

    args.account = s->account;
    args.expires_s = expires_s;
    returns(s, sip_registration_start(s->ua, s->now, &args, &registration), 0);
    return registration;
}
