"""What was entered while the database was away: kept at the station, brought as a draft, confirmed by a proven person or dropped."""
