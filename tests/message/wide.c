/* What looks at many bytes at a time says the same as what looks at one: any byte at any place of a
 * text of any length, right before the end of its memory. */
#include "message/rows.h"
#include "message/wide.h"

#define LEN_MAX 40

/* The first byte from `at` to `end` that is `byte`, a control byte, or no letter, digit, "-" or ".". */
static size_t first_of(const char *bytes, size_t at, size_t end, char byte)
{
    while (at < end && bytes[at] != byte)
        at++;
    return at;
}

static size_t first_control(const char *bytes, size_t at, size_t end)
{
    while (at < end && !sip_is_control(bytes[at]))
        at++;
    return at;
}

static size_t first_special(const char *bytes, size_t at, size_t end)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";

    while (at < end && memchr(plain, bytes[at], sizeof plain - 1))
        at++;
    return at;
}

/* Calls `check` with every byte at every place among `len` letters. */
static void each_byte(void (*check)(const char *bytes, size_t len))
{
    for (size_t len = 1; len <= LEN_MAX; len++)
        for (size_t at = 0; at < len; at++)
            for (int byte = 0; byte < 256; byte++) {
                char text[LEN_MAX], *block;
                memset(text, 'a', len);
                text[at] = (char)byte;
                block = exact_block(text, len);
                check(block, len);
                free(block);
            }
}

static void check_find(const char *bytes, size_t len)
{
    for (size_t at = 0; at <= len; at += 7)
        if (sip_find(bytes, at, len, ',') != first_of(bytes, at, len, ','))
            CHECK_INT(sip_find(bytes, at, len, ','), first_of(bytes, at, len, ','));
}

/* Bytes behind `end` may be looked at; what is there is not found. */
static void check_near(const char *bytes, size_t len)
{
    for (size_t at = 0; at <= len; at += 7)
        for (size_t end = at; end <= len; end += 5) {
            size_t near = sip_find_near(bytes, at, end, len, ','), first = first_of(bytes, at, end, ',');
            if (near < end ? near != first : first < end)
                CHECK_INT(near, first);
        }
}

static void check_control(const char *bytes, size_t len)
{
    bool has = first_control(bytes, 0, len) < len;

    for (size_t at = 0; at <= len; at += 7)
        if (sip_find_control(bytes, at, len) != first_control(bytes, at, len))
            CHECK_INT(sip_find_control(bytes, at, len), first_control(bytes, at, len));
    if (has && !sip_may_have_control(bytes, len))
        CHECK(sip_may_have_control(bytes, len));
}

/* It may stop early, never late. */
static void check_plain(const char *bytes, size_t len)
{
    for (size_t at = 0; at <= len; at += 7)
        if (sip_skip_plain(bytes, at, len) > first_special(bytes, at, len))
            CHECK_INT(sip_skip_plain(bytes, at, len), first_special(bytes, at, len));
}

TEST(a_byte_is_found_wherever_it_is)
{
    each_byte(check_find);
    each_byte(check_near);
}

TEST(a_control_byte_is_found_wherever_it_is)
{
    each_byte(check_control);
}

TEST(only_letters_digits_hyphens_and_dots_are_passed_over)
{
    each_byte(check_plain);
}

TEST(clean_text_has_no_control_byte)
{
    static const char text[] =
        "sip:alice@atlanta.example.com;transport=udp ~!\"#$%&'()*+,-./:;<=>?@[]^_";

    for (size_t len = 1; len < sizeof text; len++) {
        char *block = exact_block(text, len);
        CHECK(sip_find_control(block, 0, len) == len);
#if !SIP_OPTIMIZE_SIZE
        CHECK(!sip_may_have_control(block, len));
#endif
        free(block);
    }
}

TESTS(T(a_byte_is_found_wherever_it_is) T(a_control_byte_is_found_wherever_it_is)
          T(only_letters_digits_hyphens_and_dots_are_passed_over) T(clean_text_has_no_control_byte))
