/* Plays a record of examples/record back into the library, which must send the same bytes, tell
 * the same events and return the same results as it did then: the core is a function of what
 * comes in.
 *
 *     replay FILE...
 *
 * Links the core alone: there is no socket and no clock here, only the record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sip/sip.h>

#include "record/fields.h"

static const char *path;
static char **lines; /* of the record */
static size_t count, at;
static struct fields wanted; /* what the transport returned then */
static struct fields told;   /* what the library does now */
static struct sip_ua *ua;
static void *memory;
static unsigned long sent, events;

static _Noreturn void fail(const char *why, const char *got)
{
    printf("%s:%zu: %s\n  recorded: %s\n", path, at + 1, why, at < count ? lines[at] : "(the end)");
    if (got)
        printf("  replayed: %s\n", got);
    exit(1);
}

/* What the library does now must stand in the next line, letter by letter. */
static void same(void)
{
    if (at == count || strcmp(lines[at], told.line) != 0)
        fail("not the same", told.line);
    at++;
}

/* Opens the next line, which must be this one. */
static void expect(char mark, const char *name)
{
    if (at == count || !fields_named(lines[at], mark, name))
        fail("something else was expected", name);
    fields_read(&wanted, lines[at++]);
}

static int64_t answer(const char *name)
{
    int64_t result = 0;

    expect('=', name);
    fields_signed(&wanted, &result);
    return result;
}

/* --- the transport: compares what is sent, returns what it returned then --- */

static int send_datagram(void *host, const struct sip_path *to, struct sip_str bytes)
{
    struct sip_path copy = *to;

    (void)host;
    fields_write(&told, '!', "send");
    fields_path(&told, &copy);
    fields_str(&told, &bytes);
    same();
    sent++;
    return (int)answer("send");
}

static long write_stream(void *host, struct sip_flow flow, struct sip_str bytes)
{
    (void)host;
    fields_write(&told, '!', "write");
    fields_number(&told, &flow.id);
    fields_str(&told, &bytes);
    same();
    sent++;
    return (long)answer("write");
}

static int connect_stream(void *host, struct sip_flow flow, const struct sip_path *to,
                          struct sip_str name)
{
    struct sip_path copy = *to;

    (void)host;
    fields_write(&told, '!', "connect");
    fields_number(&told, &flow.id);
    fields_path(&told, &copy);
    fields_str(&told, &name);
    same();
    return (int)answer("connect");
}

static void close_stream(void *host, struct sip_flow flow)
{
    (void)host;
    fields_write(&told, '!', "close");
    fields_number(&told, &flow.id);
    same();
    answer("close");
}

static int local_address(void *host, const struct sip_path *to, struct sip_addr *local)
{
    struct sip_path copy = *to;
    int64_t result;

    (void)host;
    fields_write(&told, '!', "local");
    fields_path(&told, &copy);
    same();
    result = answer("local");
    fields_addr(&wanted, local);
    return (int)result;
}

static int random_bytes(void *host, void *bytes, size_t wanted_count)
{
    struct sip_str drawn = {NULL, 0};
    uint64_t wide = wanted_count;
    int64_t result;

    (void)host;
    fields_write(&told, '!', "random");
    fields_number(&told, &wide);
    same();
    result = answer("random");
    fields_str(&wanted, &drawn);
    if (drawn.len != wanted_count)
        fail("another number of random bytes", NULL);
    memcpy(bytes, drawn.at, drawn.len);
    return (int)result;
}

/* --- events: compared, then what the program did inside of them is done again --- */

static void play(void);

static void handle_event(const char *name)
{
    same();
    events++;
    play();
    expect('=', name);
}

static void call_event(void *host, struct sip_ua *from, const struct sip_call_event *event)
{
    (void)host, (void)from;
    fields_write(&told, '!', "call");
    fields_call_event(&told, event);
    handle_event("call");
}

static void registration_event(void *host, struct sip_ua *from,
                               const struct sip_registration_event *event)
{
    (void)host, (void)from;
    fields_write(&told, '!', "registration");
    fields_registration_event(&told, event);
    handle_event("registration");
}

static void stopped(void *host, struct sip_ua *from)
{
    (void)host, (void)from;
    fields_write(&told, '!', "stopped");
    handle_event("stopped");
}

/* --- the calls of the program: each reads its arguments behind `now`, may store a handle --- */

static int play_init(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_config config = {0};
    size_t size;

    (void)handle;
    fields_config(in, &config);
    config.stack.transport =
        (struct sip_transport){NULL,         send_datagram, write_stream, connect_stream,
                               close_stream, local_address, random_bytes};
    config.events.call = call_event;
    config.events.registration = registration_event;
    config.events.stopped = stopped;
    size = sip_ua_size(&config);
    memory = malloc(size);
    return sip_ua_init(&ua, memory, size, &config, now);
}

static int play_stop(struct fields *in, uint64_t now, uint64_t *handle)
{
    (void)in, (void)handle;
    return sip_ua_stop(ua, now);
}

static int play_account(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_account_args args = {0};
    struct sip_account account = {0};
    int result;

    fields_account(in, &args);
    result = sip_account_add(ua, now, &args, &account);
    *handle = account.id;
    return result;
}

static int play_registration(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_registration_args args = {0};
    struct sip_registration registration = {0};
    int result;

    fields_registration(in, &args);
    result = sip_registration_start(ua, now, &args, &registration);
    *handle = registration.id;
    return result;
}

static int play_call_start(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_call_args args = {0};
    struct sip_call call = {0};
    int result;

    fields_call(in, &args);
    result = sip_call_start(ua, now, &args, &call);
    *handle = call.id;
    return result;
}

/* The call, and whether an argument follows. */
static bool read_call(struct fields *in, struct sip_call *call)
{
    bool given = false;

    fields_number(in, &call->id);
    fields_bool(in, &given);
    return given;
}

static const struct sip_call_message *read_message(struct fields *in, struct sip_call *call)
{
    static struct sip_call_message message;

    if (!read_call(in, call))
        return NULL;
    fields_message(in, &message);
    return &message;
}

static const struct sip_refusal *read_refusal(struct fields *in, struct sip_call *call)
{
    static struct sip_refusal refusal;

    if (!read_call(in, call))
        return NULL;
    fields_refusal(in, &refusal);
    return &refusal;
}

static int play_ring(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_call call = {0};
    const struct sip_call_message *message = read_message(in, &call);

    (void)handle;
    return sip_call_ring(ua, now, call, message);
}

static int play_accept(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_call call = {0};
    const struct sip_call_message *message = read_message(in, &call);

    (void)handle;
    return sip_call_accept(ua, now, call, message);
}

static int play_offer(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_call call = {0};
    const struct sip_call_message *message = read_message(in, &call);

    (void)handle;
    return sip_call_offer(ua, now, call, message);
}

static int play_decline(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_call call = {0};
    const struct sip_refusal *refusal = read_refusal(in, &call);

    (void)handle;
    return sip_call_decline(ua, now, call, refusal);
}

static int play_hang_up(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_call call = {0};
    const struct sip_refusal *refusal = read_refusal(in, &call);

    (void)handle;
    return sip_call_hang_up(ua, now, call, refusal);
}

static int play_datagram(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_packet packet = {0};

    (void)handle;
    fields_path(in, &packet.path);
    fields_str(in, &packet.bytes);
    fields_bool(in, &packet.truncated);
    return sip_stack_datagram(sip_ua_stack(ua), now, &packet);
}

static int play_unreachable(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_path to = {0};

    (void)handle;
    fields_path(in, &to);
    return sip_stack_unreachable(sip_ua_stack(ua), now, &to);
}

static int play_accepted(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_path to = {0};
    struct sip_flow flow = {0};
    int result;

    fields_path(in, &to);
    result = sip_stack_accepted(sip_ua_stack(ua), now, &to, &flow);
    *handle = flow.id;
    return result;
}

static int play_connected(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_flow flow = {0};
    struct sip_addr local = {0};

    (void)handle;
    fields_number(in, &flow.id);
    fields_addr(in, &local);
    return sip_stack_connected(sip_ua_stack(ua), now, flow, &local);
}

static int play_bytes(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_flow flow = {0};
    struct sip_str bytes = {NULL, 0};

    (void)handle;
    fields_number(in, &flow.id);
    fields_str(in, &bytes);
    return sip_stack_bytes(sip_ua_stack(ua), now, flow, bytes);
}

static int play_writable(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_flow flow = {0};

    (void)handle;
    fields_number(in, &flow.id);
    return sip_stack_writable(sip_ua_stack(ua), now, flow);
}

static int play_closed(struct fields *in, uint64_t now, uint64_t *handle)
{
    struct sip_flow flow = {0};

    (void)handle;
    fields_number(in, &flow.id);
    return sip_stack_closed(sip_ua_stack(ua), now, flow);
}

static int play_tick(struct fields *in, uint64_t now, uint64_t *handle)
{
    (void)in, (void)handle;
    return sip_stack_tick(sip_ua_stack(ua), now);
}

static const struct {
    const char *name;
    int (*play)(struct fields *in, uint64_t now, uint64_t *handle);
} calls[] = {
    {"init", play_init},
    {"stop", play_stop},
    {"account_add", play_account},
    {"registration_start", play_registration},
    {"call_start", play_call_start},
    {"call_ring", play_ring},
    {"call_accept", play_accept},
    {"call_offer", play_offer},
    {"call_decline", play_decline},
    {"call_hang_up", play_hang_up},
    {"datagram", play_datagram},
    {"unreachable", play_unreachable},
    {"accepted", play_accepted},
    {"connected", play_connected},
    {"bytes", play_bytes},
    {"writable", play_writable},
    {"closed", play_closed},
    {"tick", play_tick},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

static void play_call(size_t index)
{
    struct fields in = {0}; /* calls nest, and the library reads from this one all the time */
    uint64_t now = 0, handle = 0;
    int64_t result;

    fields_read(&in, lines[at++]);
    fields_number(&in, &now);
    result = calls[index].play(&in, now, &handle);
    fields_forget(&in);
    fields_write(&told, '<', calls[index].name);
    fields_signed(&told, &result);
    fields_number(&told, &handle);
    same();
}

/* Plays calls of the program until the record says that it is the library's turn. */
static void play(void)
{
    size_t index;

    while (at < count && lines[at][0] == '>') {
        for (index = 0; index < CALLS && !fields_named(lines[at], '>', calls[index].name);)
            index++;
        if (index == CALLS || (!ua && index > 0))
            fail("no such call", NULL);
        play_call(index);
    }
}

static void load(const char *name)
{
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (!file) {
        perror(name);
        exit(2);
    }
    path = name;
    count = at = 0;
    while ((len = getline(&line, &room, file)) > 1) {
        line[len - 1] = '\0';
        lines = realloc(lines, (count + 1) * sizeof *lines);
        lines[count++] = line;
        line = NULL;
        room = 0;
    }
    free(line);
    fclose(file);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        load(argv[i]);
        ua = NULL;
        sent = events = 0;
        play();
        if (at < count || !count)
            fail("the record goes on", NULL);
        printf("%s: the same %lu sendings and %lu events in %zu lines\n", path, sent, events,
               count);
        free(memory);
        while (count)
            free(lines[--count]);
    }
    free(lines);
    return argc > 1 ? 0 : 2;
}
