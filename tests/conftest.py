"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# These machines are small and noisy: how long an example takes says nothing.
settings.register_profile("steady", deadline=None, print_blob=True)
settings.load_profile("steady")
