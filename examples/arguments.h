/* Command lines as a table: each option has a name, a kind and a place. What is wrong is said in
 * one line on standard error, and the program ends with status 2. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sip/posix.h>

enum { ARGUMENT_TEXTS_MAX = 8 };

/* The values of an option that may stand several times. */
struct argument_texts {
    const char *at[ARGUMENT_TEXTS_MAX];
    size_t count;
};

enum argument_kind {
    ARGUMENT_END,
    ARGUMENT_FLAG,   /* bool: it stands there or not */
    ARGUMENT_NUMBER, /* unsigned, 1 to 1,000,000 */
    ARGUMENT_TEXT,   /* const char * */
    ARGUMENT_TEXTS   /* struct argument_texts */
};

struct argument {
    const char *name; /* "--expires" */
    enum argument_kind kind;
    void *at;         /* where the value goes; left as it is when the option is not there */
    const char *want; /* what it takes, for people: "SECONDS" */
    bool needed;      /* TEXT and TEXTS: it must stand there */
};

/* Reads all of `argv`; the table ends with a row of zeros. */
void arguments_read(const struct argument *table, int argc, char **argv);

/* "PROGRAM: WHAT VALUE: HOW" on standard error; ends the program with status 2. */
_Noreturn void arguments_refuse(const char *what, const char *value, const char *how);

/* Opens the socket that `--listen where` asks for, as sip_posix_listen() does. */
void arguments_listen(struct sip_posix *posix, const char *where, struct sip_path *bound);

#endif
