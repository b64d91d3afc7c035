/* Addresses: one by one, strictly and with exceptions (sip/tolerance.h), and as comma lists. */
#include "value.h"
#include "lenient.h"
#include "sip/fields_call.h"

static void write_address(struct sip_writer *writer, const struct sip_address *address)
{
    sip_write_received(writer, address->display);
    sip_write_text(writer, address->brackets ? "<" : "");
    sip_write_received(writer, address->uri);
    sip_write_text(writer, address->brackets ? ">" : "");
    sip_write_text(writer, address->params.at ? ";" : "");
    sip_write_received(writer, address->params);
}

/* Route, Contact ...: all addresses of a comma list. */
struct addresses {
    struct sip_str all;
};

static int addresses_parse(struct addresses *got, struct sip_str value, struct sip_fault *fault)
{
    struct sip_fault refused = {SIP_EMPTY_VALUE, SIP_HEADER_OTHER, 0};
    struct sip_str rest = value, element;
    struct sip_address address;
    size_t rounds = 0;

    while (sip_list_next(&rest, &element)) {
        require(++rounds <= value.len + 1 && is_inside(element, value));
        require(element.len == 0 || (element.at[0] != ' ' && element.at[element.len - 1] != ' '));
        if (sip_address_parse(&address, element, &refused) != 0) {
            refused.offset += (uint32_t)(element.at - value.at);
            *fault = refused;
            return SIP_EBAD;
        }
    }
    if (rounds > 0) {
        got->all = value;
        return 0;
    }
    *fault = refused;
    return SIP_EBAD;
}

static void look_all(struct eye *eye, struct sip_str all)
{
    struct sip_str element;
    struct sip_address address;

    while (sip_list_next(&all, &element)) {
        require(sip_address_parse(&address, element, NULL) == 0);
        look_number(eye, address.brackets);
        look_address(eye, &address);
    }
}

static void write_all(struct sip_writer *writer, const struct addresses *addresses)
{
    struct sip_str rest = addresses->all, element;
    struct sip_address address;

    for (const char *between = ""; sip_list_next(&rest, &element); between = ", ") {
        require(sip_address_parse(&address, element, NULL) == 0);
        sip_write_text(writer, between);
        write_address(writer, &address);
    }
}

LENIENT(struct sip_address, sip_address_accept)

#define ITS_PARTS look_address(eye, got);

KIND_OF(strict, struct sip_address, sip_address_parse, write_address, ITS_PARTS NUMBER(brackets))
KIND_OF(lenient, struct sip_address, leniently, write_address, ITS_PARTS NUMBER(brackets))
KIND_OF(name_addr, struct sip_address, sip_name_addr_parse, write_address, ITS_PARTS)
KIND_OF(list, struct addresses, addresses_parse, write_all, look_all(eye, got->all);)

GROUP(&strict, &lenient, &name_addr, &list)
