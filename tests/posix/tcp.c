/* Stream connections over real sockets on 127.0.0.1 and [::1]. */
#include "stub.h"

#include <fcntl.h>
#include <sys/resource.h>

#define LINGER_MS 150

static struct sip_path begin_tcp(const char *where)
{
    struct sip_posix_config config = {0};
    struct sip_path bound = {0};

    config.linger_ms = LINGER_MS;
    begin(&config);
    CHECK_INT(sip_posix_listen(stub.posix, where, &bound), 0);
    CHECK_INT(bound.protocol, SIP_TCP);
    return bound;
}

static int peer_to(struct sip_addr to)
{
    int fd = peer_socket(SOCK_STREAM, addr_of(to.family == SIP_IPV6 ? "::1" : "127.0.0.1", 0));

    peer_connect(fd, to);
    return fd;
}

/* A peer that has connected to us, whose flow is the `n`-th, from 1. */
static int peer_accepted(struct sip_path bound, unsigned n)
{
    int peer = peer_to(bound.local);

    CHECK(hears(ACCEPTED, n));
    return peer;
}

static long flow_write(uint64_t id, struct sip_str bytes)
{
    struct sip_flow flow = {id};

    return stub.transport.write(stub.transport.host, flow, bytes);
}

static void flow_close(uint64_t id)
{
    struct sip_flow flow = {id};

    stub.transport.close(stub.transport.host, flow);
}

static int flow_connect(uint64_t id, struct sip_addr local, struct sip_addr remote)
{
    struct sip_flow flow = {id};
    struct sip_path path = {0};

    path.protocol = SIP_TCP;
    path.local = local;
    path.remote = remote;
    return stub.transport.connect(stub.transport.host, flow, &path, sip_str(""));
}

static void reset(int fd)
{
    struct linger now = {1, 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

/* The first bytes are answered with a reset, so that the next ones fail. */
static bool nobody_reads(int fd)
{
    return send(fd, "x", 1, MSG_NOSIGNAL) < 0 || send(fd, "x", 1, MSG_NOSIGNAL) < 0;
}

/* --- accepting --- */

static void accept_and_talk(const char *where, const char *host)
{
    struct sip_path bound = begin_tcp(where);
    struct sip_addr to = addr_of(host, bound.local.port);
    int peer = peer_to(to);

    CHECK(hears(ACCEPTED, 1));
    CHECK_INT(event_of(ACCEPTED, 0)->path.protocol, SIP_TCP);
    CHECK(same_addr(event_of(ACCEPTED, 0)->path.local, to));
    CHECK(same_addr(event_of(ACCEPTED, 0)->path.remote, name_of(peer)));
    peer_send(peer, "hello");
    CHECK(hears(BYTES, 1));
    CHECK_INT(event_of(BYTES, 0)->flow.id, 1);
    CHECK_STR(text_of(event_of(BYTES, 0)), "hello");
    CHECK_INT(flow_write(1, sip_str("welcome")), 7);
    CHECK_STR(peer_receive(peer), "welcome");
    CHECK_INT(flow_write(2, sip_str("nobody")), SIP_EGONE);
    close(peer);
    CHECK(hears(CLOSED, 1));
    CHECK_INT(event_of(CLOSED, 0)->flow.id, 1);
    CHECK_INT(flow_write(1, sip_str("late")), SIP_EGONE);
    idle();
    CHECK_INT(stub.heard[CLOSED], 1);
    end();
}

TEST(a_connection_is_accepted_and_both_talk)
{
    accept_and_talk("tcp:127.0.0.1:0", "127.0.0.1");
    accept_and_talk("tcp:0.0.0.0:0", "127.0.0.1");
    if (!have_ipv6())
        return;
    accept_and_talk("tcp:[::1]:0", "::1");
    accept_and_talk("tcp:[::]:0", "::1");
}

TEST(a_refused_connection_is_closed)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer;

    stub.refuse = true;
    peer = peer_accepted(bound, 1);
    CHECK_STR(peer_receive(peer), "");
    idle();
    CHECK_INT(stub.heard[CLOSED], 0); /* there was never a flow */
    close(peer);
    end();
}

TEST(a_connection_is_refused_when_no_descriptor_is_left)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    struct rlimit before, none;
    int peer = peer_to(bound.local), used;

    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    used = dup(peer); /* the lowest free number */
    close(used);
    none.rlim_cur = (rlim_t)used;
    setrlimit(RLIMIT_NOFILE, &none);
    idle();
    setrlimit(RLIMIT_NOFILE, &before);
    CHECK_STR(peer_receive(peer), "");
    CHECK_INT(stub.heard[ACCEPTED], 0);
    close(peer);
    peer = peer_accepted(bound, 1); /* and the next one is welcome */
    close(peer);
    end();
}

TEST(three_hundred_connections_keep_their_flows_apart)
{
    enum { COUNT = 300 };
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peers[COUNT];

    for (unsigned i = 0; i < COUNT; i++)
        peers[i] = peer_accepted(bound, i + 1);
    for (unsigned i = 0; i < COUNT; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u", i + 1);
        CHECK_INT(flow_write(i + 1, sip_str(text)), strlen(text));
    }
    for (unsigned i = 0; i < COUNT; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u", i + 1);
        CHECK_STR(peer_receive(peers[i]), text);
        if (i % 2)
            flow_close(i + 1);
        else
            reset(peers[i]);
    }
    CHECK(hears(CLOSED, COUNT / 2));
    for (unsigned i = 0; i < COUNT; i++) {
        CHECK_INT(flow_write(i + 1, sip_str("x")), SIP_EGONE);
        if (i % 2)
            close(peers[i]);
    }
    idle();
    CHECK_INT(stub.heard[CLOSED], COUNT / 2);
    end();
}

/* --- ends --- */

TEST(a_reset_is_told_at_once)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);
    uint64_t start = sip_posix_now();

    reset(peer);
    CHECK(hears(CLOSED, 1));
    CHECK(sip_posix_now() - start < LINGER_MS);
    end();
}

TEST(a_peer_that_only_ended_its_side_still_gets_its_answer)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);
    uint64_t start = sip_posix_now();

    peer_send(peer, "question");
    shutdown(peer, SHUT_WR);
    CHECK(hears(BYTES, 1));
    idle();
    CHECK_INT(stub.heard[CLOSED], 0);
    CHECK_INT(flow_write(1, sip_str("answer")), 6);
    CHECK_STR(peer_receive(peer), "answer");
    CHECK(hears(CLOSED, 1)); /* but nobody waits for ever */
    CHECK(sip_posix_now() - start >= LINGER_MS);
    CHECK_STR(peer_receive(peer), "");
    close(peer);
    end();
}

TEST(a_peer_that_ends_after_silence_is_gone_at_once)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int silent = peer_accepted(bound, 1), idle_one = peer_accepted(bound, 2);
    uint64_t start = sip_posix_now();

    close(silent);
    CHECK(hears(CLOSED, 1));
    CHECK_INT(event_of(CLOSED, 0)->flow.id, 1);
    CHECK(sip_posix_now() - start < LINGER_MS);
    peer_send(idle_one, "question");
    CHECK(hears(BYTES, 1));
    usleep((LINGER_MS + 20) * 1000);
    start = sip_posix_now();
    close(idle_one);
    CHECK(hears(CLOSED, 2));
    CHECK(sip_posix_now() - start < LINGER_MS);
    end();
}

TEST(a_peer_that_is_gone_is_found_out_by_the_first_write)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);
    uint64_t start = sip_posix_now();

    peer_send(peer, "question");
    CHECK(hears(BYTES, 1));
    close(peer);
    idle();
    CHECK_INT(stub.heard[CLOSED], 0);
    flow_write(1, sip_str("anybody?")); /* is answered with a reset */
    CHECK(hears(CLOSED, 1));
    CHECK(sip_posix_now() - start < LINGER_MS);
    end();
}

TEST(close_sends_what_was_taken_though_the_peer_still_talks)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);

    peer_send(peer, "one");
    CHECK_INT(flow_write(1, sip_str("goodbye")), 7);
    flow_close(1); /* with bytes unread */
    peer_send(peer, "two");
    idle();
    peer_send(peer, "three");
    CHECK_STR(peer_receive(peer), "goodbye");
    CHECK_STR(peer_receive(peer), "");
    close(peer);
    idle();
    CHECK_INT(stub.heard[BYTES], 0); /* the flow was over */
    CHECK_INT(stub.heard[CLOSED], 0);
    end();
}

TEST(a_peer_that_never_ends_is_left_after_a_while)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);
    uint64_t over = sip_posix_now() + WAIT_MS;

    flow_close(1);
    CHECK(sip_posix_timeout(stub.posix) >= 0);
    while (sip_posix_timeout(stub.posix) >= 0 && sip_posix_now() < over)
        sip_posix_run_once(stub.posix, -1);
    CHECK_STR(peer_receive(peer), "");
    CHECK(nobody_reads(peer));
    close(peer);
    end();
}

TEST(many_that_never_end_do_not_pile_up)
{
    enum { COUNT = 80 };
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peers[COUNT];

    for (unsigned i = 0; i < COUNT; i++)
        peers[i] = peer_accepted(bound, i + 1);
    for (unsigned i = 0; i < COUNT; i++)
        flow_close(i + 1);
    for (unsigned i = 0; i < COUNT; i++) {
        CHECK_STR(peer_receive(peers[i]), "");
        CHECK_INT(nobody_reads(peers[i]), i < COUNT - 64);
        close(peers[i]);
    }
    end();
}

TEST(a_flow_may_be_closed_inside_its_own_report)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);

    stub.answer_on_bytes = stub.close_on_bytes = true;
    peer_send(peer, "question");
    CHECK(hears(BYTES, 1));
    CHECK_STR(peer_receive(peer), "answer");
    CHECK_STR(peer_receive(peer), "");
    close(peer);
    idle();
    CHECK_INT(stub.heard[BYTES], 1);
    CHECK_INT(stub.heard[CLOSED], 0);
    end();
}

TEST(the_host_closes_with_connections_in_every_state)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int open = peer_accepted(bound, 1), half = peer_accepted(bound, 2);
    int left = peer_accepted(bound, 3);
    struct sip_addr none = {0};

    peer_send(half, "question");
    shutdown(half, SHUT_WR);
    idle();
    flow_close(3);
    CHECK_INT(flow_connect(4, none, bound.local), 0);
    end();
    CHECK_STR(peer_receive(open), "");
    CHECK_STR(peer_receive(half), "");
    CHECK_STR(peer_receive(left), "");
    close(open);
    close(half);
    close(left);
}

/* --- connecting --- */

static int listening_peer(const char *host)
{
    int fd = peer_socket(SOCK_STREAM, addr_of(host, 0));

    CHECK_INT(listen(fd, 8), 0);
    return fd;
}

static void connect_and_talk(const char *host, struct sip_addr local)
{
    int listener = listening_peer(host), peer;

    begin(NULL);
    CHECK_INT(flow_connect(70, local, name_of(listener)), 0);
    CHECK_INT(stub.count, 0); /* nothing is told inside the call */
    CHECK_INT(flow_write(70, sip_str("early")), 0);
    CHECK(hears(CONNECTED, 1));
    CHECK_INT(event_of(CONNECTED, 0)->flow.id, 70);
    CHECK_INT(event_of(CONNECTED, 0)->local.family, name_of(listener).family);
    CHECK(event_of(CONNECTED, 0)->local.port != 0);
    if (local.family)
        CHECK(memcmp(event_of(CONNECTED, 0)->local.bytes, local.bytes, 16) == 0);
    peer = accept(listener, NULL, NULL);
    CHECK_INT(flow_write(70, sip_str("hello")), 5);
    CHECK_STR(peer_receive(peer), "hello");
    peer_send(peer, "welcome");
    CHECK(hears(BYTES, 1));
    CHECK_STR(text_of(event_of(BYTES, 0)), "welcome");
    close(peer);
    close(listener);
    end();
}

TEST(a_connection_is_made_and_both_talk)
{
    struct sip_addr none = {0};

    connect_and_talk("127.0.0.1", none);
    connect_and_talk("127.0.0.1", addr_of("127.0.0.3", 5060)); /* the address, not the port */
    if (have_ipv6())
        connect_and_talk("::1", none);
}

TEST(a_connection_that_is_refused_is_told_from_the_loop)
{
    int listener = listening_peer("127.0.0.1");
    struct sip_addr nobody = name_of(listener), none = {0};

    close(listener);
    begin(NULL);
    CHECK_INT(flow_connect(5, none, nobody), 0);
    CHECK_INT(stub.heard[CLOSED], 0);
    CHECK(hears(CLOSED, 1));
    CHECK_INT(event_of(CLOSED, 0)->flow.id, 5);
    CHECK_INT(stub.heard[CONNECTED], 0);
    end();
}

TEST(a_connection_can_be_given_up_while_it_is_made)
{
    int listener = listening_peer("127.0.0.1");
    struct sip_addr none = {0};

    begin(NULL);
    CHECK_INT(flow_connect(5, none, name_of(listener)), 0);
    flow_close(5);
    idle();
    CHECK_INT(stub.count, 0);
    close(listener);
    end();
}

TEST(what_cannot_be_begun_is_an_error)
{
    struct sip_flow flow = {1};
    struct sip_path path = {0};

    begin(NULL);
    path.protocol = SIP_TLS;
    path.remote = addr_of("127.0.0.1", 5061);
    CHECK_INT(stub.transport.connect(stub.posix, flow, &path, sip_str("")), SIP_EINVAL);
    path.protocol = SIP_TCP;
    path.remote.family = SIP_FAMILY_NONE;
    CHECK_INT(stub.transport.connect(stub.posix, flow, &path, sip_str("")), SIP_EINVAL);
    CHECK_INT(flow_connect(1, addr_of("192.0.2.1", 0), addr_of("127.0.0.1", 9)), SIP_ESYSTEM);
    CHECK_INT(errno, EADDRNOTAVAIL);
    flow_close(1); /* never came to be */
    end();
}

/* --- full --- */

static char letter_at(size_t place)
{
    return (char)('a' + place % 23);
}

/* Writes until nothing more is taken; returns how much was. */
static size_t fill(uint64_t id)
{
    static char bytes[100003];
    size_t total = 0;
    long taken;

    do {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = letter_at(total + i);
        taken = flow_write(id, sip_bytes(bytes, sizeof bytes));
        CHECK(taken >= 0 && taken <= (long)sizeof bytes);
        total += taken > 0 ? (size_t)taken : 0;
    } while (taken == sizeof bytes && total < 100000000);
    return total;
}

/* Reads `count` bytes and checks each. */
static void drain(int peer, size_t count)
{
    static char bytes[65536];
    size_t place = 0;
    bool right = true;

    while (place < count) {
        ssize_t got = recv(peer, bytes, sizeof bytes, 0);
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got; i++)
            right = right && bytes[i] == letter_at(place++);
    }
    CHECK(right);
    CHECK_INT(place, count);
}

TEST(a_full_stream_takes_no_more_and_tells_once_when_there_is_room)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);
    size_t total = fill(1);

    idle();
    CHECK_INT(stub.heard[WRITABLE], 0);
    drain(peer, total);
    CHECK(hears(WRITABLE, 1));
    CHECK_INT(event_of(WRITABLE, 0)->flow.id, 1);
    idle();
    CHECK_INT(stub.heard[WRITABLE], 1);
    CHECK_INT(flow_write(1, sip_str("more")), 4);
    CHECK_STR(peer_receive(peer), "more");
    close(peer);
    end();
}

TEST(close_of_a_full_stream_sends_the_rest)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);
    size_t total = fill(1);

    flow_close(1);
    idle();
    CHECK_INT(stub.heard[WRITABLE], 0);
    drain(peer, total);
    CHECK_STR(peer_receive(peer), "");
    close(peer);
    end();
}

TEST(a_write_to_a_lost_connection_is_an_error)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    int peer = peer_accepted(bound, 1);

    reset(peer);
    usleep(1000);
    CHECK_INT(flow_write(1, sip_str("x")), SIP_ESYSTEM);
    CHECK(hears(CLOSED, 1)); /* the stack had no need to close it */
    end();
}

TEST(much_at_once_arrives_in_order_and_others_have_their_turn)
{
    struct sip_path bound = begin_tcp("tcp:127.0.0.1:0");
    static char bytes[65536];
    int talker = peer_accepted(bound, 1), other = peer_accepted(bound, 2);
    size_t sent = 0;

    fcntl(talker, F_SETFL, O_NONBLOCK);
    for (ssize_t got = 1; got > 0; sent += got > 0 ? (size_t)got : 0)
        got = send(talker, bytes, sizeof bytes, MSG_NOSIGNAL);
    CHECK(sent > 8 * sizeof bytes);
    peer_send(other, "me too");
    for (unsigned turns = 0, before = 0; stub.bytes < sent + 6 && turns < 1000; turns++) {
        CHECK_INT(sip_posix_run_once(stub.posix, 20), 0);
        CHECK(stub.heard[BYTES] - before <= 4 + 1); /* four readings of the one, one of the other */
        before = stub.heard[BYTES];
    }
    CHECK_INT(stub.bytes, sent + 6);
    close(talker);
    close(other);
    end();
}

TESTS(T(a_connection_is_accepted_and_both_talk)
      T(a_refused_connection_is_closed)
      T(a_connection_is_refused_when_no_descriptor_is_left)
      T(three_hundred_connections_keep_their_flows_apart)
      T(a_reset_is_told_at_once)
      T(a_peer_that_only_ended_its_side_still_gets_its_answer)
      T(a_peer_that_ends_after_silence_is_gone_at_once)
      T(a_peer_that_is_gone_is_found_out_by_the_first_write)
      T(close_sends_what_was_taken_though_the_peer_still_talks)
      T(a_peer_that_never_ends_is_left_after_a_while)
      T(many_that_never_end_do_not_pile_up)
      T(a_flow_may_be_closed_inside_its_own_report)
      T(the_host_closes_with_connections_in_every_state)
      T(a_connection_is_made_and_both_talk)
      T(a_connection_that_is_refused_is_told_from_the_loop)
      T(a_connection_can_be_given_up_while_it_is_made)
      T(what_cannot_be_begun_is_an_error)
      T(a_full_stream_takes_no_more_and_tells_once_when_there_is_room)
      T(close_of_a_full_stream_sends_the_rest)
      T(a_write_to_a_lost_connection_is_an_error)
      T(much_at_once_arrives_in_order_and_others_have_their_turn))
