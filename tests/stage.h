/* A stage for flows: a user agent in a block between guard pages, a clock that only the test moves,
 * a wire that is an array, a peer called bob, and a record of events.
 *
 *     TEST(call_is_answered)                               (RFC 3261 §13)
 *     {
 *         struct stage s = stage_udp();
 *         struct sip_call call = stage_call(&s, "sip:bob@example.net");
 *
 *         sent (&s, 0, "INVITE", "sip:bob@example.net");
 *         reply(&s, 20, "INVITE", 200);
 *         sent (&s, 20, "ACK", "sip:bob@192.0.2.7");
 *         heard(&s, 20, "answered", 200);
 *         ...
 *         quiet(&s);
 *     }
 *
 * Times are absolute, in milliseconds; each verb first runs the clock up to its time. What was sent
 * and what was heard are two queues: every entry has to be asked for, in order, at the time when it
 * came. We are alice at 192.0.2.1, our server is 192.0.2.2, bob's Contact is 192.0.2.7; his texts
 * are made by bob.c, which includes nothing of lib/. Each message we send must please strict.c. */
#ifndef STAGE_H
#define STAGE_H

#include "bob.h"
#include "sip/sip.h"
#include "test.h"

#include <stdint.h>

struct inside;

struct stage {
    struct sip_ua *ua;
    struct sip_stack *stack;
    struct sip_account account; /* sip:alice@example.net with password "secret" */
    uint64_t now;
    struct inside *in;
};

/* --- setting up --- */

struct stage stage_udp(void);
struct stage stage_tcp(void);
/* With a configuration that `change` has changed; null changes nothing. */
struct stage stage_with(void (*change)(struct sip_config *));
struct stage stage_tcp_with(void (*change)(struct sip_config *));

/* With an account like alice's that `change` has changed; with both. */
struct stage stage_as(void (*change)(struct sip_account_args *));
struct stage stage_of(void (*change)(struct sip_config *),
                      void (*account)(struct sip_account_args *));
struct stage stage_tcp_of(void (*change)(struct sip_config *),
                          void (*account)(struct sip_account_args *));

extern const char stage_offer[], stage_answer[], stage_hold[];

struct sip_body stage_body(const char *sdp);

/* Calls with an offer; the null handle when that failed, told unless the stage is squeezed. */
struct sip_call stage_call(struct stage *, const char *to);
struct sip_call stage_call_with(struct stage *, const char *to,
                                void (*change)(struct sip_call_args *));
struct sip_registration stage_register(struct stage *, uint32_t expires_s);

/* --- what happened --- */

struct told {
    const char *what;
    int detail;
    uint64_t time;
    struct sip_call call;
    struct sip_registration registration;
    struct sip_request request;
    struct sip_dialog dialog;
    struct sip_account account;
    void *host;
    uint16_t status;
    enum sip_end end;
    bool offer, reliable;
    uint32_t expires_s, retry_in_s;
    char body[512], reason[64], realm[64];
};

/* The next event must be this one, at this time. Details: "progress", "answered", "forked",
 * "redirected", "challenged", "changed", "unchanged": the status; "ended": enum sip_end;
 * "registered": expires_s; "registration failed", "registration challenged": the status;
 * "request progress", "request answered": the status; "incoming", "confirmed", "offered", "pracked",
 * "request", "request ended", "registration ended", "stopped": 0. Never null. */
#define heard(s, t, what, detail) heard_at(__FILE__, __LINE__, s, t, t, what, detail)
#define heard_between(s, from, to, what, detail)                                                   \
    heard_at(__FILE__, __LINE__, s, from, to, what, detail)
const struct told *heard_at(const char *file, int line, struct stage *, uint64_t from, uint64_t to,
                            const char *what, int detail);

/* The next message on the wire must be this request, or this response to a `method`. */
#define sent(s, t, method, uri) sent_at(__FILE__, __LINE__, s, t, t, 0, method, uri)
#define sent_between(s, from, to, method, uri)                                                     \
    sent_at(__FILE__, __LINE__, s, from, to, 0, method, uri)
#define answered(s, t, status, method) sent_at(__FILE__, __LINE__, s, t, t, status, method, NULL)
#define answered_between(s, from, to, status, method)                                              \
    sent_at(__FILE__, __LINE__, s, from, to, status, method, NULL)
void sent_at(const char *file, int line, struct stage *, uint64_t from, uint64_t to, int status,
             const char *method, const char *uri);

/* Of the message asked for last: a header's first value is this text, has it in it, is not there;
 * where it went ("192.0.2.7:5060"); it is the same, byte for byte, as one sent before. */
#define says(s, name, value) says_at(__FILE__, __LINE__, s, name, value, 'e')
#define mentions(s, name, text) says_at(__FILE__, __LINE__, s, name, text, 'm')
#define lacks(s, name) says_at(__FILE__, __LINE__, s, name, "", 'l')
#define carries(s, body) says_at(__FILE__, __LINE__, s, NULL, body, 'b')
#define went_to(s, address) says_at(__FILE__, __LINE__, s, NULL, address, 't')
#define is_repeated(s) says_at(__FILE__, __LINE__, s, NULL, NULL, 'r')
void says_at(const char *file, int line, const struct stage *, const char *name, const char *value,
             int how);
const char *header(const struct stage *, const char *name);
const char *header_number(const struct stage *, const char *name, int number);
const char *start_line(const struct stage *);
size_t size_of_last(const struct stage *);

/* A host's function must return this. */
#define returns(s, got, wanted) returns_at(__FILE__, __LINE__, s, #got, (got), wanted)
void returns_at(const char *file, int line, const struct stage *, const char *text, int got,
                int wanted);

/* --- bob --- */

/* bob answers the last request of ours with this method, in the talk that is on. */
#define reply(s, t, method, status) reply_as(s, t, method, status, (struct bob_says){0})
#define reply_with(s, t, method, status, ...)                                                      \
    reply_as(s, t, method, status, (struct bob_says){__VA_ARGS__})
void reply_as(struct stage *, uint64_t t, const char *method, int status, struct bob_says);

/* bob sends a request in the talk that is on; "INVITE" with `fresh` begins a new one. ACK and
 * CANCEL take what they need from his INVITE. */
#define invite(s, t) ask_as(s, t, "INVITE", (struct bob_says){.fresh = 1, .body = stage_offer})
#define invite_with(s, t, ...) ask_as(s, t, "INVITE", (struct bob_says){.fresh = 1, __VA_ARGS__})
#define ask(s, t, method) ask_as(s, t, method, (struct bob_says){0})
#define ask_with(s, t, method, ...) ask_as(s, t, method, (struct bob_says){__VA_ARGS__})
void ask_as(struct stage *, uint64_t t, const char *method, struct bob_says);

/* A text of the test's own; "{branch}" and so on are filled in (bob.h). */
void ask_text(struct stage *, uint64_t t, const char *text);

/* The datagram that bob sent last comes again. */
void again(struct stage *, uint64_t t);

/* Talks are counted from 0 as they begin; verbs of bob's then mean this one. */
void talk(struct stage *, int number);

/* --- time --- */

/* Runs the clock; nothing may be sent or told meanwhile. */
#define silent(s, t) silent_at(__FILE__, __LINE__, s, t)
void silent_at(const char *file, int line, struct stage *, uint64_t t);

/* Runs the clock up to `t` and forgets what was sent. */
void pass(struct stage *, uint64_t t);
/* The same, and what was told as well. */
void forget(struct stage *, uint64_t t);

/* Moves the clock and ticks not; what bob says next is reported before the tick. */
void sleep_until(struct stage *, uint64_t t);

/* The same, and the next two messages of bob's are both reported before it. */
void in_one_batch(struct stage *, uint64_t t);

/* Runs the clock until nothing is due any more. All must have been asked for; then no call, dialog,
 * transaction, request, registration, flow or buffer may be in use. */
#define quiet(s) quiet_at(__FILE__, __LINE__, s)
void quiet_at(const char *file, int line, struct stage *);

/* --- rare things --- */

/* Streams take so many bytes more and are full then; SIZE_MAX reports that there is room again. */
void narrow_wire(struct stage *, size_t bytes);
/* How many connections we have closed. */
int closed_connections(const struct stage *);
/* Bytes of bob's on each stream, as they are. */
void stream(struct stage *, uint64_t t, const char *bytes, size_t len);
/* Runs the clock, then reports that all connections are closed. */
void drop_connections(struct stage *, uint64_t t);
/* From now on `act` is called inside each event, after it was written down. */
void inside_events(struct stage *, void (*act)(struct stage *, const struct told *));
/* What the screen says to requests of strangers. */
void screen(struct stage *, enum sip_screened, const struct sip_refusal *);
/* Each send fails from now on / works again. */
void break_wire(struct stage *, bool broken);
/* The pool with this name: how many are in use, at the most, refused. */
struct sip_pool_usage usage(const struct stage *, const char *name);
/* True when this text stands anywhere in the memory of the agent. */
bool block_has(const struct stage *, const char *text);
/* Fails the flow in words of its own. */
void fails_at(const char *file, int line, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* bob plays on: where there is nothing for him to answer, he says nothing. */
void play_on(struct stage *);
/* True when something that has to hold always did not. */
bool has_breached(void);
/* True while the flow is run with too few slots, or with a lossy wire. */
bool is_squeezed(void);

/* --- running --- */

int stage_run(const struct test *tests, int *failures, int argc, char **argv);

/* The list of a program's flows and its main. Those that are about full pools themselves are played
 * as they stand only. */
#define FLOWS(list)                                                                                \
    static const struct test all_flows[] = {list{NULL, NULL}};                                     \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return stage_run(all_flows, &test_failures, argc, argv);                                   \
    }
#define FLOWS_AS_THEY_STAND(list)                                                                  \
    static const struct test all_flows[] = {list{NULL, NULL}};                                     \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return stage_run(all_flows, &test_failures, -argc, argv);                                  \
    }

#endif
