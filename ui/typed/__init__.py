"""Typing in place of a device, and the second person who verifies it."""
