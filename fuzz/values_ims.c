/* Values of the IMS and of RFC 3329: sip/fields_ims.h. */
#include "value.h"
#include "sip/fields_ims.h"

KIND(security, TEXT(mechanism) AMOUNT(q) TEXT(d_alg) TEXT(d_qop) TEXT(d_ver) PARAMS(params))
KIND(served_user, ADDRESS(address) TEXT(sescase) TEXT(regstate))
KIND(visited_network, TEXT(id) PARAMS(params))
KIND(access_network, TEXT(type) NUMBER(network_provided) TEXT(cgi_3gpp) TEXT(utran_cell_id_3gpp)
                         TEXT(i_wlan_node_id) TEXT(dsl_location) TEXT(eth_location)
                             TEXT(local_time_zone) PARAMS(params))
KIND(charging_addresses, TEXT(ccf) TEXT(ecf) TEXT(ccf_2) TEXT(ecf_2) PARAMS(params))
KIND(charging_vector,
     TEXT(icid) TEXT(icid_generated_at) TEXT(orig_ioi) TEXT(term_ioi) TEXT(transit_ioi)
         TEXT(related_icid) TEXT(related_icid_generated_at) PARAMS(params))

GROUP(&security, &served_user, &visited_network, &access_network, &charging_addresses,
      &charging_vector)
