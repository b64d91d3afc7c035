/* Reads a message as a person would, by plain text search: what our tests' peers use to look at
 * what they got. Nothing from lib/ in it. A message that is not well formed finds nothing.
 *
 * Strings that are returned stay until sixteen more were asked for; what is not there is "". */
#ifndef READER_H
#define READER_H

#include <stddef.h>

const char *reader_start_line(const char *bytes, size_t len);
const char *reader_method(const char *bytes, size_t len);     /* of a request, else "" */
const char *reader_target(const char *bytes, size_t len);     /* the Request-URI */
int reader_status(const char *bytes, size_t len);             /* 0 for a request */

/* The value of the header field's line `number`, counted from 0, written long or compact; a folded
 * line comes unfolded. A comma list on one line is one value: reader_element() takes it apart. */
const char *reader_header(const char *bytes, size_t len, const char *name, int number);
int reader_count(const char *bytes, size_t len, const char *name);

/* What stands after the empty line. */
const char *reader_body(const char *bytes, size_t len, size_t *body_len);

/* Of a value: element `number` of a comma list; its URI, with or without brackets; a parameter
 * behind it, unquoted ("" too when it has no value); whether it has the parameter. */
const char *reader_element(const char *value, int number);
const char *reader_uri(const char *value);
const char *reader_param(const char *value, const char *name);
int reader_has_param(const char *value, const char *name);

/* A parameter of a digest header, unquoted. */
const char *reader_digest(const char *value, const char *name);

#endif
