"""The one part of the build that pyproject.toml cannot say: an extension that may be missing."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "trailwarden._speedups",
            ["src/speedups/module.c", "src/speedups/skimmer.c", "src/speedups/keyset.c"],
            depends=["src/speedups/speedups.h"],
            # The stable ABI: one wheel per platform, for CPython 3.11 and whatever follows.
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            py_limited_api=True,
            optional=True,  # without a C compiler everything works, only slower
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
