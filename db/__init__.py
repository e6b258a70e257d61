"""What is remembered: tables, queries, erasure, migrations."""
