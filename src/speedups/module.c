/* trailwarden._speedups: what has to be done for every byte or every record of an archive. */

#include "speedups.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

int bytes_of(PyObject *object, const byte **start, Py_ssize_t *size) {
    char *text;
    if (PyByteArray_Check(object)) {
        text = PyByteArray_AsString(object);
        *size = PyByteArray_Size(object);
    } else if (PyBytes_AsStringAndSize(object, &text, size)) {
        return 0;
    }
    *start = (const byte *)text;
    return 1;
}

/* The first place from ``from`` on where a gzip member may begin, or -1. */
static Py_ssize_t find_member(const byte *text, Py_ssize_t size, Py_ssize_t from) {
    Py_ssize_t at = from;
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8(0x1f), second = _mm_set1_epi8((char)0x8b);
    for (; at + 17 <= size; at += 16) {
        __m128i here = _mm_loadu_si128((const __m128i *)(text + at));
        __m128i next = _mm_loadu_si128((const __m128i *)(text + at + 1));
        unsigned found = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(here, first), _mm_cmpeq_epi8(next, second)));
        for (; found; found &= found - 1) {
            Py_ssize_t place = at + __builtin_ctz(found);
            if (place + 2 < size && text[place + 2] == 8)
                return place;
        }
    }
#endif
    for (; at + 2 < size; at++)
        if (text[at] == 0x1f && text[at + 1] == 0x8b && text[at + 2] == 8)
            return at;
    return -1;
}

static PyObject *find_gzip_member(PyObject *module, PyObject *arguments) {
    PyObject *object;
    Py_ssize_t from, size;
    const byte *text;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "On", &object, &from) || !bytes_of(object, &text, &size))
        return NULL;
    return PyLong_FromSsize_t(find_member(text, size, from < 0 ? 0 : from));
}

static PyObject *keep_freed_memory(PyObject *module, PyObject *arguments) {
    int block, rest;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "ii", &block, &rest))
        return NULL;
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, block);
    mallopt(M_TRIM_THRESHOLD, rest);
#endif
    Py_RETURN_NONE;
}

static PyMethodDef FUNCTIONS[] = {
    {"keep_freed_memory", keep_freed_memory, METH_VARARGS, NULL},
    {"find_gzip_member", find_gzip_member, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int add_type(PyObject *module, const char *name, PyType_Spec *spec) {
    PyObject *type = PyType_FromSpec(spec);
    int failed = !type || PyModule_AddObjectRef(module, name, type);
    Py_XDECREF(type);
    return !failed;
}

static int execute(PyObject *module) {
    return add_type(module, "RecordSkimmer", &SKIMMER) && add_type(module, "WideKeySet", &KEY_SET) ? 0 : -1;
}

static PyModuleDef_Slot SLOTS[] = {{Py_mod_exec, execute}, {0, NULL}};

static PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_speedups",
    .m_size = 0,
    .m_methods = FUNCTIONS,
    .m_slots = SLOTS,
};

PyMODINIT_FUNC PyInit__speedups(void) { return PyModuleDef_Init(&MODULE); }
