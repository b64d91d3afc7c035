/* Bodies in bodies: multipart by a boundary that the input chooses, message/sipfrag, header lines.
 * What was taken apart is put together again and taken apart the same. */
#include "fuzz.h"
#include "sip/error.h"
#include "sip/message.h"
#include "sip/multipart.h"

enum { TEXT_MAX = 1 << 13, PARTS_MAX = 64 };

struct text {
    size_t len;
    char at[4 * TEXT_MAX];
};

static void add(struct text *text, struct sip_str piece)
{
    require(piece.len <= sizeof text->at - text->len);
    if (piece.len > 0)
        memcpy(text->at + text->len, piece.at, piece.len);
    text->len += piece.len;
}

static void add_text(struct text *text, const char *piece)
{
    add(text, sip_str(piece));
}

/* --- header lines --- */

/* Walks a head; `*complete` when it is header lines up to its end. */
static unsigned walk_head(struct sip_str head, bool *complete)
{
    struct sip_str rest = head;
    struct sip_line line;
    unsigned count = 0;

    while (sip_line_next(&rest, &line)) {
        char name[TEXT_MAX + 1];

        require(is_inside(line.name, head) && is_inside(line.value, head) && line.name.len > 0);
        require(is_inside(rest, head) && line.id == sip_header_of(line.name));
        if (memchr(line.name.at, 0, line.name.len) == NULL) {
            memcpy(name, line.name.at, line.name.len);
            name[line.name.len] = '\0';
            require(sip_lines_find(head, name).at != NULL);
        }
        count++;
    }
    *complete = rest.len == 0;
    return count;
}

/* --- multipart --- */

static int parts_of(struct sip_str boundary, struct sip_str body, struct sip_part *parts,
                    unsigned *count)
{
    struct sip_media_type type = {{"multipart", 9}, {"mixed", 5}, {NULL, 0}};
    char params[100];
    struct sip_parts walk;
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};
    bool complete;
    int result;

    snprintf(params, sizeof params, "boundary=\"%.*s\"", (int)boundary.len, boundary.at);
    type.params = sip_str(params);
    *count = 0;
    result = sip_parts_begin(&walk, &type, body, &fault);
    if (result == 0)
        while ((result = sip_parts_next(&walk, &parts[*count], &fault)) == 1) {
            require(is_inside(parts[*count].head, body) && is_inside(parts[*count].body, body));
            walk_head(parts[*count].head, &complete);
            if (++*count == PARTS_MAX)
                return 1;
        }
    require(result == 0 || (result == SIP_EBAD && fault.reason && fault.offset <= body.len));
    if (result == 0) {
        require(sip_parts_next(&walk, &parts[*count], &fault) == 0);
        require(sip_str_equal(walk.boundary, boundary));
    }
    return result;
}

/* Puts the parts together and takes them apart again. */
static void put_together(struct sip_str boundary, const struct sip_part *parts, unsigned count)
{
    static struct text text;
    struct sip_part again[PARTS_MAX];
    unsigned seen;

    text.len = 0;
    for (unsigned i = 0; i < count; i++) {
        add_text(&text, "--");
        add(&text, boundary);
        add_text(&text, "\r\n");
        add(&text, parts[i].head);
        add_text(&text, "\r\n");
        add(&text, parts[i].body);
        add_text(&text, "\r\n");
    }
    add_text(&text, "--");
    add(&text, boundary);
    add_text(&text, "--\r\n");
    require(parts_of(boundary, sip_bytes(text.at, text.len), again, &seen) == 0 && seen == count);
    for (unsigned i = 0; i < count; i++)
        require(sip_str_equal(parts[i].head, again[i].head) &&
                sip_str_equal(parts[i].body, again[i].body));
}

static void play_parts(struct sip_str boundary, struct sip_str body, uint32_t chance)
{
    static struct sip_part parts[PARTS_MAX], others[PARTS_MAX];
    struct sip_str cut = exact_copy(cut_at(body, body.len ? chance % body.len : 0));
    unsigned count, seen;

    parts_of(boundary, cut, parts, &count);
    exact_free(cut);
    cut = exact_copy(body);
    if (parts_of(boundary, body, parts, &count) == 0) {
        require(parts_of(boundary, cut, others, &seen) == 0 && seen == count && count > 0);
        put_together(boundary, parts, count);
    }
    exact_free(cut);
}

/* --- message/sipfrag --- */

static bool same_fragment(const struct sip_fragment *a, const struct sip_fragment *b)
{
    return a->status == b->status && sip_str_equal(a->reason, b->reason) &&
           sip_str_equal(a->method_name, b->method_name) && sip_str_equal(a->uri, b->uri) &&
           sip_str_equal(a->head, b->head) && sip_str_equal(a->body, b->body) &&
           !a->body.at == !b->body.at;
}

static void write_fragment(struct text *text, const struct sip_fragment *fragment)
{
    char status[24];

    text->len = 0;
    if (fragment->status) {
        snprintf(status, sizeof status, "SIP/2.0 %u ", fragment->status);
        add_text(text, status);
        add(text, fragment->reason);
        add_text(text, "\r\n");
    } else if (fragment->method_name.at) {
        add(text, fragment->method_name);
        add_text(text, " ");
        add(text, fragment->uri);
        add_text(text, " SIP/2.0\r\n");
    }
    add(text, fragment->head);
    if (fragment->body.at) {
        add_text(text, "\r\n");
        add(text, fragment->body);
    }
}

static bool parse_fragment(struct sip_fragment *got, struct sip_str bytes)
{
    struct sip_fault fault = {SIP_REASON_NONE, SIP_HEADER_OTHER, 0};
    int result = sip_fragment_parse(got, bytes, &fault);

    require(result == 0 || (result == SIP_EBAD && fault.reason && fault.offset <= bytes.len));
    return result == 0;
}

static void play_fragment(struct sip_str bytes, uint32_t chance)
{
    static struct text text;
    struct sip_fragment got, again;
    struct sip_str copy = exact_copy(cut_at(bytes, bytes.len ? chance % bytes.len : 0));
    bool complete;

    parse_fragment(&got, copy);
    exact_free(copy);
    if (!parse_fragment(&got, bytes))
        return;
    require(is_inside(got.reason, bytes) && is_inside(got.method_name, bytes));
    require(is_inside(got.uri, bytes) && is_inside(got.head, bytes) && is_inside(got.body, bytes));
    walk_head(got.head, &complete);
    write_fragment(&text, &got);
    require(parse_fragment(&again, sip_bytes(text.at, text.len)) && same_fragment(&got, &again));
}

/* The first byte chooses; for multipart the boundary comes up to the first line end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sip_str text = sip_bytes(data + 1, size - 1), boundary = {"b", 1};
    const char *line;
    bool complete;

    if (size == 0 || text.len > TEXT_MAX)
        return 0;
    if (data[0] % 3 == 1) {
        play_fragment(text, chance_of(text));
    } else if (data[0] % 3 == 2) {
        walk_head(text, &complete);
    } else {
        line = text.len ? memchr(text.at, '\n', text.len < 80 ? text.len : 80) : NULL;
        if (line && !memchr(text.at, 0, (size_t)(line - text.at))) {
            boundary = sip_bytes(text.at, (size_t)(line - text.at));
            text = sip_bytes(line + 1, text.len - boundary.len - 1);
        }
        play_parts(boundary, text, chance_of(text));
    }
    return 0;
}
