"""What a bad line makes of everything devices say, frame by frame, and whether anything of it becomes a wrong number."""
