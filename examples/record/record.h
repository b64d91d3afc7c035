/* Records what crosses the border between a program and the library, for build/tests/replay to play
 * back: the core is a function of what comes in, so the same must go out again.
 *
 * The program only calls record_open() before sip_ua_init(). The linker puts the recorder between
 * it and the library (--wrap, see examples/meson.build): calls of the API, reports of
 * libsip-posix; the functions of the transport and the events are replaced in the configuration.
 * It is for programs with one user agent, and knows the part of the API that phone.c uses.
 *
 * The file is text, a line for each crossing (record/fields.h says how values look):
 *
 *     > datagram 1234 1 "127.0.0.1" 5062 0 ...     the program calls the library
 *     ! send 1 "127.0.0.1" 5062 0 ... "ACK ..."    the library calls the transport
 *     = send 0                                     ... which returned this
 *     ! call 2 4295032833 ...                      the library delivers an event
 *     > call_hang_up 1234 4295032833 ...           the program calls again from inside the event
 *     < call_hang_up 0                             ... and this was returned
 *     = call                                       the event has been handled
 *     < datagram 0                                 the first call returned
 *
 * It holds passwords, as the program gave them: a new file is for its owner alone. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>

/* Begins to record into `path`; false, with errno, when it cannot be written. */
bool record_open(const char *path);

#endif
