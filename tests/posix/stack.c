/* The whole way: a real stack on the ready-made host, and a plain socket as its peer. */
#include "sip/posix.h"
#include "sip/transaction.h"
#include "test.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define WAIT_MS 3000

static struct sip_posix *posix;
static struct sip_stack *stack;
static void *block;
static unsigned failed_status;

static void on_failed(void *user, struct sip_stack *at, struct sip_client client, uint64_t owner,
                      uint16_t status, const char *why)
{
    (void)user, (void)at, (void)client, (void)why;
    CHECK_INT(owner, 77);
    failed_status = status;
}

static const struct sip_user user = {.failed = on_failed};

static void begin(void)
{
    struct sip_stack_config config = {0};
    size_t size;

    CHECK_INT(sip_posix_open(&posix, NULL), 0);
    config.transport = sip_posix_transport(posix);
    size = sip_stack_size(&config);
    block = malloc(size);
    CHECK_INT(sip_stack_init(&stack, block, size, &config, sip_posix_now()), 0);
    CHECK_INT(sip_transactions_join(stack, &user, NULL), 0);
    CHECK_INT(sip_posix_attach(posix, stack), 0);
    failed_status = 0;
}

static void end(void)
{
    sip_posix_close(posix);
    free(block);
}

static int peer_to(const struct sip_path *bound)
{
    struct sockaddr_storage name;
    socklen_t len = sip_posix_to_sockaddr(&bound->local, &name);
    int fd = socket(AF_INET, bound->protocol == SIP_UDP ? SOCK_DGRAM : SOCK_STREAM, 0);

    CHECK_INT(connect(fd, (struct sockaddr *)&name, len), 0);
    return fd;
}

/* Runs the host until the peer has something; a NUL behind it. */
static const char *answer_to(int peer)
{
    static char bytes[4096];
    uint64_t over = sip_posix_now() + WAIT_MS;
    ssize_t got = -1;

    while (got < 0 && sip_posix_now() < over) {
        CHECK_INT(sip_posix_run_once(posix, 10), 0);
        got = recv(peer, bytes, sizeof bytes - 1, MSG_DONTWAIT);
    }
    bytes[got > 0 ? got : 0] = '\0';
    return bytes;
}

static void ask(const char *where, const char *protocol)
{
    struct sip_path bound;
    char text[600];
    int peer;

    begin();
    CHECK_INT(sip_posix_listen(posix, where, &bound), 0);
    peer = peer_to(&bound);
    snprintf(text, sizeof text,
             "MESSAGE sip:bob@127.0.0.1 SIP/2.0\r\n"
             "Via: SIP/2.0/%s 127.0.0.1:9;rport;branch=z9hG4bK1\r\n"
             "Max-Forwards: 70\r\n"
             "From: <sip:alice@example.net>;tag=1\r\n"
             "To: <sip:bob@127.0.0.1>\r\n"
             "Call-ID: 1@example.net\r\n"
             "CSeq: 1 MESSAGE\r\n"
             "Content-Length: 0\r\n"
             "\r\n",
             protocol);
    CHECK_INT(send(peer, text, strlen(text), 0), strlen(text));
    CHECK(strncmp(answer_to(peer), "SIP/2.0 501 ", 12) == 0);
    close(peer);
    end();
}

TEST(a_request_is_answered_over_udp_and_over_tcp)
{
    ask("udp:127.0.0.1:0", "UDP");
    ask("tcp:127.0.0.1:0", "TCP");
}

static void ask_nobody(enum sip_protocol protocol)
{
    struct sip_client_args args = {0};
    struct sip_client client;
    struct sip_target target = {0};
    struct sockaddr_in name = {0};
    socklen_t len = sizeof name;
    uint64_t over = sip_posix_now() + WAIT_MS;
    int gone = socket(AF_INET, protocol == SIP_UDP ? SOCK_DGRAM : SOCK_STREAM, 0);

    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_INT(bind(gone, (struct sockaddr *)&name, len), 0);
    getsockname(gone, (struct sockaddr *)&name, &len);
    sip_posix_from_sockaddr(&target.addr, (struct sockaddr *)&name);
    close(gone); /* nobody has that port now */

    begin();
    CHECK_INT(sip_posix_listen(posix, "udp:0.0.0.0:0", NULL), 0);
    target.protocol = (uint8_t)protocol;
    args.request = sip_str("MESSAGE sip:bob@127.0.0.1 SIP/2.0\r\n"
                           "Max-Forwards: 70\r\n"
                           "From: <sip:alice@example.net>;tag=1\r\n"
                           "To: <sip:bob@127.0.0.1>\r\n"
                           "Call-ID: 1@example.net\r\n"
                           "CSeq: 1 MESSAGE\r\n"
                           "Content-Length: 0\r\n"
                           "\r\n");
    args.owner = 77;
    args.targets = &target;
    args.targets_count = 1;
    CHECK_INT(sip_client_start(stack, sip_posix_now(), &args, &client), 0);
    while (!failed_status && sip_posix_now() < over)
        CHECK_INT(sip_posix_run_once(posix, 50), 0);
    CHECK_INT(failed_status, 503); /* RFC 3261 §8.1.3.1, and long before timer F */
    end();
}

TEST(a_request_to_nobody_fails_as_soon_as_the_network_says_so) /* RFC 3261 §18.4 */
{
    ask_nobody(SIP_UDP);
    ask_nobody(SIP_TCP);
}

TESTS(T(a_request_is_answered_over_udp_and_over_tcp)
      T(a_request_to_nobody_fails_as_soon_as_the_network_says_so))
