/* The core alone, on a loop and a socket of our own. Try it: sipsak -vv -s sip:127.0.0.1:5070 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sip/sip.h>

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static int transmit(void *udp, const struct sip_path *path, struct sip_str bytes)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(path->remote.port)};
    memcpy(&to.sin_addr, path->remote.bytes, 4);
    return sendto(*(int *)udp, bytes.at, bytes.len, 0, (void *)&to, sizeof to) < 0 ? -1 : 0;
}

static int local_address(void *udp, const struct sip_path *path, struct sip_addr *local)
{
    *local = (struct sip_addr){SIP_IPV4, {127, 0, 0, 1}, 5070, 0};
    return (void)udp, (void)path, 0;
}

static int random_bytes(void *udp, void *bytes, size_t count)
{
    return (void)udp, getentropy(bytes, count);
}

int main(void)
{
    static char memory[SIP_STACK_SIZE(2, 2, 0, 1472)], bytes[2048];
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(5070)};
    struct pollfd udp = {.fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN};
    struct sip_packet packet = {.path = {SIP_UDP, {0}, {.family = SIP_IPV4}}};
    struct sip_config config = {
        .stack.transport = {&udp.fd, transmit, NULL, NULL, NULL, local_address, random_bytes}};
    struct sip_ua *ua;

    if (bind(udp.fd, (void *)&addr, sizeof addr) ||
        sip_ua_init(&ua, memory, sizeof memory, &config, now()))
        return perror("bare_loop: udp port 5070"), 1;
    for (struct sip_stack *stack = sip_ua_stack(ua);; sip_stack_tick(stack, now())) {
        uint64_t time = now(), due = sip_stack_deadline(stack);
        if (poll(&udp, 1, due > time + 60000 ? 60000 : due > time ? (int)(due - time) : 0) < 1)
            continue;
        socklen_t size = sizeof addr;
        ssize_t got = recvfrom(udp.fd, bytes, sizeof bytes, 0, (void *)&addr, &size);
        packet.bytes = sip_bytes(bytes, got > 0 ? (size_t)got : 0);
        packet.path.remote.port = ntohs(addr.sin_port);
        memcpy(packet.path.remote.bytes, &addr.sin_addr, 4);
        sip_stack_datagram(stack, now(), &packet);
    }
}
