/* The peer of the ua's fuzzer: messages made from what the ua sent, so that they fit, and worse. */
#include "ua.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the peer --- */

static void say(struct text *text, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text->at + text->len, sizeof text->at - text->len, format, args);
    va_end(args);
    text->len += (size_t)len;
    if (text->len > sizeof text->at - 1)
        text->len = sizeof text->at - 1;
}

static struct sip_str value_in(const struct text *text, const char *name)
{
    char line[40];
    const char *at, *end;

    snprintf(line, sizeof line, "\r\n%s: ", name);
    at = strstr(text->at, line);
    if (!at)
        return sip_str("");
    at += strlen(line);
    end = strstr(at, "\r\n");
    return sip_bytes(at, end ? (size_t)(end - at) : strlen(at));
}

static bool tagged(struct sip_str value)
{
    const char *tag = strstr(value.at, ";tag=");

    return tag && tag < value.at + value.len;
}

static const struct sent *sent_back(unsigned back)
{
    return back < w.sent_count && back < SENT_MAX ? &w.sent[(w.sent_count - 1 - back) % SENT_MAX]
                                                  : NULL;
}

static bool is_response(const struct sent *sent)
{
    return !strncmp(sent->text.at, "SIP/2.0 ", 8);
}

/* A message that was sent lately, the last request (or response) most often. */
static const struct sent *some_sent(bool response)
{
    unsigned skip = chance(2) ? below(SENT_MAX) : 0;

    for (unsigned back = 0; sent_back(back); back++)
        if (is_response(sent_back(back)) == response && skip-- == 0)
            return sent_back(back);
    return NULL;
}

static void say_body(struct text *text, bool wanted)
{
    static const char sdp[] = "v=0\r\no=b 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\n";

    if (wanted)
        say(text, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
            chance(10) ? "text/plain" : "application/sdp", sizeof sdp - 1, sdp);
    else
        say(text, "Content-Length: 0\r\n\r\n");
}

static void say_contact(struct text *text)
{
    static const char *const contacts[] = {
        "<sip:bob@192.0.2.7>",
        "<sip:bob@192.0.2.7>",
        "<sip:bob@192.0.2.7>",
        "<sip:bob@192.0.2.8;transport=tcp>",
        "<sip:bob@192.0.2.9>",
        "<sip:bob@example.net>",
        "<tel:+4930>",
        "\"B\" <sip:b@192.0.2.8?Subject=x>;q=0.3, <sip:c@192.0.2.7>;q=0.9",
        "<sip:bob@192.0.2.7;x=01234567890123456789012345678901234567890123456789012345678>",
    };

    if (!chance(10))
        say(text, "Contact: %s\r\n", pick(contacts).at);
    if (chance(8))
        say(text, "Record-Route: <sip:192.0.2.2;lr>\r\n");
    if (chance(24))
        say(text, "Record-Route: <sip:192.0.2.3>, <sip:%.*s@192.0.2.2;lr>\r\n", (int)below(250) + 1,
            long_value);
}

static void say_challenge(struct text *text, unsigned status)
{
    static const char *const realms[] = {"one", "one", "one", "two", "three"};
    static const char *const more[] = {", qop=\"auth\"", ", stale=true, qop=\"auth\"", "",
                                       ", algorithm=SHA-256", ", algorithm=X"};

    for (unsigned i = 0; i < 1 + (unsigned)chance(4); i++)
        say(text, "%s: Digest realm=\"%s\", nonce=\"n%u\"%s\r\n",
            status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", pick(realms).at, below(4),
            pick(more).at);
}

/* A response to a request of ours. */
bool respond(struct text *text)
{
    static const unsigned statuses[] = {100, 180, 183, 200, 200, 200, 200, 200, 202, 302,
                                        301, 401, 407, 401, 404, 408, 423, 481, 486, 487,
                                        491, 500, 503, 503, 600, 180, 299, 699};
    static const char *const tags[] = {"", ";tag=a", ";tag=a", ";tag=a", ";tag=b", ";tag=c"};
    const struct sent *request = some_sent(false);
    unsigned status = statuses[below(sizeof statuses / sizeof *statuses)];
    struct sip_str to, cseq, contact, tag = pick(tags);

    if (!request)
        return false;
    if (status >= 200 && !tag.len && !chance(4))
        tag = sip_str(";tag=a");
    w.dirty |= status >= 200 && !tag.len; /* a peer of RFC 2543: our requests have no tag then */
    to = value_in(&request->text, "To");
    cseq = value_in(&request->text, "CSeq");
    contact = value_in(&request->text, "Contact");
    say(text, "SIP/2.0 %u X\r\nVia: %.*s\r\n", status, (int)value_in(&request->text, "Via").len,
        value_in(&request->text, "Via").at);
    say(text, "From: %.*s\r\nTo: %.*s%s\r\n", (int)value_in(&request->text, "From").len,
        value_in(&request->text, "From").at, (int)to.len, to.at, tagged(to) ? "" : tag.at);
    say(text, "Call-ID: %.*s\r\nCSeq: %.*s\r\n", (int)value_in(&request->text, "Call-ID").len,
        value_in(&request->text, "Call-ID").at, (int)cseq.len, cseq.at);
    if (strstr(cseq.at, "REGISTER") == cseq.at + 2)
        say(text, "Contact: %.*s;expires=%u\r\nMin-Expires: %u\r\n", (int)contact.len, contact.at,
            byte(), byte() * 40);
    else
        say_contact(text);
    if (status == 401 || status == 407)
        say_challenge(text, status);
    if (chance(12))
        say(text, "Retry-After: %u\r\nExpires: %u\r\n", byte(), byte());
    say_body(text, status < 300 && chance(2));
    return true;
}

/* A request in a dialog: one of ours turned round, or a response of ours followed up. */
bool ask_inside(struct text *text)
{
    static const char *const methods[] = {"BYE",     "INVITE", "INVITE", "INFO",  "OPTIONS",
                                          "MESSAGE", "UPDATE", "FOO",    "PRACK", "NOTIFY"};
    const struct sent *model = some_sent(chance(2));
    struct sip_str us, him, contact, cseq;
    const char *method = pick(methods).at;

    if (!model)
        return false;
    us = value_in(&model->text, is_response(model) ? "To" : "From");
    him = value_in(&model->text, is_response(model) ? "From" : "To");
    contact = value_in(&model->text, "Contact");
    cseq = value_in(&model->text, "CSeq");
    say(text, "%s %.*s SIP/2.0\r\n", method, contact.len > 2 ? (int)contact.len - 2 : 20,
        contact.len > 2 ? contact.at + 1 : "sip:alice@192.0.2.1");
    say(text, "Via: SIP/2.0/UDP 192.0.2.7%s;branch=z9hG4bKin%u\r\n", chance(2) ? ";rport" : "",
        w.branches++);
    say(text, "From: %.*s%s\r\nTo: %.*s\r\n", (int)him.len, him.at, tagged(him) ? "" : ";tag=a",
        (int)us.len, us.at);
    say(text, "Call-ID: %.*s\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n",
        (int)value_in(&model->text, "Call-ID").len, value_in(&model->text, "Call-ID").at,
        (unsigned)strtoul(cseq.len ? cseq.at : "1", NULL, 10) + below(6), method);
    say_contact(text);
    if (chance(16))
        say(text, "Require: 100rel, foo\r\n");
    say_body(text, chance(2));
    return true;
}

/* ACK or CANCEL that belongs to an INVITE which we answered. */
bool follow_up(struct text *text)
{
    const struct sent *response = some_sent(true);
    struct sip_str cseq, via, to;
    bool cancel = chance(3);
    const char *cut;

    if (!response)
        return false;
    cseq = value_in(&response->text, "CSeq");
    if (!cseq.len || !memchr(cseq.at, 'I', cseq.len))
        return false;
    via = value_in(&response->text, "Via");
    to = value_in(&response->text, "To");
    if (cancel && (cut = strstr(to.at, ";tag=")) != NULL && cut < to.at + to.len)
        to.len = (size_t)(cut - to.at);
    if ((cut = strstr(via.at, ";received=")) != NULL && cut < via.at + via.len)
        via.len = (size_t)(cut - via.at);
    say(text, "%s sip:alice@192.0.2.1 SIP/2.0\r\n", cancel ? "CANCEL" : "ACK");
    if (!cancel && response->text.at[8] == '2')
        say(text, "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKack%u\r\n", w.branches++);
    else
        say(text, "Via: %.*s\r\n", (int)via.len, via.at);
    say(text, "From: %.*s\r\nTo: %.*s\r\nCall-ID: %.*s\r\nCSeq: %u %s\r\n",
        (int)value_in(&response->text, "From").len, value_in(&response->text, "From").at,
        (int)to.len, to.at, (int)value_in(&response->text, "Call-ID").len,
        value_in(&response->text, "Call-ID").at, (unsigned)strtoul(cseq.at, NULL, 10),
        cancel ? "CANCEL" : "ACK");
    if (cancel && chance(2))
        say(text, "Reason: SIP;cause=200;text=\"elsewhere\"\r\n");
    say_body(text, !cancel && chance(4));
    return true;
}

/* A request out of any dialog. */
bool ask_outside(struct text *text)
{
    static const char *const methods[] = {"INVITE",  "INVITE",  "INVITE",   "INVITE",
                                          "OPTIONS", "MESSAGE", "REGISTER", "BYE",
                                          "UPDATE",  "FOO",     "NOTIFY",   "SUBSCRIBE"};
    const char *method = pick(methods).at;
    unsigned number = chance(8) ? below(4) : w.branches++;

    say(text, "%s sip:alice@192.0.2.1 SIP/2.0\r\n", method);
    say(text, "Via: SIP/2.0/UDP 192.0.2.7%s;branch=%s%u\r\n", chance(2) ? ";rport" : "",
        chance(16) ? "old" : "z9hG4bKout", chance(8) ? w.branches++ : number);
    if (chance(16))
        for (unsigned i = below(12); i > 0; i--)
            say(text, "Via: SIP/2.0/UDP proxy%.*s.example.net;branch=z9hG4bK%u\r\n", (int)below(90),
                long_value, i);
    say(text, "From: %s<sip:bob@example.net>;tag=f%u\r\nTo: <sip:alice@example.net>%s\r\n",
        chance(8) ? "\"Bob\" " : "", number, chance(16) ? ";tag=none" : "");
    say(text, "Call-ID: c%u@example.net\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n", number,
        1 + below(9), method);
    say_contact(text);
    if (chance(10))
        say(text, "Expires: %u\r\nTimestamp: 54\r\n", byte());
    if (chance(16))
        say(text, "Require: foo\r\n");
    say_body(text, chance(2));
    return true;
}

bool raw(struct text *text)
{
    size_t count = byte();

    if (count > (size_t)(w.end - w.at))
        count = (size_t)(w.end - w.at);
    memcpy(text->at, w.at, count);
    w.at += count;
    text->len = count;
    w.dirty = true;
    return true;
}

void mutate(struct text *text)
{
    size_t at;

    w.dirty = true;
    for (unsigned i = 1 + below(3); i > 0 && text->len > 0; i--) {
        at = (byte() << 8 | byte()) % text->len;
        switch (below(3)) {
        case 0:
            text->at[at] = (char)byte();
            break;
        case 1:
            text->len = at;
            break;
        case 2:
            memmove(text->at + at, text->at + at + 1, text->len - at - 1);
            text->len--;
            break;
        }
    }
}
