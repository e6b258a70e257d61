"""What the bot says: its sentences, themes and prompts as data, and the loaders that check them."""
