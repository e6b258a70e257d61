"""Proofs of anonymity: a search of every byte after months, a program that tries to link stories to their
tellers and to one another, and the order of telling held against every order that is kept or seen.

``python -m tests.anonymity`` runs them at length; short forms run with the suite.
"""
