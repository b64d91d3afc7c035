/* Parameters that are known by name: each grammar has a table of them, which its parser and its
 * writer share.
 *
 * All else is generic-param (RFC 3261 §25.1). A known parameter has to be what its table says, and
 * may stand once (§7.3.1). */
#ifndef SIP_MESSAGE_KNOWN_H
#define SIP_MESSAGE_KNOWN_H

#include "message/scan.h"
#include "sip/fields.h"
#include "sip/writer.h"

/* What the value has to be, and the member it is stored in. */
enum known_kind {
    KNOWN_FLAG,   /* without a value: bool */
    KNOWN_NUMBER, /* 1*DIGIT up to `max`: struct sip_amount */
    KNOWN_QVALUE, /* qvalue, in thousandths: struct sip_amount */
    KNOWN_TOKEN,  /* token: struct sip_str, as the following */
    KNOWN_QUOTED, /* quoted-string, with its quotes */
    KNOWN_TEXT,   /* token / quoted-string, with its quotes */
    KNOWN_VALUE,  /* gen-value, or none: then the text is empty */
    KNOWN_HOST,   /* host */
    KNOWN_INDEX,  /* 1*DIGIT *( "." 1*DIGIT ) (RFC 7044 §5) */
    KNOWN_URI     /* LAQUOT absoluteURI RAQUOT, without its brackets (RFC 8224 §4) */
};

struct known {
    struct sip_str name; /* in lower case */
    enum known_kind kind;
    uint16_t at; /* of the member in the struct */
    uint32_t max;
};

#define KNOWN_NO_PARAMS UINT16_MAX

struct known_params {
    const struct known *rows;
    uint16_t count;  /* 31 at most */
    uint16_t params; /* the member with the text of them all, or KNOWN_NO_PARAMS */
    bool gen_values; /* any gen-value may stand in the place of a parameter (RFC 7315 §5.4) */
};

/* A row for `member` of `type`; a name as a literal. */
#define KNOWN(name, kind, type, member)                                                            \
    {                                                                                              \
        {name, sizeof name - 1}, kind, offsetof(type, member), UINT32_MAX                          \
    }
#define KNOWN_UP_TO(max, name, type, member)                                                       \
    {                                                                                              \
        {name, sizeof name - 1}, KNOWN_NUMBER, offsetof(type, member), max                         \
    }
#define KNOWN_PARAMS(rows, type, member)                                                           \
    {                                                                                              \
        rows, sizeof(rows) / sizeof *(rows), offsetof(type, member), false                         \
    }

/* *( SEMI ( known / generic-param ) ) up to the end, into the struct at `into`. */
bool sip_scan_known(struct scan *s, const struct known_params *known, void *into);

/* The same for a value that is nothing but parameters: the first one has no SEMI before it. */
bool sip_scan_known_only(struct scan *s, const struct known_params *known, void *into);

/* Writes the members that are there, in the order of the table, and then those of `params` that are
 * not in it. A member that is not what its row says is SIP_EINVAL. */
void sip_write_known(struct sip_writer *, const struct known_params *known, const void *from);
void sip_write_known_only(struct sip_writer *, const struct known_params *known, const void *from);

/* Notes the error, unless there was one before. */
void sip_write_fail(struct sip_writer *, int error);

/* The first part of a value on its way out: `good` says that its parser would take it. */
void sip_write_first(struct sip_writer *, struct sip_str text, bool good);

/* True when a scan of one piece takes all of `text`. */
bool sip_scan_whole(struct sip_str text, bool (*piece)(struct scan *, struct sip_str *));

/* name-addr / addr-spec, without parameters (address.c), and how it is written. */
bool sip_scan_address(struct scan *s, struct sip_address *address);
void sip_write_name_addr(struct sip_writer *, const struct sip_address *address);

/* callid = word [ "@" word ] */
bool sip_scan_call_id(struct scan *s, struct sip_str *call_id);

/* LAQUOT absoluteURI RAQUOT; `*uri` is without the brackets. */
bool sip_scan_uri_in_brackets(struct scan *s, struct sip_str *uri);

#endif
