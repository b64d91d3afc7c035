/* What compares two views has entries of its own (texts.c, uris.c) and is taken by its contract in
 * the others: an interval for where a view begins and one for its length say nothing of their sum. */
#ifndef VIEWS_H
#define VIEWS_H

#include "message/uri_text.h"
#include "sip/addr.h"
#include "sip/header.h"

/*@ assigns \result \from a, b;
    ensures \result == 0 || \result == 1; */
bool sip_str_same(struct sip_str a, struct sip_str b);

/*@ assigns \result \from a, b;
    ensures \result == 0 || \result == 1; */
bool sip_str_equal(struct sip_str a, struct sip_str b);

/*@ assigns \result \from a, text;
    ensures \result == 0 || \result == 1; */
bool sip_str_is(struct sip_str a, const char *text);

/*@ assigns \result \from name;
    ensures 0 <= \result < SIP_METHOD_COUNT; */
enum sip_method sip_method_of(struct sip_str name);

/*@ assigns \result \from name;
    ensures 0 <= \result < SIP_HEADER_COUNT; */
enum sip_header sip_header_of(struct sip_str name);

/*@ assigns \result \from a, b, letters;
    ensures \result == 0 || \result == 1; */
bool sip_uri_text_same(struct sip_str a, struct sip_str b, enum sip_case letters);

/*@ assigns \result, *addr \from host;
    ensures \result == 0 || \result < 0; */
int sip_addr_parse(struct sip_addr *addr, struct sip_str host);

#endif
