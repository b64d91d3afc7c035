#include "message/known.h"
#include "sip/fields_content.h"

/* Server, User-Agent  =  server-val *( LWS server-val )                      (§20.35, §20.41)
 * server-val          =  product / comment
 * product             =  token [ SLASH product-version ]
 *
 * The white space around a comment is the comment's: none has to be there. */
bool sip_product_next(struct sip_str *rest, struct sip_product *product)
{
    struct scan s = sip_scan_of(*rest);
    struct sip_product got = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    size_t end;

    if (sip_scan_peek(&s) == '(') {
        if (!sip_scan_comment(&s, &got.comment))
            return false;
    } else if (!sip_scan_token(&s, &got.name) ||
               (sip_scan_around(&s, '/', SIP_BAD_TOKEN) && !sip_scan_token(&s, &got.version))) {
        return false;
    }
    end = s.at;
    sip_scan_sws(&s);
    if (s.at == end && s.at < s.len && !got.comment.at && sip_scan_peek(&s) != '(')
        return false;
    *rest = sip_scan_slice(&s, s.at, s.len);
    *product = got;
    return true;
}
