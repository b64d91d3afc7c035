#include "sip/error.h"

const char *sip_strerror(int error)
{
    switch (error) {
    case SIP_OK:
        return "no error";
#define TEXT(name, text)                                                                           \
    case name:                                                                                     \
        return text;
        SIP_ERRORS(TEXT)
#undef TEXT
    default:
        return "unknown error";
    }
}
