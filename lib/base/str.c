#include "sip/str.h"
#include "base/bytes.h"
#include "base/memory.h"

struct sip_str sip_str(const char *text)
{
    struct sip_str str = {text, text ? strlen(text) : 0};
    return str;
}

struct sip_str sip_bytes(const void *at, size_t len)
{
    struct sip_str str = {at, len};
    return str;
}

bool sip_str_equal(struct sip_str a, struct sip_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool sip_str_is(struct sip_str str, const char *text)
{
    return sip_str_same(str, sip_str(text));
}

bool sip_str_same(struct sip_str a, struct sip_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] != b.at[i] && sip_lower(a.at[i]) != sip_lower(b.at[i]))
            return false;
    return true;
}
