/* Skims a file of JSON records: checks all of it, and keeps only what decides whether to look closer.

   One pass over {"Records": [{...}, ...]} validates the text, computes a key and a time for each
   record, and compares the values at the wanted paths with those known to concern nobody. No Python
   object is made for a record unless it has to be looked at. Whatever is not of this plain shape, or
   not valid JSON, makes skim() return None: the caller then reads the text another way. */

#include "boring.h"
#include "keys.h"
#include "reader.h"
#include "stamps.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    PyObject_HEAD
    char *array;
    Py_ssize_t array_length;
    Node *root;
    int columns;
    Boring *boring; /* per column */
    int parts[KEY_PARTS]; /* the columns that belong to a record's key */
    Secret *secret;
    Identity *known;
} Skimmer;

/* A file of more records is no log, but an attack on memory: others read it piece by piece. */
enum { MAX_RECORDS = 2000000, MAX_MINUTES = 64, UNKNOWN_TIME = -1 };

typedef struct {
    uint64_t *keys;
    int64_t *seconds;
    int32_t *minutes;
    Py_ssize_t count, room;
    int64_t first, last;
    int64_t counted[MAX_MINUTES]; /* the minutes met, and how many records each holds */
    Py_ssize_t counts[MAX_MINUTES];
    int distinct; /* more than MAX_MINUTES: not counted */
    PyObject *odd, *found;
} Columns;

static int make_room(Columns *c) {
    if (c->count < c->room)
        return 1;
    size_t room = c->room ? (size_t)c->room * 2 : 256;
    void **columns[] = {(void **)&c->keys, (void **)&c->seconds, (void **)&c->minutes};
    size_t widths[] = {2 * sizeof *c->keys, sizeof *c->seconds, sizeof *c->minutes};
    for (int i = 0; i < 3; i++) {
        void *bigger = realloc(*columns[i], room * widths[i]);
        if (!bigger) {
            PyErr_NoMemory();
            return 0;
        }
        *columns[i] = bigger;
    }
    c->room = (Py_ssize_t)room;
    return 1;
}

static void count_minute(Columns *c, int64_t minute) {
    if (c->distinct > MAX_MINUTES)
        return;
    int i = c->distinct - 1; /* the minute met last is the likeliest */
    while (i >= 0 && c->counted[i] != minute)
        i--;
    if (i < 0) {
        if (c->distinct++ >= MAX_MINUTES)
            return;
        i = c->distinct - 1;
        c->counted[i] = minute;
        c->counts[i] = 0;
    }
    c->counts[i]++;
}

static void place(Columns *c, Py_ssize_t position, int64_t second) {
    int64_t minute = second < 0 ? second : second / 60;
    c->seconds[position] = second;
    c->minutes[position] = (int32_t)minute;
    if (position == 0 || second < c->first)
        c->first = second;
    if (position == 0 || second > c->last)
        c->last = second;
    count_minute(c, minute);
}

static int note(PyObject *list, Py_ssize_t position, Py_ssize_t start, Py_ssize_t end) {
    PyObject *span = Py_BuildValue("(nnn)", position, start, end);
    int done = span && !PyList_Append(list, span);
    Py_XDECREF(span);
    return done;
}

static PyObject *minute_counts(const Columns *c) {
    if (c->distinct > MAX_MINUTES)
        return Py_NewRef(Py_None);
    PyObject *pairs = PyList_New(0);
    for (int i = 0; pairs && i < c->distinct; i++) {
        PyObject *pair = Py_BuildValue("(Ln)", (long long)c->counted[i], c->counts[i]);
        if (!pair || PyList_Append(pairs, pair))
            Py_CLEAR(pairs);
        Py_XDECREF(pair);
    }
    return pairs;
}

/* The text between ``begin`` and the place that a function returns has been read. NULL stands for
   text that is not of the plain shape, and for a Python exception. */

static int key_of(const Skimmer *self, Reader *r, Value *values, uint64_t *key) {
    const Value *id = &values[ID_COLUMN];
    Value *parts[KEY_PARTS];
    uint64_t halves[2];
    if (id->kind != TEXT || !uuid_halves(id->start, id->length, halves))
        return 0;
    for (int i = 0; i < KEY_PARTS; i++)
        parts[i] = &values[self->parts[i]];
    return record_key(self->secret, self->known, r, halves, &values[TIME_COLUMN], parts, key);
}

static const byte *read_record(
    Skimmer *self, Reader *r, const byte *begin, const byte *p, Value *values, Columns *c) {
    const byte *start = p;
    if (*p != '{' || !(p = read_value(r, p, self->root, values)))
        return NULL;
    if (c->count == MAX_RECORDS || !make_room(c))
        return NULL;
    Py_ssize_t position = c->count++;
    const Value *id = &values[ID_COLUMN], *time = &values[TIME_COLUMN];
    int is_odd = 0;
    int64_t second = UNKNOWN_TIME;
    uint64_t *key = &c->keys[2 * position];
    key[0] = key[1] = 0;
    if (id->kind != ABSENT)
        is_odd |= !key_of(self, r, values, key);
    if (time->kind != ABSENT)
        is_odd |= time->kind != TEXT || !instant(time->start, time->length, &second);
    place(c, position, second);
    if (is_odd && !note(c->odd, position, start - begin, p - begin))
        return NULL;
    for (int column = FIRST_COLUMN; column < self->columns; column++)
        if (!self->boring[column].unwatched && !is_boring(&self->boring[column], &values[column]))
            return note(c->found, position, start - begin, p - begin) ? p : NULL;
    return p;
}

static const byte *read_records(
    Skimmer *self, Reader *r, const byte *begin, const byte *p, Value *values, Columns *c) {
    if (*p != '[')
        return NULL;
    p = skip_space(p + 1);
    if (*p == ']')
        return p + 1;
    while ((p = read_record(self, r, begin, p, values, c))) {
        p = skip_space(p);
        if (*p == ']')
            return p + 1;
        if (*p != ',')
            return NULL;
        p = skip_space(p + 1);
    }
    return NULL;
}

static const byte *read_file(Skimmer *self, Reader *r, const byte *begin, Columns *c) {
    Value values[MAX_COLUMNS];
    int seen = 0;
    const byte *p = skip_space(begin);
    if (*p != '{')
        return NULL;
    do {
        p = skip_space(p + 1);
        if (*p != '"')
            return NULL;
        const byte *name = p + 1;
        if (!(p = skip_string(r, name)) || r->escaped)
            return NULL;
        Py_ssize_t length = p - 1 - name;
        p = skip_space(p);
        if (*p != ':')
            return NULL;
        p = skip_space(p + 1);
        if (length == self->array_length && !memcmp(name, self->array, (size_t)length)) {
            if (seen++)
                return NULL;
            p = read_records(self, r, begin, p, values, c);
        } else {
            p = read_value(r, p, NULL, values);
        }
        if (!p)
            return NULL;
        p = skip_space(p);
    } while (*p == ',');
    if (*p != '}' || !seen)
        return NULL;
    p = skip_space(p + 1);
    return p == r->end ? p : NULL;
}

static int is_ascii(const Reader *r) {
#if defined(__SSE2__)
    if (_mm_movemask_epi8(r->seen))
        return 0;
#endif
    return !(r->seen_alone & 0x80);
}

static PyObject *result_of(const Columns *c, int ascii) {
    Py_ssize_t size = c->count * 8;
    PyObject *counts = minute_counts(c);
    if (!counts)
        return NULL;
    return Py_BuildValue("(y#y#y#NLLOOO)", c->keys ? (char *)c->keys : "", 2 * size,
                         c->seconds ? (char *)c->seconds : "", size,
                         c->minutes ? (char *)c->minutes : "", size / 2, counts,
                         (long long)c->first, (long long)c->last, c->odd, c->found, ascii ? Py_True : Py_False);
}

static PyObject *skim(PyObject *object, PyObject *payload) {
    const byte *text;
    Py_ssize_t size;
    if (!bytes_of(payload, &text, &size))
        return NULL;
    Reader r;
    memset(&r, 0, sizeof r);
    r.end = text + size;
    Columns c = {.odd = PyList_New(0), .found = PyList_New(0)};
    PyObject *result = NULL;
    if (c.odd && c.found) {
        if (read_file((Skimmer *)object, &r, text, &c))
            result = result_of(&c, is_ascii(&r));
        else if (!PyErr_Occurred())
            result = Py_NewRef(Py_None);
    }
    free(c.keys);
    free(c.seconds);
    free(c.minutes);
    Py_XDECREF(c.odd);
    Py_XDECREF(c.found);
    return result;
}

/* --- the type ------------------------------------------------------------------------------- */

static int take_secret(Skimmer *self, const byte *numbers, Py_ssize_t size) {
    if (size != KEY_NUMBERS * 16) {
        PyErr_SetString(PyExc_ValueError, "a secret of another size");
        return 0;
    }
    self->secret = malloc(sizeof(Secret));
    self->known = calloc(KNOWN_IDENTITIES, sizeof(Identity));
    if (!self->secret || !self->known) {
        PyErr_NoMemory();
        return 0;
    }
    wide *into = (wide *)self->secret;
    for (int i = 0; i < KEY_NUMBERS; i++) {
        into[i] = 0;
        for (int k = 15; k >= 0; k--)
            into[i] = into[i] << 8 | numbers[i * 16 + k];
    }
    return 1;
}

/* Which columns belong to a record's key, by their numbers among the paths. */
static int take_parts(Skimmer *self, PyObject *parts) {
    if (PyTuple_Size(parts) != KEY_PARTS) {
        PyErr_SetString(PyExc_ValueError, "another number of parts");
        return 0;
    }
    for (int i = 0; i < KEY_PARTS; i++) {
        long number = PyLong_AsLong(PyTuple_GetItem(parts, i));
        if (number < 0 || number >= self->columns - FIRST_COLUMN) {
            PyErr_SetString(PyExc_ValueError, "no such column");
            return 0;
        }
        self->parts[i] = FIRST_COLUMN + (int)number;
    }
    return 1;
}

static int set_up(
    Skimmer *self, PyObject *id, PyObject *time, PyObject *paths, uint64_t seed) {
    Py_ssize_t count = PyTuple_Size(paths);
    if (count < 0)
        return 0;
    if (count > MAX_COLUMNS - FIRST_COLUMN) {
        PyErr_SetString(PyExc_ValueError, "too many paths");
        return 0;
    }
    self->columns = FIRST_COLUMN + (int)count;
    self->boring = calloc((size_t)self->columns, sizeof(Boring));
    self->root = new_node("", 0);
    if (!self->boring || !self->root) {
        PyErr_NoMemory();
        return 0;
    }
    for (int column = 0; column < self->columns; column++)
        self->boring[column].seed = seed;
    if (!add_path(self->root, id, ID_COLUMN) || !add_path(self->root, time, TIME_COLUMN))
        return 0;
    for (int i = 0; i < count; i++)
        if (!add_path(self->root, PyTuple_GetItem(paths, i), FIRST_COLUMN + i))
            return 0;
    self->root->last = self->columns;
    return 1;
}

static PyObject *new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"array", "id", "time", "paths", "seed", "parts", "secret", NULL};
    const char *array, *secret;
    PyObject *id, *time, *paths, *parts;
    unsigned long long seed;
    Py_ssize_t size;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "sOOOKOy#", names, &array, &id, &time,
                                     &paths, &seed, &parts, &secret, &size))
        return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Skimmer *self = (Skimmer *)allocate(type, 0);
    if (!self)
        return NULL;
    self->array_length = (Py_ssize_t)strlen(array);
    self->array = malloc((size_t)self->array_length + 1);
    if (!self->array) {
        PyErr_NoMemory();
    } else {
        memcpy(self->array, array, (size_t)self->array_length + 1);
        if (set_up(self, id, time, paths, seed) && take_parts(self, parts) &&
            take_secret(self, (const byte *)secret, size))
            return (PyObject *)self;
    }
    Py_DECREF(self);
    return NULL;
}

static void dealloc(PyObject *object) {
    Skimmer *self = (Skimmer *)object;
    PyTypeObject *type = Py_TYPE(object);
    for (int i = 0; self->boring && i < self->columns; i++)
        clear(&self->boring[i]);
    free(self->boring);
    free_node(self->root);
    free(self->array);
    free(self->secret);
    free(self->known);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static Boring *table_of(Skimmer *self, int column) {
    if (column >= 0 && column < self->columns - FIRST_COLUMN)
        return &self->boring[FIRST_COLUMN + column];
    PyErr_SetString(PyExc_IndexError, "no such column");
    return NULL;
}

static PyObject *bore(PyObject *object, PyObject *arguments) {
    Skimmer *self = (Skimmer *)object;
    int column;
    const char *text;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(arguments, "iy#", &column, &text, &length))
        return NULL;
    Boring *table = table_of(self, column);
    if (!table)
        return NULL;
    if (!learn(table, (const byte *)text, length))
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyObject *bore_nothing(PyObject *object, PyObject *arguments) {
    int column, absent, null;
    if (!PyArg_ParseTuple(arguments, "ipp", &column, &absent, &null))
        return NULL;
    Boring *table = table_of((Skimmer *)object, column);
    if (!table)
        return NULL;
    table->absent = absent;
    table->null = null;
    Py_RETURN_NONE;
}

static PyObject *leave_unwatched(PyObject *object, PyObject *number) {
    long column = PyLong_AsLong(number);
    if (column == -1 && PyErr_Occurred())
        return NULL;
    Boring *table = table_of((Skimmer *)object, column < 0 || column > MAX_COLUMNS ? -1 : (int)column);
    if (!table)
        return NULL;
    table->unwatched = 1;
    Py_RETURN_NONE;
}

static PyMethodDef METHODS[] = {
    {"leave_unwatched", leave_unwatched, METH_O, NULL},
    {"skim", skim, METH_O, NULL},
    {"bore", bore, METH_VARARGS, NULL},
    {"bore_nothing", bore_nothing, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot SLOTS[] = {
    {Py_tp_new, new},
    {Py_tp_dealloc, dealloc},
    {Py_tp_methods, METHODS},
    {0, NULL},
};

PyType_Spec SKIMMER = {
    .name = "trailwarden._speedups.RecordSkimmer",
    .basicsize = sizeof(Skimmer),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = SLOTS,
};
