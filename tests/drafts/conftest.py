"""Drafts over the real client, with Bookeo's answers given."""

from tests.services.conftest import bookeo

__all__ = ["bookeo"]
