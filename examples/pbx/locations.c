#include "pbx/locations.h"

struct binding *locations_next(struct locations *locations, uint64_t now, const struct user *user,
                               const struct binding *last)
{
    for (size_t i = last ? (size_t)(last - locations->at) + 1 : 0; i < BINDINGS_MAX; i++) {
        if (locations->at[i].user == user && locations->at[i].expires_at > now)
            return &locations->at[i];
    }
    return NULL;
}

static bool same_uri(struct sip_str a, struct sip_str b)
{
    struct sip_fault fault;
    struct sip_uri one, other;

    return sip_uri_parse(&one, a, &fault) == 0 && sip_uri_parse(&other, b, &fault) == 0 &&
           sip_uri_equal(&one, &other);
}

struct binding *locations_find(struct locations *locations, uint64_t now, const struct user *user,
                               struct sip_str contact)
{
    struct binding *binding = NULL;

    while ((binding = locations_next(locations, now, user, binding)) != NULL) {
        if (same_uri(sip_str(binding->contact), contact))
            return binding;
    }
    return NULL;
}

struct binding *locations_free(struct locations *locations, uint64_t now)
{
    for (size_t i = 0; i < BINDINGS_MAX; i++) {
        if (!locations->at[i].user || locations->at[i].expires_at <= now)
            return &locations->at[i];
    }
    return NULL;
}
