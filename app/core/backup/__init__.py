"""Backups of the whole server, encrypted before anything reaches a disk, and the drill that proves that one can be restored."""
