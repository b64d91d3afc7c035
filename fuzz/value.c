#include "value.h"

enum { RESULT_MAX = 1024, WRITTEN_MAX = 1 << 16 };

/* --- what is in a result --- */

static void put(struct eye *eye, char c)
{
    require(eye->used < RECORD_MAX);
    eye->record[eye->used++] = c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* True for a control byte that the writer makes a space behind a backslash. */
static bool is_escaped_control(struct sip_str text, size_t i)
{
    unsigned char next = i + 1 < text.len ? (unsigned char)text.at[i + 1] : 'x';

    return text.at[i] == '\\' && ((next < ' ' && !memchr("\t\r\n", next, 3)) || next == 0x7f);
}

static void look_unfolded(struct eye *eye, struct sip_str text)
{
    size_t begin = eye->used;

    for (size_t i = 0; i < text.len; i++) {
        if (is_escaped_control(text, i)) {
            put(eye, ' ');
            begin = eye->used; /* a fold behind it does not take it away */
            i++;
        } else if (text.at[i] != '\r') {
            put(eye, text.at[i]);
        } else {
            while (eye->used > begin && is_blank(eye->record[eye->used - 1]))
                eye->used--;
            while (i + 1 < text.len &&
                   (is_blank(text.at[i + 1]) || text.at[i + 1] == '\r' || text.at[i + 1] == '\n'))
                i++;
            put(eye, ' ');
        }
    }
}

void look_text(struct eye *eye, struct sip_str text)
{
    require(!eye->value.at || is_inside(text, eye->value));
    put(eye, text.at ? 't' : 'n');
    look_unfolded(eye, text);
    put(eye, '\n');
}

void look_number(struct eye *eye, uint64_t number)
{
    for (unsigned i = 0; i < 8; i++)
        put(eye, (char)(number >> (8 * i)));
}

void look_amount(struct eye *eye, struct sip_amount amount)
{
    look_number(eye, amount.given);
    look_number(eye, amount.given ? amount.value : 0);
}

void look_params(struct eye *eye, struct sip_str params)
{
    require(!eye->value.at || is_inside(params, eye->value));
    if (eye->list_count < LISTS_MAX)
        eye->lists[eye->list_count++] = params;
}

/* Brackets are what a writer may add. */
void look_address(struct eye *eye, const struct sip_address *address)
{
    look_text(eye, address->display);
    look_text(eye, address->uri);
    look_text(eye, address->tag);
    look_params(eye, address->params);
}

void look(struct eye *eye, const struct kind *kind, const void *got, struct sip_str value)
{
    eye->value = value;
    eye->used = 0;
    eye->list_count = 0;
    kind->look(eye, got);
}

/* --- comparing --- */

bool same_text(struct sip_str a, struct sip_str b)
{
    static struct eye one, other;

    one.value = a;
    other.value = b;
    one.used = other.used = 0;
    look_text(&one, a);
    look_text(&other, b);
    return one.used == other.used && memcmp(one.record, other.record, one.used) == 0;
}

/* Digits and perhaps a dot, without the zeros that say nothing; {NULL, 0} for other texts. */
static struct sip_str plain_number(struct sip_str text)
{
    bool dot = false;

    for (size_t i = 0; i < text.len; i++) {
        if ((text.at[i] < '0' || text.at[i] > '9') && (text.at[i] != '.' || dot || i == 0))
            return sip_bytes(NULL, 0);
        dot |= text.at[i] == '.';
    }
    while (text.len > 1 && text.at[0] == '0' && text.at[1] != '.') {
        text.at++;
        text.len--;
    }
    while (dot && (text.at[text.len - 1] == '0' || text.at[text.len - 1] == '.')) {
        dot = text.at[text.len - 1] == '0';
        text.len--;
    }
    return text;
}

/* A number may be written in another way. */
static bool same_value(struct sip_str a, struct sip_str b)
{
    struct sip_str one = plain_number(a);

    return (one.len > 0 && sip_str_equal(one, plain_number(b))) || same_text(a, b);
}

/* Each parameter of `a` stands in `b` with the same value. */
static bool holds_all(struct sip_str a, struct sip_str b)
{
    struct sip_str rest = a;
    struct sip_param param;

    while (sip_params_next(&rest, &param)) {
        char name[256];

        if (param.name.len >= sizeof name)
            continue;
        memcpy(name, param.name.at, param.name.len);
        name[param.name.len] = '\0';
        if (!same_value(sip_params_find(a, name), sip_params_find(b, name)))
            return false;
    }
    return true;
}

bool says(const struct eye *wanted, const struct eye *parsed)
{
    if (wanted->used != parsed->used || wanted->list_count != parsed->list_count ||
        memcmp(wanted->record, parsed->record, wanted->used) != 0)
        return false;
    for (unsigned i = 0; i < wanted->list_count; i++)
        if (!holds_all(wanted->lists[i], parsed->lists[i]))
            return false;
    return true;
}

static bool same(const struct eye *a, const struct eye *b)
{
    return says(a, b) && says(b, a);
}

/* --- playing --- */

union result {
    char bytes[RESULT_MAX];
    void *pointer;
    uint64_t number;
};

/* Parses, and looks at the manners of the parser. */
static bool parse(const struct kind *kind, union result *got, struct sip_str value,
                  struct sip_fault *fault)
{
    const struct sip_fault untouched = {SIP_REASON_COUNT, SIP_HEADER_COUNT, 12345};
    int result;

    require(kind->size <= sizeof *got);
    memset(got, 0x5a, sizeof *got);
    *fault = untouched;
    result = kind->parse(got, value, fault);
    if (result == 0) {
        require(fault->reason == untouched.reason && fault->offset == untouched.offset);
        return true;
    }
    require(result == SIP_EBAD);
    for (size_t i = 0; i < kind->size; i++)
        require(got->bytes[i] == 0x5a);
    require(fault->reason > SIP_REASON_NONE && fault->reason < SIP_REASON_COUNT);
    require(fault->header < SIP_HEADER_COUNT && fault->offset <= value.len);
    return false;
}

/* Writes into exactly `size` bytes. */
static long write(const struct kind *kind, const union result *got, char *out, size_t size)
{
    struct sip_writer writer;

    sip_writer_init(&writer, out, size);
    kind->write(&writer, got);
    return sip_writer_done(&writer);
}

static void write_cut(const struct kind *kind, const union result *got, struct sip_str whole,
                      size_t size)
{
    char *exact = malloc(size ? size : 1);

    require(exact != NULL);
    require(write(kind, got, exact, size) ==
            (size < whole.len ? (long)SIP_ESIZE : (long)whole.len));
    require(size < whole.len || memcmp(exact, whole.at, whole.len) == 0);
    free(exact);
}

/* What is written says the same as what was parsed. */
static void write_again(const struct kind *kind, const union result *got, const struct eye *before,
                        uint32_t chance)
{
    static char once[WRITTEN_MAX], twice[WRITTEN_MAX];
    static struct eye after;
    struct sip_fault fault;
    union result again;
    struct sip_str copy;
    long len = write(kind, got, once, sizeof once);

    require(len > 0);
    copy = exact_copy(sip_bytes(once, (size_t)len));
    require(parse(kind, &again, copy, &fault));
    look(&after, kind, &again, copy);
    require(same(before, &after));
    require(write(kind, &again, twice, sizeof twice) == len);
    require(memcmp(once, twice, (size_t)len) == 0);
    write_cut(kind, got, copy, copy.len);
    write_cut(kind, got, copy, chance % copy.len);
    exact_free(copy);
}

bool play_value(const struct kind *kind, struct sip_str value)
{
    static struct eye first, second;
    uint32_t chance = chance_of(value);
    struct sip_fault fault, other;
    union result got, again;
    struct sip_str copy;
    bool good;

    if (value.len > RECORD_MAX / 4)
        return false;
    good = parse(kind, &got, value, &fault);
    copy = exact_copy(value);
    require(parse(kind, &again, copy, &other) == good);
    if (good) {
        look(&first, kind, &got, value);
        look(&second, kind, &again, copy);
        require(same(&first, &second));
        write_again(kind, &got, &first, chance);
    } else {
        require(fault.reason == other.reason && fault.offset == other.offset);
    }
    exact_free(copy);
    if (value.len > 0) { /* its beginning, to which any answer will do that is one */
        copy = exact_copy(cut_at(value, chance % value.len));
        parse(kind, &again, copy, &other);
        exact_free(copy);
    }
    return good;
}
