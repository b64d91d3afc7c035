/* The loop, what the program adds to it, and the words that name sockets. */
#include "stub.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

/* --- sockets by name --- */

TEST(sockets_are_named_by_protocol_address_and_port)
{
    static const struct {
        const char *where;
        int result;
    } rows[] = {
        {"udp:127.0.0.1:0", 0},
        {"UDP:127.0.0.1:0", 0},
        {"tcp:127.0.0.1:0", 0},
        {"tcp:127.0.0.1:00000", 0},
        {"udp:127.0.0.1:", SIP_EINVAL},
        {"udp:127.0.0.1:65536", SIP_EINVAL},
        {"udp:127.0.0.1:000000", SIP_EINVAL}, /* six digits */
        {"udp:127.0.0.1:+5", SIP_EINVAL},
        {"udp:127.0.0.1:5x", SIP_EINVAL},
        {"udp:127.0.0.1 :0", SIP_EINVAL},
        {"udp:127.0.0.1:0 ", SIP_EINVAL},
        {"udp:127.0.0:0", SIP_EINVAL},
        {"udp:127.0.0.256:0", SIP_EINVAL},
        {"udp::0", SIP_EINVAL},
        {"udp:", SIP_EINVAL},
        {"", SIP_EINVAL},
        {NULL, SIP_EINVAL},
        {"127.0.0.1:0", SIP_EINVAL},
        {"tls:127.0.0.1:0", SIP_EINVAL}, /* not here */
        {"udp:localhost:0", SIP_ENAME},
        {"udp:sip-1.example.net:5060", SIP_ENAME},
        {"udp:what?:5060", SIP_EINVAL},
        {"udp:[::1", SIP_EINVAL},
        {"udp:[]:0", SIP_EINVAL},
        {"udp:[::1]0", SIP_EINVAL},
        {"udp:[::g]:0", SIP_EINVAL},
        {"udp:[127.0.0.1]:0", SIP_EINVAL},
        {"udp:[::1%nosuchinterface]:0", SIP_EINVAL},
        {"udp:[::1%0]:0", SIP_EINVAL},
        {"udp:::1:0", SIP_EINVAL}, /* brackets are missing */
        {"udp:192.0.2.1:0", SIP_ESYSTEM}, /* not ours */
    };

    begin(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_path bound;
        int got;
        memset(&bound, 0xa5, sizeof bound);
        got = sip_posix_listen(stub.posix, rows[i].where, &bound);
        if (got != rows[i].result)
            printf("  \"%s\"\n", rows[i].where ? rows[i].where : "(null)");
        CHECK_INT(got, rows[i].result);
        if (got == 0)
            CHECK(bound.local.port != 0 && bound.remote.family == SIP_FAMILY_NONE);
        else
            CHECK_INT(bound.protocol, 0xa5);
    }
    if (have_ipv6()) {
        CHECK_INT(sip_posix_listen(stub.posix, "udp:[::1]:0", NULL), 0);
        CHECK_INT(sip_posix_listen(stub.posix, "tcp:[0:0::1]:0", NULL), 0);
    }
    end();
}

TEST(a_port_that_is_taken_is_an_error)
{
    static const char *const protocols[] = {"udp", "tcp"};
    struct sip_path bound;
    char where[40];

    begin(NULL);
    for (int i = 0; i < 2; i++) {
        snprintf(where, sizeof where, "%s:127.0.0.1:0", protocols[i]);
        CHECK_INT(sip_posix_listen(stub.posix, where, &bound), 0);
        snprintf(where, sizeof where, "%s:127.0.0.1:%u", protocols[i], (unsigned)bound.local.port);
        CHECK_INT(sip_posix_listen(stub.posix, where, NULL), SIP_ESYSTEM);
        CHECK_INT(errno, EADDRINUSE);
    }
    end();
}

TEST(a_configuration_out_of_range_is_refused)
{
    struct sip_posix_config config = {0};
    struct sip_posix *posix = (struct sip_posix *)&config;

    config.dscp = 64;
    CHECK_INT(sip_posix_open(&posix, &config), SIP_EINVAL);
    CHECK(posix == NULL);
    config.dscp = 63;
    config.datagram_max = 65536;
    CHECK_INT(sip_posix_open(&posix, &config), SIP_EINVAL);
    config.datagram_max = 65535;
    CHECK_INT(sip_posix_open(&posix, &config), 0);
    sip_posix_close(posix);
    sip_posix_close(NULL);
}

/* --- our address --- */

static int local_towards(enum sip_protocol protocol, const char *own, const char *host,
                         struct sip_addr *local)
{
    struct sip_path path = {0};

    path.protocol = (uint8_t)protocol;
    path.remote = addr_of(host, 5060);
    if (own)
        path.local = addr_of(own, 9);
    memset(local, 0xa5, sizeof *local);
    return stub.transport.local(stub.transport.host, &path, local);
}

TEST(our_address_is_that_of_the_socket_or_of_the_route)
{
    struct sip_path udp, tcp;
    struct sip_addr local;

    begin(NULL);
    CHECK_INT(local_towards(SIP_UDP, NULL, "127.0.0.1", &local), SIP_ESYSTEM); /* no socket */
    CHECK_INT(local_towards(SIP_TCP, NULL, "127.0.0.1", &local), 0); /* can connect all the same */
    CHECK(same_addr(local, addr_of("127.0.0.1", 0)));

    sip_posix_listen(stub.posix, "udp:0.0.0.0:0", &udp);
    sip_posix_listen(stub.posix, "tcp:127.0.0.2:0", &tcp);
    for (int again = 0; again < 2; again++) {
        CHECK_INT(local_towards(SIP_UDP, NULL, "127.0.0.1", &local), 0);
        CHECK(same_addr(local, addr_of("127.0.0.1", udp.local.port)));
    }
    CHECK_INT(local_towards(SIP_UDP, "127.0.0.7", "127.0.0.1", &local), 0);
    CHECK(same_addr(local, addr_of("127.0.0.7", udp.local.port)));
    CHECK_INT(local_towards(SIP_TCP, NULL, "127.0.0.1", &local), 0);
    CHECK(same_addr(local, tcp.local));
    CHECK_INT(local_towards(SIP_TCP, "127.0.0.2", "127.0.0.1", &local), 0); /* of a connection */
    CHECK(same_addr(local, tcp.local));
    CHECK_INT(local_towards(SIP_UDP, NULL, "::1", &local), SIP_ESYSTEM);
    CHECK_INT(local.family, 0xa5);
    CHECK_INT(local_towards(SIP_TLS, NULL, "127.0.0.1", &local), SIP_EINVAL);
    end();
}

TEST(addresses_go_to_the_system_and_back)
{
    struct sip_addr addr = addr_of("2001:db8::7", 5060), back;
    struct sockaddr_storage name;

    CHECK_INT(sip_posix_to_sockaddr(&addr, &name), sizeof(struct sockaddr_in6));
    CHECK_INT(sip_posix_from_sockaddr(&back, (struct sockaddr *)&name), 0);
    CHECK(same_addr(addr, back));
    addr = addr_of("fe80::1", 5060);
    addr.scope = 3;
    sip_posix_to_sockaddr(&addr, &name);
    sip_posix_from_sockaddr(&back, (struct sockaddr *)&name);
    CHECK(same_addr(addr, back));
    addr = addr_of("::ffff:192.0.2.1", 5060); /* mapped */
    sip_posix_to_sockaddr(&addr, &name);
    sip_posix_from_sockaddr(&back, (struct sockaddr *)&name);
    CHECK(same_addr(addr_of("192.0.2.1", 5060), back));
    addr.family = SIP_FAMILY_NONE;
    CHECK_INT(sip_posix_to_sockaddr(&addr, &name), 0);
    CHECK_INT(sip_posix_from_sockaddr(&back, (struct sockaddr *)&name), SIP_EINVAL);
}

TEST(random_bytes_are_not_the_same_twice)
{
    char a[600], b[600]; /* more than the system gives at once */

    begin(NULL);
    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    CHECK_INT(stub.transport.random(stub.transport.host, a, sizeof a), 0);
    CHECK_INT(stub.transport.random(stub.transport.host, b, sizeof b), 0);
    CHECK(memcmp(a, b, 300) != 0);
    CHECK(memcmp(a + 580, b + 580, 20) != 0);
    end();
}

/* --- turns --- */

TEST(the_stack_is_ticked_when_its_deadline_is_reached)
{
    uint64_t start;

    begin(NULL);
    CHECK_INT(sip_posix_timeout(stub.posix), -1);
    start = sip_posix_now();
    stub.deadline = start + 30;
    CHECK(sip_posix_timeout(stub.posix) > 0 && sip_posix_timeout(stub.posix) <= 30);
    CHECK_INT(sip_posix_run_once(stub.posix, -1), 0);
    CHECK_INT(stub.heard[TICK], 1);
    CHECK(sip_posix_now() >= start + 30);
    stub.deadline = 0;
    CHECK_INT(sip_posix_timeout(stub.posix), 0);
    CHECK_INT(sip_posix_run_once(stub.posix, -1), 0);
    CHECK_INT(stub.heard[TICK], 2);
    stub.deadline = sip_posix_now() + 1000000;
    CHECK_INT(sip_posix_run_once(stub.posix, 5), 0); /* no longer than asked for */
    CHECK_INT(stub.heard[TICK], 2);
    end();
}

static int pipe_ends[2], ready_count;

static void read_one(void *host, int fd)
{
    char byte;

    CHECK(host == &ready_count);
    CHECK_INT(read(fd, &byte, 1), 1);
    ready_count++;
    CHECK_INT(sip_posix_run_once(stub.posix, 0), SIP_ESTATE); /* no turn inside a turn */
}

static void read_and_leave(void *host, int fd)
{
    read_one(host, fd);
    sip_posix_unwatch(stub.posix, fd);
    close(fd);
}

TEST(the_program_can_watch_descriptors_of_its_own)
{
    FILE *file = tmpfile();

    begin(NULL);
    ready_count = 0;
    CHECK_INT(pipe(pipe_ends), 0);
    CHECK_INT(sip_posix_watch(stub.posix, pipe_ends[0], read_one, &ready_count), 0);
    idle();
    CHECK_INT(ready_count, 0);
    CHECK_INT(write(pipe_ends[1], "abc", 3), 3);
    for (int i = 1; i <= 3; i++) {
        CHECK_INT(sip_posix_run_once(stub.posix, 20), 0);
        CHECK_INT(ready_count, i); /* what was not read is told again */
    }
    CHECK_INT(sip_posix_watch(stub.posix, pipe_ends[0], read_and_leave, &ready_count), 0);
    CHECK_INT(write(pipe_ends[1], "de", 2), 2);
    idle();
    CHECK_INT(ready_count, 4);
    sip_posix_unwatch(stub.posix, pipe_ends[0]); /* not there any more */
    CHECK_INT(sip_posix_watch(stub.posix, -1, read_one, NULL), SIP_EINVAL);
    CHECK_INT(sip_posix_watch(stub.posix, pipe_ends[1], NULL, NULL), SIP_EINVAL);
    if (file && sip_posix_fd(stub.posix) >= 0)
        CHECK_INT(sip_posix_watch(stub.posix, fileno(file), read_one, NULL), SIP_ESYSTEM);
    if (file)
        fclose(file);
    close(pipe_ends[1]);
    end();
}

static int others[2][2], last_fd;

static void leave_the_other(void *host, int fd)
{
    (void)host;
    ready_count++;
    last_fd = fd;
    sip_posix_unwatch(stub.posix, others[0][0]);
    sip_posix_unwatch(stub.posix, others[1][0]);
}

TEST(one_that_was_unwatched_in_the_same_turn_is_not_called)
{
    begin(NULL);
    ready_count = 0;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(pipe(others[i]), 0);
        CHECK_INT(sip_posix_watch(stub.posix, others[i][0], leave_the_other, NULL), 0);
        CHECK_INT(write(others[i][1], "x", 1), 1);
    }
    CHECK_INT(sip_posix_run_once(stub.posix, 20), 0);
    CHECK_INT(ready_count, 1);
    idle();
    CHECK_INT(ready_count, 1);
    for (int i = 0; i < 4; i++)
        close(others[i / 2][i % 2]);
    end();
}

static char fired[32];

static void fire(void *host, uint64_t now)
{
    (void)now;
    strncat(fired, host, 1);
}

static void fire_again(void *host, uint64_t now)
{
    fire(host, now);
    sip_posix_timer(stub.posix, now, fire_again, host);
}

TEST(the_program_can_set_times_of_its_own)
{
    static char a[] = "a", b[] = "b", c[] = "c", d[] = "d";
    uint64_t now;

    begin(NULL);
    fired[0] = '\0';
    now = sip_posix_now();
    CHECK_INT(sip_posix_timer(stub.posix, now + 20, fire, c), 0);
    CHECK_INT(sip_posix_timer(stub.posix, now + 15, fire, b), 0);
    CHECK_INT(sip_posix_timer(stub.posix, now + 500, fire, a), 0);
    CHECK_INT(sip_posix_timer(stub.posix, now + 5, fire, d), 0);
    CHECK_INT(sip_posix_timer(stub.posix, now + 10, fire, a), 0); /* moved */
    CHECK_INT(sip_posix_timer(stub.posix, SIP_NEVER, fire, d), 0); /* cleared */
    CHECK_INT(sip_posix_timer(stub.posix, SIP_NEVER, fire, d), 0);
    CHECK_INT(sip_posix_timer(stub.posix, now, NULL, d), SIP_EINVAL);
    while (sip_posix_timeout(stub.posix) >= 0)
        CHECK_INT(sip_posix_run_once(stub.posix, -1), 0);
    CHECK(strcmp(fired, "abc") == 0);
    CHECK(sip_posix_now() >= now + 20);

    fired[0] = '\0';
    sip_posix_timer(stub.posix, 0, fire_again, a);
    CHECK_INT(sip_posix_run_once(stub.posix, -1), 0);
    CHECK(strcmp(fired, "a") == 0); /* once in a turn */
    CHECK_INT(sip_posix_run_once(stub.posix, -1), 0);
    CHECK(strcmp(fired, "aa") == 0);
    end(); /* with one still set */
}

static void stop_now(void *host, uint64_t now)
{
    (void)now;
    sip_posix_stop(host);
}

TEST(the_loop_runs_until_it_is_stopped)
{
    begin(NULL);
    sip_posix_timer(stub.posix, sip_posix_now() + 20, stop_now, stub.posix);
    CHECK_INT(sip_posix_loop(stub.posix), 0);
    CHECK_INT(sip_posix_timeout(stub.posix), -1); /* that timer has fired */
    for (int i = 0; i < 16; i++)
        sip_posix_stop(stub.posix);
    CHECK_INT(sip_posix_loop(stub.posix), 0); /* stopped before */
    CHECK_INT(sip_posix_run_once(stub.posix, 0), 0);
    for (int i = 0; i < 70000; i++) /* more than a pipe holds */
        sip_posix_stop(stub.posix);
    CHECK_INT(sip_posix_loop(stub.posix), 0);
    idle();
    sip_posix_timer(stub.posix, sip_posix_now() + 20, stop_now, stub.posix);
    CHECK_INT(sip_posix_loop(stub.posix), 0); /* and runs again */
    CHECK_INT(sip_posix_timeout(stub.posix), -1);
    end();
}

static void on_alarm(int number)
{
    (void)number;
    sip_posix_stop(stub.posix);
}

TEST(a_signal_handler_can_stop_the_loop)
{
    struct sigaction action, before;
    struct itimerval soon = {{0, 0}, {0, 20000}};

    begin(NULL);
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &soon, NULL);
    CHECK_INT(sip_posix_loop(stub.posix), 0);
    sigaction(SIGALRM, &before, NULL);
    end();
}

static void *stop_from_here(void *posix)
{
    sip_posix_stop(posix);
    return NULL;
}

TEST(another_thread_can_stop_the_loop)
{
    pthread_t thread;

    begin(NULL);
    CHECK_INT(pthread_create(&thread, NULL, stop_from_here, stub.posix), 0);
    CHECK_INT(sip_posix_loop(stub.posix), 0);
    pthread_join(thread, NULL);
    end();
}

TEST(one_descriptor_says_that_there_is_something_to_do)
{
    struct pollfd waiting = {-1, POLLIN, 0};
    struct sip_path bound;
    int peer;

    begin(NULL);
    waiting.fd = sip_posix_fd(stub.posix);
    if (waiting.fd >= 0) {
        CHECK_INT(sip_posix_listen(stub.posix, "udp:127.0.0.1:0", &bound), 0);
        CHECK_INT(poll(&waiting, 1, 5), 0);
        peer = peer_socket(SOCK_DGRAM, addr_of("127.0.0.1", 0));
        peer_connect(peer, bound.local);
        peer_send(peer, "x");
        CHECK_INT(poll(&waiting, 1, WAIT_MS), 1);
        CHECK_INT(sip_posix_run_once(stub.posix, 0), 0);
        CHECK_INT(stub.heard[DATAGRAM], 1);
        CHECK_INT(poll(&waiting, 1, 5), 0);
        close(peer);
    }
    end();
}

TESTS(T(sockets_are_named_by_protocol_address_and_port)
      T(a_port_that_is_taken_is_an_error)
      T(a_configuration_out_of_range_is_refused)
      T(our_address_is_that_of_the_socket_or_of_the_route)
      T(addresses_go_to_the_system_and_back)
      T(random_bytes_are_not_the_same_twice)
      T(the_stack_is_ticked_when_its_deadline_is_reached)
      T(the_program_can_watch_descriptors_of_its_own)
      T(one_that_was_unwatched_in_the_same_turn_is_not_called)
      T(the_program_can_set_times_of_its_own)
      T(the_loop_runs_until_it_is_stopped)
      T(a_signal_handler_can_stop_the_loop)
      T(another_thread_can_stop_the_loop)
      T(one_descriptor_says_that_there_is_something_to_do))
