"""Bookeo's operations, grouped as its reference groups them; one method each."""
