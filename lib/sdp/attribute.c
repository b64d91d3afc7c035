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
            *value = sip_bytes(line.at + 2, line.len - 2);
            return true;
        }
    }
    return false;
}

/* attribute = name [":" value] */
static bool is_named(struct sip_str attribute, struct sip_str name, struct sip_str *value)
{
    if (attribute.len < name.len || memcmp(attribute.at, name.at, name.len) != 0)
        return false;
    if (attribute.len == name.len) {
        *value = sip_bytes(attribute.at + name.len, 0);
        return true;
    }
    if (attribute.at[name.len] != ':')
        return false;
    *value = sip_bytes(attribute.at + name.len + 1, attribute.len - name.len - 1);
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
static const struct {
    uint8_t payload_type;
    uint8_t channels;
    char name[6];
    uint32_t clock_rate;
} static_types[] = {
    {0, 1, "PCMU", 8000},   {3, 1, "GSM", 8000},   {4, 1, "G723", 8000},  {5, 1, "DVI4", 8000},
    {6, 1, "DVI4", 16000},  {7, 1, "LPC", 8000},   {8, 1, "PCMA", 8000},  {9, 1, "G722", 8000},
    {10, 2, "L16", 44100},  {11, 1, "L16", 44100}, {12, 1, "QCELP", 8000}, {13, 1, "CN", 8000},
    {14, 1, "MPA", 90000},  {15, 1, "G728", 8000}, {16, 1, "DVI4", 11025}, {17, 1, "DVI4", 22050},
    {18, 1, "G729", 8000},  {25, 1, "CelB", 90000}, {26, 1, "JPEG", 90000}, {28, 1, "nv", 90000},
    {31, 1, "H261", 90000}, {32, 1, "MPV", 90000}, {33, 1, "MP2T", 90000}, {34, 1, "H263", 90000},
};

bool sip_sdp_static_format(uint8_t payload_type, struct sip_sdp_format *format)
{
    for (size_t i = 0; i < sizeof static_types / sizeof *static_types; i++) {
        if (static_types[i].payload_type == payload_type) {
            format->name = sip_str(static_types[i].name);
            format->clock_rate = static_types[i].clock_rate;
            format->channels = static_types[i].channels;
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
    if (!sip_sdp_number(type, 127, &type_number) || name.len == 0 ||
        !sip_sdp_number(rate, UINT32_MAX, &rate_number) || rate_number == 0)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!sip_sdp_is_token_byte(name.at[i]))
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
