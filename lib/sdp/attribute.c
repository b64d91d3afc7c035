/* Looking things up in the lines of a parsed description: attributes, formats, payload types. */
#include "sdp/attribute.h"
#include "sdp/line.h"

bool sip_sdp_next_line(struct sip_str *rest, char type, struct sip_str *value)
{
    struct sip_str line;

    while (sip_sdp_next_word(rest, '\n', &line)) {
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if (line.len >= 2 && line.at[0] == type && line.at[1] == '=') {
            value->at = line.at + 2;
            value->len = line.len - 2;
            return true;
        }
    }
    return false;
}

/* attribute = name [":" value] */
static bool is_named(struct sip_str attribute, struct sip_str name, struct sip_str *value)
{
    struct sip_str word;

    sip_sdp_next_word(&attribute, ':', &word);
    if (!sip_str_equal(word, name))
        return false;
    if (!attribute.at)
        attribute.at = word.at + word.len;
    *value = attribute;
    return true;
}

bool sip_sdp_next_attribute(struct sip_str *rest, const char *name, struct sip_str *value)
{
    struct sip_str attribute, wanted = sip_str(name);

    while (sip_sdp_next_line(rest, 'a', &attribute))
        if (is_named(attribute, wanted, value))
            return true;
    return false;
}

struct sip_str sip_sdp_attribute(struct sip_str lines, const char *name)
{
    struct sip_str value = {NULL, 0};

    sip_sdp_next_attribute(&lines, name, &value);
    return value;
}

bool sip_sdp_next_format(struct sip_str *rest, struct sip_str *format)
{
    return rest->len > 0 && sip_sdp_next_word(rest, ' ', format);
}

/* RFC 3551 §6, tables 4 and 5: the types that have an encoding name without an rtpmap. */
static const uint32_t rates[] = {8000, 11025, 16000, 22050, 44100, 90000};

static const struct {
    uint8_t payload_type;
    uint8_t rate; /* in `rates` */
    char name[6];
} static_types[] = {
    {0, 0, "PCMU"},   {3, 0, "GSM"},   {4, 0, "G723"},  {5, 0, "DVI4"},  {6, 2, "DVI4"},
    {7, 0, "LPC"},    {8, 0, "PCMA"},  {9, 0, "G722"},  {10, 4, "L16"},  {11, 4, "L16"},
    {12, 0, "QCELP"}, {13, 0, "CN"},   {14, 5, "MPA"},  {15, 0, "G728"}, {16, 1, "DVI4"},
    {17, 3, "DVI4"},  {18, 0, "G729"}, {25, 5, "CelB"}, {26, 5, "JPEG"}, {28, 5, "nv"},
    {31, 5, "H261"},  {32, 5, "MPV"},  {33, 5, "MP2T"}, {34, 5, "H263"},
};

#define STEREO 10 /* the one payload type of them with two channels */

bool sip_sdp_static_format(uint8_t payload_type, struct sip_sdp_format *format)
{
    for (size_t i = 0; i < sizeof static_types / sizeof *static_types; i++) {
        if (static_types[i].payload_type == payload_type) {
            format->name = sip_str(static_types[i].name);
            format->clock_rate = rates[static_types[i].rate];
            format->channels = payload_type == STEREO ? 2 : 1;
            format->payload_type = payload_type;
            format->fmtp = (struct sip_str){NULL, 0};
            return true;
        }
    }
    return false;
}

/* rtpmap = payload-type SP encoding-name "/" clock-rate ["/" channels] (RFC 8866 §6.6) */
bool sip_sdp_rtpmap(struct sip_str value, struct sip_sdp_format *format)
{
    struct sip_str type, name, rate;
    uint32_t type_number, rate_number, channels = 1;

    sip_sdp_next_word(&value, ' ', &type); /* what is not there has no length */
    sip_sdp_next_word(&value, '/', &name);
    sip_sdp_next_word(&value, '/', &rate);
    if (!sip_sdp_number(type, 127, &type_number) || !sip_sdp_is_token(name) ||
        !sip_sdp_number(rate, UINT32_MAX, &rate_number) || rate_number == 0)
        return false;
    if (value.at && (!sip_sdp_number(value, 255, &channels) || channels == 0))
        return false;
    format->name = name;
    format->clock_rate = rate_number;
    format->channels = (uint8_t)channels;
    format->payload_type = (uint8_t)type_number;
    format->fmtp = (struct sip_str){NULL, 0};
    return true;
}

/* fmtp = payload-type SP parameters (RFC 8866 §6.15) */
struct sip_str sip_sdp_fmtp(struct sip_str lines, uint8_t payload_type)
{
    struct sip_str value, type;
    uint32_t number;

    while (sip_sdp_next_attribute(&lines, "fmtp", &value)) {
        sip_sdp_next_word(&value, ' ', &type);
        if (sip_sdp_number(type, 127, &number) && number == payload_type && value.at)
            return value;
    }
    return (struct sip_str){NULL, 0};
}

bool sip_sdp_describe(const struct sip_sdp_media *media, struct sip_str format,
                      struct sip_sdp_format *out)
{
    struct sip_str rest = media->lines, value;
    struct sip_sdp_format got;
    uint32_t number;
    bool found;

    if (!sip_sdp_number(format, 127, &number))
        return false;
    found = false;
    while (!found && sip_sdp_next_attribute(&rest, "rtpmap", &value))
        found = sip_sdp_rtpmap(value, &got) && got.payload_type == number;
    if (!found && !sip_sdp_static_format((uint8_t)number, &got))
        return false;
    got.fmtp = sip_sdp_fmtp(media->lines, (uint8_t)number);
    *out = got;
    return true;
}
