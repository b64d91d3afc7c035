#include "pbx/users.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool read_user(struct user *user, const char *line)
{
    const char *colon = strchr(line, ':');
    size_t name = colon ? (size_t)(colon - line) : 0;
    size_t password = colon ? strcspn(colon + 1, "\r\n") : 0;

    if (!name || name >= USER_TEXT || password >= USER_TEXT)
        return false;
    memset(user, 0, sizeof *user);
    memcpy(user->name, line, name);
    memcpy(user->password, colon + 1, password);
    return true;
}

bool users_read(struct users *users, const char *path, char *why, size_t why_size)
{
    FILE *file = fopen(path, "r");
    char line[256];
    bool good = true;

    if (!file) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return false;
    }
    for (unsigned number = 1; good && fgets(line, sizeof line, file); number++) {
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0')
            continue;
        good = users->count < USERS_MAX && read_user(&users->at[users->count], line);
        if (good)
            users->count++;
        else
            snprintf(why, why_size,
                     "%s:%u: wants name:password, each shorter than %d, for %d "
                     "users at most",
                     path, number, USER_TEXT, USERS_MAX);
    }
    fclose(file);
    return good;
}

const struct user *users_find(const struct users *users, struct sip_str name)
{
    char plain[USER_TEXT];
    long len = sip_uri_unescape(name, plain, sizeof plain);

    for (size_t i = 0; len > 0 && i < users->count; i++) {
        if (sip_str_equal(sip_str(users->at[i].name), sip_bytes(plain, (size_t)len)))
            return &users->at[i];
    }
    return NULL;
}

const struct user *users_named(const struct users *users, const struct sip_credentials *credentials)
{
    for (size_t i = 0; i < users->count; i++) {
        if (sip_credentials_name(credentials, sip_str(users->at[i].name)))
            return &users->at[i];
    }
    return NULL;
}
