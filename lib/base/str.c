#include "sip/str.h"
#include "base/bytes.h"
#include "base/layout.h"
#include "base/memory.h"

#if SIP_OPTIMIZE_SIZE

/* libc's are long where they are fast. */
static size_t length(const char *text)
{
    size_t len = 0;

    while (text[len])
        len++;
    return len;
}

static bool same_bytes(const char *a, const char *b, size_t len)
{
    while (len > 0 && a[len - 1] == b[len - 1])
        len--;
    return len == 0;
}

#else

static size_t length(const char *text)
{
    return strlen(text);
}

static bool same_bytes(const char *a, const char *b, size_t len)
{
    return len == 0 || memcmp(a, b, len) == 0;
}

#endif

struct sip_str sip_str(const char *text)
{
    struct sip_str str = {text, text ? length(text) : 0};
    return str;
}

struct sip_str sip_bytes(const void *at, size_t len)
{
    struct sip_str str = {at, len};
    return str;
}

bool sip_str_equal(struct sip_str a, struct sip_str b)
{
    return a.len == b.len && same_bytes(a.at, b.at, a.len);
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
        if ((SIP_OPTIMIZE_SIZE || a.at[i] != b.at[i]) && sip_lower(a.at[i]) != sip_lower(b.at[i]))
            return false;
    return true;
}
