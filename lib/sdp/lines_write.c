/* Any line of a description, and a whole one, on its way out (RFC 8866 §5). */
#include "base/memory.h"
#include "sip/sdp_lines.h"

static void refuse(struct sip_writer *w)
{
    if (w->error == SIP_OK)
        w->error = SIP_EINVAL;
}

/* A word between spaces: it may not be empty nor have one. */
static void write_word(struct sip_writer *w, struct sip_str word)
{
    if (word.len == 0 || memchr(word.at, ' ', word.len) || memchr(word.at, '\t', word.len))
        refuse(w);
    sip_write_piece(w, word);
}

static void write_words(struct sip_writer *w, const struct sip_str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            sip_write_text(w, " ");
        write_word(w, words[i]);
    }
}

static void begin(struct sip_writer *w, char type)
{
    char text[2] = {type, '='};

    sip_write_piece(w, sip_bytes(text, 2));
}

void sip_sdp_write_origin(struct sip_writer *w, const struct sip_sdp_origin *origin)
{
    const struct sip_str words[] = {origin->user,         origin->session_id,   origin->version,
                                    origin->network_type, origin->address_type, origin->address};

    begin(w, 'o');
    write_words(w, words, sizeof words / sizeof *words);
    sip_write_end(w);
}

static bool has_ends(struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr("()<>", text.at[i], 4))
            return true;
    return false;
}

void sip_sdp_write_contact(struct sip_writer *w, char type, const struct sip_sdp_contact *contact)
{
    if ((type != 'e' && type != 'p') || contact->address.len == 0 || has_ends(contact->address) ||
        has_ends(contact->name))
        refuse(w);
    begin(w, type);
    sip_write_piece(w, contact->address);
    if (contact->name.len > 0) {
        sip_write_text(w, " (");
        sip_write_piece(w, contact->name);
        sip_write_text(w, ")");
    }
    sip_write_end(w);
}

static void write_amount(struct sip_writer *w, const struct sip_amount *amount, uint32_t max)
{
    if (!amount->given)
        return;
    if (amount->value > max)
        refuse(w);
    sip_write_text(w, "/");
    sip_write_decimal(w, amount->value);
}

void sip_sdp_write_connection_line(struct sip_writer *w,
                                   const struct sip_sdp_connection *connection)
{
    const struct sip_str words[] = {connection->network_type, connection->address_type,
                                    connection->address};
    bool ip4 = sip_str_is(connection->address_type, "IP4");

    if ((connection->count.given &&
         (connection->count.value == 0 || connection->ttl.given != ip4)) ||
        (connection->ttl.given && !ip4))
        refuse(w); /* only IP4 has a TTL, and there the number stands behind it */
    begin(w, 'c');
    write_words(w, words, sizeof words / sizeof *words);
    write_amount(w, &connection->ttl, 255);
    write_amount(w, &connection->count, UINT16_MAX);
    sip_write_end(w);
}

void sip_sdp_write_bandwidth(struct sip_writer *w, const struct sip_sdp_bandwidth *bandwidth)
{
    begin(w, 'b');
    write_word(w, bandwidth->type);
    sip_write_text(w, ":");
    sip_write_decimal(w, bandwidth->value);
    sip_write_end(w);
}

/* time = POS-DIGIT 9*DIGIT, or 0 (§9) */
static void write_moment(struct sip_writer *w, uint64_t time_s)
{
    if (time_s != 0 && time_s < 1000000000)
        refuse(w);
    sip_write_decimal(w, time_s);
}

void sip_sdp_write_time(struct sip_writer *w, const struct sip_sdp_time *time)
{
    begin(w, 't');
    write_moment(w, time->start_s);
    sip_write_text(w, " ");
    write_moment(w, time->stop_s);
    sip_write_end(w);
}

void sip_sdp_write_repeat(struct sip_writer *w, const struct sip_sdp_repeat *repeat)
{
    struct sip_str rest = repeat->offsets;
    uint32_t offset_s;

    if (repeat->interval_s == 0 || !rest.at)
        refuse(w);
    begin(w, 'r');
    sip_write_decimal(w, repeat->interval_s);
    sip_write_text(w, " ");
    sip_write_decimal(w, repeat->duration_s);
    while (sip_sdp_next_offset(&rest, &offset_s)) {
        sip_write_text(w, " ");
        sip_write_decimal(w, offset_s);
    }
    if (rest.at)
        refuse(w);
    sip_write_end(w);
}

void sip_sdp_write_zones(struct sip_writer *w, const struct sip_sdp_zone *zones, size_t count)
{
    if (count == 0)
        refuse(w);
    begin(w, 'z');
    for (size_t i = 0; i < count; i++) {
        int64_t offset_s = zones[i].offset_s;

        if (i > 0)
            sip_write_text(w, " ");
        write_moment(w, zones[i].time_s);
        sip_write_text(w, offset_s < 0 ? " -" : " ");
        sip_write_decimal(w, (uint64_t)(offset_s < 0 ? -offset_s : offset_s));
    }
    sip_write_end(w);
}

void sip_sdp_write_key(struct sip_writer *w, const struct sip_param *key)
{
    begin(w, 'k');
    write_word(w, key->name);
    if (key->value.at) {
        if (key->value.len == 0)
            refuse(w);
        sip_write_text(w, ":");
        sip_write_piece(w, key->value);
    }
    sip_write_end(w);
}

/* media SP port ["/" integer] SP proto 1*(SP fmt) */
void sip_sdp_write_media(struct sip_writer *w, const struct sip_sdp_media *media)
{
    begin(w, 'm');
    write_word(w, media->kind);
    sip_write_text(w, " ");
    sip_write_decimal(w, media->port);
    if (media->ports > 1) {
        sip_write_text(w, "/");
        sip_write_decimal(w, media->ports);
    }
    sip_write_text(w, " ");
    write_word(w, media->protocol);
    if (media->formats.len == 0)
        refuse(w);
    sip_write_text(w, " ");
    sip_write_piece(w, media->formats);
    sip_write_end(w);
}

static void write_lines(struct sip_writer *w, struct sip_str lines)
{
    struct sip_sdp_line line;

    while (sip_sdp_next_any_line(&lines, &line))
        sip_sdp_write_line(w, line.type, line.value);
}

void sip_sdp_write(struct sip_writer *w, const struct sip_sdp *sdp)
{
    write_lines(w, sdp->lines);
    for (size_t i = 0; i < sdp->media_count; i++) {
        sip_sdp_write_media(w, &sdp->media[i]);
        write_lines(w, sdp->media[i].lines);
    }
}
