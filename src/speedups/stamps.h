/* A record's id and time, from their texts. */

#ifndef TRAILWARDEN_STAMPS_H
#define TRAILWARDEN_STAMPS_H

#include "reader.h"

#include <string.h>

#if defined(__SSE2__)
/* Per hexadecimal digit in small letters its value, something above 15 for anything else. */
static __m128i hex_values(__m128i text) {
    __m128i digit = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    __m128i letter = _mm_sub_epi8(text, _mm_set1_epi8('a'));
    __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
    __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
    __m128i value = _mm_or_si128(_mm_and_si128(is_digit, digit),
                                 _mm_and_si128(is_letter, _mm_add_epi8(letter, _mm_set1_epi8(10))));
    __m128i other = _mm_andnot_si128(_mm_or_si128(is_digit, is_letter), _mm_set1_epi8(-1));
    return _mm_or_si128(value, other);
}
#endif

/* The two halves of 32 hexadecimal digits in small letters. 0 where some are none. */
static int hex_halves(const byte *digits, uint64_t *found) {
    uint64_t halves[2] = {0, 0};
#if defined(__SSE2__)
    __m128i head = hex_values(_mm_loadu_si128((const __m128i *)digits));
    __m128i tail = hex_values(_mm_loadu_si128((const __m128i *)(digits + 16)));
    if (_mm_movemask_epi8(_mm_or_si128(head, tail)))
        return 0;
    /* Neighbours become one byte each: the first of them is the upper half. */
    const __m128i low = _mm_set1_epi16(0xff);
    head = _mm_or_si128(_mm_slli_epi16(head, 4), _mm_srli_epi16(head, 8));
    tail = _mm_or_si128(_mm_slli_epi16(tail, 4), _mm_srli_epi16(tail, 8));
    head = _mm_packus_epi16(_mm_and_si128(head, low), _mm_and_si128(tail, low));
    _mm_storeu_si128((__m128i *)halves, head);
    found[0] = __builtin_bswap64(halves[0]);
    found[1] = __builtin_bswap64(halves[1]);
#else
    for (int i = 0; i < 32; i++) {
        byte c = digits[i];
        if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
            return 0;
        halves[i / 16] = halves[i / 16] << 4 | (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    found[0] = halves[0];
    found[1] = halves[1];
#endif
    return 1;
}

/* The halves of a canonical UUID in small letters. 0 where the text is none. */
static int uuid_halves(const byte *text, Py_ssize_t length, uint64_t *halves) {
    if (length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        return 0;
    byte digits[32];
    memcpy(digits, text, 8);
    memcpy(digits + 8, text + 9, 4);
    memcpy(digits + 12, text + 14, 4);
    memcpy(digits + 16, text + 19, 4);
    memcpy(digits + 20, text + 24, 12);
    return hex_halves(digits, halves);
}

static int two_digits(const byte *p) {
    return is_digit(p[0]) && is_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

/* Seconds since the epoch of 2024-05-01T12:00:00Z. 0 where the text is not just of this form. */
static int instant(const byte *p, Py_ssize_t length, int64_t *seconds) {
    static const byte days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (length != 20 || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' ||
        p[16] != ':' || p[19] != 'Z')
        return 0;
    int century = two_digits(p), rest = two_digits(p + 2), month = two_digits(p + 5);
    int day = two_digits(p + 8), hour = two_digits(p + 11), minute = two_digits(p + 14);
    int second = two_digits(p + 17), year = century * 100 + rest;
    if (century < 0 || rest < 0 || month < 1 || month > 12 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 59)
        return 0;
    if (year < 1970 || year > 2099)
        return 0; /* hardly meant: others decide */
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day < 1 || day > days[month - 1] + (month == 2 && leap))
        return 0;
    /* Days since the epoch, with years that begin in March. */
    int64_t y = year - (month <= 2), m = month + (month > 2 ? -3 : 9);
    int64_t date = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719469;
    *seconds = ((date * 24 + hour) * 60 + minute) * 60 + second;
    return 1;
}

#endif
