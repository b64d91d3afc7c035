#include "base/bytes.h"
#include "message/known.h"
#include "sip/fields_reach.h"

/* In the order of the bits of enum sip_directive. */
static const struct sip_str names[] = {
    {"proxy", 5},    {"redirect", 8},    {"cancel", 6},  {"no-cancel", 9},
    {"fork", 4},     {"no-fork", 7},     {"recurse", 7}, {"no-recurse", 10},
    {"parallel", 8}, {"sequential", 10}, {"queue", 5},   {"no-queue", 8},
};
#define NAMES (sizeof names / sizeof *names)

/* directive  =  proxy-directive / cancel-directive / fork-directive / recurse-directive
 *            /  parallel-directive / queue-directive, each one of two words     (RFC 3841 §10) */
int sip_directive_parse(enum sip_directive *directive, struct sip_str value,
                        struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str word = {NULL, 0};
    unsigned i = 0;

    if (!sip_scan_token(&s, &word) || !sip_scan_end(&s, SIP_TRAILING))
        return sip_scan_refuse(&s, SIP_HEADER_REQUEST_DISPOSITION, fault);
    while (i < NAMES && !sip_str_same(word, names[i]))
        i++;
    if (i >= NAMES) {
        sip_scan_no(&s, 0, SIP_BAD_TOKEN);
        return sip_scan_refuse(&s, SIP_HEADER_REQUEST_DISPOSITION, fault);
    }
    *directive = (enum sip_directive)(1u << i);
    return 0;
}

void sip_write_directives(struct sip_writer *writer, unsigned directives)
{
    bool first = true;

    for (unsigned i = 0; i < NAMES; i++) {
        if (!(directives & 1u << i))
            continue;
        if (!first)
            sip_write_text(writer, ", ");
        first = false;
        sip_write_piece(writer, names[i]);
    }
    if (first)
        sip_write_fail(writer, SIP_EINVAL);
}
