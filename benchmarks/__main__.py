"""``python -m benchmarks [--quick]``: measure, and print the tables of docs/benchmarks.md."""

from __future__ import annotations

import argparse
import platform

from benchmarks import linting, reading, remote, scaling, watching


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small archives, few repeats")
    options = parser.parse_args()
    print(f"Python {platform.python_version()} on {platform.machine()}.\n")
    print(reading.report(quick=options.quick))
    print()
    print(scaling.report(quick=options.quick))
    print()
    print(remote.report(quick=options.quick))
    print()
    print(watching.report(quick=options.quick))
    print()
    print(linting.report(quick=options.quick))


if __name__ == "__main__":
    main()
