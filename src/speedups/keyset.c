/* A set of 128-bit keys: which keys of a batch were added before. */

#include "speedups.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t id, content; /* both halves of a key; id is 0 where the slot is free */
} Key;

typedef struct {
    PyObject_HEAD
    Key *slots;
    size_t size;     /* a power of two, or 0 */
    size_t used;
    uint64_t seed;
} KeySet;

/* Where a key belongs. The seed keeps crafted keys from crowding together. */
static size_t home_of(const KeySet *self, Key key) {
    uint64_t hash = (key.id ^ (key.content << 32 | key.content >> 32) ^ self->seed) * 0x9e3779b97f4a7c15u;
    return (size_t)((hash ^ hash >> 32) * 0xd6e8feb86659fd93u >> 20) & (self->size - 1);
}

/* The slot that holds the key, or the free one for it. */
static Key *slot_of(const KeySet *self, Key key) {
    size_t place = home_of(self, key);
    while (self->slots[place].id &&
           (self->slots[place].id != key.id || self->slots[place].content != key.content))
        place = (place + 1) & (self->size - 1);
    return &self->slots[place];
}

/* Make room for so many more keys: at most half of the slots are ever taken. */
static int reserve(KeySet *self, size_t more) {
    size_t size = self->size ? self->size : 64;
    while (size / 2 < self->used + more)
        size *= 2;
    if (size == self->size)
        return 1;
    KeySet bigger = *self;
    bigger.size = size;
    bigger.slots = calloc(size, sizeof(Key));
    if (!bigger.slots) {
        PyErr_NoMemory();
        return 0;
    }
    for (size_t i = 0; i < self->size; i++)
        if (self->slots[i].id)
            *slot_of(&bigger, self->slots[i]) = self->slots[i];
    free(self->slots);
    *self = bigger;
    return 1;
}

static int note(PyObject *list, Py_ssize_t position) {
    PyObject *number = PyLong_FromSsize_t(position);
    int done = number && !PyList_Append(list, number);
    Py_XDECREF(number);
    return done;
}

static PyObject *add(PyObject *object, PyObject *keys) {
    KeySet *self = (KeySet *)object;
    const byte *start;
    Py_ssize_t size;
    if (!bytes_of(keys, &start, &size))
        return NULL;
    Py_ssize_t count = size / (Py_ssize_t)sizeof(Key);
    PyObject *found = PyList_New(0);
    if (!found || !reserve(self, (size_t)count)) {
        Py_XDECREF(found);
        return NULL;
    }
    for (Py_ssize_t position = 0; position < count; position++) {
        Key key;
        memcpy(&key, start + position * (Py_ssize_t)sizeof key, sizeof key);
        if (!key.id)
            continue;
        Key *slot = slot_of(self, key);
        if (!slot->id) {
            *slot = key;
            self->used++;
        } else if (!note(found, position)) {
            Py_DECREF(found);
            return NULL;
        }
    }
    return found;
}

static PyObject *keys_of(PyObject *object, PyObject *unused) {
    KeySet *self = (KeySet *)object;
    (void)unused;
    PyObject *result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(self->used * sizeof(Key)));
    if (!result)
        return NULL;
    char *out = PyBytes_AsString(result);
    for (size_t i = 0; i < self->size; i++)
        if (self->slots[i].id) {
            memcpy(out, &self->slots[i], sizeof(Key));
            out += sizeof(Key);
        }
    return result;
}

static Py_ssize_t length(PyObject *object) { return (Py_ssize_t)((KeySet *)object)->used; }

static PyObject *new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"seed", NULL};
    unsigned long long seed;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "K", names, &seed))
        return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    KeySet *self = (KeySet *)allocate(type, 0);
    if (self)
        self->seed = seed;
    return (PyObject *)self;
}

static void dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    free(((KeySet *)object)->slots);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static PyMethodDef METHODS[] = {
    {"add", add, METH_O, NULL},
    {"keys", keys_of, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot SLOTS[] = {
    {Py_tp_new, new},
    {Py_tp_dealloc, dealloc},
    {Py_tp_methods, METHODS},
    {Py_sq_length, length},
    {0, NULL},
};

PyType_Spec KEY_SET = {
    .name = "trailwarden._speedups.WideKeySet",
    .basicsize = sizeof(KeySet),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = SLOTS,
};
