/* The record of events. */
#include "stage_inside.h"

static void keep(char *out, size_t size, struct sip_str text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;

    if (len)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

static struct told *next(struct inside *in, const char *what, int detail)
{
    struct told *told = &in->told[in->told_count];

    if (in->told_count < TOLD_MAX - 1)
        in->told_count++;
    else
        fails_at(__FILE__, __LINE__, "more than %d events", TOLD_MAX);
    told->what = what;
    told->detail = detail;
    told->time = in->now;
    return told;
}

static void act(struct inside *in, const struct told *told)
{
    struct stage s = stage_view(in);
    struct sip_packet packet = {0};
    struct sip_path path = {0};
    struct sip_flow flow = {0};

    /* A report from inside an event is refused (sip/stack.h). */
    if (sip_stack_tick(s.stack, s.now) != SIP_ESTATE ||
        sip_stack_datagram(s.stack, s.now, &packet) != SIP_ESTATE ||
        sip_stack_unreachable(s.stack, s.now, &path) != SIP_ESTATE ||
        sip_stack_accepted(s.stack, s.now, &path, &flow) != SIP_ESTATE ||
        sip_stack_connected(s.stack, s.now, flow, NULL) != SIP_ESTATE ||
        sip_stack_bytes(s.stack, s.now, flow, packet.bytes) != SIP_ESTATE ||
        sip_stack_writable(s.stack, s.now, flow) != SIP_ESTATE ||
        sip_stack_closed(s.stack, s.now, flow) != SIP_ESTATE)
        breach_at(__FILE__, __LINE__, "a report inside \"%s\" was not refused", told->what);
    if (in->act)
        in->act(&s, told);
}

/* A handle has one last event and no event after it (DESIGN rule 5). */
static void check_not_over(const struct inside *in, const char *what, uint64_t id)
{
    for (int i = 0; i < in->told_count; i++) {
        const struct told *told = &in->told[i];

        if ((told->call.id == id && strcmp(told->what, "ended") == 0) ||
            (told->registration.id == id && strcmp(told->what, "registration ended") == 0))
            breach_at(__FILE__, __LINE__, "at %llu: \"%s\" after the last event",
                      (unsigned long long)in->now, what);
    }
}

static const char *const call_kinds[] = {
    "incoming", "progress", "answered", "confirmed", "forked",    "redirected",
    "challenged", "offered", "changed", "unchanged", "pracked", "ended",
};

static void on_call(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    struct inside *in = host;
    struct told *told;
    int detail = event->kind == SIP_CALL_ENDED ? (int)event->end : event->status;

    (void)ua;
    if (event->kind == SIP_CALL_INCOMING || event->kind == SIP_CALL_CONFIRMED ||
        event->kind == SIP_CALL_OFFERED || event->kind == SIP_CALL_PRACKED)
        detail = 0;
    check_not_over(in, call_kinds[event->kind], event->call.id);
    told = next(in, call_kinds[event->kind], detail);
    told->call = event->call;
    told->account = event->account;
    told->host = event->host;
    told->dialog = event->dialog;
    told->status = event->status;
    told->end = event->end;
    told->offer = event->offer;
    told->reliable = event->reliable;
    keep(told->body, sizeof told->body, event->body.bytes);
    keep(told->reason, sizeof told->reason, event->reason);
    keep(told->realm, sizeof told->realm, event->realm);
    if (event->now != in->now)
        breach_at(__FILE__, __LINE__, "an event says it is %llu", (unsigned long long)event->now);
    act(in, told);
}

static void on_registration(void *host, struct sip_ua *ua,
                            const struct sip_registration_event *event)
{
    static const char *const kinds[] = {"registered", "registration failed",
                                        "registration challenged", "registration ended"};
    struct inside *in = host;
    struct told *told;
    int detail = event->kind == SIP_REGISTRATION_DONE    ? (int)event->expires_s
                 : event->kind == SIP_REGISTRATION_ENDED ? 0
                                                         : event->status;

    (void)ua;
    check_not_over(in, kinds[event->kind], event->registration.id);
    told = next(in, kinds[event->kind], detail);
    told->registration = event->registration;
    told->account = event->account;
    told->host = event->host;
    told->status = event->status;
    told->expires_s = event->expires_s;
    told->retry_in_s = event->retry_in_s;
    keep(told->realm, sizeof told->realm, event->realm);
    act(in, told);
}

static void on_request(void *host, struct sip_ua *ua, const struct sip_request_event *event)
{
    static const char *const kinds[] = {"request", "request progress", "request answered",
                                        "request ended"};
    struct inside *in = host;
    struct told *told;
    int detail = event->kind == SIP_REQUEST_PROGRESS || event->kind == SIP_REQUEST_ANSWERED
                     ? event->status
                     : 0;

    (void)ua;
    told = next(in, kinds[event->kind], detail);
    told->request = event->request;
    told->account = event->account;
    told->host = event->host;
    told->call = event->call;
    told->status = event->status;
    keep(told->body, sizeof told->body, event->body.bytes);
    act(in, told);
}

static enum sip_screened on_screen(void *host, const struct sip_ua *ua,
                                   const struct sip_received *received,
                                   struct sip_refusal *refusal)
{
    struct inside *in = host;

    (void)ua;
    (void)received;
    *refusal = in->refusal;
    return in->screened;
}

static void on_stopped(void *host, struct sip_ua *ua)
{
    (void)ua;
    act(host, next(host, "stopped", 0));
}

struct sip_events stage_events(struct inside *in)
{
    struct sip_events events = {0};

    events.host = in;
    events.call = on_call;
    events.registration = on_registration;
    events.request = on_request;
    events.screen = on_screen;
    events.stopped = on_stopped;
    return events;
}

void screen(struct stage *s, enum sip_screened screened, const struct sip_refusal *refusal)
{
    s->in->screened = screened;
    if (refusal)
        s->in->refusal = *refusal;
}

void inside_events(struct stage *s, void (*function)(struct stage *, const struct told *))
{
    s->in->act = function;
}

/* --- asking --- */

static bool is_told(const struct told *told, const char *what, int detail)
{
    return strcmp(told->what, what) == 0 && told->detail == detail;
}

static void tell_mismatch(const char *file, int line, const struct inside *in, const char *what,
                          int detail)
{
    const struct told *next_one = &in->told[in->told_read];

    if (in->told_read == in->told_count)
        fails_at(file, line, "wanted \"%s\" %d, nothing was told", what, detail);
    else
        fails_at(file, line, "wanted \"%s\" %d, told at %llu: \"%s\" %d", what, detail,
                 (unsigned long long)next_one->time, next_one->what, next_one->detail);
}

const struct told *heard_at(const char *file, int line, struct stage *s, uint64_t from, uint64_t to,
                            const char *what, int detail)
{
    static const struct told nothing = {"nothing", 0, 0, {0}, {0}, {0}, {0}, {0}, NULL, 0, SIP_END_LOCAL,
                                        false, false, 0, 0, "", "", ""};
    struct inside *in = s->in;
    int found;

    if (from == to)
        stage_run_to(in, to);
    while (from != to && in->told_read == in->told_count && stage_step(in, to))
        ;
    s->now = in->now;
    for (found = in->told_read; found < in->told_count; found++)
        if (is_told(&in->told[found], what, detail))
            break;
    if (found != in->told_read || found == in->told_count)
        tell_mismatch(file, line, in, what, detail);
    if (found == in->told_count)
        return &nothing;
    if (in->told[found].time < from || in->told[found].time > to)
        fails_at(file, line, "\"%s\" %d was told at %llu", what, detail,
                 (unsigned long long)in->told[found].time);
    in->told_read = found + 1;
    return &in->told[found];
}
