/* The values of a column that concern nobody. */

#ifndef TRAILWARDEN_BORING_H
#define TRAILWARDEN_BORING_H

#include "texts.h"
#include "values.h"

#include <stdlib.h>

enum { MAX_BORING = 50000, MAX_VALUE = 256, MAX_PROBES = 32 };

typedef struct {
    uint64_t hash;
    byte *text; /* NULL where the slot is free */
    Py_ssize_t length;
} Slot;

typedef struct {
    Slot *slots;
    size_t size, used; /* size is a power of two, or 0 */
    int absent, null;  /* these concern nobody either */
    int unwatched;     /* nor does any value here: the column is a part of keys only */
    Slot *last;        /* met last: neighbours are often alike */
    uint64_t seed;     /* keeps crafted texts from crowding together */
} Boring;

static uint64_t hash_of(const Boring *table, const byte *text, Py_ssize_t length) {
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t hash = table->seed ^ (uint64_t)length * odd, word;
    for (; length >= 8; text += 8, length -= 8) {
        memcpy(&word, text, 8);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, text, (size_t)length);
    hash = (hash ^ word) * odd;
    return hash ^ hash >> 32;
}

/* The slot that holds the text, or the free one for it. NULL where the way there is too long. */
static Slot *slot_of(const Boring *table, uint64_t hash, const byte *text, Py_ssize_t length) {
    for (size_t probe = 0; probe < MAX_PROBES; probe++) {
        Slot *slot = &table->slots[(hash + probe) & (table->size - 1)];
        if (!slot->text ||
            (slot->hash == hash && slot->length == length && is_equal(slot->text, text, length)))
            return slot;
    }
    return NULL;
}

static void clear(Boring *table) {
    for (size_t i = 0; i < table->size; i++)
        free(table->slots[i].text);
    free(table->slots);
    table->slots = NULL;
    table->size = table->used = 0;
    table->last = NULL;
}

static int grow(Boring *table) {
    Boring bigger = *table;
    bigger.size = table->size ? table->size * 2 : 64;
    bigger.slots = calloc(bigger.size, sizeof(Slot));
    if (!bigger.slots)
        return 0;
    for (size_t i = 0; i < table->size; i++) {
        Slot *old = &table->slots[i];
        Slot *slot = old->text ? slot_of(&bigger, old->hash, old->text, old->length) : NULL;
        if (slot)
            *slot = *old;
        else
            free(old->text); /* forgotten: it will be learnt again */
    }
    free(table->slots);
    bigger.last = NULL;
    *table = bigger;
    return 1;
}

/* Remember a text. 0 where memory has run out. */
static int learn(Boring *table, const byte *text, Py_ssize_t length) {
    if (length > MAX_VALUE)
        return 1;
    if (table->used >= MAX_BORING)
        clear(table);
    if (table->used * 2 >= table->size && !grow(table))
        return 0;
    uint64_t hash = hash_of(table, text, length);
    Slot *slot = slot_of(table, hash, text, length);
    if (!slot || slot->text)
        return 1;
    slot->text = malloc((size_t)length + 1);
    if (!slot->text)
        return 0;
    memcpy(slot->text, text, (size_t)length);
    slot->hash = hash;
    slot->length = length;
    table->used++;
    return 1;
}

static int is_boring(Boring *table, const Value *value) {
    if (value->kind != TEXT)
        return value->kind == ABSENT ? table->absent : value->kind == NULL_VALUE && table->null;
    if (!table->size)
        return 0;
    Slot *slot = table->last;
    if (slot && slot->length == value->length && is_equal(slot->text, value->start, value->length))
        return 1;
    uint64_t hash = hash_of(table, value->start, value->length);
    slot = slot_of(table, hash, value->start, value->length);
    if (!slot || !slot->text)
        return 0;
    table->last = slot;
    return 1;
}

#endif
