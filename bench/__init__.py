"""Measurements that are too long for the tests, each run by `python -m`."""
