"""The linking game: a program with everything that an adversary has tries to say who told which story."""
