"""What whoever runs the bot can watch: numbers of its work, and whether it is well. Nothing of people."""
