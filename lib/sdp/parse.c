/* Parser of session descriptions (RFC 8866 §5, §9). Lines are cut, their order is checked, then
 * their values; everything kept is a view. */
#include "sdp/line.h"
#include "sip/error.h"
#include "sip/sdp.h"

struct line {
    char type;
    struct sip_str value;
    size_t offset; /* of the type letter */
    size_t next;   /* of the line behind */
};

struct parse {
    struct sip_sdp got;
    struct sip_str bytes;
    char last;      /* type of the line before; START at the beginning */
    bool directed;  /* the section has had its direction */
    size_t section; /* where the lines of the section begin */
    struct sip_str address, address_type; /* of the session's "c=" */
    enum sip_sdp_direction direction;     /* of the session */
    struct sip_fault fault;
};

static int refuse(struct parse *p, enum sip_reason reason, size_t offset)
{
    p->fault.reason = reason;
    p->fault.header = SIP_HEADER_OTHER;
    p->fault.offset = (uint32_t)offset;
    return SIP_EBAD;
}

/* True when this exception is not refused; notes that it was needed. */
static bool tolerate(struct parse *p, enum sip_sdp_exception exception)
{
    if (p->got.refused & (unsigned)exception)
        return false;
    p->got.used |= (uint8_t)exception;
    return true;
}

/* The length of the description without empty lines at its end. */
static size_t without_empty_lines(struct parse *p)
{
    struct sip_str bytes = p->bytes;

    for (;;) {
        struct sip_str last = bytes;

        if (last.len && last.at[last.len - 1] == '\n')
            last.len--;
        if (last.len && last.at[last.len - 1] == '\r')
            last.len--;
        if (last.len == bytes.len || last.len == 0 || last.at[last.len - 1] != '\n' ||
            !tolerate(p, SIP_SDP_EMPTY_LINES))
            return bytes.len;
        bytes = last;
    }
}

/* line = type "=" value CRLF; LF alone may be let pass (§5). */
static int cut_line(struct parse *p, size_t at, struct line *line)
{
    const char *bytes = p->bytes.at;
    size_t left = p->bytes.len - at;
    const char *end = memchr(bytes + at, '\n', left);
    size_t len = end ? (size_t)(end - (bytes + at)) : left;
    struct sip_str value;

    if (len < 2 || bytes[at + 1] != '=')
        return refuse(p, SIP_BAD_SDP_LINE, len && bytes[at] != '\r' ? at + 1 : at);
    if (!end)
        return refuse(p, SIP_BAD_SDP_LINE, p->bytes.len);
    value = sip_bytes(bytes + at + 2, len - 2);
    if (value.len && value.at[value.len - 1] == '\r')
        value.len--;
    else if (!tolerate(p, SIP_SDP_BARE_LF))
        return refuse(p, SIP_BAD_SDP_LINE, at + len);
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] == '\r' || value.at[i] == '\0')
            return refuse(p, SIP_BAD_SDP_LINE, at + 2 + i);
    line->type = bytes[at];
    line->value = value;
    line->offset = at;
    line->next = at + len + 1;
    return 0;
}

/* --- order of lines --- */

#define START '^'

/* Which types may stand right before a type, at the session level and in a media section: §5 and
 * the ABNF of §9; a "z=" may also follow its "t=" as in RFC 4566 §9. */
static const struct order {
    char type;
    char session[12];
    char media[8];
} orders[] = {
    {'v', "^", ""},
    {'o', "v", ""},
    {'s', "o", ""},
    {'i', "s", "m"},
    {'u', "si", ""},
    {'e', "siue", ""},
    {'p', "siuep", ""},
    {'c', "siuep", "mic"},
    {'b', "siuepcb", "micb"},
    {'t', "siuepcbtrz", ""},
    {'r', "tr", ""},
    {'z', "tr", ""},
    {'k', "trz", "micb"},
    {'a', "trzka", "micbka"},
    {'m', "trzka", "micbka"},
};

static bool may_follow(char type, char last, bool in_media)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        const char *before = in_media ? orders[i].media : orders[i].session;

        if (orders[i].type == type)
            return memchr(before, last, strlen(before)) != NULL;
    }
    return false;
}

/* --- values --- */

static bool all_token(struct sip_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!sip_sdp_is_token_byte(word.at[i]))
            return false;
    return word.len > 0;
}

/* non-ws-string = 1*(VCHAR / %x80-FF) */
static bool all_visible(struct sip_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if ((unsigned char)word.at[i] <= ' ' || word.at[i] == 0x7f)
            return false;
    return word.len > 0;
}

static bool all_digits(struct sip_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!sip_is_digit(word.at[i]))
            return false;
    return word.len > 0;
}

/* time = POS-DIGIT 9*DIGIT, or "0" */
static bool is_time(struct sip_str word)
{
    if (word.len == 1 && word.at[0] == '0')
        return true;
    return word.len >= 10 && word.at[0] != '0' && all_digits(word);
}

/* typed-time = 1*DIGIT ["d" / "h" / "m" / "s"] */
static bool is_typed_time(struct sip_str word)
{
    if (word.len && memchr("dhms", word.at[word.len - 1], 4))
        word.len--;
    return all_digits(word);
}

/* proto = token *("/" token) */
static bool is_protocol(struct sip_str word)
{
    struct sip_str part;

    while (sip_sdp_next_word(&word, '/', &part))
        if (!all_token(part))
            return false;
    return true;
}

static bool is_word(char kind, struct sip_str word)
{
    switch (kind) {
    case 'd': return all_digits(word);
    case 't': return all_token(word);
    case 'N': return is_time(word);
    case 'T': return is_typed_time(word);
    case 'P': return is_protocol(word);
    case 'I': return is_typed_time(word) && word.at[0] != '0';
    case '-': /* ["-"] typed-time */
        if (word.len && word.at[0] == '-')
            word = sip_bytes(word.at + 1, word.len - 1);
        return is_typed_time(word);
    default: return all_visible(word);
    }
}

/* Reads words with one space between them, each of the kind that a letter of `kinds` names, into
 * `words`. Moves `*rest` behind them; on failure returns the wrong word, else NULL. */
static const char *take_words(struct sip_str *rest, const char *kinds, struct sip_str *words)
{
    for (; *kinds; kinds++, words++) {
        const char *at = rest->at;

        if (!sip_sdp_next_word(rest, ' ', words))
            return words[-1].at + words[-1].len; /* the first word is always there */
        if (!is_word(*kinds, *words))
            return at;
    }
    return NULL;
}

/* The same where nothing may follow. */
static const char *all_words(struct sip_str value, const char *kinds, struct sip_str *words)
{
    const char *wrong = take_words(&value, kinds, words);

    return wrong ? wrong : value.at;
}

/* repeat = repeat-interval SP typed-time 1*(SP typed-time) */
static const char *check_repeat(struct sip_str value)
{
    struct sip_str words[3];
    const char *wrong = take_words(&value, "ITT", words);

    while (!wrong && value.at)
        wrong = take_words(&value, "T", words);
    return wrong;
}

/* zone = time SP ["-"] typed-time *(SP time SP ["-"] typed-time) */
static const char *check_zone(struct sip_str value)
{
    struct sip_str words[2];
    const char *wrong = take_words(&value, "N-", words);

    while (!wrong && value.at)
        wrong = take_words(&value, "N-", words);
    return wrong;
}

/* bandwidth = bwtype ":" 1*DIGIT */
static const char *check_bandwidth(struct sip_str value)
{
    struct sip_str type, rest = value;

    sip_sdp_next_word(&rest, ':', &type);
    if (!all_token(type))
        return value.at;
    if (!rest.at)
        return value.at + value.len;
    return all_digits(rest) ? NULL : rest.at;
}

/* attribute = token [":" byte-string] */
static const char *check_attribute(struct sip_str value)
{
    struct sip_str name, rest = value;

    sip_sdp_next_word(&rest, ':', &name);
    if (!all_token(name))
        return value.at;
    return rest.at && rest.len == 0 ? rest.at : NULL;
}

/* --- lines that are kept --- */

static enum sip_sdp_direction *section_direction(struct parse *p)
{
    return p->got.media_count ? &p->got.media[p->got.media_count - 1].direction : &p->direction;
}

/* §6.7: at most one per section counts, the first. */
static void note_direction(struct parse *p, struct sip_str attribute)
{
    static const char names[][9] = {
        [SIP_SDP_SENDRECV] = "sendrecv",
        [SIP_SDP_SENDONLY] = "sendonly",
        [SIP_SDP_RECVONLY] = "recvonly",
        [SIP_SDP_INACTIVE] = "inactive",
    };

    if (p->directed || attribute.len != 8)
        return;
    for (unsigned i = 0; i < 4; i++) {
        if (memcmp(attribute.at, names[i], 8) == 0) {
            *section_direction(p) = (enum sip_sdp_direction)i;
            p->directed = true;
        }
    }
}

/* connection = nettype SP addrtype SP connection-address */
static const char *keep_connection(struct parse *p, const struct line *line)
{
    struct sip_str words[3];
    const char *wrong = all_words(line->value, "ttv", words);
    struct sip_sdp_media *media;

    if (wrong)
        return wrong;
    if (p->got.media_count == 0) {
        p->address_type = words[1];
        p->address = words[2];
        return NULL;
    }
    media = &p->got.media[p->got.media_count - 1];
    if (p->last != 'c') { /* further ones name layers of a multicast session (§5.7) */
        media->address_type = words[1];
        media->address = words[2];
    }
    return NULL;
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

static void end_section(struct parse *p, size_t end)
{
    struct sip_str lines = sip_bytes(p->bytes.at + p->section, end - p->section);

    if (p->got.media_count)
        p->got.media[p->got.media_count - 1].lines = lines;
    else
        p->got.lines = lines;
}

/* media = media SP port ["/" integer] SP proto 1*(SP fmt) */
static int keep_media(struct parse *p, const struct line *line)
{
    struct sip_str rest = line->value, words[3], format;
    const char *wrong = take_words(&rest, "tvP", words);
    struct sip_sdp_media media = {0};

    if (!wrong && !read_port(words[1], &media))
        wrong = words[1].at;
    media.formats = rest;
    if (!wrong && !rest.at)
        wrong = line->value.at + line->value.len;
    while (!wrong && rest.at)
        wrong = take_words(&rest, "t", &format);
    if (wrong)
        return refuse(p, SIP_BAD_SDP_VALUE, (size_t)(wrong - p->bytes.at));
    if (p->got.media_count >= p->got.media_max)
        return refuse(p, SIP_SDP_TOO_MANY, line->offset);

    end_section(p, line->offset);
    media.kind = words[0];
    media.protocol = words[2];
    media.address = p->address;
    media.address_type = p->address_type;
    media.direction = p->direction;
    media.offset = (uint32_t)line->offset;
    p->got.media[p->got.media_count++] = media;
    p->section = line->next;
    p->directed = false;
    return 0;
}

static const char *keep_origin(struct parse *p, struct sip_str value)
{
    struct sip_str words[6];
    const char *wrong = all_words(value, "vddttv", words);

    if (wrong)
        return wrong;
    p->got.user = words[0];
    p->got.session_id = words[1];
    p->got.version = words[2];
    p->got.origin = words[5];
    return NULL;
}

static const char *keep_time(struct parse *p, struct sip_str value)
{
    struct sip_str words[2];
    const char *wrong = all_words(value, "NN", words);

    if (!wrong && !p->got.time.at)
        p->got.time = value;
    return wrong;
}

/* session-name = text: at least one byte (§5.3). */
static const char *keep_name(struct parse *p, struct sip_str value)
{
    p->got.name = value;
    return value.len > 0 || tolerate(p, SIP_SDP_EMPTY_NAME) ? NULL : value.at;
}

/* Looks at the value of a line other than "m="; returns its first wrong byte or NULL. */
static const char *keep_value(struct parse *p, const struct line *line)
{
    struct sip_str value = line->value;

    if (line->type == 's')
        return keep_name(p, value);
    if (value.len == 0)
        return value.at;
    switch (line->type) {
    case 'v': return value.len == 1 && value.at[0] == '0' ? NULL : value.at;
    case 'o': return keep_origin(p, value);
    case 'c': return keep_connection(p, line);
    case 't': return keep_time(p, value);
    case 'r': return check_repeat(value);
    case 'z': return check_zone(value);
    case 'b': return check_bandwidth(value);
    case 'a': note_direction(p, value); return check_attribute(value);
    default: return NULL; /* i, u, e, p, k: any text, their own grammars are not looked at */
    }
}

static int take_line(struct parse *p, const struct line *line)
{
    const char *wrong;

    if (!may_follow(line->type, p->last, p->got.media_count > 0))
        return refuse(p, SIP_BAD_SDP_ORDER, line->offset);
    if (line->type == 'm')
        return keep_media(p, line);
    wrong = keep_value(p, line);
    return wrong ? refuse(p, SIP_BAD_SDP_VALUE, (size_t)(wrong - p->bytes.at)) : 0;
}

/* What only the end can tell: a "t=" came, and each media has a "c=" of its own or the session's
 * (§5.7). */
static int check_end(struct parse *p)
{
    if (!may_follow('m', p->last, p->got.media_count > 0))
        return refuse(p, SIP_BAD_SDP_ORDER, p->bytes.len);
    for (size_t i = 0; i < p->got.media_count; i++)
        if (!p->got.media[i].address.at)
            return refuse(p, SIP_BAD_SDP_ORDER, p->got.media[i].offset);
    return 0;
}

void sip_sdp_init(struct sip_sdp *sdp, struct sip_sdp_media *media, uint16_t max)
{
    memset(sdp, 0, sizeof *sdp);
    sdp->media = media;
    sdp->media_max = max;
}

int sip_sdp_parse(struct sip_sdp *sdp, struct sip_str bytes, struct sip_fault *fault)
{
    struct parse p = {.bytes = bytes, .last = START};
    struct line line;

    sip_sdp_init(&p.got, sdp->media, sdp->media_max);
    p.got.refused = sdp->refused;
    p.bytes.len = without_empty_lines(&p);
    for (size_t at = 0; at < p.bytes.len; at = line.next) {
        if (cut_line(&p, at, &line) || take_line(&p, &line)) {
            *fault = p.fault;
            return SIP_EBAD;
        }
        p.last = line.type;
    }
    if (check_end(&p)) {
        *fault = p.fault;
        return SIP_EBAD;
    }
    end_section(&p, p.bytes.len);
    *sdp = p.got;
    return 0;
}
