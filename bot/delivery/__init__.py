"""Delivery: what the bot owes to Discord is made to show there, once, in order, at a bearable pace."""
