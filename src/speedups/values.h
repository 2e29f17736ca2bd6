/* A record's values at the wanted paths. */

#ifndef TRAILWARDEN_VALUES_H
#define TRAILWARDEN_VALUES_H

#include "paths.h"
#include "reader.h"

enum { MAX_DEPTH = 256 };

enum { ABSENT, NULL_VALUE, TEXT, OTHER };

typedef struct {
    int kind;
    const byte *start; /* of a TEXT without escapes; else where the value begins */
    Py_ssize_t length;
} Value;

/* A member's name, up to its value. *found is the wanted child of ``node``, or NULL. */
static INLINE const byte *read_name(Reader *r, const byte *p, const Node *node, Node **found) {
    *found = NULL;
    if (*p != '"')
        return NULL;
    const byte *start = p + 1;
    if (!(p = skip_string(r, start)))
        return NULL;
    if (node) {
        if (r->escaped)
            return NULL; /* it may be a wanted name in disguise */
        *found = find_child(node, start, p - 1 - start);
    }
    p = skip_space(p);
    return *p == ':' ? skip_space(p + 1) : NULL;
}

static void forget(const Node *node, Value *values) {
    for (int column = node->first; column < node->last; column++)
        values[column].kind = ABSENT;
}

static void keep(const Node *node, Value *values, const Reader *r, const byte *p, const byte *end) {
    Value *value = &values[node->column];
    value->kind = *p == 'n' ? NULL_VALUE : *p == '"' && !r->escaped ? TEXT : OTHER;
    value->start = value->kind == TEXT ? p + 1 : p;
    value->length = end - p - 2;
}

/* Any value. Those at and below the wanted ``node`` (if not NULL) go into ``values``. */
static INLINE const byte *read_any(Reader *r, const byte *p, Node *node, Value *values) {
    Node *inside[MAX_DEPTH]; /* per open bracket: the wanted node, if any */
    byte closing[MAX_DEPTH];
    int depth = 0;
    for (;;) {
        if (node)
            forget(node, values); /* of members with one name, the last counts */
        byte c = *p;
        if (c == '"') {
            const byte *start = p;
            if (!(p = skip_string(r, p + 1)))
                return NULL;
            if (node && node->column != NO_COLUMN)
                keep(node, values, r, start, p);
            if (!depth)
                return p;
            p = skip_space(p);
        } else if (c == '{' || c == '[') {
            if (depth == MAX_DEPTH)
                return NULL;
            if (node && node->column != NO_COLUMN) {
                values[node->column].kind = OTHER;
                values[node->column].start = p;
            }
            closing[depth] = c == '{' ? '}' : ']';
            inside[depth] = c == '{' && node && node->count ? node : NULL;
            p = skip_space(p + 1);
            node = NULL;
            if (*p != closing[depth++]) {
                if (c == '{' && !(p = read_name(r, p, inside[depth - 1], &node)))
                    return NULL;
                continue;
            }
        } else {
            const byte *start = p;
            if (!(p = skip_scalar(r, p)))
                return NULL;
            if (node && node->column != NO_COLUMN)
                keep(node, values, r, start, p);
            if (!depth)
                return p;
            p = skip_space(p);
        }
        while (*p != ',') { /* behind a value, or at the bracket that closes an empty one */
            if (*p++ != closing[depth - 1])
                return NULL;
            if (!--depth)
                return p;
            p = skip_space(p);
        }
        p = skip_space(p + 1);
        node = NULL;
        if (closing[depth - 1] == '}' && !(p = read_name(r, p, inside[depth - 1], &node)))
            return NULL;
    }
}

static const byte *read_value(Reader *r, const byte *p, Node *node, Value *values) {
    Reader local = *r; /* so that it stays in registers */
    p = read_any(&local, p, node, values);
    *r = local;
    return p;
}

#endif
