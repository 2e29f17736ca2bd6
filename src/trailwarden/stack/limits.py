"""How large a template may be. All are far beyond what CloudFormation takes."""

from __future__ import annotations

MAX_BYTES = 16 * 1024 * 1024  # CloudFormation: 1 MB
MAX_NODES = 500_000  # with aliases and loops expanded
MAX_DEPTH = 100  # objects and lists in each other
MAX_NESTING = 60  # functions and references that need each other
MAX_NESTED = 5  # stacks in stacks
MAX_TEXT = 64 * 1024 * 1024  # characters that functions make, in all
