"""Batches: what is being made, step by step; its review and release."""
