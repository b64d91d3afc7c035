/* Merges trace files (--trace of phone and pbx) and draws what happened as a ladder, a column for
 * each file in the order given.
 *
 *     ladder [--without METHOD] alice.trace pbx.trace bob.trace */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sip/sip.h>

enum { LINES_MAX = 4000 };

struct told {
    char text[SIP_LADDER_LINE];
    struct sip_ladder_entry entry; /* views into `text` */
    struct told *sender;           /* of a message that was received: where it was sent */
    bool drawn;
};

/* What one program wrote, in the order in which it happened there. */
struct file {
    struct told *next, *end;
};

static struct told told[LINES_MAX];
static size_t told_count;
static struct file files[SIP_LADDER_COLUMNS_MAX];
static size_t file_count;
static struct sip_ladder_column columns[SIP_LADDER_COLUMNS_MAX];
static char names[SIP_LADDER_COLUMNS_MAX][32];
static size_t column_count;

/* The CSeq stands at the end of a line, "(1 INVITE)". */
static bool is_of(const struct sip_ladder_entry *entry, const char *method)
{
    size_t len = method ? strlen(method) : 0;

    return len && entry->text.len > len + 1 &&
           memcmp(entry->text.at + entry->text.len - len - 1, method, len) == 0;
}

/* Who writes is a column; each address that it names as its own belongs to it. */
static void take_column(const struct sip_ladder_entry *entry)
{
    char *name = names[column_count];

    if (column_count == SIP_LADDER_COLUMNS_MAX)
        return;
    for (size_t i = 0; i < column_count; i++) {
        if (sip_addr_equal(&columns[i].addr, &entry->local))
            return;
    }
    snprintf(name, sizeof names[0], "%.*s", (int)entry->who.len, entry->who.at);
    columns[column_count].name = name;
    columns[column_count++].addr = entry->local;
}

/* NULL, or what is wrong with the file. */
static const char *read_file(const char *path, const char *without)
{
    const char *wrong = "no line of a trace in it";
    FILE *file;

    if (file_count == SIP_LADDER_COLUMNS_MAX)
        return "one file too many";
    file = fopen(path, "r");
    if (!file)
        return strerror(errno);
    files[file_count].next = &told[told_count];
    while (told_count < LINES_MAX && fgets(told[told_count].text, SIP_LADDER_LINE, file)) {
        struct sip_ladder_entry *entry = &told[told_count].entry;

        if (!sip_ladder_read(sip_str(told[told_count].text), entry))
            continue;
        wrong = NULL;
        if (entry->mark == '*' || is_of(entry, without))
            continue;
        take_column(entry);
        told_count++;
    }
    files[file_count++].end = &told[told_count];
    if (told_count == LINES_MAX)
        wrong = "more messages than a ladder has room for";
    else if (ferror(file))
        wrong = strerror(errno);
    fclose(file);
    return wrong;
}

/* One end of a stream knows the other by the port that the connection has there, not by the one on
 * which that end listens and names itself: then half of the addresses must do. */
static bool is_half_same(const struct sip_ladder_entry *sent,
                         const struct sip_ladder_entry *received)
{
    return sip_str_equal(sent->text, received->text) &&
           (sip_addr_equal(&sent->remote, &received->local) ||
            sip_addr_equal(&sent->local, &received->remote));
}

static bool find_sender(struct told *received, bool (*same)(const struct sip_ladder_entry *,
                                                            const struct sip_ladder_entry *))
{
    for (struct told *sent = told; sent < told + told_count; sent++) {
        if (sent->entry.mark == '>' && !sent->drawn && same(&sent->entry, &received->entry)) {
            received->sender = sent;
            sent->entry.remote = received->entry.local;
            sent->drawn = true; /* has its receiver; cleared below */
            return true;
        }
    }
    return false;
}

/* A message told by both ends is one message, and was sent before it was received. */
static void pair_messages(void)
{
    for (size_t i = 0; i < told_count; i++) {
        if (told[i].entry.mark == '<' && !find_sender(&told[i], sip_ladder_same))
            find_sender(&told[i], is_half_same);
    }
    for (size_t i = 0; i < told_count; i++)
        told[i].drawn = false;
}

static bool may_come(const struct told *line)
{
    return !line->sender || line->sender->drawn;
}

/* The file whose next line happened first: by the clock, and a message comes after it was sent. */
static struct file *first_file(void)
{
    struct file *first = NULL;

    for (struct file *file = files; file < files + file_count; file++) {
        if (file->next == file->end)
            continue;
        if (!first || may_come(file->next) > may_come(first->next) ||
            (may_come(file->next) == may_come(first->next) &&
             file->next->entry.now < first->next->entry.now))
            first = file;
    }
    return first;
}

static void print(void *host, struct sip_str line)
{
    (void)host;
    fwrite(line.at, 1, line.len, stdout);
}

int main(int argc, char **argv)
{
    struct sip_ladder ladder = {.write = print, .columns = columns};
    bool picky = argc > 2 && strcmp(argv[1], "--without") == 0;
    int first = picky ? 3 : 1;
    struct file *file;

    if (first >= argc)
        return fputs("usage: ladder [--without METHOD] FILE...\n", stderr), 2;
    for (int i = first; i < argc; i++) {
        const char *wrong = read_file(argv[i], picky ? argv[2] : NULL);

        if (wrong)
            return fprintf(stderr, "ladder: %s: %s\n", argv[i], wrong), 2;
    }
    if (!told_count)
        return fputs("ladder: no message in it\n", stderr), 2;
    pair_messages();
    ladder.column_count = column_count;
    ladder.start = first_file()->next->entry.now;
    sip_ladder_head(&ladder);
    while ((file = first_file()) != NULL) {
        struct told *line = file->next++;

        line->drawn = true;
        if (!line->sender)
            sip_ladder_draw(&ladder, &line->entry);
    }
    return 0;
}
