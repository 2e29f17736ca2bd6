"""Noise: what fires on an archive, and what each way to quiet it would cost."""
