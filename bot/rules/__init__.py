"""Pure decisions, values in and values out: no Discord, no database, no clock of their own."""
