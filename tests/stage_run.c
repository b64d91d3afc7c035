/* Runs each flow as it stands, and then spoiled: with 1, 2, 3 ... slots of each kind until it
 * passes, and with each of its messages lost, repeated or refused by the system. However it is
 * spoiled: no crash, each message we send well-formed, each handle with one last event, and nothing
 * left in use. */
#define _DEFAULT_SOURCE

#include "stage_inside.h"

#include <fcntl.h>
#include <setjmp.h>
#include <unistd.h>

#define SLOTS_MOST 12
#define MESSAGES_MOST 60

struct spoiling spoiling;
static jmp_buf given_up;
static int messages; /* of the flow played last */

static uint32_t *limit_of(struct sip_limits *limits, const char *name)
{
    const struct {
        const char *name;
        uint32_t *limit;
    } rows[] = {
        {"registrations", &limits->registrations},
        {"calls", &limits->calls},
        {"dialogs", &limits->dialogs},
        {"requests", &limits->requests},
        {"transactions", &limits->transactions},
        {"resolving", &limits->resolving},
        {"buffers_small", &limits->buffers_small},
        {"buffers_large", &limits->buffers_large},
        {"flows", &limits->flows},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].limit;
    return NULL;
}

bool is_squeezed(void)
{
    return spoiling.limit || spoiling.lose_sent || spoiling.lose_received || spoiling.fail_send ||
           spoiling.twice;
}

void stage_shrink(struct sip_config *config)
{
    struct sip_limits *limits = &config->stack.limits;

    if (!spoiling.limit)
        return;
    *limit_of(limits, spoiling.limit) = spoiling.slots;
    if (limits->calls_incoming > limits->calls && limits->calls)
        limits->calls_incoming = limits->calls;
    if (limits->calls_reserved_out > limits->calls && limits->calls)
        limits->calls_reserved_out = limits->calls;
}

_Noreturn void stage_give_up(void)
{
    longjmp(given_up, 1);
}

/* Returns the failures of the flow. */
static int play(const struct test *test, int *failures)
{
    *failures = stage_failures = 0;
    stage_breaches = 0;
    if (!setjmp(given_up))
        test->run();
    else
        stage_failures++;
    *failures += stage_failures + stage_breaches;
    stage_failures = *failures;
    messages = stage_now_on ? stage_now_on->sends : 0;
    if (stage_now_on && stage_now_on->receives > messages)
        messages = stage_now_on->receives;
    stage_close();
    return *failures;
}

/* Plays it without a word unless a breach is found; then again aloud. Returns its failures. */
static int play_spoiled(const struct test *test, int *failures, int *breaches)
{
    int out, nowhere, got, breached;

    fflush(stdout);
    out = dup(STDOUT_FILENO);
    nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
    got = play(test, failures);
    breached = stage_breaches;
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    if (!breached)
        return got;
    printf("SPOILED %s: limit %s %u, sent %d lost, received %d lost, send %d fails, %d twice\n",
           test->name, spoiling.limit ? spoiling.limit : "-", spoiling.slots, spoiling.lose_sent,
           spoiling.lose_received, spoiling.fail_send, spoiling.twice);
    play(test, failures);
    *breaches += 1;
    return got;
}

static int squeeze(const struct test *test, int *failures)
{
    static const char *const limits[] = {"registrations", "calls",         "dialogs",
                                         "requests",      "transactions",  "resolving",
                                         "buffers_small", "buffers_large", "flows"};
    int breaches = 0;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        memset(&spoiling, 0, sizeof spoiling);
        spoiling.limit = limits[i];
        for (spoiling.slots = 1; spoiling.slots <= SLOTS_MOST; spoiling.slots++)
            if (play_spoiled(test, failures, &breaches) == 0)
                break;
    }
    memset(&spoiling, 0, sizeof spoiling);
    return breaches;
}

static int spoil_wire(const struct test *test, int *failures, int most)
{
    int breaches = 0;
    int *const ways[] = {&spoiling.lose_sent, &spoiling.lose_received, &spoiling.fail_send,
                         &spoiling.twice};

    if (most > MESSAGES_MOST)
        most = MESSAGES_MOST;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (int n = 1; n <= most; n++) {
            memset(&spoiling, 0, sizeof spoiling);
            *ways[i] = n;
            play_spoiled(test, failures, &breaches);
        }
    memset(&spoiling, 0, sizeof spoiling);
    return breaches;
}

/* `program NAME` plays the flows whose names contain NAME; a second argument, or a negative count,
 * leaves out the spoiling. */
int stage_run(const struct test *tests, int *failures, int argc, char **argv)
{
    int passed = 0, failed = 0, arguments = argc < 0 ? -argc : argc;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (; tests->name; tests++) {
        int got;

        if (arguments > 1 && !strstr(tests->name, argv[1]))
            continue;
        got = play(tests, failures);
        if (!got && argc > 0 && argc < 3) {
            int most = messages;

            got = squeeze(tests, failures);
            got += spoil_wire(tests, failures, most);
        }
        if (got)
            printf("FAILED %s\n", tests->name);
        *(got ? &failed : &passed) += 1;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
