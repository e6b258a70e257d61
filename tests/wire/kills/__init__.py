"""The real process is killed at random moments while people tell, reply and take back; then the ledger of
what they were promised is held against what stands in Discord and in the database."""
