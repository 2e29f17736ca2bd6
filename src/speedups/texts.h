/* Comparing short texts quickly. */

#ifndef TRAILWARDEN_TEXTS_H
#define TRAILWARDEN_TEXTS_H

#include "speedups.h"

#include <string.h>

#if defined(__SSE2__)
static INLINE int is_same_16(const byte *one, const byte *other) {
    __m128i left = _mm_loadu_si128((const __m128i *)one);
    __m128i right = _mm_loadu_si128((const __m128i *)other);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(left, right)) == 0xffff;
}
#endif

/* Whether texts of one length are equal; most are of 8 to 32 characters. */
static INLINE int is_equal(const byte *one, const byte *other, Py_ssize_t length) {
#if defined(__SSE2__)
    if (length > 16 && length <= 32)
        return is_same_16(one, other) && is_same_16(one + length - 16, other + length - 16);
#endif
    if (length < 8 || length > 16)
        return !memcmp(one, other, (size_t)length);
    uint64_t heads[2], tails[2];
    memcpy(&heads[0], one, 8);
    memcpy(&heads[1], other, 8);
    memcpy(&tails[0], one + length - 8, 8);
    memcpy(&tails[1], other + length - 8, 8);
    return heads[0] == heads[1] && tails[0] == tails[1];
}

#endif
