"""``python -m trailwarden``."""

from trailwarden.cli import main

if __name__ == "__main__":
    main()
