/* A stack that only writes down what is reported to it, and peers that are plain sockets.
 *
 * Whatever waits here waits for at most WAIT_MS of real time. */
#ifndef STUB_H
#define STUB_H

#include "sip/posix.h"
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define WAIT_MS 3000
#define EVENTS_MAX 4096
#define TEXT_MAX 4096

enum kind { DATAGRAM, UNREACHABLE, ACCEPTED, CONNECTED, BYTES, WRITABLE, CLOSED, TICK, KINDS };

struct event {
    enum kind kind;
    struct sip_path path;
    struct sip_flow flow;
    struct sip_addr local;
    bool truncated;
    size_t len;
    char text[64]; /* the first bytes */
};

/* The stub: what it has heard, and what it is to do when it hears something. */
struct sip_stack {
    struct sip_posix *posix;
    struct sip_transport transport;
    struct event events[EVENTS_MAX];
    unsigned heard[KINDS];
    unsigned count;
    uint64_t flows, deadline, bytes;
    bool refuse;          /* connections */
    bool close_on_bytes;  /* the flow they came on */
    bool answer_on_bytes;
    bool echo;            /* datagrams */
};

static struct sip_stack stub;

static struct event *note(struct sip_stack *stack, enum kind kind)
{
    unsigned place = stack->count < EVENTS_MAX - 1 ? stack->count++ : EVENTS_MAX - 1;
    struct event *event = &stack->events[place];

    memset(event, 0, sizeof *event);
    event->kind = kind;
    stack->heard[kind]++;
    return event;
}

static void note_text(struct event *event, struct sip_str bytes)
{
    event->len = bytes.len;
    memcpy(event->text, bytes.at, bytes.len < sizeof event->text ? bytes.len : sizeof event->text);
}

int sip_stack_datagram(struct sip_stack *stack, uint64_t now, const struct sip_packet *packet)
{
    struct event *event = note(stack, DATAGRAM);

    (void)now;
    event->path = packet->path;
    event->truncated = packet->truncated;
    note_text(event, packet->bytes);
    if (stack->echo)
        CHECK_INT(stack->transport.send(stack->transport.host, &packet->path, packet->bytes), 0);
    return 0;
}

int sip_stack_unreachable(struct sip_stack *stack, uint64_t now, const struct sip_path *path)
{
    (void)now;
    note(stack, UNREACHABLE)->path = *path;
    return 0;
}

int sip_stack_accepted(struct sip_stack *stack, uint64_t now, const struct sip_path *path,
                       struct sip_flow *flow)
{
    struct event *event = note(stack, ACCEPTED);

    (void)now;
    event->path = *path;
    if (stack->refuse)
        return SIP_EFULL;
    flow->id = event->flow.id = ++stack->flows;
    return 0;
}

int sip_stack_connected(struct sip_stack *stack, uint64_t now, struct sip_flow flow,
                        const struct sip_addr *local)
{
    struct event *event = note(stack, CONNECTED);

    (void)now;
    event->flow = flow;
    event->local = *local;
    return 0;
}

int sip_stack_bytes(struct sip_stack *stack, uint64_t now, struct sip_flow flow,
                    struct sip_str bytes)
{
    struct event *event = note(stack, BYTES);

    (void)now;
    event->flow = flow;
    note_text(event, bytes);
    stack->bytes += bytes.len;
    if (stack->answer_on_bytes)
        CHECK_INT(stack->transport.write(stack->transport.host, flow, sip_str("answer")), 6);
    if (stack->close_on_bytes)
        stack->transport.close(stack->transport.host, flow);
    return 0;
}

int sip_stack_writable(struct sip_stack *stack, uint64_t now, struct sip_flow flow)
{
    (void)now;
    note(stack, WRITABLE)->flow = flow;
    return 0;
}

int sip_stack_closed(struct sip_stack *stack, uint64_t now, struct sip_flow flow)
{
    (void)now;
    note(stack, CLOSED)->flow = flow;
    return 0;
}

int sip_stack_tick(struct sip_stack *stack, uint64_t now)
{
    CHECK(now >= stack->deadline);
    note(stack, TICK);
    stack->deadline = SIP_NEVER;
    return 0;
}

uint64_t sip_stack_deadline(const struct sip_stack *stack)
{
    return stack->deadline;
}

/* --- the host under test --- */

static struct sip_posix *begin(const struct sip_posix_config *config)
{
    memset(&stub, 0, sizeof stub);
    stub.deadline = SIP_NEVER;
    CHECK_INT(sip_posix_open(&stub.posix, config), 0);
    stub.transport = sip_posix_transport(stub.posix);
    CHECK_INT(sip_posix_attach(stub.posix, &stub), 0);
    return stub.posix;
}

static void end(void)
{
    sip_posix_close(stub.posix);
    stub.posix = NULL;
}

/* Runs until this many of a kind were heard; false when the time is over first. */
static inline bool hears(enum kind kind, unsigned count)
{
    uint64_t over = sip_posix_now() + WAIT_MS;

    while (stub.heard[kind] < count && sip_posix_now() < over)
        CHECK_INT(sip_posix_run_once(stub.posix, 20), 0);
    return stub.heard[kind] >= count;
}

/* A few turns in which nothing more is expected. */
static inline void idle(void)
{
    for (int i = 0; i < 5; i++)
        CHECK_INT(sip_posix_run_once(stub.posix, 5), 0);
}

/* The n-th event of a kind, from 0; an empty one when there is none. */
static inline const struct event *event_of(enum kind kind, unsigned n)
{
    static const struct event none;

    for (unsigned i = 0; i < stub.count; i++)
        if (stub.events[i].kind == kind && n-- == 0)
            return &stub.events[i];
    return &none;
}

static inline struct sip_str text_of(const struct event *event)
{
    size_t kept = event->len < sizeof event->text ? event->len : sizeof event->text;

    return sip_bytes(event->text, kept);
}

static inline struct sip_addr addr_of(const char *host, uint16_t port)
{
    struct sip_addr addr = {0};

    addr.family = strchr(host, ':') ? SIP_IPV6 : SIP_IPV4;
    addr.port = port;
    inet_pton(addr.family == SIP_IPV6 ? AF_INET6 : AF_INET, host, addr.bytes);
    return addr;
}

static inline bool same_addr(struct sip_addr a, struct sip_addr b)
{
    return a.family == b.family && a.port == b.port && a.scope == b.scope &&
           memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* --- peers: blocking sockets that give up after WAIT_MS --- */

static inline int peer_socket(int type, struct sip_addr addr)
{
    struct sockaddr_storage name;
    socklen_t len = sip_posix_to_sockaddr(&addr, &name);
    struct timeval patience = {WAIT_MS / 1000, 0};
    int fd = socket(addr.family == SIP_IPV6 ? AF_INET6 : AF_INET, type, 0), on = 1;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    CHECK_INT(bind(fd, (struct sockaddr *)&name, len), 0);
    return fd;
}

static inline struct sip_addr name_of(int fd)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    struct sip_addr addr = {0};

    CHECK_INT(getsockname(fd, (struct sockaddr *)&name, &len), 0);
    CHECK_INT(sip_posix_from_sockaddr(&addr, (struct sockaddr *)&name), 0);
    return addr;
}

static inline void peer_connect(int fd, struct sip_addr to)
{
    struct sockaddr_storage name;
    socklen_t len = sip_posix_to_sockaddr(&to, &name);

    CHECK_INT(connect(fd, (struct sockaddr *)&name, len), 0);
}

static inline void peer_send(int fd, const char *text)
{
    CHECK_INT(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* What one recv() gives: "" at the end of a stream, "(nothing)" for silence, "(reset)". */
static inline struct sip_str peer_receive(int fd)
{
    static char bytes[TEXT_MAX];
    ssize_t got = recv(fd, bytes, sizeof bytes, 0);

    if (got < 0)
        return sip_str(errno == ECONNRESET ? "(reset)" : "(nothing)");
    return sip_bytes(bytes, (size_t)got);
}

static inline bool have_ipv6(void)
{
    struct sip_addr addr = addr_of("::1", 0);
    struct sockaddr_storage name;
    socklen_t len = sip_posix_to_sockaddr(&addr, &name);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool have = fd >= 0 && bind(fd, (struct sockaddr *)&name, len) == 0;

    if (fd >= 0)
        close(fd);
    return have;
}

#endif
