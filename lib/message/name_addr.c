/* Addresses with parameters of their own beyond those of every address (address.c). */
#include "message/known.h"
#include "sip/fields_call.h"
#include "sip/fields_ims.h"

/* name-addr: the angle brackets have to be there. */
static bool scan_brackets(struct scan *s, struct sip_address *address)
{
    return sip_scan_address(s, address) &&
           (address->brackets ||
            sip_scan_no(s, sip_scan_offset(s, address->uri), SIP_BAD_BRACKETS));
}

/* name-addr *( SEMI generic-param ): path-value (RFC 3327 §4), sr-value (RFC 3608 §5),
 * p-aso-uri-spec and called-pty-id-spec (RFC 7315 §5.1, §5.2). */
int sip_name_addr_parse(struct sip_address *address, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_address got = {0};

    if (!scan_brackets(&s, &got) || !sip_scan_params(&s, &got.params))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *address = got;
    return 0;
}

/* display-name = *(token LWS) / quoted-string */
static bool is_display(struct sip_str text)
{
    struct scan s = sip_scan_of(text);
    struct sip_str piece = {NULL, 0};

    if (sip_scan_peek(&s) == '"')
        return sip_scan_quoted(&s, &piece) && s.at >= s.len;
    while (s.at < s.len) {
        if (!sip_scan_token(&s, &piece))
            return false;
        sip_scan_sws(&s);
    }
    return true;
}

/* A URI that leaves its brackets would end before its end; a display name that should have its
 * quotes, as it may be when it was let pass (sip/tolerance.h), gets them. */
void sip_write_name_addr(struct sip_writer *writer, const struct sip_address *address)
{
    struct sip_uri uri;
    struct scan s = sip_scan_of(address->uri);

    s.tolerate = SIP_TOLERATE_DEFAULT;
    if (address->display.len > 0) {
        if (is_display(address->display))
            sip_write_received(writer, address->display);
        else
            sip_write_quoted(writer, address->display);
        sip_write_text(writer, " ");
    }
    sip_write_text(writer, "<");
    sip_write_first(writer, address->uri, sip_scan_uri(&s, SCAN_END, &uri));
    sip_write_text(writer, ">");
}

/* --- Referred-By --- */

static const struct known referred_rows[] = {
    KNOWN("cid", KNOWN_QUOTED, struct sip_referred_by, cid),
};
static const struct known_params referred_params =
    KNOWN_PARAMS(referred_rows, struct sip_referred_by, address.params);

/* Referred-By          =  referrer-uri *( SEMI ( referredby-id-param / generic-param ) )
 * referrer-uri         =  ( name-addr / addr-spec )
 * referredby-id-param  =  "cid" EQUAL sip-clean-msg-id
 * sip-clean-msg-id     =  LDQUOT dot-atom "@" ( dot-atom / host ) RDQUOT        (RFC 3892 §5)
 *
 * Of the cid only the quotes are looked at. */
int sip_referred_by_parse(struct sip_referred_by *referred, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_referred_by got = {0};

    if (!sip_scan_address(&s, &got.address) || !sip_scan_known(&s, &referred_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_REFERRED_BY, fault);
    *referred = got;
    return 0;
}

void sip_write_referred_by(struct sip_writer *writer, const struct sip_referred_by *referred)
{
    sip_write_name_addr(writer, &referred->address);
    sip_write_known(writer, &referred_params, referred);
}

/* --- Diversion --- */

static const struct known diversion_rows[] = {
    KNOWN("reason", KNOWN_TEXT, struct sip_diversion, reason),
    KNOWN_UP_TO(99, "counter", struct sip_diversion, counter),
    KNOWN_UP_TO(99, "limit", struct sip_diversion, limit),
    KNOWN("privacy", KNOWN_TEXT, struct sip_diversion, privacy),
    KNOWN("screen", KNOWN_TEXT, struct sip_diversion, screen),
};
static const struct known_params diversion_params =
    KNOWN_PARAMS(diversion_rows, struct sip_diversion, address.params);

/* Diversion            =  1# ( name-addr *( ";" diversion-params ) )
 * diversion-reason     =  "reason" "=" ( "unknown" / "user-busy" ... / token / quoted-string )
 * diversion-counter    =  "counter" "=" 1*2DIGIT
 * diversion-limit      =  "limit" "=" 1*2DIGIT
 * diversion-privacy    =  "privacy" "=" ( "full" / "name" / "uri" / "off" / token / quoted-string )
 * diversion-screen     =  "screen" "=" ( "yes" / "no" / token / quoted-string )
 * diversion-extension  =  token [ "=" ( token / quoted-string ) ]               (RFC 5806 §7) */
int sip_diversion_parse(struct sip_diversion *diversion, struct sip_str value,
                        struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_diversion got = {0};

    if (!scan_brackets(&s, &got.address) || !sip_scan_known(&s, &diversion_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_DIVERSION, fault);
    *diversion = got;
    return 0;
}

void sip_write_diversion(struct sip_writer *writer, const struct sip_diversion *diversion)
{
    sip_write_name_addr(writer, &diversion->address);
    sip_write_known(writer, &diversion_params, diversion);
}

/* --- History-Info --- */

static const struct known history_rows[] = {
    KNOWN("index", KNOWN_INDEX, struct sip_history_info, index),
    KNOWN("rc", KNOWN_INDEX, struct sip_history_info, rc),
    KNOWN("mp", KNOWN_INDEX, struct sip_history_info, mp),
    KNOWN("np", KNOWN_INDEX, struct sip_history_info, np),
};
static const struct known_params history_params =
    KNOWN_PARAMS(history_rows, struct sip_history_info, address.params);

/* hi-entry         =  hi-targeted-to-uri *( SEMI hi-param ), the first a name-addr
 * hi-param         =  hi-index / hi-target-param / hi-extension
 * hi-index         =  "index" EQUAL index-val
 * hi-target-param  =  ( "rc" / "mp" / "np" ) EQUAL index-val                    (RFC 7044 §5) */
int sip_history_info_parse(struct sip_history_info *entry, struct sip_str value,
                           struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_history_info got = {0};

    if (!scan_brackets(&s, &got.address) || !sip_scan_known(&s, &history_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_HISTORY_INFO, fault);
    *entry = got;
    return 0;
}

void sip_write_history_info(struct sip_writer *writer, const struct sip_history_info *entry)
{
    sip_write_name_addr(writer, &entry->address);
    sip_write_known(writer, &history_params, entry);
}

/* --- P-Served-User --- */

static const struct known served_rows[] = {
    KNOWN("sescase", KNOWN_TOKEN, struct sip_served_user, sescase),
    KNOWN("regstate", KNOWN_TOKEN, struct sip_served_user, regstate),
};
static const struct known_params served_params =
    KNOWN_PARAMS(served_rows, struct sip_served_user, address.params);

/* P-Served-User             =  PServedUser-value *( SEMI served-user-param )
 * PServedUser-value         =  name-addr / addr-spec
 * sessioncase-param         =  "sescase" EQUAL "orig" / "term"
 * registration-state-param  =  "regstate" EQUAL "unreg" / "reg"                 (RFC 5502 §7.2) */
int sip_served_user_parse(struct sip_served_user *user, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_served_user got = {0};

    if (!sip_scan_address(&s, &got.address) || !sip_scan_known(&s, &served_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_P_SERVED_USER, fault);
    *user = got;
    return 0;
}

void sip_write_served_user(struct sip_writer *writer, const struct sip_served_user *user)
{
    sip_write_name_addr(writer, &user->address);
    sip_write_known(writer, &served_params, user);
}
