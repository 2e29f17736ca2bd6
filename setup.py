"""The one part of the build that pyproject.toml cannot say: an extension that may be missing."""

from pathlib import Path

from setuptools import Extension, setup

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # of before 70, which does to build the extension in place
    commands = {}
else:

    class Wheel(bdist_wheel):
        """A wheel is of one platform only if the extension is in it."""

        def run(self) -> None:
            self.run_command("build")
            built = self.get_finalized_command("build_ext")
            made = [Path(built.get_ext_fullpath(one.name)) for one in built.extensions]
            if not all(path.exists() for path in made):
                self.distribution.ext_modules = None
                self.root_is_pure = True
            super().run()

    commands = {"bdist_wheel": Wheel}

setup(
    cmdclass=commands,
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
