#include "base/wipe.h"
#include "base/memory.h"

#if defined(__GNUC__)
void sip_wipe(void *at, size_t len)
{
    memset(at, 0, len);
    __asm__ __volatile__("" : : "r"(at) : "memory"); /* somebody may read the zeros */
}
#else
void sip_wipe(void *at, size_t len)
{
    volatile unsigned char *byte = at;

    while (len--)
        *byte++ = 0;
}
#endif

bool sip_secret_equal(const void *a, const void *b, size_t len)
{
    const volatile unsigned char *x = a, *y = b;
    unsigned difference = 0;

    for (size_t i = 0; i < len; i++)
        difference |= (unsigned)(x[i] ^ y[i]);
    return difference == 0;
}
