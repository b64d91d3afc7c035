/* Who may register: a file with a line "name:password" for each user. */
#ifndef PBX_USERS_H
#define PBX_USERS_H

#include <sip/sip.h>

enum { USERS_MAX = 256, USER_TEXT = 64 };

struct user {
    char name[USER_TEXT];
    char password[USER_TEXT];
};

struct users {
    struct user at[USERS_MAX];
    size_t count;
};

/* Reads the file; empty lines and such that begin with '#' are passed over. Returns false with one
 * line in `why` that names file and line. */
bool users_read(struct users *users, const char *path, char *why, size_t why_size);

/* The user of a URI's user part ("bob", with or without escapes), or NULL. */
const struct user *users_find(const struct users *users, struct sip_str name);

/* The user whom credentials name, or NULL. */
const struct user *users_named(const struct users *users,
                               const struct sip_credentials *credentials);

#endif
