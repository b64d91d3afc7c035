#include "bob.h"
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char *at;
    size_t len;
};

static void put(struct text *text, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text->at + text->len, BOB_TEXT - text->len, format, args);
    va_end(args);
    if (n > 0)
        text->len += (size_t)n;
    if (text->len >= BOB_TEXT)
        text->len = BOB_TEXT - 1;
}

/* Lines of the test with \n become lines of the wire. */
static void put_lines(struct text *text, const char *lines)
{
    for (; lines && *lines; lines++) {
        if (*lines == '\n')
            put(text, "\r");
        put(text, "%c", *lines);
    }
}

static void put_body(struct text *text, const struct bob_says *says)
{
    put_lines(text, says->headers);
    if (says->body && !(says->headers && strstr(says->headers, "Content-Type")))
        put(text, "Content-Type: application/sdp\r\n");
    put(text, "Content-Length: %zu\r\n\r\n%s", says->body ? strlen(says->body) : 0,
        says->body ? says->body : "");
}

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

/* --- talks --- */

static struct bob_talk *find(struct bob *bob, const char *call_id)
{
    for (int i = 0; i < bob->count; i++)
        if (strcmp(bob->talks[i].call_id, call_id) == 0)
            return &bob->talks[i];
    return NULL;
}

static struct bob_talk *begin(struct bob *bob, const char *call_id)
{
    struct bob_talk *talk = &bob->talks[bob->count < BOB_TALKS ? bob->count++ : BOB_TALKS - 1];

    memset(talk, 0, sizeof *talk);
    bob->on = (int)(talk - bob->talks);
    copy(talk->call_id, sizeof talk->call_id, call_id);
    return talk;
}

static struct bob_talk *on(struct bob *bob)
{
    return bob->count ? &bob->talks[bob->on] : begin(bob, "nothing-yet@192.0.2.7");
}

static void gets_request(struct bob *bob, const char *bytes, size_t len)
{
    struct bob_talk *talk = find(bob, reader_header(bytes, len, "Call-ID", 0));
    const char *to = reader_header(bytes, len, "To", 0);
    const char *contact = reader_header(bytes, len, "Contact", 0);

    if (!talk) {
        talk = begin(bob, reader_header(bytes, len, "Call-ID", 0));
        snprintf(talk->him, sizeof talk->him, "%s%s", to,
                 reader_has_param(to, "tag") ? "" : ";tag=bob");
        copy(talk->us, sizeof talk->us, reader_header(bytes, len, "From", 0));
    }
    if (*contact)
        copy(talk->target, sizeof talk->target, reader_uri(contact));
}

static void gets_response(struct bob *bob, const char *bytes, size_t len)
{
    struct bob_talk *talk = find(bob, reader_header(bytes, len, "Call-ID", 0));
    const char *cseq = reader_header(bytes, len, "CSeq", 0);
    const char *contact = reader_header(bytes, len, "Contact", 0);
    const char *to = reader_header(bytes, len, "To", 0);
    int status = reader_status(bytes, len);

    if (!talk)
        return;
    if (talk->his && status > 100 && strstr(cseq, "INVITE") && reader_has_param(to, "tag"))
        copy(talk->us, sizeof talk->us, to);
    if (*contact && status < 300)
        copy(talk->target, sizeof talk->target, reader_uri(contact));
    if (status >= 200 && strstr(cseq, "INVITE"))
        talk->final = status;
    if (*reader_header(bytes, len, "RSeq", 0))
        talk->rseq = strtoul(reader_header(bytes, len, "RSeq", 0), NULL, 10);
}

void bob_gets(struct bob *bob, const char *bytes, size_t len)
{
    if (reader_status(bytes, len))
        gets_response(bob, bytes, len);
    else
        gets_request(bob, bytes, len);
}

/* --- responses --- */

static void put_to(struct bob *bob, struct text *text, const char *to, int status,
                   const struct bob_says *says)
{
    struct bob_talk *talk = on(bob);
    const char *tag = says->tag ? says->tag : status == 100 ? "" : "bob";
    int tagged = reader_has_param(to, "tag") || !*tag;

    put(text, "To: %s%s%s\r\n", to, tagged ? "" : ";tag=", tagged ? "" : tag);
    if (!tagged && !talk->his)
        snprintf(talk->him, sizeof talk->him, "%.180s;tag=%.60s", to, tag);
}

/* In a 2xx to REGISTER: what was asked for is granted. */
static void put_contact(struct text *text, const char *request, size_t len, const char *method,
                        int status, const struct bob_says *says)
{
    if (says->contact) {
        if (*says->contact)
            put(text, "Contact: %s\r\n", says->contact);
    } else if (strcmp(method, "REGISTER") == 0) {
        const char *asked = reader_header(request, len, "Contact", 0);

        if (status / 100 == 2 && *asked && strcmp(reader_param(asked, "expires"), "0") != 0)
            put(text, "Contact: %s\r\n", asked);
    } else if (status > 100 && status < 300 && strcmp(method, "BYE") && strcmp(method, "CANCEL")) {
        put(text, "Contact: <sip:bob@192.0.2.7>\r\n");
    }
}

size_t bob_replies(struct bob *bob, char *out, const char *request, size_t len, int status,
                   const struct bob_says *says)
{
    struct text text = {out, 0};
    const char *method = reader_method(request, len);

    put(&text, "SIP/2.0 %d %s\r\n", status, says->reason ? says->reason : "Whatever");
    for (int i = 0; i < reader_count(request, len, "Via"); i++)
        put(&text, "Via: %s\r\n", reader_header(request, len, "Via", i));
    put(&text, "From: %s\r\n", reader_header(request, len, "From", 0));
    put_to(bob, &text, reader_header(request, len, "To", 0), status, says);
    put(&text, "Call-ID: %s\r\n", reader_header(request, len, "Call-ID", 0));
    put(&text, "CSeq: %s\r\n", reader_header(request, len, "CSeq", 0));
    put_contact(&text, request, len, method, status, says);
    put_body(&text, says);
    return text.len;
}

/* --- requests --- */

static struct bob_talk *begin_his(struct bob *bob)
{
    char call_id[64];
    struct bob_talk *talk;

    snprintf(call_id, sizeof call_id, "call-%d@192.0.2.7", bob->count);
    talk = begin(bob, call_id);
    talk->his = 1;
    copy(talk->us, sizeof talk->us, "<sip:alice@example.net>");
    copy(talk->him, sizeof talk->him, "\"Bob\" <sip:bob@example.net>;tag=bob");
    copy(talk->target, sizeof talk->target, "sip:alice@192.0.2.1");
    return talk;
}

/* Branch and number: those of the INVITE for CANCEL and for the ACK to a refusal. */
static int number(struct bob *bob, struct bob_talk *talk, const char *method,
                  const struct bob_says *says, char branch[96])
{
    int is_ack = strcmp(method, "ACK") == 0, is_cancel = strcmp(method, "CANCEL") == 0;

    if (is_cancel || (is_ack && talk->final >= 300))
        copy(branch, 96, talk->branch);
    else
        snprintf(branch, 96, "z9hG4bK-bob-%d", ++bob->branches);
    if (says->branch)
        copy(branch, 96, says->branch);
    if (says->cseq)
        return talk->cseq = says->cseq;
    return is_cancel || is_ack ? talk->invite_cseq : ++talk->cseq;
}

size_t bob_asks(struct bob *bob, char *out, const char *method, const struct bob_says *says)
{
    struct text text = {out, 0};
    struct bob_talk *talk = says->fresh ? begin_his(bob) : on(bob);
    char branch[96];
    int cseq = number(bob, talk, method, says, branch);
    int is_invite = strcmp(method, "INVITE") == 0;
    int is_old = strcmp(method, "CANCEL") == 0 ||
                 (strcmp(method, "ACK") == 0 && talk->final >= 300);

    if (says->us)
        copy(talk->us, sizeof talk->us, says->us);
    if (says->him)
        copy(talk->him, sizeof talk->him, says->him);
    if (is_invite) {
        copy(talk->branch, sizeof talk->branch, branch);
        copy(talk->uri, sizeof talk->uri, says->uri ? says->uri : talk->target);
        talk->invite_cseq = cseq;
        talk->final = 0;
    }
    put(&text, "%s %s SIP/2.0\r\n", method,
        is_old ? talk->uri : says->uri ? says->uri : talk->target);
    put(&text, "Via: SIP/2.0/%s 192.0.2.7:5060;branch=%s;rport\r\n", bob->transport, branch);
    put(&text, "Max-Forwards: 70\r\nFrom: %s\r\n", talk->him);
    if (strcmp(method, "CANCEL") == 0 && talk->his && talk->invite_cseq == 1 &&
        strstr(talk->us, ";tag="))
        put(&text, "To: %.*s\r\n", (int)(strstr(talk->us, ";tag=") - talk->us), talk->us);
    else
        put(&text, "To: %s\r\n", talk->us);
    put(&text, "Call-ID: %s\r\nCSeq: %d %s\r\n", talk->call_id, cseq, method);
    if (says->contact ? *says->contact : is_invite)
        put(&text, "Contact: %s\r\n", says->contact ? says->contact : "<sip:bob@192.0.2.7>");
    if (strcmp(method, "PRACK") == 0 && !says->headers)
        put(&text, "RAck: %lu %d INVITE\r\n", talk->rseq, talk->invite_cseq);
    put_body(&text, says);
    return text.len;
}

/* --- texts of the test --- */

static size_t put_value(struct bob *bob, struct text *text, const char *at)
{
    struct bob_talk *talk = on(bob);
    const char *end = strchr(at, '}');
    size_t len = end ? (size_t)(end - at) + 1 : 1;

    if (strncmp(at, "{call}", len) == 0)
        put(text, "%s", talk->call_id);
    else if (strncmp(at, "{us}", len) == 0)
        put(text, "%s", talk->us);
    else if (strncmp(at, "{him}", len) == 0)
        put(text, "%s", talk->him);
    else if (strncmp(at, "{target}", len) == 0)
        put(text, "%s", talk->target);
    else if (strncmp(at, "{branch}", len) == 0)
        put(text, "z9hG4bK-bob-%d", ++bob->branches);
    else if (strncmp(at, "{cseq}", len) == 0)
        put(text, "%d", ++talk->cseq);
    else
        put(text, "%.*s", (int)len, at);
    return len;
}

size_t bob_fills(struct bob *bob, char *out, const char *lines)
{
    struct text text = {out, 0};
    const char *body = strstr(lines, "\n\n");
    const char *end = body ? body + 1 : lines + strlen(lines);

    for (const char *at = lines; at < end;) {
        if (*at == '{') {
            at += put_value(bob, &text, at);
            continue;
        }
        if (*at == '\n')
            put(&text, "\r");
        put(&text, "%c", *at++);
    }
    body = body ? body + 2 : "";
    if (!strstr(lines, "Content-Length"))
        put(&text, "Content-Length: %zu\r\n", strlen(body));
    put(&text, "\r\n%s", body);
    return text.len;
}
