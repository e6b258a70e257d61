"""What the bot says, checked."""
