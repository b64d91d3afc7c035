#include "message/known.h"
#include "sip/fields_call.h"

/* --- Session-ID --- */

static const struct known session_rows[] = {
    KNOWN("remote", KNOWN_TOKEN, struct sip_session_id, remote),
};
static const struct known_params session_params =
    KNOWN_PARAMS(session_rows, struct sip_session_id, params);

/* sess-uuid = 32( DIGIT / %x61-66 ), from the cursor on. */
static bool scan_uuid(struct scan *s, struct sip_str *uuid)
{
    size_t from = s->at;

    for (unsigned i = 0; i < 32; i++) {
        int c = sip_scan_byte(s, from + i);
        if (!sip_scan_is(c, SCAN_HEX) || (c >= 'A' && c <= 'F'))
            return sip_scan_no(s, from + i, SIP_BAD_TOKEN);
    }
    *uuid = sip_scan_slice(s, from, from + 32);
    s->at = from + 32;
    return true;
}

/* The remote-uuid, whose place and end are known. */
static bool check_remote(struct scan *s, struct sip_str remote)
{
    struct scan part = sip_scan_part(s, remote);
    struct sip_str uuid = {NULL, 0};

    return !remote.at || (scan_uuid(&part, &uuid) && sip_scan_end(&part, SIP_BAD_TOKEN)) ||
           sip_scan_blame(s, &part);
}

/* session-id-value  =  local-uuid *( SEMI sess-id-param )
 * sess-id-param     =  remote-param / generic-param
 * remote-param      =  "remote" EQUAL remote-uuid
 * local-uuid, remote-uuid  =  32( DIGIT / %x61-66 )                             (RFC 7989 §5) */
int sip_session_id_parse(struct sip_session_id *id, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_session_id got = {0};

    if (!scan_uuid(&s, &got.local) || !sip_scan_known(&s, &session_params, &got) ||
        !check_remote(&s, got.remote))
        return sip_scan_refuse(&s, SIP_HEADER_SESSION_ID, fault);
    *id = got;
    return 0;
}

void sip_write_session_id(struct sip_writer *writer, const struct sip_session_id *id)
{
    bool good = sip_scan_whole(id->local, scan_uuid) &&
                (!id->remote.at || sip_scan_whole(id->remote, scan_uuid));

    sip_write_first(writer, id->local, good);
    sip_write_known(writer, &session_params, id);
}

/* --- Identity --- */

static const struct known identity_rows[] = {
    KNOWN("info", KNOWN_URI, struct sip_identity, info),
    KNOWN("alg", KNOWN_TEXT, struct sip_identity, alg),
    KNOWN("ppt", KNOWN_TEXT, struct sip_identity, ppt),
};
static const struct known_params identity_params =
    KNOWN_PARAMS(identity_rows, struct sip_identity, params);

/* signed-identity-digest  =  1*( base64-char / "." )
 * base64-char             =  ALPHA / DIGIT / "/" / "+"
 *
 * Base64 ends in "=", and RFC 8225's base64url has "-" and "_": all of them are taken. */
static bool scan_digest(struct scan *s, struct sip_str *digest)
{
    size_t from = s->at, at = from;

    for (;; at++) {
        int c = sip_scan_byte(s, at);
        if (!sip_scan_is(c, SCAN_ALPHA | SCAN_DIGIT) && c != '/' && c != '+' && c != '.' &&
            c != '=' && c != '-' && c != '_')
            break;
    }
    if (at == from)
        return sip_scan_no(s, at, SIP_BAD_TOKEN);
    *digest = sip_scan_slice(s, from, at);
    s->at = at;
    return true;
}

/* Identity             =  signed-identity-digest SEMI ident-info *( SEMI ident-info-params )
 * ident-info           =  "info" EQUAL LAQUOT absoluteURI RAQUOT
 * ident-info-params    =  ident-info-alg / ident-type / ident-info-extension
 * ident-info-alg       =  "alg" EQUAL token
 * ident-type           =  "ppt" EQUAL token                                     (RFC 8224 §4)
 *
 * Many write alg and ppt as quoted strings; any order of the parameters is taken. The info may be
 * missing: RFC 4474 had it in a header of its own. */
int sip_identity_parse(struct sip_identity *identity, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_identity got = {0};

    if (!scan_digest(&s, &got.digest) || !sip_scan_known(&s, &identity_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_IDENTITY, fault);
    *identity = got;
    return 0;
}

void sip_write_identity(struct sip_writer *writer, const struct sip_identity *identity)
{
    sip_write_first(writer, identity->digest, sip_scan_whole(identity->digest, scan_digest));
    sip_write_known(writer, &identity_params, identity);
}
