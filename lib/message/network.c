/* P-Visited-Network-ID and P-Access-Network-Info (RFC 7315 §5.3, §5.4). */
#include "message/known.h"
#include "sip/fields_ims.h"

static const struct known_params visited_params = {
    NULL, 0, offsetof(struct sip_visited_network, params), false};

/* vnetwork-spec = ( token / quoted-string ) *( SEMI generic-param ) */
int sip_visited_network_parse(struct sip_visited_network *network, struct sip_str value,
                              struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_visited_network got = {0};

    if (!sip_scan_token_or_quoted(&s, &got.id) || !sip_scan_known(&s, &visited_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_P_VISITED_NETWORK_ID, fault);
    *network = got;
    return 0;
}

void sip_write_visited_network(struct sip_writer *writer, const struct sip_visited_network *network)
{
    sip_write_first(writer, network->id, sip_scan_whole(network->id, sip_scan_token_or_quoted));
    sip_write_known(writer, &visited_params, network);
}

static const struct known access_rows[] = {
    KNOWN("network-provided", KNOWN_FLAG, struct sip_access_network, network_provided),
    KNOWN("cgi-3gpp", KNOWN_TEXT, struct sip_access_network, cgi_3gpp),
    KNOWN("utran-cell-id-3gpp", KNOWN_TEXT, struct sip_access_network, utran_cell_id_3gpp),
    KNOWN("i-wlan-node-id", KNOWN_TEXT, struct sip_access_network, i_wlan_node_id),
    KNOWN("dsl-location", KNOWN_TEXT, struct sip_access_network, dsl_location),
    KNOWN("eth-location", KNOWN_TEXT, struct sip_access_network, eth_location),
    KNOWN("local-time-zone", KNOWN_QUOTED, struct sip_access_network, local_time_zone),
};
static const struct known_params access_params = {
    access_rows, sizeof access_rows / sizeof *access_rows,
    offsetof(struct sip_access_network, params), true};

/* access-net-spec     =  ( access-type / access-class ) *( SEMI access-info ), both tokens
 * access-info         =  cgi-3gpp / utran-cell-id-3gpp / dsl-location / i-wlan-node-id ... / np
 * np                  =  "network-provided"
 * cgi-3gpp            =  "cgi-3gpp" EQUAL ( token / quoted-string ), and so on
 * extension-access-info  =  gen-value, and what is a generic-param is taken too */
int sip_access_network_parse(struct sip_access_network *network, struct sip_str value,
                             struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_access_network got = {0};

    if (!sip_scan_token(&s, &got.type) || !sip_scan_known(&s, &access_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_P_ACCESS_NETWORK_INFO, fault);
    *network = got;
    return 0;
}

void sip_write_access_network(struct sip_writer *writer, const struct sip_access_network *network)
{
    sip_write_first(writer, network->type, sip_scan_whole(network->type, sip_scan_token));
    sip_write_known(writer, &access_params, network);
}
