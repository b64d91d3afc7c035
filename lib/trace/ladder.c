/* Draws trace records and lines of trace files as a ladder. */
#include "base/bytes.h"
#include "base/memory.h"
#include "trace/record.h"

#define TIME_WIDTH 10
#define FIRST_COLUMN 12 /* where the first lifeline stands */
#define COLUMN_WIDTH 30
#define NO_COLUMN SIP_LADDER_COLUMNS_MAX
#define LABEL_MAX 64

/* Sends a line on its way, without the spaces at its end; its buffer has room for the LF. */
static void finish(const struct sip_ladder *ladder, struct sip_text *line)
{
    while (line->len && line->at[line->len - 1] == ' ')
        line->len--;
    line->at[line->len++] = '\n';
    ladder->write(ladder->host, sip_bytes(line->at, line->len));
}

/* Seconds with three places, right-aligned; 64 bits without a division. */
static void put_time(struct sip_text *line, uint64_t ms)
{
    char digits[24];
    struct sip_text text = {digits, sizeof digits, 0};

    sip_text_repeat(&text, '0', ms < 10 ? 3 : ms < 100 ? 2 : ms < 1000 ? 1 : 0);
    sip_text_number(&text, ms);
    sip_text_repeat(line, ' ', text.len + 1 < TIME_WIDTH ? TIME_WIDTH - text.len - 1 : 0);
    sip_text_put(line, sip_bytes(digits, text.len - 3));
    sip_text_add(line, ".");
    sip_text_put(line, sip_bytes(digits + text.len - 3, 3));
    sip_text_repeat(line, ' ', FIRST_COLUMN - TIME_WIDTH);
}

/* --- columns --- */

static struct sip_str name_of(const struct sip_ladder *ladder, size_t row)
{
    return sip_str(ladder->columns[row].name);
}

static bool is_first_of_name(const struct sip_ladder *ladder, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (sip_str_equal(name_of(ladder, i), name_of(ladder, row)))
            return false;
    return true;
}

/* The column of a row: how many names stand before the first row with its name. */
static size_t column_of_row(const struct sip_ladder *ladder, size_t row)
{
    size_t column = 0;

    for (size_t i = 0; i < row && !sip_str_equal(name_of(ladder, i), name_of(ladder, row)); i++)
        column += is_first_of_name(ladder, i);
    return column < SIP_LADDER_COLUMNS_MAX ? column : NO_COLUMN;
}

static size_t count_columns(const struct sip_ladder *ladder)
{
    size_t count = 0;

    for (size_t i = 0; i < ladder->column_count && count < SIP_LADDER_COLUMNS_MAX; i++)
        count += is_first_of_name(ladder, i);
    return count;
}

static bool same_host(const struct sip_addr *a, const struct sip_addr *b)
{
    return a->family == b->family &&
           memcmp(a->bytes, b->bytes, a->family == SIP_IPV6 ? 16 : 4) == 0;
}

/* The row of an address: the one with its port, else one with port 0, else `column_count`. */
static size_t row_of(const struct sip_ladder *ladder, const struct sip_addr *addr)
{
    size_t found = ladder->column_count;

    for (size_t i = ladder->column_count; i-- > 0;) {
        const struct sip_addr *known = &ladder->columns[i].addr;

        if (!same_host(known, addr))
            continue;
        if (known->port == addr->port)
            return i;
        if (known->port == 0)
            found = i;
    }
    return found;
}

static size_t column_of(const struct sip_ladder *ladder, const struct sip_addr *addr)
{
    size_t row = row_of(ladder, addr);

    return row < ladder->column_count ? column_of_row(ladder, row) : NO_COLUMN;
}

static void put_name(struct sip_text *line, const struct sip_ladder *ladder,
                     const struct sip_addr *addr)
{
    size_t row = row_of(ladder, addr);

    if (row < ladder->column_count)
        sip_text_put(line, name_of(ladder, row));
    else
        sip_text_addr(line, addr);
}

void sip_ladder_head(const struct sip_ladder *ladder)
{
    char out[SIP_LADDER_LINE];
    struct sip_text line = {out, sizeof out - 1, 0};

    sip_text_add(&line, "      time  ");
    for (size_t i = 0; i < ladder->column_count; i++) {
        struct sip_str name = name_of(ladder, i);

        if (!is_first_of_name(ladder, i) || column_of_row(ladder, i) == NO_COLUMN)
            continue;
        if (name.len > COLUMN_WIDTH - 1)
            name.len = COLUMN_WIDTH - 1;
        sip_text_put(&line, name);
        sip_text_repeat(&line, ' ', COLUMN_WIDTH - name.len);
    }
    finish(ladder, &line);
}

/* --- arrows --- */

/* Cuts "start line (1 METHOD)" into start line and method; the method is {NULL, 0} if none. */
static void cut_text(struct sip_str text, struct sip_str *start, struct sip_str *method)
{
    size_t open = text.len, space = 0;

    *start = text;
    *method = (struct sip_str){NULL, 0};
    if (text.len == 0 || text.at[text.len - 1] != ')')
        return;
    while (open > 0 && text.at[open - 1] != '(')
        open--;
    if (open < 2 || text.at[open - 2] != ' ')
        return;
    for (space = open; space < text.len && text.at[space] != ' ';)
        space++;
    if (space == text.len)
        return;
    *start = sip_bytes(text.at, open - 2);
    *method = sip_bytes(text.at + space + 1, text.len - 1 - (space + 1));
}

/* "INVITE", "180 Ringing", "refused: SIP_BAD_URI"; "200 OK (BYE)" where there is room. */
static void put_label(struct sip_text *label, const struct sip_ladder_entry *entry, size_t room)
{
    struct sip_str start, method;
    const char *space;

    cut_text(entry->text, &start, &method);
    label->size = room < label->size ? room : label->size;
    if (entry->mark == '!')
        sip_text_add(label, "refused: ");
    if (start.len > 8 && sip_str_is(sip_bytes(start.at, 8), "SIP/2.0 ")) {
        sip_text_put(label, sip_bytes(start.at + 8, start.len - 8));
        if (method.len == 0 || label->len + method.len + 3 > label->size)
            return;
        sip_text_add(label, " (");
        sip_text_put(label, method);
        sip_text_add(label, ")");
        return;
    }
    space = start.len ? memchr(start.at, ' ', start.len) : NULL;
    sip_text_put(label, sip_bytes(start.at, space ? (size_t)(space - start.at) : start.len));
}

/* `width` bytes: "---- INVITE --->" or the other way round. */
static void put_arrow(struct sip_text *line, const struct sip_ladder_entry *entry, size_t width,
                      bool to_right)
{
    char bytes[LABEL_MAX];
    struct sip_text label = {bytes, sizeof bytes, 0};
    size_t dashes;

    put_label(&label, entry, width - 7);
    dashes = width - 3 - label.len;
    if (!to_right)
        sip_text_add(line, "<");
    sip_text_repeat(line, '-', dashes / 2);
    sip_text_add(line, " ");
    sip_text_put(line, sip_bytes(bytes, label.len));
    sip_text_add(line, " ");
    sip_text_repeat(line, '-', dashes - dashes / 2);
    if (to_right)
        sip_text_add(line, ">");
}

/* An arrow between two lifelines, across those in between. */
static void draw_between(const struct sip_ladder *ladder, struct sip_text *line,
                         const struct sip_ladder_entry *entry, size_t from, size_t to)
{
    size_t left = from < to ? from : to, right = from < to ? to : from;
    size_t count = count_columns(ladder);

    for (size_t i = 0; i < count; i++) {
        sip_text_add(line, "|");
        if (i == left)
            put_arrow(line, entry, (right - left) * COLUMN_WIDTH - 1, from < to);
        else
            sip_text_repeat(line, ' ', COLUMN_WIDTH - 1);
        if (i == left)
            i = right - 1;
    }
}

/* An arrow where an end has no column, or both are the same. */
static void draw_flat(const struct sip_ladder *ladder, struct sip_text *line,
                      const struct sip_ladder_entry *entry)
{
    bool out = entry->mark == '>';

    put_name(line, ladder, out ? &entry->local : &entry->remote);
    sip_text_add(line, " ");
    put_arrow(line, entry, COLUMN_WIDTH - 1, true);
    sip_text_add(line, " ");
    put_name(line, ladder, out ? &entry->remote : &entry->local);
}

void sip_ladder_draw(const struct sip_ladder *ladder, const struct sip_ladder_entry *entry)
{
    char out[SIP_LADDER_LINE];
    struct sip_text line = {out, sizeof out - 1, 0};
    size_t local, remote;

    if (entry->mark == '*' && !ladder->details)
        return;
    put_time(&line, entry->now > ladder->start ? entry->now - ladder->start : 0);
    if (entry->mark == '*') {
        sip_text_put(&line, entry->who);
        sip_text_add(&line, entry->who.len ? ": " : "");
        sip_text_put(&line, entry->text);
        finish(ladder, &line);
        return;
    }
    local = column_of(ladder, &entry->local);
    remote = column_of(ladder, &entry->remote);
    if (local == NO_COLUMN || remote == NO_COLUMN || local == remote)
        draw_flat(ladder, &line, entry);
    else if (entry->mark == '>')
        draw_between(ladder, &line, entry, local, remote);
    else
        draw_between(ladder, &line, entry, remote, local);
    finish(ladder, &line);
}

void sip_ladder_trace(void *ladder, const struct sip_trace *record)
{
    char words[SIP_LADDER_LINE];
    struct sip_text text = {words, sizeof words, 0};
    struct sip_ladder_entry entry;

    sip_record_entry(&entry, record, &text);
    sip_ladder_draw(ladder, &entry);
}
