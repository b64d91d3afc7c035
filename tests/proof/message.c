/* Whole messages: start line, fields, body. */
#include <limits.h>

#include "proof.h"
#include "sip/message.h"

#define FIELDS_MAX 32

/* A table of any size up to FIELDS_MAX, all of its rows initialised. */
static void parse(struct sip_str text, enum sip_framing framing)
{
    struct sip_field fields[FIELDS_MAX];
    struct sip_message message;
    struct sip_fault fault;

    Frama_C_make_unknown((char *)fields, sizeof fields);
    sip_message_init(&message, fields, (uint16_t)Frama_C_interval(0, FIELDS_MAX));
    message.tolerate = (uint16_t)Frama_C_interval(0, UINT16_MAX);
    sip_message_parse(&message, text, framing, &fault);
}

/* Line ends before the start line: none, or so many that are followed by another byte than CR. How
 * many they are has to be one number for each run, as all positions count from there. */
static void behind_line_ends(struct sip_str text, enum sip_framing framing)
{
    char *at = (char *)text.at;

    if (text.len == 0)
        return;
    at[0] = (char)Frama_C_interval(CHAR_MIN, '\r' - 1);
    parse(text, framing);
    at[0] = (char)Frama_C_interval('\r' + 1, CHAR_MAX);
    parse(text, framing);
}

static void datagram(struct sip_str text)
{
    behind_line_ends(text, SIP_DATAGRAM);
}
PROOF(datagram)

static void stream(struct sip_str text)
{
    behind_line_ends(text, SIP_STREAM);
}
PROOF(stream)

static void names(struct sip_str text)
{
    sip_header_of(text);
    sip_method_of(text);
    sip_header_name((enum sip_header)Frama_C_interval(INT_MIN, INT_MAX));
    sip_header_flags((enum sip_header)Frama_C_interval(INT_MIN, INT_MAX));
    sip_method_text((enum sip_method)Frama_C_interval(INT_MIN, INT_MAX));
}
PROOF(names)
