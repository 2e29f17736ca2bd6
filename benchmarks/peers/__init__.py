"""What ``scan`` is measured against. Each module reads an archive and prints a result as JSON."""
