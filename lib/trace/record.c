/* Trace records as lines of a file, and back. */
#include "trace/record.h"
#include "base/bytes.h"
#include "message/letters.h"
#include "sip/error.h"
#include "sip/writer.h"

void sip_text_number(struct sip_text *text, uint64_t number)
{
    char digits[20];
    struct sip_writer w;

    sip_writer_init(&w, digits, sizeof digits);
    sip_write_decimal(&w, number);
    sip_text_put(text, sip_bytes(digits, w.used));
}

void sip_text_addr(struct sip_text *text, const struct sip_addr *addr)
{
    char host[SIP_ADDR_TEXT];
    bool brackets = addr->family == SIP_IPV6;

    sip_text_add(text, brackets ? "[" : "");
    sip_text_put(text, sip_bytes(host, sip_addr_text(addr, host)));
    sip_text_add(text, brackets ? "]:" : ":");
    sip_text_number(text, addr->port);
}

/* --- from a record --- */

/* The next line of `*rest`, without its CRLF or LF. */
static struct sip_str next_line(struct sip_str *rest)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->at) : rest->len;
    struct sip_str line = sip_bytes(rest->at, len);

    *rest = sip_bytes(rest->at + len + (end != NULL), rest->len - len - (end != NULL));
    while (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* The value of the first CSeq, as far as its line goes; {NULL, 0} if there is none. Works on bytes
 * that no parser took. */
static struct sip_str find_cseq(struct sip_str rest)
{
    struct sip_str line = {NULL, 0};

    while (rest.len) {
        line = next_line(&rest);
        if (line.len == 0)
            break;
        if (line.len >= 5 && sip_str_is(sip_bytes(line.at, 4), "CSeq") &&
            (line.at[4] == ':' || sip_is_blank(line.at[4])))
            break;
        line.len = 0;
    }
    for (size_t at = 4; at < line.len; at++)
        if (line.at[at] != ':' && !sip_is_blank(line.at[at]))
            return sip_bytes(line.at + at, line.len - at);
    return (struct sip_str){NULL, 0};
}

/* "INVITE sip:bob@sip.test (1 INVITE)", "SIP/2.0 200 OK (1 INVITE)". */
static void put_message(struct sip_text *text, struct sip_str bytes)
{
    struct sip_str rest = bytes, cseq;
    struct sip_str line = next_line(&rest);

    if (bytes.len == 0)
        return;
    cseq = find_cseq(rest);
    if (line.len > 200)
        line.len = 200;
    sip_text_put(text, line);
    if (cseq.len && cseq.len < 80) {
        sip_text_add(text, " (");
        sip_text_put(text, cseq);
        sip_text_add(text, ")");
    }
}

static void put_object(struct sip_text *text, const struct sip_trace *record)
{
    if (record->what) {
        sip_text_add(text, record->what);
        sip_text_add(text, " ");
        sip_text_number(text, record->id);
        sip_text_add(text, ": ");
    }
    if (record->kind == SIP_TRACE_STATE) {
        sip_text_add(text, record->from);
        sip_text_add(text, " -> ");
        sip_text_add(text, record->to);
        return;
    }
    sip_text_add(text, record->kind == SIP_TRACE_TIMER ? "timer " : "limit ");
    sip_text_add(text, record->name);
}

/* What a peer wrote could hold anything: control bytes would break the line. */
static void clean(struct sip_text *text, size_t from)
{
    for (size_t i = from; i < text->len; i++)
        if (sip_is_control(text->at[i]) || text->at[i] == '\t')
            text->at[i] = '?';
}

void sip_record_entry(struct sip_ladder_entry *entry, const struct sip_trace *record,
                      struct sip_text *text)
{
    size_t from = text->len;

    memset(entry, 0, sizeof *entry);
    entry->now = record->now;
    switch (record->kind) {
    case SIP_TRACE_RECEIVED: entry->mark = '<'; break;
    case SIP_TRACE_SENT: entry->mark = '>'; break;
    case SIP_TRACE_REFUSED: entry->mark = '!'; break;
    default: entry->mark = '*'; break;
    }
    if (entry->mark == '*') {
        put_object(text, record);
    } else {
        if (record->local)
            entry->local = *record->local;
        if (record->remote)
            entry->remote = *record->remote;
        if (entry->mark == '!') {
            sip_text_add(text, record->fault ? sip_reason_name(record->fault->reason) : "");
            sip_text_add(text, " ");
        }
        put_message(text, record->bytes);
    }
    clean(text, from);
    entry->text = sip_bytes(text->at + from, text->len - from);
}

size_t sip_ladder_line(const struct sip_trace *record, const char *who, char *out, size_t size)
{
    char words[SIP_LADDER_LINE];
    struct sip_text line = {out, size ? size - 1 : 0, 0}, text = {words, sizeof words, 0};
    struct sip_ladder_entry entry;

    if (size == 0)
        return 0;
    sip_record_entry(&entry, record, &text);
    sip_text_number(&line, entry.now);
    sip_text_add(&line, " ");
    sip_text_add(&line, who && *who ? who : "-");
    sip_text_add(&line, " ");
    sip_text_repeat(&line, entry.mark, 1);
    sip_text_add(&line, " ");
    if (entry.mark != '*') {
        sip_text_addr(&line, &entry.local);
        sip_text_add(&line, " ");
        sip_text_addr(&line, &entry.remote);
        sip_text_add(&line, " ");
    }
    sip_text_put(&line, entry.text);
    out[line.len] = '\n';
    return line.len + 1;
}

/* --- and back --- */

static bool next_word(struct sip_str *rest, struct sip_str *word)
{
    const char *end = rest->len ? memchr(rest->at, ' ', rest->len) : NULL;

    if (!end || end == rest->at)
        return false;
    *word = sip_bytes(rest->at, (size_t)(end - rest->at));
    *rest = sip_bytes(end + 1, rest->len - word->len - 1);
    return true;
}

static bool read_number(struct sip_str word, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;

    if (word.len == 0 || word.len > 19) /* so that it cannot wrap */
        return false;
    for (size_t i = 0; i < word.len; i++) {
        if (!sip_is_digit(word.at[i]))
            return false;
        value = value * 10 + (unsigned)(word.at[i] - '0');
    }
    *number = value;
    return value <= max;
}

static bool read_addr(struct sip_str word, struct sip_addr *addr)
{
    size_t colon = word.len;
    uint64_t port;

    while (colon > 0 && word.at[colon - 1] != ':')
        colon--;
    if (colon == 0 || sip_addr_parse(addr, sip_bytes(word.at, colon - 1)) != SIP_OK ||
        !read_number(sip_bytes(word.at + colon, word.len - colon), 65535, &port))
        return false;
    addr->port = (uint16_t)port;
    return true;
}

bool sip_ladder_read(struct sip_str line, struct sip_ladder_entry *entry)
{
    struct sip_ladder_entry got = {0};
    struct sip_str word, local, remote;

    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    if (!next_word(&line, &word) || !read_number(word, UINT64_MAX, &got.now) ||
        !next_word(&line, &got.who) || !next_word(&line, &word) || word.len != 1 ||
        !memchr("><!*", word.at[0], 4))
        return false;
    got.mark = word.at[0];
    if (got.mark != '*' &&
        (!next_word(&line, &local) || !read_addr(local, &got.local) ||
         !next_word(&line, &remote) || !read_addr(remote, &got.remote)))
        return false;
    got.text = line;
    *entry = got;
    return true;
}

bool sip_ladder_same(const struct sip_ladder_entry *sent, const struct sip_ladder_entry *received)
{
    return sent->mark == '>' && received->mark == '<' &&
           sip_addr_equal(&sent->local, &received->remote) &&
           sip_addr_equal(&sent->remote, &received->local) &&
           sip_str_equal(sent->text, received->text);
}
