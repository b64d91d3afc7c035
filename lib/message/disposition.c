#include "message/known.h"
#include "sip/fields_content.h"

static const struct known rows[] = {
    KNOWN("handling", KNOWN_TOKEN, struct sip_disposition, handling),
};
static const struct known_params params = KNOWN_PARAMS(rows, struct sip_disposition, params);

/* Content-Disposition  =  disp-type *( SEMI disp-param )                              (§20.11)
 * disp-type            =  "render" / "session" / "icon" / "alert" / token
 * disp-param           =  handling-param / generic-param
 * handling-param       =  "handling" EQUAL ( "optional" / "required" / token ) */
int sip_disposition_parse(struct sip_disposition *disposition, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_disposition got = {0};

    if (!sip_scan_token(&s, &got.type) || !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_CONTENT_DISPOSITION, fault);
    *disposition = got;
    return 0;
}

void sip_write_disposition(struct sip_writer *writer, const struct sip_disposition *disposition)
{
    sip_write_first(writer, disposition->type, sip_scan_whole(disposition->type, sip_scan_token));
    sip_write_known(writer, &params, disposition);
}

static const struct known_params media_params = {NULL, 0, offsetof(struct sip_media_type, params),
                                                 false};

void sip_write_media_type(struct sip_writer *writer, const struct sip_media_type *media)
{
    sip_write_first(writer, media->type, sip_scan_whole(media->type, sip_scan_token));
    sip_write_text(writer, "/");
    sip_write_first(writer, media->subtype, sip_scan_whole(media->subtype, sip_scan_token));
    sip_write_known(writer, &media_params, media);
}
