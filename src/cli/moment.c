#include "cli/moment_private.h"

#include <string.h>
#include <time.h>

#define AGO_MAX 100000

static bool parse_ago(const char *text, int64_t now, clti_moment *out) {
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'d', CLTI_SECONDS_PER_DAY}, {'h', 3600}, {'m', 60}};
    size_t size = strlen(text);
    uint64_t count;
    if (size < 2 || !clti_view_number((clt_str){text, size - 1}, AGO_MAX, &count))
        return false;
    for (size_t i = 0; i < CLTI_COUNT(units); i++) {
        if (text[size - 1] != units[i].unit)
            continue;
        *out = (clti_moment){now - (int64_t)count * units[i].seconds, false};
        return true;
    }
    return false;
}

bool clti_moment_parse(const char *text, int64_t now, clti_moment *out) {
    static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"};
    if (parse_ago(text, now, out))
        return true;
    for (size_t i = 0; i < CLTI_COUNT(forms); i++) {
        struct tm read = {0}, normal;
        const char *end = strptime(text, forms[i], &read);
        if (!end || (*end && !(i > 0 && strcmp(end, "Z") == 0)))
            continue;
        /* 31 February would be a day of March. */
        normal = read;
        *out = (clti_moment){timegm(&normal), i == 0};
        return normal.tm_mday == read.tm_mday && normal.tm_hour == read.tm_hour;
    }
    return false;
}

clti_moment clti_moment_day(int64_t seconds) {
    return (clti_moment){seconds - seconds % CLTI_SECONDS_PER_DAY, true};
}

char *clti_moment_format(clti_moment moment) {
    struct tm parts;
    time_t seconds = (time_t)moment.seconds;
    char text[64];
    gmtime_r(&seconds, &parts);
    (void)strftime(text, sizeof(text), moment.is_day ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%SZ", &parts);
    return clti_copy(clti_view(text));
}
