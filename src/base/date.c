#include "base/date.h"
#include "base/clock.h"
#include "base/str.h"

#define TICKS_PER_MINUTE (60 * CLTI_TICKS_PER_SECOND)
#define YEAR_MAX         9999

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Takes a number of so many digits off the text. */
static bool take_number(clt_str *rest, size_t digits_min, size_t digits_max, int *out) {
    size_t count = 0;
    *out = 0;
    while (count < digits_max && count < rest->size && is_digit(rest->data[count]))
        *out = *out * 10 + (rest->data[count++] - '0');
    *rest = clti_str_from(*rest, count);
    return count >= digits_min;
}

static bool take_char(clt_str *rest, char wanted) {
    if (rest->size == 0 || rest->data[0] != wanted)
        return false;
    *rest = clti_str_from(*rest, 1);
    return true;
}

/* ---- days ---- */

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Ticks of a day of a year, both counted from 1. */
static int64_t ticks_of(int year, int day) {
    int64_t before = year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400 + day - 1;
    return days * CLTI_TICKS_PER_DAY;
}

static bool day_to_ticks(int year, int month, int day, int64_t *out) {
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    if (day > 31) {
        *out = ticks_of(year, day);
        return day <= 365 + is_leap(year);
    }
    int of_year = day;
    for (int i = 1; i < month; i++)
        of_year += days_of_month(year, i);
    *out = ticks_of(year, of_year);
    return day <= days_of_month(year, month);
}

/* ---- times ---- */

static bool take_fraction(clt_str *rest, int64_t *ticks) {
    int64_t unit = CLTI_TICKS_PER_SECOND;
    if (!take_char(rest, '.') && !take_char(rest, ','))
        return true;
    if (rest->size == 0 || !is_digit(rest->data[0]))
        return false;
    for (; rest->size && is_digit(rest->data[0]); *rest = clti_str_from(*rest, 1)) {
        unit /= 10;
        *ticks += unit * (rest->data[0] - '0');
    }
    return true;
}

/* Hours, minutes, and perhaps seconds with a fraction. */
static bool take_time(clt_str *rest, int64_t *ticks) {
    int hour, minute, second = 0;
    if (!take_number(rest, 1, 2, &hour) || !take_char(rest, ':') || !take_number(rest, 2, 2, &minute))
        return false;
    if (take_char(rest, ':') && !take_number(rest, 2, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *ticks = (hour * INT64_C(60) + minute) * TICKS_PER_MINUTE + second * CLTI_TICKS_PER_SECOND;
    return take_fraction(rest, ticks);
}

/* Z, or an offset that the time is ahead of UTC. */
static bool take_zone(clt_str *rest, int64_t *ticks) {
    int hours, minutes = 0;
    if (rest->size == 0 || take_char(rest, 'Z') || take_char(rest, 'z'))
        return true;
    bool is_behind = rest->data[0] == '-';
    if (!take_char(rest, '+') && !take_char(rest, ' ') && !take_char(rest, '-'))
        return false;
    if (!take_number(rest, 2, 2, &hours) || (take_char(rest, ':') && rest->size == 0) ||
        (rest->size && !take_number(rest, 2, 2, &minutes)) || hours > 14 || minutes > 59)
        return false;
    int64_t offset = (hours * INT64_C(60) + minutes) * TICKS_PER_MINUTE;
    *ticks += is_behind ? offset : -offset;
    return true;
}

/* ---- the two forms ---- */

static bool parse_iso(clt_str rest, clti_date *out) {
    int year, month, day;
    int64_t time = 0;
    if (!take_number(&rest, 4, 4, &year) || !take_char(&rest, '-') || !take_number(&rest, 1, 2, &month) ||
        !take_char(&rest, '-') || !take_number(&rest, 1, 3, &day) ||
        !day_to_ticks(year, month, day, &out->ticks))
        return false;
    out->is_day = rest.size == 0;
    if (out->is_day)
        return true;
    if (!take_char(&rest, 'T') && !take_char(&rest, 't') && !take_char(&rest, ' '))
        return false;
    if (!take_time(&rest, &time) || !take_zone(&rest, &time) || rest.size != 0)
        return false;
    out->ticks += time;
    return out->ticks >= 0 && out->ticks < ticks_of(YEAR_MAX + 1, 1);
}

/* Of a time of twelve hours: 12 AM is midnight. */
static bool take_half(clt_str *rest, int64_t *ticks) {
    const int64_t half = CLTI_TICKS_PER_DAY / 2, hour = CLTI_TICKS_PER_DAY / 24;
    *rest = clti_str_trim(*rest);
    bool is_am = clti_str_equal_nocase(*rest, CLTI_STR("AM"));
    bool is_pm = clti_str_equal_nocase(*rest, CLTI_STR("PM"));
    if (!is_am && !is_pm)
        return rest->size == 0;
    if (*ticks < hour || *ticks >= half + hour)
        return false;
    *ticks = *ticks % half + (is_pm ? half : 0);
    return true;
}

static bool parse_slashes(clt_str rest, clti_date *out) {
    int year, month, day;
    int64_t time = 0;
    if (!take_number(&rest, 1, 2, &month) || !take_char(&rest, '/') || !take_number(&rest, 1, 2, &day) ||
        !take_char(&rest, '/') || !take_number(&rest, 4, 4, &year) || day > 31 ||
        !day_to_ticks(year, month, day, &out->ticks))
        return false;
    if (rest.size && (!take_char(&rest, ' ') || !take_time(&rest, &time) || !take_half(&rest, &time)))
        return false;
    out->ticks += time;
    out->is_day = time == 0;
    return true;
}

bool clti_date_parse(clt_str text, clti_date *out) {
    clti_date read;
    text = clti_str_trim(text);
    if (!parse_iso(text, &read) && !parse_slashes(text, &read))
        return false;
    *out = read;
    return true;
}
