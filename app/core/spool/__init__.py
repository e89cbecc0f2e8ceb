"""The station's durable spool: what a machine or an instrument said is on this station's disk before anybody counts on it.

Begin with `spool.py`. One SQLite file holds the entries, one thread forwards them; where they go is handed in.
"""
