/* What the parts of the ua's fuzzer share: ua.c with the world, ua_host.c who calls the API and
 * gets events, ua_peer.c who writes messages. */
#ifndef FUZZ_UA_H
#define FUZZ_UA_H

#include "sip/sip.h"

#include <stdbool.h>

enum { SENT_MAX = 16, TEXT_MAX = 6000, FLOWS_MAX = 8, HANDLES_MAX = 256, ACCOUNTS_MAX = 3 };
enum { STEPS_MAX = 120, TICKS_MAX = 20000 };

struct text {
    size_t len;
    char at[TEXT_MAX];
};

struct sent {
    struct text text;
    struct sip_path path;
    struct sip_flow flow;
};

struct handle {
    uint64_t id;
    bool over;
};

/* All of one run. */
extern struct world {
    const uint8_t *at, *end; /* what is left of the input */
    struct sip_config config;
    struct sip_ua *ua;
    struct sip_stack *stack;
    void *block;
    uint64_t now, seed;
    struct sip_account accounts[ACCOUNTS_MAX];
    struct sent sent[SENT_MAX]; /* a ring */
    unsigned sent_count;
    struct sip_flow flows[FLOWS_MAX];
    struct sip_path flow_paths[FLOWS_MAX];
    struct handle handles[HANDLES_MAX]; /* of calls, registrations, requests */
    unsigned handle_count;
    struct text last; /* what the peer sent last */
    unsigned branches;
    bool reporting, calling, inside;
    bool dirty; /* the peer has sent garbage: what we echo is not judged any more */
    bool broken, stopped, draining;
} w;

void require_at(const char *file, int line, bool condition, const char *what);
#define require(condition) require_at(__FILE__, __LINE__, condition, #condition)

/* --- input: 0 behind its end --- */

unsigned byte(void);
unsigned below(unsigned most);
bool chance(unsigned in);
struct sip_str one_of(const char *const *texts, unsigned count);
#define pick(texts) one_of(texts, sizeof(texts) / sizeof *(texts))

/* --- handles of calls, registrations and requests --- */

struct handle *handle_of(uint64_t id);
void begins(uint64_t id);
void lives(uint64_t id);
void ends(uint64_t id);
uint64_t some(unsigned kind);

extern const char long_value[];
struct sip_addr address(unsigned last, uint16_t port);
/* Reports from inside: refused. */
void misuse(void);

/* --- the host --- */

/* One call of the API, at any moment. */
void act(void);
void add_account(void);
void on_call(void *host, struct sip_ua *ua, const struct sip_call_event *event);
void on_registration(void *host, struct sip_ua *ua, const struct sip_registration_event *event);
void on_request(void *host, struct sip_ua *ua, const struct sip_request_event *event);
enum sip_screened on_screen(void *host, const struct sip_ua *ua,
                            const struct sip_received *received, struct sip_refusal *refuse);
void on_stopped(void *host, struct sip_ua *ua);

/* --- the peer: false when there is nothing to answer --- */

bool respond(struct text *text);
bool ask_inside(struct text *text);
bool follow_up(struct text *text);
bool ask_outside(struct text *text);
bool raw(struct text *text);
void mutate(struct text *text);

#endif
