#include "record/record.h"

#include <fcntl.h>
#include <stdio.h>

#include <sip/sip.h>

#include "record/fields.h"

/* The linker makes each call of `name` one of `__wrap_name`, which reaches the library by
 * `__real_name`. */
#define WRAP(name, ...)                                                                            \
    int __real_##name(__VA_ARGS__);                                                                \
    int __wrap_##name(__VA_ARGS__);                                                                \
    int __wrap_##name(__VA_ARGS__)

static FILE *file;
static bool inside; /* the library is at work: what it calls is its own affair */
static struct fields line;
static struct sip_transport transport; /* of the program */
static struct sip_events events;

bool record_open(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file)
        setvbuf(file, NULL, _IOLBF, 1 << 16);
    return file != NULL;
}

static void end_line(void)
{
    fprintf(file, "%s\n", line.line);
}

/* A call begins: false when it is not to be recorded. The caller adds arguments, then enter(). */
static bool begin(const char *name, uint64_t now)
{
    if (!file || inside)
        return false;
    fields_write(&line, '>', name);
    fields_number(&line, &now);
    return true;
}

static void enter(void)
{
    end_line();
    inside = true;
}

/* It is over, and returned `result` and perhaps a handle. */
static int leave(const char *name, int result, const uint64_t *handle)
{
    int64_t wide = result;
    uint64_t id = handle ? *handle : 0;

    inside = false;
    fields_write(&line, '<', name);
    fields_signed(&line, &wide);
    fields_number(&line, &id);
    end_line();
    return result;
}

/* --- what the library calls --- */

static void result_line(const char *name, int64_t result)
{
    fields_write(&line, '=', name);
    fields_signed(&line, &result);
}

static int record_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct sip_path copy = *path;
    int result;

    fields_write(&line, '!', "send");
    fields_path(&line, &copy);
    fields_str(&line, &bytes);
    end_line();
    result = transport.send(host, path, bytes);
    result_line("send", result);
    end_line();
    return result;
}

static long record_write(void *host, struct sip_flow flow, struct sip_str bytes)
{
    long result;

    fields_write(&line, '!', "write");
    fields_number(&line, &flow.id);
    fields_str(&line, &bytes);
    end_line();
    result = transport.write(host, flow, bytes);
    result_line("write", result);
    end_line();
    return result;
}

static int record_connect(void *host, struct sip_flow flow, const struct sip_path *path,
                          struct sip_str name)
{
    struct sip_path copy = *path;
    int result;

    fields_write(&line, '!', "connect");
    fields_number(&line, &flow.id);
    fields_path(&line, &copy);
    fields_str(&line, &name);
    end_line();
    result = transport.connect(host, flow, path, name);
    result_line("connect", result);
    end_line();
    return result;
}

static void record_close(void *host, struct sip_flow flow)
{
    fields_write(&line, '!', "close");
    fields_number(&line, &flow.id);
    end_line();
    transport.close(host, flow);
    result_line("close", 0);
    end_line();
}

static int record_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    struct sip_path copy = *path;
    int result;

    fields_write(&line, '!', "local");
    fields_path(&line, &copy);
    end_line();
    result = transport.local(host, path, local);
    result_line("local", result);
    fields_addr(&line, local);
    end_line();
    return result;
}

static int record_random(void *host, void *bytes, size_t count)
{
    struct sip_str drawn = sip_bytes(bytes, count);
    uint64_t wide = count;
    int result;

    fields_write(&line, '!', "random");
    fields_number(&line, &wide);
    end_line();
    result = transport.random(host, bytes, count);
    result_line("random", result);
    fields_str(&line, &drawn);
    end_line();
    return result;
}

static void begin_event(void)
{
    end_line();
    inside = false;
}

static void end_event(const char *name)
{
    inside = true;
    fields_write(&line, '=', name);
    end_line();
}

static void record_call_event(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    fields_write(&line, '!', "call");
    fields_call_event(&line, event);
    begin_event();
    events.call(host, ua, event);
    end_event("call");
}

static void record_registration_event(void *host, struct sip_ua *ua,
                                      const struct sip_registration_event *event)
{
    fields_write(&line, '!', "registration");
    fields_registration_event(&line, event);
    begin_event();
    events.registration(host, ua, event);
    end_event("registration");
}

static void record_stopped(void *host, struct sip_ua *ua)
{
    fields_write(&line, '!', "stopped");
    begin_event();
    events.stopped(host, ua);
    end_event("stopped");
}

/* --- what the program calls --- */

WRAP(sip_ua_init, struct sip_ua **ua, void *memory, size_t size, const struct sip_config *config,
     uint64_t now)
{
    struct sip_config copy = *config;

    if (!begin("init", now))
        return __real_sip_ua_init(ua, memory, size, config, now);
    transport = config->stack.transport;
    events = config->events;
    copy.stack.transport =
        (struct sip_transport){transport.host, record_send,  record_write, record_connect,
                               record_close,   record_local, record_random};
    copy.events.call = record_call_event;
    copy.events.registration = record_registration_event;
    copy.events.stopped = record_stopped;
    fields_config(&line, &copy);
    enter();
    return leave("init", __real_sip_ua_init(ua, memory, size, &copy, now), NULL);
}

WRAP(sip_ua_stop, struct sip_ua *ua, uint64_t now)
{
    if (!begin("stop", now))
        return __real_sip_ua_stop(ua, now);
    enter();
    return leave("stop", __real_sip_ua_stop(ua, now), NULL);
}

WRAP(sip_account_add, struct sip_ua *ua, uint64_t now, const struct sip_account_args *args,
     struct sip_account *account)
{
    struct sip_account_args copy = *args;

    if (!begin("account_add", now))
        return __real_sip_account_add(ua, now, args, account);
    fields_account(&line, &copy);
    enter();
    return leave("account_add", __real_sip_account_add(ua, now, args, account), &account->id);
}

WRAP(sip_registration_start, struct sip_ua *ua, uint64_t now,
     const struct sip_registration_args *args, struct sip_registration *registration)
{
    struct sip_registration_args copy = *args;

    if (!begin("registration_start", now))
        return __real_sip_registration_start(ua, now, args, registration);
    fields_registration(&line, &copy);
    enter();
    return leave("registration_start", __real_sip_registration_start(ua, now, args, registration),
                 &registration->id);
}

WRAP(sip_call_start, struct sip_ua *ua, uint64_t now, const struct sip_call_args *args,
     struct sip_call *call)
{
    struct sip_call_args copy = *args;

    if (!begin("call_start", now))
        return __real_sip_call_start(ua, now, args, call);
    fields_call(&line, &copy);
    enter();
    return leave("call_start", __real_sip_call_start(ua, now, args, call), &call->id);
}

/* An argument that may be null has a 0 or 1 before it. */
static void put_call(struct sip_call call, bool given)
{
    fields_number(&line, &call.id);
    fields_bool(&line, &given);
}

static void put_message(struct sip_call call, const struct sip_call_message *message)
{
    struct sip_call_message copy = {0};

    put_call(call, message != NULL);
    if (message) {
        copy = *message;
        fields_message(&line, &copy);
    }
    enter();
}

static void put_refusal(struct sip_call call, const struct sip_refusal *refusal)
{
    struct sip_refusal copy = {0};

    put_call(call, refusal != NULL);
    if (refusal) {
        copy = *refusal;
        fields_refusal(&line, &copy);
    }
    enter();
}

WRAP(sip_call_ring, struct sip_ua *ua, uint64_t now, struct sip_call call,
     const struct sip_call_message *message)
{
    if (!begin("call_ring", now))
        return __real_sip_call_ring(ua, now, call, message);
    put_message(call, message);
    return leave("call_ring", __real_sip_call_ring(ua, now, call, message), NULL);
}

WRAP(sip_call_accept, struct sip_ua *ua, uint64_t now, struct sip_call call,
     const struct sip_call_message *message)
{
    if (!begin("call_accept", now))
        return __real_sip_call_accept(ua, now, call, message);
    put_message(call, message);
    return leave("call_accept", __real_sip_call_accept(ua, now, call, message), NULL);
}

WRAP(sip_call_offer, struct sip_ua *ua, uint64_t now, struct sip_call call,
     const struct sip_call_message *message)
{
    if (!begin("call_offer", now))
        return __real_sip_call_offer(ua, now, call, message);
    put_message(call, message);
    return leave("call_offer", __real_sip_call_offer(ua, now, call, message), NULL);
}

WRAP(sip_call_decline, struct sip_ua *ua, uint64_t now, struct sip_call call,
     const struct sip_refusal *refusal)
{
    if (!begin("call_decline", now))
        return __real_sip_call_decline(ua, now, call, refusal);
    put_refusal(call, refusal);
    return leave("call_decline", __real_sip_call_decline(ua, now, call, refusal), NULL);
}

WRAP(sip_call_hang_up, struct sip_ua *ua, uint64_t now, struct sip_call call,
     const struct sip_refusal *refusal)
{
    if (!begin("call_hang_up", now))
        return __real_sip_call_hang_up(ua, now, call, refusal);
    put_refusal(call, refusal);
    return leave("call_hang_up", __real_sip_call_hang_up(ua, now, call, refusal), NULL);
}

/* --- what libsip-posix reports --- */

WRAP(sip_stack_datagram, struct sip_stack *stack, uint64_t now, const struct sip_packet *packet)
{
    struct sip_packet copy = *packet;

    if (!begin("datagram", now))
        return __real_sip_stack_datagram(stack, now, packet);
    fields_path(&line, &copy.path);
    fields_str(&line, &copy.bytes);
    fields_bool(&line, &copy.truncated);
    enter();
    return leave("datagram", __real_sip_stack_datagram(stack, now, packet), NULL);
}

WRAP(sip_stack_unreachable, struct sip_stack *stack, uint64_t now, const struct sip_path *path)
{
    struct sip_path copy = *path;

    if (!begin("unreachable", now))
        return __real_sip_stack_unreachable(stack, now, path);
    fields_path(&line, &copy);
    enter();
    return leave("unreachable", __real_sip_stack_unreachable(stack, now, path), NULL);
}

WRAP(sip_stack_accepted, struct sip_stack *stack, uint64_t now, const struct sip_path *path,
     struct sip_flow *flow)
{
    struct sip_path copy = *path;

    if (!begin("accepted", now))
        return __real_sip_stack_accepted(stack, now, path, flow);
    fields_path(&line, &copy);
    enter();
    return leave("accepted", __real_sip_stack_accepted(stack, now, path, flow), &flow->id);
}

WRAP(sip_stack_connected, struct sip_stack *stack, uint64_t now, struct sip_flow flow,
     const struct sip_addr *local)
{
    struct sip_addr copy = *local;

    if (!begin("connected", now))
        return __real_sip_stack_connected(stack, now, flow, local);
    fields_number(&line, &flow.id);
    fields_addr(&line, &copy);
    enter();
    return leave("connected", __real_sip_stack_connected(stack, now, flow, local), NULL);
}

WRAP(sip_stack_bytes, struct sip_stack *stack, uint64_t now, struct sip_flow flow,
     struct sip_str bytes)
{
    if (!begin("bytes", now))
        return __real_sip_stack_bytes(stack, now, flow, bytes);
    fields_number(&line, &flow.id);
    fields_str(&line, &bytes);
    enter();
    return leave("bytes", __real_sip_stack_bytes(stack, now, flow, bytes), NULL);
}

WRAP(sip_stack_writable, struct sip_stack *stack, uint64_t now, struct sip_flow flow)
{
    if (!begin("writable", now))
        return __real_sip_stack_writable(stack, now, flow);
    fields_number(&line, &flow.id);
    enter();
    return leave("writable", __real_sip_stack_writable(stack, now, flow), NULL);
}

WRAP(sip_stack_closed, struct sip_stack *stack, uint64_t now, struct sip_flow flow)
{
    if (!begin("closed", now))
        return __real_sip_stack_closed(stack, now, flow);
    fields_number(&line, &flow.id);
    enter();
    return leave("closed", __real_sip_stack_closed(stack, now, flow), NULL);
}

WRAP(sip_stack_tick, struct sip_stack *stack, uint64_t now)
{
    if (!begin("tick", now))
        return __real_sip_stack_tick(stack, now);
    enter();
    return leave("tick", __real_sip_stack_tick(stack, now), NULL);
}
