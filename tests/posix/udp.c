/* Datagrams over real sockets on 127.0.0.1 and [::1]. */
#include "stub.h"

#include <netinet/ip.h>

static struct sip_path listening(const char *where)
{
    struct sip_path bound = {0};

    CHECK_INT(sip_posix_listen(stub.posix, where, &bound), 0);
    CHECK_INT(bound.protocol, SIP_UDP);
    CHECK(bound.local.port != 0);
    return bound;
}

static int peer_of(struct sip_addr to)
{
    int fd = peer_socket(SOCK_DGRAM, addr_of(to.family == SIP_IPV6 ? "::1" : "127.0.0.1", 0));

    peer_connect(fd, to);
    return fd;
}

static int send_to(struct sip_addr local, struct sip_addr remote, const char *text)
{
    struct sip_path path = {0};

    path.protocol = SIP_UDP;
    path.local = local;
    path.remote = remote;
    return stub.transport.send(stub.transport.host, &path, sip_str(text));
}

static void there_and_back(const char *where)
{
    struct sip_path bound;
    const struct event *event;
    int peer;

    begin(NULL);
    bound = listening(where);
    peer = peer_of(bound.local);
    stub.echo = true;
    peer_send(peer, "hello");
    CHECK(hears(DATAGRAM, 1));
    event = event_of(DATAGRAM, 0);
    CHECK_STR(text_of(event), "hello");
    CHECK_INT(event->path.protocol, SIP_UDP);
    CHECK(same_addr(event->path.local, bound.local));
    CHECK(same_addr(event->path.remote, name_of(peer)));
    CHECK(!event->truncated);
    CHECK_STR(peer_receive(peer), "hello"); /* the peer is connected: only from where it sent to */
    close(peer);
    end();
}

TEST(a_datagram_is_told_with_both_addresses_and_answered)
{
    there_and_back("udp:127.0.0.1:0");
    if (have_ipv6())
        there_and_back("udp:[::1]:0");
}

TEST(a_socket_for_all_addresses_knows_which_one_was_meant)
{
    static const char *const hosts[] = {"127.0.0.1", "127.0.0.2", "127.8.9.10"};
    struct sip_path bound;

    begin(NULL);
    bound = listening("udp:0.0.0.0:0");
    stub.echo = true;
    for (unsigned i = 0; i < 3; i++) {
        struct sip_addr to = addr_of(hosts[i], bound.local.port);
        int peer = peer_of(to);
        peer_send(peer, "hello");
        CHECK(hears(DATAGRAM, i + 1));
        CHECK(same_addr(event_of(DATAGRAM, i)->path.local, to));
        CHECK_STR(peer_receive(peer), "hello");
        close(peer);
    }
    end();
}

TEST(a_socket_for_all_addresses_of_ipv6_leaves_ipv4_alone)
{
    struct sip_path bound, v4;
    char where[40];
    int peer;

    if (!have_ipv6())
        return;
    begin(NULL);
    bound = listening("udp:[::]:0");
    snprintf(where, sizeof where, "udp:0.0.0.0:%u", (unsigned)bound.local.port);
    v4 = listening(where); /* the same port */
    CHECK_INT(v4.local.port, bound.local.port);
    peer = peer_of(addr_of("::1", bound.local.port));
    stub.echo = true;
    peer_send(peer, "six");
    CHECK(hears(DATAGRAM, 1));
    CHECK(same_addr(event_of(DATAGRAM, 0)->path.local, addr_of("::1", bound.local.port)));
    CHECK_STR(peer_receive(peer), "six");
    close(peer);
    end();
}

TEST(an_unknown_source_is_chosen_by_the_system)
{
    struct sip_path bound;
    struct sip_addr none = {0};
    int peer;

    begin(NULL);
    bound = listening("udp:0.0.0.0:0");
    peer = peer_socket(SOCK_DGRAM, addr_of("127.0.0.1", 0));
    CHECK_INT(send_to(none, name_of(peer), "one"), 0);
    CHECK_STR(peer_receive(peer), "one");
    CHECK_INT(send_to(bound.local, name_of(peer), "two"), 0);
    CHECK_STR(peer_receive(peer), "two");
    close(peer);
    end();
}

TEST(the_socket_with_the_address_of_the_path_is_used)
{
    struct sip_path a, b, c;
    struct sip_addr none = {0};
    int peer;

    begin(NULL);
    a = listening("udp:127.0.0.2:0");
    b = listening("udp:127.0.0.1:0");
    c = listening("udp:127.0.0.1:0");
    peer = peer_socket(SOCK_DGRAM, addr_of("127.0.0.1", 0));
    peer_connect(peer, c.local); /* hears this one only */
    CHECK_INT(send_to(a.local, name_of(peer), "a"), 0);
    CHECK_INT(send_to(b.local, name_of(peer), "b"), 0);
    CHECK_INT(send_to(c.local, name_of(peer), "c"), 0);
    CHECK_STR(peer_receive(peer), "c");
    peer_connect(peer, b.local);
    CHECK_INT(send_to(none, name_of(peer), "d"), 0); /* the route to 127.0.0.1 is from 127.0.0.1 */
    CHECK_STR(peer_receive(peer), "d");
    CHECK_INT(send_to(addr_of("127.0.0.3", 0), name_of(peer), "e"), SIP_ESYSTEM);
    CHECK_INT(send_to(addr_of("127.0.0.1", 1), name_of(peer), "f"), 0); /* at least the address */
    CHECK_STR(peer_receive(peer), "f");
    close(peer);
    end();
}

TEST(a_datagram_that_is_too_long_is_told_as_truncated)
{
    struct sip_posix_config config = {0};
    struct sip_path bound;
    int peer;

    config.datagram_max = 8;
    begin(&config);
    bound = listening("udp:127.0.0.1:0");
    peer = peer_of(bound.local);
    peer_send(peer, "12345678");
    peer_send(peer, "123456789");
    peer_send(peer, "123");
    CHECK(hears(DATAGRAM, 3));
    CHECK_STR(text_of(event_of(DATAGRAM, 0)), "12345678");
    CHECK(!event_of(DATAGRAM, 0)->truncated);
    CHECK_STR(text_of(event_of(DATAGRAM, 1)), "12345678");
    CHECK(event_of(DATAGRAM, 1)->truncated);
    CHECK_STR(text_of(event_of(DATAGRAM, 2)), "123");
    CHECK(!event_of(DATAGRAM, 2)->truncated);
    close(peer);
    end();
}

TEST(the_longest_datagram_arrives_whole_and_the_empty_one_too)
{
    static char bytes[65507];
    struct sip_path bound;
    int peer;

    begin(NULL);
    bound = listening("udp:127.0.0.1:0");
    peer = peer_of(bound.local);
    memset(bytes, 'x', sizeof bytes);
    CHECK_INT(send(peer, bytes, sizeof bytes, 0), sizeof bytes);
    CHECK_INT(send(peer, bytes, 0, 0), 0);
    CHECK(hears(DATAGRAM, 2));
    CHECK_INT(event_of(DATAGRAM, 0)->len, sizeof bytes);
    CHECK(!event_of(DATAGRAM, 0)->truncated);
    CHECK_INT(event_of(DATAGRAM, 1)->len, 0);
    close(peer);
    end();
}

TEST(one_turn_reads_one_batch_and_the_order_is_kept)
{
    struct sip_posix_config config = {0};
    struct sip_path bound;
    int peer;

    config.batch = 4;
    begin(&config);
    bound = listening("udp:127.0.0.1:0");
    peer = peer_of(bound.local);
    for (char c = 'a'; c <= 'k'; c++) {
        char text[] = {c, '\0'};
        peer_send(peer, text);
    }
    CHECK(hears(DATAGRAM, 1));
    CHECK_INT(stub.heard[DATAGRAM], 4);
    CHECK(hears(DATAGRAM, 11));
    for (unsigned i = 0; i < 11; i++)
        CHECK_INT(event_of(DATAGRAM, i)->text[0], 'a' + (int)i);
    close(peer);
    end();
}

/* RFC 3261 §18.4. The next datagram, to somebody else, is not lost for it. */
static void refused(const char *where, const char *host)
{
    struct sip_path bound;
    struct sip_addr nobody, somebody;
    int gone = peer_socket(SOCK_DGRAM, addr_of(host, 0));
    int peer = peer_socket(SOCK_DGRAM, addr_of(host, 0));

    nobody = name_of(gone);
    somebody = name_of(peer);
    close(gone);
    begin(NULL);
    bound = listening(where);
    CHECK_INT(send_to(bound.local, nobody, "anybody?"), 0);
    usleep(1000); /* the answer of the loop-back is on the socket */
    CHECK_INT(send_to(bound.local, somebody, "hello"), 0);
    CHECK_STR(peer_receive(peer), "hello");
    CHECK(hears(UNREACHABLE, 1));
    CHECK_INT(event_of(UNREACHABLE, 0)->path.protocol, SIP_UDP);
    CHECK(same_addr(event_of(UNREACHABLE, 0)->path.remote, nobody));
    CHECK(same_addr(event_of(UNREACHABLE, 0)->path.local, bound.local));
    peer_connect(peer, bound.local);
    peer_send(peer, "back");
    CHECK(hears(DATAGRAM, 1));
    idle();
    CHECK_INT(stub.heard[UNREACHABLE], 1);
    close(peer);
    end();
}

TEST(what_icmp_says_is_told_once)
{
    refused("udp:127.0.0.1:0", "127.0.0.1");
    if (have_ipv6())
        refused("udp:[::1]:0", "::1");
}

TEST(reading_goes_on_after_an_error)
{
    struct sip_path bound;
    struct sip_addr nobody;
    int gone = peer_socket(SOCK_DGRAM, addr_of("127.0.0.1", 0)), peer;

    nobody = name_of(gone);
    close(gone);
    begin(NULL);
    bound = listening("udp:127.0.0.1:0");
    peer = peer_of(bound.local);
    for (int i = 0; i < 40; i++) {
        send_to(bound.local, nobody, "anybody?");
        peer_send(peer, "x");
    }
    CHECK(hears(DATAGRAM, 40));
    CHECK(hears(UNREACHABLE, 1));
    CHECK(stub.heard[UNREACHABLE] <= 40);
    close(peer);
    end();
}

TEST(what_cannot_be_sent_is_an_error)
{
    static char bytes[70000];
    struct sip_path path = {0};
    struct sip_addr none = {0};

    begin(NULL);
    CHECK_INT(send_to(none, addr_of("127.0.0.1", 9), "x"), SIP_ESYSTEM); /* no socket at all */
    path = listening("udp:127.0.0.1:0");
    CHECK_INT(send_to(none, addr_of("::1", 9), "x"), SIP_ESYSTEM); /* none of the family */
    path.remote = addr_of("127.0.0.1", 9);
    memset(bytes, 'x', sizeof bytes);
    CHECK_INT(stub.transport.send(stub.transport.host, &path, sip_bytes(bytes, sizeof bytes)),
              SIP_ESYSTEM);
    path.protocol = SIP_TCP;
    CHECK_INT(stub.transport.send(stub.transport.host, &path, sip_str("x")), SIP_EINVAL);
    end();
}

TEST(a_full_queue_loses_datagrams_and_never_blocks)
{
    struct sip_posix_config config = {0};
    struct sip_path bound;
    int peer = peer_socket(SOCK_DGRAM, addr_of("127.0.0.1", 0));

    config.socket_bytes = 4096;
    begin(&config);
    bound = listening("udp:127.0.0.1:0");
    for (int i = 0; i < 2000; i++) /* nobody reads */
        CHECK_INT(send_to(bound.local, name_of(peer), "abcdefghijklmnopqrstuvwxyz"), 0);
    close(peer);
    end();
}

static int class_seen(const struct sip_posix_config *config)
{
    struct sip_path bound;
    struct msghdr head = {0};
    char bytes[16], control[64];
    struct iovec iov = {bytes, sizeof bytes};
    int peer = peer_socket(SOCK_DGRAM, addr_of("127.0.0.1", 0)), on = 1, class = -1;

    setsockopt(peer, IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
    begin(config);
    bound = listening("udp:127.0.0.1:0");
    send_to(bound.local, name_of(peer), "x");
    head.msg_iov = &iov;
    head.msg_iovlen = 1;
    head.msg_control = control;
    head.msg_controllen = sizeof control;
    CHECK_INT(recvmsg(peer, &head, 0), 1);
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&head); part; part = CMSG_NXTHDR(&head, part))
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_TOS)
            class = *CMSG_DATA(part);
    close(peer);
    end();
    return class;
}

TEST(datagrams_carry_the_class_of_service)
{
    struct sip_posix_config config = {0};

    CHECK_INT(class_seen(NULL), 24 << 2);
    config.dscp = 40;
    CHECK_INT(class_seen(&config), 40 << 2);
    config.dscp = SIP_POSIX_BEST_EFFORT;
    CHECK_INT(class_seen(&config), 0);
}

TEST(without_a_stack_datagrams_are_dropped)
{
    struct sip_path bound;
    int peer;

    begin(NULL);
    sip_posix_attach(stub.posix, NULL);
    bound = listening("udp:127.0.0.1:0");
    peer = peer_of(bound.local);
    peer_send(peer, "lost");
    idle();
    sip_posix_attach(stub.posix, &stub);
    peer_send(peer, "heard");
    CHECK(hears(DATAGRAM, 1));
    CHECK_STR(text_of(event_of(DATAGRAM, 0)), "heard");
    close(peer);
    end();
}

TESTS(T(a_datagram_is_told_with_both_addresses_and_answered)
      T(a_socket_for_all_addresses_knows_which_one_was_meant)
      T(a_socket_for_all_addresses_of_ipv6_leaves_ipv4_alone)
      T(an_unknown_source_is_chosen_by_the_system)
      T(the_socket_with_the_address_of_the_path_is_used)
      T(a_datagram_that_is_too_long_is_told_as_truncated)
      T(the_longest_datagram_arrives_whole_and_the_empty_one_too)
      T(one_turn_reads_one_batch_and_the_order_is_kept)
      T(what_icmp_says_is_told_once)
      T(reading_goes_on_after_an_error)
      T(what_cannot_be_sent_is_an_error)
      T(a_full_queue_loses_datagrams_and_never_blocks)
      T(datagrams_carry_the_class_of_service)
      T(without_a_stack_datagrams_are_dropped))
