/* The wanted paths, as a trie. */

#ifndef TRAILWARDEN_PATHS_H
#define TRAILWARDEN_PATHS_H

#include "texts.h"

#include <stdlib.h>

enum { MAX_COLUMNS = 255, MAX_CHILDREN = 64, MAX_NAME = 255 };

enum { NO_COLUMN = -1, ID_COLUMN = 0, TIME_COLUMN = 1, FIRST_COLUMN = 2 };

typedef struct Node {
    byte name[MAX_NAME];
    Py_ssize_t length;
    int column;            /* of the value here, or NO_COLUMN */
    int first, last;       /* columns in this node and below it: first <= column < last */
    uint64_t lengths;      /* bit i: some child's name has i (mod 64) bytes */
    int count;
    struct Node *children[MAX_CHILDREN];
} Node;

static inline Node *find_child(const Node *node, const byte *name, Py_ssize_t length) {
    if (!(node->lengths >> (length & 63) & 1))
        return NULL;
    for (int i = 0; i < node->count; i++) {
        Node *child = node->children[i];
        if (child->length == length && is_equal(child->name, name, length))
            return child;
    }
    return NULL;
}

static Node *new_node(const char *name, Py_ssize_t length) {
    Node *node = calloc(1, sizeof(Node));
    if (node) {
        memcpy(node->name, name, (size_t)length);
        node->length = length;
        node->column = NO_COLUMN;
    }
    return node;
}

static void free_node(Node *node) {
    if (!node)
        return;
    for (int i = 0; i < node->count; i++)
        free_node(node->children[i]);
    free(node);
}

/* The child of that name, made where there is none. NULL with an exception set. */
static Node *child_of(Node *node, PyObject *name) {
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(name, &length);
    if (!text)
        return NULL;
    Node *child = find_child(node, (const byte *)text, length);
    if (child)
        return child;
    if (length > MAX_NAME || node->count == MAX_CHILDREN) {
        PyErr_SetString(PyExc_ValueError, "too long a name, or too many beside each other");
        return NULL;
    }
    child = new_node(text, length);
    if (!child) {
        PyErr_NoMemory();
        return NULL;
    }
    node->children[node->count++] = child;
    node->lengths |= (uint64_t)1 << (length & 63);
    return child;
}

/* Put a column at the end of ``path`` (a tuple of names). */
static int add_path(Node *root, PyObject *path, int column) {
    Py_ssize_t steps = PyTuple_Check(path) ? PyTuple_Size(path) : 0;
    if (!steps) {
        PyErr_SetString(PyExc_ValueError, "a path is a tuple of names");
        return 0;
    }
    Node *node = root;
    for (Py_ssize_t i = 0; i < steps; i++) {
        node = child_of(node, PyTuple_GetItem(path, i));
        if (!node)
            return 0;
        if (node->last == 0)
            node->first = column;
        node->last = column + 1;
    }
    if (node->column != NO_COLUMN) {
        PyErr_SetString(PyExc_ValueError, "two paths are the same");
        return 0;
    }
    node->column = column;
    return 1;
}

#endif
