"""What must happen without a person: seals, the nightly comparison, rules over the plant's own data, backups, drills, refused log-ins."""
