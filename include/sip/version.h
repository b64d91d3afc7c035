/* The version of these headers (the sources are compatible from 1.0 on). */
#ifndef SIP_VERSION_H
#define SIP_VERSION_H

#define SIP_VERSION "0.1.0"

#endif
