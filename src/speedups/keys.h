/* A record's key: see trailwarden/trail/keys.py, which computes the same.

   The hash is multilinear: the upper half of k[0] + k[1] * word[0] + k[2] * word[1] + ... modulo
   2^128, with secret 128-bit numbers k. Two texts that differ have one value with a chance of 2^-64,
   whoever chose them, as long as the numbers are secret. */

#ifndef TRAILWARDEN_KEYS_H
#define TRAILWARDEN_KEYS_H

#include "stamps.h"
#include "values.h"

enum { ID_WORDS = 2, TEXT_WORDS = 512, MAX_TEXT = TEXT_WORDS * 8 };
enum { KEY_NUMBERS = (1 + ID_WORDS) + 2 * (1 + TEXT_WORDS) };
enum { MAX_MEMBERS = 24, MAX_NESTED = 6 };
/* What belongs to a key beside id and time, in the order of the text that is hashed. */
enum { KEY_NAME, KEY_SOURCE, KEY_ACCOUNT, KEY_REGION, KEY_IDENTITY, KEY_PARTS };

typedef unsigned __int128 wide;

typedef struct {
    wide id[1 + ID_WORDS], identity[1 + TEXT_WORDS], content[1 + TEXT_WORDS];
} Secret;

typedef struct {
    byte text[MAX_TEXT + 16];
    Py_ssize_t length;
} Text;

static INLINE int put(Text *text, const byte *from, Py_ssize_t length) {
    if (length > MAX_TEXT - text->length)
        return 0;
    memcpy(text->text + text->length, from, (size_t)length);
    text->length += length;
    return 1;
}

static INLINE int put_byte(Text *text, byte c) { return put(text, &c, 1); }

/* The hash of a text, with zeros up to a whole word: no JSON text ends with them. */
static uint64_t hash_text(const wide *numbers, Text *text) {
    memset(text->text + text->length, 0, 8);
    wide sum = numbers[0];
    Py_ssize_t words = (text->length + 7) / 8;
    for (Py_ssize_t i = 0; i < words; i++) {
        uint64_t word;
        memcpy(&word, text->text + i * 8, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        sum += numbers[i + 1] * word;
    }
    return (uint64_t)(sum >> 64);
}

typedef struct {
    const byte *name, *value;
    Py_ssize_t length;
} Member;

static int comes_before(const Member *one, const Member *other) {
    Py_ssize_t shorter = one->length < other->length ? one->length : other->length;
    int order = memcmp(one->name, other->name, (size_t)shorter);
    return order ? order < 0 : one->length < other->length;
}

static int is_same_name(const Member *one, const Member *other) {
    return one->length == other->length && !memcmp(one->name, other->name, (size_t)one->length);
}

static const byte *put_value(Reader *r, const byte *p, Text *out, int depth);

/* The members of an object by their names, so that their order in the file does not matter. */
static const byte *put_object(Reader *r, const byte *p, Text *out, int depth) {
    Member members[MAX_MEMBERS];
    int count = 0;
    p = skip_space(p + 1);
    if (*p != '}') {
        for (;;) {
            if (count == MAX_MEMBERS || *p != '"')
                return NULL;
            Member new = {.name = p + 1};
            if (!(p = skip_string(r, p + 1)) || r->escaped)
                return NULL;
            new.length = p - 1 - new.name;
            p = skip_space(p);
            new.value = p = skip_space(p + 1);
            p = *p == '"' ? skip_string(r, p + 1) : read_value(r, p, NULL, NULL);
            if (!p)
                return NULL;
            int place = count++;
            while (place && comes_before(&new, &members[place - 1])) {
                members[place] = members[place - 1];
                place--;
            }
            members[place] = new;
            if (place && is_same_name(&new, &members[place - 1]))
                return NULL;
            p = skip_space(p);
            if (*p == '}')
                break;
            p = skip_space(p + 1);
        }
    }
    if (!put_byte(out, '{'))
        return NULL;
    for (int i = 0; i < count; i++)
        if ((i && !put_byte(out, ',')) ||
            !put(out, members[i].name - 1, members[i].length + 2) || !put_byte(out, ':') ||
            !put_value(r, members[i].value, out, depth + 1))
            return NULL;
    return put_byte(out, '}') ? p + 1 : NULL;
}

/* A value that was found to be valid, as the shortest JSON with sorted members. NULL for what others
   have to write: escapes, numbers, lists, much of anything. */
static const byte *put_value(Reader *r, const byte *p, Text *out, int depth) {
    const byte *start = p;
    if (*p == '{')
        return depth < MAX_NESTED ? put_object(r, p, out, depth) : NULL;
    if (*p == '[' || *p == '-' || is_digit(*p))
        return NULL;
    if (!(p = skip_scalar(r, p)) || (*start == '"' && r->escaped))
        return NULL;
    return put(out, start, p - start) ? p : NULL;
}

/* Callers met lately: neighbours are often of one. An object ends where it ends, so that a text that
   begins with a known one is that one. */
enum { KNOWN_IDENTITIES = 1024, KNOWN_TEXT = 1000 };

typedef struct {
    Py_ssize_t length; /* 0 where there is none */
    uint64_t hash;
    byte text[KNOWN_TEXT];
} Identity;

static Identity *place_of(Identity *known, const Reader *r, const byte *start) {
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t mixed = 0, word;
    for (int at = 16; at <= 208 && r->end - start >= at + 8; at += 24) {
        memcpy(&word, start + at, 8);
        mixed = (mixed ^ word) * odd;
        mixed ^= mixed >> 32;
    }
    return &known[mixed % KNOWN_IDENTITIES];
}

/* The hash of userIdentity. 0 where others have to compute it. */
static int hash_identity(const Secret *secret, Identity *known, Reader *r, const Value *value,
                         uint64_t *hash) {
    Text out;
    out.length = 0;
    if (value->kind != OTHER || *value->start != '{') {
        if (value->kind != ABSENT && value->kind != NULL_VALUE)
            return 0;
        put(&out, (const byte *)"null", 4);
        *hash = hash_text(secret->identity, &out);
        return 1;
    }
    Identity *place = place_of(known, r, value->start);
    if (place->length && place->length <= r->end - value->start &&
        !memcmp(place->text, value->start, (size_t)place->length)) {
        *hash = place->hash;
        return 1;
    }
    const byte *end = put_value(r, value->start, &out, 0);
    if (!end)
        return 0;
    *hash = hash_text(secret->identity, &out);
    if (end - value->start <= KNOWN_TEXT) {
        place->length = end - value->start;
        place->hash = *hash;
        memcpy(place->text, value->start, (size_t)place->length);
    }
    return 1;
}

static int put_part(Text *out, const Value *value) {
    if (value->kind == TEXT)
        return put(out, value->start - 1, value->length + 2);
    return (value->kind == ABSENT || value->kind == NULL_VALUE) &&
           put(out, (const byte *)"null", 4);
}

/* The two halves of a key: of the id alone, and of all that tells records apart. */
static int record_key(const Secret *secret, Identity *known, Reader *r, const uint64_t *id,
                      const Value *time, Value *const *parts, uint64_t *key) {
    Text out;
    uint64_t identity;
    out.length = 24;
    if (!hash_identity(secret, known, r, parts[KEY_IDENTITY], &identity))
        return 0;
    for (int i = 0; i < 8; i++) {
        out.text[i] = (byte)(id[0] >> i * 8);
        out.text[8 + i] = (byte)(id[1] >> i * 8);
        out.text[16 + i] = (byte)(identity >> i * 8);
    }
    put_byte(&out, '[');
    if (!put_part(&out, time))
        return 0;
    for (int i = 0; i < KEY_IDENTITY; i++)
        if (!put_byte(&out, ',') || !put_part(&out, parts[i]))
            return 0;
    if (!put_byte(&out, ']'))
        return 0;
    uint64_t half = (uint64_t)((secret->id[0] + secret->id[1] * id[0] + secret->id[2] * id[1]) >> 64);
    key[0] = half ? half : 1;
    key[1] = hash_text(secret->content, &out);
    return 1;
}

#endif
