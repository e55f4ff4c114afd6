"""What one sandbox consists of. The API, the pages and the web server all work on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.call import ApiKey
from sandbox.catalogue import Account
from sandbox.store import Store


@dataclass
class Premises:
    """The invented business, its database, and the keys that open it. Threads may share them."""

    account: Account
    store: Store
    secret_key: str
    api_keys: Mapping[str, ApiKey]
