"""Forensics: people live for months; then every byte is searched for tellers and for what was taken back."""
