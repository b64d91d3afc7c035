/* Parser of session descriptions (RFC 8866 §5, §9). Lines are cut, their order is checked, then
 * their values; everything kept is a view. */
#include "message/scan.h"
#include "message/wide.h"
#include "sdp/line.h"
#include "sip/error.h"
#include "sip/sdp.h"

/* Types of lines, as sets, in the order of `rules`; START stands for what is before the first. */
enum {
    V = 1,
    O = 2,
    S = 4,
    I = 8,
    U = 16,
    E = 32,
    P = 64,
    C = 128,
    B = 256,
    T = 512,
    R = 1024,
    Z = 2048,
    K = 4096,
    A = 8192,
    M = 16384,
    START = 32768
};

/* Each type: which may stand right before it at the session level and in a media section (§5 and
 * the ABNF of §9; a "z=" may also follow its "t=" as in RFC 4566 §9), and its value: the byte
 * between its words, then for each word what is_word() knows it by. Behind "*" stands what may come
 * any number of times. */
static const struct rule {
    uint16_t session, media;
    char type;
    char value[9];
} rules[] = {
    {START, 0, 'v', " 0"},
    {V, 0, 'o', " vddttv"}, /* username sess-id sess-version nettype addrtype unicast-address */
    {O, 0, 's', ""},
    {S, M, 'i', " x"}, /* this one, u=, e=, p= and k=: their own grammars are not looked at */
    {S | I, 0, 'u', " x"},
    {S | I | U | E, 0, 'e', " x"},
    {S | I | U | E | P, 0, 'p', " x"},
    {S | I | U | E | P, M | I | C, 'c', " ttv"}, /* nettype addrtype connection-address */
    {S | I | U | E | P | C | B, M | I | C | B, 'b', ":td"}, /* bwtype ":" bandwidth */
    {S | I | U | E | P | C | B | T | R | Z, 0, 't', " NN"}, /* start-time stop-time */
    {T | R, 0, 'r', " ITT*T"}, /* repeat-interval typed-time 1*typed-time */
    {T | R, 0, 'z', " N-*N-"}, /* 1*(time ["-"] typed-time) */
    {T | R | Z, M | I | C | B, 'k', " x"},
    {T | R | Z | K | A, M | I | C | B | K | A, 'a', ":t*x"},    /* attribute-name [":" value] */
    {T | R | Z | K | A, M | I | C | B | K | A, 'm', " tpPt*t"}, /* media port proto 1*fmt */
};

#define WORDS 6 /* that are kept of one value */

struct parse {
    struct sip_sdp got;
    struct sip_str bytes;
    unsigned last;                        /* the line before, as a set of one */
    struct sip_sdp_media *media;          /* whose section it is; NULL at the session level */
    bool directed;                        /* the section has had its direction */
    size_t section;                       /* where the lines of the section begin */
    struct sip_str address, address_type; /* of the session's "c=" */
    enum sip_sdp_direction direction;     /* of the session */
    struct sip_fault *fault;
};

static bool refuse(struct parse *p, enum sip_reason reason, size_t offset)
{
    p->fault->reason = reason;
    p->fault->header = SIP_HEADER_OTHER;
    p->fault->offset = (uint32_t)offset;
    return false;
}

/* True when this exception is not refused; notes that it was needed. */
static bool tolerate(struct parse *p, enum sip_sdp_exception exception)
{
    if (p->got.refused & (unsigned)exception)
        return false;
    p->got.used |= (uint8_t)exception;
    return true;
}

/* --- values --- */

/* proto = token *("/" token) */
static bool is_protocol(struct sip_str word)
{
    struct sip_str part;

    while (sip_sdp_next_word(&word, '/', &part))
        if (!sip_sdp_is_token(part))
            return false;
    return true;
}

/* port ["/" integer], and integer = POS-DIGIT *DIGIT, here as many as there are ports */
static bool read_port(struct sip_str word, struct sip_sdp_media *media)
{
    struct sip_str digits;
    uint32_t port, ports = 1;

    sip_sdp_next_word(&word, '/', &digits);
    if (!sip_sdp_number(digits, 65535, &port) ||
        (word.at && (!sip_sdp_number(word, 65535, &ports) || word.at[0] == '0')))
        return false;
    media->port = (uint16_t)port;
    media->ports = (uint16_t)ports;
    return true;
}

static bool is_word(char kind, struct sip_str word)
{
    struct sip_sdp_media ignored;
    bool zero, one = word.len == 1;

    if (word.len == 0)
        return false;
    zero = word.at[0] == '0';
    if (kind == 'x') /* any text */
        return true;
    if (kind == 't')
        return sip_sdp_is_token(word);
    if (kind == 'v')
        return sip_sdp_is_visible(word);
    if (kind == 'p')
        return read_port(word, &ignored);
    if (kind == 'P')
        return is_protocol(word);
    if (kind == '0')
        return zero && one;
    if (kind == 'N' && (zero || word.len < 10)) /* time = POS-DIGIT 9*DIGIT, or "0" */
        return zero && one;
    if (kind == 'I' && zero) /* repeat-interval = POS-DIGIT *DIGIT [fixed-len-time-unit] */
        return false;
    if (kind == '-' && word.at[0] == '-') { /* ["-"] typed-time */
        word.at++;
        word.len--;
    }
    if (kind != 'd' && kind != 'N' && word.len > 0 && /* 'T': typed-time = 1*DIGIT [unit] */
        sip_find("dhms", 0, 4, word.at[word.len - 1]) < 4)
        word.len--;
    return sip_sdp_all(word, SCAN_DIGIT);
}

/* Reads the words of a value, the first ones into `words`. Returns the wrong byte, or NULL. */
static const char *take_words(struct sip_str value, const char *kinds, struct sip_str *words)
{
    const char *end = value.at + value.len, *again = NULL;
    char separator = *kinds++;

    for (unsigned count = 0;; kinds++) {
        struct sip_str word = value;

        if (*kinds == '*')
            again = ++kinds;
        else if (!*kinds && !again)
            return value.at;
        else if (!*kinds)
            kinds = again;
        if (!value.at)
            return kinds == again ? NULL : end;
        if (*kinds == 'x')
            value.at = NULL;
        else
            sip_sdp_next_word(&value, separator, &word);
        if (!is_word(*kinds, word))
            return word.at;
        if (count < WORDS)
            words[count++] = word;
    }
}

/* --- lines that are kept --- */

/* §6.7: at most one per section counts, the first. */
static void note_direction(struct parse *p, struct sip_str attribute)
{
    for (unsigned i = 0; i < 4 && !p->directed; i++) {
        struct sip_str name = {sip_sdp_directions[i], SIP_SDP_DIRECTION_LEN};

        if (sip_str_equal(attribute, name)) {
            *(p->media ? &p->media->direction : &p->direction) = (enum sip_sdp_direction)i;
            p->directed = true;
        }
    }
}

static void keep_connection(struct parse *p, const struct sip_str *words)
{
    struct sip_sdp_media *media = p->media;

    if (!media) {
        p->address_type = words[1];
        p->address = words[2];
    } else if (p->last != C) { /* further ones name layers of a multicast session (§5.7) */
        media->address_type = words[1];
        media->address = words[2];
    }
}

static void end_section(struct parse *p, size_t end)
{
    struct sip_str lines = {p->bytes.at + p->section, end - p->section};

    *(p->media ? &p->media->lines : &p->got.lines) = lines;
}

/* The "m=" line at `at`; its value ends at `end`, and the lines behind it begin at `next`. */
static bool keep_media(struct parse *p, const struct sip_str *words, size_t at, const char *end,
                       size_t next)
{
    struct sip_sdp_media *media;

    if (p->got.media_count >= p->got.media_max)
        return refuse(p, SIP_SDP_TOO_MANY, at);
    end_section(p, at);
    media = p->media = &p->got.media[p->got.media_count++];
    media->kind = words[0];
    read_port(words[1], media);
    media->protocol = words[2];
    media->formats.at = words[3].at;
    media->formats.len = (size_t)(end - words[3].at);
    media->address = p->address;
    media->address_type = p->address_type;
    media->direction = p->direction;
    media->offset = (uint32_t)at;
    p->section = next;
    p->directed = false;
    return true;
}

/* --- lines --- */

/* The rule of a line of this type, when it may stand here, and its type as a set; else NULL. */
static const struct rule *rule_of(const struct parse *p, char type, unsigned *set)
{
    const struct rule *rule = rules;

    for (*set = V; *set < START; *set <<= 1, rule++)
        if (rule->type == type)
            return (p->media ? rule->media : rule->session) & p->last ? rule : NULL;
    return NULL;
}

/* The line at `at`, up to `next`. */
static bool take_line(struct parse *p, size_t at, struct sip_str value, size_t next)
{
    struct sip_str words[WORDS];
    unsigned set;
    const struct rule *rule = rule_of(p, p->bytes.at[at], &set);
    const char *wrong = NULL;

    if (!rule)
        return refuse(p, SIP_BAD_SDP_ORDER, at);
    if (rule->type != 's')
        wrong = take_words(value, rule->value, words);
    else if (value.len == 0 && !tolerate(p, SIP_SDP_EMPTY_NAME)) /* text: one byte or more (§5.3) */
        wrong = value.at;
    if (wrong)
        return refuse(p, SIP_BAD_SDP_VALUE, (size_t)(wrong - p->bytes.at));
    if (rule->type == 'm' && !keep_media(p, words, at, value.at + value.len, next))
        return false;
    if (rule->type == 'a')
        note_direction(p, value);
    if (rule->type == 'c')
        keep_connection(p, words);
    if (rule->type == 's')
        p->got.name = value;
    if (rule->type == 't' && !p->got.time.at)
        p->got.time = value;
    if (rule->type == 'o') {
        p->got.user = words[0];
        p->got.session_id = words[1];
        p->got.version = words[2];
        p->got.origin = words[5];
    }
    p->last = set;
    return true;
}

/* True when there is nothing but empty lines from `at` on. */
static bool only_empty_lines(struct sip_str bytes, size_t at)
{
    for (; at < bytes.len; at++) {
        if (bytes.at[at] == '\r')
            at++;
        if (at >= bytes.len || bytes.at[at] != '\n')
            return false;
    }
    return true;
}

/* line = type "=" value CRLF; LF alone may be let pass (§5). Moves `*at` to the next one. */
static bool read_line(struct parse *p, size_t *at)
{
    size_t begin = *at, end = sip_find(p->bytes.at, begin, p->bytes.len, '\n');
    const char *line = p->bytes.at + begin;
    size_t len = end - begin;
    struct sip_str value;

    if (len < 2 || line[1] != '=') {
        if (begin == 0 || !only_empty_lines(p->bytes, begin) || !tolerate(p, SIP_SDP_EMPTY_LINES))
            return refuse(p, SIP_BAD_SDP_LINE, len && *line != '\r' ? begin + 1 : begin);
        *at = p->bytes.len;
        p->bytes.len = begin;
        return true;
    }
    if (end >= p->bytes.len)
        return refuse(p, SIP_BAD_SDP_LINE, end);
    *at = end + 1;
    if (len > 2 && line[len - 1] == '\r')
        len--;
    else if (!tolerate(p, SIP_SDP_BARE_LF))
        return refuse(p, SIP_BAD_SDP_LINE, end);
    for (size_t i = 2; i < len; i++)
        if (line[i] == '\r' || line[i] == '\0')
            return refuse(p, SIP_BAD_SDP_LINE, begin + i);
    value.at = line + 2;
    value.len = len - 2;
    return take_line(p, begin, value, *at);
}

/* What only the end can tell: a "t=" came, and each media has a "c=" of its own or the session's
 * (§5.7). */
static bool check_end(struct parse *p)
{
    unsigned set;

    if (!rule_of(p, 'm', &set))
        return refuse(p, SIP_BAD_SDP_ORDER, p->bytes.len);
    for (size_t i = 0; i < p->got.media_count; i++)
        if (!p->got.media[i].address.at)
            return refuse(p, SIP_BAD_SDP_ORDER, p->got.media[i].offset);
    return true;
}

void sip_sdp_init(struct sip_sdp *sdp, struct sip_sdp_media *media, uint16_t max)
{
    memset(sdp, 0, sizeof *sdp);
    sdp->media = media;
    sdp->media_max = max;
}

int sip_sdp_parse(struct sip_sdp *sdp, struct sip_str bytes, struct sip_fault *fault)
{
    struct parse p = {.got = {.media = sdp->media, .media_max = sdp->media_max},
                      .bytes = bytes,
                      .last = START,
                      .fault = fault};

    p.got.refused = sdp->refused;
    for (size_t at = 0; at < p.bytes.len;)
        if (!read_line(&p, &at))
            return SIP_EBAD;
    if (!check_end(&p))
        return SIP_EBAD;
    end_section(&p, p.bytes.len);
    sdp->used = p.got.used;
    sdp->media_count = p.got.media_count;
    sdp->user = p.got.user;
    sdp->session_id = p.got.session_id;
    sdp->version = p.got.version;
    sdp->origin = p.got.origin;
    sdp->name = p.got.name;
    sdp->time = p.got.time;
    sdp->lines = p.got.lines;
    return 0;
}
