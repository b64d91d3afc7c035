/* The ABNF of RFC 3261 §25.1 up to the parameters, production by production, for the tests alone.
 * It shares no line with lib/, so that an error there is not made twice.
 *
 * A match_ function moves the cursor over what it matched and returns true; after false the cursor
 * may stand anywhere inside, unless it is said to stay. Folding is not white space here: what we
 * send is never folded. */
#ifndef STRICT_WORDS_H
#define STRICT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
    const char *at, *end;
};

struct piece {
    const char *at;
    size_t len;
};

enum { PARAMS_MAX = 32 };

struct param {
    struct piece name, value;
    bool has_value, quoted;    /* a quoted value is given without its quotes */
};

/* The parameters behind one value, or a digest header's; each name once (§7.3.1). */
struct params {
    int count;
    struct param list[PARAMS_MAX];
};

struct uri {
    struct piece scheme, user, host;
    bool is_sip, has_headers, has_method;
};

struct cursor cursor_of(struct piece piece);
bool is_end(const struct cursor *cursor);
bool piece_is(struct piece piece, const char *text);    /* case-insensitive */

bool is_alnum(char c);
bool is_digit(char c);
bool is_one_of(char c, const char *set);
bool is_word_char(char c);

/* These stay where they are when they do not match. */
bool match_char(struct cursor *cursor, char c);
bool match_lws(struct cursor *cursor);
bool match_separator(struct cursor *cursor, char c);    /* SWS c SWS */
bool match_run(struct cursor *cursor, bool (*is_in)(char), struct piece *run);
bool match_token(struct cursor *cursor, struct piece *token);
bool match_digits(struct cursor *cursor, uint64_t max, uint64_t *number);
bool match_quoted(struct cursor *cursor, struct piece *inside);
bool match_comment(struct cursor *cursor);
bool match_host(struct cursor *cursor, struct piece *host);

bool match_port(struct cursor *cursor);
bool match_text(struct cursor *cursor);                 /* TEXT-UTF8char and LWS up to the end */
bool match_params(struct cursor *cursor, struct params *params);    /* *( SEMI generic-param ) */

/* Whether the whole piece is a SIP-URI, SIPS-URI or absoluteURI. */
bool uri_is_good(struct piece piece, struct uri *uri);

bool add_param(struct params *params, const struct param *param);
const struct param *param_find(const struct params *params, const char *name);

/* Whether the parameter is as `is_good` wants it, or is not there. */
bool is_param(const struct params *params, const char *name, bool (*is_good)(struct param));
bool is_number(struct param param);
bool is_plain_token(struct param param);
bool is_quoted(struct param param);

#endif
