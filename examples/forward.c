/* A stateless proxy on the transaction layer alone: what comes in goes to one next hop, answers go
 * back (RFC 3261 §16.11).
 *
 *     forward udp:127.0.0.1:5090 sip:127.0.0.1:5060 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sip/posix.h>
#include <sip/transaction.h>
#include <sip/uri.h>

static void forward(void *next_hop, struct sip_stack *stack, const struct sip_received *request)
{
    struct sip_reply reply = {0};
    int error = sip_forward_request(stack, sip_stack_now(stack), request, sip_str(next_hop));

    if (!error || request->message->method == SIP_ACK)
        return;
    reply.status = error == SIP_ESTATE ? 483 : error == SIP_ESIZE ? 513 : 500;
    sip_reply_once(stack, sip_stack_now(stack), request, &reply);
}

static void back(void *next_hop, struct sip_stack *stack, const struct sip_received *response)
{
    (void)next_hop;
    sip_forward_response(stack, sip_stack_now(stack), response);
}

static const struct sip_user forwarder = {
    .request = forward,
    .ack = forward,
    .cancel = forward,
    .stray = back, /* without transactions every response is one */
};

int main(int argc, char **argv)
{
    static uint8_t memory[64 * 1024];
    struct sip_stack_config config = {0};
    struct sip_posix *posix;
    struct sip_stack *stack;
    struct sip_fault fault;
    struct sip_uri next_hop;
    const char *wrong;
    int error;

    if (argc != 3)
        return fputs("usage: forward udp:ADDRESS:PORT sip:NEXT-HOP\n", stderr), 2;
    if (sip_uri_parse(&next_hop, sip_str(argv[2]), &fault) < 0)
        return fprintf(stderr, "forward: %s: %s\n", argv[2], sip_reason_text(fault.reason)), 2;
    if (sip_posix_open(&posix, NULL) < 0)
        return perror("forward"), 1;
    config.transport = sip_posix_transport(posix);
    config.limits.message_max = 8192;
    error = sip_stack_init(&stack, memory, sizeof memory, &config, sip_posix_now());
    if (!error)
        error = sip_transactions_join(stack, &forwarder, argv[2]);
    if (error)
        return fprintf(stderr, "forward: %s\n", sip_strerror(error)), 1;
    sip_posix_attach(posix, stack);
    error = sip_posix_listen(posix, argv[1], NULL);
    wrong = error == SIP_ESYSTEM ? strerror(errno) : "wants udp:ADDRESS:PORT";
    if (error)
        return fprintf(stderr, "forward: %s: %s\n", argv[1], wrong), 2;
    sip_posix_loop(posix);
    perror("forward"); /* a loop that nobody stops ends when it cannot wait */
    sip_posix_close(posix);
    return 1;
}
