/* Lines of a session description (RFC 8866 §5) on struct sip_writer. */
#include "sdp/line.h"
#include "sip/sdp.h"

static void begin(struct sip_writer *w, char type)
{
    char text[2] = {type, '='};

    sip_write_piece(w, sip_bytes(text, 2));
}

void sip_sdp_write_line(struct sip_writer *w, char type, struct sip_str value)
{
    begin(w, type);
    sip_write_piece(w, value);
    sip_write_end(w);
}

void sip_sdp_write_attribute(struct sip_writer *w, const char *name, struct sip_str value)
{
    begin(w, 'a');
    sip_write_text(w, name);
    if (value.at) {
        sip_write_text(w, ":");
        sip_write_piece(w, value);
    }
    sip_write_end(w);
}

/* nettype SP addrtype SP address (§5.7) */
void sip_sdp_write_connection(struct sip_writer *w, const struct sip_addr *addr)
{
    char text[SIP_ADDR_TEXT];

    begin(w, 'c');
    sip_write_text(w, addr->family == SIP_IPV6 ? "IN IP6 " : "IN IP4 ");
    sip_write_piece(w, sip_bytes(text, sip_addr_text(addr, text)));
    sip_write_end(w);
}

void sip_sdp_write_codec(struct sip_writer *w, uint8_t payload_type, const struct sip_codec *codec)
{
    begin(w, 'a');
    sip_write_text(w, "rtpmap:");
    sip_write_decimal(w, payload_type);
    sip_write_text(w, " ");
    sip_write_text(w, codec->name);
    sip_write_text(w, "/");
    sip_write_decimal(w, codec->clock_rate);
    if (codec->channels > 1) {
        sip_write_text(w, "/");
        sip_write_decimal(w, codec->channels);
    }
    sip_write_end(w);
    if (!codec->fmtp)
        return;
    begin(w, 'a');
    sip_write_text(w, "fmtp:");
    sip_write_decimal(w, payload_type);
    sip_write_text(w, " ");
    sip_write_text(w, codec->fmtp);
    sip_write_end(w);
}

void sip_sdp_write_direction(struct sip_writer *w, enum sip_sdp_direction direction)
{
    sip_sdp_write_attribute(w, sip_sdp_directions[direction & 3], (struct sip_str){NULL, 0});
}
