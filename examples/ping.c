/* Asks a SIP server whether it is there (OPTIONS, RFC 3261 §11), on the transaction layer alone.
 *
 *     ping sip:127.0.0.1:5060
 *
 * Exit status: 0 it answered, 1 it did not. */
#include <stdio.h>

#include <sip/posix.h>
#include <sip/transaction.h>
#include <sip/writer.h>

static int status = 1;

static void response(void *posix, struct sip_stack *stack, struct sip_client client,
                     uint64_t started, const struct sip_received *got)
{
    const struct sip_message *message = got->message;

    (void)client;
    printf("%u %.*s after %d ms\n", message->status, (int)message->reason.len, message->reason.at,
           (int)(sip_stack_now(stack) - started));
    if (message->status >= 200) {
        status = 0;
        sip_posix_stop(posix);
    }
}

static void failed(void *posix, struct sip_stack *stack, struct sip_client client, uint64_t started,
                   uint16_t code, const char *why)
{
    (void)client;
    printf("%u, %s after %d ms\n", code, why, (int)(sip_stack_now(stack) - started));
    sip_posix_stop(posix);
}

static const struct sip_user user = {.response = response, .failed = failed};

/* §8.1.1: what every request says but for its Via. */
static long options(char *memory, size_t size, struct sip_str uri, uint32_t number)
{
    const struct sip_str none = {NULL, 0}, from = sip_str("sip:ping@ping.invalid");
    struct sip_writer w;

    sip_writer_init(&w, memory, size);
    sip_write_request_line(&w, sip_str("OPTIONS"), uri);
    sip_write_number(&w, SIP_HEADER_MAX_FORWARDS, 70);
    sip_write_begin(&w, SIP_HEADER_FROM);
    sip_write_text(&w, "<");
    sip_write_piece(&w, from);
    sip_write_text(&w, ">;tag=");
    sip_write_hex(&w, &number, sizeof number);
    sip_write_end(&w);
    sip_write_address(&w, SIP_HEADER_TO, none, uri, none);
    sip_write_begin(&w, SIP_HEADER_CALL_ID);
    sip_write_hex(&w, &number, sizeof number);
    sip_write_end(&w);
    sip_write_cseq(&w, 1, sip_str("OPTIONS"));
    sip_write_body(&w, none, none);
    return sip_writer_done(&w);
}

int main(int argc, char **argv)
{
    static uint8_t memory[32 * 1024];
    static char request[1024];
    struct sip_stack_config config = {0};
    struct sip_client_args args = {0};
    struct sip_client client;
    struct sip_posix *posix;
    struct sip_stack *stack;
    uint32_t number;
    long len;
    int error;

    if (argc != 2)
        return fputs("usage: ping URI\n", stderr), 2;
    if (sip_posix_open(&posix, NULL) || sip_posix_listen(posix, "udp:0.0.0.0:0", NULL))
        return perror("ping"), 1;
    config.transport = sip_posix_transport(posix);
    error = sip_stack_init(&stack, memory, sizeof memory, &config, sip_posix_now());
    if (!error)
        error = sip_transactions_join(stack, &user, posix);
    if (!error)
        error = config.transport.random(config.transport.host, &number, sizeof number);
    if (error)
        return fprintf(stderr, "ping: %s\n", sip_strerror(error)), 1;
    sip_posix_attach(posix, stack);
    len = options(request, sizeof request, sip_str(argv[1]), number);
    args.request = sip_bytes(request, len > 0 ? (size_t)len : 0);
    args.owner = sip_posix_now();
    error = len < 0 ? (int)len : sip_client_start(stack, sip_posix_now(), &args, &client);
    if (error)
        return fprintf(stderr, "ping: %s: %s\n", argv[1], sip_strerror(error)), 2;
    sip_posix_loop(posix);
    sip_posix_close(posix);
    return status;
}
