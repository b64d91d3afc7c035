/* The whole test framework: a test is a function, a failed check is told and counted, and a program
 * ends with one line of counts.
 *
 *     TEST(cseq_takes_the_largest_number) { ...; CHECK(n == 1); CHECK_STR(text, "abc"); }
 *     TESTS(cseq_takes_the_largest_number, ...)
 *
 * `program NAME` runs only the tests whose names contain NAME. */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>
#include <string.h>

static int test_failures, test_passed, test_failed;

#define TEST(name) static void name(void)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            test_failures++;                                                                       \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
        }                                                                                          \
    } while (0)

#define CHECK_INT(got, wanted)                                                                     \
    do {                                                                                           \
        long long got_ = (long long)(got), wanted_ = (long long)(wanted);                          \
        if (got_ != wanted_) {                                                                     \
            test_failures++;                                                                       \
            printf("%s:%d: %s is %lld, wanted %lld\n", __FILE__, __LINE__, #got, got_, wanted_);   \
        }                                                                                          \
    } while (0)

/* `got` is a struct sip_str, `wanted` a literal. */
#define CHECK_STR(got, wanted)                                                                     \
    do {                                                                                           \
        struct sip_str got_ = (got);                                                               \
        if (got_.len != strlen(wanted) || (got_.len && memcmp(got_.at, wanted, got_.len))) {       \
            test_failures++;                                                                       \
            printf("%s:%d: %s is \"%.*s\", wanted \"%s\"\n", __FILE__, __LINE__, #got,             \
                   (int)got_.len, got_.at ? got_.at : "", wanted);                                 \
        }                                                                                          \
    } while (0)

struct test {
    const char *name;
    void (*run)(void);
};

static inline int test_run(const struct test *tests, int argc, char **argv)
{
    for (; tests->name; tests++) {
        if (argc > 1 && !strstr(tests->name, argv[1]))
            continue;
        test_failures = 0;
        tests->run();
        if (test_failures)
            printf("FAILED %s\n", tests->name);
        *(test_failures ? &test_failed : &test_passed) += 1;
    }
    printf("%d passed, %d failed\n", test_passed, test_failed);
    return test_failed ? 1 : 0;
}

/* The list of a program's tests and its main: TESTS(T(first) T(second)). */
#define T(name) {#name, name},
#define TESTS(list)                                                                                \
    static const struct test all_tests[] = {list{NULL, NULL}};                                     \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return test_run(all_tests, argc, argv);                                                    \
    }

#endif
