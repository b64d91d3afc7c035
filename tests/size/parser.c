/* What tests/size.sh links to weigh the parser: a message is split, checked, and all that a user
 * agent always needs of it is read (tests/bench/README.md calls that "full"). With -DWITH_SDP the
 * body too, with -DWITH_ALL every value of every header the library knows. */
#include "sip/message.h"
#include "sip/sdp.h"

static struct sip_field fields[64];
static struct sip_message message;
static struct sip_essentials essentials;
static struct sip_address address;
static struct sip_auth auth;
static struct sip_fault fault;
static struct sip_via via;
static uint32_t seconds;

static bool read_header(enum sip_header id)
{
    struct sip_values values;
    struct sip_str value, fields_left;
    struct sip_param param;
    bool good = true;

    sip_values_begin(&values, &message, id);
    while (good && sip_values_next(&values, &value)) {
        if (id == SIP_HEADER_VIA) {
            good = sip_via_parse(&via, value, &fault) == 0;
        } else if (id == SIP_HEADER_EXPIRES) {
            good = sip_number_parse(&seconds, value, UINT32_MAX, &fault) == 0;
        } else if (id == SIP_HEADER_AUTHORIZATION) {
            good = sip_auth_parse(&auth, value, &fault) == 0;
            for (fields_left = auth.fields; good && sip_auth_next(&fields_left, &param);)
                ;
        } else {
            good = sip_address_parse(&address, value, &fault) == 0;
        }
    }
    return good;
}

#ifdef WITH_SDP
static struct sip_sdp_media media[4];
static struct sip_sdp sdp;
static struct sip_sdp_format format;
static struct sip_str ptime;

static bool read_body(void)
{
    struct sip_str formats, name;

    sip_sdp_init(&sdp, media, 4);
    if (sip_sdp_parse(&sdp, message.body, &fault) != 0)
        return false;
    for (size_t i = 0; i < sdp.media_count; i++) {
        formats = media[i].formats;
        while (sip_sdp_next_format(&formats, &name))
            sip_sdp_describe(&media[i], name, &format);
        ptime = sip_sdp_attribute(media[i].lines, "ptime");
    }
    return true;
}
#endif

int parse(const char *bytes, size_t len);

int parse(const char *bytes, size_t len)
{
    static const uint8_t needed[] = {SIP_HEADER_VIA, SIP_HEADER_CONTACT, SIP_HEADER_RECORD_ROUTE,
                                     SIP_HEADER_EXPIRES, SIP_HEADER_AUTHORIZATION};
    struct sip_str text = {bytes, len};

    sip_message_init(&message, fields, 64);
    if (sip_message_parse(&message, text, SIP_DATAGRAM, &fault) <= 0 ||
        sip_message_check(&message, &essentials, &fault) != 0)
        return 1;
    for (size_t i = 0; i < sizeof needed; i++)
        if (!read_header((enum sip_header)needed[i]))
            return 1;
#ifdef WITH_ALL
    if (sip_message_check_values(&message, &fault) != 0)
        return 1;
#endif
#ifdef WITH_SDP
    if (!read_body())
        return 1;
#endif
    return 0;
}
