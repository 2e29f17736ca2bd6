/* Reading JSON by going over it: every function takes the place to read at and returns the place
   behind what it read, or NULL where that is broken. The text ends with NUL, which no valid JSON
   holds, so that nothing reads beyond its end. */

#ifndef TRAILWARDEN_READER_H
#define TRAILWARDEN_READER_H

#include "speedups.h"

#include <string.h>

typedef struct {
    const byte *end; /* holds NUL: a bytes object and a bytearray both end so */
    int escaped;      /* the string read last holds escapes */
#if defined(__SSE2__)
    __m128i seen;     /* all characters of strings, or-ed together */
#endif
    byte seen_alone;  /* the same for those looked at one by one */
} Reader;

static inline const byte *skip_space(const byte *p) {
    while (*p <= ' ' && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

static int is_hex(byte c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* At a backslash. Surrogates are left to others. */
static const byte *skip_escape(const byte *p) {
    switch (*++p) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        return p + 1;
    case 'u':
        if (!is_hex(p[1]) || !is_hex(p[2]) || !is_hex(p[3]) || !is_hex(p[4]))
            return NULL;
        return (p[1] | 0x20) == 'd' && p[2] >= '8' ? NULL : p + 5;
    }
    return NULL;
}

#if defined(__SSE2__)
/* Which of 16 characters end a run of plain ones: bit i for character i. */
static INLINE unsigned stops_in(__m128i text) {
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(text, quote), _mm_cmpeq_epi8(text, slash)),
        _mm_cmpeq_epi8(_mm_max_epu8(text, control), control)));
}
#endif

/* Behind an opening quotation mark; goes behind the closing one. */
static INLINE const byte *skip_string(Reader *r, const byte *p) {
    r->escaped = 0;
    for (;;) {
#if defined(__SSE2__)
        while (r->end - p >= 16) {
            __m128i text = _mm_loadu_si128((const __m128i *)p);
            unsigned stops = stops_in(text);
            r->seen = _mm_or_si128(r->seen, text);
            if (stops) {
                p += __builtin_ctz(stops);
                break;
            }
            p += 16;
        }
#endif
        while (*p != '"' && *p != '\\' && *p > 0x1f)
            r->seen_alone |= *p++;
        if (*p == '"')
            return p + 1;
        if (*p != '\\' || !(p = skip_escape(p)))
            return NULL;
        r->escaped = 1;
    }
}

static inline int is_digit(byte c) { return c >= '0' && c <= '9'; }

static const byte *skip_digits(const byte *p) {
    if (!is_digit(*p))
        return NULL;
    while (is_digit(*p)) p++;
    return p;
}

static const byte *skip_number(const byte *p) {
    p += *p == '-';
    p = *p == '0' ? p + 1 : skip_digits(p);
    if (p && *p == '.')
        p = skip_digits(p + 1);
    if (p && (*p | 0x20) == 'e') {
        p++;
        p = skip_digits(p + (*p == '+' || *p == '-'));
    }
    return p;
}

static inline const byte *skip_word(const byte *p, const char *word) {
    while (*word)
        if (*p++ != (byte)*word++)
            return NULL;
    return p;
}

/* A value that is neither an object nor an array. */
static INLINE const byte *skip_scalar(Reader *r, const byte *p) {
    switch (*p) {
    case '"': return skip_string(r, p + 1);
    case 't': return skip_word(p, "true");
    case 'f': return skip_word(p, "false");
    case 'n': return skip_word(p, "null");
    }
    return skip_number(p);
}

#endif
