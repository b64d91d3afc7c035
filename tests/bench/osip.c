/* libosip2 under the benchmark. Its parser reads every header into its own structures at once. */
#include "bench.h"

#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>

#include <stdlib.h>

static osip_message_t *parse(const struct bench_message *bytes)
{
    static bool ready;
    osip_message_t *message;

    if (!ready)
        parser_init();
    ready = true;
    if (osip_message_init(&message) != 0)
        return NULL;
    if (osip_message_parse(message, bytes->at, bytes->len) != 0) {
        osip_message_free(message);
        return NULL;
    }
    return message;
}

static bool full(const struct bench_message *bytes)
{
    osip_message_t *message = parse(bytes);

    if (!message)
        return false;
    osip_message_free(message);
    return true;
}

static osip_message_t **parsed;

static bool keep_parsed(const struct bench_message *bytes, size_t index, size_t count)
{
    if (!parsed)
        parsed = calloc(count, sizeof *parsed);
    parsed[index] = parse(bytes);
    return true;
}

static bool write_again(const struct bench_message *bytes)
{
    osip_message_t *message = parsed[bench_index(bytes)];
    char *text = NULL;
    size_t len = 0;

    if (!message ||
        (osip_message_force_update(message), osip_message_to_str(message, &text, &len)) != 0)
        return false;
    osip_free(text);
    return true;
}

const struct bench_work bench_works[] = {
    {"full", full, NULL},
    {"write", write_again, keep_parsed},
    {NULL, NULL, NULL},
};
