/* What the parts of the extension share. */

#ifndef TRAILWARDEN_SPEEDUPS_H
#define TRAILWARDEN_SPEEDUPS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__GNUC__)
#define INLINE inline __attribute__((always_inline))
#else
#define INLINE inline
#endif

typedef unsigned char byte;

extern PyType_Spec SKIMMER, KEY_SET;

/* The content of a bytes object or a bytearray; a NUL follows it. 0 with an exception set. */
int bytes_of(PyObject *object, const byte **start, Py_ssize_t *size);

#endif
