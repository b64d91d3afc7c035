/* URIs on their way out (RFC 3261 §19.1.1, RFC 3966 §3). */
#include "base/memory.h"
#include "message/known.h"
#include "sip/fields_write.h"

/* True when `part` has none of `ends` and nothing that no URI has: white space, control bytes, and
 * what would end it in angle brackets. */
static bool holds(struct sip_str part, const char *ends)
{
    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.at[i];

        if (c <= ' ' || c == 0x7f || memchr("<>\"", c, 3) || memchr(ends, c, strlen(ends)))
            return false;
    }
    return true;
}

/* `before`, and a part that may be missing. */
static void write_part(struct sip_writer *writer, const char *before, struct sip_str part,
                       const char *ends)
{
    if (!part.at)
        return;
    sip_write_text(writer, before);
    sip_write_first(writer, part, holds(part, ends));
}

/* SIP-URI  =  "sip:" [ userinfo ] hostport uri-parameters [ headers ] */
void sip_write_uri(struct sip_writer *writer, const struct sip_uri *uri)
{
    static const char *const names[] = {"", "sip", "sips", "tel"};
    bool other = uri->scheme != SIP_SCHEME_SIP && uri->scheme != SIP_SCHEME_SIPS;

    if ((unsigned)uri->scheme > SIP_SCHEME_TEL || uri->scheme == SIP_SCHEME_OTHER)
        sip_write_first(writer, uri->scheme_name,
                        uri->scheme_name.len > 0 && holds(uri->scheme_name, ":/?#@;"));
    else
        sip_write_text(writer, names[uri->scheme]);
    if (other) {
        sip_write_text(writer, ":");
        sip_write_first(writer, uri->rest, uri->rest.len > 0 && holds(uri->rest, ""));
        return;
    }
    write_part(writer, ":", uri->user, ":@");
    write_part(writer, ":", uri->password, "@");
    sip_write_text(writer, uri->user.at ? "@" : ":");
    sip_write_first(writer, uri->host, uri->host.len > 0 && holds(uri->host, "@;?/"));
    if (uri->port) {
        sip_write_text(writer, ":");
        sip_write_decimal(writer, uri->port);
    }
    write_part(writer, ";", uri->params, "?");
    write_part(writer, "?", uri->headers, "");
}

static bool is_tel_member(struct sip_str name)
{
    return sip_str_is(name, "ext") || sip_str_is(name, "isub") || sip_str_is(name, "phone-context");
}

/* "the 'ext' and 'isub' parameters first, then 'phone-context', then the others" (RFC 3966 §3),
 * these in the order in which they are given. */
void sip_write_tel(struct sip_writer *writer, const struct sip_tel *tel)
{
    struct sip_str rest = tel->params;
    struct sip_param param;

    sip_write_text(writer, "tel:");
    sip_write_first(writer, tel->number,
                    tel->number.len > 0 && holds(tel->number, ";?@:/") &&
                        (tel->number.at[0] == '+') == tel->global &&
                        (tel->global || tel->context.at));
    write_part(writer, ";ext=", tel->extension, ";?@");
    write_part(writer, ";isub=", tel->subaddress, ";?@");
    write_part(writer, ";phone-context=", tel->context, ";?@");
    while (sip_params_next(&rest, &param)) {
        if (is_tel_member(param.name))
            continue;
        write_part(writer, ";", param.name, ";?@");
        write_part(writer, "=", param.value, ";?@");
    }
    if (rest.len > 0)
        sip_write_first(writer, rest, false);
}
