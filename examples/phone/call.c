#include "phone/call.h"

#include <stdio.h>
#include <string.h>

#include "phone/phone.h"

static const char *open_sound(struct phone *phone)
{
    static char why[256];
    const struct sound_args args = {phone->posix, &phone->here, phone->options.play,
                                    phone->options.record};

    return sound_open(&phone->call.sound, &args, why, sizeof why) ? NULL : why;
}

static void begin(struct call *call, enum call_state state)
{
    *call = (struct call){.number = call->number + 1, .state = state};
}

static void hang_up_due(void *phone, uint64_t now)
{
    (void)now;
    call_hang_up(phone);
}

static void begin_talk(struct phone *phone)
{
    const struct phone_options *options = &phone->options;

    if (phone->call.state == CALL_OUT)
        phone->called_in_vain = false;
    phone->call.state = CALL_UP;
    sound_talk(&phone->call.sound);
    phone_say("answered call=%u", phone->call.number);
    if (options->hang_up_after_s)
        sip_posix_timer(phone->posix, sip_posix_now() + options->hang_up_after_s * 1000ull,
                        hang_up_due, phone);
}

static void tell_hold(struct call *call)
{
    bool held = sound_held_there(&call->sound);

    if (held != call->held_there)
        phone_say("%s call=%u", held ? "held" : "resumed", call->number);
    call->held_there = held;
}

/* --- what the user does --- */

const char *call_start(struct phone *phone, const char *uri)
{
    struct call *call = &phone->call;
    struct sip_call_args args = {0};
    const char *why;
    int error;

    if (call->state != CALL_NONE)
        return "there is a call already";
    begin(call, CALL_OUT);
    why = open_sound(phone);
    if (!why) {
        args.to = sip_str(uri);
        args.account = phone->account;
        args.body = sound_offer(&call->sound, false);
        error = sip_call_start(phone->ua, sip_posix_now(), &args, &call->handle);
        why = error < 0 ? sip_strerror(error) : NULL;
    }
    if (why) {
        sound_close(&call->sound);
        call->state = CALL_NONE;
        call->number--;
    }
    return why;
}

/* The body of our 200 was written when the call came in. */
const char *call_answer(struct phone *phone)
{
    struct call *call = &phone->call;
    struct sip_call_message message = {.body = call->sound.said};
    int error;

    if (call->state != CALL_IN)
        return "nobody is calling";
    error = sip_call_accept(phone->ua, sip_posix_now(), call->handle, &message);
    if (error < 0)
        return sip_strerror(error);
    begin_talk(phone);
    return NULL;
}

const char *call_reject(struct phone *phone, unsigned status)
{
    struct sip_refusal refusal = {.status = (uint16_t)status};
    int error;

    if (phone->call.state != CALL_IN)
        return "nobody is calling";
    error = sip_call_decline(phone->ua, sip_posix_now(), phone->call.handle, &refusal);
    return error < 0 ? sip_strerror(error) : NULL;
}

const char *call_hang_up(struct phone *phone)
{
    int error;

    if (phone->call.state == CALL_NONE)
        return "there is no call";
    error = sip_call_hang_up(phone->ua, sip_posix_now(), phone->call.handle, NULL);
    return error < 0 ? sip_strerror(error) : NULL;
}

static const char *change(struct phone *phone, enum call_change change)
{
    struct call *call = &phone->call;
    struct sip_call_message message = {0};
    int error;

    if (call->state != CALL_UP)
        return "there is no call that is answered";
    if (call->change != CALL_SAME)
        return "the last change has not been answered yet";
    if (sound_held_here(&call->sound) == (change == CALL_HOLD))
        return "it is so already";
    message.body = sound_offer(&call->sound, change == CALL_HOLD);
    error = sip_call_offer(phone->ua, sip_posix_now(), call->handle, &message);
    if (error < 0) {
        sound_keep(&call->sound);
        return sip_strerror(error);
    }
    call->change = change;
    return NULL;
}

const char *call_hold(struct phone *phone)
{
    return change(phone, CALL_HOLD);
}

const char *call_resume(struct phone *phone)
{
    return change(phone, CALL_RESUME);
}

const char *call_status(const struct call *call)
{
    if (call->state == CALL_UP)
        return sound_held_here(&call->sound) || call->held_there ? "held" : "up";
    if (call->state == CALL_NONE)
        return "none";
    return call->state == CALL_IN || call->ringing ? "ringing" : "calling";
}

/* --- what happens --- */

static void incoming(struct phone *phone, const struct sip_call_event *event)
{
    struct call *call = &phone->call;
    struct sip_str from = event->received->head->from.uri;
    struct sip_refusal refusal = {0};
    const char *why;

    begin(call, CALL_IN);
    call->handle = event->call;
    phone_say("incoming call=%u from=%.*s", call->number, (int)from.len, from.at);
    why = open_sound(phone);
    if (why) {
        phone_complain("%s", why);
        refusal.status = 480;
    } else if (event->offer) {
        if (!sound_answer(&call->sound, event->body).bytes.at)
            refusal.status = 488;
    } else {
        sound_offer(&call->sound, false);
    }
    if (refusal.status)
        sip_call_decline(phone->ua, event->now, event->call, &refusal);
    else if (phone->options.auto_answer)
        call_answer(phone);
    else
        sip_call_ring(phone->ua, event->now, event->call, NULL);
}

static void progress(struct call *call, const struct sip_call_event *event)
{
    if (event->body.bytes.at)
        sound_agree(&call->sound, event->body);
    if (event->status == 180 && !call->ringing) {
        call->ringing = true;
        phone_say("ringing call=%u", call->number);
    }
}

static void answered(struct phone *phone, const struct sip_call_event *event)
{
    const struct sip_extra reason = {sip_str("Reason"),
                                     sip_str("SIP;cause=488;text=\"Not Acceptable Here\"")};
    const struct sip_refusal refusal = {.headers.at = &reason, .headers.count = 1};

    if (event->body.bytes.at && !sound_agree(&phone->call.sound, event->body))
        sip_call_hang_up(phone->ua, event->now, event->call, &refusal);
    else
        begin_talk(phone);
}

/* A re-INVITE of the peer; one without an offer wants ours (RFC 3261 §14.2). */
static void offered(struct phone *phone, const struct sip_call_event *event)
{
    struct call *call = &phone->call;
    struct sip_call_message message = {0};

    message.body = event->offer ? sound_answer(&call->sound, event->body)
                                : sound_offer(&call->sound, sound_held_here(&call->sound));
    if (!message.body.bytes.at)
        sip_call_decline(phone->ua, event->now, event->call, NULL);
    else if (sip_call_accept(phone->ua, event->now, event->call, &message) == 0 && event->offer)
        tell_hold(call);
}

/* The peer's answer: to our re-INVITE, or in an ACK to the offer in our 200. */
static void changed(struct call *call, const struct sip_call_event *event)
{
    if (event->body.bytes.at)
        sound_agree(&call->sound, event->body);
    if (call->change != CALL_SAME)
        phone_say("%s call=%u", call->change == CALL_HOLD ? "held" : "resumed", call->number);
    call->change = CALL_SAME;
}

static void unchanged(struct call *call, const struct sip_call_event *event)
{
    sound_keep(&call->sound);
    call->change = CALL_SAME;
    phone_say("unchanged call=%u status=%u", call->number, event->status);
}

static void ended(struct phone *phone, const struct sip_call_event *event)
{
    struct call *call = &phone->call;
    struct audio_counts counts = {0};

    if (call->sound.audio)
        counts = audio_counts(call->sound.audio);
    sound_close(&call->sound);
    sip_posix_timer(phone->posix, SIP_NEVER, hang_up_due, phone);
    call->state = CALL_NONE;
    phone_say("ended call=%u why=%s status=%u", call->number, sip_end_name(event->end),
              event->status);
    phone_say("media call=%u sent=%llu received=%llu", call->number,
              (unsigned long long)counts.sent, (unsigned long long)counts.received);
    phone_idle(phone);
}

void call_event(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    struct phone *phone = host;

    (void)ua;
    switch (event->kind) {
    case SIP_CALL_INCOMING:
        incoming(phone, event);
        break;
    case SIP_CALL_PROGRESS:
        progress(&phone->call, event);
        break;
    case SIP_CALL_ANSWERED:
        answered(phone, event);
        break;
    case SIP_CALL_OFFERED:
        offered(phone, event);
        break;
    case SIP_CALL_CONFIRMED:
    case SIP_CALL_CHANGED:
        changed(&phone->call, event);
        break;
    case SIP_CALL_UNCHANGED:
        unchanged(&phone->call, event);
        break;
    case SIP_CALL_ENDED:
        ended(phone, event);
        break;
    default: /* forks and redirects have good defaults; credentials were given */
        break;
    }
}
