/* For kinds that know exceptions (sip/tolerance.h): what the least of them takes, more of them take
 * too and say the same; what was needed is enough. */
#ifndef FUZZ_LENIENT_H
#define FUZZ_LENIENT_H

#include "fuzz.h"
#include "sip/fault.h"
#include "sip/tolerance.h"

/* Makes leniently() of ACCEPT(got, value, leniency, fault): all exceptions are let pass. */
#define LENIENT(type, accept)                                                                      \
    static int leniently(type *got, struct sip_str value, struct sip_fault *fault)                 \
    {                                                                                              \
        struct sip_leniency all = {SIP_TOLERATE_DEFAULT, 0}, some, none = {0, 0};                  \
        int result = accept(got, value, &all, fault);                                              \
        type again;                                                                                \
                                                                                                   \
        memset(&again, 0x5a, sizeof again);                                                        \
        if (accept(&again, value, &none, NULL) == 0)                                               \
            require(result == 0 && all.tolerated == 0 && none.tolerated == 0);                     \
        some.tolerate = result == 0 ? all.tolerated : (uint16_t)chance_of(value);                  \
        some.tolerated = 0;                                                                        \
        require((accept(&again, value, &some, NULL) == 0) == (result == 0));                       \
        require(result != 0 || some.tolerated == all.tolerated);                                   \
        return result;                                                                             \
    }

#endif
