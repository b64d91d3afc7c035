/* Typed values of the private headers of the IMS (RFC 7315, 5502) and of RFC 3329.
 *
 * Parsers as in sip/fields.h, writers as in sip/fields_event.h. P-Asserted-Identity and
 * P-Preferred-Identity (RFC 3325): sip_address_parse(). P-Associated-URI, P-Called-Party-ID:
 * sip_name_addr_parse(). P-Early-Media (RFC 5009): sip_token_parse(). */
#ifndef SIP_FIELDS_IMS_H
#define SIP_FIELDS_IMS_H

#include "sip/fields.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An element of Security-Client, Security-Server, Security-Verify (RFC 3329 §2.2). */
struct sip_security {
    struct sip_str mechanism;
    struct sip_amount q;  /* in thousandths */
    struct sip_str d_alg; /* with its quotes, when it has some */
    struct sip_str d_qop;
    struct sip_str d_ver;
    struct sip_str params;
};

SIP_API int sip_security_parse(struct sip_security *, struct sip_str value, struct sip_fault *);
SIP_API void sip_write_security(struct sip_writer *, const struct sip_security *);

/* P-Served-User (RFC 5502 §7.2). */
struct sip_served_user {
    struct sip_address address;
    struct sip_str sescase;  /* "orig" or "term" */
    struct sip_str regstate; /* "reg" or "unreg" */
};

SIP_API int sip_served_user_parse(struct sip_served_user *, struct sip_str value,
                                  struct sip_fault *);
SIP_API void sip_write_served_user(struct sip_writer *, const struct sip_served_user *);

/* An element of P-Visited-Network-ID (RFC 7315 §5.3). */
struct sip_visited_network {
    struct sip_str id; /* a token, or a quoted string with its quotes */
    struct sip_str params;
};

SIP_API int sip_visited_network_parse(struct sip_visited_network *, struct sip_str value,
                                      struct sip_fault *);
SIP_API void sip_write_visited_network(struct sip_writer *, const struct sip_visited_network *);

/* An element of P-Access-Network-Info (RFC 7315 §5.4). Texts have their quotes, when there are
 * some; access-info that is not here is found with sip_params_find(), as far as no value without a
 * name, a quoted string or an IPv6 reference, stands before it in `params`. */
struct sip_access_network {
    struct sip_str type; /* access-type or access-class: "3GPP-E-UTRAN-FDD" ... */
    bool network_provided;
    struct sip_str cgi_3gpp;
    struct sip_str utran_cell_id_3gpp;
    struct sip_str i_wlan_node_id;
    struct sip_str dsl_location;
    struct sip_str eth_location;
    struct sip_str local_time_zone;
    struct sip_str params;
};

SIP_API int sip_access_network_parse(struct sip_access_network *, struct sip_str value,
                                     struct sip_fault *);
SIP_API void sip_write_access_network(struct sip_writer *, const struct sip_access_network *);

/* An element of P-Charging-Function-Addresses (RFC 7315 §5.5). */
struct sip_charging_addresses {
    struct sip_str ccf, ecf, ccf_2, ecf_2;
    struct sip_str params;
};

SIP_API int sip_charging_addresses_parse(struct sip_charging_addresses *, struct sip_str value,
                                         struct sip_fault *);
SIP_API void sip_write_charging_addresses(struct sip_writer *,
                                          const struct sip_charging_addresses *);

/* P-Charging-Vector (RFC 7315 §5.6). */
struct sip_charging_vector {
    struct sip_str icid;
    struct sip_str icid_generated_at; /* a host */
    struct sip_str orig_ioi;
    struct sip_str term_ioi;
    struct sip_str transit_ioi; /* with its quotes */
    struct sip_str related_icid;
    struct sip_str related_icid_generated_at; /* a host */
    struct sip_str params;
};

SIP_API int sip_charging_vector_parse(struct sip_charging_vector *, struct sip_str value,
                                      struct sip_fault *);
SIP_API void sip_write_charging_vector(struct sip_writer *, const struct sip_charging_vector *);

#ifdef __cplusplus
}
#endif

#endif
