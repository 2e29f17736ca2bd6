"""The ways to tell people and machines, one file each."""
