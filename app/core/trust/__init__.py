"""Whether the record is still what it was: seals, witnesses, the schema, and the comparison of rows with the trail."""
