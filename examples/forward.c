/* A stateless proxy on the transaction layer alone: what comes in goes to one next hop, answers go
 * back (RFC 3261 §16.11).
 *
 *     forward udp:127.0.0.1:5090 sip:127.0.0.1:5060 */
#include <stdio.h>

#include <sip/posix.h>
#include <sip/transaction.h>

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
    int error;

    if (argc < 3) {
        fprintf(stderr, "usage: forward udp:ADDRESS:PORT sip:NEXT-HOP\n");
        return 2;
    }
    sip_posix_open(&posix, NULL);
    config.transport = sip_posix_transport(posix);
    config.limits.message_max = 8192;
    error = sip_stack_init(&stack, memory, sizeof memory, &config, sip_posix_now());
    if (!error)
        error = sip_transactions_join(stack, &forwarder, argv[2]);
    if (!error)
        error = sip_posix_attach(posix, stack);
    if (!error)
        error = sip_posix_listen(posix, argv[1], NULL);
    if (!error)
        error = sip_posix_loop(posix);
    fprintf(stderr, "forward: %s\n", sip_strerror(error));
    sip_posix_close(posix);
}
