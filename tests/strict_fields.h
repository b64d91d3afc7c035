/* The header fields of RFC 3261 §25.1, one element of each, and those of RFC 3262, 3323, 3325,
 * 3326, 3327, 3515, 3608, 3891, 3892, 3903, 3911, 4028, 4538, 6086 and 6665; digest as RFC 7616
 * and RFC 8760 have it. For the tests alone, like strict_words.h. */
#ifndef STRICT_FIELDS_H
#define STRICT_FIELDS_H

#include "strict_words.h"

/* What was found in one element. */
struct value {
    struct piece word;     /* a token; the method of CSeq and RAck; the type; the auth scheme */
    uint64_t number;       /* the first number */
    struct uri uri;
    bool star;             /* Contact: * */
    struct params params;
};

typedef bool (*grammar)(struct cursor *cursor, struct value *value);

bool match_via(struct cursor *cursor, struct value *value);
bool match_address(struct cursor *cursor, struct value *value);     /* From, To, Contact ... */
bool match_route(struct cursor *cursor, struct value *value);       /* brackets needed */
bool match_identity(struct cursor *cursor, struct value *value);    /* no parameters */
bool match_info(struct cursor *cursor, struct value *value);        /* no display name either */
bool match_cseq(struct cursor *cursor, struct value *value);
bool match_rack(struct cursor *cursor, struct value *value);
bool match_call_id(struct cursor *cursor, struct value *value);
bool match_replaces(struct cursor *cursor, struct value *value);    /* and Join, Target-Dialog */
bool match_number(struct cursor *cursor, struct value *value);      /* up to 2**32 - 1 */
bool match_number_params(struct cursor *cursor, struct value *value);
bool match_word(struct cursor *cursor, struct value *value);        /* one token */
bool match_word_params(struct cursor *cursor, struct value *value);
bool match_media(struct cursor *cursor, struct value *value);
bool match_media_range(struct cursor *cursor, struct value *value);
bool match_language(struct cursor *cursor, struct value *value);
bool match_privacy(struct cursor *cursor, struct value *value);
bool match_date(struct cursor *cursor, struct value *value);
bool match_timestamp(struct cursor *cursor, struct value *value);
bool match_mime_version(struct cursor *cursor, struct value *value);
bool match_agent(struct cursor *cursor, struct value *value);       /* User-Agent, Server */
bool match_warning(struct cursor *cursor, struct value *value);
bool match_free_text(struct cursor *cursor, struct value *value);
bool match_challenge(struct cursor *cursor, struct value *value);
bool match_credentials(struct cursor *cursor, struct value *value);
bool match_auth_info(struct cursor *cursor, struct value *value);

#endif
