/* Sofia-SIP under the benchmark. Its parser reads every header it knows at once. */
#include "bench.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>

#include <stdlib.h>

static msg_t *parse(const struct bench_message *bytes)
{
    msg_t *message = msg_make(sip_default_mclass(), 0, bytes->at, (ssize_t)bytes->len);
    sip_t *sip = message ? sip_object(message) : NULL;

    if (sip && !sip->sip_error && (sip->sip_request || sip->sip_status))
        return message;
    if (message)
        msg_destroy(message);
    return NULL;
}

static bool full(const struct bench_message *bytes)
{
    msg_t *message = parse(bytes);

    if (!message)
        return false;
    msg_destroy(message);
    return true;
}

static msg_t **parsed;

static bool keep_parsed(const struct bench_message *bytes, size_t index, size_t count)
{
    if (!parsed)
        parsed = calloc(count, sizeof *parsed);
    parsed[index] = parse(bytes);
    return true;
}

/* Every header from its structure: what stands beside it as received text is let go first. */
static bool write_again(const struct bench_message *bytes)
{
    static char out[1 << 17];
    msg_t *message = parsed[bench_index(bytes)];
    size_t used = 0;

    if (!message)
        return false;
    for (msg_header_t *header = *msg_chain_head(message); header; header = header->sh_succ) {
        issize_t size = msg_header_e(out + used, (isize_t)(sizeof out - used), header, 0);

        if (size < 0 || used + (size_t)size > sizeof out)
            return false;
        used += (size_t)size;
    }
    return used > 0;
}

const struct bench_work bench_works[] = {
    {"full", full, NULL},
    {"write", write_again, keep_parsed},
    {NULL, NULL, NULL},
};
