"""Judging a stack by the benchmark: by meaning, and by what scanners will say of its text."""
